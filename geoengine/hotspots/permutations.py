"""Chance by shuffling: how often random values around an area are as high or low as those found."""

import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.neighbours import Neighbours

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]

DRAWS_A_BLOCK = 4096
VALUES_A_BLOCK = 2**22
"""Bounds the memory where areas have very many neighbours."""
ROUNDING = 1e-12
"""Sums that differ by less, as a share of their largest possible value, are ties."""


@dataclass(frozen=True, eq=False)
class Tails:
    """
    How likely chance is to give as low or as high a sum around each area.

    Parameters
    ----------
    low, high
        Probability of a sum at most, and at least, as high as the one found, ties counted in
        both, shape (areas,).
    how
        How they were found, in words.
    least_p
        The smallest two-sided p-value that so many random orders can tell; 0 where none was drawn.
    """

    low: FloatArray
    high: FloatArray
    how: str
    least_p: float = 0.0

    @property
    def both(self) -> FloatArray:
        """Two-sided p-value: twice the smaller tail, 1 at most."""
        both: FloatArray = np.minimum(2 * np.minimum(self.low, self.high), 1)
        return both


@dataclass(frozen=True, eq=False)
class _Rows:
    """What the kernels need of each area, all orders free of how areas are numbered."""

    first: LongArray
    weight: FloatArray
    size: LongArray
    alike: NDArray[np.bool_]
    own: FloatArray
    place: IntArray
    found: FloatArray
    slack: FloatArray


