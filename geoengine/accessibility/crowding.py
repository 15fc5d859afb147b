"""Who moves where when provisions are crowded: the kernels of the rational agent access model."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.accessibility.pairs import FloatArray, LongArray

IntArray = NDArray[np.int32]

GROUP = 32
USES = 8
SLACK = 0.02


class Choices(NamedTuple):
    """
    Where people could go, by groups of 32 origins, with bounds that tell what to pass over.

    Group g has the slots `first_slot[g]` to `first_slot[g + 1]`, one for each provision that any
    of its origins can reach, by `column`. Slot s has the entries `first_entry[s]` to
    `first_entry[s + 1]`, one for each origin (`who`, from 0 in the group) with its `travel`;
    `least` and `most` bound them, `most` being inf unless the whole group can go there.
    """

    first_slot: LongArray
    column: IntArray
    least: FloatArray
    most: FloatArray
    first_entry: LongArray
    who: IntArray
    travel: FloatArray


class Crowd(NamedTuple):
    """
    Where people are: how many at each provision, and at which of them those of each origin.

    Origin i uses `uses[i]` provisions: `column[i, k]`, `travel[i, k]` away, `settled[i, k]`
    people each.
    """

    load: FloatArray
    uses: LongArray
    column: IntArray
    travel: FloatArray
    settled: FloatArray


def with_room(crowd: Crowd) -> Crowd:
    """Make room for every origin to use one provision more."""
    width = crowd.column.shape[1]
    if crowd.uses.max(initial=0) < width:
        return crowd
    more = ((0, 0), (0, width))
    return crowd._replace(
        column=np.pad(crowd.column, more),
        travel=np.pad(crowd.travel, more),
        settled=np.pad(crowd.settled, more),
    )


@njit(cache=True, nogil=True)
def group(
    first: LongArray,
    destination: NDArray[np.integer[Any]],
    seconds: FloatArray,
    column_of: IntArray,
    tau_s: float,
) -> Any:
    """Sort the pairs of each 32 origins by provision; pairs to those of column -1 are left out."""
    origins, pairs = len(first) - 1, len(destination)
    groups = (origins + GROUP - 1) // GROUP
    first_slot = np.zeros(groups + 1, np.int64)
    column, least, most = np.empty(pairs, np.int32), np.empty(pairs), np.empty(pairs)
    first_entry = np.zeros(pairs + 1, np.int64)
    who, travel = np.empty(pairs, np.int32), np.empty(pairs)
    next_entry = np.zeros(len(column_of), np.int64)
    slots = 0
    for g in range(groups):
        start, end = g * GROUP, min((g + 1) * GROUP, origins)
        low, high = len(column_of), -1
        for p in range(first[start], first[end]):
            c = column_of[destination[p]]
            if c >= 0:
                next_entry[c] += 1
                low, high = min(low, c), max(high, c)
        for c in range(low, high + 1):
            if next_entry[c] > 0:
                column[slots] = c
                first_entry[slots + 1] = first_entry[slots] + next_entry[c]
                next_entry[c] = first_entry[slots]
                slots += 1
        reaching = 0
        for i in range(start, end):
            reaches = False
            for p in range(first[i], first[i + 1]):
                c = column_of[destination[p]]
                if c >= 0:
                    reaches = True
                    e = next_entry[c]
                    next_entry[c] = e + 1
                    who[e], travel[e] = i - start, seconds[p] / tau_s
            reaching += reaches
        first_slot[g + 1] = slots
        for s in range(first_slot[g], slots):
            next_entry[column[s]] = 0
            entries = travel[first_entry[s] : first_entry[s + 1]]
            least[s] = entries.min()
            most[s] = entries.max() if len(entries) == reaching else np.inf
    entries = first_entry[slots]
    return (
        first_slot, column[:slots].copy(), least[:slots].copy(), most[:slots].copy(),
        first_entry[: slots + 1].copy(), who[:entries], travel[:entries],
    )  # fmt: skip


@njit(cache=True, nogil=True)
def at_nearest(choices: Choices, people: FloatArray, provisions: int) -> Crowd:
    """Bring everyone to the nearest provision; of equals, the first."""
    origins = len(people)
    column = np.zeros((origins, USES), np.int32)
    travel = np.full((origins, USES), np.inf)
    for g in range(len(choices.first_slot) - 1):
        for s in range(choices.first_slot[g], choices.first_slot[g + 1]):
            for e in range(choices.first_entry[s], choices.first_entry[s + 1]):
                i = g * GROUP + choices.who[e]
                if choices.travel[e] < travel[i, 0]:
                    column[i, 0], travel[i, 0] = choices.column[s], choices.travel[e]
    settled, load = np.zeros((origins, USES)), np.zeros(provisions)
    uses = np.zeros(origins, np.int64)
    for i in range(origins):
        if travel[i, 0] < np.inf:
            uses[i] = 1
            settled[i, 0] = people[i]
            load[column[i, 0]] += people[i]
    return Crowd(load, uses, column, travel, settled)


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _bound(
    column: IntArray, least: FloatArray, most: FloatArray, crowding: FloatArray, bounds: FloatArray
) -> float:
    """Bound the cost of each slot from below, and return what nobody's cheapest can exceed."""
    bound = np.inf
    for s in range(len(column)):
        here = crowding[column[s]]
        bounds[s] = least[s] + here
        bound = min(bound, most[s] + here)
    return bound


