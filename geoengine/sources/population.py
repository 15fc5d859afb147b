"""Population estimates as published → people of an age band, and all people, by area."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import codes, values
from geoengine.published.codes import AREA, Coded
from geoengine.published.headers import names_like, squash
from geoengine.published.tables import Published, read_table
from geoengine.tables import Reading

OLDEST = 130
"""The age at which a band without upper end is taken to end, years."""

TOTAL = (
    r"(?:total|all|allages|totalpopulation|allpeople|allpersons|allusualresidents|population"
    r"|totalallusualresidents|totalallages|people|persons|age90?all)(?:20\d\d)?"
)
AGE_COLUMN = (r"cagename", r"agename", r"age\d*(?:categories|categoriesa)?(?:label|name)?")
VALUE_COLUMN = (r"obsvalue", r"observations?", r"value", r"count", r"population", r"people")
SEX_COLUMN = (r"csexname", r"gendername", r"sexname", r"sex\d*(?:categories)?", r"gender")
DATE_COLUMN = (r"date(?:name|code)?", r"year", r"timeperiod")
BOTH_SEXES = {"total", "persons", "person", "all", "allpersons", "people", "both", "bothsexes"}
KNOWN = names_like(
    AREA.names.pattern,
    r"[fm]?(?:age|aged)?\d{1,2}\+?(?:plus)?(?:years?)?",
    TOTAL,
    *AGE_COLUMN,
    *VALUE_COLUMN,
    *SEX_COLUMN,
    r"(?:lad|la|lsoa|geography|localauthority).*(?:name|code|cd|nm)\d*",
)

_YEARS = r"(?: ?(?:years?|yrs?)(?: olds?)?)?"
_OLDER = r"(?: ?(?:\+|plus)| ?(?:years?)? ?(?:and|or) (?:over|older|above))"
_YOUNGER = r"(?: ?(?:years?)? ?(?:and|or) (?:under|younger))"


@dataclass(frozen=True, order=True)
class Ages:
    """
    Ages that are counted together.

    Parameters
    ----------
    youngest, oldest
        Completed years, both inclusive.
    """

    youngest: int
    oldest: int

    def __str__(self) -> str:
        if self.oldest >= OLDEST:
            return f"{self.youngest} and over"
        return (
            str(self.youngest)
            if self.youngest == self.oldest
            else (f"{self.youngest} to {self.oldest}")
        )


def ages_in(label: str) -> Ages | None:
    """
    Return the ages that a heading or label tells, or None.

    Examples
    --------
    >>> [str(ages_in(label)) for label in ("F4", "Aged under 1 year", "Age 0 - 4", "age_90plus")]
    ['4', '0', '0 to 4', '90 and over']
    """
    text = re.sub(r"[\s_]+", " ", label.casefold()).strip()
    text = re.sub(r"^(?:[fm] ?(?=\d)|persons? |aged? ?|ages )", "", text)
    text = re.sub(r"^aged? ", "", text)
    if re.fullmatch(r"(?:under|less than) ?1" + _YEARS, text):
        return Ages(0, 0)
    if single := re.fullmatch(r"(\d{1,3})" + _YEARS, text):
        return _within(int(single[1]), int(single[1]))
    if older := re.fullmatch(r"(\d{1,3})" + _OLDER, text):
        return _within(int(older[1]), OLDEST)
    if younger := re.fullmatch(r"(\d{1,3})" + _YOUNGER, text):
        return _within(0, int(younger[1]))
    if under := re.fullmatch(r"(?:under|less than) ?(\d{1,3})" + _YEARS, text):
        return _within(0, int(under[1]) - 1)
    if band := re.fullmatch(r"(\d{1,3}) ?(?:-|–|to| ) ?(\d{1,3})" + _YEARS, text):
        return _within(int(band[1]), int(band[2]))
    return None


def _within(youngest: int, oldest: int) -> Ages | None:
    return Ages(youngest, oldest) if 0 <= youngest <= oldest <= OLDEST else None


def read(path: Path, *, ages: tuple[int, int] = (0, 4), sheet: str | None = None) -> Reading:
    """
    Read how many people of an age band live in each area.

    Parameters
    ----------
    path
        ONS small-area estimates (XLSX), a NOMIS or Census download (CSV, a row for each area and
        age), or any table with a row for each area and a column for each age or band.
    ages
        Youngest and oldest age, completed years, both inclusive; 90 and more means everyone
        from the youngest up.
    sheet
        The sheet of a workbook; by default the newest year's sheet of areas.

    Returns
    -------
    Reading
        `geoengine.tables.POPULATION`. Facts: `vintage`, `year` where told, `ages`, `layout`,
        `code_column`, `sheet`.

    Raises
    ------
    SourceError
        If the ages wanted cannot be made up from the ages told, or a number is none.
    TableError
        If an area stands twice, a number is missing, or fewer than no people live in an area.
    """
    youngest, oldest = ages
    if not 0 <= youngest <= oldest:
        raise SourceError.of(path, f"ages from {youngest} to {oldest} are not an age band")
    band = Ages(youngest, OLDEST if oldest >= 90 else oldest)
    table = read_table(path, known=KNOWN, sheets=_sheets(path, sheet), enough=3)
    position = codes.require(table, AREA)
    column = table.names[position]
    coded = codes.keep(table, position, AREA)
    long = _long_columns(coded.table)
    notes: list[str] = []
    if long is None:
        coded, counts, everybody, layout = (*_wide(coded), "one row for each area")
    else:
        coded, counts, everybody, told = _long(coded, long)
        layout, notes = "one row for each area and age", [*notes, *told]
    counts = _open_ended(counts)
    parts = made_up_of(band, sorted(counts))
    if parts is None:
        raise SourceError.of(table.source, _missing_ages(band, sorted(counts)))
    people = np.sum([counts[part] for part in parts], axis=0)
    years, assumed = codes.vintages(
        coded.codes, name=column, source=table.source, rows=coded.table.rows
    )
    frame = pd.DataFrame(
        {"people": people, "all_people": _all_people(everybody, counts)},
        index=pd.Index(coded.codes, name="area_code"),
    )
    tables.POPULATION.check(frame, source=table.source, rows=coded.table.rows.tolist())
    facts = {
        "vintage": codes.told(years),
        "ages": str(band),
        "layout": layout,
        "code_column": column,
        **_year(path, table),
    }
    return Reading(frame, coded.rows_read, coded.left_out, (*notes, *assumed), facts)


def _sheets(path: Path, sheet: str | None) -> Callable[[Sequence[str]], list[str]]:
    """Return what puts the newest year's sheet of areas first."""

    def newest(name: str) -> tuple[bool, bool, int]:
        years = [int(year) for year in re.findall(r"(?:19|20)\d\d", name)]
        told = name.casefold()
        of_areas = re.search(r"lsoa|data ?zone|soa|persons", told) is not None
        dated = re.search(r"mid[- _]?(?:19|20)\d\d", told) is not None
        return (not (of_areas or dated), not dated, -years[0] if years else 0)

    def order(names: Sequence[str]) -> list[str]:
        if sheet is None:
            return sorted(names, key=newest)
        if sheet not in names:
            raise SourceError.of(
                path, f"there is no sheet '{sheet}'; the workbook has {', '.join(names)}"
            )
        return [sheet]

    return order


