/** The scripts' words in English, as the server keeps them. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

globalThis.window ??= { L: {} };
globalThis.FluentBundle = createRequire(import.meta.url)(
  "../../webmap/static/vendor/fluent-bundle-0.19.1/index.js",
);
const { start } = await import("../../webmap/static/js/messages.js");
const catalogue = new URL("../../webmap/messages/en/scripts.ftl", import.meta.url);
const study = {
  people: "children under 5",
  People: "Children under 5",
  journey: "walk",
  service: "nursery",
  services: "nurseries",
};
start("en-GB", readFileSync(catalogue, "utf8"), study);
