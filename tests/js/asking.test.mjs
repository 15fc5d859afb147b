import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { Asker, fetcher, spotOf, textOf } = await import("../../webmap/static/js/asking.js");
const { labelSpot, ringsOf } = await import("../../webmap/static/js/bands.js");

const settle = () => new Promise((resume) => setImmediate(resume));

/** An asker whose answers come when the test says so. */
function asking() {
  const asked = [];
  const answered = [];
  const failed = [];
  const get = (spot, signal) =>
    new Promise((answer, fail) => asked.push({ spot, signal, answer, fail }));
  const asker = new Asker(
    get,
    (spot, answer) => answered.push([spot, answer]),
    ({ message }) => failed.push(message),
  );
  return { asker, asked, answered, failed };
}

test("a spot and its text are each other's, to a metre", () => {
  assert.deepEqual(spotOf(" -1.25 , 51.75 "), [-1.25, 51.75]);
  assert.equal(textOf([-1.2500000001, 51.123456789]), "-1.25,51.12346");
  for (const wrong of ["", "1", "1,2,3", "a,b", "1,", "181,0", "0,91", "Infinity,0"]) {
    assert.equal(spotOf(wrong), null, wrong);
  }
});

test("a question asked at once gives up the one under way", async () => {
  const { asker, asked, answered, failed } = asking();
  asker.now("a");
  asker.now("b");
  assert.equal(asked[0].signal.aborted, true);
  asked[0].answer("late");
  asked[1].answer("B");
  await settle();
  assert.deepEqual([answered, failed], [[["b", "B"]], []]);
});

test("while one is under way only the last of those that wait is asked", async () => {
  const { asker, asked, answered } = asking();
  for (const spot of ["a", "b", "c"]) asker.soon(spot);
  assert.deepEqual(asked.map(({ spot }) => spot), ["a"]);
  asked[0].answer("A");
  await settle();
  asked[1].answer("C");
  await settle();
  assert.deepEqual(answered, [["a", "A"], ["c", "C"]]);
});

test("a failure is told, unless it was given up", async () => {
  const { asker, asked, failed } = asking();
  asker.now("a");
  asker.stop();
  asked[0].fail(new Error("aborted"));
  await settle();
  assert.deepEqual(failed, []);
  asker.now("b");
  asked[1].fail(new Error("no street"));
  await settle();
  assert.deepEqual(failed, ["no street"]);
});

test("the first question waits until the streets are ready", async () => {
  const urls = [];
  let waits = 0;
  const get = async (url) => {
    urls.push(url);
    return { ok: true, json: async () => ({ ready: true, url }) };
  };
  const ask = fetcher({ url: "/api", bands: [{ minutes: 5 }, { minutes: 10 }] }, () => waits++, get);
  const { signal } = new AbortController();
  await ask("1,2", signal);
  await ask("3,4", signal);
  assert.deepEqual(urls, [
    "/api/ready",
    "/api?lon=1&lat=2&minutes=5%2C10",
    "/api?lon=3&lat=4&minutes=5%2C10",
  ]);
  assert.equal(waits, 0);
});

test("a band is drawn without the shorter one inside it, and labelled at its edge", () => {
  const ring = (size) => [[[0, 0], [size, 0], [size, size], [0, 0]]];
  const features = [3, 1].map((size) => ({ geometry: { coordinates: [ring(size)] } }));
  assert.deepEqual(ringsOf(features, 0).map((points) => points[2]), [[3, 3], [1, 1]]);
  assert.deepEqual(ringsOf(features, 1).map((points) => points[2]), [[1, 1]]);
  assert.deepEqual([0, 1, 2].map((at) => labelSpot(features[0], at)), [[0, 0], [3, 0], [3, 3]]);
  assert.equal(labelSpot({ geometry: { coordinates: [] } }, 0), null);
});
