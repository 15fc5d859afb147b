"""Times without a cut-off on real streets, each held against scipy or the bounded search."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from geoengine import travel_table, travel_times
from geoengine.network import hierarchy, modes, streets
from geoengine.network.hierarchy import Ends
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.sources import streets as files


def by_scipy(network, cost_ds, sources):
    """Return deciseconds from some junctions to all."""
    ends = (network.chain_tail, network.chain_head)
    tail, head = np.concatenate(ends), np.concatenate(ends[::-1])
    cost = cost_ds.T.ravel()
    usable = (cost != UNREACHED) & (tail != head)
    tail, head, cost = tail[usable], head[usable], cost[usable]
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    least = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]))
    nodes = len(network.node_x_m)
    weight = np.maximum(cost[least].astype(float), 1e-9)
    graph = coo_array((weight, (tail[least], head[least])), shape=(nodes, nodes)).tocsr()
    return np.round(dijkstra(graph, indices=sources), 3)


def by_us(built, cost_ds, sources):
    metric = hierarchy.customise(built, cost_ds)
    every = Ends.at_nodes(np.arange(len(built.rank)))
    found = hierarchy.table(metric, Ends.at_nodes(sources), every, arriving=False)
    return np.where(found == np.iinfo(found.dtype).max, np.inf, found.astype(float)).T


@pytest.fixture(scope="module")
def island(real_data):
    """The streets of the Isle of Wight as cars may drive them."""
    path = real_data / "isle_of_wight" / "isle-of-wight-2014.osm.pbf"
    if not path.is_file():
        pytest.skip(f"the streets of the Isle of Wight are not among the real places ({real_data})")
    return streets.build(files.read(path), modes.DRIVE, crs="EPSG:27700")


def test_every_time_of_a_large_city_is_that_of_scipy(real_data, rng):
    path = real_data / "large_networks" / "rome_roads.npz"
    if not path.is_file():
        pytest.skip(f"the roads of Rome are not among the real places ({real_data})")
    given = np.load(path)
    x_m, y_m = given["x_m"].astype(float), given["y_m"].astype(float)
    tail, head = given["u"], given["v"]
    seconds = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head]) / 1.3
    network = streets.from_edges(x_m, y_m, tail, head, seconds)
    sources = rng.choice(len(network.node_x_m), 8, replace=False)
    cost_ds = hierarchy.costs(network)
    found = by_us(hierarchy.build(network), cost_ds, sources)
    np.testing.assert_array_equal(found, by_scipy(network, cost_ds, sources))


def test_closed_and_slower_roads_of_an_island_give_the_times_of_scipy(island, rng):
    sources = rng.choice(len(island.node_x_m), 40, replace=False)
    built, cost_ds = hierarchy.build(island), hierarchy.costs(island)
    slow = cost_ds != UNREACHED
    changed = cost_ds.copy()
    changed[slow] = np.rint(changed[slow] * rng.uniform(1, 3, slow.sum()))
    changed[rng.random(len(changed)) < 0.05] = UNREACHED
    for cost in (cost_ds, changed):
        expected = by_scipy(island, cost, sources)
        np.testing.assert_array_equal(by_us(built, cost, sources), expected)
    assert np.isinf(expected).any()


@pytest.mark.parametrize("direction", ["to", "from"])
def test_driving_door_to_door_is_what_the_bounded_search_finds(island, rng, direction):
    def doors(count):
        point = rng.choice(len(island.point_ds), count, replace=False)
        leg = rng.integers(0, 600, count).astype(np.int32)
        return Positions(
            island.point_chain[point], island.point_ds[point], leg, np.zeros(count),
            island.point_x_m[point], island.point_y_m[point],
        )  # fmt: skip

    homes, nurseries = doors(2000), doors(60)
    metric = hierarchy.customise(hierarchy.build(island), hierarchy.costs(island))
    found = travel_table.between(island, metric, homes, nurseries, direction=direction)
    pairs = travel_times.within(island, homes, nurseries, cutoff_s=86_400, direction=direction)
    seconds = np.full((2000, 60), np.inf)
    seconds[np.repeat(np.arange(2000), np.diff(pairs.first_pair)), pairs.provision] = (
        pairs.time_ds / 10
    )
    np.testing.assert_array_equal(found.seconds(), seconds)
