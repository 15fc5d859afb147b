"""The command geoengine access: measures of access over travel times made elsewhere."""

from pathlib import Path
from typing import Any

import click

from geoengine.commands import columns as told_columns

FIELDS = ("from", "to", "time", "supply_id", "supply", "demand_id", "demand")


@click.command()
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
    named = told_columns.named(columns, FIELDS)
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
