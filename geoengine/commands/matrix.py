"""The command geoengine matrix: travel times from every place to every other."""

from pathlib import Path

import click

from geoengine.commands import columns as told_columns
from geoengine.commands import session

FIELDS = ("id", "postcode", "longitude", "latitude", "easting", "northing")
SHOWN = 5
"""Ids of places off the streets that are shown; the file beside the matrix has all."""


@click.command()
@session.STUDY
@click.option(
    "--from",
    "start",
    default="homes",
    show_default=True,
    metavar="PLACES",
    help="homes, areas, provision, or a file of places.",
)
@click.option(
    "--to",
    "end",
    default="provision",
    show_default=True,
    metavar="PLACES",
    help="homes, areas, provision, or a file of places.",
)
@click.option("--mode", help="walk, pushchair, cycle or drive; by default the study's.")
@click.option(
    "--max-minutes",
    "longest_min",
    type=click.FloatRange(min=0, max=1440, min_open=True),
    help="Longest time to write, inclusive.  [default: however long]",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"A column of a file that is not found by itself: {', '.join(FIELDS)}. "
    "May be given again.",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV or Parquet file: from_id, to_id, travel_time_min.",
)
def matrix(
    study: Path,
    start: str,
    end: str,
    mode: str | None,
    longest_min: float | None,
    columns: tuple[str, ...],
    out: Path,
) -> None:
    """
    Write the travel time from every place to every other, on the streets of STUDY.

    \b
      geoengine matrix study.toml --out times.csv
      geoengine access --matrix times.csv --supply times.csv.to.csv \\
          --demand times.csv.from.csv --measure 2sfca --cutoff-min 15 --out access.csv
      geoengine matrix study.toml --from areas --to candidates.csv --out times.csv
      geoengine site p-median --matrix times.csv --demand times.csv.from.csv \\
          --sites 4 --out plan.csv

    Times are door to door, in the direction of travel from the one to the other. A pair without
    a way has no row. Beside the matrix stand <file>.from.csv and <file>.to.csv: each place with
    its people or places, where it is, and whether it is on the streets.

    A file of places has ids and a point, coordinates or a postcode for each.
    """  # noqa: D301
    from geoengine import matrix as matrices

    named = told_columns.named(columns, FIELDS)
    loaded = session.load(study)
    progress = session.Progress()
    done = matrices.write(
        loaded, start, end, out, mode_name=mode or loaded.travel.mode, longest_min=longest_min,
        columns=named, cache=session.cache(), progress=progress,
    )  # fmt: skip
    progress.end()
    for kind, state, ids in done.off():
        shown = ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
        click.echo(f"  Without times: {len(ids):,} of the {kind}, {state}: {shown}")
    if done.without:
        beyond = "" if longest_min is None else f"further apart than {longest_min:g} minutes, or "
        click.echo(f"  {done.without:,} pairs have no row: {beyond}no way between them")
    (from_kind, starts), (to_kind, ends) = done.starts, done.ends
    click.echo(
        f"{out}: {done.times:,} times from {len(starts):,} {from_kind} to {len(ends):,} {to_kind}"
    )