def _year(path: Path, table: Published) -> dict[str, str]:
    told = {"sheet": table.facts["sheet"]} if "sheet" in table.facts else {}
    for text in (table.facts.get("sheet", ""), path.stem):
        found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
        if found:
            return told | {"year": found[0] if text != path.stem else max(found)}
    return told


def _wide(
    coded: Coded,
) -> tuple[Coded, dict[Ages, NDArray[np.float64]], NDArray[np.float64] | None]:
    """Return the counts of each age, shape (areas,), and of all people, from their columns."""
    table = coded.table
    faults: list[Fault] = []
    counts: dict[Ages, NDArray[np.float64]] = {}
    by_sex: dict[Ages, set[str]] = {}
    for position in table.columns:
        name = table.names[position]
        ages = ages_in(name)
        if ages is None:
            continue
        sex = re.match(r"[fm](?=[ _]?\d)", name.strip().casefold())
        kind = sex[0] if sex else "p"
        held = by_sex.setdefault(ages, set())
        if kind in held or (held and "p" in held | {kind}):
            raise SourceError.of(
                table.source, f"two columns tell the people aged {ages}; '{name}' is the second"
            )
        held.add(kind)
        counts[ages] = counts.get(ages, 0.0) + table.number(position, faults)
    halved = sorted(ages for ages, held in by_sex.items() if len(held) == 1 and "p" not in held)
    if halved:
        faults.append(
            Fault(
                table.source,
                0,
                f"only one sex is told for ages {', '.join(str(ages) for ages in halved[:5])}",
            )
        )
    total = table.find(TOTAL)
    everybody = None if total is None else table.number(total, faults)
    if faults:
        raise SourceError(faults)
    if not counts:
        raise SourceError.of(
            table.source, f"no column tells people by age; it has {table.headings()}"
        )
    return coded, counts, everybody


