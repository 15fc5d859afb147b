"""Writers of what spreadsheets open: text stays text, and no cell can run as a formula."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geoengine.errors import ResultsError
from geoengine.exports.values import FORMULA_STARTS, defused, plain

SHEET_ROWS = 1_048_576
TITLE_LETTERS = 31
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
"""The earliest time that a zip archive can say: equal tables make equal files."""
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters, which XML cannot say."""
LINE_ENDS = re.compile("\r\n?")
"""XML knows one line end only."""
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def cells(frame: Any, entry: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """
    Return what a sheet holds of a table, by column.

    The feature's id comes first; points have their longitude and latitude at the end.
    """
    columns: dict[str, Sequence[Any]] = {str(frame.index.name): [str(at) for at in frame.index]}
    for name in frame.columns:
        if name != "geometry":
            columns[str(name)] = plain(frame[name])
    if entry["geometry"] == "point":
        columns["longitude"] = plain(frame.geometry.x)
        columns["latitude"] = plain(frame.geometry.y)
    return columns


def as_csv(frame: Any, entry: Mapping[str, Any]) -> bytes:
    """Return a table as CSV: UTF-8 with a byte order mark, as Excel needs it, and CRLF."""
    columns = cells(frame, entry)
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([defused(name) for name in columns])
    for row in zip(*columns.values(), strict=True):
        lines.writerow([defused(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def write_csv(frame: Any, entry: Mapping[str, Any], _facts: str, out: Path) -> None:
    """Write CSV, which has no place for facts about itself."""
    out.write_bytes(as_csv(frame, entry))


def write_xlsx(frame: Any, entry: Mapping[str, Any], facts: str, out: Path) -> None:
    """
    Write a workbook: the table in its first sheet, what it is and where from in its second.

    Raises
    ------
    ResultsError
        If the table has more rows than a sheet can hold.
    """
    if len(frame) >= SHEET_ROWS:
        raise ResultsError(
            f"{out.name}: the layer has {len(frame):,} rows, but a sheet holds {SHEET_ROWS - 1:,} "
            "below its heading; export it as CSV"
        )
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    columns = cells(frame, entry)
    table = book.create_sheet(str(entry["layer_id"])[:TITLE_LETTERS])
    table.freeze_panes = "B2"
    table.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(frame) + 1}"
    for at, values in enumerate(columns.values(), start=1):
        table.column_dimensions[get_column_letter(at)].width = _width(values)
    table.append([_cell(table, name, bold=True) for name in columns])
    for row in zip(*columns.values(), strict=True):
        table.append([_cell(table, value) for value in row])
    about = book.create_sheet("about")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 24, 80
    for line in _told(json.loads(facts)):
        about.append([_cell(about, value, bold=at == 0) for at, value in enumerate(line)])
    whole = io.BytesIO()
    book.save(whole)
    book.properties.created = book.properties.modified = EPOCH.replace(tzinfo=None)
    _write_untimed(whole, book.properties, out)


def _width(values: Sequence[Any]) -> int:
    """Return a width that shows most values of a column, in letters."""
    return min(48, max(12, *(len(str(value)) + 2 for value in (*values[:200], ""))))


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    """Return a cell that says what was given, and never anything else."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if not isinstance(value, str):
        return value
    text = UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", LINE_ENDS.sub("\n", value))
    risky = text.startswith(FORMULA_STARTS)
    if not (risky or bold or text in ERRORS):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    # Excel's own mark of text that it would otherwise take for a formula when the cell is edited.
    cell.quotePrefix = risky
    if bold:
        cell.font = Font(bold=True)
    return cell


def _told(facts: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Yield the facts as rows: a name and its values; lists of records as tables of their own."""
    for name, value in facts.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield []
            yield [name, *value[0]]
            for each in value:
                yield ["", *each.values()]
            yield []
        elif isinstance(value, list):
            for at, part in enumerate(value):
                yield ["" if at else name, part]
        elif isinstance(value, Mapping):
            for at, (key, part) in enumerate(value.items()):
                yield ["" if at else name, key, part]
        else:
            yield [name, value]


def _write_untimed(whole: io.BytesIO, properties: Any, out: Path) -> None:
    """Write an archive once more, with no trace of when it was made."""
    from openpyxl.xml.functions import tostring

    with zipfile.ZipFile(whole) as made, zipfile.ZipFile(out, "w") as kept:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                content = tostring(properties.to_tree())
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, content)
