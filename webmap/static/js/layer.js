/** Shapes on the map: drawn by class, told under the pointer, chosen by a click. */

const { L } = window;
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

/** Shapes on the map, made once and coloured anew for each layer that has them. */
export class Drawn {
  /**
   * @param {Map<string, object>} shapes GeoJSON geometries by the feature's id
   * @param {string} geometry what they are drawn as
   * @param {L.Renderer} renderer
   * @param {(id: string, spot: L.LatLng) => void} choose called with the id of a feature clicked
   */
  constructor(shapes, geometry, renderer, choose) {
    Object.assign(this, { shapes, geometry, renderer, features: null, zoom: NaN });
    this.paths = new Map();
    this.group = L.featureGroup();
    this.group.on("click", ({ propagatedFrom, latlng }) => choose(propagatedFrom.id, latlng));
    this.group.bindTooltip(({ id }) => tip(this.features, this.features.places.get(id)), {
      sticky: true,
    });
  }

  /**
   * Colour a layer's features, those of the first classes on top.
   *
   * @param {import("./features.js").Features} features
   * @param {object} fallback style of a feature that no class holds
   */
  colour(features, fallback) {
    this.features = features;
    if (this.shows === features.shows) return;
    this.shows = features.shows;
    const tints = tintsOf(features, this.shapes);
    const shown = new Set();
    for (const place of drawingOrder(features.classes).filter(features.shows)) {
      const style = features.line(place).style ?? fallback;
      const fill = style.tints.length ? style.tints[tints[place]] : style.fill;
      const look = pathOptions({ ...style, fill }, this.geometry, features.count);
      const path = this.path(features.ids[place], look);
      if (!path) continue;
      shown.add(path);
      if (!this.group.hasLayer(path)) this.group.addLayer(path);
      path.bringToFront();
    }
    this.group.eachLayer((path) => shown.has(path) || this.group.removeLayer(path));
    const { zoom } = this;
    this.zoom = NaN;
    this.fit(zoom);
  }

  /** The path of a feature, in its look; null where it has no shape. */
  path(id, look) {
    const made = this.paths.get(id);
    if (made) return made.setStyle(look);
    const shape = this.shapes.get(id);
    if (!shape) return null;
    const options = { ...look, renderer: this.renderer, bubblingMouseEvents: false };
    const path = pathOf(shape, options);
    path.id = id;
    this.paths.set(id, path);
    return path;
  }

  /** Fit points and lines to a zoom. */
  fit(zoom) {
    if (zoom === this.zoom) return;
    this.zoom = zoom;
    if (this.geometry === "polygon" || Number.isNaN(zoom)) return;
    const { radius, weight } = sizes(zoom);
    if (this.geometry === "line") this.group.setStyle({ weight });
    else this.group.eachLayer((point) => point.setRadius(radius));
  }
}

const DEPTH = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 };

function pathOf({ type, coordinates }, options) {
  if (type === "Point") return L.circleMarker(L.GeoJSON.coordsToLatLng(coordinates), options);
  const spots = L.GeoJSON.coordsToLatLngs(coordinates, DEPTH[type]);
  return type.endsWith("Polygon") ? L.polygon(spots, options) : L.polyline(spots, options);
}

function tintsOf({ ids, layer }, shapes) {
  const most = Math.max(0, ...layer.classes.map(({ style }) => style.tints.length));
  return most ? apart(ids.map((id) => boxOf(shapes.get(id))), most) : [];
}

function boxOf(shape) {
  const points = shape ? shape.coordinates.flat(Infinity) : [];
  const [lon, lat] = [0, 1].map((odd) => points.filter((_, at) => at % 2 === odd));
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [least(lon), least(lat), most(lon), most(lat)];
}

/** What is told of a feature under the pointer. */
export function tip(features, place) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = features.name(place);
  const said = document.createElement("span");
  said.textContent = features.line(place).label;
  box.append(name, said);
  return box;
}
