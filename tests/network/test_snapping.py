"""Points join the nearest place along a street, and say how far it was."""

import numpy as np
import pytest
import shapely

from geoengine.network.snapping import grid, snap
from geoengine.network.streets import from_edges


def test_the_nearest_place_is_along_the_street_not_at_its_end():
    street = from_edges(np.array([0.0, 200.0]), np.zeros(2), [0], [1], np.array([150.0]))
    house = snap(street, grid(street), np.array([50.0]), np.array([40.0]), limit_m=500)
    assert house.along_ds.tolist() == [375]
    assert house.distance_m.tolist() == [40.0]
    assert house.leg_ds.tolist() == [300]
    assert (house.x_m.tolist(), house.y_m.tolist()) == ([50.0], [0.0])


def test_the_limit_is_inclusive_and_beyond_it_there_is_no_network():
    street = from_edges(np.array([0.0, 200.0]), np.zeros(2), [0], [1], np.array([150.0]))
    houses = snap(street, grid(street), np.full(3, 9.0), np.array([500, 500.01, -6e6]), limit_m=500)
    assert houses.joined.tolist() == [True, False, False]
    assert np.isnan(houses.distance_m[1:]).all()


def chain_of(points):
    return points[:-1], points[1:]


def test_a_slip_of_the_map_is_passed_over_but_a_real_island_is_joined():
    # 3 km along y = 0; an islet of 150 m at y = 200; an island of 1.2 km at y = 900.
    x = np.array([0, 1000, 2000, 3000, 0, 150, 0, 600, 1200.0])
    y = np.array([0, 0, 0, 0, 200, 200, 900, 900, 900.0])
    tail, head = np.array([0, 1, 2, 4, 6, 7]), np.array([1, 2, 3, 5, 7, 8])
    streets = from_edges(x, y, tail, head, np.full(6, 100.0))
    near = snap(
        streets, grid(streets), np.full(4, 75.0), np.array([199, 860, 480, 60.0]), limit_m=950
    )
    assert near.distance_m.tolist() == [199.0, 40.0, 480.0, 60.0]
    assert near.y_m.tolist() == [0.0, 900.0, 0.0, 0.0]


@pytest.mark.parametrize("cell_m", [20.0, 100.0, 3000.0])
def test_the_nearest_of_many_streets_is_found_whatever_the_grid(cell_m):
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 5000, (2, 400))
    tail = np.arange(399)
    streets = from_edges(x, y, tail, tail + 1, np.ones(399))
    px, py = rng.uniform(-800, 5800, (2, 500))
    found = snap(streets, grid(streets, cell_m=cell_m), px, py, limit_m=700)
    lines = shapely.linestrings(np.stack([np.c_[x[:-1], y[:-1]], np.c_[x[1:], y[1:]]], axis=1))
    nearest = shapely.distance(shapely.points(px, py)[:, None], lines[None, :]).min(axis=1)
    assert found.joined.tolist() == (nearest <= 700).tolist()
    assert found.distance_m[found.joined] == pytest.approx(nearest[nearest <= 700])
    there = np.hypot(found.x_m - px, found.y_m - py)[found.joined]
    assert there == pytest.approx(found.distance_m[found.joined])