def _long_columns(table: Published) -> tuple[int, int] | None:
    """Return the columns of ages and of values of a table with a row for each age."""
    value = table.find(*VALUE_COLUMN)
    age = table.find(*AGE_COLUMN)
    if value is None or age is None or value == age:
        return None
    labels = table.text(age).dropna().unique()[:200]
    told = sum(ages_in(label) is not None for label in labels)
    return (age, value) if told * 2 >= len(labels) and told else None


def _long(
    coded: Coded, columns: tuple[int, int]
) -> tuple[Coded, dict[Ages, NDArray[np.float64]], NDArray[np.float64] | None, list[str]]:
    """Return the same as `_wide` from a table with a row for each area and age."""
    table, notes = coded.table, []
    chosen, told = _one_date_and_measure(table)
    notes += told
    sexes = table.find(*SEX_COLUMN)
    summed = False
    if sexes is not None:
        spoken = table.words(sexes)
        both = spoken.isin(BOTH_SEXES).to_numpy(dtype=bool)
        summed = not (both & chosen).any()
        chosen = chosen if summed else chosen & both
    part, part_codes = table.only(chosen), coded.codes[chosen].reset_index(drop=True)
    faults: list[Fault] = []
    number = part.number(columns[1], faults)
    label = part.text(columns[0]).fillna("")
    known = {text: ages_in(text) for text in label.unique()}
    total = {text for text in known if re.fullmatch(TOTAL, squash(text))}
    keys = label.map(lambda text: "all" if text in total else str(known[text]))
    twice = pd.DataFrame({"code": part_codes, "age": keys}).duplicated().to_numpy(dtype=bool)
    odd = label.map(lambda text: known[text] is None and text not in total).to_numpy(dtype=bool)
    faults += [
        Fault(table.source, int(part.rows[at]), f"'{label.iloc[at]}' is not an age or a band")
        for at in np.flatnonzero(odd)
    ]
    if not summed:
        faults += [
            Fault(
                table.source,
                int(part.rows[at]),
                f"'{part_codes.iloc[at]}' has a second number of people aged {label.iloc[at]}",
            )
            for at in np.flatnonzero(twice & ~odd)
        ]
    if faults:
        raise SourceError(faults)
    first = (~coded.codes.duplicated()).to_numpy(dtype=bool)
    areas = coded.codes[first].reset_index(drop=True)
    counts, everybody = _pivoted(part_codes, keys, number, areas, known, total)
    notes.append(f"Rows that tell one age each, brought together by area: {coded.rows_read}.")
    kept = Coded(table.only(first), areas, coded.left_out, coded.rows_read)
    return kept, counts, everybody, notes


