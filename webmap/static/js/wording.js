/** Values in words, just as the server says them (webmap/wording.py). */

const SHARE_UNITS = ["share", "proportion", "0-1", "0–1"];
const STATE_WORDS = {
  not_covered: "not covered by the street map",
  no_network: "no streets to travel here",
  unknown: "unknown",
};

/**
 * @typedef {{name: string, title: string, unit: string, heading: string}} Column
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
  const size = Math.abs(share ? value * 100 : value);
  const whole = share || Number.isInteger(size) || size >= 100;
  const [integer, decimals] = size.toFixed(whole ? 0 : 1).split(".");
  const sign = value < 0 && Number(size.toFixed(1)) > 0 ? "-" : "";
  const spaced = integer.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + spaced + (decimals ? `.${decimals}` : "") + (share ? "%" : "");
}

/** @param {Column} column */
export function isShare(column) {
  return SHARE_UNITS.includes(column.unit);
}

/** @param {Column} column */
export function isTime(column) {
  return column.unit.startsWith("min");
}

/**
 * Say what a table's cell holds.
 *
 * @param {string | number | boolean | null} value
 * @param {Column} column
 * @param {Line} line the legend's line of the row
 * @param {string} mode how people travel, as a verb
 * @returns {string}
 */
export function cell(value, column, line, mode) {
  if (value === null) return missing(column, line, mode);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return number(value, isShare(column));
  return value;
}

/**
 * Say why there is no value: the row's state, or else what its absence means in this column.
 *
 * @param {Column} column
 * @param {Line} line
 * @param {string} mode
 * @returns {string}
 */
export function missing(column, line, mode) {
  if (line.key === "unreachable" || (isTime(column) && !line.state)) {
    return `no way to ${mode} there`;
  }
  if (line.state) return STATE_WORDS[line.key] ?? line.label.toLowerCase();
  return column.name.startsWith("nearest") ? "none" : "unknown";
}
