"""The layers that an analysis shows, each with its legend, table, method and sources."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geoengine import cells, isochrones, travel_times
from geoengine.analysis import Analysis
from geoengine.layers import Layer, LayerClass, LayerColumn, class_keys
from geoengine.network import sampling
from geoengine.network.ground import Ground
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions

BANDS_MIN = (0, 5, 10, 15, 20, 30, 45, 60)
ISOCHRONES_MIN = (5, 10, 15)
SIMPLIFIED_M = 2.0
OSM = "Streets © OpenStreetMap contributors, Open Database Licence 1.0"
OGL = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Contains OS data © Crown copyright and database right"
)
STATUS_CLASSES = (
    LayerClass("underserved", "Underserved: deprived, and too many out of reach"),
    LayerClass("reached", "Deprived, and reached"),
    LayerClass("not_deprived", "Not among the most deprived"),
    LayerClass("not_covered", "Not covered by the street map", state=True),
    LayerClass("unknown", "Unknown: a figure is missing", state=True),
)
UNREACHABLE = LayerClass("unreachable", "No way to get there", state=True)


def layers(analysis: Analysis, ground: Ground, told: Callable[[int, int], None]) -> list[Layer]:
    """
    Return every layer of an analysis, the most asked for first.

    Parameters
    ----------
    analysis
        What was found.
    ground
        The ground around the streets, from `analysis.survey`.
    told
        Called with the layers made so far and their number.
    """
    network_layers = _network_layers(analysis)
    makers: list[Callable[[], Layer]] = [
        lambda: underserved_areas(analysis),
        lambda: deprivation(analysis),
        lambda: provision(analysis),
        lambda: unplaced(analysis),
        *network_layers,
        lambda: around_each(analysis, ground),
    ]
    made = []
    for at, maker in enumerate(makers):
        told(at, len(makers))
        made.append(maker())
    return made


def minutes_classes(bands_min: tuple[int, ...] = BANDS_MIN) -> tuple[LayerClass, ...]:
    """Return the steps of a legend in minutes, and the state of what cannot be reached."""
    steps = [
        LayerClass(f"{low}-{high}", f"{low} to {high} minutes", low, high)
        for low, high in pairwise(bands_min)
    ]
    last = LayerClass(f"{bands_min[-1]}-", f"over {bands_min[-1]} minutes", bands_min[-1])
    return (*steps, last, UNREACHABLE)


def _about(analysis: Analysis, *method: str) -> dict[str, Any]:
    """Return what every layer says of its sources."""
    study = analysis.study
    named: dict[str, Any] = {
        "Boundaries": study.boundaries, "Deprivation": study.deprivation,
        "Population": study.population, "Streets": study.streets, "Provision": study.provision,
    }  # fmt: skip
    credits_ = [part.source for part in named.values() if part.source]
    if study.study.invented:
        credits_ = ["Invented: no part of this place is real", *credits_]
    else:
        credits_ = list(dict.fromkeys([*credits_, OGL, OSM]))
    return {
        "attribution": tuple(credits_),
        "as_of": {what: part.as_of for what, part in named.items() if part.as_of},
        "method": " ".join(filter(None, method)),
    }


def _travel_method(analysis: Analysis) -> str:
    mode = analysis.study.travel.mode
    return (
        f"Times are the shortest along streets open to the mode ‘{mode}’, from home to the nearest "
        f"{analysis.rule.service} that is open and takes the ages studied, with the way between "
        "door and street. Turn restrictions are not modelled."
    )


def underserved_areas(analysis: Analysis) -> Layer:
    """Return which areas are underserved, and why."""
    rule, judged = analysis.rule, analysis.judged
    areas = analysis.inputs.areas
    frame = gpd.GeoDataFrame(
        judged.assign(
            ward_name=areas["ward_name"].reindex(judged.index),
            class_key=judged["status"],
        ),
        geometry=areas.geometry.reindex(judged.index),
        crs=areas.crs,
    )
    deciles = " or ".join(str(decile) for decile in rule.deciles)
    return Layer(
        "underserved",
        "Underserved areas",
        f"Which deprived areas have too many {rule.people} out of reach of a {rule.service}?",
        frame, "polygon", "status", "", "status", STATUS_CLASSES,
        (
            LayerColumn("name", "Area"),
            LayerColumn("children_beyond", f"Beyond {rule.limit}", rule.people),
            LayerColumn("children", _capital(rule.people), "people"),
            LayerColumn("minutes_median", "Typical time to the nearest", "minutes"),
            LayerColumn("status", "Status"),
            LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Deprivation decile (1 = most deprived)"),
            LayerColumn("nearest_name", f"Nearest {rule.service}"),
            LayerColumn("share_beyond", "Share beyond", "share"),
            LayerColumn("minutes_worst", "Longest time to the nearest", "minutes"),
            LayerColumn("places_per_100", "Places in reach per 100", "places"),
            LayerColumn("coverage", "Covered by the street map", "share"),
            LayerColumn("children_unknown", "Not known whether in reach", rule.people),
            LayerColumn("rank", "Deprivation rank (1 = most deprived)"),
            LayerColumn("minutes_state", "Typical time: state"),
            LayerColumn("worst_state", "Longest time: state"),
            LayerColumn("nearest_id", f"Id of the nearest {rule.service}"),
        ),
        sentence="sentence", people="children", people_title=rule.people,
        **_about(
            analysis,
            f"An area in deprivation decile {deciles} is underserved when more than "
            f"{rule.share:.0%} of its {rule.people} live more than {rule.limit} from a "
            f"{rule.service}. People are spread over output areas and postcodes where the study "
            "has them.", _travel_method(analysis),
            f"Places in reach are shared among all {rule.people} of the study area within reach of "
            "them (two-step floating catchment, Luo & Wang 2003).",
        ),
    )  # fmt: skip


def deprivation(analysis: Analysis) -> Layer:
    """Return how deprived each area is within its nation."""
    areas, rule = analysis.inputs.areas, analysis.rule
    facts = analysis.inputs.readings["deprivation"].facts
    known = areas["decile"].notna()
    keys = np.where(known, "d" + areas["decile"].fillna(0).astype(int).astype(str), "unknown")
    labels = {1: "1: most deprived tenth", 10: "10: least deprived tenth"}
    classes = [LayerClass(f"d{at}", labels.get(at, str(at)), at, at) for at in range(1, 11)]
    told = [
        f"{name}: deprivation decile {decile:.0f}, {_people(people, rule.people)}."
        if np.isfinite(decile)
        else f"{name}: the deprivation file has no figure for this area."
        for name, decile, people in zip(
            areas["name"], areas["decile"], areas["people"], strict=True
        )
    ]
    return Layer(
        "areas", "Deprivation", "How deprived is each area, compared with its nation?",
        areas.assign(class_key=keys, sentence=told), "polygon", "decile", "decile", "deprivation",
        (*classes, LayerClass("unknown", "Unknown", state=True)),
        (
            LayerColumn("name", "Area"), LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Decile (1 = most deprived)"),
            LayerColumn("rank", "Rank (1 = most deprived)"),
            LayerColumn("people", _capital(rule.people), "people"),
            LayerColumn("nation", "Nation of the ranking"), LayerColumn("vintage", "Census year"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **_about(
            analysis,
            f"The index is {facts.get('index', 'as published')}; {facts.get('direction', '')}. "
            "Deciles are tenths of the nation’s areas; nations are never compared by rank.",
        ),
    )  # fmt: skip


def _people(people: float, who: str) -> str:
    return f"{int(people + 0.5):,} {who}" if np.isfinite(people) else f"number of {who} unknown"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def provision(analysis: Analysis) -> Layer:
    """Return where the service is offered, and whether each place counts."""
    found, rule = analysis.inputs.provision, analysis.rule
    placed = found[found["placed_by"] != "unplaced"].copy()
    keys = np.where(
        ~placed["eligible"], "not_eligible", np.where(placed["abroad"], "outside", "eligible")
    )
    joined = pd.Series(
        analysis.grounds.at_provision.joined, index=analysis.grounds.eligible.index
    ).reindex(placed.index)
    placed["why"] = [
        _why(row, on, rule.people)
        for row, on in zip(placed.to_dict("records"), joined, strict=True)
    ]
    placed["sentence"] = [
        f"{name}: {_places(places)}; {why}."
        for name, places, why in zip(placed["name"], placed["capacity"], placed["why"], strict=True)
    ]
    return Layer(
        "provision", _capital(rule.plural), f"Where are the {rule.plural}?",
        placed.assign(class_key=keys), "point", "capacity", "places", "services",
        (
            LayerClass("eligible", "Open, for the ages studied"),
            LayerClass("outside", "The same, across the authority’s border"),
            LayerClass("not_eligible", "Not counted: closed, or for other ages"),
        ),
        (
            LayerColumn("name", "Name"), LayerColumn("capacity", "Places", "places"),
            LayerColumn("age_from", "Youngest age", "years"),
            LayerColumn("age_to", "Oldest age", "years"),
            LayerColumn("open", "Open"), LayerColumn("abroad", "Across the border"),
            LayerColumn("why", "Counted?"), LayerColumn("placed_by", "Placed by"),
        ),
        sentence="sentence",
        **_about(analysis, "Points are as published, or at the postcode."),
    )  # fmt: skip


def _why(row: dict[Any, Any], joined: Any, people: str) -> str:
    if not row["open"]:
        return "not counted: it is closed"
    if not row["suits"]:
        return f"not counted: not for {people}"
    if joined is False:
        return "not counted: the street map does not reach it"
    return "counted, though across the border" if row["abroad"] else "counted"


def _places(places: float) -> str:
    return f"{places:g} places" if np.isfinite(places) else "number of places unknown"


def unplaced(analysis: Analysis) -> Layer:
    """Return provision that could not be put on the map, and why."""
    found, rule = analysis.inputs.provision, analysis.rule
    lost = pd.DataFrame(found[found["placed_by"] == "unplaced"].drop(columns="geometry"))
    return Layer(
        "unplaced", f"{_capital(rule.plural)} not on the map",
        f"Which {rule.plural} could not be placed, and why?",
        lost.assign(class_key="unplaced"),
        "none", "capacity", "places", "services",
        (LayerClass("unplaced", "Not placed", state=True),),
        (
            LayerColumn("name", "Name"), LayerColumn("capacity", "Places", "places"),
            LayerColumn("open", "Open"), LayerColumn("unplaced_reason", "Why it has no place"),
        ),
        **_about(analysis, "Their places are in no figure of access: access may be better."),
    )  # fmt: skip


def _network_layers(analysis: Analysis) -> list[Callable[[], Layer]]:
    """Return the makers of the layers that share one sampling of the streets."""
    sample = _Sample(analysis)
    return [
        lambda: travel_cells(analysis, sample),
        lambda: travel_streets(analysis, sample),
        lambda: catchments(analysis, sample),
    ]


class _Sample:
    """Places close together along every street of the study area, with their times."""

    def __init__(self, analysis: Analysis) -> None:
        network = analysis.grounds.network
        self.study_area = shapely.union_all(analysis.inputs.areas.geometry.to_numpy())
        shapely.prepare(self.study_area)
        found = sampling.sample(network, self.study_area)
        self.pieces = found.pieces
        middles = sampling.between(network, self.pieces, np.full(len(self.pieces), 0.5))
        self.piece_min, _ = _times_along(analysis, middles)
        self.x_m, self.y_m = found.x_m, found.y_m
        self.minutes, self.provision = _times_along(analysis, found.at)
        area_m2 = float(self.study_area.area)
        self.resolution = cells.resolution_for(area_m2)
        self.cell = cells.locate(self.x_m, self.y_m, crs=network.crs, resolution=self.resolution)


def _times_along(
    analysis: Analysis, places: Positions
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return minutes to the nearest provision, and which; `inf` and -1 where none is reached."""
    grounds = analysis.grounds
    time_ds, provision = travel_times.at_positions(
        grounds.network,
        analysis.reach.nearest,
        places,
        grounds.at_provision,
        direction=analysis.direction,
    )
    minutes = np.where(time_ds[:, 0] == UNREACHED, np.inf, time_ds[:, 0] / 600)
    return minutes, provision[:, 0]


