"""The command geoengine hotspots: where a figure gathers more than chance explains."""

from pathlib import Path
from typing import Any

import click

CORRECTIONS = ("benjamini_hochberg", "benjamini_yekutieli", "none")
STATISTICS = ("gi_star", "gi", "local_moran", "local_geary", "join_count", "scan")
MODES = ("walk", "pushchair", "cycle", "drive")
FILE = click.Path(path_type=Path)


@click.command()
@click.option("--areas", required=True, type=FILE, help="Polygons, in any format GDAL reads.")
@click.option("--table", type=FILE, help="Where the figures are, if not with the areas.")
@click.option("--code", default="", metavar="COLUMN", help="Names each area, in both files.")
@click.option("--value", required=True, metavar="COLUMN", help="The figures, or counts of people.")
@click.option("--population", default="", metavar="COLUMN", help="Whom they are counted among.")
@click.option(
    "--around", default="", metavar="COLUMN", help="Another figure around, for local_moran."
)
@click.option(
    "--weights",
    default="queen",
    show_default=True,
    help="Who is whose neighbour: queen, rook, knn:8, band:2000 (metres) or minutes:15.",
)
@click.option("--streets", type=FILE, help="An OpenStreetMap extract, for minutes and bridges.")
@click.option("--mode", default="walk", show_default=True, type=click.Choice(MODES))
@click.option("--statistic", default="gi_star", show_default=True, type=click.Choice(STATISTICS))
@click.option(
    "--permutations",
    type=click.IntRange(0, 9_999_999),
    help="Random orders to try.  [default: 99999, or 999 replicates of a scan]",
)
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0))
@click.option(
    "--false-discovery",
    default=0.05,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Share of the findings that may be chance.",
)
@click.option(
    "--correction",
    default=CORRECTIONS[0],
    show_default=True,
    type=click.Choice(CORRECTIONS),
    help="How p is adjusted for many tests.",
)
@click.option("--crs", default="EPSG:27700", show_default=True, help="Projected, in metres.")
@click.option(
    "--out",
    "-o",
    required=True,
    type=FILE,
    help="CSV, Parquet, GeoJSON, GeoPackage …; beside it <file>.card.json.",
)
def hotspots(
    areas: Path, table: Path | None, code: str, value: str, population: str, around: str,
    permutations: int | None, out: Path, **told: Any,
) -> None:  # fmt: skip
    """
    Find where a figure gathers more than chance explains.

    \b
      geoengine hotspots --areas lsoa.gpkg --table takeup.csv --value not_placed \\
        --population eligible --weights minutes:15 --streets county.osm.pbf --out hot.gpkg

    A scan finds groups of areas instead, in circles (band:5000) or along streets (minutes:30).
    Each area gets z, p, p adjusted for many tests, a class and a sentence. Withheld and
    unknown figures, and areas without neighbours, are classes of their own.
    """  # noqa: D301
    from geoengine import exports, gathering, scanning
    from geoengine.store import write_json

    gathering.refuse_around(around, told["statistic"])
    if told["statistic"] == "scan":
        answer = scanning.look(
            areas, value, gathering.Options(**told), population=population, table=table, code=code,
            replicates=scanning.REPLICATES if permutations is None else permutations,
        )  # fmt: skip
    else:
        if permutations is not None:
            told["permutations"] = permutations
        answer = gathering.look(
            areas, value, gathering.Options(**told), population=population, around=around,
            table=table, code=code,
        )  # fmt: skip
    exports.write_alone(answer.layer, out)
    write_json(out.with_name(f"{out.name}.card.json"), answer.card)
    for reason, count in answer.reading.left_out["reason"].value_counts().items():
        click.echo(f"  Left out of the table: {count:,} row{'s' * (count > 1)}, {reason}")
    for note in answer.reading.notes:
        click.echo(f"  {note}")
    for finding in answer.layer.findings:
        click.echo(finding)
    areas_told = len(answer.layer.frame)
    click.echo(f"{out}: {areas_told:,} area{'s' * (areas_told != 1)}")
