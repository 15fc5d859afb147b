"""The command line: geoengine demo | check | run | layers | export | scenario | serve."""

import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from geoengine import __version__
from geoengine.commands import session
from geoengine.commands.access import access
from geoengine.commands.hotspots import hotspots
from geoengine.commands.matrix import matrix
from geoengine.commands.people import accounts, audit
from geoengine.commands.scenario import scenario
from geoengine.commands.site import site
from geoengine.errors import GeoEngineError

BAD_INPUT = 2
STOPPED = 130
GARBAGE = 50_000
"""Objects made before garbage is looked for: a command's libraries and tables are none."""


class _Commands(click.Group):
    """Turn what the user can put right into a sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(sys.stdout, TextIOWrapper):  # not every console has every letter of a name
            sys.stdout.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except GeoEngineError as error:
            click.echo(f"geoengine: {error}", err=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("\ngeoengine: stopped; the results that stood before still stand", err=True)
            ctx.exit(STOPPED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="geoengine")
def main() -> None:
    """
    Find which deprived areas are underserved, from the files a council holds.

    \b
    A first look, at an invented county:
      geoengine demo county
      geoengine run county/study.toml --out results
      geoengine serve results

    Your own area: copy county/study.toml, name your files in it, then
    'geoengine check' it before you 'geoengine run' it.

    Bad input ends in a sentence that says what to put right, and exit code 2.
    """  # noqa: D301
    gc.set_threshold(GARBAGE)


for command in (access, accounts, audit, hotspots, matrix, scenario, site):
    main.add_command(command)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seed", default=1, show_default=True, help="Another number, another county.")
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    help="Size: 0.1 is a town, 1 a county of 250,000 people, 10 a region, 200 a nation.",
)
def demo(folder: Path, seed: int, scale: float) -> None:
    """Write an invented county to FOLDER, as the files that a council would hold."""
    from geoengine import demo as county

    progress = session.Progress()
    county.write(folder, seed=seed, scale=scale, progress=lambda step: progress(step, 0, 0))
    progress.end()
    click.echo(f"{folder / 'study.toml'} is a study to run; every part of the county is invented.")


@main.command()
@session.STUDY
def check(study: Path) -> None:
    """
    Say what is wrong with the data of STUDY before any map is drawn.

    Exit code 2 when the answer would be wrong.
    """
    from geoengine import publish

    progress = session.Progress()
    findings = publish.check(session.load(study), session.cache(), progress)
    progress.end()
    for finding in findings:
        click.echo(f"{MARKS[finding.level]}  {finding.topic}: {finding.sentence}")
    wrong = sum(finding.level == "error" for finding in findings)
    if wrong:
        click.echo(f"\n{wrong} of these would make the answer wrong: put them right first.")
        sys.exit(BAD_INPUT)
    click.echo("\nNothing here would make the answer wrong.")


MARKS = {"good": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  "}


@main.command()
@session.STUDY
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for the results."
)
def run(study: Path, out: Path) -> None:
    """
    Analyse STUDY and put the results in a folder.

    The old results stand until the new ones are whole. What has not changed since the last run
    is not computed again.
    """
    from geoengine import publish

    progress = session.Progress()
    results = publish.run(session.load(study), out, session.cache(), progress)
    progress.end()
    click.echo(f"{results.summary['headline']}.")
    for warning in results.summary["warnings"]:
        click.echo(f"  Mind: {warning}")
    click.echo(f"Results: {out} (run {results.summary['run']}). See them: geoengine serve {out}")


@main.command()
@click.argument("results", type=click.Path(path_type=Path))
def layers(results: Path) -> None:
    """List the layers in the folder RESULTS."""
    from geoengine.store import open_results

    for entry in open_results(results).layers:
        click.echo(f"{entry['layer_id']:<12} {entry['features']:>7,}  {entry['question']}")


@main.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.argument("layer")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@click.option("--format", "form", help="By default the format that the file's name says.")
@click.option(
    "--view", metavar="QUERY", help="The map's address, or what follows its ?: only what it shows."
)
@click.option("--language", default="en", show_default=True, help="en or cy.")
def export(
    results: Path, layer: str, out: Path, form: str | None, view: str | None, language: str
) -> None:
    """
    Write one LAYER of RESULTS to a file.

    The file's name says the format: .geojson, .gpkg, .parquet, .fgb, .csv or .xlsx; .png and
    .pdf are drawn for paper, and .html is a map of its own that needs no server. Beside the rest
    stands <file>.metadata.json: title, unit, classes, method, sources and the run.
    """
    from geoengine import exports
    from geoengine.store import open_results

    opened = open_results(results)
    chosen = form or exports.format_of(out)
    entry = opened.layer(layer)
    if view is None and language == "en" and chosen in exports.FORMATS:
        exports.convert(opened.table(layer), entry, chosen, out, run=opened.summary["run"])
        rows = entry["features"]
    else:
        import webmap.files.downloads

        rows = webmap.files.downloads.write(
            results, layer, chosen, out, query=view or "", code=language
        )
    click.echo(f"{out}: {rows:,} features of ‘{entry['title']}’")


@main.command()
@session.STUDY
@click.option("--at", required=True, metavar="LON,LAT", help="The spot, as longitude,latitude.")
@click.option("--mode", help="walk, pushchair, cycle or drive; by default the study's.")
@click.option("--minutes", default="5,10,15", show_default=True, help="Cut-offs, inclusive.")
@click.option("--direction", type=click.Choice(["from", "to"]), default="from", show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="File to write.")
def isochrone(
    study: Path, at: str, mode: str | None, minutes: str, direction: Any, out: Path
) -> None:
    """
    Draw what lies within some minutes of one spot, on the streets of STUDY.

    Each area says how many street corners its line puts on the wrong side. The file's name says
    the format: .geojson, .gpkg, .parquet or .fgb.
    """
    from geoengine import exports, spot

    loaded = session.load(study)
    place, times = _numbers("--at", at, 2), _numbers("--minutes", minutes)
    layer = spot.isochrone(
        loaded, (place[0], place[1]), mode or loaded.travel.mode, times, session.cache(),
        direction=direction,
    )  # fmt: skip
    exports.write_alone(layer, out)
    for row in layer.frame[::-1].itertuples():
        others = "an unknown number of" if row.others_state == "unknown" else f"{row.others:,.0f}"
        click.echo(
            f"{row.minutes:g} minutes: {row.people:,.0f} {loaded.population.people} and {others} "
            f"others live within, on {row.streets_km:.1f} km of streets"
        )


def _numbers(option: str, text: str, count: int = 0) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or (count and len(numbers) != count):
        wanted = f"{count} numbers" if count else "numbers"
        raise click.BadParameter(
            f"must be {wanted} with commas between, not {text!r}", param_hint=option
        )
    return numbers


@main.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--study", type=click.Path(path_type=Path), help="The study's file: stewards may run it again."
)
def serve(results: Path, host: str, port: int, study: Path | None) -> None:
    """Show RESULTS as a web map until Ctrl-C is pressed."""
    import webmap

    settings = webmap.Settings.from_environment(os.environ)
    address = f"http://{host}:{port}"
    try:
        webmap.serve(
            results, host=host, port=port, settings=settings, study=study,
            ready=lambda: click.echo(f"The map is at {address} (Ctrl-C stops it)"),
        )  # fmt: skip
    except OSError as error:
        raise GeoEngineError(
            f"cannot listen at {address} ({error.strerror or error}); choose another: --port 8001"
        ) from error
