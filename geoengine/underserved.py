"""Where need is high and access poor: which areas, for how many people, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.travel_times import Nearest

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STATUSES = ("underserved", "reached", "not_deprived", "not_covered", "unknown")
CURVE_MIN = tuple(range(61))


@dataclass(frozen=True)
class Rule:
    """
    When an area is underserved, in the words of the study.

    Parameters
    ----------
    deciles
        Deprivation deciles that count as deprived (1 = most deprived tenth of the nation).
    cutoff_s
        Longest acceptable time, seconds, inclusive.
    share
        An area is underserved when more than this share of its people live beyond the cut-off.
    people
        Who they are: "children under 5".
    service, plural
        What they need: "nursery", "nurseries".
    journey
        How they travel: "walk".
    """

    deciles: tuple[int, ...] = (1, 2)
    cutoff_s: float = 900.0
    share: float = 0.25
    people: str = "children under 5"
    service: str = "nursery"
    plural: str = "nurseries"
    journey: str = "walk"

    @property
    def limit(self) -> str:
        """The cut-off in words: "15 minutes' walk"."""
        minutes = self.cutoff_s / 60
        return f"{minutes:g} {'minute’s' if minutes == 1 else 'minutes’'} {self.journey}"


@dataclass(frozen=True, eq=False)
class Reach:
    """
    What each origin can reach.

    Parameters
    ----------
    nearest
        The nearest eligible provision of each origin.
    uncertain
        Origins whose nearest provision may lie where the street map does not reach, shape
        (origins,): there is an eligible one off the network within the cut-off as the crow flies.
    places_per_person
        Places in reach shared among those who can reach them, shape (origins,).
    """

    nearest: Nearest
    uncertain: BoolArray
    places_per_person: FloatArray


def nearest_off_m(
    x_m: FloatArray, y_m: FloatArray, off_x_m: FloatArray, off_y_m: FloatArray
) -> FloatArray:
    """
    Measure how far it is, as the crow flies, to what the street map does not cover.

    Parameters
    ----------
    x_m, y_m
        Origins, metres, shape (origins,).
    off_x_m, off_y_m
        Eligible provisions that could not be joined to the network, metres, shape (provisions,).

    Returns
    -------
    numpy.ndarray
        Metres to the nearest of them, shape (origins,); infinite where there is none.
    """
    if len(off_x_m) == 0:
        return np.full(len(x_m), np.inf)
    from scipy.spatial import KDTree

    distance, _ = KDTree(np.column_stack((off_x_m, off_y_m))).query(np.column_stack((x_m, y_m)))
    return np.asarray(distance, dtype=float)


def uncertain_origins(
    x_m: FloatArray, y_m: FloatArray, off_x_m: FloatArray, off_y_m: FloatArray, *, reach_m: float
) -> BoolArray:
    """
    Find origins that could reach a provision that the street map does not cover.

    Parameters
    ----------
    x_m, y_m, off_x_m, off_y_m
        As of `nearest_off_m`.
    reach_m
        The furthest that anybody gets within the cut-off.

    Examples
    --------
    >>> uncertain_origins(np.array([0.0, 900.0]), np.zeros(2), np.array([-1000.0]), np.zeros(1),
    ...                   reach_m=1200)
    array([ True, False])
    """
    return nearest_off_m(x_m, y_m, off_x_m, off_y_m) <= reach_m


def judge(
    areas: pd.DataFrame,
    origins: pd.DataFrame,
    reach: Reach,
    provisions: pd.DataFrame,
    rule: Rule,
) -> pd.DataFrame:
    """
    Say of every area whether it is underserved, for how many people, and why.

    Parameters
    ----------
    areas
        Index `area_code`; `name`, `decile` (NaN where unknown), `rank` and `people` (NaN where
        unknown).
    origins
        `tables.ORIGINS`.
    reach
        What each origin reaches.
    provisions
        The eligible provisions in the order of `reach`: index `provision_id`, `name`, `abroad`
        (whether it lies outside the authority).
    rule
        When an area is underserved.

    Returns
    -------
    pandas.DataFrame
        Index `area_code`; `status` (one of `STATUSES`), `decile`, `rank`, `children`,
        `children_beyond` (beyond the cut-off for certain), `children_unknown` (without network or
        uncertain), `share_beyond` (of those known; NaN for none), `minutes_median` and
        `minutes_worst` (NaN where `minutes_state` or `worst_state` is not "measured" but
        "unreachable" or "not covered"), `nearest_id`, `nearest_name` (of the most
        people), `places_per_100` (NaN where unknown), `coverage` (share of people on the
        network) and `sentence`. Underserved areas first, those with most people beyond the
        cut-off leading.

    Notes
    -----
    People at origins without network, or uncertain ones not reached, are neither within nor
    beyond. An area is underserved if it would be even were all of them reached; reached if it
    would be even were none; otherwise the street map does not cover enough of it to say.
    """
    return tabulate(lines(areas, origins, reach, provisions, rule))


def lines(
    areas: pd.DataFrame,
    origins: pd.DataFrame,
    reach: Reach,
    provisions: pd.DataFrame,
    rule: Rule,
) -> list[dict[str, Any]]:
    """Do as `judge` does, and return a line for each area in the order of the areas."""
    homes = _Homes.of(origins, reach, rule)
    area = areas.index.get_indexer(pd.Index(origins["area_code"]))
    order = np.argsort(area, kind="stable")
    bounds = np.searchsorted(area[order], np.arange(len(areas) + 1))
    return [
        _line(code, row, homes.only(order[bounds[at] : bounds[at + 1]]), provisions, rule)
        for at, (code, row) in enumerate(zip(areas.index, areas.to_dict("records"), strict=True))
    ]


def tabulate(judged_lines: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the lines of areas as the table of `judge`, in its order."""
    judged = pd.DataFrame(judged_lines).set_index("area_code")
    rank = judged["status"].map({status: at for at, status in enumerate(STATUSES)})
    order = np.lexsort((judged.index, -judged["children_beyond"].fillna(-1), rank))
    return judged.iloc[order]


