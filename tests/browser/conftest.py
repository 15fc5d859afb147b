"""A real browser at the real server, watched: it may ask nobody else, and must find no fault."""

import contextlib
import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import waitress
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from shapely.geometry import shape

from webmap import DEFAULTS, Settings, create_app

HERE = Path(__file__).parent
ARTEFACTS = HERE.parent / "artefacts"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
# Keeps Leaflet's map where a test can ask it where things lie. Leaflet is there once the page is
# parsed; the page's own modules run after that.
KEEP_MAP = """
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || !window.L) return;
  window.L.Map.addInitHook(function keep() { window.keptMap = this; });
});
"""
LAPTOP = (1366, 768)
PHONE = (390, 844)


def _load(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


invented = _load(HERE.parent / "webmap" / "invented_results.py")


def _unpacked(packed: list[Any] | None, scale: float) -> dict[str, Any] | None:
    """Make a geometry of one that the server packed."""
    if packed is None:
        return None

    def spots(steps: list[Any]) -> list[Any]:
        if isinstance(steps[0], list):
            return [spots(part) for part in steps]
        x, y = (accumulate(steps[at::2]) for at in (0, 1))
        return [[east / scale, north / scale] for east, north in zip(x, y, strict=True)]

    kind, steps = packed
    found = spots(steps)
    return {"type": kind, "coordinates": found[0] if kind == "Point" else found}


class Visit:
    """
    A visit to the page.

    Parameters
    ----------
    page
        The browser's page.
    home
        The page's address.
    """

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))

    def _said(self, kind: str, text: str) -> None:
        if kind in ("warning", "error"):
            self.faults.append(f"{kind}: {text}")

    def open(self, query: str = "") -> "Visit":
        """Open the page and wait until its layer is drawn."""
        self.page.goto(f"{self.home}map{query}")
        self.page.wait_for_selector(".map[data-shown]", state="attached")
        return self

    def settled(self, query: str) -> None:
        """Wait until the page shows what a query asks for, and its address says so."""
        self.page.wait_for_selector(f".map[data-shown='{query}']", state="attached")
        # Where the map stands follows whenever it has moved.
        self.page.wait_for_function(
            "(query) => ['', query].includes(location.search.replace(/[?&][zc]=[^&]*/g, ''))",
            arg=query,
        )

    @property
    def config(self) -> dict[str, Any]:
        """The map's description."""
        found: dict[str, Any] = self.page.evaluate(
            "JSON.parse(document.querySelector('.map').dataset.config)"
        )
        return found

    def fetch(self, url: str) -> Any:
        """Fetch a file as the page does."""
        found = self.page.evaluate("async (url) => (await fetch(url)).json()", url)
        if "scale" in found:
            for feature in found["features"]:
                feature["geometry"] = _unpacked(feature["geometry"], found["scale"])
        return found

    def pixels(self) -> int:
        """Count the pixels that the shown layer has painted."""
        counted: int = self.page.evaluate(
            """() => {
              let painted = 0;
              const pane = ".leaflet-overlay-pane canvas:not([hidden])";
              for (const drawn of document.querySelectorAll(pane)) {
                const { width, height } = drawn;
                const canvas = Object.assign(document.createElement("canvas"), { width, height });
                const pen = canvas.getContext("2d", { willReadFrequently: true });
                pen.drawImage(drawn, 0, 0);
                const { data } = pen.getImageData(0, 0, width, height);
                for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
              }
              return painted;
            }"""
        )
        return counted

    def spot(self, geometry: dict[str, Any]) -> tuple[float, float]:
        """Return where the inside of a shape is on the screen, in CSS pixels."""
        inside = shape(geometry).representative_point()
        x, y = self.page.evaluate(
            """([lat, lon]) => {
              const { x, y } = window.keptMap.latLngToContainerPoint([lat, lon]);
              const { left, top } = window.keptMap.getContainer().getBoundingClientRect();
              return [left + x, top + y];
            }""",
            [inside.y, inside.x],
        )
        return x, y

    def shoot(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture for people to look at."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=whole)


@pytest.fixture(scope="session")
def results_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results that are looked at: those of GEOENGINE_RESULTS, or else the invented ones."""
    if "GEOENGINE_RESULTS" in os.environ:
        return Path(os.environ["GEOENGINE_RESULTS"])
    folder = tmp_path_factory.mktemp("results")
    invented.write_results(folder)
    invented.write_streets(folder)
    return folder


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[..., str]]:
    """Serve results folders while the tests run: a function from a folder to its address."""
    servers = []

    def run(server: Any) -> None:
        # It may be looking at its socket just as that is closed.
        with contextlib.suppress(OSError):
            server.run()

    def serve(folder: Path, settings: Settings = DEFAULTS) -> str:
        server = waitress.create_server(create_app(folder, settings), host="127.0.0.1", port=0)
        threading.Thread(target=run, args=(server,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.effective_port}/"

    yield serve
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def home(serving: Callable[[Path], str], results_folder: Path) -> str:
    """The page's address."""
    return serving(results_folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian packages it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visiting(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Start visits, and find afterwards that none met a fault or asked another host."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def visit(home: str, size: tuple[int, int] = LAPTOP, **options: Any) -> Visit:
        width, height = size
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        context.add_init_script(KEEP_MAP)
        contexts.append(context)
        visits.append(Visit(context.new_page(), home))
        return visits[-1]

    yield visit
    for context in contexts:
        context.close()
    assert [fault for visit in visits for fault in visit.faults] == []
    asked = [url for visit in visits for url in visit.asked]
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:"))] == []


@pytest.fixture
def visit(visiting: Callable[..., Visit], home: str) -> Visit:
    """A visit with a laptop."""
    return visiting(home)


@pytest.fixture(scope="session")
def invented_results() -> ModuleType:
    """The module that writes the invented results."""
    return invented


@pytest.fixture(scope="session")
def village_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that the engine itself made."""
    place: Path = tmp_path_factory.mktemp("village")
    _load(HERE.parent / "village.py").run(place)
    return place / "out"


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[Any]]:
    """What axe finds wrong with a page, as a function of the page."""
    source = (HERE / "vendor" / "axe-core-4.14.1" / "axe.min.js").read_text(encoding="utf-8")

    def wrong_with(page: Page) -> list[Any]:
        page.evaluate(source)
        found: list[Any] = page.evaluate(
            """async () => {
              const runOnly = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split(" ");
              const { violations } = await window.axe.run(document, { runOnly });
              return violations.flatMap(({ id, nodes }) =>
                nodes.map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary]));
            }"""
        )
        return found

    return wrong_with
