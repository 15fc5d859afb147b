"""Bodies ready to be sent: compressed once, tagged by their content, kept as long as they hold."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

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
    """

    content: bytes
    media_type: str

    @classmethod
    def of_file(cls, path: Path) -> "Body":
        """Return a file's bytes."""
        return cls(path.read_bytes(), TYPES.get(path.suffix, "text/plain; charset=utf-8"))

    @cached_property
    def tag(self) -> str:
        """A name for the content: 16 hexadecimal digits that change whenever it does."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    @cached_property
    def compressed(self) -> bytes:
        """The bytes compressed by gzip, the same for the same content."""
        return gzip.compress(self.content, compresslevel=6, mtime=0)

    def answer(self, settings: Settings, *, keep: bool) -> Response:
        """
        Return the answer to the current request.

        Parameters
        ----------
        keep
            Whether the address changes with the content, so that browsers may keep it.
        """
        worth_it = len(self.content) >= settings.compress_from_bytes
        compress = worth_it and request.accept_encodings["gzip"] > 0
        answer = Response(
            self.compressed if compress else self.content, content_type=self.media_type
        )
        if compress:
            answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Vary"] = "Accept-Encoding"
        kept = f"public, max-age={settings.keep_files_s}, immutable"
        answer.headers["Cache-Control"] = kept if keep else "no-cache"
        answer.set_etag(f"{self.tag}-gzip" if compress else self.tag)
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

    def find(self, version: str, name: str) -> Body | None:
        """Return the asset, or `None` where that version has none of that name."""
        return self._bodies.get(name) if version == self.version else None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path
