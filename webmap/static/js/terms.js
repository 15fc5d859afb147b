/** The large map of a figure's terms: a slider goes through them. */

const SVG = "http://www.w3.org/2000/svg";
const large = document.querySelector("#large");
const slides = JSON.parse(large.dataset.slides);
const place = JSON.parse(large.dataset.place);
const slider = large.querySelector("#slider");

function group(fill, areas) {
  const made = document.createElementNS(SVG, "g");
  made.setAttribute("fill", fill);
  for (const at of areas) {
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#area-${at}`);
    made.append(use);
  }
  return made;
}

/** The areas of each class, the first on top, with a pattern over those that have one. */
function painted({ line, looks }) {
  return looks
    .flatMap((look, at) => {
      const areas = place.filter((area, row) => line[row] === at && area >= 0);
      const filled = group(look.fill, areas);
      filled.setAttribute("stroke", look.outline);
      filled.setAttribute("stroke-width", look.outline_px * 0.6);
      const over = look.pattern === "none" ? [] : [group(`url(#pattern-${look.pattern})`, areas)];
      return [[filled, ...over]];
    })
    .reverse()
    .flat();
}

function show(at) {
  const slide = slides[at];
  large.querySelector("#painted").replaceChildren(...painted(slide));
  large.querySelector("#large-title").textContent = slide.title;
  large.querySelector("#slide-said").textContent = `${slide.title}: ${slide.said}`;
  large.querySelector("#large-keys").hidden = true;
  for (const keys of large.querySelectorAll("[data-keys]")) {
    keys.hidden = keys.dataset.keys !== String(at);
  }
  for (const link of document.querySelectorAll("[data-term]")) {
    if (link.dataset.term === String(at)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  slider.value = at;
  slider.setAttribute("aria-valuetext", slide.title);
  const address = new URL(window.location.href);
  address.searchParams.delete("from");
  address.searchParams.delete("to");
  address.searchParams.set("term", slide.name);
  window.history.replaceState(null, "", address);
}

slider.addEventListener("input", () => show(Number(slider.value)));
slider.setAttribute("aria-valuetext", slides[slider.value].title);
large.querySelector(".slide").hidden = false;
