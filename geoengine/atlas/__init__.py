"""The layers that an analysis shows, each with its legend, table, method and sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd

from geoengine import figures
from geoengine.analysis import Analysis, Sampled
from geoengine.atlas import areas, gains, hotspots, need_access, reach, services, supply, travel
from geoengine.atlas.setting import Around, Setting, around
from geoengine.layers import Layer
from geoengine.network.ground import Ground
from geoengine.supply import Matched

__all__ = ["Around", "Gained", "Step", "Supplied", "around", "steps"]

Gained = Callable[[], tuple[gpd.GeoDataFrame, pd.DataFrame]]
"""Returns what `proposals.surface` and `proposals.candidates` do."""
Supplied = Callable[[str], Matched]
"""Returns what `supply.of` does for one of the study's."""


@dataclass(frozen=True)
class Step:
    """
    Layers that are made together.

    Parameters
    ----------
    make
        Makes them, in their order.
    made_from
        What they are made from beside what is so at any cut-off, in plain values; `None` where
        the cut-off itself decides.
    """

    make: Callable[[], Iterator[Layer]]
    made_from: tuple[Any, ...] | None


def steps(
    analysis: Analysis,
    ground: Ground,
    sampled: Sampled,
    near: Around,
    gained: Gained,
    supplied: Supplied,
) -> list[Step]:
    """
    Return the steps to every layer of an analysis, the most asked for first.

    Parameters
    ----------
    analysis
        What was found.
    ground
        The ground around the streets, from `analysis.survey`.
    sampled
        Places along the streets, from `analysis.sample`.
    near
        What is near the areas, from `around`.
    gained
        Tells what one more setting would bring.
    supplied
        Tells what there is in reach for those it is for.
    """
    known = analysis.at_any_cutoff()
    setting = Setting(known, near)

    @cache
    def sample() -> travel.Sample:
        return travel.Sample(known, sampled)

    @cache
    def judged() -> pd.DataFrame:
        return figures.judged_around(analysis, near.areas)

    def figure(name: str) -> Step:
        if name in figures.OF_ACCESS:
            found = figures.of(analysis, name, near.areas, judged())
            return Step(lambda: hotspots.layers(setting, found), (name, found.told()))
        return Step(lambda: hotspots.layers(setting, figures.of(known, name, near.areas)), (name,))

    def one(name: str, make: Callable[[], Layer]) -> Step:
        return Step(lambda: iter([make()]), (name,))

    def band(name: str) -> Step:
        minutes = analysis.study.supply[name].cutoff_min or analysis.study.travel.cutoff_min
        return Step(
            lambda: iter([supply.places(known, name, supplied(name))]), ("supply", name, minutes)
        )

    def openings() -> Iterator[Layer]:
        hexagons, buildings = gained()
        yield gains.hexagons(analysis, hexagons)
        if len(buildings):
            yield gains.buildings(analysis, buildings)

    return [
        Step(lambda: iter([areas.underserved(analysis)]), None),
        Step(lambda: iter([need_access.need_access(analysis)]), None),
        one("areas", lambda: areas.deprivation(known)),
        one("provision", lambda: services.provision(known)),
        one("unplaced", lambda: services.unplaced(known)),
        one("cells", lambda: travel.cells(known, sample())),
        one("streets", lambda: travel.streets(known, sample())),
        one("catchments", lambda: travel.catchments(known, sample())),
        one("isochrones", lambda: reach.around_each(known, ground)),
        Step(openings, ("gains", analysis.rule.cutoff_s, analysis.rule.deciles)),
        *(band(name) for name in analysis.study.supply),
        *(figure(name) for name in figures.names(analysis)),
    ]
