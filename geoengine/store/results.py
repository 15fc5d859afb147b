"""The folder of results: each run beside the last one, and put in its place in one step."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoengine.errors import ResultsError, UnknownLayerError
from geoengine.store.files import FORMAT, PARTIAL, digest_of, read_json, told, write_json

SUMMARY = "summary.json"
RUN_FOLDER = re.compile(r"run-[0-9a-f]{12}")
LOCK = ".writing"


@dataclass(frozen=True)
class Results:
    """
    A finished run, as the folder of results holds it.

    Parameters
    ----------
    folder
        Where the layers' files are.
    summary
        What `summary.json` says.
    layers
        The description of each layer, in the order of the run.
    """

    folder: Path
    summary: Mapping[str, Any]
    layers: tuple[Mapping[str, Any], ...]

    def layer(self, layer_id: str) -> Mapping[str, Any]:
        """
        Return a layer's description.

        Raises
        ------
        UnknownLayerError
            If the run made no layer of that name; says which it made.
        """
        for entry in self.layers:
            if entry["layer_id"] == layer_id:
                return entry
        names = ", ".join(str(entry["layer_id"]) for entry in self.layers)
        raise UnknownLayerError(f"There is no layer '{layer_id}'. There are: {names}")

    def table(self, layer_id: str) -> Path:
        """Return the path of a layer's lossless table, for `exports.convert`."""
        return self.folder / f"{self.layer(layer_id)['layer_id']}.parquet"


def open_results(out: Path) -> Results:
    """
    Open the results that a run left in a folder.

    Raises
    ------
    ResultsError
        If there are none, or they are of another version or damaged.
    """
    if not (out / SUMMARY).is_file():
        raise ResultsError(
            f"{out} holds no results: it has no {SUMMARY}. Make some with 'geoengine run'"
        )
    summary = read_json(out / SUMMARY)
    if not isinstance(summary, dict) or "format" not in summary:
        raise ResultsError(f"{out / SUMMARY} was not written by GeoEngine")
    if summary["format"] != FORMAT:
        raise ResultsError(
            f"{out} holds results of format {summary['format']}, but this version reads format "
            f"{FORMAT}. Run the study again"
        )
    name = str(summary.get("folder", ""))
    layers = read_json(out / name / "layers.json") if RUN_FOLDER.fullmatch(name) else None
    if not isinstance(layers, list):
        raise ResultsError(f"{out}: the folder '{name}' of these results is damaged. Run again")
    return Results(out / name, summary, tuple(layers))


@dataclass
class Draft:
    """
    A run being written: nobody sees it before `publish`.

    Parameters
    ----------
    out
        The folder of results.
    folder
        Where to write the run's files.
    """

    out: Path
    folder: Path

    def publish(self, summary: Mapping[str, Any]) -> Results:
        """
        Put the run in the place of the last one.

        Parameters
        ----------
        summary
            What `summary.json` is to say; `format`, `run` and `folder` are added. The run's id
            is a hash of its content, so equal runs share one.

        Raises
        ------
        ResultsError
            If the folder has no `layers.json`, or cannot be written.
        """
        if not (self.folder / "layers.json").is_file():
            raise ResultsError(f"{self.out}: this run wrote no layers.json, so it is not published")
        with told("publish the results", self.out):
            run = _content_hash(self.folder, summary)
            final = self.out / f"run-{run}"
            if final.exists() and _content_hash(final, summary) != run:
                shutil.rmtree(final)
            if not final.exists():
                self.folder.rename(final)
            head = {"format": FORMAT, "run": run, "folder": final.name}
            write_json(self.out / SUMMARY, {**head, **summary, **head})
            for old in self.out.iterdir():
                if old != final and RUN_FOLDER.fullmatch(old.name):
                    shutil.rmtree(old, ignore_errors=True)
        return open_results(self.out)


@contextlib.contextmanager
def writing(out: Path) -> Iterator[Draft]:
    """
    Write a run beside the last one, which stands until the new one is published.

    Raises
    ------
    ResultsError
        If the folder holds other people's files, another run is writing to it, or it cannot be
        written; also for any failure to write within the block.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with writing(Path(folder)) as draft:
    ...         write_json(draft.folder / "layers.json", [])
    ...         _ = draft.publish({"title": "Reach of nurseries"})
    ...     open_results(Path(folder)).summary["title"]
    'Reach of nurseries'
    """
    with told("write the results", out):
        _refuse_foreign(out)
        out.mkdir(parents=True, exist_ok=True)
        with (out / LOCK).open("a+b") as lock:
            _hold(lock.fileno(), out)
            folder = out / f"run{PARTIAL}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                yield Draft(out, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def refuse_unwritable(out: Path) -> None:
    """
    Tell what keeps a run from being written, before there is one; nothing is left there.

    Raises
    ------
    ResultsError
        As `writing` does.

    Examples
    --------
    >>> refuse_unwritable(Path(__file__))
    Traceback (most recent call last):
    geoengine.errors.ResultsError: ...results.py is a file, but results need a folder
    """
    if out.exists():
        with writing(out):
            return
    there = next(folder for folder in out.absolute().parents if folder.exists())
    with told("write the results", out), tempfile.TemporaryDirectory(suffix=PARTIAL, dir=there):
        pass


def _content_hash(folder: Path, summary: Mapping[str, Any]) -> str:
    said = {name: value for name, value in summary.items() if name not in ("run", "folder")}
    files = {file.name: digest_of(file) for file in folder.iterdir() if file.is_file()}
    text = json.dumps([FORMAT, said, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ResultsError(f"{out} is a file, but results need a folder")
    if not out.is_dir():
        return
    summary = read_json(out / SUMMARY)
    if isinstance(summary, dict) and "format" in summary:
        return
    foreign = sorted(
        item.name
        for item in out.iterdir()
        if not (RUN_FOLDER.fullmatch(item.name) or item.name.endswith(PARTIAL) or item.name == LOCK)
    )
    if foreign:
        raise ResultsError(
            f"{out} already holds other files ({', '.join(foreign[:3])}"
            f"{', …' if len(foreign) > 3 else ''}), so no results are written there. "
            "Choose an empty or new folder"
        )


def _hold(descriptor: int, out: Path) -> None:
    """Lock the file; the system lets go of it when this process ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ResultsError(f"{out}: another run is writing its results there") from error
