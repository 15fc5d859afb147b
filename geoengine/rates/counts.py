"""Counts of events among people: which can be used, and what is wrong with the others."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def usable(
    count: ArrayLike, people: ArrayLike, *, within: bool = False
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """
    Return counts and denominators as floats, and where both are known and somebody is counted.

    Parameters
    ----------
    count
        Events, shape (areas,); NaN where unknown or suppressed.
    people
        People (or events expected) they happen among, shape (areas,); NaN where unknown.
    within
        Whether events are people, so that there cannot be more of them.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is negative or infinite, or there are more events than
        people where `within`.

    Examples
    --------
    >>> usable([3, np.nan, 0], [10, 20, 0])[2]
    array([ True, False, False])
    """
    # copies, as kernels take no array that is read-only, as that of a pandas.Series is
    count, people = np.array(count, dtype=float), np.array(people, dtype=float)
    if count.shape != people.shape:
        raise ValueError(f"count has shape {count.shape}, but people {people.shape}")
    for name, values in (("count", count), ("people", people)):
        bad = (values < 0) | np.isinf(values)
        if bad.any():
            at = int(np.flatnonzero(bad)[0])
            raise ValueError(f"{name} must be at least 0 and finite, but is {values[at]:g} at {at}")
    if within and (count > people).any():
        at = int(np.flatnonzero(count > people)[0])
        raise ValueError(
            f"count must not exceed people, but is {count[at]:g} of {people[at]:g} at {at}"
        )
    return count, people, np.isfinite(count) & (people > 0)


def quotient(count: FloatArray, people: FloatArray, where: BoolArray) -> FloatArray:
    """Return the rates of those that can be used, NaN for the others."""
    return np.asarray(np.divide(count, people, out=np.full(count.shape, np.nan), where=where))


def check_confidence(confidence: float) -> None:
    """Raise unless a level of confidence lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence:g}")
