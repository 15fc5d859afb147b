"""Travel times and amounts by place, as other programs write them → checked tables."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published.headers import names_like, squash
from geoengine.published.tables import Published, read_table
from geoengine.tables import Reading

FROM = (r"fromid", r"origin(?:id)?", r"from", r"source(?:id)?")
TO = (r"toid", r"destination(?:id)?", r"dest(?:id)?", r"to", r"target(?:id)?")
TIME = (
    r"traveltimemin(?:utes)?",
    r"traveltime",
    r"traveltimep50",
    r"traveltimep\d{1,2}",
    r"(?:duration|time)min(?:utes)?",
    r"minutes",
    r"traveltimes(?:ec(?:onds)?)?",
    r"(?:duration|time)s(?:ec(?:onds)?)?",
)
"""What r5r, r5py, OSRM's clients and we call minutes, or seconds where the name says so."""
IN_SECONDS = re.compile(r"(?i).*[_ (](?:s|secs?|seconds)\)?")
ID = (r"(?:place|provision|origin|destination|area|from|to)?id", r"urn", r"\w*(?:code|cd)")
AMOUNTS = {
    "supply": r"capacity|places|supply|opportunities|beds|doctors|jobs|count|amount",
    "demand": r"people|population|children|demand|residents|persons|count|amount",
}
"""What amounts are called, by what they are amounts of."""


def read_matrix(
    path: Path, *, from_column: str = "", to_column: str = "", time_column: str = ""
) -> Reading:
    """
    Read travel times between places, one row a pair.

    Parameters
    ----------
    path
        CSV, Parquet or a workbook, as r5r, r5py or we write them.
    from_column, to_column, time_column
        The columns; by default found by their names. Times are minutes, unless the column's name
        ends in `_s` or `_seconds`.

    Returns
    -------
    Reading
        `from_id` and `to_id` (text) and `travel_time_min` (minutes, finite), shape (pairs,). Rows
        without a time, which say that a place cannot be reached, are left out, with the origin
        as their value. Facts: `from`, `to`, `time`.

    Raises
    ------
    SourceError
        If a column cannot be told, or with each row that has no id, a time that is negative or
        no number, or a pair that stands already.
    """
    asked = {name for name in (from_column, to_column, time_column) if name}
    known = names_like(*FROM, *TO, *TIME, *(re.escape(squash(name)) for name in asked))
    table = read_table(path, known=known)
    at_from = _column(table, from_column, FROM, "where each journey starts (such as from_id)")
    at_to = _column(table, to_column, TO, "where each journey ends (such as to_id)")
    at_time = _column(table, time_column, TIME, "the minutes (such as travel_time_min)")
    _refuse_several_times(table, at_time, given=bool(time_column))
    faults: list[Fault] = []
    minutes = _numbers(table, at_time, faults)
    if IN_SECONDS.fullmatch(table.names[at_time]):
        minutes = minutes / 60
    start, end = table.text(at_from), table.text(at_to)
    timed = np.isfinite(minutes)
    faults += _blamed(table, start.isna().to_numpy(), f"'{table.names[at_from]}' is empty")
    faults += _blamed(table, end.isna().to_numpy() & timed, f"'{table.names[at_to]}' is empty")
    faults += _negative(table, at_time, minutes)
    pairs = pd.DataFrame({"from_id": start, "to_id": end, "travel_time_min": minutes})
    faults += _twice(table, pairs[["from_id", "to_id"]], pairs["to_id"].notna().to_numpy())
    if faults:
        raise SourceError(sorted(faults, key=lambda fault: fault.row))
    left_out = pd.DataFrame(
        {
            "row": table.rows[~timed],
            "value": start[~timed].to_numpy(dtype=object),
            "reason": "no travel time: cannot be reached",
        }
    )
    facts = {
        "from": table.names[at_from], "to": table.names[at_to], "time": table.names[at_time]
    }  # fmt: skip
    return Reading(pairs[timed].reset_index(drop=True), len(table), left_out, (), facts)


