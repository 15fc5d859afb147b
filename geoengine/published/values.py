"""Cells as published → text and numbers, with missing values that say why they are missing."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault

NO_TEXT = frozenset(
    {"", "-", "–", ".", "..", "...", "redacted", "not recorded", "null", "nan", "n/a", "#n/a"}
    | {"not available", "not applicable", "supp", "suppressed", "<na>", "[x]", "[z]", "[c]"}
)
"""Texts that mean that there is none, in lower case."""

NO_NUMBER = NO_TEXT | frozenset(
    {"*", ":", "z", "c", "x", "u", "low", "dk", "na", "none", "[u]", "[low]", "unknown", "~"}
)
"""Texts that stand where a number is withheld or unknown, in lower case."""

NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d{1,3})?")
LARGEST = 1e12


def texts(cells: pd.Series) -> pd.Series:
    """
    Return the cells as text without spaces around it; None where there is none.

    Examples
    --------
    >>> texts(pd.Series([" Ryde ", "REDACTED", 12.0, None])).tolist()
    ['Ryde', None, '12', None]
    """
    spelled = spell(cells)
    return spelled.where(~spelled.str.casefold().isin(NO_TEXT).to_numpy(), None)


def spell(cells: pd.Series) -> pd.Series:
    """Return every cell as text without spaces around it; empty text where there is nothing."""
    if isinstance(cells.dtype, pd.StringDtype):
        spelled = cells.fillna("").str.strip()
    elif pd.api.types.is_float_dtype(cells.dtype) or pd.api.types.is_object_dtype(cells.dtype):
        spelled = pd.Series([_spell(cell) for cell in cells], index=cells.index, dtype=object)
    else:
        spelled = cells.astype("string").fillna("").str.strip()
    return spelled.astype(object)


def _spell(cell: object) -> str:
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if isinstance(cell, float):
        if np.isnan(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell).strip()


def numbers(
    cells: pd.Series, *, source: str, rows: Sequence[int] | NDArray[np.int64], name: str
) -> tuple[NDArray[np.float64], list[Fault]]:
    """
    Return the cells as numbers, and a fault for each that is neither a number nor missing.

    Parameters
    ----------
    cells
        Numbers, or text such as ' 1,234 ' or 'c'; shape (rows,).
    source, rows
        The file, and the row of each cell, for the faults.
    name
        The column's name, for the faults.

    Returns
    -------
    values
        float64, shape (rows,); NaN where the cell is missing, withheld or at fault.
    faults
        One for each text that is not a number, and each number too large to be meant.

    Examples
    --------
    >>> values, faults = numbers(
    ...     pd.Series(["1,234", "c", "12 places"]), source="a.csv", rows=[2, 3, 4], name="Places"
    ... )
    >>> values.tolist()
    [1234.0, nan, nan]
    >>> print(faults[0])
    a.csv, row 4: 'Places' must be a number, but is '12 places'
    """
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        values = cells.to_numpy(dtype=float, na_value=np.nan)
        wrong = np.isinf(values)
        spelled = cells
    else:
        spelled = spell(cells)
        values = pd.to_numeric(spelled, errors="coerce").to_numpy(dtype=float, copy=True)
        wrong = ~np.isfinite(values)
        rest = np.flatnonzero(wrong)
        values[rest], wrong[rest] = _parse(spelled.iloc[rest])
    numbered = np.asarray(rows)
    faults = [
        Fault(source, int(numbered[at]), _not_a_number(name, spelled.iloc[at]))
        for at in np.flatnonzero(wrong)
    ]
    values = np.where(wrong, np.nan, values)
    with np.errstate(invalid="ignore"):
        huge = np.abs(values) > LARGEST
    faults += [
        Fault(
            source,
            int(numbered[at]),
            f"'{name}' is {values[at]:g}, larger than anything it can count",
        )
        for at in np.flatnonzero(huge)
    ]
    return np.where(huge, np.nan, values), faults


def _parse(spelled: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    squeezed = spelled.str.replace(r"[\s\u00a0\u2009\u202f]+", "", regex=True)
    missing = squeezed.str.casefold().isin(NO_NUMBER).to_numpy(dtype=bool)
    shaped = squeezed.map(lambda text: NUMBER.fullmatch(text) is not None).to_numpy(dtype=bool)
    plain = squeezed.where(shaped & ~missing, "nan").str.replace(",", "", regex=False)
    values = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float)
    return values, ~missing & ~np.isfinite(values)


def _not_a_number(name: str, given: object) -> str:
    told = f"'{name}' must be a number, but is {given if isinstance(given, float) else repr(given)}"
    if isinstance(given, str) and given.startswith("="):
        return f"{told}, a formula; save the table with its values"
    if isinstance(given, str) and given.startswith("#"):
        return f"{told}, a spreadsheet error; mend the formula and save again"
    return told


def withheld(cells: pd.Series) -> dict[str, int]:
    """Return how often each marker for a missing number stands in the cells, blanks apart."""
    spelled = spell(cells).str.casefold()
    found = spelled[spelled.isin(NO_NUMBER - {"", "nan"}).to_numpy()].value_counts()
    return {str(marker): int(found[marker]) for marker in sorted(found.index)}
