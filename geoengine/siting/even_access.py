"""Even access: hand out a fixed number of places so that everyone has about as many in reach."""

import heapq
from dataclasses import dataclass
from typing import ClassVar, Literal

import highspy
import numpy as np
from scipy.sparse import csr_array

from geoengine.decay import Decay
from geoengine.siting.effort import Effort, Watch
from geoengine.siting.lists import Limits, limits_of
from geoengine.siting.plan import Assignment, Plan, no_plan, plan_of
from geoengine.siting.problem import BoolArray, FloatArray, Problem
from geoengine.siting.programme import run

WHOLE = 1e-6
"""A site that is this nearly open or closed in a relaxation is."""
SCALE = 1e3
SAME = 1e-6
"""Spreads that differ by less than this share are equal."""


@dataclass(frozen=True)
class EvenAccess:
    """
    Least spread of access: the sum over all people of (their access - the mean) squared.

    Access is places per person by two-step floating catchment: the places of each site are
    shared among all in its catchment. The total of places is given, and with it the mean, so
    that nobody gains evenness by offering less. The plan says which sites open and how many
    places each has, up to its capacity; its assignment gives each site's places to its
    catchment.

    Parameters
    ----------
    places
        Places to hand out in all.
    cutoff
        Size of a catchment, inclusive, in the unit of the costs.
    decay
        What a site so far away counts for; None: 1 within the cut-off.

    Raises
    ------
    ValueError
        If `places` is not positive or the cut-off is negative.

    References
    ----------
    Wang, F. & Tang, Q. (2013) Planning toward equal accessibility to services: a quadratic
    programming approach. Environment and Planning B 40(2), 195-212. doi:10.1068/b37096

    Li, X., Wang, F. & Yi, H. (2017) A two-step approach to planning new facilities towards equal
    accessibility. Environment and Planning B 44(6), 994-1011. doi:10.1177/0265813516657083

    Examples
    --------
    Two villages, each with its own site, of 10 and 30 children: 8 places part as the children do.

    >>> from geoengine.siting import Problem, costs_of
    >>> costs = costs_of(np.array([[60.0, np.inf], [np.inf, 60.0]]))
    >>> problem = Problem(costs, np.array([10.0, 30.0]), capacity=np.array([20.0, 20.0]))
    >>> model = EvenAccess(places=8)
    >>> model.places_of(model.solve(problem)).round(3)
    array([2., 6.])
    """

    sense: ClassVar[Literal["least"]] = "least"
    places: float
    cutoff: float = np.inf
    decay: Decay | None = None

    def __post_init__(self) -> None:
        if not (self.places > 0 and self.cutoff >= 0):
            raise ValueError(
                f"places must be positive and cutoff at least 0, not {self.places:g} and "
                f"{self.cutoff:g}"
            )

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the sites and their places.

        Branch and bound over quadratic programmes: the bound is proven for any problem, but
        only dozens of sites are settled in a minute when few of them may open.

        Parameters
        ----------
        problem
            With capacities, the most places of each site.
        effort
            How hard to try.

        Raises
        ------
        ValueError
            If the problem has no capacities.
        """
        watch, limits = Watch(effort), limits_of(problem)
        share = self._share(problem)
        room = self._room(problem)
        most = np.sort(np.where(limits.allowed & ~limits.fixed, room, 0.0))[::-1]
        extra = most[: max(limits.k - int(limits.fixed.sum()), 0)].sum()
        if room[limits.fixed].sum() + extra < self.places * (1 - 1e-9):
            offered = room[limits.fixed].sum() + extra
            return no_plan(
                problem, self, watch, np.empty(0, np.int64),
                f"the sites that may open have {offered:,.0f} places at most within reach of "
                f"anybody, not {self.places:,.0f}",
            )  # fmt: skip
        search = _Branching(_Spread(share, problem.demand, self.places), room, limits, watch)
        search.run()
        if search.best is None:
            return no_plan(
                problem,
                self,
                watch,
                np.empty(0, np.int64),
                "no sites within the budget and their number have so many places",
            )
        return plan_of(
            problem, self, watch, open_site=search.open_site, objective=search.value,
            bound=search.bound, how=("branch and bound over quadratic programmes",),
            assignment=self._assignment(problem, share, search.best),
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return the least spread that these sites allow; inf where they lack the places."""
        room = np.where(open_site, self._room(problem), 0.0)
        if room.sum() < self.places * (1 - 1e-9):
            return np.inf
        limits = Limits(open_site, open_site, int(open_site.sum()), np.zeros(len(room)), np.inf)
        spread = _Spread(self._share(problem), problem.demand, self.places)
        solved = spread.relaxed(room, limits, Watch(Effort()))
        return np.inf if solved is None else spread.of(solved[0])

    def places_of(self, plan: Plan) -> FloatArray:
        """Return the places of each site of a plan, shape (sites,)."""
        told = plan.assignment
        return np.asarray(
            np.bincount(told.site, told.people, minlength=plan.problem.costs.sites),
            dtype=np.float64,
        )

    def _share(self, problem: Problem) -> csr_array:
        """Return what one place at each site adds to access, shape (demand points, sites)."""
        costs = problem.costs.chosen(problem.costs.cost <= self.cutoff)
        weight = np.ones(len(costs.cost)) if self.decay is None else self.decay(costs.cost)
        rivals = np.bincount(
            costs.site, weight * problem.demand[costs.point], minlength=costs.sites
        )
        each = np.divide(
            weight, rivals[costs.site], out=np.zeros(len(weight)), where=rivals[costs.site] > 0
        )
        shape = (costs.points, costs.sites)
        return csr_array((each, (costs.point, costs.site)), shape=shape)

    def _room(self, problem: Problem) -> FloatArray:
        """Return the most places of each site; none where nobody is in its catchment."""
        if problem.capacity is None:
            raise ValueError("even access needs capacities: the most places of each site")
        used = np.asarray(self._share(problem).sum(axis=0)).ravel() > 0
        return np.where(problem.allowed & used, problem.capacity, 0.0).astype(np.float64)

    def _assignment(self, problem: Problem, share: csr_array, places: FloatArray) -> Assignment:
        given = share.tocoo()
        people = given.data * problem.demand[given.row] * places[given.col]
        kept = people > 0
        cost = csr_array(
            (problem.costs.cost + 1, (problem.costs.point, problem.costs.site)), shape=share.shape
        )
        point, site = given.row[kept].astype(np.int64), given.col[kept].astype(np.int64)
        order = np.lexsort((site, point))
        point, site = point[order], site[order]
        reached = np.asarray(cost[point, site]).ravel() - 1
        return Assignment(point, site, people[kept][order], reached)


