"""Global statistics: whether values gather anywhere on the map, as one figure for all of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from geoengine.hotspots.local import LEAST_SHARE
from geoengine.neighbours import Neighbours
from geoengine.significance import never_zero

FloatArray = NDArray[np.float64]
Statistic = Callable[[FloatArray], float]

PERMUTATIONS = 999


@dataclass(frozen=True)
class Clustering:
    """
    One statistic of a whole map beside what chance gives.

    Parameters
    ----------
    statistic
        Its value.
    expected, variance
        Its mean and variance over all orders of the values (randomisation).
    variance_if_normal
        Its variance if the values were independent draws from a normal distribution; NaN where
        the statistic has none.
    p_permuted
        Two-sided p-value from random orders: twice the smaller tail, ties counted in both, at
        most 1.
    permutations
        How many orders were tried.
    areas
        How many areas took part: those with a value and a neighbour with a value.
    left_out
        How many did not.

    Notes
    -----
    All NaN but the counts where no test can be made: the values are all the same, fewer than four
    areas took part, or (General G) fewer than two values are above 0.
    """

    statistic: float
    expected: float
    variance: float
    variance_if_normal: float
    p_permuted: float
    permutations: int
    areas: int
    left_out: int

    @property
    def z(self) -> float:
        """Standard deviations above chance, by randomisation."""
        return self._z(self.variance)

    @property
    def z_if_normal(self) -> float:
        """Standard deviations above chance, for normal values."""
        return self._z(self.variance_if_normal)

    @property
    def p(self) -> float:
        """Two-sided p-value of `z` by the normal distribution, never 0."""
        return float(never_zero(2 * ndtr(-abs(self.z))))

    def _z(self, variance: float) -> float:
        return (self.statistic - self.expected) / variance**0.5 if variance > 0 else float("nan")


def morans_i(
    value: FloatArray,
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> Clustering:
    """
    Return Moran's I: above its expectation of -1/(n - 1) where neighbours are alike.

    Parameters
    ----------
    value
        A value for each area, shape (areas,); NaN where not known, which is left out.
    neighbours
        Who neighbours whom; an area's link to itself is not counted.
    rng
        Where the random orders come from.
    permutations
        How many random orders to try.

    Raises
    ------
    ValueError
        If there are not as many values as areas, or one is infinite.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981) Spatial processes: models and applications. Pion, London.

    Examples
    --------
    Four areas in a row, high ones beside high ones.

    >>> from geoengine.neighbours import from_links
    >>> row = from_links(list("abcd"), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    >>> found = morans_i(np.array([1.0, 1.0, 3.0, 3.0]), row, rng=np.random.default_rng(1))
    >>> round(found.statistic, 3), round(found.expected, 3)
    (0.333, -0.333)
    """
    map_ = _Map.of(value, neighbours)
    if not map_.varies:
        return map_.untested()
    n, s0, s1, s2 = map_.n, *map_.sums
    x = map_.value - map_.mean
    scale = n / (s0 * float(x @ x))
    mean, variance = map_.of_products(x, 0.0)
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - 1 / (n - 1) ** 2
    return map_.test(
        x, lambda y: scale * map_.products(y), scale * mean, scale**2 * variance, normal,
        rng, permutations,
    )  # fmt: skip


def gearys_c(
    value: FloatArray,
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> Clustering:
    """
    Return Geary's C: below its expectation of 1 where neighbours are alike.

    Parameters
    ----------
    value, neighbours, rng, permutations
        As for `morans_i`.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981), as for `morans_i`.
    """
    map_ = _Map.of(value, neighbours)
    if not map_.varies:
        return map_.untested()
    n, s0, s1, s2 = map_.n, *map_.sums
    x = map_.value - map_.mean
    scale = (n - 1) / (2 * s0 * float(x @ x))
    normal = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    return map_.test(
        x, lambda y: scale * map_.differences(y), 1.0, map_.of_gearys_c(), normal,
        rng, permutations,
    )  # fmt: skip


def general_g(
    value: FloatArray,
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> Clustering:
    """
    Return Getis and Ord's G: above its expectation where high values are side by side.

    Parameters
    ----------
    value
        As for `morans_i`; none below 0.
    neighbours, rng, permutations
        As for `morans_i`; every link counting 1 is usual.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    Getis, A. & Ord, J. K. (1992) The analysis of spatial association by use of distance
    statistics. Geographical Analysis 24(3), 189-206. doi:10.1111/j.1538-4632.1992.tb00261.x
    """
    map_ = _Map.of(value, neighbours)
    if (map_.value < 0).any():
        raise ValueError("General G needs values of at least 0; use Moran's I where some are below")
    x = map_.value
    pairs = float(x.sum() ** 2 - x @ x)
    if not map_.varies or pairs <= 0:
        return map_.untested()
    scale = 1 / pairs
    mean, variance = map_.of_products(x - map_.mean, map_.mean)
    return map_.test(
        x, lambda y: scale * map_.products(y), scale * mean, scale**2 * variance, np.nan,
        rng, permutations,
    )  # fmt: skip


def join_counts(
    has: FloatArray,
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
) -> dict[str, Clustering]:
    """
    Count the links between areas that both have something, that both lack it, and mixed ones.

    Parameters
    ----------
    has
        1 where the area has it, 0 where not, NaN where not known, shape (areas,).
    neighbours, rng, permutations
        As for `morans_i`; a link and its return count as one join.

    Returns
    -------
    dict
        `both`, `neither` and `mixed`. Chance deals the same number of ones to the areas
        (non-free sampling).

    Raises
    ------
    ValueError
        If a value is neither 0, 1 nor NaN.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981), as for `morans_i`.
    """
    map_ = _Map.of(value=has, neighbours=neighbours)
    x = map_.value
    if not np.isin(x, (0, 1)).all():
        raise ValueError(f"join counts need values of 0 or 1, not {x[~np.isin(x, (0, 1))][0]:g}")
    if not map_.varies:
        return dict.fromkeys(("both", "neither", "mixed"), map_.untested())
    found = {}
    for name, y in (("both", x), ("neither", 1 - x)):
        mean, variance = map_.of_products(y - y.mean(), float(y.mean()))
        found[name] = map_.test(
            y, lambda z: map_.products(z) / 2, mean / 2, variance / 4, np.nan, rng, permutations
        )
    to_joins = map_.sums[0] * float(np.var(x)) * map_.n / (map_.n - 1)
    found["mixed"] = map_.test(
        x, lambda z: map_.differences(z) / 2, to_joins, to_joins**2 * map_.of_gearys_c(), np.nan,
        rng, permutations,
    )  # fmt: skip
    return found


@dataclass(frozen=True, eq=False)
class _Map:
    """The values and links that take part, with the sums that all moments rest on."""

    value: FloatArray
    matrix: Any
    both_ways: FloatArray
    sums: tuple[float, float, float]
    left_out: int

    @classmethod
    def of(cls, value: FloatArray, neighbours: Neighbours) -> "_Map":
        given = np.asarray(value, dtype=np.float64)
        if given.shape != (len(neighbours),):
            raise ValueError(
                f"there are {len(neighbours)} areas, but values of shape {given.shape}"
            )
        if np.isinf(given).any():
            raise ValueError(f"the value of '{neighbours.ids[np.isinf(given)][0]}' is infinite")
        known = ~np.isnan(given)
        among = neighbours.without_self().among(known)
        linked = np.diff(among.first) > 0
        linked[among.neighbour] = True
        matrix = among.among(linked).matrix()
        mutual = matrix + matrix.T
        both_ways = np.asarray(mutual.sum(axis=0), dtype=np.float64)
        sums = (
            float(matrix.sum()),
            float((mutual.data**2).sum() / 2),
            float(both_ways @ both_ways),
        )
        left_out = len(given) - int(linked.sum())
        return cls(given[known][linked], matrix, both_ways, sums, left_out)

    @property
    def n(self) -> int:
        return len(self.value)

    @property
    def mean(self) -> float:
        return float(self.value.mean())

    @property
    def varies(self) -> bool:
        x = self.value
        return self.n > 3 and bool(np.ptp(x) > LEAST_SHARE * np.abs(x).max())

    def products(self, x: FloatArray) -> float:
        return float(x @ (self.matrix @ x))

    def differences(self, x: FloatArray) -> float:
        return float(self.both_ways @ x**2 - 2 * self.products(x))

    def of_products(self, x: FloatArray, middle: float) -> tuple[float, float]:
        """
        Return mean and variance of the products of neighbours over all orders of the values.

        `x` are the values less `middle`, adding up to 0: the products are those of `x`, plus
        `middle` times a sum of `x` over links, plus a constant.
        """
        n, s0, s1, s2 = self.n, *self.sums
        t2, t3, t4 = (float((x**power).sum()) for power in (2, 3, 4))
        two, three = n * (n - 1), n * (n - 1) * (n - 2)
        mean = -t2 / two * s0
        second = s1 * (t2**2 - t4) / two
        second += (s2 - 2 * s1) * (2 * t4 - t2**2) / three
        second += (s0**2 + s1 - s2) * (3 * t2**2 - 6 * t4) / (three * (n - 3))
        of_sum = (s2 - 4 * s0**2 / n) * t2 / (n - 1)
        together = -s2 * t3 / two + (2 * s0**2 - s2) * 2 * t3 / three
        variance = second - mean**2 + middle**2 * of_sum + 2 * middle * together
        return mean + middle**2 * s0, variance

    def of_gearys_c(self) -> float:
        """Return the variance of Geary's C over all orders of the values."""
        n, s0, s1, s2 = self.n, *self.sums
        x = self.value - self.mean
        peak = n * float((x**4).sum()) / float(x @ x) ** 2
        total = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * peak)
        total -= (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * peak) / 4
        total += s0**2 * (n**2 - 3 - (n - 1) ** 2 * peak)
        return total / (n * (n - 2) * (n - 3) * s0**2)

    def untested(self) -> Clustering:
        nan = float("nan")
        return Clustering(nan, nan, nan, nan, nan, 0, self.n, self.left_out)

    def test(
        self, x: FloatArray, statistic: Statistic, expected: float, variance: float,
        variance_if_normal: float, rng: np.random.Generator, permutations: int,
    ) -> Clustering:  # fmt: skip
        found = statistic(x)
        with ThreadPoolExecutor(2) as pool:
            chance = np.array(
                list(pool.map(lambda g: statistic(g.permutation(x)), rng.spawn(permutations)))
            )
        slack = 1e-9 * max(abs(found), np.abs(chance).max(initial=0.0))
        tail = min((chance <= found + slack).sum(), (chance >= found - slack).sum())
        p_permuted = min(2 * (int(tail) + 1) / (permutations + 1), 1.0) if permutations else np.nan
        return Clustering(
            found, expected, variance, variance_if_normal, p_permuted, permutations,
            self.n, self.left_out,
        )  # fmt: skip