def _pivoted(
    part_codes: pd.Series,
    keys: pd.Series,
    number: NDArray[np.float64],
    areas: pd.Series,
    known: dict[str, Ages | None],
    total: set[str],
) -> tuple[dict[Ages, NDArray[np.float64]], NDArray[np.float64] | None]:
    cells = pd.DataFrame({"code": part_codes, "age": keys, "people": number})
    grouped = cells.groupby(["code", "age"], sort=True)["people"]
    known_in_full = grouped.count() == grouped.size()
    told = grouped.sum().where(known_in_full).reset_index()
    wide = told.pivot_table(index="code", columns="age", values="people").reindex(areas)
    counts = {
        ages: wide[str(ages)].to_numpy(dtype=float)
        for label, ages in known.items()
        if ages is not None and label not in total and str(ages) in wide
    }
    return counts, (wide["all"].to_numpy(dtype=float) if "all" in wide else None)


def _open_ended(counts: dict[Ages, NDArray[np.float64]]) -> dict[Ages, NDArray[np.float64]]:
    """Take a last age of 90 for 90 and over, as the ONS workbooks mean it."""
    last = Ages(90, 90)
    if last not in counts or max(counts) != last:
        return counts
    return {Ages(90, OLDEST) if ages == last else ages: of for ages, of in counts.items()}


def _one_date_and_measure(table: Published) -> tuple[NDArray[np.bool_], list[str]]:
    """Choose the newest date of a table, and counts where it holds percentages too."""
    chosen = np.ones(len(table), dtype=bool)
    notes = []
    measures = table.find(r"measures?name", r"measure")
    if measures is not None:
        spoken = table.words(measures)
        counted = spoken.isin(["value", "count", "number"]).to_numpy(dtype=bool)
        if counted.any():
            chosen &= counted
    dates = table.find(*DATE_COLUMN)
    if dates is not None:
        told = values.spell(table.columns[dates])
        newest = max(told[chosen])
        if len(set(told[chosen])) > 1:
            notes.append(f"Of the dates in the table, {newest} was read.")
        chosen &= (told == newest).to_numpy(dtype=bool)
    return chosen, notes


def made_up_of(band: Ages, told: Sequence[Ages]) -> list[Ages] | None:
    """
    Return the ages told that together make up a band, the finest first; None if none do.

    Examples
    --------
    >>> told = [Ages(0, 0), Ages(0, 4), Ages(1, 4), Ages(5, 9)]
    >>> [str(part) for part in made_up_of(Ages(0, 9), told)]
    ['0', '1 to 4', '5 to 9']
    >>> made_up_of(Ages(0, 2), told)
    """
    made: dict[int, list[Ages]] = {band.oldest + 1: []}
    for part in sorted(told, key=lambda part: (-part.youngest, -part.oldest)):
        if part.youngest >= band.youngest and part.oldest + 1 in made:
            made[part.youngest] = [part, *made[part.oldest + 1]]
    return made.get(band.youngest)


def _missing_ages(band: Ages, told: Sequence[Ages]) -> str:
    covered = {age for part in told for age in range(part.youngest, part.oldest + 1)}
    absent = [age for age in range(band.youngest, min(band.oldest, 90) + 1) if age not in covered]
    shown = ", ".join(str(part) for part in told[:12]) + (" …" if len(told) > 12 else "")
    if absent:
        named = ", ".join(str(age) for age in absent[:12])
        return (
            f"people aged {band} cannot be counted: age{'s' if len(absent) > 1 else ''} {named} "
            f"missing; the file tells ages {shown}"
        )
    return f"people aged {band} cannot be made up from the bands that the file tells: {shown}"


def _all_people(
    everybody: NDArray[np.float64] | None, counts: dict[Ages, NDArray[np.float64]]
) -> NDArray[np.float64]:
    if everybody is not None:
        return everybody
    parts = made_up_of(Ages(0, OLDEST), sorted(counts))
    if parts is None:
        return np.full(len(next(iter(counts.values()))), np.nan)
    return np.asarray(np.sum([counts[part] for part in parts], axis=0))
