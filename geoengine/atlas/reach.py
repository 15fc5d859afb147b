"""The layer of what lies within reach of each provision."""

from collections.abc import Iterator
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import isochrones, travel_times
from geoengine.analysis import Journeys
from geoengine.atlas.told import about, capital, people_of, travel_method
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.network.ground import Ground
from geoengine.network.snapping import Positions

ISOCHRONES_MIN = (5, 10, 15)


def around_each(analysis: Journeys, ground: Ground) -> Layer:
    """Return what lies within 5, 10 and 15 minutes of each provision, and how true the line is."""
    rule, grounds = analysis.rule, analysis.grounds
    classes = tuple(
        LayerClass(f"{low}-{high}", f"{low} to {high} minutes", low, high)
        for low, high in pairwise((0, *ISOCHRONES_MIN))
    )
    homes = grounds.origins
    homes_m = shapely.get_coordinates(homes.geometry.to_numpy()).T
    people, others = (homes[who].to_numpy(dtype=float) for who in ("people", "others"))
    spots = np.flatnonzero(grounds.at_provision.joined)
    starts = Positions(**{name: part[spots] for name, part in vars(grounds.at_provision).items()})
    shapes = isochrones.around_each(
        grounds.network, ground, starts, ISOCHRONES_MIN, direction=analysis.direction
    )
    rings = shapes.copy()
    rings[:, 1:] = shapely.difference(shapes[:, 1:], shapes[:, :-1])
    rows = []
    for at, spot, seconds in zip(range(len(spots)), spots, _seconds(analysis, starts), strict=True):
        for band, step in enumerate(classes):
            minutes = float(step.upper or 0)
            true = isochrones.fidelity(shapes[at, band], homes_m[0], homes_m[1], seconds, minutes)
            rows.append(
                {
                    "class_key": step.key,
                    "name": grounds.eligible["name"].iloc[spot],
                    "provision_id": grounds.eligible.index[spot],
                    "up_to_min": minutes,
                    "people": float(people[seconds <= minutes * 60].sum()),
                    "others": float(others[seconds <= minutes * 60].sum()),
                    "homes": true.reached,
                    "homes_beyond": true.beyond,
                    "homes_missed": true.outside,
                    "geometry": rings[at, band],
                }
            )
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=grounds.network.crs)
    frame.index = pd.Index(
        [f"{row['provision_id']}:{row['class_key']}" for row in rows], name="isochrone_id"
    )
    frame = frame[~frame.geometry.is_empty].sort_values(["name", "provision_id", "up_to_min"])
    frame["others_state"] = np.where(frame["others"].isna(), "unknown", "known")
    frame["sentence"] = [
        f"{people_of(number, rule.people)} live within {minutes:g} minutes’ {rule.journey} "
        f"of {name}."
        for number, minutes, name in zip(
            frame["people"], frame["up_to_min"], frame["name"], strict=True
        )
    ]
    return Layer(
        "isochrones", f"Reach of each {rule.service}",
        f"What lies within {ISOCHRONES_MIN[-1]} minutes of each {rule.service}?",
        frame, "polygon", "up_to_min", "minutes", "minutes", classes,
        (
            LayerColumn("name", "Name"), LayerColumn("up_to_min", "Within", "minutes"),
            LayerColumn("people", f"{capital(rule.people)} within", "people"),
            LayerColumn("others", "Other people within", "people"),
            LayerColumn("others_state", "Other people within: state"),
            LayerColumn("homes", "Homes (postcodes) within"),
            LayerColumn("homes_beyond", "Homes inside the line but beyond the time"),
            LayerColumn("homes_missed", "Homes outside the line but within the time"),
            LayerColumn("provision_id", f"Id of the {rule.service}"),
        ),
        sentence="sentence",
        **about(
            analysis, travel_method(analysis),
            f"Ground belongs to its nearest street, up to {ground.limit_m:g} m away; lines follow "
            f"times on squares of {ground.spacing_m:g} m, wider for long bands. "
            f"{_fidelity(frame)}",
        ),
    )  # fmt: skip


def _seconds(analysis: Journeys, starts: Positions) -> Iterator[NDArray[np.float64]]:
    """Return seconds between every home and each start in turn; inf beyond the last band."""
    grounds = analysis.grounds
    pairs = travel_times.within(
        grounds.network, grounds.at_home, starts, cutoff_s=ISOCHRONES_MIN[-1] * 60,
        direction=analysis.direction,
    )  # fmt: skip
    home = np.repeat(np.arange(len(grounds.origins)), np.diff(pairs.first_pair))
    order = np.argsort(pairs.provision, kind="stable")
    ends = np.cumsum(np.bincount(pairs.provision, minlength=len(starts.chain)))
    for first, last in pairwise((0, *ends)):
        own = order[first:last]
        seconds = np.full(len(grounds.origins), np.inf)
        seconds[home[own]] = pairs.time_ds[own] / 10
        yield seconds


def _fidelity(frame: pd.DataFrame) -> str:
    """Say how many homes the drawn lines put on the wrong side, of all that they are drawn for."""
    homes = max(int(frame["homes"].sum()), 1)
    beyond, missed = int(frame["homes_beyond"].sum()), int(frame["homes_missed"].sum())
    return (
        f"Of {homes:,} homes in reach, the lines leave out {missed:,} ({missed / homes:.2%}) and "
        f"take in {beyond:,} ({beyond / homes:.2%}) that are beyond; people are counted from the "
        "homes, not from the area."
    )
