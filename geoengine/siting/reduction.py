"""A set cover made smaller: without rows that others imply, and sites that others make needless."""

import numpy as np
from scipy.sparse import csr_array

from geoengine.siting.problem import BoolArray, FloatArray, LongArray

MOST_PRODUCTS = 100_000_000
"""Beyond so many products, comparing all rows or all sites takes longer than it saves."""


def reduced(
    row: LongArray, site: LongArray, money: FloatArray, rows: int
) -> tuple[BoolArray, BoolArray]:
    """
    Return the rows and the sites of a set cover that have a say in its least cost.

    A row that every site of another row covers is covered with that one. A site whose rows
    another site covers too, for no more money, can be left out of every plan.

    Parameters
    ----------
    row, site
        Which site covers which row, each pair once, shape (pairs,).
    money
        What each site costs, shape (sites,).
    rows
        How many rows there are; each must be covered.

    Returns
    -------
    tuple
        The rows that are kept and the sites that are, shapes (rows,) and (sites,).

    References
    ----------
    Toregas, C. & ReVelle, C. (1972) Optimal location under time or distance constraints. Papers
    of the Regional Science Association 28, 133-144. doi:10.1007/BF01940822

    Examples
    --------
    Sites 0 and 1 cover row 0, and site 0 row 1 too: site 1 is needless. Site 2 alone covers row 2,
    and with it row 3.

    >>> row, site = np.array([0, 0, 1, 2, 3, 3]), np.array([0, 1, 0, 2, 0, 2])
    >>> reduced(row, site, np.ones(3), 4)
    (array([ True, False,  True, False]), array([ True, False,  True]))
    """
    whole = csr_array((np.ones(len(row), dtype=np.int32), (row, site)), shape=(rows, len(money)))
    kept, useful = np.ones(rows, dtype=bool), np.ones(len(money), dtype=bool)
    while True:
        now = whole[kept][:, useful]
        small = _within_another(now.T.tocsr(), money[useful])
        if small is None:
            break
        useful[np.flatnonzero(useful)[small]] = False
        now = whole[kept][:, useful]
        implied = _holding_another(now)
        if implied is None:
            break
        kept[np.flatnonzero(kept)[implied]] = False
        if not (small.any() or implied.any()):
            break
    return kept, useful


def _within_another(sets: csr_array, money: FloatArray) -> BoolArray | None:
    """Say which sets lie within another that is no dearer; of equal ones all but the first."""
    pairs = _pairs_within(sets)
    if pairs is None:
        return None
    one, other, alike = pairs
    worse = money[other] <= money[one]
    worse &= ~alike | (money[other] < money[one]) | (other < one)
    found = np.asarray(np.diff(sets.indptr) == 0)
    found[one[worse]] = True
    return found


def _holding_another(sets: csr_array) -> BoolArray | None:
    """Say which sets hold all of another; of equal ones all but the first."""
    pairs = _pairs_within(sets)
    if pairs is None:
        return None
    one, other, alike = pairs
    found = np.zeros(sets.shape[0], dtype=bool)
    found[other[~alike | (one < other)]] = True
    return found


def _pairs_within(sets: csr_array) -> tuple[LongArray, LongArray, BoolArray] | None:
    """Return pairs of sets of which the one lies within the other, and whether they are alike."""
    uses = np.bincount(sets.indices, minlength=sets.shape[1]).astype(np.float64)
    if (uses**2).sum() > MOST_PRODUCTS:
        return None
    shared = (sets @ sets.T).tocoo()
    size = np.diff(sets.indptr)
    one, other = shared.row.astype(np.int64), shared.col.astype(np.int64)
    within = (shared.data == size[one]) & (one != other)
    one, other = one[within], other[within]
    alike: BoolArray = size[one] == size[other]
    return one, other, alike
