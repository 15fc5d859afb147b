"""What a new setting would bring at every place at once is what it brings at each alone."""

import sys
from pathlib import Path

import h3
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine import travel_times
from geoengine.network import snapping
from geoengine.network.snapping import Positions
from geoengine.scenarios import Open, Scenario
from geoengine.whatif import Planner, best_in_cells, corners, gains
from sketch import at, draw


def one_at_a_time(base, people, sites: Positions) -> np.ndarray:
    gained = np.zeros(len(sites.chain))
    for row in range(len(gained)):
        alone = Positions(**{name: v[row : row + 1] for name, v in vars(sites).items()})
        found = travel_times.find_nearest(
            base.network, base.at_home, alone, direction=base.direction
        )
        gained[row] = people[found.origin_s[:, 0] <= base.rule.cutoff_s].sum()
    return gained


@pytest.mark.parametrize("seed", range(12))
def test_all_corners_and_buildings_at_once_are_as_one_at_a_time(seed):
    base, _ = worlds.town(seed)
    planner = Planner(base)
    rng = np.random.default_rng(seed)
    x, y = worlds.points(rng, 60)
    buildings = snapping.snap(base.network, base.index, x, y, limit_m=base.limit_m)
    was = planner.before.reach
    beyond = (was.nearest.origin_s[:, 0] > base.rule.cutoff_s) & ~was.uncertain
    deprived = base.areas["decile"].isin(base.rule.deciles).to_numpy()[base.home_area]
    for sites in (corners(base.network), buildings):
        gained = planner.gains(sites)
        for group, whom in enumerate((beyond, beyond & deprived)):
            alone = one_at_a_time(base, np.where(whom, base.people, 0), sites)
            assert gained[:, group] == pytest.approx(alone, abs=1e-9)
        assert (gained[~sites.joined] == 0).all()


def test_the_gain_of_a_building_is_what_a_scenario_brings():
    base, _ = worlds.town(11)
    planner = Planner(base)
    rng = np.random.default_rng(11)
    x, y = worlds.points(rng, 20)
    buildings = snapping.snap(base.network, base.index, x, y, limit_m=base.limit_m)
    gained = planner.gains(buildings)
    longitude, latitude = worlds.TO_DEGREES.transform(x, y)
    for at_row in np.flatnonzero(buildings.joined).tolist():
        spot = float(longitude[at_row]), float(latitude[at_row])
        outcome = planner.evaluate(Scenario("one more", (Open("new", *spot, 20),)))
        was, now = (told.totals["people_beyond"] for told in (outcome.before, outcome.after))
        assert gained[at_row, 0] == pytest.approx(was - now)


def test_a_corner_is_where_its_node_is_also_at_dead_ends_and_one_way_streets():
    network, place = draw("A--B>>C\n   |  |\n   D--E")
    everywhere = corners(network)
    ends = np.where(
        everywhere.along_ds > 0,
        network.chain_head[everywhere.chain],
        network.chain_tail[everywhere.chain],
    )
    assert ends.tolist() == list(range(len(network.node_x_m)))
    # At a metre a second, 400 s reach a corner against the arrows only by the way round.
    home = at(network, [place["C"]])
    to = gains(network, home, np.array([7.0]), everywhere, cutoff_s=400)
    back = gains(network, home, np.array([7.0]), everywhere, cutoff_s=400, direction="from")
    b = np.flatnonzero((network.node_x_m == 300) & (network.node_y_m == 0))[0]
    assert (to[b], back[b]) == (0, 7)


def test_a_cell_tells_its_best_site_and_of_equal_ones_the_first():
    x = worlds.EAST + np.array([0.0, 5.0, 10.0, 5000.0])
    y = worlds.NORTH + np.zeros(4)
    found = best_in_cells(np.array([3.0, 8.0, 8.0, 1.0]), x, y, crs=worlds.CRS, resolution=8)
    by_site = found.set_index("site")["people_gained"]
    assert by_site[1] == 8
    assert by_site[3] == 1
    assert all(h3.is_valid_cell(cell) for cell in found.index)
    assert found.index.is_monotonic_increasing


def test_numbers_of_people_must_match_the_homes():
    network, place = draw("A--B")
    home = at(network, [place["A"]])
    with pytest.raises(ValueError, match="there are 2 numbers of people, but 1 homes"):
        gains(network, home, np.ones(2), corners(network), cutoff_s=60)
