"""Which areas are neighbours of each other, and how much each counts."""

from geoengine.neighbours.contiguity import contiguity, joined_by_streets
from geoengine.neighbours.links import Neighbours, from_graph, from_links
from geoengine.neighbours.proximity import nearest, within_distance, within_time

__all__ = [
    "Neighbours",
    "contiguity",
    "from_graph",
    "from_links",
    "joined_by_streets",
    "nearest",
    "within_distance",
    "within_time",
]
