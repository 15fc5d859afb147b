"""Shapes made small for the way to the browser: steps in whole numbers from point to point."""

from collections.abc import Mapping
from typing import Any

SCALE = 100_000
"""Steps of a degree: a step is about a metre, to which shapes are rounded."""


def packed(collection: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a GeoJSON FeatureCollection with its geometries packed.

    A geometry becomes its `type` and its `coordinates`, where each point, line or ring is a list
    of whole numbers: longitude and latitude times `scale`, the first in full, the others less
    those before.

    Examples
    --------
    >>> line = {"type": "LineString", "coordinates": [[-1.5, 51.75], [-1.49999, 51.75]]}
    >>> packed({"features": [{"id": "a", "geometry": line}]})["features"]
    [{'id': 'a', 'geometry': ['LineString', [-150000, 5175000, 1, 0]]}]
    """
    return {
        "scale": SCALE,
        "features": [
            {
                **{name: feature[name] for name in ("id", "properties") if feature.get(name)},
                "geometry": _geometry(feature["geometry"]),
            }
            for feature in collection["features"]
        ],
    }


def _geometry(geometry: Mapping[str, Any] | None) -> list[Any] | None:
    if geometry is None:
        return None
    coordinates = geometry["coordinates"]
    return [geometry["type"], _steps([coordinates] if geometry["type"] == "Point" else coordinates)]


def _steps(coordinates: Any) -> list[Any]:
    if not coordinates or not isinstance(coordinates[0][0], int | float):
        return [_steps(part) for part in coordinates]
    steps: list[int] = []
    x = y = 0
    for longitude, latitude, *_ in coordinates:
        east, north = round(longitude * SCALE), round(latitude * SCALE)
        steps += (east - x, north - y)
        x, y = east, north
    return steps
