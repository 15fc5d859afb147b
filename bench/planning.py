"""The Plan page's server: what-ifs asked over its own interface, suggestions, and their test."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import places
from bench.timing import Row, absent, limited, told
from bench.whatif import AUTHORITIES, _scenarios
from geoengine import demo, proposals, publish, stress
from geoengine.proposals import Wish
from geoengine.scenarios import Scenario, plain
from geoengine.siting import Effort
from geoengine.store import Cache
from geoengine.study import load
from geoengine.whatif import Planner
from webmap import Settings, create_app
from webmap.state import state

LONGEST_S = 60.0


def rows(*, repeats: int) -> Iterator[Row]:
    """Time what-ifs of one edit, with every word of the page, and suggestions with their test."""
    with tempfile.TemporaryDirectory() as temporary:
        county = Path(temporary) / "county"
        demo.write(county)
        yield from _published("demo county", county / "study.toml", {}, Path(temporary), repeats)
    for name, folder in AUTHORITIES.items():
        if not (places.REAL / folder).is_dir():
            yield absent("a what-if asked of the server", name, "", "the files are not at hand")
            continue
        with tempfile.TemporaryDirectory() as temporary:
            path = places.ROOT / "tests" / "real" / f"{folder}.toml"
            given = {"GEOENGINE_REAL_DATA": str(places.REAL)}
            yield from _published(name, path, given, Path(temporary), repeats)


def _published(
    name: str, path: Path, variables: dict[str, str], work: Path, repeats: int
) -> Iterator[Row]:
    study = load(path, variables=variables)
    publish.run(study, work / "out", Cache(work / "kept"), lambda *_: None)
    app = create_app(work / "out", Settings(heavy_per_min=1_000_000))
    here, client = state(app), app.test_client()
    planner = here.planners.of(here.results.current(), here.streets).result()
    bodies = [
        {"name": "", "edit": [plain(edit) for edit in scenario.edits]}
        for scenario in _scenarios(planner)
    ]
    data = f"{name}, {planner.baseline.homes:,} homes, {len(planner.baseline.provisions)} settings"
    client.post("/api/whatif?words=en", json=bodies[0])
    took, worked = [], []
    for body in bodies * (repeats + 1):
        start, start_cpu = time.perf_counter(), time.process_time()
        answer = client.post("/api/whatif?words=en", json=body)
        worked.append(time.process_time() - start_cpu)
        took.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.text
    took.sort()
    worked.sort()
    yield limited(
        "a what-if asked of the server, in words: median", data, took[len(took) // 2], at_most=0.05
    )
    yield limited("the same: 95 %", data, took[len(took) * 95 // 100], at_most=0.05)
    yield limited(
        "the same: median of the processor’s time", data, worked[len(worked) // 2], at_most=0.025
    )
    yield from _suggested(planner, data)


def _suggested(planner: Planner, data: str) -> Iterator[Row]:
    """Time three sites, all choices between all and the deprived, and the test of the sites."""
    before = planner.evaluate(Scenario(""))
    for aim, task in (("everyone", "three sites with proof"), ("balance", "the fairness frontier")):
        wish = Wish(3, "balance" if aim == "balance" else "everyone")
        start = time.process_time()
        *_, answer = proposals.search(planner, before, wish, Effort(LONGEST_S))
        spent = told(time.process_time() - start)
        yield Row(f"{task}: the processor’s time", data, spent, same=f"gap {answer.gap:.1%}")
        if aim == "everyone" and answer.proposals[0].sites:
            start = time.process_time()
            *_, tested = stress.of_proposal(
                planner, before, wish, answer.proposals[0], Effort(LONGEST_S)
            )
            yield Row(
                "their test: the processor’s time", data, told(time.process_time() - start),
                same=f"{tested.draws} possible futures",
            )  # fmt: skip
