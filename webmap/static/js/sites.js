/** The settings on the plan's map: those that are, and what the plan makes of them. */

import { statesOf } from "./edits.js";
import { element } from "./panel.js";

const { L } = window;
const SIGNS = { opened: "+", closed: "×", moved: "→", resized: "±", chosen: "" };
const SIZE_PX = 26;
const POINT = { radius: 6, color: "#ffffff", weight: 1.5, fillColor: "#12508f", fillOpacity: 1 };

export class Sites {
  /**
   * @param {L.Map} map
   * @param {import("./features.js").Features} features of the provision
   * @param {Map<string, object>} shapes their points, by id
   * @param {{chosen: (id: string) => void, moved: (id: string, spot: number[], settled: boolean)
   *   => void}} told
   */
  constructor(map, features, shapes, told) {
    this.map = map;
    this.told = told;
    this.known = new Map();
    map.createPane("sites").style.zIndex = 460;
    this.renderer = L.canvas({ pane: "sites", padding: 0.2 });
    this.points = L.featureGroup();
    this.marks = L.layerGroup().addTo(map);
    features.ids.forEach((id, place) => {
      const point = shapes.get(id);
      if (!point || features.line(place).key === "not_eligible") return;
      const spot = L.GeoJSON.coordsToLatLng(point.coordinates);
      const dot = L.circleMarker(spot, { ...POINT, renderer: this.renderer });
      dot.bindTooltip(features.name(place));
      dot.on("click", (event) => {
        L.DomEvent.stop(event);
        told.chosen(id);
      });
      this.known.set(id, { name: features.name(place), spot, dot });
      this.points.addLayer(dot);
    });
    this.points.addTo(map);
  }

  /** What a setting is called. */
  name(id) {
    return this.states?.get(id)?.name ?? this.known.get(id)?.name ?? id;
  }

  /** The ids and names of those that can be changed, by name, as they were drawn last. */
  offered() {
    const closed = (id) => this.states.get(id)?.state === "closed";
    const list = [...this.known].filter(([id]) => !closed(id)).map(([id, { name }]) => [id, name]);
    for (const [id, { state, name }] of this.states) if (state === "opened") list.push([id, name]);
    return list.sort((one, other) => one[1].localeCompare(other[1]));
  }

  /**
   * Draw what a plan makes of the settings.
   *
   * @param {import("./edits.js").Edit[]} edits
   * @param {string} chosen the setting that is worked on; "" for none
   */
  show(edits, chosen) {
    this.states = statesOf(edits);
    this.marks.clearLayers();
    for (const [id, { state, at }] of this.states) {
      const spot = at ? L.latLng(at[1], at[0]) : this.known.get(id)?.spot;
      if (spot) this.mark(id, state, spot, id === chosen);
    }
    for (const [id, { dot }] of this.known) {
      if (this.states.has(id)) dot.remove();
      else if (!this.points.hasLayer(dot) || !this.map.hasLayer(dot)) dot.addTo(this.map);
    }
    const still = this.known.get(chosen);
    if (still && !this.states.has(chosen)) this.mark(chosen, "chosen", still.spot, true);
  }

  mark(id, state, spot, chosen) {
    const icon = L.divIcon({
      className: `site site-${state}${chosen ? " site-chosen" : ""}`,
      html: element("span", SIGNS[state]),
      iconSize: [SIZE_PX, SIZE_PX],
    });
    const draggable = state !== "closed" && (chosen || state === "opened" || state === "moved");
    const marker = L.marker(spot, { icon, draggable, keyboard: false, autoPan: true });
    marker.bindTooltip(this.name(id));
    const tell = (settled) => {
      const { lat, lng } = marker.getLatLng();
      this.told.moved(id, [lng, lat], settled);
    };
    marker.on("click", () => this.told.chosen(id));
    marker.on("drag", () => tell(false));
    marker.on("dragend", () => tell(true));
    marker.addTo(this.marks);
  }

  /** Move the map to a setting. */
  near(id) {
    const at = this.states?.get(id)?.at;
    const spot = at ? [at[1], at[0]] : this.known.get(id)?.spot;
    if (spot && !this.map.getBounds().contains(spot)) this.map.panTo(spot, { animate: false });
  }
}
