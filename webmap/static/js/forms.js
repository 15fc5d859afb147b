/** The plan's forms: the same that work without scripts, answered in the page. */

import { spotOf } from "./asking.js";
import { at } from "./edits.js";
import { load } from "./features.js";
import { say } from "./messages.js";

const find = (what) => document.querySelector(what);

/** A number of places as people write it; unknown where they write none. */
export function numberOf(text) {
  return /^\s*\d+\s*$/.test(text) ? Number(text) : "unknown";
}

/** Where a postcode, or a longitude and latitude, is. */
async function placeOf(where, language) {
  const spot = spotOf(where);
  if (spot) return spot;
  const query = new URLSearchParams({ where, words: language });
  const { longitude, latitude } = await load(`/api/plan/spot?${query}`);
  return [longitude, latitude];
}

function placesOf(form) {
  const given = form.elements.places.value.trim();
  if (given && !/^\d+$/.test(given)) throw new Error(say("plan-bad-places", { given }));
  return numberOf(given);
}

/**
 * Answer the forms in the page.
 *
 * @param {object} acts what the page can do
 */
export function wire(acts) {
  for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
  const steps = {
    undo: () => acts.plan().undo(),
    redo: () => acts.plan().redo(),
    clear: () => acts.plan().turn([]),
  };
  on("[data-steps]", async (_, what) => {
    steps[what]();
    acts.show();
  });
  on("[data-edit=open]", async (form) => {
    const places = placesOf(form);
    const spot = await placeOf(form.elements.where.value, acts.language);
    acts.open(spot, places, form.elements.name.value.trim());
    form.reset();
  });
  on("[data-edit=building]", async (form) => {
    placesOf(form);
    await acts.building(form.elements.building.value);
  });
  on("[data-edit=change]", async (form, what) => {
    const id = form.elements.setting.value;
    if (!id) throw new Error(say("plan-no-setting"));
    const edit = { [what]: id };
    if (what === "resize") edit.places = placesOf(form);
    if (what === "move") edit.at = at(await placeOf(form.elements.where.value, acts.language));
    if (what === "close") acts.chosen("");
    acts.edit(true, edit);
  });
  on("[data-name]", async (form) => {
    acts.plan().name = form.elements.name.value.trim();
    acts.show();
  });
  on("[data-copy]", async (_, what) => acts.copyTo(what));
  for (const link of document.querySelectorAll("[data-letter]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      acts.turnTo(link.dataset.letter);
    });
  }
  find("#setting").addEventListener("change", ({ target }) => acts.chosen(target.value));
  find("#drop").addEventListener("click", ({ target }) =>
    acts.drop(target.getAttribute("aria-pressed") !== "true"),
  );
  find("#gain").addEventListener("change", ({ target }) => acts.gain(target.checked));
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, target } = event;
    if (key === "Escape") {
      acts.drop(false);
      acts.chosen("");
    }
    const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
    if (typing || !(ctrlKey || metaKey) || key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (shiftKey ? acts.plan().redo() : acts.plan().undo()) acts.show();
  });

  function on(what, answer) {
    const form = find(what);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await answer(form, event.submitter?.value ?? "");
      } catch (problem) {
        acts.failed(problem);
      }
    });
  }
}

/** What a plan is called. */
export function titleOf(histories, letter) {
  return histories[letter].name || say("plan-letter", { letter: letter.toUpperCase() });
}

/**
 * Mark which plan is worked on, and what can be done to it.
 *
 * @param {Object<string, import("./edits.js").History>} histories
 * @param {string} shown
 */
export function mark(histories, shown) {
  const { past, future, edits, name } = histories[shown];
  find("[value=undo]").disabled = !past.length;
  find("[value=redo]").disabled = !future.length;
  find("[value=clear]").disabled = !edits.length;
  for (const link of document.querySelectorAll("[data-letter]")) {
    const { letter } = link.dataset;
    link.textContent = titleOf(histories, letter);
    if (letter === shown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const others = Object.keys(histories).filter((letter) => letter !== shown);
  document.querySelectorAll("[data-copy] button").forEach((button, place) => {
    button.value = others[place];
    button.textContent = say("plan-copy-to", { name: titleOf(histories, others[place]) });
  });
  find("#plan-name").value = name;
}

/** Put the plans into every link and form that carries them. */
export function carry(query) {
  for (const link of document.querySelectorAll("[data-carry], .languages a")) link.search = query;
  for (const form of document.querySelectorAll("[data-carry-form]")) {
    form.setAttribute("action", form.getAttribute("action").split("?")[0] + query);
  }
}
