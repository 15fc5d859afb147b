import assert from "node:assert/strict";
import test from "node:test";

const { asking } = await import("../../webmap/static/js/downloads.js");

test("a link keeps its path and takes the query of what is shown", () => {
  const query = "?layer=cells&only=0-5";
  assert.equal(asking("/cy/download/pdf?layer=areas", query), `/cy/download/pdf${query}`);
  assert.equal(asking("/download/csv/metadata", query), `/download/csv/metadata${query}`);
});
