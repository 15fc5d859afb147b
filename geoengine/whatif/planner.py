"""Every figure of a scenario, before and after, worked out only where it changes."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import accessibility, cells, underserved
from geoengine.degrees import to_metres
from geoengine.network import snapping
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.scenarios import Change, Scenario
from geoengine.travel_times import Nearest
from geoengine.underserved import Reach
from geoengine.whatif.baseline import Baseline, seconds
from geoengine.whatif.buildings import Buildings, none
from geoengine.whatif.figures import Figures, Outcome
from geoengine.whatif.gains import gains
from geoengine.whatif.shares import people_near, places_per_person

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Planner:
    """
    Answers what-ifs on a baseline, which it never changes: any number at once, from any thread.

    Parameters
    ----------
    baseline
        What is.
    buildings
        Where a setting could open, besides the corners of the streets.
    """

    baseline: Baseline
    buildings: Buildings = field(default_factory=none)

    @cached_property
    def before(self) -> Figures:
        """The figures of the baseline."""
        base = self.baseline
        live, there = base.live, base.provisions
        places = accessibility.two_step_floating_catchment(
            base.pairs, there["capacity"].to_numpy(dtype=float), base.people
        )
        off = base.uncertain(
            ~base.at_provision.joined, x_m=there["x_m"].to_numpy(), y_m=there["y_m"].to_numpy()
        )
        reach = _reach(base, live, off, places)
        lines = underserved.lines(base.areas, base.origins, reach, there, base.rule)
        minutes = _minutes(live.place_ds[base.homes :])
        return Figures(
            reach, base.rule, lines,
            _settings(there.assign(state="kept"), reach, base.people),
            cells.minutes_in(base.sample_cell, minutes, len(base.cells)),
        )  # fmt: skip

    @cached_property
    def _near(self) -> FloatArray:
        return people_near(self.baseline.pairs, self.baseline.people)

    def evaluate(self, scenario: Scenario) -> Outcome:
        """
        Work out every figure that a scenario changes.

        The figures are those of a new analysis of the provision that `Scenario.apply` returns,
        to the last bit.

        Raises
        ------
        ScenarioError
            With every edit that cannot be made, and why.
        """
        base, before = self.baseline, self.before
        spots = _Spots(self)
        ids = [str(name) for name in base.provisions.index]
        change = scenario.change(ids, on_streets=spots.near)
        there, closed, moved, touched = _changed(base.provisions, change)
        fresh = np.concatenate((moved, np.arange(len(ids), len(there)))).astype(np.int32)
        at_fresh = spots.of(
            [change.spots[ids[label]] for label in moved]
            + [(edit.longitude, edit.latitude) for edit in change.opened]
        )
        live = base.live.copy()
        felt = np.union1d(
            live.close(np.concatenate((closed, moved)).astype(np.int32)), live.open(at_fresh, fresh)
        )
        reach = _reach(
            base, live, self._uncertain(there, closed, moved),
            self._places(there, fresh, at_fresh, dropped=[*closed, *moved], touched=touched),
        )  # fmt: skip
        lines, changed_areas = self._lines(reach, there)
        after_cells, changed_cells = self._cells(live.place_ds, felt[felt >= base.homes])
        after = Figures(reach, base.rule, lines, _settings(there, reach, base.people), after_cells)
        return Outcome(
            scenario, scenario.identity(base.identity), before, after, changed_areas, changed_cells
        )

    def gains(self, sites: Positions, reach: Reach | None = None) -> FloatArray:
        """
        Count the people who would come within the cut-off if one setting opened at each site.

        Parameters
        ----------
        sites
            Possible places, such as `gains.corners` of the network.
        reach
            What each home reaches, such as that of an outcome's `after`; else as it is.

        Returns
        -------
        numpy.ndarray
            People who live beyond the cut-off for certain without it and would not: all of them,
            and those of the deprived areas, shape (sites, 2).
        """
        base, reach = self.baseline, reach or self.before.reach
        beyond = (reach.nearest.origin_s[:, 0] > base.rule.cutoff_s) & ~reach.uncertain
        wanting = np.where(beyond, base.people, 0.0)
        return gains(
            base.network, base.at_home,
            np.column_stack((wanting, np.where(base.deprived, wanting, 0))),
            sites, cutoff_s=base.rule.cutoff_s, direction=base.direction,
        )  # fmt: skip

    def join(self, longitude: FloatArray, latitude: FloatArray) -> Positions:
        """Join places to the streets; degrees, shape (places,)."""
        base = self.baseline
        x_m, y_m = to_metres(base.network.crs).transform(longitude, latitude)
        on_map = np.isfinite(x_m) & np.isfinite(y_m)
        at = snapping.snap(
            base.network, base.index, np.where(on_map, x_m, 0.0), np.where(on_map, y_m, 0.0),
            limit_m=base.limit_m,
        )  # fmt: skip
        return replace(at, chain=np.where(on_map, at.chain, -1).astype(np.int32))

    def _uncertain(self, there: pd.DataFrame, closed: IntArray, moved: IntArray) -> BoolArray:
        base = self.baseline
        off = ~base.at_provision.joined
        gone = np.concatenate((closed, moved))
        if not off[gone].any():
            return self.before.reach.uncertain
        off[gone] = False
        known = there.iloc[: len(off)]
        return base.uncertain(off, x_m=known["x_m"].to_numpy(), y_m=known["y_m"].to_numpy())

    def _places(
        self,
        there: pd.DataFrame,
        fresh: IntArray,
        at_fresh: Positions,
        *,
        dropped: list[int],
        touched: BoolArray,
    ) -> FloatArray:
        base = self.baseline
        more = base.pairs_to(at_fresh)
        near = np.concatenate((self._near, np.zeros(len(there) - len(self._near))))
        near[fresh] = people_near(more, base.people)
        out = np.zeros(len(there), dtype=bool)
        out[dropped] = True
        return places_per_person(
            self.before.reach.places_per_person, base.pairs, more, fresh, dropped=out,
            touched=touched, places=there["capacity"].to_numpy(dtype=float), near=near,
        )  # fmt: skip

    def _lines(self, reach: Reach, there: pd.DataFrame) -> tuple[list[dict[str, Any]], list[int]]:
        """Judge the areas again in which any home reaches anything else."""
        base, was = self.baseline, self.before.reach
        other = (
            _differ(reach.nearest.origin_s[:, 0], was.nearest.origin_s[:, 0])
            | (reach.nearest.origin_provision[:, 0] != was.nearest.origin_provision[:, 0])
            | (reach.uncertain != was.uncertain)
            | _differ(reach.places_per_person, was.places_per_person)
        )
        again = np.zeros(len(base.areas), dtype=bool)
        again[base.home_area[other]] = True
        homes = np.flatnonzero(again[base.home_area])
        nearest = reach.nearest
        part = Reach(
            Nearest(
                nearest.origin_s[homes], nearest.origin_provision[homes],
                nearest.node_ds, nearest.node_provision,
            ),
            reach.uncertain[homes],
            reach.places_per_person[homes],
        )  # fmt: skip
        new = underserved.lines(base.areas[again], base.origins.iloc[homes], part, there, base.rule)
        lines, changed = self.before.lines.copy(), []
        for at, line in zip(np.flatnonzero(again).tolist(), new, strict=True):
            if not _same(line, lines[at]):
                changed.append(at)
            lines[at] = line
        return lines, changed

    def _cells(
        self, place_ds: IntArray, felt: NDArray[Any]
    ) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
        """Sum up the cells again in which the time of any sample is another."""
        base, was = self.baseline, self.before.cells
        touched = np.unique(base.sample_cell[felt - base.homes])
        position = np.full(len(base.cells), -1)
        position[touched] = np.arange(len(touched))
        samples = np.flatnonzero(position[base.sample_cell] >= 0)
        new = cells.minutes_in(
            position[base.sample_cell[samples]], _minutes(place_ds[base.homes + samples]),
            len(touched),
        )  # fmt: skip
        after = {name: values.copy() for name, values in was.items()}
        other = np.zeros(len(touched), dtype=bool)
        for name, values in new.items():
            other |= _differ(values, after[name][touched])
            after[name][touched] = values
        return after, touched[other].astype(np.int64)


class _Spots:
    """Places of a scenario joined to the streets, once each."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self.at: dict[tuple[float, float], int] = {}
        self.joined = planner.join(np.empty(0), np.empty(0))

    def near(self, longitude: FloatArray, latitude: FloatArray) -> BoolArray:
        """Say which places the streets come near to, and remember where."""
        self.joined = self.planner.join(longitude, latitude)
        pairs = zip(longitude.tolist(), latitude.tolist(), strict=True)
        self.at = {spot: row for row, spot in enumerate(pairs)}
        return self.joined.joined

    def of(self, spots: list[tuple[float, float]]) -> Positions:
        """Return where places that were asked for join the streets."""
        rows = [self.at[spot] for spot in spots]
        return Positions(**{name: values[rows] for name, values in vars(self.joined).items()})


