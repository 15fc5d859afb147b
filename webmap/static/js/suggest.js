/** Suggestions: a search on the server, followed until it ends, tested, and its sites taken up. */

import { load } from "./features.js";
import { say } from "./messages.js";
import { tell } from "./panel.js";

const EVERY_MS = 400;
const OVER = ["finished", "stopped", "failed"];
const find = (id) => document.querySelector(`#suggest-${id}`);

/** A number of places as a form has it; null where it is not known. */
const placesOf = (text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : null);

export class Suggest {
  /**
   * @param {string} language
   * @param {(job: string) => string} page where what a search has found can be read
   * @param {() => object} plan what is worked on
   * @param {(sites: object[], places: number | "unknown") => void} take called with sites to open
   */
  constructor(language, page, plan, take) {
    Object.assign(this, { language, page, plan, take, under: "", shown: "" });
    find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(new FormData(event.target));
    });
    find("stop").addEventListener("click", () => this.stop());
    find("found").addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin(`/api/optimise/${event.target.dataset.stress}/stress`);
    });
    find("found").addEventListener("click", (event) => {
      const link = event.target.closest("[data-take]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { sites, places } = JSON.parse(link.dataset.take);
      this.take(sites, places ?? "unknown");
      this.say(say("suggest-taken"));
    });
  }

  search(form) {
    find("found").replaceChildren();
    return this.begin("/api/optimise", {
      plan: this.plan(),
      sites: Number(form.get("sites")),
      aim: form.get("aim"),
      where: form.get("where"),
      places: placesOf(form.get("places")),
    });
  }

  async begin(url, body = {}) {
    if (this.under) await this.stop();
    try {
      const answer = await fetch(`${url}?words=${this.language}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      if (answer.status === 503) {
        this.say(say("suggest-busy"));
        return;
      }
      const begun = await answer.json();
      if (!answer.ok) throw new Error(begun.detail);
      this.under = begun.url;
      find("stop").hidden = false;
      await this.follow(begun);
    } catch ({ message }) {
      this.ended(say("plan-failed", { why: message }));
    }
  }

  async follow({ url, job }) {
    while (this.under === url) {
      const told = await load(`${url}?words=${this.language}`);
      if (this.under !== url) return;
      const over = OVER.includes(told.state);
      const now = JSON.stringify([told.best, told.tested, over]);
      if (now !== this.shown) await this.show(job);
      this.shown = now;
      if (over) {
        const seconds = told.seconds.toFixed(1);
        if (told.state === "failed") this.ended(say("plan-failed", { why: told.problem }));
        else this.ended(say(`suggest-${told.state}`, { seconds }), this.first());
        return;
      }
      find("said").textContent = this.progress(told);
      await new Promise((resume) => setTimeout(resume, EVERY_MS));
    }
  }

  progress({ state, seconds, tested }) {
    if (state === "waiting") return say("suggest-waiting");
    if (tested) return say("steady-trying", { draws: tested.draws, most: tested.most });
    return say("suggest-searching", { seconds: seconds.toFixed(0) });
  }

  ended(sentence, found = "") {
    this.under = "";
    find("stop").hidden = true;
    this.say(sentence, found);
  }

  /** What has been found, in its first sentence. */
  first() {
    return find("found").querySelector("p")?.textContent ?? "";
  }

  /** Call the search off; what it has found by then is shown when it says that it has ended. */
  async stop() {
    if (this.under) await fetch(this.under, { method: "DELETE" });
  }

  /** Say beside the button how it stands; a screen reader also hears what has been found. */
  say(sentence, found = "") {
    find("said").textContent = sentence;
    tell(`${sentence} ${found}`);
  }

  /** Whether the one who asked has gone nowhere else since. */
  awaited() {
    const { activeElement: here } = document;
    return here === document.body || find("form").contains(here);
  }

  /** Take in what the server's own page says of a search. */
  async show(job) {
    const answer = await fetch(this.page(job));
    if (!answer.ok) return;
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    const box = find("found");
    const [within, awaited] = [box.contains(document.activeElement), this.awaited()];
    box.replaceChildren(...told.body.children);
    if (within || awaited) box.focus({ preventScroll: true });
    if (awaited) box.scrollIntoView();
  }
}
