"""What the edits of a scenario come to, each checked as if those before it had been made."""

import difflib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from geoengine.errors import Fault, ScenarioError
from geoengine.scenarios.edits import VERBS, Close, Edit, Move, Open, Resize

OnStreets = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]

SHOWN_IDS = 5
_PAST = {"close": "closed", "resize": "resized", "move": "moved"}


@dataclass(frozen=True)
class Change:
    """
    What a scenario comes to.

    Parameters
    ----------
    closed
        Settings of the baseline that are no more.
    places
        New capacities of settings of the baseline, by id; NaN where unknown.
    spots
        New longitudes and latitudes of settings of the baseline, by id.
    opened
        New settings as they end up, in the order of their opening.
    """

    closed: tuple[str, ...]
    places: dict[str, float]
    spots: dict[str, tuple[float, float]]
    opened: tuple[Open, ...]


def walk(
    name: str, edits: Sequence[Edit], ids: Sequence[str], on_streets: OnStreets | None
) -> Change:
    """
    Make edits one after the other, and return what they come to.

    Parameters
    ----------
    name
        Of the scenario, for messages.
    edits
        In order.
    ids
        The settings of the baseline.
    on_streets
        Says of longitudes and latitudes, shape (places,), whether the streets of the study come
        near enough to each; `None`: they come near to all.

    Raises
    ------
    ScenarioError
        With every edit that cannot be made, and why.
    """
    walked = _Walk(name, ids)
    walked.make_all(edits)
    if on_streets is not None:
        walked.look_at_places(edits, on_streets)
    if walked.faults:
        raise ScenarioError(fault for _, fault in sorted(walked.faults, key=itemgetter(0)))
    return walked.change


class _Walk:
    """The edits of a scenario, made one after the other; those that cannot be are noted."""

    def __init__(self, name: str, ids: Sequence[str]) -> None:
        self.name = name
        self.baseline = frozenset(ids)
        self.there = dict.fromkeys(ids)
        self.closed: dict[str, int] = {}
        self.places: dict[str, float] = {}
        self.spots: dict[str, tuple[float, float]] = {}
        self.opened: dict[str, Open] = {}
        self.faults: list[tuple[int, Fault]] = []

    @property
    def change(self) -> Change:
        """What the edits made so far come to."""
        closed = tuple(name for name in self.closed if name in self.baseline)
        return Change(closed, self.places, self.spots, tuple(self.opened.values()))

    def make_all(self, edits: Sequence[Edit]) -> None:
        for number, edit in enumerate(edits, 1):
            before = len(self.faults)
            self.look(number, edit)
            if len(self.faults) == before:
                self.make(number, edit)

    def note(self, number: int, problem: str) -> None:
        where = f"the scenario '{self.name}', edit {number}"
        self.faults.append((number, Fault(where, 0, problem)))

    def look(self, number: int, edit: Edit) -> None:
        name, verb = edit.provision_id, VERBS[type(edit)]
        if isinstance(edit, Open):
            if not name.strip():
                self.note(number, "a new setting needs an id that is not empty")
            elif name in self.there or name in self.closed:
                self.note(number, f"'{name}' is the id of another setting; open it under a new one")
        elif name in self.closed:
            by = self.closed[name]
            self.note(number, f"'{name}' cannot be {_PAST[verb]}: edit {by} has closed it")
        elif name not in self.there:
            self.note(number, f"there is no setting '{name}' to {verb}{self.like(name)}")
        if isinstance(edit, Open | Resize) and not _possible(edit.places):
            given = f"{edit.places:g}"
            self.note(number, f"places must be at least 0, or left out if unknown, not {given}")
        if isinstance(edit, Open | Move) and not _on_earth(edit.longitude, edit.latitude):
            self.note(
                number,
                f"longitude {edit.longitude:g}, latitude {edit.latitude:g} is no place on earth: "
                "longitudes run from -180 to 180 and latitudes from -90 to 90",
            )

    def like(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.there, n=3, cutoff=0.6)
        if near:
            return "; is it " + " or ".join(f"'{one}'" for one in near) + "?"
        some = ", ".join(f"'{one}'" for one in list(self.there)[:SHOWN_IDS])
        more = f" and {len(self.there) - SHOWN_IDS} more" if len(self.there) > SHOWN_IDS else ""
        return f"; there are {some}{more}" if some else "; there is none left"

    def make(self, number: int, edit: Edit) -> None:
        name = edit.provision_id
        if isinstance(edit, Open):
            self.there[name], self.opened[name] = None, edit
        elif isinstance(edit, Close):
            del self.there[name]
            self.closed[name] = number
            for changed in (self.opened, self.places, self.spots):
                changed.pop(name, None)
        elif isinstance(edit, Resize):
            if name in self.opened:
                self.opened[name] = replace(self.opened[name], places=edit.places)
            else:
                self.places[name] = as_number(edit.places)
        else:
            spot = (edit.longitude, edit.latitude)
            if name in self.opened:
                self.opened[name] = replace(self.opened[name], longitude=spot[0], latitude=spot[1])
            else:
                self.spots[name] = spot

    def look_at_places(self, edits: Sequence[Edit], on_streets: OnStreets) -> None:
        placed = [
            (number, edit.longitude, edit.latitude)
            for number, edit in enumerate(edits, 1)
            if isinstance(edit, Open | Move) and _on_earth(edit.longitude, edit.latitude)
        ]
        if not placed:
            return
        spots = np.array([spot for _, *spot in placed])
        for (number, longitude, latitude), near in zip(
            placed, on_streets(spots[:, 0], spots[:, 1]), strict=True
        ):
            if not near:
                self.note(
                    number,
                    f"longitude {longitude:g}, latitude {latitude:g} is outside the study: none "
                    "of its streets comes near",
                )


def _possible(places: float | None) -> bool:
    return places is None or (math.isfinite(places) and places >= 0)


def _on_earth(longitude: float, latitude: float) -> bool:
    return -180 <= longitude <= 180 and -90 <= latitude <= 90


def as_number(places: float | None) -> float:
    """Return a number of places, NaN where it is unknown."""
    return math.nan if places is None else float(places)
