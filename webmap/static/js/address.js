/** The page's address: written as what is shown changes and as the map moves, read when it is. */

import { middleOf, positionOf, read, standing, write } from "./state.js";

/** Longer addresses are cut, or refused, somewhere on their way. */
export const LONGEST = 2000;
const UNLINKED = "many";
/** Browsers allow only so many changes of the address in a second. */
const QUIET_MS = 200;

/**
 * A query that an address can hold: of areas that are too many only their number.
 *
 * @param {import("./state.js").State} state
 * @param {import("./state.js").Position | null} position
 * @param {string} page what goes before the query
 */
export function fitting(state, position, page) {
  const query = write(state, position);
  if (page.length + query.length <= LONGEST || !state.sel) return query;
  return write({ ...state, sel: `${UNLINKED}-${state.sel.split(",").length}` }, position);
}

export class Address {
  /**
   * @param {L.Map} map
   * @param {string[]} layers ids in the order offered
   * @param {{page: string, kept: string}} config the map's own address, and what is kept under a
   *   short one, if the page was opened under it
   */
  constructor(map, layers, { page, kept }) {
    Object.assign(this, { map, layers, page, kept, shown: null, position: null, writing: 0 });
    this.short = kept ? window.location.pathname : "";
    this.page = `${window.location.origin}${page}`;
    this.keeper = document.querySelector("#keep [name=state]");
    // What is kept is what is shown, not what was shown when the address was last written.
    this.keeper?.form.addEventListener("submit", () => this.flush());
    this.links = [...document.querySelectorAll(".languages a")].map((link) => [link, link.pathname]);
  }

  /** What the address asks for; the map is put where it says. @returns {import("./state.js").State} */
  read() {
    const { pathname, search } = window.location;
    const short = this.short && pathname === this.short;
    const state = read(short ? this.kept : search, this.layers);
    this.position = standing(search) ?? (short ? standing(this.kept) : null);
    if (this.position) {
      this.map.setView(middleOf(this.position), Number(this.position.z), { animate: false });
    }
    const held = window.history.state?.sel;
    return state.sel.startsWith(UNLINKED) && held ? { ...state, sel: held } : state;
  }

  /** Take what the address asks for. @returns {import("./state.js").State} */
  open() {
    const state = this.read();
    this.take(state);
    return state;
  }

  /**
   * Follow the map, and the way back and forward, from now on.
   *
   * @param {(state: import("./state.js").State) => void} back shows what somebody comes back to
   */
  follow(back) {
    this.map.on("moveend", () => {
      this.position = positionOf(this.map);
      this.soon();
    });
    window.addEventListener("popstate", () => back(this.open()));
  }

  /** Show another state as the address of a new page, or in place of the one before. */
  write(state, again = false) {
    if (!again) this.flush();
    this.shown = state;
    if (again) this.soon();
    else this.put("pushState");
  }

  /** Take a state that the address holds already. */
  take(state) {
    clearTimeout(this.writing);
    this.writing = 0;
    this.shown = state;
    this.lead();
  }

  soon() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.flush(), QUIET_MS);
  }

  /** Write what waits to be written. */
  flush() {
    clearTimeout(this.writing);
    if (this.writing) this.put("replaceState");
    this.writing = 0;
  }

  put(how) {
    const { sel } = this.shown;
    window.history[how](sel ? { sel } : null, "", this.url());
    this.lead();
  }

  /** The address of what is shown: the short one while that is what is kept there. */
  url() {
    const { short, shown, position } = this;
    if (short && write(shown) === write(read(this.kept, this.layers))) {
      return position ? `${short}?z=${position.z}&c=${position.c}` : short;
    }
    return this.page + fitting(shown, position, this.page);
  }

  /** What is shown as a query for files and tables of it. */
  get query() {
    return fitting(this.shown, null, this.page);
  }

  /** Whether the address holds all that is shown. */
  get linked() {
    return this.query === write(this.shown) || this.url().startsWith(this.short || " ");
  }

  /** Have links to the same in other languages lead to what is shown. */
  lead() {
    const url = new URL(this.url(), window.location.href);
    const short = this.short && url.pathname === this.short;
    if (this.keeper) this.keeper.value = write(this.shown, this.position);
    for (const [link, path] of this.links) {
      link.pathname = short ? path : path.replace(/\/v\/\w+$/, "/map");
      link.search = url.search;
    }
  }
}
