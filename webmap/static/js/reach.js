/** Reach from a place: a click on the map, a form, or a provision's own button asks for it. */

import { Asker, fetcher, spotOf, textOf } from "./asking.js";
import { Bands } from "./bands.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";
import { count, number } from "./wording.js";

export class Reach {
  /**
   * @param {HTMLElement} section
   * @param {import("./map.js").MapView} view
   * @param {object} config the page's description of what can be asked
   * @param {(spot: string) => void} go called with the spot chosen; "" for none
   */
  constructor(section, view, config, go) {
    this.config = config;
    this.view = view;
    this.go = go;
    this.text = this.mode = "";
    this.near = false;
    this.listed = false;
    this.find = (name) => section.querySelector(`#reach-${name}`);
    this.bands = new Bands(view.map, config.bands, (spot, settled) => this.moved(spot, settled));
    this.asker = new Asker(
      fetcher(config, () => this.announce(say("reach-waiting")), fetch, () => this.mode),
      (spot, answer) => this.told(spot, answer),
      (problem) => this.failed(problem),
    );
    this.find("open").addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    this.find("close").addEventListener("click", () => this.close());
    this.find("form").addEventListener("submit", (event) => this.asked(event));
    this.find("provision").addEventListener("change", ({ target }) => this.choose(target.value));
    this.own = config.mode;
    this.find("mode")?.addEventListener("change", ({ target }) => this.travel(target.value));
    section.hidden = false;
  }

  get isOpen() {
    return Boolean(this.view.picking);
  }

  /** Let clicks on the map choose a spot. */
  open() {
    this.view.pick(({ lng, lat }) => this.choose(textOf([lng, lat]), false));
    this.find("panel").hidden = false;
    this.find("open").setAttribute("aria-expanded", "true");
    this.say(say("reach-ready"));
    this.list?.();
  }

  /** Leave, and give the map's clicks back. */
  close() {
    const within = this.find("panel").contains(document.activeElement);
    this.clear();
    this.go("", "");
    if (within) this.find("open").focus();
  }

  clear() {
    this.asker.stop();
    this.bands.remove();
    this.view.pick(null);
    this.text = "";
    this.find("panel").hidden = true;
    this.find("open").setAttribute("aria-expanded", "false");
  }

  /** Show what the address asks for; "" for nothing. */
  show(text, mode) {
    if (text === this.text && mode === this.mode) return;
    this.mode = mode in this.config.journeys ? mode : "";
    if (this.find("mode")) this.find("mode").value = this.mode || this.own;
    const spot = spotOf(text);
    if (!text) {
      this.clear();
      return;
    }
    if (!this.isOpen) {
      this.near = true;
      this.open();
    }
    this.text = text;
    this.find("spot").value = text;
    if (!spot) {
      this.failed(new Error(say("reach-no-spot")));
      return;
    }
    this.bands.place(spot);
    this.asker.now(text);
  }

  /** Travel another way; by the study's own the address says nothing of it. */
  travel(mode) {
    this.near = true;
    this.go(this.text, mode === this.own ? "" : mode);
  }

  /** Go to a spot; near: and move the map there. */
  choose(text, near = true) {
    if (!text) return;
    this.near = near;
    if (text === this.text) this.asker.now(text);
    else this.go(text, this.mode);
  }

  moved(spot, settled) {
    const text = textOf(spot);
    this.find("spot").value = text;
    if (settled) this.choose(text, false);
    else this.asker.soon(text);
  }

  asked(event) {
    event.preventDefault();
    const spot = spotOf(this.find("spot").value);
    if (spot) this.choose(textOf(spot));
    else this.failed(new Error(say("reach-no-spot")));
  }

  told(spot, collection) {
    const [longest] = collection.features;
    const settled = spot === this.text;
    this.bands.draw(collection, this.near && settled);
    const { people, minutes } = longest.properties;
    const { inside_but_beyond: beyond, reached_but_outside: outside } = longest.properties;
    const journey = this.config.journeys[this.mode || this.own];
    const sentence = say("reach-live-within", { count: Math.round(people), minutes, journey });
    // While the marker is dragged, only those who see it are told.
    if (settled) this.announce(sentence);
    else this.say(sentence);
    const rows = collection.features.map((feature) => this.row(feature.properties));
    this.find("rows").replaceChildren(...rows.reverse());
    this.find("error").textContent = say("reach-error", {
      beyond: share(beyond),
      outside: share(outside),
    });
    this.find("answer").hidden = false;
  }

  row({ minutes, people, others }) {
    const patch = element("span");
    patch.className = "reach-patch";
    patch.style.background = this.bands.styles.get(minutes).fill;
    const head = element("th", "", patch, ` ${say("reach-minutes", { minutes })}`);
    head.scope = "row";
    const rest = others === null ? say("cell-unknown") : count(others);
    return element("tr", "", head, element("td", count(people)), element("td", rest));
  }

  failed({ message }) {
    this.bands.clear();
    this.find("answer").hidden = true;
    this.announce(message);
  }

  announce(sentence) {
    this.say(sentence);
    tell(sentence);
  }

  say(sentence) {
    this.find("said").textContent = sentence;
  }

  /** Fill the list of provisions, when it is first seen. */
  offerAll(fetchLayer) {
    this.list = async () => {
      this.list = null;
      const [features, shapes] = await fetchLayer();
      const options = features.order(features.layer.columns[0].name, false).flatMap((place) => {
        const at = shapes.get(features.ids[place])?.coordinates;
        return at ? [new Option(features.name(place), textOf(at))] : [];
      });
      this.find("provision").append(...options);
    };
  }

  /** Offer the reach of a chosen point beside what is known of it. */
  offer(details, shape) {
    if (shape?.type !== "Point") return;
    const button = element("button", say("reach-of-this"));
    button.type = "button";
    button.addEventListener("click", () => this.choose(textOf(shape.coordinates)));
    details.querySelector("dl").before(button);
  }
}

/** A share in per cent to one decimal place. */
function share(part) {
  return `${number(Math.round(part * 1000) / 10)}%`;
}
