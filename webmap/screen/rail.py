"""The list of layers, in groups: who is reached, settings, time, the hotspots of each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Entry = Mapping[str, Any]

GROUPS = {
    "provision": "settings", "unplaced": "settings", "catchments": "settings",
    "gains": "settings", "candidates": "settings",
    "cells": "time", "streets": "time", "isochrones": "time",
}  # fmt: skip
VIEWS = {"hotspots": "now", "clusters": "clusters", "emerging": "through-time"}
ORDER = ("reached", "settings", "time", "hotspots")


@dataclass(frozen=True)
class Figure:
    """
    A figure that hotspots are found of.

    Parameters
    ----------
    title
        What the layer of its hotspots is called.
    views
        Its layers, by what each shows of it: `now`, `clusters` or `through-time`.
    """

    title: str
    views: dict[str, Entry]


@dataclass(frozen=True)
class Group:
    """A heading's name, with the layers under it, or the figures whose layers are."""

    name: str
    layers: list[Entry] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """The ids of all layers under the heading."""
        shown = [*self.layers, *(each for f in self.figures.values() for each in f.views.values())]
        return {str(entry["layer_id"]) for entry in shown}


def groups(entries: Sequence[Entry]) -> list[Group]:
    """
    Put layers under headings, in the order given; those of no other group tell who is reached.

    Examples
    --------
    >>> made = groups([{"layer_id": name, "title": name} for name in ("areas", "hotspots_minutes")])
    >>> [(group.name, sorted(group.ids)) for group in made]
    [('reached', ['areas']), ('hotspots', ['hotspots_minutes'])]
    """
    made = {name: Group(name) for name in ORDER}
    for entry in entries:
        layer_id = str(entry["layer_id"])
        kind, _, figure = layer_id.partition("_")
        if figure and kind in VIEWS:
            held = made["hotspots"].figures.setdefault(figure, Figure(_figure(entry), {}))
            held.views[VIEWS[kind]] = entry
        else:
            made[GROUPS.get(layer_id, "reached")].layers.append(entry)
    return [group for group in made.values() if group.ids]


def _figure(entry: Entry) -> str:
    """Return what a figure is called: as the column of its values is, where there is one."""
    named = (each["title"] for each in entry.get("columns", ()) if each["name"] == "value")
    title: str = next(named, entry["title"])
    return title
