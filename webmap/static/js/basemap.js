/** The base map: land, water, streets and names, quiet enough to read data over it. */

const { L } = window;

/** How each kind of thing is drawn: `from` is the least zoom that shows it. */
const AREAS = {
  sea: { fillColor: "#d5e3ea", color: "#a9c3d1", weight: 1 },
  water: { fillColor: "#d5e3ea", color: "#a9c3d1", weight: 0.5 },
  park: { fillColor: "#dfe8d3", weight: 0 },
};
const LINES = {
  path: { from: 15, color: "#a59c8c", width: 1, dashArray: "2 3" },
  minor: { from: 12, color: "#c9c2b4", width: 1 },
  rail: { from: 10, color: "#8d8d92", width: 1.25, dashArray: "6 3" },
  major: { from: 9, color: "#b3a78f", width: 1.75 },
  motorway: { from: 7, color: "#8a7a9c", width: 2.5 },
};
const OUTLINE = { color: "#4a4f57", weight: 1.5, dashArray: "8 3 2 3", fill: false };

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

/**
 * Draw the base map.
 *
 * @param {L.Map} map
 * @param {{features: object[]}} collection
 */
export function draw(map, collection) {
  const kinds = byKind(collection);
  pane(map, "ground", 200);
  pane(map, "roads", 300);
  pane(map, "outline", 430);
  const ground = L.canvas({ pane: "ground", padding: 0.2 });
  for (const [kind, style] of Object.entries(AREAS)) {
    for (const shape of kinds.get(kind) ?? []) {
      const options = { ...style, fillOpacity: 1, renderer: ground, interactive: false };
      L.geoJSON(shape, { pane: "ground", style: options, ...options }).addTo(map);
    }
  }
  const outline = L.canvas({ pane: "outline", padding: 0.2 });
  for (const shape of kinds.get("authority") ?? []) {
    L.geoJSON(shape, { ...OUTLINE, pane: "outline", renderer: outline, interactive: false }).addTo(
      map,
    );
  }
  streets(map, kinds);
}

function streets(map, kinds) {
  const renderer = L.canvas({ pane: "roads", padding: 0.2 });
  const drawn = Object.entries(LINES)
    .filter(([kind]) => kinds.has(kind))
    .map(([kind, { from, width, ...style }]) => {
      const options = { ...style, pane: "roads", renderer, interactive: false, smoothFactor: 1.5 };
      return { from, width, line: L.polyline(linesOf(kinds.get(kind)), options) };
    });
  const update = () => {
    const zoom = map.getZoom();
    for (const { from, width, line } of drawn) {
      line.setStyle({ weight: widthAt(width, zoom) });
      if (zoom >= from && !map.hasLayer(line)) line.addTo(map);
      if (zoom < from) line.remove();
    }
  };
  map.on("zoomend", update);
  update();
}

function pane(map, name, depth) {
  map.createPane(name).style.zIndex = depth;
}
