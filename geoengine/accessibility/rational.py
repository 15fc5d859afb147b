"""The rational agent access model: everyone goes where travel and crowding cost them least."""

import numpy as np

from geoengine.accessibility.crowding import (
    Choices,
    at_nearest,
    group,
    mean_costs,
    settle_in_steps,
    settle_in_turn,
    with_room,
)
from geoengine.accessibility.pairs import FloatArray, Times, check_amounts, pairs_of


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
    choices, places, people = _choices(times, supply, demand, tau_s)
    crowd = at_nearest(choices, people, len(places))
    gain = np.inf
    for _ in range(rounds):
        crowd = with_room(crowd)
        gain = settle_in_turn(choices, crowd, places)
        if gain <= tolerance:
            break
    else:
        raise ValueError(
            f"after {rounds} rounds somebody still gains {gain:.2g} by moving; allow more rounds "
            f"or a tolerance above {tolerance:g}"
        )
    return mean_costs(choices, crowd, crowd.load / places, people)


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
    choices, places, people = _choices(times, supply, demand, tau_s)
    crowd = at_nearest(choices, people, len(places))
    crowd, crowding = settle_in_steps(choices, crowd, places, people, cycles, first_step, last_step)
    return mean_costs(choices, crowd, crowding, people)


def _choices(
    times: Times, supply: FloatArray, demand: FloatArray, tau_s: float
) -> tuple[Choices, FloatArray, FloatArray]:
    """Return the choices, places that serve scaled to mean crowding 1, and people."""
    if not 0 < tau_s < np.inf:
        raise ValueError(f"tau_s must be positive, not {tau_s:g}")
    pairs = pairs_of(times)
    check_amounts(supply, pairs.destinations, "supplies")
    check_amounts(demand, pairs.origins, "demands", unknown=False)
    serving = np.nan_to_num(supply) > 0
    provisions = int(serving.sum())
    column = np.where(serving, np.cumsum(serving) - 1, provisions).astype(np.uint32)
    mean = demand.sum() / supply[serving].sum() if serving.any() else 0.0
    grouped = group(pairs.first_pair, pairs.destination, pairs.seconds, column, provisions, tau_s)
    return Choices(*grouped), supply[serving] * (mean or 1.0), demand.astype(float)
