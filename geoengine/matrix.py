"""Travel times between any two sets of places, on the streets of a study, one row a pair."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import analysis, exports, intake, travel_table, travel_times
from geoengine.degrees import to_degrees
from geoengine.errors import Fault, StudyError
from geoengine.network import hierarchy, modes
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.sources import provision
from geoengine.store import Cache
from geoengine.study import Study
from geoengine.tables import Reading

Progress = Callable[[str, int, int], None]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

ON_STREETS, TOO_FAR, NOT_PLACED = "on the streets", "too far from any street", "not on the map"
OWN = ("homes", "areas", "provision")
"""The places that a study knows itself."""
UNREAD = ("name", "capacity", "status", "age_from", "age_to", "early_years", "registers")
"""What a register tells besides the ids and whereabouts of its places."""
ROWS_A_PART = 2**20
DECIMALS = 4
"""Of minutes: a decisecond is 0.0017 of one."""


@dataclass(frozen=True, eq=False)
class Ends:
    """
    The places at one end of every journey.

    Parameters
    ----------
    kind
        What they are called in sentences.
    frame
        Index: their ids, unique; what the study knows of them (`people` or `places`); and
        `geometry` in the study's CRS, missing where a place could not be put on the map.
    """

    kind: str
    frame: gpd.GeoDataFrame


@dataclass(frozen=True, eq=False)
class Matrix:
    """
    What was written.

    Parameters
    ----------
    starts, ends
        Both sets of places by id: what the study knows of them, `longitude`, `latitude`,
        `from_street_m` and `state`: `on the streets`, `too far from any street` or `not on the
        map`; and their kind.
    times
        How many pairs have a time.
    without
        How many pairs of places on the streets have none.
    """

    starts: tuple[str, pd.DataFrame]
    ends: tuple[str, pd.DataFrame]
    times: int
    without: int

    def off(self) -> list[tuple[str, str, list[str]]]:
        """Return kind, state and ids of the places that are not on the streets."""
        return [
            (kind, str(state), [str(each) for each in rows.index])
            for kind, table in [self.starts, self.ends][: 2 - self.starts[1].equals(self.ends[1])]
            for state, rows in table.groupby("state")
            if state != ON_STREETS
        ]


def write(
    study: Study,
    start: str,
    end: str,
    out: Path,
    *,
    mode_name: str,
    longest_min: float | None,
    columns: Mapping[str, str],
    cache: Cache,
    progress: Progress,
) -> Matrix:
    """
    Write the time from each place to each other that can be reached.

    Parameters
    ----------
    study
        Its streets, speeds and limits are used.
    start, end
        `homes` (where the study's people live), `areas` (each at the home nearest to the middle
        of its people), `provision` (what counts in the study), or the path of a file of places.
    out
        CSV or Parquet: `from_id`, `to_id`, `travel_time_min`. Beside it `<file>.from.csv` and
        `<file>.to.csv` with the places themselves.
    mode_name
        One of `modes.MODES`.
    longest_min
        Times beyond are left out; None: none is.
    columns
        Of files: the column of a field (`id`, `postcode`, `longitude`, `latitude`, `easting`,
        `northing`) that is not found by itself.
    cache
        What earlier runs kept.
    progress
        Called with each step, and how much of it is done.

    Raises
    ------
    FaultsError
        If a file cannot be used, the mode is unknown, or no place at one end is on the streets.
    UnknownFormatError, ResultsError
        If the files cannot be written so.
    """
    if mode_name not in modes.MODES:
        raise StudyError(
            [Fault("--mode", 0, f"must be one of {', '.join(modes.MODES)}, not {mode_name!r}")]
        )
    starts, ends = _places(study, (start, end), columns, progress)
    speeds = study.travel.speeds_kph if mode_name == study.travel.mode else {}
    mode = modes.MODES[mode_name].with_speeds(speeds)
    progress(f"Building the network to {mode.name}", 0, 0)
    network, index = analysis.network_of(study, mode, cache)
    at = [
        analysis.place(study, network, index, each.frame[each.frame["geometry"].notna()])
        for each in (starts, ends)
    ]
    tables = [_told(each, joined) for each, joined in zip((starts, ends), at, strict=True)]
    faults = [
        Fault(
            given, 0, f"none of the {len(each.frame):,} {each.kind} is on a street to {mode.name}"
        )
        for given, each, joined in zip((start, end), (starts, ends), at, strict=True)
        if not joined.joined.any()
    ]
    if faults:
        raise StudyError(faults)
    ids = [each.frame.index[each.frame["geometry"].notna()] for each in (starts, ends)]
    find = _all if longest_min is None else _within
    count = 0

    def parts() -> Iterator[pd.DataFrame]:
        nonlocal count
        yield _rows(ids, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        for row, column, seconds in find(network, at[0], at[1], longest_min, progress):
            count += len(row)
            yield _rows(ids, row, column, seconds)

    exports.write_rows(parts(), out)
    for name, table in zip(("from", "to"), tables, strict=True):
        exports.write_rows([table.reset_index()], out.with_name(f"{out.name}.{name}.csv"))
    on_streets = int(at[0].joined.sum()) * int(at[1].joined.sum())
    return Matrix((starts.kind, tables[0]), (ends.kind, tables[1]), count, on_streets - count)


def _places(
    study: Study, asked: tuple[str, str], columns: Mapping[str, str], progress: Progress
) -> list[Ends]:
    """Return the places asked for, reading no file twice."""
    areas, elsewhere, readings = intake.read_people(study, progress)
    found: dict[str, Ends] = {}
    for what in asked:
        if what in found:
            continue
        if what == "provision":
            progress("Reading the provision", 0, 0)
            every = intake.provision_of(study, areas, elsewhere, readings)
            counted = every[every["suits"] & every["open"]].rename(columns={"capacity": "places"})
            found[what] = Ends(study.provision.plural, counted[["name", "places", "geometry"]])
        elif what in OWN:
            homes = intake.spread_homes(areas, readings)
            frame = _middles(areas, homes) if what == "areas" else homes
            found[what] = Ends(what, frame[["people", "geometry"]])
        else:
            progress(f"Reading {what}", 0, 0)
            found[what] = Ends(f"places of {what}", _of_file(study, what, columns, readings))
    return [found[what] for what in asked]


def _middles(areas: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put each area at its home nearest to the middle of its people."""
    points = pd.DataFrame(
        {
            "area_code": homes["area_code"].to_numpy(),
            "x": shapely.get_x(homes.geometry.to_numpy()),
            "y": shapely.get_y(homes.geometry.to_numpy()),
            "weight": homes["people"].to_numpy(dtype=float),
        }
    )
    by_area = points.groupby("area_code")
    empty = by_area["weight"].transform("sum") == 0
    points.loc[empty, "weight"] = 1.0
    weight = by_area["weight"].transform("sum")
    apart = sum(
        (points[axis] - (points[axis] * points["weight"] / weight).groupby(points["area_code"])
         .transform("sum")) ** 2
        for axis in ("x", "y")
    )  # fmt: skip
    nearest = pd.Series(apart).groupby(points["area_code"]).idxmin()
    chosen = homes.geometry.iloc[nearest.to_numpy()].set_axis(nearest.index)
    return gpd.GeoDataFrame(
        {"people": areas["people"]}, geometry=chosen.reindex(areas.index), crs=homes.crs
    ).rename_axis("area_code")


