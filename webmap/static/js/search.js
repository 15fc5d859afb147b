/**
 * The search box: a list of what is meant, as one types; the server says all of its words.
 *
 * What is chosen is told by an event `found` at the form, with the hit; unless that is prevented,
 * the page leads to the hit's own page.
 *
 * References: W3C, ARIA Authoring Practices Guide, "Editable Combobox With List Autocomplete".
 */

const WAIT_MS = 120;

/**
 * Where the arrow keys lead: through the options and back to none.
 *
 * @param {number} at the option that is active; -1 for none
 * @param {number} steps
 * @param {number} count how many options there are
 */
export function stepped(at, steps, count) {
  return ((at + 1 + steps + count + 1) % (count + 1)) - 1;
}

export class SearchBox {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    const find = (name) => form.querySelector(`#search-${name}`);
    const [input, panel] = [find("text"), find("panel")];
    const list = find("list");
    Object.assign(this, { form, input, panel, list, note: find("note"), status: find("told") });
    Object.assign(this, { hits: [], at: -1, text: "", coming: null, stop: null });
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": list.id,
      "aria-expanded": "false",
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("focus", () => this.hits.length && this.asksFor(this.text) && this.open());
    input.addEventListener("blur", () => this.close());
    form.addEventListener("submit", (event) => this.submitted(event));
    // The box keeps the focus while a pointer chooses.
    panel.addEventListener("pointerdown", (event) => event.preventDefault());
    panel.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose(this.hits[[...list.children].indexOf(option)]);
    });
  }

  asksFor(text) {
    return this.input.value.trim() === text;
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask().catch(() => {}), WAIT_MS);
  }

  /** Ask for what stands in the box, once. */
  ask() {
    clearTimeout(this.waiting);
    const text = this.input.value.trim();
    if (this.coming && text === this.text) return this.coming;
    this.stop?.abort();
    this.stop = new AbortController();
    this.text = text;
    this.coming = text.length < 2 ? Promise.resolve(this.told({ hits: [], said: "" })) : this.fetched(text);
    return this.coming;
  }

  async fetched(text) {
    const { signal } = this.stop;
    try {
      const url = `${this.form.dataset.url}&q=${encodeURIComponent(text)}`;
      const answer = await fetch(url, { signal });
      const told = await answer.json();
      if (!signal.aborted) this.told({ hits: [], said: told.detail ?? "", ...told });
    } catch (problem) {
      if (signal.aborted) throw problem;
      this.coming = null;
      this.told({ hits: [], said: "" });
    }
  }

  told({ hits, said }) {
    this.hits = hits;
    this.list.replaceChildren(...hits.map((hit, at) => option(hit, `search-option-${at}`)));
    this.list.hidden = hits.length === 0;
    this.note.textContent = this.status.textContent = said;
    this.mark(-1);
    if (said && document.activeElement === this.input) this.open();
    else this.close();
  }

  open() {
    this.panel.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.hits.length > 0));
  }

  close() {
    this.panel.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((each, place) => {
      each.setAttribute("aria-selected", String(place === at));
    });
    const active = this.list.children[at];
    if (active) this.input.setAttribute("aria-activedescendant", active.id);
    else this.input.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const { key, altKey, ctrlKey, metaKey } = event;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && !ctrlKey && !metaKey && this.hits.length) {
      event.preventDefault();
      const closed = this.panel.hidden;
      if (closed) this.open();
      if (!(closed && altKey)) this.mark(stepped(this.at, step, this.hits.length));
    }
    if (key !== "Escape") return;
    event.preventDefault();
    // Escape lets go of one thing at a time.
    if (!this.panel.hidden || this.input.value) event.stopPropagation();
    if (!this.panel.hidden) this.close();
    else this.input.value = "";
  }

  /** Choose the option that is active, or else the best; without any the form is sent. */
  async submitted(event) {
    event.preventDefault();
    const { at } = this;
    await this.ask().catch(() => {});
    const hit = this.hits[Math.max(at, 0)];
    if (hit) this.choose(hit);
    else this.form.submit();
  }

  choose(hit) {
    this.input.value = hit.name;
    Object.assign(this, { hits: [], coming: null });
    this.close();
    const event = new CustomEvent("found", { detail: hit, cancelable: true });
    if (this.form.dispatchEvent(event)) window.location.assign(hit.href);
  }
}

function option({ name, kind, note }, id) {
  const item = document.createElement("li");
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.textContent = note ? `${kind}: ${note}` : kind;
  item.append(Object.assign(document.createElement("span"), { textContent: name }), hint);
  item.id = id;
  item.setAttribute("role", "option");
  return item;
}

const form = globalThis.document?.querySelector("#search");
if (form) new SearchBox(form);
