"""What is on screen as paper: a picture (PNG), and a document of two pages (PDF)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_pdf import PdfPages
from pypdf import PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from webmap.files import pictures
from webmap.files.paper import (
    HEIGHT,
    INNER,
    LEADING,
    MARGIN,
    QUIET,
    WIDTH,
    Paper,
    height,
    measured,
    printable,
    wrapped,
)
from webmap.files.shown import Shown
from webmap.screen import tables
from webmap.text import wording, words
from webmap.text.language import study_words

DPI = 160
FOOT = HEIGHT - 30
LINE = 15.0
WIDEST = 132.0
"""Points that a column of a table takes at most; what is longer is wrapped, then cut."""
CELL = 7.0
MOST_ROWS = 60
STYLE: Any = {"pdf.fonttype": 42}
"""Letters are kept as letters, to be searched and read aloud."""


@dataclass(frozen=True)
class Block:
    """A heading and what stands under it."""

    heading: str
    paragraphs: Sequence[str]
    most: int


def png(shown: Shown) -> bytes:
    """Return the map with its title and legend as a PNG, 1,322 by 1,870 pixels."""
    kept = io.BytesIO()
    with mpl.rc_context(STYLE):
        sheet = _first(shown, pages=1)
        told = {"Title": _title(shown), "Source": shown.address, "Comment": _proof(shown)}
        sheet.figure.savefig(kept, format="png", dpi=DPI, metadata=told)
    return kept.getvalue()


def pdf(shown: Shown) -> bytes:
    """Return two A4 pages: the map; then the table, the method, the sources and the hash."""
    kept = io.BytesIO()
    with mpl.rc_context(STYLE):
        told = {
            "Title": _title(shown),
            "Subject": str(shown.entry["question"]),
            "Keywords": _proof(shown),
            "Creator": "GeoEngine",
            "CreationDate": None,
        }
        with PdfPages(kept, metadata=told) as book:
            for sheet in (_first(shown, pages=2), _second(shown)):
                book.savefig(sheet.figure, dpi=DPI)
    return _in_language(kept, shown.language.tag)


def _in_language(document: io.BytesIO, tag: str) -> bytes:
    """Say which language a document is in, and that its title names it."""
    writer = PdfWriter(clone_from=document)
    writer.root_object[NameObject("/Lang")] = TextStringObject(tag)
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(value=True)}
    )
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _title(shown: Shown) -> str:
    return f"{shown.entry['title']} – {shown.run.summary['title']}"


def _proof(shown: Shown) -> str:
    return f"run {shown.run.run}, content SHA-256 {shown.metadata['content_sha256']}"


# ------------------------------------------------------------ the map's page


def _first(shown: Shown, *, pages: int) -> Paper:
    sheet = Paper()
    _head(sheet, shown)
    sheet.write(str(shown.entry["title"]), 17, bold=True, most=3, after=1)
    sheet.write(str(shown.entry["question"]), 10, colour=QUIET, most=2, after=3)
    if shown.sentence:
        sheet.write(shown.sentence, 10, most=6, after=3)
    for text in shown.narrowing:
        sheet.write(text, 8.5, most=3)
    sheet.y += 4
    legend_lines = _legend_lines(shown)
    rows = -(-len(legend_lines) // 2)
    deep = sum(max(height(lines, 8), LINE) for lines, *_ in legend_lines[:rows]) + 26
    top, tall = sheet.y, FOOT - 22 - deep - sheet.y
    bounds = shown.entry["bounds"]
    if bounds is None or not shown.places:
        sheet.write(shown.language.say("paper-empty"), 10)
    else:
        box = sheet.box(MARGIN, top, INNER, tall)
        ground = pictures.Ground(bounds, INNER, tall)
        other, at = shown.beside, float(shown.view.compared.get("at") or 50) / 100
        pictures.draw(
            box,
            ground,
            _drawn(shown),
            beside=(_drawn(other), at) if other else None,
            basemap=shown.run.read("basemap.json")["features"],
            marked=shown.marked,
        )
        box.plot([0, INNER, INNER, 0, 0], [0, 0, tall, tall, 0], color=QUIET, linewidth=0.6)
    sheet.y = top + tall + 10
    _legend(sheet, shown, legend_lines, rows)
    _foot(sheet, shown, 1, pages)
    return sheet


def _drawn(shown: Shown) -> pictures.Drawn:
    return pictures.Drawn(
        np.array(shown.frame.geometry.array, dtype=object),
        shown.lines,
        shown.looks,
        str(shown.entry["geometry"]),
    )


def _head(sheet: Paper, shown: Shown) -> None:
    summary, say = shown.run.summary, shown.language.say
    sheet.write(str(summary["title"]), 9, colour=QUIET, most=2, after=2)
    if summary["invented"]:
        sheet.write(f"{say('invented')} {say('invented-means')}", 8.5, bold=True, most=2, after=3)


Label = tuple[list[str], int, Shown]
"""A label's own lines, its place in the legend or -1 for a heading, and whose legend it is."""


