"""The whole chain: from what a study's files hold to what is found of areas, homes, streets."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import accessibility, cells, travel_times, underserved
from geoengine.intake import Inputs, Progress, read_ways, spread_homes
from geoengine.network import ground, modes, sampling, snapping
from geoengine.network import streets as street_networks
from geoengine.network.ground import Ground
from geoengine.network.sampling import Samples
from geoengine.network.snapping import Positions, SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.store import Cache
from geoengine.study import Study
from geoengine.study.sections import Hotspots, Travel, Underserved
from geoengine.tables import Ways
from geoengine.travel_times import Direction, Nearest, TravelTimes
from geoengine.underserved import Reach, Rule

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grounds:
    """
    People and provision joined to the streets: all that a search needs.

    Parameters
    ----------
    network
        What the study's mode can travel.
    index
        To find streets by place.
    origins, at_home
        Where the people live, and where each home joins the network.
    eligible, at_provision
        Provision that counts: of the service, open, for the study's ages and placed; and where
        each joins the network.
    """

    network: StreetNetwork
    index: SegmentGrid
    origins: gpd.GeoDataFrame
    at_home: Positions
    eligible: gpd.GeoDataFrame
    at_provision: Positions


@dataclass(frozen=True, eq=False)
class Journeys:
    """
    Everybody's journey to the nearest provision.

    Parameters
    ----------
    study, inputs, grounds
        What it was found for, and from.
    rule
        When an area is underserved.
    nearest
        The nearest provision of each origin and node.
    """

    study: Study
    inputs: Inputs
    grounds: Grounds
    rule: Rule
    nearest: Nearest

    @property
    def direction(self) -> Direction:
        """Whether people travel to the provision, or it to them."""
        return direction_of(self.study)


@dataclass(frozen=True, eq=False)
class Analysis(Journeys):
    """
    What was found.

    Parameters
    ----------
    reach
        What each origin reaches.
    pairs
        Origins and provisions within the cut-off.
    judged
        Each area, from `underserved.judge`.
    """

    reach: Reach
    pairs: TravelTimes
    judged: pd.DataFrame

    def at_any_cutoff(self) -> Journeys:
        """Return what is so at any cut-off: what is made of it serves every study but for that."""
        study = at_any_cutoff(self.study)
        return Journeys(study, self.inputs, self.grounds, rule_of(study), self.nearest)


def join(
    study: Study,
    inputs: Inputs,
    cache: Cache,
    progress: Progress,
    homes: gpd.GeoDataFrame | None = None,
) -> Grounds:
    """
    Build the network (or find it in the cache) and join people and provision to it.

    Parameters
    ----------
    study, inputs
        What is asked, and what its files hold.
    cache
        What earlier runs kept.
    progress
        Called with the step, and how much of it is done.
    homes
        From `intake.spread_homes`, where they are at hand already.
    """
    mode = modes.MODES[study.travel.mode].with_speeds(study.travel.speeds_kph)
    progress(f"Building the network to {mode.name}", 0, 0)
    network, index = network_of(study, mode, cache, inputs.ways)
    progress("Placing the people", 0, 0)
    homes = spread_homes(inputs.areas, inputs.readings) if homes is None else homes
    eligible = inputs.provision[inputs.provision["eligible"]]
    return Grounds(
        network, index, homes, place(study, network, index, homes),
        eligible, place(study, network, index, eligible),
    )  # fmt: skip


def place(
    study: Study, network: StreetNetwork, index: SegmentGrid, points: gpd.GeoDataFrame
) -> Positions:
    """Join points to a network, as near as the study asks."""
    x, y = shapely.get_x(points.geometry), shapely.get_y(points.geometry)
    return snapping.snap(
        network, index, np.asarray(x), np.asarray(y), limit_m=study.travel.snap_limit_m
    )


def network_of(
    study: Study, mode: modes.Mode, cache: Cache, ways: Ways | None = None
) -> tuple[StreetNetwork, SegmentGrid]:
    """
    Build the network that a mode can travel, or find it in the cache.

    Parameters
    ----------
    study
        Its streets are used.
    mode
        Any mode, with the speeds wanted.
    cache
        What earlier runs kept.
    ways
        The study's streets, where they have been read already.
    """
    file = study.streets.file
    if file is None:
        network = street_networks.build(ways or read_ways(study), mode, crs=study.study.crs)
        return network, snapping.grid(network)
    key = cache.key("street network", file, mode, study.study.crs)
    network_kept = cache.load_arrays(f"{key}-network", StreetNetwork)
    index_kept = cache.load_arrays(f"{key}-grid", SegmentGrid)
    if network_kept is not None and index_kept is not None:
        return network_kept, index_kept
    network = street_networks.build(ways or read_ways(study), mode, crs=study.study.crs)
    index = snapping.grid(network)
    cache.save_arrays(f"{key}-network", network)
    cache.save_arrays(f"{key}-grid", index)
    return network, index


def find(study: Study, inputs: Inputs, grounds: Grounds, progress: Progress) -> Analysis:
    """Find what everybody can reach, and judge every area."""
    rule = rule_of(study)
    network = grounds.network
    progress(f"Finding the nearest {rule.service}", 0, 0)
    nearest = travel_times.find_nearest(
        network, grounds.at_home, grounds.at_provision, direction=direction_of(study)
    )

    def told(done: int, total: int) -> None:
        progress(f"Finding every {rule.service} in reach", done, total)

    pairs = travel_times.within(
        network,
        grounds.at_home,
        grounds.at_provision,
        cutoff_s=rule.cutoff_s,
        direction=direction_of(study),
        progress=told,
    )
    progress("Judging the areas", 0, 0)
    reach = Reach(nearest, _uncertain(study, grounds), _places(grounds, pairs))
    return Analysis(
        study, inputs, grounds, rule, nearest, reach, pairs,
        underserved.judge(inputs.areas, grounds.origins, reach, grounds.eligible, rule),
    )  # fmt: skip


def files_only(study: Study) -> Study:
    """Return a study that says no more than what to read."""
    return replace(study, travel=Travel(), underserved=Underserved(), hotspots=Hotspots())


def at_any_cutoff(study: Study) -> Study:
    """Return a study that does not say how far is too far, nor for whom."""
    return replace(
        study,
        travel=replace(study.travel, cutoff_min=np.nan),
        underserved=replace(study.underserved, deciles=(), share=np.nan),
    )


def rule_of(study: Study) -> Rule:
    """Return the study's rule in the engine's terms."""
    return Rule(
        deciles=study.underserved.deciles,
        cutoff_s=study.travel.cutoff_min * 60,
        share=study.underserved.share,
        people=study.population.people,
        service=study.provision.service,
        plural=study.provision.plural,
        journey=modes.MODES[study.travel.mode].title,
    )


def direction_of(study: Study) -> Direction:
    """Return whether a study's people travel to the provision, or it to them."""
    return "to" if study.travel.direction == "to" else "from"


