"""Rows too many to hold at once, written part by part."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from geoengine.errors import ResultsError, UnknownFormatError
from geoengine.exports.formats import format_of


def write_rows(parts: Iterable[pd.DataFrame], out: Path) -> None:
    """
    Write the parts of a table, one below the other, as CSV or Parquet.

    Parameters
    ----------
    parts
        Tables of the same columns, at least one; their indexes are not written.
    out
        The file to be written, whose name says the format; it appears when it is complete.

    Raises
    ------
    UnknownFormatError
        If the name says neither.
    ResultsError
        If the file cannot be written.
    """
    writers = {"csv": _write_csv, "parquet": _write_parquet}
    chosen = format_of(out)
    if chosen not in writers:
        raise UnknownFormatError(f"{out}: rows are written as .csv or .parquet")
    try:
        with tempfile.TemporaryDirectory(suffix=".partial", dir=out.parent) as folder:
            partial = Path(folder) / out.name
            writers[chosen](parts, partial)
            partial.replace(out)
    except OSError as error:
        raise ResultsError(f"{out}: could not be written: {error.strerror or error}") from error


def _write_csv(parts: Iterable[pd.DataFrame], out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        for nth, part in enumerate(parts):
            part.to_csv(file, index=False, header=nth == 0, lineterminator="\n")


def _write_parquet(parts: Iterable[pd.DataFrame], out: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    for part in parts:
        table = pa.Table.from_pandas(part, preserve_index=False)
        if writer is None:
            writer = pq.ParquetWriter(out, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
