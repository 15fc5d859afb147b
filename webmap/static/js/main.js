/** The page comes to life: the address says what is shown, and every choice goes through it. */

import { Address } from "./address.js";
import { ALONE, Compare, COMPARED } from "./compare.js";
import { load } from "./features.js";
import { Fetched } from "./fetched.js";
import { Found } from "./found.js";
import { gatherer } from "./gather.js";
import { listen } from "./keys.js";
import { MapView } from "./map.js";
import { say, start } from "./messages.js";
import { makeSquares, makeStrength, makeToggles, tellLayer } from "./legend.js";
import { note, readout, showDetails, showLegends, tell } from "./panel.js";
import { makeRail } from "./rail.js";
import { Reach } from "./reach.js";
import { Selection } from "./select.js";
import { NOTHING, write } from "./state.js";
import { TableView } from "./table.js";
import { Threshold } from "./threshold.js";
import { painted } from "./time.js";
import { Waiting } from "./waiting.js";

const frame = document.querySelector(".map");
const config = JSON.parse(frame.dataset.config);
const ids = config.layers.map(({ layer_id: id }) => id).filter((id) => id !== COMPARED);
const layerOf = (id) => config.layers.find((each) => each.layer_id === id);
const fetched = new Fetched(config.layers, config.words.mode);
// What the first view needs comes while the words do; what fails is asked for once more, in words.
const ground = load(config.basemap_url);
Promise.allSettled([ground, fetched.layer(layerOf(config.first))]);
start(config.tag, await (await fetch(config.messages_url)).text(), config.words);
/** What is shown, and what of it is there already. */
let [shown, there] = [NOTHING, NOTHING];
/** Whether the page tells of its layer as the server wrote it, until the map is seen. */
let written = true;
const differs = (next, ...parts) => parts.some((part) => next[part] !== there[part]);

const map = new MapView(frame, config, (selected) =>
  selected && selection.adding ? selection.toggle(selected) : go({ selected }, false),
);
const waiting = new Waiting(frame);
const toggle = (at) => go({ only: map.features.without(at, shown.only) }, false);
const compare = new Compare(map, config, (change, again) => go(change, false, again), toggle);
const address = new Address(map.map, ids, config.address);
const table = new TableView(
  document.querySelector("#table"),
  config.table_rows,
  (selected) => go({ selected }, true),
  (selected) => write({ ...shown, selected }),
);
table.sortBy = (sort) => go({ sort }, false);
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

const gather = gatherer(layerOf, fetched, compare, threshold);

const several = document.querySelector("#select");
const selection = new Selection(several, map, config.selection, (sel) => go({ sel }, false), address);
table.tick = (id, name) => (selection.section.hidden ? "" : selection.box(id, name));

makeSquares((only) => go({ only }, false));
const strength = makeStrength(document.querySelector(".legends"), (o) => go({ o }, false, true));
const found = new Found(
  map,
  { url: config.search_url, layers: config.selection.layers },
  go,
  reach && ((spot) => reach.choose(spot)),
);

/**
 * Change what is shown, and the address with it; another layer has other classes.
 *
 * @param {object} change
 * @param {boolean} near whether to move the map to what is chosen
 * @param {boolean} again whether it goes on with the change before, which Back then undoes too
 */
function go(change, near, again = false) {
  const own = change.layer && change.layer !== shown.layer ? { t: "", ...ALONE } : {};
  const next = { ...shown, ...own, ...change };
  const same = write(next) === write(shown);
  if (same && !near) return;
  if (!same) address.write(next, again);
  show(next, near);
}

async function show(next, near, asked = false) {
  const changed = differs(next, "layer", "cmp", "cmpmode", "only", "t");
  const stands = !changed && !differs(next, "selected", "sel") && !near;
  shown = next;
  reach?.show(next.reach, next.mode);
  const gone = found.show(next.find, asked && near);
  map.strength(strength(next.o));
  compare.swipe.meet(next.at);
  if (stands) {
    table.arrange(next.sort);
    settled();
    return;
  }
  if (changed) {
    waiting.begin(layerOf(next.layer));
    // Whoever goes back meanwhile comes back to all of it.
    there = NOTHING;
  }
  try {
    const [features, shapes, other] = await gather(next);
    if (next.selected) await shapes?.ask?.(next.selected);
    if (shown !== next) return;
    waiting.end();
    features.narrow(next.only);
    const turned = changed || map.features !== features;
    const told = () => {
      if (written) makeToggles(config.layers, toggle);
      written = false;
      showLegends(compare.legends(next), next.layer);
      tellLayer(features, Boolean(shapes));
    };
    if (turned) {
      map.show(features, shapes);
      compare.show(next, other);
      if (!written) told();
    }
    if (!asked && next.selected && !features.places.has(next.selected)) letGo();
    const now = shown;
    select(features, now.selected, gone ? null : near, !asked);
    selection.show(now.sel, features, now.t, near && !gone && !now.selected);
    if (turned) {
      await painted();
      performance.mark("painted");
      if (shown !== now) return;
      if (written) told();
      await table.show(features, now.sort);
      if (shown !== now) return;
    }
    table.arrange(now.sort);
    table.select(now.selected);
    there = now;
    settled();
    if (turned) fetched.others(features.layer);
  } catch (problem) {
    if (shown === next) waiting.fail(problem);
  }
}

/** Tell links and files what is shown now. */
function settled() {
  frame.dataset.shown = address.query;
  const twin = document.querySelector("#as-table");
  if (twin) twin.href = config.table_url + write({ ...shown, sel: "" });
}

/** What was chosen in another layer isn't in this one. */
function letGo() {
  shown = { ...shown, selected: "" };
  address.write(shown, true);
}

function select(features, selected, near, gliding) {
  const place = features.places.get(selected);
  map.select(place, near, gliding);
  showDetails(features, selected, () => go({ selected: "" }, false));
  if (place === undefined) return;
  reach?.offer(document.querySelector("#details"), map.shapes?.get(selected));
  tell(readout(features, place, table.features === features ? table.order : []));
}

makeRail(
  (layer) => go({ layer }, false),
  (layer) => fetched.layer(layerOf(layer)).catch(() => {}),
);

listen(frame, {
  step: (steps) => map.features && go({ selected: table.neighbour(steps) }, true),
  open: () => document.querySelector("#details a[href]")?.click(),
  toggle: () => shown.selected && !selection.section.hidden && selection.toggle(shown.selected),
  leave: () => {
    if (selection.lasso.tool) selection.take("");
    else if (reach?.isOpen) reach.close();
    else if (shown.find) go({ find: "" }, false);
    else go({ selected: "" }, false);
  },
});

ground.catch(() => load(config.basemap_url)).then(
  (collection) => map.ground(collection, () => load(config.lanes_url)),
  (problem) => note(say("base-map-failed", { why: problem.message })),
);
const opened = address.open();
address.follow((state) => {
  if (!address.position) map.whole(layerOf(state.layer).bounds);
  show(state, null, true);
});
show(opened, address.position ? null : true, true);
