/** What a plan would do, written into the page's tables as the server says it. */

import { element } from "./panel.js";

const find = (id) => document.querySelector(`#${id}`);

function row(head, ...cells) {
  const first = element("th", "", head);
  first.scope = "row";
  return element("tr", "", first, ...cells);
}

function cell(text, kind = "count") {
  const made = element("td", text);
  made.className = kind;
  return made;
}

/** The two bars of a decile, in hundredths of the longest. */
function bars({ was, now }) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 100 12", preserveAspectRatio: "none" })) {
    svg.setAttribute(name, value);
  }
  svg.classList.add("bars");
  for (const [name, width, y] of [
    ["was", was, 0],
    ["now", now, 6],
  ]) {
    const bar = document.createElementNS(space, "rect");
    bar.classList.add(name);
    bar.setAttribute("width", width);
    bar.setAttribute("height", 5);
    bar.setAttribute("y", y);
    svg.append(bar);
  }
  const holder = element("td", "", svg);
  holder.className = "wide";
  holder.setAttribute("aria-hidden", "true");
  return holder;
}

/**
 * Write what a plan would do.
 *
 * @param {object} words from the server (webmap/plan/whatifs.py)
 * @param {string} areaUrl where the areas' profiles are
 */
export function write(words, areaUrl) {
  find("sentence").textContent = words.sentence;
  fill("figures", words.figures, (each) =>
    row(each.title, cell(each.before), cell(each.after), cell(each.change, "count change")),
  );
  fill("deciles", words.deciles, (each) =>
    row(
      String(each.decile),
      bars(each),
      cell(each.before),
      cell(each.after),
      cell(each.change, "count change"),
    ),
  );
  find("edits").replaceChildren(...words.edits.map((text) => element("li", text)));
  find("no-edits").hidden = words.edits.length > 0;
  for (const id of ["areas", "settings"]) {
    const none = !words[id].length;
    find(`no-${id}`).hidden = !none;
    find(id).parentElement.hidden = none;
  }
  find("settings-mean").hidden = !words.settings.length;
  fill("areas", words.areas, (each) => {
    const link = element("a", each.name);
    link.href = areaUrl + encodeURIComponent(each.code);
    return row(
      link,
      cell(each.decile),
      cell(each.before),
      cell(each.after),
      cell(each.change, "count change"),
      cell(each.status_before, ""),
      cell(each.status_after, ""),
    );
  });
  fill("settings", words.settings, (each) =>
    row(
      each.name,
      cell(each.state, ""),
      cell(each.places),
      cell(each.before),
      cell(each.after),
      cell(each.over, ""),
    ),
  );
}

function fill(id, rows, make) {
  find(id).tBodies[0].replaceChildren(...rows.map(make));
}

/**
 * Put the plans beside one another.
 *
 * @param {{title: string, words: object}[]} plans those that have edits, with their words
 * @param {string[]} headings of the first two columns
 */
export function compare(plans, headings) {
  const table = find("compare");
  find("compare-box").hidden = !plans.length;
  const heads = [...headings, ...plans.map(({ title }) => title)].map((text, at) => {
    const head = element("th", text);
    head.scope = "col";
    if (at) head.className = "count";
    return head;
  });
  table.tHead.replaceChildren(element("tr", "", ...heads));
  const first = plans[0]?.words.figures ?? [];
  const rows = first.map(({ key, title, before }) => {
    const each = plans.map(({ words }) => words.figures.find((figure) => figure.key === key));
    return row(
      title,
      cell(before),
      ...each.map((figure) => {
        const made = cell(figure?.after ?? "");
        if (figure?.change) {
          const change = element("span", `(${figure.change})`);
          change.className = "change";
          made.append(" ", change);
        }
        return made;
      }),
    );
  });
  table.tBodies[0].replaceChildren(...rows);
}

/** Offer the settings that can be changed, keeping the one chosen. */
export function offer(list, chosen) {
  const box = find("setting");
  const [none] = box.options;
  box.replaceChildren(none, ...list.map(([id, name]) => new Option(name, id)));
  box.value = list.some(([id]) => id === chosen) ? chosen : "";
}

/** Say what is wrong; "" for nothing. */
export function problem(sentence) {
  const box = find("plan-problem");
  box.textContent = sentence;
  box.hidden = !sentence;
}
