/** What one more setting would bring, wherever it opened: hexagons over the plan's map. */

import { load } from "./features.js";
import { say } from "./messages.js";
import { element } from "./panel.js";

const { L } = window;

/**
 * The step that a number of people falls in; -1 for below the first.
 *
 * @param {number} people
 * @param {{from: number}[]} steps ascending
 */
export function stepOf(people, steps) {
  return steps.findLastIndex(({ from }) => people >= from);
}

export class Gain {
  /**
   * @param {L.Map} map
   * @param {{from: number, style: object}[]} steps
   * @param {(spot: [number, number]) => void} choose called with the best corner of a hexagon
   */
  constructor(map, steps, choose) {
    map.createPane("gain").style.zIndex = 440;
    this.renderer = L.canvas({ pane: "gain", padding: 0.2 });
    Object.assign(this, { map, steps, choose, group: L.layerGroup(), shown: null });
  }

  /** Show it on top of a plan; null to show nothing. */
  async show(token) {
    this.shown = token;
    document.querySelector("#gain-keys").hidden = token === null;
    if (token === null) {
      this.group.remove();
      return;
    }
    const found = await load(`/api/plan/gain${token ? `?plan=${token}` : ""}`);
    if (this.shown !== token) return;
    this.group.clearLayers();
    for (const { geometry, properties } of found.features) {
      const at = stepOf(properties.people, this.steps);
      if (at >= 0) this.group.addLayer(this.hexagon(geometry, properties, this.steps[at].style));
    }
    this.group.addTo(this.map);
  }

  hexagon({ coordinates }, { people, deprived, at }, style) {
    const options = {
      renderer: this.renderer,
      pane: "gain",
      stroke: false,
      fillColor: style.fill,
      fillOpacity: 0.75,
    };
    const made = L.polygon(L.GeoJSON.coordsToLatLngs(coordinates, 1), options);
    const count = Math.round(people);
    made.bindTooltip(element("span", say("plan-gain-tip", { count, poor: Math.round(deprived) })), {
      sticky: true,
    });
    made.on("click", (event) => {
      L.DomEvent.stop(event);
      this.choose(at);
    });
    return made;
  }
}