@dataclass(frozen=True, eq=False)
class _Homes:
    """The origins of an area, field by field."""

    people: FloatArray
    seconds: FloatArray
    provision: NDArray[np.int32]
    places: FloatArray
    known: BoolArray
    beyond: BoolArray

    @classmethod
    def of(cls, origins: pd.DataFrame, reach: Reach, rule: Rule) -> "_Homes":
        """Return all origins: known ones are within the cut-off or beyond it for certain."""
        seconds = reach.nearest.origin_s[:, 0]
        on_network = ~np.isnan(seconds)
        within = on_network & (seconds <= rule.cutoff_s)
        known = within | (on_network & ~reach.uncertain)
        return cls(
            origins["people"].to_numpy(dtype=float), seconds,
            reach.nearest.origin_provision[:, 0], reach.places_per_person, known, known & ~within,
        )  # fmt: skip

    def only(self, rows: NDArray[np.int64]) -> "_Homes":
        """Return some of them."""
        return _Homes(*(values[rows] for values in vars(self).values()))


def _line(
    code: str, area: dict[Any, Any], here: _Homes, provisions: pd.DataFrame, rule: Rule
) -> dict[str, Any]:
    people = float(area["people"])
    line: dict[str, Any] = {
        "area_code": code,
        "name": area["name"],
        "decile": area["decile"],
        "rank": area["rank"],
        "children": people,
    }
    line.update(_measured(here, provisions) if len(here.people) else _nothing_known())
    line["status"] = _status(line, rule)
    line["sentence"] = _sentence(line, rule)
    return line


