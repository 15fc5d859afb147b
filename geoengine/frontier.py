"""The fairness frontier: plans that cannot be bettered for all, for the deprived and in cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array

from geoengine.siting import Effort, Problem, nearest, tradeoffs
from geoengine.siting.covering import cover_programme
from geoengine.siting.effort import Watch
from geoengine.siting.lists import limits_of
from geoengine.siting.problem import Costs
from geoengine.siting.programme import Programme

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TOLD_S = 0.5
"""Seconds between one telling of what is found so far and the next."""
BRANCHES = 500
"""Branches searched between one look at the clock and the next."""
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

    Exact: a search tree over the sites, whose branches are bounded by prices. Five sites of
    hundreds, for thousands of demand points, take a second or two; many more may not be finished
    in time, and then each plan tells its gap.

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
    Ehrgott, M. & Gandibleux, X. (2007) Bound sets for biobjective combinatorial optimization
    problems. Computers & Operations Research 34(9), 2674-2694. doi:10.1016/j.cor.2005.10.003

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
    *_, last = search(
        problem, deprived, cutoff=cutoff, levels=levels, baseline=baseline, effort=effort
    )
    return last


def search(
    problem: Problem,
    deprived: FloatArray,
    *,
    cutoff: float,
    levels: Sequence[float] | None = None,
    baseline: BoolArray | None = None,
    effort: Effort = Effort(),  # noqa: B008
) -> Iterator[Frontier]:
    """
    Find the frontier as `frontier` does, and yield what is found so far again and again.

    Yields
    ------
    Frontier
        The last is that of the search when it ends, whole or called off.

    Raises
    ------
    ValueError
        As for `frontier`.
    """
    wanted = _levels(problem, deprived, levels)
    watch = Watch(effort)
    today = problem.existing if baseline is None else baseline
    settled: list[Choice] = []
    complete = True

    def told(more: Sequence[Choice], *, whole: bool) -> Frontier:
        found = [*settled, *more]
        best = [one for one in found if not any(_better(other, one) for other in found)]
        unique = {(each.cost, each.people, each.deprived): each for each in reversed(best)}
        ordered = sorted(unique.values(), key=lambda each: (each.cost, -each.people))
        return Frontier(problem, tuple(ordered), whole)

    for number, level in enumerate(wanted):
        at_level = _Level(problem, deprived, cutoff, level, [each.sites for each in settled])
        allowed = Watch(replace(effort, time_limit_s=_share(watch, len(wanted) - number)))
        new: list[Choice] = []
        for plans, most in at_level.search(allowed):
            new = [
                _choice(problem, deprived, cutoff, open_site, today, bound)
                for open_site, bound in zip(plans, most, strict=True)
            ]
            yield told(new, whole=False)
        complete &= at_level.complete
        if levels is not None:  # else a plan of fewer sites would have been found before
            new = [_cheapest(problem, deprived, cutoff, each, today, watch) for each in new]
        settled += new
    complete &= not watch.over()
    yield told([], whole=complete)


def _share(watch: Watch, levels: int) -> float:
    """Return the seconds for one of some levels that are left, the later ones being harder."""
    return max(watch.left_s * 2 / (levels + 1), 1e-3)


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

    def __init__(
        self,
        problem: Problem,
        deprived: FloatArray,
        cutoff: float,
        level: float,
        known: Sequence[LongArray],
    ) -> None:
        price = _price(problem)
        budget = level if problem.budget is None else min(level, problem.budget)
        self.problem, self.complete = problem, True
        self.possible = price[problem.fixed].sum() <= budget * (1 + SAME)
        costs, limits = problem.costs, limits_of(problem)
        near = costs.cost <= cutoff
        counts = np.stack((problem.demand, deprived)).astype(float)
        fixed = np.zeros(costs.points, dtype=bool)
        fixed[costs.point[near & problem.fixed[costs.site]]] = True
        self.base = counts[:, fixed].sum(axis=1)
        counts[:, fixed] = 0
        free = np.flatnonzero(limits.allowed & ~limits.fixed)
        left = budget * (1 + SAME) - price[problem.fixed].sum()
        room = limits.k - int(problem.fixed.sum())
        self.free, self.ground = _ground(costs, near, counts, free, price, room, left)
        self.same = SAME * np.maximum(counts.sum(axis=1), 1e-9)
        self.front = tradeoffs.no_front(len(self.free))
        for sites in known:
            self.keep(np.isin(self.free, sites))
        self.old = {plan.tobytes() for plan in self.plans()}

    def keep(self, chosen: BoolArray) -> None:
        """Keep a plan that is known."""
        reach = tradeoffs.reach_of(self.ground, chosen)
        self.front = tradeoffs.keep(self.front, reach, chosen, self.same)

    def plans(self) -> BoolArray:
        """Return the plans of the front, shape (plans, free sites)."""
        return self.front.sites[: self.front.held[0]]

    def search(self, watch: Watch) -> Iterator[tuple[list[BoolArray], list[float]]]:
        """Yield the new plans so far, with the most people that any plan as fair could reach."""
        if not self.possible:
            return
        self.keep(np.zeros(len(self.free), dtype=bool))
        bounds, self.front = tradeoffs.ways(self.ground, self.front, self.same)
        tree = tradeoffs.plant(self.ground, bounds)
        self.complete = False
        while not (self.complete or watch.over()):
            yield self.found(bounds)
            begun = watch.taken_s
            while watch.taken_s - begun < TOLD_S and not (self.complete or watch.over()):
                self.front = tradeoffs.grow(
                    self.ground, bounds, tree, self.front, self.same, BRANCHES
                )
                self.complete = bool(tree.depth[0] < 0)
        yield self.found(bounds)

    def found(self, bounds: tradeoffs.Bounds) -> tuple[list[BoolArray], list[float]]:
        """Return the plans that are new, each with the most people that one as fair reaches."""
        plans, most = [], []
        for chosen, reach in zip(self.plans(), self.front.reach, strict=False):
            if chosen.tobytes() in self.old:
                continue
            open_site = self.problem.fixed.copy()
            open_site[self.free[chosen]] = True
            bound = reach[0]
            if not self.complete:
                bound = max(tradeoffs.at_most(self.ground, bounds, reach[1]), bound)
            plans.append(open_site)
            most.append(float(bound + self.base[0]))
        return plans, most


def _price(problem: Problem) -> FloatArray:
    """Return what each site costs, or 1 where plans are compared by how many sites they have."""
    none = problem.opening_cost is None
    return np.ones(problem.costs.sites) if none else np.asarray(problem.opening_cost, dtype=float)


def _ground(
    costs: Costs, near: BoolArray, counts: FloatArray, free: LongArray, price: FloatArray,
    room: int, left: float,
) -> tuple[LongArray, tradeoffs.Ground]:  # fmt: skip
    """
    Return the sites worth a thought, and whom they reach, alike points as one.

    A site that reaches nobody whom another, no dearer, does not reach is not worth one.
    """
    number = np.full(costs.sites, -1)
    number[free] = np.arange(len(free))
    some = near & (number[costs.site] >= 0) & (counts[:, costs.point] > 0).any(axis=0)
    meets = coo_array(
        (np.ones(int(some.sum())), (number[costs.site[some]], costs.point[some])),
        shape=(len(free), costs.points),
    ).tocsr()
    shared = (meets @ meets.T).toarray()
    own = shared.diagonal()
    within = (shared == own[:, None]) & (price[free][None, :] <= price[free][:, None])
    alike = within & within.T
    worse = (within & ~alike).any(axis=1) | np.tril(alike, -1).any(axis=1) | (own == 0)
    kept = ~worse & (price[free] <= left)
    columns = meets[kept].tocsc()
    key = np.random.default_rng(1).integers(0, 2**62, int(kept.sum()), dtype=np.int64)
    name = np.zeros(costs.points, dtype=np.int64)
    np.bitwise_xor.at(
        name, np.repeat(np.arange(costs.points), np.diff(columns.indptr)), key[columns.indices]
    )
    reached = np.flatnonzero(np.diff(columns.indptr))
    _, first, alike_row = np.unique(name[reached], return_index=True, return_inverse=True)
    people: FloatArray = np.stack(
        [np.bincount(alike_row, group[reached], minlength=len(first)) for group in counts]
    ).astype(float)
    meets = columns[:, reached[first]].tocsr()
    meets.sort_indices()
    order = np.argsort(-(meets @ people.sum(axis=0)), kind="stable")
    meets = meets[order]
    sites = free[kept][order]
    ground = tradeoffs.Ground(
        meets.indptr.astype(np.int64), meets.indices.astype(np.int64), people,
        price[sites], min(room, len(sites)), left,
    )  # fmt: skip
    return sites, ground


def _cheapest(
    problem: Problem, deprived: FloatArray, cutoff: float, choice: Choice, today: BoolArray,
    watch: Watch,
) -> Choice:  # fmt: skip
    """Return the plan that reaches as many for the least cost."""
    if watch.over():
        return choice
    programme, free, covered, points = _programme(problem, deprived, cutoff)
    for weights, told in ((problem.demand, choice.people), (deprived, choice.deprived)):
        if told > 0:
            programme.add_row(covered, weights[points], lower=told * (1 - SAME))
    given = np.isin(free, choice.sites).astype(float)
    answer = programme.solve(watch, start=(np.arange(len(free)), given))
    if answer.values is None:
        return choice
    open_site = problem.fixed.copy()
    open_site[free] = answer.values[: len(free)] > 0.5
    bound = choice.people * (1 + choice.gap)
    return _choice(problem, deprived, cutoff, open_site, today, bound)


def _programme(
    problem: Problem, deprived: FloatArray, cutoff: float
) -> tuple[Programme, LongArray, LongArray, LongArray]:
    """Return the programme of least money, the sites of its first columns, one for each point."""
    people, money = problem.demand, _price(problem)
    nobody, limits = problem.for_people(np.zeros(len(people))), limits_of(problem)
    programme, free = cover_programme(nobody, limits, cutoff, 1, money)
    number = np.full(len(money), -1)
    number[free] = np.arange(len(free))
    points = np.flatnonzero((people > 0) | (deprived > 0))
    row = np.full(len(people), -1)
    row[points] = np.arange(len(points))
    covered = programme.add_columns(np.zeros(len(points)))
    costs = problem.costs
    counts = (costs.cost <= cutoff) & (row[costs.point] >= 0)
    pairs = np.flatnonzero(counts & (number[costs.site] >= 0))
    always = np.zeros(len(points))
    always[row[costs.point[counts & limits.fixed[costs.site]]]] = 1
    programme.add_rows(
        np.concatenate([np.arange(len(points)), row[costs.point[pairs]]]),
        np.concatenate([covered, number[costs.site[pairs]]]),
        np.repeat([1.0, -1.0], [len(points), len(pairs)]), upper=always, count=len(points),
    )  # fmt: skip
    return programme, free, covered, points


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
    gap = 0.0 if bound <= people * (1 + SAME) else (bound - people) / people if people else np.inf
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
