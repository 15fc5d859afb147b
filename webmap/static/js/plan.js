/** The Plan page comes to life: every edit asks the server what it would do, as it is made. */

import { Asker } from "./asking.js";
import { Buildings } from "./buildings.js";
import { amend, at, fresh, History, openings, queryOf } from "./edits.js";
import * as effects from "./effects.js";
import { Features, load } from "./features.js";
import { carry, mark, numberOf, titleOf, wire } from "./forms.js";
import { Gain } from "./gain.js";
import { MapView } from "./map.js";
import { say, start } from "./messages.js";
import { note, tell } from "./panel.js";
import { Shapes } from "./shapes.js";
import { Sites } from "./sites.js";
import { Suggest } from "./suggest.js";
import { evaluator } from "./whatif.js";

const find = (what) => document.querySelector(what);
const frame = find(".map");
const config = JSON.parse(frame.dataset.config);
const catalogues = await Promise.all(config.messages_urls.map(async (url) => (await fetch(url)).text()));
start(config.tag, catalogues.join("\n"), config.words);

const histories = Object.fromEntries(
  Object.entries(config.plans).map(([letter, plan]) => [letter, new History(plan)]),
);
const tokens = { ...config.tokens };
const words = {};
const [areas, provision] = config.layers;
let shown = config.shown;
let chosen = "";
let statuses = null;
let tried = false;
const plan = () => histories[shown];
const view = new MapView(frame, config, () => choose(""));
const parts = [areas, provision].flatMap((each) => [each.geometry_url, each.values_url]);
const [areaShapes, areaValues, points, pointValues] = await Promise.all(parts.map((url) => load(url)));
const shapes = new Shapes(areaShapes);
const settings = new Features(provision, pointValues, config.words.mode);
const sites = new Sites(view.map, settings, new Shapes(points), {
  chosen: choose,
  moved: (id, spot, settled) => edit(settled, { move: id, at: at(spot) }),
});
const gain = new Gain(view.map, sites.renderer, config.gains, (spot) => open(spot));

const buildings = new Buildings(view.map, sites.renderer, config.language, inBuilding);

const evaluate = evaluator(config.language, () => {
  find("#sentence").textContent = say("plan-getting-ready");
});
const asker = new Asker(evaluate, answered, failed);

function answered({ settled, letter, edits }, told) {
  effects.problem("");
  tried = false;
  effects.write(told.words, areas.area_url);
  colour(told.statuses);
  if (!settled) return;
  words[letter] = told.words;
  tokens[letter] = told.plan;
  address();
  tell(told.words.sentence);
  frame.dataset.shown = JSON.stringify(edits);
  compared();
  if (gain.shown !== null) gain.show(tokens[shown]);
  buildings.on(tokens[shown]).catch(failed);
}

function failed({ message }) {
  if (tried) plan().forget();
  tried = false;
  sites.show(plan().edits, chosen);
  mark(histories, shown);
  const why = say("plan-failed", { why: message });
  effects.problem(why);
  tell(why);
  frame.dataset.shown = "failed";
}

/** Give each area the colour of the status that it would have. */
function colour(changed) {
  const keys = areaValues.ids.map((id, place) => changed[id] ?? areaValues.class_key[place]);
  const text = keys.join();
  if (statuses === text) return;
  statuses = text;
  view.show(new Features(areas, { ...areaValues, class_key: keys }, config.words.mode), shapes);
}

/** Show the plan; ask for its figures: at once, or when there is time. */
function show(settled = true, edits = plan().edits) {
  const asked = { letter: shown, name: plan().name, edits, settled };
  if (settled) {
    sites.show(edits, chosen);
    effects.offer(sites.offered(), chosen);
    mark(histories, shown);
    asker.now(asked);
  } else asker.soon(asked);
}

/** Make edits for good, or only see what they would do. */
function edit(settled, ...made) {
  const edits = made.reduce(amend, plan().edits);
  if (settled) plan().turn(edits);
  tried = settled;
  show(settled, edits);
}

function open(spot, places = numberOf(find("#open-places").value), name = "") {
  const { id, number } = fresh(plan().edits, sites.known);
  edit(true, { open: id, name: name || say("plan-new-name", { number }), at: at(spot), places });
  drop(false);
  choose(id);
}

function inBuilding(building) {
  if (!building) throw new Error(say("plan-no-building"));
  const { name, longitude, latitude } = building;
  open([longitude, latitude], numberOf(find("#building-places").value), name);
}

function choose(id) {
  chosen = id;
  sites.show(plan().edits, id);
  effects.offer(sites.offered(), chosen);
  if (!id) return;
  find("#change").open = true;
  sites.near(id);
  tell(say("plan-chosen", { name: sites.name(id) }));
}

/** The address holds the plans, and so does every link that carries them. */
function address() {
  const query = queryOf(tokens, shown);
  const next = config.plan_url + query;
  if (next !== window.location.pathname + window.location.search) {
    window.history.pushState(null, "", next);
  }
  carry(query);
}

function compared() {
  const plans = Object.keys(histories)
    .filter((letter) => histories[letter].edits.length && words[letter])
    .map((letter) => ({ title: titleOf(histories, letter), words: words[letter] }));
  effects.compare(plans, [find("#compare th").textContent, say("plan-now")]);
}

function drop(on) {
  find("#drop").setAttribute("aria-pressed", String(on));
  note(on ? say("plan-dropping") : "");
  view.pick(on ? ({ lng, lat }) => open([lng, lat]) : null);
}

/** Work on another plan. */
function turnTo(letter) {
  shown = letter;
  chosen = "";
  show();
}

wire({
  plan,
  show,
  edit,
  open,
  drop,
  chosen: choose,
  turnTo,
  copyTo(letter) {
    histories[letter] = new History({ name: "", edit: plan().edits });
    turnTo(letter);
  },
  gain: (on) => gain.show(on ? tokens[shown] : null).catch(failed),
  failed,
  building: async (id) => inBuilding(await buildings.wanted(id)),
  language: config.language,
});
new Suggest(
  config.language,
  (job) => `${config.plan_url}/suggest/${job}?${new URLSearchParams({ ...tokens, shown, part: 1 })}`,
  () => plan().plan,
  (found, places) => edit(true, ...openings(plan().edits, sites.known, found, places)),
);
window.addEventListener("popstate", () => window.location.reload());
load(config.basemap_url).then(
  (collection) => view.ground(collection, () => load(config.lanes_url)),
  (problem) => note(say("base-map-failed", { why: problem.message })),
);
show();
for (const [letter, { name, edits }] of Object.entries(histories)) {
  if (letter === shown || !edits.length) continue;
  const told = await evaluate({ name, edits }, new AbortController().signal).catch(() => null);
  if (told) words[letter] = told.words;
  compared();
}
