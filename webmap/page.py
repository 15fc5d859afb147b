"""What the page says: the layers, the table, the details and the figures, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap import charts, palettes, wording
from webmap.results import Snapshot

Entry = Mapping[str, Any]
REACH_MIN = (5, 10, 15)


@dataclass(frozen=True)
class Row:
    """A table's row: the feature's id, and its cells' words."""

    feature_id: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """
    A layer's table, or as much of it as is shown.

    Parameters
    ----------
    columns
        The columns shown, in order.
    rows
        The rows shown.
    total
        How many rows the layer has.
    """

    columns: Sequence[Mapping[str, Any]]
    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class Details:
    """What is said of the selected feature; without a name where the layer has no such feature."""

    feature_id: str
    name: str
    sentence: str
    facts: tuple[tuple[str, str], ...]


def description(run: Snapshot, entry: Entry) -> dict[str, Any]:
    """Return what the page's scripts need to know of a layer."""
    base = f"/runs/{run.run}/layers/{entry['layer_id']}"
    drawn = entry["geometry"] != "none"
    return {
        "layer_id": entry["layer_id"],
        "title": entry["title"],
        "geometry": entry["geometry"],
        "value": entry["value"],
        "sentence": entry["sentence"],
        "bounds": entry["bounds"],
        "features": entry["features"],
        "classes": [
            {"key": line["key"], "label": line["label"], "state": line["state"], "style": style}
            for line, style in zip(entry["classes"], look(entry), strict=True)
        ],
        "columns": columns(run, entry),
        "values_url": f"{base}/values.json",
        "geometry_url": f"{base}/geometry.json" if drawn else None,
    }


def look(entry: Entry) -> list[dict[str, Any]]:
    """Return the style of each class of a layer."""
    return palettes.styles(entry["palette"], entry["classes"])


def columns(run: Snapshot, entry: Entry) -> list[dict[str, Any]]:
    """
    Return a layer's columns as the page shows them: `name, title, heading, kind, state`.

    The sentence isn't among them, for the details tell it, nor are columns of states, which other
    columns tell where they have no value; `state` names a column's own.
    """
    names = [str(column["name"]) for column in entry["columns"]]
    people = str(run.summary["people_title"])
    return [
        {
            "name": column["name"],
            "title": column["title"],
            "heading": wording.heading(column, people),
            "kind": wording.kind(column, people),
            "state": _state_column(str(column["name"]), names),
        }
        for column in entry["columns"]
        if column["name"] != entry["sentence"] and not str(column["name"]).endswith("_state")
    ]


def _state_column(name: str, names: Sequence[str]) -> str | None:
    """Return the column that tells the states of another: `worst_state` of `minutes_worst`."""
    parts = reversed(name.split("_"))
    return next((f"{part}_state" for part in parts if f"{part}_state" in names), None)


def table(run: Snapshot, entry: Entry, *, limit: int) -> Table:
    """Return the first rows of a layer's table, as many as the limit allows."""
    total = len(run.table(entry["layer_id"])["ids"])
    shown = columns(run, entry)
    rows = tuple(_row(run, entry, shown, place) for place in range(min(limit, total)))
    return Table(shown, rows, total)


def details(run: Snapshot, entry: Entry, feature_id: str) -> Details:
    """Return what is said of one feature."""
    values = run.table(entry["layer_id"])
    if feature_id not in values["ids"]:
        return Details(feature_id, "", "", ())
    place = values["ids"].index(feature_id)
    shown = columns(run, entry)
    row = _row(run, entry, shown, place)
    sentence = values["columns"][entry["sentence"]][place] if entry["sentence"] else ""
    facts = zip((str(column["heading"]) for column in shown), row.cells, strict=True)
    return Details(feature_id, row.cells[0], sentence or "", tuple(facts)[1:])


def _row(run: Snapshot, entry: Entry, shown: Sequence[Mapping[str, Any]], place: int) -> Row:
    values = run.table(entry["layer_id"])
    key = values["class_key"][place]
    unlisted = {"key": key, "label": str(key), "state": True}
    line = next((line for line in entry["classes"] if line["key"] == key), unlisted)
    mode = str(run.summary["mode"])
    cells = []
    for column in shown:
        value = values["columns"][column["name"]][place]
        state = values["columns"][column["state"]][place] if column["state"] else None
        told = wording.cell(value, column, line, mode, state)
        cells.append(str(line["label"]) if value == key else told)
    return Row(str(values["ids"][place]), tuple(cells))


def reach(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page's scripts need to know to ask for a spot's reach."""
    bands = [{"key": str(minutes), "state": False} for minutes in REACH_MIN]
    styles = palettes.styles("minutes", bands)
    return {
        "url": "/api/isochrone",
        "place": summary["place"],
        "service": summary["service"],
        "bands": [
            {"minutes": minutes, "style": style}
            for minutes, style in zip(REACH_MIN, styles, strict=True)
        ],
    }


def curve(summary: Mapping[str, Any]) -> charts.Curve:
    """Return the chart of people beyond each number of minutes."""
    beyond = summary["curve"]
    people = summary["people_title"]
    series = {
        f"All {people}": beyond["people_beyond"],
        "In the most deprived areas": beyond["deprived_beyond"],
    }
    return charts.curve(beyond["minutes"], series, summary["cutoff_min"])


def curve_text(summary: Mapping[str, Any]) -> str:
    """Say how many live beyond the cut-off, and beyond five minutes less and more."""
    beyond = dict(zip(summary["curve"]["minutes"], summary["curve"]["people_beyond"], strict=True))
    cutoff = summary["cutoff_min"]
    said = [
        f"{wording.count(beyond[limit])} beyond {wording.number(limit)} minutes"
        for limit in (cutoff - 5, cutoff, cutoff + 5)
        if limit in beyond
    ]
    return f"{str(summary['people_title']).capitalize()}: {', '.join(said)}."


def figures(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the key figures in words: `title`, `value`, `unit`, `sentence`."""
    return [
        {
            "title": figure["title"],
            "value": _figure_value(figure),
            "unit": "" if figure["unit"] in wording.SHARE_UNITS else figure["unit"],
            "sentence": figure["sentence"],
        }
        for figure in summary["figures"]
    ]


def _figure_value(figure: Mapping[str, Any]) -> str:
    value = figure["value"]
    if value is None:
        return "unknown"
    if isinstance(value, int | float):
        return wording.number(value, share=figure["unit"] in wording.SHARE_UNITS)
    return str(value)


def inputs(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the files read: `name`, `file`, `hash`, and `vintage` and `licence` if stated."""
    return [
        {
            "name": str(each["name"]).replace(".", ": ").replace("_", " ").removesuffix(": file"),
            "file": str(each["file"]),
            "hash": str(each["sha256"])[:12],
            "vintage": each["vintage"] or "not stated",
            "licence": each["licence"] or "not stated",
        }
        for each in summary["inputs"]
    ]


def run_facts(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how the study was run: its settings as far as they are set, then versions."""
    said = [("run", str(summary["run"])), *_flat(summary["settings"])]
    said += [(f"{name} version", version) for name, version in _flat(summary["versions"])]
    return [(name, value) for name, value in said if value]


def _flat(values: Mapping[str, Any], within: str = "") -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for name, value in values.items():
        title = f"{within} {name}".strip().replace("_", " ")
        if isinstance(value, Mapping):
            said += _flat(value, title)
        elif isinstance(value, list):
            said.append((title, ", ".join(map(str, value))))
        else:
            said.append((title, "" if value is None else str(value)))
    return said
