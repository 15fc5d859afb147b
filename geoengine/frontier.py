"""The fairness frontier: plans that cannot be bettered for all, for the deprived and in cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.siting import Effort, Problem, nearest
from geoengine.siting.covering import cover_programme
from geoengine.siting.effort import Watch
from geoengine.siting.lists import limits_of
from geoengine.siting.programme import Answer, Programme

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SAME = 1e-9
"""Sums of people that differ by less than this share are equal."""


@dataclass(frozen=True, eq=False)
class Choice:
    """
    One plan of the frontier.

    Parameters
    ----------
    sites
        Positions of its sites, ascending.
    people, deprived
        People within the cut-off, and those of them in the most deprived areas.
    cost
        What its sites cost together, or how many there are.
    gap
        By what share of `people` a plan of no more cost, with as many of the deprived, could
        reach more; 0: none does.
    gaining, losing
        Positions of demand points with people that are within the cut-off with this plan but not
        today, and today but not with it.
    """

    sites: LongArray
    people: float
    deprived: float
    cost: float
    gap: float
    gaining: LongArray
    losing: LongArray


@dataclass(frozen=True, eq=False)
class Frontier:
    """
    Plans of which none is better than another in every way.

    Parameters
    ----------
    problem
        What they are plans for.
    choices
        From the cheapest to the dearest, and of one cost from most people to most deprived.
    complete
        Whether no plan outside is better than all inside in some way.
    """

    problem: Problem
    choices: tuple[Choice, ...]
    complete: bool

    def to_frame(self) -> pd.DataFrame:
        """
        Return one row for each plan, with the names of who gains and who loses.

        Returns
        -------
        pandas.DataFrame
            `sites`, `people`, `deprived`, `cost`, `gap`, `people_gaining`, `people_losing`, and
            `gaining` and `losing`, the names of the demand points.
        """
        told = self.problem
        return pd.DataFrame(
            {
                "sites": [told.site_name(j) for j in each.sites.tolist()],
                "people": each.people,
                "deprived": each.deprived,
                "cost": each.cost,
                "gap": each.gap,
                "people_gaining": float(told.demand[each.gaining].sum()),
                "people_losing": float(told.demand[each.losing].sum()),
                "gaining": [told.demand_name(i) for i in each.gaining.tolist()],
                "losing": [told.demand_name(i) for i in each.losing.tolist()],
            }
            for each in self.choices
        )


def frontier(
    problem: Problem,
    deprived: FloatArray,
    *,
    cutoff: float,
    levels: Sequence[float] | None = None,
    baseline: BoolArray | None = None,
    effort: Effort = Effort(),  # noqa: B008
) -> Frontier:
    """
    Find the plans that reach most people, most deprived people, or both in some balance.

    Exact, one programme after another, for modest sizes: hundreds of demand points and dozens of
    sites.

    Parameters
    ----------
    problem
        Without capacities. With opening costs the cost of a plan is money, else its number of
        sites.
    deprived
        People in the most deprived areas at each demand point, shape (demand points,).
    cutoff
        Most that it may cost to use a site, inclusive.
    levels
        Costs to compare; a plan may cost no more than its level. None: each number of sites that
        the problem allows. With opening costs they must be given.
    baseline
        Sites open today, shape (sites,); None: those that exist.
    effort
        How hard to try, for all plans together.

    Raises
    ------
    ValueError
        If the shapes disagree, levels are missing, or there are capacities.

    References
    ----------
    Haimes, Y., Lasdon, L. & Wismer, D. (1971) On a bicriterion formulation of the problems of
    integrated system identification and system optimization. IEEE Transactions on Systems, Man
    and Cybernetics 1(3), 296-297. doi:10.1109/TSMC.1971.4308298

    Examples
    --------
    One site: at the rich village it reaches more people, at the poor one more of the deprived.

    >>> from geoengine.siting import costs_of
    >>> apart = costs_of(np.array([[0.0, np.inf], [np.inf, 0.0]]))
    >>> found = frontier(
    ...     Problem(apart, np.array([50.0, 30.0]), k=1), np.array([0.0, 20.0]), cutoff=900
    ... )
    >>> [(each.people, each.deprived) for each in found.choices if each.cost]
    [(50.0, 0.0), (30.0, 20.0)]
    """
    limits = _levels(problem, deprived, levels)
    watch = Watch(effort)
    today = problem.existing if baseline is None else baseline
    found: list[Choice] = []
    complete = True
    for limit in limits:
        at_level = _Level(problem, deprived, cutoff, limit)
        for open_site, gap in at_level.search(watch):
            found.append(_choice(problem, deprived, cutoff, open_site, today, gap))
            complete &= gap == 0
        complete &= not watch.over()
    best = [one for one in found if not any(_better(other, one) for other in found)]
    unique = {(each.cost, each.people, each.deprived): each for each in reversed(best)}
    ordered = sorted(unique.values(), key=lambda each: (each.cost, -each.people))
    return Frontier(problem, tuple(ordered), complete)


def _levels(
    problem: Problem, deprived: FloatArray, levels: Sequence[float] | None
) -> Sequence[float]:
    if problem.capacity is not None:
        raise ValueError("a frontier takes no capacities; leave them out")
    if len(deprived) != problem.costs.points:
        raise ValueError(
            f"{len(deprived)} numbers of deprived people were given for "
            f"{problem.costs.points} demand points"
        )
    if levels is not None:
        return levels
    if problem.opening_cost is not None:
        raise ValueError("with opening costs, say which levels of cost to compare")
    fixed = int(problem.fixed.sum())
    return range(fixed, limits_of(problem).k + 1)


class _Level:
    """All plans that cost no more than a level."""

    def __init__(self, problem: Problem, deprived: FloatArray, cutoff: float, level: float) -> None:
        counted = problem.opening_cost is None
        price = np.ones(problem.costs.sites) if problem.opening_cost is None else (
            problem.opening_cost
        )  # fmt: skip
        budget = level if problem.budget is None or counted else min(level, problem.budget)
        self.problem = replace(problem, opening_cost=price, budget=None)
        self.possible = price[problem.fixed].sum() <= budget * (1 + SAME)
        if self.possible:
            self.problem = replace(self.problem, budget=budget)
        self.price, self.cutoff = price, cutoff
        self.people, self.poor = problem.demand.astype(float), np.asarray(deprived, dtype=float)
        whole = (self.poor == np.rint(self.poor)).all()
        self.step = 1.0 if whole else max(1e-6 * float(self.poor.sum()), 1e-9)

    def search(self, watch: Watch) -> Iterator[tuple[BoolArray, float]]:
        """Yield plans from most people to most deprived, each with its gap."""
        least_poor = 0.0
        while self.possible and not watch.over():
            first, reach = self._best(watch, self.people, {"poor": least_poor})
            if first is None:
                return
            told = {"poor": least_poor, "people": float(self.people[reach].sum())}
            second, reach = self._best(watch, self.poor, told, start=first)
            told["poor"] = max(float(self.poor[reach].sum()), least_poor)
            third, _ = self._best(watch, None, told, start=second)
            assert third is not None
            yield third, self.gap
            least_poor = told["poor"] + self.step

    def _best(
        self, watch: Watch, weight: FloatArray | None, told: dict[str, float],
        start: BoolArray | None = None,
    ) -> tuple[BoolArray | None, BoolArray]:  # fmt: skip
        """Return the plan that reaches most weight, or costs least, and whom it reaches."""
        programme, free, covered, points = self._programme(weight)
        for name, weights in (("poor", self.poor), ("people", self.people)):
            if told.get(name, 0) > 0:
                programme.add_row(covered, weights[points], lower=told[name] * (1 - SAME))
        given = None if start is None else (np.arange(len(free)), start[free].astype(float))
        answer = programme.solve(watch, start=given)
        open_site = start
        if answer.values is not None:
            open_site = self.problem.fixed.copy()
            open_site[free] = answer.values[: len(free)] > 0.5
        if weight is self.people:
            self.gap = _gap(answer)
        if open_site is None:
            return None, np.empty(0, dtype=bool)
        return open_site, _within(self.problem, open_site, self.cutoff)

    def _programme(
        self, weight: FloatArray | None
    ) -> tuple[Programme, LongArray, LongArray, LongArray]:
        """Return the programme, the sites of its first columns, and a column for each point."""
        nobody, limits = (
            self.problem.for_people(np.zeros(len(self.people))),
            limits_of(self.problem),
        )
        money = self.price if weight is None else np.zeros(len(self.price))
        programme, free = cover_programme(nobody, limits, self.cutoff, 1, money)
        number = np.full(len(self.price), -1)
        number[free] = np.arange(len(free))
        points = np.flatnonzero((self.people > 0) | (self.poor > 0))
        row = np.full(len(self.people), -1)
        row[points] = np.arange(len(points))
        each = np.zeros(len(points)) if weight is None else -weight[points]
        covered = programme.add_columns(each)
        costs = self.problem.costs
        counts = (costs.cost <= self.cutoff) & (row[costs.point] >= 0)
        pairs = np.flatnonzero(counts & (number[costs.site] >= 0))
        always = np.zeros(len(points))
        always[row[costs.point[counts & limits.fixed[costs.site]]]] = 1
        programme.add_rows(
            np.concatenate([np.arange(len(points)), row[costs.point[pairs]]]),
            np.concatenate([covered, number[costs.site[pairs]]]),
            np.repeat([1.0, -1.0], [len(points), len(pairs)]), upper=always, count=len(points),
        )  # fmt: skip
        return programme, free, covered, points


def _gap(answer: Answer) -> float:
    """Return by what share more could be reached than the answer does."""
    if answer.state == "solved" or answer.values is None:
        return 0.0
    return float("inf") if answer.bound == -np.inf else abs(answer.bound)


def _within(problem: Problem, open_site: BoolArray, cutoff: float) -> BoolArray:
    cost, _ = nearest(problem, open_site)
    return np.asarray(cost <= cutoff)


def _choice(
    problem: Problem, deprived: FloatArray, cutoff: float, open_site: BoolArray, today: BoolArray,
    bound: float,
) -> Choice:  # fmt: skip
    reach, before = _within(problem, open_site, cutoff), _within(problem, today, cutoff)
    peopled = problem.demand > 0
    people = float(problem.demand[reach].sum())
    price = problem.opening_cost
    gap = 0.0 if bound == 0 else (bound - people) / people if people else np.inf
    return Choice(
        np.flatnonzero(open_site), people, float(deprived[reach].sum()),
        float(open_site.sum() if price is None else price[open_site].sum()), max(gap, 0.0),
        np.flatnonzero(reach & ~before & peopled), np.flatnonzero(before & ~reach & peopled),
    )  # fmt: skip


def _better(one: Choice, other: Choice) -> bool:
    """Say whether one plan is as good as another in every way, and better in some."""
    as_good = (
        one.people >= other.people and one.deprived >= other.deprived and one.cost <= other.cost
    )
    return as_good and (one.people, one.deprived, one.cost) != (
        other.people, other.deprived, other.cost
    )  # fmt: skip
