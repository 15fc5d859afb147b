/** The list of layers: its links show them without a new page. */

const NARROW = "(max-width: 47.99rem)";

/** Mark a layer in the list. */
export function markLayer(id) {
  for (const link of document.querySelectorAll("[data-layer]")) {
    if (link.dataset.layer === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/**
 * @param {(id: string) => void} choose called with the id of a layer chosen
 * @param {(id: string) => void} soon called with the id of one that may be chosen next
 */
export function makeRail(choose, soon) {
  if (window.matchMedia(NARROW).matches) {
    for (const group of document.querySelectorAll(".layers")) group.open = false;
  }
  for (const link of document.querySelectorAll("[data-layer]")) {
    const { layer: id } = link.dataset;
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(id);
    });
    link.addEventListener("pointerenter", () => soon(id));
    link.addEventListener("focus", () => soon(id));
  }
}
