"""A scenario: named, ordered edits on the provision of a baseline."""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from geoengine.degrees import WGS84
from geoengine.scenarios.changes import Change, OnStreets, as_number, walk
from geoengine.scenarios.edits import Edit, Open, plain

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Scenario:
    """
    A named, ordered list of edits to the provision of a baseline, which is never changed itself.

    Parameters
    ----------
    name
        What people call it; no part of its identity.
    edits
        In the order in which they are made.
    baseline
        Identity of what it was drawn up for; empty where it is for whatever it is applied to.

    Examples
    --------
    >>> from geoengine.scenarios import Close, Resize
    >>> plan = Scenario("Close Acorns").then(Close("n1")).then(Resize("n2", 60))
    >>> plan.undone().edits
    (Close(provision_id='n1'),)
    """

    name: str
    edits: tuple[Edit, ...] = ()
    baseline: str = field(default="", kw_only=True)

    def then(self, edit: Edit) -> "Scenario":
        """Return the scenario with one more edit."""
        return replace(self, edits=(*self.edits, edit))

    def undone(self) -> "Scenario":
        """
        Return the scenario without its last edit.

        Raises
        ------
        ValueError
            If there is none.
        """
        if not self.edits:
            raise ValueError(f"the scenario '{self.name}' has no edit to undo")
        return replace(self, edits=self.edits[:-1])

    def identity(self, baseline: str) -> str:
        """
        Name what the scenario does by a hash of it.

        Parameters
        ----------
        baseline
            Identity of what it is applied to.

        Returns
        -------
        str
            12 hexadecimal digits: the same wherever the same edits are made, in the same order,
            to the same baseline, whatever the scenario is called.
        """
        text = json.dumps([baseline, [plain(edit) for edit in self.edits]], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def change(self, ids: Sequence[str], *, on_streets: OnStreets | None = None) -> Change:
        """
        Return what all the edits come to, each checked as if those before it had been made.

        Parameters
        ----------
        ids
            The settings of the baseline.
        on_streets
            Says of longitudes and latitudes, shape (places,), whether the streets of the study
            come near enough to each; by default they come near to all.

        Raises
        ------
        ScenarioError
            With every edit that cannot be made, and why.
        """
        return walk(self.name, self.edits, ids, on_streets)

    def apply(
        self, provision: "gpd.GeoDataFrame", *, on_streets: OnStreets | None = None
    ) -> "gpd.GeoDataFrame":
        """
        Return the provision as it would be.

        Parameters
        ----------
        provision
            Index `provision_id`; `name`, `capacity` (places, NaN where unknown) and points in a
            CRS; the rest of `tables.PROVISION`, `eligible` and `abroad` where they are there.
        on_streets
            As for `change`.

        Returns
        -------
        geopandas.GeoDataFrame
            What stays keeps its order, and a moved setting its row; new settings follow in the
            order of their opening. They are open and eligible, for all ages, and not abroad.

        Raises
        ------
        ScenarioError
            As for `change`.
        """
        # Whoever only reads scenarios does without the libraries of geography.
        import geopandas as gpd
        import pandas as pd

        ids = [str(name) for name in provision.index]
        change = self.change(ids, on_streets=on_streets)
        after = provision[~provision.index.isin(change.closed)].copy()
        for name, places in change.places.items():
            after.loc[name, "capacity"] = places
        if change.spots:
            moved = list(change.spots)
            places_m = _points(change.spots.values()).to_crs(provision.crs)
            after.loc[moved, after.geometry.name] = places_m.to_numpy()
        if change.opened:
            opened = _opened(change.opened, provision)
            after = gpd.GeoDataFrame(pd.concat([after, opened]), crs=provision.crs)
        return after


def _points(spots: Iterable[tuple[float, float]]) -> "gpd.GeoSeries":
    import geopandas as gpd
    from shapely import Point

    return gpd.GeoSeries([Point(spot) for spot in spots], crs=WGS84)


def _opened(opened: Sequence[Open], provision: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Return the rows of new settings, with the columns of the others."""
    import geopandas as gpd
    import pandas as pd

    service = provision["service"].iloc[0] if "service" in provision and len(provision) else ""
    alike = {
        "service": service, "open": True, "suits": True, "eligible": True, "abroad": False,
        "placed_by": "coordinates", "age_from": math.nan, "age_to": math.nan,
    }  # fmt: skip
    own: dict[str, Any] = {
        "name": [edit.name or edit.provision_id for edit in opened],
        "capacity": [as_number(edit.places) for edit in opened],
    }
    spots = _points((edit.longitude, edit.latitude) for edit in opened)
    geometry = provision.geometry.name
    own[geometry] = spots.to_crs(provision.crs).to_numpy()
    columns = {
        column: own.get(column, [alike.get(column)] * len(opened)) for column in provision.columns
    }
    index = pd.Index([edit.provision_id for edit in opened], name=provision.index.name)
    return gpd.GeoDataFrame(columns, index=index, geometry=geometry, crs=provision.crs)
