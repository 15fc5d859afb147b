"""Measure GeoEngine beside its peers, print the table and put it into RESULTS.md."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import (
    dragging,
    growth,
    hotspots,
    load,
    measures,
    page,
    panning,
    places,
    planning,
    reach,
    reading,
    report,
    scan,
    searching,
    siting,
    starting,
    tables,
    whatif,
)
from bench.timing import Row, absent

RESULTS = Path(__file__).with_name("RESULTS.md")
TASKS = (
    "reading",
    "nearest",
    "pairs",
    "reach",
    "measures",
    "hotspots",
    "scan",
    "siting",
    "growth",
    "starting",
    "page",
    "load",
    "tables",
    "whatif",
    "planning",
    "panning",
    "dragging",
)
REPEATED: dict[str, Any] = {
    "reach": reach,
    "tables": tables,
    "whatif": whatif,
    "planning": planning,
    "measures": measures,
    "hotspots": hotspots,
    "scan": scan,
}
IN_BROWSER: dict[str, Any] = {"panning": panning, "dragging": dragging}
OF_DEMO: dict[str, Any] = {"starting": starting, "page": page, "load": load}


def main() -> int:
    """Measure what is asked for; the exit code says whether every target was met."""
    asked = _asked()
    with tempfile.TemporaryDirectory() as temporary:
        work = asked.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        found = []
        for row in _rows(asked, work):
            print(report.table([row]).splitlines()[-1], flush=True)
            found.append(row)
    if not asked.only:
        report.put(RESULTS, "measured", f"{report.table(found)}\n\n{report.machine()}")
    missed = sum(row.met is False for row in found)
    print(f"\n{missed} targets missed of {sum(row.met is not None for row in found)}.")
    return 1 if missed else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=TASKS, help="measure one thing; RESULTS.md stays")
    parser.add_argument("--full", action="store_true", help="with five million nodes")
    parser.add_argument("--repeats", type=int, default=5, help="rounds that count (5)")
    parser.add_argument("--work", type=Path, help="where to keep the invented inputs for next time")
    return parser.parse_args()


def _rows(asked: argparse.Namespace, work: Path) -> Iterator[Row]:
    wanted = (asked.only,) if asked.only else TASKS
    if "reading" in wanted:
        yield from reading.rows(repeats=asked.repeats)
    if "nearest" in wanted or "pairs" in wanted:
        yield from _searches(wanted, work, asked.repeats)
    for task in filter(REPEATED.get, wanted):
        yield from REPEATED[task].rows(repeats=asked.repeats)
    if "siting" in wanted:
        yield from siting.rows(full=asked.full)
    if "growth" in wanted:
        yield from growth.rows(work, full=asked.full)
    for task in filter(IN_BROWSER.get, wanted):
        yield from IN_BROWSER[task].rows()
    for task in filter(OF_DEMO.get, wanted):
        yield from OF_DEMO[task].rows(growth.streets_of(work, 1.0).parent, work)


def _searches(wanted: tuple[str, ...], work: Path, repeats: int) -> Iterator[Row]:
    region = places.Extract(
        "demo region", growth.streets_of(work, growth.SCALES["1 million"]), "EPSG:27700"
    )
    at_hand = [places.from_extract(e) for e in places.extracts() if e.name != "Helsinki"]
    city = places.city("moscow")
    if city is None:
        yield absent("nearest, pairs", "Moscow’s roads", "scipy", "the file is not at hand")
    large = [place for place in (city, places.from_extract(region)) if place is not None]
    if "nearest" in wanted:
        for place in at_hand + large:
            yield from searching.nearest_rows(place, repeats=repeats)
    if "pairs" in wanted:
        for place in large:
            yield from searching.pairs_rows(place, repeats=repeats)


if __name__ == "__main__":
    sys.exit(main())
