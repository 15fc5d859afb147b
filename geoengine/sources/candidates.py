"""Where a service stands, or could: sites with what may be done with them → a checked table."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from geoengine.errors import Fault, SourceError
from geoengine.published.headers import names_like, squash
from geoengine.published.tables import Published, read_table
from geoengine.tables import Reading

ID = (r"(?:place|provision|site|destination|to)?id", r"urn", r"\w*(?:code|cd)", r"site", r"name")
STATE = r"state|status"
CAPACITY = r"capacity|places"
OPENING_COST = r"(?:opening)?cost|price"
STATES = ("existing-kept", "existing-closable", "optional", "required", "forbidden")


def read_candidates(path: Path, *, id_column: str = "") -> Reading:
    """
    Read sites, one row each.

    Parameters
    ----------
    path
        CSV, Parquet or a workbook.
    id_column
        The column of ids; by default found by its name.

    Returns
    -------
    Reading
        Index `site_id`; `state`, one of `STATES` (`existing-kept` where the file does not say);
        `capacity` (people) and `opening_cost` (money), all NaN where the file has no such column.

    Raises
    ------
    SourceError
        If there is no column of ids; or with each row that has no id, an id that stands already,
        an unknown state, or a capacity or cost that is missing, negative or no number.
    """
    given = [re.escape(squash(id_column))] if id_column else []
    known = names_like(*ID, STATE, CAPACITY, OPENING_COST, *given)
    table = read_table(path, known=known)
    if id_column and id_column not in table.names:
        raise SourceError.of(
            table.source, f"there is no column '{id_column}'; it has {table.headings()}"
        )
    at_id = table.names.index(id_column) if id_column else table.find(*ID)
    if at_id is None:
        raise SourceError.of(
            table.source,
            f"no column tells the ids of sites (such as id); it has {table.headings()}",
        )
    faults: list[Fault] = []
    ids = table.text(at_id)
    again = ids.duplicated().to_numpy() & ids.notna().to_numpy()
    faults += [_fault(table, at, f"'{table.names[at_id]}' is empty")
               for at in np.flatnonzero(ids.isna()).tolist()]  # fmt: skip
    faults += [_fault(table, at, f"'{ids[at]}' stands already in an earlier row")
               for at in np.flatnonzero(again).tolist()]  # fmt: skip
    frame = pd.DataFrame(
        {
            "state": _states(table, faults),
            "capacity": _amounts(table, CAPACITY, faults),
            "opening_cost": _amounts(table, OPENING_COST, faults),
        }
    )
    if faults:
        raise SourceError(sorted(faults, key=lambda fault: fault.row))
    frame.index = pd.Index(ids.tolist(), name="site_id")
    return Reading(frame, len(table), facts={"id": table.names[at_id]})


def _states(table: Published, faults: list[Fault]) -> list[str]:
    position = table.find(STATE)
    if position is None:
        return ["existing-kept"] * len(table)
    states = table.text(position).fillna("existing-kept").str.strip().str.lower()
    for at in np.flatnonzero(~states.isin(STATES)).tolist():
        problem = f"'{table.names[position]}' is '{states[at]}', not one of {', '.join(STATES)}"
        faults.append(_fault(table, at, problem))
    return list(states)


def _amounts(table: Published, pattern: str, faults: list[Fault]) -> np.ndarray:
    position = table.find(pattern)
    if position is None:
        return np.full(len(table), np.nan)
    wrong: list[Fault] = []
    found = table.number(position, wrong)
    faults += wrong
    name, told = table.names[position], {fault.row for fault in wrong}
    for at in np.flatnonzero(~(np.isfinite(found) & (found >= 0))).tolist():
        if int(table.rows[at]) not in told:
            said = "is missing" if np.isnan(found[at]) else f"is {found[at]:g}"
            faults.append(_fault(table, at, f"'{name}' {said}, but must be at least 0"))
    return found


def _fault(table: Published, at: int, problem: str) -> Fault:
    return Fault(table.source, int(table.rows[at]), problem)
