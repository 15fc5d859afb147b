"""What is asked of a layer's features, read from an address; all that is wrong told at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from geoengine.errors import GeoEngineError
from webmap.api.crs import CRS84

USUAL_LIMIT = 1_000
MOST = 10_000
SHOWN = 60
FORMATS = ("json", "html")
ITEMS = (
    *("f", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "properties", "sortby"),
    *("filter", "filter-lang", "filter-crs"),
)
LANGUAGE = "cql2-text"
INSTANT = re.compile(r"\d{4}-\d\d-\d\d([Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?")


@dataclass(frozen=True)
class Asked:
    """
    What is asked of a layer's features.

    Parameters
    ----------
    limit, offset
        How many features are told, and how many are passed over.
    crs
        URI of the CRS that they are told in.
    bbox, bbox_crs
        West, south, east and north (in the order of the CRS's own axes) that they intersect, and
        the URI of their CRS.
    filter, filter_crs
        A tree from `filters.parse` that holds for them, and the URI of its geometries' CRS.
    equal
        Columns and the text that each equals.
    properties
        Columns that are told; all for `None`.
    sortby
        Columns that put them in order, each with whether the greatest come first.
    """

    limit: int = USUAL_LIMIT
    offset: int = 0
    crs: str = CRS84
    bbox: tuple[float, float, float, float] | None = None
    bbox_crs: str = CRS84
    filter: Any = None
    filter_crs: str = CRS84
    equal: tuple[tuple[str, str], ...] = ()
    properties: tuple[str, ...] | None = None
    sortby: tuple[tuple[str, bool], ...] = ()


def only(given: Mapping[str, Sequence[str]], known: Collection[str]) -> None:
    """
    Refuse parameters that an address doesn't know, or that it is given twice.

    Raises
    ------
    GeoEngineError
        With all of them.
    """
    problems = _strange(given, known)
    if problems:
        raise GeoEngineError("; ".join(problems))


def read(
    given: Mapping[str, Sequence[str]], columns: Sequence[str], offered: Sequence[str]
) -> Asked:
    """
    Read what is asked of a layer's features.

    Parameters
    ----------
    given
        Every value of each parameter.
    columns
        The layer's, the id first.
    offered
        URIs of the CRSs offered.

    Raises
    ------
    GeoEngineError
        With all that is wrong.

    Examples
    --------
    >>> asked = read({"limit": ["5"], "sortby": ["-minutes"]}, ["id", "minutes"], [CRS84])
    >>> asked.limit, asked.sortby
    (5, (('minutes', True),))
    """
    problems = _strange(given, (*ITEMS, *columns))
    one = {name: values[0] for name, values in given.items() if values}
    asked = Asked(
        limit=min(_whole(one, "limit", USUAL_LIMIT, 1, problems), MOST),
        offset=_whole(one, "offset", 0, 0, problems),
        crs=_crs(one, "crs", offered, problems),
        bbox_crs=_crs(one, "bbox-crs", offered, problems),
        filter_crs=_crs(one, "filter-crs", offered, problems),
        bbox=_bbox(one, problems),
        filter=_filter(one, problems),
        equal=tuple((name, one[name]) for name in columns if name in one and name not in ITEMS),
        properties=_properties(one, columns, problems),
        sortby=_sortby(one, columns, problems),
    )
    _datetime(one, problems)
    if problems:
        raise GeoEngineError("; ".join(problems))
    return asked


def _strange(given: Mapping[str, Sequence[str]], known: Collection[str]) -> list[str]:
    problems = [
        f"there is no parameter '{name[:SHOWN]}'; there are {', '.join(known)}"
        for name in given
        if name not in known
    ]
    twice = [name for name, values in given.items() if name in known and len(values) > 1]
    return problems + [f"{name} is given {len(given[name])} times; give it once" for name in twice]


def _whole(one: Mapping[str, str], name: str, usual: int, least: int, problems: list[str]) -> int:
    text = one.get(name, str(usual))
    if len(text) <= 18 and re.fullmatch("[0-9]+", text) and int(text) >= least:
        return int(text)
    problems.append(f"{name} must be a whole number from {least}, not '{text[:SHOWN]}'")
    return usual


def _crs(one: Mapping[str, str], name: str, offered: Sequence[str], problems: list[str]) -> str:
    uri = one.get(name, CRS84)
    if uri not in offered:
        problems.append(f"{name} must be one of {', '.join(offered)}; not '{uri[:SHOWN]}'")
        return CRS84
    return uri


def _bbox(one: Mapping[str, str], problems: list[str]) -> tuple[float, float, float, float] | None:
    if "bbox" not in one:
        return None
    from webmap.api import boxes

    text = one["bbox"]
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    try:
        return boxes.corners(numbers, round_it=one.get("bbox-crs", CRS84) == CRS84)
    except GeoEngineError as error:
        problems.append(f"{error}; not '{text[:SHOWN]}'")
        return None


def _filter(one: Mapping[str, str], problems: list[str]) -> Any:
    if one.get("filter-lang", LANGUAGE) != LANGUAGE:
        problems.append(f"filter-lang must be {LANGUAGE}, not '{one['filter-lang'][:SHOWN]}'")
        return None
    if "filter" not in one:
        return None
    from webmap.api import filters

    try:
        return filters.parse(one["filter"])
    except GeoEngineError as error:
        problems.append(str(error))
        return None


def _properties(
    one: Mapping[str, str], columns: Sequence[str], problems: list[str]
) -> tuple[str, ...] | None:
    if "properties" not in one:
        return None
    names = [name for name in one["properties"].split(",") if name]
    problems += [_no_column("properties", name, columns) for name in names if name not in columns]
    return tuple(name for name in columns if name in names)


def _sortby(
    one: Mapping[str, str], columns: Sequence[str], problems: list[str]
) -> tuple[tuple[str, bool], ...]:
    order = []
    for part in one.get("sortby", "").split(","):
        # A plus sign in an address is read as a space.
        name = part.lstrip("+- ") if part[:1] in ("+", "-", " ") else part
        if name in columns:
            order.append((name, part.startswith("-")))
        elif part:
            problems.append(_no_column("sortby", name, columns))
    return tuple(order)


def _no_column(parameter: str, name: str, columns: Sequence[str]) -> str:
    return f"{parameter} names no column with '{name[:SHOWN]}'; there are {', '.join(columns)}"


def _datetime(one: Mapping[str, str], problems: list[str]) -> None:
    """Check an instant or an interval; features have no time, so that all of them match."""
    text = one.get("datetime")
    if text is None:
        return
    ends = ["" if end == ".." else end for end in text.split("/")]
    times = [_instant(end) for end in ends if end]
    known = [time for time in times if time is not None]
    whole = len(ends) == 2 or (len(ends) == 1 and ends[0])
    if not whole or len(known) < len(times) or known != sorted(known):
        problems.append(
            "datetime must be like 2026-11-22T12:00:00Z, 2026-01-01/2026-12-31 or 2026-01-01/..; "
            f"not '{text[:SHOWN]}'"
        )


def _instant(text: str) -> datetime | None:
    """Read an instant; `None` where it is none."""
    try:
        instant = datetime.fromisoformat(text.upper()) if INSTANT.fullmatch(text) else None
    except ValueError:
        return None
    return instant if instant is None or instant.tzinfo else instant.replace(tzinfo=UTC)
