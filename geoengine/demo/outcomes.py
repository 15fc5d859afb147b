"""How many young children were below the level expected of their age, term by term."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.demo.areas import Areas
from geoengine.demo.sheet import IntArray
from geoengine.demo.terrain import FloatArray

FILE = "outcomes/Early_development_by_LSOA_and_term.csv"
TERMS = tuple(
    f"{term} {year}"
    for year in range(2022, 2026)
    for term in ("Spring", "Summer", "Autumn")
    if (year, term) not in ((2022, "Spring"), (2022, "Summer"))
)
RISEN = 3
"""Terms, the last of all, in which the level of the newly worse areas is high."""
USUAL, HIGH = 0.20, 0.42
FEWEST = 5
"""Smaller counts are withheld, as publishers do."""


@dataclass(frozen=True)
class Outcomes:
    """
    Children assessed and those below the expected level, shape (terms, areas); what was planted.

    `worse` are areas around the most deprived one, which were always worse; `newly` are areas far
    from them, worse in the last terms only; `few` is an area with hardly a child.
    """

    assessed: IntArray
    below: IntArray
    worse: IntArray
    newly: IntArray
    few: int


def assess(areas: Areas, young: IntArray, level: FloatArray, rng: np.random.Generator) -> Outcomes:
    """
    Return an invented assessment of the children of each area in each term.

    Parameters
    ----------
    areas
        The areas.
    young
        Children old enough to be assessed, shape (areas,).
    level
        How deprived each area is, about normal, shape (areas,).
    """
    middle = shapely.centroid(areas.area_shape)
    ours = np.flatnonzero(areas.authority_of_ward[areas.ward_of_area] == 0)
    worse = _gathered(middle, ours, int(ours[np.argmax(level[ours])]), max(3, len(ours) // 22))
    gap = shapely.distance(middle[:, None], middle[worse][None, :]).min(axis=1)
    spare = ours[np.argsort(gap[ours], kind="stable")]
    newly = _gathered(middle, spare[len(spare) // 2 :], int(spare[-1]), max(3, len(ours) // 30))
    few = int(spare[len(spare) // 2 - 1])
    share = np.clip(USUAL + 0.012 * level + rng.normal(0, 0.012, len(young)), 0.08, 0.32)
    shares = np.repeat(share[None, :], len(TERMS), axis=0)
    shares[:, worse] = HIGH
    shares[-RISEN:, newly] = HIGH
    assessed = rng.binomial(np.repeat(young[None, :], len(TERMS), axis=0), 0.9)
    below = rng.binomial(assessed, shares)
    assessed[:, few], below[:, few] = FEWEST + 1, FEWEST
    return Outcomes(assessed, below, np.sort(worse), np.sort(newly), few)


def _gathered(middle: NDArray[np.object_], among: IntArray, first: int, count: int) -> IntArray:
    """Return the areas nearest to the first one, itself included."""
    gap = shapely.distance(middle[among], middle[first])
    return among[np.argsort(gap, kind="stable")[:count]]


def table(areas: Areas, told: Outcomes) -> list[list[object]]:
    """Return the rows of the file, small counts withheld."""
    rows: list[list[object]] = [
        ["LSOA21CD", "LSOA21NM", "Term", "Children assessed", "Below expected level"]
    ]
    for term, assessed, below in zip(TERMS, told.assessed, told.below, strict=True):
        shown = [int(low) if low >= FEWEST else "c" for low in below]
        rows += map(
            list,
            zip(
                areas.area_code, areas.area_name, [term] * len(shown), assessed, shown, strict=True
            ),
        )
    return rows


def planted(areas: Areas, told: Outcomes) -> dict[str, list[str]]:
    """Return the codes of the areas planted, for the truths of the county."""
    code = np.array(areas.area_code, dtype=object)
    return {
        "worse": code[told.worse].tolist(),
        "newly": code[told.newly].tolist(),
        "few": [areas.area_code[told.few]],
    }