def read_amounts(path: Path, *, kind: str, id_column: str = "", value_column: str = "") -> Reading:
    """
    Read an amount for each place: what it offers, or who lives there.

    Parameters
    ----------
    path
        CSV, Parquet or a workbook with one row a place.
    kind
        `supply` or `demand`: which names of columns are looked for.
    id_column, value_column
        The columns; by default found by their names, or the only column of numbers.

    Returns
    -------
    Reading
        Index `place_id`; `amount`, NaN where a supply is unknown. Rows of unknown demand are
        left out. Facts: `id`, `value`.

    Raises
    ------
    SourceError
        If a column cannot be told, or with each row that has no id, an id that stands already,
        or an amount that is negative or no number.
    """
    wanted = AMOUNTS[kind]
    given = [re.escape(squash(name)) for name in (id_column, value_column) if name]
    table = read_table(path, known=names_like(*ID, wanted, *given))
    at_id = _column(table, id_column, ID, "the ids of places (such as id)")
    at_value = _value_column(table, value_column, wanted, at_id, kind)
    faults: list[Fault] = []
    amount = _numbers(table, at_value, faults)
    ids = table.text(at_id)
    faults += _blamed(table, ids.isna().to_numpy(), f"'{table.names[at_id]}' is empty")
    faults += _negative(table, at_value, amount)
    faults += _twice(table, ids.to_frame("id"), ids.notna().to_numpy())
    if faults:
        raise SourceError(sorted(faults, key=lambda fault: fault.row))
    unknown = np.isnan(amount)
    frame = pd.DataFrame({"amount": amount}, index=pd.Index(ids.tolist(), name="place_id"))
    notes: tuple[str, ...] = ()
    dropped = unknown & (kind == "demand")
    if unknown.any() and not dropped.any():
        notes = (f"Places of unknown {kind}, which are passed over: {unknown.sum():,}.",)
    left_out = pd.DataFrame(
        {
            "row": table.rows[dropped],
            "value": ids[dropped].to_numpy(dtype=object),
            "reason": f"'{table.names[at_value]}' is missing",
        }
    )
    facts = {"id": table.names[at_id], "value": table.names[at_value]}
    return Reading(frame[~dropped], len(table), left_out, notes, facts)


def _column(table: Published, given: str, patterns: Sequence[str], meaning: str) -> int:
    """Return the column that is named, or else like the first pattern that any is."""
    if given:
        if given in table.names:
            return table.names.index(given)
        raise SourceError.of(
            table.source, f"there is no column '{given}'; it has {table.headings()}"
        )
    position = table.find(*patterns)
    if position is None:
        raise SourceError.of(
            table.source,
            f"no column tells {meaning}; it has {table.headings()}; name the one meant",
        )
    return position


def _value_column(table: Published, given: str, pattern: str, at_id: int, kind: str) -> int:
    if given:
        return _column(table, given, (), "")
    named = table.find(pattern)
    if named is not None:
        return named
    others = [at for at in table.columns if at != at_id and _all_numbers(table, at)]
    if len(others) == 1:
        return others[0]
    raise SourceError.of(
        table.source,
        f"no column can be told to be the {kind}; it has {table.headings()}; name the one meant",
    )


def _all_numbers(table: Published, position: int) -> bool:
    faults: list[Fault] = []
    return bool(np.isfinite(table.number(position, faults)).any() and not faults)


def _refuse_several_times(table: Published, chosen: int, *, given: bool) -> None:
    """Refuse to choose between percentiles, unless one is the median."""
    chosen_name = squash(table.names[chosen])
    if given or not re.fullmatch(r"traveltimep\d{1,2}", chosen_name):
        return
    named = [table.names[at] for at in table.columns]
    times = [name for name in named if re.fullmatch(r"traveltimep\d{1,2}", squash(name))]
    if len(times) > 1 and chosen_name != "traveltimep50":
        raise SourceError.of(
            table.source, f"several columns tell times: {', '.join(times)}; name the one meant"
        )


def _numbers(table: Published, position: int, faults: list[Fault]) -> NDArray[np.float64]:
    """Return a column as numbers, NaN where missing or infinite."""
    cells = table.columns[position]
    if pd.api.types.is_float_dtype(cells.dtype):
        endless = np.isinf(cells.to_numpy(dtype=float, na_value=np.nan))
        columns = {**table.columns, position: cells.mask(endless)}
        table = Published(table.source, table.names, columns, table.rows, table.facts)
    return table.number(position, faults)


def _blamed(table: Published, bad: NDArray[np.bool_], problem: str) -> list[Fault]:
    return [Fault(table.source, int(row), problem) for row in table.rows[bad]]


def _negative(table: Published, position: int, values: NDArray[np.float64]) -> list[Fault]:
    name = table.names[position]
    return [
        Fault(
            table.source,
            int(table.rows[at]),
            f"'{name}' must be at least 0, but is {values[at]:g}",
        )
        for at in np.flatnonzero(values < 0)
    ]


def _twice(table: Published, keys: pd.DataFrame, there: NDArray[np.bool_]) -> list[Fault]:
    """Blame each row whose key an earlier row has, naming that row."""
    again = keys.duplicated(keep="first").to_numpy() & there
    if not again.any():
        return []
    first = pd.Series(table.rows).groupby([keys[name] for name in keys]).transform("first")
    return [
        Fault(
            table.source,
            int(table.rows[at]),
            f"'{' to '.join(map(str, keys.iloc[at]))}' stands already in row {int(first.iloc[at])}",
        )
        for at in np.flatnonzero(again)
    ]
