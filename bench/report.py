"""The table of results, as text on the screen and in RESULTS.md."""

import importlib.metadata
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from bench.timing import Row

LIBRARIES = (
    "geoengine", "numba", "numpy", "scipy", "osmium", "shapely",
    "pyrosm", "osmnx", "igraph", "networkx", "pandana",
)  # fmt: skip
HEADS = ("task", "data", "ours", "peer", "peer takes", "ratio", "target", "met", "same answer?")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table of Markdown."""
    lines = ["| " + " | ".join(HEADS) + " |", "|" + " --- |" * len(HEADS)]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f}x"
        met = {None: "", True: "yes", False: "**no**"}[row.met]
        cells = (
            row.task, row.data, row.ours, row.peer, row.theirs, ratio, row.target, met, row.same
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine() -> str:
    """Say what it was measured with, in words that name no machine."""
    versions = []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; "
        + ", ".join(versions)
        + "."
    )


def put(path: Path, mark: str, text: str) -> None:
    """
    Replace what stands between two marks of a file, and leave the rest of it.

    Parameters
    ----------
    path
        The file; must have the marks `<!-- mark -->` and `<!-- /mark -->`.
    mark
        Their name.
    text
        What is to stand there.
    """
    whole = path.read_text(encoding="utf-8")
    before, start, rest = whole.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    if not (start and end):
        raise ValueError(f"{path.name} lacks the marks of '{mark}'")
    path.write_text(f"{before}{start}{text}\n{end}{after}", encoding="utf-8")
