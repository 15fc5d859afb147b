/** Thousands of areas on the map: fetched and drawn tile by tile, those in view alone. */

import { tip } from "./layer.js";
import { patternOf } from "./renderer.js";
import { byLook, holds, read } from "./tile.js";

const { L } = window;
const SIDE_PX = 256;
/** Zoom from which areas have edges: from afar there would be nothing else. */
const EDGED = 11;
const EDGE_PX = 0.5;

/** The shapes of a layer of many areas, as `shapesById` gives those of others. */
export class TiledShapes {
  /** @param {string} url address of a tile, with {z}, {x} and {y} */
  constructor(url) {
    this.url = url;
    this.items = `${url.split("/{z}")[0].replace("/tiles/", "/collections/")}/items/`;
    this.whole = new Map();
  }

  /** @returns {object | undefined} the GeoJSON geometry of an area that was asked for */
  get(id) {
    return this.whole.get(id);
  }

  /** Fetch the whole shape of one area, which may lie in several tiles or in none that is held. */
  async ask(id) {
    if (this.whole.has(id)) return;
    const answer = await fetch(this.items + encodeURIComponent(id));
    if (answer.ok) this.whole.set(id, (await answer.json()).geometry);
  }

  /**
   * @param {Object<string, string>} inks the colour of each pattern
   * @param {string} pane of the map
   * @returns {Tiled} what is drawn of the shapes
   */
  drawing(inks, pane = "overlayPane") {
    return new Tiled(this.url, inks, pane);
  }
}

/** Tiles on the map; they have what `Drawn` has for other layers. */
export class Tiled {
  constructor(url, inks, pane) {
    Object.assign(this, { url, inks, pane, features: null, fallback: null, drawnAs: null });
    this.held = new Map();
    this.group = this.grid();
    this.renderer = new Veil(this.group);
  }

  /** Colour the areas as a layer's features; tiles that are held are drawn anew. */
  colour(features, fallback) {
    Object.assign(this, { features, fallback });
    if (this.drawnAs === features.shows) return;
    this.drawnAs = features.shows;
    for (const tile of this.held.values()) this.draw(tile);
  }

  /** Areas are as large as they are, at any zoom. */
  fit() {}

  /** @returns {string} the id of the area shown at a spot; "" where there is none */
  at(spot) {
    const zoom = this.group._tileZoom;
    const { x, y } = this.group._map.project(spot, zoom);
    const tile = this.held.get(keyOf({ z: zoom, x: Math.floor(x / SIDE_PX), y: Math.floor(y / SIDE_PX) }));
    if (!tile) return "";
    const under = tile.areas.filter((area) => holds(area, x % SIDE_PX, y % SIDE_PX));
    return byLook(under, this.features).at(-1)?.areas.at(-1).id ?? "";
  }

  grid() {
    const grid = new L.GridLayer({
      pane: this.pane,
      tileSize: SIDE_PX,
      className: "tiled",
      updateWhenIdle: false,
      updateWhenZooming: false,
    });
    const tooltip = L.tooltip({ sticky: true });
    const point = ({ latlng }) => {
      const id = this.at(latlng);
      grid._map.getContainer().classList.toggle("leaflet-interactive", Boolean(id));
      if (!id) return tooltip.close();
      tooltip.setContent(tip(this.features, this.features.places.get(id)));
      return tooltip.setLatLng(latlng).openOn(grid._map);
    };
    grid.createTile = (coords, done) => this.make(coords, done);
    grid.closeTooltip = () => tooltip.close();
    grid.on("tileunload", ({ coords }) => this.held.delete(keyOf(coords)));
    grid.getEvents = function events() {
      const leave = () => tooltip.close();
      return { ...L.GridLayer.prototype.getEvents.call(this), mousemove: point, mouseout: leave };
    };
    return grid;
  }

  make(coords, done) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE_PX * Math.ceil(window.devicePixelRatio);
    const tile = { canvas, areas: [], zoom: coords.z };
    this.held.set(keyOf(coords), tile);
    const url = L.Util.template(this.url, coords);
    bytesOf(url).then(
      (bytes) => {
        tile.areas = read(bytes, SIDE_PX);
        this.draw(tile);
        done(null, canvas);
      },
      (problem) => done(problem, canvas),
    );
    return canvas;
  }

  draw({ canvas, areas, zoom }) {
    const pen = canvas.getContext("2d");
    const fine = canvas.width / SIDE_PX;
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.clearRect(0, 0, SIDE_PX, SIDE_PX);
    for (const { place, areas: alike } of byLook(areas, this.features)) {
      const style = this.features.line(place).style ?? this.fallback;
      const fill = style.tints.length ? style.tints[place % style.tints.length] : style.fill;
      const path = pathOf(alike);
      pen.globalAlpha = style.opacity;
      pen.fillStyle = fill;
      pen.fill(path);
      pen.globalAlpha = 1;
      if (style.pattern in this.inks) {
        pen.fillStyle = patternOf(pen, style.pattern, this.inks[style.pattern]);
        pen.fill(path);
      }
      if (zoom < EDGED) continue;
      pen.strokeStyle = style.outline;
      pen.lineWidth = EDGE_PX;
      pen.stroke(path);
    }
  }
}

/** Hides and removes tiles as the map does other layers' canvases. */
class Veil {
  constructor(grid) {
    this.grid = grid;
  }

  get _container() {
    return this.grid.getContainer();
  }

  remove() {}
}

async function bytesOf(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.arrayBuffer();
}

function keyOf({ z, x, y }) {
  return `${z}/${x}/${y}`;
}

function pathOf(areas) {
  const path = new Path2D();
  for (const { rings } of areas) {
    for (const ring of rings) {
      path.moveTo(ring[0], ring[1]);
      for (let at = 2; at < ring.length; at += 2) path.lineTo(ring[at], ring[at + 1]);
      path.closePath();
    }
  }
  return path;
}
