"""The audit log: who did what and when, each line bound to the one before it."""

import contextlib
import errno
import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any

from geoengine.errors import GeoEngineError

FIRST = "0" * 64
"""What stands for the line before the first."""


class AuditError(GeoEngineError):
    """The log was tampered with or damaged, or can't be written."""


class Audit:
    """
    A log that is only ever added to.

    Each line is JSON: `at` (UTC), `who`, `what`, more facts, and `before`, the SHA-256 of the
    line before. So no line can be changed, taken out or put in without every later one showing
    it; that lines are missing at the end shows when the last line's hash, noted elsewhere, is
    compared.

    Parameters
    ----------
    path
        The file; made at the first line.

    References
    ----------
    Haber, S. & Stornetta, W. S. (1991) How to time-stamp a digital document. Journal of
    Cryptology 3(2), 99-111. doi:10.1007/BF00196791

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     audit = Audit(Path(folder) / "audit.jsonl")
    ...     audit.note("ann", "signed in")
    ...     audit.note("ann", "saved a plan", plan="c0ffee")
    ...     [line["what"] for line in audit.newest(0, 10)], audit.verify()[0]
    (['saved a plan', 'signed in'], 2)
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def note(self, who: str, what: str, **facts: Any) -> None:
        """
        Add a line, and have it on the disk before anything else happens.

        Parameters
        ----------
        who
            The account's name, or what else did it.
        what
            What was done.
        facts
            What it was done to, such as a file's hash; never a password or a token.

        Raises
        ------
        AuditError
            If the line can't be written.
        """
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._held() as file:
            held = file.read()
            if held and not held.endswith(b"\n"):
                raise AuditError(f"{self.path}: the last line is cut off; nothing can follow it")
            last = held[:-1].rpartition(b"\n")[2]
            line = {"at": at, "who": who, "what": what, **facts, "before": _digest(last)}
            _add(file, json.dumps(line, ensure_ascii=True).encode() + b"\n", after=len(held))

    def verify(self) -> tuple[int, str]:
        """
        Return how many lines there are and the last one's hash, once all are found to be whole.

        Raises
        ------
        AuditError
            With every line that doesn't follow from the one before it.
        """
        held = self._read()
        lines = _lines(held)
        faults = [] if not held or held.endswith(b"\n") else [f"line {len(lines)} is cut off"]
        before = b""
        for number, line in enumerate(lines, 1):
            told = _parsed(line)
            if told is None:
                faults.append(f"line {number} isn't one of this log's")
            elif told["before"] != _digest(before):
                faults.append(
                    f"line {number} doesn't follow from what stands before it: something there "
                    "was changed, taken out or put in"
                )
            before = line
        if faults:
            raise AuditError(f"{self.path}: " + "; ".join(faults))
        return len(lines), _digest(before)

    def newest(self, skip: int, count: int) -> list[Mapping[str, Any]]:
        """Return lines, the newest first, after skipping some."""
        lines = _lines(self._read())[::-1][skip : skip + count]
        return [told for told in map(_parsed, lines) if told is not None]

    def count(self) -> int:
        """Return how many lines there are."""
        return len(_lines(self._read()))

    def _read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise AuditError(f"{self.path} can't be read: {error.strerror}") from error

    @contextlib.contextmanager
    def _held(self) -> Iterator[FileIO]:
        """Open the file for this thread of this process alone."""
        try:
            with self._lock, open(self.path, "a+b", buffering=0, opener=_private) as file:
                _wait_for(file.fileno())
                file.seek(0)
                yield file
        except OSError as error:
            raise AuditError(f"{self.path} can't be written: {error.strerror}") from error


def _add(file: FileIO, line: bytes, *, after: int) -> None:
    """Write a line to the disk whole, or not at all: nothing could follow a part of one."""
    whole = False
    try:
        whole = file.write(line) == len(line)
        os.fsync(file.fileno())
    finally:
        if not whole:
            file.truncate(after)
    if not whole:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _wait_for(descriptor: int) -> None:
    """Lock a file; the system lets go of it when it is closed."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _lines(held: bytes) -> list[bytes]:
    # Not splitlines: a carriage return that was put in is a change.
    return held.removesuffix(b"\n").split(b"\n") if held else []


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest() if line else FIRST


def _parsed(line: bytes) -> Mapping[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    known = isinstance(told, dict) and {"at", "who", "what", "before"} <= told.keys()
    return told if known else None
