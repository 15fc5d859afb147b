"""A layer's areas as a still drawing: paths to be written into the page, and printed."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.results import Snapshot

WIDTH = 640
MARGIN = 8
TALLEST = 720
NAMED = {"city": 0, "town": 1, "village": 2}
MOST_NAMES = 12
NAME_APART = (110, 22)

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A feature's outline as SVG writes it, its class's place in the legend, and its id."""

    feature_id: str
    line: int
    path: str


@dataclass(frozen=True)
class Name:
    """A place's name, and where its middle stands."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """
    A still map.

    Parameters
    ----------
    width, height
        Size in its own units.
    water, border
        Paths of sea and lakes, and of the authority's outline.
    shapes
        The areas; the first classes of the legend come last, to lie on top.
    names
        The greater places, apart from one another.
    """

    width: int
    height: int
    water: str
    border: str
    shapes: tuple[Shape, ...]
    names: tuple[Name, ...]


class Projection:
    """Degrees to places in a drawing: equal scale both ways at its middle latitude."""

    def __init__(self, bounds: Sequence[float], width: int = WIDTH, tallest: int = TALLEST) -> None:
        west, south, east, north = bounds
        self.squeeze = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * self.squeeze, 1e-9)
        up = max(north - south, 1e-9)
        self.scale = min((width - 2 * MARGIN) / across, (tallest - 2 * MARGIN) / up)
        self.west, self.north = west, north
        self.width = width
        self.left = (width - across * self.scale) / 2
        self.height = round(up * self.scale + 2 * MARGIN)

    def __call__(self, longitude: float, latitude: float) -> Point:
        """Return where a place stands."""
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        y = MARGIN + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)


def of_layer(run: Snapshot, entry: Mapping[str, Any]) -> Drawing:
    """Draw a layer of areas, once for a run."""
    return run.keep(f"drawing of {entry['layer_id']}", lambda: _draw(run, entry))


def _draw(run: Snapshot, entry: Mapping[str, Any]) -> Drawing:
    at = Projection(entry["bounds"])
    table, found = run.table(entry["layer_id"]), run.shapes(entry["layer_id"])
    places = {line["key"]: place for place, line in enumerate(entry["classes"])}
    shapes = [
        Shape(feature_id, places.get(key, len(places) - 1), _path(found[feature_id], at))
        for feature_id, key in zip(table["ids"], table["class_key"], strict=True)
        if found[feature_id]
    ]
    shapes.sort(key=lambda shape: -shape.line)
    ground = run.read("basemap.json")["features"]
    return Drawing(
        at.width,
        at.height,
        _paths(ground, ("sea", "water"), at),
        _paths(ground, ("authority",), at),
        tuple(shapes),
        tuple(_names(ground, at)),
    )


def _paths(features: Iterable[Any], kinds: Sequence[str], at: Projection) -> str:
    return "".join(
        _path(feature["geometry"], at)
        for feature in features
        if feature["properties"]["kind"] in kinds
    )


def _path(geometry: Mapping[str, Any], at: Projection) -> str:
    """Return a geometry's outline, without points nearer than the drawing can show."""
    return "".join(
        "M" + "L".join(f"{x:g},{y:g}" for x, y in _thinned(ring, at)) + "Z"
        for ring in _rings(geometry)
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon


def _thinned(ring: Sequence[Sequence[float]], at: Projection) -> list[Point]:
    """Return a ring's points in the drawing, but those within a unit of the one before."""
    kept: list[Point] = []
    for longitude, latitude in ring:
        x, y = at(longitude, latitude)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1.0:
            kept.append((x, y))
    return kept


def _names(features: Iterable[Any], at: Projection) -> Iterator[Name]:
    """Yield the names of the greater places first, none over another nor over the edge."""
    places = [
        feature
        for feature in features
        if feature["properties"]["kind"] in NAMED and feature["properties"].get("name")
    ]
    places.sort(key=lambda feature: NAMED[feature["properties"]["kind"]])
    taken: list[Point] = []
    for feature in places:
        x, y = at(*feature["geometry"]["coordinates"])
        half = 4 * len(feature["properties"]["name"])
        inside = half < x < at.width - half and 12 < y < at.height - 12
        clear = all(abs(x - a) >= NAME_APART[0] or abs(y - b) >= NAME_APART[1] for a, b in taken)
        if inside and clear and len(taken) < MOST_NAMES:
            taken.append((x, y))
            yield Name(feature["properties"]["name"], x, y)
