"""Delimited text (CSV and its kin) → cells, with every row that does not fit its header told."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published import headers
from geoengine.published.files import Text

DELIMITERS = ",;\t|"
ROWS_MOST = 20_000_000


def read(
    text: Text,
    *,
    known: re.Pattern[str],
    wanted: headers.Choice | None = None,
    header: Sequence[str] | None = None,
) -> tuple[tuple[str, ...], dict[int, pd.Series], NDArray[np.int64]]:
    """
    Read the cells of a delimited text below its header, all as text.

    Parameters
    ----------
    text
        The text.
    known
        Matches the squashed names that the header may hold.
    wanted
        Picks by their names the columns that are read; all are by default.
    header
        The names of a table that has no header row.

    Returns
    -------
    names
        The header.
    columns
        The cells of each column read, by its position in the header, each of shape (rows,).
    rows
        The row of the file that each row stands in, shape (rows,).

    Raises
    ------
    SourceError
        With each row that has more cells than the header, or if the text is cut short.
    """
    delimiter, top, names = _sniff(text, known)
    if header is not None:
        top, names = -1, tuple(header)
    if not text.whole:
        _refuse_cut_short(text, delimiter, len(names))
    positions = sorted(range(len(names)) if wanted is None else wanted(names))
    if not positions:
        raise SourceError.of(
            text.source, f"none of the columns needed is there; it has {', '.join(names[:12])}"
        )
    cells = _parse(text, delimiter, top + 1, len(names), positions)
    rows = np.arange(top + 2, top + 2 + len(cells), dtype=np.int64)
    overflow = cells[len(names)].to_numpy(dtype=object) != ""
    faults = [
        Fault(text.source, int(row), _too_long(len(names), delimiter)) for row in rows[overflow]
    ]
    if faults:
        raise SourceError(faults)
    return names, {at: cells[at] for at in positions}, rows


def _too_long(count: int, delimiter: str) -> str:
    sign = {"\t": "a tab", ",": "a comma"}.get(delimiter, repr(delimiter))
    return (
        f"it has more cells than the header's {count}; put quotation marks around text that "
        f"holds {sign}"
    )


def _parse(text: Text, delimiter: str, skip: int, count: int, positions: list[int]) -> pd.DataFrame:
    try:
        with _widened(text, delimiter, count) as stream:
            cells = pd.read_csv(
                stream,
                sep=delimiter,
                header=None,
                names=list(range(count + 1)),
                usecols=[*positions, count],
                skiprows=range(1, skip + 1),
                dtype=str,
                na_filter=False,
                keep_default_na=False,
                skip_blank_lines=False,
                index_col=False,
                encoding=text.encoding,
                encoding_errors="replace",
                low_memory=False,
            )
    except (pd.errors.ParserError, csv.Error, ValueError, OverflowError) as error:
        told = str(error)
        quoted = re.search(r"EOF inside string starting at row (\d+)", told)
        if quoted:
            raise SourceError.of(
                text.source,
                "a quotation mark is opened here and never closed",
                row=int(quoted[1]),
            ) from error
        raise SourceError.of(text.source, f"the rows cannot be told apart: {told}") from error
    if len(cells) > ROWS_MOST:
        raise SourceError.of(
            text.source, f"it has {len(cells):,} rows, more than any published table"
        )
    return cells.iloc[1:].reset_index(drop=True)


class _Prefixed(io.RawIOBase):
    """A line, and then a stream without its byte order mark."""

    def __init__(self, line: bytes, stream: IO[bytes]) -> None:
        start = stream.read(3)
        self._held = line + start.removeprefix(codecs.BOM_UTF8)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._held[: len(buffer)] or self._stream.read(len(buffer))
        self._held = self._held[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def _widened(text: Text, delimiter: str, count: int) -> Iterator[IO[bytes]]:
    """
    Open a table beneath a line with one cell more than its header.

    The line makes the parser keep that last cell of every row, so that a row with too many
    cells shows.
    """
    line = (delimiter * count + "\n").encode()
    with text.opened() as stream:
        yield io.BufferedReader(_Prefixed(line, stream))


def _sniff(text: Text, known: re.Pattern[str]) -> tuple[str, int, tuple[str, ...]]:
    """Return the delimiter, the position of the header's row, and the header."""
    head = text.head()
    best: tuple[int, int, int] = (-1, -1, -1)
    found: tuple[str, int, tuple[str, ...]] = (",", 0, ())
    for delimiter in DELIMITERS:
        try:
            lines = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            records = [record for record, _ in zip(lines, range(headers.SNIFFED), strict=False)]
        except csv.Error:
            continue
        top = headers.header_row(records, known)
        if top is None:
            continue
        names = tuple(name.strip() for name in records[top])
        rank = (headers.score(names, known), len(names), -DELIMITERS.index(delimiter))
        if rank > best:
            best, found = rank, (delimiter, top, names)
    if best[0] < 0:
        raise SourceError.of(text.source, "no row of it can be read as the header of a table")
    delimiter, top, names = found
    while names and not names[-1]:
        names = names[:-1]
    return delimiter, top, names


def _refuse_cut_short(text: Text, delimiter: str, count: int) -> None:
    lines = text.tail().splitlines()
    if len(lines) < 2 or text.tail().count('"') % 2:
        return
    cells = next(csv.reader([lines[-1]], delimiter=delimiter), [])
    whole = next(csv.reader([lines[-2]], delimiter=delimiter), [])
    if len(cells) < count <= len(whole):
        raise SourceError.of(
            text.source,
            f"the file ends in the middle of its last row ({lines[-1][:40]!r}); it was cut short, "
            "so download it again",
        )
