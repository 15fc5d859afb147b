/** Names of places, the greater ones first, none over another. */

import { geometryOf } from "./packing.js";

const { L } = window;

/** From the greatest to the least: the zooms that show it and the size of its letters. */
const KINDS = {
  city: { from: 7, size_px: 16 },
  town: { from: 9, size_px: 14 },
  village: { from: 11, size_px: 12 },
  suburb: { from: 12.5, size_px: 12 },
};

/**
 * Choose names that don't touch, the first ones given going first.
 *
 * @param {{x: number, y: number, width: number, height: number}[]} boxes middles and sizes
 * @returns {boolean[]} whether each is shown
 */
export function apart(boxes) {
  const shown = [];
  return boxes.map((box) => {
    const clear = shown.every(
      (other) =>
        Math.abs(box.x - other.x) * 2 >= box.width + other.width ||
        Math.abs(box.y - other.y) * 2 >= box.height + other.height,
    );
    if (clear) shown.push(box);
    return clear;
  });
}

/**
 * Write the names of a base map's places.
 *
 * @param {L.Map} map
 * @param {{scale: number, features: object[]}} packed as it comes from the server
 */
export function draw(map, { scale, features }) {
  const ranks = Object.keys(KINDS);
  map.createPane("names").style.zIndex = 620;
  const names = features
    .filter(({ properties }) => properties.kind in KINDS && properties.name)
    .sort((a, b) => ranks.indexOf(a.properties.kind) - ranks.indexOf(b.properties.kind))
    .map(({ properties, geometry }) => name(properties, geometryOf(geometry, scale).coordinates));
  const update = () => {
    const zoom = map.getZoom();
    const wanted = names.filter(({ kind }) => zoom >= KINDS[kind].from);
    const boxes = wanted.map(({ spot, text, kind }) => {
      const { x, y } = map.latLngToLayerPoint(spot);
      const size = KINDS[kind].size_px;
      return { x, y, width: text.length * size * 0.56 + 8, height: size * 1.3 };
    });
    const shown = apart(boxes);
    const kept = new Set(wanted.filter((_, at) => shown[at]));
    for (const each of names) {
      if (!kept.has(each)) each.marker.remove();
      else if (!map.hasLayer(each.marker)) each.marker.addTo(map);
    }
  };
  map.on("zoomend", update);
  update();
}

function name({ kind, name: text }, [lon, lat]) {
  const label = document.createElement("span");
  label.textContent = text;
  const icon = L.divIcon({ className: `name name-${kind}`, html: label, iconSize: [0, 0] });
  const options = { icon, pane: "names", interactive: false, keyboard: false };
  return { kind, text, spot: [lat, lon], marker: L.marker([lat, lon], options) };
}
