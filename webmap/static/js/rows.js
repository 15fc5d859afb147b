/** The rows of a table's page: the first at once, the others by and by. */

import { say } from "./messages.js";
import { element } from "./panel.js";
import { atLeisure } from "./time.js";

/** So many rows are more than a screen shows. */
const AT_ONCE = 40;

export class Rows {
  /**
   * @param {HTMLTableSectionElement} body
   * @param {(place: number) => HTMLTableRowElement} make
   */
  constructor(body, make) {
    Object.assign(this, { body, make, waiting: [] });
  }

  /**
   * Put these rows in place of those there.
   *
   * @param {number[]} places
   * @param {() => void} added called whenever more have been added
   * @returns {Promise<void>} settled when all are there, or others have taken their place
   */
  async show(places, added) {
    const waiting = [...places];
    this.waiting = waiting;
    this.body.replaceChildren();
    this.upTo(AT_ONCE);
    while (waiting.length) {
      await new Promise(atLeisure);
      if (waiting !== this.waiting) return;
      this.upTo(this.body.rows.length + AT_ONCE);
      added();
    }
  }

  /** See to it that so many are there. */
  upTo(count) {
    const more = this.waiting.splice(0, Math.max(0, count - this.body.rows.length));
    this.body.append(...more.map(this.make));
  }
}

/**
 * The buttons under a table that turn its pages.
 *
 * @param {(pages: number) => void} turn called with how many pages on: -1 for back
 */
export function makePager(turn) {
  const back = element("button", say("earlier-rows"));
  const on = element("button", say("later-rows"));
  const said = element("span");
  back.type = on.type = "button";
  back.addEventListener("click", () => turn(-1));
  on.addEventListener("click", () => turn(1));
  const root = element("p", "", back, said, on);
  root.className = "pager";
  root.hidden = true;
  return { root, back, on, said };
}

/** A button that lays the table beneath the map, as wide as the page, and back beside it. */
export function makeWidener(place) {
  const button = element("button", say("wider-table"));
  button.type = "button";
  button.className = "widen";
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    const wide = place.classList.toggle("wide");
    button.setAttribute("aria-pressed", String(wide));
  });
  return button;
}
