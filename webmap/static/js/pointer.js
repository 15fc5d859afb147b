/** What lies under the pointer is told beside it. */

const { L } = window;
/** What lies over the layers, and is not to be taken for them. */
const OTHERS = "canvas, .leaflet-marker-icon, .leaflet-control, .swipe-line";

export class Pointer {
  /**
   * @param {L.Map} map
   * @param {(spot: L.LatLng) => ?object} drawnAt the drawing that shows at a spot
   */
  constructor(map, drawnAt) {
    Object.assign(this, { map, drawnAt });
    this.tooltip = L.tooltip();
    map.on("mousemove", (event) => this.tell(event));
    map.on("mouseout movestart zoomstart", () => this.leave());
  }

  /** The id of the feature shown at a spot; "" where there is none. */
  at(spot) {
    const zoom = this.map.getZoom();
    return this.drawnAt(spot)?.at(this.map.project(spot, 0), zoom) ?? "";
  }

  tell({ latlng, originalEvent: { target } }) {
    const drawn = this.drawnAt(latlng);
    const other = target.closest(OTHERS);
    const id = other && other !== drawn?.container ? "" : this.at(latlng);
    this.map.getContainer().classList.toggle("leaflet-interactive", Boolean(id));
    if (!id) return this.tooltip.close();
    const { features } = drawn;
    this.tooltip.setContent(tip(features, features.places.get(id)));
    return this.tooltip.setLatLng(latlng).openOn(this.map);
  }

  leave() {
    this.tooltip.close();
  }
}

/** What is told of a feature under the pointer. */
function tip(features, place) {
  const box = document.createElement("div");
  const name = document.createElement("strong");
  name.textContent = features.name(place);
  const said = document.createElement("span");
  said.textContent = features.line(place).label;
  box.append(name, said);
  return box;
}
