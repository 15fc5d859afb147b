/** How shapes are drawn on the map: by class, in which order, how large. */

const POINT_PX = 7;
const LINE_PX = 3.5;
/** Zoom at which points and lines have their full size. */
const NEAR = 14;
/** From so many areas on, edges are fine; from so many, there are none. */
const MANY = 400;
const VERY_MANY = 2000;
const FINE_PX = 0.5;

/**
 * How a feature is drawn.
 *
 * @param {object} style a class's style
 * @param {string} geometry what the layer is drawn as
 * @param {number} count how many features there are: the edges of many are fine
 * @returns {object} Leaflet's path options
 */
export function pathOptions(style, geometry, count = 1) {
  if (geometry === "line") {
    return {
      color: style.fill,
      weight: LINE_PX,
      opacity: 1,
      dashArray: style.pattern === "none" ? null : "4 4",
    };
  }
  return {
    color: style.outline,
    stroke: geometry !== "polygon" || count < VERY_MANY,
    weight: geometry === "polygon" && count >= MANY ? FINE_PX : style.outline_px,
    opacity: 1,
    fillColor: style.fill,
    fillOpacity: style.opacity,
    pattern: style.pattern,
    shape: style.shape,
    radius: POINT_PX,
  };
}

/**
 * Sizes of points and lines at a zoom: smaller from afar, so that they don't hide one another.
 *
 * @param {number} zoom
 * @returns {{radius: number, weight: number}}
 */
export function sizes(zoom) {
  const part = Math.min(1, Math.max(0.35, 2 ** ((zoom - NEAR) / 4)));
  return { radius: Math.max(4, POINT_PX * part), weight: LINE_PX * part };
}

/**
 * Give neighbours different tints: each area the first that none before it nearby has, or else
 * the one that the fewest of those have.
 *
 * @param {number[][]} boxes each area's west, south, east and north
 * @param {number} tints how many there are
 * @returns {number[]} each area's tint
 */
export function apart(boxes, tints) {
  const chosen = [];
  boxes.forEach(([west, south, east, north], at) => {
    const taken = new Array(tints).fill(0);
    for (let other = 0; other < at; other += 1) {
      const [w, s, e, n] = boxes[other];
      if (w <= east && e >= west && s <= north && n >= south) taken[chosen[other]] += 1;
    }
    chosen.push(taken.indexOf(Math.min(...taken)));
  });
  return chosen;
}

/**
 * The order to draw features in: the first classes last, so that they lie on top.
 *
 * @param {number[]} classes each feature's place in the legend
 * @returns {number[]} places of features
 */
export function drawingOrder(classes) {
  return classes.map((_, place) => place).sort((a, b) => classes[b] - classes[a] || a - b);
}
