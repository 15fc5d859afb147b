"""Times are exact, in both directions, for any number of threads."""

import itertools

import networkx
import numpy as np
import pandas as pd
import pytest

from geoengine import travel_times
from geoengine.network import graphs
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions, grid, snap
from geoengine.network.streets import from_edges
from sketch import walk


def test_the_way_round_is_measured_along_streets():
    assert walk(
        """
A----B
|    |
C    D
"""
    ) == {"A": 0, "B": 500, "C": 200, "D": 700}


def test_a_one_way_street_differs_there_and_back():
    block = """
A->B
|  |
C--D
"""
    assert walk(block, start="B", direction="from") == {"A": 700, "B": 0, "C": 500, "D": 200}
    assert walk(block, start="B", direction="to") == {"A": 300, "B": 0, "C": 500, "D": 200}


def test_what_cannot_be_reached_is_infinite_and_never_zero():
    assert walk("A--B C--D") == {"A": 0, "B": 300, "C": np.inf, "D": np.inf}


def drawn(seed, *, points=150, edges=190, one_way=0.3):
    """Return a random street network with houses and nurseries beside its streets."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 1500, (2, points))
    tail = rng.integers(0, points, edges)
    head = rng.integers(0, points, edges)
    fresh = tail != head
    tail, head = tail[fresh], head[fresh]
    seconds = np.hypot(x[tail] - x[head], y[tail] - y[head])
    network = from_edges(
        x, y, tail, head, seconds, two_way=rng.random(len(tail)) >= one_way, off_network_m_per_s=1.0
    )
    places = [
        snap(network, grid(network), *rng.uniform(0, 1500, (2, many)), limit_m=60)
        for many in (200, 15)
    ]
    return network, *places


def oracle(network, origins, provisions):
    """Deciseconds from each origin to each provision, by networkx on every point of the streets."""
    graph = graphs.to_networkx(network)
    junction = graph.graph["junction"]
    starts = network.first_point[:-1]
    name = np.arange(len(network.point_x_m))
    name[starts] = junction[network.chain_tail]
    name[network.first_point[1:] - 1] = junction[network.chain_head]
    for kind, places in (("o", origins), ("p", provisions)):
        for i in np.flatnonzero(places.joined):
            graph.add_node((kind, i))
    together = {}
    for kind, places in (("o", origins), ("p", provisions)):
        for i in np.flatnonzero(places.joined):
            together.setdefault(int(places.chain[i]), []).append((places.along_ds[i], kind, i))
    for chain, stops in together.items():
        first, last = network.first_point[chain], network.first_point[chain + 1] - 1
        ends = [(0, name[first]), (int(network.point_ds[last]), name[last])]
        line = [(int(ds), ("on", chain, int(ds))) for ds in sorted({s[0] for s in stops})]
        line = [ends[0], *line, ends[1]]
        for (a_ds, a), (b_ds, b) in itertools.pairwise(line):
            graph.add_edge(a, b, time_ds=b_ds - a_ds)
            if network.chain_two_way[chain] or a_ds == b_ds:  # no way at all lies between
                graph.add_edge(b, a, time_ds=b_ds - a_ds)
        for ds, kind, i in stops:
            leg = int((origins if kind == "o" else provisions).leg_ds[i])
            graph.add_edge((kind, i), ("on", chain, int(ds)), time_ds=leg)
            graph.add_edge(("on", chain, int(ds)), (kind, i), time_ds=leg)
    times = np.full((len(origins.chain), len(provisions.chain)), np.inf)
    for o in np.flatnonzero(origins.joined):
        # The leg back into another house is no short cut, because it costs as much to come out.
        found = networkx.single_source_dijkstra_path_length(graph, ("o", o), weight="time_ds")
        for p in np.flatnonzero(provisions.joined):
            times[o, p] = found.get(("p", p), np.inf)
    return times


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", ["to", "from"])
def test_times_equal_those_of_networkx(seed, direction):
    network, origins, provisions = drawn(seed)
    if direction == "to":
        times = oracle(network, origins, provisions)
    else:
        times = oracle(network, provisions, origins).T
    found = travel_times.find_nearest(network, origins, provisions, k=3, direction=direction)
    expected = np.sort(times, axis=1)[:, :3] / 10
    expected[~origins.joined] = np.nan
    np.testing.assert_array_equal(found.origin_s, expected)
    single = travel_times.find_nearest(network, origins, provisions, direction=direction)
    np.testing.assert_array_equal(single.origin_s, expected[:, :1])
    np.testing.assert_array_equal(single.origin_provision, found.origin_provision[:, :1])
    for o, p in zip(*np.nonzero(found.origin_provision >= 0), strict=True):
        assert times[o, found.origin_provision[o, p]] == found.origin_s[o, p] * 10

    table = travel_times.within(
        network, origins, provisions, cutoff_s=600, direction=direction, threads=1
    )
    whole = np.full(times.shape, np.inf)
    row = np.repeat(np.arange(len(times)), np.diff(table.first_pair))
    whole[row, table.provision] = table.time_ds
    np.testing.assert_array_equal(whole, np.where(times <= 6000, times, np.inf))


def test_the_cut_off_is_inclusive():
    street = from_edges(np.array([0.0, 600.0]), np.zeros(2), [0], [1], np.array([600.0]))
    ends = snap(street, grid(street), np.array([0.0, 600.0]), np.zeros(2), limit_m=5)
    for cutoff_s, pairs in ((600, 4), (599.9, 2)):
        assert len(travel_times.within(street, ends, ends, cutoff_s=cutoff_s).time_ds) == pairs


def test_threads_change_nothing():
    network, origins, provisions = drawn(9, points=400, edges=600)
    many = Positions(*(np.tile(part, 30) for part in vars(provisions).values()))
    one = travel_times.within(network, origins, many, cutoff_s=900, threads=1)
    four = travel_times.within(network, origins, many, cutoff_s=900, threads=4)
    assert one.time_ds.tobytes() == four.time_ds.tobytes()
    assert one.provision.tobytes() == four.provision.tobytes()
    assert one.time_ds.dtype == np.uint16


def test_the_nearest_of_equals_is_the_first():
    street = from_edges(np.array([0.0, 100.0]), np.zeros(2), [0], [1], np.array([100.0]))
    home = snap(street, grid(street), np.array([50.0]), np.zeros(1), limit_m=5)
    both = snap(street, grid(street), np.array([100.0, 0.0]), np.zeros(2), limit_m=5)
    found = travel_times.find_nearest(street, home, both, k=2)
    assert found.origin_s.tolist() == [[50.0, 50.0]]
    assert found.origin_provision.tolist() == [[0, 1]]


def test_every_point_of_a_street_knows_its_time():
    network, origins, provisions = drawn(2, one_way=0.0)
    found = travel_times.find_nearest(network, origins, provisions)
    seconds, provision = travel_times.at_points(network, found, provisions)
    on_points = Positions(
        network.point_chain, network.point_ds, np.zeros_like(network.point_ds),
        np.zeros(len(network.point_ds)), network.point_x_m, network.point_y_m,
    )  # fmt: skip
    again = travel_times.find_nearest(network, on_points, provisions)
    np.testing.assert_array_equal(seconds, again.origin_s[:, 0])
    np.testing.assert_array_equal(provision, again.origin_provision[:, 0])
    assert (np.isinf(seconds) == (provision < 0)).all()


def test_the_table_of_pairs_has_a_row_for_an_origin_that_reaches_nothing():
    pair = travel_times.TravelTimes(
        np.array([0, 1, 1]), np.array([1], np.uint16), np.array([90], np.uint16), 2, 900
    )
    frame = pair.to_frame(pd.Index(["a", "b"]), pd.Index(["x", "y"]))
    assert frame["from_id"].tolist() == ["a", "b"]
    assert frame["to_id"].isna().tolist() == [False, True]
    assert frame["travel_time_min"].tolist()[0] == 0.15
    assert frame["travel_time_min"].isna().tolist() == [False, True]


def test_without_provision_nothing_is_reached():
    network, origins, _ = drawn(1)
    nothing = snap(network, grid(network), np.zeros(0), np.zeros(0), limit_m=5)
    found = travel_times.find_nearest(network, origins, nothing)
    assert np.isinf(found.origin_s[origins.joined]).all()
    assert (found.node_ds == UNREACHED).all()
    assert len(travel_times.within(network, origins, nothing, cutoff_s=60).time_ds) == 0


def test_nonsense_is_refused():
    network, origins, provisions = drawn(1)
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        travel_times.find_nearest(network, origins, provisions, k=0)
    with pytest.raises(ValueError, match="cutoff_s must be positive"):
        travel_times.within(network, origins, provisions, cutoff_s=0)
