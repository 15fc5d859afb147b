import assert from "node:assert/strict";
import test from "node:test";

const { stepped } = await import("../../webmap/static/js/search.js");

test("the arrow keys lead through the options, and past either end to none", () => {
  assert.deepEqual([-1, 0, 1].map((at) => stepped(at, 1, 2)), [0, 1, -1]);
  assert.deepEqual([-1, 0, 1].map((at) => stepped(at, -1, 2)), [1, -1, 0]);
  assert.equal(stepped(-1, 1, 1), 0);
});
