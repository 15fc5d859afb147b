"""Codes of UK geography: which column holds them, of which level and census year they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published.headers import squash
from geoengine.published.tables import Published


@dataclass(frozen=True)
class Level:
    """
    A level of geography.

    Parameters
    ----------
    name
        What messages call its codes.
    code
        Matches one of its codes.
    names
        Matches the squashed name of a column that may hold them.
    """

    name: str
    code: re.Pattern[str]
    names: re.Pattern[str]


AREA = Level(
    "area (LSOA, Data Zone or SOA)",
    re.compile(r"[EWS]01\d{6}|N21\d{6}|95[A-Z]{2}\d{2}[SW]\d"),
    re.compile(
        r"(?:lsoa|dz|datazone|soa|sdz|smallarea)(?:20)?\d{0,2}(?:cd|code)?(?:20\d\d)?"
        r"|lowerlayersuperoutputareas?(?:20\d\d)?(?:code)?"
        r"|areacode|geographycode|geographygsscode|geocode|gsscode|code|areacd"
    ),
)
"""Statistical areas, the level at which deprivation is published."""

SMALL_AREA = Level(
    "output area",
    re.compile(r"[EWS]00\d{6}|N00\d{6}|N20\d{6}|95[A-Z]{2}\d{6}"),
    re.compile(
        r"(?:oa|outputarea|smallarea|sa|dz)(?:20)?\d{0,2}(?:cd|code)?(?:20\d\d)?|geographycode|code"
    ),
)
"""Census output areas."""

WARD = Level(
    "ward",
    re.compile(r"[EW]05\d{6}|S13\d{6}|N08\d{6}"),
    re.compile(r"(?:wd|ward)(?:20)?\d{0,2}(?:cd|code)?|wardcode|code"),
)
"""Electoral wards."""

AUTHORITY = Level(
    "local authority",
    re.compile(r"E0[6-9]\d{6}|W06\d{6}|S12\d{6}|N09\d{6}"),
    re.compile(
        r"(?:lad|ltla|utla|la|ca|lgd|ctyua)(?:20)?\d{0,2}(?:cd|code)?(?:20\d\d)?"
        r"|localauthority(?:district)?(?:code)?(?:20\d\d)?(?:code)?|code"
    ),
)
"""Local authorities."""

PSEUDO = re.compile(r"[EWSNLM]99999999")
"""What the postcode directories put where there is no area."""

NEWEST_2011 = {"E": "E01033768", "W": "W01001958"}
"""The last codes given in 2011; later ones were given in 2021."""

DATA_ZONES = (("S01000000", "2001"), ("S01006506", "2011"), ("S01013482", "2022"))
"""The first Data Zone code of each edition."""

ASSUMED = "2021"
LOOKS_LIKE_A_CODE = re.compile(r"[EWSN]\d{4,10}")


def nation_of(codes: pd.Series) -> pd.Series:
    """Return E, W, S or N for each code."""
    return codes.str[0].replace("9", "N")


def share_of(cells: pd.Series, level: Level) -> float:
    """Return which share of the first two thousand cells given are codes of the level."""
    given = cells.dropna().head(2000)
    if given.empty:
        return 0.0
    return float(given.map(lambda text: level.code.fullmatch(text.upper()) is not None).mean())


def find(table: Published, level: Level, *, vintage: str | None = None) -> int | None:
    """
    Return the column that holds codes of a level, judged by what stands in it.

    Parameters
    ----------
    table
        The table.
    level
        The level of geography.
    vintage
        Census year preferred where several columns hold such codes.

    Returns
    -------
    int or None
        The column with most of them; of equals, one whose name says so, then the first. A
        column only called so is returned where no column holds codes, so that each of its rows
        can be told apart as a fault. None where there is neither.
    """
    best: tuple[float, bool, bool, int] | None = None
    for position, cells in table.columns.items():
        if pd.api.types.is_float_dtype(cells.dtype) or pd.api.types.is_bool_dtype(cells.dtype):
            continue
        name = squash(table.names[position])
        share = share_of(table.text(position), level)
        named = level.names.fullmatch(name) is not None
        if share < 0.5 and not named:
            continue
        rank = (
            share if share >= 0.5 else 0.0,
            vintage is not None and vintage_in(name) == vintage,
            named,
            -position,
        )
        if best is None or rank > best:
            best = rank
    return None if best is None else -best[3]


def require(table: Published, level: Level, *, vintage: str | None = None) -> int:
    """
    Return the column that holds codes of a level.

    Raises
    ------
    SourceError
        If there is none, naming the columns that there are.
    """
    position = find(table, level, vintage=vintage)
    if position is None:
        raise SourceError.of(
            table.source,
            f"no column holds {level.name} codes; it has the columns {table.headings()}",
        )
    return position


@dataclass(frozen=True, eq=False)
class Coded:
    """
    The rows of a table that are about areas of one level.

    Parameters
    ----------
    table
        Those rows.
    codes
        Their codes, shape (rows,).
    left_out
        The other rows: `row`, `value`, `reason`.
    rows_read
        Rows of both.
    """

    table: Published
    codes: pd.Series
    left_out: pd.DataFrame
    rows_read: int


def keep(table: Published, position: int, level: Level) -> Coded:
    """
    Part the rows about areas of a level from totals, other levels, notes and blanks.

    Raises
    ------
    SourceError
        With each code that is spelled wrongly, or if no row is about such an area.
    """
    if not len(table):
        raise SourceError.of(table.source, "there is a header but not one row below it")
    given = table.text(position)
    codes = given.fillna("").str.upper()
    right = codes.str.fullmatch(level.code.pattern).to_numpy(dtype=bool)
    wrong = codes.map(_misspelled).to_numpy(dtype=bool)
    faults = [
        Fault(
            table.source,
            int(table.rows[at]),
            f"'{codes[at]}' in column '{table.names[position]}' is not a code: nine characters "
            "are wanted, such as E01017282",
        )
        for at in np.flatnonzero(wrong & ~right)
    ]
    if faults:
        raise SourceError(faults)
    if not right.any():
        first = given.dropna()
        example = f", such as '{first.iloc[0]}'" if len(first) else ""
        raise SourceError.of(
            table.source,
            f"column '{table.names[position]}' holds no {level.name} code{example}",
        )
    others = given[~right]
    left_out = pd.DataFrame(
        {
            "row": table.rows[~right],
            "value": others.to_numpy(dtype=object),
            "reason": np.where(
                others.isna(),
                f"no {level.name} code",
                f"not {'an' if level.name[0] in 'aeo' else 'a'} {level.name}",
            ),
        }
    )
    kept = table.only(right)
    return Coded(kept, codes[right].reset_index(drop=True), left_out, len(table))


def _misspelled(text: str) -> bool:
    return LOOKS_LIKE_A_CODE.fullmatch(text) is not None and len(text) != 9


def vintage_in(name: str) -> str | None:
    """
    Return the census year that a squashed column name tells, or None.

    Examples
    --------
    >>> vintage_in("lsoa11cd"), vintage_in("lsoacode2021"), vintage_in("code")
    ('2011', '2021', None)
    """
    found = re.search(r"(?:lsoa|soa|oa|dz|zone|area)s?(?:code|cd)?(?:20)?(01|11|21|22)", name)
    return f"20{found[1]}" if found else None


def vintages(
    codes: pd.Series, *, name: str, source: str, rows: Sequence[int] | NDArray[np.int64]
) -> tuple[pd.Series, list[str]]:
    """
    Return the census year of each area's code, and notes of what was assumed.

    Parameters
    ----------
    codes
        Codes of areas, shape (rows,).
    name
        The name of their column, which may tell the year.
    source, rows
        The file, and the row of each code, for the faults.

    Raises
    ------
    SourceError
        If codes given in 2021 stand in a column of 2011.
    """
    told = vintage_in(squash(name))
    newer = np.zeros(len(codes), dtype=bool)
    for nation, last in NEWEST_2011.items():
        newer |= (codes.str.startswith(nation) & (codes > last)).to_numpy(dtype=bool)
    of_england_or_wales = codes.str[0].isin(list("EW")).to_numpy(dtype=bool)
    if told == "2011" and newer.any():
        raise SourceError(
            Fault(
                source,
                int(np.asarray(rows)[at]),
                f"'{codes.iloc[at]}' was first given in 2021, but column '{name}' says 2011; areas "
                "of two census years are mixed, so take one year's file",
            )
            for at in np.flatnonzero(newer)
        )
    notes: list[str] = []
    if told is None and of_england_or_wales.any() and not newer.any():
        notes.append(
            f"The column '{name}' does not tell the census year of its areas; "
            f"{ASSUMED} was assumed."
        )
    years = pd.Series(told or ASSUMED, index=codes.index, dtype=object)
    for first, year in DATA_ZONES:
        years[(codes.str.startswith("S") & (codes >= first)).to_numpy(dtype=bool)] = year
    years[codes.str.startswith("95").to_numpy(dtype=bool)] = "2001"
    years[codes.str.startswith("N").to_numpy(dtype=bool)] = "2021"
    years[of_england_or_wales & ~years.isin(["2011", "2021"]).to_numpy()] = ASSUMED
    return years, notes


def told(years: pd.Series) -> str:
    """Return the census years that occur, for a fact."""
    return ", ".join(sorted(set(years)))
