"""The edits that a scenario is made of, and the one way in which each is written down."""

import math
from dataclasses import dataclass
from typing import Any

DEGREE_DECIMALS = 7
"""A centimetre on the ground: places closer than that are the same place."""


@dataclass(frozen=True)
class Open:
    """
    A new setting.

    Parameters
    ----------
    provision_id
        An id that no setting has had.
    longitude, latitude
        Its place, degrees.
    places
        Its capacity; `None` where unknown.
    name
        What people call it; its id where not given.
    """

    provision_id: str
    longitude: float
    latitude: float
    places: float | None = None
    name: str = ""


@dataclass(frozen=True)
class Close:
    """The end of a setting, named by its `provision_id`."""

    provision_id: str


@dataclass(frozen=True)
class Resize:
    """Another number of places at a setting; `None` where it will not be known."""

    provision_id: str
    places: float | None


@dataclass(frozen=True)
class Move:
    """A setting, as it is, at another place, in degrees."""

    provision_id: str
    longitude: float
    latitude: float


Edit = Open | Close | Resize | Move
KINDS: dict[str, type[Edit]] = {"open": Open, "close": Close, "resize": Resize, "move": Move}
VERBS = {kind: verb for verb, kind in KINDS.items()}


def plain(edit: Edit) -> dict[str, Any]:
    """Return an edit as `from_mapping` takes it, the one way in which it is written."""
    written: dict[str, Any] = {VERBS[type(edit)]: edit.provision_id}
    if isinstance(edit, Open):
        written["name"] = edit.name or edit.provision_id
    if isinstance(edit, Open | Move):
        spot = (edit.longitude, edit.latitude)
        written["at"] = [round(float(part), DEGREE_DECIMALS) + 0.0 for part in spot]
    if isinstance(edit, Open | Resize):
        places = edit.places
        written["places"] = "unknown" if places is None or math.isnan(places) else float(places)
    return written
