"""A plan: which sites, who goes where, how good it is and how good any plan could be."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from geoengine.siting.effort import Effort, Stopped, Watch
from geoengine.siting.lists import Lists, served
from geoengine.siting.problem import BoolArray, FloatArray, LongArray, Problem
from geoengine.siting.programme import Programme

SAME = 1e-9
"""Objectives that differ by less than this share are equal."""
NAMED = 10
"""A sentence names this many demand points, and counts the others."""


class Model(Protocol):
    """What makes one plan better than another."""

    @property
    def sense(self) -> Literal["least", "most"]:
        """Whether the least or the most is best."""

    @property
    def cutoff(self) -> float:
        """Most that it may cost to use a site, inclusive; inf: no limit."""

    def solve(self, problem: Problem, effort: Effort = ...) -> "Plan":
        """Find the best plan."""

    def value(self, problem: Problem, open_site: BoolArray) -> float:
        """Return the objective of any set of sites; inf (of the least) where it is no plan."""


class Listing(Model, Protocol):
    """A model that can list plans."""

    def near(
        self, problem: Problem, start: BoolArray, limit: float, watch: Watch, /
    ) -> tuple[Programme, LongArray]:
        """
        Return a programme whose values are the plans about as good as a limit, or better.

        Parameters
        ----------
        problem
            The problem.
        start
            Sites of such a plan, shape (sites,).
        limit
            The objective; some plans that are worse may be among them.
        watch
            When to stop.

        Returns
        -------
        tuple
            The programme and the site of each of its first columns; sites that have none are
            in all these plans or in none, as in `start`.
        """


@dataclass(frozen=True, eq=False)
class Assignment:
    """
    Who goes where.

    Parameters
    ----------
    point, site
        Positions of each pair, by demand point, shape (pairs,).
    people
        People who go, shape (pairs,).
    cost
        What it costs each of them, shape (pairs,).
    """

    point: LongArray
    site: LongArray
    people: FloatArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class Plan:
    """
    The best plan found.

    Parameters
    ----------
    problem, model
        What it is a plan for.
    sites
        Positions of the sites of the plan, ascending; none where there is no plan.
    objective
        What the model counts, NaN where there is no plan.
    lower, upper
        The best objective that any plan can have is between them, whatever was found.
    assignment
        Who goes where. Demand points that are not in it are out of reach.
    seconds
        Seconds that the search took.
    how
        The methods that were used, in order.
    stopped
        Why the search ended: `finished` means that nothing better exists; `stalled` that neither
        a better plan nor a better bound was in sight.
    hindering
        Positions of demand points because of which there is no plan.
    reason
        Why there is no plan, as one sentence; empty where there is one.
    """

    problem: Problem
    model: Model
    sites: LongArray
    objective: float
    lower: float
    upper: float
    assignment: Assignment
    seconds: float
    how: tuple[str, ...]
    stopped: Stopped
    hindering: LongArray
    reason: str

    @property
    def feasible(self) -> bool:
        """Whether there is a plan."""
        return not np.isnan(self.objective)

    @property
    def gap(self) -> float:
        """Most by which a better plan could differ, as a share of the objective; 0: proven."""
        if not self.feasible:
            return float("nan")
        if self.upper == self.lower:
            return 0.0
        return (self.upper - self.lower) / abs(self.objective) if self.objective else np.inf

    @property
    def open_site(self) -> BoolArray:
        """Which sites are in the plan, shape (sites,)."""
        open_site = np.zeros(self.problem.costs.sites, dtype=bool)
        open_site[self.sites] = True
        return open_site

    def to_frame(self) -> pd.DataFrame:
        """
        Return who goes where, one row for each demand point and site.

        Returns
        -------
        pandas.DataFrame
            `demand_id`, `site_id`, `people`, `cost`. A point that is out of reach of the plan has
            one row with all its people, without site and cost.
        """
        names, told = self.problem, self.assignment
        beyond = np.setdiff1d(np.arange(names.costs.points), told.point)
        point = np.concatenate([told.point, beyond])
        site = [names.site_name(j) for j in told.site.tolist()] + [None] * len(beyond)
        frame = pd.DataFrame(
            {
                "demand_id": [names.demand_name(i) for i in point.tolist()],
                "site_id": pd.Series(site, dtype=object),
                "people": np.concatenate([told.people, names.demand[beyond]]),
                "cost": np.concatenate([told.cost, np.full(len(beyond), np.nan)]),
            }
        )
        return frame.iloc[np.argsort(point, kind="stable")].reset_index(drop=True)


def plan_of(
    problem: Problem,
    model: Model,
    watch: Watch,
    *,
    open_site: BoolArray,
    objective: float,
    bound: float,
    how: tuple[str, ...],
    assignment: Assignment | None = None,
) -> Plan:
    """
    Return a plan from the sites found.

    Parameters
    ----------
    problem, model, watch
        What was searched, and for how long.
    open_site, objective, bound
        What was found, and what no plan can better.
    how
        By which methods.
    assignment
        Who goes where; by default everyone to the nearest open site.
    """
    if abs(objective - bound) <= SAME * abs(objective):
        bound = objective
    lower, upper = (bound, objective) if model.sense == "least" else (objective, bound)
    return Plan(
        problem, model, np.flatnonzero(open_site), objective, min(lower, objective),
        max(upper, objective),
        nearest_open(problem, open_site, model.cutoff) if assignment is None else assignment,
        watch.taken_s, how, watch.stopped, np.empty(0, np.int64), "",
    )  # fmt: skip


def no_plan(
    problem: Problem,
    model: Model,
    watch: Watch,
    hindering: LongArray,
    reason: str,
    how: tuple[str, ...] = (),
) -> Plan:
    """
    Return the answer that there is no plan, or that none was found.

    Parameters
    ----------
    problem, model, watch
        What was searched, and for how long.
    hindering
        Demand points because of which there is none.
    reason
        Why, as a sentence without a full stop; the names of the points are put behind it.
    how
        By which methods.
    """
    names = [problem.demand_name(i) for i in hindering[:NAMED].tolist()]
    if len(hindering) > NAMED:
        names.append(f"and {len(hindering) - NAMED:,} more")
    sentence = f"{reason}: {', '.join(names)}" if names else reason
    nobody = Assignment(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    stopped = watch.stopped in ("time limit", "cancelled")
    lower, upper = (0.0, np.inf) if stopped else (np.nan, np.nan)
    return Plan(
        problem, model, np.empty(0, np.int64), np.nan, lower, upper, nobody, watch.taken_s,
        how, watch.stopped, hindering, sentence,
    )  # fmt: skip


def nearest_open(problem: Problem, open_site: BoolArray, cutoff: float = np.inf) -> Assignment:
    """
    Send everyone to the nearest open site; of sites equally near, the first.

    Parameters
    ----------
    problem
        The problem.
    open_site
        Sites open, shape (sites,).
    cutoff
        Those for whom it costs more go nowhere.
    """
    cost, site = nearest(problem, open_site)
    point = np.flatnonzero(cost <= min(cutoff, np.finfo(float).max))
    return Assignment(
        point, site[point].astype(np.int64), problem.demand[point].astype(float), cost[point]
    )


def nearest(problem: Problem, open_site: BoolArray) -> tuple[FloatArray, LongArray]:
    """Return each demand point's cost of its nearest open site, inf where none, and the site."""
    costs = problem.costs
    lists = Lists(costs.first, costs.site, costs.cost, np.full(costs.points, np.inf))
    cost, _, site = served(lists, open_site)
    return cost, site.astype(np.int64)
