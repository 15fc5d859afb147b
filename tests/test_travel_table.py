"""The whole table agrees with the times within a cut-off, and needs no cut-off."""

from dataclasses import replace

import numpy as np
import pytest

from geoengine import travel_table, travel_times
from geoengine.network import hierarchy
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import from_edges
from sketch import at, draw

FOREVER_S = 1_000_000


def metric_of(network, cost_ds=None):
    built = hierarchy.build(network)
    return hierarchy.customise(built, hierarchy.costs(network) if cost_ds is None else cost_ds)


def drawn(seed, *, times=1):
    """Return a random network and places on it: at ends of streets, between, or on none."""
    rng = np.random.default_rng(seed)
    x_m, y_m = rng.uniform(0, 1500, (2, 150))
    tail, head = rng.integers(0, 150, (2, 190))
    seconds = rng.integers(0, 300, 190) * times
    network = from_edges(x_m, y_m, tail, head, seconds, two_way=rng.random(190) >= 0.3)
    return network, placed(network, 200, rng), placed(network, 40, rng)


def placed(network, count, rng):
    chain = rng.integers(0, len(network.chain_tail), count).astype(np.int32)
    along = np.rint(network.chain_ds[chain] * rng.choice([0, 0.3, 0.5, 1], count))
    chain[rng.random(count) < 0.1] = -1
    leg = rng.integers(0, 900, count)
    nowhere = np.full(count, np.nan)
    return Positions(
        chain, along.astype(np.int32), leg.astype(np.int32), nowhere, nowhere, nowhere
    )  # fmt: skip


def as_matrix(pairs, origins, provisions):
    """Return the seconds of pairs within a cut-off: inf for all others, NaN for no network."""
    seconds = np.full((len(origins.chain), len(provisions.chain)), np.inf)
    seconds[np.repeat(np.arange(len(seconds)), np.diff(pairs.first_pair)), pairs.provision] = (
        pairs.time_ds / 10
    )
    seconds[~origins.joined] = np.nan
    seconds[:, ~provisions.joined] = np.nan
    return seconds


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("direction", ["to", "from"])
def test_the_table_is_that_of_the_bounded_search_without_its_bound(seed, direction):
    network, origins, provisions = drawn(seed)
    pairs = travel_times.within(
        network, origins, provisions, cutoff_s=FOREVER_S, direction=direction
    )
    found = travel_table.between(
        network, metric_of(network), origins, provisions, direction=direction
    )
    expected = as_matrix(pairs, origins, provisions)
    assert np.isnan(expected).any()
    assert np.isinf(expected).any()
    np.testing.assert_array_equal(found.seconds(), expected)
    np.testing.assert_array_equal(found.seconds(slice(5, 9)), expected[5:9])


def test_of_each_row_the_least_is_the_nearest():
    network, origins, provisions = drawn(1)
    nearest = travel_times.find_nearest(network, origins, provisions)
    table = travel_table.between(network, metric_of(network), origins, provisions).seconds()
    np.testing.assert_array_equal(
        np.nanmin(table, axis=1, initial=np.inf)[origins.joined],
        nearest.origin_s[origins.joined, 0],
    )


@pytest.mark.parametrize("seed", range(4))
def test_at_half_the_speed_all_takes_twice_as_long_by_the_same_hierarchy(seed):
    network, origins, provisions = drawn(seed)
    slower, *_ = drawn(seed, times=2)
    twice = hierarchy.costs(slower)
    assert (network.chain_tail == slower.chain_tail).all()
    halfway = [replace(places, along_ds=2 * places.along_ds) for places in (origins, provisions)]
    expected = travel_times.within(slower, *halfway, cutoff_s=FOREVER_S)
    found = travel_table.between(network, metric_of(network, twice), origins, provisions)
    np.testing.assert_array_equal(found.seconds(), as_matrix(expected, origins, provisions))


def test_a_closed_street_is_gone_round():
    network, places = draw(
        """
E--A-M--B--F
   |    |
   C----D
"""
    )
    homes = at(network, [places["E"], places["M"]])
    nurseries = at(network, [places["F"], places["M"]])
    open_ds = hierarchy.costs(network)
    shut_ds = open_ds.copy()
    shut_ds[homes.chain[1]] = UNREACHED
    built = hierarchy.build(network)
    before, after = (
        travel_table.between(network, hierarchy.customise(built, cost), homes, nurseries).seconds()
        for cost in (open_ds, shut_ds)
    )
    assert before.tolist() == [[1100, 500], [600, 0]]
    # From A by C and D to B is 400 m further; whoever lives on the closed street is cut off.
    assert after.tolist() == [[1500, np.inf], [np.inf, 0]]


def test_a_one_way_street_alone_has_no_way_back():
    network, places = draw("A-->--B")
    ends = at(network, [places["A"], places["B"]])
    there = travel_table.between(network, metric_of(network), ends, ends).seconds()
    assert there.tolist() == [[0, 600], [np.inf, 0]]
    back = travel_table.between(network, metric_of(network), ends, ends, direction="from")
    assert back.seconds().tolist() == [[0, np.inf], [600, 0]]


def test_a_time_along_one_street_may_need_more_bytes_than_all_others():
    """The only way that takes hours leads from one house to another in a street of one way."""
    street = from_edges(
        np.array([0.0, 1.0]), np.zeros(2), [0], [1], np.array([7200.0]), two_way=np.array([False])
    )
    nowhere = np.full(2, np.nan)
    chain, leg = np.zeros(2, np.int32), np.zeros(2, np.int32)
    start, end = (
        Positions(chain, np.array(along, np.int32), leg, nowhere, nowhere, nowhere)
        for along in ([100, 200], [71_900, 100])
    )
    found = travel_table.between(street, metric_of(street), start, end)
    assert found.time_ds.dtype == np.int32
    assert found.seconds().tolist() == [[7180, 0], [7170, np.inf]]


def test_a_metric_of_another_network_is_refused():
    (one, *_), (other, *places) = drawn(1), drawn(2)
    with pytest.raises(ValueError, match=r"the metric is of \d+ nodes and \d+ chains, but the ne"):
        travel_table.between(other, metric_of(one), *places)
