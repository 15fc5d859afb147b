"""The layers that an analysis shows, each with its legend, table, method and sources."""

from collections.abc import Callable, Iterator

from geoengine import figures
from geoengine.analysis import Analysis
from geoengine.atlas import areas, hotspots, reach, services, travel
from geoengine.layers import Layer
from geoengine.network.ground import Ground


def layers(analysis: Analysis, ground: Ground, told: Callable[[int, int], None]) -> Iterator[Layer]:
    """
    Make every layer of an analysis, the most asked for first.

    Parameters
    ----------
    analysis
        What was found.
    ground
        The ground around the streets, from `analysis.survey`.
    told
        Called with the layers made so far and about how many there will be.

    Raises
    ------
    GeoEngineError
        If the areas cannot have the neighbours that hotspots are asked to be found with.
    """
    sample = travel.Sample(analysis)
    setting = hotspots.Setting(analysis, figures.around(analysis))
    makers: list[Callable[[], Layer]] = [
        lambda: areas.underserved(analysis),
        lambda: areas.deprivation(analysis),
        lambda: services.provision(analysis),
        lambda: services.unplaced(analysis),
        lambda: travel.cells(analysis, sample),
        lambda: travel.streets(analysis, sample),
        lambda: travel.catchments(analysis, sample),
        lambda: reach.around_each(analysis, ground),
    ]
    names = figures.names(analysis)
    for at, maker in enumerate(makers):
        told(at, len(makers) + len(names))
        yield maker()
    for at, name in enumerate(names, start=len(makers)):
        told(at, len(makers) + len(names))
        yield from hotspots.layers(setting, figures.of(analysis, name, setting.areas))
