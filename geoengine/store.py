"""Results on disk: content-hashed, written whole or not at all, reused when nothing changed."""

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
import pickle
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geoengine.errors import ResultsError, UnknownLayerError

FORMAT = 2
"""Version of both folders' layout; a change of it makes older entries and results unreadable."""

SUMMARY = "summary.json"
RUN_FOLDER = re.compile(r"run-[0-9a-f]{12}")
PARTIAL = ".partial"
LOCK = ".writing"
DAY_S = 86_400
SETTLED_S = 2
"""A file changed this recently could change again within one tick of its clock."""

Arrays = TypeVar("Arrays")
Value = TypeVar("Value")
KEPT = "value.pickle"
UNREADABLE = (
    OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, ImportError, EOFError,
    pickle.UnpicklingError,
)  # fmt: skip


def write_json(path: Path, content: Any, *, compact: bool = False) -> None:
    """
    Write a file of JSON whole or not at all, in the same bytes on every machine.

    Parameters
    ----------
    path
        The file; replaced where there is one.
    content
        Text, numbers, flags, `None`, and lists and dictionaries of them.
    compact
        Without white space, for what programs alone read (geometry).

    Raises
    ------
    ValueError
        If a number is NaN or infinite, which JSON cannot say.
    """
    partial = path.with_name(path.name + PARTIAL)
    layout: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 1}
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, **layout) + "\n"
    with partial.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@functools.cache
