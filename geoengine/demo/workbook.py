"""A plain workbook, the same bytes for the same cells."""

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

DATE = (1980, 1, 1, 0, 0, 0)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Cell = str | int | float


def column(number: int) -> str:
    """
    Return the letters of a column.

    Examples
    --------
    >>> column(0), column(25), column(26), column(186)
    ('A', 'Z', 'AA', 'GE')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet(rows: Iterable[Sequence[Cell]]) -> str:
    parts = [f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>']
    names: list[str] = []
    for at, row in enumerate(rows, start=1):
        names += [column(k) for k in range(len(names), len(row))]
        parts.append(f'<row r="{at}">')
        for letters, value in zip(names, row, strict=False):
            if isinstance(value, str):
                if value:
                    parts.append(
                        f'<c r="{letters}{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
                    )
            else:
                parts.append(f'<c r="{letters}{at}"><v>{value}</v></c>')
        parts.append("</row>")
    parts.append("</sheetData></worksheet>")
    return "".join(parts)


def write(path: Path, sheets: dict[str, Iterable[Sequence[Cell]]]) -> None:
    """Write sheets of rows; empty text leaves a cell empty."""
    numbers = range(1, len(sheets) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    tabs = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{tabs}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
    }
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            _add(book, name, HEAD + text)
        for n, rows in zip(numbers, sheets.values(), strict=True):
            _add(book, f"xl/worksheets/sheet{n}.xml", _sheet(rows))


def _add(book: zipfile.ZipFile, name: str, text: str) -> None:
    part = zipfile.ZipInfo(name, DATE)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.create_system = 3
    book.writestr(part, text.encode("utf-8"))
