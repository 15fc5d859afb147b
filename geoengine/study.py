"""A study file: what is asked, of which files; checked in one go."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from geoengine.errors import Fault, StudyError

MODES = ("walk", "pushchair", "cycle", "drive")
DIRECTIONS = ("to", "from")
LONGEST_MIN = 1440
FURTHEST_M = 5000
FASTEST_KPH = 200
OLDEST = 120


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
    source, as_of
        Attribution to print, and the date of the data.
    """

    file: Path
    index: str = "imd"
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
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(:-(?P<default>[^}]*))?\}")
OPTIONAL = ("postcodes", "travel", "underserved")


def load(path: Path, *, variables: Mapping[str, str] | None = None) -> Study:
    """
    Read and check a study file.

    Parameters
    ----------
    path
        A TOML file.
    variables
        What `${NAME}` in a path stands for; `${NAME:-folder}` says what does without it.

    Raises
    ------
    StudyError
        With every fault: unknown and missing sections and keys, values of the wrong kind or out
        of range, files that do not exist.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise StudyError([Fault(str(path), 0, "there is no such study file")]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError([Fault(str(path), 0, f"cannot be read ({error})")]) from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError([Fault(str(path), 0, f"is not TOML: {error}")]) from error
    reader = _Reader(path, dict(variables or {}))
    study = reader.study(document)
    if reader.faults or study is None:
        raise StudyError(Fault(str(path), 0, fault) for fault in reader.faults)
    return study


class _Reader:
    def __init__(self, path: Path, variables: dict[str, str]) -> None:
        self.path = path
        self.variables = variables
        self.faults: list[str] = []

    def study(self, document: dict[str, Any]) -> Study | None:
        for name in document:
            if name not in SECTIONS:
                self.faults.append(f"there is no section [{name}]{_meant(name, SECTIONS)}")
        parts = {}
        for name, kind in SECTIONS.items():
            if name in document and isinstance(document[name], dict):
                parts[name] = self.section(name, kind, document[name])
            elif name not in OPTIONAL:
                self.faults.append(f"the section [{name}] is missing")
        if self.faults or any(part is None for part in parts.values()):
            return None
        self.agreement(parts)
        return Study(path=self.path, **parts)

    def section(self, name: str, kind: type[Any], given: dict[str, Any]) -> Any:
        known = {key.name: key for key in fields(kind)}
        kinds = get_type_hints(kind)
        for key in given:
            if key not in known:
                self.faults.append(f"[{name}] has no setting '{key}'{_meant(key, known)}")
        values = {}
        for key, spec in known.items():
            if key in given:
                values[key] = self.value(f"{name}.{key}", kinds[key], given[key])
            elif spec.default is MISSING and spec.default_factory is MISSING:
                self.faults.append(f"[{name}] needs '{key}'")
        return None if self.faults else kind(**values)

    def value(self, name: str, kind: Any, given: Any) -> Any:
        if kind in (Path, Path | None):
            return self.file(name, given)
        turn, wanted = _KINDS[kind]
        try:
            return turn(given)
        except (TypeError, ValueError):
            self.faults.append(f"{name} must be {wanted}, but is {given!r}")
            return None

    def file(self, name: str, given: Any) -> Path | None:
        if not isinstance(given, str) or not given:
            self.faults.append(f"{name} must be a path in quotes, but is {given!r}")
            return None
        file = self.path.parent / VARIABLE.sub(self.variable, given)
        if not file.exists():
            near = difflib.get_close_matches(file.name, _names_in(file.parent), 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            self.faults.append(f"{name}: there is no file {given}{hint}")
        return file

    def variable(self, found: re.Match[str]) -> str:
        value = self.variables.get(found["name"])
        if value:
            return str(Path(value).absolute())
        return found["default"] if found["default"] is not None else found[0]

    def agreement(self, parts: dict[str, Any]) -> None:
        """Check what one value alone cannot show."""
        travel, underserved = parts.get("travel", Travel()), parts.get("underserved", Underserved())
        population, provision, streets = parts["population"], parts["provision"], parts["streets"]

        def need(holds: bool, sentence: str) -> None:  # noqa: FBT001
            if not holds:
                self.faults.append(sentence)

        need(
            travel.mode in MODES,
            f"travel.mode must be one of {', '.join(MODES)}, but is {travel.mode!r}",
        )
        need(
            travel.direction in DIRECTIONS,
            f"travel.direction must be 'to' or 'from', but is {travel.direction!r}",
        )
        need(
            0 < travel.cutoff_min <= LONGEST_MIN,
            f"travel.cutoff_min must be between 0 and {LONGEST_MIN} minutes, "
            f"but is {travel.cutoff_min:g}",
        )
        need(
            0 < travel.snap_limit_m <= FURTHEST_M,
            f"travel.snap_limit_m must be between 0 and {FURTHEST_M} metres, "
            f"but is {travel.snap_limit_m:g}",
        )
        need(
            all(0 < kph <= FASTEST_KPH for kph in travel.speeds_kph.values()),
            f"travel.speeds_kph must be between 0 and {FASTEST_KPH} km/h, "
            f"but are {dict(travel.speeds_kph)}",
        )
        need(
            bool(underserved.deciles) and all(1 <= d <= 10 for d in underserved.deciles),
            f"underserved.deciles must be from 1 to 10, but are {list(underserved.deciles)}",
        )
        need(
            0 <= underserved.share < 1,
            f"underserved.share must be at least 0 and below 1, but is {underserved.share:g}",
        )
        need(
            0 <= population.ages[0] <= population.ages[1] <= OLDEST,
            "population.ages must be the youngest and the oldest age, "
            f"but are {list(population.ages)}",
        )
        need(
            bool(streets.file) != bool(streets.place),
            "[streets] needs either 'file' or 'place'",
        )
        need(
            bool(provision.file) != bool(provision.osm),
            "[provision] needs either 'file' or 'osm'",
        )
        need(
            not provision.osm or streets.file is not None,
            "provision.osm picks from an extract, so [streets] needs 'file'",
        )
        self.faults += _crs_faults(parts["study"].crs)


def _crs_faults(crs: str) -> list[str]:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        return [f"study.crs is not a coordinate reference system: {crs!r}; try 'EPSG:27700'"]
    metric = found.is_projected and all(axis.unit_name == "metre" for axis in found.axis_info)
    if metric:
        return []
    return [f"study.crs must be projected, in metres, such as 'EPSG:27700', but is {crs!r}"]


def _meant(given: str, known: Any) -> str:
    near = difflib.get_close_matches(given, list(known), 1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(known)}"


def _names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()] if folder.is_dir() else []


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError
    return given


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError
    return float(given)


def _ages(given: Any) -> tuple[int, int]:
    youngest, oldest = _whole_numbers(given)
    return youngest, oldest


def _whole_numbers(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list) or not all(type(item) is int for item in given):
        raise TypeError
    return tuple(given)


def _texts_by_name(given: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in dict(given).items()}


def _numbers_by_name(given: Any) -> dict[str, float]:
    return {name: _number(value) for name, value in dict(given).items()}


def _lists_by_name(given: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(given, dict):
        raise TypeError
    return {name: tuple(v) if isinstance(v, list) else (v,) for name, v in given.items()}


_KINDS: dict[Any, tuple[Callable[[Any], Any], str]] = {
    str: (_text, "text in quotes"),
    bool: (_flag, "true or false"),
    float: (_number, "a number"),
    tuple[int, int]: (_ages, "two whole numbers such as [0, 4]"),
    tuple[int, ...]: (_whole_numbers, "a list of whole numbers such as [1, 2]"),
    Mapping[str, str]: (_texts_by_name, "a table of texts"),
    Mapping[str, float]: (_numbers_by_name, "a table of numbers"),
    Mapping[str, tuple[str, ...]]: (_lists_by_name, 'a table such as {amenity = ["library"]}'),
    Mapping[str, tuple[Any, ...]]: (_lists_by_name, "a table of lists"),
}


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value
