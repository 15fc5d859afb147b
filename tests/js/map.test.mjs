import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

window.L.Renderer ??= { extend: () => class {} };

const { linesOf, trace } = await import("../../webmap/static/js/lines.js");
const { apart } = await import("../../webmap/static/js/labels.js");
const { byKind, widthAt } = await import("../../webmap/static/js/basemap.js");
const layers = await import("../../webmap/static/js/layer.js");
const { drawingOrder, pathOptions, sizes } = layers;
const { NOTHING, read, write } = await import("../../webmap/static/js/state.js");

test("an address and what it shows are each other's", () => {
  const asked = { layer: "cells", selected: "8a19 & <b>/é", reach: "-1.25,51.75", only: "a,b" };
  const state = { ...NOTHING, ...asked, t: "20" };
  assert.deepEqual(read(write(state), ["areas", "cells"]), state);
  assert.equal(write({ layer: "cells", selected: "" }), "?layer=cells");
});

test("an address that asks for nothing, or for what isn't there, shows the first layer", () => {
  assert.deepEqual(read("", ["areas", "cells"]), { ...NOTHING, layer: "areas" });
  assert.equal(read("?layer=gone", ["areas", "cells"]).layer, "areas");
});

test("the first classes are drawn last, to lie on top", () => {
  assert.deepEqual(drawingOrder([0, 2, 1, 2]), [1, 3, 2, 0]);
});

test("states of lines are dashed, and the edges of many areas are fine", () => {
  const style = {
    fill: "#123456",
    outline: "#ffffff",
    outline_px: 2,
    opacity: 0.5,
    shape: "circle",
  };
  assert.equal(pathOptions({ ...style, pattern: "cross" }, "line", 5).dashArray, "4 4");
  assert.equal(pathOptions({ ...style, pattern: "none" }, "line", 5).dashArray, null);
  assert.equal(pathOptions({ ...style, pattern: "none" }, "polygon", 5).weight, 2);
  assert.ok(pathOptions({ ...style, pattern: "none" }, "polygon", 5000).weight < 1);
});

test("of names that touch, the one given first is shown", () => {
  const box = (x) => ({ x, y: 0, width: 10, height: 4 });
  assert.deepEqual(apart([box(0), box(9), box(10), box(30)]), [true, false, true, true]);
});

test("streets widen as the map nears", () => {
  assert.equal(widthAt(2, 13), 2);
  assert.equal(widthAt(2, 16), 4);
  assert.ok(widthAt(2, 5) > 1);
});

test("the shapes of a base map that are wanted are gathered by kind", () => {
  const feature = (kind, steps) => ({ properties: { kind }, geometry: ["LineString", steps] });
  const features = [
    feature("sea", [0, 0, 1, 1]),
    feature("path", [0, 0, 1, 1]),
    feature("sea", [0, 0, 1, 1, 1, 1]),
  ];
  const kinds = byKind({ scale: 1, features }, { sea: {}, park: {} });
  assert.deepEqual([...kinds.keys()], ["sea"]);
  assert.deepEqual([...kinds.get("sea").starts], [0, 4, 10]);
});

test("a river that is a line is no area to be filled", () => {
  const line = { properties: { kind: "water" }, geometry: ["LineString", [0, 0, 1, 1]] };
  const area = { properties: { kind: "water" }, geometry: ["Polygon", [[0, 0, 1, 0, 0, 1, -1, -1]]] };
  const kinds = byKind({ scale: 1, features: [line, area] }, { water: {}, river: {} });
  assert.deepEqual([...kinds.get("river").starts], [0, 4]);
  assert.deepEqual([...kinds.get("water").starts], [0, 8]);
});

test("a line is drawn where it is seen, without the points that fall on the one before", () => {
  const shapes = new Map([["a", ["LineString", [0, 0, 1, 0, 90, 0]]]]);
  const lines = linesOf(shapes, 1);
  const drawn = [];
  const pen = {
    lineWidth: 1,
    moveTo: (x, y) => drawn.push(["move", x, y]),
    lineTo: (x, y) => drawn.push(["line", x, y]),
  };
  // At zoom 0 a degree is 0.7 of a pixel: the middle of the world is 128 px from its corner.
  trace(pen, lines, 0, { scale: 1, left: 128, top: 128, width: 100, height: 100 });
  assert.deepEqual(drawn, [["move", 0, 0], ["line", 0.75, 0], ["line", 64.5, 0]]);
  trace(pen, lines, 0, { scale: 1, left: 200, top: 128, width: 100, height: 100 });
  assert.equal(drawn.length, 3);
});

test("neighbours have different tints, and those far apart may share one", () => {
  const boxes = [
    [0, 0, 1, 1],
    [1, 0, 2, 1],
    [2, 0, 3, 1],
    [0, 1, 3, 2],
  ];
  assert.deepEqual(layers.apart(boxes, 3), [0, 1, 0, 2]);
  assert.deepEqual(layers.apart(boxes, 1), [0, 0, 0, 0]);
});

test("points and lines grow as the map nears, up to their full size", () => {
  assert.ok(sizes(10).radius < sizes(13).radius);
  assert.ok(sizes(10).weight < sizes(13).weight);
  assert.deepEqual(sizes(14), sizes(18));
});
