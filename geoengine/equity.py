"""How evenly access is spread over people, and whether the worst off have less of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def gini(access: FloatArray, people: FloatArray) -> float:
    """
    Return the Gini index of access: 0 where all have alike, towards 1 where one has all.

    Parameters
    ----------
    access
        Amount of access at each place, shape (places,); NaN where unknown, which is passed over.
    people
        People there, shape (places,).

    Returns
    -------
    float
        NaN where nobody's access is known, or nobody has any.

    Raises
    ------
    ValueError
        If the shapes disagree, or an amount is negative or infinite (minutes to something out
        of reach are no amount).

    References
    ----------
    Gini, C. (1912) Variabilità e mutabilità. Bologna.

    Examples
    --------
    >>> gini(np.array([0.0, 1.0]), np.array([50.0, 50.0]))
    0.5
    """
    x, y = lorenz_curve(access, people)
    return float(1 - np.sum(np.diff(x) * (y[1:] + y[:-1])))


def lorenz_curve(access: FloatArray, people: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    Return what share of all access the people with the least of it have.

    Parameters
    ----------
    access, people
        As for `gini`.

    Returns
    -------
    people_share, access_share
        From (0, 0) to (1, 1), shape (places of known access + 1,); two NaNs each where nobody
        has any access.

    Examples
    --------
    >>> lorenz_curve(np.array([3.0, 1.0]), np.array([10.0, 10.0]))
    (array([0. , 0.5, 1. ]), array([0.  , 0.25, 1.  ]))
    """
    access, people = _known(access, people)
    return _curve(access, people, np.argsort(access, kind="stable"))


