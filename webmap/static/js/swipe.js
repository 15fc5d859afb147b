/** Two layers side by side: they share the map, and meet where a slider says. */

import { element } from "./panel.js";

const PANE = "swiped";
const MIDDLE = "50";
/** Further than any map is wide or high. */
const FAR_PX = 20000;

/**
 * What is seen of two layers, as CSS clips what lies in a pane of the map.
 *
 * @param {{x: number, y: number}} corner the map's upper left, as the pane has it
 * @param {number} width of the map
 * @param {number} at where they meet, per cent of the width
 * @returns {[string, string]} of the left layer and of the right one
 */
export function halves({ x, y }, width, at) {
  const [west, meet, east] = [x - FAR_PX, x + (width * at) / 100, x + FAR_PX].map(Math.round);
  const [north, south] = [y - FAR_PX, y + FAR_PX].map(Math.round);
  const box = (from, to) =>
    `polygon(${from}px ${north}px, ${to}px ${north}px, ${to}px ${south}px, ${from}px ${south}px)`;
  return [box(west, meet), box(meet, east)];
}

export class Swipe {
  /**
   * @param {import("./map.js").MapView} view
   * @param {object} config the frame's description
   * @param {(at: string, again: boolean) => void} go called with where they meet; "" for the middle
   */
  constructor(view, config, go) {
    Object.assign(this, { view, config, shapes: null, drawn: null, held: false });
    this.panel = document.querySelector("#swipe");
    this.slider = document.querySelector("#swipe-at");
    this.slider.addEventListener("input", () => {
      const { value } = this.slider;
      go(value === MIDDLE ? "" : value, this.held);
      this.held = true;
    });
    for (const kind of ["blur", "pointerup"]) {
      this.slider.addEventListener(kind, () => (this.held = false));
    }
    this.line = this.makeLine();
    view.map.on("move zoomend resize viewreset", () => this.share());
  }

  /**
   * Show a layer to the right of the map's own.
   *
   * @param {import("./features.js").Features} features
   * @param {import("./shapes.js").Shapes} shapes
   * @param {string[]} names what the two are called, with their sides
   */
  show(features, shapes, names) {
    const { view, config } = this;
    if (this.shapes !== shapes) this.leave();
    const pane = view.map.getPane(PANE) ?? view.map.createPane(PANE);
    pane.style.zIndex = 401;
    pane.style.opacity = view.map.getPane("overlayPane").style.opacity;
    this.shapes = shapes;
    this.drawn ??= shapes.drawing(features.layer.geometry, config.inks, PANE);
    this.drawn.colour(features, config.fallback);
    this.drawn.layer.addTo(view.map);
    view.beside = { drawn: this.drawn, lies: (spot) => this.right(spot) };
    this.panel.hidden = this.line.hidden = false;
    this.panel.querySelector("#swipe-names").replaceChildren(
      ...names.map((name) => element("span", name)),
    );
    this.share();
  }

  /** Show the map's own layer alone again. */
  leave() {
    this.panel.hidden = this.line.hidden = true;
    this.drawn?.layer.remove();
    this.drawn = this.shapes = this.view.beside = null;
    this.view.map.getPane("overlayPane").style.clipPath = "";
  }

  /** Have the two meet where an address says. */
  meet(at) {
    this.slider.value = at || MIDDLE;
    this.share();
  }

  /** Whether a spot lies to the right of where the two meet. */
  right(spot) {
    const { map } = this.view;
    return map.latLngToContainerPoint(spot).x > (map.getSize().x * Number(this.slider.value)) / 100;
  }

  /** Part the map between the two. */
  share() {
    if (!this.drawn) return;
    const { map } = this.view;
    const at = Number(this.slider.value);
    const corner = map.containerPointToLayerPoint([0, 0]);
    const [left, right] = halves(corner, map.getSize().x, at);
    map.getPane("overlayPane").style.clipPath = left;
    map.getPane(PANE).style.clipPath = right;
    this.line.style.left = `${at}%`;
  }

  /** The line where they meet, which can be dragged; keys move the slider. */
  makeLine() {
    const line = document.createElement("div");
    line.className = "swipe-line";
    line.hidden = true;
    const box = this.view.map.getContainer();
    box.append(line);
    for (const kind of ["mousedown", "touchstart", "click", "dblclick"]) {
      line.addEventListener(kind, (event) => event.stopPropagation());
    }
    line.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      line.setPointerCapture(event.pointerId);
    });
    line.addEventListener("pointerup", () => (this.held = false));
    line.addEventListener("pointermove", (event) => {
      if (!line.hasPointerCapture(event.pointerId)) return;
      const { left, width } = box.getBoundingClientRect();
      this.slider.value = Math.round((100 * (event.clientX - left)) / width);
      this.slider.dispatchEvent(new Event("input"));
    });
    return line;
  }
}
