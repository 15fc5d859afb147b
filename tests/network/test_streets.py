"""Streets become a network without losing or inventing a way through."""

import networkx
import numpy as np
import pandas as pd
import pytest

from geoengine.errors import SourceError
from geoengine.network import graphs
from geoengine.network.modes import CYCLE, DRIVE, MODES, PUSHCHAIR, WALK, rules
from geoengine.network.streets import build, from_edges
from geoengine.tables import WAY_TAGS, Ways

METRE = 1 / 111_195.0


def ways(*streets, barriers=None):
    """Streets as (points in metres from the equator's origin, tags); barriers as point → kind."""
    barriers = barriers or {}
    points = sorted({point for street, _ in streets for point in street})
    number = {point: i for i, point in enumerate(points)}
    ref = [number[point] for street, _ in streets for point in street]
    ends = np.cumsum([0] + [len(street) for street, _ in streets])
    kinds = tuple(sorted(set(barriers.values())))
    code = np.array([kinds.index(barriers[p]) if p in barriers else -1 for p in points], np.int16)
    return Ways(
        np.arange(len(points), dtype=np.int64),
        np.array([x * METRE for x, _ in points]),
        np.array([y * METRE for _, y in points]),
        code,
        kinds,
        pd.DataFrame(index=np.flatnonzero(code >= 0)),
        np.arange(len(streets), dtype=np.int64),
        ends.astype(np.int64),
        np.array(ref, np.int32),
        pd.DataFrame([tags for _, tags in streets], columns=list(WAY_TAGS)).astype(object),
    )


def network(*streets, mode=WALK, barriers=None):
    return build(ways(*streets, barriers=barriers), mode, crs="EPSG:32631")


STREET = {"highway": "residential"}


def test_a_street_without_junctions_is_one_chain():
    bent = network(([(0, 0), (100, 0), (100, 50), (200, 50)], STREET))
    assert len(bent.node_x_m) == 2
    assert len(bent.chain_tail) == 1
    assert len(bent.point_x_m) == 4
    assert bent.chain_ds[0] == pytest.approx(250 / (4.8 / 3.6) * 10, rel=5e-3)


def test_a_circle_without_junctions_is_kept():
    ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    kept = network((ring, STREET))
    assert len(kept.node_x_m) == 1
    assert kept.chain_tail.tolist() == kept.chain_head.tolist() == [0]
    assert kept.part_length_m[0] == pytest.approx(400, rel=5e-3)


def test_streets_that_cross_without_a_shared_point_do_not_meet():
    over = network(([(0, 0), (200, 0)], STREET), ([(100, -50), (100, 50)], STREET))
    assert over.node_part.max() == 1


def test_a_stile_ends_the_path_for_a_pushchair_only():
    path = ([(0, 0), (100, 0), (200, 0)], {"highway": "footway"})
    stile = {(100, 0): "stile"}
    assert network(path, barriers=stile).node_part.max() == 0
    assert network(path, mode=PUSHCHAIR, barriers=stile).node_part.max() == 1


def test_steps_are_slow_on_foot_and_barred_to_a_pushchair():
    steps = ([(0, 0), (100, 0)], {"highway": "steps"})
    on_foot = network(steps).chain_ds[0]
    level = network(([(0, 0), (100, 0)], STREET)).chain_ds[0]
    assert on_foot == pytest.approx(2 * level, abs=1)
    with pytest.raises(SourceError, match="no street in the extract is open to 'pushchair'"):
        network(steps, mode=PUSHCHAIR)


def test_one_ways_bind_drivers_and_not_walkers():
    street = ([(0, 0), (100, 0)], {"highway": "residential", "oneway": "yes"})
    against = ([(0, 0), (100, 0)], {"highway": "residential", "oneway": "-1"})
    assert network(street).chain_two_way.all()
    drive = network(street, mode=DRIVE)
    assert not drive.chain_two_way.any()
    assert drive.node_x_m[drive.chain_tail[0]] < drive.node_x_m[drive.chain_head[0]]
    back = network(against, mode=DRIVE)
    assert back.node_x_m[back.chain_tail[0]] > back.node_x_m[back.chain_head[0]]


def test_one_ways_that_meet_head_on_are_not_joined_into_one_chain():
    drive = network(
        ([(0, 0), (100, 0)], {"highway": "residential", "oneway": "yes"}),
        ([(200, 0), (100, 0)], {"highway": "residential", "oneway": "yes"}),
        mode=DRIVE,
    )
    assert len(drive.node_x_m) == 3


