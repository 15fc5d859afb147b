"""Files on disk, written whole or not at all."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geoengine.errors import ResultsError

FORMAT = 2
"""Version of both folders' layout; a change of it makes older entries and results unreadable."""

PARTIAL = ".partial"


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


def read_json(path: Path) -> Any:
    """Return a file's JSON, or `None` where there is none that can be read."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def digest_of(path: Path) -> str:
    """Return the sha256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def told(
    doing: str, where: Path, advice: str = "Free space there or choose another folder"
) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or f"the disk may be full ({error})"
        raise ResultsError(f"{where}: could not {doing}: {reason}. {advice}") from error
