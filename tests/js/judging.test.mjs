import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { Features } = await import("../../webmap/static/js/features.js");
const { addUp, figures, headline, judged, retold } = await import("../../webmap/static/js/judging.js");
const { minutesOf } = await import("../../webmap/static/js/threshold.js");

const STATUSES = ["underserved", "reached", "not_deprived", "not_covered", "unknown"];
const layer = {
  layer_id: "underserved",
  sentence: "sentence",
  classes: STATUSES.map((key) => ({ key, label: key, state: false, style: {} })),
  columns: [{ name: "children_beyond", heading: "Beyond 15 minutes’ walk", short: "Beyond 15 min" }],
};
const features = new Features(
  layer,
  {
    ids: ["a", "b", "c"],
    class_key: ["underserved", "reached", "unknown"],
    columns: {
      name: ["Hill", "Vale", "Moor"],
      status: ["underserved", "reached", "unknown"],
      decile: [1, 2, null],
      children: [40, 60, null],
      children_beyond: [30, 0, null],
      children_unknown: [0, 0, null],
      share_beyond: [0.75, 0, null],
      sentence: ["Hill, as studied.", "Vale, as studied.", "Moor: no figure."],
    },
  },
  "walk",
);
const flat = (value) => new Array(61).fill(value);
const curves = {
  minutes: flat(0).map((_, minute) => minute),
  beyond: { a: flat(0).fill(30, 0, 20), b: flat(60).fill(0, 10) },
  unknown: {},
  status: { a: "0".repeat(20) + "1".repeat(41), b: "0".repeat(10) + "1".repeat(51), c: "4".repeat(61) },
};

test("a threshold is a whole number of minutes other than the study's", () => {
  const read = ["", "15", "0", "60", "61", "5.5", "-1", "x"].map((text) => minutesOf(text, 15));
  assert.deepEqual(read, [null, null, 0, 60, null, null, null, null]);
});

test("areas are judged as the engine did, the underserved with most beyond first", () => {
  const there = judged(features, curves, 5, STATUSES);
  assert.deepEqual(there.ids, ["b", "a", "c"]);
  assert.deepEqual(there.values.class_key, ["underserved", "underserved", "unknown"]);
  assert.deepEqual(there.values.columns.share_beyond, [1, 0.75, null]);
  assert.equal(there.layer.columns[0].heading, "Beyond 5 minutes’ walk");
  assert.equal(there.layer.columns[0].short, "Beyond 5 min");
  assert.deepEqual(features.ids, ["a", "b", "c"]);
});

test("sentences are told anew, except where there is nothing to tell", () => {
  const there = judged(features, curves, 20, STATUSES);
  assert.equal(
    there.sentence(there.places.get("a")),
    "Hill, deprivation decile 1. All 40 children under 5 live within 20 minutes’ walk of a nursery.",
  );
  assert.equal(there.sentence(there.places.get("c")), "Moor: no figure.");
});

test("a page in another language than the engine's tells of the areas itself", () => {
  const there = retold(features, 15);
  assert.deepEqual(there.values.columns.sentence, [
    "Hill, deprivation decile 1. 30 of 40 children under 5 live more than 15 minutes’ walk from a nursery.",
    "Vale, deprivation decile 2. All 60 children under 5 live within 15 minutes’ walk of a nursery.",
    "Moor: a figure is missing.",
  ]);
  assert.ok(there.layer.spoken);
  assert.equal(features.sentence(0), "Hill, as studied.");
});

test("the finding is added up anew", () => {
  const words = { deciles: "1 or 2", share: "25%" };
  const found = addUp(judged(features, curves, 5, STATUSES), [1, 2]);
  assert.equal(
    headline(found, 5, words),
    "90 children under 5 in 2 of the 2 most deprived areas live more than 5 minutes’ walk from a nursery",
  );
  assert.deepEqual(
    figures(found, 5).map(([, value]) => value),
    ["90", "90"],
  );
  const near = addUp(judged(features, curves, 30, STATUSES), [1, 2]);
  assert.equal(
    headline(near, 30, words),
    "In none of the 2 most deprived areas do more than 25% of children under 5 live more than 30 minutes’ walk from a nursery",
  );
});
