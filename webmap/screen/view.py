"""What is on screen, as the page's address says it: a layer, its classes, their order, a choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from webmap.screen.tables import Order
from webmap.text.finding import AREAS

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class View:
    """
    What is on screen.

    Parameters
    ----------
    layer_id
        The layer.
    only
        Keys of the classes shown, in the legend's order; none where all are.
    sort
        The column to sort by, with a minus where the greatest come first; "" for the layer's own
        order.
    selected
        The id of the chosen feature; "" for none.
    chosen
        The ids of the areas chosen together.
    order
        The same for a table.
    threshold
        Minutes that take the place of the study's cut-off, as the address has them; "" for none.
    compared
        What the query has of a comparison of layers, the layer itself too; empty for none.
    """

    layer_id: str
    only: tuple[str, ...]
    sort: str
    selected: str
    order: Order
    threshold: str = ""
    chosen: tuple[str, ...] = ()
    compared: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """The view as a page's query has it; parts may be empty."""
        return {
            "layer": self.layer_id,
            "selected": self.selected,
            "only": ",".join(self.only),
            "sort": self.sort,
            "t": self.threshold,
            "sel": ",".join(self.chosen),
            **self.compared,
        }


def read(entry: Entry, asked: MultiDict[str, str]) -> View:
    """
    Read a view of a layer from a page's query; classes that the layer hasn't are passed over.

    Parameters
    ----------
    entry
        The layer.
    asked
        The query: `only` and `sel`, as several or with commas between; `sort`; `selected`.
    """
    wanted = set(_several(asked, "only"))
    chosen = tuple(dict.fromkeys(_several(asked, "sel")))
    keys = [str(line["key"]) for line in entry["classes"]]
    hidden = frozenset(keys) - wanted if wanted & set(keys) else frozenset()
    sort = asked.get("sort", "")
    return View(
        str(entry["layer_id"]),
        tuple(key for key in keys if key not in hidden) if hidden else (),
        sort,
        asked.get("selected", ""),
        Order(sort.removeprefix("-"), sort.startswith("-"), hidden, frozenset(chosen)),
        asked.get("t", "") if entry["layer_id"] == AREAS else "",
        chosen,
        entry.get("query", {}),
    )


def _several(asked: MultiDict[str, str], name: str) -> list[str]:
    return [value for part in asked.getlist(name) for value in part.split(",") if value]
