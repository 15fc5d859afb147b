"""Bodies ready to be sent: compressed once, tagged by their content, kept as long as they hold."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
from flask import Response, request

from webmap.settings import Settings

# Not mimetypes': on Windows that asks the registry, which may call a script plain text.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
IMPORTED = re.compile(r'^(?:import|\}) .*?from "\./([\w.-]+)";$', re.MULTILINE)
BROTLI_QUALITY = 5
"""Smaller than gzip's, and as quick."""
KEPT_QUALITY = 10
"""An eighth smaller, and twenty times as slow: for what browsers keep."""
KEPT_BYTES = 500_000
"""Of what is compressed so: a third of a second at most."""


def _brotli(content: bytes, *, keep: bool) -> bytes:
    quality = KEPT_QUALITY if keep and len(content) <= KEPT_BYTES else BROTLI_QUALITY
    return bytes(brotli.compress(content, quality=quality))


def _gzip(content: bytes, *, keep: bool) -> bytes:
    return gzip.compress(content, compresslevel=9 if keep else 6, mtime=0)


CODINGS: dict[str, Callable[..., bytes]] = {"br": _brotli, "gzip": _gzip}
"""How answers are compressed, the first that a browser understands."""


@dataclass(frozen=True)
class Body:
    """
    The bytes of an answer.

    Parameters
    ----------
    content
        The bytes, uncompressed.
    media_type
        Their media type.
    version
        What names the content where a part of it doesn't count, such as the time it was made at;
        else the content names itself.
    """

    content: bytes
    media_type: str
    version: str = ""

    @classmethod
    def of_file(cls, path: Path) -> "Body":
        """Return a file's bytes."""
        return cls(path.read_bytes(), TYPES.get(path.suffix, "text/plain; charset=utf-8"))

    @cached_property
    def tag(self) -> str:
        """A name for the content: 16 hexadecimal digits that change whenever it does."""
        return self.version or hashlib.sha256(self.content).hexdigest()[:16]

    def packed(self, coding: str, *, keep: bool = False) -> bytes:
        """
        Return the bytes in a coding of `CODINGS`, the same for the same content.

        Parameters
        ----------
        keep
            Whether browsers may keep them, so that it is worth the while to make them small.
        """
        if (coding, keep) not in self._packed:
            self._packed[coding, keep] = CODINGS[coding](self.content, keep=keep)
        return self._packed[coding, keep]

    @cached_property
    def _packed(self) -> dict[tuple[str, bool], bytes]:
        return {}

    def answer(self, settings: Settings, *, keep: bool) -> Response:
        """
        Return the answer to the current request.

        Parameters
        ----------
        keep
            Whether the address changes with the content, so that browsers may keep it.
        """
        worth_it = len(self.content) >= settings.compress_from_bytes
        understood = (name for name in CODINGS if request.accept_encodings[name] > 0)
        coding = next(understood, None) if worth_it else None
        answer = Response(
            self.packed(coding, keep=keep) if coding else self.content, content_type=self.media_type
        )
        if coding:
            answer.headers["Content-Encoding"] = coding
        answer.headers["Vary"] = "Accept-Encoding"
        kept = f"public, max-age={settings.keep_files_s}, immutable"
        answer.headers["Cache-Control"] = kept if keep else "no-cache"
        tag = f"{self.tag}-{coding}" if coding else self.tag
        answer.set_etag(tag, weak=bool(self.version))
        answer.make_conditional(request)
        return answer


class Assets:
    """
    The scripts, styles and vendored libraries of the page, by name.

    Their addresses begin with a hash over all of them, so that modules that import one another by
    relative addresses always come from one version.

    Parameters
    ----------
    folders
        The folders that hold them, each by what the names of its files begin with.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._bodies = {
            f"{start}{name}": Body.of_file(path)
            for start, folder in folders.items()
            for name, path in sorted(_files(folder))
        }
        digest = hashlib.sha256()
        for name, body in self._bodies.items():
            digest.update(f"{name} {body.tag}\n".encode())
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Return the address of an asset; `KeyError` if there is none of that name."""
        if name not in self._bodies:
            raise KeyError(name)
        return f"/assets/{self.version}/{name}"

    def modules(self, name: str) -> list[str]:
        """Return the addresses of all modules that a script imports, and that they import."""
        found = [name]
        for each in found:
            text = self._bodies[each].content.decode()
            imported = [f"{each.rpartition('/')[0]}/{file}" for file in IMPORTED.findall(text)]
            found += [file for file in dict.fromkeys(imported) if file not in found]
        return [self.url(file) for file in found[1:]]

    def find(self, version: str, name: str) -> Body | None:
        """Return the asset, or `None` where that version has none of that name."""
        return self._bodies.get(name) if version == self.version else None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