def program() -> str:
    """Return a hash of the program's own code, on which every result depends."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


@contextlib.contextmanager
def _told(doing: str, folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ResultsError(
            f"{folder}: could not {doing}: {reason}. Free space there or choose another folder"
        ) from error


# ---------------------------------------------------------------------- cache


@dataclass(frozen=True)
class Cache:
    """
    A folder of computed arrays, found again by what they were computed from.

    An entry appears under its name only when it is complete; a killed or rival writer leaves
    nothing that is read. Entries unused for longest go first when the folder outgrows its limit.

    Parameters
    ----------
    folder
        Made when first written to.
    limit_bytes
        Size beyond which old entries are removed.
    """

    folder: Path
    limit_bytes: int = 5_000_000_000

    def key(self, *parts: Any) -> str:
        """
        Name the result of a computation by everything that it depends on, the program included.

        Parameters
        ----------
        parts
            Text, numbers, flags, `None`, dataclasses, and sequences, mappings and frozen sets
            of them; a `Path` stands for the content of that file, wherever it is.

        Returns
        -------
        str
            32 hexadecimal digits.

        Raises
        ------
        TypeError
            If a part has no one way to be written down.
        """
        text = json.dumps([FORMAT, program(), *parts], sort_keys=True, default=self._as_json)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _as_json(self, part: Any) -> Any:
        if isinstance(part, Path):
            return {"sha256": self.file_hash(part)}
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            return {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
        if isinstance(part, Mapping):
            return dict(part)
        if isinstance(part, frozenset):
            return sorted(part)
        if isinstance(part, np.generic):
            return part.item()
        raise TypeError(f"a {type(part).__name__} cannot be part of a cache key")

    def file_hash(self, path: Path) -> str:
        """
        Return a file's sha256, read anew only when its size or time of change differs.

        Raises
        ------
        ResultsError
            If the file cannot be read.
        """
        with _told("read the file", path):
            status = path.stat()
            memory = self.folder / "files.json"
            known = _read_json(memory)
            files: dict[str, Any] = known if isinstance(known, dict) else {}
            name, stamp = str(path.resolve()), [status.st_size, status.st_mtime_ns]
            found = files.get(name)
            if isinstance(found, list) and len(found) == 3 and found[:2] == stamp:
                return str(found[2])
            digest = _digest_of(path)
        if time.time() - status.st_mtime > SETTLED_S:
            files[name] = [*stamp, digest]
            with _told("remember the file", self.folder), self._new_folder() as partial:
                write_json(partial / "files.json", files)
                (partial / "files.json").replace(memory)
        return digest

    def save_arrays(self, key: str, value: Any) -> None:
        """
        Keep a dataclass of arrays and plain fields; arrays that share memory are kept once.

        Parameters
        ----------
        key
            From `key`.
        value
            A dataclass whose fields are numpy arrays, text, numbers, flags, `None`, or
            sequences of these (which come back as tuples).

        Raises
        ------
        ResultsError
            If the folder cannot be written.
        """
        with _told("keep a result for the next run", self.folder), self._new_folder() as partial:
            files: dict[tuple[Any, ...], str] = {}
            arrays: dict[str, str] = {}
            plain: dict[str, Any] = {}
            for field in dataclasses.fields(value):
                content = getattr(value, field.name)
                if not isinstance(content, np.ndarray):
                    plain[field.name] = content
                    continue
                place = content.__array_interface__
                memory = (place["data"][0], content.shape, content.strides, content.dtype.str)
                if memory not in files:
                    files[memory] = f"{field.name}.npy"
                    np.save(partial / files[memory], content, allow_pickle=False)
                arrays[field.name] = files[memory]
            sizes = {name: (partial / name).stat().st_size for name in files.values()}
            write_json(
                partial / "fields.json",
                {"class": type(value).__name__, "arrays": arrays, "plain": plain, "sizes": sizes},
            )
            _rename_new(partial, self.folder / key)
        self._shrink(keep=key)

    def load_arrays(self, key: str, kind: type[Arrays]) -> Arrays | None:
        """
        Return a kept dataclass with its arrays mapped to their files, or `None`.

        Arrays may be written to, as kernels compiled for ordinary arrays require, but what is
        written stays in this process.

        Returns
        -------
        object or None
            `None` where nothing is kept under the key; a damaged entry is removed.
        """
        entry = self.folder / key
        if not entry.is_dir():
            return None
        try:
            value = _load(entry, kind)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._remove(entry)
            return None
        with contextlib.suppress(OSError):
            os.utime(entry / "fields.json")
        return value

    def keep(
        self, key: str | None, make: Callable[[Path], Value], folder: Path | None = None
    ) -> Value:
        """
        Return what an earlier run made of the same, and the files it wrote; or make it now.

        What is kept is read back with `pickle`, as compiled kernels are: the cache is trusted as
        the program itself is.

        Parameters
        ----------
        key
            From `key`, of everything that `make` depends on; `None`: nothing is kept.
        make
            Given a folder of its own to write files into.
        folder
            Where these files are wanted.

        Raises
        ------
        ResultsError
            If the cache cannot be written.
        """
        if key is not None:
            with contextlib.suppress(*UNREADABLE):
                kept: Value = _recalled(self.folder / key, folder)
                return kept
            self._remove(self.folder / key)
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            value = make(Path(fresh))
            if key is not None:
                self._keep(key, value, Path(fresh))
            if folder is not None:
                for file in Path(fresh).iterdir():
                    file.rename(folder / file.name)
        return value

    def _keep(self, key: str, value: Any, made: Path) -> None:
        with _told("keep a result for the next run", self.folder), self._new_folder() as partial:
            for file in made.iterdir():
                shutil.copyfile(file, partial / file.name)
            (partial / KEPT).write_bytes(pickle.dumps(value))
            digests = {file.name: _digest_of(file) for file in partial.iterdir()}
            write_json(partial / "fields.json", digests)
            _rename_new(partial, self.folder / key)
        self._shrink(keep=key)

    @contextlib.contextmanager
    def _new_folder(self) -> Iterator[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(suffix=PARTIAL, dir=self.folder))
        try:
            yield partial
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _remove(self, entry: Path) -> None:
        """Take an entry out of sight in one step, then delete it as far as the system lets us."""
        doomed = entry.with_name(f"{entry.name}-{os.getpid()}{PARTIAL}")
        with contextlib.suppress(OSError):
            entry.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)

    def _shrink(self, keep: str) -> None:
        entries = []
        for entry in self.folder.iterdir():
            with contextlib.suppress(OSError):
                if entry.name.endswith(PARTIAL):
                    if time.time() - entry.stat().st_mtime > DAY_S:
                        shutil.rmtree(entry, ignore_errors=True)
                elif entry.is_dir():
                    size = sum(file.stat().st_size for file in entry.iterdir())
                    used = (entry / "fields.json").stat().st_mtime_ns
                    entries.append((entry.name != keep, -used, entry.name, size))
        total = 0
        for others, _, name, size in sorted(entries):
            total += size
            if others and total > self.limit_bytes:
                self._remove(self.folder / name)


def _read_json(path: Path) -> Any:
    """Return a file's JSON, or `None` where there is none that can be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _rename_new(folder: Path, name: Path) -> None:
    """Give a finished folder its name, unless a rival's equal one already has it."""
    try:
        folder.rename(name)
    except OSError:
        if not name.is_dir():
            raise


