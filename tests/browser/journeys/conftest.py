"""A county, and those who walk through its pages: with a mouse, or with the keyboard alone."""

import csv
import io
import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from geoengine import demo, publish
from geoengine.store import Cache
from geoengine.study import load

TOWN = 0.3
"""Of a county: large enough for hotspots of each kind and for a withheld figure."""
MOST_TABS = 80
THUMB_PX = 8
SLOWEST_MS = 120_000
"""A search for sites, on a machine that has much else to do."""
NO_POINTER = """
for (const kind of ["pointerdown", "mousedown", "touchstart"]) {
  addEventListener(kind, () => console.error(`the keyboard was left: ${kind}`), true);
}
"""
SEEN = """(it) => {
  const { top, bottom } = it.getBoundingClientRect();
  const ring = it.closest("tr[aria-current]") ?? it;
  const drawn = [it, ring].map((each) => parseFloat(getComputedStyle(each).outlineWidth));
  return [Math.max(...drawn), bottom > 0 && top < innerHeight];
}"""
AHEAD = """(it) => {
  const { activeElement: here } = document;
  if (it === here) return 0;
  return here.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
}"""


@dataclass(frozen=True)
class County:
    """
    Where everything of the county is.

    Parameters
    ----------
    study
        Its study.
    results
        What was found in it.
    kept
        What its run kept for the next one.
    home
        The address of its pages.
    """

    study: Path
    results: Path
    kept: Path
    home: str

    def get(self, path: str) -> str:
        """Return what stands at an address of the pages, as any program would get it."""
        with urllib.request.urlopen(self.home + path) as answer:
            found: str = answer.read().decode("utf-8-sig")
        return found

    def rows(self, path: str) -> list[dict[str, str]]:
        """Return the rows of a CSV file at an address of the pages."""
        return list(csv.DictReader(io.StringIO(self.get(path))))

    def setting(self) -> str:
        """Return the name of a setting that counts, such as no file has to write otherwise."""
        rows = self.rows("download/csv?layer=provision")
        return next(row["name"] for row in rows if row["name"][0].isalpha())

    def document(self, path: str) -> Any:
        """Return the JSON at an address of the pages."""
        return json.loads(self.get(path))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory, serving: Callable[[Path], str]) -> County:
    """A county of which everything is known: two terms' figures, hotspots, withheld ones."""
    folder = tmp_path_factory.mktemp("county")
    demo.write(folder / "demo", scale=TOWN)
    study = folder / "demo" / "study.toml"
    out, kept = folder / "out", folder / "kept"
    publish.run(load(study), out, Cache(kept), lambda *_: None)
    return County(study, out, kept, serving(out))


class Mouse:
    """Hands on a mouse, and on the keyboard to write."""

    name = "mouse"

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, it: Locator) -> None:
        """Press a link, a button, a box or a radio button."""
        it.click()

    def write(self, it: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""
        it.click(click_count=3)
        self.page.keyboard.type(text)

    def choose(self, it: Locator, label: str) -> None:
        """Choose from a list."""
        it.select_option(label=label)

    def slide(self, it: Locator, value: int) -> None:
        """Move a slider to a whole number."""
        it.scroll_into_view_if_needed()
        box = it.bounding_box()
        assert box is not None
        low, high = (int(it.get_attribute(end) or 0) for end in ("min", "max"))
        way = box["width"] - 2 * THUMB_PX
        x = box["x"] + THUMB_PX + way * (value - low) / (high - low)
        self.page.mouse.click(x, box["y"] + box["height"] / 2)


class Keys:
    """Hands that have no mouse."""

    name = "keyboard"

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(NO_POINTER)

    def reach(self, it: Locator) -> None:
        """Go to an element by Tab, and see that it shows where one is."""
        for _ in range(MOST_TABS):
            way = it.evaluate(AHEAD)
            if not way:
                break
            self.page.keyboard.press("Tab" if way > 0 else "Shift+Tab")
        else:
            pytest.fail(f"{it} is more than {MOST_TABS} stops away")
        width_px, within = it.evaluate(SEEN)
        assert width_px >= 2, f"{it} does not show that it has the focus"
        assert within, f"{it} has the focus out of sight"

    def press(self, it: Locator) -> None:
        """Press a link, a button, a box or a radio button."""
        if it.get_attribute("type") == "radio":
            group = it.locator("xpath=ancestor::fieldset").locator("input[type=radio]:checked")
            self.reach(group)
            while not it.is_checked():
                self.page.keyboard.press("ArrowDown")
            return
        self.reach(it)
        self.page.keyboard.press("Space" if it.get_attribute("type") == "checkbox" else "Enter")

    def write(self, it: Locator, text: str) -> None:
        """Write into a field, in place of what stands there."""
        self.reach(it)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, it: Locator, label: str) -> None:
        """Choose from a list."""
        # What is typed before it is offered chooses nothing.
        it.locator("option", has_text=label).first.wait_for(state="attached")
        self.reach(it)
        self.page.keyboard.type(label)

    def slide(self, it: Locator, value: int) -> None:
        """Move a slider to a whole number."""
        self.reach(it)
        while (here := int(it.input_value())) != value:
            self.page.keyboard.press("ArrowRight" if here < value else "ArrowLeft")


class Walk:
    """
    Somebody's way through the pages, step by step, with a picture kept of each.

    Parameters
    ----------
    visit
        The visit.
    hands
        What the pages are worked with.
    who
        Whose job it is.
    """

    def __init__(self, visit: Any, hands: Mouse | Keys, who: str) -> None:
        self.visit = visit
        self.page: Page = visit.page
        self.hands = hands
        self.who = who
        self.steps = 0

    def open(self, path: str = "") -> None:
        """Open a page by its address."""
        self.page.goto(self.visit.home + path)

    def link(self, name: str) -> None:
        """Follow a link by its words, to another page."""
        here = self.page.url
        self.hands.press(self.page.get_by_role("link", name=name, exact=True).first)
        self.page.wait_for_url(lambda url: url != here, wait_until="domcontentloaded")

    def layer(self, layer_id: str) -> None:
        """Turn the map to another layer."""
        self.hands.press(self.page.locator(f"[data-layer={layer_id}]"))
        self.shown(f"layer={layer_id}")

    def shown(self, part: str = "") -> None:
        """Wait until the map shows what a part of the address asks for."""
        # Nothing else may follow than another part: minutes isn't minutes_walk.
        ends = (f"$='{part}'", *(f"*='{part}{mark}'" for mark in '&,"'))
        asked = ends if part else ("",)
        maps = ", ".join(f".map[data-shown{each}]" for each in asked)
        self.page.locator(maps).wait_for(state="attached")

    def says(self, selector: str, part: str) -> str:
        """Wait until an element says something, and return all that it says."""
        found = self.page.locator(selector).filter(has_text=part).first
        found.wait_for(timeout=SLOWEST_MS)
        return found.inner_text()

    def kept(self, name: str) -> None:
        """Keep a picture of the step that was just taken."""
        self.steps += 1
        picture = f"{self.who}-{self.steps}-{name}"
        self.visit.shoot(f"journey-{picture}-{self.hands.name}", whole=True)


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keyboard"])
def walking(
    request: pytest.FixtureRequest, visiting: Callable[..., Any], county: County
) -> Callable[..., Walk]:
    """Start somebody's walk."""

    def walk(who: str, **options: Any) -> Walk:
        visit = visiting(county.home, **options)
        return Walk(visit, request.param(visit.page), who)

    return walk
