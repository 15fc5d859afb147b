"""Scenarios: what is opened, closed, resized or moved on a baseline, in order, and its name."""

from geoengine.scenarios.changes import Change, OnStreets
from geoengine.scenarios.edits import Close, Edit, Move, Open, Resize, plain
from geoengine.scenarios.scenario import Scenario
from geoengine.scenarios.written import MOST_PLACES, from_mapping, from_toml, to_toml

__all__ = [
    "MOST_PLACES",
    "Change",
    "Close",
    "Edit",
    "Move",
    "OnStreets",
    "Open",
    "Resize",
    "Scenario",
    "from_mapping",
    "from_toml",
    "plain",
    "to_toml",
]
