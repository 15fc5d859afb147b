"""The layers of provision: what is on the map, and what could not be put there."""

from typing import Any

import numpy as np
import pandas as pd

from geoengine.analysis import Journeys
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital
from geoengine.layers import Layer, LayerClass, LayerColumn

CLASSES = (
    LayerClass("eligible", "Open, for the ages studied"),
    LayerClass("outside", "The same, across the authority’s border"),
    LayerClass("not_eligible", "Not counted: closed, or for other ages"),
)


def provision(analysis: Journeys) -> Layer:
    """Return where the service is offered, and whether each place counts."""
    found, rule = analysis.inputs.provision, analysis.rule
    placed = found[found["placed_by"] != "unplaced"].copy()
    keys = np.where(
        ~placed["eligible"], "not_eligible", np.where(placed["abroad"], "outside", "eligible")
    )
    joined = pd.Series(
        analysis.grounds.at_provision.joined, index=analysis.grounds.eligible.index
    ).reindex(placed.index)
    placed["why"] = [
        _why(row, on, rule.people)
        for row, on in zip(placed.to_dict("records"), joined, strict=True)
    ]
    placed["sentence"] = [
        f"{name}: {_places(places)}; {why}."
        for name, places, why in zip(placed["name"], placed["capacity"], placed["why"], strict=True)
    ]
    return Layer(
        "provision", capital(rule.plural), f"Where are the {rule.plural}?",
        ranked(placed.assign(class_key=keys), ("name", "low"), classes=CLASSES),
        "point", "capacity", "places", "services", CLASSES,
        (
            LayerColumn("name", "Name"), LayerColumn("capacity", "Places", "places"),
            LayerColumn("age_from", "Youngest age", "years"),
            LayerColumn("age_to", "Oldest age", "years"),
            LayerColumn("open", "Open"), LayerColumn("abroad", "Across the border"),
            LayerColumn("why", "Counted?"), LayerColumn("placed_by", "Placed by"),
        ),
        sentence="sentence",
        **about(analysis, "Points are as published, or at the postcode."),
    )  # fmt: skip


def _why(row: dict[Any, Any], joined: Any, people: str) -> str:
    if not row["open"]:
        return "not counted: it is closed"
    if not row["suits"]:
        return f"not counted: not for {people}"
    if joined is False:
        return "not counted: the street map does not reach it"
    return "counted, though across the border" if row["abroad"] else "counted"


def _places(places: float) -> str:
    return f"{places:g} places" if np.isfinite(places) else "number of places unknown"


def unplaced(analysis: Journeys) -> Layer:
    """Return provision that could not be put on the map, and why."""
    found, rule = analysis.inputs.provision, analysis.rule
    lost = ranked(found[found["placed_by"] == "unplaced"], ("capacity", "high"), ("name", "low"))
    return Layer(
        "unplaced", f"{capital(rule.plural)} not on the map",
        f"Which {rule.plural} could not be placed, and why?",
        lost.assign(class_key="unplaced"),
        "none", "capacity", "places", "services",
        (LayerClass("unplaced", "Not placed", state=True),),
        (
            LayerColumn("name", "Name"), LayerColumn("capacity", "Places", "places"),
            LayerColumn("open", "Open"), LayerColumn("unplaced_reason", "Why it has no place"),
        ),
        **about(analysis, "Their places are in no figure of access: access may be better."),
    )  # fmt: skip
