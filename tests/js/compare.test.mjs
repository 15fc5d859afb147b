import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { halves } = await import("../../webmap/static/js/swipe.js");

const edges = (polygon) =>
  polygon
    .match(/-?\d+(?=px)/g)
    .map(Number)
    .filter((_, at) => at % 2 === 0);

test("two layers meet at their share of the map's width, wherever the map was dragged to", () => {
  for (const x of [0, -340, 900]) {
    for (const at of [0, 25, 50, 100]) {
      const [left, right] = halves({ x, y: 10 }, 800, at);
      const meet = x + (800 * at) / 100;
      assert.equal(Math.max(...edges(left)), meet);
      assert.equal(Math.min(...edges(right)), meet);
      assert.ok(Math.min(...edges(left)) <= x && Math.max(...edges(right)) >= x + 800);
    }
  }
});
