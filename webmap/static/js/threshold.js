/** The threshold: the areas judged at any number of minutes, without asking the server again. */

import { load } from "./features.js";
import { addUp, figures, headline, judged, limitOf, retold } from "./judging.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";

const QUIET_MS = 400;

/**
 * Read a threshold.
 *
 * @param {string} text as the address has it
 * @param {number} own the study's
 * @returns {number | null} null for the study's own, or where it says none
 */
export function minutesOf(text, own) {
  if (!/^\d{1,2}$/.test(text) || Number(text) > 60) return null;
  return Number(text) === own ? null : Number(text);
}

export class Threshold {
  /**
   * @param {HTMLFormElement} form
   * @param {object} config the page's description of what can be asked
   * @param {(t: string, again: boolean) => void} go called with the threshold chosen, "" for the
   *   study's own; again: while the same hand is still on the slider
   */
  constructor(form, config, go) {
    Object.assign(this, { form, config, go, curves: null, own: null, made: new Map(), held: false });
    this.find = (name) => form.querySelector(`#threshold-${name}`);
    this.slider = this.find("minutes");
    this.slider.type = "range";
    /** The minutes that the page tells of: at first those that the server wrote it for. */
    this.told = this.slider.value = this.slider.defaultValue;
    this.slider.setAttribute("aria-valuetext", this.find("said").textContent);
    this.find("apply").hidden = true;
    for (const kind of ["pointerenter", "focus"]) {
      this.slider.addEventListener(kind, () => this.fetched().catch(() => {}));
    }
    for (const kind of ["blur", "pointerup"]) {
      this.slider.addEventListener(kind, () => (this.held = false));
    }
    this.slider.addEventListener("input", () => this.choose(this.slider.value));
    form.addEventListener("submit", (event) => event.preventDefault());
    this.find("own").addEventListener("click", (event) => {
      event.preventDefault();
      this.held = false;
      this.choose("");
      this.slider.focus();
    });
  }

  choose(text) {
    const { own } = this.config;
    this.go(minutesOf(text, own) === null ? "" : text, this.held);
    this.held = true;
  }

  /** Fetch the areas' curves, once. */
  fetched() {
    this.curves ??= load(this.config.url);
    this.curves.catch(() => (this.curves = null));
    return this.curves;
  }

  /** Whether what is shown, or compared with it, is judged by the threshold. */
  concerns({ layer, cmp }) {
    this.form.hidden = ![layer, cmp].includes(this.config.layer_id);
    return !this.form.hidden;
  }

  /** Judge the layer's features at a threshold. */
  async judge(features, text) {
    const { own, statuses } = this.config;
    const minutes = minutesOf(text, own);
    const english = document.documentElement.lang.startsWith("en");
    this.own ??= english ? features : retold(features, own);
    if (minutes === null) return this.tell(this.own, own);
    if (!this.made.has(minutes)) {
      this.made.set(minutes, judged(this.own, await this.fetched(), minutes, statuses));
    }
    return this.tell(this.made.get(minutes), minutes);
  }

  /** Tell the finding at a threshold, to screen readers once the slider rests. */
  tell(features, minutes) {
    if (this.told === String(minutes)) return features;
    this.told = String(minutes);
    const found = addUp(features, this.config.worst);
    const told = headline(found, minutes, this.config.words);
    const limit = say("limit", limitOf(minutes));
    this.slider.value = minutes;
    this.slider.setAttribute("aria-valuetext", limit);
    this.find("said").textContent = limit;
    this.find("own").hidden = minutes === this.config.own;
    this.find("figures").replaceChildren(
      ...figures(found, minutes).map(([title, value, means]) =>
        element("div", "", element("dt", title), element("dd", "", element("strong", value), ` ${means}`)),
      ),
    );
    const title = document.querySelector("#headline");
    const news = title.textContent !== `${told}.`;
    title.textContent = `${told}.`;
    clearTimeout(this.telling);
    if (news) this.telling = setTimeout(() => tell(`${told}.`), QUIET_MS);
    return features;
  }
}
