"""The ground around the streets: where each square of a fine grid joins the network."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoengine.network.snapping import SegmentGrid, snap
from geoengine.network.streets import StreetNetwork

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]

SQUARES = 20_000_000
FINEST_M, COARSEST_M = 5.0, 50.0
ROWS_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Ground:
    """
    Where the middle of each square of a grid joins the network, as a home there would.

    Worked out once for a network, it serves every search: the time at any place is the time at
    its street and the leg to it.

    Parameters
    ----------
    west_m, south_m
        Middle of the first square, metres in the network's CRS; multiples of the spacing.
    spacing_m
        Side of a square.
    limit_m
        Furthest that a square may lie from its street.
    chain, along_ds, leg_ds
        As in `Positions`, shape (rows, columns), from the south; `chain` is -1 where no street
        is within the limit.
    chain_bounds_m
        West, south, east and north of each chain, shape (chains, 4).
    """

    west_m: float
    south_m: float
    spacing_m: float
    limit_m: float
    chain: IntArray
    along_ds: IntArray
    leg_ds: IntArray
    chain_bounds_m: FloatArray


def survey(
    network: StreetNetwork,
    index: SegmentGrid,
    *,
    limit_m: float,
    spacing_m: float | None = None,
    bounds_m: tuple[float, float, float, float] | None = None,
    threads: int = 2,
) -> Ground:
    """
    Join every square of ground to its nearest street.

    Parameters
    ----------
    network, index
        The network and its `snapping.grid`.
    limit_m
        Furthest that a square may lie from its street.
    spacing_m
        Side of a square; by default as fine as twenty million squares allow, 5 to 50 m.
    bounds_m
        West, south, east and north of the ground wanted; by default all around the streets.
    threads
        How many rows are worked on side by side; the result is the same for any number.

    Raises
    ------
    ValueError
        If a distance is not positive.
    """
    x_m, y_m = network.point_x_m, network.point_y_m
    west, south, east, north = bounds_m or (
        x_m.min() - limit_m, y_m.min() - limit_m, x_m.max() + limit_m, y_m.max() + limit_m
    )  # fmt: skip
    if spacing_m is None:
        usual = np.sqrt((east - west) * (north - south) / SQUARES)
        spacing_m = float(np.clip(np.ceil(usual), FINEST_M, COARSEST_M))
    if not (spacing_m > 0 and limit_m > 0):
        raise ValueError(f"spacing_m {spacing_m} and limit_m {limit_m} must be positive")
    x = np.arange(np.floor(west / spacing_m), np.ceil(east / spacing_m) + 1) * spacing_m
    y = np.arange(np.floor(south / spacing_m), np.ceil(north / spacing_m) + 1) * spacing_m
    chain = np.empty((len(y), len(x)), np.int32)
    along_ds, leg_ds = np.empty_like(chain), np.empty_like(chain)

    def strip(row: int) -> None:
        rows = slice(row, row + ROWS_AT_ONCE)
        there_x, there_y = np.meshgrid(x, y[rows])
        joined = snap(network, index, there_x.ravel(), there_y.ravel(), limit_m=limit_m)
        chain[rows] = joined.chain.reshape(there_x.shape)
        along_ds[rows] = joined.along_ds.reshape(there_x.shape)
        leg_ds[rows] = joined.leg_ds.reshape(there_x.shape)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(strip, range(0, len(y), ROWS_AT_ONCE)))
    return Ground(
        float(x[0]), float(y[0]), spacing_m, limit_m, chain, along_ds, leg_ds,
        chain_bounds(network),
    )  # fmt: skip


def chain_bounds(network: StreetNetwork) -> FloatArray:
    """Return west, south, east and north of each chain, metres, shape (chains, 4)."""
    first = network.first_point[:-1]
    return np.column_stack(
        [
            lowest.reduceat(place, first)
            for lowest, place in (
                (np.minimum, network.point_x_m),
                (np.minimum, network.point_y_m),
                (np.maximum, network.point_x_m),
                (np.maximum, network.point_y_m),
            )
        ]
    )
