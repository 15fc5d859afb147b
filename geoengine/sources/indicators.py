"""Indices of deprivation as published → decile and rank of each area within its own nation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import codes
from geoengine.published.codes import AREA, Coded
from geoengine.published.headers import names_like, squash
from geoengine.published.indices import (
    EDITION,
    INDICES,
    MEASURES,
    NATIONS,
    areas_ranked,
    decile_of,
)
from geoengine.published.tables import Published, read_table
from geoengine.tables import Reading

Direction = Literal["1 is most deprived", "1 is least deprived"]
MOST: Direction = "1 is most deprived"
LEAST: Direction = "1 is least deprived"

LONG = ("datavalues?", "obsvalue", "value")
KNOWN = names_like(
    AREA.names.pattern,
    rf"(?:{EDITION})(?:{'|'.join(INDICES.values())})(?:domain)?(?:20\d\d)?"
    rf"(?:{'|'.join(MEASURES.values())})?(?:where1ismostdeprived.*)?",
    r"domain|datadescription|datavalues?|wimd20\d\d|lsoaname.*|localauthority.*",
)


@dataclass(frozen=True, eq=False)
class _Measured:
    """What a file tells of each area: NaN where it does not; shapes (areas,)."""

    rank: NDArray[np.float64]
    decile: NDArray[np.float64]
    score: NDArray[np.float64]
    columns: dict[str, str]


def read_deprivation(
    path: Path, *, index: str = "imd", direction: Direction | None = None
) -> Reading:
    """
    Read an index of deprivation: the English, Welsh, Scottish or Northern Irish, or one's own.

    Parameters
    ----------
    path
        CSV, XLSX, ODS or Parquet with a column of area codes and one of deciles, ranks or
        scores. Deciles not published are worked out from ranks as the publisher does.
    index
        `imd` for the whole index, or one of its parts: `idaci`, `idaopi`, `income`,
        `employment`, `education`, `health`, `crime`, `housing`, `access`, `environment`.
    direction
        What rank and decile 1 mean; by default 'most deprived', as all four nations publish.

    Returns
    -------
    Reading
        `geoengine.tables.DEPRIVATION`. Facts: `index`, `vintage`, `nations`, `direction`,
        `layout`, `code_column`, and `rank_column`, `decile_column`, `score_column` where read.

    Raises
    ------
    SourceError
        If the file has no such index, contradicts its direction, or tells only a score of
        some of a nation's areas, from which no decile follows.
    TableError
        If an area stands twice or a decile is not 1 to 10.
    """
    if index not in INDICES:
        raise SourceError.of(
            path, f"there is no index '{index}'; the choice is {', '.join(INDICES)}"
        )
    table = read_table(path, known=KNOWN, sheets=_sheets(index), enough=3)
    _refuse_healthy_first(table, direction)
    coded = codes.keep(table, codes.require(table, AREA), AREA)
    column = table.names[codes.require(table, AREA)]
    notes: list[str] = []
    if _is_long(table):
        coded, measured = _long(coded, index)
        notes.append(f"Rows that tell one value each, brought together by area: {coded.rows_read}.")
    else:
        measured = _wide(coded.table, index)
    years, assumed = codes.vintages(
        coded.codes, name=column, source=table.source, rows=coded.table.rows
    )
    ordered = _directed(coded, measured, years, direction)
    decile, told = _deciles(coded, ordered, years)
    frame = pd.DataFrame(
        {
            "nation": codes.nation_of(coded.codes).to_numpy(),
            "decile": decile,
            "rank": ordered.rank,
            "score": ordered.score,
        },
        index=pd.Index(coded.codes, name="area_code"),
    )
    tables.DEPRIVATION.check(frame, source=table.source, rows=coded.table.rows.tolist())
    facts = {
        "index": index,
        "vintage": codes.told(years),
        "nations": ", ".join(sorted(set(frame["nation"]))),
        "direction": direction or MOST,
        "layout": "long" if _is_long(table) else "one row for each area",
        "code_column": column,
        **{f"{measure}_column": name for measure, name in measured.columns.items()},
    }
    return Reading(frame, coded.rows_read, coded.left_out, (*notes, *assumed, *told), facts)


def _sheets(index: str) -> Callable[[Sequence[str]], list[str]]:
    """Return what puts the sheets whose names promise the index before the others."""

    def promise(name: str) -> int:
        told = squash(name)
        if index == "imd" and "decile" in told:
            return 0
        if re.search(r"rank|score|imd\d|data|domains", told):
            return 1
        return 3 if re.search(r"note|content|cover|guid|meta|readme", told) else 2

    return lambda names: sorted(names, key=promise)


def _refuse_healthy_first(table: Published, direction: Direction | None) -> None:
    if direction is None and any("ahah" in squash(name) for name in table.names):
        raise SourceError.of(
            table.source,
            "this is Access to Healthy Assets and Hazards, in which 1 is the healthiest; say so in "
            f"the study with direction = '{LEAST}'",
        )


def _is_long(table: Published) -> bool:
    return table.find("domain") is not None and table.find(*LONG) is not None


def _column(table: Published, index: str, measure: str) -> int | None:
    stem = INDICES[index]
    return table.find(
        rf"(?:{EDITION})(?:{stem})(?:domain)?(?:20\d\d)?{MEASURES[measure]}"
        r"(?:20\d\d)?(?:where1ismostdeprived.*)?"
    )


def _wide(table: Published, index: str) -> _Measured:
    faults: list[Fault] = []
    found = {measure: _column(table, index, measure) for measure in MEASURES}
    if all(position is None for position in found.values()):
        found = _bare(table, index)
    columns = {
        measure: table.names[position]
        for measure, position in found.items()
        if position is not None
    }
    if not columns:
        raise SourceError.of(
            table.source,
            f"no column holds a rank, decile or score of '{index}'; it has {table.headings()}",
        )
    told = {
        measure: np.full(len(table), np.nan) if position is None else table.number(position, faults)
        for measure, position in found.items()
    }
    if faults:
        raise SourceError(faults)
    return _Measured(told["rank"], told["decile"], told["score"], columns)


def _bare(table: Published, index: str) -> dict[str, int | None]:
    """Find the column called as the index alone is, as the Welsh ranks and scores are."""
    found: dict[str, int | None] = dict.fromkeys(MEASURES)
    position = table.find(r"wimd20\d\d" if index == "imd" else rf"(?:{INDICES[index]})(?:domain)?")
    if position is None:
        return found
    values = table.number(position, [])
    given = values[np.isfinite(values)]
    ranked = len(given) > 0 and bool((given >= 1).all() and (given % 1 == 0).all())
    found["rank" if ranked else "score"] = position
    return found


def _long(coded: Coded, index: str) -> tuple[Coded, _Measured]:
    """Return one row for each area from a table with a row for each value."""
    table = coded.table
    domain, described, held = (
        table.find("domain"),
        table.find(r"datadescription|measures?(?:name)?|statistic"),
        table.find(*LONG),
    )
    if domain is None or described is None or held is None:
        raise SourceError.of(
            table.source, f"the long table tells no measure of each value: {table.headings()}"
        )
    mine = re.compile(rf"(?:{EDITION})(?:{INDICES[index]})(?:domain)?(?:20\d\d)?")
    about = table.words(domain).map(lambda told: _like(mine, told, index))
    kinds = table.words(described)
    faults: list[Fault] = []
    told: dict[str, pd.Series] = {}
    for measure, pattern in MEASURES.items():
        chosen = (about & kinds.map(lambda kind, p=pattern: bool(re.fullmatch(p, kind)))).to_numpy(
            dtype=bool
        )
        part = table.only(chosen)
        values = pd.Series(part.number(held, faults), index=coded.codes[chosen])
        twice = values.index.duplicated()
        faults += [
            Fault(
                table.source,
                int(part.rows[at]),
                f"'{values.index[int(at)]}' has a second {measure}",
            )
            for at in np.flatnonzero(twice)
        ]
        told[measure] = values[~twice]
    if faults:
        raise SourceError(faults)
    areas = coded.codes.drop_duplicates()
    if all(values.empty for values in told.values()):
        raise SourceError.of(table.source, f"no row tells a rank, decile or score of '{index}'")
    first = table.only((~coded.codes.duplicated()).to_numpy(dtype=bool))
    reached = {measure: values.reindex(areas).to_numpy(float) for measure, values in told.items()}
    columns = {m: table.names[held] for m, values in told.items() if not values.empty}
    measured = _Measured(reached["rank"], reached["decile"], reached["score"], columns)
    return (
        Coded(first, areas.reset_index(drop=True), coded.left_out, coded.rows_read),
        measured,
    )


def _like(pattern: re.Pattern[str], told: str, index: str) -> bool:
    if not told:
        return False
    return pattern.fullmatch(told) is not None or (index == "imd" and told.startswith("wimd"))


def _directed(
    coded: Coded, measured: _Measured, years: pd.Series, direction: Direction | None
) -> _Measured:
    """Return ranks and deciles in which 1 is the most deprived, or refuse contradictions."""
    source = coded.table.source
    nations = codes.nation_of(coded.codes).to_numpy()
    rank, decile, score = measured.rank, measured.decile, measured.score
    if direction == LEAST:
        rank = areas_ranked(nations, years) + 1 - rank
        decile = 11 - decile
    for nation in np.unique(nations):
        mine = nations == nation
        if _rises(rank[mine], decile[mine]) is False:
            raise SourceError.of(
                source,
                f"ranks and deciles run against each other in {NATIONS[nation]}: where the rank "
                "is 1 the decile must be 1; one of the columns is turned round",
            )
        rising = _rises(rank[mine], score[mine])
        if rising is None:
            rising = _rises(decile[mine], score[mine])
        if rising:
            raise SourceError.of(
                source,
                f"in {NATIONS[nation]} rank or decile 1 has the lowest score, but a higher score "
                "means more deprived; if 1 is the least deprived here, say so in the study with "
                f"direction = '{LEAST}'",
            )
    return _Measured(rank, decile, score, measured.columns)


def _rises(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool | None:
    """Say whether one column rises with another; None where that cannot be told."""
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 2 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return None
    slope = float(np.corrcoef(one[both], other[both])[0, 1])
    return None if abs(slope) < 0.1 else slope > 0


def _deciles(
    coded: Coded, measured: _Measured, years: pd.Series
) -> tuple[NDArray[np.float64], list[str]]:
    """Return each area's decile as published, or else from its rank, or else from its score."""
    nations = codes.nation_of(coded.codes).to_numpy()
    ranked = areas_ranked(nations, years)
    rank = measured.rank
    from_scores = np.isnan(rank) & np.isnan(measured.decile) & np.isfinite(measured.score)
    if from_scores.any():
        rank = np.where(from_scores, _rank_scores(coded, measured.score, nations, ranked), rank)
    with np.errstate(invalid="ignore"):
        beyond = rank > ranked
    faults = [
        Fault(
            coded.table.source,
            int(coded.table.rows[at]),
            f"rank {rank[at]:g} of '{coded.codes[at]}' is more than the {ranked[at]:,.0f} areas "
            f"that {NATIONS[nations[at]]} ranked",
        )
        for at in np.flatnonzero(beyond)
    ]
    nothing = np.isnan(rank) & np.isnan(measured.decile)
    unknown = np.isnan(measured.decile) & np.isfinite(rank) & np.isnan(ranked)
    for at in np.flatnonzero(nothing | unknown):
        told = "no rank, decile or score" if nothing[at] else "a rank among areas not known here"
        faults.append(
            Fault(coded.table.source, int(coded.table.rows[at]), f"'{coded.codes[at]}' has {told}")
        )
    if faults:
        raise SourceError(faults)
    worked = decile_of(rank, nations, years)
    decile = np.where(np.isnan(measured.decile), worked, measured.decile)
    return decile, _told(measured, worked, decile, from_scores)


