"""A table as published: open it whatever its format, find its header, name its columns."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published import files, values, workbooks

SNIFFED = 15
DELIMITERS = ",;\t|"
ROWS_MOST = 20_000_000


def squash(name: object) -> str:
    """
    Return a column's name as letters and digits only, in lower case and without a byte mark.

    Examples
    --------
    >>> squash("\\ufeffLSOA code (2011) "), squash("ï»¿LSOA_Code"), squash("F_LSOA11CD")
    ('lsoacode2011', 'lsoacode', 'lsoa11cd')
    """
    text = str(name).strip()
    text = re.sub(r"^(?:\ufeff|ï»¿|F_(?=[A-Z]{2}))+", "", text)
    return re.sub(r"[^0-9a-z+]+", "", text.casefold())


def names_like(*patterns: str) -> re.Pattern[str]:
    """Return what matches a whole squashed name that is like any of the patterns."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@dataclass(frozen=True, eq=False)
class Published:
    """
    The cells of a published table below its header.

    Parameters
    ----------
    source
        The file, for messages.
    names
        The header, as published.
    columns
        Cells by position in `names`, each of shape (rows,); only the columns asked for.
    rows
        The row of the file that each row stands in, as a spreadsheet counts, shape (rows,).
    facts
        `format`, and `sheet` and `encoding` where there is one.
    """

    source: str
    names: tuple[str, ...]
    columns: dict[int, pd.Series]
    rows: NDArray[np.int64]
    facts: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def find(self, *patterns: str) -> int | None:
        """Return the first column whose squashed name is like the first pattern that any is."""
        for pattern in patterns:
            for position in self.columns:
                if re.fullmatch(pattern, squash(self.names[position])):
                    return position
        return None

    def text(self, position: int) -> pd.Series:
        """Return a column as text, None where it is missing."""
        return values.texts(self.columns[position])

    def number(self, position: int, faults: list[Fault]) -> NDArray[np.float64]:
        """Return a column as numbers, NaN where missing; what is not a number is a fault."""
        found, wrong = values.numbers(
            self.columns[position], source=self.source, rows=self.rows, name=self.names[position]
        )
        faults.extend(wrong)
        return found

    def only(self, kept: NDArray[np.bool_]) -> "Published":
        """Return the rows that are kept."""
        columns = {
            position: cells[kept].reset_index(drop=True) for position, cells in self.columns.items()
        }
        return Published(self.source, self.names, columns, self.rows[kept], self.facts)

    def headings(self) -> str:
        """Return the header for a message."""
        shown = [name for name in self.names if name][:12]
        more = len([name for name in self.names if name]) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def read_table(
    path: Path,
    *,
    known: re.Pattern[str],
    wanted: Callable[[str], bool] | None = None,
    sheets: Callable[[Sequence[str]], Sequence[str]] | None = None,
    enough: int = 1,
    header: Sequence[str] | None = None,
    member: str | None = None,
) -> Published:
    """
    Read a table from CSV (plain, zipped or gzipped), XLSX, XLS, ODS or Parquet.

    Parameters
    ----------
    path
        The file; its content decides its format, not its name.
    known
        Matches the squashed names that the header may hold; the row among the first fifteen
        with the most of them is the header.
    wanted
        Says by its name whether a column is read; all are by default.
    sheets
        Puts the sheets of a workbook in the order in which they are tried.
    enough
        How many known names a sheet's header must hold for the sheet to be taken at once.
    header
        The names of a table that has no header row.
    member
        The table in a zip; by default the only one there.

    Raises
    ------
    SourceError
        If the file is missing, damaged, of another kind, or its rows do not fit its header.
    """
    kind = files.kind_of(path)
    if kind == "workbook":
        order = sheets or (lambda names: names)
        return _read_workbook(path, known, wanted, order, enough)
    if kind == "parquet":
        return _read_parquet(path, wanted)
    if kind == "archive":
        return _read_text(files.text_of(path, member or _only_table(path)), known, wanted, header)
    if kind in ("text", "gzip"):
        return _read_text(files.text_of(path), known, wanted, header)
    raise SourceError.of(
        path, "this is not a table; give CSV, XLSX, ODS or Parquet with one row for each area"
    )


def _only_table(path: Path) -> str:
    with files.archive(path) as held:
        names = [
            name
            for name in sorted(held.namelist())
            if name.lower().endswith((".csv", ".txt", ".tsv"))
            and not re.search(
                r"(?:^|/)(?:__macosx|doc(?:ument)?s?|user ?guide|multi_csv)/", name.lower()
            )
        ]
    if len(names) == 1:
        return names[0]
    raise SourceError.of(
        path,
        f"the archive holds {len(names)} tables"
        + (f" ({', '.join(names[:4])})" if names else "")
        + "; unpack it and give the one meant",
    )