def _of_file(
    study: Study, path: str, columns: Mapping[str, str], readings: Mapping[str, Reading]
) -> gpd.GeoDataFrame:
    read = provision.read(
        Path(path),
        crs=study.study.crs,
        service="place",
        postcodes=readings["postcodes"].frame if "postcodes" in readings else None,
        columns={**dict.fromkeys(UNREAD, ""), **columns},
    )
    return read.frame[["geometry"]]


def _told(ends: Ends, at: Positions) -> pd.DataFrame:
    """Say of each place where it is and whether it is on the streets."""
    frame = ends.frame
    shown = frame["geometry"].notna().to_numpy(dtype=bool)
    points = frame.geometry.to_numpy()[shown]
    turn = to_degrees(frame.crs)
    longitude, latitude = turn.transform(shapely.get_x(points), shapely.get_y(points))
    told = pd.DataFrame(frame.drop(columns="geometry")).rename_axis("id")
    for name, values in (
        ("longitude", np.round(longitude, 6)),
        ("latitude", np.round(latitude, 6)),
        ("from_street_m", np.where(at.joined, np.round(at.distance_m, 1), np.nan)),
    ):
        told[name] = np.nan
        told.loc[shown, name] = values
    told["state"] = NOT_PLACED
    told.loc[shown, "state"] = np.where(at.joined, ON_STREETS, TOO_FAR)
    return told


def _rows(
    ids: list[pd.Index], row: LongArray, column: LongArray, seconds: FloatArray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from_id": ids[0].to_numpy(dtype=object)[row].astype(str),
            "to_id": ids[1].to_numpy(dtype=object)[column].astype(str),
            "travel_time_min": np.round(seconds / 60, DECIMALS),
        }
    )


def _all(
    network: StreetNetwork, starts: Positions, ends: Positions, _: float | None, progress: Progress
) -> Iterator[tuple[LongArray, LongArray, FloatArray]]:
    progress("Ranking the junctions", 0, 0)
    metric = hierarchy.customise(hierarchy.build(network), hierarchy.costs(network))
    table = travel_table.between(
        network, metric, starts, ends, progress=lambda *done: progress("Finding times", *done)
    )
    rows = max(1, ROWS_A_PART // max(len(ends.chain), 1))
    for at in range(0, len(starts.chain), rows):
        seconds = table.seconds(slice(at, at + rows))
        row, column = np.nonzero(np.isfinite(seconds))
        yield row + at, column, seconds[row, column]


def _within(
    network: StreetNetwork,
    starts: Positions,
    ends: Positions,
    longest_min: float | None,
    progress: Progress,
) -> Iterator[tuple[LongArray, LongArray, FloatArray]]:
    assert longest_min is not None
    found = travel_times.within(
        network, starts, ends, cutoff_s=longest_min * 60,
        progress=lambda *done: progress("Finding times", *done),
    )  # fmt: skip
    row = np.repeat(np.arange(len(starts.chain)), np.diff(found.first_pair))
    for at in range(0, len(row), ROWS_A_PART):
        part = slice(at, at + ROWS_A_PART)
        yield row[part], found.provision[part].astype(np.int64), found.time_ds[part] / 10