def _nothing_known() -> dict[str, Any]:
    return {
        "children_beyond": np.nan,
        "children_unknown": np.nan,
        "share_beyond": np.nan,
        "minutes_median": np.nan,
        "minutes_worst": np.nan,
        "minutes_state": "not covered",
        "worst_state": "not covered",
        "nearest_id": None,
        "nearest_name": None,
        "nearest_abroad": False,
        "places_per_100": np.nan,
        "coverage": np.nan,
    }


def _measured(here: _Homes, provisions: pd.DataFrame) -> dict[str, Any]:
    people, seconds, places = here.people, here.seconds, here.places
    weight = people if people.sum() > 0 else np.ones(len(people))
    beyond = float(people[here.beyond].sum())
    unknown = float(people[~here.known].sum())
    known = people.sum() - unknown
    on = ~np.isnan(seconds)
    median_s = _weighted_median(seconds[on], weight[on])
    living = on & (weight > 0)
    worst_s = float(seconds[living].max()) if living.any() else np.nan
    reached = here.provision >= 0
    who, which = np.unique(here.provision[reached], return_inverse=True)
    main = int(who[np.bincount(which, weights=people[reached]).argmax()]) if len(who) else -1
    counted = on & np.isfinite(places)
    return {
        "children_beyond": beyond,
        "children_unknown": unknown,
        "share_beyond": beyond / known if known > 0 else np.nan,
        "minutes_median": median_s / 60 if np.isfinite(median_s) else np.nan,
        "minutes_worst": worst_s / 60 if np.isfinite(worst_s) else np.nan,
        "minutes_state": _state(median_s, on),
        "worst_state": _state(worst_s, on),
        "nearest_id": provisions.index[main] if main >= 0 else None,
        "nearest_name": provisions["name"].iloc[main] if main >= 0 else None,
        "nearest_abroad": bool(provisions["abroad"].iloc[main]) if main >= 0 else False,
        "places_per_100": 100 * float(np.average(places[counted], weights=weight[counted]))
        if weight[counted].sum() > 0
        else np.nan,
        "coverage": float(weight[on].sum() / weight.sum()),
    }


def _state(seconds: float, on_network: BoolArray) -> str:
    if np.isfinite(seconds):
        return "measured"
    return "unreachable" if on_network.any() else "not covered"


def _weighted_median(values: FloatArray, weight: FloatArray) -> float:
    """Return the smallest value that at least half of the weight lies at or below; NaN for none."""
    if weight.sum() <= 0:
        return np.nan
    order = np.argsort(values, kind="stable")
    half = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    return float(values[order][min(int(half), len(values) - 1)])


def _status(line: dict[str, Any], rule: Rule) -> str:
    if not np.isfinite(line["children"]) or not np.isfinite(line["decile"]):
        return "unknown"
    if not np.isfinite(line["children_beyond"]) or line["coverage"] == 0:
        return "not_covered"
    people = line["children"]
    least = line["children_beyond"] / people if people > 0 else 0.0
    most = least + (line["children_unknown"] / people if people > 0 else 0.0)
    if least <= rule.share + 1e-9 < most - 1e-9:
        return "not_covered"
    if line["decile"] not in rule.deciles:
        return "not_deprived"
    return "underserved" if least > rule.share + 1e-9 else "reached"


def _sentence(line: dict[str, Any], rule: Rule) -> str:
    name, status = line["name"], line["status"]
    if not np.isfinite(line["children"]):
        return f"{name}: the population file has no figure for this area."
    if not np.isfinite(line["decile"]):
        return f"{name}: the deprivation file has no figure for this area."
    place = f"{name} (deprivation decile {line['decile']:.0f})"
    if status == "not_covered":
        return (
            f"{place}: the street map does not cover enough of this area, or of the {rule.plural} "
            f"near it, to say how its {count(line['children'])} {rule.people} are served."
        )
    beyond, people = count(line["children_beyond"]), count(line["children"])
    if line["children"] < 0.5:
        told = f"no {rule.people} live here"
    elif line["children_beyond"] < 0.5:
        told = f"all {people} {rule.people} live within {rule.limit} of a {rule.service}"
    else:
        some = f"all {people}" if beyond == people else f"{beyond} of {people}"
        told = f"{some} {rule.people} live more than {rule.limit} from a {rule.service}"
    return f"{place}: {told}{_nearest_words(line)}."