def concentration_curve(
    access: FloatArray, people: FloatArray, standing: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """
    Return what share of all access the worst off have.

    Parameters
    ----------
    access, people
        As for `gini`.
    standing
        How well off each place is, ascending from the worst off: income, or a deprivation rank
        of which 1 is the most deprived; shape (places,). NaN where unknown, which is passed
        over; equals are taken together.

    Returns
    -------
    people_share, access_share
        From (0, 0) to (1, 1), shape (distinct standings + 1,); two NaNs each where nobody has
        any access.

    Examples
    --------
    >>> concentration_curve(np.array([3.0, 1.0]), np.array([10.0, 10.0]), np.array([1.0, 2.0]))
    (array([0. , 0.5, 1. ]), array([0.  , 0.75, 1.  ]))
    """
    access, people, standing = _known(access, people, standing)
    _, level = np.unique(standing, return_inverse=True)
    levels = int(level.max(initial=-1)) + 1
    each = np.bincount(level, people, minlength=levels).astype(float)
    amount = np.bincount(level, people * access, minlength=levels).astype(float)
    return _curve(amount / np.where(each > 0, each, 1), each, np.arange(levels))


def concentration_index(
    access: FloatArray,
    people: FloatArray,
    standing: FloatArray,
    *,
    bounds: tuple[float, float] | None = None,
    corrected: bool = False,
) -> float:
    """
    Return how far access favours the well off (above 0) or the worst off (below 0).

    Parameters
    ----------
    access, people, standing
        As for `concentration_curve`.
    bounds
        Least and most access there could be, for the corrected index; by default that found.
    corrected
        Erreygers' index, which compares between places of different mean access.

    Returns
    -------
    float
        From -1 to 1. NaN where nobody's access and standing are known, nobody has any access,
        or (corrected) the bounds are one.

    Raises
    ------
    ValueError
        If the shapes disagree, or an amount is negative or infinite.

    References
    ----------
    Kakwani, N., Wagstaff, A. & van Doorslaer, E. (1997) Socioeconomic inequalities in health.
    Journal of Econometrics 77(1), 87-103. doi:10.1016/S0304-4076(96)01807-6

    Erreygers, G. (2009) Correcting the concentration index. Journal of Health Economics 28(2),
    504-515. doi:10.1016/j.jhealeco.2008.02.003

    Examples
    --------
    The worse-off half has everything:

    >>> concentration_index(np.array([1.0, 0.0]), np.array([5.0, 5.0]), np.array([1.0, 2.0]))
    -0.5
    """
    x, y = concentration_curve(access, people, standing)
    index = float(1 - np.sum(np.diff(x) * (y[1:] + y[:-1])))
    if not corrected:
        return index
    access, people, _ = _known(access, people, standing)
    lower, upper = bounds or (access.min(initial=np.inf), access.max(initial=-np.inf))
    if not upper > lower:
        return float("nan")
    return float(4 * np.average(access, weights=people) / (upper - lower) * index)


def palma_ratio(
    access: FloatArray, people: FloatArray, standing: FloatArray, *, worst: float = 0.4,
    best: float = 0.1,
) -> float:  # fmt: skip
    """
    Return the mean access of the best-off tenth over that of the worst-off four tenths.

    Parameters
    ----------
    access
        Amount at each place, shape (places,). Where it is NaN, the people count for who is how
        well off, but not for the means.
    people, standing
        As for `concentration_curve`.
    worst, best
        Shares of the people compared.

    Returns
    -------
    float
        1 where both have alike, above 1 where the best off have more. NaN where the access of
        either is unknown, the worst off have none, or no place lies wholly in one of the shares
        because a single standing spans its edge.

    Raises
    ------
    ValueError
        As for `gini`, or if the shares overlap.

    References
    ----------
    Palma, J. G. (2011) Homogeneous middles vs. heterogeneous tails, and the end of the
    'inverted-U'. Development and Change 42(1), 87-153. doi:10.1111/j.1467-7660.2011.01694.x

    Examples
    --------
    >>> access, people = np.array([1.0, 1.0, 1.0, 3.0]), np.array([40.0, 30.0, 20.0, 10.0])
    >>> palma_ratio(access, people, np.array([1.0, 2.0, 3.0, 4.0]))
    3.0
    """
    if not (worst > 0 and best > 0 and worst + best <= 1):
        raise ValueError(f"shares of {worst:g} and {best:g} of the people overlap or are none")
    _check(access, people)
    ranked = np.isfinite(standing) & (people > 0)
    if not ranked.any():
        return float("nan")
    low, high = weighted_quantiles(standing[ranked], people[ranked], [worst, 1 - best])
    counted = ranked & np.isfinite(access)
    poor, rich = counted & (standing <= low), counted & (standing > high)
    if not (poor.any() and rich.any()):
        return float("nan")
    mean_poor = np.average(access[poor], weights=people[poor])
    mean_rich = np.average(access[rich], weights=people[rich])
    return float(mean_rich / mean_poor) if mean_poor > 0 else float("nan")


def weighted_quantiles(
    values: FloatArray, people: FloatArray, shares: Sequence[float]
) -> FloatArray:
    """
    Return the values below which given shares of the people lie, between people interpolated.

    Parameters
    ----------
    values, people
        Finite values and people who have each, shape (places,).
    shares
        From 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (shares,): as if every person's value stood in a row (Hmisc's `wtd.quantile`).

    Examples
    --------
    >>> weighted_quantiles(np.array([1.0, 2.0]), np.array([2.0, 1.0]), [0.5, 0.75])
    array([1. , 1.5])
    """
    order = np.argsort(values, kind="stable")
    ranked, last = values[order], np.cumsum(people[order])
    at = 1 + (last[-1] - 1) * np.asarray(shares, dtype=float)
    below = np.maximum(np.floor(at), 1)
    above = np.minimum(below + 1, last[-1])
    low, high = (
        ranked[np.minimum(np.searchsorted(last, place), len(ranked) - 1)]
        for place in (below, above)
    )
    return np.asarray(low + (at % 1) * (high - low))


@dataclass(frozen=True)
class Theil:
    """
    Theil's T, and the parts that differences between and within groups have in it.

    Parameters
    ----------
    total
        0 where all have alike, up to the logarithm of the number of people.
    between, within
        Parts of it; they add up to it.
    by_group
        Frame by group: `between` and `within`, the group's terms of each part.
    """

    total: float
    between: float
    within: float
    by_group: pd.DataFrame


def theil(access: FloatArray, people: FloatArray, group: Sequence[Hashable]) -> Theil:
    """
    Return Theil's T of access, decomposed by groups of places.

    Parameters
    ----------
    access, people
        As for `gini`; no access counts for 0, the limit of a log(a).
    group
        What each place belongs to, such as its decile, shape (places,); where it is missing the
        place is passed over.

    Returns
    -------
    Theil
        All NaN where nobody's access is known, or nobody has any.

    Raises
    ------
    ValueError
        As for `gini`.

    References
    ----------
    Theil, H. (1967) Economics and information theory. North-Holland, Amsterdam.

    Examples
    --------
    >>> found = theil(np.array([1.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0]), ["a", "a", "b"])
    >>> round(found.total, 4), round(found.between, 4), round(found.within, 4)
    (0.1308, 0.1308, 0.0)
    """
    _check(access, people)
    label = pd.Series(list(group), dtype=object)
    if len(label) != len(access):
        raise ValueError(f"there are {len(label)} groups, but {len(access)} places")
    kept = np.isfinite(access) & (people > 0) & label.notna().to_numpy()
    frame = pd.DataFrame({"people": people[kept], "amount": (people * np.nan_to_num(access))[kept]})
    names = label[kept].to_numpy()
    each = frame.groupby(names, sort=True).sum()
    mean = frame["amount"].sum() / frame["people"].sum() if len(frame) else np.nan
    if not mean > 0:
        nothing = pd.DataFrame({"between": np.nan, "within": np.nan}, index=each.index)
        return Theil(float("nan"), float("nan"), float("nan"), nothing)
    share = (each["amount"] / each["amount"].sum()).to_numpy()
    ratio = (each["amount"] / each["people"]).to_numpy() / mean
    own = each["amount"].div(each["people"]).reindex(names).to_numpy()
    relative = np.divide(access[kept], own, out=np.zeros(int(kept.sum())), where=own > 0)
    terms = frame["amount"].to_numpy() * _log(relative) / frame["amount"].sum()
    parts = pd.DataFrame(
        {
            "between": share * _log(ratio),
            "within": pd.Series(terms).groupby(names, sort=True).sum().to_numpy(),
        },
        index=each.index,
    )
    between, within = float(parts["between"].sum()), float(parts["within"].sum())
    return Theil(between + within, between, within, parts)


def poverty(access: FloatArray, people: FloatArray, *, line: float) -> tuple[float, float, float]:
    """
    Return how many people have less access than a line, how much less, and how unevenly.

    Parameters
    ----------
    access, people
        As for `gini`.
    line
        Access below which people are poor in it.

    Returns
    -------
    headcount, gap, severity
        Foster-Greer-Thorbecke measures of order 0, 1 and 2, each from 0 to 1; NaN where
        nobody's access is known.

    Raises
    ------
    ValueError
        As for `gini`, or if the line is not positive.

    References
    ----------
    Foster, J., Greer, J. & Thorbecke, E. (1984) A class of decomposable poverty measures.
    Econometrica 52(3), 761-766. doi:10.2307/1913475

    Examples
    --------
    >>> poverty(np.array([5.0, 20.0]), np.array([10.0, 30.0]), line=10)
    (0.25, 0.125, 0.0625)
    """
    if not 0 < line < np.inf:
        raise ValueError(f"line must be positive and finite, not {line:g}")
    access, people = _known(access, people)
    if not len(people):
        return (float("nan"),) * 3
    short = np.clip((line - access) / line, 0, 1)
    orders = ((short > 0).astype(float), short, short**2)
    headcount, gap, severity = (float(np.average(term, weights=people)) for term in orders)
    return headcount, gap, severity


def by_group(access: FloatArray, people: FloatArray, group: Sequence[Hashable]) -> pd.DataFrame:
    """
    Return the access of each group, such as each deprivation decile.

    Parameters
    ----------
    access, people, group
        As for `theil`.

    Returns
    -------
    pandas.DataFrame
        By group, ascending: `people` with known access, `people_unknown`, `mean`, and
        `access_share` of all access.

    Raises
    ------
    ValueError
        As for `gini`.

    Examples
    --------
    >>> found = by_group(np.array([1.0, np.nan, 3.0]), np.array([2.0, 5.0, 2.0]), [1, 1, 2])
    >>> found["mean"].to_dict(), found["people_unknown"].to_dict()
    ({1: 1.0, 2: 3.0}, {1: 5.0, 2: 0.0})
    """
    _check(access, people)
    known = np.isfinite(access)
    frame = pd.DataFrame(
        {
            "people": np.where(known, people, 0.0),
            "people_unknown": np.where(known, 0.0, people),
            "amount": people * np.nan_to_num(access),
        }
    )
    keys = pd.Index(list(group), name="group")
    each = frame.groupby(keys, sort=True).sum()
    amount = each.pop("amount")
    each["mean"] = (amount / each["people"]).where(each["people"] > 0)
    each["access_share"] = amount / amount.sum() if amount.sum() > 0 else np.nan
    return each


def _check(access: FloatArray, people: FloatArray) -> None:
    if np.shape(access) != np.shape(people):
        raise ValueError(f"there are {len(access)} amounts of access, but {len(people)} of people")
    if (access < 0).any() or np.isinf(access).any():
        raise ValueError("access must be a finite amount of at least 0, or NaN where unknown")
    if not (np.isfinite(people) & (people >= 0)).all():
        raise ValueError("people must be known everywhere, and not negative")


def _known(access: FloatArray, people: FloatArray, *more: FloatArray) -> list[FloatArray]:
    """Keep the places where somebody lives and all is known."""
    _check(access, people)
    kept: BoolArray = people > 0
    for values in (access, *more):
        if np.shape(values) != np.shape(people):
            raise ValueError(f"there are {len(values)} standings, but {len(people)} places")
        kept = kept & np.isfinite(values)
    return [values[kept] for values in (access, people, *more)]


def _curve(
    access: FloatArray, people: FloatArray, order: NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    x = np.concatenate(([0.0], np.cumsum(people[order])))
    y = np.concatenate(([0.0], np.cumsum((people * access)[order])))
    if not y[-1] > 0:
        return np.full(2, np.nan), np.full(2, np.nan)
    return x / x[-1], y / y[-1]


def _log(ratio: FloatArray) -> FloatArray:
    """Return the logarithm, and 0 at 0, where it is only ever multiplied by 0."""
    return np.log(ratio, out=np.zeros(len(ratio)), where=ratio > 0)
