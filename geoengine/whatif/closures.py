"""The closure of each setting: who loses, how far they go then, and who takes them in."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.whatif.baseline import Baseline

FloatArray = NDArray[np.float64]

DECILES = tuple(range(1, 11))


@dataclass(frozen=True, eq=False)
class Closures:
    """
    What would happen if each setting closed alone.

    Parameters
    ----------
    settings
        Index `provision_id`: `name`; `children` to whom it is the nearest; `children_losing`, who
        live within the cut-off now and would not; the same in `losing_decile_1` to `_10` and
        `losing_decile_unknown`; `children_cut_off`, who would have no way to any other;
        `minutes_more_median` and `minutes_more_worst` of those who would have one (NaN where
        nobody would); `absorbers`, how many settings would take the others in;
        `absorbers_over`, how many of them would then have more children than places;
        `absorbers_unknown`, of how many the places are unknown; and `children_over`, how many
        more children than now would be beyond the places of the others (NaN where none is known).
    moves
        Who would take whom in: `provision_id`, `absorber_id`, `children`, `absorber_children`
        (then nearest to it) and `places_over` (children beyond its places then; negative where
        there is room, NaN where its places are unknown). Ascending by setting and absorber.
    """

    settings: pd.DataFrame
    moves: pd.DataFrame


def closures(baseline: Baseline) -> Closures:
    """
    Close every setting in turn, by looking up the second nearest of each home.

    Parameters
    ----------
    baseline
        What is. A home whose nearest setting may lie where the street map does not reach counts
        as its streets say.

    Returns
    -------
    Closures
        Children are those whom a setting is the nearest to; homes without streets are nobody's.
    """
    nearest, people = baseline.nearest, baseline.people
    first, second = nearest.origin_provision[:, 0], nearest.origin_provision[:, 1]
    soon, late = nearest.origin_s[:, 0], nearest.origin_s[:, 1]
    count, cutoff_s = len(baseline.provisions), baseline.rule.cutoff_s
    living = (first >= 0) & (people > 0)
    losing = living & (soon <= cutoff_s) & (late > cutoff_s)

    def summed(which: NDArray[np.bool_]) -> FloatArray:
        return np.bincount(first[which], people[which], count).astype(float)

    children = summed(living)
    decile = baseline.areas["decile"].to_numpy(dtype=float)[baseline.home_area]
    columns: dict[str, Any] = {
        "name": baseline.provisions["name"].to_numpy(dtype=object),
        "children": children,
        "children_losing": summed(losing),
        **{f"losing_decile_{d}": summed(losing & (decile == d)) for d in DECILES},
        "losing_decile_unknown": summed(losing & np.isnan(decile)),
        "children_cut_off": summed(living & (second < 0)),
    }
    going = np.flatnonzero(living & (second >= 0))
    more_min = (late[going] - soon[going]) / 60
    columns["minutes_more_median"], columns["minutes_more_worst"] = _middle_and_worst(
        first[going], more_min, people[going], count
    )
    moves = _moves(baseline, first[going], second[going], people[going], children)
    over = moves["places_over"].to_numpy()
    now = (children - baseline.provisions["capacity"].to_numpy(dtype=float))[moves["absorber"]]
    added = np.maximum(over, 0) - np.maximum(now, 0)
    at = moves["closed"].to_numpy()
    columns["absorbers"] = np.bincount(at, minlength=count)
    columns["absorbers_over"] = np.bincount(at[over > 0], minlength=count)
    columns["absorbers_unknown"] = np.bincount(at[np.isnan(over)], minlength=count)
    children_over = np.bincount(at, np.nan_to_num(added), count).astype(float)
    unknown = (columns["absorbers"] > 0) & (columns["absorbers"] == columns["absorbers_unknown"])
    columns["children_over"] = np.where(unknown, np.nan, children_over)
    return Closures(
        pd.DataFrame(columns, index=baseline.provisions.index),
        moves.drop(columns=["closed", "absorber"]),
    )


def _middle_and_worst(
    label: NDArray[np.int32], minutes: FloatArray, people: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """Return the median (by people) and the largest of the minutes of each label."""
    order = np.lexsort((minutes, label))
    label, minutes, people = label[order], minutes[order], people[order]
    bounds = np.searchsorted(label, np.arange(count + 1))
    middle, worst = np.full(count, np.nan), np.full(count, np.nan)
    for at in np.flatnonzero(np.diff(bounds)).tolist():
        those = slice(bounds[at], bounds[at + 1])
        running = np.cumsum(people[those])
        half = int(np.searchsorted(running, running[-1] / 2))
        middle[at], worst[at] = minutes[those][half], minutes[those][-1]
    return middle, worst


def _moves(
    baseline: Baseline,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    people: FloatArray,
    children: FloatArray,
) -> pd.DataFrame:
    count = len(baseline.provisions)
    pair, which = np.unique(first.astype(np.int64) * count + second, return_inverse=True)
    taken = np.bincount(which, people, len(pair))
    closed, absorber = np.divmod(pair, max(count, 1))
    then = children[absorber] + taken
    ids = baseline.provisions.index.to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "closed": closed,
            "absorber": absorber,
            "provision_id": ids[closed],
            "absorber_id": ids[absorber],
            "children": taken,
            "absorber_children": then,
            "places_over": then - baseline.provisions["capacity"].to_numpy(dtype=float)[absorber],
        }
    )
