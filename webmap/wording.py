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


def kind(column: Mapping[str, Any], people: str) -> str:
    """
    Say what a column's numbers are, by its unit: `share`, `time`, `people` or `number`.

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
    return "people" if unit in ("people", people) else "number"


def heading(column: Mapping[str, Any], people: str) -> str:
    """Return a column's title, with its unit where neither title nor cells tell it."""
    title, unit = str(column["title"]), str(column["unit"])
    told = kind(column, people) in ("share", "people") or unit.lower() in title.lower()
    return title if told or not unit else f"{title} ({unit})"


def cell(
    value: Any, column: Mapping[str, Any], line: Mapping[str, Any], mode: str, state: Any = None
) -> str:
    """
    Say what a table's cell holds.

    Parameters
    ----------
    value
        Text, a number, true or false, or `None` where there is none.
    column
        The column's `name` and `kind`.
    line
        The legend's line of the row: its `key`, `label` and whether it is a `state`.
    mode
        How people travel, as a verb: `walk`.
    state
        What the column's own column of states says of the row; `None` where it has none.
    """
    if value is None:
        return missing(column, line, mode, state)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if column["kind"] == "people":
            return count(value)
        return number(value, share=column["kind"] == "share")
    return str(value)


def missing(column: Mapping[str, Any], line: Mapping[str, Any], mode: str, state: Any) -> str:
    """
    Say why there is no value: by its own state, by the row's, or by what the column is.

    Examples
    --------
    >>> reached = {"key": "reached", "label": "Within reach", "state": False}
    >>> missing({"name": "minutes", "kind": "time"}, reached, "walk", None)
    'no way to walk there'
    """
    own = str(state or "").replace(" ", "_")
    if own in STATE_WORDS:
        return STATE_WORDS[own]
    lost = "unreachable" in (own, line["key"])
    if lost or (column["kind"] == "time" and not line["state"]):
        return f"no way to {mode} there"
    if line["state"]:
        return STATE_WORDS.get(str(line["key"]), str(line["label"]).lower())
    return "none" if str(column["name"]).startswith("nearest") else "unknown"
