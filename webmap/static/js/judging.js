/** The areas judged at any number of minutes, and the finding told anew, just as the server does. */

import { Features } from "./features.js";
import { say } from "./messages.js";
import { count, number } from "./wording.js";

/** What messages need to name a limit of so many minutes. */
export const limitOf = (minutes) => ({ minutes, cutoff: String(minutes) });
const whole = (people) => Math.floor(people + 0.5);
const total = (values) => values.reduce((sum, value) => sum + (value ?? 0), 0);

/**
 * Judge the areas at another threshold.
 *
 * @param {Features} features as the study has them
 * @param {{minutes: number[], beyond: object, unknown: object, status: object}} curves
 * @param {number} minutes
 * @param {string[]} statuses in the engine's order
 * @returns {Features} in the order that the engine would give them
 */
export function judged(features, curves, minutes, statuses) {
  const at = curves.minutes.indexOf(minutes);
  const held = features.values.columns;
  const columns = Object.fromEntries(Object.entries(held).map(([name, all]) => [name, [...all]]));
  const status = features.ids.map((id) => Number(curves.status[id][at]));
  features.ids.forEach((id, place) => {
    columns.status[place] = statuses[status[place]];
    const beyond = curves.beyond[id]?.[at];
    if (beyond === undefined) return;
    const unknown = curves.unknown[id]?.[at] ?? 0;
    const children = held.children[place];
    const known = children === null ? 0 : children - unknown;
    columns.children_beyond[place] = beyond;
    columns.children_unknown[place] = unknown;
    columns.share_beyond[place] = known > 0 ? Math.min(1, beyond / known) : null;
    if (columns.status[place] !== "unknown") columns.sentence[place] = told(columns, place, minutes);
  });
  const far = columns.children_beyond;
  const order = features.ids.map((_, place) => place);
  order.sort(
    (a, b) =>
      status[a] - status[b] ||
      (far[b] ?? -1) - (far[a] ?? -1) ||
      (features.ids[a] < features.ids[b] ? -1 : 1),
  );
  const sorted = (all) => order.map((place) => all[place]);
  const values = {
    ids: sorted(features.ids),
    class_key: sorted(columns.status),
    columns: Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, sorted(all)])),
  };
  return new Features(renamed(features.layer, minutes), values, features.mode);
}

/**
 * Tell of each area in the page's language, where that is not the engine's.
 *
 * @param {Features} features as the study has them
 * @param {number} minutes the study's threshold
 * @returns {Features}
 */
export function retold(features, minutes) {
  const { layer, values, mode } = features;
  const sentence = features.ids.map((_, place) => told(values.columns, place, minutes));
  const columns = { ...values.columns, sentence };
  return new Features({ ...layer, spoken: true }, { ...values, columns }, mode);
}

function told({ status, name, decile, children, children_beyond: far }, place, minutes) {
  if (status[place] === "unknown") return say("area-unknown", { name: name[place] });
  const covered = status[place] !== "not_covered";
  const row = { beyond: far[place], children: children[place], covered };
  const values = { name: name[place], decile: number(decile[place]) };
  return say("area-told", { ...values, told: sentence(row, minutes) });
}

function renamed(layer, minutes) {
  const heading = say("column-children-beyond", limitOf(minutes));
  const short = say("head-children-beyond", limitOf(minutes));
  const columns = layer.columns.map((column) =>
    column.name === "children_beyond" ? { ...column, heading, short } : column,
  );
  return { ...layer, columns, spoken: true };
}

function sentence({ beyond, children, covered }, minutes) {
  const [far, all] = [whole(beyond), whole(children)];
  if (!covered) return say("area-not-covered", { children: all });
  if (all === 0) return say("area-nobody");
  const values = { ...limitOf(minutes), beyond: far, children: all };
  if (far === 0) return say("area-all-within", values);
  return say(far === all ? "area-all-beyond" : "area-some", values);
}

/**
 * Add up what the sentences tell (as webmap/text/finding.py does).
 *
 * @param {Features} features
 * @param {number[]} worst deciles that count as deprived
 */
export function addUp({ values }, worst) {
  const { status, decile, children, children_beyond: far, children_unknown: lost } = values.columns;
  const deprived = status.filter((each, at) => each !== "unknown" && worst.includes(decile[at]));
  const flagged = status.map((each) => each === "underserved");
  return {
    deprived: deprived.length,
    sure: deprived.filter((each) => each !== "not_covered").length,
    flagged: flagged.filter(Boolean).length,
    people: total(children),
    beyond: total(far),
    unknown: total(lost),
    flaggedBeyond: total(far.filter((_, at) => flagged[at])),
  };
}

/** Say the finding in one sentence, without a full stop. */
export function headline(found, minutes, words) {
  const { deprived, sure, flagged } = found;
  const values = {
    ...limitOf(minutes),
    ...words,
    deprived,
    sure,
    flagged,
    count: whole(found.flaggedBeyond),
  };
  if (deprived === 0) return say("headline-none-deprived", values);
  if (flagged) return say("headline-underserved", values);
  if (sure === 0) return say("headline-not-covered", values);
  return say(sure === deprived ? "headline-reached" : "headline-reached-partly", values);
}

/** Say the key figures: what each counts, the number, and what it means. */
export function figures(found, minutes) {
  const limit = limitOf(minutes);
  const known = Math.max(found.people - found.unknown, 1e-9);
  const share = number(found.beyond / known, true);
  return [
    [
      say("figure-underserved"),
      count(found.flaggedBeyond),
      say("figure-underserved-means", { ...limit, areas: found.flagged }),
    ],
    [
      say("figure-beyond", limit),
      count(found.beyond),
      say("figure-beyond-means", { of: whole(found.people), share }),
    ],
  ];
}
