"""A stretch of street is within reach exactly where walking there takes no longer."""

from pathlib import Path

import numpy as np
import pytest

from geoengine import travel_times
from geoengine.network import reach
from geoengine.network.modes import DRIVE, WALK
from geoengine.network.snapping import Positions, grid, snap
from geoengine.network.streets import build, from_edges
from geoengine.sources import streets
from sketch import at, draw


def crooked(seed, places=40):
    """Draw 170 streets of which some lead one way, and places beside them."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 1500, (2, 120))
    tail, head = rng.integers(0, 120, (2, 170))
    fresh = tail != head
    tail, head = tail[fresh], head[fresh]
    seconds = np.hypot(x[tail] - x[head], y[tail] - y[head])
    network = from_edges(x, y, tail, head, seconds, two_way=rng.random(len(tail)) > 0.3)
    return network, snap(network, grid(network), *rng.uniform(0, 1500, (2, places)), limit_m=60)


def brute_force(network, starts, cutoff_s, direction, step_ds):
    """Say of a place every so far inside every chain whether it is within."""
    chain, along = [], []
    for c, whole in enumerate(network.chain_ds.tolist()):
        here = np.arange(1, whole, step_ds)
        chain.append(np.full(len(here), c))
        along.append(here)
    chain, along = np.concatenate(chain).astype(np.int32), np.concatenate(along).astype(np.int32)
    nothing = np.zeros(len(chain), np.int32)
    places = Positions(chain, along, nothing, nothing * 1.0, nothing * 1.0, nothing * 1.0)
    found = travel_times.find_nearest(network, places, starts, direction=direction)
    return chain, along, found.origin_s[:, 0] <= cutoff_s, found.node_ds[:, 0]


def agrees(network, starts, cutoff_s, direction, step_ds=8):
    chain, along, near, node_ds = brute_force(network, starts, cutoff_s, direction, step_ds)
    told = reach.within(network, node_ds, starts, cutoff_s, direction=direction)
    inside = np.zeros(len(chain), dtype=bool)
    order = np.lexsort((along, chain))
    width = int(network.chain_ds.max()) + 2
    key = chain[order].astype(np.int64) * width + along[order]
    begin = told.chain.astype(np.int64) * width + told.from_ds
    end = told.chain.astype(np.int64) * width + told.to_ds
    assert (begin[1:] > end[:-1]).all()
    slot = np.searchsorted(begin, key, side="right") - 1
    inside[order] = (slot >= 0) & (key <= end[np.maximum(slot, 0)]) if len(begin) else False
    return (inside == near).all()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("direction", ["to", "from"])
def test_reach_equals_brute_force_on_drawn_streets(seed, direction):
    network, many = crooked(seed)
    starts = Positions(*(part[many.joined][:4] for part in vars(many).values()))
    for cutoff_s in (60, 300.3, 900):
        assert agrees(network, starts, cutoff_s, direction)


def assert_each_is_as_if_alone(network, starts, cutoffs_s, direction):
    together = reach.each(network, starts, cutoffs_s, direction=direction)
    assert together.cutoffs_s == tuple(cutoffs_s)
    for i in range(len(starts.chain)):
        alone = Positions(*(part[i : i + 1] for part in vars(starts).values()))
        found = travel_times.find_nearest(network, alone, alone, direction=direction)
        for j, cutoff_s in enumerate(cutoffs_s):
            one = reach.within(
                network, found.node_ds[:, 0], alone, cutoff_s, direction=direction
            )  # fmt: skip
            for part, values in vars(together.of(i, j)).items():
                assert values.tolist() == getattr(one, part).tolist()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("direction", ["to", "from"])
def test_each_of_many_reaches_what_it_does_alone(seed, direction):
    network, starts = crooked(seed)
    assert not starts.joined.all()
    assert_each_is_as_if_alone(network, starts, [900, 60, 300.3], direction)


def test_each_of_many_reaches_what_it_does_alone_far_and_wide():
    """A town of 2,500 crossings, and a way out of it that is further than all others together."""
    rng = np.random.default_rng(8)
    row, column = np.divmod(np.arange(2500), 50)
    tail, head = (
        np.concatenate(ends)
        for ends in (
            (np.flatnonzero(column < 49), np.flatnonzero(row < 49), [0]),
            (np.flatnonzero(column < 49) + 1, np.flatnonzero(row < 49) + 50, [2500]),
        )
    )
    seconds = np.append(rng.integers(0, 40, len(tail) - 1), 90_000).astype(float)
    x, y = np.append(column, -1) * 50.0, np.append(row, -1) * 50.0
    network = from_edges(x, y, tail, head, seconds, two_way=rng.random(len(tail)) > 0.2)
    starts = snap(network, grid(network), *rng.uniform(0, 2500, (2, 5)), limit_m=60)
    for direction in ("to", "from"):
        assert_each_is_as_if_alone(network, starts, [300, 2000, 100_000], direction)


@pytest.mark.parametrize("mode", [WALK, DRIVE])
def test_each_of_many_reaches_what_it_does_alone_on_real_streets(mode, real_data: Path):
    extract = streets.read(real_data / "newport" / "newport-2023-06-13.osm.pbf")
    network = build(extract, mode, crs="EPSG:27700")
    rng = np.random.default_rng(5)
    starts = snap(
        network, grid(network), rng.uniform(329_000, 334_000, 40),
        rng.uniform(185_000, 190_000, 40), limit_m=250,
    )  # fmt: skip
    for direction in ("to", "from"):
        assert_each_is_as_if_alone(network, starts, [300, 1800], direction)


def test_any_of_many_reaches_what_some_of_them_does():
    network, starts = crooked(9)
    together = reach.each(network, starts, [240])
    found = travel_times.find_nearest(network, starts, starts)
    any_of_them = reach.within(network, found.node_ds[:, 0], starts, 240)
    covered = np.zeros((len(network.chain_ds), int(network.chain_ds.max()) + 1), dtype=bool)
    for stretch in (together.of(i, 0) for i in range(len(starts.chain))):
        for chain, begin, end in zip(*vars(stretch).values(), strict=True):
            covered[chain, begin : end + 1] = True
    there = np.zeros_like(covered)
    for chain, begin, end in zip(*vars(any_of_them).values(), strict=True):
        there[chain, begin : end + 1] = True
    assert (covered == there).all()


def test_neither_threads_nor_company_change_what_is_reached():
    network, starts = crooked(3, places=150)
    told = []
    one, four = (
        reach.each(
            network, starts, [120, 600], threads=threads,
            progress=lambda done, total: told.append((done, total)),
        )
        for threads in (1, 4)
    )  # fmt: skip
    for part, values in (vars(one) | vars(one.cut)).items():
        if isinstance(values, np.ndarray):
            assert values.tobytes() == (vars(four) | vars(four.cut))[part].tobytes()
    assert told == 2 * [(64, 150), (128, 150), (150, 150)]


def test_streets_in_reach_from_end_to_end_are_one_run_of_numbers():
    network, places = draw(
        """
