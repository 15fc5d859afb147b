"""One spot on the map: what can be reached from it, or who can reach it, by any mode."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import analysis, intake, isochrones, travel_times
from geoengine.degrees import to_metres
from geoengine.errors import Fault, StudyError
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.network import modes, reach, snapping
from geoengine.network.ground import KeptGround
from geoengine.store import Cache
from geoengine.study import Study
from geoengine.travel_times import Direction


def isochrone(
    study: Study,
    at: tuple[float, float],
    mode_name: str,
    minutes: Sequence[float],
    cache: Cache,
    *,
    direction: Direction = "from",
) -> Layer:
    """
    Draw what lies within each time of a spot.

    Parameters
    ----------
    study
        Its streets, speeds and limits are used.
    at
        Longitude and latitude.
    mode_name
        One of `modes.MODES`.
    minutes
        Cut-offs, inclusive.
    cache
        What earlier runs kept.
    direction
        Whether people travel *from* the spot or *to* it.

    Returns
    -------
    Layer
        One nested area a cut-off, longest first so that the shorter are drawn on top, each with
        the people who live within the time, the length of the streets in reach and the share of
        street corners that the line puts on the wrong side.

    Raises
    ------
    FaultsError
        If the mode is unknown, a time is not positive, the spot is off the street map, or a file
        that tells who lives where cannot be used.
    """
    faults = [f"minutes must be positive, not {m:g}" for m in minutes if not m > 0]
    if mode_name not in modes.MODES:
        faults.append(f"the mode must be one of {', '.join(modes.MODES)}, not {mode_name!r}")
    if not minutes:
        faults.append("give at least one time in minutes")
    if faults:
        raise StudyError(Fault("isochrone", 0, fault) for fault in faults)
    speeds = study.travel.speeds_kph if mode_name == study.travel.mode else {}
    mode = modes.MODES[mode_name].with_speeds(speeds)
    network, index = analysis.network_of(study, mode, cache)
    x, y = to_metres(network.crs).transform(*at)
    limit_m = study.travel.snap_limit_m
    spot = snapping.snap(network, index, np.array([x]), np.array([y]), limit_m=limit_m)
    if not spot.joined.all():
        raise StudyError(
            [Fault("isochrone", 0, f"no street to {mode_name} lies within {limit_m:g} m of "
                   f"longitude {at[0]:g}, latitude {at[1]:g}; is it 'longitude,latitude'?")]
        )  # fmt: skip
    ordered = sorted(set(minutes))
    homes = intake.homes_of(study, lambda *_: None)
    found = travel_times.find_nearest(
        network, analysis.place(study, network, index, homes), spot,
        direction=direction, limit_s=ordered[-1] * 60,
    )  # fmt: skip
    home_s = found.origin_s[:, 0]
    stretches = [
        reach.within(network, found.node_ds[:, 0], spot, m * 60, direction=direction)
        for m in ordered
    ]
    around = KeptGround(network, index, limit_m=limit_m)
    areas = isochrones.around_here(around, found, spot, ordered, direction=direction)
    point_s, _ = travel_times.at_points(network, found, spot, direction=direction)
    rows = []
    for cutoff, area, streets in zip(ordered, areas, stretches, strict=True):
        told = isochrones.fidelity(area, network.point_x_m, network.point_y_m, point_s, cutoff)
        rows.append(
            {
                "class_key": f"{cutoff:g}",
                "minutes": cutoff,
                "mode": mode_name,
                "direction": direction,
                "people": float(homes["people"].to_numpy()[home_s <= cutoff * 60].sum()),
                "others": float(homes["others"].to_numpy()[home_s <= cutoff * 60].sum()),
                "streets_km": reach.length_m(network, streets) / 1000,
                "area_km2": area.area / 1e6,
                "inside_but_beyond": told.beyond / max(told.inside, 1),
                "reached_but_outside": told.outside / max(told.reached, 1),
                "from_street_m": float(spot.distance_m[0]),
                "geometry": shapely.MultiPolygon(area),
            }
        )
    frame = gpd.GeoDataFrame(pd.DataFrame(rows[::-1]), geometry="geometry", crs=network.crs)
    frame.index = pd.Index(frame["class_key"], name="isochrone_id")
    frame["others_state"] = np.where(frame["others"].isna(), "unknown", "known")
    people = study.population.people
    return Layer(
        "isochrone", f"Within {ordered[-1]:g} minutes’ {mode.title}",
        f"What lies within {ordered[-1]:g} minutes’ {mode.title} {direction} this spot?",
        frame, "polygon", "minutes", "minutes", "minutes",
        tuple(LayerClass(f"{m:g}", f"up to {m:g} minutes", None, m) for m in ordered),
        (
            LayerColumn("minutes", "Within", "minutes"), LayerColumn("mode", "Mode"),
            LayerColumn("direction", "Travelled from the spot or to it"),
            LayerColumn("people", f"{people[:1].upper()}{people[1:]} within", "people"),
            LayerColumn("others", "Other people within", "people"),
            LayerColumn("others_state", "Other people within: state"),
            LayerColumn("streets_km", "Streets in reach", "kilometres"),
            LayerColumn("area_km2", "Area", "square kilometres"),
            LayerColumn("inside_but_beyond", "Street corners inside but beyond the time", "share"),
            LayerColumn("reached_but_outside", "Street corners in reach but outside", "share"),
            LayerColumn("from_street_m", "Distance of the spot from its street", "metres"),
        ),
        attribution=(
            study.streets.source or "Streets © OpenStreetMap contributors, ODbL 1.0",
            *filter(None, (study.population.source,)),
        ),
        method=f"{mode.source}. Ground belongs to its nearest street, up to {limit_m:g} m away; "
        f"lines follow times on squares of {isochrones.FINEST_M:g} m, wider for long times. People "
        "are counted from their homes, not from the area.",
        as_of={
            what: part.as_of
            for what, part in (("Streets", study.streets), ("Population", study.population))
            if part.as_of
        },
    )  # fmt: skip
