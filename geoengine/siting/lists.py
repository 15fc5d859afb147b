"""Whom each site would serve at what cost: nearest-first lists, and what a plan makes of them."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geoengine.siting.problem import BoolArray, Costs, FloatArray, IntArray, LongArray, Problem

ROUNDING = 1e-9
"""A budget may be exceeded by this share, so that a sum equal to it but for rounding is within."""


class Lists(NamedTuple):
    """
    Demand points with what each site that may serve them would cost, cheapest first.

    Parameters
    ----------
    first
        Pairs of row i are `first[i]` to `first[i + 1]`, shape (rows + 1,).
    site
        Position of each pair's site, shape (pairs,).
    value
        Cost of each pair to all the people of its row, ascending in a row, shape (pairs,).
    unserved
        Cost of leaving a row without any site, shape (rows,); inf where it must have one.
    """

    first: LongArray
    site: IntArray
    value: FloatArray
    unserved: FloatArray


class Limits(NamedTuple):
    """
    Which sets of sites are plans.

    Parameters
    ----------
    fixed, allowed
        Sites in every plan, and sites that may be in one, shape (sites,).
    k
        Most sites.
    spending
        What each site costs, shape (sites,).
    budget
        Most that they may cost together; inf: no limit.
    """

    fixed: BoolArray
    allowed: BoolArray
    k: int
    spending: FloatArray
    budget: float


def limits_of(problem: Problem) -> Limits:
    """Return which sets of sites are plans for a problem."""
    k = int(problem.allowed.sum())
    return Limits(
        problem.fixed,
        problem.allowed,
        k if problem.k is None else min(problem.k, k),
        problem.spending.astype(np.float64),
        np.inf if problem.budget is None else float(problem.budget) * (1 + ROUNDING),
    )


def lists_of(costs: Costs, weight: FloatArray, unserved: FloatArray, limits: Limits) -> Lists:
    """
    Return the rows of demand points with weight, cut off after the first site that is fixed.

    Parameters
    ----------
    costs
        Costs of a unit of weight, nearest first.
    weight
        Shape (demand points,); rows of weight 0 are left out.
    unserved
        As in `Lists`, for all demand points.
    limits
        Sites that are not allowed are left out.
    """
    value = costs.cost * weight[costs.point]
    counts = limits.allowed[costs.site] & (weight[costs.point] > 0)
    counts &= value < unserved[costs.point]
    rows = np.flatnonzero(weight > 0)
    kept = _until_fixed(costs.first, costs.site, counts, limits.fixed)
    first = np.concatenate(([0], np.cumsum(kept)))
    ends = np.append(first[costs.first[rows]], first[-1])
    return Lists(ends, costs.site[kept], value[kept], unserved[rows].astype(np.float64))


@njit(cache=True, nogil=True)
def _until_fixed(
    first: LongArray, site: IntArray, counts: BoolArray, fixed: BoolArray
) -> BoolArray:
    """Say which pairs come no later than the first fixed site of their row."""
    kept = counts.copy()
    for i in range(len(first) - 1):
        done = False
        for p in range(first[i], first[i + 1]):
            kept[p] &= not done
            done |= kept[p] and fixed[site[p]]
    return kept


@njit(cache=True, nogil=True)
def served(lists: Lists, open_site: BoolArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """
    Return the cost of each row's first and second open site, and the first; -1 where none.

    A row that has no open site costs what being unserved does.
    """
    rows = len(lists.first) - 1
    nearest, second = lists.unserved.copy(), lists.unserved.copy()
    serving = np.full(rows, -1, np.int32)
    for i in range(rows):
        for p in range(lists.first[i], lists.first[i + 1]):
            if open_site[lists.site[p]]:
                if serving[i] >= 0:
                    second[i] = lists.value[p]
                    break
                nearest[i] = lists.value[p]
                serving[i] = lists.site[p]
    return nearest, second, serving
