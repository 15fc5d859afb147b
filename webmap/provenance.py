"""Where the results come from: the files read, and how the study was run."""

from collections.abc import Mapping
from typing import Any


def inputs(summary: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the files read: `name`, `file`, `hash`, `vintage`, `licence` ("" if not stated)."""
    return [
        {
            "name": str(each["name"]).replace(".", ": ").replace("_", " ").removesuffix(": file"),
            "file": str(each["file"]),
            "hash": str(each["sha256"])[:12],
            "vintage": str(each["vintage"] or ""),
            "licence": str(each["licence"] or ""),
        }
        for each in summary["inputs"]
    ]


def run_facts(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return how the study was run: its settings as its file names them, then versions."""
    said = [("run", str(summary["run"])), *_flat(summary["settings"])]
    said += [(f"{name} (version)", version) for name, version in _flat(summary["versions"])]
    return [(name, value) for name, value in said if value]


def _flat(values: Mapping[str, Any], within: str = "") -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    for name, value in values.items():
        title = f"{within}.{name}" if within else name
        if isinstance(value, Mapping):
            said += _flat(value, title)
        elif isinstance(value, list):
            said.append((title, ", ".join(map(str, value))))
        elif isinstance(value, bool):
            said.append((title, str(value).lower()))
        else:
            said.append((title, "" if value is None else str(value)))
    return said
