"""Neighbours are found alike whatever the order of areas, and the odd ones are named."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geoengine import neighbours, travel_times
from geoengine.errors import TableError
from geoengine.network.snapping import Positions
from geoengine.travel_times import TravelTimes
from sketch import draw


def squares(*rows, side_m=100.0):
    """One square for each letter of a picture, a point for none."""
    shapes = {
        mark: shapely.box(x * side_m, -(y + 1) * side_m, (x + 1) * side_m, -y * side_m)
        for y, row in enumerate(rows)
        for x, mark in enumerate(row)
        if mark != "."
    }
    return gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs="EPSG:27700")


def points(*xy):
    x, y = zip(*xy, strict=True)
    names = list("abcdefghij"[: len(x)])
    return gpd.GeoDataFrame(index=names, geometry=gpd.points_from_xy(x, y, crs="EPSG:27700"))


def told(found):
    """Neighbours by code, as text."""
    each = dict.fromkeys(found.ids, "")
    for area, neighbour in zip(found.area, found.neighbour, strict=True):
        each[found.ids[area]] += found.ids[neighbour]
    return each


def test_areas_that_meet_at_a_corner_are_neighbours_unless_a_side_is_asked_for():
    areas = squares("ab", "cd")
    assert told(neighbours.contiguity(areas)) == {"a": "bcd", "b": "acd", "c": "abd", "d": "abc"}
    assert told(neighbours.contiguity(areas, corners=False)) == {
        "a": "bc", "b": "ad", "c": "ad", "d": "bc",
    }  # fmt: skip


@pytest.mark.parametrize("corners", [True, False])
def test_a_sliver_between_two_outlines_does_not_part_them(corners):
    areas = squares("ab")
    areas.loc["b", "geometry"] = shapely.affinity.translate(areas.geometry["b"], 0.6)
    assert told(neighbours.contiguity(areas, corners=corners)) == {"a": "b", "b": "a"}
    apart = neighbours.contiguity(areas, corners=corners, tolerance_m=0.5)
    assert list(apart.islands) == ["a", "b"]


def test_areas_across_a_river_are_neighbours_by_the_bridge_between_them():
    banks = [shapely.box(x - 50, -50, x + 50, 50) for x in (0, 100, 800)]
    areas = gpd.GeoDataFrame(index=["west", "mid", "east"], geometry=banks, crs="EPSG:27700")
    bridge, _ = draw("A---B---C", metres=100)
    crossings = neighbours.joined_by_streets(areas, bridge)
    assert crossings == [("west", "east")]
    found = neighbours.contiguity(areas, bridges=crossings)
    assert found.matrix().toarray().tolist() == [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    assert found.made == "areas that share a border or a crossing"
    assert neighbours.joined_by_streets(areas, bridge, longest_crossing_m=799) == []

    fork, _ = draw("A---B---C\n    |\n    D", metres=100)
    assert neighbours.joined_by_streets(areas, fork) == []
    with pytest.raises(ValueError, match="areas are in EPSG:29902, but the streets in EPSG:27700"):
        neighbours.joined_by_streets(areas.set_crs("EPSG:29902", allow_override=True), bridge)


def test_a_bridge_to_nowhere_is_refused_with_every_fault():
    with pytest.raises(TableError) as refused:
        neighbours.contiguity(squares("ab"), bridges=[("a", "x"), ("y", "b"), ("b", "b")])
    assert str(refused.value) == (
        "bridges: there is no area 'x'\n"
        "bridges: there is no area 'y'\n"
        "bridges: 'b' is joined to itself"
    )


def test_degrees_are_refused_in_words():
    areas = squares("ab").to_crs("EPSG:4326")
    with pytest.raises(ValueError, match="need a projected CRS, in metres, but the areas' is EPSG"):
        neighbours.contiguity(areas)
    with pytest.raises(ValueError, match="need a projected CRS, in metres"):
        neighbours.within_distance(points((0, 0), (1, 1)).to_crs("EPSG:4326"), 10)


def test_of_areas_equally_far_the_first_are_the_nearest():
    cross = points((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))
    assert told(neighbours.nearest(cross, 2))["a"] == "bc"
    assert told(neighbours.nearest(cross, 3))["a"] == "bcd"
    pile = told(neighbours.nearest(points(*[(0, 0)] * 4), 2))
    assert pile == {"a": "bc", "b": "ac", "c": "ab", "d": "ab"}


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_are_those_that_measuring_every_pair_finds(seed):
    rng = np.random.default_rng(seed)
    xy = rng.integers(0, 6, (60, 2)).astype(float)  # many ties and doubles
    names = pd.Index([str(i) for i in range(60)])
    places = gpd.GeoDataFrame(index=names, geometry=gpd.points_from_xy(*xy.T, crs=27700))
    apart = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    for k in (1, 4, 59):
        expected = np.sort(np.argsort(apart, axis=1, kind="stable")[:, :k], axis=1)
        assert neighbours.nearest(places, k).neighbour.reshape(60, k).tolist() == expected.tolist()
    band = neighbours.within_distance(places, 2.0)
    assert np.array_equal(np.argwhere(apart <= 4), np.column_stack((band.area, band.neighbour)))


def test_a_distance_is_inclusive_and_leaves_an_island():
    found = neighbours.within_distance(points((0, 0), (3, 4), (9, 12.001)), 5)
    assert told(found) == {"a": "b", "b": "a", "c": ""}
    assert list(found.islands) == ["c"]
    assert found.made == "areas within 5 m"


def test_nearer_areas_can_count_more():
    found = neighbours.within_distance(points((0, 0), (2, 0), (6, 0)), 4, weigh=lambda m: 1 / m)
    assert found.weight.tolist() == [0.5, 0.5, 0.25, 0.25]
    with pytest.raises(ValueError, match="but is inf between 'a' and 'b'"):
        neighbours.within_distance(points((0, 0), (0, 0)), 4, weigh=lambda m: 1 / m)


def pairs_of(count, *rows, cutoff_s=900.0):
    """Times from rows of (origin, provision, seconds)."""
    origin, provision, seconds = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return TravelTimes(
        np.searchsorted(origin, np.arange(count + 1)), provision.astype(np.uint16),
        (seconds * 10).astype(np.uint16), count, cutoff_s,
    )  # fmt: skip


def test_areas_are_neighbours_by_time_when_both_ways_are_short_enough():
    ids = pd.Index(list("abc"))
    times = pairs_of(3, (0, 0, 0), (0, 1, 300), (1, 0, 600), (1, 2, 100), (0, 2, 700), (2, 0, 700))
    found = neighbours.within_time(times, ids, 600)
    assert told(found) == {"a": "b", "b": "a", "c": ""}
    assert found.made == "areas within 10 minutes of each other"
    assert told(neighbours.within_time(times, ids, 599))["a"] == ""
    slower = neighbours.within_time(times, ids, 900, weigh=lambda seconds: 60 / seconds)
    assert slower.matrix().toarray()[0].round(3).tolist() == [0, 0.1, 0.086]
    with pytest.raises(ValueError, match="at most the 900 s that times were searched for"):
        neighbours.within_time(times, ids, 901)


def test_a_river_parts_areas_that_are_near_as_the_crow_flies():
    network, _ = draw(
        """
