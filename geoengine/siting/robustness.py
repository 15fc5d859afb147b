"""How a choice of sites stands up to other people, other speeds and closures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from geoengine.siting.effort import Effort, Watch
from geoengine.siting.plan import Plan
from geoengine.siting.problem import Costs, FloatArray, LongArray, Problem, SiteState

INTERVAL = (5.0, 95.0)
DIGITS = 9
"""Losses that agree to so many digits of the objective are equal."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """
    How a choice of sites stands up.

    Parameters
    ----------
    draws
        How many draws had a plan; the other draws had none.
    share
        Share of those in which each site is chosen, shape (sites,).
    rank_low, rank_high
        The middle nine tenths of each site's ranks, shape (sites,): 1 is the site without which
        the plan would lose most; sites that are not chosen share the last rank.
    without_plan
        How many draws had no plan.
    """

    draws: int
    share: FloatArray
    rank_low: FloatArray
    rank_high: FloatArray
    without_plan: int


def against(
    plan: Plan,
    draws: int,
    rng: np.random.Generator,
    *,
    people: float = 0.1,
    speed: float = 0.1,
    closure: float = 0.0,
    effort: Effort = Effort(),  # noqa: B008
) -> Robustness:
    """
    Choose again in many worlds that differ a little from the one assumed.

    Parameters
    ----------
    plan
        What was chosen.
    draws
        How many worlds.
    rng
        Random numbers.
    people
        The people of each demand point are drawn evenly within this share of the assumed.
    speed
        The speed at which everyone travels is drawn evenly within this share of the assumed.
    closure
        Chance that a site that exists is closed.
    effort
        How hard to try in each world; its time limit is for all together.

    Raises
    ------
    ValueError
        If there is no plan, `draws` is not positive, or a share is not at least 0 and below 1.
    """
    faults = _senseless(people, speed, closure)
    faults += [f"draws must be at least 1, not {draws}"] if draws < 1 else []
    faults += [f"there is no plan: {plan.reason}"] if not plan.feasible else []
    if faults:
        raise ValueError("; ".join(faults))
    watch, ranks, none = Watch(effort), [], 0
    others = worlds(plan.problem, rng, people=people, speed=speed, closure=closure)
    for drawn in islice(others, draws):
        if watch.over():
            break
        left = Effort(max(watch.left_s, 1e-3), effort.gap, effort.cancelled)
        found = plan.model.solve(drawn, left)
        if found.feasible:
            ranks.append(_ranks(found))
        else:
            none += 1
    table = np.array(ranks).reshape(-1, plan.problem.costs.sites)
    low, high = (
        np.percentile(table, INTERVAL, axis=0, method="nearest")
        if len(table)
        else np.full((2, table.shape[1]), np.nan)
    )
    chosen = ~np.isinf(table)
    last = chosen.sum(axis=1).max(initial=0) + 1.0
    share = chosen.mean(axis=0) if len(table) else np.full(table.shape[1], np.nan)
    return Robustness(len(table), share, np.minimum(low, last), np.minimum(high, last), none)


def worlds(
    problem: Problem,
    rng: np.random.Generator,
    *,
    people: float = 0.1,
    speed: float = 0.1,
    closure: float = 0.0,
    together: LongArray | None = None,
) -> Iterator[Problem]:
    """
    Return worlds that differ a little from the one assumed, without end.

    Parameters
    ----------
    problem
        The one assumed. Where people may travel faster, pairs up to as much beyond the cut-off
        must be among its costs.
    rng
        Random numbers; as many are taken whatever the shares.
    people, speed, closure
        As for `against`.
    together
        Demand points of the same whole number, such as those of one area, have more or fewer
        people together, shape (demand points,); None: each for itself.

    Raises
    ------
    ValueError
        If a share is not at least 0 and below 1.
    """
    faults = _senseless(people, speed, closure)
    if faults:
        raise ValueError("; ".join(faults))
    group = np.arange(problem.costs.points) if together is None else together
    return _drawn(problem, rng, people, speed, closure, group)


def _senseless(people: float, speed: float, closure: float) -> list[str]:
    shares = {"people": people, "speed": speed, "closure": closure}
    return [
        f"{name} is {value:g}, but must be at least 0 and below 1"
        for name, value in shares.items()
        if not 0 <= value < 1
    ]


def _drawn(
    problem: Problem, rng: np.random.Generator, people: float, speed: float, closure: float,
    group: LongArray,
) -> Iterator[Problem]:  # fmt: skip
    costs, groups = problem.costs, int(group.max(initial=-1)) + 1
    while True:
        crowd = problem.demand * (1 + people * rng.uniform(-1, 1, groups)[group])
        pace = 1 + speed * rng.uniform(-1, 1)
        closed = (rng.random(costs.sites) < closure) & problem.existing
        slower = Costs(costs.first, costs.site, costs.cost / pace, costs.sites)
        state = [
            SiteState.FORBIDDEN if shut else given
            for shut, given in zip(closed.tolist(), problem.states.tolist(), strict=True)
        ]
        yield replace(problem, costs=slower, demand=crowd, state=state)


def _ranks(plan: Plan) -> FloatArray:
    """Rank the sites of a plan by what it loses without each; inf for those not in it."""
    sign = 1.0 if plan.model.sense == "least" else -1.0
    loss = np.full(plan.problem.costs.sites, -np.inf)
    for j in plan.sites.tolist():
        without = plan.open_site
        without[j] = False
        loss[j] = sign * plan.model.value(plan.problem, without)
    share = np.round(loss / (abs(plan.objective) or 1.0), DIGITS)
    rank = np.searchsorted(np.sort(-share[plan.sites]), -share) + 1.0
    rank[~plan.open_site] = np.inf
    return np.asarray(rank)
