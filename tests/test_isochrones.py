"""What can be reached is drawn where it is, to within the spacing of the grid."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geoengine import isochrones, travel_times
from geoengine.network.ground import BLOCK, KeptGround, survey
from geoengine.network.modes import WALK
from geoengine.network.snapping import Positions, grid, snap
from geoengine.network.streets import StreetNetwork, build, from_edges
from geoengine.sources import streets
from sketch import draw

NEAR_M = 5.0
POSITIONS = ("chain", "along_ds", "leg_ds", "distance_m", "x_m", "y_m")


def standing(network: StreetNetwork, chain: list[int], along_m: list[float]) -> Positions:
    """Stand so many metres along chains that are walked at a metre a second."""
    along = np.array([round(metres * 10) for metres in along_m], np.int32)
    zero = np.zeros(len(chain))
    return Positions(
        np.array(chain, np.int32), along, zero.astype(np.int32), zero, zero.copy(), zero.copy()
    )


def reach(
    network: StreetNetwork,
    starts: Positions,
    *minutes: float,
    direction: Any = "to",
    spacing_m: float = 5,
    limit_m: float = 60,
) -> list[Any]:
    found = travel_times.find_nearest(network, starts, starts, direction=direction)
    around = survey(network, grid(network), limit_m=limit_m, spacing_m=spacing_m)
    return isochrones.around(network, around, found, starts, minutes, direction=direction)


def road(*lengths_m: float) -> StreetNetwork:
    """Draw a straight road east from 0, walked at a metre a second, as one chain."""
    x = np.cumsum([0.0, *lengths_m])
    count = len(lengths_m)
    return from_edges(
        x,
        np.zeros(len(x)),
        np.arange(count),
        np.arange(1, count + 1),
        np.array(lengths_m),
        off_network_m_per_s=1.0,
    )


def test_a_road_is_reached_as_far_as_the_time_goes_in_both_directions() -> None:
    network = road(1000, 1000)
    [area] = reach(network, standing(network, [0], [950]), 5)
    assert area.bounds == pytest.approx((650, -60, 1250, 60), abs=NEAR_M)


def test_the_last_piece_of_a_long_street_is_cut_where_time_runs_out() -> None:
    """12.5 minutes are 750 m, short of any point of the road but its beginning."""
    network = road(1000)
    [area] = reach(network, standing(network, [0], [0]), 12.5)
    assert area.bounds == pytest.approx((-60, -60, 750, 60), abs=NEAR_M)


def test_the_walk_to_the_street_is_part_of_the_time() -> None:
    """Of two minutes, 90 s are left at 30 m along, so a door 50 m off the road fits."""
    network = road(1000)
    [area] = reach(network, standing(network, [0], [0]), 2, limit_m=90)
    assert area.contains(shapely.Point(30, 80))
    assert area.contains(shapely.Point(65, 50))
    assert not area.contains(shapely.Point(75, 50))
    assert not area.contains(shapely.Point(20, 95))


def test_the_way_from_the_start_to_its_street_is_part_of_the_time() -> None:
    network = road(1000)
    starts = standing(network, [0], [500])
    starts.leg_ds[:] = 600
    [area] = reach(network, starts, 5)
    assert area.bounds == pytest.approx((260, -60, 740, 60), abs=NEAR_M)


def test_a_far_bank_is_not_reached_because_it_is_near() -> None:
    """Two roads 80 m apart meet only at their far end; opposite the start it is 2 km round."""
    x = np.array([0.0, 1000.0, 1000.0, 0.0])
    y = np.array([0.0, 0.0, 80.0, 80.0])
    network = from_edges(
        x,
        y,
        np.arange(3),
        np.arange(1, 4),
        np.array([1000.0, 80.0, 1000.0]),
        off_network_m_per_s=1.0,
    )
    tail = int(network.chain_tail[0])
    start = 0.0 if network.node_y_m[tail] == 0 else float(network.chain_ds[0]) / 10
    [area] = reach(network, standing(network, [0], [start]), 10)
    assert area.contains(shapely.Point(300, 30))
    assert not area.contains(shapely.Point(300, 55))
    west, south, east, north = area.bounds
    assert (west, south, east) == pytest.approx((-60, -60, 600), abs=NEAR_M)
    assert north == pytest.approx(40, abs=20 / 2)


def test_streets_without_connection_do_not_cut_gaps() -> None:
    """A yard's path, 20 m long and joined to nothing, lies 30 m off the road."""
    x, y = np.array([0.0, 1000.0, 490.0, 510.0]), np.array([0.0, 0.0, 30.0, 30.0])
    network = from_edges(x, y, [0, 2], [1, 3], np.array([1000.0, 20.0]), off_network_m_per_s=1.0)
    chain = int(np.argmax(network.chain_ds))
    [area] = reach(network, standing(network, [chain], [500]), 5)
    assert area.contains(shapely.box(480, -40, 520, 40))


