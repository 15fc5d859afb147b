"""Any measure of access, by name, over travel times and tables made elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import accessibility, decay
from geoengine.accessibility import Pairs
from geoengine.decay import Decay
from geoengine.errors import Fault, StudyError
from geoengine.sources import matrices
from geoengine.tables import Reading

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Options:
    """
    What a measure is told besides the tables.

    Parameters
    ----------
    cutoff_min
        Longest time that counts, minutes, inclusive; None: all in the matrix.
    decay
        Weight by seconds; None: all that counts does so alike.
    k
        How many nearest, for `nearest`.
    wanted
        Amount to be reached, for `dual`.
    tau_min
        Minutes accepted to avoid mean crowding, for `raam`.
    passive
        Measure from the other side: whom each destination reaches.
    """

    cutoff_min: float | None = None
    decay: Decay | None = None
    k: int = 1
    wanted: float = 1.0
    tau_min: float = 60.0
    passive: bool = False


@dataclass(frozen=True)
class Measure:
    """
    A measure as the command line knows it.

    Parameters
    ----------
    column
        Name of the result's column, with its unit.
    compute
        Of pairs, supply, demand, decay and options.
    needs
        Which tables it needs besides the matrix: `supply`, `demand`, and which options.
    decays
        Whether times may be weighed.
    default
        The decay where none is given.
    turns
        Whether it has a passive form.
    by_provision
        Whether the result is by provision instead of by origin.
    """

    column: str
    compute: Callable[[Pairs, FloatArray, FloatArray, Decay | None, Options], FloatArray]
    needs: tuple[str, ...] = ("supply", "demand")
    decays: bool = True
    default: Decay | None = None
    turns: bool = False
    by_provision: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """
    A measure's result, and what became of every row that it was given.

    Parameters
    ----------
    frame
        Index `from_id` (or `to_id`); the measure's column, NaN where there is no value; and
        `state`: `reached`, `unreachable` (nothing that counts is in reach), `unknown` (all that
        is has an unknown amount) or `not in matrix`.
    left_out
        By table and reason, how many rows were not used.
    notes
        Sentences about the tables.
    """

    frame: pd.DataFrame
    left_out: tuple[tuple[str, str, int], ...]
    notes: tuple[str, ...]


def access(
    measure: str,
    matrix: Path,
    supply: Path | None,
    demand: Path | None,
    options: Options,
    columns: Mapping[str, str],
) -> Answer:
    """
    Work out a measure over files.

    Parameters
    ----------
    measure, options
        As for `find`.
    matrix, supply, demand
        The files; the measure says which of the last two it needs.
    columns
        Names of columns that cannot be found by themselves: `from`, `to`, `time`, `supply_id`,
        `supply`, `demand_id`, `demand`.

    Raises
    ------
    SourceError
        If a file cannot be read.
    StudyError
        As for `find`.
    """
    _check(measure, {"supply": supply, "demand": demand}, options)
    times = matrices.read_matrix(
        matrix,
        from_column=columns.get("from", ""),
        to_column=columns.get("to", ""),
        time_column=columns.get("time", ""),
    )
    amounts = {
        kind: matrices.read_amounts(
            path,
            kind=kind,
            id_column=columns.get(f"{kind}_id", ""),
            value_column=columns.get(kind, ""),
        )
        for kind, path in (("supply", supply), ("demand", demand))
        if path is not None
    }
    return find(measure, times, amounts.get("supply"), amounts.get("demand"), options)


def find(
    measure: str, matrix: Reading, supply: Reading | None, demand: Reading | None, options: Options
) -> Answer:
    """
    Work out a measure over tables.

    Parameters
    ----------
    measure
        A key of `MEASURES`.
    matrix
        From `sources.matrices.read_matrix`.
    supply, demand
        From `sources.matrices.read_amounts`. With them, destinations and origins are those in
        the tables, in their order; rows of the matrix about others are left out. Without, those
        in the matrix, sorted.
    options
        The rest.

    Raises
    ------
    StudyError
        With everything that the measure needs and was not given, or cannot use; or if it
        comes to no result.
    """
    chosen = _check(measure, {"supply": supply, "demand": demand}, options)
    times = matrix.frame
    known = pd.unique(pd.concat([times["from_id"], matrix.left_out["value"]]))
    origins = pd.Index(sorted(known)) if demand is None else demand.frame.index
    there = times["to_id"].unique()
    destinations = pd.Index(sorted(there)) if supply is None else supply.frame.index
    start = origins.get_indexer(times["from_id"])
    end = destinations.get_indexer(times["to_id"])
    minutes = times["travel_time_min"].to_numpy(dtype=float)
    kept = (start >= 0) & (end >= 0)
    if options.cutoff_min is not None:
        kept &= minutes <= options.cutoff_min
    pairs = accessibility.pair_up(
        start[kept],
        end[kept],
        minutes[kept] * 60,
        origins=len(origins),
        destinations=len(destinations),
    )
    offered, needed = _amounts(supply, destinations), _amounts(demand, origins)
    if options.passive:
        pairs, offered, needed = pairs.turned(), needed, offered
    weight = options.decay or chosen.default
    try:
        value = chosen.compute(pairs, offered, needed, weight, options)
    except ValueError as error:
        raise StudyError([Fault(f"the measure '{measure}'", 0, str(error))]) from error
    of_provisions = options.passive or chosen.by_provision
    ids, present = (destinations, there) if of_provisions else (origins, known)
    counted = pairs.turned() if chosen.by_provision else pairs
    frame = _frame(value, _reaches(counted, weight), np.asarray(ids.isin(present)), chosen.column)
    frame.index = pd.Index(ids, name="to_id" if of_provisions else "from_id")
    notes = [note for table in (supply, demand) if table is not None for note in table.notes]
    left_out = (
        ("matrix", "origin is not in the demand table", int((start < 0).sum())),
        ("matrix", "destination is not in the supply table", int(((start >= 0) & (end < 0)).sum())),
        *_reasons({"matrix": matrix, "supply": supply, "demand": demand}),
    )
    return Answer(frame, tuple(line for line in left_out if line[2]), tuple(notes))


def _check(measure: str, given: Mapping[str, Any], options: Options) -> Measure:
    """Return the measure, or tell everything that it lacks and everything that it cannot use."""
    chosen = MEASURES[measure]
    needs = chosen.needs
    problems = []
    if options.passive and not chosen.turns:
        turning = ", ".join(key for key, one in MEASURES.items() if one.turns)
        problems.append(f"it has no passive form; these have: {turning}")
    if options.passive:
        other = {"supply": "demand", "demand": "supply"}
        needs = tuple(other.get(need, need) for need in needs)
    if options.decay is not None and not chosen.decays:
        problems.append("it takes no decay; leave out --decay")
    told = {**given, "cutoff-min": options.cutoff_min, "decay": options.decay}
    problems += [f"it needs --{need}" for need in needs if told[need] is None]
    if problems:
        raise StudyError(Fault(f"the measure '{measure}'", 0, problem) for problem in problems)
    return chosen


def _amounts(table: Reading | None, ids: pd.Index) -> FloatArray:
    """Return the amounts of a table; without one, every place counts for one."""
    return np.ones(len(ids)) if table is None else table.frame["amount"].to_numpy(dtype=float)


def _reaches(pairs: Pairs, weight: Decay | None) -> BoolArray:
    reached = accessibility.gravity(pairs, np.ones(pairs.destinations), decay=weight)
    return np.asarray(reached > 0)


def _frame(value: FloatArray, reaches: BoolArray, present: BoolArray, column: str) -> pd.DataFrame:
    state = np.select(
        [~present, ~reaches | np.isinf(value), np.isnan(value)],
        ["not in matrix", "unreachable", "unknown"],
        "reached",
    )
    return pd.DataFrame({column: np.where(state == "reached", value, np.nan), "state": state})


def _reasons(tables: Mapping[str, Reading | None]) -> list[tuple[str, str, int]]:
    return [
        (name, str(reason), int(count))
        for name, table in tables.items()
        if table is not None
        for reason, count in table.left_out["reason"].value_counts().items()
    ]


def _reach(measure: Callable[[Pairs, FloatArray, FloatArray, Options], FloatArray]) -> Any:
    """Return a measure in minutes from one in seconds that weighs nothing."""
    return lambda pairs, supply, demand, _weight, told: measure(pairs, supply, demand, told) / 60


def _share(measure: Callable[..., FloatArray]) -> Any:
    """Return a measure that is told its decay from one that takes it by name."""
    return lambda pairs, supply, demand, weight, _told: measure(pairs, supply, demand, decay=weight)


_ZONES = decay.step([60 * bound for bound in accessibility.ZONES_MIN], accessibility.ZONE_WEIGHTS)

MEASURES = {
    "nearest": Measure(
        "minutes",
        _reach(lambda p, s, _, told: accessibility.mean_of_nearest(p, told.k, among=s > 0)),
        needs=(), decays=False, turns=True,
    ),
    "cumulative": Measure(
        "amount_in_reach",
        lambda p, s, _demand, _weight, _told: accessibility.gravity(p, s),
        needs=("supply", "cutoff-min"), decays=False, turns=True,
    ),
    "gravity": Measure(
        "amount_in_reach",
        lambda p, s, _demand, weight, _told: accessibility.gravity(p, s, decay=weight),
        needs=("supply", "decay"), turns=True,
    ),
    "dual": Measure(
        "minutes",
        _reach(lambda p, s, _, told: accessibility.time_to_reach(p, s, told.wanted)),
        needs=("supply",), decays=False, turns=True,
    ),
    "balancing": Measure(
        "minutes",
        _reach(lambda p, s, d, _: accessibility.balancing_time(p, s, d)),
        decays=False,
    ),
    "2sfca": Measure(
        "places_per_person",
        _share(accessibility.two_step_floating_catchment),
    ),
    "e2sfca": Measure(
        "places_per_person",
        _share(accessibility.two_step_floating_catchment),
        default=_ZONES,
    ),
    "3sfca": Measure(
        "places_per_person",
        _share(accessibility.three_step_floating_catchment),
    ),
    "m2sfca": Measure(
        "places_per_person",
        _share(accessibility.modified_two_step_floating_catchment),
    ),
    "mh3sfca": Measure(
        "places_per_person",
        _share(accessibility.huff_three_step_floating_catchment),
    ),
    "bfca": Measure(
        "places_per_person",
        _share(accessibility.balanced_floating_catchment),
    ),
    "childcare": Measure(
        "places_per_100_children",
        lambda p, s, d, _weight, _told: accessibility.childcare_places_per_100(p, s, d),
        decays=False,
        default=decay.binary(60 * accessibility.OFFICIAL_DRIVE_MIN),
    ),
    "raam": Measure(
        "cost",
        lambda p, s, d, _weight, told: accessibility.rational_agent_access(
            p, s, d, tau_s=60 * told.tau_min
        ),
        decays=False,
    ),
    "availability": Measure(
        "places",
        _share(accessibility.spatial_availability),
    ),
    "market": Measure(
        "people",
        _share(accessibility.market_availability),
        by_provision=True,
    ),
    "total": Measure(
        "places",
        lambda p, s, _demand, weight, _told: accessibility.total_constrained(p, s, decay=weight),
        needs=("supply",), turns=True,
    ),
}  # fmt: skip
"""Every measure by the name that the command line knows it by."""
