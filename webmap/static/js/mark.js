/** The mark of the chosen feature. */

const { L } = window;
const RADIUS_PX = 11;

/**
 * Mark a feature: an area or a point by a dark line over a light one, that shows on any fill; a
 * line by a dark casing.
 *
 * @param {object} shape GeoJSON geometry
 * @param {string} colour the feature's own
 * @param {L.Renderer} renderer
 * @returns {L.FeatureGroup}
 */
export function mark(shape, colour, renderer) {
  const pen = (color, weight) => ({ color, weight, fill: false, interactive: false, renderer });
  const strokes = shape.type.endsWith("LineString")
    ? [pen("#101820", 6), pen(colour, 3)]
    : [pen("#ffffff", 7), pen("#101820", 3.5)];
  return L.featureGroup(
    strokes.map((style) =>
      L.geoJSON(shape, {
        style,
        interactive: false,
        pointToLayer: (_, spot) => L.circleMarker(spot, { ...style, radius: RADIUS_PX }),
      }),
    ),
  );
}
