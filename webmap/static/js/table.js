/** The same features as a table: sorted by its headings, turned page by page. */

import { say } from "./messages.js";
import { element, swatch } from "./panel.js";
import { makePager, makeWidener, Rows } from "./rows.js";

export class TableView {
  /**
   * @param {HTMLElement} section
   * @param {number} pageRows rows on a page
   * @param {(id: string) => void} choose called with the id of a feature chosen
   * @param {(id: string) => string} address of a feature
   */
  constructor(section, pageRows, choose, address) {
    this.title = section.querySelector("h2");
    this.box = section.querySelector(".scroll");
    this.table = section.querySelector("table");
    this.rows = new Rows(this.table.tBodies[0], (place) => this.row(place));
    section.querySelector("#cut")?.remove();
    this.pageRows = pageRows;
    this.choose = choose;
    this.address = address;
    this.pager = makePager((pages) => this.turn(this.page + pages));
    section.append(this.pager.root);
    section.querySelector(".titlebar").append(makeWidener(section.closest(".explore")));
    this.table.addEventListener("click", (event) => this.clicked(event));
    this.table.addEventListener("keydown", (event) => this.stepped(event));
  }

  /**
   * Show a layer's features, the first rows at once and the others by and by.
   *
   * @param {import("./features.js").Features} features
   * @param {string} sort the column to sort by, with a minus where the greatest come first
   * @returns {Promise<void>} settled when all rows of the page are there
   */
  show(features, sort) {
    this.features = features;
    this.selected = "";
    const { length: count } = features.shown;
    this.title.textContent = say(count === features.count ? "all-of" : "some-of-all", {
      title: features.layer.title,
      total: features.count,
      count,
    });
    this.heads = features.layer.columns.map((column) => this.head(column));
    this.table.tHead.replaceChildren(element("tr", "", ...this.heads));
    this.swatches = new Map();
    this.sorted = null;
    this.arrange(sort);
    this.box.scrollTo(0, 0);
    return this.filled;
  }

  /** Sort as an address says, unless it is sorted so; a column that isn't there orders nothing. */
  arrange(sort) {
    const name = sort.replace(/^-/, "");
    const known = this.features.layer.columns.some((column) => column.name === name);
    const [wanted, descending] = known ? [name, sort !== name] : [null, false];
    const { sorted } = this;
    if (sorted?.name === wanted && sorted.descending === descending) return;
    this.sort(wanted, descending);
    this.box.scrollTop = 0;
  }

  head(column) {
    const button = element("button", column.short);
    button.type = "button";
    button.title = column.heading;
    button.dataset.sort = column.name;
    const head = element("th", "", button);
    head.scope = "col";
    const values = this.features.values.columns[column.name];
    if (values.some((value) => typeof value === "number")) head.className = "count";
    return head;
  }

  /** Put the rows in order of a column. */
  sort(name, descending) {
    this.sorted = { name, descending };
    this.order = this.features.order(name, descending);
    for (const head of this.heads) {
      const mine = head.firstChild.dataset.sort === name;
      if (mine) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.turn(0);
  }

  /** Show a page of rows. */
  turn(page) {
    this.page = page;
    const start = page * this.pageRows;
    const places = this.order.slice(start, start + this.pageRows);
    this.filled = this.rows.show(places, () => this.markRow());
    const pages = Math.ceil(this.order.length / this.pageRows);
    this.pager.root.hidden = pages < 2;
    this.pager.back.disabled = page === 0;
    this.pager.on.disabled = page >= pages - 1;
    const end = start + places.length;
    this.pager.said.textContent = say("rows-of", {
      first: start + 1,
      last: end,
      total: this.order.length,
    });
    this.markRow();
  }

  /** A copy of the legend's swatch of a class. */
  swatch(at) {
    if (!this.swatches.has(at)) {
      this.swatches.set(at, swatch(this.features.layer.layer_id, at));
    }
    const found = this.swatches.get(at);
    return found ? found.cloneNode(true) : "";
  }

  row(place) {
    const { features } = this;
    const id = features.ids[place];
    const [name, ...texts] = features.cells(place);
    const link = element("a", name);
    link.href = this.address(id);
    const tick = this.tick?.(id, name) ?? "";
    const key = element("span", "", tick, this.swatch(features.classes[place]), link);
    key.className = "key";
    const head = element("th", "", key);
    head.scope = "row";
    const cells = texts.map((text, at) => {
      const cell = element("td", text);
      const { name: column } = features.layer.columns[at + 1];
      const value = features.values.columns[column][place];
      cell.className = typeof value === "number" ? "count" : "words";
      return cell;
    });
    const row = element("tr", "", head, ...cells);
    row.dataset.id = id;
    return row;
  }

  /** Show which row is chosen, turning to its page. */
  select(id) {
    this.selected = id;
    const place = this.features.places.get(id);
    const found = this.order.indexOf(place);
    if (found < 0) return this.markRow();
    const page = Math.floor(found / this.pageRows);
    if (page !== this.page) this.turn(page);
    this.rows.upTo(found - page * this.pageRows + 1);
    this.markRow();
    const row = this.table.querySelector('tr[aria-current="true"]');
    const head = this.table.tHead.offsetHeight;
    const top = row.offsetTop - head;
    const below = row.offsetTop + row.offsetHeight > this.box.scrollTop + this.box.clientHeight;
    if (top >= this.box.scrollTop && !below) return undefined;
    // No row is left half under the heading.
    const start = top - this.box.clientHeight / 3;
    const first = [...row.parentElement.rows].find((each) => each.offsetTop - head >= start);
    this.box.scrollTop = first.offsetTop - head;
    return undefined;
  }

  markRow() {
    for (const row of this.table.tBodies[0].rows) {
      if (row.dataset.id === this.selected) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** The id of the feature some steps on from the chosen one, in the table's order. */
  neighbour(steps) {
    const { ids, places } = this.features;
    const { length: count } = this.order;
    const here = this.order.indexOf(places.get(this.selected));
    const at = here < 0 && steps < 0 ? count : here;
    return ids[this.order[(at + steps + count) % count]];
  }

  clicked(event) {
    const button = event.target.closest("[data-sort]");
    if (button) {
      const { sort: name } = button.dataset;
      const again = this.sorted.name === name && !this.sorted.descending;
      this.sortBy(again ? `-${name}` : name);
      return;
    }
    const row = event.target.closest("tr[data-id]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.choose(row.dataset.id);
  }

  stepped(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const row = event.target.closest("tr[data-id]")?.[step];
    if (!row) return;
    event.preventDefault();
    row.querySelector("a").focus();
  }
}
