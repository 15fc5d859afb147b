"""
Every plan that none betters for two groups of people at once, with proof.

A search tree over the sites, each branch held against what prices show that it can reach at most;
sets of sites are looked at only where a plan could still lie that no plan found is as good as.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from geoengine.siting import interchange, relaxation
from geoengine.siting.lists import Limits, Lists, served
from geoengine.siting.problem import BoolArray, FloatArray, IntArray, LongArray

WHISKER = 1e-3
MOST_WAYS = 14
"""Weights by which branches are bounded."""
STEPS, ROUNDS, SMALLEST_STEP = 50, 20, 0.01
FIRST_ROOM = 64
"""Plans that there is room for at first."""


class Ground(NamedTuple):
    """
    Whom each site reaches.

    Parameters
    ----------
    first, row
        Rows within reach of site j are `row[first[j]:first[j + 1]]`.
    people
        Of both groups in each row, shape (2, rows).
    spending
        What each site costs, shape (sites,).
    most, budget
        Most sites, and most that they may cost together.
    """

    first: LongArray
    row: LongArray
    people: FloatArray
    spending: FloatArray
    most: int
    budget: float


class Bounds(NamedTuple):
    """
    Ways to show what a branch can reach at most; the first two count one group only, unpriced.

    Parameters
    ----------
    weight
        What one of either group counts, shape (ways, 2).
    price
        Price of reaching each row, from 0 to what its people count, shape (ways, rows).
    everyone
        What all people count, shape (ways,).
    """

    weight: FloatArray
    price: FloatArray
    everyone: FloatArray


class Front(NamedTuple):
    """
    Plans of which none is as good as another for both groups, most of the first group first.

    Parameters
    ----------
    reach
        How many of both groups each reaches, shape (room, 2).
    sites
        Which are open, shape (room, sites).
    held
        How many there are, shape (1,).
    """

    reach: FloatArray
    sites: BoolArray
    held: LongArray


class Tree(NamedTuple):
    """
    Where the search stands: changed in place.

    Parameters
    ----------
    depth
        How many sites are chosen, -1 before the start and after the end, shape (1,).
    path, following
        The sites chosen, and the site to look at next, at each depth.
    held
        How many of the sites chosen reach each row, shape (rows,).
    reach, spent
        What is reached and spent at each depth.
    unmet
        Prices of the rows not reached, shape (depths, ways).
    most
        What each site leads to at most, at each depth, shape (depths, ways, sites).
    """

    depth: LongArray
    path: LongArray
    following: LongArray
    held: LongArray
    reach: FloatArray
    spent: FloatArray
    unmet: FloatArray
    most: FloatArray


def plant(ground: Ground, bounds: Bounds) -> Tree:
    """Return the tree before its search."""
    depths, sites = ground.most + 1, len(ground.spending)
    ways, rows = bounds.price.shape
    return Tree(
        np.full(1, -1), np.full(depths, -1), np.zeros(depths, np.int64), np.zeros(rows, np.int64),
        np.zeros((depths, 2)), np.zeros(depths), np.zeros((depths, ways)),
        np.zeros((depths, ways, sites)),
    )  # fmt: skip


def no_front(sites: int) -> Front:
    """Return a front without plans."""
    room = (FIRST_ROOM, sites)
    return Front(np.zeros((FIRST_ROOM, 2)), np.zeros(room, bool), np.zeros(1, np.int64))


@njit(cache=True, nogil=True)
def keep(front: Front, reach: FloatArray, chosen: BoolArray, same: FloatArray) -> Front:
    """
    Add a plan that none in the front is as good as, and drop those that it is as good as.

    Parameters
    ----------
    front
        Changed in place where there is room.
    reach, chosen
        What the plan reaches, shape (2,), and its sites.
    same
        Numbers of people that differ by less are equal, shape (2,).
    """
    count = front.held[0]
    for at in range(count):
        if front.reach[at, 0] >= reach[0] - same[0] and front.reach[at, 1] >= reach[1] - same[1]:
            return front
    kept = 0
    place = 0
    for at in range(count):
        if front.reach[at, 0] <= reach[0] and front.reach[at, 1] <= reach[1]:
            continue
        front.reach[kept] = front.reach[at]
        front.sites[kept] = front.sites[at]
        kept += 1
        if front.reach[at, 0] > reach[0]:
            place = kept
    if kept == len(front.reach):
        more = Front(
            np.zeros((2 * kept, 2)), np.zeros((2 * kept, front.sites.shape[1]), np.bool_),
            front.held,
        )  # fmt: skip
        more.reach[:kept] = front.reach
        more.sites[:kept] = front.sites
        front = more
    for at in range(kept, place, -1):
        front.reach[at] = front.reach[at - 1]
        front.sites[at] = front.sites[at - 1]
    front.reach[place] = reach
    front.sites[place] = chosen
    front.held[0] = kept + 1
    return front


@njit(cache=True, nogil=True)
def grow(
    ground: Ground, bounds: Bounds, tree: Tree, front: Front, same: FloatArray, branches: int
) -> Front:
    """
    Search on for some branches, and return the front; the tree's depth is -1 when all is done.

    Parameters
    ----------
    ground, bounds
        Whom the sites reach, and how branches are bounded.
    tree
        From `plant`, or as it was left.
    front
        What is known already.
    same
        As for `keep`.
    branches
        How many sites to choose at most before returning.
    """
    sites = len(ground.spending)
    chosen = np.zeros(sites, np.bool_)
    if tree.depth[0] < 0:
        tree.depth[0] = 0
        for way in range(len(bounds.weight)):
            tree.unmet[0, way] = bounds.price[way].sum()
        front = _look(ground, bounds, tree, front, same, chosen)
    for at in range(tree.depth[0]):
        chosen[tree.path[at]] = True
    left = branches
    while left > 0:
        depth = tree.depth[0]
        if tree.following[depth] == sites:
            tree.depth[0] -= 1
            if depth == 0:
                break
            _leave(ground, tree, chosen)
            continue
        site = tree.following[depth]
        tree.following[depth] += 1
        if _could_add(front, bounds, tree.most[depth], site, same):
            left -= 1
            _choose(ground, bounds, tree, chosen, site)
            front = keep(front, tree.reach[depth + 1], chosen, same)
            front = _look(ground, bounds, tree, front, same, chosen)
    return front


@njit(cache=True, nogil=True)
def _choose(ground: Ground, bounds: Bounds, tree: Tree, chosen: BoolArray, site: int) -> None:
    depth = tree.depth[0]
    tree.path[depth] = site
    tree.reach[depth + 1] = tree.reach[depth]
    tree.unmet[depth + 1] = tree.unmet[depth]
    tree.spent[depth + 1] = tree.spent[depth] + ground.spending[site]
    for p in range(ground.first[site], ground.first[site + 1]):
        i = ground.row[p]
        if tree.held[i] == 0:
            tree.reach[depth + 1, 0] += ground.people[0, i]
            tree.reach[depth + 1, 1] += ground.people[1, i]
            for way in range(len(bounds.weight)):
                tree.unmet[depth + 1, way] -= bounds.price[way, i]
        tree.held[i] += 1
    chosen[site] = True
    tree.depth[0] = depth + 1


@njit(cache=True, nogil=True)
def _leave(ground: Ground, tree: Tree, chosen: BoolArray) -> None:
    site = tree.path[tree.depth[0]]
    for p in range(ground.first[site], ground.first[site + 1]):
        tree.held[ground.row[p]] -= 1
    chosen[site] = False


@njit(cache=True, nogil=True)
def _look(
    ground: Ground, bounds: Bounds, tree: Tree, front: Front, same: FloatArray, chosen: BoolArray
) -> Front:
    """Bound what each further site leads to; where it is the last, see what it reaches."""
    depth, sites = tree.depth[0], len(ground.spending)
    start = tree.path[depth - 1] + 1 if depth else 0
    more = _more(ground, tree, depth, start)
    tree.following[depth] = start if more > 1 else sites
    if more > 1:
        _bound(ground, bounds, tree, start, more)
    elif more == 1:
        _add(ground, bounds, tree, start, 2)
        adds = tree.most[depth]
        for site in range(start, sites):
            reach = tree.reach[depth] + adds[:2, site]
            if ground.spending[site] <= ground.budget - tree.spent[depth] and _is_new(
                front, reach, same
            ):
                chosen[site] = True
                front = keep(front, reach, chosen, same)
                chosen[site] = False
    return front


@njit(cache=True, nogil=True)
def _add(ground: Ground, bounds: Bounds, tree: Tree, start: int, ways: int) -> None:
    """Work out what each further site adds to the prices met."""
    adds = tree.most[tree.depth[0]]
    for site in range(start, len(ground.spending)):
        adds[:ways, site] = 0.0
        for p in range(ground.first[site], ground.first[site + 1]):
            if tree.held[ground.row[p]] == 0:
                for way in range(ways):
                    adds[way, site] += bounds.price[way, ground.row[p]]


@njit(cache=True, nogil=True)
def _bound(ground: Ground, bounds: Bounds, tree: Tree, start: int, more: int) -> None:
    """Work out what a site and the best of those after it lead to at most."""
    depth, ways = tree.depth[0], len(bounds.weight)
    _add(ground, bounds, tree, start, ways)
    adds, left = tree.most[depth], ground.budget - tree.spent[depth]
    best = np.zeros(more - 1)
    for way in range(ways):
        best[:] = 0.0
        known = bounds.everyone[way] - tree.unmet[depth, way]
        for site in range(len(ground.spending) - 1, start - 1, -1):
            own = adds[way, site]
            if ground.spending[site] > left:
                adds[way, site] = -np.inf
                continue
            adds[way, site] = known + own + best.sum()
            for at in range(more - 1):  # the best that may follow, least first
                if own <= best[at]:
                    break
                if at:
                    best[at - 1] = best[at]
                best[at] = own


@njit(cache=True, nogil=True)
def _more(ground: Ground, tree: Tree, depth: int, start: int) -> int:
    """Return how many more sites there may be at most."""
    left, more = ground.budget - tree.spent[depth], 0
    for price in np.sort(ground.spending[start:]):
        left -= price
        if left < 0 or depth + more == ground.most:
            break
        more += 1
    return more


@njit(cache=True, nogil=True)
def _is_new(front: Front, reach: FloatArray, same: FloatArray) -> bool:
    for at in range(front.held[0]):
        if front.reach[at, 0] >= reach[0] - same[0] and front.reach[at, 1] >= reach[1] - same[1]:
            return False
    return True


@njit(cache=True, nogil=True)
def _could_add(front: Front, bounds: Bounds, most: FloatArray, site: int, same: FloatArray) -> bool:
    """
    Say whether a plan that none in the front is as good as may lie behind a site.

    Such a plan reaches more of the first group than some plan of the front and more of the second
    than the one before it, so more by every weight than that corner.
    """
    count = front.held[0]
    for at in range(count + 1):
        people = front.reach[at, 0] + same[0] / 2 if at < count else -1.0
        others = front.reach[at - 1, 1] + same[1] / 2 if at else -1.0
        possible = True
        for way in range(len(bounds.weight)):
            corner = bounds.weight[way, 0] * people + bounds.weight[way, 1] * others
            if most[way, site] <= corner:
                possible = False
                break
        if possible:
            return True
    return False


def ways(ground: Ground, front: Front, same: FloatArray) -> tuple[Bounds, Front]:
    """
    Price the rows for some weights of the groups, and add the plans that are good by these.

    Parameters
    ----------
    ground
        Whom the sites reach.
    front
        What is known already; changed in place where there is room.
    same
        As for `keep`.

    References
    ----------
    Aneja, Y. & Nair, K. (1979) Bicriteria transportation problem. Management Science 25(1),
    73-78. doi:10.1287/mnsc.25.1.73
    """
    lists, limits = _lists(ground), _limits(ground)
    weights = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    price = [group.copy() for group in ground.people]
    coming = [np.array([1.0, WHISKER]), np.array([WHISKER, 1.0])]
    while coming and len(weights) < MOST_WAYS:
        weight = coming.pop(0)
        weights.append(weight)
        open_site, prices = _priced(lists._replace(unserved=weight @ ground.people), limits)
        price.append(prices)
        front = keep(front, reach_of(ground, open_site), open_site, same)
        if not coming:
            coming = _between(front, weights)
    table = np.array(weights)
    return Bounds(table, np.array(price), (table @ ground.people).sum(axis=1)), front


def _between(front: Front, weights: list[FloatArray]) -> list[FloatArray]:
    """Return the weights by which neighbours in the front count the same, new ones only."""
    found = front.reach[: front.held[0]]
    steps = found[:-1] - found[1:]
    new = [np.array([-fewer, more]) / (more - fewer) for more, fewer in steps if more > 0 > fewer]
    return [
        each for each in new if not any(np.allclose(each, w / w.sum(), atol=1e-3) for w in weights)
    ]


def _priced(lists: Lists, limits: Limits) -> tuple[BoolArray, FloatArray]:
    """Return a good plan for some weight, and the prices that bound all plans most."""
    open_site = interchange.open_greedily(lists, limits, limits.fixed)
    open_site, _ = interchange.swap(lists, limits, open_site, 100)
    value = interchange.total(lists, open_site)
    nearest, second, _ = served(lists, open_site)
    prices = relaxation.begin(nearest, second, lists.unserved)
    for _ in range(ROUNDS):
        relaxation.raise_bound(lists, limits, prices, value, STEPS)
        if prices.progress[1] < SMALLEST_STEP or prices.progress[0] >= value:
            break
    return open_site, np.clip(prices.price, 0, lists.unserved)


def reach_of(ground: Ground, open_site: BoolArray) -> FloatArray:
    """Return how many of both groups a plan reaches, shape (2,)."""
    met = np.zeros(ground.people.shape[1], dtype=bool)
    met[ground.row[np.repeat(open_site, np.diff(ground.first))]] = True
    return np.asarray(ground.people[:, met].sum(axis=1))


def at_most(ground: Ground, bounds: Bounds, others: float) -> float:
    """Return how many of the first group a plan that reaches so many others can reach at most."""
    best = np.inf
    for weight, price, everyone in zip(*bounds, strict=True):
        if weight[0] > 0:
            adds = np.bincount(
                np.repeat(np.arange(len(ground.spending)), np.diff(ground.first)),
                price[ground.row], len(ground.spending),
            )  # fmt: skip
            most = everyone - price.sum() + np.sort(adds)[-ground.most :].sum()
            best = min(best, (most - weight[1] * others) / weight[0])
    return best


def _lists(ground: Ground) -> Lists:
    """Return the sites that reach each row, by row."""
    sites, rows = len(ground.spending), ground.people.shape[1]
    site: IntArray = np.repeat(np.arange(sites, dtype=np.int32), np.diff(ground.first))
    order = np.argsort(ground.row, kind="stable")
    first = np.concatenate(([0], np.cumsum(np.bincount(ground.row, minlength=rows))))
    return Lists(first, site[order], np.zeros(len(site)), np.zeros(rows))


def _limits(ground: Ground) -> Limits:
    sites = len(ground.spending)
    none = np.zeros(sites, dtype=bool)
    return Limits(none, ~none, ground.most, ground.spending, ground.budget)
