"""Every setting of the web map: its name with its unit, what it does, and its default."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints

from geoengine.errors import GeoEngineError

PREFIX = "WEBMAP_"


@dataclass(frozen=True)
class Settings:
    """
    How the web map is served.

    Each may be set in the environment: `WEBMAP_THREADS=8` sets `threads`.

    Parameters
    ----------
    threads
        Requests answered at the same time.
    table_rows
        Rows of a table on one page; longer tables are turned page by page, and are given as far
        as this where the browser runs no scripts.
    compress_from_bytes
        Answers shorter than this are sent uncompressed.
    keep_files_s
        Seconds that a browser may keep files whose address changes with their content.
    """

    threads: int = 8
    table_rows: int = 200
    compress_from_bytes: int = 1_024
    keep_files_s: int = 31_536_000

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value < 1:
                raise GeoEngineError(f"{field.name} must be at least 1, but is {value}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """
        Return the settings with those of the environment in place of the defaults.

        Parameters
        ----------
        environment
            Names and values, as `os.environ`; names that don't begin with `WEBMAP_` are others'.

        Raises
        ------
        GeoEngineError
            With every unknown name and every value that isn't a whole number.

        Examples
        --------
        >>> Settings.from_environment({"WEBMAP_THREADS": "2"}).threads
        2
        """
        known = get_type_hints(cls)
        given: dict[str, int] = {}
        problems: list[str] = []
        for name in sorted(environment):
            if not name.startswith(PREFIX):
                continue
            setting, text = name.removeprefix(PREFIX).lower(), environment[name]
            if setting not in known:
                allowed = ", ".join(PREFIX + each.upper() for each in known)
                problems.append(f"there is no setting {name}; there are {allowed}")
            elif not text.strip().isdecimal():
                problems.append(f"{name} must be a whole number, but is '{text}'")
            else:
                given[setting] = int(text)
        if problems:
            raise GeoEngineError("\n".join(problems))
        return cls(**given)
