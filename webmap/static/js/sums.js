/** What is said of several areas together: in a sentence, by class and by decile. */

import { limitOf } from "./judging.js";
import { say } from "./messages.js";
import { element, swatch } from "./panel.js";
import { count, number } from "./wording.js";

/**
 * Say how the people of some areas are served.
 *
 * @param {object} sums as the server adds them up (webmap/screen/selection.py)
 * @param {number} minutes the threshold
 */
export function sentenceOf({ ids, people, beyond, unknown, share, without }, minutes) {
  const values = {
    ...limitOf(minutes),
    areas: ids.length,
    beyond: Math.round(beyond),
    all: Math.round(people),
  };
  const parts = [
    share === null
      ? say("select-unknown", values)
      : say("select-sums", { ...values, share: number(share, true) }),
  ];
  if (unknown >= 0.5) parts.push(say("select-in-doubt", { count: Math.round(unknown) }));
  if (without) parts.push(say("select-without", { count: without }));
  return parts.join(" ");
}

/** Tables of the areas and people by class of a layer, and by decile. */
export function sheetsOf({ classes, deciles }, layer) {
  const kinds = classes.map(({ key, ...each }) => {
    const at = layer.classes.findIndex((line) => line.key === key);
    return [[swatch(layer.layer_id, at), layer.classes[at]?.label ?? key], each];
  });
  const tenths = deciles.map(({ key, ...each }) => {
    return [[key === null ? say("cell-unknown") : number(key)], each];
  });
  return [sheet(say("select-by-class"), kinds), sheet(say("select-by-decile"), tenths)];
}

function sheet(title, rows) {
  const heads = [title, say("select-areas"), say("select-people")].map((text, at) =>
    Object.assign(element("th", text), { scope: "col", className: at ? "count" : "" }),
  );
  const lines = rows.map(([name, { areas, people }]) => {
    const key = Object.assign(element("span", "", ...name), { className: "key" });
    const head = Object.assign(element("th", "", key), { scope: "row" });
    const texts = [number(areas), people === null ? say("cell-unknown") : count(people)];
    const cells = texts.map((text) => Object.assign(element("td", text), { className: "count" }));
    return element("tr", "", head, ...cells);
  });
  const top = element("thead", "", element("tr", "", ...heads));
  return element("table", "", top, element("tbody", "", ...lines));
}
