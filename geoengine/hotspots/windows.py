"""Which areas a scan looks at together: ever more neighbours around each, nearest first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Row = tuple[LongArray, BoolArray, FloatArray]

CENTRES_A_BLOCK = 64


@dataclass(frozen=True, eq=False)
class Windows:
    """
    The areas around each centre, nearest first, as compressed sparse rows.

    Parameters
    ----------
    first
        Areas around centre i are `first[i]` to `first[i + 1]`, shape (areas + 1,). A centre that
        holds more than the greatest share alone has none.
    area
        Their positions, shape (pairs,); the first is the centre.
    closes
        Whether a window may end here, shape (pairs,): areas equally near enter together.
    reach
        How far each is from the centre, in `unit`, shape (pairs,).
    unit
        "m" for metres, "s" for seconds.
    """

    first: LongArray
    area: NDArray[np.int32]
    closes: BoolArray
    reach: NDArray[np.float32]
    unit: Literal["m", "s"]


def circles(
    x_m: ArrayLike, y_m: ArrayLike, people: ArrayLike, *, max_share: float = 0.5,
    furthest_m: float = np.inf, threads: int = 2,
) -> Windows:  # fmt: skip
    """
    Draw circles around each area, up to a share of all people and a distance.

    Parameters
    ----------
    x_m, y_m
        A point of each area, such as the mean place of its people; metres, shape (areas,).
    people
        People of each area, shape (areas,); NaN where unknown: such an area adds none.
    max_share
        Greatest share of all people that a window may hold.
    furthest_m
        Greatest radius, metres, inclusive.
    threads
        How many run side by side; the result is the same for any number.

    Raises
    ------
    ValueError
        If shapes disagree, a coordinate is not finite, nobody lives there, the share is not above
        0 and at most 1, or the distance is not above 0.

    Examples
    --------
    Three areas in a row: the one in the middle has two that are equally near.

    >>> windows = circles([0, 1, 2], [0, 0, 0], [10, 10, 10], max_share=1)
    >>> windows.area[3:6], windows.closes[3:6]
    (array([1, 0, 2], dtype=int32), array([ True, False,  True]))
    """
    x, y = np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float)
    held, most = _weights(people, max_share)
    if not x.shape == y.shape == held.shape:
        raise ValueError(f"x_m, y_m and people have shapes {x.shape}, {y.shape}, {held.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("every area needs a point: coordinates must be finite")

    if not furthest_m > 0:
        raise ValueError(f"furthest_m must be above 0, not {furthest_m:g}")

    def block(start: int) -> list[Row]:
        return [
            _circle(np.square(x - x[i]) + np.square(y - y[i]), i, held, most, furthest_m**2)
            for i in range(start, min(start + CENTRES_A_BLOCK, len(x)))
        ]

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        rows = [row for part in pool.map(block, range(0, len(x), CENTRES_A_BLOCK)) for row in part]
    return _stack([(area, closes, np.sqrt(square)) for area, closes, square in rows], "m")


def by_travel_time(
    first: ArrayLike, area: ArrayLike, time_s: ArrayLike, people: ArrayLike,
    *, max_share: float = 0.5,
) -> Windows:  # fmt: skip
    """
    Let each area's window grow with the time it takes to get to others.

    Parameters
    ----------
    first, area, time_s
        Areas within reach of area i are `area[first[i]:first[i + 1]]`, in seconds, in any order:
        the rows of `travel_times.TravelTimes` between areas. What is not there cannot be reached,
        and no window reaches over it. An area is always in its own window.
    people, max_share
        As for `circles`.

    Raises
    ------
    ValueError
        If the rows are not of these areas, a time is negative or not finite, nobody lives there,
        or the share is not above 0 and at most 1.

    Examples
    --------
    Across the river from 0 lies 1, but 2 is reached sooner.

    >>> windows = by_travel_time([0, 2, 2, 2], [1, 2], [900, 300], [10, 10, 10], max_share=1)
    >>> windows.area[:3], windows.reach[:3]
    (array([0, 2, 1], dtype=int32), array([  0., 300., 900.], dtype=float32))
    """
    start, near = np.asarray(first, np.int64), np.asarray(area, np.int64)
    time = np.asarray(time_s, dtype=float)
    held, most = _weights(people, max_share)
    if len(start) != len(held) + 1 or start[-1] != len(near) or len(near) != len(time):
        raise ValueError(f"first, area and time_s must be rows of {len(held)} areas")
    if len(near) and not 0 <= near.min() <= near.max() < len(held):
        raise ValueError(f"areas must be positions below {len(held)}")
    if not (np.isfinite(time) & (time >= 0)).all():
        raise ValueError("times must be finite and not negative; leave out what is out of reach")
    centre = np.repeat(np.arange(len(held)), np.diff(start))
    if len(np.unique(centre * len(held) + near)) < len(near):
        raise ValueError("an area stands twice in a row of first, area and time_s")
    time = np.where(centre == near, 0.0, time)
    rows = []
    for i in range(len(held)):
        around, far = near[start[i] : start[i + 1]], time[start[i] : start[i + 1]]
        if i not in around:
            around, far = np.append(around, i), np.append(far, 0.0)
        rows.append(_grow(far, around, i, held, most))
    return _stack(rows, "s")


def _weights(people: ArrayLike, max_share: float) -> tuple[FloatArray, float]:
    if not 0 < max_share <= 1:
        raise ValueError(f"max_share must be above 0 and at most 1, not {max_share:g}")
    held = np.nan_to_num(np.asarray(people, dtype=float))
    if (held < 0).any() or not 0 < held.sum() < np.inf:
        raise ValueError("people must not be negative, and somebody must live there")
    # whatever the order in which shares are added up, rounding must not shut out the last area
    return held, max_share * held.sum() * (1 + 1e-12)


def _circle(square: FloatArray, centre: int, held: FloatArray, most: float, furthest: float) -> Row:
    """Sort no more areas than the circle is likely to hold, and more if it holds more."""
    areas = len(square)
    size = 16 + int(1.25 * areas * most / held.sum())
    while size < areas:
        near = np.flatnonzero(square <= np.partition(square, size)[size])
        row = _grow(square[near], near, centre, held, most, furthest)
        if len(row[0]) < len(near):
            return row
        size *= 2
    return _grow(square, np.arange(areas), centre, held, most, furthest)


def _grow(
    reach: FloatArray, areas: LongArray, centre: int, held: FloatArray, most: float,
    furthest: float = np.inf,
) -> Row:  # fmt: skip
    """Order the areas around a centre, itself first, as long as they hold no more than allowed."""
    order = np.argsort(np.where(areas == centre, -1.0, reach))
    size = int(np.searchsorted(np.cumsum(held[areas[order]]), most, side="right"))
    size = min(size, int(np.searchsorted(reach[order], furthest, side="right")))
    far = reach[order[: size + 1]]
    closes = np.append(far[1:] > far[:-1], True)
    return areas[order[:size]], closes[:size], far[:size]


def _stack(rows: list[Row], unit: Literal["m", "s"]) -> Windows:
    areas, closes, reach = (np.concatenate(column) for column in zip(*rows, strict=True))
    first = np.concatenate(([0], np.cumsum([len(row[0]) for row in rows]))).astype(np.int64)
    return Windows(first, areas.astype(np.int32), closes, reach.astype(np.float32), unit)
