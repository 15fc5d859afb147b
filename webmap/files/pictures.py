"""A layer drawn as a map: the same colours, patterns and shapes as on the page."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Polygon, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray
from pyproj import Geod

from webmap.files.paper import FAMILY, INK, QUIET, measured, printable
from webmap.screen import palettes
from webmap.screen.drawing import MOST_NAMES, NAMED

Shapes = NDArray[np.object_]
Look = Mapping[str, Any]

LAND, WATER, SHORE = "#f6f4ee", "#d5e3ea", "#a9c1cd"
GROUND = {"sea": WATER, "water": WATER, "park": "#dfe8d3"}
LANES = {"rail": ("#b9b4aa", 0.5), "major": ("#d9d0bd", 0.7), "motorway": ("#c9b795", 1.1)}
HATCHES = {"hatch": "/////", "dots": "....", "cross": "xxxxx", "lines": "-----", "rings": "ooo"}
MARKERS = {"circle": "o", "square": "s", "triangle": "^"}
FINEST = 0.12
"""Points apart that no eye tells on paper."""
MANY_POINTS = 250_000
"""Corners from which a PDF holds the layer as a picture."""
FINE_FROM = 400
"""Areas from which their edges are fine."""
EARTH = Geod(ellps="WGS84")


class Ground:
    """
    Degrees to points in a box: the same scale both ways in the middle, the layer as large as fits.

    Parameters
    ----------
    bounds
        West, south, east and north of what must be seen.
    width, height
        Of the box, in points.
    """

    def __init__(self, bounds: Sequence[float], width: float, height: float) -> None:
        west, south, east, north = bounds
        middle = (south + north) / 2
        self.metres = EARTH.inv(west, middle, west + 0.01, middle)[2] * 100
        """Of a degree of longitude."""
        up = EARTH.inv(west, middle - 0.005, west, middle + 0.005)[2] * 100
        across_m, up_m = max((east - west) * self.metres, 100), max((north - south) * up, 100)
        self.points_per_m = 0.94 * min(width / across_m, height / up_m)
        self.scale = np.array([self.metres, up]) * self.points_per_m
        self.start = (
            np.array([(west + east) / 2, middle]) - np.array([width, height]) / self.scale / 2
        )
        self.seen = shapely.box(*self.start, *(self.start + np.array([width, height]) / self.scale))

    def __call__(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return places in the box, shape (points, 2), from longitudes and latitudes."""
        return np.asarray((degrees - self.start) * self.scale)

    def place(self, shapes: Shapes) -> Shapes:
        """Return shapes in the box, without corners that no eye tells apart."""
        moved = shapely.transform(shapes, self)
        return np.asarray(shapely.simplify(moved, FINEST, preserve_topology=False))


@dataclass(frozen=True, eq=False)
class Drawn:
    """
    A layer to be drawn.

    Parameters
    ----------
    shapes
        The features' shapes in degrees; `None` where a feature has no place.
    lines
        Each feature's place in the legend.
    looks
        The look of each line of the legend.
    geometry
        `polygon`, `line` or `point`.
    """

    shapes: Shapes
    lines: NDArray[np.int64]
    looks: Sequence[Look]
    geometry: str


def draw(
    box: Axes,
    ground: Ground,
    layer: Drawn,
    *,
    beside: tuple[Drawn, float] | None,
    basemap: Iterable[Mapping[str, Any]],
    marked: int | None,
) -> None:
    """
    Draw a layer over its ground.

    Parameters
    ----------
    box
        The box, its coordinates in points.
    ground
        Where places stand in it.
    layer
        The layer.
    beside
        A layer to the right of it, and the share of the box's width that is left to the first;
        `None` for none.
    basemap
        GeoJSON features beneath, each with a `kind`.
    marked
        Place of the chosen feature; `None` for none.
    """
    _draw_ground(box, ground, basemap)
    if layer.geometry == "point":
        _draw_names(box, ground, basemap, under=True)
    placed = _draw_layer(box, ground, layer, 0.0, 1.0 if beside is None else beside[1])
    if beside is not None:
        other, at = beside
        _draw_layer(box, ground, other, at, 1.0)
        meet = at * box.get_xlim()[1]
        for colour, width in (("#ffffff", 3.0), ("#111111", 1.2)):
            box.axvline(meet, color=colour, linewidth=width)
    if marked is not None and placed[marked] is not None and not placed[marked].is_empty:
        _mark(box, placed[marked], layer.geometry)
    if layer.geometry != "point":
        _draw_names(box, ground, basemap)
    _draw_scale(box, ground)