@njit(cache=True, nogil=True)
def _worthwhile(
    choices: Choices, g: int, crowding: FloatArray, slack: float,
    bounds: FloatArray, columns: IntArray, travel: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """
    Find the provisions that can be the cheapest for anybody of a group, or nearly.

    Returns how many they are, listed in `columns` with the `travel` of each origin, and the cost
    that all others exceed.
    """
    start, end = choices.first_slot[g], choices.first_slot[g + 1]
    bound = slack + _bound(
        choices.column[start:end], choices.least[start:end], choices.most[start:end],
        crowding, bounds,
    )  # fmt: skip
    found = 0
    for s in range(start, end):
        if bounds[s - start] <= bound:
            columns[found] = choices.column[s]
            travel[found] = np.inf
            for e in range(choices.first_entry[s], choices.first_entry[s + 1]):
                travel[found, choices.who[e]] = choices.travel[e]
            found += 1
    return found, bound


@njit(cache=True, nogil=True)
def _cheapest(
    found: int, columns: IntArray, travel: FloatArray, crowding: FloatArray,
    best: IntArray, cost: FloatArray,
) -> None:  # fmt: skip
    """Tell each origin of a group which of those listed costs least, and how much."""
    best[:], cost[:] = 0, np.inf
    for k in range(found):
        there = crowding[columns[k]]
        for w in range(len(cost)):
            here = there + travel[k, w]
            best[w] = k if here < cost[w] else best[w]
            cost[w] = min(here, cost[w])


@njit(cache=True, nogil=True)
def _cheapest_for(
    who: int, found: int, columns: IntArray, travel: FloatArray, crowding: FloatArray
) -> tuple[int, float]:
    """Return the same for one origin."""
    best, cost = 0, np.inf
    for k in range(found):
        here = crowding[columns[k]] + travel[k, who]
        if here < cost:
            best, cost = k, here
    return best, cost


@njit(cache=True, nogil=True)
def _scratch(choices: Choices) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return room for bounds, columns and travel of the largest group."""
    most = 0
    for g in range(len(choices.first_slot) - 1):
        most = max(most, choices.first_slot[g + 1] - choices.first_slot[g])
    return np.empty(most), np.empty(most, np.int32), np.empty((most, GROUP))


@njit(cache=True, nogil=True)
def _place_of(crowd: Crowd, i: int, column: int) -> int:
    """Return which of the provisions that an origin uses this is, or would be."""
    k = 0
    while k < crowd.uses[i] and crowd.column[i, k] != column:
        k += 1
    return k


@njit(cache=True, nogil=True)
def _settle(crowd: Crowd, i: int, k: int, column: int, travel: float, moving: float) -> None:
    """Let people of an origin settle at its k-th provision, which may be one more."""
    crowd.load[column] += moving
    if k == crowd.uses[i]:
        crowd.column[i, k], crowd.travel[i, k], crowd.settled[i, k] = column, travel, 0.0
        crowd.uses[i] += 1
    crowd.settled[i, k] += moving


@njit(cache=True, nogil=True)
def _leave(crowd: Crowd, i: int, k: int, moving: float) -> None:
    """Let people of an origin leave its k-th provision, which is struck out when all have."""
    crowd.load[crowd.column[i, k]] -= moving
    crowd.settled[i, k] -= moving
    if crowd.settled[i, k] == 0 and crowd.uses[i] > 1:
        crowd.uses[i] -= 1
        last = crowd.uses[i]
        crowd.column[i, k] = crowd.column[i, last]
        crowd.travel[i, k] = crowd.travel[i, last]
        crowd.settled[i, k] = crowd.settled[i, last]


@njit(cache=True, nogil=True)
def settle_at_once(
    choices: Choices,
    crowd: Crowd,
    places: FloatArray,
    people: FloatArray,
    step: float,
    ration: float,
) -> None:
    """
    Let people of each origin move from its dearest provision to its cheapest, all at once.

    A provision takes at most `ration` people for each of its places at once.
    """
    crowding = crowd.load / places
    bounds, columns, travel = _scratch(choices)
    cheap, way = np.empty(len(people), np.int32), np.empty(len(people))
    near, dear = np.empty(len(people), np.int64), np.empty(len(people), np.int64)
    moving = np.zeros(len(people))
    arriving = np.zeros(len(places))
    best, cost = np.empty(GROUP, np.int32), np.empty(GROUP)
    for g in range(len(choices.first_slot) - 1):
        found, _ = _worthwhile(choices, g, crowding, 0.0, bounds, columns, travel)
        _cheapest(found, columns, travel, crowding, best, cost)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(people))):
            if crowd.uses[i] == 0:
                continue
            k = best[i - g * GROUP]
            cheap[i], way[i] = columns[k], travel[k, i - g * GROUP]
            near[i], dear[i] = _place_of(crowd, i, cheap[i]), _dearest(crowd, i, crowding)
            if near[i] == dear[i]:
                continue
            wanted = _to_even_out(crowd, i, near[i], cheap[i], way[i], dear[i], places)
            moving[i] = np.floor(max(min(wanted, step * people[i]), 0.0))
            arriving[cheap[i]] += moving[i]
    for i in range(len(people)):
        crush = arriving[cheap[i]] / places[cheap[i]] / ration
        if crush > 1:
            moving[i] = np.round(moving[i] / crush)
        if moving[i] > 0:
            _settle(crowd, i, near[i], cheap[i], way[i], moving[i])
            _leave(crowd, i, dear[i], moving[i])


@njit(cache=True, nogil=True)
def _dearest(crowd: Crowd, i: int, crowding: FloatArray) -> int:
    """Return which of the provisions that an origin uses costs most; of equals, the first."""
    worst, cost = 0, -np.inf
    for k in range(crowd.uses[i]):
        here = crowding[crowd.column[i, k]] + crowd.travel[i, k]
        if here > cost or (here == cost and crowd.column[i, k] < crowd.column[i, worst]):
            worst, cost = k, here
    return worst


@njit(cache=True, nogil=True)
def _to_even_out(
    crowd: Crowd, i: int, k: int, near: int, way: float, dear: int, places: FloatArray
) -> float:
    """Return how many people to move so that the dear provision costs them as the near one."""
    far, here = crowd.column[i, dear], crowd.settled[i, dear]
    there = crowd.settled[i, k] if k < crowd.uses[i] else 0.0
    both = (places[near] * places[far]) / (places[near] + places[far])
    wanted = both * (
        (crowd.travel[i, dear] - way)
        + (there + here + (crowd.load[far] - here)) / places[far]
        - (crowd.load[near] - there) / places[near]
    )
    return float(min(wanted - there, here))


@njit(cache=True, nogil=True)
def settle_in_turn(choices: Choices, crowd: Crowd, places: FloatArray) -> float:
    """Let the people of each origin in turn move to its cheapest; return the most gained."""
    crowding = crowd.load / places
    bounds, columns, travel = _scratch(choices)
    most = 0.0
    for g in range(len(choices.first_slot) - 1):
        found, bound = _worthwhile(choices, g, crowding, SLACK, bounds, columns, travel)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(crowd.uses))):
            if crowd.uses[i] == 0:
                continue
            best, cost = _cheapest_for(i - g * GROUP, found, columns, travel, crowding)
            if cost > bound:
                found, bound = _worthwhile(choices, g, crowding, SLACK, bounds, columns, travel)
                best, _ = _cheapest_for(i - g * GROUP, found, columns, travel, crowding)
            near, way = columns[best], travel[best, i - g * GROUP]
            k = 0
            while k < crowd.uses[i]:
                far, here = crowd.column[i, k], crowd.settled[i, k]
                gain = crowding[far] + crowd.travel[i, k] - crowding[near] - way
                k += 1
                if gain <= 0 or here == 0:
                    continue
                most = max(most, gain)
                both = places[near] * places[far] / (places[near] + places[far])
                moving = min(gain * both, here)
                _settle(crowd, i, _place_of(crowd, i, near), near, way, moving)
                uses = crowd.uses[i]
                _leave(crowd, i, k - 1, moving)
                k -= uses - crowd.uses[i]
                bound -= moving / places[far]
                crowding[far] = crowd.load[far] / places[far]
                crowding[near] = crowd.load[near] / places[near]
    return most


@njit(cache=True, nogil=True)
def mean_costs(
    choices: Choices, crowd: Crowd, crowding: FloatArray, people: FloatArray
) -> FloatArray:
    """Return what access costs the people of each origin, or would cost its first."""
    costs = np.full(len(people), np.inf)
    best, cost = np.empty(GROUP, np.int32), np.empty(GROUP)
    bounds, columns, travel = _scratch(choices)
    for g in range(len(choices.first_slot) - 1):
        found, _ = _worthwhile(choices, g, crowding, 0.0, bounds, columns, travel)
        _cheapest(found, columns, travel, crowding, best, cost)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(people))):
            if people[i] == 0:
                costs[i] = cost[i - g * GROUP]
            elif crowd.uses[i] > 0:
                total = 0.0
                for k in range(crowd.uses[i]):
                    here = crowding[crowd.column[i, k]] + crowd.travel[i, k]
                    total += here * crowd.settled[i, k]
                costs[i] = total / people[i]
    return costs
