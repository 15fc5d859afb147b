"""The fairness frontier holds every plan that none betters, and no other."""

import numpy as np
import pytest
from siting import brute_force

from geoengine.frontier import frontier
from geoengine.siting import Effort, Problem, costs_of


def every_choice(problem, deprived, cutoff, price):
    """Return people, deprived and cost of every plan, by looking at all of them."""
    for open_site in brute_force.plans(problem):
        within = brute_force.nearest(problem, open_site) <= cutoff
        cost = open_site.sum() if price is None else price[open_site].sum()
        yield float(problem.demand[within].sum()), float(deprived[within].sum()), float(cost)


def undominated(choices):
    def better(a, b):
        return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a != b

    choices = set(choices)
    return sorted(c for c in choices if not any(better(other, c) for other in choices))


@pytest.mark.parametrize("seed", range(15))
def test_the_frontier_is_that_of_all_plans(seed):
    rng = np.random.default_rng(seed)
    points, sites = rng.integers(2, 10), rng.integers(2, 7)
    people = rng.integers(0, 30, points).astype(float)
    deprived = np.floor(people * rng.random(points))
    price = rng.integers(1, 5, sites).astype(float) if seed % 2 else None
    state = rng.choice(["optional", "existing-kept", "forbidden"], sites, p=[0.7, 0.2, 0.1])
    costs = costs_of(rng.uniform(0, 10, (points, sites)))
    problem = Problem(costs, people, state=list(state), opening_cost=price)
    levels = None if price is None else list(np.arange(price.sum() + 1))
    found = frontier(problem, deprived, cutoff=4.0, levels=levels)
    told = sorted((each.people, each.deprived, each.cost) for each in found.choices)
    assert told == undominated(every_choice(problem, deprived, 4.0, price))
    assert found.complete
    assert {each.gap for each in found.choices} == {0.0}


@pytest.mark.parametrize("seed", range(10))
def test_more_sites_and_parts_of_people_change_nothing(seed):
    problem, deprived = strewn(seed, sites=12)
    found = frontier(problem, deprived, cutoff=3.0)
    told = sorted((each.people, each.deprived, each.cost) for each in found.choices)
    wanted = undominated(
        (round(people, 9), round(poor, 9), cost)
        for people, poor, cost in every_choice(problem, deprived, 3.0, None)
    )
    assert found.complete
    assert np.array(told) == pytest.approx(np.array(wanted))


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("looks", [0, 4, 8, 12])
def test_a_search_cut_short_tells_how_much_better_a_plan_as_fair_could_be(seed, looks, monkeypatch):
    monkeypatch.setattr("geoengine.frontier.BRANCHES", 2)
    problem, deprived = strewn(seed, sites=10)
    left = iter(range(looks))
    effort = Effort(cancelled=lambda: next(left, None) is None)
    found = frontier(problem, deprived, cutoff=3.0, levels=[4], effort=effort)
    possible = list(every_choice(problem, deprived, 3.0, None))
    for each in found.choices:
        best = max(p for p, poor, _ in possible if poor >= each.deprived - 1e-9)
        assert best <= each.people * (1 + each.gap) + 1e-9


def strewn(seed, *, sites):
    """Return a problem of four sites at most, and how many of its people are deprived."""
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 40, 60) / 7
    deprived = np.where(rng.random(60) < 0.3, people, 0.0)
    return Problem(costs_of(rng.uniform(0, 10, (60, sites))), people, k=4), deprived


def test_a_level_alone_shows_no_needless_site():
    # Sites 0 and 1 reach all that three sites could.
    costs = costs_of(np.array([[0.0, 9, 9], [9, 0, 9], [0, 9, 0]]))
    problem = Problem(costs, np.array([5.0, 7.0, 1.0]), k=3)
    [choice] = frontier(problem, np.array([1.0, 1.0, 0.0]), cutoff=1.0, levels=[3]).choices
    assert choice.sites.tolist() == [0, 1]
    assert choice.cost == 2


def test_a_budget_of_nothing_opens_nothing():
    problem = Problem(
        costs_of(np.zeros((2, 2))), np.ones(2), opening_cost=np.array([1.0, 2.0]), budget=0.0
    )
    [choice] = frontier(problem, np.ones(2), cutoff=1.0, levels=[0, 2]).choices
    assert choice.sites.tolist() == []


def test_each_plan_names_who_gains_and_who_loses():
    apart = np.where(np.eye(3), 0.0, np.inf)
    problem = Problem(
        costs_of(apart), np.array([10.0, 20.0, 5.0]), k=1,
        state=["existing-closable", "optional", "optional"], demand_ids=["a", "b", "c"],
        site_ids=["A", "B", "C"],
    )  # fmt: skip
    told = frontier(problem, np.array([0.0, 0, 5]), cutoff=1.0).to_frame()
    told = told[told["cost"] == 1].reset_index(drop=True)
    assert told["sites"].tolist() == [["B"], ["C"]]
    assert told["gaining"].tolist() == [["b"], ["c"]]
    assert told["losing"].tolist() == [["a"], ["a"]]
    assert told["people_gaining"].tolist() == [20, 5]
    assert told["people_losing"].tolist() == [10, 10]


def test_a_frontier_called_off_says_that_it_is_not_whole():
    problem = Problem(costs_of(np.zeros((2, 2))), np.ones(2))
    found = frontier(problem, np.ones(2), cutoff=1.0, effort=Effort(cancelled=lambda: True))
    assert not found.complete


def test_costs_need_levels():
    problem = Problem(costs_of(np.zeros((2, 2))), np.ones(2), opening_cost=np.ones(2))
    with pytest.raises(ValueError, match="with opening costs, say which levels of cost to compare"):
        frontier(problem, np.ones(2), cutoff=1.0)
    with pytest.raises(ValueError, match="3 numbers of deprived people were given for 2 demand"):
        frontier(problem, np.ones(3), cutoff=1.0, levels=[1])
