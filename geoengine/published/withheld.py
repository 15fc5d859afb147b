"""Columns of figures some of which are withheld, since they are small enough to tell on people."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoengine.errors import Fault
from geoengine.published.headers import squash
from geoengine.published.tables import Published
from geoengine.published.values import spell

WITHHELD = re.compile(r"\*|c|\[c\]|low|\[low\]|supp(?:ressed)?|redacted|[<≤]\s*\d+", re.IGNORECASE)
"""Cells that withhold a small number; every other missing marker means unknown."""


@dataclass(frozen=True)
class Figures:
    """
    A column of numbers.

    Parameters
    ----------
    number
        Each cell, shape (rows,); NaN where withheld or unknown.
    suppressed
        Whether it is withheld, shape (rows,).
    """

    number: NDArray[np.float64]
    suppressed: NDArray[np.bool_]


def position(table: Published, name: str, faults: list[Fault]) -> int | None:
    """Return the column of a name, however it is written; that there is none is a fault."""
    found = table.find(re.escape(squash(name)))
    if found is None:
        faults.append(
            Fault(table.source, 0, f"no column '{name}'; it has the columns {table.headings()}")
        )
    return found


def figures(table: Published, name: str, faults: list[Fault]) -> Figures:
    """Return a column of a table as numbers; what is neither number nor missing is a fault."""
    at = position(table, name, faults)
    if at is None:
        return Figures(np.full(len(table), np.nan), np.zeros(len(table), dtype=bool))
    cells = spell(table.columns[at])
    suppressed = cells.map(lambda cell: WITHHELD.fullmatch(cell) is not None).to_numpy(dtype=bool)
    clear = Published(table.source, table.names, {at: cells.where(~suppressed, "c")}, table.rows)
    return Figures(clear.number(at, faults), suppressed)


def impossible(
    table: Published,
    count: NDArray[np.float64],
    among: NDArray[np.float64],
    count_name: str,
    among_name: str,
) -> list[Fault]:
    """Return a fault for each count that is negative, not whole, or above those counted among."""
    faults = [
        Fault(
            table.source,
            int(table.rows[at]),
            f"'{name}' must be at least 0, but is {numbers[at]:g}",
        )
        for name, numbers in ((count_name, count), (among_name, among))
        for at in np.flatnonzero(numbers < 0)
    ]
    faults += [
        Fault(
            table.source, int(table.rows[at]),
            f"'{name}' counts people, so it must be a whole number, but is {numbers[at]:g}",
        )
        for name, numbers in ((count_name, count), (among_name, among))
        for at in np.flatnonzero(np.isfinite(numbers) & (numbers % 1 != 0))
    ]  # fmt: skip
    return faults + [
        Fault(
            table.source, int(table.rows[at]),
            f"'{count_name}' is {count[at]:g}, more than the {among[at]:g} of '{among_name}'",
        )
        for at in np.flatnonzero((count > among) & (among >= 0))
    ]  # fmt: skip
