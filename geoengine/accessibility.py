"""Measures of access: how much of a service is in reach, shared among those who can reach it."""

import numpy as np
from numpy.typing import NDArray

from geoengine.travel_times import TravelTimes

FloatArray = NDArray[np.float64]


def two_step_floating_catchment(
    times: TravelTimes, supply: FloatArray, demand: FloatArray
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

    Returns
    -------
    numpy.ndarray
        Places per person at each origin, shape (origins,); zero where nothing is in reach, NaN
        where all that is in reach has an unknown number of places.

    Raises
    ------
    ValueError
        If the shapes disagree.

    References
    ----------
    Luo, W. & Wang, F. (2003) Measures of spatial accessibility to health care in a GIS
    environment. Environment and Planning B 30(6), 865-884. doi:10.1068/b29120

    Examples
    --------
    Two homes share a nursery of 30 places; the second nursery is out of everyone's reach.

    >>> times = TravelTimes(np.array([0, 1, 2]), np.array([0, 0], np.uint16),
    ...                     np.array([3000, 6000], np.uint16), 2, 600.0)
    >>> two_step_floating_catchment(times, np.array([30.0, 10.0]), np.array([20.0, 40.0]))
    array([0.5, 0.5])
    """
    origins = len(times.first_pair) - 1
    if (len(supply), len(demand)) != (times.provisions, origins):
        raise ValueError(
            f"there are {len(supply)} supplies and {len(demand)} demands, "
            f"but {times.provisions} provisions and {origins} origins"
        )
    origin = np.repeat(np.arange(origins), np.diff(times.first_pair))
    rivals = np.bincount(times.provision, demand[origin], minlength=len(supply))
    known = np.isfinite(supply)
    share = np.divide(supply, rivals, out=np.zeros(len(supply)), where=known & (rivals > 0))
    total = np.bincount(origin, share[times.provision], minlength=origins)
    in_reach = np.bincount(origin, minlength=origins)
    counted = np.bincount(origin, known[times.provision].astype(float), minlength=origins)
    return np.where((in_reach > 0) & (counted == 0), np.nan, total)
