"""Hot and cold spots through time: new, lasting, fading or gone, by Esri's seventeen patterns."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from geoengine.hotspots.local import LEAST_SHARE, level, with_own
from geoengine.neighbours import Neighbours
from geoengine.significance import CORRECTIONS, Correction, never_zero
from geoengine.trends import mann_kendall

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Against = Literal["cube", "step"]

MOST = 0.9
ESRI_STEPS = 10
_MEANINGS = {
    "new": "{hot} in the latest period, and never before",
    "consecutive": "{hot} without a break in the latest periods, and never before them",
    "intensifying": "{hot} in nine periods of ten and in the latest, and ever more so",
    "persistent": "{hot} in nine periods of ten, with no trend",
    "diminishing": "{hot} in nine periods of ten and in the latest, but ever less so",
    "sporadic": "{hot} in the latest period, and on and off before; never {cold}",
    "oscillating": "{hot} in the latest period, and {cold} in an earlier one",
    "historical": "{hot} in nine periods of ten, but not in the latest",
}
PATTERNS = {
    f"{pattern}_{side}": meaning.format(hot=side, cold=other)
    for side, other in (("hot", "cold"), ("cold", "hot"))
    for pattern, meaning in _MEANINGS.items()
} | {"no_pattern": "none of the patterns of hot and cold spots"}
"""The seventeen patterns, with what each means."""


@dataclass(frozen=True, eq=False)
class Emerging:
    """
    The pattern of each area, and what it rests on.

    Parameters
    ----------
    areas
        By area code: `kind`, a key of `PATTERNS` or, where the latest period cannot be compared,
        why: one of `kinds.LACKING`, "unknown", "no_network", "no_neighbours", "no_variation" or
        "not_enough_data"; `hot` and `cold`, how many periods it was; `periods` known; `tau` and
        `p` of its trend.
    z
        Space-time Gi* of each area and period, shape (areas, periods); NaN where the value is
        unknown or no neighbour's is known.
    q
        Its p-value, adjusted for all areas and periods together; never 0.
    tests
        How many areas and periods were tested together.
    warning
        What a short series cannot tell, as a sentence; empty where it is long enough.
    """

    areas: pd.DataFrame
    z: FloatArray
    q: FloatArray
    tests: int
    warning: str


def find(
    values: pd.DataFrame, neighbours: Neighbours,
    *, lacking: pd.Series | None = None, lag: int = 1, against: Against = "cube",
    correction: Correction = "benjamini_hochberg", alpha: float = 0.05,
) -> Emerging:  # fmt: skip
    """
    Tell the history of hot and cold spots, as ArcGIS Pro 3's Emerging Hot Spot Analysis does.

    Each area and period is compared with all by Gi*, over its neighbours now and in the periods
    just before. Those that stand out after adjustment for many tests are hot or cold. The trend
    is that of each area's z-scores, by Mann and Kendall, exactly.

    Parameters
    ----------
    values
        By area code in the order of the neighbours, one column a period, in order of time;
        missing where unknown or suppressed.
    neighbours
        Who neighbours whom; each area counts among its own, as in `local.gi_star`.
    lacking
        Why areas have no value in the latest period, by area code in the same order: one of
        `kinds.LACKING`, or "".
    lag
        How many periods before count as near.
    against
        Whether an area is compared with all areas in all periods ("cube", as by default there) or
        in its own period ("step").
    correction
        How the p-values of all areas and periods are adjusted together; Esri's is
        Benjamini-Hochberg's. Trends are not adjusted.
    alpha
        Level of both tests. Esri's text does not name the one it calls significant.

    Raises
    ------
    ValueError
        If the areas are not those of the neighbours, a value is infinite, `lag` is negative, or
        there is no such correction.

    Notes
    -----
    Where Esri's definitions overlap, the first of its list holds. "Persistent" is taken to include
    the latest period, as else the spot is "historical"; and what an area is goes before what it
    was.

    One thing differs from Esri's: trends are tested on z-scores of each period alone. With a lag,
    z-scores share values with the one before, and the test finds a trend in up to one in seven
    areas without any where it should in one of twenty.

    References
    ----------
    Esri, How Emerging Hot Spot Analysis works, ArcGIS Pro 3.x, tool reference, space time pattern
    mining; its text as of 3.2.

    Examples
    --------
    The right end of a row of eight areas turns high in the latest of ten terms.

    >>> from geoengine.neighbours import from_links
    >>> here = np.arange(7)
    >>> row = from_links(list("abcdefgh"), np.r_[here, here + 1], np.r_[here + 1, here])
    >>> terms = np.tile([5.0, 6, 5, 6, 5, 6, 5, 6], (10, 1)).T
    >>> terms[6:, 9] = 20
    >>> found = find(pd.DataFrame(terms, index=row.ids), row, lag=0)
    >>> found.areas["kind"].tolist()[-2:]
    ['new_hot', 'new_hot']
    """
    if not values.index.equals(neighbours.ids):
        raise ValueError("values must be of the neighbours' areas, in the same order")
    if correction not in CORRECTIONS:
        raise ValueError(f"correction must be one of {', '.join(CORRECTIONS)}, not '{correction}'")
    table = values.to_numpy(dtype=float)
    z = space_time_z(table, neighbours, lag=lag, against=against)
    p = never_zero(2 * special.ndtr(-np.abs(z)))
    q = CORRECTIONS[correction](p.ravel()).reshape(z.shape)
    trend = mann_kendall(space_time_z(table, neighbours, lag=0, against=against))
    told = trend.p <= alpha
    hot, cold = (q <= alpha) & (z > 0), (q <= alpha) & (z < 0)
    rising = np.where(told, np.sign(trend.s), 0)
    periods = np.isfinite(z).sum(axis=1)
    kind = classify(hot, cold, rising, periods)
    untested = np.isnan(z[:, -1])
    kind[untested] = _why(table, neighbours, lacking, against)[untested]
    areas = pd.DataFrame(
        {
            "kind": kind,
            "hot": hot.sum(axis=1),
            "cold": cold.sum(axis=1),
            "periods": periods,
            "tau": trend.tau,
            "p": trend.p,
        },
        index=values.index,
    )
    return Emerging(areas, z, q, int(np.isfinite(z).sum()), _warning(table.shape[1], alpha))


def space_time_z(
    values: ArrayLike, neighbours: Neighbours, *, lag: int = 1, against: Against = "cube"
) -> FloatArray:
    """
    Return the space-time Gi* of each area and period, as a z-score.

    Parameters
    ----------
    values
        Shape (areas, periods), in order of time; NaN where unknown: it counts for nothing.
    neighbours, lag, against
        As for `find`.

    Returns
    -------
    numpy.ndarray
        Shape (areas, periods); NaN where the value is unknown, no neighbour's is known, or all
        that it is compared with are equal.

    Raises
    ------
    ValueError
        As for `find`.
    """
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or len(table) != len(neighbours):
        raise ValueError(
            f"values must have shape ({len(neighbours)}, periods), but have {table.shape}"
        )
    if np.isinf(table).any():
        raise ValueError("values must be finite, or NaN where unknown")
    if lag < 0:
        raise ValueError(f"lag must be at least 0, not {lag}")
    known = np.isfinite(table)
    over = None if against == "cube" else 0
    count = known.sum(axis=over, keepdims=True)
    middle = table[known].mean() if known.any() else 0.0
    apart = np.where(known, table - middle, 0.0)
    own, others = with_own(neighbours).matrix(), neighbours.without_self().matrix()
    total, weight, square, near = (
        _recent(part, lag)
        for part in (own @ apart, own @ known, own.power(2) @ known, others @ known)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = apart.sum(axis=over, keepdims=True) / count
        spread = np.where(known, (apart - mean) ** 2, 0.0).sum(axis=over, keepdims=True) / count
        error = np.sqrt(spread * (count * square - weight**2) / (count - 1))
        z = np.asarray((total - mean * weight) / error)
    varies = spread > (LEAST_SHARE * (np.abs(middle) + np.abs(apart).max(initial=0.0))) ** 2
    return np.where(known & varies & (near > 0) & (error > 0), z, np.nan)


def classify(
    hot: BoolArray, cold: BoolArray, rising: ArrayLike, periods: ArrayLike
) -> NDArray[np.str_]:
    """
    Name the pattern of each area's history.

    Parameters
    ----------
    hot, cold
        Whether each period was, shape (areas, periods), in order of time.
    rising
        1 where z-scores rise more than chance explains, -1 where they fall so, else 0; shape
        (areas,).
    periods
        How many periods are known, shape (areas,).

    Returns
    -------
    numpy.ndarray
        Keys of `PATTERNS`, shape (areas,).

    Examples
    --------
    >>> hot = np.array([[1, 0, 0, 1], [0, 0, 1, 1], [1, 1, 1, 0]], dtype=bool)
    >>> classify(hot, ~hot & False, [0, 0, 0], [4, 4, 4]).tolist()
    ['sporadic_hot', 'consecutive_hot', 'no_pattern']
    """
    rising, periods = np.asarray(rising), np.asarray(periods)
    conditions: dict[str, BoolArray] = {}
    for side, spot, other, more in (("hot", hot, cold, rising), ("cold", cold, hot, -rising)):
        times, last = spot.sum(axis=1), spot[:, -1]
        run = np.where(spot.all(axis=1), spot.shape[1], np.argmin(spot[:, ::-1], axis=1))
        most = times >= MOST * periods - 1e-9
        seldom = last & ~most
        ever_other = other.any(axis=1)
        conditions |= {
            f"new_{side}": last & (times == 1),
            f"consecutive_{side}": seldom & (run >= 2) & (times == run),
            f"intensifying_{side}": most & last & (more > 0),
            f"diminishing_{side}": most & last & (more < 0),
            f"persistent_{side}": most & last & (more == 0),
            f"sporadic_{side}": seldom & ~ever_other,
            f"oscillating_{side}": seldom & ever_other,
        }
    for side, spot in (("hot", hot), ("cold", cold)):
        times = spot.sum(axis=1)
        conditions[f"historical_{side}"] = (
            (times > 0) & (times >= MOST * periods - 1e-9) & ~spot[:, -1]
        )
    return np.select(list(conditions.values()), list(conditions), "no_pattern")


def _why(
    table: FloatArray, neighbours: Neighbours, lacking: pd.Series | None, against: Against
) -> NDArray[np.object_]:
    """Say why an area cannot be compared in the latest period."""
    ids, now = neighbours.ids, table[:, -1]
    why = np.full(len(ids), "", dtype=object) if lacking is None else lacking.to_numpy(dtype=object)
    compared = table if against == "cube" else now
    known = compared[np.isfinite(compared)]
    alike = np.full(len(ids), len(known) > 1 and np.ptp(level(known)) == 0)
    off, alone = ids.isin(neighbours.off_network), ids.isin(neighbours.islands)
    return np.select(
        [why != "", np.isnan(now), off, alone, alike],
        [why, "unknown", "no_network", "no_neighbours", "no_variation"],
        "not_enough_data",
    )


def _recent(amount: FloatArray, lag: int) -> FloatArray:
    """Add up each period and those just before it."""
    total = np.array(amount, dtype=float)
    for back in range(1, min(lag, amount.shape[1] - 1) + 1):
        total[:, back:] += amount[:, :-back]
    return total


def _warning(periods: int, alpha: float) -> str:
    if periods >= ESRI_STEPS:
        return ""
    least = mann_kendall([range(periods)]).least_p[0]
    trend = (
        "only a steady trend can be told"
        if least <= alpha
        else f"no trend can be told, as even a rise all along has p = {least:.2g}"
    )
    return f"There are {periods} periods, fewer than the {ESRI_STEPS} that Esri asks for; {trend}."
