"""A study file: what is asked, of which files; checked in one go."""

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from geoengine.errors import Fault, StudyError

MODES = ("walk", "pushchair", "cycle", "drive")
DIRECTIONS = ("to", "from")
RANKINGS = ("", "1 is most deprived", "1 is least deprived")
LONGEST_MIN = 1440
FURTHEST_M = 5000
FASTEST_KPH = 200
OLDEST = 120
MIDDLE_OF_THE_UK = (-2.5, 54.5)
"""Longitude and latitude at which a study's CRS is held to keep lengths."""
LENGTH_ERROR = 0.02
"""Beyond this share of a length, a CRS is not one for the United Kingdom."""
SHOWN = 120
"""Characters of a wrong value that a message shows."""


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
    except (ValueError, RecursionError) as error:  # numbers and lists beyond what Python parses
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
            given = document.get(name)
            if isinstance(given, dict):
                parts[name] = self.section(name, kind, given)
            elif name in document:
                self.faults.append(f"[{name}] must be a section of its own, but is {_shown(given)}")
            elif name not in OPTIONAL:
                self.faults.append(f"the section [{name}] is missing")
        sound = {name: part for name, part in parts.items() if part is not None}
        self.ranges(sound)
        self.sources(sound)
        return None if self.faults else Study(path=self.path, **sound)

    def section(self, name: str, kind: type[Any], given: dict[str, Any]) -> Any:
        known = {key.name: key for key in fields(kind)}
        kinds = get_type_hints(kind)
        before = len(self.faults)
        for key in given:
            if key not in known:
                self.faults.append(f"[{name}] has no setting '{key}'{_meant(key, known)}")
        values = {}
        for key, spec in known.items():
            if key in given:
                values[key] = self.value(f"{name}.{key}", kinds[key], given[key])
            elif spec.default is MISSING and spec.default_factory is MISSING:
                self.faults.append(f"[{name}] needs '{key}'")
        return kind(**values) if len(self.faults) == before else None

    def value(self, name: str, kind: Any, given: Any) -> Any:
        if kind in (Path, Path | None):
            return self.file(name, given)
        turn, wanted = _KINDS[kind]
        try:
            return turn(given)
        except (TypeError, ValueError, OverflowError):
            self.faults.append(f"{name} must be {wanted}, but is {_shown(given)}")
            return None

    def file(self, name: str, given: Any) -> Path | None:
        if not isinstance(given, str) or not given:
            self.faults.append(f"{name} must be a path in quotes, but is {_shown(given)}")
            return None
        file = self.path.parent / VARIABLE.sub(self.variable, given)
        if not _exists(file):
            near = difflib.get_close_matches(file.name, _names_in(file.parent), 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            self.faults.append(f"{name}: there is no file {_cut(given)}{hint}")
        return file

    def variable(self, found: re.Match[str]) -> str:
        value = self.variables.get(found["name"])
        if value:
            return str(Path(value).absolute())
        return found["default"] if found["default"] is not None else found[0]

    def ranges(self, parts: dict[str, Any]) -> None:
        """Check the values of the sections that are sound so far."""
        travel = parts.get("travel", Travel())
        underserved = parts.get("underserved", Underserved())
        self.need(
            travel.mode in MODES,
            f"travel.mode must be one of {', '.join(MODES)}, but is {travel.mode!r}",
        )
        self.need(
            travel.direction in DIRECTIONS,
            f"travel.direction must be 'to' or 'from', but is {travel.direction!r}",
        )
        self.need(
            0 < travel.cutoff_min <= LONGEST_MIN,
            f"travel.cutoff_min must be between 0 and {LONGEST_MIN} minutes, "
            f"but is {travel.cutoff_min:g}",
        )
        self.need(
            0 < travel.snap_limit_m <= FURTHEST_M,
            f"travel.snap_limit_m must be between 0 and {FURTHEST_M} metres, "
            f"but is {travel.snap_limit_m:g}",
        )
        self.need(
            all(0 < kph <= FASTEST_KPH for kph in travel.speeds_kph.values()),
            f"travel.speeds_kph must be between 0 and {FASTEST_KPH} km/h, "
            f"but are {dict(travel.speeds_kph)}",
        )
        self.need(
            bool(underserved.deciles) and all(1 <= d <= 10 for d in underserved.deciles),
            f"underserved.deciles must be from 1 to 10, but are {_shown([*underserved.deciles])}",
        )
        self.need(
            0 <= underserved.share < 1,
            f"underserved.share must be at least 0 and below 1, but is {underserved.share:g}",
        )
        if "population" in parts:
            youngest, oldest = parts["population"].ages
            self.need(
                0 <= youngest <= oldest <= OLDEST,
                "population.ages must be the youngest and the oldest age, "
                f"but are {_shown([youngest, oldest])}",
            )
        if "deprivation" in parts:
            self.need(
                parts["deprivation"].direction in RANKINGS,
                f"deprivation.direction must be '{RANKINGS[1]}' or '{RANKINGS[2]}', "
                f"but is {parts['deprivation'].direction!r}",
            )
        if "study" in parts:
            self.faults += _crs_faults(parts["study"].crs)

    def sources(self, parts: dict[str, Any]) -> None:
        """Check that streets and provision each come from one place."""
        streets, provision = parts.get("streets"), parts.get("provision")
        if streets is not None:
            self.need(
                bool(streets.file) != bool(streets.place),
                "[streets] needs either 'file' or 'place'",
            )
        if provision is not None:
            self.need(
                bool(provision.file) != bool(provision.osm),
                "[provision] needs either 'file' or 'osm'",
            )
        if streets is not None and provision is not None:
            self.need(
                not provision.osm or streets.file is not None,
                "provision.osm picks from an extract, so [streets] needs 'file'",
            )

    def need(self, holds: bool, sentence: str) -> None:  # noqa: FBT001
        if not holds:
            self.faults.append(sentence)


def _crs_faults(crs: str) -> list[str]:
    from pyproj import CRS, Proj
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        return [f"study.crs is not a coordinate reference system: {crs!r}; try 'EPSG:27700'"]
    if not (found.is_projected and all(axis.unit_name == "metre" for axis in found.axis_info)):
        return [f"study.crs must be projected, in metres, such as 'EPSG:27700', but is {crs!r}"]
    here = Proj(found).get_factors(*MIDDLE_OF_THE_UK)
    scales = (here.meridional_scale, here.parallel_scale)
    wrong = max(scales, key=lambda scale: abs(scale - 1) if math.isfinite(scale) else math.inf)
    if abs(wrong - 1) <= LENGTH_ERROR:
        return []
    told = f"makes them {wrong:.2f} times as long" if math.isfinite(wrong) else "is of elsewhere"
    wanted = "study.crs must keep lengths in the United Kingdom, as 'EPSG:27700' does"
    return [f"{wanted}, but {crs!r} {told}"]


def _meant(given: str, known: Any) -> str:
    near = difflib.get_close_matches(given, list(known), 1)
    return f"; did you mean '{near[0]}'?" if near else f"; there are: {', '.join(known)}"


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:  # a name longer than any, or a folder that may not be looked into
        return False


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.iterdir())
    except (OSError, ValueError):
        return []


def _shown(given: Any) -> str:
    try:
        return _cut(repr(given))
    except ValueError:  # Python does not write out numbers of thousands of digits
        return "a number too long to show"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


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
    return {name: _text(value) for name, value in _table(given).items()}


def _numbers_by_name(given: Any) -> dict[str, float]:
    return {name: _number(value) for name, value in _table(given).items()}


def _lists_by_name(given: Any) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(v) if isinstance(v, list) else (v,) for name, v in _table(given).items()}


def _table(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise TypeError
    return given


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