def _rank_scores(
    coded: Coded,
    score: NDArray[np.float64],
    nations: NDArray[np.object_],
    ranked: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Rank a whole nation's areas by score, the highest first."""
    rank = np.full(len(score), np.nan)
    for nation in np.unique(nations):
        mine = (nations == nation) & np.isfinite(score)
        if mine.any() and mine.sum() != ranked[mine][0]:
            raise SourceError.of(
                coded.table.source,
                f"it tells only scores, and of {int(mine.sum()):,} areas in {NATIONS[nation]}; "
                "deciles follow from scores only when all the nation's "
                f"{ranked[mine][0]:,.0f} areas are there, so give ranks or deciles",
            )
        rank[mine] = pd.Series(-score[mine]).rank(method="first").to_numpy()
    return rank


def _told(
    measured: _Measured,
    worked: NDArray[np.float64],
    decile: NDArray[np.float64],
    from_scores: NDArray[np.bool_],
) -> list[str]:
    notes = []
    derived = int(np.isnan(measured.decile).sum())
    if derived:
        base = "scores" if from_scores.any() else "ranks"
        notes.append(f"Areas whose decile was worked out from their {base}: {derived}.")
    both = np.isfinite(measured.decile) & np.isfinite(worked)
    apart = int((both & (worked != decile)).sum())
    if apart:
        notes.append(
            "Areas whose published decile, which is used, is not the one that their rank gives: "
            f"{apart}."
        )
    if not np.isfinite(measured.rank).any() and not np.isfinite(measured.score).any():
        notes.append("The file tells deciles only; 1 was taken as the most deprived.")
    return notes
