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
   * @param {L.Canvas} renderer of the settings: of canvases one above another only the highest
   *   hears clicks
   * @param {{from: number, style: object}[]} steps
   * @param {(spot: [number, number]) => void} choose called with the best corner of a hexagon
   */
  constructor(map, renderer, steps, choose) {
    Object.assign(this, { map, renderer, steps, choose, group: L.featureGroup(), shown: null });
  }

  /** Show it on top of a plan; null to show nothing. */
  async show(token) {
    this.shown = token;
    const keys = document.querySelector("#gain-keys");
    if (token === null) {
      keys.hidden = true;
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
    this.group.addTo(this.map).bringToBack();
    keys.hidden = false;
  }

  hexagon({ coordinates }, { people, deprived, at }, style) {
    const options = {
      renderer: this.renderer,
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