def test_a_block_too_wide_to_live_in_is_a_hole() -> None:
    network, _ = draw(
        """
A----B
|    |
|    |
|    |
C----D
""",
        metres=100,
    )
    [area] = reach(network, standing(network, [0], [0]), 30)
    [block] = area.geoms
    [hole] = block.interiors
    assert shapely.Polygon(hole).area == pytest.approx(380 * 280, rel=0.04)


def test_a_one_way_street_leads_one_way() -> None:
    network, places = draw(
        """
A--->---B
|       |
|       |
C-------D
""",
        metres=100,
    )
    street = int(np.flatnonzero(~network.chain_two_way)[0])
    assert network.chain_tail[street] == places["A"]
    middle = standing(network, [street], [400])
    [onward] = reach(network, middle, 5, direction="from")
    [back] = reach(network, middle, 5, direction="to")
    assert onward.bounds == pytest.approx((400, -60, 700, 60), abs=25)
    assert back.bounds == pytest.approx((100, -60, 400, 60), abs=25)
    assert onward.intersection(back).area < onward.area / 10


def test_what_nothing_reaches_is_empty() -> None:
    network = road(1000)
    [area] = reach(network, standing(network, [-1], [0]), 15)
    assert area.is_empty
    assert area.geom_type == "MultiPolygon"


def test_homes_on_the_wrong_side_of_the_line_are_counted() -> None:
    square = shapely.MultiPolygon([shapely.box(0, 0, 10, 10)])
    x, y = np.array([1.0, 2.0, 3.0, 20.0, 30.0]), np.full(5, 5.0)
    seconds = np.array([300.0, 300.1, np.inf, 10.0, np.nan])
    told = isochrones.fidelity(square, x, y, seconds, 5)
    assert told == isochrones.Fidelity(inside=3, beyond=2, reached=2, outside=1)


def test_a_square_of_ground_takes_as_long_as_a_home_there() -> None:
    network = town(5)
    ground = survey(network, grid(network), limit_m=80, spacing_m=20)
    rows, columns = ground.chain.shape
    x, y = np.meshgrid(
        ground.west_m + 20 * np.arange(columns), ground.south_m + 20 * np.arange(rows)
    )
    homes = snap(network, grid(network), x.ravel(), y.ravel(), limit_m=80)
    assert (ground.chain.ravel() == homes.chain).all()
    assert (ground.along_ds.ravel() == homes.along_ds).all()
    assert (ground.leg_ds.ravel() == homes.leg_ds).all()
    again = survey(network, grid(network), limit_m=80, spacing_m=20, threads=5)
    assert again.chain.tobytes() == ground.chain.tobytes()


@pytest.mark.parametrize("seed", range(5))
def test_ground_that_is_kept_is_as_if_surveyed_anew_in_whatever_order_it_was_seen(
    seed: int,
) -> None:
    network = town(seed)
    index, rng = grid(network), np.random.default_rng(seed)
    kept, few = (KeptGround(network, index, limit_m=80, most=most) for most in (1000, 2))
    for _ in range(4):
        west, south = rng.uniform((299_800, 349_800), (301_000, 351_000))
        bounds = (west, south, west + rng.uniform(50, 700), south + rng.uniform(50, 700))
        spacing_m = float(rng.integers(5, 9))
        anew = survey(network, index, limit_m=80, spacing_m=spacing_m, bounds_m=bounds)
        for ground in (kept.survey(spacing_m, bounds), few.survey(spacing_m, bounds, threads=5)):
            row = round((anew.south_m - ground.south_m) / spacing_m)
            column = round((anew.west_m - ground.west_m) / spacing_m)
            assert min(row, column) >= 0
            assert max(*ground.chain.shape) % BLOCK == 0
            rows, columns = anew.chain.shape
            there = np.s_[row : row + rows, column : column + columns]
            for part in ("chain", "along_ds", "leg_ds"):
                assert (getattr(ground, part)[there] == getattr(anew, part)).all()


