/** What is shown, as the page's address says it: the address owns the state. */

/**
 * @typedef {{layer: string, selected: string, reach: string, only: string}} State
 */

/**
 * Read what an address's query asks for; a layer that isn't offered falls back to the first.
 *
 * @param {string} query such as `?layer=cells&selected=8a19`
 * @param {string[]} layers ids in the order offered
 * @returns {State}
 */
export function read(query, layers) {
  const asked = new URLSearchParams(query);
  const layer = asked.get("layer") ?? "";
  return {
    layer: layers.includes(layer) ? layer : layers[0],
    selected: asked.get("selected") ?? "",
    reach: asked.get("reach") ?? "",
    only: asked.get("only") ?? "",
  };
}

/**
 * Write a state as a query.
 *
 * @param {State} state
 * @returns {string}
 */
export function write({ layer, selected, reach, only }) {
  const query = new URLSearchParams({ layer });
  if (selected) query.set("selected", selected);
  if (reach) query.set("reach", reach);
  if (only) query.set("only", only);
  return `?${query}`;
}
