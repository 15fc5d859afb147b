/** The areas within some minutes of a spot on the map, and the marker that can be dragged. */

import { say } from "./messages.js";

const { L } = window;
const OPACITY = 0.65;
const WAYS = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
  [-1, -1],
  [1, 1],
];
const EDGE = { color: "#101820", weight: 1.25 };

/**
 * The rings of a band without those within: one path, filled where it is crossed oddly.
 *
 * @param {object[]} features GeoJSON, the longest time first
 * @param {number} at
 * @returns {number[][][]} rings of latitudes and longitudes
 */
export function ringsOf(features, at) {
  const rings = [features[at], features[at + 1]].flatMap(
    (feature) => feature?.geometry.coordinates.flat() ?? [],
  );
  return rings.map((ring) => ring.map(([lon, lat]) => [lat, lon]));
}

/**
 * Where a band's label stands: at its edge, each band's in a direction of its own, since the edges
 * of several may meet on one side (at a river, say).
 *
 * @param {object} feature
 * @param {number} at the band's place
 * @returns {[number, number] | null} longitude and latitude; null where nothing is in reach
 */
export function labelSpot({ geometry }, at) {
  const [east, north] = WAYS[at % WAYS.length];
  const reach = ([lon, lat]) => lon * east + lat * north;
  const points = geometry.coordinates.flat(2);
  return points.reduce((far, point) => (far && reach(far) >= reach(point) ? far : point), null);
}

export class Bands {
  /**
   * @param {L.Map} map
   * @param {{minutes: number, style: object}[]} bands
   * @param {(spot: [number, number], settled: boolean) => void} moved told of the marker's moves
   */
  constructor(map, bands, moved) {
    map.createPane("reach").style.zIndex = 440;
    this.map = map;
    this.styles = new Map(bands.map(({ minutes, style }) => [minutes, style]));
    this.renderer = L.canvas({ pane: "reach", padding: 0.2 });
    this.group = L.featureGroup();
    this.marker = L.marker([0, 0], {
      icon: L.divIcon({ className: "reach-marker", iconSize: [26, 26] }),
      draggable: true,
      keyboard: false,
      autoPan: true,
      zIndexOffset: 1000,
    });
    const tell = (settled) => {
      const { lat, lng } = this.marker.getLatLng();
      moved([lng, lat], settled);
    };
    this.marker.on("drag", () => tell(false));
    this.marker.on("dragend", () => tell(true));
  }

  /** Put the marker at a spot. */
  place([lon, lat]) {
    this.marker.setLatLng([lat, lon]).addTo(this.map);
  }

  /**
   * Draw the bands.
   *
   * @param {{features: object[]}} collection the longest time first
   * @param {boolean} near whether to move the map to them
   */
  draw({ features }, near) {
    this.group.clearLayers();
    features.forEach((feature, at) => {
      const { minutes } = feature.properties;
      const spot = labelSpot(feature, at);
      if (!spot) return;
      const fill = { fillColor: this.styles.get(minutes).fill, fillOpacity: OPACITY };
      const options = { ...EDGE, ...fill, interactive: false, renderer: this.renderer };
      this.group.addLayer(L.polygon(ringsOf(features, at), options));
      this.group.addLayer(label(spot, say("band-minutes", { minutes })));
    });
    this.group.addTo(this.map);
    const bounds = this.group.getBounds();
    if (near && bounds.isValid()) {
      this.map.fitBounds(bounds.pad(0.1), { maxZoom: 15, animate: false });
    }
  }

  /** Take away the bands, but leave the marker. */
  clear() {
    this.group.clearLayers();
  }

  remove() {
    this.clear();
    this.marker.remove();
  }
}

function label([lon, lat], text) {
  const html = document.createElement("span");
  html.textContent = text;
  const icon = L.divIcon({ className: "reach-label", html, iconSize: [0, 0] });
  return L.marker([lat, lon], { icon, interactive: false, keyboard: false });
}
