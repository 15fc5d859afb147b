"""The commands geoengine scenario show | run | compare: what edits of the settings would do."""

from pathlib import Path
from typing import Any

import click

from geoengine.commands import session


@click.group()
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
@session.STUDY
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
@session.STUDY
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
@session.STUDY
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
    progress = session.Progress()
    planner = replays.planner_of(session.load(study), session.cache(), progress)
    progress.end()
    for warning in filter(None, (replays.note(planner, one) for one in asked)):
        click.echo(f"  Mind: {warning}", err=True)
    found = replays.run(planner, asked)
    rule = planner.baseline.rule
    return planner, [(outcome, outcomes.sentence(outcome, rule)) for outcome in found]
