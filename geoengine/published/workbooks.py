"""Spreadsheets (XLSX, XLSB, XLS, ODS) as rows of cells."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.parsers import expat

from geoengine.errors import SourceError
from geoengine.published import files

CELLS_MOST = 30_000_000
SCANNED = 16 << 20
REPEATED = 10_000
FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>\s*<[vfi]')
DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]{1,3})(\d{1,7})"')
REPEATED_ROW = re.compile(rb'<table:table-row[^>]*number-rows-repeated="(\d+)"[^>]*>')
REPEATED_CELL = re.compile(
    rb'<table:table-cell[^>]*number-columns-repeated="(\d+)"[^>]*office:value|'
    rb'<table:table-cell[^>]*office:value[^>]*number-columns-repeated="(\d+)"'
)


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

    _refuse_vast(path)
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
        If the sheet is damaged or holds formulas never worked out.
    """
    import python_calamine as calamine

    try:
        page = book.get_sheet_by_name(sheet)
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


def _refuse_vast(path: Path) -> None:
    """
    Refuse a sheet with cells so far apart that the space between them would fill the memory.

    Large sheets are judged by the extent that they state, others by their filled cells.
    """
    if not zipfile.is_zipfile(path):
        return
    with files.archive(path) as held:
        for member in held.infolist():
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                rows, columns = _extent(held, member)
                if rows * columns > CELLS_MOST:
                    raise SourceError.of(path, _vast(rows, columns))
        if "content.xml" in held.namelist():
            _refuse_unended(path, held)
        if "content.xml" in held.namelist() and held.getinfo("content.xml").file_size <= SCANNED:
            rows, columns = _repeated(held.read("content.xml"))
            if max(rows, columns) > REPEATED:
                raise SourceError.of(path, _vast(rows, columns))


def _refuse_unended(path: Path, held: zipfile.ZipFile) -> None:
    """Refuse a sheet whose tags do not close, which the reader would follow without end."""
    try:
        with held.open("content.xml") as stream:
            expat.ParserCreate().ParseFile(stream)
    except (expat.ExpatError, LookupError) as error:
        raise SourceError.of(
            path, f"the workbook is damaged or cut short ({error}); download it again"
        ) from error


def _vast(rows: int, columns: int) -> str:
    return (
        f"a sheet of it has cells up to row {rows:,} and column {columns:,}, more than any "
        "published table; delete the stray ones"
    )


def _extent(held: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the last row and the last column of a sheet, both counted from 1."""
    if member.file_size > SCANNED:
        with held.open(member) as stream:
            told = DIMENSION.search(stream.read(4096))
        return (int(told[2]), _column(told[1])) if told else (0, 0)
    filled = FILLED_CELL.findall(held.read(member))
    letters = {name for name, _ in filled}
    return (
        max((int(row) for _, row in filled), default=0),
        max((_column(name) for name in letters), default=0),
    )


def _column(letters: bytes) -> int:
    """
    Return the number of a column.

    Examples
    --------
    >>> _column(b"A"), _column(b"AA"), _column(b"XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _repeated(content: bytes) -> tuple[int, int]:
    """Return how often a row and a cell with something in it is repeated at most."""
    rows = [
        int(found[1])
        for found in REPEATED_ROW.finditer(content)
        if b"office:value"
        in content[found.end() : content.find(b"</table:table-row>", found.end())]
    ]
    columns = [int(found[1] or found[2]) for found in REPEATED_CELL.finditer(content)]
    return max(rows, default=1), max(columns, default=1)
