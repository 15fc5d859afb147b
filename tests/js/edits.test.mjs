/** A plan's edits: merged as they are made, undone and done again. */

import assert from "node:assert/strict";
import test from "node:test";

import { amend, fresh, History, openings, queryOf, statesOf } from "../../webmap/static/js/edits.js";

const OPEN = { open: "new-1", name: "Hope", at: [1, 2], places: 20 };

test("a new setting is moved and resized where it opens, and closing it leaves no trace", () => {
  const moved = amend([OPEN], { move: "new-1", at: [3, 4] });
  assert.deepEqual(moved, [{ ...OPEN, at: [3, 4] }]);
  assert.deepEqual(amend(moved, { resize: "new-1", places: 5 }), [
    { ...OPEN, at: [3, 4], places: 5 },
  ]);
  assert.deepEqual(amend(moved, { close: "new-1" }), []);
});

test("of two moves the last stands, and closing makes both idle", () => {
  const first = amend([], { move: "n1", at: [1, 2] });
  const second = amend(first, { move: "n1", at: [3, 4] });
  assert.deepEqual(second, [{ move: "n1", at: [3, 4] }]);
  const both = amend(second, { resize: "n1", places: 9 });
  assert.equal(both.length, 2);
  assert.deepEqual(amend(both, { close: "n1" }), [{ close: "n1" }]);
});

test("an id is one that neither edits nor settings have", () => {
  assert.deepEqual(fresh([OPEN], new Set(["new-2"])), { id: "new-3", number: 3 });
});

test("what becomes of a setting is told by its edits together", () => {
  const states = statesOf([
    OPEN,
    { resize: "n1", places: 3 },
    { move: "n1", at: [5, 6] },
    { close: "n2" },
  ]);
  assert.deepEqual(states.get("new-1"), { state: "opened", at: [1, 2], name: "Hope" });
  assert.deepEqual(states.get("n1"), { state: "moved", at: [5, 6] });
  assert.equal(states.get("n2").state, "closed");
});

test("edits are undone one by one to nothing, and done again until another is made", () => {
  const history = new History({ name: "", edit: [OPEN, { close: "n1" }] });
  assert.ok(history.undo());
  assert.deepEqual(history.edits, [OPEN]);
  assert.ok(history.undo());
  assert.deepEqual(history.edits, []);
  assert.ok(!history.undo());
  assert.ok(history.redo());
  assert.deepEqual(history.edits, [OPEN]);
  history.turn([OPEN, { close: "n2" }]);
  assert.ok(!history.redo());
});

test("an edit that can't be made is forgotten, not done again", () => {
  const history = new History({ name: "", edit: [] });
  history.turn([OPEN]);
  history.forget();
  assert.deepEqual(history.edits, []);
  assert.ok(!history.redo());
});

test("an address holds the plans that there are", () => {
  assert.equal(queryOf({ a: "x", b: "", c: "y" }, "a"), "?a=x&c=y");
  assert.equal(queryOf({ a: "", b: "", c: "" }, "a"), "");
  assert.equal(queryOf({ a: "", b: "z", c: "" }, "b"), "?b=z&shown=b");
});

test("suggested sites open under ids that nothing else has, one after another", () => {
  const found = [
    { name: "Hope", longitude: -1.25000049, latitude: 51.75, people: 3 },
    { name: "Faith", longitude: -1.5, latitude: 51.5, people: 2 },
  ];
  const edits = [{ open: "new-1", at: [0, 0], places: 5 }];
  assert.deepEqual(openings(edits, new Map([["new-2", {}]]), found, "unknown"), [
    { open: "new-3", name: "Hope", at: [-1.25, 51.75], places: "unknown" },
    { open: "new-4", name: "Faith", at: [-1.5, 51.5], places: "unknown" },
  ]);
});
