"""A spot dragged over the map in a browser: how often its reach is drawn anew."""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import page, places
from bench.timing import Row, absent
from bench.whatif import AUTHORITIES
from geoengine import demo, publish
from geoengine.store import Cache
from geoengine.study import load

A_SECOND = 20
STEPS, SWAY_PX, ROUNDS = 120, 80, 3
# Counts the answers shown, each once it is painted.
COUNT = """() => {
  window.shown = [];
  new MutationObserver(() => requestAnimationFrame(() => window.shown.push(performance.now())))
    .observe(document.querySelector("#reach-rows"), { childList: true });
}"""


def rows() -> Iterator[Row]:
    """Drag the spot over an invented county and two real authorities, three times each."""
    with tempfile.TemporaryDirectory() as temporary:
        county = Path(temporary) / "county"
        demo.write(county)
        yield _dragged("demo county", county / "study.toml", {})
    for name, folder in AUTHORITIES.items():
        if not (places.REAL / folder).is_dir():
            yield absent("reach while a spot is dragged", name, "", "the files are not at hand")
            continue
        path = places.ROOT / "tests" / "real" / f"{folder}.toml"
        yield _dragged(name, path, {"GEOENGINE_REAL_DATA": str(places.REAL)})


def _dragged(name: str, path: Path, variables: dict[str, str]) -> Row:
    study = load(path, variables=variables)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        publish.run(study, work / "out", Cache(work / "kept"), lambda *_: None)
        with page.served(work / "out") as (browser, home):
            found = sorted(_updates(browser, home) for _ in range(ROUNDS))
    often = found[ROUNDS // 2]
    return Row(
        "reach while a spot is dragged, three areas and who lives there", name,
        f"{often:.0f} a second", target=f"≥ {A_SECOND} a second", met=often >= A_SECOND,
    )  # fmt: skip


def _updates(browser: Any, home: str) -> float:
    """Return how many answers a second are painted while the spot is dragged."""
    view = browser.new_context(viewport=page.SCREEN).new_page()
    view.goto(home)
    view.wait_for_selector(".map[data-shown]", state="attached")
    view.click("#reach-open")
    view.wait_for_function("() => document.querySelector('#reach-provision').length > 1")
    view.select_option("#reach-provision", index=1)
    view.wait_for_selector("#reach-answer:not([hidden])")
    view.locator(".map").scroll_into_view_if_needed()
    box = view.locator(".reach-marker").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.evaluate(COUNT)
    view.mouse.move(x, y)
    view.mouse.down()
    for step in range(STEPS):
        turn = 2 * math.pi * (step + 1) / STEPS
        view.mouse.move(x + SWAY_PX * math.sin(turn), y + SWAY_PX * math.sin(2 * turn))
    view.mouse.up()
    times_ms: list[float] = view.evaluate("window.shown")
    view.context.close()
    return 1000 * (len(times_ms) - 1) / (times_ms[-1] - times_ms[0])
