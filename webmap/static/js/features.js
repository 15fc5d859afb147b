/** A layer's features as rows: fetched once, put in words, put in order. */

import { say } from "./messages.js";
import { cell } from "./wording.js";

const UNLISTED = { state: true, style: null };

/**
 * Fetch a file of the results.
 *
 * @param {string} url
 * @param {typeof fetch} get
 * @returns {Promise<any>}
 */
export async function load(url, get = fetch) {
  const answer = await get(url);
  if (!answer.ok) {
    const told = answer.status === 410 ? { detail: say("newer-results") } : await answer.json().catch(() => ({}));
    throw new Error(told.detail ?? say("server-failed"));
  }
  return answer.json();
}

/**
 * A layer's features, by place in the file and by id.
 */
export class Features {
  /**
   * @param {object} layer the layer's description
   * @param {{ids: string[], class_key: string[], columns: Object<string, any[]>}} values
   * @param {string} mode how people travel, as a verb
   */
  constructor(layer, values, mode) {
    this.layer = layer;
    this.ids = values.ids.map(String);
    this.values = values;
    this.mode = mode;
    this.places = new Map(this.ids.map((id, place) => [id, place]));
    const lines = new Map(layer.classes.map((line, at) => [line.key, at]));
    this.classes = values.class_key.map((key) => lines.get(key) ?? -1);
    this.narrow("");
  }

  /**
   * Show only the features of some classes.
   *
   * @param {string} only keys of classes with commas between; of all where it names none
   */
  narrow(only) {
    if (only === this.only) return;
    this.only = only;
    const wanted = this.wanted(only);
    this.shows = (place) => !wanted || Boolean(wanted[this.classes[place]]);
    this.classShown = (at) => !wanted || wanted[at];
    this.shown = this.ids.map((_, place) => place).filter(this.shows);
  }

  /** Whether each class is one of some keys, with commas between; null where they name none. */
  wanted(only) {
    const asked = new Set(only.split(","));
    const wanted = this.layer.classes.map(({ key }) => asked.has(key));
    return wanted.includes(true) ? wanted : null;
  }

  /** The keys to ask for instead of some so that a class is shown or not; "" for all. */
  without(at, only) {
    const wanted = this.wanted(only);
    const keys = this.layer.classes
      .filter((_, each) => (!wanted || wanted[each]) !== (each === at))
      .map(({ key }) => key);
    return keys.length === this.layer.classes.length ? "" : keys.join(",");
  }

  get count() {
    return this.ids.length;
  }

  /** @returns {import("./wording.js").Line} the legend's line of a feature */
  line(place) {
    const at = this.classes[place];
    const key = this.values.class_key[place];
    return at < 0 ? { ...UNLISTED, key, label: key } : this.layer.classes[at];
  }

  /** @returns {string[]} a feature's cells, in words */
  cells(place) {
    const line = this.line(place);
    return this.layer.columns.map((column) => {
      const value = this.values.columns[column.name][place];
      const state = column.state ? this.values.columns[column.state][place] : null;
      if (value === line.key) return line.label.split(": ")[0];
      return cell(value, column, line, this.mode, state);
    });
  }

  /** @returns {string} what a feature is called */
  name(place) {
    return this.cells(place)[0];
  }

  /** @returns {string} what is said of a feature; "" where nothing is */
  sentence(place) {
    const column = this.layer.sentence;
    return (column && this.values.columns[column][place]) || "";
  }

  /**
   * Put the features shown in order of a column; those without a value come last either way.
   *
   * @param {string | null} name the column; null for the file's own order
   * @param {boolean} descending
   * @returns {number[]} places
   */
  order(name, descending) {
    const places = [...this.shown];
    if (name === null) return places;
    const values = this.values.columns[name];
    const sign = descending ? -1 : 1;
    return places.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === null || y === null) return (x === null) - (y === null) || a - b;
      return sign * compare(x, y) || a - b;
    });
  }
}

let words = null;

function compare(a, b) {
  // It takes longer to make than a small table to sort, so none is made before it is needed.
  words ??= new Intl.Collator("en-GB", { numeric: true });
  if (typeof a === "string" || typeof b === "string") return words.compare(a, b);
  return Number(a) - Number(b);
}