def test_an_area_drawn_on_kept_ground_is_that_of_all_ground_as_fine() -> None:
    network = town(3)
    index = grid(network)
    ground = KeptGround(network, index, limit_m=60)
    for chain in (5, 80, 5):
        starts = standing(network, [chain], [0])
        found = travel_times.find_nearest(network, starts, starts)
        [drawn] = isochrones.around_here(ground, found, starts, [4])
        [wanted] = reach(network, starts, 4)
        assert drawn.equals(wanted)
        assert drawn.area > 0


def town(seed: int, size: int = 14) -> StreetNetwork:
    """Draw crooked blocks of about 90 m with a third of the streets missing, 1 m/s."""
    rng = np.random.default_rng(seed)
    row, column = np.divmod(np.arange(size * size), size)
    x = 300_000 + 90.0 * column + rng.uniform(-25, 25, size * size)
    y = 350_000 + 90.0 * row + rng.uniform(-25, 25, size * size)
    tail = np.concatenate((np.flatnonzero(column < size - 1), np.flatnonzero(row < size - 1)))
    head = tail + np.repeat([1, size], len(tail) // 2)
    kept = rng.random(len(tail)) > 0.35
    tail, head = tail[kept], head[kept]
    seconds = np.hypot(x[head] - x[tail], y[head] - y[tail])
    return from_edges(x, y, tail, head, seconds, off_network_m_per_s=1.0)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("squares", [60_000, 1_500])
def test_areas_are_valid_and_a_shorter_one_lies_in_a_longer_one(
    seed: int, squares: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the longer are drawn on wider squares, as few squares are allowed for."""
    monkeypatch.setattr(isochrones, "SQUARES", squares)
    network = town(seed)
    starts = standing(network, [seed, 3 * seed + 1], [5, 0])
    areas = reach(network, starts, 2, 5, 10, 15)
    assert all(area.is_valid and area.geom_type == "MultiPolygon" for area in areas)
    for shorter, longer in itertools.pairwise(areas):
        assert shorter.difference(longer).area < 1e-6


def some_starts(network: StreetNetwork, seed: int, count: int) -> Positions:
    """Stand at places of a town, the last of them off every street."""
    rng = np.random.default_rng(seed)
    chain = rng.integers(0, len(network.chain_tail), count)
    starts = standing(network, chain.tolist(), rng.uniform(0, 30, count).tolist())
    starts.along_ds[:] = np.minimum(starts.along_ds, network.chain_ds[chain])
    starts.leg_ds[:] = rng.integers(0, 300, count)
    starts.chain[-1] = -1
    return starts


@pytest.mark.parametrize("direction", ["to", "from"])
@pytest.mark.parametrize("squares", [60_000, 2_000])
def test_around_each_of_many_is_as_around_it_alone(
    direction: Any, squares: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isochrones, "SQUARES", squares)
    network = town(3, size=24)
    network = one_way_town(network)
    starts = some_starts(network, 3, 40)
    ground = survey(network, grid(network), limit_m=60, spacing_m=5)
    told = []
    each, again = (
        isochrones.around_each(
            network, ground, starts, [10, 2, 5], direction=direction, threads=threads,
            progress=lambda done, total: told.append((done, total)),
        )
        for threads in (1, 3)
    )  # fmt: skip
    assert told == 2 * [(16, 40), (32, 40), (40, 40)]
    assert each.shape == (40, 3)
    assert (shapely.to_wkb(each) == shapely.to_wkb(again)).all()
    for i in range(40):
        alone = Positions(*(part[i : i + 1] for part in vars(starts).values()))
        found = travel_times.find_nearest(network, alone, alone, direction=direction)
        shapes = isochrones.around(network, ground, found, alone, [10, 2, 5], direction=direction)
        assert (shapely.to_wkb(shapes) == shapely.to_wkb(each[i])).all()
    assert shapely.is_empty(each[-1]).all()
    assert shapely.is_empty(each[:, 0]).sum() < 8


def one_way_town(network: StreetNetwork) -> StreetNetwork:
    """Make every third street of a town lead one way."""
    tail, head = network.chain_tail.astype(np.int64), network.chain_head.astype(np.int64)
    return from_edges(
        network.node_x_m, network.node_y_m, tail, head, network.chain_ds / 10,
        two_way=np.arange(len(tail)) % 3 > 0, off_network_m_per_s=1.0,
    )  # fmt: skip


@pytest.mark.parametrize("direction", ["to", "from"])
@pytest.mark.parametrize("seed", range(4))
def test_a_square_is_inside_exactly_when_a_home_there_is_within(direction: Any, seed: int) -> None:
    network = one_way_town(town(seed))
    starts = some_starts(network, seed, 3)
    ground = survey(network, grid(network), limit_m=60, spacing_m=5)
    rows, columns = ground.chain.shape
    x, y = np.meshgrid(
        ground.west_m + 5.0 * np.arange(columns), ground.south_m + 5.0 * np.arange(rows)
    )
    nowhere = np.zeros(x.size)
    homes = Positions(
        ground.chain.ravel(), ground.along_ds.ravel(), ground.leg_ds.ravel(),
        nowhere, nowhere, nowhere,
    )  # fmt: skip
    found = travel_times.find_nearest(network, homes, starts, direction=direction)
    areas = isochrones.around(network, ground, found, starts, [1, 3.3, 8], direction=direction)
    for minutes, area in zip([1, 3.3, 8], areas, strict=True):
        within = found.origin_s[:, 0] <= minutes * 60
        assert 0 < within.sum() < len(within)
        assert (shapely.contains_xy(area, x.ravel(), y.ravel()) == within).all()


@pytest.mark.parametrize("minutes", [5, 10, 15])
@pytest.mark.parametrize("spacing_m", [5, 10])
def test_homes_in_reach_are_inside_and_others_outside(minutes: int, spacing_m: int) -> None:
    """Of homes at random in six towns, less than one in a hundred is on the wrong side."""
    told = []
    for seed in range(6):
        network = town(100 + seed, size=24)
        x, y = (at[network.chain_tail] for at in (network.node_x_m, network.node_y_m))
        starts = standing(network, [int(np.argmin(np.hypot(x - 301_000, y - 351_000)))], [0])
        [area] = reach(network, starts, minutes, spacing_m=spacing_m)
        rng = np.random.default_rng(seed)
        home_x = rng.uniform(299_900, 302_200, 6000)
        home_y = rng.uniform(349_900, 352_200, 6000)
        homes = snap(network, grid(network), home_x, home_y, limit_m=60)
        found = travel_times.find_nearest(network, homes, starts)
        told.append(isochrones.fidelity(area, home_x, home_y, found.origin_s[:, 0], minutes))
    inside, reached = sum(t.inside for t in told), sum(t.reached for t in told)
    assert reached > 300
    assert sum(t.beyond for t in told) / inside < 0.0025 * spacing_m
    assert sum(t.outside for t in told) / reached < 0.0025 * spacing_m


@pytest.mark.parametrize("place", ["isle_of_wight", "newport"])
def test_under_one_home_in_a_hundred_is_on_the_wrong_side_of_the_line(
    place: str, real_data: Path
) -> None:
    extract = next((real_data / place).glob("*.osm.pbf"))
    network = build(streets.read(extract), WALK, crs="EPSG:27700")
    index = grid(network)
    codes = pd.read_csv(real_data / place / "postcodes_codepoint_open.csv.gz")
    home_x, home_y = codes["easting"].to_numpy(float), codes["northing"].to_numpy(float)
    homes = snap(network, index, home_x, home_y, limit_m=250)
    ground = survey(network, index, limit_m=250)
    starts = np.flatnonzero(homes.joined)[:: len(codes) // 60]
    told: dict[int, list[isochrones.Fidelity]] = {5: [], 10: [], 15: [], 30: []}
    for start in starts.tolist():
        at = Positions(*(getattr(homes, field)[start : start + 1] for field in POSITIONS))
        found = travel_times.find_nearest(network, homes, at, limit_s=1800)
        areas = isochrones.around(network, ground, found, at, list(told))
        for minutes, area in zip(told, areas, strict=True):
            assert area.is_valid
            seconds = found.origin_s[:, 0]
            told[minutes].append(isochrones.fidelity(area, home_x, home_y, seconds, minutes))
    for counted in told.values():
        assert sum(t.beyond for t in counted) < 0.01 * sum(t.inside for t in counted)
        assert sum(t.outside for t in counted) < 0.01 * sum(t.reached for t in counted)


def test_mistakes_are_refused() -> None:
    network = road(1000)
    start = standing(network, [0], [0])
    with pytest.raises(ValueError, match=r"cutoffs_min must be positive minutes, not \[5, 0\]"):
        reach(network, start, 5, 0)
    with pytest.raises(ValueError, match=r"spacing_m 0 and limit_m 60 must be positive"):
        reach(network, start, 5, spacing_m=0)
