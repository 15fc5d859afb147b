"""A table as published: open it whatever its format, find its header, name its columns."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published import delimited, files, values, workbooks
from geoengine.published.delimited import ROWS_MOST
from geoengine.published.headers import SNIFFED, Choice, header_row, score, squash


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
                name = squash(self.names[position])
                if name and re.fullmatch(pattern, name):
                    return position
        return None

    def text(self, position: int) -> pd.Series:
        """Return a column as text, None where it is missing."""
        return values.texts(self.columns[position])

    def words(self, position: int) -> pd.Series:
        """Return a column as squashed text, empty where it is missing."""
        return self.text(position).fillna("").map(squash)

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
    wanted: Choice | None = None,
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
        Picks by their names the columns that are read; all are by default.
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
    wanted: Choice | None,
    header: Sequence[str] | None,
) -> Published:
    names, columns, rows = delimited.read(text, known=known, wanted=wanted, header=header)
    facts = {"format": "CSV", "encoding": text.encoding}
    blank = np.all([cells.to_numpy(dtype=object) == "" for cells in columns.values()], axis=0)
    return Published(text.source, names, columns, rows, facts).only(~blank)


def _read_workbook(
    path: Path,
    known: re.Pattern[str],
    wanted: Choice | None,
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
        at: _typed([record[at] for record in body])
        for at in sorted(range(len(names)) if wanted is None else wanted(names))
        if names[at]
    }
    rows = np.arange(top + 2, top + 2 + len(body), dtype=np.int64)
    blank = np.array([all(cell in ("", None) for cell in record) for record in body], dtype=bool)
    facts = {"format": "workbook", "sheet": sheet}
    return Published(f"{path} [{sheet}]", names, columns, rows, facts).only(~blank)


def _typed(cells: list[Any]) -> pd.Series:
    """Return a column as numbers where it holds nothing else, empty cells apart."""
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        return pd.Series(cells, dtype=float)
    if kinds <= {float, int, str} and not any(cell for cell in cells if type(cell) is str):
        return pd.Series([np.nan if cell == "" else cell for cell in cells], dtype=float)
    return pd.Series(cells, dtype=object)


def _read_parquet(path: Path, wanted: Choice | None) -> Published:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        held = [
            name
            for name, kind in zip(schema.names, schema.types, strict=True)
            if not (pa.types.is_nested(kind) or pa.types.is_binary(kind))
        ]
        if wanted is not None:
            held = [held[at] for at in sorted(wanted(held))]
        if pq.read_metadata(path).num_rows > ROWS_MOST:
            raise SourceError.of(path, "it has more rows than any published table")
        table = pq.read_table(path, columns=held)
        table.validate(full=True)
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
