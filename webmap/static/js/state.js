/** What is shown, as the page's address says it: the address owns the state. */

/** What an address may hold beside the layer, each as text; "" where it doesn't. */
const PARTS = ["selected", "reach", "mode", "only", "sort", "t", "sel", "find", "o", "cmp", "cmpmode", "at"];

/**
 * @typedef {{layer: string, selected: string, reach: string, mode: string, only: string,
 *   sort: string, t: string, sel: string, find: string, o: string, cmp: string, cmpmode: string,
 *   at: string}} State
 */

/** What is shown where an address asks for nothing. */
export const NOTHING = Object.fromEntries(["layer", ...PARTS].map((part) => [part, ""]));

/**
 * Read what an address's query asks for; a layer that isn't offered falls back to the first.
 *
 * @param {string} query such as `?layer=cells&selected=8a19`
 * @param {string[]} layers ids in the order offered
 * @returns {State}
 */
export function read(query, layers) {
  const asked = new URLSearchParams(query);
  const parts = PARTS.map((part) => [part, asked.get(part) ?? ""]);
  const layer = asked.get("layer") ?? "";
  return { layer: layers.includes(layer) ? layer : layers[0], ...Object.fromEntries(parts) };
}

/**
 * Write a state, and where the map stands, as a query.
 *
 * @param {State} state
 * @param {Position | null} position
 * @returns {string}
 */
export function write(state, position = null) {
  const query = new URLSearchParams({ layer: state.layer });
  for (const part of PARTS) if (state[part]) query.set(part, state[part]);
  if (position) for (const part of ["z", "c"]) query.set(part, position[part]);
  // A comma separates, and may stand in a query as it is.
  return `?${query}`.replaceAll("%2C", ",");
}

/**
 * Where the map stands: its zoom, and the latitude and longitude of its middle with a comma between.
 *
 * @typedef {{z: string, c: string}} Position
 */

/**
 * Read where the map is asked to stand; null where a query doesn't say so.
 *
 * @param {string} query
 * @returns {Position | null}
 */
export function standing(query) {
  const asked = new URLSearchParams(query);
  const [z, c] = ["z", "c"].map((part) => asked.get(part) ?? "");
  const [latitude, longitude, ...more] = c.split(",").map(Number);
  const fits = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && more.length === 0;
  return /^\d{1,2}(\.\d{1,2})?$/.test(z) && fits ? { z, c } : null;
}

/** Where a map stands, to about a metre. */
export function positionOf(map) {
  const { lat, lng } = map.getCenter();
  return { z: String(map.getZoom()), c: `${round(lat)},${round(lng)}` };
}

function round(degrees) {
  return Number(degrees.toFixed(5));
}

/** The latitude and longitude of a position. */
export function middleOf({ c }) {
  return c.split(",").map(Number);
}
