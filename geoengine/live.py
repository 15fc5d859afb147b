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

from geoengine import isochrones, travel_times
from geoengine.degrees import to_metres
from geoengine.errors import GeoEngineError, ResultsError, SourceError
from geoengine.network import snapping
from geoengine.network.ground import KeptGround
from geoengine.network.snapping import Positions, SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction
from geoengine.underserved import count

if TYPE_CHECKING:
    from geoengine.analysis import Analysis
    from geoengine.store import Cache

FloatArray = NDArray[np.float64]

FILE = "live.npz"
FORMAT = 2
HOMES = ("home_x_m", "home_y_m", "people", "others")
MOST_CUTOFFS, LONGEST_MIN = 6, 60.0
USUAL_MODES = ("walk", "cycle", "drive")
DECIMALS = 6
SHARE_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class Streets:
    """
    The streets of one mode, ready for any spot.

    Parameters
    ----------
    network, index
        What the mode can travel, and its `snapping.grid`.
    at_home
        Where each home joins the network.
    """

    network: StreetNetwork
    index: SegmentGrid
    at_home: Positions


@dataclass(frozen=True, eq=False)
class LiveReach:
    """
    The streets and homes of a run, in memory, ready for any spot.

    Parameters
    ----------
    streets
        The streets of each mode, by its name, the study's own first.
    home_x_m, home_y_m
        Each home's place in the networks' CRS, shape (homes,).
    people, others
        How many people of the study's ages, and how many others, live at each, shape (homes,);
        `others` is NaN where unknown.
    facts
        `people` in words, `journeys` in words by mode, `direction` of the study's own journeys,
        and `limit_m`, how far a spot may lie from its street.
    """

    streets: Mapping[str, Streets]
    home_x_m: FloatArray
    home_y_m: FloatArray
    people: FloatArray
    others: FloatArray
    facts: Mapping[str, Any]

    def ground(self, mode: str) -> KeptGround:
        """What has been surveyed so far of the ground around a mode's streets."""
        return self._ground[mode]

    @cached_property
    def _ground(self) -> dict[str, KeptGround]:
        limit_m = self.facts["limit_m"]
        return {
            mode: KeptGround(streets.network, streets.index, limit_m=limit_m)
            for mode, streets in self.streets.items()
        }

    @property
    def crs(self) -> str:
        """The networks' CRS."""
        return next(iter(self.streets.values())).network.crs


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
    people, others
        People of the study's ages, and all others, who live within the time by their own
        journeys, wherever the line is drawn; `others` is NaN where that is unknown.
    inside_but_beyond
        Share of the homes inside the line that are in truth beyond the time; 0 where none is.
    reached_but_outside
        Share of the homes within the time that the line leaves out; 0 where none is.
    """

    minutes: float
    area: Any
    people: float
    others: float
    inside_but_beyond: float
    reached_but_outside: float


def of_analysis(found: "Analysis", cache: "Cache") -> LiveReach:
    """
    Return what a server needs of an analysis, for every mode that the study names.

    A study that names none has walking, cycling and driving, as far as its streets carry them.

    Raises
    ------
    SourceError
        If the streets do not carry a mode that the study names.
    """
    from geoengine import analysis
    from geoengine.network import modes

    study, grounds = found.study, found.grounds
    own, named = study.travel.mode, study.travel.live_modes
    streets = {own: Streets(grounds.network, grounds.index, grounds.at_home)}
    for name in named or USUAL_MODES:
        if name in streets:
            continue
        try:
            network, index = analysis.network_of(study, modes.MODES[name], cache, found.inputs.ways)
        except SourceError:
            if named:
                raise
            continue
        at_home = analysis.place(study, network, index, grounds.origins)
        streets[name] = Streets(network, index, at_home)
    homes = grounds.origins
    x_m, y_m = shapely.get_coordinates(homes.geometry.to_numpy()).T
    return LiveReach(
        streets, np.ascontiguousarray(x_m), np.ascontiguousarray(y_m),
        homes["people"].to_numpy(dtype=float), homes["others"].to_numpy(dtype=float),
        {
            "people": found.rule.people, "direction": found.direction,
            "journeys": {name: modes.MODES[name].title for name in streets},
            "limit_m": study.travel.snap_limit_m,
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
    arrays: dict[str, NDArray[Any]] = {name: getattr(live, name) for name in HOMES}
    plain: dict[str, Any] = {"format": FORMAT, "facts": dict(live.facts), "modes": [*live.streets]}
    for mode, streets in live.streets.items():
        for field in fields(streets):
            part = f"{mode}.{field.name}"
            plain[part] = _sort(part, getattr(streets, field.name), arrays)
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
    streets = {
        mode: Streets(
            _made(StreetNetwork, f"{mode}.network", plain, arrays),
            _made(SegmentGrid, f"{mode}.index", plain, arrays),
            _made(Positions, f"{mode}.at_home", plain, arrays),
        )
        for mode in plain["modes"]
    }
    homes: dict[str, Any] = {name: arrays[name] for name in HOMES}
    return LiveReach(streets, facts=plain["facts"], **homes)


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
    mode: str | None = None,
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
    mode
        How: one of `live.streets`; by default as the study's own people.

    Returns
    -------
    bands
        One for each different cut-off, the longest first so that the shorter are drawn on top.
    from_street_m
        How far the spot lies from its street, metres.

    Raises
    ------
    GeoEngineError
        If a number cannot be used, the run keeps no streets of the mode, or none lies near the
        spot; says all that is wrong.
    """
    _check(live, longitude, latitude, minutes, mode)
    streets = live.streets[mode_of(live, mode)]
    way: Direction = direction or live.facts["direction"]
    spot = _joined(live, streets, longitude, latitude)
    ordered = sorted({float(m) for m in minutes})
    found = travel_times.find_nearest(
        streets.network, streets.at_home, spot, direction=way, limit_s=ordered[-1] * 60
    )
    ground = live.ground(mode_of(live, mode))
    drawn = isochrones.around_here(ground, found, spot, ordered, direction=way)
    seconds = found.origin_s[:, 0]
    made = [_band(live, area, seconds, m) for m, area in zip(ordered, drawn, strict=True)]
    return made[::-1], float(spot.distance_m[0])


