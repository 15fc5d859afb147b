"""Every setting of the web map: its name with its unit, what it does, and its default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints

from geoengine.errors import GeoEngineError

PREFIX = "WEBMAP_"
FRAMERS = re.compile(r"'none'|'self'|(?:'self' )?https?://[\w.*:-]+(?: https?://[\w.*:-]+)*")


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
    body_bytes
        Longest body of a request.
    address_bytes
        Longest address of a request, its query included.
    receive_s
        Seconds within which a request must have arrived whole, and that an idle connection is
        kept open.
    connections
        Connections open at the same time; others wait.
    heavy_at_once
        Requests worked on at the same time that take much computing.
    heavy_s
        Seconds after which such work is stopped.
    heavy_per_min
        Such requests a minute that one address may make; who drags the reach of a spot makes 25 a
        second.
    run_min
        Minutes after which a run of the study, begun from a page, is stopped.
    session_min
        Minutes after which a person who signed in must sign in again.
    write_folder
        The folder of the accounts, of the audit log and of what people save. Without it nobody
        can sign in, and the server writes nothing.
    open_to
        Who may look: `everyone`, or only those with `accounts`.
    framed_by
        The sites that may show the pages in a frame: `'none'`, `'self'`, or addresses such as
        `https://council.gov.uk` with spaces between.
    trusted_proxy
        The address of a proxy in front of the server, whose word on who asks, and whether over
        https, is taken.
    """

    threads: int = 8
    table_rows: int = 200
    compress_from_bytes: int = 1_024
    keep_files_s: int = 31_536_000
    body_bytes: int = 1_000_000
    address_bytes: int = 8_000
    receive_s: int = 30
    connections: int = 500
    heavy_at_once: int = 4
    heavy_s: int = 30
    heavy_per_min: int = 1_800
    run_min: int = 240
    session_min: int = 480
    write_folder: str = ""
    open_to: str = "everyone"
    framed_by: str = "'none'"
    trusted_proxy: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int) and value < 1:
                raise GeoEngineError(f"{field.name} must be at least 1, but is {value}")
        if self.open_to not in ("everyone", "accounts"):
            raise GeoEngineError(f"open_to must be everyone or accounts, but is {self.open_to}")
        if self.open_to == "accounts" and not self.write_folder:
            raise GeoEngineError("open_to is accounts, but without a write_folder there are none")
        if not FRAMERS.fullmatch(self.framed_by):
            raise GeoEngineError(
                "framed_by must be 'none', 'self' or addresses such as https://council.gov.uk, "
                f"but is {self.framed_by}"
            )

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
            With every unknown name and every value that isn't of its kind.

        Examples
        --------
        >>> Settings.from_environment({"WEBMAP_THREADS": "2"}).threads
        2
        """
        known = get_type_hints(cls)
        given: dict[str, int | str] = {}
        problems: list[str] = []
        for name in sorted(environment):
            if not name.startswith(PREFIX):
                continue
            setting, text = name.removeprefix(PREFIX).lower(), environment[name]
            if setting not in known:
                allowed = ", ".join(PREFIX + each.upper() for each in known)
                problems.append(f"there is no setting {name}; there are {allowed}")
            elif known[setting] is str:
                given[setting] = text.strip()
            elif not text.strip().isdecimal():
                problems.append(f"{name} must be a whole number, but is '{text}'")
            else:
                given[setting] = int(text)
        if problems:
            raise GeoEngineError("\n".join(problems))
        return cls(**given)  # type: ignore[arg-type]
