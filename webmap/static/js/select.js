/** Several areas chosen together, and what the server adds up of them. */

import { load } from "./features.js";
import { Lasso } from "./lasso.js";
import { mark } from "./mark.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";
import { sentenceOf, sheetsOf } from "./sums.js";
import { minutesOf } from "./threshold.js";
import { atLeisure, painted } from "./time.js";

/** Of so many areas at most the shapes are fetched one by one, where they come in tiles. */
const MOST_ASKED = 60;
const { L } = window;

/** Why none of the areas that an address names can be chosen. */
const lostBy = (sel) => (sel.startsWith("many-") ? "select-lost" : "select-strange");

export class Selection {
  /**
   * @param {HTMLElement} section
   * @param {import("./map.js").MapView} view
   * @param {{url: string, table: string, layers: string[], own: number}} config
   * @param {(sel: string) => void} go called with the areas chosen; "" for none
   * @param {import("./address.js").Address} address
   */
  constructor(section, view, config, go, address) {
    Object.assign(this, { section, view, config, go, address, ids: [], adding: false, asked: "" });
    this.find = (name) => section.querySelector(`#select-${name}`);
    this.lasso = new Lasso(view.map, (ring, adding) => this.around(ring, adding));
    this.marks = L.featureGroup().addTo(view.map);
    for (const tool of ["box", "lasso"]) {
      this.find(tool).addEventListener("click", () => this.take(this.lasso.tool === tool ? "" : tool));
    }
    // Not at every change: the arrow keys go through the list one by one.
    this.find("take").addEventListener("click", () => this.allOf(this.find("all")));
    this.find("clear").addEventListener("click", () => this.choose([]));
    const frame = view.map.getContainer();
    // Leaflet tells of a click without its keys.
    const keys = (event) => (this.adding = event.ctrlKey || event.metaKey);
    frame.addEventListener("click", keys, true);
  }

  /** Draw with a tool; "" to let it go. */
  take(tool) {
    this.lasso.take(tool);
    if (tool) this.view.map.getContainer().scrollIntoView({ block: "nearest" });
    for (const each of ["box", "lasso"]) {
      this.find(each).setAttribute("aria-pressed", String(each === tool));
    }
  }

  /** Take an area in, or leave it out. */
  toggle(id) {
    const left = this.ids.filter((each) => each !== id);
    this.choose(left.length < this.ids.length ? left : [...this.ids, id]);
  }

  choose(ids) {
    this.asked = "";
    this.go([...new Set(ids)].join(","));
  }

  async around(polygon, adding) {
    try {
      const { ids } = await this.post({ polygon });
      this.choose(adding ? [...this.ids, ...ids] : ids);
    } catch ({ message }) {
      this.say(message);
    }
  }

  allOf(list) {
    const { kind } = list.selectedOptions[0].dataset;
    const { features } = this;
    const value = (place) =>
      kind === "ward"
        ? features.values.columns.ward_name[place]
        : features.values.class_key[place];
    const ids = features.ids.filter((_, place) => kind && value(place) === list.value);
    if (ids.length) this.choose([...this.ids, ...ids]);
    list.selectedIndex = 0;
  }

  /**
   * Show what the address says is chosen.
   *
   * @param {string} sel
   * @param {import("./features.js").Features} features
   * @param {string} t the threshold
   * @param {boolean} near whether to move the map to them
   */
  async show(sel, features, t, near) {
    this.features = features;
    const offered = this.config.layers.includes(features.layer.layer_id);
    this.section.hidden = !offered;
    if (!offered) this.take("");
    // Putting names in order takes longer than all else that a view needs at first.
    painted().then(() => atLeisure(() => this.offer(this.features)));
    const named = sel.split(",").filter(Boolean);
    this.ids = offered ? named.filter((id) => features.places.has(id)) : [];
    const { ids } = this;
    this.draw(ids, near);
    for (const box of document.querySelectorAll("#features input[type=checkbox]")) {
      box.checked = ids.includes(box.value);
    }
    this.find("clear").hidden = ids.length === 0;
    const minutes = minutesOf(t, this.config.own);
    const asking = `${features.layer.layer_id} ${minutes} ${named}`;
    if (asking === this.asked) return;
    this.asked = asking;
    if (!ids.length) {
      this.find("sums").replaceChildren();
      this.say(say(sel && offered ? lostBy(sel) : "select-how", { count: named.length }), false);
      return;
    }
    try {
      const sums = await this.post({ ids, t: minutes === null ? "" : t });
      const strange = named.length - ids.length;
      if (asking === this.asked) this.told(sums, minutes ?? this.config.own, strange);
    } catch ({ message }) {
      this.say(message);
    }
  }

  /** Offer all areas of a ward, and of a class. */
  offer({ layer, values }) {
    if (this.offered === layer) return;
    this.offered = layer;
    const list = this.find("all");
    const wards = new Set((values.columns.ward_name ?? []).filter(Boolean));
    const group = (label, kind, pairs) => {
      const made = Object.assign(element("optgroup"), { label });
      made.append(
        ...pairs.map(([value, text]) => {
          const option = new Option(text, value);
          option.dataset.kind = kind;
          return option;
        }),
      );
      return pairs.length ? [made] : [];
    };
    const names = [...wards].sort(new Intl.Collator("en-GB", { numeric: true }).compare);
    list.replaceChildren(
      new Option(say("select-choose"), ""),
      ...group(say("select-wards"), "ward", names.map((name) => [name, name])),
      ...group(say("select-classes"), "class", layer.classes.map(({ key, label }) => [key, label])),
    );
  }

  /** A box to tick for a row of the table. */
  box(id, name) {
    const box = Object.assign(element("input"), { type: "checkbox", value: id });
    box.checked = this.ids.includes(id);
    box.setAttribute("aria-label", say("select-this", { name }));
    box.addEventListener("change", () => this.toggle(id));
    box.addEventListener("click", (event) => event.stopPropagation());
    return box;
  }

  async draw(ids, near) {
    const { shapes, map } = this.view;
    this.drawn = ids;
    if (ids.length <= MOST_ASKED) await Promise.all(ids.map((id) => shapes?.ask?.(id)));
    if (this.drawn !== ids) return;
    this.view.outline(ids.length > MOST_ASKED ? ids : []);
    this.marks.clearLayers();
    for (const id of ids) {
      const shape = shapes?.get(id);
      if (shape) this.marks.addLayer(mark(shape, "#101820", this.view.marker));
    }
    if (!near || !this.marks.getLayers().length) return;
    map.fitBounds(this.marks.getBounds().pad(0.2), { maxZoom: 15, animate: !this.view.still });
  }

  told(sums, minutes, strange) {
    const more = [];
    if (strange) more.push(say("select-strange", { count: strange }));
    const { linked, query } = this.address;
    if (!linked) more.push(say("select-unlinked"));
    if (!linked && document.querySelector("#keep")) more.push(say("select-keep"));
    this.say([sentenceOf(sums, minutes), ...more].join(" "));
    const link = element("a", say("select-as-table"));
    link.href = this.config.table + query;
    const sheets = sheetsOf(sums, this.features.layer);
    this.find("sums").replaceChildren(...sheets, ...(linked ? [element("p", "", link)] : []));
  }

  post(question) {
    const body = JSON.stringify({ layer: this.features.layer.layer_id, ...question });
    const headers = { "Content-Type": "application/json" };
    return load(this.config.url, (url) => fetch(url, { method: "POST", headers, body }));
  }

  say(sentence, aloud = true) {
    this.find("said").textContent = sentence;
    if (aloud) tell(sentence);
  }
}
