"""The p-centre: the furthest as near as can be; and then the next furthest, and so on."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from geoengine.siting import interchange, median
from geoengine.siting.covering import cover_programme, reach_lists
from geoengine.siting.effort import Effort, Watch
from geoengine.siting.lists import limits_of
from geoengine.siting.p_median import PMedian
from geoengine.siting.plan import Model, Plan, nearest, plan_of
from geoengine.siting.problem import BoolArray, FloatArray, LongArray, Problem
from geoengine.siting.programme import Programme

FIRST_PART = 1 / 12
"""Part of the time left that the first radius tried may take."""
FINEST = 16
"""Undecided radii are tried again once they are all but such a part of those in question."""
QUICK_S = 2.0
"""Seconds to look for a first plan."""


@dataclass(frozen=True)
class PCentre:
    """
    Least cost of the demand point for whom the nearest site costs most.

    References
    ----------
    Hakimi, S. (1964) Optimum locations of switching centers and the absolute centers and medians
    of a graph. Operations Research 12(3), 450-459. doi:10.1287/opre.12.3.450

    Minieka, E. (1970) The m-center problem. SIAM Review 12(1), 138-139. doi:10.1137/1012016

    Examples
    --------
    >>> from geoengine.siting import Problem, costs_of
    >>> place = np.arange(3)
    >>> costs = costs_of(60.0 * abs(place[:, None] - place))
    >>> plan = PCentre().solve(Problem(costs, np.array([1.0, 1.0, 90.0]), k=1))
    >>> plan.sites, plan.objective, plan.gap
    (array([1]), 60.0, 0.0)
    """

    sense: ClassVar[Literal["least"]] = "least"
    cutoff: ClassVar[float] = np.inf

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the plan whose largest cost is least.

        Parameters
        ----------
        problem
            Every demand point with people must have a site in reach.
        effort
            How hard to try.

        Raises
        ------
        ValueError
            If the problem has capacities.
        """
        watch = Watch(effort)
        first = _first_plan(problem, self, watch)
        if isinstance(first, Plan):
            return first
        open_site, low, how = first
        value = self.value(problem, open_site)
        costs = problem.costs
        counts = (problem.demand[costs.point] > 0) & problem.allowed[costs.site]
        counts &= (costs.cost >= low) & (costs.cost < value)
        radii = np.unique(np.append(costs.cost[counts], [low, value]))
        search = _Radii(radii)
        while search.below < search.above and not watch.over():
            if search.gap <= effort.gap:
                watch.stopped = "gap reached"
                break
            middle = search.next()
            part = Effort(max(watch.left_s * search.part, 0.5), 0.0, effort.cancelled)
            answer, proven = _within(problem, float(radii[middle]), Watch(part))
            if answer is not None:
                open_site = answer
                search.found(self.value(problem, open_site))
            elif proven:
                search.ruled_out(middle)
            else:
                search.undecided(middle)
        below, above = search.below, search.above
        return plan_of(
            problem, self, watch, open_site=open_site, objective=float(radii[above]),
            bound=float(radii[below]), how=(*how, "binary search over set covers"),
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return the largest cost of any demand point with people; inf if one is out of reach."""
        cost, _ = nearest(problem, open_site)
        return float(cost[problem.demand > 0].max(initial=0.0))

    def near(
        self, problem: Problem, _start: BoolArray, limit: float, _watch: Watch, /
    ) -> tuple[Programme, LongArray]:
        """Return the programme of plans whose largest cost is no more than the limit."""
        return _radius_programme(problem, limit)


class _Radii:
    """
    The radii in question, ascending: where the least that is possible can still be.

    `below` is the first that is not ruled out, `above` the least that some plan keeps. Between
    them may lie undecided ones, about which the search goes: what is well below is soon ruled
    out, and for what is well above a plan is soon found.
    """

    def __init__(self, radii: FloatArray) -> None:
        self.radii = radii
        self.below, self.above = 0, len(radii) - 1
        self.part = FIRST_PART
        self._forget()

    def _forget(self) -> None:
        self.low, self.high = self.above, self.below

    @property
    def gap(self) -> float:
        """By what share of the best plan's radius a better one could be less."""
        least, most = self.radii[self.below], self.radii[self.above]
        return float((most - least) / most)

    def next(self) -> int:
        """Return the radius to try next; once all are undecided, they get more time."""
        if self.low > self.high:
            return (self.below + self.above) // 2
        down = self.radii[self.low] - self.radii[self.below] if self.low > self.below else -1.0
        up = self.radii[self.above] - self.radii[self.high] if self.above > self.high + 1 else -1.0
        if max(down, up) < (self.radii[self.above] - self.radii[self.below]) / FINEST:
            self.part = min(self.part * 4, 1.0)
            self._forget()
            return (self.below + self.above) // 2
        return (self.below + self.low) // 2 if down >= up else (self.high + self.above + 1) // 2

    def found(self, radius: float) -> None:
        """Take note of a plan that keeps a radius."""
        self.above = int(np.searchsorted(self.radii, radius))
        self.high = min(self.high, self.above - 1)
        if self.low > self.high:
            self._forget()

    def ruled_out(self, radius: int) -> None:
        """Take note that no plan keeps a radius."""
        self.below = radius + 1
        self.low = max(self.low, self.below)
        if self.low > self.high:
            self._forget()

    def undecided(self, radius: int) -> None:
        """Take note that time ran out."""
        self.low, self.high = min(self.low, radius), max(self.high, radius)


@dataclass(frozen=True)
class Leximin:
    """
    Least cost of the worst off; among such plans, of the next worst off; and so on.

    Costs are compared person by person, from the largest down. The objective of a plan is its
    largest cost, and so are its bounds: `stopped` says whether the order below is proven too.

    References
    ----------
    Ogryczak, W. (1997) On the lexicographic minimax approach to location problems. European
    Journal of Operational Research 100(3), 566-585. doi:10.1016/S0377-2217(96)00154-3

    Examples
    --------
    Both middle sites leave somebody two minutes away; the second leaves fewer people there.

    >>> from geoengine.siting import Problem, costs_of
    >>> place = np.arange(4)
    >>> costs = costs_of(60.0 * abs(place[:, None] - place))
    >>> Leximin().solve(Problem(costs, np.array([1.0, 1.0, 1.0, 5.0]), k=1)).sites
    array([2])
    """

    sense: ClassVar[Literal["least"]] = "least"
    cutoff: ClassVar[float] = np.inf

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the plan whose costs, largest first, come first in order.

        Parameters
        ----------
        problem
            Every demand point with people must have a site in reach.
        effort
            How hard to try.

        Raises
        ------
        ValueError
            If the problem has capacities.
        """
        watch = Watch(effort)
        first = PCentre().solve(problem, Effort(effort.time_limit_s, 0.0, effort.cancelled))
        if not first.feasible or first.gap > 0:
            watch.stopped = first.stopped
            return _renamed(first, self, watch)
        open_site, levels = first.open_site, _Levels(problem, first.objective)
        level = first.objective
        while level > 0 and not watch.over():
            better, people, proven = levels.fewest_at(level, open_site, watch)
            open_site = better
            if not proven:
                watch.over()
                break
            levels.settle(level, people)
            if levels.only(open_site, watch):
                break
            level = levels.next_below(level, open_site)
        return plan_of(
            problem, self, watch, open_site=open_site, objective=first.objective,
            bound=first.lower, how=(*first.how, "level by level"),
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return the largest cost of any demand point with people."""
        return PCentre().value(problem, open_site)


class _Levels:
    """The costs settled so far, largest first, and the programme that holds plans to them."""

    def __init__(self, problem: Problem, top: float) -> None:
        self.problem, self.top = problem, top
        self.settled: list[tuple[float, float]] = []

    def settle(self, level: float, people: float) -> None:
        """Hold all further plans to no more people at this level or above."""
        if self.settled and self.settled[-1][1] == people:
            self.settled.pop()
        self.settled.append((level, people))

    def next_below(self, level: float, open_site: BoolArray) -> float:
        """Return the largest cost below a level in a plan, 0 if there is none."""
        cost, _ = nearest(self.problem, open_site)
        below = cost[(self.problem.demand > 0) & (cost < level)]
        return float(below.max(initial=0.0))

    def fewest_at(
        self, level: float, open_site: BoolArray, watch: Watch
    ) -> tuple[BoolArray, float, bool]:
        """Return the plan with fewest people at a level or above, how many, and if proven."""
        programme, free = self._programme()
        self._count(programme, level, counted=True)
        start = (np.arange(len(free)), open_site[free].astype(np.float64))
        answer = programme.solve(watch, start=start)
        if answer.values is not None:
            open_site = self.problem.fixed.copy()
            open_site[free] = answer.values[: len(free)] > 0.5
        cost, _ = nearest(self.problem, open_site)
        people = float(self.problem.demand[cost >= level].sum())
        return open_site, people, answer.state == "solved"

    def only(self, open_site: BoolArray, watch: Watch) -> bool:
        """Say whether no other plan keeps the levels settled."""
        programme, free = self._programme()
        forbid(programme, open_site[free])
        return programme.solve(watch).state == "infeasible"

    def _programme(self) -> tuple[Programme, LongArray]:
        programme, free = _radius_programme(self.problem, self.top)
        for level, people in self.settled:
            self._count(programme, level, counted=False, most=people)
        return programme, free

    def _count(
        self, programme: Programme, level: float, *, counted: bool, most: float = np.inf
    ) -> None:
        """Add columns that say which points cost as much as a level or more."""
        problem, costs = self.problem, self.problem.costs
        limits = limits_of(problem)
        free = np.flatnonzero(limits.allowed & ~limits.fixed)
        number = np.full(costs.sites, -1)
        number[free] = np.arange(len(free))
        below = costs.cost < level
        safe = np.bincount(
            costs.point[below & limits.fixed[costs.site]], minlength=costs.points
        ) > 0  # fmt: skip
        points = np.flatnonzero((problem.demand > 0) & ~safe)
        row = np.full(costs.points, -1)
        row[points] = np.arange(len(points))
        people = problem.demand[points].astype(np.float64)
        above = programme.add_columns(people if counted else np.zeros(len(points)))
        pairs = below & (number[costs.site] >= 0) & (row[costs.point] >= 0)
        programme.add_rows(
            np.concatenate([np.arange(len(points)), row[costs.point[pairs]]]),
            np.concatenate([above, number[costs.site[pairs]]]), 1.0, lower=1.0, count=len(points),
        )  # fmt: skip
        if np.isfinite(most):
            programme.add_row(above, people, upper=most * (1 + 1e-9))


def forbid(programme: Programme, chosen: BoolArray) -> None:
    """Add the row that keeps out one choice of the first columns."""
    programme.add_row(
        np.arange(len(chosen)), np.where(chosen, -1.0, 1.0), lower=1.0 - float(chosen.sum())
    )


def _first_plan(
    problem: Problem, model: PCentre, watch: Watch
) -> Plan | tuple[BoolArray, float, tuple[str, ...]]:
    """Return a plan that reaches everyone, and a cost that none can undercut."""
    if problem.capacity is not None:
        raise ValueError("the p-centre takes no capacities; leave them out")
    share = Effort(min(watch.effort.time_limit_s, QUICK_S), 0.1, watch.effort.cancelled)
    start = PMedian().solve(problem, share)
    if not start.feasible and start.stopped in ("time limit", "cancelled"):
        start = PMedian().solve(problem, watch.effort)
    if not start.feasible:
        watch.over()
        return _renamed(start, model, watch)
    costs = problem.costs
    counts = problem.allowed[costs.site] & (problem.demand[costs.point] > 0)
    least = np.full(costs.points, np.inf)
    np.minimum.at(least, costs.point[counts], costs.cost[counts])
    low = float(least[problem.demand > 0].max(initial=0.0))
    return start.open_site, low, start.how[:1]


def _within(problem: Problem, radius: float, watch: Watch) -> tuple[BoolArray | None, bool]:
    """Return a plan whose largest cost is within a radius, or whether there is none for sure."""
    limits = limits_of(problem)
    lists = reach_lists(problem, limits, radius)
    open_site = interchange.open_greedily(lists, limits, limits.fixed)
    open_site, _ = interchange.swap(lists, limits, open_site, 100)
    if interchange.total(lists, open_site) == 0:
        return open_site, True
    # The fewest sites that reach everyone prove more, sooner, than whether k sites do.
    money = np.ones(problem.costs.sites)
    anyhow = limits._replace(k=int(limits.allowed.sum()))
    programme, free = cover_programme(problem, anyhow, radius, 1, money, any_best=True)
    most = limits.k - float(limits.fixed.sum())
    few = most + 1e-3
    answer = programme.solve(watch, step=1.0, enough=most + 0.5, hopeless=few)
    if answer.values is not None and answer.values.sum() < most + 0.5:
        open_site = limits.fixed.copy()
        open_site[free] = answer.values[: len(free)] > 0.5
        return open_site, True
    return None, answer.bound > few


def _radius_programme(problem: Problem, radius: float) -> tuple[Programme, LongArray]:
    limits = limits_of(problem)
    nothing = np.zeros(problem.costs.sites)
    programme, free = cover_programme(problem, limits, radius, 1, nothing)
    if limits.budget == np.inf:
        median.add_limits(programme, limits, np.arange(len(free)), free)
    return programme, free


def _renamed(plan: Plan, model: Model, watch: Watch) -> Plan:
    """Return a plan as that of another model."""
    return Plan(
        plan.problem, model, plan.sites, plan.objective, plan.lower, plan.upper, plan.assignment,
        watch.taken_s, plan.how, watch.stopped, plan.hindering, plan.reason,
    )  # fmt: skip
