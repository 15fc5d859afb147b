"""Read and check a study file in one go."""

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from geoengine.errors import Fault, StudyError
from geoengine.study import weights
from geoengine.study.kinds import KINDS
from geoengine.study.sections import (
    NAMED,
    PRESETS,
    SECTIONS,
    Hotspots,
    Indicator,
    Study,
    Supply,
    Travel,
    Underserved,
)

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
BUILT_IN = ("out_of_reach", "minutes", "deprivation")
"""Figures of every area that each study has."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PERMUTATIONS = 9_999_999
SHOWN = 120
"""Characters of a wrong value that a message shows."""
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(:-(?P<default>[^}]*))?\}")
OPTIONAL = ("postcodes", "candidates", "travel", "underserved", "hotspots")


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
    except OSError as error:
        raise StudyError([Fault(str(path), 0, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise StudyError([Fault(str(path), 0, "is not UTF-8 text; save it as UTF-8")]) from error
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
        known = [*SECTIONS, *NAMED]
        for name in document:
            if name not in known:
                self.faults.append(f"there is no section [{name}]{_meant(name, known)}")
        parts = {}
        for name, kind in SECTIONS.items():
            given = document.get(name)
            if isinstance(given, dict):
                parts[name] = self.section(name, kind, given)
            elif name in document:
                self.faults.append(f"[{name}] must be a section of its own, but is {_shown(given)}")
            elif name not in OPTIONAL:
                self.faults.append(f"the section [{name}] is missing")
        indicators = self.indicators(document.get("indicators", {}))
        supply = self.supply(document.get("supply", {}), parts.get("provision"))
        sound = {name: part for name, part in parts.items() if part is not None}
        self.ranges(sound)
        self.sources(sound)
        self.tested(sound.get("hotspots", Hotspots()), indicators)
        if self.faults:
            return None
        return Study(path=self.path, indicators=indicators, supply=supply, **sound)

    def named(self, given: Any, what: str, example: str) -> dict[str, dict[str, Any]]:
        """Return the sections below a heading."""
        if isinstance(given, dict) and all(isinstance(part, dict) for part in given.values()):
            return given
        self.faults.append(f"each {what} must be a section, such as [{example}]")
        return {}

    def supply(self, given: Any, provision: Any) -> dict[str, Supply]:
        """Check each `[supply.<name>]`, and give it what its preset says."""
        found = {}
        for name, values in self.named(given, "supply", "supply.under_threes").items():
            told = f"supply.{name}"
            self.need(
                NAME.fullmatch(name) is not None,
                f"[{told}]: a name has up to 40 small letters, digits and _, and begins with a "
                "letter",
            )
            part = self.section(told, Supply, values)
            if part is None:
                continue
            self.need(
                part.preset in ("", *PRESETS),
                f"{told}.preset must be one of {', '.join(PRESETS)}, but is {part.preset!r}",
            )
            says = PRESETS.get(part.preset, {})
            twice = [key for key in says if key != "title" and key in values]
            self.need(
                not twice, f"[{told}] has a preset, which says {', '.join(twice)}: leave that out"
            )
            part = replace(part, **{**says, **({"title": part.title} if part.title else {})})
            self.need(bool(part.title), f"[{told}] needs 'title'")
            self.need(
                not part.ages
                or (len(part.ages) == 2 and 0 <= part.ages[0] <= part.ages[1] <= OLDEST),
                f"{told}.ages must be the youngest and the oldest age, "
                f"but are {_shown([*part.ages])}",
            )
            self.need(
                part.mode in ("", *MODES),
                f"{told}.mode must be one of {', '.join(MODES)}, but is {part.mode!r}",
            )
            self.need(
                0 <= part.cutoff_min <= LONGEST_MIN,
                f"{told}.cutoff_min must be between 0 and {LONGEST_MIN} minutes, "
                f"but is {part.cutoff_min:g}",
            )
            self.need(
                not part.places or provision is None or provision.file is not None,
                f"{told}.places are columns, so [provision] needs 'file'",
            )
            found[name] = part
        return found

    def indicators(self, given: Any) -> dict[str, Indicator]:
        found = {}
        for name, values in self.named(given, "indicator", "indicators.take_up").items():
            told = f"indicators.{name}"
            self.need(
                NAME.fullmatch(name) is not None and name not in BUILT_IN,
                f"[{told}]: a name has up to 40 small letters, digits and _, begins with a letter "
                f"and is none of {', '.join(BUILT_IN)}",
            )
            part = self.section(told, Indicator, values)
            if part is not None:
                self.need(
                    bool(part.value) != bool(part.count),
                    f"[{told}] needs either 'value' or 'count'",
                )
                self.need(
                    bool(part.count) or not part.population,
                    f"[{told}] has 'population', so it needs 'count', not 'value'",
                )
                self.need(
                    part.worse in ("high", "low"),
                    f"{told}.worse must be 'high' or 'low', but is {_shown(part.worse)}",
                )
                found[name] = part
        return found

    def tested(self, hotspots: Hotspots, indicators: dict[str, Indicator]) -> None:
        """Check what the section of hotspots asks for."""
        known = [*BUILT_IN, *indicators]
        for name in hotspots.of:
            self.need(
                name in known, f"hotspots.of: there is no figure {name!r}{_meant(name, known)}"
            )
        self.need(
            hotspots.statistic in ("gi_star", "local_moran"),
            f"hotspots.statistic must be 'gi_star' or 'local_moran', not {hotspots.statistic!r}",
        )
        self.need(
            hotspots.correction in ("benjamini_hochberg", "benjamini_yekutieli"),
            "hotspots.correction must be 'benjamini_hochberg' or 'benjamini_yekutieli', "
            f"not {hotspots.correction!r}",
        )
        for text in (hotspots.weights, *hotspots.also):
            try:
                weights.parse(text)
            except ValueError as error:
                self.faults.append(f"[hotspots] {error}")
        self.need(
            0 < hotspots.false_discovery < 1,
            "hotspots.false_discovery must be between 0 and 1, "
            f"but is {hotspots.false_discovery:g}",
        )
        self.need(
            99 <= hotspots.permutations <= MOST_PERMUTATIONS,
            f"hotspots.permutations must be from 99 to {MOST_PERMUTATIONS:,}, "
            f"but is {hotspots.permutations}",
        )
        self.need(hotspots.seed >= 0, f"hotspots.seed must be at least 0, but is {hotspots.seed}")

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
        turn, wanted = KINDS[kind]
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
            set(travel.live_modes) <= set(MODES),
            f"travel.live_modes must be of {', '.join(MODES)}, "
            f"but are {_shown([*travel.live_modes])}",
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
            self.faults += crs_faults(parts["study"].crs, "study.crs")

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


def crs_faults(crs: str, name: str) -> list[str]:
    """Return what keeps a CRS, a setting of this name, from measuring metres in the UK."""
    from pyproj import CRS, Proj
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        return [f"{name} is not a coordinate reference system: {crs!r}; try 'EPSG:27700'"]
    if not (found.is_projected and all(axis.unit_name == "metre" for axis in found.axis_info)):
        return [f"{name} must be projected, in metres, such as 'EPSG:27700', but is {crs!r}"]
    here = Proj(found).get_factors(*MIDDLE_OF_THE_UK)
    scales = (here.meridional_scale, here.parallel_scale)
    wrong = max(scales, key=lambda scale: abs(scale - 1) if math.isfinite(scale) else math.inf)
    if abs(wrong - 1) <= LENGTH_ERROR:
        return []
    told = f"makes them {wrong:.2f} times as long" if math.isfinite(wrong) else "is of elsewhere"
    wanted = f"{name} must keep lengths in the United Kingdom, as 'EPSG:27700' does"
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
