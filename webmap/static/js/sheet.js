/** A canvas over the map, drawn anew whenever the map has come to rest elsewhere. */

const { L } = window;

/** @param {(pen: CanvasRenderingContext2D, view: object) => void} draw as `Drawn.draw` */
export const Sheet = L.Renderer.extend({
  options: { padding: 0.2 },

  initialize(draw, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._draw = draw;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
  },

  _destroyContainer() {
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { x, y } = this._map.getPixelOrigin().add(this._bounds.min);
    const view = `${this._map.getZoom()} ${x} ${y} ${this._bounds.getSize()}`;
    if (view !== this._view) this.redraw();
    this._view = view;
    L.DomUtil.setPosition(this._container, this._bounds.min);
  },

  /** Draw what is to be seen. */
  redraw() {
    if (!this._map) return;
    const { _container: canvas, _map: map } = this;
    const { x: left, y: top } = map.getPixelOrigin().add(this._bounds.min);
    const { x: width, y: height } = this._bounds.getSize();
    const fine = L.Browser.retina ? 2 : 1;
    [canvas.width, canvas.height] = [fine * width, fine * height];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    const pen = canvas.getContext("2d");
    pen.scale(fine, fine);
    const zoom = map.getZoom();
    this._draw(pen, { scale: 2 ** zoom, left, top, width, height, zoom });
  },
});
