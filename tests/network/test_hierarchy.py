"""Times by way of the hierarchy are exact, whatever the costs and the threads."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoengine.network import hierarchy
from geoengine.network.hierarchy import Ends
from geoengine.network.search import UNREACHED
from geoengine.network.streets import from_edges


def streets(seed, *, nodes=120, edges=170, one_way=0.4):
    """Return a random network with circles, doubles, one-way streets and cut-off parts."""
    rng = np.random.default_rng(seed)
    x_m, y_m = rng.uniform(0, 1000, (2, nodes))
    tail, head = rng.integers(0, nodes, (2, edges))
    seconds = rng.integers(0, 90, edges) / 10
    return from_edges(x_m, y_m, tail, head, seconds, two_way=rng.random(edges) >= one_way)


def by_scipy(network, cost_ds):
    """Return deciseconds from every node to every node, inf where there is no way."""
    tail, head, nodes = network.chain_tail, network.chain_head, len(network.node_x_m)
    dense = np.full((nodes, nodes), np.inf)
    for column, (start, end) in enumerate([(tail, head), (head, tail)]):
        usable = cost_ds[:, column] != UNREACHED
        # scipy takes a weight of zero for no arc at all: all are a tiny bit longer for it.
        np.minimum.at(dense, (start[usable], end[usable]), cost_ds[usable, column] + 1e-6)
    row, column = np.nonzero(np.isfinite(dense))
    graph = csr_array((dense[row, column], (row, column)), shape=dense.shape)
    return np.round(dijkstra(graph), 2)


def by_us(built, cost_ds, *, arriving=False):
    ends = Ends.at_nodes(np.arange(len(built.rank)))
    metric = hierarchy.customise(built, cost_ds)
    return finite(hierarchy.table(metric, ends, ends, arriving=arriving))


def finite(time_ds):
    return np.where(time_ds == np.iinfo(time_ds.dtype).max, np.inf, time_ds.astype(float))


@pytest.mark.parametrize("seed", range(20))
def test_every_time_between_junctions_is_that_of_scipy(seed):
    network = streets(seed)
    built, cost_ds = hierarchy.build(network), hierarchy.costs(network)
    expected = by_scipy(network, cost_ds)
    np.testing.assert_array_equal(by_us(built, cost_ds).T, expected)
    np.testing.assert_array_equal(by_us(built, cost_ds, arriving=True), expected)


@pytest.mark.parametrize("seed", range(10))
def test_new_speeds_and_closed_streets_need_no_new_hierarchy(seed):
    network, rng = streets(seed), np.random.default_rng(seed)
    built = hierarchy.build(network)
    cost_ds = rng.integers(0, 500, (len(network.chain_tail), 2)).astype(np.int32)
    cost_ds[rng.random(cost_ds.shape) < 0.2] = UNREACHED
    np.testing.assert_array_equal(by_us(built, cost_ds).T, by_scipy(network, cost_ds))


def lattice(side, seed=0):
    """Return streets in a square lattice, one in ten missing, and some of one way."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side) * 100.0, np.arange(side) * 100.0)
    point = np.arange(side * side).reshape(side, side)
    tail = np.concatenate((point[:, :-1].ravel(), point[:-1].ravel()))
    head = np.concatenate((point[:, 1:].ravel(), point[1:].ravel()))
    keep = rng.random(len(tail)) < 0.9
    seconds = rng.integers(200, 3000, keep.sum()) / 10
    two_way = rng.random(keep.sum()) < 0.8
    return from_edges(x.ravel(), y.ravel(), tail[keep], head[keep], seconds, two_way=two_way)


def test_any_number_of_threads_and_of_blocks_gives_the_same_bytes():
    network = lattice(25)
    built, cost_ds = hierarchy.build(network), hierarchy.costs(network)
    nodes = len(network.node_x_m)
    assert nodes > 2 * hierarchy.SOURCES_A_BLOCK
    metric, ends = hierarchy.customise(built, cost_ds), Ends.at_nodes(np.arange(nodes))
    found = [
        hierarchy.table(metric, ends, ends, arriving=False, threads=threads) for threads in (1, 3)
    ]
    assert found[0].tobytes() == found[1].tobytes()
    alone = [
        hierarchy.table(metric, Ends.at_nodes(np.array([n])), ends, arriving=False)
        for n in range(0, nodes, 97)
    ]
    np.testing.assert_array_equal(np.hstack(list(map(finite, alone))), finite(found[0])[:, ::97])
    np.testing.assert_array_equal(finite(found[0]).T, by_scipy(network, cost_ds))


def test_two_bytes_hold_times_below_109_minutes_and_four_the_longer_ones():
    def between_ends(seconds):
        street = from_edges(np.array([0.0, 1.0]), np.zeros(2), [0], [1], np.array([seconds]))
        metric = hierarchy.customise(hierarchy.build(street), hierarchy.costs(street))
        ends = Ends.at_nodes(np.array([0, 1]))
        return hierarchy.table(metric, ends, ends, arriving=True)

    short, long = between_ends(6553.4), between_ends(6553.5)
    assert (short.dtype, short[0, 1]) == (np.uint16, 65534)
    assert (long.dtype, long[0, 1]) == (np.int32, 65535)


def test_progress_ends_with_every_source_done():
    network = lattice(20)
    metric = hierarchy.customise(hierarchy.build(network), hierarchy.costs(network))
    ends, said = Ends.at_nodes(np.arange(len(network.node_x_m))), []
    hierarchy.table(metric, ends, ends, arriving=True, progress=lambda *now: said.append(now))
    nodes = len(network.node_x_m)
    assert said == [(256, nodes), (nodes, nodes)]


def test_no_source_and_no_target_are_an_empty_table():
    network = lattice(4)
    metric = hierarchy.customise(hierarchy.build(network), hierarchy.costs(network))
    some, none = Ends.at_nodes(np.arange(3)), Ends.at_nodes(np.arange(0))
    assert hierarchy.table(metric, none, some, arriving=True).shape == (3, 0)
    assert hierarchy.table(metric, some, none, arriving=True).shape == (0, 3)


def test_costs_that_cannot_be_are_refused():
    network = lattice(3)
    built, cost_ds = hierarchy.build(network), hierarchy.costs(network)
    chains = len(cost_ds)
    with pytest.raises(ValueError, match=rf"shape \({chains},\), but there are {chains} chains"):
        hierarchy.customise(built, cost_ds[:, 0])
    with pytest.raises(ValueError, match="cost_ds must be at least 0, but is -1"):
        hierarchy.customise(built, np.full_like(cost_ds, -1))
    with pytest.raises(ValueError, match=r"add up to .* ds; at most 536870911 can be"):
        hierarchy.customise(built, np.full_like(cost_ds, 2**30))


def test_ends_that_no_chain_joins_are_refused():
    network = lattice(5)
    metric = hierarchy.customise(hierarchy.build(network), hierarchy.costs(network))
    far = Ends(np.array([[0, len(network.node_x_m) - 1]], np.int32), np.zeros((1, 2), np.int32))
    with pytest.raises(ValueError, match="must be the same node or those of a chain"):
        hierarchy.table(metric, far, far, arriving=True)


def test_short_cuts_stay_few():
    """A lattice of n nodes needs some n log n of them; rows in turn make n times its side."""
    network = lattice(60)
    built = hierarchy.build(network)
    nodes = len(network.node_x_m)
    assert len(built.head) < nodes * np.log2(nodes)
