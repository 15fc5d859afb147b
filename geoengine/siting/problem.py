"""A siting problem: who needs what, where it could be, what may open, and what it may cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.travel_times import TravelTimes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class SiteState(StrEnum):
    """What a plan may do with a candidate site."""

    KEPT = "existing-kept"
    CLOSABLE = "existing-closable"
    OPTIONAL = "optional"
    REQUIRED = "required"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, eq=False)
class Costs:
    """
    What it costs each demand point to use each site that it can reach, nearest first.

    Parameters
    ----------
    first
        Sites of demand point i are `first[i]` to `first[i + 1]`, shape (demand points + 1,).
    site
        Position of each pair's site, by cost and then position within a demand point, (pairs,).
    cost
        Seconds (or any cost) of each pair, finite and not negative, shape (pairs,).
    sites
        How many candidate sites there are. A pair that is not here is out of reach.
    """

    first: LongArray
    site: IntArray
    cost: FloatArray
    sites: int

    @property
    def points(self) -> int:
        """How many demand points there are."""
        return len(self.first) - 1

    @cached_property
    def point(self) -> LongArray:
        """Position of each pair's demand point, shape (pairs,)."""
        return np.repeat(np.arange(self.points), np.diff(self.first))

    def chosen(self, pairs: BoolArray) -> "Costs":
        """Return the costs of some pairs only; the others are out of reach."""
        first = np.concatenate(([0], np.cumsum(pairs)))[self.first]
        return Costs(first, self.site[pairs], self.cost[pairs], self.sites)


def costs_of(given: Any) -> Costs:
    """
    Bring travel times, a matrix or a sparse matrix into nearest-first order.

    Parameters
    ----------
    given
        `TravelTimes`; or an array of shape (demand points, sites), inf where out of reach; or a
        sparse array, where pairs that are absent are out of reach and a stored 0 is a cost of 0.

    Raises
    ------
    ValueError
        If a cost is negative or NaN, or the array is not of two dimensions.

    Examples
    --------
    >>> costs = costs_of(np.array([[300.0, 60.0], [np.inf, 120.0]]))
    >>> costs.first, costs.site, costs.cost
    (array([0, 2, 3]), array([1, 0, 1], dtype=int32), array([ 60., 300., 120.]))
    """
    start, column, value, sites = _rows(given)
    first, site = np.asarray(start, dtype=np.int64), np.asarray(column, dtype=np.int32)
    cost = np.asarray(value, dtype=np.float64)
    if np.isnan(cost).any():
        raise ValueError("a cost is NaN; where a site is out of reach give inf")
    if not (np.isfinite(cost) & (cost >= 0)).all():
        raise ValueError("costs must be finite and not negative; leave out what is out of reach")
    return Costs(first, *_nearest_first(first, site, cost), sites)


def _rows(given: Any) -> tuple[Any, Any, Any, int]:
    """Return row starts, sites, costs and the number of sites; sites ascend within a row."""
    if isinstance(given, TravelTimes):
        return given.first_pair, given.provision, given.time_ds / 10, given.provisions
    if hasattr(given, "tocsr"):
        rows = given.tocsr(copy=True)
        rows.sum_duplicates()
        return rows.indptr, rows.indices, rows.data, int(rows.shape[1])
    matrix = np.asarray(given, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"costs must be a matrix, but have shape {matrix.shape}")
    reached = matrix != np.inf
    first = np.concatenate(([0], np.cumsum(reached.sum(axis=1))))
    return first, np.nonzero(reached)[1], matrix[reached], matrix.shape[1]


