"""Short addresses of plans and views: each a file named by its content, never changed."""

import hashlib
import re
import tempfile
from pathlib import Path

from geoengine.errors import GeoEngineError

FOLDER = "plans"
NAMED = re.compile(r"[0-9a-f]{12}")
MOST_KEPT = 10_000
MAP = "map?"
"""What a view of the map begins with."""


def keep(folder: Path, query: str) -> str:
    """
    Keep a query, and return its name: 12 hexadecimal digits, the same for the same query.

    Raises
    ------
    GeoEngineError
        If so many are kept already that no more may be, or the folder can't be written.
    """
    name = hashlib.sha256(query.encode()).hexdigest()[:12]
    place = folder / FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
        if (place / name).exists():
            return name
        if sum(1 for _ in place.iterdir()) >= MOST_KEPT:
            raise GeoEngineError(
                f"{MOST_KEPT:,} plans and views are kept already, which is as many as may be; use "
                "the long address, or a download"
            )
        with tempfile.NamedTemporaryFile("w", dir=place, delete=False, encoding="utf-8") as draft:
            draft.write(query)
        Path(draft.name).replace(place / name)
    except OSError as error:
        raise GeoEngineError(f"This could not be kept: {error.strerror or error}") from error
    return name


def find(folder: Path, name: str) -> str | None:
    """Return the query that is kept under a name, or `None` where there is none."""
    if not NAMED.fullmatch(name):
        return None
    try:
        return (folder / FOLDER / name).read_text(encoding="utf-8")
    except OSError:
        return None
