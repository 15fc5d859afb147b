"""
The set of sites that costs least when each demand point uses its cheapest, with proof.

The engine behind the p-median and maximal covering: good plans by interchange, a bound by
Lagrangean relaxation, sites settled by what they add to the bound, and a programme for the rest.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from geoengine.siting import interchange, relaxation
from geoengine.siting.effort import Watch
from geoengine.siting.lists import Limits, Lists, served
from geoengine.siting.problem import BoolArray, FloatArray, IntArray, LongArray, Problem
from geoengine.siting.programme import Programme

STEPS = 50
SMALLEST_STEP = 0.002
MOST_PAIRS = 400_000
"""A programme of more pairs takes longer than anybody waits."""
SAME = 1e-9
"""Costs that differ by less than this share are equal."""


@dataclass(frozen=True, eq=False)
class Found:
    """
    What the search found.

    Parameters
    ----------
    open_site
        Sites of the best plan, shape (sites,); None: no plan was found.
    value, bound
        What it costs, and what no plan can undercut; a bound of inf: there is no plan.
    how
        By which methods.
    unserved
        Rows left out by the plan that serves most, where no plan serves all.
    """

    open_site: BoolArray | None
    value: float
    bound: float
    how: tuple[str, ...]
    unserved: LongArray


def minimise(lists: Lists, limits: Limits, watch: Watch) -> Found:
    """
    Find the plan of least total cost.

    Parameters
    ----------
    lists
        What each site would cost each row.
    limits
        What a plan may be.
    watch
        When to stop; told why if before the end.
    """
    none = np.empty(0, dtype=np.int64)
    if len(lists.first) == 1:
        return Found(limits.fixed.copy(), 0.0, 0.0, ("nothing to serve",), none)
    must = np.isinf(lists.unserved)
    search = _Search(lists, limits, watch)
    if must.any() and not np.isfinite(search.value):
        reach = Lists(lists.first, lists.site, np.zeros(len(lists.value)), np.where(must, 1.0, 0.0))
        covering = minimise(reach, limits, watch)
        if covering.value > 0:
            assert covering.open_site is not None
            _, _, serving = served(lists, covering.open_site)
            bound = np.inf if covering.bound > 0 else -np.inf
            return Found(None, np.inf, bound, covering.how, np.flatnonzero(must & (serving < 0)))
        assert covering.open_site is not None
        search.improve(covering.open_site)
    search.bound_by_prices()
    if not search.done() and not watch.over():
        search.bound_by_programme()
    return Found(search.best, search.value, search.bound, tuple(search.how), none)


def near(
    lists: Lists, limits: Limits, watch: Watch, start: BoolArray, limit: float
) -> tuple[Programme, LongArray]:
    """
    Return the programme of all plans with the most sites that cost no more than a limit.

    Parameters
    ----------
    lists, limits, watch
        As for `minimise`.
    start
        Sites of a plan that costs no more than the limit, shape (sites,).
    limit
        Some plans that cost more may be among them.

    Returns
    -------
    tuple
        The programme and the sites in doubt; all others are open as in `start`.
    """
    search = _Search(lists, limits, watch)
    search.improve(start)
    search.limit = limit
    search.bound_by_prices()
    return programme_of(truncated(search.lists, search.limits), search.limits)


class _Search:
    """The best plan and the best bound so far, and the sites that are still in doubt."""

    def __init__(self, lists: Lists, limits: Limits, watch: Watch) -> None:
        self.whole, self.lists, self.watch = lists, lists, watch
        self.limits = _comparable(limits, len(lists.first) - 1)
        self.tried: set[bytes] = set()
        values = np.append(lists.value, lists.unserved[np.isfinite(lists.unserved)])
        self.step = 1.0 if (values == np.rint(values)).all() else 0.0
        ends = lists.first[1:][np.diff(lists.first) > 0] - 1
        self.rounding = SAME * float(values.max(initial=0.0))
        penalty = 2 * float(lists.value[ends].sum()) + 1
        self.penalised = lists._replace(unserved=np.minimum(lists.unserved, penalty))
        self.best = limits.fixed.copy()
        self.value, self.bound, self.limit = np.inf, 0.0, -np.inf
        self.how = ["interchange"]
        self.improve(limits.fixed)

    def improve(self, start: BoolArray) -> None:
        """Make a plan from the sites given, and keep it if it is the best."""
        if start.tobytes() in self.tried:
            return
        self.tried.add(start.tobytes())
        limits = self.limits
        if limits.budget < np.inf:
            among = limits._replace(allowed=start)
            start = interchange.open_greedily(self.penalised, among, limits.fixed)
        open_site = interchange.open_greedily(self.penalised, limits, start)
        settled = False
        while not settled and not self.watch.over():
            open_site, settled = interchange.swap(self.penalised, limits, open_site, 10)
        value = interchange.total(self.whole, open_site)
        if value < self.value or not np.isfinite(self.value):
            self.best, self.value = open_site, value

    def raise_to(self, bound: float) -> None:
        """Keep a bound if it is the best, rounded up where every total is a whole number."""
        if self.step:
            bound = float(np.ceil(bound - 1e-4))
        self.bound = min(max(self.bound, bound), self.value)

    def done(self) -> bool:
        """Say whether the plan is proven good enough."""
        wanted = max(self.watch.effort.gap, SAME) * abs(self.value)
        if self.value - self.bound <= wanted:
            if self.watch.effort.gap <= SAME or self.value - self.bound <= SAME * abs(self.value):
                self.bound = self.value
                self.watch.stopped = "finished"
            else:
                self.watch.stopped = "gap reached"
            return True
        return False

    def bound_by_prices(self) -> None:
        """Raise the bound by prices until it stalls, and try the sites that they choose."""
        nearest, second, _ = served(self.lists, self.best)
        prices = relaxation.begin(nearest, second, self.lists.unserved)
        self.how.append("Lagrangean relaxation")
        while prices.progress[1] > SMALLEST_STEP and not self.watch.over():
            chosen = relaxation.raise_bound(self.lists, self.limits, prices, self.value, STEPS)
            self.raise_to(prices.progress[0])
            self.improve(chosen)
            if self.limit < self.value and self.done():
                return
            self._settle(prices)

    def _settle(self, prices: relaxation.Prices) -> None:
        """Drop the sites that no better plan has."""
        money = float(prices.money_price[0])
        saving = relaxation.savings(self.lists, self.limits, prices.price, money)
        target = max(self.value, self.limit) * (1 + SAME) + self.rounding
        fixed, allowed = relaxation.settle(self.limits, saving, prices.progress[0], target)
        more = fixed.sum() > self.limits.fixed.sum()
        if more or allowed.sum() <= 0.9 * self.limits.allowed.sum():
            self.limits = self.limits._replace(fixed=fixed, allowed=allowed)
            self.lists = narrowed(self.lists, self.limits)
            self.penalised = narrowed(self.penalised, self.limits)

    def bound_by_programme(self) -> None:
        """Solve what is left as a programme, if it is small enough."""
        lists, limits = truncated(self.lists, self.limits), self.limits
        if len(lists.value) > MOST_PAIRS:
            self.watch.stopped = "stalled"
            return
        self.how.append("mixed-integer programme")
        programme, free = programme_of(lists, limits)
        if not (len(free) and np.isfinite(programme.offset)):
            self.improve(limits.fixed)
            self.bound = self.value
            return
        start = (np.arange(len(free)), self.best[free].astype(np.float64))
        gap = self.watch.effort.gap
        answer = programme.solve(self.watch, start=start, gap=gap, step=self.step)
        if answer.values is not None:
            plan = limits.fixed.copy()
            plan[free] = answer.values[: len(free)] > 0.5
            value = interchange.total(self.whole, plan)
            if value < self.value:
                self.best, self.value = plan, value
        self.raise_to(answer.bound)
        if answer.state != "stopped" and gap == 0:
            self.bound = self.value
        if not self.done():
            self.watch.over()


def _comparable(limits: Limits, rows: int) -> Limits:
    """Return the limits with money in a unit that moves prices as much as rows do."""
    if not limits.budget < np.inf or not limits.spending.any():
        return limits
    unit = float(limits.spending[limits.spending > 0].mean()) * max(limits.k, 1) / rows
    return limits._replace(spending=limits.spending / unit, budget=limits.budget / unit)


def narrowed(lists: Lists, limits: Limits) -> Lists:
    """Return the lists without sites no longer allowed, cut off after the first fixed one."""
    kept = _kept(lists.first, lists.site, limits.fixed, limits.allowed)
    first = np.concatenate(([0], np.cumsum(kept)))[lists.first]
    return Lists(first, lists.site[kept], lists.value[kept], lists.unserved)


@njit(cache=True, nogil=True)
def _kept(first: LongArray, site: IntArray, fixed: BoolArray, allowed: BoolArray) -> BoolArray:
    kept = np.zeros(len(site), np.bool_)
    for i in range(len(first) - 1):
        for p in range(first[i], first[i + 1]):
            kept[p] = allowed[site[p]]
            if fixed[site[p]]:
                break
    return kept


def truncated(lists: Lists, limits: Limits) -> Lists:
    """
    Return the lists without pairs that no plan of as many sites as allowed uses.

    When only c of the sites in doubt stay closed, nobody goes past their (c + 1)-th.
    """
    in_doubt = int((limits.allowed & ~limits.fixed).sum())
    closed = in_doubt - (limits.k - int(limits.fixed.sum()))
    if limits.budget < np.inf or closed < 0:
        return lists
    place = np.arange(len(lists.site)) - np.repeat(lists.first[:-1], np.diff(lists.first))
    kept = place <= closed
    first = np.concatenate(([0], np.cumsum(kept)))[lists.first]
    return Lists(first, lists.site[kept], lists.value[kept], lists.unserved)


def programme_of(lists: Lists, limits: Limits) -> tuple[Programme, LongArray]:
    """
    Return the programme of a small problem, and the site of each of its first columns.

    A column says whether a site in doubt opens; another, for each set of nearest sites of any
    row, whether none of them does, which costs the row the way to its next. Rows with the same
    nearest sites share columns.

    References
    ----------
    Elloumi, S. (2010) A tighter formulation of the p-median problem. Journal of Combinatorial
    Optimization 19, 69-83. doi:10.1007/s10878-008-9162-0
    """
    free = np.flatnonzero(limits.allowed & ~limits.fixed)
    number = np.full(len(limits.allowed), -1, dtype=np.int64)
    number[free] = np.arange(len(free))
    key = np.random.default_rng(1).integers(0, 2**63, len(limits.allowed), dtype=np.int64)
    level = _levels(lists.first, lists.site, lists.value, lists.unserved, limits.fixed, key)
    offset, pair_level, parent, prefix, extra = level
    programme = Programme(offset)
    opens = programme.add_columns(np.zeros(len(free)), whole=True)
    names, column = np.unique(prefix, return_inverse=True)
    certain = np.isinf(extra)
    cost = np.bincount(column, np.where(certain, 0.0, extra), minlength=len(names))
    closed = np.zeros(len(names), dtype=bool)
    closed[column[certain]] = True
    nothing = programme.add_columns(cost, upper=np.where(closed, 0.0, 1.0))
    first_of = np.full(len(names), len(prefix))
    np.minimum.at(first_of, column, np.arange(len(prefix)))
    taken = np.zeros(len(prefix), dtype=bool)
    taken[first_of] = True
    row_of = np.cumsum(taken) - 1
    levels = np.flatnonzero(taken)
    chained = parent[levels] >= 0
    within = np.append(taken, False)[pair_level]
    rows = np.concatenate([row_of[levels], row_of[levels[chained]], row_of[pair_level[within]]])
    columns = np.concatenate([
        nothing[column[levels]], nothing[column[parent[levels[chained]]]],
        opens[number[lists.site[within]]],
    ])  # fmt: skip
    values = np.repeat([1.0, -1.0, 1.0], [len(levels), int(chained.sum()), int(within.sum())])
    lower = np.where(chained, 0.0, 1.0)
    programme.add_rows(rows, columns, values, lower=lower, count=len(levels))
    add_limits(programme, limits, opens, free)
    return programme, free


def add_limits(programme: Programme, limits: Limits, opens: LongArray, free: LongArray) -> None:
    """
    Add the rows that hold a plan to its number of sites and to its budget.

    Without a budget a plan has as many sites as it may, as one more does no harm.
    """
    most = min(limits.k - int(limits.fixed.sum()), len(free))
    unlimited = np.isinf(limits.budget)
    programme.add_row(opens, 1.0, lower=most if unlimited else 0, upper=most)
    if not unlimited:
        left = limits.budget - float(limits.spending[limits.fixed].sum())
        programme.add_row(opens, limits.spending[free], upper=left)


@njit(cache=True, nogil=True)
def _levels(
    first: LongArray,
    site: IntArray,
    value: FloatArray,
    unserved: FloatArray,
    fixed: BoolArray,
    key: LongArray,
) -> tuple[float, LongArray, LongArray, LongArray, FloatArray]:
    """
    Cut each row into levels of equal value.

    Returns the cost of all rows at their first levels; the level of each pair, -1 for those of
    levels with a fixed site; and for each level the one before (-1: none), the name of the set
    of sites up to it, and the cost of having none of them (inf: that is no plan).
    """
    level_of = np.full(len(site), -1, np.int64)
    parent = np.empty(len(site), np.int64)
    prefix = np.empty(len(site), np.int64)
    extra = np.empty(len(site))
    offset, count = 0.0, 0
    for i in range(len(first) - 1):
        p, end = first[i], first[i + 1]
        offset += unserved[i] if p == end else value[p]
        before, name = -1, np.int64(0)
        while p < end:
            q, safe = p, False
            while q < end and value[q] == value[p]:
                name ^= key[site[q]]
                safe |= fixed[site[q]]
                q += 1
            if safe:
                break
            level_of[p:q] = count
            parent[count], prefix[count] = before, name
            extra[count] = (value[q] if q < end else unserved[i]) - value[p]
            before = count
            count += 1
            p = q
    return offset, level_of, parent[:count], prefix[:count], extra[:count]


def short_of(found: Found, problem: Problem) -> tuple[str, tuple[str, ...]]:
    """Say why no plan serves all, and by which methods that was found."""
    allowed = "the budget" if problem.k is None else f"{problem.k} sites"
    if problem.k is not None and problem.budget is not None:
        allowed += " and the budget"
    if found.bound == np.inf:
        return f"{allowed} cannot reach everyone; the plan that reaches most leaves", found.how
    return f"no plan of {allowed} that reaches everyone was found; the best leaves", found.how
