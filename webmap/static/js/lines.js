/** Shapes as lines of points on the map of the world: where they lie, and what they hold. */

/** Side of the map of the world at zoom 0, in CSS pixels. */
const WORLD_PX = 256;
/** Points are drawn to so much of a pixel: neighbours keep their common edge, and none is a waste. */
const PART_PX = 0.75;
const BESIDE_PX = 2;

/**
 * Lines of points, one after another: what is drawn of all shapes.
 *
 * @typedef {object} Lines
 * @property {Float64Array} xy where each point lies on the map of the world at zoom 0, x and y in
 *   turns; outlines go one way round and holes the other
 * @property {Uint32Array} starts where each line starts in `xy`, and the last one ends
 * @property {Float64Array} boxes each line's least x and y and its greatest
 * @property {Map<string, [number, number]>} of a feature's first line, and that after its last
 */

/**
 * @param {Map<string, ?[string, any[]]>} packed shapes by the feature's id
 * @param {number} scale
 * @returns {Lines}
 */
export function linesOf(packed, scale) {
  let [points, count] = [0, 0];
  for (const shape of packed.values()) {
    eachLine(shape, ({ length }) => {
      points += length;
      count += 1;
    });
  }
  const xy = new Float64Array(points);
  const starts = new Uint32Array(count + 1);
  const boxes = new Float64Array(4 * count);
  const of = new Map();
  let [end, line] = [0, 0];
  for (const [id, shape] of packed) {
    const first = line;
    const round = Boolean(shape?.[0].endsWith("Polygon"));
    eachLine(shape, (steps, place) => {
      const start = end;
      end = project(steps, scale, xy, start);
      if (round && turns(xy, start, end) !== (place === 0)) turn(xy, start, end);
      boxOf(xy, start, end, boxes.subarray(4 * line, 4 * line + 4));
      starts[(line += 1)] = end;
    });
    of.set(id, [first, line]);
  }
  return { xy, starts, boxes, of };
}

/** Visit each line of a shape, with its place among those of its part: holes come after outlines. */
function eachLine(shape, visit) {
  const go = (steps, place) => {
    if (typeof steps[0] === "number") visit(steps, place);
    else steps.forEach(go);
  };
  if (shape) go(shape[1], 0);
}

/** Put a line's points on the map of the world; returns where they end. */
function project(steps, scale, xy, start) {
  let [lon, lat] = [0, 0];
  for (let at = 0; at < steps.length; at += 2) {
    lon += steps[at];
    lat += steps[at + 1];
    const sine = Math.sin((lat / scale) * (Math.PI / 180));
    xy[start + at] = WORLD_PX * (lon / scale / 360 + 0.5);
    xy[start + at + 1] = WORLD_PX * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI));
  }
  return start + steps.length;
}

/** Whether a ring goes clockwise, as y falls. */
function turns(xy, start, end) {
  let twice = 0;
  for (let at = start, before = end - 2; at < end; before = at, at += 2) {
    twice += (xy[before] - xy[start]) * (xy[at + 1] - xy[start + 1]);
    twice -= (xy[at] - xy[start]) * (xy[before + 1] - xy[start + 1]);
  }
  return twice >= 0;
}

function turn(xy, start, end) {
  for (let a = start, b = end - 2; a < b; a += 2, b -= 2) {
    [xy[a], xy[b], xy[a + 1], xy[b + 1]] = [xy[b], xy[a], xy[b + 1], xy[a + 1]];
  }
}

function boxOf(xy, start, end, box) {
  box.set([Infinity, Infinity, -Infinity, -Infinity]);
  for (let at = start; at < end; at += 2) {
    if (xy[at] < box[0]) box[0] = xy[at];
    if (xy[at + 1] < box[1]) box[1] = xy[at + 1];
    if (xy[at] > box[2]) box[2] = xy[at];
    if (xy[at + 1] > box[3]) box[3] = xy[at + 1];
  }
}

/** Whether a line from a point to the left crosses a ring an odd number of times. */
export function crosses({ xy, starts }, line, x, y) {
  const [start, end] = [starts[line], starts[line + 1]];
  let inside = false;
  for (let at = start, before = end - 2; at < end; before = at, at += 2) {
    const [x1, y1, x2, y2] = [xy[before], xy[before + 1], xy[at], xy[at + 1]];
    if (y1 > y !== y2 > y && x > x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) inside = !inside;
  }
  return inside;
}

/** Whether a line, or a point, comes so near to a point. */
export function nears({ xy, starts }, line, x, y, room) {
  const [start, end] = [starts[line], starts[line + 1]];
  for (let at = start, before = start; at < end; before = at, at += 2) {
    const [east, south] = [xy[at] - xy[before], xy[at + 1] - xy[before + 1]];
    const along = (x - xy[before]) * east + (y - xy[before + 1]) * south;
    const part = Math.min(1, Math.max(0, along / (east * east + south * south || 1)));
    const [far, low] = [xy[before] + part * east - x, xy[before + 1] + part * south - y];
    if (far * far + low * low <= room * room) return true;
  }
  return false;
}

/** The box around a feature: its least x and y, and its greatest. */
export function around({ boxes, of }, id) {
  const [first, after] = of.get(id) ?? [0, 0];
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 4 * first; at < 4 * after; at += 4) {
    box[0] = Math.min(box[0], boxes[at]);
    box[1] = Math.min(box[1], boxes[at + 1]);
    box[2] = Math.max(box[2], boxes[at + 2]);
    box[3] = Math.max(box[3], boxes[at + 3]);
  }
  return box;
}

/**
 * Add a line to a path, unless it lies wholly beside the canvas.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Lines} lines
 * @param {number} line which of them
 * @param {object} view as `Drawn.draw`
 */
export function trace(pen, { xy, starts, boxes }, line, { scale, left, top, width, height }) {
  const edge = BESIDE_PX + pen.lineWidth;
  const box = 4 * line;
  if (boxes[box] * scale - left > width + edge || boxes[box + 2] * scale - left < -edge) return;
  if (boxes[box + 1] * scale - top > height + edge || boxes[box + 3] * scale - top < -edge) return;
  const [start, end] = [starts[line], starts[line + 1]];
  let [x0, y0] = [NaN, NaN];
  for (let at = start; at < end; at += 2) {
    const x = Math.round((xy[at] * scale - left) / PART_PX) * PART_PX;
    const y = Math.round((xy[at + 1] * scale - top) / PART_PX) * PART_PX;
    if (x === x0 && y === y0) continue;
    if (at === start) pen.moveTo(x, y);
    else pen.lineTo(x, y);
    x0 = x;
    y0 = y;
  }
}
