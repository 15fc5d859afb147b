"""One area beside its authority and beside the areas most like it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev
from typing import Any

from geoengine.errors import UnknownAreaError
from webmap.results import Snapshot

AREAS = "underserved"
PEERS = 10
LIKENESS = ("rank", "children", "density")
KM_PER_DEGREE = 111.32


@dataclass(frozen=True)
class Profile:
    """
    What is known of an area, and what it is compared with.

    Parameters
    ----------
    code, name
        The area's.
    values
        Column of the area layer → value, and `density`, children per square kilometre.
    authority
        The same over all areas: sums of people, medians of times and places, share of all people.
    peers
        The most similar areas' codes, the nearest first.
    alike
        The median of each value over the peers.
    curve
        Minutes and the people beyond each, or `None` where the results keep none.
    in_reach
        `(provision_id, people, minutes)` of settings in reach of any of its homes; `None` where
        the results keep none.
    """

    code: str
    name: str
    values: Mapping[str, Any]
    authority: Mapping[str, float | None]
    peers: tuple[str, ...]
    alike: Mapping[str, float | None]
    curve: tuple[Sequence[float], Sequence[float]] | None
    in_reach: Sequence[tuple[str, float, float]] | None


def of_area(run: Snapshot, code: str) -> Profile:
    """
    Return an area's profile.

    Raises
    ------
    UnknownAreaError
        If the run has no such area.
    """
    rows = areas(run)
    if code not in rows:
        raise UnknownAreaError(f"There is no area '{code}' here.")
    peers = nearest(rows, code)
    curves = run.optional("curves.json")
    reached = run.optional("in_reach.json")
    curve = None
    if curves is not None and code in curves["beyond"]:
        curve = (curves["minutes"], curves["beyond"][code])
    return Profile(
        code,
        str(rows[code]["name"]),
        rows[code],
        _whole(rows),
        peers,
        {name: _median([rows[peer][name] for peer in peers]) for name in COMPARED},
        curve,
        None if reached is None else [tuple(each) for each in reached.get(code, ())],
    )


COMPARED = ("children", "density", "decile", "share_beyond", "minutes_median", "places_per_100")


def areas(run: Snapshot) -> dict[str, dict[str, Any]]:
    """Return every area's values by its code, with `density` and its `place` in the layer."""
    return run.keep("areas by code", lambda: _areas(run))


def _areas(run: Snapshot) -> dict[str, dict[str, Any]]:
    held, shapes = run.table(AREAS), run.shapes(AREAS)
    rows: dict[str, dict[str, Any]] = {}
    for place, code in enumerate(held["ids"]):
        row = {name: values[place] for name, values in held["columns"].items()}
        km2 = _km2(shapes[code]) if shapes[code] else 0.0
        children = row["children"]
        row["density"] = children / km2 if children is not None and km2 > 0 else None
        row["place"] = place
        rows[str(code)] = row
    return rows


def _km2(geometry: Mapping[str, Any]) -> float:
    """Return the area of a shape given in degrees, to about a thousandth at a county's size."""
    many = geometry["type"] == "MultiPolygon"
    polygons = geometry["coordinates"] if many else [geometry["coordinates"]]
    total = 0.0
    for outer, *holes in polygons:
        total += abs(_ring_km2(outer)) - sum(abs(_ring_km2(hole)) for hole in holes)
    return total


def _ring_km2(ring: Sequence[Sequence[float]]) -> float:
    squeeze = math.cos(math.radians(fmean(latitude for _, latitude in ring)))
    x = [longitude * KM_PER_DEGREE * squeeze for longitude, _ in ring]
    y = [latitude * KM_PER_DEGREE for _, latitude in ring]
    turns = zip(x, y, x[1:] + x[:1], y[1:] + y[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for x0, y0, x1, y1 in turns) / 2


def nearest(rows: Mapping[str, Mapping[str, Any]], code: str, most: int = PEERS) -> tuple[str, ...]:
    """
    Return the areas most like one in need, whatever their access.

    Parameters
    ----------
    rows
        Code → `rank`, `children` and `density`; areas that lack one are like none.
    code
        The area.
    most
        How many.

    Notes
    -----
    Each value is taken as its distance from the mean in standard deviations over all areas (of
    density, its logarithm); likeness is the Euclidean distance between two areas' three values.

    Examples
    --------
    >>> rows = {
    ...     name: {"rank": rank, "children": 50.0, "density": 9.0}
    ...     for name, rank in (("a", 10), ("b", 90), ("c", 12), ("d", 30))
    ... }
    >>> nearest(rows, "a", 2)
    ('c', 'd')
    """
    points = {each: point for each, row in rows.items() if (point := _point(row)) is not None}
    if code not in points:
        return ()
    spread = [pstdev(values) or 1.0 for values in zip(*points.values(), strict=True)]
    here = points[code]

    def distance(other: str) -> float:
        parts = zip(points[other], here, spread, strict=True)
        return math.sqrt(sum(((there - at) / unit) ** 2 for there, at, unit in parts))

    others = sorted(
        (each for each in points if each != code), key=lambda each: (distance(each), each)
    )
    return tuple(others[:most])


def _point(row: Mapping[str, Any]) -> tuple[float, ...] | None:
    values = [row[name] for name in LIKENESS]
    if any(value is None for value in values) or row["density"] <= 0:
        return None
    return float(row["rank"]), float(row["children"]), math.log(row["density"])


def _whole(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """Return what the areas have together: their medians, but of shares the share of all people."""
    told = {name: _median([row[name] for row in rows.values()]) for name in COMPARED}
    known = [
        (row["children_beyond"], row["children"] - (row["children_unknown"] or 0))
        for row in rows.values()
        if row["children_beyond"] is not None and row["children"] is not None
    ]
    people = sum(there for _, there in known)
    told["share_beyond"] = sum(far for far, _ in known) / people if people > 0 else None
    return told


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
