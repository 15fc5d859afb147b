"""The Plan page's server: what-ifs asked over its own interface, and what one more would bring."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import places
from bench.timing import Row, absent, limited
from bench.whatif import AUTHORITIES, _scenarios
from geoengine import publish
from geoengine.scenarios import plain
from geoengine.store import Cache
from geoengine.study import load
from webmap import create_app
from webmap.state import state


def rows(*, repeats: int) -> Iterator[Row]:
    """Time what-ifs of one edit, with every word of the page, and the surface of gains."""
    for name, folder in AUTHORITIES.items():
        if not (places.REAL / folder).is_dir():
            yield absent("a what-if asked of the server", name, "", "the files are not at hand")
            continue
        with tempfile.TemporaryDirectory() as temporary:
            work = Path(temporary)
            study = load(
                places.ROOT / "tests" / "real" / f"{folder}.toml",
                variables={"GEOENGINE_REAL_DATA": str(places.REAL)},
            )
            publish.run(study, work / "out", Cache(work / "kept"), lambda *_: None)
            yield from _served(name, work / "out", repeats)


def _served(name: str, out: Path, repeats: int) -> Iterator[Row]:
    app = create_app(out)
    here, client = state(app), app.test_client()
    planner = here.planners.of(here.results.current(), here.streets).result()
    bodies = [
        {"name": "", "edit": [plain(edit) for edit in scenario.edits]}
        for scenario in _scenarios(planner)
    ]
    data = f"{name}, {planner.baseline.homes:,} homes, {len(planner.baseline.provisions)} settings"
    took = []
    for body in bodies:
        best = float("inf")
        for _ in range(repeats + 1):
            start = time.perf_counter()
            answer = client.post("/api/whatif?words=en", json=body)
            best = min(best, time.perf_counter() - start)
            assert answer.status_code == 200, answer.text
        took.append(best)
    took.sort()
    yield limited(
        "a what-if asked of the server, in words: median", data, took[len(took) // 2], at_most=0.05
    )
    yield limited("the same: 95 %", data, took[len(took) * 95 // 100], at_most=0.05)
