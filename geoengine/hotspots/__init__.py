"""Where high or low values gather more than chance explains, and how sure that is."""

from geoengine.hotspots.agreement import agreement, carried
from geoengine.hotspots.clustering import (
    Clustering,
    gearys_c,
    general_g,
    join_counts,
    morans_i,
)
from geoengine.hotspots.findings import Card, Hotspots, find
from geoengine.hotspots.kinds import KINDS, LACKING, UNTESTED, count_left_out, left_out
from geoengine.hotspots.wording import (
    Wording,
    in_words,
    left_out_in_words,
    sentences,
    summary,
)

__all__ = [
    "KINDS",
    "LACKING",
    "UNTESTED",
    "Card",
    "Clustering",
    "Hotspots",
    "Wording",
    "agreement",
    "carried",
    "count_left_out",
    "find",
    "gearys_c",
    "general_g",
    "in_words",
    "join_counts",
    "left_out",
    "left_out_in_words",
    "morans_i",
    "sentences",
    "summary",
]
