"""Where people mean: a postcode, or a longitude and a latitude, read; and a spot, named."""

import math
from typing import Any

import numpy as np

from webmap.places import doorstep
from webmap.results import Snapshot

LONGEST_TEXT = 60
Spot = tuple[float, float]


def shown(text: str) -> str:
    """Return what was given, no longer than a message can show."""
    return text.strip()[:LONGEST_TEXT]


def find(run: Snapshot, text: str) -> Spot | None:
    """
    Return the longitude and latitude that a text means; `None` where it means none.

    Parameters
    ----------
    run
        Whose postcodes are known.
    text
        A postcode, or longitude and latitude with a comma between.
    """
    parts = shown(text).split(",")
    if len(parts) == 2:
        try:
            longitude, latitude = (float(part) for part in parts)
        except ValueError:
            return None
        on_earth = abs(longitude) <= 180 and abs(latitude) <= 90
        return (longitude, latitude) if on_earth else None
    spelled = doorstep.spelled(text)
    if spelled is None or not doorstep.kept(run):
        return None
    known = doorstep.find(run, spelled)
    return None if known is None else (known.longitude, known.latitude)


def postcode_near(run: Snapshot, longitude: float, latitude: float) -> str:
    """Return the postcode in use that is nearest to a spot; "" where none is known."""
    names, at = run.keep("live postcodes", lambda: _live(run))
    if not len(names):
        return ""
    across = (at[:, 0] - longitude) * math.cos(math.radians(latitude))
    return str(names[int(np.argmin(across**2 + (at[:, 1] - latitude) ** 2))])


def _live(run: Snapshot) -> tuple[list[str], Any]:
    if not doorstep.kept(run):
        return [], np.empty((0, 2))
    held = run.read(doorstep.FILE)
    live = [at for at, state in enumerate(held["state"]) if state != "ended"]
    return (
        [held["postcode"][at] for at in live],
        np.array([(held["longitude"][at], held["latitude"][at]) for at in live]).reshape(-1, 2),
    )