def travel_cells(analysis: Analysis, sample: _Sample) -> Layer:
    """Return the minutes to the nearest provision on hexagons."""
    rule, grounds = analysis.rule, analysis.grounds
    classes = minutes_classes()
    home = cells.locate(
        shapely.get_x(grounds.origins.geometry), shapely.get_y(grounds.origins.geometry),
        crs=grounds.network.crs, resolution=sample.resolution,
    )  # fmt: skip
    frame = cells.summarise(
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
            LayerColumn("people", _capital(rule.people), "people"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **_about(
            analysis, _travel_method(analysis),
            f"Each hexagon (H3 resolution {sample.resolution}) sums up points every "
            f"{sampling.STEP_M:g} m along its streets; hexagons without streets are left blank.",
        ),
    )  # fmt: skip


def travel_streets(analysis: Analysis, sample: _Sample) -> Layer:
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
        **_about(analysis, _travel_method(analysis)),
    )  # fmt: skip


def catchments(analysis: Analysis, sample: _Sample) -> Layer:
    """Return the ground from which each provision is the nearest."""
    rule, grounds = analysis.rule, analysis.grounds
    reached = sample.provision >= 0
    pairs = pd.DataFrame({"cell": sample.cell[reached], "provision": sample.provision[reached]})
    votes = pairs.value_counts(["cell", "provision"]).rename("points").reset_index()
    votes = votes.sort_values(["cell", "points", "provision"], ascending=[True, False, True])
    winner = votes.drop_duplicates("cell")
    ground = cells.cover(sample.study_area, crs=grounds.network.crs, resolution=sample.resolution)
    hexagons = ground.geometry.to_numpy()
    voted = cells.outlines(winner["cell"].to_numpy(), crs=grounds.network.crs)
    who = np.full(len(hexagons), -1)
    if len(winner):
        _, at = KDTree(_middles(voted)).query(_middles(hexagons))
        who = winner["provision"].to_numpy()[at]
    held = np.unique(who[who >= 0])
    nearest = analysis.reach.nearest.origin_provision[:, 0]
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
        f"{name} is the nearest {rule.service} to {_people(number, rule.people)}."
        for name, number in zip(frame["name"], frame["people"], strict=True)
    ]
    return Layer(
        "catchments", f"Nearest {rule.service}",
        f"Which {rule.service} is the nearest to the people here, and how many are they?",
        frame, "polygon", "people", "people", "catchments",
        (LayerClass("catchment", f"Ground to which one {rule.service} is the nearest"),),
        (
            LayerColumn("name", "Name"),
            LayerColumn("people", f"{_capital(rule.people)} nearest to it", "people"),
            LayerColumn("capacity", "Places", "places"),
        ),
        sentence="sentence", people="people", people_title=rule.people,
        **_about(
            analysis, _travel_method(analysis),
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
        f"{int((lost > 0).sum()):,} more of them, nearest to {_people(lost.sum(), who)}, have too "
        "little ground to be drawn."
    )


def _middles(shapes: NDArray[Any]) -> NDArray[np.float64]:
    middles: NDArray[np.float64] = shapely.get_coordinates(shapely.centroid(shapes))
    return middles


def around_each(analysis: Analysis, ground: Ground) -> Layer:
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
            true = isochrones.fidelity(shapes[at, band], *homes_m, seconds, minutes)
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
    frame = frame[~frame.geometry.is_empty]
    frame["others_state"] = np.where(frame["others"].isna(), "unknown", "known")
    frame["sentence"] = [
        f"{_people(number, rule.people)} live within {minutes:g} minutes’ {rule.journey} of {name}."
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
            LayerColumn("people", f"{_capital(rule.people)} within", "people"),
            LayerColumn("others", "Other people within", "people"),
            LayerColumn("others_state", "Other people within: state"),
            LayerColumn("homes", "Homes (postcodes) within"),
            LayerColumn("homes_beyond", "Homes inside the line but beyond the time"),
            LayerColumn("homes_missed", "Homes outside the line but within the time"),
            LayerColumn("provision_id", f"Id of the {rule.service}"),
        ),
        sentence="sentence",
        **_about(
            analysis, _travel_method(analysis),
            f"Ground belongs to its nearest street, up to {ground.limit_m:g} m away; lines follow "
            f"times on squares of {ground.spacing_m:g} m, wider for long bands. "
            f"{_fidelity(frame)}",
        ),
    )  # fmt: skip


def _seconds(analysis: Analysis, starts: Positions) -> Iterator[NDArray[np.float64]]:
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