def shuffle(
    value: FloatArray,
    neighbours: Neighbours,
    *,
    permutations: int,
    rng: np.random.Generator,
    own: FloatArray | None = None,
    stays: bool = True,
    threads: int = 2,
) -> Tails:
    """
    Compare the weighted sum around each area with that of values put there at random.

    Parameters
    ----------
    value
        What is shuffled, shape (areas,), all finite.
    neighbours
        Whose values are summed up.
    permutations
        How many random orders of the values are tried. Where there are no more orders than that
        of all values, every one of them is taken once, and the probabilities are exact.
    rng
        Where chance comes from.
    own
        Where given, squared differences from these values are summed up, shape (areas,).
    stays
        Whether an area keeps its own value while the others are shuffled; otherwise its own is
        shuffled too (Gi*).
    threads
        How many blocks of orders are tried side by side; the result is the same for any number.

    Returns
    -------
    Tails
        NaN for areas with no neighbours.

    Raises
    ------
    ValueError
        If there is not at least one permutation.

    Notes
    -----
    The first k of a random order of all values are k drawn at random. All areas share the same
    orders; where an area keeps its value, those in which that value comes among its first k are
    passed over, and what remains is a draw from the others' values. Areas whose neighbours count
    alike share one sorted table of sums for each k. A tail is (times as extreme + 1) / (orders
    + 1), so that it is never below what so many orders can tell. Values are drawn in order of
    size, so that the result does not depend on the order of areas, but for which of equal
    values is passed over.

    References
    ----------
    Phipson, B. & Smyth, G. K. (2010) Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology 9(1), 39. doi:10.2202/1544-6115.1585
    """
    if permutations < 1:
        raise ValueError(f"permutations must be at least 1, not {permutations}")
    rows, ascending = _prepare(value, neighbours, own)
    count = len(value)
    longest = int(rows.size.max(initial=0))
    every = count < 20 and math.factorial(count) <= permutations
    if every:
        orders = np.array(list(itertools.permutations(range(count))), dtype=np.int32)
        tallies = [_tally(orders[:, :longest].T.copy(), ascending, rows, stays=stays)]
    else:
        draws = max(1, min(DRAWS_A_BLOCK, VALUES_A_BLOCK // max(longest, 1)))
        sizes = [draws] * (permutations // draws)
        sizes += [permutations % draws] * (permutations % draws > 0)

        def block(job: tuple[int, np.random.Generator]) -> LongArray:
            drawn = _draw(job[1].random((job[0], longest)), count)
            return _tally(drawn, ascending, rows, stays=stays)

        jobs = list(zip(sizes, rng.spawn(len(sizes)), strict=True))
        with ThreadPoolExecutor(threads) as pool:
            tallies = list(pool.map(block, jobs))
    low, high, tried = np.sum(tallies, axis=0)
    more = 0 if every else 1
    how = f"all {len(orders):,} orders" if every else f"{permutations:,} random orders"
    with np.errstate(invalid="ignore"):
        chance = (np.stack((low, high)) + more) / (tried + more)
    chance[:, rows.size == 0] = np.nan
    return Tails(chance[0], chance[1], how, 0.0 if every else 2 / (permutations + 1))


def _prepare(
    value: FloatArray, neighbours: Neighbours, own: FloatArray | None
) -> tuple[_Rows, FloatArray]:
    count, area = len(value), neighbours.area
    middle = value.mean() if count else 0.0
    by_size = np.argsort(value, kind="stable")
    place = np.empty(count, np.int32)
    place[by_size] = np.arange(count)
    heavy_first = np.lexsort((-neighbours.weight, area))
    weight = neighbours.weight[heavy_first]
    x = value - middle
    term = x[neighbours.neighbour[heavy_first]]
    centre = np.empty(0) if own is None else own - middle
    term = term if own is None else (centre[area] - term) ** 2
    size = np.diff(neighbours.first)
    heaviest, lightest = np.zeros(count), np.zeros(count)
    some = size > 0
    heaviest[some] = weight[neighbours.first[:-1][some]]
    lightest[some] = weight[neighbours.first[1:][some] - 1]
    alike = heaviest - lightest <= ROUNDING * heaviest
    weight = np.where(alike[area], 1.0, weight)
    found = np.bincount(area, weight * term, minlength=count).astype(np.float64)
    total = np.bincount(area, weight, minlength=count)
    largest = np.abs(x).max(initial=0.0)
    largest = largest if own is None else (largest + np.abs(centre).max(initial=0.0)) ** 2
    rows = _Rows(
        neighbours.first, weight, size, alike, centre, place, found, ROUNDING * largest * total
    )
    return rows, x[by_size]


def _tally(draws: IntArray, ascending: FloatArray, rows: _Rows, *, stays: bool) -> LongArray:
    """Count, for each area, the draws at most and at least as high, and those that it is in."""
    tally = np.zeros((3, len(ascending)), np.int64)
    values = ascending[draws]
    first, where = _find(draws, len(ascending)) if stays else (np.zeros(0, np.int64),) * 2
    linked = np.flatnonzero(rows.size)
    by_table = rows.alike[linked] & (len(rows.own) == 0)
    by_size = linked[by_table][np.argsort(rows.size[linked[by_table]], kind="stable")]
    places = rows.place, rows.found, rows.slack, first, where, tally
    _by_table(values, by_size, rows.size, *places)
    _by_hand(values, linked[~by_table], rows.first, rows.weight, rows.own, *places)
    return tally


@njit(cache=True, nogil=True)
def _draw(uniform: FloatArray, count: int) -> IntArray:
    """Return the first places of a random order for each row of numbers, shape (places, draws)."""
    draws, places = uniform.shape
    order = np.arange(count).astype(np.int32)
    drawn = np.empty((places, draws), np.int32)
    for b in range(draws):
        for m in range(places):
            other = m + int(uniform[b, m] * (count - m))
            order[m], order[other] = order[other], order[m]
            drawn[m, b] = order[m]
    return drawn


@njit(cache=True, nogil=True)
def _find(drawn: IntArray, count: int) -> tuple[LongArray, LongArray]:
    """List, for each value, where it was drawn: place times draws plus draw, ascending."""
    places, draws = drawn.shape
    first = np.zeros(count + 1, np.int64)
    for m in range(places):
        for b in range(draws):
            first[drawn[m, b] + 1] += 1
    for q in range(count):
        first[q + 1] += first[q]
    fill = first[:-1].copy()
    where = np.empty(places * draws, np.int64)
    for m in range(places):
        for b in range(draws):
            q = drawn[m, b]
            where[fill[q]] = m * draws + b
            fill[q] += 1
    return first, where


@njit(cache=True, nogil=True)
def _by_table(
    values: FloatArray, by_size: LongArray, size: LongArray, place: IntArray, found: FloatArray,
    slack: FloatArray, first: LongArray, where: LongArray, tally: LongArray,
) -> None:  # fmt: skip
    """Look sums up in one sorted table for each number of neighbours."""
    draws = values.shape[1]
    total, done = np.zeros(draws), 0
    table = total
    for i in by_size:
        if size[i] != done:
            for m in range(done, size[i]):
                for b in range(draws):
                    total[b] += values[m, b]
            done = size[i]
            table = np.sort(total)
        least, most = found[i] - slack[i], found[i] + slack[i]
        tally[0, i] = np.searchsorted(table, most, side="right")
        tally[1, i] = draws - np.searchsorted(table, least, side="left")
        tally[2, i] = draws
        if len(first):
            mine = where[first[place[i]] : first[place[i] + 1]]
            _leave_out(total, least, most, mine, done * draws, tally[:, i])


@njit(cache=True, nogil=True)
def _by_hand(
    values: FloatArray, areas: LongArray, row: LongArray, weight: FloatArray, own: FloatArray,
    place: IntArray, found: FloatArray, slack: FloatArray,
    first: LongArray, where: LongArray, tally: LongArray,
) -> None:  # fmt: skip
    """Sum up every draw anew for each area: its neighbours count unlike, or it has its own sums."""
    draws = values.shape[1]
    total = np.empty(draws)
    for i in areas:
        total[:] = 0.0
        size = row[i + 1] - row[i]
        for m in range(size):
            w, drawn = weight[row[i] + m], values[m]
            if len(own):
                for b in range(draws):
                    total[b] += w * (own[i] - drawn[b]) ** 2
            else:
                for b in range(draws):
                    total[b] += w * drawn[b]
        least, most = found[i] - slack[i], found[i] + slack[i]
        low, high = 0, 0
        for b in range(draws):
            low += total[b] <= most
            high += total[b] >= least
        tally[0, i], tally[1, i], tally[2, i] = low, high, draws
        if len(first):
            mine = where[first[place[i]] : first[place[i] + 1]]
            _leave_out(total, least, most, mine, size * draws, tally[:, i])


@njit(cache=True, nogil=True)
def _leave_out(
    total: FloatArray, least: float, most: float, mine: LongArray, end: int, tally: LongArray
) -> None:
    """Take away the draws that an area's own value is among, of which those before `end` count."""
    for at in mine:
        if at >= end:
            break
        sum_ = total[at % len(total)]
        tally[0] -= sum_ <= most
        tally[1] -= sum_ >= least
        tally[2] -= 1
