"""The layers of places in reach of those they are for, one for each band that the study asks."""

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np

from geoengine.analysis import Journeys
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital, people_of
from geoengine.layers import Layer, LayerClass, LayerColumn, class_keys
from geoengine.supply import Matched

STEPS = (0, 10, 20, 30, 50)
CLASSES = (
    LayerClass("none", "None in reach", 0, 0),
    *(LayerClass(f"per_100_{low}_to_{high}", f"{low} to {high} per 100", low, high)
      for low, high in pairwise(STEPS)),
    LayerClass(f"per_100_over_{STEPS[-1]}", f"over {STEPS[-1]} per 100", STEPS[-1]),
    LayerClass("not_covered", "Not covered by the street map", state=True),
    LayerClass("unknown", "Unknown: a figure is missing", state=True),
)  # fmt: skip


def places(analysis: Journeys, name: str, matched: Matched) -> Layer:
    """Return how many places of a band each area's children of that band have in reach."""
    areas, title = analysis.inputs.areas, analysis.study.supply[name].title
    per_100 = matched.areas["places_per_100"].to_numpy(dtype=float)
    state = matched.areas["state"].to_numpy(dtype=object)
    frame = gpd.GeoDataFrame(
        matched.areas.rename(columns={"state": "places_state"}).assign(
            name=areas["name"],
            ward_name=areas["ward_name"],
            decile=areas["decile"],
            class_key=np.where(state == "known", class_keys(per_100, CLASSES), state),
        ),
        geometry=areas.geometry,
        crs=areas.crs,
    )
    frame["sentence"] = [_sentence(row, matched) for row in frame.to_dict("records")]
    frame = ranked(frame, ("places_per_100", "low"), ("children", "high"), classes=CLASSES)
    limit = f"{matched.cutoff_min:g} minutes’ {matched.mode.title}"
    return Layer(
        f"supply_{name}", title,
        f"How many places do {matched.people} have within {limit}?",
        frame, "polygon", "places_per_100", "places per 100", "gains", CLASSES,
        (
            LayerColumn("name", "Area"),
            LayerColumn("places_per_100", "Places in reach per 100", "places"),
            LayerColumn("children", capital(matched.people), "people"),
            LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Deprivation decile (1 = most deprived)"),
            LayerColumn("places_state", "Places in reach per 100: state"),
        ),
        sentence="sentence", people="children", people_title=matched.people,
        findings=(_counted(matched),),
        **about(
            analysis, _counted(matched),
            f"The places of each are shared among all {matched.people} of the study area who live "
            f"within {limit} of it, and these shares are added up at each home (two-step floating "
            "catchment, Luo & Wang 2003).", _official(analysis.study.supply[name].preset),
        ),
    )  # fmt: skip


def _counted(matched: Matched) -> str:
    unknown = ""
    if matched.unknown:
        unknown = (
            f"; those of {matched.unknown:,} more are unknown and passed over, so that access may "
            "be better"
        )
    known = matched.settings - matched.unknown
    settings = "setting" if known == 1 else "settings"
    return f"{matched.places:,.0f} places in {known:,} {settings} count{unknown}."


def _official(preset: str) -> str:
    if preset != "england-childcare":
        return ""
    return (
        "The official English measure (Office for National Statistics and Ofsted) also counts 25 "
        "minutes by public transport; this is its part by car, whose level differs from it."
    )


def _sentence(row: dict[Any, Any], matched: Matched) -> str:
    who = people_of(row["children"], matched.people)
    if row["places_state"] == "not_covered":
        return f"{row['name']}: the street map does not cover its homes ({who})."
    if row["places_state"] == "unknown":
        return f"{row['name']}: how many places there are in reach is not known ({who})."
    return f"{row['name']}: {row['places_per_100']:.1f} places in reach per 100 ({who})."
