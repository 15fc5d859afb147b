"""Reach from any spot at once: what a server keeps of a run, and the bands drawn from it."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geoengine import isochrones, travel_times
from geoengine.errors import GeoEngineError, ResultsError
from geoengine.network import ground, snapping
from geoengine.network.snapping import Positions, SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction
from geoengine.underserved import count

if TYPE_CHECKING:
    from geoengine.analysis import Analysis

FloatArray = NDArray[np.float64]

FILE = "live.npz"
FORMAT = 1
WGS84 = "EPSG:4326"
MOST_CUTOFFS, LONGEST_MIN = 6, 60.0
FINEST_M = 10.0
SQUARES = 80_000
"""Squares of ground that are joined to their streets for one answer: some fifty milliseconds."""
DECIMALS = 6
SHARE_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class LiveReach:
    """
    The streets and homes of a run, in memory, ready for any spot.

    Parameters
    ----------
    network, index
        What the study's mode can travel, and its `snapping.grid`.
    at_home
        Where each home joins the network.
    home_x_m, home_y_m, people
        Each home's place in the network's CRS and how many people live there, shape (homes,).
    facts
        `journey` and `people` in words, `direction` of the study's own journeys, and `limit_m`,
        how far a spot may lie from its street.
    """

    network: StreetNetwork
    index: SegmentGrid
    at_home: Positions
    home_x_m: FloatArray
    home_y_m: FloatArray
    people: FloatArray
    facts: Mapping[str, Any]

    @cached_property
    def to_metres(self) -> Transformer:
        """From longitude and latitude to the network's CRS."""
        return Transformer.from_crs(WGS84, self.network.crs, always_xy=True)

    @cached_property
    def chain_bounds_m(self) -> FloatArray:
        """West, south, east and north of each chain, metres, shape (chains, 4)."""
        return ground.chain_bounds(self.network)


@dataclass(frozen=True, eq=False)
class Band:
    """
    What lies within one time of a spot.

    Parameters
    ----------
    minutes
        The longest time, inclusive.
    area
        MultiPolygon in longitude and latitude, valid; empty where nothing is in reach.
    people
        Those who live within the time by their own journeys, wherever the line is drawn.
    inside_but_beyond
        Share of the homes inside the line that are in truth beyond the time; 0 where none is.
    reached_but_outside
        Share of the homes within the time that the line leaves out; 0 where none is.
    """

    minutes: float
    area: Any
    people: float
    inside_but_beyond: float
    reached_but_outside: float


def of_analysis(found: "Analysis") -> LiveReach:
    """Return what a server needs of an analysis."""
    grounds, homes = found.grounds, found.grounds.origins.geometry
    return LiveReach(
        grounds.network, grounds.index, grounds.at_home,
        np.asarray(shapely.get_x(homes), dtype=float),
        np.asarray(shapely.get_y(homes), dtype=float),
        grounds.origins["people"].to_numpy(dtype=float),
        {
            "journey": found.rule.journey, "people": found.rule.people,
            "direction": found.direction, "limit_m": found.study.travel.snap_limit_m,
        },
    )  # fmt: skip


# ---------------------------------------------------------------------- kept in a file


