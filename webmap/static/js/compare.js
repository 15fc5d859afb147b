/** One layer beside another: they share the map, and meet where a slider says. */

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

export class Compare {
  /**
   * @param {import("./map.js").MapView} view
   * @param {object} config the frame's description
   * @param {import("./fetched.js").Fetched} fetched
   * @param {(at: string, again: boolean) => void} go called with where they meet; "" for the middle
   */
  constructor(view, config, fetched, go) {
    Object.assign(this, { view, config, fetched, pair: config.compare.pair, drawn: null });
    this.panel = document.querySelector("#swipe");
    this.slider = document.querySelector("#swipe-at");
    if (!this.slider) return;
    this.held = false;
    this.slider.addEventListener("input", () => {
      const { value } = this.slider;
      go(value === MIDDLE ? "" : value, this.held);
      this.held = true;
    });
    for (const kind of ["blur", "pointerup"]) {
      this.slider.addEventListener(kind, () => (this.held = false));
    }
    this.line = this.makeLine();
  }

  /** The layer that a state shows: one of its own, or that of the comparison. */
  layerOf({ layer, cmp, cmpmode }) {
    const { pair } = this;
    const id = cmp ? "compared" : layer;
    if (cmp && (cmp !== pair?.other || layer !== pair.layer || (cmpmode || "swipe") !== pair.mode)) {
      // The page was made for another comparison.
      window.location.reload();
    }
    return this.config.layers.find((each) => each.layer_id === id);
  }

  /** The layers whose legends are seen. */
  legends(layer) {
    return layer.layer_id === "compared" && this.panel ? [layer.layer_id, this.pair.other] : [layer.layer_id];
  }

  /**
   * Show what a state compares; nothing where it doesn't.
   *
   * @returns {?Promise<Function>} settled when the other layer is drawn
   */
  show({ layer, cmp, at }) {
    this.follow(layer);
    document.querySelector("#compare-end")?.toggleAttribute("hidden", !cmp);
    if (!this.panel) return null;
    this.panel.hidden = this.line.hidden = !cmp;
    if (!cmp) return this.leave();
    this.slider.value = at || MIDDLE;
    this.drawn ??= this.draw();
    this.drawn.catch(() => (this.drawn = null));
    this.share();
    return this.drawn;
  }

  /** Draw the other layer; the promise is of what takes it away. */
  async draw() {
    const { map, config } = this.view;
    const other = config.layers.find(({ layer_id: id }) => id === this.pair.other);
    const [features, shapes] = await this.fetched.layer(other);
    features.narrow("");
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = 401;
    pane.style.opacity = map.getPane("overlayPane").style.opacity;
    const drawn = shapes.drawing(other.geometry, config.inks, PANE);
    drawn.colour(features, config.fallback);
    drawn.layer.addTo(map);
    this.view.beside = (spot) => (this.right(spot) ? drawn : null);
    const share = () => this.share();
    map.on("move zoomend resize viewreset", share);
    this.share();
    return () => {
      map.off("move zoomend resize viewreset", share);
      drawn.layer.remove();
      this.view.beside = null;
      map.getPane("overlayPane").style.clipPath = "";
    };
  }

  /** Whether a spot lies to the right of where the two meet. */
  right(spot) {
    const { map } = this.view;
    return map.latLngToContainerPoint(spot).x > (map.getSize().x * Number(this.slider.value)) / 100;
  }

  /** Part the map between the two. */
  share() {
    const { map } = this.view;
    const at = Number(this.slider.value);
    const corner = map.containerPointToLayerPoint([0, 0]);
    const [left, right] = halves(corner, map.getSize().x, at);
    map.getPane("overlayPane").style.clipPath = left;
    if (map.getPane(PANE)) map.getPane(PANE).style.clipPath = right;
    this.line.style.left = `${at}%`;
  }

  leave() {
    this.drawn?.then((remove) => remove(), () => {});
    this.drawn = null;
    return null;
  }

  /** The line where they meet, which can be dragged; keys move the slider. */
  makeLine() {
    const line = document.createElement("div");
    line.className = "swipe-line";
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

  /** Let the forms offer what a layer can be compared with. */
  follow(layer) {
    for (const form of document.querySelectorAll("[data-compare]")) {
      const able = this.config.compare.offers[layer][form.dataset.compare];
      form.hidden = !able.length;
      form.elements.layer.value = layer;
      const { cmp } = form.elements;
      for (const option of cmp.options) {
        option.disabled = option.hidden = !able.includes(option.value);
      }
      if (cmp.selectedOptions[0]?.disabled ?? true) cmp.value = able[0] ?? "";
    }
  }
}