class _Spread:
    """The spread of access as a quadratic function of the places of each site."""

    def __init__(self, share: csr_array, demand: FloatArray, places: float) -> None:
        people = demand.astype(np.float64)
        self.share, self.people, self.places = share, people, places
        self.mean = places / people.sum() if people.sum() else 0.0
        self.square = np.asarray((share.T @ (share * people[:, None])).todense())
        self.slope = share.T @ (people * self.mean)
        self.constant = float(people.sum() * self.mean**2)
        top = float(np.abs(self.square).max(initial=0.0))
        self.unit = SCALE / top if top else 1.0

    def of(self, places: FloatArray) -> float:
        """Return the spread of a number of places at each site."""
        access = self.share @ places
        return float((self.people * (access - self.mean) ** 2).sum())

    def relaxed(
        self, room: FloatArray, limits: Limits, watch: Watch
    ) -> tuple[FloatArray, FloatArray] | None:
        """Return places and how open each site is when sites may open in part, or None."""
        count = len(room)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", max(watch.left_s, 1e-3))
        model = highspy.HighsModel()
        lp, hessian = model.lp_, model.hessian_
        lp.num_col_, lp.num_row_ = 2 * count, count + 3
        lp.col_cost_ = np.concatenate([-2 * self.slope * self.unit, np.zeros(count)])
        lp.col_lower_ = np.concatenate([np.zeros(count), limits.fixed.astype(float)])
        lp.col_upper_ = np.concatenate([room, limits.allowed.astype(float)])
        lp.row_lower_ = np.append(np.full(count, -np.inf), [self.places, -np.inf, -np.inf])
        most = limits.budget if limits.budget < np.inf else np.inf
        lp.row_upper_ = np.append(np.zeros(count), [self.places, float(limits.k), most])
        each, ones = np.arange(count), np.ones(count)
        row = np.concatenate([each, each, np.full(count, count), np.full(count, count + 1),
                              np.full(count, count + 2)])  # fmt: skip
        column = np.concatenate([each, each + count, each, each + count, each + count])
        value = np.concatenate([ones, -room, ones, ones, limits.spending])
        cells = csr_array((value, (row, column)), shape=(count + 3, 2 * count))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = cells.indptr, cells.indices
        lp.a_matrix_.value_ = cells.data
        lower = np.tril(self.square) * 2 * self.unit
        start = [0]
        index: list[int] = []
        values: list[float] = []
        for j in range(count):
            at = np.flatnonzero(lower[:, j])
            index += at.tolist()
            values += lower[at, j].tolist()
            start.append(len(index))
        hessian.dim_ = 2 * count
        hessian.format_ = highspy.HessianFormat.kTriangular
        hessian.start_ = np.array(start + [len(index)] * count)
        hessian.index_, hessian.value_ = np.array(index), np.array(values)
        solver.passModel(model)
        run(solver)
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values_found = np.array(solver.getSolution().col_value)
        return values_found[:count].clip(0, room), values_found[count:]


