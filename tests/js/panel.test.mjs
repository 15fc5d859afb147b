import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { Features } = await import("../../webmap/static/js/features.js");
const { readout } = await import("../../webmap/static/js/panel.js");

const column = (name, heading, kind) => ({ name, heading, kind, state: null, words: {} });
const columns = [
  column("name", "Area", "number"),
  column("ward", "Ward", "number"),
  column("minutes", "Typical minutes", "time"),
];
const values = {
  ids: ["E1", "E2"],
  class_key: ["a", "a"],
  columns: {
    name: ["Quay", "Hill"],
    ward: ["North", "South"],
    minutes: [22, 4.5],
    sentence: ["Quay, deprivation decile 1. All 64 live beyond.", "All 9 live within."],
  },
};
const of = (sentence) => {
  const classes = [{ key: "a", label: "A", state: false, style: {} }];
  return new Features({ columns, classes, sentence }, values, "walk");
};

test("an area is read out with its place in the table, its sentence and its typical time", () => {
  assert.equal(
    readout(of("sentence"), 0, [1, 0]),
    "2 of 2: Quay, deprivation decile 1. All 64 live beyond. Typical minutes: 22.",
  );
  assert.equal(
    readout(of("sentence"), 1, [1, 0]),
    "1 of 2: Hill. All 9 live within. Typical minutes: 4.5.",
  );
});

test("what has no sentence is read out by its first facts, and without a table by no number", () => {
  assert.equal(readout(of(""), 1, [1]), "1 of 1: Hill. Ward: South. Typical minutes: 4.5.");
  assert.equal(readout(of(""), 1, []), "Hill. Ward: South. Typical minutes: 4.5.");
});
