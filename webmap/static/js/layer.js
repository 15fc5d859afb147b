/** A layer on the map: its features drawn by class, told under the pointer, chosen by a click. */

const { L } = window;
const POINT_PX = 7;
const LINE_PX = 3;
const MANY = 400;
const FINE_PX = 0.4;

/**
 * How a feature is drawn.
 *
 * @param {object} style a class's style
 * @param {string} geometry what the layer is drawn as
 * @param {number} count how many features there are: the edges of many are fine
 * @returns {object} Leaflet's path options
 */
export function pathOptions(style, geometry, count) {
  if (geometry === "line") {
    return { color: style.fill, weight: LINE_PX, opacity: 1, dashArray: style.pattern === "none" ? null : "4 4" };
  }
  return {
    color: style.outline,
    weight: geometry === "polygon" && count > MANY ? FINE_PX : style.outline_px,
    opacity: 1,
    fillColor: style.fill,
    fillOpacity: style.opacity,
    pattern: style.pattern,
    shape: style.shape,
    radius: POINT_PX,
  };
}

/**
 * The order to draw features in: the first classes last, so that they lie on top.
 *
 * @param {number[]} classes each feature's place in the legend
 * @returns {number[]} places of features
 */
export function drawingOrder(classes) {
  return classes.map((_, place) => place).sort((a, b) => classes[b] - classes[a] || a - b);
}

/**
 * Make a layer of features.
 *
 * @param {import("./features.js").Features} features
 * @param {{features: object[]}} geometry GeoJSON, in the order of the features
 * @param {object} fallback style of a feature that no class holds
 * @param {L.Renderer} renderer
 * @param {(id: string) => void} choose called with the id of a feature clicked
 * @returns {L.FeatureGroup}
 */
export function make(features, geometry, fallback, renderer, choose) {
  const kind = features.layer.geometry;
  const group = L.geoJSON(null, {
    renderer,
    bubblingMouseEvents: false,
    style: ({ place }) => ({
      ...pathOptions(features.line(place).style ?? fallback, kind, features.count),
      renderer,
    }),
    pointToLayer: (_, spot) => L.circleMarker(spot, { renderer, bubblingMouseEvents: false }),
  });
  for (const place of drawingOrder(features.classes)) {
    const shape = geometry.features[place].geometry;
    if (shape) group.addData({ type: "Feature", id: features.ids[place], properties: {}, geometry: shape, place });
  }
  group.on("click", ({ propagatedFrom }) => choose(propagatedFrom.feature.id));
  group.bindTooltip(({ feature }) => tip(features, feature.place), { sticky: true });
  return group;
}

function tip(features, place) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = features.name(place);
  const said = document.createElement("span");
  said.textContent = features.line(place).label;
  box.append(name, said);
  return box;
}

/**
 * Mark a feature: a dark line with a light one beneath it, that shows on any fill.
 *
 * @param {object} shape GeoJSON geometry
 * @param {L.Renderer} renderer
 * @returns {L.FeatureGroup}
 */
export function mark(shape, renderer) {
  const pen = (color, weight) => ({ color, weight, fill: false, interactive: false, renderer });
  return L.featureGroup(
    [pen("#ffffff", 7), pen("#101820", 3.5)].map((style) =>
      L.geoJSON(shape, {
        style,
        interactive: false,
        pointToLayer: (_, spot) => L.circleMarker(spot, { ...style, radius: POINT_PX + 4 }),
      }),
    ),
  );
}
