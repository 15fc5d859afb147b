/** The base map: land, water, streets and names, quiet enough to read data over it. */

const { L } = window;

/**
 * How each kind of thing is drawn: `from` is the least zoom that shows it, and colours are named as
 * the page's tokens have them (css/tokens.css).
 */
const AREAS = {
  sea: { fillColor: "sea", color: "shore", weight: 1 },
  water: { fillColor: "sea", color: "shore", weight: 0.5 },
  park: { fillColor: "park", weight: 0 },
};
const LINES = {
  path: { from: 15, color: "path", width: 1, dashArray: "2 3" },
  minor: { from: 12, color: "minor", width: 1 },
  rail: { from: 10, color: "rail", width: 1.25, dashArray: "6 3" },
  major: { from: 9, color: "major", width: 1.75 },
  motorway: { from: 7, color: "motorway", width: 2.5 },
};
/** What only shows from near comes on its own, when it is first wanted. */
const LANES = ["path", "minor"];
export const LANES_FROM = LINES.minor.from;
const OUTLINE = { color: "border", weight: 1.5, dashArray: "8 3 2 3", fill: false };

/** Width of a line at a zoom, in CSS pixels: it doubles every three zooms past 13. */
export function widthAt(width, zoom) {
  return width * Math.max(0.6, 2 ** ((zoom - 13) / 3));
}

/**
 * Gather a base map's features by kind, the lines of a kind into one.
 *
 * @param {{features: object[]}} collection GeoJSON
 * @returns {Map<string, object[]>} kind → geometries
 */
export function byKind(collection) {
  const kinds = new Map();
  for (const { properties, geometry } of collection.features) {
    if (!kinds.has(properties.kind)) kinds.set(properties.kind, []);
    kinds.get(properties.kind).push(geometry);
  }
  return kinds;
}

/** The lines of geometries, each a list of [latitude, longitude]. */
function linesOf(geometries) {
  return geometries.flatMap(({ type, coordinates }) => {
    const lines = type === "LineString" ? [coordinates] : coordinates;
    return lines.map((line) => line.map(([lon, lat]) => [lat, lon]));
  });
}

/** The page's colour of that name, as it is just now, in the light or the dark. */
function inkOf(probe, name) {
  probe.style.color = `var(--map-${name})`;
  return getComputedStyle(probe).color;
}

/**
 * Draw the base map.
 *
 * @param {L.Map} map
 * @param {{features: object[]}} collection
 * @returns {{paint: () => void, add: (more: {features: object[]}) => void}} what paints it anew, in
 *   the colours that the page has by then, and what adds streets
 */
export function draw(map, collection) {
  const kinds = byKind(collection);
  pane(map, "ground", 200);
  pane(map, "roads", 300);
  pane(map, "outline", 430);
  const drawn = [];
  const ground = L.canvas({ pane: "ground", padding: 0.2 });
  for (const [kind, style] of Object.entries(AREAS)) {
    const options = { ...style, fillOpacity: 1, renderer: ground, interactive: false };
    for (const shape of kinds.get(kind) ?? []) {
      drawn.push({ style, layer: L.geoJSON(shape, { pane: "ground", style: options, ...options }) });
    }
  }
  const outline = L.canvas({ pane: "outline", padding: 0.2 });
  for (const shape of kinds.get("authority") ?? []) {
    const options = { ...OUTLINE, pane: "outline", renderer: outline, interactive: false };
    drawn.push({ style: OUTLINE, layer: L.geoJSON(shape, options) });
  }
  for (const { layer } of drawn) layer.addTo(map);
  const roads = L.canvas({ pane: "roads", padding: 0.2 });
  drawn.push(...streets(map, kinds, roads));
  const paint = () => {
    const probe = document.createElement("span");
    map.getContainer().append(probe);
    for (const { style, layer } of drawn) {
      const inks = { color: inkOf(probe, style.color ?? "border") };
      if (style.fillColor) inks.fillColor = inkOf(probe, style.fillColor);
      layer.setStyle(inks);
    }
    probe.remove();
  };
  paint();
  const add = (more) => {
    drawn.push(...streets(map, byKind(more), roads));
    paint();
  };
  return { paint, add };
}

function streets(map, kinds, renderer) {
  const drawn = Object.entries(LINES)
    .filter(([kind]) => kinds.has(kind))
    .map(([kind, { from, width, ...style }]) => {
      const options = { ...style, pane: "roads", renderer, interactive: false, smoothFactor: 1.5 };
      return { kind, from, width, style, layer: L.polyline(linesOf(kinds.get(kind)), options) };
    });
  const update = () => {
    const zoom = map.getZoom();
    for (const { kind, from, width, layer } of drawn) {
      layer.setStyle({ weight: widthAt(width, zoom) });
      if (zoom >= from && !map.hasLayer(layer)) {
        layer.addTo(map);
        if (LANES.includes(kind)) layer.bringToBack();
      }
      if (zoom < from) layer.remove();
    }
  };
  map.on("zoomend", update);
  update();
  return drawn;
}

function pane(map, name, depth) {
  map.createPane(name).style.zIndex = depth;
}