@njit(cache=True, nogil=True)
def _nearest_first(
    first: LongArray, site: IntArray, cost: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Sort the pairs of each row by cost; those of equal cost keep their order."""
    by_site, by_cost = np.empty_like(site), np.empty_like(cost)
    for i in range(len(first) - 1):
        start, end = first[i], first[i + 1]
        order = np.argsort(cost[start:end], kind="mergesort")
        by_site[start:end] = site[start:end][order]
        by_cost[start:end] = cost[start:end][order]
    return by_site, by_cost


@dataclass(frozen=True, eq=False)
class Problem:
    """
    What a plan is made for.

    Parameters
    ----------
    costs
        From `costs_of`.
    demand
        People at each demand point, shape (demand points,). A point without people asks for
        nothing: it need not be reached.
    k
        Most sites that a plan has in all, those that exist and stay among them; None: no limit.
    state
        What may be done with each site, shape (sites,); by default all are optional. Sites kept
        or required are in every plan, forbidden ones in none.
    capacity
        People that each site can take, shape (sites,); None: as many as come.
    opening_cost
        What each site of the plan costs, shape (sites,), in any money; give a site that exists
        what keeping it costs, which may be 0.
    budget
        Most that the sites of a plan may cost together.
    demand_ids, site_ids
        Names, for tables and sentences; by default their positions.

    Raises
    ------
    ValueError
        With everything that is wrong.

    Examples
    --------
    >>> Problem(costs_of(np.array([[60.0]])), np.array([10.0]), k=0)
    Traceback (most recent call last):
    ...
    ValueError: k must be at least 1, not 0
    """

    costs: Costs
    demand: FloatArray
    k: int | None = None
    state: Sequence[SiteState] = ()
    capacity: FloatArray | None = None
    opening_cost: FloatArray | None = None
    budget: float | None = None
    demand_ids: Sequence[str] = ()
    site_ids: Sequence[str] = ()

    def __post_init__(self) -> None:
        faults = [*self._misshapen()] or [*self._impossible()]
        if faults:
            raise ValueError("; ".join(faults))

    def _misshapen(self) -> list[str]:
        points, sites = self.costs.points, self.costs.sites
        lengths: list[tuple[str, Any, int, str]] = [
            ("people", self.demand, points, "demand points"),
            ("states", self.state, sites, "sites"),
            ("capacities", self.capacity, sites, "sites"),
            ("opening costs", self.opening_cost, sites, "sites"),
            ("demand ids", self.demand_ids, points, "demand points"),
            ("site ids", self.site_ids, sites, "sites"),
        ]
        return [
            f"{len(given)} {what} were given for {wanted} {of}"
            for what, given, wanted, of in lengths
            if given is not None and len(given) != wanted and (what == "people" or len(given))
        ]

    def _impossible(self) -> list[str]:
        faults = []
        amounts = {
            "people": self.demand, "capacities": self.capacity, "opening costs": self.opening_cost
        }  # fmt: skip
        for what, values in amounts.items():
            if values is not None and not (np.isfinite(values) & (values >= 0)).all():
                at = int(np.flatnonzero(~(np.isfinite(values) & (values >= 0)))[0])
                ids = self.demand_ids if what == "people" else self.site_ids
                name = ids[at] if ids else at
                faults.append(
                    f"{what} must be finite and at least 0, but are {values[at]:g} at {name}"
                )
        fixed = int(self.fixed.sum())
        if self.k is not None and self.k < 1:
            faults.append(f"k must be at least 1, not {self.k}")
        elif self.k is not None and self.k < fixed:
            faults.append(
                f"k is {self.k}, but {fixed} sites are kept or required; k counts all sites of a "
                f"plan, so to open 1 more give {fixed + 1}"
            )
        if self.budget is not None and self.opening_cost is None:
            faults.append("a budget needs opening costs")
        elif self.budget is not None and self.opening_cost is not None:
            spent = float(self.opening_cost[self.fixed].sum())
            if not spent <= self.budget:
                faults.append(
                    f"the budget is {self.budget:g}, but the sites kept or required cost {spent:g}"
                )
        return faults

    @cached_property
    def states(self) -> NDArray[np.object_]:
        """State of each site, shape (sites,)."""
        given = [SiteState(state) for state in self.state]
        return np.array(given or [SiteState.OPTIONAL] * self.costs.sites, dtype=object)

    @cached_property
    def fixed(self) -> BoolArray:
        """Which sites are in every plan, shape (sites,)."""
        return np.asarray(np.isin(self.states, [SiteState.KEPT, SiteState.REQUIRED]))

    @cached_property
    def existing(self) -> BoolArray:
        """Which sites exist today, shape (sites,)."""
        return np.asarray(np.isin(self.states, [SiteState.KEPT, SiteState.CLOSABLE]))

    @cached_property
    def allowed(self) -> BoolArray:
        """Which sites may be in a plan, shape (sites,)."""
        return np.asarray(self.states != SiteState.FORBIDDEN)

    @property
    def spending(self) -> FloatArray:
        """What each site costs, shape (sites,); 0 where no opening costs were given."""
        return np.zeros(self.costs.sites) if self.opening_cost is None else self.opening_cost

    def demand_name(self, point: int) -> str:
        """Return the name of a demand point."""
        return str(self.demand_ids[point]) if self.demand_ids else str(point)

    def site_name(self, site: int) -> str:
        """Return the name of a site."""
        return str(self.site_ids[site]) if self.site_ids else str(site)

    def out_of_reach(self, cutoff: float = np.inf) -> LongArray:
        """
        Return the positions of demand points with people that no allowed site can reach.

        Parameters
        ----------
        cutoff
            Most that it may cost, inclusive.
        """
        counts = self.allowed[self.costs.site] & (self.costs.cost <= cutoff)
        reached = np.bincount(self.costs.point[counts], minlength=self.costs.points) > 0
        return np.flatnonzero(~reached & (self.demand > 0))

    def for_people(self, people: FloatArray) -> "Problem":
        """
        Return the same problem for other people, such as those of the most deprived fifth.

        Parameters
        ----------
        people
            People at each demand point, shape (demand points,); 0 where nobody counts.
        """
        return replace(self, demand=np.asarray(people, dtype=np.float64))

    def without(self, points: LongArray) -> "Problem":
        """Return the problem with nobody at some demand points, so that they ask for nothing."""
        people = self.demand.astype(np.float64)
        people[points] = 0
        return self.for_people(people)


def most_deprived(rank: FloatArray, demand: FloatArray, *, share: float = 0.2) -> FloatArray:
    """
    Return how many people of each demand point are in the most deprived share of all people.

    Parameters
    ----------
    rank
        Deprivation rank of each demand point, 1 the most deprived, shape (demand points,); NaN
        where unknown, whose people count neither in the whole nor in the share.
    demand
        People at each demand point, shape (demand points,).
    share
        Share of all people, above 0 and at most 1; 0.2 is the most deprived fifth.

    Returns
    -------
    numpy.ndarray
        People, shape (demand points,). Where the share ends within a rank, the same part of the
        people at every point of that rank.

    Raises
    ------
    ValueError
        If the shapes disagree or the share is not above 0 and at most 1.

    Examples
    --------
    A fifth of 100 people: the ten of the worst point, and ten of the thirty of the next.

    >>> most_deprived(np.array([3.0, 1.0, 2.0]), np.array([60.0, 10.0, 30.0]))
    array([ 0., 10., 10.])
    """
    if rank.shape != demand.shape:
        raise ValueError(f"{len(rank)} ranks were given for {len(demand)} demand points")
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, not {share:g}")
    known = ~np.isnan(rank)
    levels, level = np.unique(rank[known], return_inverse=True)
    people = np.bincount(level, demand[known], minlength=len(levels))
    room = share * people.sum() - np.concatenate(([0], np.cumsum(people)[:-1]))
    part = np.divide(room, people, out=np.zeros(len(levels)), where=people > 0).clip(0, 1)
    counted = np.zeros(len(demand))
    counted[known] = demand[known] * part[level]
    return counted
