"""Streets come whole out of an extract or a graph, or the file is refused in a sentence."""

import gzip
import itertools
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import osmium
import pytest
import shapely

import village
from geoengine.errors import SourceError
from geoengine.network import streets as networks
from geoengine.network.modes import DRIVE, MODES
from geoengine.sources import streets
from geoengine.tables import Ways

BNG = "EPSG:27700"
STREET = {"highway": "residential"}
Line = list[tuple[float, float]]


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def _read(*lines: tuple[Line, dict[str, str]], nodes: Any = None) -> Ways:
        return streets.read(village.write_streets(tmp_path / "a.osm.pbf", lines, nodes=nodes))

    return _read


def drawn(ways: Ways) -> list[Line]:
    """Return each way's points in metres from the village's origin."""
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:4326", BNG, always_xy=True)
    x, y = there.transform(ways.longitude, ways.latitude)
    points = [
        (round(a) - village.EAST, round(b) - village.NORTH) for a, b in zip(x, y, strict=True)
    ]
    ends = ways.first_ref.tolist()
    return [[points[ref] for ref in ways.ref[start:end]] for start, end in itertools.pairwise(ends)]


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as raised:
        streets.read(path)
    (fault,) = raised.value.faults
    assert fault.source == str(path)
    return fault.problem


# -------------------------------------------------------------- what is in a file


def test_every_street_keeps_its_points_its_order_and_its_tags(read):
    ways = read(
        ([(0, 0), (100, 0), (100, 50)], {"highway": "footway", "name": "Lôn Fach", "surface": "x"}),
        ([(100, 0), (200, 0)], {"highway": "primary", "oneway": "yes", "maxspeed": "30 mph"}),
    )
    assert drawn(ways) == [[(0, 0), (100, 0), (100, 50)], [(100, 0), (200, 0)]]
    assert ways.way_id.tolist() == [1, 2]
    assert ways.tags["highway"].tolist() == ["footway", "primary"]
    assert "name" not in ways.tags
    assert ways.tags["maxspeed"].tolist()[1] == "30 mph"
    assert ways.tags["oneway"].isna().tolist() == [True, False]
    assert "surface" not in ways.tags
    assert ways.notes == ()


def test_streets_that_share_a_point_meet_there_and_only_there(read):
    ways = read(([(0, 0), (100, 0)], STREET), ([(100, 0), (100, 90)], STREET))
    assert len(ways.node_id) == 3
    assert ways.ref.tolist()[1] == ways.ref.tolist()[2]


def test_what_is_no_street_is_passed_over(read):
    ways = read(
        ([(0, 0), (100, 0)], STREET),
        ([(0, 10), (100, 10)], {"waterway": "river"}),
        ([(0, 20), (100, 20)], {"highway": "construction"}),
        ([(0, 30), (100, 30)], {"highway": "proposed"}),
        ([(0, 40), (100, 40)], {"highway": "no"}),
        ([(0, 50), (100, 50)], {"barrier": "wall"}),
    )
    assert ways.way_id.tolist() == [1]


def test_a_closed_street_returns_to_its_first_point(read):
    ring: Line = [(0, 0), (100, 0), (100, 100), (0, 0)]
    ways = read((ring, {**STREET, "area": "yes"}))
    assert drawn(ways) == [ring]
    assert ways.ref[0] == ways.ref[3]


def test_a_point_given_twice_in_a_row_adds_no_length(read):
    once = read(([(0, 0), (100, 0), (300, 0)], STREET))
    twice = read(([(0, 0), (100, 0), (100, 0), (300, 0)], STREET))
    lengths = [
        networks.build(ways, MODES["walk"], crs=BNG).part_length_m.tolist()
        for ways in (once, twice)
    ]
    assert lengths[0] == lengths[1] == [pytest.approx(300, abs=0.1)]


def test_a_way_of_a_single_point_is_no_way_through(read):
    ways = read(([(0, 0), (100, 0)], STREET), ([(50, 50)], STREET))
    network = networks.build(ways, MODES["walk"], crs=BNG)
    assert len(network.chain_tail) == 1


