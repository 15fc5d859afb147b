"""Places in reach are shared among those who can reach them, and none is made or lost."""

import numpy as np
import pytest

from geoengine.accessibility import two_step_floating_catchment
from geoengine.travel_times import TravelTimes

NEVER = np.inf


def times(minutes: list[list[float]], *, cutoff_min: float = 15) -> TravelTimes:
    """Pairs within the cut-off from a table of minutes: a row an origin, a column a provision."""
    table = np.array(minutes, dtype=float).reshape(len(minutes), -1)
    within = table <= cutoff_min
    first = np.concatenate(([0], np.cumsum(within.sum(axis=1)))).astype(np.int64)
    provision = np.nonzero(within)[1].astype(np.uint16)
    time_ds = np.rint(table[within] * 600).astype(np.uint16)
    return TravelTimes(first, provision, time_ds, table.shape[1], cutoff_min * 60)


def shared(minutes: list[list[float]], supply: list[float], demand: list[float]) -> list[float]:
    found = two_step_floating_catchment(
        times(minutes), np.array(supply, dtype=float), np.array(demand, dtype=float)
    )
    return found.tolist()


def test_one_nursery_is_shared_among_all_who_reach_it():
    assert shared([[5], [10]], [30], [20, 40]) == [0.5, 0.5]


def test_who_reaches_two_nurseries_has_a_share_in_both():
    # 30 places for 10 + 20 children, and 40 places for the 20 alone: 1 and 1 + 2.
    assert shared([[5, NEVER], [5, 5]], [30, 40], [10, 20]) == [1, 3]


def test_the_cutoff_itself_is_in_reach():
    assert shared([[15], [15.01]], [30], [10, 10]) == [3, 0]


def test_nothing_in_reach_is_zero_places():
    assert shared([[5], [NEVER]], [30], [10, 10]) == [3, 0]


def test_unknown_places_are_unknown_only_where_nothing_else_is_in_reach():
    found = shared([[5, NEVER], [5, 5], [NEVER, NEVER]], [np.nan, 40], [10, 20, 30])
    assert np.isnan(found[0])
    assert found[1:] == [2, 0]


def test_a_nursery_without_a_place_is_known_and_adds_none():
    assert shared([[5]], [0], [10]) == [0]


def test_a_nursery_in_reach_of_nobody_living_is_shared_with_nobody():
    assert shared([[5], [NEVER]], [30], [0, 10]) == [0, 0]


def test_without_any_provision_everybody_has_zero_places():
    assert shared([[], []], [], [10, 20]) == [0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_no_place_is_created_or_lost(seed: int):
    rng = np.random.default_rng(seed)
    minutes = rng.uniform(1, 60, (40, 7))
    supply = rng.integers(0, 60, 7).astype(float)
    demand = rng.integers(1, 90, 40).astype(float)
    access = two_step_floating_catchment(times(minutes.tolist()), supply, demand)
    in_reach = (minutes <= 15).any(axis=0)
    assert access @ demand == pytest.approx(supply[in_reach].sum())


@pytest.mark.parametrize("seed", range(20))
def test_it_equals_the_two_steps_taken_one_by_one(seed: int):
    rng = np.random.default_rng(seed)
    minutes = np.where(rng.random((30, 9)) < 0.3, NEVER, rng.uniform(1, 40, (30, 9)))
    supply = np.where(rng.random(9) < 0.3, np.nan, rng.integers(0, 60, 9).astype(float))
    demand = rng.integers(0, 5, 30).astype(float)
    expected = []
    for home in range(30):
        shares = []
        for nursery in range(9):
            if minutes[home, nursery] <= 15:
                rivals = sum(demand[i] for i in range(30) if minutes[i, nursery] <= 15)
                shares.append(supply[nursery] / rivals if rivals else supply[nursery] * 0)
        known = [share for share in shares if not np.isnan(share)]
        expected.append(np.nan if shares and not known else sum(known))
    found = two_step_floating_catchment(times(minutes.tolist()), supply, demand)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_shapes_that_disagree_are_refused():
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        shared([[5], [10]], [30, 20], [20, 40])
    assert str(raised.value) == (
        "there are 2 supplies and 2 demands, but 1 provisions and 2 origins"
    )
