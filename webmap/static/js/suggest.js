/** Suggestions: a search on the server, followed until it ends, and its sites taken up. */

import { load } from "./features.js";
import { say } from "./messages.js";
import { element, tell } from "./panel.js";

const EVERY_MS = 400;
const find = (id) => document.querySelector(`#suggest-${id}`);

export class Suggest {
  /**
   * @param {string} language
   * @param {() => object} plan what is worked on
   * @param {(sites: object[], places: number | "unknown") => void} take called with sites to open
   */
  constructor(language, plan, take) {
    Object.assign(this, { language, plan, take, under: "" });
    find("form").hidden = false;
    find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    find("stop").addEventListener("click", () => this.stop());
  }

  get places() {
    const text = find("places").value.trim();
    return /^\d+$/.test(text) ? Number(text) : "unknown";
  }

  async search() {
    if (this.under) await this.stop();
    find("found").replaceChildren();
    const aim = document.querySelector("#suggest-form input[name=aim]:checked").value;
    const body = { plan: this.plan(), sites: Number(find("sites").value), aim };
    try {
      const answer = await fetch(`/api/optimise?words=${this.language}`, {
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

  async follow({ url }) {
    while (this.under === url) {
      const told = await load(`${url}?words=${this.language}`);
      if (this.under !== url) return;
      this.show(told);
      if (["finished", "stopped", "failed"].includes(told.state)) {
        const seconds = told.seconds.toFixed(1);
        if (told.state === "failed") this.ended(say("plan-failed", { why: told.problem }));
        else this.ended(say(`suggest-${told.state}`, { seconds }));
        return;
      }
      find("said").textContent = say(
        told.state === "waiting" ? "suggest-waiting" : "suggest-searching",
        { seconds: told.seconds.toFixed(0) },
      );
      await new Promise((resume) => setTimeout(resume, EVERY_MS));
    }
  }

  ended(sentence) {
    this.under = "";
    find("stop").hidden = true;
    this.say(sentence);
  }

  /** Call the search off; what it has found by then is shown when it says that it has ended. */
  async stop() {
    if (this.under) await fetch(this.under, { method: "DELETE" });
  }

  say(sentence) {
    find("said").textContent = sentence;
    tell(sentence);
  }

  show({ best }) {
    if (!best) return;
    const many = best.proposals.length > 1;
    const made = best.proposals.map((each, at) => this.proposal(each, many ? at + 1 : 0));
    const notes = [best.certainty, best.near_best].filter(Boolean).map((text) => element("p", text));
    const kept = find("found").dataset.kept;
    const now = JSON.stringify(best);
    if (kept === now) return;
    find("found").dataset.kept = now;
    find("found").replaceChildren(...made, ...notes);
  }

  proposal({ sentence, sites, gaining, losing }, number) {
    const box = element("div");
    box.className = "proposal";
    if (number) box.append(element("h3", say("suggest-choice", { number })));
    const list = element("ol", "", ...sites.map((site) => element("li", site.sentence)));
    const told = [sentence, gaining, losing].filter(Boolean).map((text) => element("p", text));
    box.append(told[0], list, ...told.slice(1));
    if (sites.length) {
      const button = element("button", say("suggest-take"));
      button.type = "button";
      button.addEventListener("click", () => {
        this.take(sites, this.places);
        this.say(say("suggest-taken"));
      });
      box.append(button);
    }
    return box;
  }
}
