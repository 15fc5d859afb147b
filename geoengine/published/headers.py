"""The row of a table that names its columns, wherever and however it is written."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

SNIFFED = 15
"""How many rows are searched for the header."""

Choice = Callable[[Sequence[str]], set[int]]
"""Picks columns by their names."""


def squash(name: object) -> str:
    r"""
    Return a column's name as letters and digits only, in lower case and without a byte mark.

    Examples
    --------
    >>> squash("\ufeffLSOA code (2011) "), squash("ï»¿LSOA_Code"), squash("F_LSOA11CD")
    ('lsoacode2011', 'lsoacode', 'lsoa11cd')
    """
    text = str(name).strip()
    text = re.sub(r"^(?:\ufeff|ï»¿|F_(?=[A-Z]{2}))+", "", text)
    return re.sub(r"[^0-9a-z+]+", "", text.casefold())


def names_like(*patterns: str) -> re.Pattern[str]:
    """Return what matches a whole squashed name that is like any of the patterns."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def header_row(records: Sequence[Sequence[Any]], known: re.Pattern[str]) -> int | None:
    """Return which of the first rows is the header: the one with the most known names."""
    filled = [at for at, record in enumerate(records) if any(str(cell).strip() for cell in record)]
    if not filled:
        return None
    best = max(filled, key=lambda at: (score(records[at], known), -at))
    return best if score(records[best], known) else filled[0]


def score(names: Iterable[Any], known: re.Pattern[str]) -> int:
    """Return how many names are known; one without a letter may be a number and is not."""
    return sum(
        1 for name in map(squash, names) if re.search("[a-z]", name) and known.fullmatch(name)
    )
