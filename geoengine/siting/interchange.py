"""Good plans fast: open the best site after another, then swap sites while it helps."""

import numpy as np
from numba import njit

from geoengine.siting.lists import Limits, Lists, served
from geoengine.siting.problem import BoolArray, FloatArray, IntArray

LEAST_GAIN = 1e-12
"""A change must gain this share of the total, or rounding could go round in circles."""


@njit(cache=True, nogil=True)
def total(lists: Lists, open_site: BoolArray) -> float:
    """Return what a plan costs all rows; inf where one that must be served is not."""
    nearest, _, _ = served(lists, open_site)
    return float(nearest.sum())


@njit(cache=True, nogil=True)
def open_greedily(lists: Lists, limits: Limits, start: BoolArray) -> BoolArray:
    """
    Open the site that saves the most (for its money, under a budget) until none may open.

    Parameters
    ----------
    lists
        With finite costs of being unserved.
    limits
        What a plan may be.
    start
        Sites open at first, shape (sites,).

    Returns
    -------
    numpy.ndarray
        Sites open, shape (sites,).
    """
    open_site = start.copy()
    nearest, _, _ = served(lists, open_site)
    spent = (limits.spending * open_site).sum()
    count = open_site.sum()
    while count < limits.k:
        gain = np.zeros(len(open_site))
        for i in range(len(nearest)):
            for p in range(lists.first[i], lists.first[i + 1]):
                if lists.value[p] >= nearest[i]:
                    break
                gain[lists.site[p]] += nearest[i] - lists.value[p]
        best, best_gain = -1, 0.0
        for j in range(len(gain)):
            if open_site[j] or not limits.allowed[j] or spent + limits.spending[j] > limits.budget:
                continue
            each = gain[j]
            if limits.budget < np.inf and limits.spending[j] > 0:
                each /= limits.spending[j]
            elif limits.budget < np.inf and each > 0:
                each = np.inf
            if best < 0 or each > best_gain:
                best, best_gain = j, each
        if best < 0:
            break
        open_site[best] = True
        count += 1
        spent += limits.spending[best]
        for i in range(len(nearest)):
            for p in range(lists.first[i], lists.first[i + 1]):
                if lists.value[p] >= nearest[i]:
                    break
                if lists.site[p] == best:
                    nearest[i] = lists.value[p]
                    break
    return open_site


@njit(cache=True, nogil=True)
def swap(lists: Lists, limits: Limits, open_site: BoolArray, rounds: int) -> tuple[BoolArray, bool]:
    """
    Make the swap that saves the most, until none saves anything or the rounds are up.

    Parameters
    ----------
    lists
        With finite costs of being unserved.
    limits
        What a plan may be.
    open_site
        Sites open at first, shape (sites,); within the limits.
    rounds
        Most swaps to make.

    Returns
    -------
    tuple
        Sites open, shape (sites,), and whether nothing more can be saved by one swap.

    References
    ----------
    Whitaker, R. (1983) A fast algorithm for the greedy interchange of large-scale clustering and
    median location problems. INFOR 21(2), 95-108.

    Resende, M. & Werneck, R. (2007) A fast swap-based local search procedure for location
    problems. Annals of Operations Research 150, 205-230. doi:10.1007/s10479-006-0154-0
    """
    open_site = open_site.copy()
    for _ in range(rounds):
        nearest, second, serving = served(lists, open_site)
        closing = np.flatnonzero(open_site & ~limits.fixed).astype(np.int32)
        gain, shared, loss = _worth(lists, nearest, second, serving, closing, len(open_site))
        spent = (limits.spending * open_site).sum()
        least = LEAST_GAIN * nearest.sum()
        best_in, best_out = _best_swap(limits, open_site, closing, gain, shared, loss, spent, least)
        if best_in < 0:
            return open_site, True
        open_site[best_in] = True
        if best_out >= 0:
            open_site[best_out] = False
    return open_site, False


@njit(cache=True, nogil=True)
def _worth(
    lists: Lists,
    nearest: FloatArray,
    second: FloatArray,
    serving: IntArray,
    closing: IntArray,
    sites: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Return what opening each site gains and closing each loses, and what a swap gains on top.

    Opening j and closing r saves `gain[j] - loss[r] + shared[j, r]`, r counted in `closing`.
    """
    place = np.full(sites, -1, np.int32)
    for r in range(len(closing)):
        place[closing[r]] = r
    gain, loss = np.zeros(sites), np.zeros(len(closing))
    shared = np.zeros((sites, len(closing)))
    for i in range(len(nearest)):
        r = place[serving[i]] if serving[i] >= 0 else -1
        if r >= 0:
            loss[r] += second[i] - nearest[i]
        reach = second[i] if r >= 0 else nearest[i]
        for p in range(lists.first[i], lists.first[i + 1]):
            value = lists.value[p]
            if value >= reach:
                break
            if value < nearest[i]:
                gain[lists.site[p]] += nearest[i] - value
            if r >= 0:
                shared[lists.site[p], r] += second[i] - max(value, nearest[i])
    return gain, shared, loss


@njit(cache=True, nogil=True)
def _best_swap(
    limits: Limits,
    open_site: BoolArray,
    closing: IntArray,
    gain: FloatArray,
    shared: FloatArray,
    loss: FloatArray,
    spent: float,
    least: float,
) -> tuple[int, int]:
    """Return the site to open and the site to close (-1: none) that save the most."""
    best_in, best_out, best = -1, -1, least
    may_add = open_site.sum() < limits.k
    for j in range(len(open_site)):
        if open_site[j] or not limits.allowed[j]:
            continue
        room = limits.budget - spent - limits.spending[j]
        if may_add and room >= 0 and gain[j] > best:
            best_in, best_out, best = j, -1, gain[j]
        for r in range(len(closing)):
            saved = gain[j] - loss[r] + shared[j, r]
            if saved > best and room + limits.spending[closing[r]] >= 0:
                best_in, best_out, best = j, closing[r], saved
    return best_in, best_out
