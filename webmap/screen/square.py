"""The legend of need beside access as a square: rows of need, columns of access."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PALETTE = "bivariate"
NEED = ("high", "medium", "low")
ACCESS = ("good", "fair", "poor")


@dataclass(frozen=True)
class Cell:
    """A class of the square: its place in the legend, and its line there."""

    at: int
    line: Mapping[str, Any]


def rows(entry: Mapping[str, Any]) -> list[tuple[str, list[Cell]]]:
    """
    Return the square's rows, the highest need first, each with its cells, the best access first.

    Examples
    --------
    >>> classes = [{"key": f"{need}_{access}"} for need in NEED for access in ACCESS]
    >>> [(need, [cell.at for cell in cells])
    ...  for need, cells in rows({"palette": PALETTE, "classes": classes})]
    [('high', [0, 1, 2]), ('medium', [3, 4, 5]), ('low', [6, 7, 8])]
    >>> rows({"palette": "status", "classes": []})
    []
    """
    if entry["palette"] != PALETTE:
        return []
    places = {str(line["key"]): at for at, line in enumerate(entry["classes"])}

    def cell(key: str) -> Cell:
        return Cell(places[key], entry["classes"][places[key]])

    return [(need, [cell(f"{need}_{access}") for access in ACCESS]) for need in NEED]
