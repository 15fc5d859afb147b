"""Areas that can be reached within cut-offs, drawn from the time of every place on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.network.ground import Ground
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction, Nearest, at_positions

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]

DS_PER_MIN = 600


@dataclass(frozen=True)
class Fidelity:
    """
    How well a drawn area tells the homes in reach from the others.

    Parameters
    ----------
    inside, beyond
        Homes inside the area, and how many of them are in truth beyond the cut-off.
    reached, outside
        Homes within the cut-off, and how many of them the area leaves out.
    """

    inside: int
    beyond: int
    reached: int
    outside: int


def around(
    network: StreetNetwork,
    ground: Ground,
    found: Nearest,
    starts: Positions,
    cutoffs_min: Sequence[float],
    *,
    direction: Direction = "to",
) -> list[Any]:
    """
    Draw the area within each cut-off of any of the starts.

    A place belongs to the street nearest to it, as an address does, and is reached when that
    street is and the walk to it still fits. So what lies across a river is not reached because
    its far bank is near, and ground further from any street than the survey went is not drawn.

    Parameters
    ----------
    network, ground
        The streets, and the ground around them.
    found
        What was found from the starts.
    starts
        Where the starts join the network.
    cutoffs_min
        Longest times in minutes, inclusive.
    direction
        Whether people travel *to* a start or *from* it; differs only on one-way streets.

    Returns
    -------
    list of shapely.MultiPolygon
        One a cut-off, in their order and the network's CRS, valid; a shorter one lies within a
        longer one; empty where nothing is reached.

    Raises
    ------
    ValueError
        If a cut-off is not positive.
    """
    if not len(cutoffs_min) or min(cutoffs_min) <= 0:
        raise ValueError(f"cutoffs_min must be positive minutes, not {list(cutoffs_min)}")
    window = _window(network, ground, found, starts, max(cutoffs_min) * DS_PER_MIN)
    if window is None:
        return [shapely.MultiPolygon() for _ in cutoffs_min]
    rows, columns = window
    chain = ground.chain[rows, columns]
    unknown = np.empty(0)
    squares = Positions(
        chain.ravel(), ground.along_ds[rows, columns].ravel(),
        ground.leg_ds[rows, columns].ravel(), unknown, unknown, unknown,
    )  # fmt: skip
    time, _ = at_positions(network, found, squares, starts, direction=direction)
    time_ds = np.where(time == UNREACHED, np.inf, time).reshape(chain.shape)
    x_m = ground.west_m + np.arange(columns.start, columns.stop) * ground.spacing_m
    y_m = ground.south_m + np.arange(rows.start, rows.stop) * ground.spacing_m
    step_ds = ground.spacing_m * 10 / network.off_network_m_per_s
    return [_outline(x_m, y_m, time_ds, cutoff * DS_PER_MIN, step_ds) for cutoff in cutoffs_min]


def fidelity(
    area: Any, x_m: FloatArray, y_m: FloatArray, seconds: FloatArray, cutoff_min: float
) -> Fidelity:
    """
    Count the homes on the wrong side of a drawn line.

    Parameters
    ----------
    area
        From `around`.
    x_m, y_m
        Homes, metres, shape (homes,).
    seconds
        Their time to or from the start, shape (homes,); inf where unreachable, NaN without
        network.
    cutoff_min
        The area's cut-off, minutes, inclusive.
    """
    shapely.prepare(area)
    inside = shapely.contains_xy(area, x_m, y_m)
    reached = seconds <= cutoff_min * 60
    return Fidelity(
        int(inside.sum()), int((inside & ~reached).sum()),
        int(reached.sum()), int((reached & ~inside).sum()),
    )  # fmt: skip


def _window(
    network: StreetNetwork, ground: Ground, found: Nearest, starts: Positions, limit_ds: float
) -> tuple[slice, slice] | None:
    """Return the rows and columns that hold everything within the limit; None for nothing."""
    reached = found.node_ds[:, 0] <= limit_ds
    chains = reached[network.chain_tail] | reached[network.chain_head]
    chains[starts.chain[starts.joined]] = True
    if not chains.any():
        return None
    bounds = ground.chain_bounds_m[chains]
    near_m = ground.limit_m + ground.spacing_m
    west, south = bounds[:, :2].min(axis=0) - near_m
    east, north = bounds[:, 2:].max(axis=0) + near_m
    rows, columns = ground.chain.shape
    return (
        _lines(south - ground.south_m, north - ground.south_m, ground.spacing_m, rows),
        _lines(west - ground.west_m, east - ground.west_m, ground.spacing_m, columns),
    )


def _lines(low_m: float, high_m: float, spacing_m: float, count: int) -> slice:
    return slice(max(0, int(low_m // spacing_m)), min(count, int(high_m // spacing_m) + 2))


def _outline(
    x_m: FloatArray, y_m: FloatArray, time_ds: FloatArray, cutoff_ds: float, step_ds: float
) -> Any:
    """Draw the line where the time is just used up."""
    reached = time_ds <= cutoff_ds
    rows, columns = _span(np.any(reached, axis=1)), _span(np.any(reached, axis=0))
    x_m, y_m, late_ds = x_m[columns], y_m[rows], time_ds[rows, columns] - cutoff_ds
    if not late_ds.size:
        return shapely.MultiPolygon()
    # Within one step of the line the excess is exact; beyond it only its sign matters, so it is
    # capped, lest what is never reached push the line inwards.
    late = np.clip(late_ds, -step_ds, step_ds)
    # A line through the middle of a square could touch itself there.
    late[np.abs(late) < step_ds * 1e-6] = -step_ds * 1e-6
    drawn = contourpy.contour_generator(
        x=x_m, y=y_m, z=late, fill_type=contourpy.FillType.OuterOffset
    ).filled(-2 * step_ds, 0.0)
    outlines = [
        [shapely.linearrings(points[a:b]) for a, b in pairwise(at) if b - a > 3]
        for points, at in zip(*drawn, strict=True)
    ]
    area = shapely.multipolygons([shapely.Polygon(ring[0], ring[1:]) for ring in outlines if ring])
    return area if shapely.is_valid(area) else _polygons_of(shapely.make_valid(area))


def _span(used: Any) -> slice:
    """Return the lines in use and one more on either side, where there is one."""
    at = np.flatnonzero(used)
    return slice(max(0, at[0] - 1), at[-1] + 2) if len(at) else slice(0, 0)


def _polygons_of(area: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(area))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
