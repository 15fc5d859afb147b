"""A set cover made smaller has the same least cost."""

from itertools import combinations

import numpy as np
import pytest

from geoengine.siting import Effort, PCentre, Problem, SetCover, costs_of
from geoengine.siting.p_centre import _Radii
from geoengine.siting.reduction import reduced


def least(covers, money):
    """Return the least money that covers every row, by trying every set of sites."""
    rows, sites = covers.shape
    best = np.inf
    for count in range(sites + 1):
        for chosen in combinations(range(sites), count):
            if not rows or covers[:, chosen].any(axis=1).all():
                best = min(best, money[list(chosen)].sum())
    return best


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_costs_as_much_and_covers_all(seed):
    rng = np.random.default_rng(seed)
    covers = rng.random((12, 7)) < rng.choice([0.15, 0.3, 0.6])
    covers[np.arange(12), rng.integers(0, 7, 12)] = True
    money = rng.integers(1, 4, 7).astype(float)
    row, site = np.nonzero(covers)
    rows, sites = reduced(row, site, money, 12)
    smaller = covers[rows][:, sites]
    assert least(smaller, money[sites]) == least(covers, money)
    for chosen in combinations(np.flatnonzero(sites), int(sites.sum() // 2)):
        if covers[rows][:, list(chosen)].any(axis=1).all():
            assert covers[:, list(chosen)].any(axis=1).all()


def test_of_rows_and_sites_that_are_alike_the_first_is_kept():
    covers = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    rows, sites = reduced(*np.nonzero(covers), np.ones(3), 3)
    assert rows.tolist() == [True, False, True]
    assert sites.tolist() == [True, False, True]
    rows, sites = reduced(*np.nonzero(covers), np.array([2.0, 1.0, 1.0]), 3)
    assert sites.tolist() == [False, True, True]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_too_large_to_compare_is_left_as_it_is(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    problem = Problem(costs_of(rng.uniform(0, 10, (40, 12))), np.ones(40))
    few = len(SetCover(4.0).solve(problem).sites)
    monkeypatch.setattr("geoengine.siting.reduction.MOST_PRODUCTS", 0)
    assert len(SetCover(4.0).solve(problem).sites) == few


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("patience", [0, 3, 30])
def test_the_search_for_a_radius_never_rules_out_the_least(seed, patience):
    rng = np.random.default_rng(seed)
    radii = np.sort(rng.choice(1000, 60, replace=False)).astype(float)
    least_of_all = int(rng.integers(0, 60))
    search = _Radii(radii)
    for tried in range(2000):
        if search.below == search.above:
            break
        middle = search.next()
        assert search.below <= middle < search.above
        if tried < patience and rng.random() < 0.7:
            search.undecided(middle)
        elif middle >= least_of_all:
            search.found(radii[rng.integers(least_of_all, middle + 1)])
        else:
            search.ruled_out(middle)
        assert search.below <= least_of_all <= search.above
    assert search.below == search.above == least_of_all


def test_the_p_centre_in_little_time_has_a_bound_below_its_plan():
    rng = np.random.default_rng(1)
    homes, sites = rng.uniform(0, 1, (300, 2)), rng.uniform(0, 1, (60, 2))
    costs = costs_of(np.hypot(*(homes[:, None] - sites[None]).transpose(2, 0, 1)))
    problem = Problem(costs, np.ones(300), k=6)
    whole, looks = PCentre().solve(problem), iter(range(12))
    short = PCentre().solve(problem, Effort(cancelled=lambda: next(looks, None) is None))
    assert whole.gap == 0
    assert short.lower <= whole.objective <= short.objective