def test_barriers_on_streets_are_kept_with_who_may_pass(read):
    ways = read(
        ([(0, 0), (100, 0), (200, 0)], STREET),
        nodes={
            (100, 0): {"barrier": "bollard", "foot": "yes"},
            (500, 500): {"barrier": "gate"},
        },
    )
    held = np.flatnonzero(ways.barrier >= 0)
    assert [ways.barrier_names[ways.barrier[at]] for at in held] == ["bollard"]
    assert ways.barrier_access.loc[held[0], "foot"] == "yes"


def test_a_bollard_stops_a_car_and_not_a_walker(read):
    ways = read(([(0, 0), (100, 0), (200, 0)], STREET), nodes={(100, 0): {"barrier": "bollard"}})
    assert networks.build(ways, MODES["walk"], crs=BNG).node_part.max() == 0
    assert networks.build(ways, DRIVE, crs=BNG).node_part.max() == 1


def test_streets_cut_at_the_edge_end_there_and_are_told(tmp_path: Path):
    path = tmp_path / "cut.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    for number, place in enumerate(village.degrees([(0, 0), (100, 0), (200, 0)]), 1):
        writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
    way = osmium.osm.mutable.Way
    writer.add_way(way(id=1, nodes=[98, 1, 2, 3, 99], tags=STREET, version=1))
    writer.add_way(way(id=2, nodes=[98, 99, 97], tags=STREET, version=1))
    writer.close()
    ways = streets.read(path)
    assert drawn(ways) == [[(0, 0), (100, 0), (200, 0)]]
    assert ways.notes == (
        "3 points of streets are not in the extract, which cuts streets at its edge",
    )
    network = networks.build(ways, MODES["walk"], crs=BNG)
    assert network.part_length_m.tolist() == [pytest.approx(200, abs=0.1)]


def test_a_street_that_leaves_the_extract_and_comes_back_is_two_streets(tmp_path: Path):
    path = tmp_path / "cut.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    places = village.degrees([(0, 0), (100, 0), (900, 0), (1000, 0)])
    for number, place in enumerate(places, 1):
        writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
    way = osmium.osm.mutable.Way
    writer.add_way(way(id=1, nodes=[1, 2, 99, 3, 4], tags=STREET, version=1))
    writer.close()
    ways = streets.read(path)
    assert ways.way_id.tolist() == [1, 1]
    assert ways.tags["highway"].tolist() == ["residential"] * 2
    network = networks.build(ways, MODES["walk"], crs=BNG)
    assert sorted(network.part_length_m.tolist()) == pytest.approx([100, 100], abs=0.1)


@pytest.mark.parametrize("suffix", ["osm", "osm.bz2", "osm.gz", "osm.pbf"])
def test_every_kind_of_extract_holds_the_same_streets(tmp_path: Path, suffix: str):
    path = village.write_streets(tmp_path / f"village.{suffix}")
    assert drawn(streets.read(path)) == [line for line, _ in village.STREETS]


# ------------------------------------------------------------- what is no extract


def test_a_missing_file_is_told(tmp_path: Path):
    assert refused(tmp_path / "no.osm.pbf") == (
        "there is no such file; give the path of a street extract"
    )
    assert refused(tmp_path) == "there is no such file; give the path of a street extract"


def test_an_extract_without_streets_is_told(tmp_path: Path):
    path = village.write_streets(tmp_path / "a.osm.pbf", [([(0, 0), (9, 0)], {"power": "line"})])
    assert refused(path) == "holds no streets (no way with a 'highway' tag)"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_an_extract_cut_short_is_told(tmp_path: Path, share: float):
    lines = [([(0.0, y), (100.0, y)], STREET) for y in range(0, 9000, 3)]
    path = village.write_streets(tmp_path / "a.osm.pbf", lines)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refused(path).startswith("cannot be read as OpenStreetMap data (")
    assert refused(path).endswith("; download it again")


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n" + bytes(500), b"<html><body>Not found</body></html>", b"\0" * 900],
)
@pytest.mark.parametrize("suffix", ["osm.pbf", "osm", "osm.gz", "osm.bz2", "graphml"])
def test_what_is_no_extract_at_all_is_told(tmp_path: Path, suffix: str, content: bytes):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(content)
    told = refused(path)
    assert told.startswith(("cannot be read as ", "holds no streets"))


