"""The mark that a run is under way, which the system takes from a process that ends."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

MARK = "run.lock"


@contextlib.contextmanager
def marked(path: Path) -> Iterator[bool]:
    """Hold the mark as long as the work lasts; false where another holds it."""
    with path.open("a+b") as file:
        yield _held(file.fileno())


def _held(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
