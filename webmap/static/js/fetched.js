/** What has been fetched of the layers: values once for each, shapes once for all that share them. */

import { Features, load, shapesById } from "./features.js";
import { atLeisure } from "./time.js";

/** What may be wanted next is fetched so long after what is. */
const LATER_MS = 300;

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
   * @returns {Promise<[Features, ?Map<string, object>]>}
   */
  layer(layer) {
    const { layer_id: id, values_url: values, geometry_url: url } = layer;
    return once(this.tables, id, async () => {
      const [table, shapes] = await Promise.all([load(values), url ? this.shapesAt(url) : null]);
      return [new Features(layer, table, this.mode), shapes];
    });
  }

  /** Fetch shapes; of many areas, no more than what is in view. */
  shapesAt(url) {
    return once(this.shapes, url, async () => {
      if (!url.includes("{z}")) return shapesById(await load(url));
      const { TiledShapes } = await import("./tiles.js");
      return new TiledShapes(url);
    });
  }

  /** Fetch the values of other layers of the same shapes, once the browser is at leisure. */
  akin({ geometry_url: url }) {
    const next = this.layers.find(
      (each) => each.geometry_url === url && !this.tables.has(each.layer_id),
    );
    if (!next || navigator.connection?.saveData) return;
    const fetchOne = () => this.layer(next).then(() => this.akin(next), () => {});
    setTimeout(() => atLeisure(fetchOne), LATER_MS);
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
