"""The command line: geoengine demo | check | run | layers | export | scenario | serve."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from geoengine import __version__
from geoengine.commands.hotspots import hotspots
from geoengine.commands.site import site
from geoengine.errors import GeoEngineError

BAD_INPUT = 2
STOPPED = 130
STUDY = click.argument("study", type=click.Path(path_type=Path))


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


main.add_command(hotspots)
main.add_command(site)


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

    progress = _Progress()
    county.write(folder, seed=seed, scale=scale, progress=lambda step: progress(step, 0, 0))
    progress.end()
    click.echo(f"{folder / 'study.toml'} is a study to run; every part of the county is invented.")


@main.command()
@STUDY
def check(study: Path) -> None:
    """
    Say what is wrong with the data of STUDY before any map is drawn.

    Exit code 2 when the answer would be wrong.
    """
    from geoengine import publish

    progress = _Progress()
    findings = publish.check(_load(study), _cache(), progress)
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
@STUDY
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

    progress = _Progress()
    results = publish.run(_load(study), out, _cache(), progress)
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
def export(results: Path, layer: str, out: Path, form: str | None) -> None:
    """
    Write one LAYER of RESULTS to a file: GeoJSON, GeoPackage, GeoParquet, FlatGeobuf or CSV.

    Beside it stands <file>.metadata.json: title, unit, classes, method, sources and the run.
    """
    from geoengine import exports
    from geoengine.store import open_results

    opened = open_results(results)
    chosen = form or exports.format_of(out)
    entry = opened.layer(layer)
    exports.convert(opened.table(layer), entry, chosen, out, run=opened.summary["run"])
    click.echo(f"{out}: {entry['features']:,} features of ‘{entry['title']}’")


@main.command()
@STUDY
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

    loaded = _load(study)
    place, times = _numbers("--at", at, 2), _numbers("--minutes", minutes)
    layer = spot.isochrone(
        loaded, (place[0], place[1]), mode or loaded.travel.mode, times, _cache(),
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
@click.option(
    "--matrix",
    "-m",
    required=True,
    type=click.Path(path_type=Path),
    help="Travel times: from_id, to_id, travel_time_min.",
)
@click.option("--measure", required=True, help="What to work out (see above).")
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV or Parquet file for the result.",
)
@click.option("--supply", type=click.Path(path_type=Path), help="Table: id, places.")
@click.option("--demand", type=click.Path(path_type=Path), help="Table: id, people.")
@click.option(
    "--cutoff-min",
    type=click.FloatRange(min=0, min_open=True),
    help="Longest time that counts, inclusive.  [default: all in the matrix]",
)
@click.option("--decay", "told", help="What a time counts for (see above).  [default: 1]")
@click.option(
    "--nearest",
    "k",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many nearest.",
)
@click.option(
    "--reach",
    "wanted",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Amount for 'dual'.",
)
@click.option(
    "--tau-min",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Minutes accepted to avoid mean crowding, for 'raam'.",
)
@click.option("--passive", is_flag=True, help="Whom each destination reaches instead.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help="A column that is not found by itself: from, to, time, supply_id, supply, "
    "demand_id or demand. May be given again.",
)
def access(
    matrix: Path,
    measure: str,
    out: Path,
    supply: Path | None,
    demand: Path | None,
    told: str | None,
    columns: tuple[str, ...],
    **options: Any,
) -> None:
    """
    Work out a measure of access over travel times and tables made elsewhere.

    \b
      geoengine access --matrix times.csv --supply nurseries.csv --demand homes.csv \\
          --measure 2sfca --cutoff-min 15 --out places.csv

    \b
    Measures, by origin:
      nearest       minutes to the nearest (--nearest 3: mean of the three)
      cumulative    amount within --cutoff-min
      gravity       amount in reach, weighed by --decay
      dual          minutes until the amount --reach is reached
      balancing     minutes until as many places as people are reached
      2sfca         places per person, shared among all in reach
      e2sfca        in zones of 10, 20 and 30 minutes, or of --decay step:…
      3sfca         people choose by nearness
      m2sfca        places far from all are left unused
      mh3sfca       people choose by nearness and size
      bfca          neither people nor places counted twice
      childcare     places per 100 children within 15 minutes by car
      raam          cost of travel and crowding once people have settled
      availability  places for each origin, all handed out once
      market        people for each provision, all handed out once
      total         the region's whole supply, handed out by gravity

    \b
    Decays, in minutes:
      binary:45  linear:45  step:10=1,20=0.68,30=0.22  exponential:0.1
      gaussian:20  gaussian-within:30  power:2  logistic:30,10

    The result has a row for each origin: the value, and a state. Where nothing is in reach the
    value stays empty and the state says 'unreachable'. Rows that were not used are counted.
    """  # noqa: D301
    from geoengine import decay, exports, measures

    if measure not in measures.MEASURES:
        raise click.BadParameter(
            f"'{measure}' is none of {', '.join(measures.MEASURES)}", param_hint="--measure"
        )
    named = dict(_field(text) for text in columns)
    try:
        weigh = None if told is None else decay.named(told)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--decay") from error
    chosen = measures.Options(decay=weigh, **options)
    answer = measures.access(measure, matrix, supply, demand, chosen, named)
    exports.write_table(answer.frame, out)
    for table, reason, count in answer.left_out:
        click.echo(f"  Left out of the {table}: {count:,} row{'s' * (count > 1)}, {reason}")
    for note in answer.notes:
        click.echo(f"  {note}")
    states = answer.frame["state"].value_counts().sort_index()
    told_states = ", ".join(f"{count:,} {state}" for state, count in states.items())
    click.echo(f"{out}: {told_states or 'no rows, as the matrix has none'}")


FIELDS = ("from", "to", "time", "supply_id", "supply", "demand_id", "demand")


def _field(text: str) -> tuple[str, str]:
    field, sign, name = text.partition("=")
    if field not in FIELDS or not sign or not name:
        raise click.BadParameter(
            f"'{text}' must be like supply=places; fields are {', '.join(FIELDS)}",
            param_hint="--column",
        )
    return field, name


@main.group()
def scenario() -> None:
    """
    Find what opening, closing, resizing or moving settings would do.

    \b
    A scenario is a file of edits, made in order on the settings of a study:
      name = "Close Acorns, open at the library"
      [[edit]]
      close = "n1"
      [[edit]]
      open = "library"
      at = [-2.99, 51.58]
      places = 30
      [[edit]]
      resize = "n2"
      places = 45
      [[edit]]
      move = "n3"
      at = [-2.98, 51.59]

    Places may be "unknown". All edits are checked before anything is worked out.
    """  # noqa: D301


SCENARIOS = click.argument(
    "scenarios", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SCENARIO.toml…"
)


@scenario.command("show")
@STUDY
@SCENARIOS
def show_scenario(study: Path, scenarios: tuple[Path, ...]) -> None:
    """Say in a sentence what each scenario would do on STUDY."""
    _, found = _replayed(study, scenarios)
    for outcome, sentence in found:
        edits = len(outcome.scenario.edits)
        click.echo(
            f"{outcome.scenario_id}  {outcome.scenario.name} ({edits} edit{'s' * (edits != 1)}): "
            f"{sentence}."
        )


@scenario.command("run")
@STUDY
@click.argument("file", type=click.Path(path_type=Path), metavar="SCENARIO.toml")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New folder.")
def run_scenario(study: Path, file: Path, out: Path) -> None:
    """
    Write every figure that a scenario changes, before and after, to a folder.

    Figures as JSON; tables by deprivation decile, of the areas that change, of the settings, and
    of what the closure of each would do, as CSV; and the scenario, to be replayed.
    """
    from geoengine import replays

    planner, [(outcome, sentence)] = _replayed(study, (file,))
    replays.write(planner, outcome, out)
    click.echo(f"{sentence}.")
    click.echo(f"Figures: {out} (scenario {outcome.scenario_id})")


@scenario.command("compare")
@STUDY
@SCENARIOS
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="CSV or Parquet file to write."
)
def compare_scenarios(study: Path, scenarios: tuple[Path, ...], out: Path) -> None:
    """Put scenarios beside one another and beside what is, in one table."""
    from geoengine import exports, replays

    planner, found = _replayed(study, scenarios)
    exports.write_table(replays.compare(planner, [outcome for outcome, _ in found]), out)
    for outcome, sentence in found:
        click.echo(f"{outcome.scenario.name}: {sentence}.")
    click.echo(f"{out}: {len(found)} scenario{'s' * (len(found) != 1)} beside what is")


def _replayed(study: Path, files: tuple[Path, ...]) -> tuple[Any, list[tuple[Any, str]]]:
    """Return the planner of a study, and what each scenario would do, with its sentence."""
    from geoengine import outcomes, replays

    asked = replays.read(files)
    progress = _Progress()
    planner = replays.planner_of(_load(study), _cache(), progress)
    progress.end()
    for warning in filter(None, (replays.note(planner, one) for one in asked)):
        click.echo(f"  Mind: {warning}", err=True)
    found = replays.run(planner, asked)
    rule = planner.baseline.rule
    return planner, [(outcome, outcomes.sentence(outcome, rule)) for outcome in found]


@main.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def serve(results: Path, host: str, port: int) -> None:
    """Show RESULTS as a web map until Ctrl-C is pressed."""
    import webmap

    settings = webmap.Settings.from_environment(os.environ)
    address = f"http://{host}:{port}"
    try:
        webmap.serve(
            results, host=host, port=port, settings=settings,
            ready=lambda: click.echo(f"The map is at {address} (Ctrl-C stops it)"),
        )  # fmt: skip
    except OSError as error:
        raise GeoEngineError(
            f"cannot listen at {address} ({error.strerror or error}); choose another: --port 8001"
        ) from error


def _load(study: Path) -> Any:
    from geoengine.study import load

    return load(study, variables=dict(os.environ))


def _cache() -> Any:
    from geoengine.store import Cache

    named = os.environ.get("GEOENGINE_CACHE")
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Cache(Path(named or Path(base).expanduser() / "geoengine"))


class _Progress:
    """Show each step as it begins, and a bar for a step that counts."""

    def __init__(self) -> None:
        self.step = ""
        self.bar: Any = None

    def __call__(self, step: str, done: int, total: int) -> None:
        if step != self.step:
            self.end()
            self.step = step
            if total == 0:
                click.echo(f"{step} …", err=True)
        if total:
            if self.bar is None:
                from tqdm import tqdm

                self.bar = tqdm(total=total, desc=step, leave=False, file=sys.stderr, delay=1)
            self.bar.update(done - self.bar.n)

    def end(self) -> None:
        """Close the bar of the last step."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None