def _recalled(entry: Path, folder: Path | None) -> Any:
    """Return what an entry keeps, with its files put into a folder; fails if any is damaged."""
    digests = json.loads((entry / "fields.json").read_bytes())
    if any(_digest_of(entry / name) != digest for name, digest in digests.items()):
        raise ValueError("a file of other content")
    value = pickle.loads((entry / KEPT).read_bytes())  # noqa: S301
    if folder is not None:
        for name in digests.keys() - {KEPT}:
            shutil.copyfile(entry / name, folder / name)
    with contextlib.suppress(OSError):
        os.utime(entry / "fields.json")
    return value


def _load(entry: Path, kind: type[Arrays]) -> Arrays:
    fields = json.loads((entry / "fields.json").read_bytes())
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    if fields["class"] != kind.__name__ or names != {*fields["arrays"], *fields["plain"]}:
        raise ValueError("an entry of another version")
    mapped: dict[str, NDArray[Any]] = {}
    for name, size in fields["sizes"].items():
        path = entry / name
        if path.stat().st_size != size:
            raise ValueError("a file of another size")
        mapped[name] = _map(path)
    content = {name: mapped[file] for name, file in fields["arrays"].items()}
    content.update({name: _as_tuples(value) for name, value in fields["plain"].items()})
    return kind(**content)


def _map(path: Path) -> NDArray[Any]:
    """Map a file of numbers; one without any cannot be mapped and is read."""
    try:
        mapped: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False)
    except ValueError:
        empty: NDArray[Any] = np.load(path, allow_pickle=False)
        if empty.size:
            raise
        return empty
    return mapped.view(np.ndarray)


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value


# -------------------------------------------------------------------- results


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
    summary = _read_json(out / SUMMARY)
    if not isinstance(summary, dict) or "format" not in summary:
        raise ResultsError(f"{out / SUMMARY} was not written by GeoEngine")
    if summary["format"] != FORMAT:
        raise ResultsError(
            f"{out} holds results of format {summary['format']}, but this version reads format "
            f"{FORMAT}. Run the study again"
        )
    name = str(summary.get("folder", ""))
    layers = _read_json(out / name / "layers.json") if RUN_FOLDER.fullmatch(name) else None
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
        with _told("publish the results", self.out):
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
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with writing(Path(folder)) as draft:
    ...         write_json(draft.folder / "layers.json", [])
    ...         _ = draft.publish({"title": "Reach of nurseries"})
    ...     open_results(Path(folder)).summary["title"]
    'Reach of nurseries'
    """
    with _told("write the results", out):
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


def _content_hash(folder: Path, summary: Mapping[str, Any]) -> str:
    said = {name: value for name, value in summary.items() if name not in ("run", "folder")}
    files = {file.name: _digest_of(file) for file in folder.iterdir() if file.is_file()}
    text = json.dumps([FORMAT, said, files], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ResultsError(f"{out} is a file, but results need a folder")
    if not out.is_dir():
        return
    summary = _read_json(out / SUMMARY)
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
