"""What the page says: the layers, the table, the details and the figures, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap import charts, palettes, wording
from webmap.results import Snapshot

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A table's row: the feature's id, its place in the legend, and its cells' words."""

    feature_id: str
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """
    A layer's table, or as much of it as is shown.

    Parameters
    ----------
    columns
        The columns shown, in order.
    headings
        What each is called, with its unit.
    rows
        The rows shown.
    total
        How many rows the layer has.
    """

    columns: tuple[Mapping[str, Any], ...]
    headings: tuple[str, ...]
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
        "columns": [
            {**column, "heading": wording.heading(column)} for column in shown_columns(entry)
        ],
        "values_url": f"{base}/values.json",
        "geometry_url": f"{base}/geometry.json" if drawn else None,
    }


def look(entry: Entry) -> list[dict[str, Any]]:
    """Return the style of each class of a layer."""
    return palettes.styles(entry["palette"], entry["classes"])


def shown_columns(entry: Entry) -> tuple[Mapping[str, Any], ...]:
    """Return a layer's columns but for the sentence, which the details tell."""
    return tuple(column for column in entry["columns"] if column["name"] != entry["sentence"])


def table(run: Snapshot, entry: Entry, *, limit: int) -> Table:
    """Return the first rows of a layer's table, as many as the limit allows."""
    values = run.table(entry["layer_id"])
    columns = shown_columns(entry)
    rows = tuple(
        _row(run, entry, values, columns, place) for place in range(min(limit, len(values["ids"])))
    )
    headings = tuple(wording.heading(column) for column in columns)
    return Table(columns, headings, rows, len(values["ids"]))


def details(run: Snapshot, entry: Entry, feature_id: str) -> Details:
    """Return what is said of one feature."""
    values = run.table(entry["layer_id"])
    if feature_id not in values["ids"]:
        return Details(feature_id, "", "", ())
    place = values["ids"].index(feature_id)
    columns = shown_columns(entry)
    row = _row(run, entry, values, columns, place)
    sentence = values["columns"][entry["sentence"]][place] if entry["sentence"] else ""
    facts = tuple(
        (str(column["title"]), text) for column, text in zip(columns, row.cells, strict=True)
    )
    return Details(feature_id, row.cells[0], sentence or "", facts[1:])


def _row(
    run: Snapshot,
    entry: Entry,
    values: Mapping[str, Any],
    columns: Sequence[Mapping[str, Any]],
    place: int,
) -> Row:
    keys = [line["key"] for line in entry["classes"]]
    key = values["class_key"][place]
    at = keys.index(key) if key in keys else -1
    line = entry["classes"][at] if at >= 0 else {"key": key, "label": key, "state": True}
    mode = str(run.summary["mode"])
    cells = []
    for column in columns:
        value = values["columns"][column["name"]][place]
        cells.append(line["label"] if value == key else wording.cell(value, column, line, mode))
    return Row(str(values["ids"][place]), at, tuple(cells))


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
            "unit": "" if wording.is_share(figure) else figure["unit"],
            "sentence": figure["sentence"],
        }
        for figure in summary["figures"]
    ]


def _figure_value(figure: Mapping[str, Any]) -> str:
    value = figure["value"]
    if value is None:
        return "unknown"
    if isinstance(value, int | float):
        return wording.number(value, share=wording.is_share(figure))
    return str(value)


def run_facts(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how the study was run: its settings, then the versions of what ran it."""
    said = [("run", str(summary["run"])), *_flat(summary["settings"])]
    return [*said, *_flat(summary["versions"])]


def _flat(values: Mapping[str, Any], within: str = "") -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for name, value in values.items():
        title = f"{within} {name}".strip().replace("_", " ")
        if isinstance(value, Mapping):
            said += _flat(value, title)
        elif isinstance(value, list):
            said.append((title, ", ".join(map(str, value))))
        else:
            said.append((title, str(value)))
    return said
