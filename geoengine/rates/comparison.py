"""Every area's rate as counted and as steadied, how sure it is, and whether it stands out."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from geoengine.errors import Fault, TableError
from geoengine.rates import chance, funnel, intervals, shrinkage
from geoengine.rates.counts import BoolArray, FloatArray, check_confidence, quotient
from geoengine.significance import benjamini_hochberg

Model = Literal["poisson", "binomial"]
LEAST_EVENTS = 2
FUNNEL = 0.998
"""Confidence of the funnel's limits: areas outside it are called alarms."""


SIDES = {-1: "below", 0: "within", 1: "above"}


def compare(
    count: pd.Series, people: pd.Series, *, model: Model = "poisson",
    suppressed: pd.Series | None = None, confidence: float = 0.95, alpha: float = 0.05,
) -> pd.DataFrame:  # fmt: skip
    """
    Set the rates of areas beside what they shrink to, their intervals and their tests.

    Parameters
    ----------
    count
        Events, by area code; whole numbers, NaN where unknown.
    people
        People they happen among, for the same areas in the same order; NaN where unknown.
    model
        "poisson" for events that are rare or can befall a person twice: Fingertips' interval of
        counts and a gamma posterior. "binomial" for people who share something: Wilson's interval
        and a beta posterior.
    suppressed
        Whether the count was withheld to protect people; what stands there is not used.
    confidence
        Of all intervals.
    alpha
        Share of false ones among the areas that stand out.

    Returns
    -------
    pandas.DataFrame
        By area code: `count`, NaN where there is no rate; `people`, as given;

        `rate, lower, upper`: as counted. `shrunken, shrunken_lower, shrunken_upper`: steadied; no
        limits where true rates were not found to vary.
        `expected`: events at the overall rate. `p`: two-sided mid-p value of the count, exact.
        `q`: the same, adjusted for the number of known areas (Benjamini-Hochberg).
        `kind`: "high" or "low" where `q` is at most `alpha`, else "as_expected"; "suppressed",
        "unknown" or "nobody" (no people, whatever the count) where all else is missing. A single
        event makes no area high, however few live there.
        `funnel`: "above", "below" or "within" the 99.8 % limits of a funnel that allows for areas
        differing by more than chance (additively); missing where there is no rate.

    Raises
    ------
    TableError
        If areas are listed twice, or numbers are negative, not whole, or above the people.
    ValueError
        If the tables are not of the same areas, or there is no such model.

    Examples
    --------
    One case among three people is a high rate, and no evidence.

    >>> codes = pd.Index(["E1", "E2", "E3", "E4"], name="area_code")
    >>> found = compare(
    ...     pd.Series([1, 90, 20, 40], codes), pd.Series([3, 1000, 1000, 1000], codes),
    ...     suppressed=pd.Series([False, False, False, True], codes))
    >>> found[["rate", "shrunken", "kind"]].round(3).reset_index()
      area_code   rate  shrunken         kind
    0        E1  0.333     0.073  as_expected
    1        E2  0.090     0.089         high
    2        E3  0.020     0.021          low
    3        E4    NaN       NaN   suppressed
    """
    check_confidence(confidence)
    if model not in get_args(Model):
        raise ValueError(f"model must be poisson or binomial, not {model!r}")
    if not people.index.equals(count.index):
        raise ValueError("count and people must be of the same areas, in the same order")
    withheld = np.zeros(len(count), dtype=bool)
    if suppressed is not None:
        if not suppressed.index.equals(count.index):
            raise ValueError("count and suppressed must be of the same areas, in the same order")
        withheld = suppressed.to_numpy(dtype=bool)
    events = np.where(withheld, np.nan, count.to_numpy(dtype=float))
    among = people.to_numpy(dtype=float)
    _check(count.index, events, among, within=model == "binomial")
    known = np.isfinite(events) & (among > 0)
    kind = np.select(
        [withheld, among == 0, known],
        ["suppressed", "nobody", "as_expected"],
        "unknown",
    )
    events, among = np.where(known, events, np.nan), np.where(known, among, np.nan)
    lower, upper, shrunk = _steady(events, among, known, model, confidence)
    overall = events[known].sum() / among[known].sum() if known.any() else np.nan
    expected = among * overall
    if model == "binomial":
        surprise = chance.binomial_test(events, among, overall)
        drawn = funnel.proportions(events, among, confidence=FUNNEL, overdispersion="additive")
    else:
        surprise = chance.poisson_test(events, expected)
        drawn = funnel.ratios(events, expected, confidence=FUNNEL, overdispersion="additive")
    p = surprise.two_sided
    q = benjamini_hochberg(p)
    high = surprise.high < surprise.low
    kind[(q <= alpha) & ~high] = "low"
    kind[(q <= alpha) & high & (events >= LEAST_EVENTS)] = "high"
    return pd.DataFrame(
        {
            "count": events,
            "people": people.to_numpy(dtype=float),
            "rate": quotient(events, among, known),
            "lower": lower,
            "upper": upper,
            "shrunken": shrunk.rate,
            "shrunken_lower": shrunk.lower,
            "shrunken_upper": shrunk.upper,
            "expected": expected,
            "p": p,
            "q": q,
            "kind": kind,
            "funnel": pd.Series(drawn.outside).map(SIDES).where(known).to_numpy(),
        },
        index=count.index,
    )


def _steady(
    events: FloatArray, among: FloatArray, known: BoolArray, model: Model, confidence: float
) -> tuple[FloatArray, FloatArray, shrinkage.Shrunken]:
    """Return the limits of the raw rates, and the rates that they shrink to."""
    if model == "binomial":
        lower, upper = intervals.wilson(events, among, confidence=confidence)
        return lower, upper, shrinkage.beta_binomial(events, among, confidence=confidence)
    few, many = intervals.poisson(events, confidence=confidence)
    return (
        quotient(few, among, known), quotient(many, among, known),
        shrinkage.poisson_gamma(events, among, confidence=confidence),
    )  # fmt: skip


def _check(areas: pd.Index, events: FloatArray, among: FloatArray, *, within: bool) -> None:
    problems = [f"area {code!r} stands more than once" for code in areas[areas.duplicated()]]
    for name, values in (("count", events), ("people", among)):
        wrong = (values < 0) | np.isinf(values)
        problems += [
            f"{name} must be at least 0, but is {value:g} for {code!r}"
            for code, value in zip(areas[wrong], values[wrong], strict=True)
        ]
        if name == "count" or within:
            broken = np.isfinite(values) & (values != np.floor(values))
            problems += [
                f"{name} must be a whole number, but is {value:g} for {code!r}"
                for code, value in zip(areas[broken], values[broken], strict=True)
            ]
    if within:
        over = events > among
        problems += [
            f"count must not exceed people, but is {few:g} of {all_:g} for {code!r}"
            for code, few, all_ in zip(areas[over], events[over], among[over], strict=True)
        ]
    if problems:
        raise TableError(Fault("counts", 0, problem) for problem in problems)
