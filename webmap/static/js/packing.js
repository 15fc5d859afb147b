/** Shapes as they come from the server, packed small (webmap/screen/packing.py), as GeoJSON. */

/**
 * @param {?[string, any[]]} packed
 * @param {number} scale
 * @returns {?object} GeoJSON geometry
 */
export function geometryOf(packed, scale) {
  if (!packed) return null;
  const spots = (steps) => {
    if (typeof steps[0] !== "number") return steps.map(spots);
    const points = new Array(steps.length / 2);
    for (let at = 0, x = 0, y = 0; at < points.length; at += 1) {
      x += steps[2 * at];
      y += steps[2 * at + 1];
      points[at] = [x / scale, y / scale];
    }
    return points;
  };
  const [type, steps] = packed;
  const coordinates = spots(steps);
  return { type, coordinates: type === "Point" ? coordinates[0] : coordinates };
}
