"""Spreadsheets (XLSX, XLSB, XLS, ODS) as rows of cells."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geoengine.errors import SourceError
from geoengine.published import files

CELLS_MOST = 60_000_000


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """
    Open a workbook.

    Raises
    ------
    SourceError
        If it is damaged or locked by a password.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise SourceError.of(
            path,
            "this workbook is locked by a password; open it in a spreadsheet and save it "
            "without one",
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError.of(
            path, f"the workbook is damaged or cut short ({error}); download it again"
        ) from error
    with book:
        yield book


def rows(path: Path, book: Any, sheet: str) -> list[list[Any]]:
    """
    Return all the rows of a sheet from its first, empty cells as empty text.

    Raises
    ------
    SourceError
        If the sheet is damaged, too large, or holds formulas never worked out.
    """
    import python_calamine as calamine

    try:
        page = book.get_sheet_by_name(sheet)
        if page.total_height * max(page.total_width, 1) > CELLS_MOST:
            raise SourceError.of(
                path,
                f"sheet '{sheet}' claims {page.total_height:,} rows and {page.total_width:,} "
                "columns, more than any published table; delete the empty ones",
            )
        found: list[list[Any]] = page.to_python(skip_empty_area=False)
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise SourceError.of(
            path, f"sheet '{sheet}' is damaged ({error}); download the workbook again"
        ) from error
    if any(cell == "" for record in found for cell in record):
        _refuse_unworked_formulas(path)
    return found


def _refuse_unworked_formulas(path: Path) -> None:
    """Refuse a workbook written by a program that left its formulas without their values."""
    if path.stat().st_size > (20 << 20) or files.kind_of(path) != "workbook":
        return
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return
    with files.archive(path) as held:
        names = [name for name in held.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in names:
            unworked = re.search(
                rb'<c r="([A-Z]+[0-9]+)"[^>]*><f[^>]*>[^<]*</f>(?:<v ?/>|<v></v>)?</c>',
                held.read(name),
            )
            if unworked:
                raise SourceError.of(
                    path,
                    f"cell {unworked[1].decode()} holds a formula without its value; open the "
                    "workbook in a spreadsheet, let it calculate, and save it",
                )
