"""Files as publishers write them, made small."""

import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text or bytes to a file of the name."""

    def _write(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _write


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets of rows as XLSX."""

    def _write(name: str, **sheets: Rows) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            page = book.create_sheet(title.replace("__", " "))
            for row in rows:
                page.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return _write


@pytest.fixture
def ods(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets of rows as ODS."""

    def cell(value: Any) -> str:
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
        )

    def _write(name: str, **sheets: Rows) -> Path:
        body = "".join(
            f'<table:table table:name="{title}">'
            + "".join(
                f"<table:table-row>{''.join(cell(value) for value in row)}</table:table-row>"
                for row in rows
            )
            + "</table:table>"
            for title, rows in sheets.items()
        )
        space = "urn:oasis:names:tc:opendocument:xmlns:"
        content = (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
            f'xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
            f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>{body}'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as held:
            held.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            held.writestr(
                "META-INF/manifest.xml",
                f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}manifest:1.0"/>',
            )
            held.writestr("content.xml", content)
        return tmp_path / name

    return _write


@pytest.fixture
def squares(tmp_path: Path) -> Callable[..., Path]:
    """
    Write one square of a hundredth of a degree for each code, side by side, as GeoJSON.

    The first has its south-west corner at 3° west, 53° north.
    """

    def _write(codes: Sequence[str], name: str = "areas.geojson", **columns: Any) -> Path:
        code_column = columns.pop("code_column", "LSOA21CD")
        features = []
        for at, code in enumerate(codes):
            west, south = -3 + at / 100, 53.0
            ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01]]
            ring += [[west, south + 0.01], [west, south]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {code_column: code}
                    | {key: values[at] for key, values in columns.items()},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path

    return _write
