"""The p-median: everyone to the nearest site, at the least cost in all."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from geoengine.siting import capacitated, median
from geoengine.siting.effort import Effort, Watch
from geoengine.siting.lists import Lists, limits_of, lists_of
from geoengine.siting.plan import Plan, nearest, no_plan, plan_of
from geoengine.siting.problem import BoolArray, LongArray, Problem
from geoengine.siting.programme import Programme


@dataclass(frozen=True)
class PMedian:
    """
    Least total cost: the sum over all people of what their nearest site costs them.

    With capacities people of one demand point may go to different sites, and the plan says who
    goes where. For the mean of the most deprived fifth give `problem.for_people` their people.

    References
    ----------
    Hakimi, S. (1964) Optimum locations of switching centers and the absolute centers and medians
    of a graph. Operations Research 12(3), 450-459. doi:10.1287/opre.12.3.450

    Examples
    --------
    Ten people live beside each of two sites and thirty beside a third, in a row a minute apart.

    >>> import numpy as np
    >>> from geoengine.siting import Problem, costs_of
    >>> place = np.arange(3)
    >>> costs = costs_of(60.0 * abs(place[:, None] - place))
    >>> plan = PMedian().solve(Problem(costs, np.array([10.0, 10.0, 30.0]), k=1))
    >>> plan.sites, plan.objective, plan.gap
    (array([2]), 1800.0, 0.0)
    """

    sense: ClassVar[Literal["least"]] = "least"
    cutoff: ClassVar[float] = np.inf

    def solve(self, problem: Problem, effort: Effort = Effort()) -> Plan:  # noqa: B008
        """
        Find the plan of least cost.

        Parameters
        ----------
        problem
            Every demand point with people must have a site in reach.
        effort
            How hard to try.
        """
        watch = Watch(effort)
        beyond = problem.out_of_reach()
        if len(beyond):
            return no_plan(
                problem, self, watch, beyond, "no allowed site can be reached from these"
            )
        if problem.capacity is not None:
            return capacitated.least_cost(problem, self, watch)
        found = median.minimise(self._lists(problem), limits_of(problem), watch)
        if found.open_site is None:
            points = np.flatnonzero(problem.demand > 0)[found.unserved]
            return no_plan(problem, self, watch, points, *median.short_of(found, problem))
        return plan_of(
            problem, self, watch, open_site=found.open_site,
            objective=self.value(problem, found.open_site), bound=found.bound, how=found.how,
        )  # fmt: skip

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return the total cost of a plan, inf where it leaves anybody out of reach."""
        if problem.capacity is not None:
            return capacitated.cost_of(problem, open_site)
        cost, _ = nearest(problem, open_site)
        counts = problem.demand > 0
        return float((cost[counts] * problem.demand[counts]).sum())

    def near(
        self, problem: Problem, start: BoolArray, limit: float, watch: Watch, /
    ) -> tuple[Programme, LongArray]:
        """Return the programme of plans that cost about as much as the limit, or less."""
        if problem.capacity is not None:
            return capacitated.least_cost_programme(problem)
        limits = limits_of(problem)
        return median.near(self._lists(problem), limits, watch, start, limit)

    def _lists(self, problem: Problem) -> Lists:
        must = np.full(problem.costs.points, np.inf)
        return lists_of(problem.costs, problem.demand, must, limits_of(problem))
