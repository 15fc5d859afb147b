import assert from "node:assert/strict";
import test from "node:test";

import { unpacked } from "../../webmap/static/js/packing.js";

test("steps from one point to the next become places again", () => {
  const features = [
    { id: "a", geometry: ["Point", [-150000, 5175000]] },
    { properties: { kind: "rail" }, geometry: ["LineString", [-150000, 5175000, 1, -2]] },
    { id: "b", geometry: ["Polygon", [[0, 0, 100000, 0, 0, 100000, -100000, -100000], [1, 1, 1, 1]]] },
    { id: "c", geometry: ["MultiPolygon", [[[0, 0, 1, 1]], [[5, 5]]]] },
    { id: "d", geometry: null },
  ];
  const made = unpacked({ scale: 100000, features });
  assert.equal(made.type, "FeatureCollection");
  assert.deepEqual(made.features.map(({ geometry }) => geometry), [
    { type: "Point", coordinates: [-1.5, 51.75] },
    { type: "LineString", coordinates: [[-1.5, 51.75], [-1.49999, 51.74998]] },
    { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]], [[0.00001, 0.00001], [0.00002, 0.00002]]] },
    { type: "MultiPolygon", coordinates: [[[[0, 0], [0.00001, 0.00001]]], [[[0.00005, 0.00005]]]] },
    null,
  ]);
  assert.deepEqual(made.features[1].properties, { kind: "rail" });
});
