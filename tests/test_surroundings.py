"""Neighbours asked for in a word are those that a reader would draw."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geoengine import surroundings
from geoengine.errors import GeoEngineError
from geoengine.network import snapping
from geoengine.study.weights import Weights, parse
from sketch import draw

CRS = "EPSG:27700"


def squares(count: int) -> gpd.GeoDataFrame:
    """Return squares of a kilometre in a row."""
    shapes = [shapely.box(1000 * at, 0, 1000 * (at + 1), 1000) for at in range(count)]
    codes = pd.Index([f"E{at}" for at in range(count)], name="area_code")
    return gpd.GeoDataFrame(geometry=shapes, index=codes, crs=CRS)


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("queen", [1, 2, 2, 1]),
        ("rook", [1, 2, 2, 1]),
        ("knn:2", [2] * 4),
        ("band:2000", [2, 3, 3, 2]),
    ],
)
def test_squares_in_a_row_have_the_neighbours_asked_for(text, each):
    areas = squares(4)
    points = areas.set_geometry(areas.centroid)
    found = surroundings.neighbours(parse(text), areas, points, None)
    assert np.diff(found.first).tolist() == each


def test_more_neighbours_than_areas_and_minutes_without_streets_are_refused():
    areas = squares(3)
    points = areas.set_geometry(areas.centroid)
    with pytest.raises(GeoEngineError, match="knn:8 ask for more neighbours than 3 areas can"):
        surroundings.neighbours(parse("knn:8"), areas, points, None)
    with pytest.raises(GeoEngineError, match="minutes:15 need streets"):
        surroundings.neighbours(parse("minutes:15"), areas, points, None)


def test_areas_far_from_all_streets_are_refused_and_not_called_islands():
    network, _ = draw("A----B", metres=100)
    areas = squares(3)
    points = areas.set_geometry(areas.centroid.translate(90_000))
    streets = surroundings.Streets(network, snapping.grid(network), 250)
    with pytest.raises(GeoEngineError, match="none of the 3 areas is within 250 m of a street"):
        surroundings.neighbours(parse("minutes:15"), areas, points, streets)


def test_areas_off_the_network_are_named_and_are_no_mere_islands():
    network, _ = draw("A----B", metres=100)
    areas = squares(3)
    ends = gpd.points_from_xy(network.node_x_m[:2], network.node_y_m[:2])
    points = areas.set_geometry([*ends, shapely.Point(90_000, 90_000)])
    streets = surroundings.Streets(network, snapping.grid(network), 250)
    found = surroundings.neighbours(parse("minutes:15"), areas, points, streets)
    off = surroundings.off_network(points, streets)
    assert found.off_network.tolist() == off.tolist() == [areas.index[2]]
    assert found.islands.tolist() == [areas.index[2]]
    # It stays known whatever is done with the neighbours.
    fewer = found.with_self().among(np.array([True, False, True]))
    assert fewer.off_network.tolist() == off.tolist()


@pytest.mark.parametrize("text", ["", "king", "knn", "knn:0", "knn:1.5", "band:-3", "minutes:0"])
def test_a_word_that_is_none_of_those_known_is_refused(text):
    with pytest.raises(ValueError, match="weights"):
        parse(text)


def test_words_with_numbers_are_read():
    assert parse("minutes:7.5") == Weights("minutes", 7.5)
    assert parse("rook") == Weights("rook", 0.0)


def test_people_are_where_the_home_nearest_to_their_middle_is():
    areas = squares(2)
    homes = gpd.GeoDataFrame(
        {"area_code": ["E0", "E0", "E0"], "people": [1.0, 1.0, 8.0]},
        geometry=gpd.points_from_xy([100, 200, 900], [500, 500, 500]),
        crs=CRS,
    )
    points = surroundings.lived_in(areas, homes)
    assert (points.geometry.iloc[0].x, points.geometry.iloc[0].y) == (900, 500)
    assert areas.geometry.iloc[1].contains(points.geometry.iloc[1])
