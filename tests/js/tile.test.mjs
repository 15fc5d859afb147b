import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { byLook, holds, read } = await import("../../webmap/static/js/tile.js");
const { Features } = await import("../../webmap/static/js/features.js");

// A square with a hole from 512 to 768, and a square from 819 to 922, of 1024 (tests/webmap/api).
const TILE = Buffer.from(
  "GoABCgVhcmVhcxIrCAASBAACAQAYAyIfCYAMgAgaAIAE/wMAAP8DDwlmtAIazgEAAM0BzQEADxIcCAESBAADAQEYAyIQ" +
    "CeYM5gwazgEAAM4BzQEADxoCaWQaCWNsYXNzX2tleSIFCgNvbmUiBQoDdHdvIgQKAmEwIgQKAmExKIAIeAI=",
  "base64",
);

test("a tile's areas are read in the unit that is wanted", () => {
  const [ring, square] = read(TILE, 256);
  assert.deepEqual([ring.id, ring.rings.length, square.id], ["a0", 2, "a1"]);
  assert.deepEqual(ring.box, [128, 128, 192, 192]);
  assert.deepEqual([...square.rings[0]], [204.75, 204.75, 230.5, 204.75, 230.5, 230.5, 204.75, 230.5]);
});

test("a tile without bytes has no areas", () => {
  assert.deepEqual(read(new ArrayBuffer(0), 256), []);
});

test("a point lies in an area, but not in its hole or beside it", () => {
  const [ring, square] = read(TILE, 1024);
  assert.ok(holds(ring, 520, 520));
  assert.ok(!holds(ring, 600, 600));
  assert.ok(!holds(ring, 800, 520));
  assert.ok(holds(square, 900, 900));
});

test("areas that look the same are drawn together, the first classes on top", () => {
  const style = { tints: [] };
  const layer = {
    classes: ["far", "near", "lost"].map((key) => ({ key, label: key, style })),
    columns: [],
  };
  const values = { ids: ["a", "b", "c", "d"], class_key: ["near", "far", "near", "lost"], columns: {} };
  const features = new Features(layer, values, "walk");
  const areas = ["a", "b", "c", "d", "gone"].map((id) => ({ id }));
  const drawn = () => byLook(areas, features).map((each) => each.areas.map(({ id }) => id));
  assert.deepEqual(drawn(), [["d"], ["a", "c"], ["b"]]);
  features.narrow("near");
  assert.deepEqual(drawn(), [["a", "c"]]);
});

test("neighbours of one class may differ in their tints", () => {
  const layer = { classes: [{ key: "one", label: "", style: { tints: ["red", "blue"] } }], columns: [] };
  const values = { ids: ["a", "b", "c"], class_key: ["one", "one", "one"], columns: {} };
  const found = byLook([{ id: "a" }, { id: "b" }, { id: "c" }], new Features(layer, values, "walk"));
  assert.deepEqual(found.map(({ areas }) => areas.map(({ id }) => id)), [["a", "c"], ["b"]]);
});