@pytest.mark.parametrize(
    ("tags", "walk", "cycle", "drive"),
    [
        ({"highway": "residential"}, True, True, True),
        ({"highway": "motorway"}, False, False, True),
        ({"highway": "footway"}, True, False, False),
        ({"highway": "footway", "bicycle": "yes"}, True, True, False),
        ({"highway": "cycleway"}, True, True, False),
        ({"highway": "cycleway", "foot": "no"}, False, True, False),
        ({"highway": "service", "access": "private"}, False, False, False),
        ({"highway": "service", "access": "private", "foot": "permissive"}, True, False, False),
        ({"highway": "residential", "motor_vehicle": "no"}, True, True, False),
        ({"highway": "trunk", "motorroad": "yes"}, False, False, True),
        ({"highway": "residential", "access": "destination"}, True, True, True),
    ],
)
def test_access_tags_decide_and_the_most_specific_wins(tags, walk, cycle, drive):
    frame = pd.DataFrame([tags])
    said = {name: bool(rules(mode, frame).forward[0]) for name, mode in MODES.items()}
    assert (said["walk"], said["cycle"], said["drive"]) == (walk, cycle, drive)


def test_contraflow_cycling_is_allowed_where_signed():
    tags = pd.DataFrame(
        [{"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"},
         {"highway": "residential", "oneway": "yes", "cycleway": "opposite_lane"},
         {"highway": "residential", "oneway": "yes"}]
    )  # fmt: skip
    assert rules(CYCLE, tags).backward.tolist() == [True, True, False]


def test_a_signed_limit_in_miles_replaces_the_usual_driving_speed():
    tags = pd.DataFrame({"highway": ["residential"] * 3, "maxspeed": ["20 mph", "50", "signals"]})
    assert rules(DRIVE, tags).speed_kph.tolist() == pytest.approx([20 * 1.609344 * 0.8, 40, 25])


def test_a_study_may_set_speeds():
    slow = WALK.with_speeds({"all": 2.4})
    assert slow.speed_kph["residential"] == 2.4
    assert slow.speed_kph["steps"] == 1.2
    assert slow.off_network_kph == 2.4
    assert DRIVE.with_speeds({"motorway": 112}).speed_kph["motorway"] == 112


def test_an_island_of_streets_is_a_part_of_its_own():
    apart = network(
        ([(0, 0), (100, 0), (100, 100)], STREET), ([(0, 0), (0, 100)], STREET),
        ([(0, 0), (-100, 0)], STREET), ([(5000, 0), (5100, 0)], STREET),
    )  # fmt: skip
    assert sorted(apart.node_part.tolist()) == [0, 0, 0, 0, 1, 1]
    assert apart.part_length_m.tolist() == pytest.approx([400, 100], rel=5e-3)


@pytest.mark.parametrize("seed", range(5))
def test_contraction_changes_no_time(seed):
    rng = np.random.default_rng(seed)
    points = 120
    x, y = rng.uniform(0, 2000, (2, points))
    tail = rng.integers(0, points, 150)
    head = (tail + rng.integers(1, 4, 150)) % points
    seconds = rng.uniform(1, 300, 150)
    both = rng.random(150) < 0.7
    drawn = from_edges(x, y, tail, head, seconds, two_way=both)
    plain = networkx.MultiDiGraph()
    for a, b, s, way_back in zip(tail, head, seconds, both, strict=True):
        plain.add_edge(int(a), int(b), s=s)
        if way_back:
            plain.add_edge(int(b), int(a), s=s)
    contracted = graphs.to_networkx(drawn)
    start = int(drawn.point_id[graphs.to_networkx(drawn).graph["junction"][0]])
    expected = networkx.single_source_dijkstra_path_length(plain, start, weight="s")
    found = networkx.single_source_dijkstra_path_length(
        contracted, int(contracted.graph["junction"][0]), weight="time_ds"
    )
    named = {contracted.nodes[node]["osm_id"]: ds / 10 for node, ds in found.items()}
    assert named.keys() == expected.keys()
    for node, s in expected.items():
        assert named[node] == pytest.approx(s, abs=0.05 * points)


def test_a_network_goes_to_networkx_and_back_unchanged():
    there = network(
        ([(0, 0), (100, 0), (200, 10)], STREET), ([(100, 0), (100, 300)], STREET),
        ([(200, 10), (100, 300)], {"highway": "residential"}),
    )  # fmt: skip
    graph = graphs.to_networkx(there)
    for _, place in graph.nodes(data=True):
        place["x"], place["y"] = place["x_m"], place["y_m"]
    for *_, edge in graph.edges(data=True):
        edge["travel_time"] = edge["time_ds"] / 10
    back = graphs.from_networkx(graph)
    assert sorted(back.part_length_m) == pytest.approx(sorted(there.part_length_m * 2))
    first = networkx.Graph()
    first.add_edge("a", "b")
    first.nodes["a"].update(x=0, y=0), first.nodes["b"].update(x=1, y=0)
    with pytest.raises(ValueError, match="the edge from a to b has no 'travel_time'"):
        graphs.from_networkx(first)
