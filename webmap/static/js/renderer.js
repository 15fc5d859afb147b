/** Leaflet's canvas, taught to draw patterns over fills, and points of several shapes. */

const { L } = window;
const TILE_PX = 6;

/** How each pattern's tile is drawn, as in the legend's swatches (templates/swatch.html). */
const PATTERNS = {
  hatch(pen) {
    pen.lineWidth = 1.25;
    line(pen, -1, 1, 1, -1);
    line(pen, 0, 6, 6, 0);
    line(pen, 5, 7, 7, 5);
  },
  dots(pen) {
    pen.beginPath();
    pen.arc(3, 3, 1.1, 0, 2 * Math.PI);
    pen.fill();
  },
  cross(pen) {
    pen.lineWidth = 0.9;
    line(pen, 0, 0, 6, 6);
    line(pen, 0, 6, 6, 0);
  },
  lines(pen) {
    pen.lineWidth = 1;
    line(pen, 0, 3, 6, 3);
  },
  rings(pen) {
    pen.lineWidth = 0.9;
    pen.beginPath();
    pen.arc(3, 3, 1.7, 0, 2 * Math.PI);
    pen.stroke();
  },
};

/** Corners of each shape, in radii from the middle; y falls. */
const SHAPES = {
  square: [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  triangle: [
    [0, -1.15],
    [1.1, 0.85],
    [-1.1, 0.85],
  ],
};

function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

function tile(name, ink) {
  const canvas = document.createElement("canvas");
  const fine = window.devicePixelRatio > 1 ? 2 : 1;
  canvas.width = canvas.height = TILE_PX * fine;
  const pen = canvas.getContext("2d");
  pen.scale(fine, fine);
  pen.strokeStyle = pen.fillStyle = ink;
  PATTERNS[name](pen);
  return { canvas, fine };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} name of a pattern
 * @param {string} ink its colour
 * @returns {CanvasPattern} what a fill is drawn over with
 */
export function patternOf(pen, name, ink) {
  const { canvas, fine } = tile(name, ink);
  const pattern = pen.createPattern(canvas, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / fine));
  return pattern;
}

/**
 * @param {string} shape of a point
 * @returns {?number[][]} its corners, in radii from the middle; null for a circle
 */
export function cornersOf(shape) {
  return SHAPES[shape] ?? null;
}

const PatternCanvas = L.Canvas.extend({
  _fillStroke(pen, layer) {
    L.Canvas.prototype._fillStroke.call(this, pen, layer);
    const { pattern } = layer.options;
    if (!(pattern in PATTERNS)) return;
    this._tiles ??= {};
    this._tiles[pattern] ??= patternOf(pen, pattern, this.options.inks[pattern]);
    pen.globalAlpha = 1;
    pen.fillStyle = this._tiles[pattern];
    pen.fill("evenodd");
  },

  _updateCircle(layer) {
    const corners = cornersOf(layer.options.shape);
    if (!corners) return L.Canvas.prototype._updateCircle.call(this, layer);
    if (!this._drawing || layer._empty()) return this;
    const pen = this._ctx;
    pen.beginPath();
    for (const [x, y] of corners) {
      pen.lineTo(layer._point.x + x * layer._radius, layer._point.y + y * layer._radius);
    }
    pen.closePath();
    this._fillStroke(pen, layer);
    return this;
  },
});

/**
 * @param {object} options Leaflet's, and `inks`: the colour of each pattern
 * @returns {L.Canvas}
 */
export function canvas(options) {
  return new PatternCanvas(options);
}
