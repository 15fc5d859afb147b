import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { Features, load } = await import("../../webmap/static/js/features.js");

const layer = {
  title: "Areas",
  value: "status",
  sentence: "said",
  classes: [
    { key: "reached", label: "Within reach", state: false, style: {} },
    { key: "unknown", label: "Unknown", state: true, style: {} },
  ],
  columns: [
    { name: "name", heading: "Area", kind: "number", state: null, words: {} },
    { name: "status", heading: "Status", kind: "number", state: null, words: {} },
    { name: "people", heading: "People", kind: "people", state: null, words: {} },
  ],
};
const values = {
  ids: ["a", "b", "c", "d"],
  class_key: ["reached", "unknown", "reached", "strange"],
  columns: {
    name: ["Area 10", "Area 9", "Ávila", "Zed"],
    status: ["reached", "unknown", "reached", "strange"],
    people: [5, null, 40, 5],
    said: ["A says so.", null, "", "D."],
  },
};
const features = new Features(layer, values, "walk");

test("cells are words, and classes are called what the legend calls them", () => {
  assert.deepEqual(features.cells(0), ["Area 10", "Within reach", "5"]);
  assert.deepEqual(features.cells(1), ["Area 9", "Unknown", "unknown"]);
  assert.deepEqual(features.cells(3), ["Zed", "strange", "5"]);
});

test("a feature without a sentence says nothing", () => {
  assert.deepEqual(
    [0, 1, 2].map((place) => features.sentence(place)),
    ["A says so.", "", ""],
  );
});

test("what has no value comes last either way, and ties keep their order", () => {
  assert.deepEqual(features.order("people", false), [0, 3, 2, 1]);
  assert.deepEqual(features.order("people", true), [2, 0, 3, 1]);
  assert.deepEqual(features.order(null, false), [0, 1, 2, 3]);
});

test("names are put in order as people do: 9 before 10, Á with A", () => {
  assert.deepEqual(features.order("name", false), [1, 0, 2, 3]);
});

test("a refusal is told in the server's words", async () => {
  const refuse = async () => ({ ok: false, json: async () => ({ detail: "Reload the page." }) });
  await assert.rejects(load("/x", refuse), { message: "Reload the page." });
  const fail = async () => ({ ok: false, json: async () => JSON.parse("<html>") });
  await assert.rejects(load("/x", fail), { message: "The server failed to answer." });
});

test("only features of the classes asked for are shown, and all where none is", () => {
  features.narrow("unknown");
  assert.deepEqual(features.shown, [1]);
  assert.deepEqual(features.order("people", false), [1]);
  assert.equal(features.without(0, features.only), "");
  features.narrow("nonsense");
  assert.equal(features.shown.length, 4);
  assert.equal(features.without(0, features.only), "unknown");
  features.narrow("");
});
