/** Links to files of what is shown follow what is shown: the map's frame says it as a query. */

/**
 * Return an address with another query.
 *
 * @param {string} address a path, with or without a query
 * @param {string} query such as `?layer=cells`
 * @returns {string}
 */
export function asking(address, query) {
  return address.split("?")[0] + query;
}

const frame = globalThis.document?.querySelector(".map");
if (frame) {
  const follow = () => {
    for (const link of document.querySelectorAll("[data-download]")) {
      // Areas chosen together are marked among the others; the table of them alone has its own files.
      const query = (frame.dataset.shown ?? "").replace(/&sel=[^&]*/, "");
      link.setAttribute("href", asking(link.getAttribute("href"), query));
    }
  };
  new MutationObserver(follow).observe(frame, { attributeFilter: ["data-shown"] });
  if (frame.dataset.shown !== undefined) follow();
}