def test_a_file_of_an_unknown_ending_is_told(tmp_path: Path):
    path = tmp_path / "streets.shp"
    path.write_bytes(b"\0" * 100)
    assert refused(path).startswith("cannot be read as OpenStreetMap data (")
    assert refused(path).endswith(
        "; give one that ends in .osm.pbf, .osm, .osm.bz2, .osm.gz, .graphml"
    )


# ------------------------------------------------------------------ graphs of osmnx


def graph(**places: tuple[float, float]) -> networkx.MultiDiGraph:
    """Return a graph of osmnx with places in metres from the village's origin."""
    made = networkx.MultiDiGraph(crs="epsg:4326")
    for (name, _), (x, y) in zip(places.items(), village.degrees([*places.values()]), strict=True):
        made.add_node(name, x=x, y=y)
    return made


def both_ways(made: Any, one: str, other: str, **found: Any) -> None:
    made.add_edge(one, other, **found)
    made.add_edge(other, one, **found)


def saved(made: Any, folder: Path) -> Ways:
    networkx.write_graphml(made, folder / "streets.graphml")
    return streets.read(folder / "streets.graphml")


def test_a_two_way_street_of_a_graph_is_one_way_of_both_directions(tmp_path: Path):
    made = graph(a=(0, 0), b=(100, 0))
    both_ways(made, "a", "b", osmid=7, highway="residential", oneway="False", length=100.0)
    ways = saved(made, tmp_path)
    assert drawn(ways) == [[(0, 0), (100, 0)]]
    assert ways.tags["oneway"].tolist() == ["no"]


def test_a_one_way_street_of_a_graph_stays_so(tmp_path: Path):
    made = graph(a=(0, 0), b=(100, 0))
    made.add_edge("b", "a", osmid=7, highway="residential", oneway="True")
    ways = saved(made, tmp_path)
    assert drawn(ways) == [[(100, 0), (0, 0)]]
    network = networks.build(ways, DRIVE, crs=BNG)
    assert network.chain_two_way.tolist() == [False]
    assert networks.build(ways, MODES["walk"], crs=BNG).chain_two_way.tolist() == [True]


def test_two_streets_between_the_same_ends_are_both_kept(tmp_path: Path):
    made = graph(a=(0, 0), b=(100, 0))
    both_ways(made, "a", "b", osmid=7, highway="residential")
    bend = shapely.LineString(village.degrees([(0, 0), (50, 80), (100, 0)])).wkt
    made.add_edge("a", "b", osmid=8, highway="footway", geometry=bend)
    back = shapely.LineString(village.degrees([(100, 0), (50, 80), (0, 0)])).wkt
    made.add_edge("b", "a", osmid=8, highway="footway", geometry=back)
    ways = saved(made, tmp_path)
    assert sorted(drawn(ways)) == [[(0, 0), (50, 80), (100, 0)], [(0, 0), (100, 0)]]


def test_two_streets_of_one_name_between_the_same_ends_are_both_kept(tmp_path: Path):
    """A street that parts and meets again is one way of OpenStreetMap in two edges."""
    made = graph(a=(0, 0), b=(100, 0))
    for high in (40, -40):
        line: Line = [(0, 0), (50, high), (100, 0)]
        for ends, shape in ((("a", "b"), line), (("b", "a"), line[::-1])):
            wkt = shapely.LineString(village.degrees(shape)).wkt
            made.add_edge(*ends, osmid=7, highway="residential", geometry=wkt)
    ways = saved(made, tmp_path)
    assert sorted(drawn(ways)) == [[(0, 0), (50, -40), (100, 0)], [(0, 0), (50, 40), (100, 0)]]


def test_a_simplified_street_keeps_its_bends_in_the_direction_of_travel(tmp_path: Path):
    made = graph(a=(0, 0), b=(100, 0))
    bend = shapely.LineString(village.degrees([(100, 0), (60, 30), (40, 30), (0, 0)]))
    made.add_edge("b", "a", osmid=7, highway="residential", oneway="True", geometry=bend.wkt)
    assert drawn(saved(made, tmp_path)) == [[(100, 0), (60, 30), (40, 30), (0, 0)]]


