"""A bound that no plan can beat: prices for reaching each demand point, raised step by step."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geoengine.siting.lists import Limits, Lists
from geoengine.siting.problem import BoolArray, FloatArray

SMOOTHING = 0.3
PATIENCE = 20
ROUNDING = 1e-12
"""What rounding may add to a bound, as a share of the sums behind it."""


class Prices(NamedTuple):
    """
    Where the search for prices is.

    Parameters
    ----------
    price
        Price of reaching each row, shape (rows,), those of the best bound.
    money_price
        Price of a unit of the budget, shape (1,).
    heading
        Smoothed direction of the prices, shape (rows,).
    progress
        Best bound; size of a step as a share of the gap; and rounds without progress, (3,).
    """

    price: FloatArray
    money_price: FloatArray
    heading: FloatArray
    progress: FloatArray


def begin(nearest: FloatArray, second: FloatArray, unserved: FloatArray) -> Prices:
    """Return first prices: between the first and second open site of a good plan."""
    price = np.minimum((nearest + np.minimum(second, 4 * nearest + 1e-9)) / 2, unserved)
    return Prices(price, np.zeros(1), np.zeros(len(price)), np.array([-np.inf, 1.5, 0.0]))


@njit(cache=True, nogil=True)
def raise_bound(
    lists: Lists, limits: Limits, prices: Prices, target: float, rounds: int
) -> BoolArray:
    """
    Move the prices uphill, and return the sites that the last prices choose.

    Parameters
    ----------
    lists
        Costs of being unserved may be infinite.
    limits
        What a plan may be.
    prices
        Changed in place: the best prices so far, the bound and how far to go.
    target
        Cost of the best plan known.
    rounds
        How many steps.

    Returns
    -------
    numpy.ndarray
        Sites chosen, shape (sites,).

    References
    ----------
    Held, M., Wolfe, P. & Crowder, H. (1974) Validation of subgradient optimization.
    Mathematical Programming 6, 62-88. doi:10.1007/BF01580223

    Christofides, N. & Beasley, J. (1982) A tree search algorithm for the p-median problem.
    European Journal of Operational Research 10(2), 196-204. doi:10.1016/0377-2217(82)90160-6
    """
    rows = len(lists.first) - 1
    price, money_price = prices.price.copy(), prices.money_price[0]
    heading, progress = prices.heading, prices.progress
    ceiling = _ceiling(lists, limits, target)
    chosen = limits.fixed.copy()
    price[:] = np.minimum(price, ceiling)
    for _ in range(rounds):
        saving = savings(lists, limits, price, money_price)
        chosen, bound = choose(limits, saving)
        bound += price.sum()
        bound -= ROUNDING * (price.sum() + np.abs(saving[chosen]).sum())
        if limits.budget < np.inf:
            bound -= money_price * limits.budget
        if bound > progress[0]:
            if bound > progress[0] + 1e-5 * abs(target - progress[0]):
                progress[2] = 0
            progress[0] = bound
            prices.price[:] = price
            prices.money_price[0] = money_price
        else:
            progress[2] += 1
        if progress[2] >= PATIENCE:
            progress[1] *= 0.7
            progress[2] = 0
            price[:] = prices.price
            money_price = prices.money_price[0]
            heading[:] = 0
            continue
        size = 0.0
        for i in range(rows):
            uses = 0
            for p in range(lists.first[i], lists.first[i + 1]):
                if lists.value[p] >= price[i]:
                    break
                uses += chosen[lists.site[p]]
            slope = 1.0 - uses
            if slope > 0 and price[i] >= ceiling[i]:
                slope = 0.0
            heading[i] = slope + SMOOTHING * heading[i]
            size += heading[i] * heading[i]
        slack = 0.0
        if limits.budget < np.inf:
            slack = (limits.spending * chosen).sum() - limits.budget
            size += slack * slack
        if size == 0:
            break
        step = progress[1] * max(target - bound, 1e-9 * abs(target)) / size
        for i in range(rows):
            price[i] = min(price[i] + step * heading[i], ceiling[i])
        money_price = max(money_price + step * slack, 0.0)
    return chosen


@njit(cache=True, nogil=True)
def _ceiling(lists: Lists, limits: Limits, target: float) -> FloatArray:
    """Return the price of each row above which the bound gains nothing, or nothing of use."""
    ceiling = lists.unserved.copy()
    for i in range(len(ceiling)):
        last = lists.first[i + 1] - 1
        if last < lists.first[i]:
            ceiling[i] = min(ceiling[i], target)
        elif limits.fixed[lists.site[last]]:
            ceiling[i] = min(ceiling[i], lists.value[last])
        else:
            ceiling[i] = min(ceiling[i], lists.value[last] + target)
    return ceiling


@njit(cache=True, nogil=True)
def savings(lists: Lists, limits: Limits, price: FloatArray, money_price: float) -> FloatArray:
    """Return what each site adds to the bound at these prices, mostly below 0, (sites,)."""
    saving = limits.spending * money_price
    for i in range(len(price)):
        for p in range(lists.first[i], lists.first[i + 1]):
            if lists.value[p] >= price[i]:
                break
            saving[lists.site[p]] += lists.value[p] - price[i]
    return saving


@njit(cache=True, nogil=True)
def choose(limits: Limits, saving: FloatArray) -> tuple[BoolArray, float]:
    """Return the sites that make the bound least, and what they add to it."""
    chosen = limits.fixed.copy()
    added, room = 0.0, limits.k
    for j in range(len(saving)):
        if chosen[j]:
            added += saving[j]
            room -= 1
    for j in np.argsort(saving, kind="mergesort"):
        if room == 0 or saving[j] >= 0:
            break
        if limits.allowed[j] and not chosen[j]:
            chosen[j] = True
            added += saving[j]
            room -= 1
    return chosen, added


@njit(cache=True, nogil=True)
def settle(
    limits: Limits, saving: FloatArray, bound: float, target: float
) -> tuple[BoolArray, BoolArray]:
    """
    Return sites that every plan no dearer than the target has, and that such a plan may have.

    Parameters
    ----------
    limits
        What a plan may be.
    saving, bound
        What each site adds to the bound, and the bound, at the same prices.
    target
        A plan that costs more is of no interest.
    """
    chosen, _ = choose(limits, saving)
    last, following, room = 0.0, 0.0, limits.k - chosen.sum()
    if room == 0:
        last = -np.inf
        for j in range(len(saving)):
            if chosen[j] and not limits.fixed[j]:
                last = max(last, saving[j])
            elif limits.allowed[j] and not chosen[j]:
                following = min(following, saving[j])
    fixed, allowed = limits.fixed.copy(), limits.allowed.copy()
    for j in range(len(saving)):
        if chosen[j] and not fixed[j]:
            fixed[j] = bound - saving[j] + following > target
        elif allowed[j] and not chosen[j]:
            allowed[j] = bound + saving[j] - last <= target
    return fixed, allowed
