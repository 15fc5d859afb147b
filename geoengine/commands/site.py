"""The command geoengine site: where services should stand."""

from pathlib import Path
from typing import Any

import click

from geoengine.commands import columns as told_columns
from geoengine.commands import session

MODELS = ("p-median", "p-centre", "max-cover", "set-cover")
FIELDS = ("from", "to", "time", "demand_id", "demand", "site_id")


@click.command()
@click.argument("model", type=click.Choice(MODELS), metavar="MODEL")
@click.option(
    "--study",
    type=click.Path(path_type=Path),
    help="A study: its settings stay, and its candidate buildings are the candidates.",
)
@click.option(
    "--matrix",
    "-m",
    type=click.Path(path_type=Path),
    help="Travel times: from_id, to_id, travel_time_min. Its destinations are the candidates.",
)
@click.option("--demand", type=click.Path(path_type=Path), help="Table: id, people.")
@click.option(
    "--existing",
    type=click.Path(path_type=Path),
    help="Table of sites that exist: id; state, capacity and opening_cost where it has them.",
)
@click.option("--sites", type=click.IntRange(min=1), help="Sites in all, with those that stay.")
@click.option("--more", type=click.IntRange(min=0), help="Sites besides those that stay.")
@click.option(
    "--cutoff-min", type=click.FloatRange(min=0), help="Longest time that counts, inclusive."
)
@click.option(
    "--times",
    default=1,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many sites must be within the cut-off.",
)
@click.option("--budget", type=click.FloatRange(min=0), help="Most that all sites may cost.")
@click.option("--pass-over", is_flag=True, help="Leave out, and count, whom no site reaches.")
@click.option(
    "--seconds",
    "time_limit_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Most seconds to search.",
)
@click.option(
    "--gap",
    default=0.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Proven within this share of the best is good enough.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    help=f"A column that is not found by itself: {', '.join(FIELDS)}. May be given again.",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV or Parquet file: who goes where. Beside it <file>.plan.json.",
)
def site(
    model: str, study: Path | None, matrix: Path | None, demand: Path | None,
    existing: Path | None, out: Path, columns: tuple[str, ...], time_limit_s: float, gap: float,
    **told: Any,
) -> None:  # fmt: skip
    """
    Choose the best sites, and say how good the choice is proven to be.

    \b
      geoengine site p-median --matrix times.csv --demand homes.csv --sites 4 --out plan.csv
      geoengine site max-cover --study study.toml --more 2 --out plan.csv

    \b
    Models:
      p-median   least time in all, everyone to the nearest site
      p-centre   least time for whoever has furthest to go
      max-cover  most people within --cutoff-min
      set-cover  everyone within --cutoff-min, with the fewest sites or the least money

    \b
    A site in the table of existing ones has a state, by default existing-kept (in a study every
    setting has it, and every building is optional):
      existing-kept  existing-closable  optional  required  forbidden

    The gap is how much better any plan could be at most: 0 means that none is.
    """  # noqa: D301
    from geoengine import exports, sites
    from geoengine.siting import Effort
    from geoengine.store import write_json

    named = told_columns.named(columns, FIELDS)
    options = sites.Options(**told)
    effort = Effort(time_limit_s, gap)
    if study is not None:
        if matrix or demand or columns:
            raise click.UsageError("with --study give no --matrix, --demand or --column")
        progress = session.Progress()
        asked = session.load(study)
        answer = sites.in_study(model, asked, existing, options, effort, session.cache(), progress)
        progress.end()
    elif matrix is None or demand is None:
        raise click.UsageError("give --study, or --matrix and --demand")
    else:
        answer = sites.choose(model, matrix, demand, existing, options, named, effort)
    exports.write_table(answer.table(), out)
    summary = {"model": model, "counts": sites.OBJECTIVES[model], **answer.summary()}
    write_json(out.with_name(f"{out.name}.plan.json"), summary)
    for table, reason, count in answer.left_out:
        click.echo(f"  Left out of the {table}: {count:,} row{'s' * (count > 1)}, {reason}")
    for note in answer.notes:
        click.echo(f"  {note}")
    if answer.passed_over:
        people = sum(answer.passed_over.values())
        ids = ", ".join(answer.passed_over)
        click.echo(f"  Out of reach of every site, with {people:,.6g} people: {ids}")
    plan = answer.plan
    if answer.names:
        opening = [f"{name} ({site})" for site, name in summary["opening"].items()]
        staying = len(summary["sites"]) - len(opening)
        click.echo(f"Open: {', '.join(opening) or 'none'}; settings that stay: {staying:,}")
    else:
        click.echo(f"Sites: {', '.join(summary['sites']) or 'none'}")
    click.echo(f"{plan.objective:,.6g} {summary['counts']}; {_proof(plan)}")
    click.echo(f"{out}: who goes where")


def _proof(plan: Any) -> str:
    if plan.gap == 0:
        return "no plan is better"
    bound = plan.lower if plan.model.sense == "least" else plan.upper
    return (
        f"no plan is better than {bound:,.6g} (a gap of {plan.gap:.2%}; "
        f"the search ended: {plan.stopped})"
    )
