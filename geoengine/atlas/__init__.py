"""The layers that an analysis shows, each with its legend, table, method and sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import geopandas as gpd
import pandas as pd

from geoengine import figures
from geoengine.analysis import Analysis, Sampled
from geoengine.atlas import areas, gains, hotspots, need_access, reach, services, travel
from geoengine.atlas.hotspots import Around, around
from geoengine.layers import Layer
from geoengine.network.ground import Ground

__all__ = ["Around", "Gained", "Step", "around", "steps"]

Gained = Callable[[], tuple[gpd.GeoDataFrame, pd.DataFrame]]
"""Returns what `proposals.surface` and `proposals.candidates` do."""


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
    analysis: Analysis, ground: Ground, sampled: Sampled, near: Around, gained: Gained
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
    """
    known = analysis.at_any_cutoff()
    setting = hotspots.Setting(known, near)

    @cache
    def sample() -> travel.Sample:
        return travel.Sample(known, sampled)

    def figure(name: str) -> Step:
        if name in figures.OF_ACCESS:
            found = figures.of(analysis, name, near.areas)
            return Step(lambda: hotspots.layers(setting, found), (name, found.told()))
        return Step(lambda: hotspots.layers(setting, figures.of(known, name, near.areas)), (name,))

    def one(name: str, make: Callable[[], Layer]) -> Step:
        return Step(lambda: iter([make()]), (name,))

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
        *(figure(name) for name in figures.names(analysis)),
    ]
