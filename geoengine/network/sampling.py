"""Places all along the streets of an area, close enough together to stand for all of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork

LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

STEP_M = 25.0


@dataclass(frozen=True, eq=False)
class Samples:
    """
    Places at most `STEP_M` apart along every street.

    Parameters
    ----------
    pieces
        Network points from which a straight piece starts whose middle is in the area.
    at
        The places, each on its street.
    x_m, y_m
        Where they are, metres in the network's CRS, shape (places,).
    """

    pieces: LongArray
    at: Positions
    x_m: FloatArray
    y_m: FloatArray


def sample(network: StreetNetwork, area: Any) -> Samples:
    """
    Cut the streets of an area into even steps and return the middle of each.

    Parameters
    ----------
    network
        The streets.
    area
        A polygon or multipolygon in the network's CRS; prepare it for speed.

    Examples
    --------
    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 60.0]), np.zeros(2), [0], [1], np.array([60.0]))
    >>> sample(street, shapely.box(-1, -1, 61, 1)).x_m
    array([10., 30., 50.])
    """
    x, y = network.point_x_m, network.point_y_m
    chain = network.point_chain
    pieces = np.flatnonzero(chain[1:] == chain[:-1])
    middle = shapely.points((x[pieces] + x[pieces + 1]) / 2, (y[pieces] + y[pieces + 1]) / 2)
    pieces = pieces[shapely.intersects(area, middle)]
    length = np.hypot(x[pieces + 1] - x[pieces], y[pieces + 1] - y[pieces])
    count = np.maximum(1, np.ceil(length / STEP_M).astype(np.int64))
    start = np.repeat(pieces, count)
    step = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
    share = (step + 0.5) / np.repeat(count, count)
    return Samples(
        pieces, between(network, start, share),
        x[start] + share * (x[start + 1] - x[start]), y[start] + share * (y[start + 1] - y[start]),
    )  # fmt: skip


def between(network: StreetNetwork, start: LongArray, share: FloatArray) -> Positions:
    """
    Return places between points of a street, as positions without a leg.

    Parameters
    ----------
    network
        The streets.
    start
        The network's point before each place, shape (places,).
    share
        How far each lies on the way to the next point, 0 to 1, shape (places,).
    """
    none = np.zeros(len(start), np.int32)
    ahead = network.point_ds[start + 1] - network.point_ds[start]
    return Positions(
        chain=network.point_chain[start],
        along_ds=np.rint(network.point_ds[start] + share * ahead).astype(np.int32),
        leg_ds=none, distance_m=none.astype(float), x_m=none.astype(float), y_m=none.astype(float),
    )  # fmt: skip