class _Branching:
    """Branch and bound: open or close the site that a relaxation is least decided about."""

    def __init__(self, spread: _Spread, room: FloatArray, limits: Limits, watch: Watch) -> None:
        self.spread, self.room, self.limits, self.watch = spread, room, limits, watch
        self.best: FloatArray | None = None
        self.open_site = limits.fixed.copy()
        self.value, self.bound = np.inf, 0.0

    def run(self) -> None:
        """Search until the bound meets the best plan, or time is up."""
        count = 0
        queue: list[tuple[float, int, Limits, FloatArray, FloatArray]] = []
        self._add(queue, self.limits, count)
        while queue:
            self.bound = min(max(self.bound, queue[0][0]), self.value)
            wanted = max(self.watch.effort.gap, SAME)
            if self.best is not None and self.value - self.bound <= wanted * self.value:
                if wanted > SAME:
                    self.watch.stopped = "gap reached"
                else:
                    self.bound = self.value
                return
            if self.watch.over():
                return
            _, _, limits, _, opened = heapq.heappop(queue)
            doubt = np.where(limits.allowed & ~limits.fixed, np.abs(opened - np.rint(opened)), -1)
            j = int(doubt.argmax())
            for chosen in (True, False):
                fixed, allowed = limits.fixed.copy(), limits.allowed.copy()
                fixed[j], allowed[j] = chosen, chosen
                count += 1
                self._add(queue, limits._replace(fixed=fixed, allowed=allowed), count)
        self.bound = self.value

    def _add(self, queue: list, limits: Limits, number: int) -> None:  # type: ignore[type-arg]
        """Solve a relaxation; try the plan that it points to, and queue it if in doubt."""
        if limits.fixed.sum() > limits.k:
            return
        solved = self.spread.relaxed(self.room, limits, self.watch)
        if solved is None:
            return
        places, opened = solved
        bound = self.spread.of(places)
        if bound >= self.value:
            return
        self._try(limits, opened)
        doubt = np.abs(opened - np.rint(opened))[limits.allowed & ~limits.fixed]
        if doubt.max(initial=0.0) > WHOLE and bound < self.value:
            heapq.heappush(queue, (bound, number, limits, places, opened))

    def _try(self, limits: Limits, opened: FloatArray) -> None:
        """Open the sites that a relaxation opens most, and keep the plan if it is the best."""
        open_site, spent = limits.fixed.copy(), (limits.spending * limits.fixed).sum()
        for j in np.lexsort((np.arange(len(opened)), -opened)):
            fits = open_site.sum() < limits.k and spent + limits.spending[j] <= limits.budget
            if limits.allowed[j] and not open_site[j] and self.room[j] > 0 and fits:
                open_site[j] = True
                spent += limits.spending[j]
        only = limits._replace(fixed=open_site, allowed=open_site)
        solved = self.spread.relaxed(np.where(open_site, self.room, 0.0), only, self.watch)
        if solved is not None and self.spread.of(solved[0]) < self.value:
            self.best, self.open_site = solved[0], open_site
            self.value = self.spread.of(solved[0])
