/** Values in words, just as the server says them (webmap/wording.py). */

const STATE_WORDS = {
  not_covered: "not covered by the street map",
  no_network: "no streets to travel here",
  unknown: "unknown",
};

/**
 * @typedef {{name: string, title: string, heading: string, kind: string, state: ?string}} Column
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
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return value;
  return column.kind === "people" ? count(value) : number(value, column.kind === "share");
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
  if (own in STATE_WORDS) return STATE_WORDS[own];
  const lost = own === "unreachable" || line.key === "unreachable";
  if (lost || (column.kind === "time" && !line.state)) return `no way to ${mode} there`;
  if (line.state) return STATE_WORDS[line.key] ?? line.label.toLowerCase();
  return column.name.startsWith("nearest") ? "none" : "unknown";
}
