/** Drawing around areas: a box from corner to corner, or a line led freely around them. */

const SVG = "http://www.w3.org/2000/svg";
const LEAST_PX = 4;

/**
 * The corners of what was drawn.
 *
 * @param {string} tool "box" or "lasso"
 * @param {{x: number, y: number}[]} trail where the pointer has been
 * @returns {{x: number, y: number}[]}
 */
export function outline(tool, trail) {
  if (tool !== "box") return trail;
  const [a, b] = [trail[0], trail.at(-1)];
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}

export class Lasso {
  /**
   * @param {L.Map} map
   * @param {(ring: [number, number][], adding: boolean) => void} drawn called with longitudes and
   *   latitudes; adding: with Ctrl or Shift held
   */
  constructor(map, drawn) {
    Object.assign(this, { map, drawn, tool: "", trail: [] });
    this.sheet = document.createElement("div");
    this.sheet.className = "lasso";
    this.sheet.hidden = true;
    const svg = document.createElementNS(SVG, "svg");
    this.line = document.createElementNS(SVG, "polygon");
    svg.append(this.line);
    this.sheet.append(svg);
    map.getContainer().parentElement.append(this.sheet);
    this.sheet.addEventListener("pointerdown", (event) => this.begin(event));
    this.sheet.addEventListener("pointermove", (event) => this.lead(event));
    this.sheet.addEventListener("pointerup", (event) => this.end(event));
    this.sheet.addEventListener("pointercancel", () => this.clear());
  }

  /** Take up a tool; "" for none. */
  take(tool) {
    this.tool = tool;
    this.sheet.hidden = !tool;
    this.clear();
  }

  begin(event) {
    this.sheet.setPointerCapture(event.pointerId);
    this.trail = [this.spot(event)];
  }

  lead(event) {
    if (!this.trail.length) return;
    this.trail.push(this.spot(event));
    const corners = outline(this.tool, this.trail);
    this.line.setAttribute("points", corners.map(({ x, y }) => `${x},${y}`).join(" "));
  }

  end(event) {
    const corners = outline(this.tool, this.trail);
    const wide = (axis) => {
      const all = corners.map((each) => each[axis]);
      return Math.max(...all) - Math.min(...all);
    };
    const enough = corners.length > 2 && wide("x") > LEAST_PX && wide("y") > LEAST_PX;
    this.clear();
    if (!enough) return;
    const ring = corners.map(({ x, y }) => {
      const { lng, lat } = this.map.containerPointToLatLng([x, y]);
      return [lng, lat];
    });
    this.drawn(ring, event.ctrlKey || event.metaKey || event.shiftKey);
  }

  clear() {
    this.trail = [];
    this.line.setAttribute("points", "");
  }

  spot({ clientX, clientY }) {
    const { left, top } = this.sheet.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}
