"""What a file is, judged by its content, and whether it is safe to open."""

import codecs
import difflib
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

from geoengine.errors import SourceError

Kind = Literal["text", "json", "workbook", "parquet", "geometry", "archive", "gzip"]

MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "geometry"),
    (b"fgb\x03", "geometry"),
    (b"\x00\x00\x27\x0a", "geometry"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK = 1 << 20
LARGEST = 6 << 30
BOMB_FROM = 64 << 20
BOMB_RATIO = 200
HTML = (b"<!doctype html", b"<html", b"<head", b"<!doctype  html")


def existing(path: Path) -> Path:
    """
    Return the path of a file that is there and holds something.

    Raises
    ------
    SourceError
        If it is missing (naming files nearly called that), a folder, or empty.
    """
    try:
        if path.is_dir():
            held = sorted(child.name for child in path.iterdir())[:5]
            raise SourceError.of(
                path,
                "this is a folder, not a file; give the file in it"
                + (f", such as {', '.join(held)}" if held else " (it is empty)"),
            )
        if not path.is_file():
            raise SourceError.of(path, _missing(path))
        if path.stat().st_size == 0:
            raise SourceError.of(path, "the file is empty; download it again")
    except (OSError, ValueError) as error:
        raise SourceError.of(path, f"the file cannot be opened: {error}") from error
    return path


def _missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no such file, and no folder {folder}"
    names = sorted(child.name for child in folder.iterdir())
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    if near:
        return f"there is no such file; that folder has {', '.join(near)}"
    return "there is no such file"


def kind_of(path: Path) -> Kind:
    """
    Say what a file is from its first bytes, whatever its name ends in.

    Raises
    ------
    SourceError
        If it is a web page, locked by a password, a damaged archive or nothing known here.
    """
    existing(path)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise SourceError.of(path, f"the file cannot be opened: {error}") from error
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"PK"):
        return _kind_of_zip(path)
    if head.startswith(OLE):
        return _kind_of_ole(path)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(HTML):
        raise SourceError.of(
            path,
            "this is a web page (HTML), not the data; open the page in a browser and save "
            "the file behind its download link",
        )
    if start.startswith(b"%pdf"):
        raise SourceError.of(path, "this is a PDF; give the table as CSV, XLSX or ODS")
    if start.startswith(b"<"):
        return "geometry"
    if start.startswith((b"{", b"[")):
        return "json"
    return "text"


def _kind_of_zip(path: Path) -> Kind:
    with archive(path) as held:
        names = held.namelist()
        guard(path, held)
    if any(name.startswith("xl/workbook.") for name in names) or "content.xml" in names:
        return "workbook"
    return "archive"


def _kind_of_ole(path: Path) -> Kind:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise SourceError.of(
            path,
            "this workbook is locked by a password; open it in a spreadsheet and save it "
            "without one",
        )
    if "WordDocument".encode("utf-16-le") in content:
        raise SourceError.of(path, "this is a Word document; give the table as CSV or XLSX")
    return "workbook"


