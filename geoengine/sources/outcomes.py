"""Any table of counts, rates or values by area, and by term if it has one → one row for each."""

import re
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
from geoengine.published.withheld import figures, impossible, position
from geoengine.tables import Reading

TERMS = {"autumn": 0, "spring": 1, "summer": 2}
"""Terms of a school year ("2024/25 Spring"), in order."""
SEASONS = {"spring": 0, "summer": 1, "autumn": 2}
"""The same words beside a calendar year ("Spring 2025"), in order."""


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
        name: figures(coded.table, column, faults)
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
    if count:
        faults += impossible(coded.table, numbers["count"], numbers["of"], count, population)
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


def _periods(table: Published, name: str, faults: list[Fault]) -> NDArray[np.object_]:
    at = position(table, name, faults) if name else None
    if at is None:
        return np.full(len(table), "", dtype=object)
    told = table.text(at)
    faults += [
        Fault(table.source, int(table.rows[at]), f"'{name}' is empty, but must tell the term")
        for at in np.flatnonzero(told.isna())
    ]
    return told.fillna("").to_numpy(dtype=object)
