"""Sea, parks and provision come out of an extract once each and where they are."""

from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
import shapely
from pyproj import Transformer

import village
from geoengine.errors import SourceError
from geoengine.sources import features

BNG = "EPSG:27700"
STREET = {"highway": "residential"}
TO_METRES = Transformer.from_crs("EPSG:4326", BNG, always_xy=True)
Point = tuple[float, float]
COAST = {"natural": "coastline"}


@pytest.fixture
def extract(tmp_path: Path) -> Any:
    """Write ways, tagged points, and relations of ways by their roles, in metres."""

    def _extract(
        *ways: tuple[list[Point], dict[str, str]],
        nodes: dict[Point, dict[str, str]] | None = None,
        relations: list[tuple[list[tuple[int, str]], dict[str, str]]] | None = None,
    ) -> Path:
        plain = village.write_streets(tmp_path / "plain.osm.pbf", ways, nodes=nodes)
        path = tmp_path / "extract.osm.pbf"
        path.unlink(missing_ok=True)
        writer = osmium.SimpleWriter(str(path))
        for entity in osmium.FileProcessor(str(plain)):
            writer.add(entity)
        for at, (members, tags) in enumerate(relations or []):
            writer.add_relation(
                osmium.osm.mutable.Relation(
                    id=at + 1,
                    version=1,
                    tags={"type": "multipolygon", **tags},
                    members=[("w", way, role) for way, role in members],
                )
            )
        writer.close()
        return path

    return _extract


def drawn(path: Path) -> dict[str, Any]:
    """Return the shape of each kind on the basemap, in metres from the village's origin."""
    frame = features.read_basemap(path).frame
    by_kind: dict[str, list[Any]] = {}
    for kind, shape in zip(frame["kind"], frame.geometry, strict=True):
        by_kind.setdefault(kind, []).append(shapely.transform(shape, metres))
    return {kind: shapely.union_all(shapes) for kind, shapes in by_kind.items()}


def metres(degrees: Any) -> Any:
    there = np.column_stack(TO_METRES.transform(degrees[:, 0], degrees[:, 1]))
    return there - (village.EAST, village.NORTH)


def ring(x: float, y: float, wide: float, high: float) -> list[Point]:
    """Return a ring, anticlockwise: what lies on its left is inside."""
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]


def at(shape: Any, x: float, y: float) -> bool:
    return bool(shape.contains(shapely.Point(x, y)))


def area_ha(shape: Any) -> float:
    return float(shape.area) / 1e4


# -------------------------------------------------------------------- the basemap


def test_each_kind_of_ground_is_drawn_once_by_its_tags(extract):
    path = extract(
        (ring(0, 0, 100, 100), {"leisure": "park", "name": "Parc"}),
        (ring(200, 0, 100, 100), {"natural": "water"}),
        (ring(400, 0, 100, 100), {"landuse": "industrial"}),
        ([(0, 300), (500, 300)], {"railway": "rail"}),
        ([(0, 310), (500, 310)], {"railway": "rail", "service": "siding"}),
        ([(0, 400), (500, 400)], {"waterway": "river", "name": "Afon"}),
        ([(0, 500), (500, 500)], {"waterway": "ditch"}),
        nodes={
            (250, 250): {"place": "village", "name": "Aberwhere"},
            (260, 260): {"place": "farm", "name": "Hafod"},
        },
    )
    reading = features.read_basemap(path)
    assert sorted(reading.frame["kind"]) == ["park", "rail", "village", "water", "water"]
    assert reading.rows_read == 5
    names = reading.frame.set_index("kind")["name"]
    assert (names["park"], names["village"]) == ("Parc", "Aberwhere")
    found = drawn(path)
    assert area_ha(found["park"]) == pytest.approx(1, rel=0.01)
    assert at(found["water"], 250, 50)
    assert found["rail"].length == pytest.approx(500, rel=0.01)


def test_ground_with_an_island_in_it_has_a_hole(extract):
    path = extract(
        (ring(0, 0, 300, 300), {}),
        (ring(100, 100, 100, 100), {}),
        relations=[([(1, "outer"), (2, "inner")], {"natural": "water", "name": "Llyn"})],
    )
    lake = drawn(path)["water"]
    assert area_ha(lake) == pytest.approx(8, rel=0.01)
    assert at(lake, 50, 50)
    assert not at(lake, 150, 150)


def test_ground_that_the_extract_cuts_off_is_passed_over(extract):
    path = extract(
        ([(0, 0), (300, 0), (300, 300)], {}),
        (ring(1000, 0, 100, 100), {"leisure": "park"}),
        relations=[([(1, "outer"), (99, "outer")], {"natural": "water"})],
    )
    assert list(drawn(path)) == ["park"]


