"""Vector tiles hold what lies in each square, where it lies."""

import itertools
import math

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from webmap import site
from webmap.api.mvt import LINE, POINT, POLYGON, Parts, layer
from webmap.api.tiling import BUFFER, COARSE, EXTENT, MANY, Pyramid
from webmap.screen import explore
from webmap.text import words

CELLS = "/api/tiles/cells"
BEYOND = EXTENT + int(EXTENT * BUFFER)


def decoded(tile, name="areas"):
    """Return each feature of a tile as another program reads it: its row, shape and properties."""
    if not tile:
        return {}
    found = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return {
        each["id"]: (shape(each["geometry"]), each["properties"])
        for each in found[name]["features"]
    }


def pyramid(shapes, geometry="polygon"):
    ids = [f"a{at}" for at in range(len(shapes))]
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return Pyramid("areas", geometry, made, ids, ["one", "two", "one"][: len(shapes)] or [])


def degrees(x, y):
    """Turn parts of the world's square into longitude and latitude."""
    return x * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def square(x, y, side):
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    return shapely.Polygon([degrees(*corner) for corner in corners])


def test_a_square_lies_where_it_is_drawn():
    """A quarter of the world's square, in the one tile of zoom 0 and in those of zoom 1."""
    tiles = pyramid([square(0.5, 0.5, 0.25)])
    whole, said = decoded(tiles.write(0, 0, 0))[0]
    assert whole.equals(shapely.box(512, 512, 768, 768))
    assert said == {"id": "a0", "class_key": "one"}
    near, _ = decoded(tiles.write(1, 1, 1))[0]
    assert near.equals(shapely.box(0, 0, 512, 512))
    edge, _ = decoded(tiles.write(1, 0, 0))[0]
    assert edge.equals(shapely.box(EXTENT, EXTENT, BEYOND, BEYOND))
    assert tiles.write(2, 0, 0) == b""


def test_holes_and_several_parts_stay():
    ring = square(0.5, 0.5, 0.25).difference(square(0.55, 0.55, 0.1))
    islands = shapely.MultiPolygon([ring, square(0.8, 0.8, 0.1)])
    found, _ = decoded(pyramid([islands]).write(0, 0, 0))[0]
    assert found.geom_type == "MultiPolygon"
    assert found.area == pytest.approx(256**2 - 102.4**2 + 102.4**2, rel=0.01)
    assert sum(len(part.interiors) for part in found.geoms) == 1


def test_outlines_go_clockwise_on_the_screen_and_holes_the_other_way():
    ring = square(0.5, 0.5, 0.25).difference(square(0.55, 0.55, 0.1))
    for given in (ring, shapely.orient_polygons(ring), shapely.reverse(ring)):
        tile = pyramid([given]).write(0, 0, 0)
        found = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
        outline, hole = found["areas"]["features"][0]["geometry"]["coordinates"]
        # With y downwards a ring that goes clockwise to the eye has an area above 0.
        assert shapely.LinearRing(outline).is_ccw
        assert not shapely.LinearRing(hole).is_ccw


def test_what_is_too_small_to_be_drawn_leaves_no_gap():
    """Four thousand strips, each far narrower than a unit, fill their square together."""
    edges = np.linspace(0.5, 0.52, 4_001)
    strips = [
        shapely.Polygon([degrees(a, 0.5), degrees(b, 0.5), degrees(b, 0.52), degrees(a, 0.52)])
        for a, b in itertools.pairwise(edges)
    ]
    made = np.empty(len(strips), dtype=object)
    made[:] = strips
    tiles = Pyramid("areas", "polygon", made, [str(at) for at in range(4_000)], ["one"] * 4_000)
    found = decoded(tiles.write(0, 0, 0))
    # Those that lie across an edge of the grid, and a dot for the others of each unit.
    assert 20 < len(found) <= 41
    union = shapely.union_all([drawn for drawn, _ in found.values()])
    assert union.covers(shapely.box(512, 512, 532, 532))
    assert shapely.box(512, 512, 533, 533).covers(union)