def test_a_loop_is_kept_once(tmp_path: Path):
    made = graph(a=(0, 0))
    ring = shapely.LineString(village.degrees([(0, 0), (60, 30), (40, 30), (0, 0)])).wkt
    made.add_edge("a", "a", osmid=7, highway="residential", geometry=ring)
    made.add_edge("a", "a", osmid=7, highway="residential", geometry=ring)
    ways = saved(made, tmp_path)
    network = networks.build(ways, MODES["walk"], crs=BNG)
    assert network.part_length_m.sum() == pytest.approx(67.08 + 20 + 50, abs=0.2)


def test_the_first_of_several_merged_tags_counts(tmp_path: Path):
    made = graph(a=(0, 0), b=(100, 0))
    both_ways(
        made, "a", "b", osmid="[7, 8]", highway="['tertiary', 'residential']", maxspeed="20 mph"
    )
    tags = saved(made, tmp_path).tags
    assert tags["highway"].tolist() == ["tertiary"]
    assert tags["maxspeed"].tolist() == ["20 mph"]


def test_a_graph_in_memory_may_hold_lists_and_shapes():
    made = graph(a=(0, 0), b=(100, 0))
    line = shapely.LineString(village.degrees([(0, 0), (50, 9), (100, 0)]))
    made.add_edge("a", "b", osmid=[7, 8], highway=["residential", "path"], geometry=line)
    ways = streets.from_graph(made, source="graph")
    assert drawn(ways) == [[(0, 0), (50, 9), (100, 0)]]
    assert ways.tags["highway"].tolist() == ["residential"]


def test_an_undirected_graph_is_travelled_both_ways(tmp_path: Path):
    made = networkx.Graph(graph(a=(0, 0), b=(100, 0)))
    made.add_edge("a", "b", osmid=7, highway="residential")
    ways = saved(made, tmp_path)
    assert drawn(ways) == [[(0, 0), (100, 0)]]
    assert ways.tags["oneway"].tolist() == ["no"]


def test_a_graph_without_edges_or_places_is_told(tmp_path: Path):
    with pytest.raises(SourceError) as raised:
        saved(graph(a=(0, 0)), tmp_path)
    assert raised.value.faults[0].problem == "holds no streets (the graph has no edges)"
    bare = networkx.MultiDiGraph([("a", "b")])
    with pytest.raises(SourceError) as raised:
        saved(bare, tmp_path)
    assert raised.value.faults[0].problem == "node a has no coordinates x and y"


@pytest.mark.parametrize("place", [{"x": float("nan"), "y": 53.0}, {"x": "east", "y": 53.0}])
def test_a_graph_with_impossible_places_is_told(place: dict[str, Any]):
    made = networkx.MultiDiGraph()
    made.add_node("a", **place)
    made.add_node("b", x=-2.0, y=53.0)
    made.add_edge("a", "b", highway="residential")
    with pytest.raises(SourceError) as raised:
        streets.from_graph(made, source="graph")
    assert raised.value.faults[0].problem == "node a has no coordinates x and y"


def test_a_projected_graph_is_told_to_be_saved_unprojected(tmp_path: Path):
    made = networkx.MultiDiGraph()
    made.add_node("a", x=400_000.0, y=300_000.0)
    made.add_node("b", x=400_100.0, y=300_000.0)
    made.add_edge("a", "b", highway="residential")
    with pytest.raises(SourceError) as raised:
        saved(made, tmp_path)
    assert raised.value.faults[0].problem == (
        "its coordinates are not degrees; save it unprojected"
    )


@pytest.mark.parametrize("shape", ["LINESTRING (oops", "POINT (1 2)", "LINESTRING EMPTY", 7])
def test_a_shape_that_is_none_is_told(shape: Any):
    made = graph(a=(0, 0), b=(100, 0))
    made.add_edge("a", "b", osmid=7, highway="residential", geometry=shape)
    with pytest.raises(SourceError) as raised:
        streets.from_graph(made, source="graph")
    assert raised.value.faults[0].problem.startswith("the street from a to b has no shape")


def test_a_compressed_graph_is_told(tmp_path: Path):
    path = tmp_path / "streets.graphml"
    path.write_bytes(gzip.compress(b"<graphml/>"))
    assert refused(path).startswith("cannot be read as GraphML (")