def write(live: LiveReach, folder: Path) -> None:
    """
    Keep everything in one file, the same bytes on every machine.

    Parameters
    ----------
    live
        What to keep; arrays that are one and the same are kept once.
    folder
        The run's folder.
    """
    arrays: dict[str, NDArray[Any]] = {}
    plain: dict[str, Any] = {"format": FORMAT, "facts": dict(live.facts)}
    for part, value in ((field.name, getattr(live, field.name)) for field in fields(live)):
        if isinstance(value, np.ndarray):
            arrays[part] = value
        elif isinstance(value, StreetNetwork | SegmentGrid | Positions):
            plain[part] = _sort(part, value, arrays)
    arrays["plain"] = np.frombuffer(json.dumps(plain, sort_keys=True).encode(), np.uint8)
    with (folder / FILE).open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def _sort(part: str, value: Any, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Put a dataclass's arrays with the others; return its plain fields and second names."""
    plain: dict[str, Any] = {}
    names: dict[int, str] = {}
    for field in fields(value):
        content, name = getattr(value, field.name), f"{part}.{field.name}"
        if not isinstance(content, np.ndarray):
            plain[field.name] = content
        elif id(content) in names:
            plain[field.name] = {"same": names[id(content)]}
        else:
            arrays[name] = content
            names[id(content)] = name
    return plain


def read(folder: Path) -> LiveReach:
    """
    Return what a run kept, all of it in memory: the file may be replaced meanwhile.

    Raises
    ------
    ResultsError
        If the run kept nothing, or the file is damaged or of another version.
    """
    path = folder / FILE
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        plain = json.loads(arrays["plain"].tobytes())
        return _put_together(plain, arrays)
    except FileNotFoundError:
        raise ResultsError(
            f"{folder} keeps no streets to reach any spot by: it has no {FILE}. Run the study again"
        ) from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise ResultsError(
            f"{path} is damaged or of another version ({error}). Run the study again"
        ) from error


def _put_together(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> LiveReach:
    if plain["format"] != FORMAT:
        raise ValueError(f"format {plain['format']}, but this version reads {FORMAT}")
    return LiveReach(
        _made(StreetNetwork, "network", plain, arrays),
        _made(SegmentGrid, "index", plain, arrays),
        _made(Positions, "at_home", plain, arrays),
        arrays["home_x_m"], arrays["home_y_m"], arrays["people"], plain["facts"],
    )  # fmt: skip


def _made(kind: Any, part: str, plain: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
    content = {}
    for field in fields(kind):
        value = plain[part].get(field.name)
        name = value["same"] if isinstance(value, dict) else f"{part}.{field.name}"
        content[field.name] = arrays.get(name, value)
    return kind(**content)


# ---------------------------------------------------------------------- asked of a spot


def bands(
    live: LiveReach,
    longitude: float,
    latitude: float,
    minutes: Sequence[float],
    direction: Direction | None = None,
) -> tuple[list[Band], float]:
    """
    Draw what lies within each time of a spot and count who lives there.

    Parameters
    ----------
    live
        The run's streets and homes.
    longitude, latitude
        The spot, degrees.
    minutes
        One to six cut-offs, inclusive, above 0 and up to 60.
    direction
        Whether people travel *from* the spot or *to* it; by default as the study's own people.

    Returns
    -------
    bands
        One for each different cut-off, the longest first so that the shorter are drawn on top.
    from_street_m
        How far the spot lies from its street, metres.

    Raises
    ------
    GeoEngineError
        If a number cannot be used, or no street lies near the spot; says all that is wrong.
    """
    _check(longitude, latitude, minutes)
    way: Direction = direction or live.facts["direction"]
    spot = _joined(live, longitude, latitude)
    ordered = sorted({float(m) for m in minutes})
    found = travel_times.find_nearest(
        live.network, live.at_home, spot, direction=way, limit_s=ordered[-1] * 60
    )
    seconds = found.origin_s[:, 0]
    surveyed = _surveyed(live, found.node_ds[:, 0], spot, ordered[-1])
    drawn = isochrones.around(live.network, surveyed, found, spot, ordered, direction=way)
    made = [_band(live, area, seconds, m) for m, area in zip(ordered, drawn, strict=True)]
    return made[::-1], float(spot.distance_m[0])


def _check(longitude: float, latitude: float, minutes: Sequence[float]) -> None:
    faults = []
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        faults.append(
            f"longitude {longitude:g}, latitude {latitude:g} is no place on earth: longitudes "
            "run from -180 to 180 and latitudes from -90 to 90"
        )
    if not 1 <= len(set(minutes)) <= MOST_CUTOFFS:
        faults.append(f"give one to {MOST_CUTOFFS} times in minutes, not {len(set(minutes))}")
    faults += [
        f"minutes must be above 0 and at most {LONGEST_MIN:g}, not {m:g}"
        for m in minutes[: MOST_CUTOFFS + 1]
        if not 0 < m <= LONGEST_MIN
    ]
    if faults:
        raise GeoEngineError("; ".join(faults))


def _joined(live: LiveReach, longitude: float, latitude: float) -> Positions:
    x, y = live.to_metres.transform(longitude, latitude)
    limit_m = live.facts["limit_m"]
    if np.isfinite([x, y]).all():
        spot = snapping.snap(
            live.network, live.index, np.array([x]), np.array([y]), limit_m=limit_m
        )
        if spot.joined.all():
            return spot
    raise GeoEngineError(
        f"No street to {live.network.mode} lies within {limit_m:g} m of longitude {longitude:g}, "
        f"latitude {latitude:g}. Choose a place nearer to a street of the study"
    )


def _surveyed(
    live: LiveReach, node_ds: NDArray[np.int32], spot: Positions, longest_min: float
) -> ground.Ground:
    """Join the ground around what is reached to its streets, as finely as time allows."""
    network, limit_m = live.network, live.facts["limit_m"]
    reached = node_ds <= longest_min * isochrones.DS_PER_MIN
    chains = reached[network.chain_tail] | reached[network.chain_head]
    chains[spot.chain] = True
    around = live.chain_bounds_m[chains]
    west, south = around[:, :2].min(axis=0) - limit_m
    east, north = around[:, 2:].max(axis=0) + limit_m
    coarse = np.sqrt((east - west) * (north - south) / SQUARES)
    spacing_m = max(FINEST_M, 5 * float(np.ceil(coarse / 5)))
    return ground.survey(
        network, live.index, limit_m=limit_m, spacing_m=spacing_m,
        bounds_m=(west, south, east, north),
    )  # fmt: skip


def _band(live: LiveReach, area: Any, seconds: FloatArray, minutes: float) -> Band:
    told = isochrones.fidelity(area, live.home_x_m, live.home_y_m, seconds, minutes)
    reached = seconds <= minutes * 60
    back = shapely.transform(
        area,
        lambda x, y: live.to_metres.transform(x, y, direction="INVERSE"),
        interleaved=False,
    )
    return Band(
        minutes, shapely.multipolygons(shapely.get_parts(back)),
        float(live.people[reached].sum()),
        told.beyond / max(told.inside, 1), told.outside / max(told.reached, 1),
    )  # fmt: skip


def as_geojson(live: LiveReach, made: Sequence[Band], from_street_m: float) -> dict[str, Any]:
    """
    Return bands as a GeoJSON FeatureCollection, in words and numbers.

    Parameters
    ----------
    live
        The run's streets and homes.
    made, from_street_m
        From `bands`.
    """
    features = [
        {
            "type": "Feature",
            "id": f"{band.minutes:g}",
            "properties": {
                "minutes": band.minutes,
                "people": round(band.people, 3),
                "sentence": sentence(live, band),
                "inside_but_beyond": round(band.inside_but_beyond, SHARE_DECIMALS),
                "reached_but_outside": round(band.reached_but_outside, SHARE_DECIMALS),
                "from_street_m": round(from_street_m, 1),
            },
            "geometry": _geometry(band.area),
        }
        for band in made
    ]
    return {"type": "FeatureCollection", "features": features}


def sentence(live: LiveReach, band: Band) -> str:
    """Say how many live within a band."""
    minutes = "1 minute’s" if band.minutes == 1 else f"{band.minutes:g} minutes’"
    within = f"within {minutes} {live.facts['journey']} of here"
    whom = live.facts["people"]
    return f"{count(band.people) if band.people >= 0.5 else 'No'} {whom} live {within}"


def _geometry(area: Any) -> dict[str, Any]:
    coordinates = [
        [np.round(shapely.get_coordinates(ring), DECIMALS).tolist() for ring in _rings(part)]
        for part in shapely.get_parts(area)
    ]
    return {"type": "MultiPolygon", "coordinates": coordinates}


def _rings(part: Any) -> list[Any]:
    return [part.exterior, *part.interiors]
