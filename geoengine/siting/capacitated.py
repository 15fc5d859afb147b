"""Sites that can take only so many people: who goes where is part of the plan."""

from dataclasses import dataclass, replace

import numpy as np

from geoengine.siting import median
from geoengine.siting.effort import Effort, Watch
from geoengine.siting.lists import Limits, limits_of, lists_of
from geoengine.siting.plan import Assignment, Model, Plan, no_plan, plan_of
from geoengine.siting.problem import BoolArray, FloatArray, LongArray, Problem
from geoengine.siting.programme import Answer, Programme

HOW = ("mixed-integer programme with flows",)
LEAST_FLOW = 1e-7
"""A share of a point's people smaller than this is rounding."""


@dataclass(frozen=True, eq=False)
class _Flows:
    """
    A programme of sites and flows.

    Parameters
    ----------
    programme
        Its first columns are the sites `free`, the last those of the pairs.
    free
        Sites in doubt.
    pair
        Positions of the pairs in the problem's costs.
    """

    programme: Programme
    free: LongArray
    pair: LongArray


def least_cost(problem: Problem, model: Model, watch: Watch) -> Plan:
    """Find the p-median of sites with capacities; people of one point may be parted."""
    flows = _least_cost(problem)
    limits = limits_of(problem)
    # Without capacities nothing costs more: a bound, and often nearly the sites.
    must = np.full(problem.costs.points, np.inf)
    quick = Watch(replace(watch.effort, time_limit_s=max(watch.left_s / 5, 1e-3)))
    easy = median.minimise(lists_of(problem.costs, problem.demand, must, limits), limits, quick)
    start = None
    if easy.open_site is not None and np.isfinite(cost_of(problem, easy.open_site)):
        start = easy.open_site
    answer = _solve(flows, watch, start)
    if answer.values is None and start is None:
        return _none(problem, model, watch, answer, np.inf)
    open_site = _opened(flows, answer, problem, start)
    value, assignment = _settled(problem, open_site, np.inf, must=True)
    bound = value if answer.state == "solved" and not watch.effort.gap else answer.bound
    return plan_of(
        problem, model, watch, open_site=open_site, objective=value,
        bound=max(bound, easy.bound if np.isfinite(easy.bound) else 0.0), how=HOW,
        assignment=assignment,
    )  # fmt: skip


def most_people(problem: Problem, model: Model, watch: Watch) -> Plan:
    """Find the plan whose sites take most people from within the cut-off."""
    flows = _most_people(problem, model.cutoff)
    answer = _solve(flows, watch, None)
    open_site = _opened(flows, answer, problem, problem.fixed)
    value, assignment = _settled(problem, open_site, model.cutoff, must=False)
    bound = -value if answer.state == "solved" and not watch.effort.gap else answer.bound
    return plan_of(
        problem, model, watch, open_site=open_site, objective=-value,
        bound=min(-bound, float(problem.demand.sum())), how=HOW, assignment=assignment,
    )  # fmt: skip


def fewest_sites(problem: Problem, model: Model, watch: Watch) -> Plan:
    """Find the fewest sites, or the least money, that take everyone from within the cut-off."""
    flows = _fewest_sites(problem, model.cutoff)
    answer = _solve(flows, watch, None)
    if answer.values is None:
        return _none(problem, model, watch, answer, model.cutoff)
    open_site = _opened(flows, answer, problem, None)
    _, assignment = _settled(problem, open_site, model.cutoff, must=True)
    value = float(_money(problem)[open_site].sum())
    whole = problem.opening_cost is None
    bound = np.ceil(answer.bound - 1e-6) if whole else answer.bound
    if answer.state == "solved" and not watch.effort.gap:
        bound = value
    return plan_of(
        problem, model, watch, open_site=open_site, objective=value, bound=max(bound, 0.0),
        how=HOW, assignment=assignment,
    )  # fmt: skip