def _changed(
    provisions: pd.DataFrame, change: Change
) -> tuple[pd.DataFrame, IntArray, IntArray, BoolArray]:
    """Return all settings with their state and places, the closed, the moved and the touched."""
    index = provisions.index
    closed = index.get_indexer(pd.Index(change.closed, dtype=object)).astype(np.int32)
    moved = np.sort(index.get_indexer(pd.Index(list(change.spots), dtype=object))).astype(np.int32)
    resized = index.get_indexer(pd.Index(list(change.places), dtype=object))
    state = np.full(len(index), "kept", dtype=object)
    capacity = provisions["capacity"].to_numpy(dtype=float).copy()
    capacity[resized] = list(change.places.values())
    for rows, word in ((resized, "resized"), (moved, "moved"), (closed, "closed")):
        state[rows] = word
    there = provisions.assign(state=state, capacity=capacity)
    touched = state != "kept"
    if change.opened:
        new = pd.DataFrame(
            {
                "name": [edit.name or edit.provision_id for edit in change.opened],
                "capacity": [
                    np.nan if edit.places is None else float(edit.places) for edit in change.opened
                ],
                "abroad": False, "x_m": np.nan, "y_m": np.nan, "state": "opened",
            },
            index=pd.Index([edit.provision_id for edit in change.opened], name=index.name),
        )  # fmt: skip
        there = pd.concat([there, new])
        touched = np.concatenate((touched, np.ones(len(new), dtype=bool)))
    return there, closed, moved, touched