@pytest.mark.parametrize("seed", range(5))
def test_neighbours_meet_in_every_tile(seed):
    """A random mosaic stays one: nothing overlaps, nothing is lost, at any zoom."""
    rng = np.random.default_rng(seed)
    centres = shapely.MultiPoint(rng.uniform((-3, 49), (3, 55), (300, 2)))
    around = shapely.box(-3, 49, 3, 55)
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=around))
    mosaic = np.array([cell.intersection(around) for cell in cells], dtype=object)
    ids = [str(at) for at in range(len(mosaic))]
    tiles = Pyramid("areas", "polygon", mosaic, ids, ["one"] * len(mosaic))
    for z, x, y in ((5, 15, 10), (7, 64, 42), (8, 128, 84)):
        drawn = [found for found, _ in decoded(tiles.write(z, x, y)).values()]
        shown = shapely.box(0, 0, EXTENT, EXTENT)
        inside = [shapely.make_valid(each).intersection(shown) for each in drawn]
        union = shapely.union_all(inside)
        # Corners go to the nearest unit, so that edges may cross by less than one.
        assert sum(each.area for each in inside) == pytest.approx(union.area, rel=0.002)
        if z > 5:
            assert union.area == pytest.approx(shown.area, rel=0.02)


def test_an_area_smaller_than_a_unit_is_a_square_of_one():
    tiny, twin = square(0.25, 0.25, 1e-6), square(0.25 + 2e-6, 0.25, 1e-6)
    found = decoded(pyramid([tiny, twin]).write(0, 0, 0))
    assert {row: drawn.bounds for row, (drawn, _) in found.items()} == {0: (256, 256, 257, 257)}
    assert set(decoded(pyramid([tiny, twin]).write(12, 1024, 1024))) == {0, 1}


@pytest.fixture(scope="module")
def crowd():
    """Many squares, one beside the other, from far below a unit to several units wide."""
    rng = np.random.default_rng(1)
    lines = 0.5 + 0.2 * np.sort(rng.uniform(size=(2, 80)) ** 3)
    across, down = (np.concatenate(([0.5], each, [0.7])) for each in lines)
    columns, rows = itertools.pairwise(across), list(itertools.pairwise(down))
    boxes = [
        shapely.Polygon([degrees(a, c), degrees(b, c), degrees(b, d), degrees(a, d)])
        for a, b in columns
        for c, d in rows
    ]
    made = np.array(boxes, dtype=object)
    assert len(made) > MANY
    names = [str(at) for at in range(len(made))]
    return made, Pyramid("areas", "polygon", made, names, ["one"] * len(made))


def many(tile):
    """Return the extent of a tile of many areas, and their shapes by id."""
    found = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})["areas"]
    assert {each["id"] for each in found["features"]} == {0}
    drawn = {each["properties"]["id"]: shape(each["geometry"]) for each in found["features"]}
    return found["extent"], drawn


def test_many_areas_are_drawn_to_the_pixel_and_leave_no_gap(crowd):
    _, tiles = crowd
    extent, drawn = many(tiles.write(0, 0, 0))
    assert extent == COARSE
    union = shapely.union_all(list(drawn.values()))
    assert union.equals(shapely.box(128, 128, 179, 179))


def test_no_area_vanishes_but_for_another_at_its_pixel(crowd):
    made, tiles = crowd
    _, drawn = many(tiles.write(0, 0, 0))
    filled = {tuple(map(int, each.bounds)) for each in drawn.values()}
    lost = [at for at in range(len(made)) if str(at) not in drawn]
    assert 0 < len(lost) < len(made)
    west, south, east, north = shapely.bounds(tiles._shapes[lost]).T
    for x, y in zip((west + east) / 2 * COARSE, (south + north) / 2 * COARSE, strict=True):
        assert (int(x), int(y), int(x) + 1, int(y) + 1) in filled