def _nearest_words(line: dict[str, Any]) -> str:
    if line["minutes_state"] == "unreachable":
        return "; for most of them there is no way to one"
    if line["nearest_name"] is None:
        return ""
    across = ", across the authority’s border," if line["nearest_abroad"] else ""
    minutes = max(1, int(line["minutes_median"] + 0.5))
    unit = "minute" if minutes == 1 else "minutes"
    return f"; the nearest to most is {line['nearest_name']}{across} at {minutes} {unit} typically"


def count(people: float) -> str:
    """
    Write a number of people as a councillor reads it.

    Examples
    --------
    >>> count(1234.4), count(0.0)
    ('1,234', '0')
    """
    return f"{int(people + 0.5):,}"


def headline(judged: pd.DataFrame, rule: Rule) -> str:
    """
    Return the finding in one sentence, without a full stop.

    Parameters
    ----------
    judged
        From `judge`.
    rule
        The rule it was judged by.
    """
    status = judged["status"].to_numpy(dtype=object)
    deprived = status[np.isin(judged["decile"].to_numpy(dtype=float), rule.deciles)]
    deprived = deprived[deprived != "unknown"]
    flagged = judged["children_beyond"].to_numpy(dtype=float)[status == "underserved"]
    if len(deprived) == 0:
        words = " or ".join(str(decile) for decile in rule.deciles)
        return f"No area here is in deprivation decile {words}"
    which = f"the {len(deprived)} most deprived areas"
    whole = which if len(deprived) > 1 else "the only deprived area here"
    far = f"live more than {rule.limit} from a {rule.service}"
    if len(flagged):
        held = f"{len(flagged)} of {which}" if len(deprived) > 1 else whole
        return f"{count(flagged.sum())} {rule.people} in {held} {far}"
    sure = int((deprived != "not_covered").sum())
    if sure == 0:
        return (
            f"The street map does not cover enough of {whole} to say how {rule.people} are served"
        )
    if sure < len(deprived):
        which = f"the {sure} of {which} that the street map covers"
        whole = f"the only one of {whole} that the street map covers"
    if sure == 1:
        return f"In {whole} no more than {rule.share:.0%} of {rule.people} {far}"
    return f"In none of {which} do more than {rule.share:.0%} of {rule.people} {far}"


Doubt = Callable[[float], BoolArray]
"""Which origins could reach, in so many minutes, a provision that the street map does not cover."""


def curve(
    origins: pd.DataFrame, reach: Reach, deprived: BoolArray, uncertain: Doubt
) -> dict[str, list[float]]:
    """
    Count the people beyond every whole number of minutes from 0 to 60.

    Parameters
    ----------
    origins
        `tables.ORIGINS`.
    reach
        What each origin reaches.
    deprived
        Whether each origin lies in a deprived area, shape (origins,).
    uncertain
        Which origins' times are in doubt, shape (origins,), for a number of minutes.

    Returns
    -------
    dict
        `minutes`, and at each `people_beyond`, `deprived_beyond`: people who for certain cannot
        reach a provision in that time. Who has no network is in neither.
    """
    people = origins["people"].to_numpy(dtype=float)
    beyond = [_sides(reach, minute, uncertain)[0] for minute in CURVE_MIN]
    return {
        "minutes": list(CURVE_MIN),
        "people_beyond": [float(people[far].sum()) for far in beyond],
        "deprived_beyond": [float(people[far & deprived].sum()) for far in beyond],
    }


