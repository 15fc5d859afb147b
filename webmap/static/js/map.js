/** The map: the frame that folium put in the page, filled. */

import * as basemap from "./basemap.js";
import * as labels from "./labels.js";
import { mark } from "./mark.js";
import { say } from "./messages.js";
import { Pointer } from "./pointer.js";

const { L } = window;
const UNDER_DATA = 300;
const OVER_DATA = 420;
const PAPER_PX = { width: 680, height: 500 };

export class MapView {
  /**
   * @param {HTMLElement} frame
   * @param {object} config the frame's description
   * @param {(id: string) => void} choose called with the id of a feature clicked; "" for none
   */
  constructor(frame, config, choose) {
    this.config = config;
    this.choose = choose;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(frame, {
      minZoom: config.min_zoom,
      maxZoom: config.max_zoom,
      zoomSnap: 0.5,
      attributionControl: false,
      zoomControl: false,
      scrollWheelZoom: false,
      zoomAnimation: !this.still,
      fadeAnimation: !this.still,
      markerZoomAnimation: !this.still,
    });
    L.control.zoom({ zoomInTitle: say("zoom-in"), zoomOutTitle: say("zoom-out") }).addTo(this.map);
    L.control.scale({ imperial: true, metric: true }).addTo(this.map);
    this.picking = null;
    this.beside = null;
    this.pointer = new Pointer(this.map, (spot) => this.drawnAt(spot));
    this.map.on("click", ({ latlng }) => this.clicked(latlng));
    this.map.on("movestart zoomstart", () => this.forget());
    // The wheel scrolls the page until the map has been clicked or tabbed into.
    frame.addEventListener("focus", () => this.map.scrollWheelZoom.enable());
    frame.addEventListener("blur", () => this.map.scrollWheelZoom.disable());
    this.map.createPane("marked").style.zIndex = 450;
    this.marker = L.canvas({ pane: "marked", padding: 0.2 });
    this.kept = new Map();
    this.drawn = null;
    this.marked = null;
    this.shapes = null;
    this.features = null;
    this.map.on("resize load", () => measure(frame));
    this.whole(config.layers.find(({ bounds }) => bounds)?.bounds);
    frame.dataset.ready = "";
  }

  /** Let clicks choose a spot instead of a feature; null: a feature again. */
  pick(choose) {
    this.picking = choose;
    this.map.getContainer().classList.toggle("leaflet-crosshair", Boolean(choose));
  }

  clicked(spot) {
    if (this.picking) return this.picking(spot);
    const id = this.pointer.at(spot);
    // What lies to the right of a comparison may be of other features.
    return this.choose(this.features?.places.has(id) ? id : "");
  }

  /** The drawing that shows at a spot: the layer's, unless another lies beside it there. */
  drawnAt(spot) {
    return this.beside?.lies(spot) ? this.beside.drawn : this.drawn;
  }

  /** Outline areas that are too many to have their whole shapes fetched. */
  outline(ids) {
    for (const drawn of [this.drawn, this.beside?.drawn]) drawn?.mark?.(ids);
  }

  /** Show all of some bounds: west, south, east, north. */
  whole(bounds) {
    if (!bounds) return this.map.setView([54, -2], 7);
    const [west, south, east, north] = bounds;
    const box = [
      [south, west],
      [north, east],
    ];
    return this.map.fitBounds(box, { padding: [12, 12], animate: false });
  }

  /**
   * Draw the base map.
   *
   * @param {object} packed as it comes from the server
   * @param {() => Promise<object>} fetchLanes fetches what only shows from near
   */
  ground(packed, fetchLanes) {
    const { paint, add } = basemap.draw(this.map, packed);
    document.addEventListener("theme", paint);
    const near = () => {
      if (this.map.getZoom() < basemap.LANES_FROM) return;
      this.map.off("zoomend", near);
      fetchLanes().then(add, () => this.map.on("zoomend", near));
    };
    this.map.on("zoomend", near);
    near();
    labels.draw(this.map, packed);
    this.layRoads();
  }

  /** Streets lie over filled areas and under all else. */
  layRoads() {
    const roads = this.map.getPane("roads");
    if (!roads) return;
    const filled = this.features?.layer.geometry === "polygon";
    roads.style.zIndex = filled ? OVER_DATA : UNDER_DATA;
    roads.classList.toggle("over", filled);
  }

  /**
   * Show a layer in place of the one before.
   *
   * @param {import("./features.js").Features} features
   * @param {import("./shapes.js").Shapes | null} shapes null where the layer has none
   */
  show(features, shapes) {
    if (this.drawn && this.shapes !== shapes) this.drawn.container.hidden = true;
    this.pointer.leave();
    this.features = features;
    this.shapes = shapes;
    this.layRoads();
    this.drawn = shapes && this.drawingOf(shapes, features.layer.geometry);
    if (!this.drawn) return;
    this.drawn.colour(features, this.config.fallback);
    this.drawn.layer.addTo(this.map);
    this.drawn.container.hidden = false;
  }

  /** What was made of shapes before, with its canvas, or what is made now. */
  drawingOf(shapes, geometry) {
    if (!this.kept.has(shapes)) {
      this.kept.set(shapes, shapes.drawing(geometry, this.config.inks, "overlayPane"));
    }
    return this.kept.get(shapes);
  }

  /** Take the canvases that aren't seen off the map, before it moves them all. */
  forget() {
    for (const drawn of this.kept.values()) {
      if (drawn !== this.drawn) drawn.layer.remove();
    }
  }

  /** Draw the layer more or less strongly over the base map: a share. */
  strength(share) {
    for (const name of ["overlayPane", "swiped"]) {
      const pane = this.map.getPane(name);
      if (pane) pane.style.opacity = share;
    }
  }

  /**
   * Mark a feature, or none.
   *
   * @param {number | undefined} place
   * @param {?boolean} near whether to move the map to it even if it is seen; null: not at all
   * @param {boolean} gliding whether the map may glide there
   */
  select(place, near, gliding) {
    this.marked?.remove();
    this.marked = null;
    const shape = place === undefined ? null : this.shapes?.get(this.features.ids[place]);
    if (!shape) return;
    const colour = this.features.line(place).style?.fill ?? this.config.fallback.fill;
    this.marked = mark(shape, colour, this.marker).addTo(this.map);
    const bounds = this.marked.getBounds();
    if (near || (near === false && !this.map.getBounds().intersects(bounds))) {
      const room = shape.type.endsWith("LineString") ? 0.05 : 0.5;
      this.map.fitBounds(bounds.pad(room), { maxZoom: 15, animate: gliding && !this.still });
    }
  }
}

/** Tell the print style the map's size: paper takes the map as it was drawn on the screen. */
function measure(frame) {
  const { clientWidth: width, clientHeight: height, style } = frame;
  if (window.matchMedia("print").matches) return;
  style.setProperty("--drawn-width", `${width}px`);
  style.setProperty("--drawn-height", `${height}px`);
  const scale = Math.min(1, PAPER_PX.width / width, PAPER_PX.height / height);
  frame.parentElement.style.setProperty("--print-scale", scale);
}