def cost_of(problem: Problem, open_site: BoolArray) -> float:
    """Return the least total cost at which open sites take everyone; inf where they cannot."""
    return _settled(problem, open_site, np.inf, must=True)[0]


def people_of(problem: Problem, open_site: BoolArray, cutoff: float) -> float:
    """Return how many people open sites can take from within the cut-off."""
    return -_settled(problem, open_site, cutoff, must=False)[0]


def least_cost_programme(problem: Problem) -> tuple[Programme, LongArray]:
    """Return the programme behind `least_cost`, and the sites of its first columns."""
    flows = _least_cost(problem)
    return flows.programme, flows.free


def most_people_programme(problem: Problem, cutoff: float) -> tuple[Programme, LongArray]:
    """Return the programme behind `most_people`, and the sites of its first columns."""
    flows = _most_people(problem, cutoff)
    return flows.programme, flows.free


def fewest_sites_programme(problem: Problem, cutoff: float) -> tuple[Programme, LongArray]:
    """Return the programme behind `fewest_sites`, and the sites of its first columns."""
    flows = _fewest_sites(problem, cutoff)
    return flows.programme, flows.free


def _least_cost(problem: Problem) -> _Flows:
    limits = limits_of(problem)
    costs = problem.costs
    weight = costs.cost * problem.demand[costs.point]
    flows = _flows(problem, limits, np.inf, np.zeros(costs.sites), weight, must=True)
    median.add_limits(flows.programme, limits, np.arange(len(flows.free)), flows.free)
    return flows


def _most_people(problem: Problem, cutoff: float) -> _Flows:
    limits = limits_of(problem)
    costs = problem.costs
    weight = -problem.demand[costs.point].astype(np.float64)
    flows = _flows(problem, limits, cutoff, np.zeros(costs.sites), weight, must=False)
    median.add_limits(flows.programme, limits, np.arange(len(flows.free)), flows.free)
    return flows


def _fewest_sites(problem: Problem, cutoff: float) -> _Flows:
    limits, money = limits_of(problem), _money(problem)
    flows = _flows(problem, limits, cutoff, money, np.zeros(len(problem.costs.cost)), must=True)
    opens = np.arange(len(flows.free))
    flows.programme.offset = float(money[limits.fixed].sum())
    flows.programme.add_row(opens, 1.0, upper=limits.k - float(limits.fixed.sum()))
    if limits.budget < np.inf:
        left = limits.budget - float(limits.spending[limits.fixed].sum())
        flows.programme.add_row(opens, limits.spending[flows.free], upper=left)
    return flows


def _flows(
    problem: Problem,
    limits: Limits,
    cutoff: float,
    money: FloatArray,
    weight: FloatArray,
    *,
    must: bool,
) -> _Flows:
    """Return the programme in which each point's people part among the open sites."""
    assert problem.capacity is not None
    costs, people = problem.costs, problem.demand.astype(np.float64)
    free = np.flatnonzero(limits.allowed & ~limits.fixed)
    number = np.full(costs.sites, -1)
    number[free] = np.arange(len(free))
    peopled = people > 0
    pair = np.flatnonzero(
        limits.allowed[costs.site] & (costs.cost <= cutoff) & peopled[costs.point]
    )
    point, site = costs.point[pair], costs.site[pair].astype(np.int64)
    programme = Programme()
    opens = programme.add_columns(money[free], whole=True)
    share = programme.add_columns(weight[pair])
    row = np.cumsum(peopled) - 1
    programme.add_rows(
        row[point], share, 1.0, lower=1.0 if must else 0.0, upper=1.0, count=int(peopled.sum())
    )
    capacity = problem.capacity.astype(np.float64)
    programme.add_rows(
        np.concatenate([site, free]), np.concatenate([share, opens]),
        np.concatenate([people[point], -capacity[free]]),
        upper=np.where(limits.fixed, capacity, 0.0), count=costs.sites,
    )  # fmt: skip
    doubtful = np.flatnonzero(number[site] >= 0)
    each = np.arange(len(doubtful))
    programme.add_rows(
        np.concatenate([each, each]),
        np.concatenate([share[doubtful], opens[number[site[doubtful]]]]),
        np.repeat([1.0, -1.0], len(each)), upper=0.0, count=len(each),
    )  # fmt: skip
    return _Flows(programme, free, pair)


