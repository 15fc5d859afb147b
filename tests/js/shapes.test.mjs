import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

window.L.Renderer = { extend: () => class { redraw() {} } };
window.L.Canvas = { extend: () => class {} };

const { linesOf } = await import("../../webmap/static/js/lines.js");
const { Shapes } = await import("../../webmap/static/js/shapes.js");
const { Features } = await import("../../webmap/static/js/features.js");

const SCALE = 100000;
const side = (west, south, east, north) => [
  west, south, east - west, 0, 0, north - south, west - east, 0, 0, south - north,
];
const polygon = (...rings) => ["Polygon", rings];

/** Twice the area that a ring goes around, positive one way round. */
function twice(lines, line) {
  let sum = 0;
  for (let at = lines.starts[line]; at < lines.starts[line + 1] - 2; at += 2) {
    sum += lines.xy[at] * lines.xy[at + 3] - lines.xy[at + 2] * lines.xy[at + 1];
  }
  return sum;
}

test("the world is a square of 256, its middle where the meridian meets the equator", () => {
  const shapes = [["a", ["Point", [0, 0]]], ["b", ["LineString", [-18000000, 0, 36000000, 8505110]]]];
  const { xy, starts, of } = linesOf(new Map(shapes), SCALE);
  assert.deepEqual([...starts], [0, 2, 6]);
  assert.deepEqual([of.get("a"), of.get("b")], [[0, 1], [1, 2]]);
  assert.deepEqual([...xy].map((at) => at.toFixed(2)), ["128.00", "128.00", "0.00", "128.00", "256.00", "0.00"]);
});

test("outlines go one way round and holes the other, however they came", () => {
  const [outer, hole] = [side(0, 0, 900, 900), side(300, 300, 600, 600)];
  const backwards = [0, 0, 0, 900, 900, 0, 0, -900, -900, 0];
  for (const rings of [[outer, hole], [backwards, hole]]) {
    const lines = linesOf(new Map([["a", polygon(...rings)]]), SCALE);
    assert.ok(twice(lines, 0) > 0);
    assert.ok(twice(lines, 1) < 0);
  }
});

test("what has no place has no lines, and is no error", () => {
  const shapes = new Shapes({ scale: SCALE, features: [{ id: 7, geometry: null }] });
  assert.deepEqual(shapes.lines.of.get("7"), [0, 0]);
  assert.equal(shapes.get("7"), null);
  assert.equal(shapes.get("gone"), null);
});

const style = { fill: "#123", outline: "#fff", outline_px: 1, opacity: 1, pattern: "none", tints: [] };

function drawn(kind, geometries, keys, only = "") {
  const layer = {
    classes: ["near", "far"].map((key) => ({ key, label: key, style })),
    columns: [],
  };
  const ids = geometries.map((_, at) => `f${at}`);
  const features = new Features(layer, { ids, class_key: keys, columns: {} }, "walk");
  features.narrow(only);
  const packed = ids.map((id, at) => ({ id, geometry: geometries[at] }));
  const made = new Shapes({ scale: SCALE, features: packed }).drawing(kind, {}, "overlayPane");
  made.colour(features, style);
  return made;
}

/** Where a place is on the map of the world. */
const spot = (lon, lat) => {
  const { xy } = linesOf(new Map([["x", ["Point", [lon, lat]]]]), SCALE);
  return { x: xy[0], y: xy[1] };
};

test("an area is found inside its outline, not in its hole nor beside it", () => {
  const ring = polygon(side(0, 0, 900, 900), side(300, 300, 600, 600));
  const made = drawn("polygon", [ring], ["near"]);
  assert.equal(made.at(spot(100, 450), 12), "f0");
  assert.equal(made.at(spot(450, 450), 12), "");
  assert.equal(made.at(spot(950, 450), 12), "");
});

test("of areas one above another that of the first class is found, unless it is left out", () => {
  const both = [polygon(side(0, 0, 900, 900)), polygon(side(0, 0, 900, 900))];
  assert.equal(drawn("polygon", both, ["far", "near"]).at(spot(450, 450), 12), "f1");
  assert.equal(drawn("polygon", both, ["far", "near"], "far").at(spot(450, 450), 12), "f0");
});

test("a line and a point are found from some pixels away, fewer metres the nearer the map is", () => {
  const line = drawn("line", [["LineString", [0, 0, 1000, 0]]], ["near"]);
  assert.equal(line.at(spot(500, 20), 12), "f0");
  assert.equal(line.at(spot(500, 20), 18), "");
  assert.equal(line.at(spot(1200, 0), 12), "");
  const point = drawn("point", [["Point", [0, 0]], null], ["near", "near"]);
  assert.equal(point.at(spot(100, 0), 12), "f0");
  assert.equal(point.at(spot(100, 0), 18), "");
});

/** A pen that keeps what it is told to do. */
function pen() {
  const told = [];
  const keep = (name) => (...values) => told.push([name, ...values]);
  const names = ["beginPath", "moveTo", "lineTo", "closePath", "arc", "fill", "stroke", "setLineDash"];
  return Object.assign({ told, lineWidth: 1 }, Object.fromEntries(names.map((name) => [name, keep(name)])));
}

test("points that are no pixel apart are drawn as one, and neighbours keep their common edge", () => {
  const fine = Array.from({ length: 400 }, (_, at) => [at ? 1 : 0, 0]).flat();
  const forth = ["LineString", fine];
  const back = ["LineString", [399, 0, ...Array.from({ length: 399 }, () => [-1, 0]).flat()]];
  const seen = [forth, back].map((shape) => {
    const paper = pen();
    const { x, y } = spot(0, 0);
    const scale = 2 ** 12;
    const view = { scale, left: x * scale - 10, top: y * scale - 10, width: 99, height: 99, zoom: 12 };
    drawn("line", [shape], ["near"]).draw(paper, view);
    return paper.told.filter(([name]) => name.endsWith("To")).map(([, ...at]) => at.join());
  });
  assert.ok(seen[0].length < 30, seen[0].length);
  assert.deepEqual(seen[0], seen[1].toReversed());
});

test("what lies beside the map is not drawn", () => {
  const paper = pen();
  const view = { scale: 2 ** 12, left: 0, top: 0, width: 99, height: 99, zoom: 12 };
  drawn("polygon", [polygon(side(0, 0, 900, 900))], ["near"]).draw(paper, view);
  assert.deepEqual(paper.told.filter(([name]) => name.endsWith("To")), []);
});
