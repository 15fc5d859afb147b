/** The page comes to life: the address says what is shown, and every choice goes through it. */

import { load } from "./features.js";
import { Fetched } from "./fetched.js";
import { listen } from "./keys.js";
import { MapView } from "./map.js";
import { say, start } from "./messages.js";
import { makeSquares, makeStrength, makeToggles, markToggles, recount } from "./legend.js";
import { note, showDetails, showLegend, tell } from "./panel.js";
import { makeRail } from "./rail.js";
import { Reach } from "./reach.js";
import { Selection } from "./select.js";
import { NOTHING, read, write } from "./state.js";
import { TableView } from "./table.js";
import { Threshold } from "./threshold.js";
import { painted } from "./time.js";

const frame = document.querySelector(".map");
const config = JSON.parse(frame.dataset.config);
const ids = config.layers.map((layer) => layer.layer_id);
const fetched = new Fetched(config.layers, config.words.mode);
// What the first view needs comes while the words do; what fails is asked for once more, in words.
const ground = load(config.basemap_url);
const first = config.layers[ids.indexOf(read(window.location.search, ids).layer)];
Promise.allSettled([ground, fetched.layer(first)]);
start(config.tag, await (await fetch(config.messages_url)).text(), config.words);
let [shown, writing] = [NOTHING, 0];

const map = new MapView(frame, config, (selected) =>
  selected && selection.adding ? selection.toggle(selected) : go({ selected }, false),
);
const table = new TableView(
  document.querySelector("#table"),
  config.table_rows,
  (selected) => go({ selected }, true),
  (selected) => write({ ...shown, selected }),
);
const section = document.querySelector("#reach");
const reach = section
  ? new Reach(section, map, config.reach, (spot, mode) => go({ reach: spot, mode }, false))
  : null;
const points = config.layers.find(({ geometry }) => geometry === "point");
if (points) reach?.offerAll(() => fetched.layer(points));

const slider = document.querySelector("#threshold");
const threshold = slider
  ? new Threshold(slider, config.threshold, (t, again) => go({ t }, false, again))
  : null;

const several = document.querySelector("#select");
const selection = new Selection(several, map, config.selection, (sel) => go({ sel }, false));
table.tick = (id, name) => (selection.section.hidden ? "" : selection.box(id, name));

makeToggles(config.layers, (at) => go({ only: map.features.without(at) }, false));
makeSquares((only) => go({ only }, false));
makeStrength(document.querySelector(".legends"), (share) => map.strength(share));

/**
 * Change what is shown, and the address with it; another layer has other classes.
 *
 * @param {object} change
 * @param {boolean} near whether to move the map to what is chosen
 * @param {boolean} again whether it goes on with the change before, which Back then undoes too
 */
function go(change, near, again = false) {
  const next = { ...shown, ...(change.layer ? { only: "", t: "" } : {}), ...change };
  if (write(next) === write(shown)) return;
  clearTimeout(writing);
  // Browsers allow only so many changes of the address in a second.
  if (again) writing = setTimeout(() => window.history.replaceState(null, "", write(shown)), 200);
  else window.history.pushState(null, "", write(next));
  show(next, near);
}

async function show(next, near, asked = false) {
  const layer = config.layers[ids.indexOf(next.layer)];
  const changed = next.layer !== shown.layer || next.only !== shown.only || next.t !== shown.t;
  const chosen = next.selected !== shown.selected || next.sel !== shown.sel;
  const stands = map.features?.layer === layer && !changed && !chosen;
  shown = next;
  reach?.show(next.reach, next.mode);
  if (stands) {
    frame.dataset.shown = write(shown);
    return;
  }
  try {
    const [held, shapes] = await fetched.layer(layer);
    const features = threshold ? await threshold.judge(held, next.t) : held;
    if (next.selected) await shapes?.ask?.(next.selected);
    if (shown !== next) return;
    features.narrow(next.only);
    const turned = changed || map.features !== features;
    if (turned) turnTo(features, shapes);
    if (!asked && next.selected && !features.places.has(next.selected)) letGo();
    const now = shown;
    select(features, now.selected, near, !asked);
    selection.show(now.sel, features, now.t);
    if (turned) {
      await painted();
      if (shown !== now) return;
      await table.show(features);
      if (shown !== now) return;
      fetched.akin(layer);
    }
    table.select(now.selected);
    frame.dataset.shown = write(now);
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

function turnTo(features, shapes) {
  const { title, layer_id: id } = features.layer;
  map.show(features, shapes);
  showLegend(id);
  markToggles(features);
  recount(features);
  note(shapes ? "" : say("no-place"));
  const twin = document.querySelector("#as-table");
  if (twin) twin.href = config.table_url + write({ ...shown, selected: "", reach: "", mode: "" });
  tell(say("in-the-table", { title, count: features.shown.length }));
}

function select(features, selected, near, gliding) {
  const place = features.places.get(selected);
  map.select(place, near, gliding);
  showDetails(features, selected, () => go({ selected: "" }, false));
  if (place !== undefined) {
    reach?.offer(document.querySelector("#details"), map.shapes?.get(selected));
  }
  if (place !== undefined) tell(`${features.name(place)}. ${features.sentence(place)}`);
}

makeRail(
  (layer) => go({ layer }, false),
  (layer) => fetched.layer(config.layers[ids.indexOf(layer)]).catch(() => {}),
);

listen(frame, {
  step: (steps) => map.features && go({ selected: table.neighbour(steps) }, true),
  toggle: () => shown.selected && !selection.section.hidden && selection.toggle(shown.selected),
  leave: () => {
    if (selection.lasso.tool) selection.take("");
    else if (reach?.isOpen) reach.close();
    else go({ selected: "" }, false);
  },
});
window.addEventListener("popstate", () => {
  clearTimeout(writing);
  show(read(window.location.search, ids), false, true);
});

ground.catch(() => load(config.basemap_url)).then(
  (collection) => map.ground(collection, () => load(config.lanes_url)),
  (problem) => note(say("base-map-failed", { why: problem.message })),
);
show(read(window.location.search, ids), true, true);
