/** A plan's edits: made, merged, undone and done again. Nothing here touches the page. */

/**
 * @typedef {{open?: string, close?: string, resize?: string, move?: string, at?: [number, number],
 *   places?: number | "unknown", name?: string}} Edit as scenario files have it
 */

const VERBS = ["open", "close", "resize", "move"];
const DECIMALS = 6;

/** The verb of an edit. */
export function verbOf(edit) {
  return VERBS.find((verb) => verb in edit);
}

/** The setting that an edit is of. */
export function settingOf(edit) {
  return edit[verbOf(edit)];
}

/** A place as edits have it, to a tenth of a metre. */
export function at([lon, lat]) {
  return [Number(lon.toFixed(DECIMALS)), Number(lat.toFixed(DECIMALS))];
}

/**
 * Add an edit, in place of those that it makes idle: a setting that opens is moved and resized
 * where it opens, and what closes needs no edit before.
 *
 * @param {Edit[]} edits
 * @param {Edit} edit
 * @returns {Edit[]}
 */
export function amend(edits, edit) {
  const verb = verbOf(edit);
  const id = settingOf(edit);
  const opened = edits.find(({ open }) => open === id);
  if (verb === "open") return [...edits, edit];
  if (verb === "close") {
    const others = edits.filter((each) => settingOf(each) !== id);
    return opened ? others : [...others, edit];
  }
  const { [verb]: _, ...change } = edit;
  if (opened) return edits.map((each) => (each.open === id ? { ...each, ...change } : each));
  return [...edits.filter((each) => each[verb] !== id), edit];
}

/** An id that no edit and no setting has. */
export function fresh(edits, taken = new Set()) {
  const used = new Set(edits.map(settingOf));
  let number = 1;
  while (used.has(`new-${number}`) || taken.has(`new-${number}`)) number += 1;
  return { id: `new-${number}`, number };
}

/**
 * Edits that open a setting at each of some sites, after others.
 *
 * @param {Edit[]} edits
 * @param {Map<string, unknown>} taken ids of the settings that are there
 * @param {{name: string, longitude: number, latitude: number}[]} found
 * @param {number | "unknown"} places of each
 * @returns {Edit[]}
 */
export function openings(edits, taken, found, places) {
  const made = [];
  for (const { longitude, latitude, name } of found) {
    const { id } = fresh([...edits, ...made], taken);
    made.push({ open: id, name, at: at([longitude, latitude]), places });
  }
  return made;
}

/**
 * Where each setting that the edits change stands, and what becomes of it.
 *
 * @param {Edit[]} edits
 * @returns {Map<string, {state: string, at?: [number, number], name?: string}>}
 */
export function statesOf(edits) {
  const states = new Map();
  for (const edit of edits) {
    const verb = verbOf(edit);
    const id = settingOf(edit);
    const was = states.get(id) ?? {};
    if (verb === "open") states.set(id, { state: "opened", at: edit.at, name: edit.name });
    if (verb === "close") states.set(id, { ...was, state: "closed" });
    if (verb === "resize") states.set(id, { ...was, state: was.state ?? "resized" });
    if (verb === "move") {
      const state = was.state === "opened" ? "opened" : "moved";
      states.set(id, { ...was, state, at: edit.at });
    }
  }
  return states;
}

/** A plan with what can be undone and done again. */
export class History {
  /** @param {{name: string, edit: Edit[]}} plan */
  constructor({ name, edit }) {
    Object.assign(this, { name, edits: edit, past: [], future: [] });
    for (let at = 0; at < edit.length; at += 1) this.past.push(edit.slice(0, at));
  }

  get plan() {
    return { name: this.name, edit: this.edits };
  }

  /** Change the edits; what was undone is gone. */
  turn(edits) {
    this.past.push(this.edits);
    this.future = [];
    this.edits = edits;
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.edits);
    this.edits = this.past.pop();
    return true;
  }

  /** Take back an edit that can't be made. */
  forget() {
    if (this.undo()) this.future.pop();
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.edits);
    this.edits = this.future.pop();
    return true;
  }
}

/**
 * The query of an address that holds the plans.
 *
 * @param {Object<string, string>} tokens each plan as the server packs it, by letter
 * @param {string} shown the letter of the one that is worked on
 * @returns {string}
 */
export function queryOf(tokens, shown) {
  const query = new URLSearchParams();
  for (const [letter, token] of Object.entries(tokens)) if (token) query.set(letter, token);
  if (shown !== Object.keys(tokens)[0]) query.set("shown", shown);
  return query.size ? `?${query}` : "";
}
