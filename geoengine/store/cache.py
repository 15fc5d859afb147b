"""Every step's arrays and files, kept by what they were made from, and reused where that is so."""

import contextlib
import dataclasses
import functools
import glob
import hashlib
import json
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geoengine.store.files import FORMAT, PARTIAL, digest_of, read_json, told, write_json

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


@functools.cache
def program() -> str:
    """Return a hash of the program's own code, on which every result depends."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()


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
    _seen: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def afresh(self) -> "Cache":
        """Return the same cache with another look at every file."""
        return Cache(self.folder, self.limit_bytes)

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

        One cache always gives the same hash of a file, so that what one run makes of it is kept
        under one name, whatever becomes of the file meanwhile.

        Raises
        ------
        ResultsError
            If the file cannot be read.
        """
        with told("read the file", path, "Look whether it is there and may be read"):
            name = str(path.resolve())
            if name in self._seen:
                return self._seen[name]
            status = path.stat()
            stamp = [status.st_size, status.st_mtime_ns]
            memory = self.folder / "files.json"
            known = read_json(memory)
            files: dict[str, Any] = known if isinstance(known, dict) else {}
            found = files.get(name)
            if isinstance(found, list) and len(found) == 3 and found[:2] == stamp:
                self._seen[name] = str(found[2])
                return self._seen[name]
            digest = self._seen[name] = digest_of(path)
        if time.time() - status.st_mtime > SETTLED_S:
            files[name] = [*stamp, digest]
            with self._kept("remember the file") as partial:
                write_json(partial / "files.json", files)
                (partial / "files.json").replace(memory)
        return digest

    def contents(self, paths: Mapping[str, Path]) -> dict[str, Any]:
        """
        Return what stands for the content of files, by their names.

        Parameters
        ----------
        paths
            Files; a folder stands for the tables in it, and a `.shp` for all its parts.

        Raises
        ------
        ResultsError
            If one cannot be read.
        """
        return {name: self._content(path) for name, path in sorted(paths.items())}

    def _content(self, path: Path) -> Any:
        if path.is_dir():
            files = sorted(path.rglob("*.csv"))
            return {file.relative_to(path).as_posix(): self.file_hash(file) for file in files}
        if path.suffix.lower() == ".shp":
            parts = sorted(path.parent.glob(f"{glob.escape(path.stem)}.*"))
            return {part.name: self.file_hash(part) for part in parts if part.is_file()}
        return self.file_hash(path)

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
        with self._kept("keep a result for the next run") as partial:
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
        with self._kept("keep a result for the next run") as partial:
            for file in made.iterdir():
                shutil.copyfile(file, partial / file.name)
            (partial / KEPT).write_bytes(pickle.dumps(value))
            digests = {file.name: digest_of(file) for file in partial.iterdir()}
            write_json(partial / "fields.json", digests)
            _rename_new(partial, self.folder / key)
        self._shrink(keep=key)

    @contextlib.contextmanager
    def _kept(self, doing: str) -> Iterator[Path]:
        """Lend a folder to write what is to be kept, and tell what the system refuses."""
        with told(doing, self.folder, "Free space there or set GEOENGINE_CACHE to another folder"):
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
    if any(digest_of(entry / name) != digest for name, digest in digests.items()):
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
