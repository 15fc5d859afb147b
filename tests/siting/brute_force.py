"""Every plan of a small problem, and the best of them: the oracle of all models."""

import itertools

import numpy as np

from geoengine.siting import Problem, costs_of

STATES = ["optional", "existing-kept", "existing-closable", "required", "forbidden"]


def plans(problem):
    """Yield each set of sites that keeps to the states, the number and the budget."""
    fixed, free = problem.fixed, np.flatnonzero(problem.allowed & ~problem.fixed)
    most = len(free) if problem.k is None else problem.k - fixed.sum()
    for count in range(min(most, len(free)) + 1):
        for chosen in itertools.combinations(free, count):
            open_site = fixed.copy()
            open_site[list(chosen)] = True
            cost = problem.spending[open_site].sum()
            if problem.budget is None or cost <= problem.budget + 1e-9:
                yield open_site


def best(model, problem, value):
    """Return the best value of any plan; inf (or -inf) where there is none."""
    values = [value(problem, open_site) for open_site in plans(problem)]
    return min(values) if model.sense == "least" else max(values)


def nearest(problem, open_site):
    """Return each point's least cost among the open sites, by looking at every pair."""
    cost = np.full(problem.costs.points, np.inf)
    told = problem.costs
    for point, site, each in zip(told.point, told.site, told.cost, strict=True):
        if open_site[site]:
            cost[point] = min(cost[point], each)
    return cost


def invented(seed, *, capacity=False):
    """Return a small problem with ties, holes, states and budgets."""
    rng = np.random.default_rng(seed)
    points, sites = rng.integers(1, 11), rng.integers(1, 8)
    size = (points, sites)
    costs = rng.integers(0, 10, size).astype(float) if seed % 2 else rng.uniform(0, 10, size)
    costs[rng.random(size) < rng.choice([0, 0.2, 0.5])] = np.inf
    state = rng.choice(STATES, sites, p=[0.7, 0.08, 0.08, 0.07, 0.07])
    fixed = np.isin(state, ["existing-kept", "required"])
    money = {}
    if seed % 3 == 0:
        price = rng.integers(0, 6, sites).astype(float)
        money = {"opening_cost": price, "budget": float(price[fixed].sum() + rng.integers(0, 10))}
    return Problem(
        costs_of(costs),
        rng.integers(0, 5, points).astype(float),
        k=max(int(rng.integers(1, sites + 1)), int(fixed.sum())),
        state=list(state),
        capacity=rng.integers(0, 9, sites).astype(float) if capacity else None,
        **money,
    )
