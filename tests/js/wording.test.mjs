import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import "./english.mjs";

const { cell, number } = await import("../../webmap/static/js/wording.js");

const cases = JSON.parse(readFileSync(new URL("../webmap/wording_cases.json", import.meta.url)));

test("numbers are written as the server writes them", () => {
  for (const [value, share, words] of cases.numbers) {
    assert.equal(number(value, share), words);
  }
});

test("cells say what the server says", () => {
  for (const [value, name, kind, own, key, state, words] of cases.cells) {
    const line = { key, label: `Label of ${key}`, state };
    assert.equal(cell(value, { name, kind, words: {} }, line, "walk", own), words);
  }
});
