"""What the layers say alike: sources, dates, method, people and steps of minutes."""

from itertools import pairwise
from typing import Any

import numpy as np

from geoengine.analysis import Journeys
from geoengine.layers import LayerClass

BANDS_MIN = (0, 5, 10, 15, 20, 30, 45, 60)
OSM = "Streets © OpenStreetMap contributors, Open Database Licence 1.0"
OGL = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right"
)
UNREACHABLE = LayerClass("unreachable", "No way to get there", state=True)


def minutes_classes(bands_min: tuple[int, ...] = BANDS_MIN) -> tuple[LayerClass, ...]:
    """Return the steps of a legend in minutes, and the state of what cannot be reached."""
    steps = [
        LayerClass(f"{low}-{high}", f"{low} to {high} minutes", low, high)
        for low, high in pairwise(bands_min)
    ]
    last = LayerClass(f"{bands_min[-1]}-", f"over {bands_min[-1]} minutes", bands_min[-1])
    return (*steps, last, UNREACHABLE)


def about(analysis: Journeys, *method: str, indicator: str = "") -> dict[str, Any]:
    """Return what every layer says of its sources: all of the study's, or an indicator's."""
    study = analysis.study
    named: dict[str, Any] = {"Boundaries": study.boundaries, "Population": study.population}
    if indicator:
        named[study.indicators[indicator].title] = study.indicators[indicator]
    else:
        named |= {
            "Deprivation": study.deprivation, "Streets": study.streets,
            "Provision": study.provision,
        }  # fmt: skip
    credits_ = [part.source for part in named.values() if part.source]
    if study.study.invented:
        credits_ = ["Invented: no part of this place is real", *credits_]
    else:
        credits_ = list(dict.fromkeys([*credits_, OGL, OSM]))
    return {
        "attribution": tuple(credits_),
        "as_of": {what: part.as_of for what, part in named.items() if part.as_of},
        "method": " ".join(filter(None, method)),
    }


def travel_method(analysis: Journeys) -> str:
    """Return how times were found, in sentences."""
    mode = analysis.study.travel.mode
    return (
        f"Times are the shortest along streets open to the mode ‘{mode}’, from home to the nearest "
        f"{analysis.rule.service} that is open and takes the ages studied, with the way between "
        "door and street. Turn restrictions are not modelled."
    )


def people_of(people: float, who: str) -> str:
    """Return how many people there are, in words; NaN is unknown."""
    return f"{int(people + 0.5):,} {who}" if np.isfinite(people) else f"number of {who} unknown"


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