def _solve(flows: _Flows, watch: Watch, start: BoolArray | None) -> Answer:
    columns = np.arange(len(flows.free))
    given = None if start is None else (columns, start[flows.free].astype(np.float64))
    return flows.programme.solve(watch, start=given, gap=watch.effort.gap)


def _opened(
    flows: _Flows, answer: Answer, problem: Problem, otherwise: BoolArray | None
) -> BoolArray:
    if answer.values is None:
        assert otherwise is not None
        return otherwise
    open_site = problem.fixed.copy()
    open_site[flows.free] = answer.values[: len(flows.free)] > 0.5
    return open_site


def _settled(
    problem: Problem, open_site: BoolArray, cutoff: float, *, must: bool
) -> tuple[float, Assignment]:
    """
    Return the best flows to sites that are open, and their cost (or minus the people).

    Among flows that take as many people, those of least cost.
    """
    limits = Limits(open_site, open_site, int(open_site.sum()), np.zeros(len(open_site)), np.inf)
    costs, people = problem.costs, problem.demand.astype(np.float64)
    each = people[costs.point]
    dear = 2 * float(costs.cost.max(initial=0.0)) + 1
    weight = each * (costs.cost if must else costs.cost - dear)
    flows = _flows(problem, limits, cutoff, np.zeros(costs.sites), weight, must=must)
    nobody = np.empty(0, np.int64)
    if not len(flows.pair):
        stuck = must and bool((people > 0).any())
        empty = Assignment(nobody, nobody, np.empty(0), np.empty(0))
        return (np.inf if stuck else 0.0), empty
    values = flows.programme.solve(Watch(Effort(time_limit_s=1e6))).values
    if values is None:
        return np.inf, Assignment(nobody, nobody, np.empty(0), np.empty(0))
    share = values[len(flows.free) :]
    used = np.flatnonzero(share > LEAST_FLOW)
    pair = flows.pair[used]
    moved = share[used] * each[pair]
    order = np.lexsort((costs.site[pair], costs.point[pair]))
    assignment = Assignment(
        costs.point[pair][order], costs.site[pair][order].astype(np.int64), moved[order],
        costs.cost[pair][order],
    )  # fmt: skip
    total = moved @ costs.cost[pair] if must else -moved.sum()
    return float(total), assignment


def _money(problem: Problem) -> FloatArray:
    return np.ones(problem.costs.sites) if problem.opening_cost is None else problem.opening_cost


def _none(problem: Problem, model: Model, watch: Watch, answer: Answer, cutoff: float) -> Plan:
    """Say why there is no plan: whom the plan that takes most people leaves out."""
    nobody = np.empty(0, np.int64)
    if answer.state != "infeasible":
        return no_plan(problem, model, watch, nobody, "no plan was found in time", HOW)
    flows = _most_people(problem, cutoff)
    rest = Watch(Effort(time_limit_s=watch.effort.time_limit_s))
    best = _solve(flows, rest, None)
    open_site = _opened(flows, best, problem, problem.fixed)
    _, assignment = _settled(problem, open_site, cutoff, must=False)
    taken = np.bincount(assignment.point, assignment.people, minlength=problem.costs.points)
    left = np.flatnonzero(taken < problem.demand * (1 - 1e-6) - 1e-9)
    reason = (
        f"the sites that may open can take {taken.sum():,.0f} of {problem.demand.sum():,.0f} "
        "people; the plan that takes most leaves people at"
    )
    return no_plan(problem, model, watch, left, reason, HOW)