def test_an_extract_without_ground_has_an_empty_basemap(extract):
    assert features.read_basemap(extract(([(0, 0), (9, 0)], STREET))).frame.empty
    assert features.no_basemap().frame.empty


# ------------------------------------------------------------------------- the sea


def test_the_sea_lies_around_an_island(extract):
    # Anticlockwise: the land is on the left of the coastline.
    path = extract((ring(0, 0, 4000, 4000), COAST), nodes={(2000, 2000): {"place": "town"}})
    sea = drawn(path)["sea"]
    assert not at(sea, 2000, 2000)
    for x, y in ((-300, 2000), (4300, 2000), (2000, -300), (2000, 4300)):
        assert at(sea, x, y)


def test_an_island_drawn_in_pieces_is_one(extract):
    corners = ring(0, 0, 4000, 4000)
    path = extract((corners[:3], COAST), (corners[2:], COAST))
    sea = drawn(path)["sea"]
    assert not at(sea, 2000, 2000)
    assert at(sea, -300, 2000)


def test_a_lagoon_of_the_sea_within_the_land_is_sea(extract):
    path = extract((ring(0, 0, 4000, 4000), COAST), (ring(1000, 1000, 1000, 1000)[::-1], COAST))
    sea = drawn(path)["sea"]
    assert at(sea, 1500, 1500)
    assert not at(sea, 500, 500)


@pytest.mark.parametrize(("eastwards", "wet", "dry"), [(True, -500, 500), (False, 500, -500)])
def test_the_sea_lies_on_the_right_of_a_coast_that_the_extract_cuts(
    extract, eastwards: bool, wet: float, dry: float
):
    coast: list[Point] = [(100, 0), (2000, 50), (3900, 0)]
    path = extract(
        (coast if eastwards else coast[::-1], COAST),
        (ring(0, -1000, 100, 100), {"leisure": "park"}),
        (ring(3900, 900, 100, 100), {"leisure": "park"}),
    )
    sea = drawn(path)["sea"]
    for x in (500, 2000, 3500):
        assert at(sea, x, wet)
        assert not at(sea, x, dry)


def test_a_bay_between_two_cut_ends_is_sea_and_the_land_around_it_is_not(extract):
    # The coast comes in from the south, goes round the bay and leaves to the south again;
    # going north then west then south, the bay is on the left and the land on the right … so
    # it is drawn the other way round.
    bay: list[Point] = [(1000, 0), (1000, 2000), (3000, 2000), (3000, 0)]
    path = extract((bay, COAST), (ring(0, 2900, 4000, 100), {"leisure": "park"}))
    sea = drawn(path)["sea"]
    assert at(sea, 2000, 1000)
    assert not at(sea, 500, 1000)
    assert not at(sea, 3500, 1000)
    assert not at(sea, 2000, 2500)


def test_an_island_before_a_coast_that_is_cut_stays_dry(extract):
    coast: list[Point] = [(0, 0), (4000, 0)]
    path = extract(
        (coast, COAST),
        (ring(1500, -1500, 600, 600), COAST),
        (ring(0, 900, 4000, 100), {"leisure": "park"}),
        (ring(0, -2500, 4000, 100), {"leisure": "park"}),
    )
    sea = drawn(path)["sea"]
    assert at(sea, 500, -1000)
    assert not at(sea, 1800, -1200)
    assert not at(sea, 2000, 500)


def test_without_a_coastline_there_is_no_sea(extract):
    assert "sea" not in drawn(extract((ring(0, 0, 100, 100), {"natural": "water"})))


# -------------------------------------------------------------- provision by its tags

WANTED = {"amenity": ("kindergarten", "childcare")}


def pick(path: Path, **tags: tuple[str, ...]) -> Any:
    return features.read_provision(path, crs=BNG, service="nursery", tags=tags or WANTED)


def places(frame: Any) -> dict[str, Point]:
    return {
        name: (round(point.x - village.EAST), round(point.y - village.NORTH))
        for name, point in zip(frame["name"], frame.geometry, strict=True)
    }


