"""Whatever is found is the best of all plans, and is proven to be."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize
from siting import brute_force

from geoengine import siting
from geoengine.siting import Effort, Problem, costs_of

SEEDS = range(40)


def total_cost(problem, open_site):
    cost, people = brute_force.nearest(problem, open_site), problem.demand
    return float((cost[people > 0] * people[people > 0]).sum())


def largest_cost(problem, open_site):
    return float(brute_force.nearest(problem, open_site)[problem.demand > 0].max(initial=0))


def times_covered(problem, open_site, cutoff):
    covered = np.zeros(problem.costs.points, dtype=int)
    told = problem.costs
    for point, site, cost in zip(told.point, told.site, told.cost, strict=True):
        covered[point] += open_site[site] and cost <= cutoff
    return covered


def people_covered(cutoff, times=1):
    return lambda problem, open_site: float(
        problem.demand[times_covered(problem, open_site, cutoff) >= times].sum()
    )


def people_weighed(problem, open_site):
    cost = brute_force.nearest(problem, open_site)
    return float((np.clip(1 - cost / 8, 0, 1) * problem.demand).sum())


def price_if_all(cutoff, times=1):
    def price(problem, open_site):
        short = times_covered(problem, open_site, cutoff) < times
        if (short & (problem.demand > 0)).any():
            return np.inf
        each = problem.opening_cost
        return float(open_site.sum() if each is None else each[open_site].sum())

    return price


def flows(problem, open_site, cutoff, *, everyone):
    """Return the best flow to open sites by a linear programme of scipy's own."""
    told, people = problem.costs, problem.demand
    pairs = [
        p
        for p in range(len(told.cost))
        if open_site[told.site[p]] and told.cost[p] <= cutoff and people[told.point[p]] > 0
    ]
    peopled = np.flatnonzero(people > 0)
    if not pairs:
        return (np.inf if len(peopled) else 0.0) if everyone else 0.0
    leaves = (told.point[pairs][None, :] == peopled[:, None]).astype(float)
    arrives = (told.site[pairs][None, :] == np.arange(told.sites)[:, None]).astype(float)
    least = told.cost[pairs] if everyone else -np.ones(len(pairs))
    upper = {"A_ub": arrives, "b_ub": problem.capacity}
    if everyone:
        upper |= {"A_eq": leaves, "b_eq": people[peopled]}
    else:
        upper = {
            "A_ub": np.vstack([arrives, leaves]),
            "b_ub": np.concatenate([problem.capacity, people[peopled]]),
        }
    found = linprog(least, **upper)
    if found.status == 2:
        return np.inf
    return found.fun if everyone else -found.fun


MODELS = {
    "p-median": (siting.PMedian(), total_cost),
    "p-centre": (siting.PCentre(), largest_cost),
    "leximin": (siting.Leximin(), largest_cost),
    "max cover": (siting.MaxCover(4.0), people_covered(4.0)),
    "decaying cover": (
        siting.MaxCover(decay=lambda cost: np.clip(1 - cost / 8, 0, 1)),
        people_weighed,
    ),
    "backup cover": (siting.MaxCover(5.0, times=2), people_covered(5.0, 2)),
    "set cover": (siting.SetCover(5.0), price_if_all(5.0)),
    "set cover twice": (siting.SetCover(6.0, times=2), price_if_all(6.0, 2)),
}
CAPACITATED = {
    "p-median": (siting.PMedian(), lambda p, o: flows(p, o, np.inf, everyone=True)),
    "max cover": (siting.MaxCover(5.0), lambda p, o: flows(p, o, 5.0, everyone=False)),
    "set cover": (
        siting.SetCover(7.0),
        lambda p, o: (
            np.inf
            if np.isinf(flows(p, o, 7.0, everyone=True))
            else float((np.ones(len(o)) if p.opening_cost is None else p.opening_cost)[o].sum())
        ),
    ),
}


def assert_best(model, problem, value):
    best = brute_force.best(model, problem, value)
    plan = model.solve(problem)
    if best == np.inf:
        assert not plan.feasible
        assert plan.reason
        assert len(plan.hindering) > 0
        return
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert value(problem, plan.open_site) == pytest.approx(best, abs=1e-6)
    assert model.value(problem, plan.open_site) == pytest.approx(best, abs=1e-6)
    assert plan.lower - 1e-6 <= best <= plan.upper + 1e-6
    assert plan.gap < 1e-6
    assert plan.stopped == "finished"
    assert (plan.open_site & ~problem.allowed).sum() == 0
    assert (problem.fixed & ~plan.open_site).sum() == 0


@pytest.mark.parametrize("name", MODELS)
def test_the_plan_is_the_best_of_all(name):
    model, value = MODELS[name]
    for seed in SEEDS:
        assert_best(model, brute_force.invented(seed), value)


@pytest.mark.parametrize("name", CAPACITATED)
def test_with_capacities_too(name):
    model, value = CAPACITATED[name]
    for seed in SEEDS:
        assert_best(model, brute_force.invented(seed, capacity=True), value)


def test_nobody_is_sent_beyond_a_capacity_and_everyone_goes_somewhere():
    for seed in SEEDS:
        problem = brute_force.invented(seed, capacity=True)
        plan = siting.PMedian().solve(problem)
        if plan.feasible:
            told = plan.assignment
            arriving = np.bincount(told.site, told.people, minlength=problem.costs.sites)
            assert (arriving <= problem.capacity + 1e-6).all()
            leaving = np.bincount(told.point, told.people, minlength=problem.costs.points)
            assert leaving == pytest.approx(problem.demand, abs=1e-5)


