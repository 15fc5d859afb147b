"""Local statistics: how high or alike the values around each area are, beside chance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoengine.neighbours import Neighbours

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

LEAST_SHARE = 1e-12
"""What is a smaller share of the values' spread than this is a rounding error."""


@dataclass(frozen=True, eq=False)
class Local:
    """
    A statistic of each area, with its mean and variance if values fell on areas by chance.

    Parameters
    ----------
    statistic
        The statistic as it was published, shape (areas,).
    lag
        The weighted mean over the neighbours that the statistic rests on, in the value's unit:
        of their values (with the area's own for Gi*), of the share of them that have it (join
        counts), or of squared differences from the area's value (Geary); shape (areas,).
    expected, variance
        Mean and variance of `lag` under chance, exact for any weights, shape (areas,).
    neighbours
        How many neighbours with a value there are, the area itself not counted, shape (areas,).

    Notes
    -----
    NaN where the area has no value, or no neighbour with a value.
    """

    statistic: FloatArray
    lag: FloatArray
    expected: FloatArray
    variance: FloatArray
    neighbours: LongArray

    @property
    def z(self) -> FloatArray:
        """
        Standard deviations that `lag` is above chance, shape (areas,).

        NaN also where chance has no choice: all areas are neighbours, or all others are equal.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (self.lag - self.expected) / np.sqrt(self.variance)
        return np.where(self.variance > 0, z, np.nan)


def gi_star(value: FloatArray, neighbours: Neighbours) -> Local:
    """
    Compare the mean of each area and its neighbours with that of all areas (Getis-Ord Gi*).

    Parameters
    ----------
    value
        A value for each area, shape (areas,); NaN where not known: the area is left out, and the
        rest are compared among themselves.
    neighbours
        Who neighbours whom. Where no area is its own neighbour, each is made so and counts as
        much as its heaviest neighbour; scaling an area's weights then changes nothing.

    Returns
    -------
    Local
        Chance gives all values, the area's own too, to the areas at random. `statistic` is the
        sum around the area as a share of the sum over all areas, divided by its weights.

    Raises
    ------
    ValueError
        If there are not as many values as areas, or one is infinite.

    References
    ----------
    Ord, J. K. & Getis, A. (1995) Local spatial autocorrelation statistics: distributional issues
    and an application. Geographical Analysis 27(4), 286-306.
    doi:10.1111/j.1538-4632.1995.tb00912.x

    Examples
    --------
    Five areas in a row; high values gather at the right end.

    >>> from geoengine.neighbours import from_links
    >>> row = from_links(list("abcde"), [0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3])
    >>> gi_star(np.array([1.0, 2.0, 3.0, 8.0, 6.0]), row).z.round(2)
    array([-1.57, -1.88,  0.31,  1.57,  1.88])
    """

    def whole(x: FloatArray, known: Neighbours) -> Local:
        among, count, mean = with_own(known), len(x), x.mean()
        total, square, lag = _sums(x - mean, among)
        spread = np.mean((x - mean) ** 2)
        return Local(
            _share(lag + mean, x.sum()),
            lag + mean,
            np.full(count, mean),
            _variance(square / total**2, count, spread),
            _others(among),
        )

    return _over_known(whole, neighbours, value)


def gi(value: FloatArray, neighbours: Neighbours) -> Local:
    """
    Compare the mean of each area's neighbours with that of all other areas (Getis-Ord Gi).

    Parameters
    ----------
    value, neighbours
        As for `gi_star`; an area that is its own neighbour is not counted there.

    Returns
    -------
    Local
        Chance gives the other areas' values to them at random. `statistic` is the sum around the
        area as a share of the sum over all others, divided by its weights.

    References
    ----------
    Ord, J. K. & Getis, A. (1995), as for `gi_star`.
    """

    def whole(x: FloatArray, among: Neighbours) -> Local:
        found = _lag_of_others(x, among)
        return _with(found, _share(found.lag, x.sum() - x))

    return _over_known(whole, neighbours.without_self(), value)


def moran(value: FloatArray, neighbours: Neighbours, *, around: FloatArray | None = None) -> Local:
    """
    Tell whether each area's neighbours are high or low as it is, or unlike it (local Moran).

    Parameters
    ----------
    value, neighbours
        As for `gi`. For rates of small populations give standardised empirical Bayes rates.
    around
        Another value of the neighbours to compare with (bivariate), shape (areas,); by default
        the same. An area that lacks either is left out.

    Returns
    -------
    Local
        `statistic` is the product of the area's value and its neighbours' mean, both as
        standard deviations (over n, not n - 1) from the mean. Chance gives the other areas'
        values to them at random, so that `z` is of the neighbours' mean, positive where they
        are high; the statistic's own is `z` with the sign of the area's value.

    References
    ----------
    Anselin, L. (1995) Local indicators of spatial association - LISA. Geographical Analysis
    27(2), 93-115. doi:10.1111/j.1538-4632.1995.tb00338.x
    Sokal, R. R., Oden, N. L. & Thomson, B. A. (1998) Local spatial autocorrelation in a
    biological model. Geographical Analysis 30(4), 331-354.
    doi:10.1111/j.1538-4632.1998.tb00406.x
    """

    def whole(x: FloatArray, y: FloatArray, among: Neighbours) -> Local:
        found = _lag_of_others(y, among)
        return _with(found, _standard(x) * (found.lag - y.mean()) / (y.std() or np.nan))

    other = value if around is None else around
    return _over_known(whole, neighbours.without_self(), value, other)


def geary(value: FloatArray, neighbours: Neighbours) -> Local:
    """
    Measure how unlike its neighbours each area is (local Geary).

    Parameters
    ----------
    value, neighbours
        As for `gi`.

    Returns
    -------
    Local
        `statistic` is the neighbours' mean squared difference from the area, in variances (over
        n, not n - 1) of the values; a `z` below 0 means that they are alike.

    References
    ----------
    Anselin, L. (2019) A local indicator of multivariate spatial association: extending Geary's
    c. Geographical Analysis 51(2), 133-150. doi:10.1111/gean.12164
    """

    def whole(x: FloatArray, among: Neighbours) -> Local:
        x = x - x.mean()
        others, square, cube, fourth = len(x) - 1, (x**2).sum(), (x**3).sum(), (x**4).sum()
        total, squared, near = _sums(x, among)
        near_squares = _per_area(among, among.weight * x[among.neighbour] ** 2) / total
        lag = x**2 - 2 * x * near + near_squares
        expected = (len(x) * x**2 + square) / others
        of_squares = (len(x) * x**4 + 6 * x**2 * square - 4 * x * cube + fourth) / others
        spread = _nothing_below(of_squares - expected**2, of_squares)
        variance = _variance(squared / total**2, others, spread)
        return Local(lag / (square / len(x) or np.nan), lag, expected, variance, _others(among))

    return _over_known(whole, neighbours.without_self(), value)


def join_count(has: FloatArray, neighbours: Neighbours) -> Local:
    """
    Count, for each area that has something, the neighbours that have it too.

    Parameters
    ----------
    has
        1 where the area has it, 0 where not, NaN where not known, shape (areas,).
    neighbours
        As for `gi`.

    Returns
    -------
    Local
        `statistic` is the sum of their weights, 0 where the area has it not; `lag` is the share
        of the neighbours that have it.

    Raises
    ------
    ValueError
        If a value is neither 0, 1 nor NaN.

    References
    ----------
    Anselin, L. & Li, X. (2019) Operational local join count statistics for cluster detection.
    Journal of Geographical Systems 21, 189-210. doi:10.1007/s10109-019-00299-x
    """
    given = np.asarray(has, dtype=np.float64)
    strange = given[~np.isnan(given) & (given != 0) & (given != 1)]
    if len(strange):
        raise ValueError(f"join counts need values of 0 or 1, not {strange[0]:g}")

    def whole(x: FloatArray, among: Neighbours) -> Local:
        found = _lag_of_others(x, among)
        total, _, _ = _sums(x, among)
        return _with(found, x * np.round(found.lag * total, 9))

    return _over_known(whole, neighbours.without_self(), given)


def with_own(neighbours: Neighbours) -> Neighbours:
    """Return the neighbours with each area its own, unless some are so already."""
    has_own = bool((neighbours.neighbour == neighbours.area).any())
    return neighbours if has_own else neighbours.with_self()


def level(value: FloatArray) -> FloatArray:
    """Return the values, all the same where they differ by rounding errors only."""
    if np.ptp(value) <= LEAST_SHARE * np.abs(value).max():
        return np.full(len(value), value[0])
    return value


def _over_known(whole: Callable[..., Local], neighbours: Neighbours, *values: FloatArray) -> Local:
    """Compute over the areas whose values are all known, and put the rest back as NaN."""
    given = [np.asarray(value, dtype=np.float64) for value in values]
    for value in given:
        if value.shape != (len(neighbours),):
            raise ValueError(
                f"there are {len(neighbours)} areas, but values of shape {value.shape}"
            )
        if np.isinf(value).any():
            raise ValueError(f"the value of '{neighbours.ids[np.isinf(value)][0]}' is infinite")
    known = ~np.any([np.isnan(value) for value in given], axis=0)
    among = neighbours.among(known)
    empty = np.full(len(neighbours), np.nan)
    result = Local(empty, empty, empty, empty, np.zeros(len(neighbours), np.int64))
    if known.sum() < 3:
        return result
    with np.errstate(divide="ignore", invalid="ignore"):
        found = whole(*(level(value[known]) for value in given), among)
    lonely = found.neighbours == 0
    columns = {}
    for name, column in vars(found).items():
        columns[name] = getattr(result, name).copy()
        columns[name][known] = column if name == "neighbours" else np.where(lonely, np.nan, column)
    return Local(**columns)


def _sums(x: FloatArray, among: Neighbours) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return each area's weights, their squares, and the weighted mean of its neighbours."""
    total = _per_area(among, among.weight)
    square = _per_area(among, among.weight**2)
    return total, square, _per_area(among, among.weight * x[among.neighbour]) / total


