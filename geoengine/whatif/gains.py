"""What one more setting would bring, wherever it opened: the marginal gain of every place."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import cells, travel_times
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction

FloatArray = NDArray[np.float64]

HOMES_A_BLOCK = 4096
"""Homes searched from at once, to bound the pairs that are held."""


def corners(network: StreetNetwork) -> Positions:
    """Return the place of every node of a network, in their order."""
    nodes = len(network.node_x_m)
    chain = np.full(nodes, -1, np.int32)
    at_head = np.zeros(nodes, dtype=bool)
    number = np.arange(len(network.chain_tail), dtype=np.int32)
    chain[network.chain_head], at_head[network.chain_head] = number, True
    chain[network.chain_tail], at_head[network.chain_tail] = number, False
    nothing = np.zeros(nodes, np.int32)
    along = np.where(at_head, network.chain_ds[chain], 0).astype(np.int32)
    return Positions(
        chain, along, nothing, nothing.astype(float), network.node_x_m, network.node_y_m
    )


def gains(
    network: StreetNetwork,
    homes: Positions,
    people: FloatArray,
    sites: Positions,
    *,
    cutoff_s: float,
    direction: Direction = "to",
) -> FloatArray:
    """
    Count the people who would be within the cut-off of a setting at each of many sites.

    One bounded search runs from each home that counts, along the journeys of its people, and
    adds them to every site that it meets: exact for all sites at once.

    Parameters
    ----------
    network
        What is travelled.
    homes
        Where people join it.
    people
        People who would gain at each home, shape (homes,) or, for several groups at once,
        (homes, groups): 0 for who is within the cut-off already.
    sites
        Possible places, such as `corners`, or buildings from `snapping.snap`; those without a
        street gain nothing.
    cutoff_s
        Longest time door to door, seconds, inclusive.
    direction
        Whether people travel *to* the setting or it to them.

    Returns
    -------
    numpy.ndarray
        People gained, shape (sites,) or (sites, groups).

    Raises
    ------
    ValueError
        If the shapes disagree, or as for `travel_times.within`.

    References
    ----------
    Church, R. & ReVelle, C. (1974) The maximal covering location problem. Papers of the
    Regional Science Association 32, 101-118 (the gain of a site is its first greedy step).

    Examples
    --------
    Two homes stand 300 m apart on a street, walked at a metre a second; a site at either end is
    within 200 s of one, and one in the middle of both.

    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 300.0]), np.zeros(2), [0], [1], np.array([300.0]))
    >>> def along(*ds):
    ...     zero = np.zeros(len(ds), np.int32)
    ...     return Positions(zero, np.array(ds, np.int32), zero, *np.zeros((3, len(ds))))
    >>> gains(street, along(0, 3000), np.array([20.0, 5.0]), along(0, 1500, 3000), cutoff_s=200)
    array([20., 25.,  5.])
    """
    if len(people) != len(homes.chain):
        raise ValueError(f"there are {len(people)} numbers of people, but {len(homes.chain)} homes")
    groups = people.reshape(len(people), -1)
    counted = np.flatnonzero((groups != 0).any(axis=1) & homes.joined)
    gained = np.zeros((len(sites.chain), groups.shape[1]))
    for start in range(0, len(counted), HOMES_A_BLOCK):
        rows = counted[start : start + HOMES_A_BLOCK]
        some = Positions(**{name: values[rows] for name, values in vars(homes).items()})
        met = travel_times.within(
            network, sites, some, cutoff_s=cutoff_s,
            direction="from" if direction == "to" else "to",
        )  # fmt: skip
        site = np.repeat(np.arange(len(gained)), np.diff(met.first_pair))
        for group in range(groups.shape[1]):
            whom = groups[rows, group][met.provision]
            gained[:, group] += np.bincount(site, whom, len(gained))
    return gained.reshape(len(gained), *people.shape[1:])


def best_in_cells(
    gained: FloatArray, x_m: FloatArray, y_m: FloatArray, *, crs: str, resolution: int
) -> pd.DataFrame:
    """
    Return the most that any site in each H3 cell would gain, and which site that is.

    Parameters
    ----------
    gained
        Of each site, shape (sites,).
    x_m, y_m
        Where the sites are, metres in `crs`, shape (sites,).
    crs, resolution
        As for `cells.locate`.

    Returns
    -------
    pandas.DataFrame
        Index `cell_id`, ascending: `people_gained` and `site` (its position; of equal ones the
        first).
    """
    cell = cells.locate(x_m, y_m, crs=crs, resolution=resolution)
    order = np.lexsort((np.arange(len(cell)), -gained, cell))
    known, first = np.unique(cell[order], return_index=True)
    site = order[first]
    return pd.DataFrame(
        {"people_gained": gained[site], "site": site},
        index=pd.Index([f"{number:x}" for number in known.tolist()], name="cell_id", dtype=object),
    )
