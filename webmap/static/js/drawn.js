/** A layer's shapes on one canvas: drawn class by class, and found under a point. */

import { apart, drawingOrder, pathOptions, sizes } from "./layer.js";
import { around, crosses, nears, trace } from "./lines.js";
import { cornersOf, patternOf } from "./renderer.js";
import { Sheet } from "./sheet.js";

const NEAR_PX = 2;

export class Drawn {
  /**
   * @param {import("./lines.js").Lines} lines
   * @param {string} geometry what they are drawn as
   * @param {Object<string, string>} inks the colour of each pattern
   * @param {string} pane of the map
   */
  constructor(lines, geometry, inks, pane = "overlayPane") {
    Object.assign(this, { lines, geometry, inks, features: null, shows: null, looks: [] });
    this.patterns = {};
    this.layer = new Sheet((pen, view) => this.draw(pen, view), { pane });
  }

  get container() {
    return this.layer._container;
  }

  /**
   * Colour a layer's features, those of the first classes on top.
   *
   * @param {import("./features.js").Features} features
   * @param {object} fallback style of a feature that no class holds
   */
  colour(features, fallback) {
    if (this.shows === features.shows) return;
    this.features = features;
    this.shows = features.shows;
    const { ids, classes, count } = features;
    const tints = tintsOf(features, this.lines);
    const looks = new Map();
    for (const place of drawingOrder(classes).filter(features.shows)) {
      if (!this.lines.of.has(ids[place])) continue;
      const style = features.line(place).style ?? fallback;
      const tint = style.tints.length ? tints[place] : -1;
      const name = `${classes[place]} ${tint}`;
      if (!looks.has(name)) {
        const fill = style.tints[tint] ?? style.fill;
        const options = pathOptions({ ...style, fill }, this.geometry, count);
        looks.set(name, { options, places: [] });
      }
      looks.get(name).places.push(place);
    }
    this.looks = [...looks.values()];
    this.layer.redraw();
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {{scale: number, left: number, top: number, width: number, height: number, zoom: number}}
   *   view what of the map of the world is drawn, in CSS pixels: it is `scale` times as large, and
   *   its corner lies beyond the canvas's by `left` and `top`
   */
  draw(pen, view) {
    const { radius, weight } = sizes(view.zoom);
    for (const { options, places } of this.looks) {
      pen.globalAlpha = 1;
      pen.strokeStyle = options.color;
      pen.lineWidth = this.geometry === "line" ? weight : options.weight;
      pen.lineJoin = this.geometry === "line" ? "round" : "bevel";
      pen.setLineDash(options.dashArray?.split(" ").map(Number) ?? []);
      if (this.geometry === "point") {
        for (const place of places) this.point(pen, view, place, options, radius);
        continue;
      }
      pen.beginPath();
      for (const place of places) this.trace(pen, view, place);
      if (this.geometry === "polygon") this.fill(pen, options);
      if (options.stroke ?? true) pen.stroke();
    }
  }

  fill(pen, { fillColor, fillOpacity, pattern }) {
    pen.globalAlpha = fillOpacity;
    pen.fillStyle = fillColor;
    pen.fill();
    pen.globalAlpha = 1;
    if (!(pattern in this.inks)) return;
    this.patterns[pattern] ??= patternOf(pen, pattern, this.inks[pattern]);
    pen.fillStyle = this.patterns[pattern];
    pen.fill();
  }

  /** Add a feature's lines to the path. */
  trace(pen, view, place) {
    const [first, after] = this.lines.of.get(this.features.ids[place]);
    for (let line = first; line < after; line += 1) trace(pen, this.lines, line, view);
  }

  point(pen, { scale, left, top }, place, options, radius) {
    const { xy, starts, of } = this.lines;
    const [line] = of.get(this.features.ids[place]);
    const [x, y] = [xy[starts[line]] * scale - left, xy[starts[line] + 1] * scale - top];
    const corners = cornersOf(options.shape);
    pen.beginPath();
    if (!corners) pen.arc(x, y, radius, 0, 2 * Math.PI);
    for (const [east, south] of corners ?? []) pen.lineTo(x + east * radius, y + south * radius);
    pen.closePath();
    this.fill(pen, options);
    pen.stroke();
  }

  /**
   * @param {{x: number, y: number}} spot on the map of the world at zoom 0
   * @param {number} zoom
   * @returns {string} the id of the feature shown there; "" where there is none
   */
  at({ x, y }, zoom) {
    const { radius, weight } = sizes(zoom);
    const px = { polygon: 0, line: weight / 2 + NEAR_PX, point: radius + 1 }[this.geometry];
    const room = px / 2 ** zoom;
    for (const { places } of this.looks.toReversed()) {
      const place = places.findLast((each) => this.holds(each, x, y, room));
      if (place !== undefined) return this.features.ids[place];
    }
    return "";
  }

  holds(place, x, y, room) {
    const { boxes, of } = this.lines;
    const [first, after] = of.get(this.features.ids[place]);
    let inside = false;
    for (let line = first; line < after; line += 1) {
      const [west, north, east, south] = boxes.subarray(4 * line, 4 * line + 4);
      if (x < west - room || x > east + room || y < north - room || y > south + room) continue;
      if (this.geometry !== "polygon") {
        if (nears(this.lines, line, x, y, room)) return true;
      } else if (crosses(this.lines, line, x, y)) inside = !inside;
    }
    return inside;
  }
}

/** Each feature's tint, where neighbours are to differ. */
function tintsOf({ ids, layer }, lines) {
  const most = Math.max(0, ...layer.classes.map(({ style }) => style.tints.length));
  if (!most) return [];
  return apart(ids.map((id) => around(lines, id)), most);
}
