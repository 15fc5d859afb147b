/** Buildings in which a setting could open: in a list, that which brings most first, and drawn. */

import { load } from "./features.js";

const { L } = window;
const POINT = { radius: 5, color: "#101820", weight: 1.5, fillColor: "#ffd23f", fillOpacity: 1 };
const find = (what) => document.querySelector(what);

export class Buildings {
  /**
   * @param {L.Map} map
   * @param {L.Canvas} renderer of the settings
   * @param {string} language
   * @param {(building: object) => void} choose called with one that is chosen on the map
   */
  constructor(map, renderer, language, choose) {
    Object.assign(this, { map, renderer, language, choose, list: [], token: null, stale: true });
    this.points = L.layerGroup();
    find("#in-building").addEventListener("toggle", () => this.refresh());
    find("#buildings").addEventListener("change", () => this.refresh());
  }

  /** One of the list. */
  get(id) {
    return this.list.find((each) => each.id === id);
  }

  /** Take note of a plan: what each building brings is asked for once somebody looks. */
  async on(token) {
    this.stale ||= token !== this.token;
    this.token = token;
    await this.refresh();
  }

  async refresh() {
    const box = find("#in-building");
    const looked = box.open || box.hidden || find("#buildings").checked;
    if (!this.stale || this.token === null || !looked) {
      this.draw();
      return;
    }
    this.stale = false;
    this.coming = this.fetch();
    await this.coming;
  }

  /** One of the list, once the list is there. */
  async wanted(id) {
    await this.coming;
    return this.get(id);
  }

  async fetch() {
    const box = find("#in-building");
    const { token } = this;
    const query = new URLSearchParams({ words: this.language, plan: token });
    const { buildings } = await load(`/api/plan/buildings?${query}`);
    if (token !== this.token) return;
    this.list = buildings;
    box.hidden = !buildings.length;
    const select = find("#building");
    const [none] = select.options;
    const { value } = select;
    select.replaceChildren(none, ...buildings.map(({ id, label }) => new Option(label, id)));
    select.value = this.get(value) ? value : "";
    this.draw();
  }

  draw() {
    this.points.clearLayers();
    if (!find("#buildings").checked) {
      this.points.remove();
      return;
    }
    for (const each of [...this.list].reverse()) {
      const dot = L.circleMarker([each.latitude, each.longitude], {
        ...POINT,
        renderer: this.renderer,
      });
      dot.bindTooltip(each.label);
      dot.on("click", (event) => {
        L.DomEvent.stop(event);
        this.choose(each);
      });
      this.points.addLayer(dot);
    }
    this.points.addTo(this.map);
  }
}