def _reach(base: Baseline, live: Any, uncertain: BoolArray, places: FloatArray) -> Reach:
    homes = slice(0, base.homes)
    nearest = Nearest(
        seconds(live.place_ds[homes], base.at_home)[:, None], live.place_label[homes, None],
        live.node_ds[:, None], live.node_label[:, None],
    )  # fmt: skip
    return Reach(nearest, uncertain, places)


def _settings(there: pd.DataFrame, reach: Reach, people: FloatArray) -> pd.DataFrame:
    label = reach.nearest.origin_provision[:, 0]
    reached = label >= 0
    children = np.bincount(label[reached], weights=people[reached], minlength=len(there))
    over = np.where(there["state"] == "closed", np.nan, children - there["capacity"])
    columns = ["name", "abroad", "state", "capacity"]
    return there[columns].assign(children=children, places_over=over)


def _minutes(time_ds: IntArray) -> FloatArray:
    return np.asarray(np.where(time_ds == UNREACHED, np.inf, time_ds / 600))


def _differ(new: NDArray[Any], old: NDArray[Any]) -> BoolArray:
    return np.asarray((new != old) & ~(np.isnan(new) & np.isnan(old)))


def _same(line: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        value == other[name] or (value != value and other[name] != other[name])
        for name, value in line.items()
    )
