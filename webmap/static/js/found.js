/** What was searched for, on the map: gone to, marked, and told beneath it. */

import { textOf } from "./asking.js";
import { load } from "./features.js";
import { mark } from "./mark.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";

const { L } = window;

/**
 * The change of what is shown that shows a hit. An area is shown in the layer that is there, if it
 * is one of areas; and for a postcode's area no other layer is turned to.
 *
 * @param {Object<string, string>} show as the server says it
 * @param {string} layer the layer that is there
 * @param {string[]} ofAreas the layers of areas
 */
export function changeOf({ layer: wanted, ...show }, layer, ofAreas) {
  const change = { find: "", ...show };
  if (!wanted || (ofAreas.includes(layer) && ofAreas.includes(wanted))) return change;
  if (change.find) return { find: change.find };
  return { layer: wanted, ...change };
}

export class Found {
  /**
   * @param {import("./map.js").MapView} view
   * @param {{url: string, layers: string[]}} config
   * @param {(change: object, near: boolean) => void} go called with the change that shows what was
   *   chosen, and whether the map is to go there
   * @param {?(spot: string) => void} reach asks what can be reached from a spot
   */
  constructor(view, config, go, reach) {
    Object.assign(this, { view, config, go, reach, text: "", moving: false, hit: null });
    this.section = document.querySelector("#found");
    this.known = new Map();
    document.querySelector("#search")?.addEventListener("found", (event) => {
      event.preventDefault();
      this.chosen(event.detail);
    });
  }

  chosen(hit) {
    const { layer_id: layer } = this.view.features.layer;
    const change = changeOf(hit.show, layer, this.config.layers);
    if (change.find) this.known.set(change.find, hit);
    this.moving = Boolean(change.find);
    this.go(change, true);
    // On a phone the map lies below, and what is typed with would cover it.
    const frame = this.view.map.getContainer();
    frame.scrollIntoView({ block: "nearest" });
    frame.focus({ preventScroll: true });
  }

  /**
   * Show what the address says was searched for.
   *
   * @param {string} text "" for nothing
   * @param {boolean} opening whether the map is still to be put somewhere
   * @returns {boolean} whether the map goes there
   */
  show(text, opening) {
    const move = Boolean(text) && (this.moving || opening);
    this.moving = false;
    if (text === this.text) {
      if (move) this.move();
      return move;
    }
    this.clear();
    this.text = text;
    if (text) this.find(text, move);
    return move;
  }

  async find(text, move) {
    const hit = this.known.get(text) ?? (await this.fetched(text));
    if (text !== this.text) return;
    if (!hit) {
      this.section.hidden = false;
      this.section.replaceChildren(element("p", say("found-lost", { text })), this.closer());
      return;
    }
    this.known.set(text, hit);
    this.hit = hit;
    if (move) this.move();
    const shape = { type: "Point", coordinates: hit.spot };
    this.pin = mark(shape, "#101820", this.view.marker).addTo(this.view.map);
    this.pin.bindTooltip(element("span", hit.name), { permanent: true, direction: "top" });
    this.tell(hit);
  }

  async fetched(text) {
    const answer = await load(`${this.config.url}&find=${encodeURIComponent(text)}`).catch(() => null);
    return answer?.hits[0] ?? null;
  }

  move() {
    if (!this.hit) return;
    const [longitude, latitude] = this.hit.spot;
    this.view.map.setView([latitude, longitude], this.hit.zoom, { animate: !this.view.still });
  }

  tell({ name, kind, note, href, own_page: page, spot }) {
    const said = note ? `${kind}: ${note}` : kind;
    const line = element("p", "", element("strong", name), ` ${said}`);
    const acts = [];
    if (page) acts.push(Object.assign(element("a", say("found-page")), { href }));
    if (this.reach) {
      const button = element("button", say("found-reach"));
      button.type = "button";
      button.addEventListener("click", () => this.reach(textOf(spot)));
      acts.push(button);
    }
    const row = element("p", "", ...acts, this.closer());
    row.className = "buttons";
    this.section.replaceChildren(line, row);
    this.section.hidden = false;
    tell(`${name}. ${said}`);
  }

  closer() {
    const button = element("button", say("close"));
    button.type = "button";
    button.addEventListener("click", () => this.go({ find: "" }, false));
    return button;
  }

  clear() {
    this.pin?.remove();
    this.pin = this.hit = null;
    this.section.hidden = true;
  }
}
