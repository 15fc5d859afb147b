/** Values in words, just as the server says them (webmap/text/wording.py). */

import { say } from "./messages.js";

const STATES = ["not_covered", "no_network", "unknown"];
const LEAST_CHANCE = 0.001;
const SMALL = 0.1;

/**
 * @typedef {{name: string, heading: string, short: string, kind: string, state: ?string, words: object}} Column
 * @typedef {{key: string, label: string, state: boolean, style: object}} Line
 */

/**
 * Write a number: whole ones as they are, others to one decimal place (none from 100 on).
 *
 * @param {number} value
 * @param {boolean} share whether it is a share, 0–1, to be told in per cent
 * @returns {string}
 */
export function number(value, share = false) {
  // toFixed rounds the number itself; a product with 100 may already be rounded the other way.
  const size = share ? Math.round(Number(Math.abs(value).toFixed(2)) * 100) : Math.abs(value);
  const whole = share || Number.isInteger(size) || size >= 100;
  const [integer, decimals] = size.toFixed(whole ? 0 : 1).split(".");
  const sign = value < 0 && Number(size.toFixed(1)) > 0 ? "-" : "";
  const spaced = integer.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + spaced + (decimals ? `.${decimals}` : "") + (share ? "%" : "");
}

/** Write a number to two significant figures. */
function figures(value) {
  const power = Number(value.toExponential().split("e")[1]);
  return value.toFixed(1 - power);
}

/** Write a probability to two significant figures, or say that it is too small for that. */
function chance(value) {
  if (value < LEAST_CHANCE) return say("cell-chance-under", { least: String(LEAST_CHANCE) });
  return value < 1 ? figures(value) : number(value);
}

/** Write a count of people that sums of shares may have left fractional. */
export function count(value) {
  return number(Math.round(value));
}

/**
 * Say what a table's cell holds.
 *
 * @param {string | number | boolean | null} value
 * @param {Column} column
 * @param {Line} line the legend's line of the row
 * @param {string} mode how people travel, as a verb
 * @param {?string} state what the column's own column of states says of the row
 * @returns {string}
 */
export function cell(value, column, line, mode, state = null) {
  if (value === null) return missing(column, line, mode, state);
  if (typeof value === "boolean") return say(value ? "cell-yes" : "cell-no");
  if (typeof value !== "number") return column.words[value] ?? value;
  if (column.kind === "people") return count(value);
  if (column.kind === "chance") return chance(value);
  if (column.kind === "change") return (value > 0 ? "+" : "") + number(value);
  const small = value !== 0 && Math.abs(value) < SMALL;
  if (column.kind === "number" && small) return figures(value);
  return number(value, column.kind === "share");
}

/**
 * Say why there is no value: by its own state, by the row's, or by what the column is.
 *
 * @param {Column} column
 * @param {Line} line
 * @param {string} mode
 * @param {?string} state
 * @returns {string}
 */
export function missing(column, line, mode, state) {
  const own = (state ?? "").replace(" ", "_");
  if (STATES.includes(own)) return called(own);
  const lost = own === "unreachable" || line.key === "unreachable";
  if (lost || (column.kind === "time" && !line.state)) return say("cell-unreachable", { mode });
  if (line.state) return STATES.includes(line.key) ? called(line.key) : line.label.toLowerCase();
  return say(column.name.startsWith("nearest") ? "cell-none" : "cell-unknown");
}

function called(name) {
  return say(`cell-${name.replace("_", "-")}`);
}