def test_lines_are_cut_and_points_are_kept():
    line = shapely.LineString([degrees(0.1, 0.25), degrees(0.9, 0.25)])
    left, _ = decoded(pyramid([line], "line").write(1, 0, 0))[0]
    assert left.equals(shapely.LineString([(EXTENT * 0.2, 512), (BEYOND, 512)])) or (
        left.bounds == (205.0, 512.0, BEYOND, 512.0)
    )
    points = [shapely.Point(degrees(0.25, 0.25)), None, shapely.Point(degrees(0.75, 0.25))]
    found = decoded(pyramid(points, "point").write(0, 0, 0))
    assert {row: tuple(place.coords[0]) for row, (place, _) in found.items()} == {
        0: (256, 256),
        2: (768, 256),
    }
    assert set(decoded(pyramid(points, "point").write(1, 0, 0))) == {0}


def test_long_numbers_are_written_whole():
    points = np.array([[0, 0], [100_000, -100_000]])
    parts = Parts(points, np.array([0, 1]), np.array([0, 1]))
    tile = layer(
        "é", POINT, parts,
        ids=np.array([5, 2**40]), keys=("name",), values=("Llŷn",),
        tags=np.zeros((2, 2), dtype=int), extent=4096,
    )  # fmt: skip
    found = decoded(tile, "é")
    assert {row: (tuple(place.coords[0]), said) for row, (place, said) in found.items()} == {
        5: ((0, 0), {"name": "Llŷn"}),
        2**40: ((100_000, -100_000), {"name": "Llŷn"}),
    }


def test_the_kinds_are_those_of_the_specification():
    assert (POINT, LINE, POLYGON) == (1, 2, 3)


def test_a_layer_has_tiles(api, stored):
    answer = api.get(f"{CELLS}/9/257/165.mvt")
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.mapbox-vector-tile"
    assert answer.headers["Cache-Control"] == "no-cache"
    found = decoded(answer.data, "cells")
    assert len(found) > 100
    table = api.get("/api/collections/cells/items").get_json()["features"]
    for row, (_, said) in found.items():
        assert said["id"] == table[row]["id"]
    states = {said["class_key"] for _, said in found.values()}
    assert "5-10" in states


def test_every_feature_is_in_some_tile(api):
    seen = set()
    for x in range(256, 260):
        for y in range(160, 170):
            seen |= set(decoded(api.get(f"{CELLS}/9/{x}/{y}.mvt").data, "cells"))
    assert seen == set(range(420))


def test_a_tile_of_a_stated_run_is_kept_and_of_another_is_gone(api):
    kept = api.get(f"{CELLS}/9/257/165.mvt?run=0123456789ab")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    again = api.get(
        f"{CELLS}/9/257/165.mvt?run=0123456789ab", headers={"If-None-Match": kept.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    gone = api.get(f"{CELLS}/9/257/165.mvt?run=ba9876543210")
    assert gone.status_code == 410
    assert gone.get_json()["detail"].startswith("Newer results have replaced these")


@pytest.mark.parametrize("place", ["19/0/0", "3/8/0", "3/0/8", "99999999999/0/0"])
def test_there_are_no_tiles_beyond_the_pyramid(api, place):
    answer = api.get(f"{CELLS}/{place}.mvt")
    assert answer.status_code == 404
    assert "zooms go from 0 to 18" in answer.get_json()["detail"]


def test_a_plain_table_has_no_tiles(api):
    answer = api.get("/api/tiles/unplaced/0/0/0.mvt")
    assert answer.status_code == 404
    assert answer.get_json()["detail"] == (
        "The layer 'Not on the map' has no shapes, only a table."
    )


def test_the_map_takes_tiles_from_so_many_areas_on(api_app, monkeypatch):
    """Layers of the same shapes take the same tiles; points and lines, and a few areas, none."""
    monkeypatch.setattr(explore, "TILED_FROM", 30)
    with api_app.test_request_context("/map"):
        run = site.run()
        found = {
            each["layer_id"]: explore.description(run, each)["geometry_url"]
            for each in words.layers(run, site.here())
        }
    tiles = "/api/tiles/underserved/{z}/{x}/{y}.mvt?run=0123456789ab"
    assert found["underserved"] == found["areas"] == tiles
    assert found["cells"] == "/api/tiles/cells/{z}/{x}/{y}.mvt?run=0123456789ab"
    assert found["unplaced"] is None
    for layer_id in ("provision", "streets", "catchments"):
        assert found[layer_id].startswith("/shapes/")