def test_leximin_puts_the_costs_of_all_people_first_in_order():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        points, sites = rng.integers(1, 10), rng.integers(1, 7)
        costs = rng.integers(0, 7, (points, sites)).astype(float)
        people = rng.integers(0, 4, points)
        k = int(rng.integers(1, sites + 1))
        problem = Problem(costs_of(costs), people.astype(float), k=k)

        def in_order(open_site, problem=problem, people=people):
            return sorted(np.repeat(brute_force.nearest(problem, open_site), people))[::-1]

        plan = siting.Leximin().solve(problem)
        assert plan.stopped == "finished"
        candidates = [o for o in brute_force.plans(problem) if o.any()]
        assert in_order(plan.open_site) == min(in_order(o) for o in candidates)


def test_even_access_is_the_least_spread_that_slsqp_finds_for_any_sites():
    compared = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        points, sites = rng.integers(2, 9), rng.integers(2, 7)
        costs = rng.uniform(0, 10, (points, sites))
        costs[rng.random((points, sites)) < 0.3] = np.inf
        people = rng.integers(1, 5, points).astype(float)
        problem = Problem(
            costs_of(costs), people, k=int(rng.integers(1, sites + 1)),
            capacity=rng.integers(1, 9, sites).astype(float),
        )  # fmt: skip
        places = float(rng.integers(1, 12))
        plan = siting.EvenAccess(places=places, cutoff=8.0).solve(problem)
        near = (costs <= 8.0).astype(float)
        rivals = people @ near
        share = np.divide(near, rivals, out=np.zeros_like(near), where=rivals > 0)
        room = np.where(rivals > 0, problem.capacity, 0.0)
        best = min(
            (spread(share, people, np.where(o, room, 0.0), places)
             for o in brute_force.plans(problem)), default=np.inf,
        )  # fmt: skip
        if np.isinf(best):
            assert not plan.feasible
            assert "places" in plan.reason
            continue
        compared += 1
        assert plan.objective == pytest.approx(best, rel=1e-4, abs=1e-6)
        assert plan.lower <= best + 1e-6
    assert compared > 15


def spread(share, people, room, places):
    if room.sum() < places:
        return np.inf
    mean = places / people.sum()
    found = minimize(
        lambda s: (people * (share @ s - mean) ** 2).sum(),
        room * places / room.sum(),
        jac=lambda s: 2 * share.T @ (people * (share @ s - mean)),
        bounds=[(0, most) for most in room],
        constraints=[{"type": "eq", "fun": lambda s: s.sum() - places}],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    return found.fun


def large(seed, points=400, sites=120, k=12):
    rng = np.random.default_rng(seed)
    homes, places = rng.uniform(0, 1e4, (points, 2)), rng.uniform(0, 1e4, (sites, 2))
    costs = np.hypot(*(homes[:, None] - places[None]).transpose(2, 0, 1))
    return Problem(costs_of(costs), rng.integers(1, 100, points).astype(float), k=k)


def test_the_same_problem_gives_the_same_plan():
    one, two = (siting.PMedian().solve(large(3)) for _ in range(2))
    assert one.sites.tolist() == two.sites.tolist()
    assert (one.objective, one.lower) == (two.objective, two.lower)
    assert one.gap == 0


def test_demand_points_may_come_in_any_order():
    problem = large(4)
    order = np.random.default_rng(4).permutation(problem.costs.points)
    rows = [slice(*problem.costs.first[i : i + 2]) for i in order]
    matrix = np.empty((problem.costs.points, problem.costs.sites))
    for at, row in enumerate(rows):
        matrix[at, problem.costs.site[row]] = problem.costs.cost[row]
    turned = Problem(costs_of(matrix), problem.demand[order], k=problem.k)
    one, two = siting.PMedian().solve(problem), siting.PMedian().solve(turned)
    assert one.objective == pytest.approx(two.objective, rel=1e-12)


def test_a_search_called_off_leaves_a_plan_and_a_bound_that_holds():
    problem = large(5)
    best = siting.PMedian().solve(problem).objective
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > 2

    plan = siting.PMedian().solve(problem, Effort(cancelled=cancelled))
    assert plan.stopped == "cancelled"
    assert plan.feasible
    assert len(plan.sites) == 12
    assert plan.lower <= best <= plan.objective
    assert plan.gap > 0


@pytest.mark.parametrize("model", [siting.PMedian(), siting.PCentre(), siting.MaxCover(1500.0),
                                   siting.SetCover(3000.0), siting.Leximin()])  # fmt: skip
def test_a_search_out_of_time_at_once_still_answers(model):
    problem = large(6)
    plan = model.solve(problem, Effort(time_limit_s=1e-9))
    assert plan.stopped == "time limit"
    if plan.feasible:
        assert plan.lower <= plan.upper


def test_a_search_may_end_when_the_plan_is_good_enough():
    plan = siting.PMedian().solve(large(7), Effort(gap=0.05))
    exact = siting.PMedian().solve(large(7))
    assert plan.gap <= 0.05
    assert plan.lower <= exact.objective <= plan.objective
    assert plan.objective <= exact.objective * 1.05
