"""Where more happens than anywhere chance would put it: Kulldorff's scan statistic."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geoengine.hotspots.windows import BoolArray, FloatArray, LongArray, Windows
from geoengine.significance import never_zero

Model = Literal["poisson", "bernoulli"]
Direction = Literal["high", "low", "both"]
Drawn = NDArray[np.uint16] | NDArray[np.int32]

REPLICATES_A_STRIP = 256
LEAST_CASES = 2
LEAST_RATIO = 1e-9
"""What is a smaller logarithm than this is a rounding error."""
NEARLY = 1 - 1e-9
KINDS = ("uint16", "int32")
SIDES = {"low": -1, "both": 0, "high": 1}
MOST_CASES = 2**24


@dataclass(frozen=True, eq=False)
class Cluster:
    """
    A window where more happens, or less, than elsewhere.

    Parameters
    ----------
    centre
        Position of the area at its centre.
    members
        Positions of its areas, nearest to the centre first; those left out are not among them.
    reach
        How far the last member is from the centre, in the unit of the windows.
    people, cases, expected
        Within it; expected if the rate were the same everywhere.
    ratio
        Cases for each expected.
    relative_risk
        The rate within for each of the rate outside; inf where nothing happens outside.
    llr
        Log-likelihood ratio.
    p
        Share of the replicates, the data among them, whose greatest ratio is as great.
    p_gumbel
        The same from a Gumbel distribution with the mean and variance of the replicates: it goes
        on below one in the number of replicates. NaN without replicates that differ.
    """

    centre: int
    members: LongArray
    reach: float
    people: float
    cases: int
    expected: float
    ratio: float
    relative_risk: float
    llr: float
    p: float
    p_gumbel: float


@dataclass(frozen=True, eq=False)
class Scan:
    """
    What a scan found.

    Parameters
    ----------
    clusters
        Most likely first; no area is in two. All but the first are measured against the greatest
        ratio anywhere, which makes their p too great rather than too small. Of these, none
        is listed that every replicate outdoes.
    greatest
        The greatest ratio of each replicate, shape (replicates,).
    left_out
        Positions of areas whose cases or people are unknown.
    too_large
        Positions of areas that hold more than the greatest share alone: no window has them as
        its centre.
    """

    clusters: tuple[Cluster, ...]
    greatest: FloatArray
    left_out: LongArray
    too_large: LongArray


def find(
    cases: ArrayLike, people: ArrayLike, windows: Windows, *, rng: np.random.Generator,
    model: Model = "poisson", direction: Direction = "high", replicates: int = 999,
    threads: int = 2,
) -> Scan:  # fmt: skip
    """
    Find the windows least likely to be chance, and how often chance does as well anywhere.

    Parameters
    ----------
    cases
        Events of each area, whole numbers, shape (areas,); NaN where unknown or suppressed.
    people
        For "poisson" the people they happen among, or the events expected of them by age and sex;
        for "bernoulli" the people of whom cases are some. Shape (areas,); NaN where unknown.
    windows
        Which areas to look at together.
    rng
        Draws the replicates; the result depends on it and on nothing else.
    model
        "poisson" for events that are rare or can befall a person twice; "bernoulli" for people
        who share something.
    direction
        Whether to look for more cases, fewer, or both. A window of "high" holds at least two.
    replicates
        How often chance is asked, given the number of all cases; 999 makes p at least 0.001.
    threads
        How many run side by side; the result is the same for any number.

    Returns
    -------
    Scan
        Empty where nothing happens, or happens to everybody.

    Raises
    ------
    ValueError
        If shapes disagree, numbers are negative or not whole, cases happen where nobody lives
        or, for "bernoulli", to more people than live there; or there is no such model.

    References
    ----------
    Kulldorff, M. (1997) A spatial scan statistic. Communications in Statistics: Theory and
    Methods 26(6), 1481-1496. Abrams, A. M., Kleinman, K. & Kulldorff, M. (2010) Gumbel based
    p-value approximations for spatial scan statistics. International Journal of Health
    Geographics 9, 61.

    Examples
    --------
    Six villages in a row; the cases are in the first two.

    >>> from geoengine.hotspots.windows import circles
    >>> people = np.full(6, 100.0)
    >>> row = circles(np.arange(6), np.zeros(6), people)
    >>> found = find([9, 11, 1, 0, 2, 1], people, row, rng=np.random.default_rng(1))
    >>> [cluster.members.tolist() for cluster in found.clusters if cluster.p < 0.05]
    [[0, 1]]
    """
    if model not in get_args(Model) or direction not in SIDES:
        raise ValueError(f"there is no scan for {model!r} cases in direction {direction!r}")
    events, among, left_out = _checked(cases, people, windows, model)
    greatest: FloatArray = np.empty(0)
    total, everybody = int(events.sum()), among.sum()
    size = np.diff(windows.first)
    known = np.ones(len(among), dtype=bool)
    known[left_out] = False
    too_large = np.flatnonzero((size == 0) & known)
    if not 0 < total < (everybody if model == "bernoulli" else np.inf):
        return Scan((), greatest, left_out, too_large)
    side = SIDES[direction]
    others = everybody - total if model == "bernoulli" else 0.0
    llr, end = _best_by_centre(
        windows.first, windows.area, windows.closes, events.astype(np.float64), among, others, side
    )

    def strip(drawn: Drawn) -> FloatArray:
        return _best_by_replicate(
            windows.first, windows.area, windows.closes, drawn, among, float(total), others, side
        )

    strips = _draw(total, among, model, replicates, rng)
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        greatest = np.concatenate([*pool.map(strip, strips), greatest])[:replicates]
    clusters: list[Cluster] = []
    taken = ~known
    for centre in np.lexsort((np.arange(len(llr)), -llr)).tolist():
        if llr[centre] < LEAST_RATIO:
            break
        rows = slice(windows.first[centre], end[centre] + 1)
        order = np.lexsort((windows.area[rows], windows.reach[rows]))
        members = windows.area[rows][order].astype(np.int64)
        members = members[known[members]]
        if not taken[members].any():
            taken[members] = True
            reach = float(windows.reach[end[centre]])
            found = _cluster(centre, members, reach, events, among, float(llr[centre]), greatest)
            if clusters and replicates and found.p == 1:
                break
            clusters.append(found)
    return Scan(tuple(clusters), greatest, left_out, too_large)


def sentence(
    cluster: Cluster, names: Sequence[str], unit: Literal["m", "s"], *, event: str = "cases"
) -> str:
    """
    Say in one sentence what a cluster is.

    Parameters
    ----------
    cluster
        What was found.
    names
        Name of each area.
    unit
        The windows' unit.
    event
        What was counted, in the plural.

    Examples
    --------
    >>> one = Cluster(0, np.array([0, 1, 2]), 600.0, 500.0, 30, 12.0, 2.5, 3.0, 8.0, 0.004, 0.003)
    >>> sentence(one, ["Hythe", "Quay", "Mill"], "s", event="referrals")
    '3 areas within 10 minutes of Hythe have 30 referrals where 12.0 would be expected, \
2.5 times as many (p = 0.004).'
    """
    count, centre = len(cluster.members), names[cluster.centre]
    far = cluster.reach / 60 if unit == "s" else cluster.reach / 1000
    distance = f"{far:.0f} minutes" if unit == "s" else f"{far:.1f} km"
    where = centre if count == 1 else f"{count} areas within {distance} of {centre}"
    return (
        f"{where} {'has' if count == 1 else 'have'} {cluster.cases:,} {event} where "
        f"{cluster.expected:,.1f} would be expected, {cluster.ratio:.1f} times as many "
        f"(p = {_told(cluster.p)})."
    )


def _told(p: float) -> str:
    if p < 0.001:
        return f"{p:.2g}"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def _checked(
    cases: ArrayLike, people: ArrayLike, windows: Windows, model: Model
) -> tuple[NDArray[np.int64], FloatArray, LongArray]:
    events, among = np.array(cases, dtype=float), np.array(people, dtype=float)
    if not len(windows.first) - 1 == len(events) == len(among):
        raise ValueError(
            f"there are {len(events)} counts of cases and {len(among)} of people, "
            f"but windows around {len(windows.first) - 1} areas"
        )
    known = ~(np.isnan(events) | np.isnan(among))
    events[~known], among[~known] = 0, 0
    faults = {
        "cases must be whole numbers of at least 0": (events < 0) | (events != np.floor(events)),
        "people must be finite and at least 0": (among < 0) | np.isinf(among),
        "cases happen where there are no people": (events > 0) & (among == 0),
    }
    if model == "bernoulli":
        faults["people must be whole numbers"] = among != np.floor(among)
        faults["there are more cases than people"] = events > among
    told = [f"{what} (area {np.flatnonzero(bad)[0]})" for what, bad in faults.items() if bad.any()]
    if told:
        raise ValueError("; ".join(told))
    if events.sum() > MOST_CASES:
        raise ValueError(f"there are {events.sum():,.0f} cases; at most {MOST_CASES:,} are scanned")
    return events.astype(np.int64), among, np.flatnonzero(~known)


def _cluster(
    centre: int, members: LongArray, reach: float, events: NDArray[np.int64], among: FloatArray,
    llr: float, greatest: FloatArray,
) -> Cluster:  # fmt: skip
    cases, people = int(events[members].sum()), float(among[members].sum())
    total, everybody = int(events.sum()), float(among.sum())
    expected = total * people / everybody
    outside = (total - cases) / (total - expected) if expected < total else 0.0
    ratio = cases / expected
    return Cluster(
        centre, members, reach, people, cases, expected, ratio,
        ratio / outside if outside > 0 else float("inf"), llr,
        float((1 + (greatest >= llr * NEARLY).sum()) / (1 + len(greatest))),
        _gumbel(llr, greatest),
    )  # fmt: skip


def _gumbel(llr: float, greatest: FloatArray) -> float:
    spread = greatest.std(ddof=1) if len(greatest) > 1 else 0.0
    if not spread > 0:
        return float("nan")
    scale = spread * np.sqrt(6) / np.pi
    above = (llr - greatest.mean()) / scale + np.euler_gamma
    return float(never_zero(-np.expm1(-np.exp(-above))))


def _draw(
    total: int, among: FloatArray, model: Model, replicates: int, rng: np.random.Generator
) -> list[Drawn]:
    """Draw cases by area, so many replicates at a time; those over in the last are empty."""
    kind = np.uint16 if total <= np.iinfo(np.uint16).max else np.int32
    share = among / among.sum()
    strips: list[Drawn] = []
    for start in range(0, replicates, REPLICATES_A_STRIP):
        rows = min(REPLICATES_A_STRIP, replicates - start)
        drawn = np.zeros((len(among), REPLICATES_A_STRIP), dtype=kind)
        if model == "bernoulli":
            part = rng.multivariate_hypergeometric(among.astype(np.int64), total, rows, "marginals")
        else:
            part = rng.multinomial(total, share, rows)
        drawn[:, :rows] = part.T
        strips.append(drawn)
    return strips


@njit("float64(float64, float64, float64)", cache=True, nogil=True)
def _gain(seen: float, expected: float, total: float) -> float:
    """Return how much likelier a split of a total is than the expected one, as a logarithm."""
    gain = 0.0
    if seen > 0:
        gain += seen * np.log(seen / expected)
    if total > seen:
        gain += (total - seen) * np.log((total - seen) / (total - expected))
    return gain


@njit("float64(float64, float64, float64, float64, float64, int64)", cache=True, nogil=True)
def _ratio(
    cases: float, people: float, total: float, everybody: float, others: float, side: int
) -> float:
    """
    Return the log-likelihood ratio of a window, 0 where it is not on the side looked for.

    `others` are all who are no case, 0 where cases are not people.
    """
    if not 0 < people < everybody:
        return 0.0
    expected = people * total / everybody
    high = cases > expected
    if (high and (side < 0 or cases < LEAST_CASES)) or (not high and side > 0):
        return 0.0
    ratio = _gain(cases, expected, total)
    if others > 0:
        ratio += _gain(people - cases, people - expected, others)
    return ratio


@njit(
    "Tuple((float64[::1], int64[::1]))(int64[::1], int32[::1], boolean[::1], float64[::1],"
    " float64[::1], float64, int64)",
    cache=True,
    nogil=True,
)
def _best_by_centre(
    first: LongArray, area: NDArray[np.int32], closes: BoolArray, events: FloatArray,
    among: FloatArray, others: float, side: int,
) -> tuple[FloatArray, LongArray]:  # fmt: skip
    """Return the best ratio around each centre, and the last pair of its window."""
    centres = len(first) - 1
    best, end = np.zeros(centres), np.full(centres, -1, np.int64)
    total, everybody = events.sum(), among.sum()
    for i in range(centres):
        cases = people = 0.0
        for pair in range(first[i], first[i + 1]):
            cases += events[area[pair]]
            people += among[area[pair]]
            if closes[pair]:
                ratio = _ratio(cases, people, total, everybody, others, side)
                if ratio > best[i]:
                    best[i], end[i] = ratio, pair
    return best, end


@njit(
    [
        f"boolean(float32[::1], {kind}[::1], float32, float32, float32[::1], int64)"
        for kind in KINDS
    ],
    cache=True,
    nogil=True,
    inline="always",
)
def _add(
    cases: NDArray[np.float32], row: Drawn, level: np.float32, step: np.float32,
    root: NDArray[np.float32], side: int,
) -> bool:  # fmt: skip
    """Add an area to every replicate, and say whether one may now be better than its best."""
    promising = False
    if side > 0:
        for r in range(REPLICATES_A_STRIP):
            cases[r] += np.float32(row[r])
            promising |= cases[r] - level > step * root[r]
    elif side < 0:
        for r in range(REPLICATES_A_STRIP):
            cases[r] += np.float32(row[r])
            promising |= level - cases[r] > step * root[r]
    else:
        for r in range(REPLICATES_A_STRIP):
            cases[r] += np.float32(row[r])
            promising |= abs(cases[r] - level) > step * root[r]
    return promising


@njit(
    [
        f"float64[::1](int64[::1], int32[::1], boolean[::1], {kind}[:, ::1], float64[::1], float64,"
        " float64, int64)"
        for kind in KINDS
    ],
    cache=True,
    nogil=True,
)
def _best_by_replicate(
    first: LongArray, area: NDArray[np.int32], closes: BoolArray, drawn: Drawn,
    among: FloatArray, total: float, others: float, side: int,
) -> FloatArray:  # fmt: skip
    """
    Return the greatest ratio of each replicate.

    With d = cases - expected e, a window's ratio is e h(d/e) + (C - e) h(-d/(C - e)), where
    h(x) = (1 + x) log(1 + x) - x, at most x²/2 for x > 0 and x² for x < 0. So d² times `steep`
    bounds it, and logarithms are taken only of windows that may be better than the best so far.
    The bound is compared in single precision, with slack for its rounding.
    """
    best = np.zeros(REPLICATES_A_STRIP)
    root = np.zeros(REPLICATES_A_STRIP, np.float32)
    cases = np.empty(REPLICATES_A_STRIP, np.float32)
    everybody = among.sum()
    over, under = (1.0 if side >= 0 else 0.5), (1.0 if side <= 0 else 0.5)
    for i in range(len(first) - 1):
        cases[:] = 0
        people = 0.0
        for pair in range(first[i], first[i + 1]):
            people += among[area[pair]]
            expected = people * total / everybody
            within = 0 < people < everybody
            steep = under / expected + over / (total - expected) if within else np.inf
            if others > 0 and within:
                well = people - expected
                steep += over / well + under / (others - well)
            level = np.float32(expected)
            step = np.float32(0.9999 / np.sqrt(steep))
            if not _add(cases, drawn[area[pair]], level, step, root, side) or not closes[pair]:
                continue
            for r in range(REPLICATES_A_STRIP):
                if abs(cases[r] - level) > step * root[r]:
                    ratio = _ratio(float(cases[r]), people, total, everybody, others, side)
                    if ratio > best[r]:
                        best[r] = ratio
                        root[r] = np.float32(np.sqrt(ratio))
    return best
