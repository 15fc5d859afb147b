"""Access as interaction that adds up: what is there, handed out once among all in reach."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from geoengine.accessibility.pairs import (
    FloatArray,
    Times,
    check_amounts,
    per,
    sum_known,
    weigh,
)
from geoengine.decay import Decay


@dataclass(frozen=True, eq=False)
class Flows:
    """
    People of each origin at each provision, when both sides add up.

    Parameters
    ----------
    flow
        scipy.sparse.csr_array, shape (origins, provisions).
    origin_factor, provision_factor
        Balancing factors, shapes (origins,) and (provisions,).
    error
        Share of the people who are not yet where the totals want them.
    rounds
        Rounds of balancing taken.
    """

    flow: Any
    origin_factor: FloatArray
    provision_factor: FloatArray
    error: float
    rounds: int


def spatial_availability(
    times: Times,
    supply: FloatArray,
    demand: FloatArray,
    *,
    decay: Decay | None = None,
    alpha: float = 1.0,
) -> FloatArray:
    """
    Hand out each provision's places, in proportion to people and to what their pair counts for.

    This is also the singly constrained measure in its active form: supply adds up.

    Parameters
    ----------
    times
        The pairs.
    supply
        Places at each provision, shape (provisions,); NaN where unknown, which is passed over.
    demand
        People at each origin, shape (origins,).
    decay
        What a pair counts for by its time; by default all pairs count alike.
    alpha
        Power of demand: below 1 small origins get more.

    Returns
    -------
    numpy.ndarray
        Places for each origin, shape (origins,): they add up to the places of all provisions
        that anybody living can reach. Zero where nothing is in reach or nobody lives, NaN where
        all that is in reach has an unknown number; divide by demand for places per person.

    Raises
    ------
    ValueError
        If the shapes disagree, an amount is negative, or demand is unknown.

    References
    ----------
    Soukhov, A., Paez, A., Higgins, C. D. & Mohamed, M. (2023) Introducing spatial availability,
    a singly-constrained measure of competitive accessibility. PLoS ONE 18(1), e0278468.
    doi:10.1371/journal.pone.0278468

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 1], [0, 0], [300.0, 600.0], origins=2, destinations=1)
    >>> spatial_availability(pairs, np.array([30.0]), np.array([20.0, 40.0]))
    array([10., 20.])
    """
    if not 0 <= alpha < np.inf:
        raise ValueError(f"alpha must be at least 0, not {alpha:g}")
    weights = _weighed(times, supply, demand, decay)
    drawn = np.where(demand > 0, demand, 0.0) ** alpha if alpha else (demand > 0).astype(float)
    return np.asarray(drawn * sum_known(weights, per(supply, np.asarray(weights.T @ drawn))))


def market_availability(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Hand out each origin's people, in proportion to places and to what their pair counts for.

    This is the singly constrained measure in its passive form: demand adds up.

    Parameters
    ----------
    times, supply, demand, decay
        As for `spatial_availability`.

    Returns
    -------
    numpy.ndarray
        People for each provision, shape (provisions,): they add up to the people of all origins
        that can reach a place. Zero where there are no places or nobody can come, NaN where the
        number of places is unknown; those draw nobody.

    References
    ----------
    Soukhov, A., Pereira, R. H. M., Higgins, C. D. & Paez, A. (2025) A family of accessibility
    measures derived from spatial interaction principles. PLoS ONE.

    Wilson, A. G. (1971) A family of spatial interaction models, and associated developments.
    Environment and Planning A 3(1), 1-32. doi:10.1068/a030001
    """
    weights = _weighed(times, supply, demand, decay)
    share = per(demand, np.asarray(weights @ np.nan_to_num(supply)))
    return np.asarray(supply * (weights.T @ share))


def total_constrained(
    times: Times, amounts: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Hand out the whole region's supply over the origins, in proportion to gravity access.

    Parameters
    ----------
    times
        The pairs; turn them for the passive form.
    amounts
        Places at each provision, shape (provisions,); NaN where unknown, which is passed over.
        With turned pairs, people.
    decay
        As for `spatial_availability`.

    Returns
    -------
    numpy.ndarray
        Places, shape (origins,): they add up to all known amounts, if any of them is in reach.
        Zero where nothing is, NaN where all that is has an unknown amount.

    References
    ----------
    As for `market_availability`.

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 1, 1], [0, 0, 1], [60.0, 60.0, 60.0], origins=2, destinations=2)
    >>> total_constrained(pairs, np.array([30.0, 10.0]))
    array([17.14285714, 22.85714286])
    """
    weights = weigh(times, decay)
    check_amounts(amounts, weights.shape[1], "amounts")
    reached = sum_known(weights, amounts)
    return reached * per(np.nansum(amounts, keepdims=True), np.nansum(reached, keepdims=True))


def doubly_constrained(
    times: Times,
    supply: FloatArray,
    demand: FloatArray,
    *,
    decay: Decay | None = None,
    tolerance: float = 1e-9,
    rounds: int = 1000,
) -> Flows:
    """
    Bring everyone to a place and fill every place, by balancing both sides in turn.

    Parameters
    ----------
    times, supply, demand, decay
        As for `spatial_availability`; supply and demand must have one total.
    tolerance
        Share of the people that may be misplaced at the end.
    rounds
        Most rounds of balancing.

    Returns
    -------
    Flows
        Where no assignment of people in reach can add up, `error` stays above the tolerance.

    Raises
    ------
    ValueError
        If the totals differ, the shapes disagree, or an amount is negative or unknown.

    References
    ----------
    As for `market_availability`.

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0, 1], [0, 1, 1], [60.0, 60.0, 60.0], origins=2, destinations=2)
    >>> found = doubly_constrained(pairs, np.array([5.0, 15.0]), np.array([10.0, 10.0]))
    >>> found.flow.toarray().round(6)
    array([[ 5.,  5.],
           [ 0., 10.]])
    """
    weights = _weighed(times, supply, demand, decay)
    check_amounts(supply, len(supply), "supplies", unknown=False)
    people = float(demand.sum())
    if not np.isclose(people, supply.sum(), rtol=1e-9, atol=0):
        raise ValueError(
            f"supply adds up to {supply.sum():g} and demand to {people:g}; they must be equal"
        )
    provision_factor = np.ones(len(supply))
    error, taken = np.inf, 0
    origin_factor = np.ones(len(demand))
    while error > tolerance and taken < rounds:
        taken += 1
        origin_factor = per(np.ones(len(demand)), weights @ (provision_factor * supply))
        provision_factor = per(np.ones(len(supply)), weights.T @ (origin_factor * demand))
        leaving = origin_factor * demand * (weights @ (provision_factor * supply))
        arriving = provision_factor * supply * (weights.T @ (origin_factor * demand))
        misplaced = np.abs(leaving - demand).sum() + np.abs(arriving - supply).sum()
        error = float(misplaced / people) if people else 0.0
    flow = weights.copy()
    flow.data *= np.repeat(origin_factor * demand, np.diff(weights.indptr))
    flow.data *= (provision_factor * supply)[weights.indices]
    return Flows(flow, origin_factor, provision_factor, error, taken)


def _weighed(times: Times, supply: FloatArray, demand: FloatArray, decay: Decay | None) -> Any:
    weights = weigh(times, decay)
    check_amounts(supply, weights.shape[1], "supplies")
    check_amounts(demand, weights.shape[0], "demands", unknown=False)
    return weights
