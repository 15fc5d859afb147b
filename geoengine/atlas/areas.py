"""The layers of areas: which are underserved, and how deprived they are."""

import geopandas as gpd
import numpy as np

from geoengine.analysis import Analysis, Journeys
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital, people_of, travel_method
from geoengine.layers import Layer, LayerClass, LayerColumn

STATUS_CLASSES = (
    LayerClass("underserved", "Underserved: deprived, and too many out of reach"),
    LayerClass("reached", "Deprived, and reached"),
    LayerClass("not_deprived", "Not among the most deprived"),
    LayerClass("not_covered", "Not covered by the street map", state=True),
    LayerClass("unknown", "Unknown: a figure is missing", state=True),
)


def underserved(analysis: Analysis) -> Layer:
    """Return which areas are underserved, and why."""
    rule, judged = analysis.rule, analysis.judged
    areas = analysis.inputs.areas
    frame = gpd.GeoDataFrame(
        judged.assign(
            ward_name=areas["ward_name"].reindex(judged.index),
            class_key=judged["status"],
        ),
        geometry=areas.geometry.reindex(judged.index),
        crs=areas.crs,
    )
    deciles = " or ".join(str(decile) for decile in rule.deciles)
    return Layer(
        "underserved",
        "Underserved areas",
        f"Which deprived areas have too many {rule.people} out of reach of a {rule.service}?",
        frame, "polygon", "status", "", "status", STATUS_CLASSES,
        (
            LayerColumn("name", "Area"),
            LayerColumn("children_beyond", f"Beyond {rule.limit}", rule.people),
            LayerColumn("children", capital(rule.people), "people"),
            LayerColumn("minutes_median", "Typical time to the nearest", "minutes"),
            LayerColumn("status", "Status"),
            LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Deprivation decile (1 = most deprived)"),
            LayerColumn("nearest_name", f"Nearest {rule.service}"),
            LayerColumn("share_beyond", "Share beyond", "share"),
            LayerColumn("minutes_worst", "Longest time to the nearest", "minutes"),
            LayerColumn("places_per_100", "Places in reach per 100", "places"),
            LayerColumn("coverage", "Covered by the street map", "share"),
            LayerColumn("children_unknown", "Not known whether in reach", rule.people),
            LayerColumn("rank", "Deprivation rank (1 = most deprived)"),
            LayerColumn("minutes_state", "Typical time: state"),
            LayerColumn("worst_state", "Longest time: state"),
            LayerColumn("nearest_id", f"Id of the nearest {rule.service}"),
        ),
        sentence="sentence", people="children", people_title=rule.people,
        **about(
            analysis,
            f"An area in deprivation decile {deciles} is underserved when more than "
            f"{rule.share:.0%} of its {rule.people} live more than {rule.limit} from a "
            f"{rule.service}. People are spread over output areas and postcodes where the study "
            "has them.", travel_method(analysis),
            f"Places in reach are shared among all {rule.people} of the study area within reach of "
            "them (two-step floating catchment, Luo & Wang 2003).",
        ),
    )  # fmt: skip


def deprivation(analysis: Journeys) -> Layer:
    """Return how deprived each area is within its nation."""
    areas, rule = analysis.inputs.areas, analysis.rule
    facts = analysis.inputs.readings["deprivation"].facts
    known = areas["decile"].notna()
    keys = np.where(known, "d" + areas["decile"].fillna(0).astype(int).astype(str), "unknown")
    labels = {1: "1: most deprived tenth", 10: "10: least deprived tenth"}
    classes = (
        *(LayerClass(f"d{at}", labels.get(at, str(at)), at, at) for at in range(1, 11)),
        LayerClass("unknown", "Unknown", state=True),
    )
    told = [
        f"{name}: deprivation decile {decile:.0f}, {people_of(people, rule.people)}."
        if np.isfinite(decile)
        else f"{name}: the deprivation file has no figure for this area."
        for name, decile, people in zip(
            areas["name"], areas["decile"], areas["people"], strict=True
        )
    ]
    return Layer(
        "areas", "Deprivation", "How deprived is each area, compared with its nation?",
        ranked(areas.assign(class_key=keys, sentence=told), ("rank", "low"), classes=classes),
        "polygon", "decile", "decile", "deprivation", classes,
        (
            LayerColumn("name", "Area"), LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Decile (1 = most deprived)"),
            LayerColumn("rank", "Rank (1 = most deprived)"),
            LayerColumn("people", capital(rule.people), "people"),
            LayerColumn("nation", "Nation of the ranking"), LayerColumn("vintage", "Census year"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **about(
            analysis,
            f"{_index(facts.get('index', ''))}; {facts.get('direction', '')}. "
            "Deciles are tenths of the nation’s areas; nations are never compared by rank.",
        ),
    )  # fmt: skip


def _index(name: str) -> str:
    if name == "imd":
        return "The whole index of multiple deprivation"
    part = name.upper() if name.startswith("ida") else name
    return f"The part of the index for {part}" if name else "The index as published"
