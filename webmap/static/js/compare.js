/** One layer compared with another: beside it, or as what changes from the one to the other. */

import { load } from "./features.js";
import { makeToggles } from "./legend.js";
import { element } from "./panel.js";
import { NOTHING, write } from "./state.js";
import { Swipe } from "./swipe.js";

export const COMPARED = "compared";
/** What a state has where nothing is compared. */
export const ALONE = { cmp: "", cmpmode: "", at: "", only: "", sort: "" };

/** What of a state says what is compared: two states that agree in it show the same comparison. */
function queryOf({ layer, cmp, cmpmode, t }) {
  return write({ ...NOTHING, layer, cmp, cmpmode: cmpmode || "swipe", t });
}

export class Compare {
  /**
   * @param {import("./map.js").MapView} view
   * @param {object} config the frame's description
   * @param {(change: object, again: boolean) => void} go called with what is compared, or where
   *   two layers meet
   * @param {(at: number) => void} toggle shows or hides a class of the legend
   */
  constructor(view, config, go, toggle) {
    Object.assign(this, { config, go, toggle, made: new Map(), shown: null });
    this.swipe = new Swipe(view, config, (at, again) => go({ at }, again));
    this.end = document.querySelector("#compare-end");
    this.end.addEventListener("click", (event) => {
      event.preventDefault();
      go(ALONE, false);
      document.querySelector("#compare summary").focus();
    });
    for (const form of document.querySelectorAll("[data-compare]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const { cmp, cmpmode } = form.elements;
        go({ ...ALONE, cmp: cmp.value, cmpmode: cmpmode.value }, false);
      });
    }
    this.hold();
  }

  /** Hold the comparison that the page came with. */
  hold() {
    const { pair } = this.config.compare;
    if (!pair) return;
    const { other: cmp, mode: cmpmode, minutes } = pair;
    const layer = this.layer(COMPARED);
    const legend = document.querySelector(`[data-legend=${COMPARED}]`);
    const query = queryOf({ ...pair, cmp, cmpmode, t: minutes === null ? "" : String(minutes) });
    this.made.set(query, { layer, legend, pair });
    this.shown = legend;
  }

  layer(id) {
    return this.config.layers.find((each) => each.layer_id === id);
  }

  /**
   * Return the layer that a state shows: one of its own, or that of a comparison.
   *
   * @returns {Promise<object>}
   */
  async layerOf(state) {
    if (!state.cmp) return this.layer(state.layer);
    return (await this.comparison(state)).layer;
  }

  /** What is compared as a state says, fetched where it wasn't before. */
  async comparison(state) {
    const query = queryOf(state);
    if (!this.made.has(query)) {
      const { layer, legend, pair } = await load(this.config.compare.url + query);
      const [section] = new DOMParser().parseFromString(legend, "text/html").body.children;
      this.made.set(query, { layer, legend: document.adoptNode(section), pair });
    }
    return this.made.get(query);
  }

  /**
   * Show what a state compares; nothing where it doesn't.
   *
   * @param {import("./state.js").State} state whose comparison has come
   * @param {?[object, object]} other the features and shapes of the other layer, to lie beside
   */
  show(state, other) {
    this.follow(state.layer);
    this.end.hidden = !state.cmp;
    const made = state.cmp ? this.made.get(queryOf(state)) : null;
    if (made && made.legend !== this.shown) this.put(made);
    if (!made || made.pair.mode !== "swipe") return this.swipe.leave();
    const legend = document.querySelector(`[data-legend="${CSS.escape(state.cmp)}"]`);
    if (!legend.querySelector(".side")) legend.prepend(sideOf(made.pair.right));
    other[0].narrow("");
    this.swipe.show(...other, [made.pair.left, made.pair.right]);
    return this.swipe.meet(state.at);
  }

  /** Put a comparison's legend in place of that of the one before. */
  put({ layer, legend }) {
    if (this.shown) this.shown.replaceWith(legend);
    else document.querySelector(".legends").prepend(legend);
    this.shown = legend;
    if (!legend.querySelector(".label button")) makeToggles([layer], this.toggle);
  }

  /** The layers whose legends are seen. */
  legends(state) {
    if (!state.cmp) return [state.layer];
    return this.swipe.drawn ? [COMPARED, state.cmp] : [COMPARED];
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

function sideOf(text) {
  return Object.assign(element("h2", text), { className: "side" });
}
