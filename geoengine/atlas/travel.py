"""The layers of times along streets: on hexagons, on the streets, and who is nearest."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import cells as hexagonal
from geoengine import travel_times
from geoengine.analysis import Journeys, Sampled
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital, minutes_classes, people_of, travel_method
from geoengine.layers import Layer, LayerClass, LayerColumn, class_keys
from geoengine.network import sampling
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions

SIMPLIFIED_M = 2.0


class Sample:
    """Places close together along every street of the study area, with their times."""

    def __init__(self, analysis: Journeys, sampled: Sampled) -> None:
        network, found = analysis.grounds.network, sampled.along
        self.study_area = shapely.union_all(analysis.inputs.areas.geometry.to_numpy())
        self.pieces = found.pieces
        middles = sampling.between(network, self.pieces, np.full(len(self.pieces), 0.5))
        self.piece_min, _ = _times_along(analysis, middles)
        self.x_m, self.y_m = found.x_m, found.y_m
        self.minutes, self.provision = _times_along(analysis, found.at)
        self.resolution, self.cell = sampled.resolution, sampled.cell


def _times_along(
    analysis: Journeys, places: Positions
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return minutes to the nearest provision, and which; `inf` and -1 where none is reached."""
    grounds = analysis.grounds
    time_ds, provision = travel_times.at_positions(
        grounds.network,
        analysis.nearest,
        places,
        grounds.at_provision,
        direction=analysis.direction,
    )
    minutes = np.where(time_ds[:, 0] == UNREACHED, np.inf, time_ds[:, 0] / 600)
    return minutes, provision[:, 0]


def cells(analysis: Journeys, sample: Sample) -> Layer:
    """Return the minutes to the nearest provision on hexagons."""
    rule, grounds = analysis.rule, analysis.grounds
    classes = minutes_classes()
    home = hexagonal.locate(
        shapely.get_x(grounds.origins.geometry), shapely.get_y(grounds.origins.geometry),
        crs=grounds.network.crs, resolution=sample.resolution,
    )  # fmt: skip
    frame = hexagonal.summarise(
        sample.cell, sample.minutes, crs=grounds.network.crs,
        home=home, people=grounds.origins["people"].to_numpy(dtype=float),
    )  # fmt: skip
    frame = frame[frame["points"] > 0]
    mean = frame["minutes_mean"].to_numpy()
    keys = np.where(np.isinf(mean), "unreachable", class_keys(mean, classes))
    told = [
        f"{minutes:.0f} minutes’ {rule.journey} to the nearest {rule.service}."
        if np.isfinite(minutes)
        else f"No way to a {rule.service} from these streets."
        for minutes in mean
    ]
    frame = frame.assign(class_key=keys, sentence=told, cell=frame.index)
    lived_in = frame.assign(lived_in=frame["people"] > 0)
    frame = ranked(lived_in, ("lived_in", "high"), ("minutes_mean", "high"))
    return Layer(
        "cells", f"Time to the nearest {rule.service}",
        f"How long is the {rule.journey} to the nearest {rule.service} from here?",
        frame.replace(np.inf, np.nan), "polygon", "minutes_mean", "minutes", "minutes", classes,
        (
            LayerColumn("cell", "Hexagon"),
            LayerColumn("minutes_mean", "Average time", "minutes"),
            LayerColumn("minutes_min", "Shortest time", "minutes"),
            LayerColumn("minutes_max", "Longest time", "minutes"),
            LayerColumn("share_unreachable", "Share of streets without a way", "share"),
            LayerColumn("people", capital(rule.people), "people"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **about(
            analysis, travel_method(analysis),
            f"Each hexagon (H3 resolution {sample.resolution}) sums up points every "
            f"{sampling.STEP_M:g} m along its streets; hexagons without streets are left blank.",
        ),
    )  # fmt: skip


def streets(analysis: Journeys, sample: Sample) -> Layer:
    """Return the streets, parted by their minutes to the nearest provision."""
    rule, network = analysis.rule, analysis.grounds.network
    classes = minutes_classes()
    a, b = sample.pieces, sample.pieces + 1
    minutes = sample.piece_min
    keys = np.where(np.isinf(minutes), "unreachable", class_keys(minutes, classes))
    ends = np.stack(
        [
            np.column_stack((network.point_x_m[a], network.point_y_m[a])),
            np.column_stack((network.point_x_m[b], network.point_y_m[b])),
        ],
        axis=1,
    )
    km = np.hypot(*(ends[:, 1] - ends[:, 0]).T) / 1000
    rows = []
    for step in classes:
        here = keys == step.key
        if here.any():
            lines = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(ends[here])))
            lines = shapely.simplify(lines, SIMPLIFIED_M, preserve_topology=False)
            parts = shapely.multilinestrings(shapely.get_parts(lines))
            rows.append((step.key, step.label, float(km[here].sum()), parts))
    frame = gpd.GeoDataFrame(
        {
            "class_key": [row[0] for row in rows],
            "time": [row[1] for row in rows],
            "length_km": [row[2] for row in rows],
        },
        geometry=[row[3] for row in rows],
        crs=network.crs,
        index=pd.Index([row[0] for row in rows], name="street_id"),
    )
    frame["sentence"] = [
        f"{km:,.0f} km of streets: {label.lower()}." if key == "unreachable"
        else f"{km:,.0f} km of streets are {label} from the nearest {rule.service}."
        for key, label, km in zip(frame.index, frame["time"], frame["length_km"], strict=True)
    ]  # fmt: skip
    return Layer(
        "streets", f"Streets by time to the nearest {rule.service}",
        f"Which streets are within reach of a {rule.service}?",
        frame, "line", "length_km", "kilometres", "minutes", classes,
        (LayerColumn("time", "Time"), LayerColumn("length_km", "Length of streets", "kilometres")),
        sentence="sentence",
        **about(analysis, travel_method(analysis)),
    )  # fmt: skip


