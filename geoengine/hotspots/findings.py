"""Hot spots: every area's class, with what chance would give beside it and how it was found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from geoengine.hotspots import local
from geoengine.hotspots.alignment import aligned, words
from geoengine.hotspots.counting import count_ways
from geoengine.hotspots.kinds import LACKING, count_left_out, left_out
from geoengine.hotspots.local import Local
from geoengine.hotspots.permutations import Tails, shuffle
from geoengine.neighbours import Neighbours
from geoengine.significance import CORRECTIONS, Correction, never_zero

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Statistic = Literal["gi_star", "gi", "local_moran", "local_geary", "join_count"]

PERMUTATIONS = 99_999
FEWEST_AREAS = 3

_STATISTICS: dict[Statistic, tuple[str, Callable[..., Local]]] = {
    "gi_star": ("Getis-Ord Gi*", local.gi_star),
    "gi": ("Getis-Ord Gi", local.gi),
    "local_moran": ("local Moran's I", local.moran),
    "local_geary": ("local Geary's c", local.geary),
    "join_count": ("local join count", local.join_count),
}


@dataclass(frozen=True)
class Card:
    """
    How hot spots were found, to be shown with every map of them.

    Parameters
    ----------
    statistic, weights, chance
        What was computed, who counts as a neighbour, and where p-values come from, in words.
    areas, tests
        How many areas are shown, and how many of them were tested.
    correction, alpha
        How p-values were adjusted for so many tests, and the adjusted value up to which an area
        is a finding.
    seed
        What the random numbers were started from; empty where chance was not drawn.
    left_out
        How many of the areas shown were not tested, by kind.
    least_p
        The smallest p-value that so many random orders can tell; 0 where chance was not drawn.
    """

    statistic: str
    weights: str
    chance: str
    areas: int
    tests: int
    correction: Correction
    alpha: float
    seed: str
    left_out: Mapping[str, int]
    least_p: float = 0.0


@dataclass(frozen=True, eq=False)
class Hotspots:
    """
    The class of each area shown, and how it was found.

    Parameters
    ----------
    table
        Index `area_code`, in the order of the neighbours: `value`; `neighbours` with a value;
        `lag`, the weighted mean around the area, and `expected`, that mean under chance, both as
        in `local.Local`; `statistic`, `z`; `p` and `q`, the p-value before and after correction
        for many tests, never 0; `kind`, one of `kinds.KINDS`; `people`, where given. Numbers are
        NaN where they were not computed.
    neighbours
        Who neighbours whom, among the areas shown.
    card
        How they were found.
    """

    table: pd.DataFrame
    neighbours: Neighbours
    card: Card

    @property
    def left_out(self) -> dict[str, list[str]]:
        """Codes of the areas that were not tested, by why."""
        return left_out(self.table["kind"])


def find(
    value: pd.Series,
    neighbours: Neighbours,
    *,
    rng: np.random.Generator,
    statistic: Statistic = "gi_star",
    around: pd.Series | None = None,
    people: pd.Series | None = None,
    lacking: pd.Series | None = None,
    shown: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    correction: Correction = "benjamini_hochberg",
    alpha: float = 0.05,
    threads: int = 2,
) -> Hotspots:
    """
    Find where values gather more than chance explains.

    Parameters
    ----------
    value
        A value for each area of the neighbours, by area code, in any order; NaN where not known.
        For rates of small populations give empirical Bayes rates, for a local Moran's I
        standardised ones.
    neighbours
        Who neighbours whom. Only weights within one area's neighbours matter, not their scale.
    rng
        Where chance comes from.
    statistic
        Which local statistic; see `local`.
    around
        Another value of the neighbours, for a bivariate local Moran's I.
    people
        How many live in each area, for sentences.
    lacking
        Why areas have no value to compare, by area code: one of `kinds.LACKING`, or "". Those with
        a reason are left out whatever `value` says.
    shown
        Which areas to report: those around them lend their values, so that the border of an
        authority is no edge, but are not tested.
    permutations
        Random orders to try; 0 takes p-values from z by the normal distribution, which is too
        sure of rare counts.
    correction
        How p-values are adjusted for many tests. Benjamini-Hochberg holds where tests agree with
        each other, as those of overlapping neighbourhoods do; Benjamini-Yekutieli always.
    alpha
        An area is a finding if its adjusted p-value is at most this: on average at most this
        share of findings is chance.
    threads
        How many blocks of random orders run side by side; the result is the same for any number.

    Returns
    -------
    Hotspots
        p-values are two-sided: twice the smaller tail, with ties in both, at most 1; for join
        counts the upper tail. Where values are whole numbers and neighbours count alike they are
        exact, whatever `permutations` says.

    Raises
    ------
    TableError
        If codes of a series are not those of the neighbours, or a value is infinite (minutes to
        what is out of reach are no value), with every fault.
    ValueError
        If an option is not one of those allowed.

    Notes
    -----
    The areas left out for want of a value are no part of the comparison: means, variances and
    weights are of the rest. A low sum that is common, such as no case around an area when cases
    are rare, is no cold spot, as ties count towards both tails.

    References
    ----------
    Caldas de Castro, M. & Singer, B. H. (2006) Controlling the false discovery rate: a new
    application to account for multiple and dependent tests in local statistics of spatial
    association. Geographical Analysis 38(2), 180-208. doi:10.1111/j.0016-7363.2006.00682.x

    Examples
    --------
    Ten areas in a row, of which the last three are high: of the 120 ways to pick three values one
    has so large a sum.

    >>> from geoengine.neighbours import from_links
    >>> at = np.arange(9)
    >>> codes = pd.Index(list("abcdefghij"), name="area_code")
    >>> row = from_links(codes, [*at, *(at + 1)], [*(at + 1), *at])
    >>> value = pd.Series([1.0, 2, 1, 0, 2, 1, 0, 9, 8, 9], index=codes)
    >>> found = find(value, row, rng=np.random.default_rng(1), alpha=0.2)
    >>> found.table.loc["i", ["lag", "expected", "z", "p", "q"]].astype(float).round(3).tolist()
    [8.667, 3.3, 2.945, 0.017, 0.167]
    >>> found.table["kind"].value_counts().to_dict()
    {'not_significant': 9, 'hot': 1}
    """
    _check_options(statistic, correction, alpha, permutations, bivariate=around is not None)
    ids = neighbours.ids
    given = aligned(ids, value=value, around=around, people=people)
    reason = words(ids, "lacking", lacking, _REASONS, other="")
    seen = words(ids, "shown", shown, {True: "true", False: "false"}, other=True).astype(bool)
    x, y = given["value"], given.get("around", given["value"])
    known = ~(np.isnan(x) | np.isnan(y)) & (reason == "")
    among = neighbours.among(known)
    among = local.with_own(among) if statistic == "gi_star" else among.without_self()
    enough = np.count_nonzero(known) >= FEWEST_AREAS
    varies = enough and all(np.ptp(local.level(values[known])) > 0 for values in (x, y))
    found = _compute(statistic, x[known], None if around is None else y[known], among)
    tails = _NO_TAILS
    if varies:
        tails = _chance(
            statistic, found, x[known], y[known], among, permutations, rng, threads
        )  # fmt: skip

    columns = {"neighbours": _spread(found.neighbours, known, 0)}
    for name in ("lag", "expected", "statistic", "z"):
        columns[name] = _spread(getattr(found, name), known, np.nan)
    tested = known & varies & seen & (columns["neighbours"] > 0)
    if statistic == "join_count":
        tested &= x == 1
    chance = tails.high if statistic == "join_count" else tails.both
    p = never_zero(np.where(tested, _spread(chance, known, np.nan), np.nan))
    q = CORRECTIONS[correction](p)
    side = np.where(q <= alpha, _spread(np.sign(tails.low - tails.high), known, 0), 0)
    middle = x[known].mean() if enough else np.nan
    states = {
        **{state: reason == state for state in LACKING},
        "unknown": ~known,
        "no_network": ids.isin(neighbours.off_network),
        "no_neighbours": ids.isin(neighbours.islands),
        "no_variation": enough and not varies,
        "not_enough_data": (columns["neighbours"] == 0) | (not enough),
        "absent": ~tested & seen,
    }
    kind = np.select(
        [np.broadcast_to(state, len(ids)) for state in states.values()],
        list(states),
        _classes(statistic, side, np.sign(x - middle)),
    )
    table = pd.DataFrame(
        {"value": np.where(reason == "", x, np.nan), **columns, "p": p, "q": q, "kind": kind},
        index=ids.rename("area_code"),
    )
    if people is not None:
        table["people"] = given["people"]
    seed = str(getattr(rng.bit_generator.seed_seq, "entropy", ""))
    card = Card(
        statistic=_STATISTICS[statistic][0] if around is None else "bivariate local Moran's I",
        weights=neighbours.made,
        chance=tails.how,
        areas=int(seen.sum()),
        tests=int(tested.sum()),
        correction=correction,
        alpha=alpha,
        seed=seed if tails.least_p else "",
        left_out=count_left_out(table["kind"][seen]),
        least_p=tails.least_p,
    )
    return Hotspots(table[seen], neighbours.among(seen), card)


_REASONS: dict[object, str] = {"": "empty", **{why: f"'{why}'" for why in LACKING}}
_NO_TAILS = Tails(np.empty(0), np.empty(0), "no test")


def _compute(
    statistic: Statistic, x: FloatArray, around: FloatArray | None, among: Neighbours
) -> Local:
    if around is not None:
        return local.moran(x, among, around=around)
    return _STATISTICS[statistic][1](x, among)


def _chance(
    statistic: Statistic, found: Local, x: FloatArray, y: FloatArray, among: Neighbours,
    permutations: int, rng: np.random.Generator, threads: int,
) -> Tails:  # fmt: skip
    if permutations == 0:
        z = np.where(found.variance > 0, found.z, np.nan)
        low, high = (np.where(np.isnan(z), 1.0, ndtr(sign * z)) for sign in (1, -1))
        return Tails(low, high, "the normal distribution")
    stays = statistic != "gi_star"
    own = local.level(x) if statistic == "local_geary" else None
    counted = count_ways(y, among, stays=stays) if own is None else None
    return counted or shuffle(
        local.level(y), among, permutations=permutations, rng=rng, own=own, stays=stays,
        threads=threads,
    )  # fmt: skip


def _classes(statistic: Statistic, side: FloatArray, own: FloatArray) -> NDArray[np.str_]:
    """Name each area by the side chance puts it on (0: neither) and that of its own value."""
    names = {"local_geary": ("unlike", "alike")}.get(statistic, ("hot", "cold"))
    if statistic != "local_moran":
        return np.select([side > 0, side < 0], list(names), "not_significant")
    moran = {
        "high_high": (own > 0) & (side > 0),
        "low_low": (own < 0) & (side < 0),
        "high_low": (own > 0) & (side < 0),
        "low_high": (own < 0) & (side > 0),
    }
    return np.select(list(moran.values()), list(moran), "not_significant")


def _spread(part: NDArray[np.generic], known: BoolArray, missing: float) -> FloatArray:
    """Put what was computed for the known areas in the place of all."""
    whole = np.full(len(known), missing, dtype=part.dtype)
    if len(part):
        whole[known] = part
    return whole


def _check_options(
    statistic: str, correction: str, alpha: float, permutations: int, *, bivariate: bool
) -> None:
    for name, given, allowed in (
        ("statistic", statistic, _STATISTICS), ("correction", correction, CORRECTIONS),
    ):  # fmt: skip
        if given not in allowed:
            raise ValueError(f"{name} must be one of {', '.join(allowed)}, not '{given}'")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be above 0 and below 1, not {alpha}")
    if permutations < 0:
        raise ValueError(f"permutations must be at least 0, not {permutations}")
    if bivariate and statistic != "local_moran":
        raise ValueError(f"only local_moran compares with another value, not {statistic}")
