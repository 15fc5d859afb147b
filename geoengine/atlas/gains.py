"""The layers of what one more setting would bring: in each hexagon, and in each building."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.analysis import Journeys
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital
from geoengine.layers import Layer, LayerClass, LayerColumn, class_keys
from geoengine.underserved import Rule, count

STEPS = (5, 10, 25, 50, 100)
NOBODY = LayerClass("nobody", "Nobody more", 0, 0)
OFF = LayerClass("no_network", "Not near any street of the map", state=True)


def _classes(steps: tuple[int, ...]) -> tuple[LayerClass, ...]:
    first, last = steps[0], steps[-1]
    return (
        LayerClass(f"0_to_{first}", f"up to {first} more", 0, first),
        *(LayerClass(f"{low}_to_{high}", f"{low} to {high} more", low, high)
          for low, high in pairwise(steps)),
        LayerClass(f"over_{last}", f"over {last} more", last),
    )  # fmt: skip


def hexagons(analysis: Journeys, found: gpd.GeoDataFrame) -> Layer:
    """
    Return what one more setting would bring at the best corner of each hexagon.

    Parameters
    ----------
    analysis
        What was found, with its cut-off.
    found
        From `proposals.surface`.
    """
    rule, classes, found = analysis.rule, _classes(STEPS), _ranked(found)
    people = found["people_gained"].to_numpy(dtype=float)
    frame = found.assign(
        class_key=class_keys(people, classes), cell=found.index,
        sentence=_sentences(found, rule, "here"),
    )  # fmt: skip
    return Layer(
        "gains", f"Gain of one more {rule.service}",
        f"Where would one more {rule.service} bring most {rule.people} within reach?",
        frame, "polygon", "people_gained", "people", "gains", classes,
        (LayerColumn("cell", "Hexagon"), *_columns(rule)),
        sentence="sentence", findings=tuple(_sentences(_best(found), rule, "at the best corner")),
        **about(
            analysis, _method(rule, "at every corner of the streets"),
            "Each hexagon shows its best corner; where it is blank, none would bring anybody.",
        ),
    )  # fmt: skip


def buildings(analysis: Journeys, found: pd.DataFrame) -> Layer:
    """
    Return what one more setting would bring in each building where it could open.

    Parameters
    ----------
    analysis
        What was found, with its cut-off.
    found
        From `proposals.candidates`.
    """
    rule, classes = analysis.rule, (NOBODY, *_classes(STEPS[1:]), OFF)
    could = analysis.inputs.candidates
    frame = _ranked(could[["geometry"]].join(found.drop(columns=["longitude", "latitude"])))
    people = frame["people_gained"].to_numpy(dtype=float)
    keys = np.where(np.isnan(people), OFF.key, class_keys(people, classes))
    frame = frame.assign(
        class_key=keys, gained_state=np.where(np.isnan(people), OFF.key, "known"),
        sentence=_sentences(frame, rule, frame["name"]),
    )  # fmt: skip
    said = about(
        analysis, _method(rule, "in every building"),
        "Buildings are those of the street map that are tagged as schools, libraries, community "
        "and family centres, health centres, halls or places of worship, or as the study asks, "
        "and the council’s own list, in use or not; whether there is room in them is not known.",
    )  # fmt: skip
    own = analysis.study.candidates
    if own.source:
        said["attribution"] = (*said["attribution"], own.source)
    if own.as_of:
        said["as_of"] = {**said["as_of"], "Buildings": own.as_of}
    return Layer(
        "candidates", f"Buildings for one more {rule.service}",
        f"In which building would one more {rule.service} bring most {rule.people} within reach?",
        frame, "point", "people_gained", "people", "gains", classes,
        (
            LayerColumn("name", "Name"), LayerColumn("kind", "Kind of building"),
            *_columns(rule), LayerColumn("gained_state", "Gain: state"),
        ),
        sentence="sentence", findings=tuple(_best(frame)["sentence"]), **said,
    )  # fmt: skip


def _ranked(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places by what they would bring, those not known last."""
    return ranked(found, ("people_gained", "high"), ("deprived_gained", "high"))


def _best(found: pd.DataFrame) -> pd.DataFrame:
    """Return the place that would bring most, of those in order; none where none would."""
    return found[found["people_gained"] > 0].iloc[:1]


def _columns(rule: Rule) -> tuple[LayerColumn, LayerColumn]:
    return (
        LayerColumn("people_gained", f"{capital(rule.people)} brought within reach", "people"),
        LayerColumn("deprived_gained", "Of them in the most deprived areas", "people"),
    )


def _sentences(found: pd.DataFrame, rule: Rule, where: "str | pd.Series") -> list[str]:
    places = [where] * len(found) if isinstance(where, str) else [f"at {name}" for name in where]
    gained: NDArray[np.float64] = found[["people_gained", "deprived_gained"]].to_numpy(dtype=float)
    return [
        _sentence(place, people, deprived, rule)
        for place, (people, deprived) in zip(places, gained.tolist(), strict=True)
    ]


def _sentence(place: str, people: float, deprived: float, rule: Rule) -> str:
    """Tell what one more setting would bring, to a councillor."""
    one = f"One more {rule.service} {place}"
    if people != people:
        return f"{one}: what it would bring is not known, for no street of the map is near."
    if people < 0.5:
        return f"{one} would bring hardly anybody more within {rule.limit}."
    poor = count(deprived) if deprived >= 0.5 else "none"
    return (
        f"{one} would bring {count(people)} more {rule.people} within {rule.limit}, "
        f"{poor} of them in the most deprived areas."
    )


def _method(rule: Rule, where: str) -> str:
    return (
        f"How many more {rule.people} would be within {rule.limit} if one more {rule.service} "
        f"opened, worked out {where} by a search along the journeys of all who live beyond it; "
        "those whose time is in doubt are not counted. Gains of two places near each other do "
        "not add up."
    )
