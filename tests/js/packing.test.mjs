import assert from "node:assert/strict";
import test from "node:test";

import { geometryOf } from "../../webmap/static/js/packing.js";

test("steps from one point to the next become places again", () => {
  const packed = [
    ["Point", [-150000, 5175000]],
    ["LineString", [-150000, 5175000, 1, -2]],
    ["Polygon", [[0, 0, 100000, 0, 0, 100000, -100000, -100000], [1, 1, 1, 1]]],
    ["MultiPolygon", [[[0, 0, 1, 1]], [[5, 5]]]],
    null,
  ];
  assert.deepEqual(packed.map((each) => geometryOf(each, 100000)), [
    { type: "Point", coordinates: [-1.5, 51.75] },
    { type: "LineString", coordinates: [[-1.5, 51.75], [-1.49999, 51.74998]] },
    { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]], [[0.00001, 0.00001], [0.00002, 0.00002]]] },
    { type: "MultiPolygon", coordinates: [[[[0, 0], [0.00001, 0.00001]]], [[[0.00005, 0.00005]]]] },
    null,
  ]);
});
