"""The ground around the streets: where each square of a fine grid joins the network."""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geoengine.network.snapping import SegmentGrid, snap
from geoengine.network.streets import StreetNetwork

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]

SQUARES = 20_000_000
FINEST_M, COARSEST_M = 5.0, 50.0
ROWS_AT_ONCE = 64
BLOCK = 64
"""Squares along the side of a block that is kept."""
BLOCKS_KEPT = 1_000
"""Of 49 kB each."""


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

    @cached_property
    def sparser(self) -> tuple[tuple[IntArray, ...], ...]:
        """`chain`, `along_ds` and `leg_ds` of every square, every second, fourth and eighth."""
        whole = (self.chain, self.along_ds, self.leg_ds)
        return tuple(
            tuple(np.ascontiguousarray(part[::step, ::step]) for part in whole)
            for step in (1, 2, 4, 8)
        )


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


class KeptGround:
    """
    Ground surveyed block by block, and kept for the next spot nearby.

    Parameters
    ----------
    network, index, limit_m
        As for `survey`.
    most
        Blocks kept; those unused for longest go first.
    """

    def __init__(
        self,
        network: StreetNetwork,
        index: SegmentGrid,
        *,
        limit_m: float,
        most: int = BLOCKS_KEPT,
    ) -> None:
        self.network, self.index, self.limit_m, self.most = network, index, limit_m, most
        self._lock = threading.Lock()
        self._blocks: OrderedDict[tuple[float, int, int], IntArray] = OrderedDict()

    @cached_property
    def chain_bounds_m(self) -> FloatArray:
        """West, south, east and north of each chain, shape (chains, 4)."""
        return chain_bounds(self.network)

    def survey(
        self, spacing_m: float, bounds_m: tuple[float, float, float, float], *, threads: int = 2
    ) -> Ground:
        """Return what `survey` returns of the same squares, or more of them around."""
        west, south, east, north = np.array(bounds_m) / spacing_m
        first = [int(np.floor(side)) // BLOCK for side in (south, west)]
        last = [int(np.ceil(side)) // BLOCK for side in (north, east)]
        wanted = [
            (spacing_m, row, column)
            for row in range(first[0], last[0] + 1)
            for column in range(first[1], last[1] + 1)
        ]
        with self._lock:
            held = {key: self._blocks[key] for key in wanted if key in self._blocks}
        new = [key for key in wanted if key not in held]
        with ThreadPoolExecutor(threads) as pool:
            held |= dict(zip(new, pool.map(self._block, new), strict=True))
        with self._lock:
            for key in wanted:
                self._blocks[key] = held[key]
                self._blocks.move_to_end(key)
            while len(self._blocks) > self.most:
                self._blocks.popitem(last=False)
        shape = (last[0] - first[0] + 1, last[1] - first[1] + 1)
        squares = np.stack([held[key] for key in wanted], axis=1)
        squares = squares.reshape(3, *shape, BLOCK, BLOCK).swapaxes(2, 3)
        chain, along_ds, leg_ds = squares.reshape(3, shape[0] * BLOCK, shape[1] * BLOCK)
        return Ground(
            first[1] * BLOCK * spacing_m, first[0] * BLOCK * spacing_m, spacing_m, self.limit_m,
            chain, along_ds, leg_ds, self.chain_bounds_m,
        )  # fmt: skip

    def _block(self, key: tuple[float, int, int]) -> IntArray:
        spacing_m, row, column = key
        side = np.arange(BLOCK)
        x, y = np.meshgrid((column * BLOCK + side) * spacing_m, (row * BLOCK + side) * spacing_m)
        joined = snap(self.network, self.index, x.ravel(), y.ravel(), limit_m=self.limit_m)
        parts = (joined.chain, joined.along_ds, joined.leg_ds)
        return np.stack(parts).astype(np.int32).reshape(3, BLOCK, BLOCK)


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
