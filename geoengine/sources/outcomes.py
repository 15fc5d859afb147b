"""Any table of counts, rates or values by area, and by term if it has one → one row for each."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import codes
from geoengine.published.codes import AREA
from geoengine.published.headers import names_like, squash
from geoengine.published.tables import Published, read_table
from geoengine.published.values import spell
from geoengine.tables import Reading

SUPPRESSED = re.compile(
    r"\*|c|\[c\]|low|\[low\]|supp(?:ressed)?|redacted|[<≤]\s*\d+", re.IGNORECASE
)
"""Cells that withhold a small number; every other missing marker means unknown."""
TERMS = {"autumn": 0, "spring": 1, "summer": 2}
"""Terms of a school year ("2024/25 Spring"), in order."""
SEASONS = {"spring": 0, "summer": 1, "autumn": 2}
"""The same words beside a calendar year ("Spring 2025"), in order."""


@dataclass(frozen=True)
class _Asked:
    """The position of a column asked for, and whether each of its cells is withheld."""

    number: NDArray[np.float64]
    suppressed: NDArray[np.bool_]


def read(
    path: Path, *, value: str = "", count: str = "", population: str = "", period: str = ""
) -> Reading:
    """
    Read what is known of each area: a value, or a count of people and of whom.

    Parameters
    ----------
    path
        CSV, XLSX, ODS or Parquet with a column of area codes.
    value
        Column of values (a rate, a score), where there is no count.
    count, population
        Columns of the people counted, and of the people that they are counted among.
    period
        Column that tells the term or year, where the table has several.

    Returns
    -------
    Reading
        `geoengine.tables.OUTCOMES`, by period and area. Facts: `periods`, `suppressed`.

    Raises
    ------
    SourceError
        If a column is missing, a cell is not a number, a count is negative or larger than its
        population, or an area stands twice in one period.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "takeup.csv"
    >>> _ = file.write_text("LSOA code,Unplaced,Eligible" + chr(10) + "E01000001,c,31" + chr(10))
    >>> told = read(file, count="Unplaced", population="Eligible").frame.loc["E01000001"]
    >>> told["of"], told["state"]
    (np.float64(31.0), 'suppressed')
    """
    wanted = [re.escape(squash(name)) for name in (value, count, population, period) if name]
    known = names_like(AREA.names.pattern, *wanted)
    table = read_table(path, known=known, enough=1 + len(wanted))
    coded = codes.keep(table, codes.require(table, AREA), AREA)
    rows = coded.table.rows
    faults: list[Fault] = []
    asked = {
        name: _numbers(coded.table, column, faults)
        for name, column in (("value", value), ("count", count), ("of", population))
        if column
    }
    periods = _periods(coded.table, period, faults)
    if faults:
        raise SourceError(faults)
    nothing = np.full(len(rows), np.nan)
    numbers = {
        name: asked[name].number if name in asked else nothing for name in ("value", "count", "of")
    }
    faults += _impossible(table.source, rows, numbers["count"], numbers["of"], count, population)
    told = "count" if count else "value"
    suppressed = np.any([part.suppressed for part in asked.values()], axis=0)
    missing = np.isnan(numbers[told]) | (np.isnan(numbers["of"]) if population else False)
    frame = pd.DataFrame(
        {
            "area_code": coded.codes.to_numpy(dtype=object),
            "period": periods,
            **numbers,
            "state": np.where(suppressed, "suppressed", np.where(missing, "unknown", "known")),
        }
    )
    twice = frame.duplicated(["area_code", "period"]).to_numpy()
    faults += [
        Fault(
            table.source,
            int(rows[at]),
            f"'{frame['area_code'][at]}' stands more than once"
            + (
                f" in {frame['period'][at]}" if period else "; name the column of terms as 'period'"
            ),
        )
        for at in np.flatnonzero(twice)
    ]
    if faults:
        raise SourceError(faults)
    ordered = sorted(set(frame["period"]), key=term_order)
    frame["order"] = frame["period"].map({name: at for at, name in enumerate(ordered)})
    frame = frame.sort_values(["order", "area_code"], kind="stable").drop(columns="order")
    ids = frame["area_code"] + (" " + frame["period"] if period else "")
    frame.index = pd.Index(ids, name="outcome_id")
    tables.OUTCOMES.check(frame, source=table.source)
    facts = {
        "periods": ", ".join(ordered) if period else "",
        "suppressed": str(int(suppressed.sum())),
    }
    return Reading(frame, coded.rows_read, coded.left_out, (), facts)


def term_order(period: str) -> tuple[str, int, str]:
    """
    Return what puts the names of terms and years in order of time.

    Examples
    --------
    >>> sorted(["Autumn 2024", "Spring 2025", "Summer 2024"], key=term_order)
    ['Summer 2024', 'Autumn 2024', 'Spring 2025']
    >>> sorted(["2024/25 Spring", "2024/25 Autumn", "2023/24 Summer"], key=term_order)
    ['2023/24 Summer', '2024/25 Autumn', '2024/25 Spring']
    """
    year = re.search(r"(?:19|20)\d\d", period)
    school_year = re.search(r"(?:19|20)\d\d\s*[/–-]\s*(?:20)?\d\d(?!\d)(?!\s*[/–-]\s*\d)", period)
    words = TERMS if school_year else SEASONS
    season = next((at for word, at in words.items() if word in period.lower()), -1)
    return (year[0] if year else "", season, period)


def _numbers(table: Published, name: str, faults: list[Fault]) -> _Asked:
    position = _position(table, name, faults)
    if position is None:
        return _Asked(np.full(len(table), np.nan), np.zeros(len(table), dtype=bool))
    cells = spell(table.columns[position])
    suppressed = cells.map(lambda cell: SUPPRESSED.fullmatch(cell) is not None).to_numpy(dtype=bool)
    open_cells = cells.where(~suppressed, "c")
    clear = Published(table.source, table.names, {position: open_cells}, table.rows)
    return _Asked(clear.number(position, faults), suppressed)


def _position(table: Published, name: str, faults: list[Fault]) -> int | None:
    position = table.find(re.escape(squash(name)))
    if position is None:
        faults.append(
            Fault(table.source, 0, f"no column '{name}'; it has the columns {table.headings()}")
        )
    return position


def _periods(table: Published, name: str, faults: list[Fault]) -> NDArray[np.object_]:
    position = _position(table, name, faults) if name else None
    if position is None:
        return np.full(len(table), "", dtype=object)
    told = table.text(position)
    faults += [
        Fault(table.source, int(table.rows[at]), f"'{name}' is empty, but must tell the term")
        for at in np.flatnonzero(told.isna())
    ]
    return told.fillna("").to_numpy(dtype=object)


def _impossible(
    source: str,
    rows: NDArray[np.int64],
    count: NDArray[np.float64],
    of: NDArray[np.float64],
    count_name: str,
    of_name: str,
) -> list[Fault]:
    faults = [
        Fault(source, int(rows[at]), f"'{name}' must be at least 0, but is {numbers[at]:g}")
        for name, numbers in ((count_name, count), (of_name, of))
        for at in np.flatnonzero(numbers < 0)
    ]
    return faults + [
        Fault(
            source,
            int(rows[at]),
            f"'{count_name}' is {count[at]:g}, more than the {of[at]:g} of '{of_name}'",
        )
        for at in np.flatnonzero((count > of) & (of >= 0))
    ]
