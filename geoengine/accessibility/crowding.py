"""Who moves where when provisions are crowded: the kernels of the rational agent access model."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.accessibility.pairs import FloatArray, LongArray

Columns = NDArray[np.uint32]
Bounds = NDArray[np.float32]

GROUP = 32
USES = 12
SLACK = 0.02
CROWDED_CYCLES = 20
HALF_LIFE = 50
# Bounds are held in half the bytes; three roundings of theirs are less than this apart.
FINE = np.float32(1 + 2.0**-20)
_NEVER = np.iinfo(np.int64).max


class Choices(NamedTuple):
    """
    Where people could go, by groups of 32 origins, with bounds that tell what to pass over.

    Group g has the slots `first_slot[g]` to `first_slot[g + 1]`, one for each provision that any
    of its origins can reach, by `column`. Slot s has the entries `first_entry[s]` to
    `first_entry[s + 1]`, one for each origin (`who`, from 0 in the group) with its `travel`;
    `least` and `most` bound them but for rounding, `most` being inf unless everybody of the
    group who can go anywhere can go there.
    """

    first_slot: LongArray
    column: Columns
    least: Bounds
    most: Bounds
    first_entry: LongArray
    who: NDArray[np.uint8]
    travel: FloatArray


class Crowd(NamedTuple):
    """
    Where people are: how many at each provision, and at which of them those of each origin.

    Origin i uses `uses[i]` provisions: `column[i, k]`, `travel[i, k]` away, `settled[i, k]`
    people each.
    """

    load: FloatArray
    uses: LongArray
    column: Columns
    travel: FloatArray
    settled: FloatArray


class Scratch(NamedTuple):
    """Room for the slots of the largest group, and for what is best for each of its origins."""

    here: Bounds
    bound: Bounds
    near: NDArray[np.uint8]
    hits: LongArray
    best: LongArray
    way: FloatArray
    cost: FloatArray


@njit(cache=True, nogil=True)
def _scratch(choices: Choices) -> Scratch:
    most = 0
    for g in range(len(choices.first_slot) - 1):
        most = max(most, choices.first_slot[g + 1] - choices.first_slot[g])
    return Scratch(
        np.empty(most, np.float32), np.empty(most, np.float32),
        np.zeros(8 * (most // 8 + 1), np.uint8), np.empty(8 * (most // 8 + 1), np.int64),
        np.empty(GROUP, np.int64), np.empty(GROUP), np.empty(GROUP),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def with_room(crowd: Crowd) -> Crowd:
    """Make room for every origin to use one provision more."""
    origins, width = crowd.column.shape
    if crowd.uses.max() < width:
        return crowd
    width += width // 2 + 1
    column = np.zeros((origins, width), np.uint32)
    travel, settled = np.zeros((origins, width)), np.zeros((origins, width))
    for i in range(origins):
        uses = crowd.uses[i]
        column[i, :uses] = crowd.column[i, :uses]
        travel[i, :uses] = crowd.travel[i, :uses]
        settled[i, :uses] = crowd.settled[i, :uses]
    return Crowd(crowd.load, crowd.uses, column, travel, settled)


@njit(cache=True, nogil=True)
def group(
    first: LongArray,
    destination: NDArray[np.integer[Any]],
    seconds: FloatArray,
    column_of: Columns,
    provisions: int,
    tau_s: float,
) -> Any:
    """Sort the pairs of each 32 origins by provision; those to column `provisions` are left out."""
    origins, pairs = len(first) - 1, len(destination)
    groups = (origins + GROUP - 1) // GROUP
    slots = min(pairs, groups * provisions)
    first_slot, first_entry = np.zeros(groups + 1, np.int64), np.zeros(slots + 1, np.int64)
    column = np.empty(slots, np.uint32)
    least, most = np.empty(slots, np.float32), np.empty(slots, np.float32)
    who, travel, ends = np.empty(pairs, np.uint8), np.empty(pairs), np.empty(2)
    sheet = np.full((provisions + 1, GROUP), np.inf)
    s = e = 0
    for g in range(groups):
        start, end = g * GROUP, min((g + 1) * GROUP, origins)
        low, high, reaching = _lay_out(
            first, destination, seconds, column_of, provisions, start, end, sheet
        )
        for c in range(low, high + 1):
            _span(sheet[c], ends)
            if ends[0] == np.inf:
                continue
            if ends[1] < np.inf:
                _divide(sheet[c], tau_s, travel[e : e + GROUP])
                e += GROUP
            else:
                ends[1] = 0.0
                for w in range(GROUP):
                    if sheet[c, w] < np.inf:
                        ends[1] = max(ends[1], sheet[c, w])
                        who[e], travel[e] = w, sheet[c, w] / tau_s
                        e += 1
            sheet[c] = np.inf
            everybody = e - first_entry[s] == reaching
            column[s], least[s] = c, ends[0] / tau_s
            most[s] = ends[1] / tau_s if everybody else np.inf
            s += 1
            first_entry[s] = e
        first_slot[g + 1] = s
    return (
        first_slot, column[:s].copy(), least[:s].copy(), most[:s].copy(),
        first_entry[: s + 1].copy(), who[:e], travel[:e],
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _lay_out(
    first: LongArray, destination: NDArray[np.integer[Any]], seconds: FloatArray,
    column_of: Columns, provisions: int, start: int, end: int, sheet: FloatArray,
) -> tuple[int, int, int]:  # fmt: skip
    """
    Lay the pairs of a group out by provision and origin.

    Returns the first and the last provision that any can reach, and how many can reach any.
    """
    low: Any = provisions
    high: Any = -1
    reaching = 0
    for i in range(start, end):
        p, q = first[i], first[i + 1]
        while p < q and column_of[destination[p]] == provisions:
            p += 1
        while p < q and column_of[destination[q - 1]] == provisions:
            q -= 1
        if p < q:
            reaching += 1
            low = min(low, np.int64(column_of[destination[p]]))
            high = max(high, np.int64(column_of[destination[q - 1]]))
        for pair in range(p, q):
            sheet[column_of[destination[pair]], i - start] = seconds[pair]
    return low, high, reaching


# Numbers that are not negative stand in the same order as their bits. The least of whole numbers
# is found eight at a time, that of others one by one.
@njit(cache=True, nogil=True)
def _span(row: FloatArray, ends: FloatArray) -> None:
    """Find the least and the greatest of the seconds of a row."""
    bits, least, most = row.view(np.int64), np.int64(_NEVER), np.int64(0)
    for w in range(GROUP):
        least, most = min(least, bits[w]), max(most, bits[w])
    ends.view(np.int64)[0], ends.view(np.int64)[1] = least, most


@njit(cache=True, nogil=True)
def _least(bounds: Bounds) -> Any:
    """Return the least of some bounds."""
    bits, least = bounds.view(np.int32), np.int32(0x7F800000)
    for s in range(len(bits)):
        least = min(least, bits[s])
    return np.array([least], np.int32).view(np.float32)[0]


@njit(cache=True, nogil=True)
def _divide(row: FloatArray, tau_s: float, into: FloatArray) -> None:
    for w in range(GROUP):
        into[w] = row[w] / tau_s


@njit(cache=True, nogil=True)
def _add(bounds: Bounds, here: Bounds, into: Bounds) -> None:
    for s in range(len(bounds)):
        into[s] = bounds[s] + here[s]


@njit(cache=True, nogil=True)
def _mark(least: Bounds, here: Bounds, limit: float, near: NDArray[np.uint8]) -> None:
    for s in range(len(least)):
        near[s] = least[s] + here[s] <= limit


@njit(cache=True, nogil=True)
def _worthwhile(
    choices: Choices, g: int, rough: Bounds, slack: float, room: Scratch
) -> tuple[int, float]:
    """
    Find the slots that can be the cheapest for anybody of a group, or nearly.

    Returns how many they are, listed in `room.hits` as they come, and the cost that all others
    exceed. `rough` is the crowding of each provision.
    """
    start, end = choices.first_slot[g], choices.first_slot[g + 1]
    count = end - start
    if count == 0:
        return 0, np.inf
    column = choices.column[start:end]
    low = column[0]
    if column[count - 1] - low == count - 1:
        here = rough[low : low + count]
    else:
        here = room.here[:count]
        for s in range(count):
            here[s] = rough[column[s]]
    _add(choices.most[start:end], here, room.bound)
    limit = (_least(room.bound[:count]) + np.float32(slack)) * FINE
    _mark(choices.least[start:end], here, limit, room.near)
    room.near[count : 8 * (count // 8 + 1)] = 0
    found = 0
    eights = room.near.view(np.uint64)
    for eight in range(count // 8 + 1):
        if eights[eight] != 0:
            for s in range(8 * eight, 8 * eight + 8):
                room.hits[found] = start + s
                found += room.near[s]
    return found, np.float64(limit) / FINE


@njit(cache=True, nogil=True)
def _cheapest(choices: Choices, g: int, crowding: FloatArray, rough: Bounds, room: Scratch) -> None:
    """Find which provision costs least for each of a group, how far it is, and the cost."""
    found, _ = _worthwhile(choices, g, rough, 0.0, room)
    best, cost = room.best, room.cost
    best[:], room.way[:], cost[:] = 0, np.inf, np.inf
    for hit in range(found):
        s = room.hits[hit]
        there = crowding[choices.column[s]]
        first, last = choices.first_entry[s], choices.first_entry[s + 1]
        if last - first == GROUP:
            _compare(choices.travel[first:last], there, s, best, cost)
        else:
            for e in range(first, last):
                w = choices.who[e]
                if there + choices.travel[e] < cost[w]:
                    best[w], cost[w] = s, there + choices.travel[e]
    for w in range(GROUP):
        if cost[w] < np.inf:
            first, last = choices.first_entry[best[w]], choices.first_entry[best[w] + 1]
            e = first + w
            if last - first < GROUP:
                e = first
                while choices.who[e] != w:
                    e += 1
            room.way[w] = choices.travel[e]
            best[w] = choices.column[best[w]]


@njit(cache=True, nogil=True)
def _compare(
    travel: FloatArray, there: float, slot: int, best: LongArray, cost: FloatArray
) -> None:
    """Let all of a group choose a slot if it is cheaper than their best."""
    for w in range(GROUP):
        here = there + travel[w]
        cheaper = here < cost[w]
        best[w] = slot if cheaper else best[w]
        cost[w] = here if cheaper else cost[w]


@njit(cache=True, nogil=True)
def at_nearest(choices: Choices, people: FloatArray, provisions: int) -> Crowd:
    """Bring everyone to the nearest provision; of equals, the first."""
    origins = len(people)
    crowd = Crowd(
        np.zeros(provisions), np.zeros(origins, np.int64), np.zeros((origins, USES), np.uint32),
        np.zeros((origins, USES)), np.zeros((origins, USES)),
    )  # fmt: skip
    nowhere, empty = np.zeros(provisions), np.zeros(provisions, np.float32)
    room = _scratch(choices)
    for g in range(len(choices.first_slot) - 1):
        _cheapest(choices, g, nowhere, empty, room)
        for i in range(g * GROUP, min((g + 1) * GROUP, origins)):
            w = i - g * GROUP
            if room.cost[w] < np.inf:
                crowd.uses[i] = 1
                crowd.column[i, 0], crowd.travel[i, 0] = room.best[w], room.way[w]
                crowd.settled[i, 0] = people[i]
                crowd.load[room.best[w]] += people[i]
    return crowd


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
def settle_in_steps(
    choices: Choices, crowd: Crowd, places: FloatArray, people: FloatArray,
    cycles: int, first_step: float, last_step: float,
) -> tuple[Crowd, FloatArray]:  # fmt: skip
    """
    Let people of each origin move from its dearest provision to its cheapest, cycle by cycle.

    In the first cycles a provision takes at most one person for each of its places at once.
    Returns the crowding as people saw it before their last move, too.
    """
    crowding = crowd.load / places
    for cycle in range(cycles):
        crowding = crowd.load / places
        crowd = with_room(crowd)
        step = max(first_step * 0.5 ** (cycle / HALF_LIFE), last_step)
        ration = 1.0 if cycle < CROWDED_CYCLES else np.inf
        _settle_at_once(choices, crowd, places, people, crowding, step, ration)
    return crowd, crowding


@njit(cache=True, nogil=True)
def _settle_at_once(
    choices: Choices, crowd: Crowd, places: FloatArray, people: FloatArray,
    crowding: FloatArray, step: float, ration: float,
) -> None:  # fmt: skip
    room, rough = _scratch(choices), crowding.astype(np.float32)
    cheap, way = np.empty(len(people), np.uint32), np.empty(len(people))
    near, dear = np.empty(len(people), np.int64), np.empty(len(people), np.int64)
    moving, arriving = np.zeros(len(people)), np.zeros(len(places))
    for g in range(len(choices.first_slot) - 1):
        _cheapest(choices, g, crowding, rough, room)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(people))):
            most = _most(crowd.column[i], crowd.travel[i], crowd.uses[i], crowding)
            if most <= room.cost[i - g * GROUP]:
                continue
            cheap[i], way[i] = room.best[i - g * GROUP], room.way[i - g * GROUP]
            near[i], dear[i] = _ends(crowd, i, cheap[i], most, crowding)
            wanted = _to_even_out(crowd, i, near[i], cheap[i], way[i], dear[i], places)
            moving[i] = np.floor(max(min(wanted, step * people[i]), 0.0))
            arriving[cheap[i]] += moving[i]
    crush = arriving / places / ration
    for i in range(len(people)):
        if moving[i] > 0:
            if crush[cheap[i]] > 1:
                moving[i] = np.round(moving[i] / crush[cheap[i]])
            if moving[i] > 0:
                _settle(crowd, i, near[i], cheap[i], way[i], moving[i])
                _leave(crowd, i, dear[i], moving[i])


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz", "reassoc"})
def _most(column: Columns, travel: FloatArray, uses: int, crowding: FloatArray) -> float:
    """Return what the dearest of the provisions used costs; -inf where there is none."""
    most = -np.inf
    for k in range(uses):
        most = max(most, crowding[column[k]] + travel[k])
    return most


@njit(cache=True, nogil=True)
def _ends(crowd: Crowd, i: int, cheap: int, most: float, crowding: FloatArray) -> tuple[int, int]:
    """Return which provision of an origin is the cheap one, and which the first that costs most."""
    uses, near, dear, first = crowd.uses[i], -1, -1, np.int64(2**32)
    columns, travel = crowd.column[i], crowd.travel[i]
    for k in range(uses):
        column = np.int64(columns[k])
        near = k if column == cheap else near
        worse = (crowding[columns[k]] + travel[k] == most) & (column < first)
        dear = k if worse else dear
        first = column if worse else first
    near = uses if near < 0 else near
    return near, dear


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
def _listed(
    choices: Choices, g: int, crowding: FloatArray, room: Scratch,
    columns: Columns, travel: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """List what is worthwhile, with the travel of each origin there, and what others exceed."""
    found, bound = _worthwhile(choices, g, crowding.astype(np.float32), SLACK, room)
    for hit in range(found):
        s = room.hits[hit]
        first, last = choices.first_entry[s], choices.first_entry[s + 1]
        columns[hit] = choices.column[s]
        if last - first == GROUP:
            travel[hit] = choices.travel[first:last]
        else:
            travel[hit] = np.inf
            for e in range(first, last):
                travel[hit, choices.who[e]] = choices.travel[e]
    return found, bound


@njit(cache=True, nogil=True)
def _cheapest_for(
    who: int, found: int, columns: Columns, travel: FloatArray, crowding: FloatArray
) -> tuple[int, float]:
    """Tell one origin which of those listed costs least, and how much."""
    best, cost = 0, np.inf
    for k in range(found):
        here = crowding[columns[k]] + travel[k, who]
        if here < cost:
            best, cost = k, here
    return best, cost


@njit(cache=True, nogil=True)
def settle_in_turn(choices: Choices, crowd: Crowd, places: FloatArray) -> float:
    """Let the people of each origin in turn move to its cheapest; return the most gained."""
    crowding = crowd.load / places
    room = _scratch(choices)
    columns = np.empty(len(room.here), np.uint32)
    travel = np.empty((len(room.here), GROUP))
    most = 0.0
    for g in range(len(choices.first_slot) - 1):
        found, bound = _listed(choices, g, crowding, room, columns, travel)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(crowd.uses))):
            if crowd.uses[i] == 0:
                continue
            best, cost = _cheapest_for(i - g * GROUP, found, columns, travel, crowding)
            if cost > bound:
                found, bound = _listed(choices, g, crowding, room, columns, travel)
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
    room, rough = _scratch(choices), crowding.astype(np.float32)
    for g in range(len(choices.first_slot) - 1):
        _cheapest(choices, g, crowding, rough, room)
        for i in range(g * GROUP, min((g + 1) * GROUP, len(people))):
            if people[i] == 0:
                costs[i] = room.cost[i - g * GROUP]
            elif crowd.uses[i] > 0:
                total = 0.0
                for k in range(crowd.uses[i]):
                    here = crowding[crowd.column[i, k]] + crowd.travel[i, k]
                    total += here * crowd.settled[i, k]
                costs[i] = total / people[i]
    return costs