A----B----C
|    |    |
D----E----F
""",
        metres=100,
    )
    start = at(network, [places["A"], places["F"]])
    found = reach.each(network, start, [3600, 100])
    chains = len(network.chain_ds)
    assert found.run[found.first_run[0, 0] : found.first_run[0, 1]].tolist() == [[0, chains]]
    assert found.first_cut[:, 0].tolist() == found.first_cut[:, 1].tolist()
    assert found.of(0, 0).to_ds.tolist() == network.chain_ds.tolist()
    assert found.first_run[:, 1].tolist() == found.first_run[:, 2].tolist()
    for near in (found.of(0, 1), found.of(1, 1)):
        assert (near.to_ds - near.from_ds).tolist() == [2000]


def test_a_start_reaches_one_way_along_a_one_way_street():
    network, places = draw("A-->-->--B", metres=100)
    middle = at(network, [places["A"]])
    middle.along_ds[:] = 4000
    for direction, ends in (("from", (4000, 5000)), ("to", (3000, 4000))):
        found = reach.each(network, middle, [100], direction=direction).of(0, 0)
        assert (found.from_ds.tolist(), found.to_ds.tolist()) == ([ends[0]], [ends[1]])


@pytest.mark.parametrize("cutoffs_s", [[], [60, 0], [-1], [np.nan], [np.inf]])
def test_times_that_are_none_are_refused(cutoffs_s):
    network, places = draw("A-----B", metres=100)
    start = at(network, [places["A"]])
    with pytest.raises(ValueError, match=r"cut-offs must be positive times, not \["):
        reach.each(network, start, cutoffs_s)


@pytest.mark.parametrize("mode", [WALK, DRIVE])
def test_reach_equals_brute_force_at_one_metre_on_real_streets(mode, real_data: Path):
    extract = streets.read(real_data / "newport" / "newport-2023-06-13.osm.pbf")
    network = build(extract, mode, crs="EPSG:27700")
    starts = snap(
        network, grid(network), np.array([331_000.0, 333_000.0]), np.array([188_000.0, 188_500.0]),
        limit_m=500,
    )  # fmt: skip
    for direction in ("to", "from"):
        assert agrees(network, starts, 600, direction, step_ds=7)


def test_both_ends_of_a_street_may_be_reached_and_its_middle_not():
    network, places = draw(
        """
A----B
|    |
|    |
|    |
C----D
""",
        metres=100,
    )
    start = at(network, [places["A"]])
    found = travel_times.find_nearest(network, start, start)
    near = reach.within(network, found.node_ds[:, 0], start, 600)
    assert reach.length_m(network, near) == pytest.approx(1200)
    all_of_it = reach.within(network, found.node_ds[:, 0], start, 900)
    assert reach.length_m(network, all_of_it) == pytest.approx(1800)
    assert len(all_of_it.chain) == 1


def test_the_limit_is_inclusive_and_nothing_lies_within_no_start():
    network, places = draw("A-----B", metres=100)
    start = at(network, [places["A"]])
    found = travel_times.find_nearest(network, start, start)
    assert reach.within(network, found.node_ds[:, 0], start, 600).to_ds.tolist() == [6000]
    nowhere = Positions(*(part[:0] for part in vars(start).values()))
    lost = travel_times.find_nearest(network, start, nowhere)
    assert len(reach.within(network, lost.node_ds[:, 0], nowhere, 600).chain) == 0
