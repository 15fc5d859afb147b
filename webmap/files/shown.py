"""What is on screen, gathered to be made into a file: its rows, its words, where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import exports
from webmap.results import Snapshot
from webmap.screen import explore, tables
from webmap.screen.view import View
from webmap.text import finding, wording, words
from webmap.text.language import Language

Entry = Mapping[str, Any]
STANDING = ("class", "state", "geometry")
"""Columns of a file beside the layer's own."""


@dataclass(frozen=True)
class Shown:
    """
    What is on screen.

    Parameters
    ----------
    run, language
        The results, and the language of the words.
    entry
        The layer, from `words.layer`.
    view
        Which of its rows, in which order.
    address
        Where the same is seen again.
    """

    run: Snapshot
    language: Language
    entry: Entry
    view: View
    address: str

    @cached_property
    def places(self) -> list[int]:
        """The rows, as places in the layer's own order."""
        return tables.places(self.run, self.entry, self.view.order)

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """Each row's place in the legend."""
        keys = [line["key"] for line in self.entry["classes"]]
        held = self.run.table(self.entry["layer_id"])["class_key"]
        return np.array([keys.index(held[place]) for place in self.places], dtype=np.int64)

    @cached_property
    def looks(self) -> list[dict[str, Any]]:
        """The look of each line of the legend."""
        return explore.look(self.entry)

    @cached_property
    def frame(self) -> Any:
        """The rows as files have them: the page's own values, rounded and worded as there."""
        file = self.entry.get("drawn_from", self.entry["layer_id"])
        stored = exports.readable(self.run.folder / f"{file}.parquet", self.entry)
        held = self.run.table(self.entry["layer_id"])
        stored = stored.drop(columns=stored.columns.difference([*held["columns"], *STANDING]))
        rows = pd.Series(range(len(stored)), index=[str(each) for each in stored.index])
        frame = stored.iloc[rows.loc[[held["ids"][place] for place in self.places]]]
        lines = [self.entry["classes"][line] for line in self.lines]
        frame["class"] = [str(line["label"]) for line in lines]
        frame["state"] = [str(line["label"]) if line["state"] else None for line in lines]
        shown = {column["name"]: column for column in self.entry["columns"]}
        for name, values in held["columns"].items():
            cells = [values[place] for place in self.places]
            frame[name] = _like(stored.get(name), _as_shown(cells, shown.get(name)))
        return frame

    @cached_property
    def beside(self) -> "Shown | None":
        """The layer to the right of this one, whole; `None` where there is none."""
        compared = self.view.compared
        if compared.get("cmpmode") != "swipe":
            return None
        entry = words.layer(self.run, self.language, compared["cmp"])
        whole = View(str(entry["layer_id"]), (), "", "", tables.PLAIN)
        return Shown(self.run, self.language, entry, whole, self.address)

    @cached_property
    def marked(self) -> int | None:
        """The chosen row; `None` where none of these is chosen."""
        ids = [str(each) for each in self.frame.index]
        return ids.index(self.view.selected) if self.view.selected in ids else None

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the metadata say of the view, beside what they say of the layer."""
        query = {name: value for name, value in self.view.query.items() if value}
        return {
            "rows_of": self.entry["features"],
            "view": query,
            "language": self.language.tag,
            "rounding": "people, times and shares as on the page",
            "study": str(self.run.summary["title"]),
            "run": self.run.run,
            "address": self.address,
        }

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """What a file of it says of itself."""
        return exports.metadata(self.frame, self.described, self.facts)

    @cached_property
    def described(self) -> dict[str, Any]:
        """The layer as `layers.json` describes it, all its columns, its titles in the language."""
        titles = {column["name"]: str(column["title"]) for column in self.entry["columns"]}
        plain = self.run.layer(self.entry["layer_id"])
        columns = [
            {**column, "title": titles.get(column["name"], column["title"])}
            for column in plain["columns"]
        ]
        return {**self.entry, "columns": columns}

    @cached_property
    def sentence(self) -> str:
        """What the layer shows as a whole; "" where nothing is said of it."""
        if self.entry["layer_id"] == finding.AREAS:
            return f"{finding.headline(self.language, self.run)}."
        return str(next(iter(self.entry["findings"]), ""))

    @cached_property
    def narrowing(self) -> list[str]:
        """How the rows were narrowed, put in order and chosen from, in words."""
        say = self.language.say
        said = []
        if self.view.only:
            classes = {line["key"]: str(line["label"]) for line in self.entry["classes"]}
            said.append(
                say("paper-only", classes="; ".join(classes[key] for key in self.view.only))
            )
        order = self.view.order
        if order.chosen and len(self.places) < len(self.run.table(self.entry["layer_id"])["ids"]):
            said.append(say("paper-several", count=len(order.chosen)))
        headings = {column["name"]: str(column["heading"]) for column in self.entry["columns"]}
        if order.column in headings:
            key = "paper-sorted-down" if order.descending else "paper-sorted"
            said.append(say(key, column=headings[order.column]))
        if self.marked is not None:
            chosen = tables.details(self.run, self.language, self.entry, self.view.selected)
            said.append(say("paper-chosen", name=chosen.name))
        return said


def _as_shown(cells: list[Any], column: Mapping[str, Any] | None) -> list[Any]:
    """Round and word a column's cells as the page does; what it doesn't show stays as it is."""
    if column is None:
        return cells
    if column["numeric"]:
        return [wording.as_shown(cell, column["kind"]) for cell in cells]
    return [cell if cell is None else column["words"].get(cell, cell) for cell in cells]


def _like(stored: pd.Series | None, cells: list[Any]) -> Any:
    """Return cells as a column of the kind that the engine stored, so that no view changes it."""
    kind = _kind(cells) if stored is None else stored.dtype.kind
    if kind == "f":
        return np.array(cells, dtype=float)
    if kind in "iu":
        return pd.to_numeric(pd.Series(cells, dtype=object)).to_numpy()
    return pd.Series(
        [str(cell) if isinstance(cell, str) else cell for cell in cells], dtype=object
    ).to_numpy()


def _kind(cells: list[Any]) -> str:
    """Return the kind of a column that the engine didn't store: of numbers, or of texts."""
    return "O" if any(isinstance(cell, str) for cell in cells) else "f"
