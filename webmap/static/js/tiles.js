/** Thousands of areas on the map: fetched and drawn tile by tile, those in view alone. */

import { patternOf } from "./renderer.js";
import { byLook, holds, read } from "./tile.js";

const { L } = window;
const SIDE_PX = 256;
/** Zoom from which areas have edges: from afar there would be nothing else. */
const EDGED = 11;
const EDGE_PX = 0.5;
/** Outlines of areas chosen together, a dark line over a light one as `mark` draws them. */
const OUTLINES = { near: [7, 3.5], far: [3, 1.5] };
const OUTLINE_INKS = ["#ffffff", "#101820"];

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

  /** @returns {Tiled} what is drawn of the shapes, as `Shapes` says it */
  drawing(_, inks, pane) {
    return new Tiled(this.url, inks, pane);
  }
}

/** Tiles on the map; they have what `Drawn` has for other layers. */
export class Tiled {
  constructor(url, inks, pane) {
    Object.assign(this, { url, inks, pane, features: null, fallback: null, drawnAs: null });
    this.held = new Map();
    this.marked = new Set();
    this.layer = this.grid();
  }

  get container() {
    return this.layer.getContainer();
  }

  /** Colour the areas as a layer's features; tiles that are held are drawn anew. */
  colour(features, fallback) {
    Object.assign(this, { features, fallback });
    if (this.drawnAs === features.shows) return;
    this.drawnAs = features.shows;
    for (const tile of this.held.values()) this.draw(tile);
  }

  /** Outline some areas, by their ids, and no others. */
  mark(ids) {
    const before = this.marked;
    this.marked = new Set(ids);
    if (before.size || this.marked.size) for (const tile of this.held.values()) this.draw(tile);
  }

  /**
   * @param {{x: number, y: number}} spot on the map of the world at zoom 0
   * @returns {string} the id of the area shown there; "" where there is none
   */
  at(spot) {
    const zoom = this.layer._tileZoom;
    const [x, y] = [spot.x * 2 ** zoom, spot.y * 2 ** zoom];
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
    grid.createTile = (coords, done) => this.make(coords, done);
    grid.on("tileunload", ({ coords }) => this.held.delete(keyOf(coords)));
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
    const marked = areas.filter(({ id }) => this.marked.has(id));
    if (marked.length) outline(pen, pathOf(marked), OUTLINES[zoom < EDGED ? "far" : "near"]);
  }
}

function outline(pen, path, widths) {
  pen.lineJoin = "round";
  widths.forEach((width, at) => {
    pen.strokeStyle = OUTLINE_INKS[at];
    pen.lineWidth = width;
    pen.stroke(path);
  });
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
      // Closing would measure the whole path so far, each time.
      path.lineTo(ring[0], ring[1]);
    }
  }
  return path;
}
