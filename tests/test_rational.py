"""People settle between nearness and crowding until nobody gains by moving."""

import numpy as np
import pytest

from geoengine.accessibility import rational_agent_access, stepwise_agent_access
from tests.minutes import amounts, pairs_from

NEVER = np.inf


@pytest.mark.parametrize("homes", [30, 75])
def test_nobody_gains_by_moving(homes):
    rng = np.random.default_rng(7)
    minutes = rng.uniform(1, 60, (homes, 6))
    supply = rng.integers(1, 20, 6).astype(float)
    demand = rng.integers(1, 9, homes).astype(float)
    found = rational_agent_access(pairs_from(minutes), supply, demand, tau_s=1800, tolerance=1e-6)
    crowding, used = settled(minutes / 30, supply * demand.sum() / supply.sum(), demand)
    np.testing.assert_allclose(found, (minutes / 30 + crowding).min(axis=1), atol=1e-3)
    assert used == pytest.approx(demand.sum())


def test_a_lone_surgery_costs_its_way_and_its_crowd():
    # 60 people share 1 surgery: crowding is the region's mean, 1; the ways are 0.5 and 1.
    found = rational_agent_access(pairs_from([[30], [60]]), amounts(4), amounts(20, 40), tau_s=3600)
    assert found.tolist() == [1.5, 2]


def test_out_of_reach_is_never_and_an_empty_home_pays_what_its_first_would():
    found = rational_agent_access(
        pairs_from([[30], [60], [NEVER]]), amounts(4), amounts(20, 0, 10), tau_s=3600
    )
    # 30 people in the region, 20 of them at the surgery: crowding 2/3.
    np.testing.assert_allclose(found, [0.5 + 2 / 3, 1 + 2 / 3, NEVER])


def test_surgeries_of_no_or_unknown_places_serve_nobody():
    found = rational_agent_access(
        pairs_from([[1, 1, 30], [1, NEVER, NEVER]]),
        amounts(0, np.nan, 10),
        amounts(5, 5),
        tau_s=1800,
    )
    assert found.tolist() == [1.5, NEVER]


def test_the_order_of_origins_does_not_matter():
    rng = np.random.default_rng(11)
    minutes = rng.uniform(1, 60, (25, 70))
    supply, demand = rng.integers(1, 9, 70).astype(float), rng.integers(1, 40, 25).astype(float)
    mixed = rng.permutation(25)
    found = [
        rational_agent_access(
            pairs_from(minutes[order]), supply, demand[order], tau_s=1800, tolerance=1e-5
        )
        for order in (np.arange(25), mixed)
    ]
    np.testing.assert_allclose(found[1], found[0][mixed], atol=1e-3)


def test_who_has_not_settled_in_time_is_told():
    pairs = pairs_from([[1, 2, 3], [3, 2, 1], [2, 1, 3]])
    with pytest.raises(ValueError, match="after 1 rounds somebody still gains"):
        rational_agent_access(
            pairs, amounts(1, 5, 2), amounts(9, 9, 9), tau_s=600, tolerance=1e-9, rounds=1
        )


def test_in_steps_people_move_only_whole():
    # A fifth of four people is no whole person: they stay with the nearest.
    args = pairs_from([[1, 2]]), amounts(1, 9), amounts(4)
    stay = stepwise_agent_access(*args, tau_s=3600)
    assert stay.round(6).tolist() == [round(1 / 60 + 10, 6)]
    assert rational_agent_access(*args, tau_s=3600)[0] < 1.1


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("homes", "doctors", "no_way"), [(12, 5, 0.0), (100, 40, 0.0), (100, 40, 0.6), (70, 90, 0.95)]
)
def test_in_steps_the_cost_is_that_of_pysal_access(homes, doctors, no_way):
    pytest.importorskip("access", reason="pysal/access is not installed")
    import pandas as pd
    from access import raam

    rng = np.random.default_rng(5)
    minutes = rng.uniform(1, 40, (homes, doctors))
    minutes[rng.random(minutes.shape) < no_way] = NEVER
    minutes[np.arange(homes), rng.integers(0, doctors, homes)] = 20.0
    supply = rng.integers(0, 30, doctors).astype(float)
    demand = rng.integers(1, 900, homes).astype(float)
    minutes[:, supply.argmax()] = 40.0
    home, doctor = np.nonzero(minutes < NEVER)
    wanted = raam.raam(
        pd.DataFrame({"demand": demand}),
        pd.DataFrame({"supply": supply}),
        pd.DataFrame({"origin": home, "dest": doctor, "cost": minutes[home, doctor]}),
        tau=30,
    )
    found = stepwise_agent_access(pairs_from(minutes), supply, demand, tau_s=1800)
    np.testing.assert_allclose(found, wanted.sort_index(), rtol=1e-12)


def settled(travel, places, demand):
    """Settle people by many tiny moves to whatever is cheapest at the moment."""
    load = np.zeros(len(places))
    where = np.zeros(travel.shape)
    for home, people in enumerate(demand):
        where[home, 0] = people
        load[0] += people
    for turn in range(4000):
        share = max(0.5 * 0.99**turn, 1e-4)
        for home in range(len(demand)):
            cheapest = int(np.argmin(travel[home] + load / places))
            moving = where[home] * share
            moving[cheapest] = 0
            where[home] -= moving
            where[home, cheapest] += moving.sum()
            load -= moving
            load[cheapest] += moving.sum()
    return load / places, where.sum()
