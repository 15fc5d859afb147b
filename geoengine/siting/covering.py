"""Covering: the most people within reach, or everyone within reach with the fewest sites."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from geoengine.decay import Decay
from geoengine.siting import capacitated, interchange, median, reduction
from geoengine.siting.effort import Effort, Watch
from geoengine.siting.lists import Limits, Lists, limits_of, lists_of
from geoengine.siting.plan import Plan, nearest, no_plan, plan_of
from geoengine.siting.problem import BoolArray, Costs, FloatArray, LongArray, Problem
from geoengine.siting.programme import Programme


@dataclass(frozen=True)
class MaxCover:
    """
    Most people covered: within the cut-off of an open site, or weighed by a decay.

    Parameters
    ----------
    cutoff
        Most that it may cost to use a site, inclusive.
    decay
        What being so far from the nearest site counts for, from 1 down to 0, and never more
        further away; None: 1 within the cut-off.
    times
        How many sites must be within the cut-off for people to be covered: 2 is backup coverage.

    Raises
    ------
    ValueError
        If the cut-off is negative, `times` is not positive, or more than 1 with a decay.

    References
    ----------
    Church, R. & ReVelle, C. (1974) The maximal covering location problem. Papers of the Regional
    Science Association 32, 101-118. doi:10.1007/BF01942293

    Church, R. & Roberts, K. (1983) Generalized coverage models and public facility location.
    Papers of the Regional Science Association 53, 117-135. doi:10.1007/BF01939922

    Hogan, K. & ReVelle, C. (1986) Concepts and applications of backup coverage. Management
    Science 32(11), 1434-1444. doi:10.1287/mnsc.32.11.1434

    Examples
    --------
    One site for three hamlets in a row a kilometre apart: the middle one reaches all.

    >>> from geoengine.siting import Problem, costs_of
    >>> place = np.arange(3)
    >>> costs = costs_of(1000.0 * abs(place[:, None] - place))
    >>> plan = MaxCover(cutoff=1000).solve(Problem(costs, np.array([5.0, 1.0, 7.0]), k=1))
    >>> plan.sites, plan.objective, plan.gap
    (array([1]), 13.0, 0.0)
    """

    sense: ClassVar[Literal["most"]] = "most"
    cutoff: float = np.inf
    decay: Decay | None = None
    times: int = 1

    def __post_init__(self) -> None:
        if not self.cutoff >= 0 or self.times < 1:
            raise ValueError(
                f"cutoff must be at least 0 and times at least 1, not {self.cutoff:g} and "
                f"{self.times}"
            )
        if self.times > 1 and self.decay is not None:
            raise ValueError("people are covered more than once only within a cut-off: no decay")

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the plan that covers most.

        Parameters
        ----------
        problem
            Demand points out of reach of all sites are allowed: nobody there is covered.
        effort
            How hard to try.
        """
        watch = Watch(effort)
        if problem.capacity is not None:
            if self.times > 1 or self.decay is not None:
                raise ValueError("with capacities people are covered once, within a cut-off")
            return capacitated.most_people(problem, self, watch)
        if self.times > 1:
            return self._backup(problem, watch)
        everyone = float(problem.demand.sum())
        found = median.minimise(self._lists(problem), limits_of(problem), watch)
        assert found.open_site is not None
        return plan_of(
            problem, self, watch, open_site=found.open_site,
            objective=self.value(problem, found.open_site), bound=everyone - found.bound,
            how=found.how,
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return how many people a plan covers."""
        if problem.capacity is not None:
            return capacitated.people_of(problem, open_site, self.cutoff)
        if self.times > 1:
            covered = _times_covered(problem, open_site, self.cutoff) >= self.times
            return float(problem.demand[covered].sum())
        cost, _ = nearest(problem, open_site)
        near = cost <= self.cutoff
        weight = np.zeros(len(cost))
        weight[near] = self._weights(cost[near])
        return float((weight * problem.demand).sum())

    def near(
        self, problem: Problem, start: BoolArray, limit: float, watch: Watch, /
    ) -> tuple[Programme, LongArray]:
        """Return the programme of plans that cover about as many as the limit, or more."""
        if problem.capacity is not None:
            return capacitated.most_people_programme(problem, self.cutoff)
        if self.times > 1:
            return self._backup_programme(problem)
        lost = float(problem.demand.sum()) - limit
        lists, limits = self._lists(problem), limits_of(problem)
        return median.near(lists, limits, watch, start, lost)

    def _weights(self, cost: FloatArray) -> FloatArray:
        return np.ones(len(cost)) if self.decay is None else self.decay(cost)

    def _lists(self, problem: Problem) -> Lists:
        """Return what is lost where the nearest site is so far: nothing where it is at hand."""
        costs = problem.costs.chosen(problem.costs.cost <= self.cutoff)
        weight = self._weights(costs.cost)
        falling = (np.diff(weight) <= 0) | (np.diff(costs.point) != 0)
        if not (falling.all() and (weight >= 0).all() and (weight <= 1).all()):
            raise ValueError("a decay must fall from at most 1 to at least 0")
        lost = Costs(costs.first, costs.site, 1 - weight, costs.sites)
        return lists_of(lost, problem.demand, problem.demand, limits_of(problem))

    def _backup(self, problem: Problem, watch: Watch) -> Plan:
        programme, free = self._backup_programme(problem)
        answer = programme.solve(watch, gap=watch.effort.gap)
        open_site = problem.fixed.copy()
        if answer.values is not None:
            open_site[free] = answer.values[: len(free)] > 0.5
        value = self.value(problem, open_site)
        everyone = float(problem.demand.sum())
        bound = value if answer.state == "solved" and not watch.effort.gap else -answer.bound
        return plan_of(
            problem, self, watch, open_site=open_site, objective=value,
            bound=min(bound, everyone), how=("mixed-integer programme",),
        )  # fmt: skip

    def _backup_programme(self, problem: Problem) -> tuple[Programme, LongArray]:
        limits = limits_of(problem)
        free = np.flatnonzero(limits.allowed & ~limits.fixed)
        row, site, need, people = _needs(problem, limits, self.cutoff, self.times)
        programme = Programme()
        opens = programme.add_columns(np.zeros(len(free)), whole=True)
        covered = programme.add_columns(-people, whole=True)
        number = np.full(len(limits.allowed), -1)
        number[free] = np.arange(len(free))
        rows = np.concatenate([row, np.arange(len(need))])
        columns = np.concatenate([opens[number[site]], covered])
        values = np.concatenate([np.ones(len(row)), -np.maximum(need, 0)])
        programme.add_rows(rows, columns, values, lower=0.0, count=len(need))
        median.add_limits(programme, limits, opens, free)
        return programme, free


@dataclass(frozen=True)
class SetCover:
    """
    Everyone within the cut-off of an open site, with the fewest sites or the least money.

    Parameters
    ----------
    cutoff
        Most that it may cost to use a site, inclusive.
    times
        How many open sites everyone must have within it: 2 is backup coverage.

    Raises
    ------
    ValueError
        If the cut-off is negative or `times` is not positive.

    References
    ----------
    Toregas, C., Swain, R., ReVelle, C. & Bergman, L. (1971) The location of emergency service
    facilities. Operations Research 19(6), 1363-1373. doi:10.1287/opre.19.6.1363

    Examples
    --------
    >>> from geoengine.siting import Problem, costs_of
    >>> place = np.arange(4)
    >>> costs = costs_of(1000.0 * abs(place[:, None] - place))
    >>> plan = SetCover(cutoff=1000).solve(Problem(costs, np.ones(4)))
    >>> len(plan.sites), plan.gap
    (2, 0.0)
    """

    sense: ClassVar[Literal["least"]] = "least"
    cutoff: float
    times: int = 1

    def __post_init__(self) -> None:
        if not self.cutoff >= 0 or self.times < 1:
            raise ValueError(
                f"cutoff must be at least 0 and times at least 1, not {self.cutoff:g} and "
                f"{self.times}"
            )

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the plan of fewest sites; with opening costs, of least money.

        Parameters
        ----------
        problem
            Every demand point with people must have enough sites within the cut-off; k and the
            budget limit the plan.
        effort
            How hard to try.
        """
        watch = Watch(effort)
        everywhere = _times_covered(problem, problem.allowed, self.cutoff)
        beyond = np.flatnonzero((everywhere < self.times) & (problem.demand > 0))
        if len(beyond):
            allowed = "no allowed site is" if self.times == 1 else "too few allowed sites are"
            reason = f"{allowed} within {self.cutoff:g} of these"
            return no_plan(problem, self, watch, beyond, reason)
        if problem.capacity is not None:
            if self.times > 1:
                raise ValueError("with capacities people are covered once")
            return capacitated.fewest_sites(problem, self, watch)
        programme, free = self._programme(problem, any_best=True)
        start = None if self.times > 1 else self._greedy(problem)
        given = None if start is None else (np.arange(len(free)), start[free].astype(float))
        step = 1.0 if problem.opening_cost is None else 0.0
        answer = programme.solve(watch, start=given, gap=watch.effort.gap, step=step)
        open_site = start
        if answer.values is not None:
            open_site = problem.fixed.copy()
            open_site[free] = answer.values[: len(free)] > 0.5
        if open_site is None:
            return self._too_few(problem, watch, proven=answer.state == "infeasible")
        value = self.value(problem, open_site)
        bound = np.ceil(answer.bound - 1e-6) if step else answer.bound
        if answer.state == "solved" and not watch.effort.gap:
            bound = value
        return plan_of(
            problem, self, watch, open_site=open_site, objective=value, bound=max(bound, 0.0),
            how=("greedy", "mixed-integer programme"),
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return how many sites, or how much money, a plan takes; inf where it covers not all."""
        if problem.capacity is not None:
            everyone = float(problem.demand.sum())
            short = capacitated.people_of(problem, open_site, self.cutoff) < everyone * (1 - 1e-9)
        else:
            covered = _times_covered(problem, open_site, self.cutoff) >= self.times
            short = bool((~covered & (problem.demand > 0)).any())
        return np.inf if short else float(price(problem)[open_site].sum())

    def near(
        self, problem: Problem, _start: BoolArray, _limit: float, _watch: Watch, /
    ) -> tuple[Programme, LongArray]:
        """Return the programme of plans that take no more than the limit."""
        if problem.capacity is not None:
            return capacitated.fewest_sites_programme(problem, self.cutoff)
        return self._programme(problem)

    def _programme(
        self, problem: Problem, *, any_best: bool = False
    ) -> tuple[Programme, LongArray]:
        limits = limits_of(problem)
        money = price(problem)
        programme, free = cover_programme(
            problem, limits, self.cutoff, self.times, money, any_best=any_best
        )
        programme.offset = float(money[limits.fixed].sum())
        return programme, free

    def _greedy(self, problem: Problem) -> BoolArray | None:
        """Return a plan that opens the site that covers most for its money, if that is one."""
        limits = limits_of(problem)
        open_site = limits.fixed.copy()
        lists = reach_lists(problem, limits, self.cutoff)
        step_by_step = limits._replace(spending=np.maximum(price(problem), 1e-9), budget=1e300)
        while interchange.total(lists, open_site) > 0:
            if open_site.sum() >= limits.k:
                return None
            one_more = step_by_step._replace(k=int(open_site.sum()) + 1)
            open_site = interchange.open_greedily(lists, one_more, open_site)
        within = (limits.spending * open_site).sum() <= limits.budget
        return open_site if within else None

    def _too_few(self, problem: Problem, watch: Watch, *, proven: bool) -> Plan:
        """Say whom the plan that reaches most people leaves out."""
        if not proven:
            empty = np.empty(0, np.int64)
            return no_plan(problem, self, watch, empty, "no plan was found in time")
        limits, rest = limits_of(problem), Watch(Effort(time_limit_s=watch.effort.time_limit_s))
        if self.times > 1:
            open_site = MaxCover(self.cutoff, times=self.times)._backup(problem, rest).open_site
        else:
            lists = reach_lists(problem, limits, self.cutoff)
            found = median.minimise(lists, limits, rest)
            assert found.open_site is not None
            open_site = found.open_site
        covered = _times_covered(problem, open_site, self.cutoff) >= self.times
        left = np.flatnonzero(~covered & (problem.demand > 0))
        allowed = "the budget" if problem.k is None else f"{problem.k} sites"
        reason = f"{allowed} cannot cover everyone; the plan that covers most leaves"
        return no_plan(problem, self, watch, left, reason, ("mixed-integer programme",))


def price(problem: Problem) -> FloatArray:
    """Return what each site counts for in a set cover: its opening cost, or one site."""
    return np.ones(problem.costs.sites) if problem.opening_cost is None else problem.opening_cost


def reach_lists(problem: Problem, limits: Limits, cutoff: float) -> Lists:
    """Return lists whose total is the number of demand points beyond the cut-off."""
    costs = problem.costs.chosen(problem.costs.cost <= cutoff)
    within = Costs(costs.first, costs.site, np.zeros(len(costs.cost)), costs.sites)
    counts = (problem.demand > 0).astype(np.float64)
    return lists_of(within, counts, counts, limits)


def cover_programme(
    problem: Problem, limits: Limits, cutoff: float, times: int, money: FloatArray,
    *, any_best: bool = False,
) -> tuple[Programme, LongArray]:  # fmt: skip
    """
    Return the programme of plans that cover everyone so many times, at the least money.

    With `any_best` it need not hold all plans, only one of the least money and of the fewest
    sites for it.
    """
    free = np.flatnonzero(limits.allowed & ~limits.fixed)
    row, site, need, _ = _needs(problem, limits, cutoff, times)
    if any_best and times == 1:
        row, site, need, free = _smaller(row, site, need, free, money)
    number = np.full(len(limits.allowed), -1)
    number[free] = np.arange(len(free))
    programme = Programme()
    opens = programme.add_columns(money[free], whole=True)
    programme.add_rows(row, opens[number[site]], 1.0, lower=need, count=len(need))
    most = limits.k - float(limits.fixed.sum())
    programme.add_row(opens, 1.0, upper=most)
    if limits.budget < np.inf:
        left = limits.budget - float(limits.spending[limits.fixed].sum())
        programme.add_row(opens, limits.spending[free], upper=left)
    return programme, free


def _smaller(
    row: LongArray, site: LongArray, need: FloatArray, free: LongArray, money: FloatArray
) -> tuple[LongArray, LongArray, FloatArray, LongArray]:
    """Return the pairs and needs of the rows, and the sites, that have a say in the least money."""
    wanting, number = need > 0, np.full(len(money), -1)
    number[free] = np.arange(len(free))
    open_row = np.cumsum(wanting) - 1
    pairs = wanting[row]
    row, at = open_row[row[pairs]], number[site[pairs]]
    kept, useful = reduction.reduced(row, at, money[free], int(wanting.sum()))
    pairs = kept[row] & useful[at]
    return (np.cumsum(kept) - 1)[row[pairs]], free[at[pairs]], np.ones(kept.sum()), free[useful]


def _times_covered(problem: Problem, open_site: BoolArray, cutoff: float) -> LongArray:
    """Return how many open sites each demand point has within the cut-off."""
    costs = problem.costs
    counts = open_site[costs.site] & (costs.cost <= cutoff)
    return np.bincount(costs.point[counts], minlength=costs.points)


def _needs(
    problem: Problem, limits: Limits, cutoff: float, times: int
) -> tuple[LongArray, LongArray, FloatArray, FloatArray]:
    """
    Return the sites in doubt that cover each demand point with people, alike points as one.

    Returns row and site of each pair; and of each row how many must open, and its people.
    """
    costs, peopled = problem.costs, problem.demand > 0
    fixed_too = _times_covered(problem, limits.fixed, cutoff)
    free = limits.allowed & ~limits.fixed
    counts = free[costs.site] & (costs.cost <= cutoff) & peopled[costs.point]
    key = np.random.default_rng(1).integers(0, 2**62, len(free), dtype=np.int64)
    name = np.zeros(costs.points, dtype=np.int64)
    np.bitwise_xor.at(name, costs.point[counts], key[costs.site[counts]])
    kinds = np.stack([name, fixed_too], axis=1)[peopled]
    _, first, kind = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    kind = kind.reshape(-1)
    row_of = np.full(costs.points, -1)
    leading = np.flatnonzero(peopled)[first]
    row_of[leading] = np.arange(len(leading))
    kept = counts & (row_of[costs.point] >= 0)
    people = np.bincount(kind, problem.demand[peopled], minlength=len(leading))
    need = np.asarray(times - fixed_too[leading], dtype=np.float64)
    rows = np.asarray(row_of[costs.point[kept]], dtype=np.int64)
    return rows, costs.site[kept].astype(np.int64), need, np.asarray(people, dtype=np.float64)