def mode_of(live: LiveReach, mode: str | None) -> str:
    """Return the mode asked for, or that of the study's own people."""
    return next(iter(live.streets)) if mode is None else mode


def _check(
    live: LiveReach, longitude: float, latitude: float, minutes: Sequence[float], mode: str | None
) -> None:
    faults = []
    if mode_of(live, mode) not in live.streets:
        faults.append(
            f"these results hold the streets to {_listed([*live.streets])}; to {mode}, use "
            "'geoengine isochrone', or name it in the study's travel.live_modes and run it again"
        )
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


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _joined(live: LiveReach, streets: Streets, longitude: float, latitude: float) -> Positions:
    x, y = to_metres(live.crs).transform(longitude, latitude)
    limit_m = live.facts["limit_m"]
    if np.isfinite([x, y]).all():
        spot = snapping.snap(
            streets.network, streets.index, np.array([x]), np.array([y]), limit_m=limit_m
        )
        if spot.joined.all():
            return spot
    raise GeoEngineError(
        f"No street to {streets.network.mode} lies within {limit_m:g} m of longitude "
        f"{longitude:g}, latitude {latitude:g}. Choose a place nearer to a street of the study"
    )


def _band(live: LiveReach, area: Any, seconds: FloatArray, minutes: float) -> Band:
    told = isochrones.fidelity(area, live.home_x_m, live.home_y_m, seconds, minutes)
    reached = seconds <= minutes * 60
    back = shapely.transform(
        area,
        lambda x, y: to_metres(live.crs).transform(x, y, direction="INVERSE"),
        interleaved=False,
    )
    return Band(
        minutes, shapely.multipolygons(shapely.get_parts(back)),
        float(live.people[reached].sum()), float(live.others[reached].sum()),
        told.beyond / max(told.inside, 1), told.outside / max(told.reached, 1),
    )  # fmt: skip


def as_geojson(
    live: LiveReach, made: Sequence[Band], from_street_m: float, mode: str | None = None
) -> dict[str, Any]:
    """
    Return bands as a GeoJSON FeatureCollection, in words and numbers.

    Parameters
    ----------
    live
        The run's streets and homes.
    made, from_street_m
        From `bands`.
    mode
        As it was given to `bands`.

    Returns
    -------
    dict
        `others` is null where unknown.
    """
    features = [
        {
            "type": "Feature",
            "id": f"{band.minutes:g}",
            "properties": {
                "minutes": band.minutes,
                "mode": mode_of(live, mode),
                "people": round(band.people, 3),
                "others": None if np.isnan(band.others) else round(band.others, 3),
                "sentence": sentence(live, band, mode),
                "inside_but_beyond": round(band.inside_but_beyond, SHARE_DECIMALS),
                "reached_but_outside": round(band.reached_but_outside, SHARE_DECIMALS),
                "from_street_m": round(from_street_m, 1),
            },
            "geometry": _geometry(band.area),
        }
        for band in made
    ]
    return {"type": "FeatureCollection", "features": features}


def sentence(live: LiveReach, band: Band, mode: str | None = None) -> str:
    """Say how many live within a band."""
    minutes = "1 minute’s" if band.minutes == 1 else f"{band.minutes:g} minutes’"
    within = f"within {minutes} {live.facts['journeys'][mode_of(live, mode)]} of here"
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
