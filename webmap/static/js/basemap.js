/** The base map: land, water, streets and names, quiet enough to read data over it. */

import { linesOf, trace } from "./lines.js";
import { Sheet } from "./sheet.js";

/**
 * How each kind of thing is drawn: `from` is the least zoom that shows it, and colours are named as
 * the page's tokens have them (css/tokens.css).
 */
const AREAS = {
  sea: { fill: "sea", color: "shore", width: 1 },
  water: { fill: "sea", color: "shore", width: 0.5 },
  river: { color: "shore", width: 0.5 },
  park: { fill: "park" },
};
const LINES = {
  path: { from: 15, color: "path", width: 1, dash: [2, 3] },
  minor: { from: 12, color: "minor", width: 1 },
  rail: { from: 10, color: "rail", width: 1.25, dash: [6, 3] },
  major: { from: 9, color: "major", width: 1.75 },
  motorway: { from: 7, color: "motorway", width: 2.5 },
};
/** What only shows from near comes on its own, when it is first wanted. */
export const LANES_FROM = LINES.minor.from;
const OUTLINE = { authority: { color: "border", width: 1.5, dash: [8, 3, 2, 3] } };
/** The panes that hold them, and how high each lies. */
const PANES = {
  ground: { styles: AREAS, depth: 200 },
  roads: { styles: LINES, depth: 300 },
  outline: { styles: OUTLINE, depth: 430 },
};

/** Width of a line at a zoom, in CSS pixels: it doubles every three zooms past 13. */
export function widthAt(width, zoom) {
  return width * Math.max(0.6, 2 ** ((zoom - 13) / 3));
}

/** What a shape is drawn as: water that is no area has no fill. */
function kindOf({ properties: { kind }, geometry: [type] }) {
  return kind === "water" && type.endsWith("LineString") ? "river" : kind;
}

/**
 * Gather the shapes of a base map by kind, those of a kind as lines of points.
 *
 * @param {{scale: number, features: object[]}} packed as it comes from the server
 * @param {Object<string, object>} styles of the kinds wanted
 * @returns {Map<string, import("./lines.js").Lines>}
 */
export function byKind({ scale, features }, styles) {
  const kinds = new Map(Object.keys(styles).map((kind) => [kind, new Map()]));
  features.forEach((each, at) => kinds.get(kindOf(each))?.set(at, each.geometry));
  return new Map(
    [...kinds].filter(([, held]) => held.size).map(([kind, held]) => [kind, linesOf(held, scale)]),
  );
}

/** The page's colours by name, as they are just now, in the light or the dark. */
function inksOf(map) {
  const styles = Object.values(PANES).flatMap((pane) => Object.values(pane.styles));
  const names = new Set(styles.flatMap(({ fill, color }) => [fill, color]).filter(Boolean));
  const probes = [...names].map((name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(--map-${name})`;
    return [name, probe];
  });
  // All at once: the page's style is worked out once for all of them.
  map.getContainer().append(...probes.map(([, probe]) => probe));
  const inks = probes.map(([name, probe]) => [name, getComputedStyle(probe).color]);
  for (const [, probe] of probes) probe.remove();
  return Object.fromEntries(inks);
}

/**
 * Draw the base map.
 *
 * @param {L.Map} map
 * @param {{scale: number, features: object[]}} packed as it comes from the server
 * @returns {{paint: () => void, add: (more: {scale: number, features: object[]}) => void}} what
 *   paints it anew, in the colours that the page has by then, and what adds streets
 */
export function draw(map, packed) {
  let inks = inksOf(map);
  const laid = Object.entries(PANES).map(([pane, { styles, depth }]) => {
    map.createPane(pane).style.zIndex = depth;
    const kinds = byKind(packed, styles);
    const sheet = new Sheet((pen, view) => drawAll(pen, view, styles, kinds, inks), { pane });
    return { pane, kinds, sheet: sheet.addTo(map) };
  });
  const paint = () => {
    inks = inksOf(map);
    for (const { sheet } of laid) sheet.redraw();
  };
  const add = (more) => {
    const { kinds, sheet } = laid.find(({ pane }) => pane === "roads");
    for (const [kind, lines] of byKind(more, LINES)) kinds.set(kind, lines);
    sheet.redraw();
  };
  return { paint, add };
}

function drawAll(pen, view, styles, kinds, inks) {
  pen.lineJoin = pen.lineCap = "round";
  for (const [kind, { from = 0, fill, color, width = 0, dash = [] }] of Object.entries(styles)) {
    const lines = kinds.get(kind);
    if (!lines || view.zoom < from) continue;
    pen.lineWidth = styles === LINES ? widthAt(width, view.zoom) : width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (let line = 0; line < lines.starts.length - 1; line += 1) trace(pen, lines, line, view);
    if (fill) pen.fillStyle = inks[fill];
    // Outlines go one way round and holes the other, and what lies twice is filled as once.
    if (fill) pen.fill();
    if (width) pen.strokeStyle = inks[color];
    if (width) pen.stroke();
  }
}
