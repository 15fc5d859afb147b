"""Nodes that part a network come last in the order, and no node is forgotten."""

import networkx
import numpy as np
import pytest

from geoengine.network import dissection


@pytest.mark.parametrize("seed", range(5))
def test_an_order_names_every_node_once(seed):
    rng = np.random.default_rng(seed)
    x_m, y_m = rng.integers(0, 4, (2, 80)).astype(float)  # many on the same spot
    tail, head = rng.integers(0, 80, (2, 100))
    order = dissection.order(x_m, y_m, tail, head)
    assert sorted(order.tolist()) == list(range(80))


def test_a_network_without_streets_has_an_order_too():
    nothing = np.zeros(0, np.int64)
    assert sorted(dissection.order(np.zeros(3), np.zeros(3), nothing, nothing)) == [0, 1, 2]


@pytest.mark.parametrize("bridges", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_two_towns_are_parted_at_their_bridges(seed, bridges):
    """Either town hangs together by many streets, and the two by a few bridges."""
    rng = np.random.default_rng(seed)
    town = 40
    x_m = np.concatenate((rng.uniform(0, 100, town), rng.uniform(500, 600, town)))
    y_m = rng.uniform(0, 100, 2 * town)
    pairs = [(a, b) for side in (0, town) for a in range(side, side + town) for b in range(side, a)]
    streets = [pair for pair in pairs if rng.random() < 0.3]
    west = rng.choice(town, bridges, replace=False)
    east = town + rng.choice(town, bridges, replace=False)
    tail, head = np.array(streets + list(zip(west, east, strict=True))).T
    last = dissection.order(x_m, y_m, tail, head)[-bridges:]
    graph = networkx.Graph(zip(tail.tolist(), head.tolist(), strict=True))
    graph.remove_nodes_from(last.tolist())
    assert max(map(len, networkx.connected_components(graph))) <= town
