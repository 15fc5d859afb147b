"""Places per person, worked out anew only where a change of provision is felt."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.accessibility.pairs import per
from geoengine.travel_times import TravelTimes

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


def people_near(pairs: TravelTimes, people: FloatArray) -> FloatArray:
    """Return how many people live within the cut-off of each provision, shape (provisions,)."""
    origin = np.repeat(np.arange(len(people)), np.diff(pairs.first_pair))
    weights = people[origin]
    return np.asarray(np.bincount(pairs.provision, weights, pairs.provisions), dtype=float)


def places_per_person(
    before: FloatArray, pairs: TravelTimes, more: TravelTimes, more_label: IntArray,
    *, dropped: BoolArray, touched: BoolArray, places: FloatArray, near: FloatArray,
) -> FloatArray:  # fmt: skip
    """
    Return `accessibility.two_step_floating_catchment` of changed provision, to the last bit.

    Parameters
    ----------
    before
        Places per person at each home before the change, shape (homes,).
    pairs
        Homes and provisions of the baseline within the cut-off.
    more, more_label
        Homes and new places of provisions within it, and the provision that each is, ascending.
    dropped
        Provisions whose pairs of the baseline no longer hold, shape (provisions,).
    touched
        Provisions that differ in any way from the baseline, shape (provisions,).
    places
        Places at each provision, NaN where unknown, shape (provisions,).
    near
        People within the cut-off of each, shape (provisions,).
    """
    felt = np.diff(more.first_pair) > 0
    of_old = touched[pairs.provision]
    felt[np.repeat(np.arange(len(felt)), np.diff(pairs.first_pair))[of_old]] = True
    share = per(places, near)
    after = before.copy()
    homes = np.flatnonzero(felt)
    after[homes] = _sums(
        homes, pairs.first_pair, pairs.provision.astype(np.int32), dropped,
        more.first_pair, more_label[more.provision], share,
    )  # fmt: skip
    return after


@njit(
    "float64[::1](int64[::1], int64[::1], int32[::1], boolean[::1], int64[::1], int32[::1],"
    " float64[::1])",
    cache=True,
    nogil=True,
)
def _sums(
    homes: LongArray, first: LongArray, label: IntArray, dropped: BoolArray,
    more_first: LongArray, more_label: IntArray, share: FloatArray,
) -> FloatArray:  # fmt: skip
    """Add up the shares of old and new pairs of each home by ascending label, as a matrix does."""
    total = np.empty(len(homes))
    for i, h in enumerate(homes):
        j, end = first[h], first[h + 1]
        k, more_end = more_first[h], more_first[h + 1]
        whole, known, reached = 0.0, 0, 0
        while j < end or k < more_end:
            if k == more_end or (j < end and label[j] < more_label[k]):
                p = label[j]
                j += 1
                if dropped[p]:
                    continue
            else:
                p = more_label[k]
                k += 1
            reached += 1
            if np.isfinite(share[p]):
                known += 1
                whole += share[p]
        total[i] = np.nan if reached > 0 and known == 0 else whole
    return total
