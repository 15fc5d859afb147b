/** Several areas chosen together, and what the server adds up of them. */

import { load } from "./features.js";
import { Lasso } from "./lasso.js";
import { mark } from "./mark.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";
import { sentenceOf, sheetsOf } from "./sums.js";
import { minutesOf } from "./threshold.js";

/** So many areas fit into an address that can be sent on. */
const MOST_LINKED = 100;
const UNLINKED = "many";
const { L } = window;

export class Selection {
  /**
   * @param {HTMLElement} section
   * @param {import("./map.js").MapView} view
   * @param {{url: string, layers: string[], own: number}} config
   * @param {(sel: string) => void} go called with the areas chosen; "" for none
   */
  constructor(section, view, config, go) {
    Object.assign(this, { section, view, config, go, ids: [], adding: false, asked: "" });
    this.find = (name) => section.querySelector(`#select-${name}`);
    this.lasso = new Lasso(view.map, (ring, adding) => this.around(ring, adding));
    this.marks = L.layerGroup().addTo(view.map);
    for (const tool of ["box", "lasso"]) {
      this.find(tool).addEventListener("click", () => this.take(this.lasso.tool === tool ? "" : tool));
    }
    this.find("all").addEventListener("change", ({ target }) => this.allOf(target));
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
    this.ids = [...new Set(ids)];
    this.asked = "";
    this.go(this.ids.length > MOST_LINKED ? `${UNLINKED}-${this.ids.length}` : this.ids.join(","));
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
   */
  async show(sel, features, t) {
    this.features = features;
    const offered = this.config.layers.includes(features.layer.layer_id);
    this.section.hidden = !offered;
    if (!offered) this.take("");
    this.offer(features);
    if (!sel.startsWith(UNLINKED)) this.ids = sel.split(",").filter((id) => features.places.has(id));
    const ids = offered ? this.ids : [];
    this.draw(ids);
    for (const box of document.querySelectorAll("#features input[type=checkbox]")) {
      box.checked = ids.includes(box.value);
    }
    this.find("clear").hidden = ids.length === 0;
    const asking = `${features.layer.layer_id} ${t} ${ids}`;
    if (asking === this.asked) return;
    this.asked = asking;
    if (!ids.length) {
      this.find("sums").replaceChildren();
      this.say(say(sel ? "select-lost" : "select-how"), false);
      return;
    }
    try {
      const sums = await this.post({ ids, t });
      if (asking === this.asked) this.told(sums, minutesOf(t, this.config.own) ?? this.config.own);
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

  draw(ids) {
    this.marks.clearLayers();
    for (const id of ids) {
      const shape = this.view.shapes?.get(id);
      if (shape) this.marks.addLayer(mark(shape, "#101820", this.view.marker));
    }
  }

  told(sums, minutes) {
    this.say(sentenceOf(sums, minutes, MOST_LINKED));
    this.find("sums").replaceChildren(...sheetsOf(sums, this.features.layer));
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
