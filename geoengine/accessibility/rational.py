"""The rational agent access model: everyone goes where travel and crowding cost them least."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.accessibility.pairs import (
    BoolArray,
    FloatArray,
    LongArray,
    Times,
    check_amounts,
    pairs_of,
)

IntArray = NDArray[np.int32]

BLOCK = 64
HALF_LIFE = 50
CROWDED_CYCLES = 20


def rational_agent_access(
    times: Times,
    supply: FloatArray,
    demand: FloatArray,
    *,
    tau_s: float,
    tolerance: float = 0.01,
    rounds: int = 2000,
) -> FloatArray:
    """
    Return the cost of access when people settle between nearness and crowding (RAAM).

    Cost is travel time / tau + crowding; crowding is people per place at the provision over
    people per place in the whole region. Origin by origin, people move from the provisions they
    use to the cheapest in reach until nobody gains by moving.

    Parameters
    ----------
    times
        The pairs, or any other cost in place of seconds.
    supply
        Places at each provision, shape (provisions,); those of 0 or NaN serve nobody.
    demand
        People at each origin, shape (origins,); they may part into any shares.
    tau_s
        Travel time that people accept to avoid crowding of the region's mean, in the unit of
        the times.
    tolerance
        Most that anybody may still gain by moving, as cost: 0.01 is a hundredth of mean
        crowding.
    rounds
        Most rounds of moving.

    Returns
    -------
    numpy.ndarray
        Mean cost of the people of each origin, shape (origins,), low where access is good; for
        an origin without people the least cost that its first would meet; inf where nothing is
        in reach. The order of the origins matters no more than the tolerance.

    Raises
    ------
    ValueError
        If the shapes disagree, an amount is negative, tau is not positive, or somebody still
        gains more than the tolerance after the last round.

    References
    ----------
    Saxon, J. & Snow, D. (2020) A rational agent model for the spatial accessibility of primary
    health care. Annals of the American Association of Geographers 110(1), 205-222.
    doi:10.1080/24694452.2019.1629870

    Examples
    --------
    Sixty people between two surgeries side by side, of 10 and 20 doctors: crowding evens out.

    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0], [0, 1], [60.0, 60.0], origins=1, destinations=2)
    >>> supply, demand = np.array([10.0, 20.0]), np.array([60.0])
    >>> rational_agent_access(pairs, supply, demand, tau_s=600).round(6)
    array([1.1])
    """
    choices, places, people, active = _choices(times, supply, demand, tau_s)
    crowd = _at_nearest(choices, places, people)
    gain = np.inf
    for _ in range(rounds):
        crowd = _with_room(crowd)
        gain = _settle_in_turn(choices, crowd, places)
        if gain <= tolerance:
            break
    else:
        raise ValueError(
            f"after {rounds} rounds somebody still gains {gain:.2g} by moving; allow more rounds "
            f"or a tolerance above {tolerance:g}"
        )
    return _mean_costs(choices, crowd, crowd.load / places, people, active)


def stepwise_agent_access(
    times: Times,
    supply: FloatArray,
    demand: FloatArray,
    *,
    tau_s: float,
    cycles: int = 150,
    first_step: float = 0.2,
    last_step: float = 0.005,
) -> FloatArray:
    """
    Return the cost of access after as many small moves as the authors' program makes.

    In each cycle everyone moves at once and in whole people, at most a step's share of an
    origin; the step halves every 50 cycles. The published figures are of this kind. They depend
    on the number of cycles, because people have not settled by then, and origins of fewer than
    1 / step people never move: prefer `rational_agent_access` for anything but comparison.

    Parameters
    ----------
    times, supply, demand, tau_s
        As for `rational_agent_access`.
    cycles
        How often people move.
    first_step, last_step
        Share of an origin's people that may move in the first cycle, and at least.

    Returns
    -------
    numpy.ndarray
        As `rational_agent_access`, with crowding as people saw it before their last move.

    Raises
    ------
    ValueError
        If the shapes disagree, an amount is negative, or tau or a step is not positive.
    """
    if not (cycles >= 1 and 0 < last_step <= first_step <= 1):
        raise ValueError("cycles must be at least 1, and 0 < last_step <= first_step <= 1")
    choices, places, people, active = _choices(times, supply, demand, tau_s)
    crowd = _at_nearest(choices, places, people)
    crowding = crowd.load / places
    for cycle in range(cycles):
        crowding = crowd.load / places
        crowd = _with_room(crowd)
        _look_around(choices, crowd, crowding)
        step = max(first_step * 0.5 ** (cycle / HALF_LIFE), last_step)
        moving = np.floor(np.minimum(_to_even_out(choices, crowd, places), step * people))
        if cycle < CROWDED_CYCLES:
            at = choices.column[crowd.cheap]
            arriving = np.bincount(at, moving, minlength=len(places))
            moving = np.round(moving / np.maximum(arriving / places, 1)[at])
        _move(choices, crowd, moving)
    return _mean_costs(choices, crowd, crowding, people, active)


class _Choices(NamedTuple):
    """
    Where people could go, cut into blocks whose least cost tells early what to pass over.

    Pairs of origin i are `first[i]` to `first[i + 1]`, with a `column` (provision) and `travel`
    each; its blocks are `first_block[i]` to `first_block[i + 1]`, block b has the pairs
    `block_pair[b]` to `block_pair[b + 1]`, all in the `block_column[b]`-th 64 columns, and the
    least travel `block_travel[b]`.
    """

    first: LongArray
    column: IntArray
    travel: FloatArray
    first_block: LongArray
    block_pair: LongArray
    block_column: IntArray
    block_travel: FloatArray


class _Crowd(NamedTuple):
    """
    Where people are: on each pair, at each provision, and which pairs each origin uses.

    `used[i, :uses[i]]` are the pairs of origin i that people use, `cheap` and `dear` those of
    least and most cost when last looked at.
    """

    settled: FloatArray
    load: FloatArray
    used: LongArray
    uses: LongArray
    cheap: LongArray
    dear: LongArray


def _choices(
    times: Times, supply: FloatArray, demand: FloatArray, tau_s: float
) -> tuple[_Choices, FloatArray, FloatArray, BoolArray]:
    """Return the choices of origins that have any, places scaled to mean crowding 1, people."""
    if not 0 < tau_s < np.inf:
        raise ValueError(f"tau_s must be positive, not {tau_s:g}")
    pairs = pairs_of(times)
    check_amounts(supply, pairs.destinations, "supplies")
    check_amounts(demand, pairs.origins, "demands", unknown=False)
    serving = np.nan_to_num(supply) > 0
    keep = serving[pairs.destination]
    first = np.concatenate(([0], np.cumsum(keep)))[pairs.first_pair]
    active = np.diff(first) > 0
    first = np.append(first[:-1][active], first[-1])
    column = (np.cumsum(serving, dtype=np.int32) - 1)[pairs.destination[keep]]
    travel = pairs.seconds[keep] / tau_s
    mean = demand.sum() / supply[serving].sum() if serving.any() else 0.0
    places = supply[serving] * (mean or 1.0)
    choices = _Choices(first, column, travel, *_blocks(first, column, travel))
    return choices, places, demand[active].astype(float), active


def _blocks(
    first: LongArray, column: IntArray, travel: FloatArray
) -> tuple[LongArray, LongArray, IntArray, FloatArray]:
    """Cut each row where it passes into other 64 columns."""
    starts = np.zeros(len(column) + 1, dtype=bool)
    starts[1:-1] = np.diff(column // BLOCK) != 0
    starts[first[:-1]] = True
    pair = np.flatnonzero(starts[:-1])
    least = np.minimum.reduceat(travel, pair) if len(pair) else np.empty(0)
    block_column = (column[pair] // BLOCK).astype(np.int32)
    return np.searchsorted(pair, first), np.append(pair, len(column)), block_column, least


def _at_nearest(choices: _Choices, places: FloatArray, people: FloatArray) -> _Crowd:
    """Bring everyone to the nearest provision."""
    nearest = _nearest(choices)
    settled = np.zeros(len(choices.column))
    settled[nearest] = people
    load = np.bincount(choices.column[nearest], people, minlength=len(places)).astype(float)
    used = np.zeros((len(nearest), 8), dtype=np.int64)
    used[:, 0] = nearest
    uses = np.ones(len(nearest), dtype=np.int64)
    return _Crowd(settled, load, used, uses, nearest, nearest.copy())


def _with_room(crowd: _Crowd) -> _Crowd:
    """Make room for every origin to use one provision more."""
    width = crowd.used.shape[1]
    if crowd.uses.max(initial=0) < width:
        return crowd
    return crowd._replace(used=np.pad(crowd.used, ((0, 0), (0, width))))


def _to_even_out(choices: _Choices, crowd: _Crowd, places: FloatArray) -> FloatArray:
    """Return how many people of each origin to move so that its dear pair costs as its cheap."""
    near, far = choices.column[crowd.cheap], choices.column[crowd.dear]
    there, here = crowd.settled[crowd.cheap], crowd.settled[crowd.dear]
    both = (places[near] * places[far]) / (places[near] + places[far])
    wanted = both * (
        (choices.travel[crowd.dear] - choices.travel[crowd.cheap])
        + (there + here + (crowd.load[far] - here)) / places[far]
        - (crowd.load[near] - there) / places[near]
    )
    return np.where(crowd.cheap == crowd.dear, 0.0, np.minimum(wanted - there, here))


def _move(choices: _Choices, crowd: _Crowd, moving: FloatArray) -> None:
    """Move people from the dear pair of each origin to its cheap one."""
    crowd.settled[crowd.cheap] += moving
    crowd.settled[crowd.dear] -= moving
    count = len(crowd.load)
    crowd.load[:] += np.bincount(choices.column[crowd.cheap], moving, minlength=count)
    crowd.load[:] -= np.bincount(choices.column[crowd.dear], moving, minlength=count)
    _list_used(crowd)


def _mean_costs(
    choices: _Choices, crowd: _Crowd, crowding: FloatArray, people: FloatArray, active: BoolArray
) -> FloatArray:
    cost = np.full(len(active), np.inf)
    if not active.any():
        return cost
    _look_around(choices, crowd, crowding)
    each = crowding[choices.column] + choices.travel
    total = np.add.reduceat(each * crowd.settled, choices.first[:-1])
    with np.errstate(invalid="ignore", divide="ignore"):
        cost[active] = np.where(people > 0, total / people, each[crowd.cheap])
    return cost


@njit(cache=True, nogil=True)
def _nearest(choices: _Choices) -> LongArray:
    """Return the pair of least travel of each origin."""
    first = choices.first
    found = np.empty(len(first) - 1, np.int64)
    for i in range(len(found)):
        found[i] = first[i] + np.argmin(choices.travel[first[i] : first[i + 1]])
    return found


@njit(cache=True, nogil=True)
def _least_by_block(crowding: FloatArray) -> FloatArray:
    """Return the least crowding in each 64 columns."""
    least = np.full((len(crowding) + BLOCK - 1) // BLOCK, np.inf)
    for j in range(len(crowding)):
        least[j // BLOCK] = min(least[j // BLOCK], crowding[j])
    return least


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz", "ninf"})
def _least_cost(
    start: int, end: int, column: IntArray, travel: FloatArray, crowding: FloatArray
) -> float:
    """Return the least cost of the pairs `start` to `end`, by loops that hold nothing else."""
    least = np.inf
    for p in range(start, end):
        least = min(least, crowding[column[p]] + travel[p])
    return least


@njit(cache=True, nogil=True)
def _first_of_cost(
    start: int, column: IntArray, travel: FloatArray, crowding: FloatArray, cost: float
) -> int:
    p = start
    while crowding[column[p]] + travel[p] != cost:
        p += 1
    return p


@njit(cache=True, nogil=True)
def _cheapest(
    choices: _Choices, i: int, crowding: FloatArray, least: FloatArray, guess: int
) -> int:
    """Return the pair of least cost of an origin; of equals, the first."""
    column, travel = choices.column, choices.travel
    best, cost = guess, crowding[column[guess]] + travel[guess]
    for b in range(choices.first_block[i], choices.first_block[i + 1]):
        if choices.block_travel[b] + least[choices.block_column[b]] > cost:
            continue
        start, end = choices.block_pair[b], choices.block_pair[b + 1]
        here = _least_cost(start, end, column, travel, crowding)
        if here < cost or (here == cost and start < best):
            best = _first_of_cost(start, column, travel, crowding, here)
            cost = here
    return best


@njit(cache=True, nogil=True)
def _dearest(choices: _Choices, crowd: _Crowd, i: int, crowding: FloatArray) -> int:
    """Return the pair of highest cost among those an origin uses; of equals, the first."""
    worst, cost = int(crowd.used[i, 0]), -np.inf
    for p in crowd.used[i, : crowd.uses[i]]:
        here = crowding[choices.column[p]] + choices.travel[p]
        if here > cost or (here == cost and p < worst):
            worst, cost = p, here
    return worst


@njit(cache=True, nogil=True)
def _look_around(choices: _Choices, crowd: _Crowd, crowding: FloatArray) -> None:
    """Find the cheapest pair of each origin, and the dearest of those that it uses."""
    least = _least_by_block(crowding)
    for i in range(len(crowd.cheap)):
        crowd.cheap[i] = _cheapest(choices, i, crowding, least, crowd.cheap[i])
        crowd.dear[i] = _dearest(choices, crowd, i, crowding)


@njit(cache=True, nogil=True)
def _list_used(crowd: _Crowd) -> None:
    """Strike out pairs that nobody uses any more, and list those used for the first time."""
    for i in range(len(crowd.cheap)):
        listed, k = False, 0
        while k < crowd.uses[i]:
            p = crowd.used[i, k]
            listed |= p == crowd.cheap[i]
            if crowd.settled[p] == 0 and crowd.uses[i] > 1:
                crowd.uses[i] -= 1
                crowd.used[i, k] = crowd.used[i, crowd.uses[i]]
            else:
                k += 1
        if not listed and crowd.settled[crowd.cheap[i]] > 0:
            crowd.used[i, crowd.uses[i]] = crowd.cheap[i]
            crowd.uses[i] += 1


@njit(cache=True, nogil=True)
def _settle_in_turn(choices: _Choices, crowd: _Crowd, places: FloatArray) -> float:
    """Let the people of each origin in turn move to its cheapest pair; return the most gained."""
    column, travel, settled = choices.column, choices.travel, crowd.settled
    crowding = crowd.load / places
    least = _least_by_block(crowding)
    most = 0.0
    for i in range(len(crowd.cheap)):
        cheap = _cheapest(choices, i, crowding, least, crowd.cheap[i])
        crowd.cheap[i] = cheap
        near = column[cheap]
        for p in crowd.used[i, : crowd.uses[i]]:
            far = column[p]
            gain = crowding[far] + travel[p] - crowding[near] - travel[cheap]
            if gain <= 0 or settled[p] == 0:
                continue
            most = max(most, gain)
            both = places[near] * places[far] / (places[near] + places[far])
            moving = min(gain * both, settled[p])
            settled[p] -= moving
            settled[cheap] += moving
            crowd.load[far] -= moving
            crowd.load[near] += moving
            crowding[far], crowding[near] = (
                crowd.load[far] / places[far],
                crowd.load[near] / places[near],
            )
            least[far // BLOCK] = min(least[far // BLOCK], crowding[far])
    _list_used(crowd)
    return most