def _draw_layer(box: Axes, ground: Ground, layer: Drawn, start: float, end: float) -> Shapes:
    """Draw a layer from one share of the box's width to another; return its shapes in the box."""
    shapes, looks = layer.shapes, layer.looks
    placed = ground.place(shapes)
    there = ~(shapely.is_missing(placed) | shapely.is_empty(placed))
    tints = apart(shapes) if any(look["tints"] for look in looks) else None
    coarse = int(shapely.get_num_coordinates(placed[there]).sum()) > MANY_POINTS
    before = set(box.get_children())
    # The first classes lie on top.
    for line in range(len(looks) - 1, -1, -1):
        members = np.flatnonzero(there & (layer.lines == line))
        if not len(members):
            continue
        look = looks[line]
        fills: Any = look["fill"]
        if tints is not None and look["tints"]:
            fills = [look["tints"][tints[at] % len(look["tints"])] for at in members]
        _draw_class(box, placed[members], look, layer.geometry, fills, rasterized=coarse)
    if (start, end) != (0.0, 1.0):
        width, height = box.get_xlim()[1], box.get_ylim()[1]
        seen = Rectangle((start * width, 0), (end - start) * width, height, transform=box.transData)
        for artist in set(box.get_children()) - before:
            artist.set_clip_path(seen)
    return placed


def _draw_class(
    box: Axes, shapes: Shapes, look: Look, geometry: str, fills: Any, *, rasterized: bool
) -> None:
    how: dict[str, Any] = {"rasterized": rasterized}
    if geometry == "point":
        x, y = shapely.get_coordinates(shapes).T
        box.scatter(
            x,
            y,
            s=26 if len(x) < 400 else 10,
            marker=MARKERS[look["shape"]],
            facecolor=fills,
            edgecolor=look["outline"],
            linewidth=0.5 * look["outline_px"],
            **how,
        )
    elif geometry == "line":
        box.add_collection(
            LineCollection(_strokes(shapes), colors=fills, linewidths=1.2, **how), autolim=False
        )
    else:
        paths = [_path(shape) for shape in shapes]
        box.add_collection(
            PathCollection(
                paths,
                facecolors=fills,
                edgecolors=look["outline"],
                linewidths=look["outline_px"] * (0.35 if len(paths) < FINE_FROM else 0.1),
                alpha=look["opacity"],
                **how,
            ),
            autolim=False,
        )
        if look["pattern"] != "none":
            box.add_collection(_pattern(paths, look["pattern"], **how), autolim=False)


def _pattern(paths: list[Path], pattern: palettes.Pattern, **how: Any) -> PathCollection:
    ink = palettes.PATTERN_INK[pattern]
    found = PathCollection(
        paths, facecolors="none", edgecolors="none", hatch=HATCHES[pattern], **how
    )
    found.set_hatchcolor(ink)
    found.set_hatch_linewidth(0.5)
    return found


def _mark(box: Axes, shape: Any, geometry: str) -> None:
    if geometry == "point":
        box.scatter(shape.x, shape.y, s=90, facecolor="none", edgecolor="#111111", linewidth=1.8)
        return
    rings = _strokes(np.array([shape if geometry == "line" else shapely.boundary(shape)]))
    for colour, width in (("#ffffff", 3.4), ("#111111", 1.8)):
        box.add_collection(LineCollection(rings, colors=colour, linewidths=width), autolim=False)


def _draw_ground(box: Axes, ground: Ground, basemap: Iterable[Mapping[str, Any]]) -> None:
    width, height = box.get_xlim()[1], box.get_ylim()[1]
    box.add_patch(Rectangle((0, 0), width, height, facecolor=LAND, edgecolor="none"))
    for kind, colour in GROUND.items():
        edge = SHORE if kind == "sea" else "none"
        shapes = _of_kind(ground, basemap, kind)
        box.add_collection(
            PathCollection(
                [_path(shape) for shape in shapes],
                facecolors=colour,
                edgecolors=edge,
                linewidths=0.4,
            ),
            autolim=False,
        )
    for kind, (colour, width) in LANES.items():
        strokes = _strokes(_of_kind(ground, basemap, kind))
        box.add_collection(LineCollection(strokes, colors=colour, linewidths=width), autolim=False)
    border = _strokes(shapely.boundary(_of_kind(ground, basemap, "authority")))
    box.add_collection(
        LineCollection(border, colors="#6b5f86", linewidths=0.9, linestyles=(0, (6, 2, 1, 2))),
        autolim=False,
    )


def _of_kind(ground: Ground, basemap: Iterable[Mapping[str, Any]], kind: str) -> Shapes:
    texts = [json.dumps(each["geometry"]) for each in basemap if each["properties"]["kind"] == kind]
    shapes = shapely.from_geojson(np.array(texts, dtype=object))
    seen = shapely.intersection(shapely.make_valid(shapes), ground.seen)
    placed = ground.place(seen)
    return np.asarray(placed[~shapely.is_empty(placed)])


def _strokes(shapes: Shapes) -> list[NDArray[np.float64]]:
    return [shapely.get_coordinates(part) for part in shapely.get_parts(shapes)]


