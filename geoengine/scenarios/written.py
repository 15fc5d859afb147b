"""Scenarios as text: what a TOML file or a JSON body holds, and back."""

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from geoengine.errors import Fault, ScenarioError
from geoengine.scenarios.edits import KINDS, Edit, plain
from geoengine.scenarios.scenario import Scenario

_FIELDS = {
    "open": {"at", "places", "name"},
    "close": set(),
    "resize": {"places"},
    "move": {"at"},
}
MOST_PLACES = 1_000_000
SHOWN = 60
"""Characters that a message shows of what was given."""
_NEEDED = {"open": {"at"}, "close": set(), "resize": {"places"}, "move": {"at"}}


def from_mapping(content: Mapping[str, Any], *, source: str) -> Scenario:
    """
    Read a scenario from what a TOML file or a JSON body holds.

    Parameters
    ----------
    content
        `name`, optionally `baseline`, and `edit`: a list of tables, each with one of `open`,
        `close`, `resize`, `move` (the id), and `at` (longitude, latitude), `places` and `name`
        where they belong.
    source
        The file, for messages.

    Raises
    ------
    ScenarioError
        With everything that cannot be understood.

    Examples
    --------
    >>> from_mapping({"name": "B", "edit": [{"resize": "n1", "places": 40}]}, source="b.toml")
    Scenario(name='B', edits=(Resize(provision_id='n1', places=40.0),), baseline='')
    """
    faults: list[Fault] = []
    unknown = sorted(set(content) - {"name", "baseline", "edit"})
    faults += [
        Fault(source, 0, f"it has no use for '{key}'; it may hold name, baseline and edit")
        for key in unknown
    ]
    texts = {key: content.get(key, "") for key in ("name", "baseline")}
    faults += [
        Fault(source, 0, f"'{key}' must be text, not {_told(value)}")
        for key, value in texts.items()
        if not _is_text(value)
    ]
    listed = content.get("edit", [])
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        faults.append(Fault(source, 0, f"'edit' must be a list of edits, not {_told(listed)}"))
        listed = []
    edits = [
        _edit(table, f"{source}, edit {number}", faults) for number, table in enumerate(listed, 1)
    ]
    if faults:
        raise ScenarioError(faults)
    return Scenario(
        texts["name"], tuple(e for e in edits if e is not None), baseline=texts["baseline"]
    )


def _edit(table: Any, where: str, faults: list[Fault]) -> Edit | None:
    verbs = [verb for verb in KINDS if verb in table] if isinstance(table, Mapping) else []
    if len(verbs) != 1:
        faults.append(
            Fault(where, 0, f"it must have one of open, close, resize or move, not {_told(table)}")
        )
        return None
    verb = verbs[0]
    before = len(faults)
    name = table[verb]
    if not _is_text(name):
        faults.append(Fault(where, 0, f"'{verb}' must be the id of a setting, not {_told(name)}"))
    for key in sorted(set(table) - _FIELDS[verb] - {verb}):
        allowed = ", ".join(sorted(_FIELDS[verb])) or "nothing else"
        faults.append(Fault(where, 0, f"'{verb}' has no use for '{key}'; it takes {allowed}"))
    missing = sorted(_NEEDED[verb] - set(table))
    faults.extend(Fault(where, 0, f"'{verb}' needs '{key}'") for key in missing)
    told: dict[str, Any] = {"provision_id": name}
    if "at" in table and "at" in _FIELDS[verb]:
        told["longitude"], told["latitude"] = _spot(table["at"], where, faults)
    if "places" in table and "places" in _FIELDS[verb]:
        told["places"] = _number(table["places"], where, faults)
    if "name" in table and "name" in _FIELDS[verb]:
        told["name"] = table["name"]
        if not _is_text(table["name"]):
            faults.append(Fault(where, 0, f"'name' must be text, not {_told(table['name'])}"))
    return KINDS[verb](**told) if len(faults) == before else None


def _is_text(value: Any) -> bool:
    """Whether it is text that can be written: half of a surrogate pair can't."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)


def _is_number(value: Any) -> bool:
    """Whether it is a number that a float can hold: JSON and TOML set no limit to whole ones."""
    try:
        return type(value) in (int, float) and math.isfinite(value)
    except OverflowError:
        return False


def _told(value: Any) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "what is too long to be shown"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _spot(at: Any, where: str, faults: list[Fault]) -> tuple[float, float]:
    whole = isinstance(at, Sequence) and len(at) == 2 and all(_is_number(part) for part in at)
    if not whole:
        faults.append(Fault(where, 0, f"'at' must be [longitude, latitude], not {_told(at)}"))
        return 0.0, 0.0
    return float(at[0]), float(at[1])


def _number(places: Any, where: str, faults: list[Fault]) -> float | None:
    if places == "unknown" or places is None:
        return None
    if not _is_number(places):
        said = f"'places' must be a number or \"unknown\", not {_told(places)}"
        faults.append(Fault(where, 0, said))
        return None
    if places > MOST_PLACES:
        said = f"'places' may be up to {MOST_PLACES:,}, not {_told(places)}"
        faults.append(Fault(where, 0, said))
        return None
    return float(places)


def from_toml(text: str, *, source: str) -> Scenario:
    """
    Read a scenario from the text of a TOML file.

    Raises
    ------
    ScenarioError
        If it is not TOML, or as for `from_mapping`.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not its own error alone: a number may have too many digits, a list be too deep.
        raise ScenarioError([Fault(source, 0, f"it is not TOML: {error}")]) from error
    return from_mapping(content, source=source)


def to_toml(scenario: Scenario) -> str:
    """
    Write a scenario down as the text of a TOML file, from which `from_toml` makes it again.

    Examples
    --------
    >>> from geoengine.scenarios import Resize
    >>> print(to_toml(Scenario("Smaller", (Resize("n1", 30.0),))), end="")
    name = "Smaller"
    <BLANKLINE>
    [[edit]]
    resize = "n1"
    places = 30
    """
    lines = [f"name = {_toml(scenario.name)}"]
    if scenario.baseline:
        lines.append(f"baseline = {_toml(scenario.baseline)}")
    for edit in scenario.edits:
        lines += ["", "[[edit]]"]
        lines += [f"{key} = {_toml(value)}" for key, value in plain(edit).items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