def furthest_m(study: Study, minutes: float | None = None) -> float:
    """Return the furthest that anybody gets in some minutes, or else in the cut-off, metres."""
    if minutes is None:
        minutes = study.travel.cutoff_min
    mode = modes.MODES[study.travel.mode].with_speeds(study.travel.speeds_kph)
    return max(mode.speed_kph.values()) / 3.6 * minutes * 60


def _uncertain(study: Study, grounds: Grounds) -> BoolArray:
    return _off_m(grounds) <= furthest_m(study)


def doubt(study: Study, grounds: Grounds) -> underserved.Doubt:
    """Return what says which homes' times are in doubt, for a number of minutes."""
    off_m = _off_m(grounds)
    return lambda minutes: off_m <= furthest_m(study, minutes)


def _off_m(grounds: Grounds) -> FloatArray:
    off = grounds.eligible.geometry[~grounds.at_provision.joined]
    homes = grounds.origins.geometry
    return underserved.nearest_off_m(
        shapely.get_x(homes), shapely.get_y(homes), shapely.get_x(off), shapely.get_y(off)
    )


def _places(grounds: Grounds, pairs: TravelTimes) -> FloatArray:
    return accessibility.two_step_floating_catchment(
        pairs,
        grounds.eligible["capacity"].to_numpy(dtype=float),
        grounds.origins["people"].to_numpy(dtype=float),
    )


@dataclass(frozen=True, eq=False)
class Sampled:
    """
    Places all along the streets of the study area, each with its hexagon.

    Parameters
    ----------
    along
        The places.
    resolution, cell
        H3 resolution, and the cell of each place, shape (places,).
    """

    along: Samples
    resolution: int
    cell: NDArray[np.uint64]


def sample(inputs: Inputs, grounds: Grounds) -> Sampled:
    """Cut the streets of the study area into even steps."""
    area = shapely.union_all(inputs.areas.geometry.to_numpy())
    shapely.prepare(area)
    along = sampling.sample(grounds.network, area)
    resolution = cells.resolution_for(float(area.area))
    return Sampled(
        along, resolution,
        cells.locate(along.x_m, along.y_m, crs=grounds.network.crs, resolution=resolution),
    )  # fmt: skip


def survey(study: Study, grounds: Grounds, cache: Cache, progress: Progress) -> Ground:
    """Join the ground around the streets to them (or find that in the cache)."""
    progress("Surveying the ground around the streets", 0, 0)
    network, limit_m = grounds.network, study.travel.snap_limit_m
    file = study.streets.file
    if file is None:
        return ground.survey(network, grounds.index, limit_m=limit_m)
    mode = modes.MODES[study.travel.mode].with_speeds(study.travel.speeds_kph)
    key = cache.key("ground", file, mode, study.study.crs, limit_m)
    kept = cache.load_arrays(key, Ground)
    if kept is None:
        kept = ground.survey(network, grounds.index, limit_m=limit_m)
        cache.save_arrays(key, kept)
    return kept