A-----B
      |
      |
C-----D
""",
        metres=100,
    )
    corners = [(0, 0), (600, 0), (0, -300), (600, -300)]
    where = list(zip(network.point_x_m.tolist(), network.point_y_m.tolist(), strict=True))
    at = [where.index(corner) for corner in corners]
    still = np.zeros(4, np.int32)
    places = Positions(
        network.point_chain[at], network.point_ds[at], still, np.zeros(4), *np.array(corners).T
    )
    times = travel_times.within(network, places, places, cutoff_s=900)
    assert told(neighbours.within_time(times, pd.Index(list("abcd")), 900)) == {
        "a": "bd", "b": "acd", "c": "bd", "d": "abc",
    }  # fmt: skip


def test_links_that_make_no_sense_are_refused():
    for links, words in [
        (([0, 0], [1, 1]), "the link from 'a' to 'b' stands more than once"),
        (([0], [2]), "a link's positions must be from 0 to 1"),
        (([0], [1], [0.0]), "must be positive and finite, but is 0 between 'a' and 'b'"),
        (([0], [1], [np.nan]), "must be positive and finite, but is nan between 'a' and 'b'"),
        (([0], [1, 0]), "1 areas, 2 neighbours and 1 weights disagree"),
    ]:
        with pytest.raises(ValueError, match=words):
            neighbours.from_links(["a", "b"], *links)
    with pytest.raises(ValueError, match="'a' stands more than once among the ids"):
        neighbours.from_links(["a", "a"], [], [])


def test_an_area_can_be_its_own_neighbour_and_cease_to_be():
    found = neighbours.from_links(["a", "b", "c"], [0, 1], [1, 0], [2.0, 3.0])
    own = found.with_self()
    assert own.matrix().toarray().tolist() == [[2, 2, 0], [3, 3, 0], [0, 0, 1]]
    assert list(own.islands) == ["c"]
    assert own.without_self().matrix().toarray().tolist() == found.matrix().toarray().tolist()
    assert found.with_self(0.5).matrix().toarray()[0].tolist() == [0.5, 2, 0]
    assert own.row_standardised().matrix().toarray().sum(axis=1).tolist() == [1, 1, 1]
    assert not found.is_mutual
    assert neighbours.from_links(["a", "b"], [0, 1], [1, 0]).is_mutual
    assert found.parts().tolist() == [0, 0, 1]
    assert told(found.among(np.array([True, False, True]))) == {"a": "", "c": ""}


def test_libpysal_gets_and_gives_the_same_neighbours():
    areas = squares("abc", "...", "d..")
    ours = neighbours.contiguity(areas)
    graph = ours.to_graph()
    assert list(graph.isolates) == ["d"]
    back = neighbours.from_graph(graph)
    assert told(back) == told(ours) == {"a": "b", "b": "ac", "c": "b", "d": ""}
    graph = type(graph).build_contiguity(areas, rook=False)
    assert told(neighbours.from_graph(graph)) == told(ours)
