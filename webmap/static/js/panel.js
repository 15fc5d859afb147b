/** What is said beside the map: the chosen feature, the legend, and news for screen readers. */

import { say } from "./messages.js";

/** So many facts are read out of a feature that has no sentence. */
const FACTS_TOLD = 4;

/** Shorthand for an element with text and children. */
export function element(tag, text = "", ...children) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

/**
 * A copy of the legend's swatch for a class.
 *
 * @param {string} layer
 * @param {number} at the class's place in the legend
 * @returns {Node | string}
 */
export function swatch(layer, at) {
  const row = document.querySelector(
    `[data-legend="${CSS.escape(layer)}"] [data-class="${at}"] .swatch`,
  );
  return row ? row.cloneNode(true) : "";
}

/** Show legends. */
export function showLegends(legends, layer) {
  for (const legend of document.querySelectorAll("[data-legend]")) {
    legend.hidden = !legends.includes(legend.dataset.legend);
    const side = legend.querySelector(".side");
    if (side) side.hidden = legends.length < 2 && legend.dataset.legend === layer;
  }
}

/** Tell screen readers what has changed. */
export function tell(sentence) {
  document.querySelector("#told").textContent = sentence;
}

/** Say something over the map; "" to say nothing. */
export function note(sentence) {
  const box = document.querySelector("#map-note");
  box.textContent = sentence;
  box.hidden = !sentence;
}

/**
 * Write what is known of a feature.
 *
 * @param {import("./features.js").Features} features
 * @param {string} selected its id; "" for none
 * @param {() => void} letGo called to choose nothing
 */
export function showDetails(features, selected, letGo) {
  const box = document.querySelector("#details");
  const title = box.querySelector("h2");
  title.textContent = say("nothing-chosen");
  const place = features.places.get(selected);
  const hint = selected
    ? say("not-in-layer", { id: selected, layer: features.layer.title })
    : say("choose-something");
  if (place === undefined) {
    box.replaceChildren(title, element("p", hint));
    return;
  }
  const [name, ...texts] = features.cells(place);
  title.textContent = name;
  const close = element("button", say("close"));
  close.type = "button";
  close.className = "close";
  close.addEventListener("click", letGo);
  const facts = texts.map((text, at) => {
    const { heading } = features.layer.columns[at + 1];
    return element("div", "", element("dt", heading), element("dd", text));
  });
  // The engine wrote it in English, whatever the language of the page, unless it was told anew.
  const sentence = element("p", features.sentence(place));
  sentence.className = "sentence";
  if (!features.layer.spoken) sentence.lang = "en";
  const parts = [title, close, sentence];
  if (features.layer.area_url) {
    const link = element("a", say("open-profile"));
    link.href = features.layer.area_url + encodeURIComponent(selected);
    parts.push(element("p", "", link));
  }
  box.replaceChildren(...parts, element("dl", "", ...facts));
}

/**
 * What is read out of a feature: which of how many it is, its sentence and how long it typically
 * takes from there; without a sentence the first of its facts.
 *
 * @param {import("./features.js").Features} features
 * @param {number} place
 * @param {number[]} order places in the table's order
 */
export function readout(features, place, order) {
  const [name, ...texts] = features.cells(place);
  const { columns } = features.layer;
  const facts = texts.map((text, at) => [columns[at + 1], text]);
  const sentence = features.sentence(place);
  const told = sentence
    ? facts.filter(([{ kind }]) => kind === "time").slice(0, 1)
    : facts.slice(0, FACTS_TOLD);
  const parts = told.map(([{ heading }, text]) => `${heading}: ${text}.`);
  if (sentence) parts.unshift(sentence);
  if (!sentence.startsWith(name)) parts.unshift(`${name}.`);
  const at = order.indexOf(place) + 1;
  if (!at) return parts.join(" ");
  return say("readout", { at, total: order.length, told: parts.join(" ") });
}
