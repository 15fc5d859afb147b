"""A postcode as people write it, and what those who live there can reach."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.results import Snapshot

FILE = "postcodes.json"
WRITTEN = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


@dataclass(frozen=True)
class Setting:
    """A place that offers the service: its id, name, places, ages, and the minutes to it."""

    provision_id: str
    name: str
    minutes: float
    places: float | None
    age_from: float | None
    age_to: float | None
    abroad: bool


@dataclass(frozen=True)
class Doorstep:
    """
    What is known of a postcode.

    Parameters
    ----------
    postcode
        As it is written: `XW1 1AA`.
    state
        As of `geoengine.doorsteps.STATES`.
    area_code
        The area that holds it; `None` outside the study area.
    longitude, latitude
        Where it is.
    minutes, nearest
        To the nearest setting, and its name; `None` unless `state` is "measured".
    settings
        Those within the study's cut-off, the nearest first.
    """

    postcode: str
    state: str
    area_code: str | None
    longitude: float
    latitude: float
    minutes: float | None
    nearest: str | None
    settings: tuple[Setting, ...]


def spelled(text: str) -> str | None:
    """
    Return a postcode in its one spelling, or `None` where it is none.

    Examples
    --------
    >>> spelled(" ch51ab "), spelled("no postcode")
    ('CH5 1AB', None)
    """
    bare = re.sub(r"[\s-]+", "", text).upper()
    return f"{bare[:-3]} {bare[-3:]}" if WRITTEN.fullmatch(bare) else None


def kept(run: Snapshot) -> bool:
    """Whether a run knows its postcodes."""
    return run.optional(FILE) is not None


def find(run: Snapshot, postcode: str) -> Doorstep | None:
    """Return what is known of a postcode, spelled as of `spelled`; `None` for one not listed."""
    held = run.read(FILE)
    names = held["postcode"]
    at = bisect_left(names, postcode)
    if at == len(names) or names[at] != postcode:
        return None
    settings = provision(run)
    nearest = settings.get(str(held["provision_id"][at]))
    return Doorstep(
        postcode,
        held["state"][at],
        held["area_code"][at],
        held["longitude"][at],
        held["latitude"][at],
        held["minutes"][at],
        str(nearest["name"]) if nearest else None,
        _in_reach(run, postcode, settings),
    )


def _in_reach(
    run: Snapshot, postcode: str, settings: Mapping[str, Mapping[str, Any]]
) -> tuple[Setting, ...]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(
        run.folder / "travel_times.parquet", filters=[("from_id", "==", postcode)]
    )
    found = []
    for pair in table.to_pylist():
        row = settings.get(str(pair["to_id"]))
        if row is not None:
            found.append(setting(str(pair["to_id"]), float(pair["travel_time_min"]), row))
    return tuple(sorted(found, key=lambda each: (each.minutes, each.name, each.provision_id)))


def setting(provision_id: str, minutes: float, row: Mapping[str, Any]) -> Setting:
    """Return a setting so many minutes away."""
    return Setting(
        provision_id,
        str(row["name"]),
        minutes,
        row.get("capacity"),
        row.get("age_from"),
        row.get("age_to"),
        bool(row.get("abroad")),
    )


def provision(run: Snapshot) -> Mapping[str, Mapping[str, Any]]:
    """Return every setting's columns by its id."""
    return run.keep("provision by id", lambda: _rows(run.table("provision")))


def _rows(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    ids: Sequence[str] = table["ids"]
    return {
        str(each): {name: values[at] for name, values in table["columns"].items()}
        for at, each in enumerate(ids)
    }