def _legend_lines(shown: Shown) -> list[Label]:
    """Return the legend's lines; of two layers side by side, those of both under their names."""
    other = shown.beside
    if other is None:
        return _lines_of(shown)
    say, compared = shown.language.say, shown.view.compared
    first = words.layer(shown.run, shown.language, compared["layer"])
    sides = (("left", str(first["title"]), shown), ("right", str(other.entry["title"]), other))
    told: list[Label] = []
    for side, title, each in sides:
        heading = say(f"compare-{side}", title=title)
        told.append((wrapped(heading, 8, INNER / 2 - 40, most=2), -1, each))
        told += _lines_of(each)
    return told


def _lines_of(shown: Shown) -> list[Label]:
    noun = shown.language.say(f"noun-{shown.entry['geometry']}").lower()
    told: list[Label] = []
    for line, each in enumerate(shown.entry["classes"]):
        count = int((shown.lines == line).sum())
        if count or (not shown.view.only and not each["state"]):
            label = f"{each['label']} ({wording.number(count)} {noun})"
            told.append((wrapped(label, 8, INNER / 2 - 40, most=2), line, shown))
    return told


def _legend(sheet: Paper, shown: Shown, told: list[Label], rows: int) -> None:
    sheet.write(shown.language.say("paper-legend"), 9, bold=True, after=2)
    top = sheet.y
    box = sheet.box(0, 0, WIDTH, HEIGHT)
    for column in range(2):
        y = top
        for at in range(column * rows, min((column + 1) * rows, len(told))):
            lines, line, each = told[at]
            x = MARGIN + column * INNER / 2
            if line >= 0:
                kind = each.entry["geometry"]
                pictures.draw_swatch(box, each.looks[line], kind, x, HEIGHT - y - 11)
            for number, text in enumerate(lines):
                sheet.line(text, x + 27, y + 9 + number * 8 * LEADING, 8)
            y += max(height(lines, 8), LINE)


def _foot(sheet: Paper, shown: Shown, page: int, pages: int) -> None:
    say = shown.language.say
    credit = say("invented-credit") if shown.run.summary["invented"] else "© OpenStreetMap"
    sheet.rule(FOOT - 12)
    left = f"{credit} · {say('paper-run')} {shown.run.run} · GeoEngine"
    sheet.line(wrapped(left, 7.5, INNER - 90, most=1)[0], MARGIN, FOOT, 7.5, colour=QUIET)
    if pages > 1:
        told = say("page-of", page=page, pages=pages)
        sheet.line(printable(told), WIDTH - MARGIN, FOOT, 7.5, colour=QUIET, right=True)


# ---------------------------------------------------------- the table's page


def _second(shown: Shown) -> Paper:
    sheet = Paper()
    _head(sheet, shown)
    sheet.write(str(shown.entry["title"]), 13, bold=True, most=2, after=2)
    blocks = _blocks(shown)
    deep = sum(_depth(block) for block in blocks)
    _table(sheet, shown, FOOT - 20 - deep)
    sheet.y = max(sheet.y + 8, FOOT - 16 - deep)
    for block in blocks:
        if block.heading:
            sheet.write(block.heading, 8.5, bold=True)
        for text in block.paragraphs:
            sheet.write(text, 7.5, most=block.most)
        sheet.y += 5
    _foot(sheet, shown, 2, 2)
    return sheet


