/** A vector tile's areas: read from its bytes, found under a point, gathered by their look. */

import { PbfReader } from "../vendor/pbf-5.1.2/index.js";
import { drawingOrder } from "./layer.js";

/** Numbers that the form of tiles gives its fields and its pen's commands. */
const LAYER = 3;
const [FEATURE, KEY, VALUE, EXTENT] = [2, 3, 4, 5];
const TEXT = 1;
const [TAGS, GEOMETRY] = [2, 4];
const [MOVE, LINE] = [1, 2];

/**
 * @typedef {{id: string, rings: Float32Array[], box: number[]}} Area
 *   its rings are x and y in turns, outlines clockwise and holes the other way; its box is the
 *   least x and y and the greatest
 */

/**
 * Read a tile.
 *
 * @param {ArrayBuffer} bytes a Mapbox vector tile of one layer, whose features have an `id`
 * @param {number} size the tile's side in the unit that is wanted
 * @returns {Area[]}
 */
export function read(bytes, size) {
  const reader = new PbfReader(bytes);
  const layer = { keys: [], values: [], starts: [], extent: 1 };
  reader.readFields((tag) => tag === LAYER && reader.readMessage(readLayer, layer), null);
  const at = layer.keys.indexOf("id");
  return layer.starts.map((start) => {
    reader.pos = start;
    const feature = reader.readMessage(readFeature, { tags: [], pen: 0 });
    const end = reader.pos;
    reader.pos = feature.pen;
    const rings = readRings(reader, size / layer.extent);
    reader.pos = end;
    const pair = feature.tags.findIndex((tag, place) => place % 2 === 0 && tag === at);
    return { id: layer.values[feature.tags[pair + 1]], rings, box: boxOf(rings) };
  });
}

function readLayer(tag, layer, reader) {
  if (tag === FEATURE) layer.starts.push(reader.pos);
  else if (tag === KEY) layer.keys.push(reader.readString());
  else if (tag === VALUE) layer.values.push(reader.readMessage(readValue, { text: "" }).text);
  else if (tag === EXTENT) layer.extent = reader.readVarint();
}

function readValue(tag, value, reader) {
  if (tag === TEXT) value.text = reader.readString();
}

function readFeature(tag, feature, reader) {
  if (tag === TAGS) reader.readPackedVarint(feature.tags);
  else if (tag === GEOMETRY) feature.pen = reader.pos;
}

function readRings(reader, scale) {
  const end = reader.readVarint() + reader.pos;
  const rings = [];
  let [x, y, points] = [0, 0, []];
  while (reader.pos < end) {
    const command = reader.readVarint();
    const kind = command & 7;
    if (kind === MOVE) points = [];
    if (kind !== MOVE && kind !== LINE) {
      rings.push(Float32Array.from(points));
      continue;
    }
    for (let left = command >> 3; left > 0; left -= 1) {
      x += reader.readSVarint();
      y += reader.readSVarint();
      points.push(x * scale, y * scale);
    }
  }
  return rings;
}

function boxOf(rings) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      box[0] = Math.min(box[0], ring[at]);
      box[1] = Math.min(box[1], ring[at + 1]);
      box[2] = Math.max(box[2], ring[at]);
      box[3] = Math.max(box[3], ring[at + 1]);
    }
  }
  return box;
}

/**
 * Whether a point lies in an area: a line from it to the left crosses its rings an odd number of
 * times.
 *
 * @param {Area} area
 * @param {number} x
 * @param {number} y
 * @returns {boolean}
 */
export function holds({ rings, box: [west, north, east, south] }, x, y) {
  if (x < west || x > east || y < north || y > south) return false;
  let inside = false;
  for (const ring of rings) {
    let [x1, y1] = [ring[ring.length - 2], ring[ring.length - 1]];
    for (let at = 0; at < ring.length; at += 2) {
      const [x2, y2] = [ring[at], ring[at + 1]];
      if (y1 > y !== y2 > y && x > x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
      [x1, y1] = [x2, y2];
    }
  }
  return inside;
}

/**
 * Gather areas that look the same, in the order they are drawn in.
 *
 * @param {Area[]} areas
 * @param {import("./features.js").Features} features
 * @returns {{place: number, areas: object[]}[]} for each look an area that has it, and all of them
 */
export function byLook(areas, features) {
  const looks = new Map();
  for (const area of areas) {
    const place = features.places.get(area.id);
    if (place === undefined || !features.shows(place)) continue;
    const { tints = [] } = features.line(place).style ?? {};
    const look = `${features.classes[place]}/${tints.length ? place % tints.length : 0}`;
    if (!looks.has(look)) looks.set(look, { place, areas: [] });
    looks.get(look).areas.push(area);
  }
  const found = [...looks.values()];
  const order = drawingOrder(found.map(({ place }) => features.classes[place]));
  return order.map((at) => found[at]);
}
