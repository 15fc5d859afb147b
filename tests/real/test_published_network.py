"""On pandana's own test network, times and sums are those that it publishes and finds."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoengine import accessibility, decay, travel_times
from geoengine.network.streets import from_edges
from tests.real.laws import at_points

EVER_S = 2000.0


class Sample:
    """
    Streets of Seattle: 1,498 nodes, of which 729 have any of the 1,702 edges of a second each.

    Nodes without an edge are no part of our network; each would reach itself only.
    """

    def __init__(self, path):
        import h5py

        with h5py.File(path) as file:
            self.node_ids = file["nodes/axis1"][:]
            self.x, self.y = file["nodes/block0_values"][:].T
            self.ends = file["edges/block1_values"][:]
            self.seconds = file["edges/block0_values"][:, 0]
        order = np.argsort(self.node_ids)
        self.tail, self.head = order[np.searchsorted(self.node_ids, self.ends, sorter=order)].T
        self.network = from_edges(self.x, self.y, self.tail, self.head, self.seconds)
        self.point_of = np.full(len(self.node_ids), -1)
        self.point_of[self.network.point_id] = np.arange(len(self.network.point_id))
        self.on_street = np.flatnonzero(self.point_of >= 0)
        self.alone = np.flatnonzero(self.point_of < 0)

    def pairs(self, nodes, cutoff_s):
        """Return the pairs of every node on a street with some of them."""
        everyone, some = (
            at_points(self.network, self.point_of[where]) for where in (self.on_street, nodes)
        )
        return travel_times.within(self.network, everyone, some, cutoff_s=cutoff_s)


@pytest.fixture(scope="module")
def sample(real_data):
    path = real_data / "pandana_sample" / "osm_sample.h5"
    if not path.is_file():
        pytest.skip(f"pandana's sample is not here (no file {path})")
    pytest.importorskip("h5py", reason="h5py is not installed")
    return Sample(path)


@pytest.fixture(scope="module")
def thirty():
    """Return thirty nodes and a value for each, as the published sums take them."""
    np.random.seed(0)  # noqa: NPY002
    return np.random.choice(1498, 30), 100 * np.random.random(30)  # noqa: NPY002


@pytest.fixture(scope="module")
def drawn(sample, thirty):
    """Return those of the thirty that are on a street."""
    nodes, values = thirty
    there = np.isin(nodes, sample.on_street)
    assert there.any()
    return nodes[there], values[there]


def test_its_largest_part_is_as_published(sample):
    size = (len(sample.node_ids),) * 2
    graph = coo_array((np.ones(len(sample.tail)), (sample.tail, sample.head)), shape=size)
    of_part = connected_components(graph, directed=False)[1]
    largest = np.flatnonzero(of_part == np.bincount(of_part).argmax())
    assert len(largest) == 477
    reached = sample.pairs(largest[:1], EVER_S)
    assert np.array_equal(sample.on_street[np.diff(reached.first_pair) > 0], largest)


def test_one_way_is_as_long_as_published(sample):
    pairs = sample.pairs(np.array([71]), EVER_S)
    at = int(np.searchsorted(sample.on_street, 996))
    assert pairs.time_ds[pairs.first_pair[at] : pairs.first_pair[at + 1]].tolist() == [230]


def test_sums_within_ten_are_as_published(sample, drawn):
    nodes, values = drawn
    sums = accessibility.cumulative(sample.pairs(nodes, EVER_S), values, cutoff_s=10)
    at = np.searchsorted(sample.on_street, [0, 50])
    assert sums[at].round(4).tolist() == [159.2083, 94.4669]


def test_the_nearest_are_as_published(sample, drawn, thirty):
    pairs = sample.pairs(drawn[0], EVER_S)
    nearest = accessibility.nearest(pairs, 3)[0]
    assert nearest[0].tolist() == [4, 6, 6]
    assert [(nearest[:, 0] == seconds).sum() for seconds in (5, 10)] == [41, 37]
    none_alone = np.setdiff1d(sample.alone, thirty[0])
    assert (nearest[:, 0] > 10).sum() + len(none_alone) == 1081


@pytest.mark.filterwarnings("ignore")
class TestLive:
    """The same from pandana itself, where it is installed, at every node."""

    @pytest.fixture(scope="class")
    def theirs(self, sample):
        pandana = pytest.importorskip("pandana", reason="pandana is not installed")
        import pandas as pd

        series = [pd.Series(values, index=sample.node_ids) for values in (sample.x, sample.y)]
        tail, head = (pd.Series(ends) for ends in sample.ends.T)
        weights = pd.DataFrame({"seconds": sample.seconds})
        return pandana.Network(*series, tail, head, weights)

    @pytest.mark.parametrize(
        ("name", "falls"),
        [
            ("flat", decay.binary(10)),
            ("linear", decay.linear(10)),
            ("exp", decay.within(10, decay.exponential(60 / 10))),
        ],
    )
    def test_sums_fall_alike(self, sample, theirs, drawn, name, falls):
        nodes, values = drawn
        theirs.set(sample.node_ids[nodes], variable=values)
        wanted = theirs.aggregate(10, type="sum", decay=name)
        found = accessibility.gravity(sample.pairs(nodes, 10), values, decay=falls)
        wanted = wanted.loc[sample.node_ids[sample.on_street]]
        np.testing.assert_allclose(found, wanted, rtol=1e-6)  # theirs come from single precision

    def test_the_five_nearest_are_as_far(self, sample, theirs, drawn):
        nodes, _ = drawn
        theirs.set_pois("homes", EVER_S, 5, sample.x[nodes], sample.y[nodes])
        wanted = theirs.nearest_pois(EVER_S, "homes", num_pois=5)
        wanted = wanted.loc[sample.node_ids[sample.on_street]]
        found = accessibility.nearest(sample.pairs(nodes, EVER_S), 5)[0]
        assert np.array_equal(np.minimum(found, EVER_S), wanted.to_numpy())

    def test_ways_between_pairs_are_as_long(self, sample, theirs):
        rng = np.random.default_rng(5)
        everyone = sample.on_street
        some = rng.choice(everyone, 40, replace=False)
        pairs = sample.pairs(some, EVER_S)
        ours = np.full((len(everyone), 40), np.inf)
        origin = np.repeat(np.arange(len(everyone)), np.diff(pairs.first_pair))
        ours[origin, pairs.provision] = pairs.time_ds / 10
        home, place = np.nonzero(ours < np.inf)
        wanted = theirs.shortest_path_lengths(
            sample.node_ids[everyone[home]], sample.node_ids[some[place]]
        )
        assert np.array_equal(ours[home, place], wanted)
