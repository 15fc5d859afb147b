/** The legend's own controls: which classes are shown, and how strongly the layer is drawn. */

import { say } from "./messages.js";
import { element, note, tell } from "./panel.js";
import { count, number } from "./wording.js";

const STRENGTHS = { min: 20, max: 100, step: 10 };

/** The rows of a layer's legend, in the order of its classes. */
function rowsOf(layer) {
  return [...document.querySelectorAll(`[data-legend="${CSS.escape(layer)}"] [data-class]`)];
}

/**
 * Turn each class's label into a button that shows or hides it.
 *
 * @param {object[]} layers
 * @param {(at: number) => void} toggle called with a class's place in the legend
 */
export function makeToggles(layers, toggle) {
  for (const { layer_id: layer, classes } of layers) {
    rowsOf(layer).forEach((row, at) => {
      const button = element("button", classes[at].label);
      button.type = "button";
      button.title = say("only-this-class", { label: classes[at].label });
      button.addEventListener("click", () => toggle(at));
      row.querySelector(".label").replaceChildren(button);
    });
  }
}

/**
 * Let the squares of need and access narrow the layer to their own class, and back to all.
 *
 * @param {(only: string) => void} narrow called with the class's key; "" for all
 */
export function makeSquares(narrow) {
  document.querySelector(".legends").addEventListener("click", (event) => {
    const link = event.target.closest("[data-only]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    narrow(link.hasAttribute("aria-current") ? "" : link.dataset.only);
  });
}

/**
 * Tell what of a layer is shown, and whether it is on the map.
 *
 * @param {import("./features.js").Features} features
 * @param {boolean} placed whether it has shapes
 */
export function tellLayer(features, placed) {
  const { layer, shown } = features;
  markToggles(features);
  recount(features);
  note(placed ? "" : say("no-place"));
  tell(say("in-the-table", { title: layer.title, count: shown.length }));
}

/** @param {import("./features.js").Features} features */
function markToggles(features) {
  for (const button of document.querySelectorAll("[data-legend] .label button")) {
    button.disabled = button.closest("[data-legend]").dataset.legend !== features.layer.layer_id;
  }
  for (const link of document.querySelectorAll("[data-only]")) {
    if (link.dataset.only === features.only) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  rowsOf(features.layer.layer_id).forEach((row, at) => {
    const shown = features.classShown(at);
    row.classList.toggle("hidden-class", !shown);
    row.querySelector(".label button").setAttribute("aria-pressed", String(shown));
  });
}

/**
 * Write how many features, and people, each class has; states that nothing is in share a line, as
 * on the server (webmap/screen/legend.py).
 *
 * @param {import("./features.js").Features} features
 */
function recount({ layer, classes, values }) {
  const people = values.columns[layer.people];
  const lines = layer.classes.map(() => []);
  classes.forEach((at, place) => lines[at]?.push(place));
  const most = Math.max(1, ...lines.map(({ length }) => length));
  rowsOf(layer.layer_id).forEach((row, at) => {
    const [many, who] = row.querySelectorAll("td.count");
    const sum = lines[at].reduce((all, place) => all + (people?.[place] ?? 0), 0);
    many.textContent = number(lines[at].length);
    if (who) who.textContent = count(sum);
    row.querySelector(".bar rect").setAttribute("width", (100 * lines[at].length) / most);
    row.hidden = layer.classes[at].state && !lines[at].length;
  });
  const none = layer.classes.filter(({ state }, at) => state && !lines[at].length);
  const line = document.querySelector(`[data-legend="${CSS.escape(layer.layer_id)}"] .none-here`);
  line.hidden = !none.length;
  const labels = none.map(({ label }) => label[0].toLowerCase() + label.slice(1));
  line.textContent = say("legend-none", { classes: labels.join("; ") });
}

/**
 * Put a slider beneath the legends: how strongly the layer lies over the base map.
 *
 * @param {HTMLElement} legends
 * @param {(o: string) => void} go called with the strength chosen in per cent; "" for all of it
 * @returns {(o: string) => number} sets the slider as an address says, and returns the share
 */
export function makeStrength(legends, go) {
  const input = Object.assign(element("input"), { type: "range", ...STRENGTHS, value: 100 });
  input.addEventListener("input", () => go(input.value === "100" ? "" : input.value));
  const label = element("label", `${say("opacity")} `, input);
  label.className = "strength";
  legends.append(label);
  return (o) => {
    input.value = /^\d+$/.test(o) ? o : "100";
    return Number(input.value) / 100;
  };
}
