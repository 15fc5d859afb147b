"""Values in words: numbers as people write them, and a name for each way of having no number."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SHARE_UNITS = ("share", "proportion", "0-1", "0–1")
STATE_WORDS = {
    "not_covered": "not covered by the street map",
    "no_network": "no streets to travel here",
    "unknown": "unknown",
}


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
    exact = Decimal(value) * (100 if share else 1)
    whole = share or exact == exact.to_integral_value() or abs(exact) >= 100
    rounded = exact.quantize(Decimal(1) if whole else Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}" + ("%" if share else "")


def count(value: float | None) -> str:
    """Write a count of people that sums of shares may have left fractional; "" for none."""
    if value is None:
        return ""
    return f"{Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"


def is_share(column: Mapping[str, Any]) -> bool:
    """Whether a column's values are shares, 0–1."""
    return str(column.get("unit", "")) in SHARE_UNITS


def is_time(column: Mapping[str, Any]) -> bool:
    """Whether a column's values are travel times."""
    return str(column.get("unit", "")).startswith("min")


def cell(value: Any, column: Mapping[str, Any], line: Mapping[str, Any], mode: str) -> str:
    """
    Say what a table's cell holds.

    Parameters
    ----------
    value
        Text, a number, true or false, or `None` where there is none.
    column
        The column's `name`, `title` and `unit`.
    line
        The legend's line of the row: its `key`, `label` and whether it is a `state`.
    mode
        How people travel, as a verb: `walk`.
    """
    if value is None:
        return missing(column, line, mode)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value, share=is_share(column))
    return str(value)


def missing(column: Mapping[str, Any], line: Mapping[str, Any], mode: str) -> str:
    """
    Say why there is no value: the row's state, or else what its absence means in this column.

    Examples
    --------
    >>> missing({"name": "minutes", "unit": "minutes"}, {"key": "reached", "state": False}, "walk")
    'no way to walk there'
    """
    if line.get("key") == "unreachable" or (is_time(column) and not line.get("state")):
        return f"no way to {mode} there"
    if line.get("state"):
        return STATE_WORDS.get(str(line["key"]), str(line["label"]).lower())
    return "none" if str(column["name"]).startswith("nearest") else "unknown"


def heading(column: Mapping[str, Any]) -> str:
    """Return a column's title with its unit where the cells don't show it."""
    unit = str(column.get("unit", ""))
    shown = unit and not is_share(column) and unit.lower() not in str(column["title"]).lower()
    return f"{column['title']} ({unit})" if shown else str(column["title"])
