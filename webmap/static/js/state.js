/** What is shown, as the page's address says it: the address owns the state. */

/** What an address may hold beside the layer, each as text; "" where it doesn't. */
const PARTS = ["selected", "reach", "mode", "only", "t", "sel"];

/**
 * @typedef {{layer: string, selected: string, reach: string, mode: string, only: string, t: string,
 *   sel: string}} State
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
 * Write a state as a query.
 *
 * @param {State} state
 * @returns {string}
 */
export function write(state) {
  const query = new URLSearchParams({ layer: state.layer });
  for (const part of PARTS) if (state[part]) query.set(part, state[part]);
  return `?${query}`;
}
