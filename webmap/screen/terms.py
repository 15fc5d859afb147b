"""A figure term by term: where it was hot and cold in each, what has changed, and its course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from webmap.results import Snapshot
from webmap.screen import palettes

Entry = Mapping[str, Any]
FIGURE, SPOT = "figure_", "spot_"
SPOTS = {
    "hot": "hot", "cold": "cold", "neither": "none", "withheld": "suppressed",
    "not known": "unknown", "too few around it": "not_enough_data",
    "no neighbours": "no_neighbours", "no network": "no_network",
    "nobody to count among": "nobody",
}  # fmt: skip
"""What the layer says of an area in a term, and the class that it is drawn as."""
STATES = (
    "not_enough_data", "no_neighbours", "no_network", "nobody", "suppressed", "unknown",
)  # fmt: skip
OF_A_TERM = ("hot", "cold", "none", *STATES)
CHANGES = {
    "became_hot": "new_hot", "stayed_hot": "persistent_hot", "gone_hot": "historical_hot",
    "became_cold": "new_cold", "stayed_cold": "persistent_cold", "gone_cold": "historical_cold",
    "neither": "no_pattern",
}  # fmt: skip
"""Classes of a change, and the pattern through time that each is drawn like."""
WIDTH, HEIGHT, EDGE = 132.0, 26.0, 4.0


@dataclass(frozen=True)
class Term:
    """
    A term or year.

    Parameters
    ----------
    name, title
        As addresses and as people call it.
    values
        The figure of each area; `None` where it has none.
    classes
        Each area's class, one of `OF_A_TERM`.
    """

    name: str
    title: str
    values: Sequence[float | None]
    classes: Sequence[str]

    def count(self, key: str) -> int:
        """Return how many areas are of a class."""
        return sum(each == key for each in self.classes)


@dataclass(frozen=True)
class Painted:
    """
    A map's classes.

    Parameters
    ----------
    keys
        The classes that some area has, in order.
    looks
        The style of each, as `palettes.styles` gives it.
    line
        Each area's place among them.
    """

    keys: tuple[str, ...]
    looks: list[dict[str, Any]]
    line: tuple[int, ...]

    @property
    def counts(self) -> list[int]:
        """How many areas are of each class."""
        return [self.line.count(place) for place in range(len(self.keys))]


@dataclass(frozen=True)
class Course:
    """An area's line through the terms: its pieces, and where it was hot and cold."""

    lines: tuple[str, ...]
    hot: tuple[tuple[float, float], ...]
    cold: tuple[tuple[float, float], ...]


def layers(entries: Sequence[Entry]) -> list[Entry]:
    """Return the layers that tell of several terms."""
    return [each for each in entries if each["palette"] == "emerging"]


def of_layer(run: Snapshot, entry: Entry) -> list[Term]:
    """Return the terms of a layer in order of time, with values in the order of its features."""
    held = run.table(entry["layer_id"])["columns"]
    return [
        Term(
            name := str(column["name"]).removeprefix(FIGURE),
            str(column["title"]),
            held[FIGURE + name],
            [SPOTS[each] for each in held[SPOT + name]],
        )
        for column in entry["columns"]
        if str(column["name"]).startswith(FIGURE)
    ]


def painted(term: Term) -> Painted:
    """Paint where a term was hot and cold."""
    return _paint(term.classes, OF_A_TERM, "hotspots", {})


def changed(first: Term, last: Term) -> Painted:
    """
    Paint what has become hot or cold from a term to another, and what is so no longer.

    Examples
    --------
    >>> first = Term("a", "A", [1, 2, 3, None], ["hot", "hot", "cold", "suppressed"])
    >>> last = Term("b", "B", [1, 2, 3, 4], ["hot", "none", "hot", "hot"])
    >>> found = changed(first, last)
    >>> [found.keys[line] for line in found.line]
    ['stayed_hot', 'gone_hot', 'became_hot', 'suppressed']
    """
    keys = [_change(*both) for both in zip(first.classes, last.classes, strict=True)]
    return _paint(keys, (*CHANGES, *STATES), "emerging", CHANGES)


def _change(before: str, after: str) -> str:
    for each in (after, before):
        if each in STATES:
            return each
    if after != "none":
        return f"stayed_{after}" if before == after else f"became_{after}"
    return "neither" if before == "none" else f"gone_{before}"


def _paint(
    keys: Sequence[str], order: Sequence[str], palette: str, like: Mapping[str, str]
) -> Painted:
    there = tuple(each for each in order if each in set(keys))
    lines = [{"key": like.get(each, each), "state": each in STATES} for each in there]
    return Painted(
        there, palettes.styles(palette, lines), tuple(there.index(each) for each in keys)
    )


def spread(terms: Sequence[Term]) -> tuple[float, float]:
    """Return the least and the greatest figure of all areas and terms; 0 and 1 without any."""
    known = [value for term in terms for value in term.values if value is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


def course(terms: Sequence[Term], place: int) -> Course:
    """Lay out an area's line, all areas on one scale, with a gap where it has no figure."""
    low, high = spread(terms)
    across = (WIDTH - 2 * EDGE) / max(len(terms) - 1, 1)
    up = (HEIGHT - 2 * EDGE) / ((high - low) or 1.0)
    points = [
        None
        if (value := term.values[place]) is None
        else (round(EDGE + at * across, 1), round(HEIGHT - EDGE - (value - low) * up, 1))
        for at, term in enumerate(terms)
    ]
    pieces = [
        " ".join(f"{x:g},{y:g}" for x, y in filter(None, piece))
        for known, piece in groupby(points, key=lambda point: point is not None)
        if known
    ]
    marked = [
        tuple(
            point
            for point, term in zip(points, terms, strict=True)
            if point is not None and term.classes[place] == key
        )
        for key in ("hot", "cold")
    ]
    return Course(tuple(pieces), *marked)
