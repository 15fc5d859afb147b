"""The baseline of every what-if: the streets, homes, areas and provision as they are."""

from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import travel_times, underserved
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions, SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction, Nearest, TravelTimes
from geoengine.underserved import Rule
from geoengine.whatif.nearest import LiveNearest

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Baseline:
    """
    What a scenario is applied to.

    Parameters
    ----------
    network, index
        The streets, and their `snapping.grid`.
    direction
        Whether people travel *to* the provision or it to them.
    limit_m
        How far a setting may lie from its street.
    reach_m
        The furthest that anybody gets within the cut-off, as for `underserved.uncertain_origins`.
    rule
        When an area is underserved.
    areas
        Index `area_code`; `name`, `decile`, `rank` and `people`, NaN where unknown.
    home_area, people
        Position of each home's area and how many live there, shape (homes,). Modelled counts:
        the people of an area spread over its homes, no person's record.
    home_x_m, home_y_m, at_home
        Where each home is, metres, and where it joins the streets.
    provisions
        The settings that count: index `provision_id`; `name`, `capacity` (places, NaN where
        unknown), `abroad`, `x_m` and `y_m`.
    at_provision
        Where each joins the streets.
    samples, sample_cell
        Places all along the streets, and the position of each one's cell in `cells`.
    cells
        H3 indexes, ascending.
    """

    network: StreetNetwork
    index: SegmentGrid
    direction: Direction
    limit_m: float
    reach_m: float
    rule: Rule
    areas: pd.DataFrame
    home_area: IntArray
    people: FloatArray
    home_x_m: FloatArray
    home_y_m: FloatArray
    at_home: Positions
    provisions: pd.DataFrame
    at_provision: Positions
    samples: Positions
    sample_cell: IntArray
    cells: NDArray[np.uint64]

    @property
    def homes(self) -> int:
        """How many homes there are."""
        return len(self.people)

    @cached_property
    def deprived(self) -> BoolArray:
        """Which homes are in areas that count as deprived, shape (homes,)."""
        return self.areas["decile"].isin(self.rule.deciles).to_numpy()[self.home_area]

    @cached_property
    def origins(self) -> pd.DataFrame:
        """The homes as `underserved.judge` takes them: `area_code` and `people`."""
        codes = self.areas.index.to_numpy(dtype=object)[self.home_area]
        return pd.DataFrame({"area_code": codes, "people": self.people})

    @cached_property
    def nearest(self) -> Nearest:
        """The nearest and second nearest setting of every home and node."""
        return travel_times.find_nearest(
            self.network, self.at_home, self.at_provision, k=2, direction=self.direction
        )

    @cached_property
    def pairs(self) -> TravelTimes:
        """Every home and setting within the cut-off."""
        return self.pairs_to(self.at_provision)

    def pairs_to(self, spots: Positions) -> TravelTimes:
        """Return every home and spot within the cut-off."""
        return travel_times.within(
            self.network, self.at_home, spots, cutoff_s=self.rule.cutoff_s,
            direction=self.direction, threads=1,
        )  # fmt: skip

    @cached_property
    def live(self) -> LiveNearest:
        """Times to the nearest setting at all homes, followed by all samples."""
        return LiveNearest.of(
            self.network, self.nearest, joined(self.at_home, self.samples), self.at_provision,
            direction=self.direction,
        )  # fmt: skip

    def uncertain(self, counted: BoolArray, *, x_m: FloatArray, y_m: FloatArray) -> BoolArray:
        """
        Find homes that could reach a setting that the street map does not cover.

        Parameters
        ----------
        counted
            Which settings there are but not on the streets, shape (provisions,).
        x_m, y_m
            Where all of them are, shape (provisions,).
        """
        return underserved.uncertain_origins(
            self.home_x_m, self.home_y_m, x_m[counted], y_m[counted], reach_m=self.reach_m
        )

    @cached_property
    def identity(self) -> str:
        """A hash of all that a figure depends on, 12 hexadecimal digits."""
        said = sha256()
        for part in (self.network, self.at_home, self.at_provision, self.samples, self):
            for field in fields(part):
                value = getattr(part, field.name)
                if isinstance(value, np.ndarray):
                    said.update(np.ascontiguousarray(value).data)
                elif isinstance(value, pd.DataFrame):
                    said.update(value.to_json(double_precision=15).encode())
                elif isinstance(value, str | int | float | Rule):
                    said.update(repr(value).encode())
        return said.hexdigest()[:12]


def joined(*parts: Positions) -> Positions:
    """Return positions one after the other."""
    return Positions(
        *(
            np.concatenate(columns)
            for columns in zip(*(vars(p).values() for p in parts), strict=True)
        )
    )


def seconds(time_ds: IntArray, at: Positions) -> FloatArray:
    """Return deciseconds as seconds: inf where nothing is reached, NaN where there is no street."""
    found: Any = np.where(time_ds == UNREACHED, np.inf, time_ds / 10)
    found[~at.joined] = np.nan
    return np.asarray(found)