def _per_area(among: Neighbours, amount: FloatArray) -> FloatArray:
    return np.bincount(among.area, amount, minlength=len(among)).astype(np.float64)


def _lag_of_others(x: FloatArray, among: Neighbours) -> Local:
    """Return the neighbours' mean, with its moments when the other areas' values are shuffled."""
    mean, others = x.mean(), len(x) - 1
    x = x - mean
    total, square, lag = _sums(x, among)
    expected = -x / others
    of_squares = ((x**2).sum() - x**2) / others
    spread = _nothing_below(of_squares - expected**2, (x**2).sum() / others)
    variance = _variance(square / total**2, others, spread)
    return Local(np.full(len(x), np.nan), lag + mean, expected + mean, variance, _others(among))


def _variance(share: FloatArray, count: int, spread: FloatArray | float) -> FloatArray:
    """
    Return the variance of a weighted mean of values drawn from `count` without putting back.

    `share` is the sum of the squared weights, which add up to 1; `spread` the values' variance.
    """
    choice = _nothing_below(count * share - 1, count * share)
    return np.asarray(spread * choice / (count - 1))


def _nothing_below(value: FloatArray, scale: FloatArray | float) -> FloatArray:
    return np.where(value > LEAST_SHARE * scale, value, 0.0)


def _others(among: Neighbours) -> LongArray:
    others = among.neighbour != among.area
    return np.bincount(among.area[others], minlength=len(among)).astype(np.int64)


def _standard(x: FloatArray) -> FloatArray:
    return np.asarray((x - x.mean()) / (x.std() or np.nan))


def _share(part: FloatArray, whole: FloatArray | float) -> FloatArray:
    return np.where(np.asarray(whole) == 0, np.nan, part / whole)


def _with(found: Local, statistic: FloatArray) -> Local:
    return Local(statistic, found.lag, found.expected, found.variance, found.neighbours)