def _read_text(
    text: files.Text,
    known: re.Pattern[str],
    wanted: Callable[[str], bool] | None,
    header: Sequence[str] | None,
) -> Published:
    delimiter, top, names = _sniff(text, known)
    if header is not None:
        top, names = -1, tuple(header)
    if not text.whole:
        _refuse_cut_short(text, delimiter, len(names))
    positions = [at for at, name in enumerate(names) if wanted is None or wanted(name)]
    if not positions:
        raise SourceError.of(
            text.source, f"none of the columns needed is there; it has {', '.join(names[:12])}"
        )
    cells = _parse(text, delimiter, top + 1, len(names), positions)
    rows = np.arange(top + 2, top + 2 + len(cells), dtype=np.int64)
    overflow = cells.pop(len(names)).to_numpy(dtype=object) != ""
    faults = [
        Fault(text.source, int(row), _too_long(len(names), delimiter)) for row in rows[overflow]
    ]
    if faults:
        raise SourceError(faults)
    blank = np.asarray((cells == "").all(axis=1), dtype=bool)
    columns = {at: cells[at] for at in positions}
    facts = {"format": "CSV", "encoding": text.encoding}
    return Published(text.source, names, columns, rows, facts).only(~blank)


def _too_long(count: int, delimiter: str) -> str:
    sign = {"\t": "a tab", ",": "a comma"}.get(delimiter, repr(delimiter))
    return (
        f"it has more cells than the header's {count}; put quotation marks around text that "
        f"holds {sign}"
    )


def _parse(
    text: files.Text, delimiter: str, skip: int, count: int, positions: list[int]
) -> pd.DataFrame:
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
def _widened(text: files.Text, delimiter: str, count: int) -> Iterator[IO[bytes]]:
    """
    Open a table beneath a line with one cell more than its header.

    The line makes the parser keep that last cell of every row, so that a row with too many
    cells shows.
    """
    line = (delimiter * count + "\n").encode()
    with text.opened() as stream:
        yield io.BufferedReader(_Prefixed(line, stream))


def _sniff(text: files.Text, known: re.Pattern[str]) -> tuple[str, int, tuple[str, ...]]:
    """Return the delimiter, the position of the header's row, and the header."""
    head = text.head()
    best: tuple[int, int, int] = (-1, -1, -1)
    found: tuple[str, int, tuple[str, ...]] = (",", 0, ())
    for delimiter in DELIMITERS:
        try:
            lines = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
            records = [record for record, _ in zip(lines, range(SNIFFED), strict=False)]
        except csv.Error:
            continue
        top = header_row(records, known)
        if top is None:
            continue
        names = tuple(name.strip() for name in records[top])
        rank = (score(names, known), len(names), -DELIMITERS.index(delimiter))
        if rank > best:
            best, found = rank, (delimiter, top, names)
    if best[0] < 0:
        raise SourceError.of(text.source, "no row of it can be read as the header of a table")
    delimiter, top, names = found
    while names and not names[-1]:
        names = names[:-1]
    return delimiter, top, names


def header_row(records: Sequence[Sequence[Any]], known: re.Pattern[str]) -> int | None:
    """Return which of the first rows is the header: the one with the most known names."""
    filled = [at for at, record in enumerate(records) if any(str(cell).strip() for cell in record)]
    if not filled:
        return None
    best = max(filled, key=lambda at: (score(records[at], known), -at))
    return best if score(records[best], known) else filled[0]


def score(names: Iterable[Any], known: re.Pattern[str]) -> int:
    """Return how many names are known."""
    return sum(1 for name in names if known.fullmatch(squash(name)))


def _refuse_cut_short(text: files.Text, delimiter: str, count: int) -> None:
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


def _read_workbook(
    path: Path,
    known: re.Pattern[str],
    wanted: Callable[[str], bool] | None,
    order: Callable[[Sequence[str]], Sequence[str]],
    enough: int,
) -> Published:
    best: tuple[int, str, int, list[list[Any]]] | None = None
    with workbooks.opened(path) as book:
        for sheet in order(book.sheet_names):
            records = workbooks.rows(path, book, sheet)
            top = header_row(records[:SNIFFED], known)
            if top is None:
                continue
            found = score(records[top], known)
            if best is None or found > best[0]:
                best = (found, sheet, top, records)
            if found >= enough:
                break
    if best is None:
        raise SourceError.of(path, "no sheet of the workbook holds anything")
    _, sheet, top, records = best
    names = tuple(values.spell(pd.Series(records[top], dtype=object)))
    body = records[top + 1 :]
    columns = {
        at: pd.Series([record[at] for record in body], dtype=object)
        for at, name in enumerate(names)
        if name and (wanted is None or wanted(name))
    }
    rows = np.arange(top + 2, top + 2 + len(body), dtype=np.int64)
    blank = np.array([all(cell in ("", None) for cell in record) for record in body], dtype=bool)
    facts = {"format": "workbook", "sheet": sheet}
    return Published(f"{path} [{sheet}]", names, columns, rows, facts).only(~blank)


def _read_parquet(path: Path, wanted: Callable[[str], bool] | None) -> Published:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        held = [
            name
            for name, kind in zip(schema.names, schema.types, strict=True)
            if not (pa.types.is_nested(kind) or pa.types.is_binary(kind))
            and (wanted is None or wanted(name))
        ]
        table = pq.read_table(path, columns=held)
        frame = table.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise SourceError.of(
            path, f"the Parquet file is damaged or cut short ({error}); download it again"
        ) from error
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    columns = {at: frame[name] for at, name in enumerate(held)}
    return Published(str(path), tuple(held), columns, rows, {"format": "Parquet"})


def members(path: Path, ending: str) -> list[str]:
    """Return the names of a zip's members that end so, in order."""
    try:
        with files.archive(path) as held:
            return sorted(name for name in held.namelist() if name.lower().endswith(ending))
    except zipfile.LargeZipFile as error:
        raise SourceError.of(path, f"the archive is too large: {error}") from error
