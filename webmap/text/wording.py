"""Values in words: numbers as people write them, and a name for each way of having no number."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from webmap.text.language import Language

SHARE_UNITS = ("share", "proportion", "0-1", "0–1")
STATES = ("not_covered", "no_network", "unknown")
CHANCE_UNIT = "probability"
LEAST_CHANCE = 0.001
"""A smaller probability is said to be under it: none is ever 0."""
SMALL = 0.1
"""A smaller number would lose its figures to rounding."""


def number(value: float, *, share: bool = False) -> str:
    """
    Write a number: shares in per cent, halves rounded up, thousands set apart.

    Parameters
    ----------
    value
        The number; whole numbers are written out, others to one decimal place (from 100 on, none).
    share
        Whether it is a share, 0–1.

    Examples
    --------
    >>> number(12345.0), number(15.25), number(0.125, share=True)
    ('12,345', '15.3', '13%')
    """
    rounded = _rounded(value, share=share)
    return f"{rounded if rounded else abs(rounded):,}" + ("%" if share else "")


def _rounded(value: float, *, share: bool) -> Decimal:
    """Round as `number` writes: a share is in per cent."""
    exact = Decimal(value) * (100 if share else 1)
    whole = share or exact == exact.to_integral_value() or abs(exact) >= 100
    return exact.quantize(Decimal(1) if whole else Decimal("0.1"), rounding=ROUND_HALF_UP)


def chance(language: Language, value: float) -> str:
    """
    Write a probability to two significant figures, or say that it is under 0.001.

    Examples
    --------
    >>> from webmap.text.language import languages
    >>> [chance(languages()[0], p) for p in (0.34, 0.0456, 0.00002, 1.0)]
    ['0.34', '0.046', 'under 0.001', '1']
    """
    if value < LEAST_CHANCE:
        return language.say("cell-chance-under", least=f"{LEAST_CHANCE:g}")
    return _figures(value) if value < 1 else number(value)


def _figures(value: float) -> str:
    """Write a number to two significant figures."""
    exact = Decimal(value)
    return f"{exact.quantize(Decimal(1).scaleb(exact.adjusted() - 1), ROUND_HALF_UP):f}"


def as_shown(value: float | None, kind: str) -> float | None:
    """
    Round people, times and shares as the page shows them.

    Other numbers stay as they are: a probability of 0.0004 is not none.

    Examples
    --------
    >>> as_shown(12.5, "people"), as_shown(15.25, "time"), as_shown(0.125, "share")
    (13.0, 15.3, 0.13)
    >>> as_shown(0.0004, "number")
    0.0004
    """
    if value is None or not math.isfinite(value) or kind not in ("people", "time", "share"):
        return value
    if kind == "people":
        return float(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    share = kind == "share"
    return float(_rounded(value, share=share) / (100 if share else 1))


def count(value: float | None) -> str:
    """Write a count of people that sums of shares may have left fractional; "" for none."""
    if value is None:
        return ""
    return f"{Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"


def kind(column: Mapping[str, Any], people: str) -> str:
    """
    Say what a column's numbers are by its unit: `share`, `time`, `chance`, `people` or `number`.

    Parameters
    ----------
    column
        The column's `unit`.
    people
        What the people of the study are called, as the unit of their columns.
    """
    unit = str(column["unit"])
    if unit in SHARE_UNITS:
        return "share"
    if unit.startswith("min"):
        return "time"
    if unit == CHANCE_UNIT:
        return "chance"
    return "people" if unit in ("people", people) else "number"


def heading(title: str, unit: str, kind: str) -> str:
    """
    Return a column's title, with its unit where neither title nor cells tell it.

    Examples
    --------
    >>> heading("Longest time", "minutes", "time"), heading("Minutes", "minutes", "time")
    ('Longest time (minutes)', 'Minutes')
    """
    told = kind in ("share", "people", "chance") or unit.lower() in title.lower()
    return title if told or not unit else f"{title} ({unit})"


def natural(text: str) -> Iterator[tuple[int, str, int]]:
    """
    Yield what words are sorted by: letters whatever their case, and runs of digits as numbers.

    Examples
    --------
    >>> sorted(["Area 10", "area 9"], key=lambda text: list(natural(text)))
    ['area 9', 'Area 10']
    """
    for letters, digits in re.findall(r"(\D+)|(\d+)", text.casefold()):
        yield (0, "", int(digits)) if digits else (1, letters, 0)


def cell(
    language: Language,
    value: Any,
    column: Mapping[str, Any],
    line: Mapping[str, Any],
    mode: str,
    state: Any = None,
) -> str:
    """
    Say what a table's cell holds.

    Parameters
    ----------
    language
        To say it in.
    value
        Text, a number, true or false, or `None` where there is none.
    column
        The column's `name`, `kind`, and `words` for texts that it may hold.
    line
        The legend's line of the row: its `key`, `label` and whether it is a `state`.
    mode
        How people travel, as a verb: `walk`.
    state
        What the column's own column of states says of the row; `None` where it has none.
    """
    if value is None:
        return missing(language, column, line, mode, state)
    if isinstance(value, bool):
        return language.say("cell-yes" if value else "cell-no")
    if isinstance(value, int | float):
        if column["kind"] == "people":
            return count(value)
        if column["kind"] == "chance":
            return chance(language, value)
        if column["kind"] == "change":
            return f"{'+' if value > 0 else ''}{number(value)}"
        if column["kind"] == "number" and 0 < abs(value) < SMALL:
            return _figures(value)
        return number(value, share=column["kind"] == "share")
    text: str = column["words"].get(value, value)
    return text


def missing(
    language: Language, column: Mapping[str, Any], line: Mapping[str, Any], mode: str, state: Any
) -> str:
    """Say why there is no value: by its own state, by the row's, or by what the column is."""
    own = str(state or "").replace(" ", "_")
    if own in STATES:
        return language.say(f"cell-{own.replace('_', '-')}")
    lost = "unreachable" in (own, line["key"])
    if lost or (column["kind"] == "time" and not line["state"]):
        return language.say("cell-unreachable", mode=mode)
    if line["state"]:
        if line["key"] in STATES:
            return language.say(f"cell-{line['key'].replace('_', '-')}")
        label: str = line["label"]
        return type(label)(label.lower())
    return language.say(
        "cell-none" if str(column["name"]).startswith("nearest") else "cell-unknown"
    )
