/** What has been fetched of the layers: values once for each, shapes once for all that share them. */

import { Features, load } from "./features.js";
import { Shapes } from "./shapes.js";
import { atLeisure } from "./time.js";

/** What may be wanted next is fetched so long after what is, and so long after one another. */
const LATER_MS = 1500;
const APART_MS = 100;
const NARROW = "(max-width: 47.99rem)";

export class Fetched {
  /**
   * @param {object[]} layers the frame's descriptions
   * @param {string} mode how people travel, as a verb
   */
  constructor(layers, mode) {
    Object.assign(this, { layers, mode, tables: new Map(), shapes: new Map() });
  }

  /**
   * Fetch a layer's values and shapes.
   *
   * @param {object} layer
   * @returns {Promise<[Features, ?Shapes]>}
   */
  layer(layer) {
    const { values_url: values, geometry_url: url } = layer;
    return once(this.tables, values, async () => {
      const [table, shapes] = await Promise.all([load(values), url ? this.shapesAt(url) : null]);
      return [new Features(layer, table, this.mode), shapes];
    });
  }

  /** Fetch shapes; of many areas, no more than what is in view. */
  shapesAt(url) {
    return once(this.shapes, url, async () => {
      if (!url.includes("{z}")) return new Shapes(await load(url));
      const { TiledShapes } = await import("./tiles.js");
      return new TiledShapes(url);
    });
  }

  /**
   * Fetch the other layers once the browser is at leisure, those of the same shapes first, so that
   * they are seen at once when they are chosen. A phone fetches no shapes that nobody asked for.
   */
  async others({ geometry_url: url }) {
    this.near = url;
    if (this.fetching || navigator.connection?.saveData) return;
    this.fetching = true;
    const small = window.matchMedia(NARROW).matches;
    const waits = ({ values_url: values, geometry_url: its }) =>
      !this.tables.has(values) && (!small || !its || this.shapes.has(its));
    await new Promise((resume) => setTimeout(resume, LATER_MS));
    for (let waiting = this.layers.filter(waits); waiting.length; waiting = waiting.filter(waits)) {
      await new Promise((resume) => setTimeout(() => atLeisure(resume), APART_MS));
      const next = waiting.find(({ geometry_url: its }) => its === this.near) ?? waiting[0];
      waiting.splice(waiting.indexOf(next), 1);
      await this.layer(next).catch(() => {});
    }
    this.fetching = false;
  }
}

/** What was made under a name, or is made now; what fails may be tried again. */
function once(kept, name, make) {
  if (!kept.has(name)) {
    const coming = make();
    coming.catch(() => kept.delete(name));
    kept.set(name, coming);
  }
  return kept.get(name);
}