def _blocks(shown: Shown) -> list[Block]:
    entry, language = shown.entry, shown.language
    words = study_words(language, shown.run.summary)
    english = f" ({language.say('in-english', **words)})" if language.code != "en" else ""
    vintages = "; ".join(f"{what}: {when}" for what, when in entry["as_of"].items())
    proof = [
        f"{language.say('paper-run')}: {shown.run.run}",
        f"{language.say('paper-content')}: {shown.metadata['content_sha256']}",
        f"{language.say('paper-address')}: {shown.address}",
    ]
    blocks = [
        Block(f"{language.say('how-worked-out')}{english}", [str(entry["method"])], 14),
        Block(language.say("paper-vintages"), [vintages], 4),
        Block(language.say("paper-sources"), list(entry["attribution"])[:12], 2),
        Block("", proof, 4),
    ]
    return [block for block in blocks if any(block.paragraphs)]


def _depth(block: Block) -> float:
    body = sum(height(wrapped(text, 7.5, INNER, most=block.most), 7.5) for text in block.paragraphs)
    head = wrapped(block.heading, 8.5, INNER, bold=True) if block.heading else []
    return height(head, 8.5) + body + 5


def _table(sheet: Paper, shown: Shown, bottom: float) -> None:
    """Write as many rows as there is room for, and say how many of how many they are."""
    table = tables.page(
        shown.run, shown.language, shown.entry, rows=MOST_ROWS, order=shown.view.order
    )
    cells = [[str(cell) for cell in row.cells] for row in table.rows]
    headings = [str(column["heading"]) for column in table.columns]
    widths = _widths(headings, cells)
    told_at = sheet.y
    sheet.y += 8 * LEADING * (2 if len(widths) < len(headings) else 1) + 3
    heads = [
        wrapped(text, CELL, width - 6, bold=True, most=6)
        for text, width in zip(headings, widths, strict=False)
    ]
    right = [bool(column["numeric"]) for column in table.columns]
    _row(sheet, heads, widths, right, bold=True)
    sheet.rule(sheet.y + 1)
    sheet.y += 3
    shown_rows = 0
    for row in cells:
        lines = [
            wrapped(text, CELL, width - 6, most=2) for text, width in zip(row, widths, strict=False)
        ]
        if sheet.y + max(height(each, CELL) for each in lines) + 2 > bottom:
            break
        _row(sheet, lines, widths, right)
        shown_rows += 1
    end = sheet.y
    sheet.y = told_at
    say = shown.language.say
    first = 1 if shown_rows else 0
    sheet.write(say("rows-shown", first=first, last=shown_rows, total=table.total), 8)
    if len(widths) < len(headings):
        sheet.write(say("paper-columns", shown=len(widths), total=len(headings)), 8)
    sheet.y = end


def _widths(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> list[float]:
    """Return the widths of as many first columns as the sheet has room for."""
    widths: list[float] = []
    for at, heading in enumerate(headings):
        words = [measured(word, CELL, bold=True) for word in printable(heading).split()]
        longest = max((measured(printable(row[at]), CELL) for row in cells), default=0.0)
        width = min(max(longest, max(words, default=0.0), 34.0) + 8, WIDEST)
        if sum(widths) + width > INNER:
            break
        widths.append(width)
    return widths


def _row(
    sheet: Paper,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    right: Sequence[bool],
    *,
    bold: bool = False,
) -> None:
    x = MARGIN
    for lines, width, to_right in zip(cells, widths, right, strict=False):
        for at, text in enumerate(lines):
            y = sheet.y + CELL + at * CELL * LEADING
            sheet.line(text, x + (width - 6 if to_right else 0), y, CELL, bold=bold, right=to_right)
        x += width
    sheet.y += max(height(lines, CELL) for lines in cells) + 2