def _path(shape: Any) -> Path:
    """Return a polygon of any parts and holes as one path."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    rings = [shapely.get_coordinates(ring) for ring in rings]
    if not rings:
        return Path(np.empty((0, 2)))
    codes = np.concatenate(
        [[Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY] for ring in rings]
    )
    return Path(np.concatenate(rings), codes)


def apart(shapes: Shapes) -> list[int]:
    """
    Give neighbours different tints, as the page does (static/js/layer.js).

    Each area has the first tint that none before it nearby has, or else the one that the fewest
    of those have.
    """
    west, south, east, north = shapely.bounds(shapes).T
    chosen = np.zeros(len(shapes), dtype=np.int64)
    for at in range(len(shapes)):
        near = (west[:at] <= east[at]) & (east[:at] >= west[at])
        near &= (south[:at] <= north[at]) & (north[:at] >= south[at])
        taken = np.bincount(chosen[:at][near], minlength=len(palettes.TINTS))
        chosen[at] = taken.argmin()
    return [int(tint) for tint in chosen]


def _draw_names(
    box: Axes, ground: Ground, basemap: Iterable[Mapping[str, Any]], *, under: bool = False
) -> None:
    """Write the names of the greater places first, none over another nor over the edge."""
    places = [
        (NAMED[each["properties"]["kind"]], each)
        for each in basemap
        if each["properties"]["kind"] in NAMED and each["properties"].get("name")
    ]
    taken: list[tuple[float, float, float]] = []
    for _, each in sorted(places, key=lambda pair: pair[0]):
        x, y = ground(np.array(each["geometry"]["coordinates"], dtype=float))
        name = printable(str(each["properties"]["name"]))
        half = measured(name, 7) / 2 + 3
        inside = half < x < box.get_xlim()[1] - half and 40 < y < box.get_ylim()[1] - 14
        clear = all(abs(x - a) >= half + other or abs(y - b) >= 14 for a, b, other in taken)
        if inside and clear and len(taken) < 2 * MOST_NAMES:
            taken.append((x, y, half))
            box.text(
                x, y, name, ha="center", va="center", fontfamily=FAMILY, fontsize=7, color=INK,
                parse_math=False, zorder=1 if under else 3,
                bbox={"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip


def scale_length_m(points_per_m: float, longest: float) -> float:
    """
    Return the longest round length, 1, 2 or 5 of a power of ten metres, that fits.

    Examples
    --------
    >>> scale_length_m(0.01, 120), scale_length_m(0.1, 120)
    (10000.0, 1000.0)
    """
    most = longest / points_per_m
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(step * power for step in (1, 2, 5) if step * power <= most))


def _draw_scale(box: Axes, ground: Ground) -> None:
    """Draw a bar that says how far is how far, and an arrow to the north."""
    metres = scale_length_m(ground.points_per_m, 120)
    long = metres * ground.points_per_m
    told = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    box.add_patch(
        Rectangle((8, 8), long + 44, 22, facecolor="white", alpha=0.85, edgecolor="none", zorder=5)
    )
    for at, colour in enumerate((INK, "white")):
        box.add_patch(
            Rectangle(
                (14 + at * long / 2, 13), long / 2, 4, facecolor=colour, edgecolor=INK,
                linewidth=0.6, zorder=6,
            )
        )  # fmt: skip
    for x, text in ((14.0, "0"), (14 + long, told)):
        box.text(x, 20, text, fontfamily=FAMILY, fontsize=6.5, color=INK, zorder=6)
    right, top = box.get_xlim()[1] - 20, box.get_ylim()[1] - 12
    arrow = [(right, top), (right - 6, top - 20), (right, top - 15), (right + 6, top - 20)]
    box.add_patch(Polygon(arrow, facecolor=INK, edgecolor="white", linewidth=0.8, zorder=6))


def draw_swatch(box: Axes, look: Look, geometry: str, x: float, y: float) -> None:
    """Draw how a class looks, 20 points wide and 11 high, from its lower left corner."""
    outline = look["outline"] if look["outline"] != "#ffffff" else QUIET
    if geometry == "point":
        box.scatter(
            x + 10, y + 5.5, s=40, marker=MARKERS[look["shape"]], facecolor=look["fill"],
            edgecolor=outline, linewidth=0.8,
        )  # fmt: skip
        return
    if geometry == "line":
        box.plot([x, x + 20], [y + 5.5] * 2, color=look["fill"], linewidth=3)
        return
    tints = look["tints"][:4] or (look["fill"],)
    for at, tint in enumerate(tints):
        wide = 20 / len(tints)
        box.add_patch(
            Rectangle((x + at * wide, y), wide, 11, facecolor=tint, alpha=look["opacity"])
        )
    whole = shapely.box(x, y, x + 20, y + 11)
    if look["pattern"] != "none":
        box.add_collection(_pattern([_path(whole)], look["pattern"]), autolim=False)
    box.add_patch(Rectangle((x, y), 20, 11, facecolor="none", edgecolor=outline, linewidth=0.8))
