/** A layer's shapes: each as GeoJSON when it is asked for, all as lines of points to be drawn. */

import { Drawn } from "./drawn.js";
import { linesOf } from "./lines.js";
import { geometryOf } from "./packing.js";

export class Shapes {
  /** @param {{scale: number, features: object[]}} collection as it comes from the server */
  constructor({ scale, features }) {
    this.scale = scale;
    this.packed = new Map(features.map(({ id, geometry }) => [String(id), geometry]));
    this.lines = linesOf(this.packed, scale);
  }

  /** @returns {object | null | undefined} a feature's GeoJSON geometry */
  get(id) {
    return geometryOf(this.packed.get(id), this.scale);
  }

  /**
   * @param {string} geometry what the shapes are drawn as
   * @param {Object<string, string>} inks the colour of each pattern
   * @param {string} pane of the map
   * @returns {Drawn} what is drawn of the shapes
   */
  drawing(geometry, inks, pane) {
    return new Drawn(this.lines, geometry, inks, pane);
  }
}
