"""The page of its own, opened from disk by a browser that has no connection; and links to files."""

from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

TABLET = {"width": 1024, "height": 768}
SHOWN = "section[data-layer]:not([hidden])"


@pytest.fixture(scope="module")
def village(serving, village_results):
    """The address of results that the engine itself made."""
    return serving(village_results)


@pytest.fixture
def opened(browser, village, tmp_path):
    """Open a page of its own from disk; it may meet no fault, and ask for nothing but itself."""
    contexts, faults, asked = [], [], []

    def open_(query, **options):
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_bytes(urlopen(f"{village}download/html?{query}").read())
        contexts.append(browser.new_context(offline=True, viewport=TABLET, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []
    assert [url.rsplit("/", 1)[1] for url in asked] == [
        f"page{at}.html" for at in range(len(asked))
    ]


def painted(page):
    return page.evaluate(
        """() => [...document.querySelectorAll(".leaflet-overlay-pane canvas")].some((drawn) => {
          const { data } = drawn.getContext("2d").getImageData(0, 0, drawn.width, drawn.height);
          return data.some((value) => value > 0);
        })"""
    )


def test_a_page_of_its_own_shows_map_and_table_without_any_connection(opened):
    page = opened("layer=underserved")
    expect(page.locator(".map[data-shown]")).to_be_visible()
    assert painted(page)
    rows = page.locator(f"{SHOWN} tbody tr")
    name = rows.nth(1).locator("th").inner_text()
    rows.nth(1).click()
    expect(page.locator("#chosen dd").first).to_have_text(name)
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")


def test_every_layer_of_the_page_can_be_shown(opened):
    page = opened("layer=underserved")
    buttons = page.locator("[data-show]")
    assert buttons.count() > 5
    for at in range(buttons.count()):
        buttons.nth(at).click()
        layer = buttons.nth(at).get_attribute("data-show")
        expect(page.locator(SHOWN)).to_have_attribute("data-layer", layer)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_page_of_its_own(opened, axe, scheme):
    page = opened("layer=underserved", color_scheme=scheme)
    expect(page.locator(".map[data-shown]")).to_be_visible()
    assert axe(page) == []


def test_without_scripts_every_table_is_there(opened):
    page = opened("layer=underserved", java_script_enabled=False)
    expect(page.locator("section[data-layer]").last).to_be_visible()
    expect(page.locator("noscript")).to_have_count(1)


def test_links_to_files_follow_what_the_map_shows(visit):
    visit.open("?layer=underserved")
    link = visit.page.locator('[data-download][href*="/download/pdf"]')
    expect(link).to_have_attribute("href", "/download/pdf?layer=underserved")
    visit.page.locator('[data-layer="areas"]').first.click()
    expect(link).to_have_attribute("href", "/download/pdf?layer=areas")
