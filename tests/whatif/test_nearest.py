"""Nearest provisions stay those of a new search, whatever opens, closes and moves."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine import travel_times
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork, from_edges
from geoengine.whatif.nearest import LiveNearest
from sketch import at, draw

STEPS = 12


def tangle(rng: np.random.Generator) -> StreetNetwork:
    """Return streets as no town has them: loops, steps that cost nothing, parts without a way."""
    points, edges = 40, int(rng.integers(20, 90))
    tail, head = rng.integers(0, points, (2, edges))
    apart = tail != head
    return from_edges(
        rng.uniform(0, 1000, points), rng.uniform(0, 1000, points), tail[apart], head[apart],
        rng.integers(0, 30, apart.sum()).astype(float), two_way=rng.random(apart.sum()) < 0.6,
    )  # fmt: skip


def scattered(network: StreetNetwork, rng: np.random.Generator, count: int) -> Positions:
    """Return places anywhere along the streets; a tenth of them has none."""
    off = rng.random(count) < 0.1
    chain = rng.integers(0, len(network.chain_tail), count).astype(np.int32)
    along = (rng.random(count) * (network.chain_ds[chain] + 1)).astype(np.int32)
    leg = rng.integers(0, 200, count).astype(np.int32)
    chain[off], along[off], leg[off] = -1, 0, 0
    return Positions(chain, along, leg, *np.zeros((3, count)))


def only(spots: Positions, rows) -> Positions:
    return Positions(**{name: values[rows] for name, values in vars(spots).items()})


def both(spots: Positions, more: Positions) -> Positions:
    return Positions(
        **{name: np.concatenate((v, getattr(more, name))) for name, v in vars(spots).items()}
    )


@pytest.mark.parametrize("direction", ["to", "from"])
@pytest.mark.parametrize("seed", range(60))
def test_any_sequence_of_edits_gives_what_a_new_search_gives(seed, direction):
    rng = np.random.default_rng(seed)
    network = tangle(rng)
    places, spots = scattered(network, rng, 60), scattered(network, rng, 8)
    found = travel_times.find_nearest(network, places, spots, k=2, direction=direction)
    live = LiveNearest.of(network, found, places, spots, direction=direction)
    there = np.ones(8, dtype=bool)
    for _ in range(STEPS):
        was = live.copy()
        kind = rng.choice(["close", "move", "open"]) if there.any() else "open"
        if kind == "close":
            some = min(int(rng.integers(1, 4)), there.sum())
            gone = rng.choice(np.flatnonzero(there), some, replace=False)
            felt = live.close(gone)
            there[gone] = False
        elif kind == "move":
            one = rng.choice(np.flatnonzero(there), 1)
            spot = scattered(network, rng, 1)
            felt = np.union1d(live.close(one), live.open(spot, one))
            for name, values in vars(spot).items():
                getattr(spots, name)[one] = values
        else:
            new = scattered(network, rng, int(rng.integers(1, 3)))
            felt = live.open(new)
            spots, there = both(spots, new), np.append(there, np.ones(len(new.chain), dtype=bool))
        assert_as_searched(live, network, places, only(spots, there), there, direction)
        other = (was.place_ds != live.place_ds) | (was.place_label != live.place_label)
        assert set(np.flatnonzero(other)) <= set(felt.tolist())


def assert_as_searched(live, network, places, spots, there, direction):
    found = travel_times.find_nearest(network, places, spots, direction=direction)
    label = np.append(np.flatnonzero(there), -1)
    assert np.array_equal(live.node_ds, found.node_ds[:, 0])
    assert np.array_equal(live.node_label, label[found.node_provision[:, 0]])
    assert np.array_equal(live.place_label, label[found.origin_provision[:, 0]])
    reached = live.place_label >= 0
    assert np.array_equal(live.place_ds[reached] / 10, found.origin_s[reached, 0])


def test_only_those_who_were_nearest_to_what_closes_are_touched():
    network, place = draw("A--B--C--D--E")
    corners = at(network, list(place.values()))
    ends = at(network, [place["A"], place["E"]])
    found = travel_times.find_nearest(network, corners, ends)
    live = LiveNearest.of(network, found, corners, ends, direction="to")
    # A and B are nearest to A, D and E to E; C is as near to both and goes to the first.
    assert live.place_label.tolist() == [0, 0, 0, 1, 1]
    assert live.close([1]).tolist() == [3, 4]
    assert (live.place_ds / 10).tolist() == [0, 300, 600, 900, 1200]
    assert live.open(at(network, [place["D"]])).tolist() == [2, 3, 4]
    assert (live.place_ds / 10).tolist() == [0, 300, 300, 0, 300]


def test_a_town_keeps_its_times_through_edits_at_its_corners():
    base, _ = worlds.town(7, settings=3)
    live = base.live.copy()
    kept = base.live.copy()
    felt = live.close([1, 2])
    assert len(felt) > 0
    for name in ("node_ds", "node_label", "place_ds", "place_label", "first_on", "next_on"):
        assert np.array_equal(getattr(base.live, name), getattr(kept, name)), name
