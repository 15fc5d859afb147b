"""A layer's table as rows of words: put in order, cut into pages, narrowed to classes."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.results import Snapshot
from webmap.text import wording
from webmap.text.language import Language
from webmap.text.words import English

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A table's row: the feature's id, its class's place in the legend, and its cells' words."""

    feature_id: str
    line: int | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """
    How a table is put in order and narrowed.

    Parameters
    ----------
    column
        The column to sort by; "" for the layer's own order.
    descending
        Whether the greatest come first.
    hidden
        Keys of the classes that are left out.
    chosen
        Ids of the features that alone are shown; all are where the layer has none of these.
    """

    column: str = ""
    descending: bool = False
    hidden: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """
    A page of a layer's table.

    Parameters
    ----------
    columns
        The columns shown, in order.
    rows
        The rows of this page.
    total
        How many rows the table has.
    page, pages
        Which page this is, from 1, and how many there are.
    start
        How many rows come before this page.
    """

    columns: Sequence[Mapping[str, Any]]
    rows: tuple[Row, ...]
    total: int
    page: int = 1
    pages: int = 1
    start: int = 0

    @property
    def shortened(self) -> list[Mapping[str, Any]]:
        """The columns whose short heading is less than the whole."""
        return [each for each in self.columns if each["short"] != each["heading"]]


@dataclass(frozen=True)
class Details:
    """What is said of the selected feature; without a name where the layer has no such feature."""

    feature_id: str
    name: str
    sentence: str
    facts: tuple[tuple[str, str], ...]


PLAIN = Order()


def page(
    run: Snapshot, language: Language, entry: Entry, *, rows: int, at: int = 1, order: Order = PLAIN
) -> Table:
    """
    Return one page of a layer's table.

    Parameters
    ----------
    run, language
        The results, and the language of the words.
    entry
        The layer, from `words.layer`.
    rows
        Rows on a page.
    at
        The page asked for, from 1; the last for any beyond it.
    order
        How the rows are put in order and narrowed; a column that isn't there orders nothing.
    """
    kept = places(run, entry, order)
    pages = max(1, -(-len(kept) // rows))
    at = min(max(1, at), pages)
    shown = kept[(at - 1) * rows : at * rows]
    return Table(
        entry["columns"],
        tuple(_row(run, language, entry, place) for place in shown),
        len(kept),
        at,
        pages,
        (at - 1) * rows,
    )


def details(run: Snapshot, language: Language, entry: Entry, feature_id: str) -> Details:
    """Return what is said of one feature."""
    values = run.table(entry["layer_id"])
    if feature_id not in values["ids"]:
        return Details(feature_id, "", "", ())
    place = values["ids"].index(feature_id)
    row = _row(run, language, entry, place)
    sentence = values["columns"][entry["sentence"]][place] if entry["sentence"] else ""
    facts = zip((column["heading"] for column in entry["columns"]), row.cells, strict=True)
    return Details(feature_id, row.cells[0], sentence or "", tuple(facts)[1:])


def places(run: Snapshot, entry: Entry, order: Order) -> list[int]:
    """Return which rows of a layer are shown, in which order, as places in its own order."""
    values = run.table(entry["layer_id"])
    keys = values["class_key"]
    kept = [place for place, key in enumerate(keys) if key not in order.hidden]
    chosen = {at for at, each in enumerate(values["ids"]) if str(each) in order.chosen}
    if chosen:
        kept = [place for place in kept if place in chosen]
    if order.column not in {str(column["name"]) for column in entry["columns"]}:
        return kept
    column = values["columns"][order.column]
    known = [place for place in kept if column[place] is not None]
    # Python's sort keeps the order of equals, also in reverse.
    known.sort(key=lambda place: _rank(column[place]), reverse=order.descending)
    return known + [place for place in kept if column[place] is None]


def _rank(value: Any) -> tuple[Any, ...]:
    """Return what a value is sorted by: numbers as such, words as people do, 9 before 10."""
    if isinstance(value, str):
        return tuple(wording.natural(unicodedata.normalize("NFD", value)))
    return (float(value),)


def _brief(label: str) -> str:
    """Return what a class is called, without what it means, which the legend tells."""
    name = label.partition(": ")[0]
    return English(name) if isinstance(label, English) else name


def _row(run: Snapshot, language: Language, entry: Entry, place: int) -> Row:
    values = run.table(entry["layer_id"])
    key = values["class_key"][place]
    lines = entry["classes"]
    at = next((at for at, line in enumerate(lines) if line["key"] == key), None)
    line = {"key": key, "label": str(key), "state": True} if at is None else lines[at]
    mode = language.word(str(run.summary["mode"]))
    cells = []
    for column in entry["columns"]:
        value = values["columns"][column["name"]][place]
        state = values["columns"][column["state"]][place] if column["state"] else None
        told = wording.cell(language, value, column, line, mode, state)
        cells.append(_brief(line["label"]) if value == key else told)
    return Row(str(values["ids"][place]), at, tuple(cells))