def catchments(analysis: Journeys, sample: Sample) -> Layer:
    """Return the ground from which each provision is the nearest."""
    rule, grounds = analysis.rule, analysis.grounds
    reached = sample.provision >= 0
    pairs = pd.DataFrame({"cell": sample.cell[reached], "provision": sample.provision[reached]})
    votes = pairs.value_counts(["cell", "provision"]).rename("points").reset_index()
    votes = votes.sort_values(["cell", "points", "provision"], ascending=[True, False, True])
    winner = votes.drop_duplicates("cell")
    ground = hexagonal.cover(
        sample.study_area, crs=grounds.network.crs, resolution=sample.resolution
    )
    hexagons = ground.geometry.to_numpy()
    voted = hexagonal.outlines(winner["cell"].to_numpy(), crs=grounds.network.crs)
    who = np.full(len(hexagons), -1)
    if len(winner):
        from scipy.spatial import KDTree

        _, at = KDTree(_middles(voted)).query(_middles(hexagons))
        who = winner["provision"].to_numpy()[at]
    held = np.unique(who[who >= 0])
    nearest = analysis.nearest.origin_provision[:, 0]
    people = np.bincount(
        nearest[nearest >= 0], grounds.origins["people"].to_numpy(dtype=float)[nearest >= 0],
        minlength=len(grounds.eligible),
    )  # fmt: skip
    chosen = grounds.eligible.iloc[held]
    outline = [
        shapely.intersection(shapely.union_all(hexagons[who == at]), sample.study_area)
        for at in held
    ]
    frame = gpd.GeoDataFrame(
        {
            "class_key": "catchment",
            "name": chosen["name"].to_numpy(),
            "capacity": chosen["capacity"].to_numpy(),
            "people": people[held],
        },
        geometry=outline,
        crs=grounds.network.crs,
        index=chosen.index,
    )
    frame = frame[~frame.geometry.is_empty]
    frame["sentence"] = [
        f"{name} is the nearest {rule.service} to {people_of(number, rule.people)}."
        for name, number in zip(frame["name"], frame["people"], strict=True)
    ]
    return Layer(
        "catchments", f"Nearest {rule.service}",
        f"Which {rule.service} is the nearest to the people here, and how many are they?",
        ranked(frame, ("people", "high"), ("name", "low")),
        "polygon", "people", "people", "catchments",
        (LayerClass("catchment", f"Ground to which one {rule.service} is the nearest"),),
        (
            LayerColumn("name", "Name"),
            LayerColumn("people", f"{capital(rule.people)} nearest to it", "people"),
            LayerColumn("capacity", "Places", "places"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **about(
            analysis, travel_method(analysis),
            "Ground is drawn in hexagons, each given to the setting nearest to most of its "
            "streets, or of the nearest streets; people are counted from their homes.",
            _undrawn(people, held, rule.people),
        ),
    )  # fmt: skip


def _undrawn(people: NDArray[Any], held: NDArray[Any], who: str) -> str:
    lost = np.delete(people, held)
    if not (lost > 0).any():
        return ""
    return (
        f"{int((lost > 0).sum()):,} more of them, nearest to {people_of(lost.sum(), who)}, have "
        "too little ground to be drawn."
    )


def _middles(shapes: NDArray[Any]) -> NDArray[np.float64]:
    middles: NDArray[np.float64] = shapely.get_coordinates(shapely.centroid(shapes))
    return middles
