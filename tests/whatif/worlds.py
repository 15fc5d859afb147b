"""Invented places for what-ifs, and every figure of them worked out from scratch."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geoengine import accessibility, cells, travel_times, underserved
from geoengine.network import snapping
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork, from_edges
from geoengine.underserved import Reach, Rule
from geoengine.whatif.baseline import Baseline

CRS = "EPSG:27700"
EAST, NORTH = 400_000.0, 300_000.0
SIDE_M = 1500.0
LIMIT_M, REACH_M = 150.0, 500.0
TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def streets(rng: np.random.Generator, *, side: int = 7) -> StreetNetwork:
    """Return a town on a crooked grid with gaps, one-way streets and a part cut off."""
    step = SIDE_M / (side - 1)
    row, column = np.divmod(np.arange(side * side), side)
    x = EAST + column * step + rng.uniform(-40, 40, side * side)
    y = NORTH + row * step + rng.uniform(-40, 40, side * side)
    east = np.flatnonzero(column < side - 1)
    north = np.flatnonzero(row < side - 1)
    tail = np.concatenate((east, north))
    head = np.concatenate((east + 1, north + side))
    keep = rng.random(len(tail)) < 0.85
    tail, head = tail[keep], head[keep]
    seconds = np.hypot(x[tail] - x[head], y[tail] - y[head])
    return from_edges(x, y, tail, head, seconds, two_way=rng.random(len(tail)) < 0.7)


def points(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places in and just around the town."""
    return (
        EAST + rng.uniform(-60, SIDE_M + 60, count),
        NORTH + rng.uniform(-60, SIDE_M + 60, count),
    )


def at_points(network: StreetNetwork) -> Positions:
    """Return the place of every point of every street."""
    still = np.zeros(len(network.point_ds), np.int32)
    return Positions(
        network.point_chain, network.point_ds, still, still * 1.0,
        network.point_x_m, network.point_y_m,
    )  # fmt: skip


def provision(rng: np.random.Generator, count: int) -> gpd.GeoDataFrame:
    """Return settings of a few known sizes, some of unknown size, some across the border."""
    x, y = points(rng, count)
    if count > 3:
        x[0], y[0] = EAST - LIMIT_M - 100, NORTH + 400
    capacity = rng.choice([0.0, 10.0, 20.0, 33.0, np.nan], count)
    return gpd.GeoDataFrame(
        {
            "service": "nursery",
            "name": [f"Nursery {at}" for at in range(count)],
            "capacity": capacity,
            "abroad": rng.random(count) < 0.2,
        },
        geometry=gpd.points_from_xy(x, y),
        crs=CRS,
        index=pd.Index([f"n{at}" for at in range(count)], name="provision_id"),
    )


def town(seed: int, *, settings: int = 7, homes: int = 80) -> tuple[Baseline, gpd.GeoDataFrame]:
    """Return a baseline of six areas, and its provision as a table."""
    rng = np.random.default_rng(seed)
    network = streets(rng)
    index = snapping.grid(network)
    x, y = points(rng, homes)
    home_area = rng.integers(0, 6, homes).astype(np.int32)
    people = np.where(rng.random(homes) < 0.1, 0.0, rng.integers(1, 40, homes) / 3)
    totals = np.bincount(home_area, weights=people, minlength=7)
    areas = pd.DataFrame(
        {
            "name": [f"Area {at}" for at in range(7)],
            "decile": [1.0, 2.0, 1.0, 5.0, 9.0, np.nan, 3.0],
            "rank": [10.0, 4000.0, 12.0, 16_000.0, 30_000.0, np.nan, 9000.0],
            "people": np.where(np.arange(7) == 4, np.nan, totals),
        },
        index=pd.Index([f"E0100000{at}" for at in range(7)], name="area_code"),
    )
    samples = at_points(network)
    cell = cells.locate(network.point_x_m, network.point_y_m, crs=CRS, resolution=10)
    known, sample_cell = np.unique(cell, return_inverse=True)
    table = provision(rng, settings)
    placed = table.assign(x_m=shapely.get_x(table.geometry), y_m=shapely.get_y(table.geometry))
    return (
        Baseline(
            network=network, index=index, direction="to" if seed % 2 else "from",
            limit_m=LIMIT_M, reach_m=REACH_M, rule=Rule(cutoff_s=REACH_M), areas=areas,
            home_area=home_area, people=people, home_x_m=x, home_y_m=y,
            at_home=snapping.snap(network, index, x, y, limit_m=LIMIT_M),
            provisions=pd.DataFrame(placed.drop(columns=["geometry", "service"])),
            at_provision=_snapped(network, index, table),
            samples=samples, sample_cell=sample_cell.astype(np.int32), cells=known,
        ),
        table,
    )  # fmt: skip


def _snapped(network, index, table: gpd.GeoDataFrame) -> Positions:
    x = np.asarray(shapely.get_x(table.geometry), dtype=float)
    y = np.asarray(shapely.get_y(table.geometry), dtype=float)
    return snapping.snap(network, index, x, y, limit_m=LIMIT_M)


def from_scratch(base: Baseline, table: gpd.GeoDataFrame):
    """Return reach, judged areas, children of each setting and cells of any provision."""
    at_provision = _snapped(base.network, base.index, table)
    way = {"direction": base.direction}
    nearest = travel_times.find_nearest(base.network, base.at_home, at_provision, **way)
    pairs = travel_times.within(
        base.network, base.at_home, at_provision, cutoff_s=base.rule.cutoff_s, **way
    )
    off = table.geometry[~at_provision.joined]
    uncertain = underserved.uncertain_origins(
        base.home_x_m, base.home_y_m, shapely.get_x(off), shapely.get_y(off), reach_m=base.reach_m
    )
    places = accessibility.two_step_floating_catchment(
        pairs, table["capacity"].to_numpy(dtype=float), base.people
    )
    reach = Reach(nearest, uncertain, places)
    judged = underserved.judge(base.areas, base.origins, reach, table, base.rule)
    who = nearest.origin_provision[:, 0]
    children = np.bincount(who[who >= 0], base.people[who >= 0], len(table))
    time_ds, _ = travel_times.at_positions(base.network, nearest, base.samples, at_provision, **way)
    minutes = np.where(time_ds[:, 0] == UNREACHED, np.inf, time_ds[:, 0] / 600)
    return reach, judged, children, cells.minutes_in(base.sample_cell, minutes, len(base.cells))


def with_rule(base: Baseline, **told) -> Baseline:
    """Return the baseline judged by another rule."""
    return replace(base, rule=replace(base.rule, **told))
