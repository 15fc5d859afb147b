"""The map in a browser: what the first view weighs and takes, and how soon a layer is seen."""

import logging
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import starting
from bench.timing import Row, limited

SLOWER = 4
FIRST_VIEW_KB, FIRST_VIEW_S, SWITCH_S = 250, 1.5, 0.05
ROUNDS = 5
SETTLE_MS = 2000
SCREEN = {"width": 1366, "height": 768}
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# Resolves with the milliseconds from a click on a layer's link to the frame that shows it.
SWITCH = """(id) => new Promise((done) => {
  const link = document.querySelector(`[data-layer="${id}"]`);
  const legend = document.querySelector(`[data-legend="${id}"]`);
  const start = performance.now();
  new MutationObserver((_, watching) => {
    watching.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now() - start);
      port2.postMessage(null);
    });
  }).observe(legend, { attributeFilter: ["hidden"] });
  link.click();
})"""

# Resolves with the milliseconds from the page's start to its first layer, painted.
SEEN = """() => new Promise((done) => {
  new PerformanceObserver((marks) => marks.getEntriesByName("painted").forEach(({ startTime }) => {
    done(startTime);
  })).observe({ type: "mark", buffered: true });
})"""


def rows(demo: Path, work: Path) -> Iterator[Row]:
    """Measure the demo county's map on a laptop's screen; medians of five rounds."""
    folder = work / "page"
    folder.mkdir(parents=True, exist_ok=True)
    starting.once(["run", str(demo / "study.toml"), "--out", str(folder / "results")], folder)
    with served(folder / "results") as (browser, home):
        yield from _first_view(browser, home)
        yield from _switches(browser, home)


@contextmanager
def served(results: Path) -> Iterator[tuple[Any, str]]:
    """Serve results; give a browser, and the address of the map."""
    import waitress
    from playwright.sync_api import sync_playwright

    from webmap import create_app

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(create_app(results), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            yield browser, f"http://127.0.0.1:{server.effective_port}/map"
            browser.close()
    finally:
        server.close()


def _first_view(browser: Any, home: str) -> Iterator[Row]:
    weight_kb = _weight_kb(browser, home)
    met = weight_kb <= FIRST_VIEW_KB
    target = f"< {FIRST_VIEW_KB} kB"
    yield Row("map, first view", "demo county", f"{weight_kb:.0f} kB", target=target, met=met)
    seconds = statistics.median(_seen_s(browser, home) for _ in range(ROUNDS))
    name = f"demo county, {SLOWER} times slower"
    yield limited("map, first view", name, seconds, at_most=FIRST_VIEW_S)


def _weight_kb(browser: Any, home: str) -> float:
    """Return what is transferred until the layer is drawn; who counts it slows the view."""
    page = browser.new_context(viewport=SCREEN).new_page()
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    sizes: list[float] = []
    link.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto(home)
    page.wait_for_selector(".map[data-shown]", state="attached")
    page.context.close()
    return sum(sizes) / 1000


def _seen_s(browser: Any, home: str) -> float:
    """Return how long it takes until the layer is painted, asking the page nothing meanwhile."""
    page = browser.new_context(viewport=SCREEN).new_page()
    link = page.context.new_cdp_session(page)
    link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(home)
    seconds = page.evaluate(SEEN) / 1000
    page.context.close()
    return float(seconds)


def _switches(browser: Any, home: str) -> Iterator[Row]:
    page = browser.new_context(viewport=SCREEN).new_page()
    page.goto(home)
    page.wait_for_selector(".map[data-shown]", state="attached")
    page.wait_for_timeout(SETTLE_MS)
    layers = page.evaluate("JSON.parse(document.querySelector('.map').dataset.config).layers")
    first = layers[0]["layer_id"]
    for layer in layers[1:]:
        taken = []
        for _ in range(ROUNDS + 1):
            taken.append(page.evaluate(SWITCH, layer["layer_id"]) / 1000)
            page.wait_for_timeout(SETTLE_MS / 4)
            page.evaluate(SWITCH, first)
            page.wait_for_timeout(SETTLE_MS / 4)
        again = statistics.median(taken[1:])
        yield limited("layer seen again", layer["layer_id"], again, at_most=SWITCH_S)
        yield Row("layer seen first", layer["layer_id"], f"{1000 * taken[0]:.0f} ms")
