/** While a layer is on its way the one before stays, and the page says which one is coming. */

import { say } from "./messages.js";
import { note, tell } from "./panel.js";
import { markLayer } from "./rail.js";

/** What comes sooner needs no words. */
const SOON_MS = 300;

export class Waiting {
  /** @param {HTMLElement} frame the map's */
  constructor(frame) {
    this.place = frame.parentElement;
    this.timer = 0;
  }

  /** @param {{layer_id: string, title: string}} layer which one is coming */
  begin({ layer_id: id, title }) {
    markLayer(id);
    clearTimeout(this.timer);
    this.place.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => {
      this.say(say("layer-coming", { title }));
    }, SOON_MS);
  }

  /** @param {Error} problem why it doesn't come */
  fail({ message }) {
    this.end();
    this.say(say("layer-failed", { why: message }));
  }

  say(sentence) {
    note(sentence);
    tell(sentence);
  }

  end() {
    clearTimeout(this.timer);
    this.place.removeAttribute("aria-busy");
  }
}
