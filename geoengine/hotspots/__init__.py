"""Where high or low values gather more than chance explains, and how sure that is."""

from geoengine.hotspots.adjust import benjamini_hochberg, benjamini_yekutieli
from geoengine.hotspots.agreement import agreement, carried
from geoengine.hotspots.clustering import (
    Clustering,
    gearys_c,
    general_g,
    join_counts,
    morans_i,
)
from geoengine.hotspots.findings import KINDS, UNTESTED, Card, Hotspots, find
from geoengine.hotspots.wording import Wording, in_words, sentences, summary

__all__ = [
    "KINDS",
    "UNTESTED",
    "Card",
    "Clustering",
    "Hotspots",
    "Wording",
    "agreement",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "carried",
    "find",
    "gearys_c",
    "general_g",
    "in_words",
    "join_counts",
    "morans_i",
    "sentences",
    "summary",
]
