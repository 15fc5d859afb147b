/** A layer on the map: its features drawn by class, told under the pointer, chosen by a click. */

const { L } = window;
const POINT_PX = 7;
const LINE_PX = 3.5;
/** Zoom at which points and lines have their full size. */
const NEAR = 14;
/** From so many areas on, edges are fine; from so many, there are none. */
const MANY = 400;
const VERY_MANY = 2000;
const FINE_PX = 0.5;

/**
 * How a feature is drawn.
 *
 * @param {object} style a class's style
 * @param {string} geometry what the layer is drawn as
 * @param {number} count how many features there are: the edges of many are fine
 * @returns {object} Leaflet's path options
 */
export function pathOptions(style, geometry, count = 1) {
  if (geometry === "line") {
    return {
      color: style.fill,
      weight: LINE_PX,
      opacity: 1,
      dashArray: style.pattern === "none" ? null : "4 4",
    };
  }
  return {
    color: style.outline,
    stroke: geometry !== "polygon" || count < VERY_MANY,
    weight: geometry === "polygon" && count >= MANY ? FINE_PX : style.outline_px,
    opacity: 1,
    fillColor: style.fill,
    fillOpacity: style.opacity,
    pattern: style.pattern,
    shape: style.shape,
    radius: POINT_PX,
  };
}

/**
 * Sizes of points and lines at a zoom: smaller from afar, so that they don't hide one another.
 *
 * @param {number} zoom
 * @returns {{radius: number, weight: number}}
 */
export function sizes(zoom) {
  const part = Math.min(1, Math.max(0.35, 2 ** ((zoom - NEAR) / 4)));
  return { radius: Math.max(4, POINT_PX * part), weight: LINE_PX * part };
}

/**
 * Give neighbours different tints: each area the first that none before it nearby has, or else
 * the one that the fewest of those have.
 *
 * @param {number[][]} boxes each area's west, south, east and north
 * @param {number} tints how many there are
 * @returns {number[]} each area's tint
 */
export function apart(boxes, tints) {
  const chosen = [];
  boxes.forEach(([west, south, east, north], at) => {
    const taken = new Array(tints).fill(0);
    for (let other = 0; other < at; other += 1) {
      const [w, s, e, n] = boxes[other];
      if (w <= east && e >= west && s <= north && n >= south) taken[chosen[other]] += 1;
    }
    chosen.push(taken.indexOf(Math.min(...taken)));
  });
  return chosen;
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
 * @param {(id: string, spot: L.LatLng) => void} choose called with the id of a feature clicked
 * @returns {L.FeatureGroup}
 */
export function make(features, geometry, fallback, renderer, choose) {
  const kind = features.layer.geometry;
  const tints = tintsOf(geometry, features.layer);
  const group = L.geoJSON(null, {
    renderer,
    bubblingMouseEvents: false,
    style: ({ place }) => {
      const style = features.line(place).style ?? fallback;
      const fill = style.tints.length ? style.tints[tints[place]] : style.fill;
      return { ...pathOptions({ ...style, fill }, kind, features.count), renderer };
    },
    pointToLayer: (_, spot) => L.circleMarker(spot, { renderer, bubblingMouseEvents: false }),
  });
  for (const place of drawingOrder(features.classes).filter(features.shows)) {
    const shape = geometry.features[place].geometry;
    if (shape)
      group.addData({
        type: "Feature",
        id: features.ids[place],
        properties: {},
        geometry: shape,
        place,
      });
  }
  group.on("click", ({ propagatedFrom, latlng }) => choose(propagatedFrom.feature.id, latlng));
  group.bindTooltip(({ feature }) => tip(features, feature.place), { sticky: true });
  return group;
}

function tintsOf(geometry, { classes }) {
  const most = Math.max(0, ...classes.map(({ style }) => style.tints.length));
  return most ? apart(geometry.features.map(boxOf), most) : [];
}

function boxOf({ geometry: shape }) {
  const points = shape ? shape.coordinates.flat(Infinity) : [];
  const [lon, lat] = [0, 1].map((odd) => points.filter((_, at) => at % 2 === odd));
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [least(lon), least(lat), most(lon), most(lat)];
}

/**
 * Fit a layer's points and lines to a zoom.
 *
 * @param {L.FeatureGroup} group
 * @param {string} geometry
 * @param {number} zoom
 */
export function fit(group, geometry, zoom) {
  const { radius, weight } = sizes(zoom);
  if (geometry === "line") group.setStyle({ weight });
  if (geometry === "point") group.eachLayer((point) => point.setRadius(radius));
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
 * Mark a feature: an area or a point by a dark line over a light one, that shows on any fill; a
 * line by a dark casing.
 *
 * @param {object} shape GeoJSON geometry
 * @param {string} colour the feature's own
 * @param {L.Renderer} renderer
 * @returns {L.FeatureGroup}
 */
export function mark(shape, colour, renderer) {
  const pen = (color, weight) => ({ color, weight, fill: false, interactive: false, renderer });
  const strokes = shape.type.endsWith("LineString")
    ? [pen("#101820", 6), pen(colour, 3)]
    : [pen("#ffffff", 7), pen("#101820", 3.5)];
  return L.featureGroup(
    strokes.map((style) =>
      L.geoJSON(shape, {
        style,
        interactive: false,
        pointToLayer: (_, spot) => L.circleMarker(spot, { ...style, radius: POINT_PX + 4 }),
      }),
    ),
  );
}
