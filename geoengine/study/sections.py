"""The sections of a study file: what is asked, of which files."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Place:
    """
    `[study]`: what the study is called and where it is.

    Parameters
    ----------
    title
        Shown at the top of the map.
    place
        The authority's name in sentences.
    authority
        GSS code of the authority studied; areas elsewhere are left out. Empty: all areas.
    crs
        Projected CRS in metres.
    invented
        Whether the place is made up, which every page then says.
    """

    title: str
    place: str = ""
    authority: str = ""
    crs: str = "EPSG:27700"
    invented: bool = False


@dataclass(frozen=True)
class Boundaries:
    """
    `[boundaries]`: the areas.

    Parameters
    ----------
    areas
        LSOAs, Data Zones or SOAs.
    small_areas
        Output areas, to know where in an area its people live.
    authorities, wards
        Outlines.
    lookup
        Table that says which authority and ward hold each area.
    source, as_of
        Attribution to print, and the date of the data.
    """

    areas: Path
    small_areas: Path | None = None
    authorities: Path | None = None
    wards: Path | None = None
    lookup: Path | None = None
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Deprivation:
    """
    `[deprivation]`: how deprived each area is.

    Parameters
    ----------
    file
        IoD, WIMD or any table with a rank, score or decile.
    index
        Which index of the file: imd, idaci, income …
    direction
        What rank 1 means: "1 is most deprived" or "1 is least deprived"; empty: the former.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    index: str = "imd"
    direction: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Population:
    """
    `[population]`: the people who need the service.

    Parameters
    ----------
    file
        People by single year of age.
    ages
        Youngest and oldest age, inclusive.
    people
        What they are called in sentences.
    sheet
        Sheet of a workbook.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    ages: tuple[int, int] = (0, 4)
    people: str = "children under 5"
    sheet: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Postcodes:
    """
    `[postcodes]`: where postcodes are.

    Parameters
    ----------
    file
        ONSPD, NSPL or Code-Point Open.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Streets:
    """
    `[streets]`: what can be travelled.

    Parameters
    ----------
    file
        OpenStreetMap extract (`.osm.pbf`) or osmnx graph (`.graphml`).
    place
        Instead of a file: a place name, whose streets are downloaded.
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path | None = None
    place: str = ""
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Provision:
    """
    `[provision]`: the places that offer the service.

    Parameters
    ----------
    service, plural
        What one and several are called in sentences.
    file
        A register.
    osm
        Instead of a file: tags of the street extract, e.g. `{amenity = ["library"]}`.
    columns
        Column of each field, where it isn't found by itself.
    where
        Keep only rows with these values, e.g. `{category = ["gp"]}`.
    source, as_of
        Attribution to print, and the date of the data.
    """

    service: str
    plural: str
    file: Path | None = None
    osm: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True)
class Travel:
    """
    `[travel]`: how people get there.

    Parameters
    ----------
    mode
        walk, pushchair, cycle or drive.
    cutoff_min
        Longest acceptable journey, minutes.
    direction
        "to" the provision, or "from" it.
    snap_limit_m
        Beyond this distance from any street a home has no network.
    speeds_kph
        Other speeds, by highway class; `all` for every class.
    """

    mode: str = "walk"
    cutoff_min: float = 15.0
    direction: str = "to"
    snap_limit_m: float = 250.0
    speeds_kph: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Underserved:
    """
    `[underserved]`: when an area is.

    Parameters
    ----------
    deciles
        Deprivation deciles that count as deprived.
    share
        Share of an area's people who may live beyond the cut-off.
    """

    deciles: tuple[int, ...] = (1, 2)
    share: float = 0.25


@dataclass(frozen=True)
class Study:
    """
    What is asked, of which files.

    Parameters
    ----------
    path
        The study file; paths in it are relative to its folder.
    study, boundaries, deprivation, population, streets, provision, postcodes, travel, underserved
        The sections of the file.
    """

    path: Path
    study: Place
    boundaries: Boundaries
    deprivation: Deprivation
    population: Population
    streets: Streets
    provision: Provision
    postcodes: Postcodes | None = None
    travel: Travel = Travel()
    underserved: Underserved = Underserved()

    @property
    def files(self) -> dict[str, Path]:
        """The files that it reads, by section and key."""
        found = {}
        for section in SECTIONS:
            part = getattr(self, section)
            for key in fields(part) if part is not None else ():
                if isinstance(value := getattr(part, key.name), Path):
                    found[f"{section}.{key.name}"] = value
        return found

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Everything that it asks for, with files by name only."""
        told = {}
        for section in SECTIONS:
            part = getattr(self, section)
            if part is not None:
                values = {key.name: getattr(part, key.name) for key in fields(part)}
                told[section] = {key: _plain(value) for key, value in values.items()}
        return told


SECTIONS: dict[str, type[Any]] = {
    "study": Place,
    "boundaries": Boundaries,
    "deprivation": Deprivation,
    "population": Population,
    "streets": Streets,
    "provision": Provision,
    "postcodes": Postcodes,
    "travel": Travel,
    "underserved": Underserved,
}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value