def test_provision_is_picked_from_points_buildings_and_grounds(extract):
    path = extract(
        (ring(1000, 0, 40, 20), {"amenity": "childcare", "building": "yes", "name": "Building"}),
        (ring(2000, 0, 100, 100), {}),
        (ring(2020, 20, 60, 60), {}),
        ([(0, 500), (100, 500)], {"amenity": "pub"}),
        nodes={
            (0, 0): {"amenity": "kindergarten", "name": "Point", "capacity": "24"},
            (9, 9): {"amenity": "pub", "name": "The Moor"},
        },
        relations=[([(2, "outer"), (3, "inner")], {"amenity": "kindergarten", "name": "Ring"})],
    )
    reading = pick(path)
    found = places(reading.frame)
    assert sorted(found) == ["Building", "Point", "Ring"]
    assert found["Point"] == (0, 0)
    assert found["Building"] == (1020, 10)
    x, y = found["Ring"]
    assert 2000 < x < 2100
    assert not (2020 < x < 2080 and 20 < y < 80)
    assert reading.frame["capacity"].dropna().tolist() == [24]
    assert set(reading.frame["placed_by"]) == {"map"}
    assert reading.frame["open"].all()
    assert reading.notes == ("3 provisions were picked from the street map by their tags",)


def test_a_building_is_one_provision_and_not_its_outline_too(extract):
    path = extract((ring(0, 0, 40, 20), {"amenity": "kindergarten", "name": "Once"}))
    assert len(pick(path).frame) == 1


def test_a_way_and_a_relation_of_one_number_are_two_things(extract):
    path = extract(
        (ring(0, 0, 40, 20), {"amenity": "kindergarten", "name": "Way 1"}),
        (ring(500, 0, 40, 20), {}),
        relations=[([(2, "outer")], {"amenity": "kindergarten", "name": "Relation 1"})],
    )
    assert pick(path).frame["name"].to_dict() == {"w1": "Way 1", "r1": "Relation 1"}


def test_a_building_whose_outline_crosses_itself_is_still_placed(extract):
    knot: list[Point] = [(0, 0), (40, 40), (40, 0), (0, 40), (0, 0)]
    path = extract((knot, {"amenity": "kindergarten", "name": "Knot"}))
    (x, y) = places(pick(path).frame)["Knot"]
    assert 0 <= x <= 40
    assert 0 <= y <= 40


def test_any_of_the_tags_is_enough_and_only_their_values_count(extract):
    path = extract(
        ([(0, 0), (9, 9)], STREET),
        nodes={
            (0, 10): {"amenity": "childcare", "name": "A"},
            (0, 20): {"healthcare": "doctor", "name": "B"},
            (0, 30): {"amenity": "doctor", "name": "C"},
        },
    )
    found = pick(path, amenity=("childcare",), healthcare=("doctor",))
    assert sorted(found.frame["name"]) == ["A", "B"]


def test_what_has_no_name_or_a_capacity_in_words_is_kept(extract):
    path = extract(
        ([(0, 0), (9, 9)], STREET),
        nodes={(0, 10): {"amenity": "childcare", "capacity": "about 20"}},
    )
    found = pick(path).frame
    assert found["name"].tolist() == ["Unnamed nursery"]
    assert found["capacity"].isna().all()


@pytest.mark.parametrize("capacity", ["-5", "inf", "nan", "1e999"])
def test_a_capacity_that_cannot_be_is_unknown(extract, capacity: str):
    path = extract(
        ([(0, 0), (9, 9)], STREET),
        nodes={(0, 10): {"amenity": "childcare", "capacity": capacity}},
    )
    reading = pick(path)
    assert reading.frame["capacity"].isna().all()
    assert reading.notes[1] == ("the capacity tag of 1 is not a number of places and was not read")


def test_tags_that_nothing_has_are_told(extract):
    path = extract(([(0, 0), (9, 9)], STREET))
    with pytest.raises(SourceError) as raised:
        pick(path)
    assert raised.value.faults[0].problem == (
        "no feature has the tags amenity=kindergarten|childcare; see provision.osm"
    )


def test_ids_are_those_of_the_map_and_come_in_order(extract):
    nodes = {(0.0, 10.0 * at): {"amenity": "childcare", "name": str(at)} for at in range(12)}
    frame = pick(extract(([(0, -5), (9, -5)], STREET), nodes=nodes)).frame
    assert frame.index.tolist() == sorted(frame.index)
    assert all(code[0] == "n" for code in frame.index)


# ----------------------------------------------------------------------- bad files


@pytest.mark.parametrize("reader", [features.read_basemap, pick])
def test_a_missing_or_damaged_extract_is_told(tmp_path: Path, reader: Any):
    path = tmp_path / "a.osm.pbf"
    with pytest.raises(SourceError, match="there is no such file"):
        reader(path)
    lines = [([(0.0, y), (100.0, y)], {"amenity": "childcare"}) for y in range(0, 9000, 3)]
    village.write_streets(path, lines)
    whole = path.read_bytes()
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(99), whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(SourceError, match="cannot be read as OpenStreetMap data"):
            reader(path)
