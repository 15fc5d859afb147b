"""What is found of one state of the provision, and what sets two of them apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import underserved
from geoengine.scenarios import Scenario
from geoengine.underserved import Reach, Rule


@dataclass(frozen=True, eq=False)
class Figures:
    """
    All that is found of one state of the provision.

    Parameters
    ----------
    reach
        What each home reaches; provisions by their row in `settings`. `node_ds` and
        `node_provision` of its nearest are of shape (nodes, 1).
    rule
        The rule that areas are judged by.
    lines
        Each area, from `underserved.lines`, in the order of the baseline's areas.
    settings
        Index `provision_id`, those of the baseline first: `name`, `abroad`, `state` (`kept`,
        `resized`, `moved`, `opened` or `closed`), `capacity` (places, NaN where unknown),
        `children` (to whom it is the nearest; 0 where it is closed), `places_over` (children
        beyond its places; negative where there is room, NaN where its places are unknown or it
        is closed).
    cells
        Times in each H3 cell, as from `cells.minutes_in`.
    """

    reach: Reach
    rule: Rule
    lines: list[dict[str, Any]]
    settings: pd.DataFrame
    cells: dict[str, NDArray[Any]]

    @cached_property
    def areas(self) -> pd.DataFrame:
        """Each area, from `underserved.judge`."""
        return underserved.tabulate(self.lines)

    @cached_property
    def headline(self) -> str:
        """The finding in one sentence, from `underserved.headline`."""
        return underserved.headline(self.areas, self.rule)

    @cached_property
    def deciles(self) -> pd.DataFrame:
        """People within and beyond the cut-off by deprivation, from `underserved.by_decile`."""
        return underserved.by_decile(self.areas)

    @cached_property
    def totals(self) -> dict[str, float]:
        """
        The figures on top: people, settings and places, added up.

        Settings of unknown places are in neither sum of places; NaN where there is no other.
        """
        flagged = [line for line in self.lines if line["status"] == "underserved"]
        there = self.settings["state"].to_numpy(dtype=object) != "closed"
        capacity = self.settings["capacity"].to_numpy(dtype=float)[there]
        over = self.settings["places_over"].to_numpy(dtype=float)[there]
        return {
            "people": _known_sum(line["children"] for line in self.lines),
            "people_beyond": _known_sum(line["children_beyond"] for line in self.lines),
            "people_unknown": _known_sum(line["children_unknown"] for line in self.lines),
            "underserved_areas": float(len(flagged)),
            "underserved_people_beyond": _known_sum(line["children_beyond"] for line in flagged),
            "settings": float(len(capacity)),
            "places": _known_sum(capacity.tolist(), none=np.nan),
            "settings_of_unknown_places": float(np.isnan(capacity).sum()),
            "settings_over_capacity": float((over > 0).sum()),
            "people_over_capacity": _known_sum(np.maximum(over, 0).tolist(), none=np.nan),
        }


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What a scenario would do.

    Parameters
    ----------
    scenario
        Which.
    scenario_id
        Its identity on this baseline.
    before, after
        The figures without and with it.
    changed_areas
        Positions of the areas of which any figure is another, ascending.
    changed_cells
        Positions of the H3 cells of which any figure is another, ascending.
    """

    scenario: Scenario
    scenario_id: str
    before: Figures
    after: Figures
    changed_areas: list[int]
    changed_cells: NDArray[np.int64]

    @property
    def area_lines(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The lines of the areas that change, before and after."""
        return [(self.before.lines[at], self.after.lines[at]) for at in self.changed_areas]


def _known_sum(amounts: Iterable[float], *, none: float = 0.0) -> float:
    """Add up what is known, and return another number where nothing is."""
    known = [float(amount) for amount in amounts if np.isfinite(amount)]
    return sum(known) if known else none
