import assert from "node:assert/strict";
import test from "node:test";

import "./english.mjs";

const { NOTHING, middleOf, positionOf, read, standing, write } = await import(
  "../../webmap/static/js/state.js"
);
const { LONGEST, fitting } = await import("../../webmap/static/js/address.js");
const { changeOf } = await import("../../webmap/static/js/found.js");

const state = (parts) => ({ ...NOTHING, layer: "areas", ...parts });

test("where the map stands is written with its zoom and middle, and read as written", () => {
  const map = { getCenter: () => ({ lat: 53.170004, lng: -3.1400049 }), getZoom: () => 11.5 };
  const position = positionOf(map);
  assert.deepEqual(position, { z: "11.5", c: "53.17,-3.14" });
  const query = write(state({ t: "20" }), position);
  assert.equal(query, "?layer=areas&t=20&z=11.5&c=53.17,-3.14");
  assert.deepEqual(standing(query), position);
  assert.deepEqual(middleOf(position), [53.17, -3.14]);
  assert.deepEqual(read(query, ["areas"]), state({ t: "20" }));
});

test("a place that is none is not gone to", () => {
  const none = ["", "?z=11", "?c=53,-3", "?z=x&c=53,-3", "?z=11&c=53", "?z=11&c=53,-3,1"];
  for (const query of [...none, "?z=11&c=91,0", "?z=11&c=0,181", "?z=11&c=a,b", "?z=-1&c=1,1"]) {
    assert.equal(standing(query), null, query);
  }
});

test("of areas too many for an address only the number is written, and nothing else is lost", () => {
  const codes = (count) => Array.from({ length: count }, (_, at) => `E0100${1000 + at}`).join(",");
  const page = "https://maps.council.gov.uk/map";
  const few = state({ sel: codes(150), t: "20" });
  assert.equal(fitting(few, null, page), write(few));
  const many = state({ sel: codes(250), t: "20" });
  assert.equal(fitting(many, null, page), "?layer=areas&t=20&sel=many-250");
  for (let count = 1; count < 400; count += 1) {
    const query = fitting(state({ sel: codes(count) }), { z: "18", c: "53.12345,-3.12345" }, page);
    assert.ok(page.length + query.length <= LONGEST);
  }
});

test("an area is shown in a layer of areas that is there, and a postcode in any layer", () => {
  const ofAreas = ["underserved", "areas"];
  const area = { layer: "underserved", selected: "E1" };
  assert.deepEqual(changeOf(area, "areas", ofAreas), { find: "", selected: "E1" });
  assert.deepEqual(changeOf(area, "cells", ofAreas), { ...area, find: "" });
  const setting = { layer: "provision", selected: "N1" };
  assert.deepEqual(changeOf(setting, "areas", ofAreas), { ...setting, find: "" });
  const postcode = { ...area, find: "postcode.X" };
  assert.deepEqual(changeOf(postcode, "areas", ofAreas), { selected: "E1", find: "postcode.X" });
  assert.deepEqual(changeOf(postcode, "cells", ofAreas), { find: "postcode.X" });
});
