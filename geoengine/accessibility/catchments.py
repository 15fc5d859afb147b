"""Floating catchments: places shared among all who can reach them, as places per person."""

from collections.abc import Sequence
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
from geoengine.decay import Decay, binary, step

ZONES_MIN = (10.0, 20.0, 30.0)
ZONE_WEIGHTS = (1.0, 0.68, 0.22)
OFFICIAL_DRIVE_MIN = 15.0


def two_step_floating_catchment(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Share each provision among everyone who can reach it, and sum the shares at each origin.

    Parameters
    ----------
    times
        Pairs within the catchment.
    supply
        Places at each provision, shape (provisions,); NaN where unknown, which is passed over.
    demand
        People at each origin, shape (origins,).
    decay
        What a pair counts for by its time, in both steps; by default all pairs count alike.

    Returns
    -------
    numpy.ndarray
        Places per person at each origin, shape (origins,); zero where nothing is in reach, NaN
        where all that is in reach has an unknown number of places.

    Raises
    ------
    ValueError
        If the shapes disagree, or an amount is negative.

    References
    ----------
    Luo, W. & Wang, F. (2003) Measures of spatial accessibility to health care in a GIS
    environment. Environment and Planning B 30(6), 865-884. doi:10.1068/b29120

    Examples
    --------
    Two homes share a nursery of 30 places; the second nursery is out of everyone's reach.

    >>> import numpy as np
    >>> from geoengine.accessibility import pair_up, two_step_floating_catchment
    >>> pairs = pair_up([0, 1], [0, 0], [300.0, 600.0], origins=2, destinations=2)
    >>> two_step_floating_catchment(pairs, np.array([30.0, 10.0]), np.array([20.0, 40.0]))
    array([0.5, 0.5])
    """
    weights = _weighed(times, supply, demand, decay)
    return sum_known(weights, per(supply, weights.T @ demand))


def enhanced_two_step_floating_catchment(
    times: Times,
    supply: FloatArray,
    demand: FloatArray,
    *,
    zones_min: Sequence[float] = ZONES_MIN,
    zone_weights: Sequence[float] = ZONE_WEIGHTS,
) -> FloatArray:
    """
    Share places as the two steps do, with a weight for each zone of minutes (E2SFCA).

    Parameters
    ----------
    times, supply, demand
        As for `two_step_floating_catchment`.
    zones_min, zone_weights
        Upper bound of each zone, minutes, inclusive, and its weight; by default those of the
        original study of physicians.

    Returns
    -------
    numpy.ndarray
        Places per person, shape (origins,); zero and NaN as in `two_step_floating_catchment`.

    References
    ----------
    Luo, W. & Qi, Y. (2009) An enhanced two-step floating catchment area (E2SFCA) method for
    measuring spatial accessibility to primary care physicians. Health & Place 15(4), 1100-1107.
    doi:10.1016/j.healthplace.2009.06.002
    """
    zones = step([60 * bound for bound in zones_min], zone_weights)
    return two_step_floating_catchment(times, supply, demand, decay=zones)


def three_step_floating_catchment(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Share places among people who choose between provisions by how near these are (3SFCA).

    Demand on a provision is what remains of it when people spread over all they can reach:
    selection weight G = w / (sum of w over the provisions of the origin).

    Parameters
    ----------
    times, supply, demand, decay
        As for `two_step_floating_catchment`.

    Returns
    -------
    numpy.ndarray
        Places per person, shape (origins,); zero and NaN as in `two_step_floating_catchment`.

    References
    ----------
    Wan, N., Zou, B. & Sternberg, T. (2012) A three-step floating catchment area method for
    analyzing spatial access to health services. International Journal of Geographical
    Information Science 26(6), 1073-1089. doi:10.1080/13658816.2011.624987
    """
    weights = _weighed(times, supply, demand, decay)
    choices = weights @ np.ones(len(supply))
    chosen = _squared(weights)
    load = chosen.T @ per(demand, choices)
    return per(sum_known(chosen, per(supply, load)), choices)


def modified_two_step_floating_catchment(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Share places so that a configuration far from all leaves some unused (M2SFCA).

    The second step weighs twice, so places that everyone is far from are not handed out whole.

    Parameters
    ----------
    times, supply, demand, decay
        As for `two_step_floating_catchment`.

    Returns
    -------
    numpy.ndarray
        Places per person, shape (origins,); zero and NaN as in `two_step_floating_catchment`.

    References
    ----------
    Delamater, P. L. (2013) Spatial accessibility in suboptimally configured health care
    systems: a modified two-step floating catchment area (M2SFCA) metric. Health & Place 24,
    30-43. doi:10.1016/j.healthplace.2013.07.012
    """
    weights = _weighed(times, supply, demand, decay)
    return sum_known(_squared(weights), per(supply, weights.T @ demand))


def huff_three_step_floating_catchment(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Share places among people who choose by nearness and by size (MH3SFCA).

    Each origin's people spread over provisions in proportion to places x weight (Huff), and are
    counted whole; the last step weighs the share by distance once more.

    Parameters
    ----------
    times, supply, demand, decay
        As for `two_step_floating_catchment`. A provision of an unknown number of places draws
        nobody.

    Returns
    -------
    numpy.ndarray
        Places per person, shape (origins,); zero and NaN as in `two_step_floating_catchment`.

    References
    ----------
    Subal, J., Paal, P. & Krisp, J. M. (2021) Quantifying spatial accessibility of general
    practitioners by applying a modified huff three-step floating catchment area (MH3SFCA)
    method. International Journal of Health Geographics 20, 9. doi:10.1186/s12942-021-00263-3

    Huff, D. L. (1963) A probabilistic analysis of shopping center trade areas. Land Economics
    39(1), 81-90. doi:10.2307/3144521
    """
    weights = _weighed(times, supply, demand, decay)
    places = np.nan_to_num(supply)
    draw = weights @ places
    load = places * (weights.T @ per(demand, draw))
    return per(sum_known(_squared(weights), supply * per(supply, load)), draw)


def balanced_floating_catchment(
    times: Times, supply: FloatArray, demand: FloatArray, *, decay: Decay | None = None
) -> FloatArray:
    """
    Share places with neither people nor level of service counted more than once (BFCA).

    Weights are made to add up to 1 over the provisions of each origin in the first step, and
    over the origins of each provision in the second.

    Parameters
    ----------
    times, supply, demand, decay
        As for `two_step_floating_catchment`.

    Returns
    -------
    numpy.ndarray
        Places per person, shape (origins,); zero and NaN as in `two_step_floating_catchment`.
        Adds up, over the origins, to the sum of the provisions' levels of service.

    References
    ----------
    Paez, A., Higgins, C. D. & Vivona, S. F. (2019) Demand and level of service inflation in
    floating catchment area (FCA) methods. PLoS ONE 14(6), e0218773.
    doi:10.1371/journal.pone.0218773
    """
    weights = _weighed(times, supply, demand, decay)
    choices, rivals = weights @ np.ones(len(supply)), weights.T @ np.ones(len(demand))
    share = per(supply, weights.T @ per(demand, choices))
    return sum_known(weights, per(share, rivals))


def childcare_places_per_100(times: Times, places: FloatArray, children: FloatArray) -> FloatArray:
    """
    Return the official English measure: childcare places accessible per 100 children.

    The Office for National Statistics and Ofsted take the two steps of a floating catchment,
    over several modes, with 15 minutes by car and 25 by public transport (15 of them on foot)
    as catchments. This is its car part: everyone drives, and all within 15 minutes counts
    alike. How the statisticians weigh modes against one another, and whether they weigh times
    within the catchment, is not published with the figures, so the level differs from theirs.

    Parameters
    ----------
    times
        Pairs by car; times in seconds, reaching at least 15 minutes.
    places
        Places at each provider, shape (providers,); NaN where unknown.
    children
        Children aged 0 to 7 at each output area or other origin, shape (origins,). An area's
        figure is the mean over its origins, weighted by children.

    Returns
    -------
    numpy.ndarray
        Places per 100 children, shape (origins,); zero and NaN as in
        `two_step_floating_catchment`.

    References
    ----------
    Office for National Statistics (2024) Childcare accessibility by neighbourhood.
    https://www.ons.gov.uk/peoplepopulationandcommunity/educationandchildcare/articles/childcareaccessibilitybyneighbourhood/latest

    Ofsted (2026) Methodology: the effect of school-based nurseries on childcare accessibility.
    """
    within = binary(60 * OFFICIAL_DRIVE_MIN)
    return 100 * two_step_floating_catchment(times, places, children, decay=within)


def _weighed(times: Times, supply: FloatArray, demand: FloatArray, decay: Decay | None) -> Any:
    weights = weigh(times, decay)
    origins, provisions = weights.shape
    if (len(supply), len(demand)) != (provisions, origins):
        raise ValueError(
            f"there are {len(supply)} supplies and {len(demand)} demands, "
            f"but {provisions} provisions and {origins} origins"
        )
    check_amounts(supply, provisions, "supplies")
    check_amounts(demand, origins, "demands", unknown=False)
    return weights


def _squared(weights: Any) -> Any:
    squared = weights.copy()
    squared.data **= 2
    return squared
