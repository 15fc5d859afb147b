/** All that a state shows, fetched: its layer, judged and compared as it says. */

/**
 * @param {(id: string) => object} layerOf a layer's description
 * @param {import("./fetched.js").Fetched} fetched
 * @param {import("./compare.js").Compare} compare
 * @param {?import("./threshold.js").Threshold} threshold
 * @returns {(state: import("./state.js").State) => Promise<[object, ?object, ?[object, object]]>}
 *   fetches a state's features and shapes, and those of a layer to lie beside them
 */
export function gatherer(layerOf, fetched, compare, threshold) {
  async function judge({ t }) {
    const [areas] = await fetched.layer(layerOf(threshold.config.layer_id));
    return threshold.judge(areas, t);
  }
  return async (state) => {
    const layer = await compare.layerOf(state);
    const beside = state.cmp && state.cmpmode !== "change" ? layerOf(state.cmp) : null;
    const [[held, shapes], other, judged] = await Promise.all([
      fetched.layer(layer),
      beside && fetched.layer(beside),
      threshold?.concerns(state) ? judge(state) : null,
    ]);
    const own = (features) =>
      features.layer.layer_id === judged?.layer.layer_id ? judged : features;
    return [own(held), shapes, other && [own(other[0]), other[1]]];
  };
}
