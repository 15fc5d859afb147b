"""The finding at another threshold than the study's: the same run, judged at other minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

from flask import abort

from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language, languages, study_words

FILE = "curves.json"
STATUSES = ("underserved", "reached", "not_deprived", "not_covered", "unknown")
"""Those of `geoengine.underserved`, in its order, which takes a second to import."""
LONGEST_TEXT = 20
MOST_MIN = 60
KEPT = 8
"""Thresholds whose tables are kept in memory: those that were asked for last."""


@dataclass(frozen=True, kw_only=True)
class Judged(Snapshot):
    """
    A run at another threshold.

    Parameters
    ----------
    own
        The run as the study has it, which all other files are read from.
    areas
        The table of the layer of underserved areas.
    """

    own: Snapshot
    areas: Mapping[str, Any]

    def read(self, name: str) -> Any:
        """Return what a JSON file of the run holds, that of the areas at this threshold."""
        return self.areas if name == f"{finding.AREAS}.values.json" else self.own.read(name)


def kept(run: Snapshot) -> bool:
    """Whether a run knows what it would find at other thresholds."""
    return "status" in (run.optional(FILE) or {})


def asked(run: Snapshot, text: str | None) -> int | None:
    """
    Read a threshold from an address; `None` for the study's own.

    Raises
    ------
    werkzeug.exceptions.BadRequest
        If it is none that the run can be judged at.
    """
    if not text:
        return None
    whole = text.isascii() and text.isdecimal() and len(text) <= LONGEST_TEXT
    if not (whole and int(text) <= MOST_MIN):
        shown = text[:LONGEST_TEXT]
        abort(
            HTTPStatus.BAD_REQUEST,
            f"t must be a whole number of minutes from 0 to {MOST_MIN}, not '{shown}'.",
        )
    if not kept(run):
        abort(
            HTTPStatus.BAD_REQUEST,
            "These results keep no other thresholds; run the study again to have them.",
        )
    minutes = int(text)
    return None if minutes == run.summary["cutoff_min"] else minutes


def asked_for(run: Snapshot, query: Mapping[str, str]) -> Snapshot:
    """Return the run at the threshold that a page's query asks for, if its layer has one."""
    layer = run.layer(query.get("layer"))["layer_id"]
    return at(run, asked(run, query.get("t")) if layer == finding.AREAS else None)


def at(run: Snapshot, minutes: int | None) -> Snapshot:
    """
    Return a run as it would be at another threshold.

    Parameters
    ----------
    run
        The run.
    minutes
        The threshold; `None` for the study's own.

    Returns
    -------
    Snapshot
        The same files, except that the layer of underserved areas and the summary's cut-off are
        those of the threshold. Nothing else changes: places in reach, say, are still those within
        the study's own cut-off.
    """
    if minutes is None:
        return run
    judged = run.keep("thresholds", lambda: lru_cache(KEPT)(partial(_judged, run)))
    return judged(minutes)


def _judged(run: Snapshot, minutes: int) -> Snapshot:
    summary = {**run.summary, "cutoff_min": minutes}
    words = study_words(languages()[0], summary)
    table = _table(run, minutes, words)
    layers = tuple(
        _entry(each, table, words) if each["layer_id"] == finding.AREAS else each
        for each in run.layers
    )
    return Judged(run.run, run.folder, summary, layers, run.bodies, own=run, areas=table)


def _table(run: Snapshot, minutes: int, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the areas' table at a threshold, in the order that the engine would give it."""
    held, curves = run.table(finding.AREAS), run.read(FILE)
    columns = {name: list(values) for name, values in held["columns"].items()}
    place = curves["minutes"].index(minutes)
    for row, code in enumerate(held["ids"]):
        status = STATUSES[int(curves["status"][code][place])]
        columns["status"][row] = status
        if code not in curves["beyond"]:
            continue
        beyond = curves["beyond"][code][place]
        unknown = curves["unknown"][code][place] if code in curves["unknown"] else 0.0
        children = columns["children"][row]
        known = None if children is None else children - unknown
        columns["children_beyond"][row] = beyond
        columns["children_unknown"][row] = unknown
        columns["share_beyond"][row] = min(1.0, beyond / known) if known and known > 0 else None
        columns["sentence"][row] = _sentence(columns, row, words)
    order = sorted(
        range(len(held["ids"])),
        key=lambda row: (
            STATUSES.index(columns["status"][row]),
            -1.0 if (far := columns["children_beyond"][row]) is None else -far,
            held["ids"][row],
        ),
    )
    return {
        "ids": [held["ids"][row] for row in order],
        "class_key": [columns["status"][row] for row in order],
        "columns": {name: [values[row] for row in order] for name, values in columns.items()},
    }


def _sentence(columns: Mapping[str, Sequence[Any]], row: int, words: Mapping[str, Any]) -> str:
    """Say in the engine's language how an area's people are served."""
    values = {name: held[row] for name, held in columns.items()}
    if values["status"] == "unknown":
        return str(values["sentence"])
    first = languages()[0]
    decile = wording.number(values["decile"]) if values["decile"] else ""
    told = finding.of_area(first, words, values) or first.say(
        "area-not-covered", children=finding.round_half_up(values["children"]), **words
    )
    return first.say("area-told", name=values["name"], decile=decile, told=told)


def _entry(
    entry: Mapping[str, Any], table: Mapping[str, Any], words: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the layer's description with its classes counted anew and its limit renamed."""
    keys, children = table["class_key"], table["columns"]["children"]
    members = {
        line["key"]: [row for row, key in enumerate(keys) if key == line["key"]]
        for line in entry["classes"]
    }
    first = languages()[0]
    return {
        **entry,
        "classes": [
            {
                **line,
                "features": len(members[line["key"]]),
                "people": sum(children[row] or 0.0 for row in members[line["key"]]),
            }
            for line in entry["classes"]
        ],
        "columns": [
            {**column, "title": first.say("column-children-beyond", **words)}
            if column["name"] == "children_beyond"
            else column
            for column in entry["columns"]
        ],
    }


def description(run: Snapshot, language: Language) -> dict[str, Any] | None:
    """Return what the map's scripts need to know to judge the areas at any threshold."""
    if not kept(run):
        return None
    rule = run.summary["settings"]["underserved"]
    return {
        "layer_id": finding.AREAS,
        "url": f"/runs/{run.run}/{FILE}",
        "own": run.summary["cutoff_min"],
        "worst": rule["deciles"],
        "statuses": STATUSES,
        "words": {
            "deciles": finding.either(language, [str(decile) for decile in rule["deciles"]]),
            "share": wording.number(rule["share"], share=True),
        },
    }


def panel(own: Snapshot, run: Snapshot, language: Language) -> dict[str, Any]:
    """
    Return what the panel of the threshold shows.

    Parameters
    ----------
    own, run
        The run as the study has it, and at the threshold asked for.
    """
    return {
        "thresholds": kept(own),
        "minutes_shown": run.summary["cutoff_min"],
        "study_min": own.summary["cutoff_min"],
        "figures": finding.figures(language, run),
        "strip": _strip(own),
    }


def _strip(run: Snapshot) -> str:
    """Return the people beyond each minute as an SVG path, 60 wide and 20 high."""
    beyond = run.summary["curve"]["people_beyond"]
    most = max(beyond) or 1.0
    points = " ".join(f"L{at},{20 - 20 * value / most:.1f}" for at, value in enumerate(beyond))
    return f"M0,20 {points} L{len(beyond) - 1},20 Z"