def curves(
    judged: pd.DataFrame, origins: pd.DataFrame, reach: Reach, rule: Rule, uncertain: Doubt
) -> dict[str, Any]:
    """
    Judge each area, and count its people, at every whole number of minutes from 0 to 60.

    Parameters
    ----------
    judged
        From `judge`.
    origins
        `tables.ORIGINS`.
    reach
        What each origin reaches.
    rule
        When an area is underserved, whatever its cut-off.
    uncertain
        As of `curve`.

    Returns
    -------
    dict
        `minutes`; `beyond`, for each `area_code` with origins the people who for certain cannot
        reach a provision in that time, and `unknown`, for those where there are any, the people
        neither within nor beyond, both to one decimal place; `status`, for each area its place in
        `STATUSES` at each minute, as one digit each.
    """
    people = origins["people"].to_numpy(dtype=float)
    code = pd.Index(judged.index)
    area = code.get_indexer(pd.Index(origins["area_code"]))
    own = area >= 0
    beyond, unknown = (np.zeros((len(code), len(CURVE_MIN))) for _ in range(2))
    for at, minute in enumerate(CURVE_MIN):
        for total, side in zip((beyond, unknown), _sides(reach, minute, uncertain), strict=True):
            total[:, at] = np.bincount(area[own], (people * side)[own], len(code))
    lived = np.bincount(area[own], minlength=len(code)) > 0
    status = {
        str(each): _statuses(row, beyond[at], unknown[at], rule)
        for at, (each, row) in enumerate(zip(code, judged.to_dict("records"), strict=True))
    }
    return {
        "minutes": list(CURVE_MIN),
        "beyond": _listed(code, beyond, lived),
        "unknown": _listed(code, unknown, np.asarray(unknown.any(axis=1))),
        "status": status,
    }


def _sides(reach: Reach, minute: int, uncertain: Doubt) -> tuple[BoolArray, BoolArray]:
    """Return which origins are beyond so many minutes for certain, and which may be either."""
    seconds = reach.nearest.origin_s[:, 0]
    on_network = ~np.isnan(seconds)
    within = on_network & (seconds <= 60 * minute)
    known = within | (on_network & ~uncertain(minute))
    return known & ~within, ~known


def _statuses(row: dict[Any, Any], beyond: FloatArray, unknown: FloatArray, rule: Rule) -> str:
    """Judge an area at each minute; where nothing is known of its people it stays as it is."""
    if not np.isfinite(row["children_beyond"]):
        return str(STATUSES.index(row["status"])) * len(CURVE_MIN)
    told = []
    for far, doubtful in zip(beyond.tolist(), unknown.tolist(), strict=True):
        line = row | {"children_beyond": far, "children_unknown": doubtful}
        told.append(str(STATUSES.index(_status(line, rule))))
    return "".join(told)


def _listed(code: pd.Index, values: FloatArray, wanted: BoolArray) -> dict[str, list[float]]:
    return {str(code[int(at)]): values[at].round(1).tolist() for at in np.flatnonzero(wanted)}


def by_decile(judged: pd.DataFrame) -> pd.DataFrame:
    """
    Add up areas and people by deprivation decile.

    Returns
    -------
    pandas.DataFrame
        Columns `decile` (1 to 10), `areas`, `people`, `people_beyond`, `people_unknown`; areas
        whose decile is unknown are in none of them.
    """
    decile = judged["decile"].to_numpy(dtype=float)
    known = np.isfinite(decile)
    at = decile[known].astype(np.int64)

    def summed(column: str) -> FloatArray:
        values = np.nan_to_num(judged[column].to_numpy(dtype=float)[known])
        return np.asarray(np.bincount(at, values, 11)[1:])

    return pd.DataFrame(
        {
            "decile": np.arange(1, 11),
            "areas": np.bincount(at, minlength=11)[1:],
            "people": summed("children"),
            "people_beyond": summed("children_beyond"),
            "people_unknown": summed("children_unknown"),
        }
    )
