"""Open a results folder, and notice when a new run has replaced what stands in it."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from geoengine.errors import ResultsError, UnknownLayerError
from webmap.delivery import Body

FORMAT = 2
Kept = TypeVar("Kept")
RUN_FOLDER = re.compile(r"run-[0-9a-f]{12}")


@dataclass(frozen=True)
class Snapshot:
    """
    One finished run, as it stood when it was opened.

    Parameters
    ----------
    run
        The run's name: 12 hexadecimal digits.
    folder
        The folder that holds the run's files.
    summary
        What `summary.json` says.
    layers
        What `layers.json` says: a description of each layer, in the order to be offered.
    bodies
        The run's files sent so far, by name.
    """

    run: str
    folder: Path
    summary: Mapping[str, Any]
    layers: tuple[Mapping[str, Any], ...]
    bodies: dict[str, Body] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _making: dict[str, threading.Lock] = field(default_factory=dict, repr=False, compare=False)

    def layer(self, layer_id: str | None) -> Mapping[str, Any]:
        """
        Return a layer's description; the first layer's for `None`.

        Raises
        ------
        UnknownLayerError
            If the run has no such layer.
        """
        for entry in self.layers:
            if layer_id in (None, entry["layer_id"]):
                return entry
        known = ", ".join(str(entry["layer_id"]) for entry in self.layers)
        raise UnknownLayerError(f"There is no layer '{layer_id}' here; there are {known}.")

    def body(self, name: str) -> Body:
        """
        Return a file of the run, ready to be sent.

        Raises
        ------
        ResultsError
            If it can't be read.
        """
        if name not in self.bodies:
            try:
                self.bodies[name] = Body.of_file(self.folder / name)
            except OSError:
                raise _unreadable(self.folder / name) from None
        return self.bodies[name]

    def keep(self, name: str, make: Callable[[], Kept]) -> Kept:
        """
        Return what was made of the run under a name, making it at the first question.

        Whoever else asks meanwhile waits for it, and makes none of it again.
        """
        if name not in self._kept:
            with self._making.setdefault(name, threading.Lock()):
                if name not in self._kept:
                    self._kept[name] = make()
        kept: Kept = self._kept[name]
        return kept

    def read(self, name: str) -> Any:
        """
        Return what a JSON file of the run holds.

        Raises
        ------
        ResultsError
            If it can't be read.
        """
        return self.keep(name, lambda: _read_json(self.folder / name))

    def read_once(self, name: str) -> Any:
        """Return what a large JSON file of the run holds, without keeping it in memory."""
        return _read_json(self.folder / name)

    def optional(self, name: str) -> Any:
        """Return what a JSON file of the run holds; `None` where the run has none of that name."""
        return self.read(name) if (self.folder / name).is_file() else None

    def table(self, layer_id: str) -> Mapping[str, Any]:
        """Return a layer's `ids`, `class_key` and `columns`, each in the layer's own order."""
        held: Mapping[str, Any] = self.read(f"{self.layer(layer_id)['layer_id']}.values.json")
        return held

    def shapes(self, layer_id: str) -> Mapping[str, Any]:
        """Return a layer's shapes as GeoJSON geometries, by the feature's id; `None` for none."""
        name = self.layer(layer_id)["shapes"]
        return self.keep(
            f"shapes {name}",
            lambda: {
                str(feature["id"]): feature["geometry"]
                for feature in self.read(f"{name}.geometry.json")["features"]
            },
        )

    def health(self) -> list[Mapping[str, Any]]:
        """Return what is known of the data: each a `level`, a `topic` and a `sentence`."""
        report: list[Mapping[str, Any]] = self.read("health.json")
        return report


class Results:
    """
    A results folder that may be replaced while it is served.

    Parameters
    ----------
    folder
        The folder that holds `summary.json`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """
        Return the latest finished run.

        Raises
        ------
        ResultsError
            If there is no finished run, or one that this version can't read.
        """
        with self._lock:
            stamp = self._read_stamp()
            if self._snapshot is None or stamp != self._stamp:
                try:
                    self._snapshot = _open(self._folder)
                except ResultsError:
                    # A newer run may just have taken the place of the one that was opened.
                    if self._read_stamp() == stamp:
                        raise
                    stamp = self._read_stamp()
                    self._snapshot = _open(self._folder)
                self._stamp = stamp
            return self._snapshot

    def _read_stamp(self) -> tuple[int, int, int]:
        path = self._folder / "summary.json"
        try:
            status = path.stat()
        except OSError:
            raise ResultsError(
                f"There are no finished results in {self._folder}: it holds no summary.json. "
                "Make some with: geoengine run STUDY.toml --out FOLDER"
            ) from None
        return status.st_mtime_ns, status.st_size, status.st_ino


def _open(folder: Path) -> Snapshot:
    summary = _read_json(folder / "summary.json")
    if summary.get("format") != FORMAT:
        raise ResultsError(
            f"The results in {folder} are of format {summary.get('format')}, but this version "
            f"reads format {FORMAT}. Run the study again."
        )
    name = str(summary.get("folder"))
    if not RUN_FOLDER.fullmatch(name):
        raise ResultsError(f"The results in {folder} name a folder '{name}' that isn't a run's.")
    layers = tuple(_read_json(folder / name / "layers.json"))
    if not layers:
        raise ResultsError(f"The results in {folder} hold no layers. Run the study again.")
    return Snapshot(str(summary["run"]), folder / name, summary, layers)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError:
        raise _unreadable(path) from None
    except ValueError:
        raise ResultsError(
            f"{path} isn't JSON: the results are damaged. Run the study again."
        ) from None


def _unreadable(path: Path) -> ResultsError:
    return ResultsError(
        f"{path} can't be read: the results are unfinished or damaged. Run the study again."
    )
