/** The page comes to life: the address says what is shown, and every choice goes through it. */

import { Features, load } from "./features.js";
import { MapView } from "./map.js";
import { say, start } from "./messages.js";
import { makeStrength, makeToggles, markToggles } from "./legend.js";
import { note, showDetails, showLegend, tell } from "./panel.js";
import { Reach } from "./reach.js";
import { read, write } from "./state.js";
import { TableView } from "./table.js";

const frame = document.querySelector(".map");
const config = JSON.parse(frame.dataset.config);
start(config.tag, await (await fetch(config.messages_url)).text(), config.words);
const ids = config.layers.map((layer) => layer.layer_id);
const fetched = new Map();
let shown = { layer: "", selected: "", reach: "", only: "" };

const map = new MapView(frame, config, (selected) => go({ selected }, false));
const table = new TableView(
  document.querySelector("#table"),
  config.table_rows,
  (selected) => go({ selected }, true),
  (selected) => write({ ...shown, selected }),
);
const section = document.querySelector("#reach");
const reach = section
  ? new Reach(section, map, config.reach, (spot) => go({ reach: spot }, false))
  : null;
const points = config.layers.find(({ geometry }) => geometry === "point");
if (points) reach?.offerAll(() => fetchLayer(points));

makeToggles(config.layers, (at) => go({ only: table.features.without(at) }, false));
makeStrength(document.querySelector(".legends"), (share) => map.strength(share));

/** Change what is shown, and the address with it; another layer has other classes. */
function go(change, near) {
  const next = { ...shown, ...(change.layer ? { only: "" } : {}), ...change };
  if (write(next) === write(shown)) return;
  window.history.pushState(null, "", write(next));
  show(next, near);
}

/** Fetch a layer's values and shapes, once. */
function fetchLayer(layer) {
  const { layer_id: id, values_url: values, geometry_url: shapes } = layer;
  if (!fetched.has(id)) {
    const both = Promise.all([load(values), shapes ? load(shapes) : null]);
    both.catch(() => fetched.delete(id));
    fetched.set(
      id,
      both.then(([table, geometry]) => [new Features(layer, table, config.words.mode), geometry]),
    );
  }
  return fetched.get(id);
}

async function show(next, near, asked = false) {
  const layer = config.layers[ids.indexOf(next.layer)];
  const changed = next.layer !== shown.layer || next.only !== shown.only;
  const stands = table.features?.layer === layer && !changed && next.selected === shown.selected;
  shown = next;
  reach?.show(next.reach);
  if (stands) {
    frame.dataset.shown = write(shown);
    return;
  }
  try {
    const [features, geometry] = await fetchLayer(layer);
    if (shown !== next) return;
    features.narrow(next.only);
    if (changed || table.features !== features) turnTo(features, geometry);
    if (!asked && !features.places.has(next.selected)) letGo();
    select(features, shown.selected, near, !asked);
    frame.dataset.shown = write(shown);
  } catch (problem) {
    const told = say("layer-failed", { why: problem.message });
    note(told);
    tell(told);
  }
}

/** What was chosen in another layer isn't in this one. */
function letGo() {
  shown = { ...shown, selected: "" };
  window.history.replaceState(null, "", write(shown));
}

function turnTo(features, geometry) {
  const { title, layer_id: id } = features.layer;
  map.show(features, geometry);
  table.show(features);
  showLegend(id);
  markToggles(features);
  note(geometry ? "" : say("no-place"));
  const twin = document.querySelector("#as-table");
  if (twin) twin.href = config.table_url + write({ ...shown, selected: "", reach: "" });
  tell(say("in-the-table", { title, count: features.shown.length }));
}

function select(features, selected, near, gliding) {
  const place = features.places.get(selected);
  map.select(place, near, gliding);
  table.select(selected);
  showDetails(features, selected, () => go({ selected: "" }, false));
  if (place !== undefined) {
    reach?.offer(document.querySelector("#details"), map.geometry?.features[place].geometry);
  }
  if (place !== undefined) tell(`${features.name(place)}. ${features.sentence(place)}`);
}

for (const link of document.querySelectorAll("[data-layer]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go({ layer: link.dataset.layer }, false);
  });
}

const steps = { n: 1, p: -1 };
frame.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (ctrlKey || metaKey || altKey || !table.features) return;
  if (key.toLowerCase() in steps) go({ selected: table.neighbour(steps[key.toLowerCase()]) }, true);
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  if (reach?.isOpen) reach.close();
  else go({ selected: "" }, false);
});
window.addEventListener("popstate", () => show(read(window.location.search, ids), false, true));

load(config.basemap_url).then(
  (collection) => map.ground(collection, () => load(config.lanes_url)),
  (problem) => note(say("base-map-failed", { why: problem.message })),
);
show(read(window.location.search, ids), true, true);