@contextmanager
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip, telling the user when it is damaged."""
    try:
        with zipfile.ZipFile(path) as held:
            yield held
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise SourceError.of(
            path, f"the archive is damaged or cut short ({error}); download it again"
        ) from error
    except RuntimeError as error:
        raise SourceError.of(
            path, "the archive is locked by a password; unpack it and give the file inside"
        ) from error


def guard(path: Path, held: zipfile.ZipFile) -> None:
    """Refuse an archive that would unpack to more than any published file holds."""
    unpacked = sum(member.file_size for member in held.infolist())
    refuse_bomb(path, unpacked, max(path.stat().st_size, 1))


def refuse_bomb(path: Path, unpacked: int, packed: int) -> None:
    """Refuse a size that no published file has, or a packing that only a trap has."""
    if unpacked > LARGEST or (unpacked > BOMB_FROM and unpacked / packed > BOMB_RATIO):
        raise SourceError.of(
            path,
            f"it unpacks from {packed / 1e6:,.1f} MB to more than {unpacked / 1e6:,.0f} MB, which "
            "no published table does; it was not opened",
        )


@dataclass(frozen=True)
class Text:
    """
    A text that can be opened again and again.

    Parameters
    ----------
    source
        The file, for messages.
    opened
        Opens its bytes, unpacked.
    encoding
        The encoding in which all of it can be read.
    whole
        Whether its last line is ended.
    packed
        Whether it is unpacked on the way.
    """

    source: str
    opened: Callable[[], IO[bytes]]
    encoding: str
    whole: bool
    packed: bool = False

    def head(self, characters: int = 1 << 17) -> str:
        """Return the first characters."""
        with self.opened() as stream:
            content = stream.read(characters)
        return content.decode(self.encoding, errors="replace").removeprefix("\ufeff")

    def tail(self, size: int = 1 << 16) -> str:
        """Return the last bytes, from the start of a line, as text."""
        last = b""
        with self.opened() as stream:
            if not self.packed:
                end = stream.seek(0, io.SEEK_END)
                stream.seek(max(0, end - size))
                last = stream.read()
            else:
                for chunk in iter(lambda: stream.read(CHUNK), b""):
                    last = (last + chunk)[-size:]
        return last.decode(self.encoding, errors="replace")


def first_cells(path: Path) -> list[str]:
    """Return the cells of the first line of a file or gzip; none if it is of another kind."""
    kind = kind_of(path)
    if kind not in ("text", "gzip"):
        return []
    try:
        with gzip.open(path) if kind == "gzip" else path.open("rb") as stream:
            head = stream.read(4096)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError.of(
            path, f"the file is damaged or cut short ({error}); download it again"
        ) from error
    line = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("cp1252", errors="replace")
    return [cell.strip().strip('"') for cell in line.split(",")]


def text_of(path: Path, member: str | None = None) -> Text:
    """
    Return the text in a file, in a gzip, or in a member of a zip, with its encoding.

    Raises
    ------
    SourceError
        If it is binary, damaged, or unpacks to an absurd size.
    """

    def opened() -> IO[bytes]:
        if member is not None:
            return zipfile.ZipFile(path).open(member)
        return cast("IO[bytes]", gzip.open(path)) if packed else path.open("rb")

    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    source = f"{path}/{member}" if member else str(path)
    try:
        encoding, whole = _scan(path, source, opened, packed=packed or member is not None)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, RuntimeError) as error:
        raise SourceError.of(
            source, f"the file is damaged or cut short ({error}); download it again"
        ) from error
    except OSError as error:
        raise SourceError.of(source, f"the file cannot be read: {error}") from error
    if encoding == "utf-16":
        return _transcoded(source, opened)
    return Text(source, opened, encoding, whole, packed or member is not None)


def _transcoded(source: str, opened: Callable[[], IO[bytes]]) -> Text:
    """Return a UTF-16 text, as spreadsheets export it, in UTF-8."""
    try:
        with opened() as stream:
            content = stream.read().decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise SourceError.of(source, f"the text is damaged: {error}") from error
    _refuse_binary(source, content, 1)
    return Text(source, lambda: io.BytesIO(content), "utf-8", content.endswith(b"\n"))


def _scan(
    path: Path, source: str, opened: Callable[[], IO[bytes]], *, packed: bool
) -> tuple[str, bool]:
    """Return the encoding of a text, and whether its last line is ended."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    unicode, total, lines, last = True, 0, 1, b""
    with opened() as stream:
        for chunk in iter(lambda: stream.read(CHUNK), b""):
            if total == 0 and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16", True
            total += len(chunk)
            if packed:
                refuse_bomb(path, total, max(path.stat().st_size, 1))
            _refuse_binary(source, chunk, lines)
            lines += chunk.count(b"\n")
            last = chunk
            if unicode:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    unicode = False
    if total == 0:
        raise SourceError.of(source, "the file is empty; download it again")
    if unicode and decoder.getstate()[0]:
        unicode = False
    return ("utf-8" if unicode else "cp1252"), last.endswith((b"\n", b"\r"))


def _refuse_binary(source: str, chunk: bytes, lines: int) -> None:
    at = chunk.find(b"\x00")
    if at >= 0:
        raise SourceError.of(
            source,
            "it holds NUL bytes, so it is not a text table or it is damaged; give CSV, XLSX, "
            "ODS or Parquet as downloaded",
            row=lines + chunk.count(b"\n", 0, at),
        )
    controls = len(chunk) - len(chunk.translate(None, CONTROLS))
    if controls > len(chunk) // 20:
        raise SourceError.of(
            source, "this is not a table in any format known here (CSV, XLSX, ODS, Parquet)"
        )


CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a"))
"""The control characters that a text does not hold."""


def same_or_packed(path: Path) -> Path | str:
    """Return what GDAL must be given to open a file, or the shapes inside a zip."""
    return f"/vsizip/{path}" if kind_of(path) == "archive" else path
