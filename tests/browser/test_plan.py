"""Planning, done in a browser: drop, drag, close, resize, undo, suggest, compare, export."""

import importlib.util
import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from geoengine.scenarios import Open, Scenario
from webmap.plan import links

SIZES = [(1366, 768), (390, 844), (320, 640)]
BUTTON_AND_FOUND = ("#suggest-form .main", "#suggest-found")


@pytest.fixture(scope="module")
def village_home(tmp_path_factory, serving):
    path = Path(__file__).parents[1] / "village.py"
    specification = importlib.util.spec_from_file_location("village", path)
    village = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(village)
    folder = tmp_path_factory.mktemp("village")
    village.run(
        folder, nodes={(1800.0, 10.0): {"amenity": "library", "name": "Hope Street Library"}}
    )
    return serving(folder / "out"), village.degrees([(1800, 0)])[0]


@pytest.fixture
def plan(visiting, village_home):
    home, _ = village_home
    visit = visiting(home)
    visit.page.goto(f"{home}plan")
    settled(visit, "[]")
    return visit


def settled(visit, edits):
    """Wait until the figures of so many edits are shown."""
    visit.page.wait_for_selector(f".map[data-shown='{edits}']" if edits == "[]" else
                                 f".map[data-shown*='{edits}']", timeout=60_000)  # fmt: skip


def beyond(visit):
    """People beyond the cut-off now and as planned."""
    cells = visit.page.locator("#figures tbody tr").first.locator("td").all_inner_texts()
    return cells[:2]


def open_at(visit, where, places="20"):
    visit.page.fill("#open-where", where)
    visit.page.fill("#open-places", places)
    visit.page.keyboard.press("Enter")
    settled(visit, "open")


def test_a_place_is_opened_by_its_coordinates_and_undone_by_keys(plan, village_home):
    _, (lon, lat) = village_home
    open_at(plan, f"{lon},{lat}")
    assert beyond(plan) == ["70", "0"]
    assert "70 fewer children under 5" in plan.page.locator("#sentence").inner_text()
    assert plan.page.locator("#told").inner_text() == plan.page.locator("#sentence").inner_text()
    plan.page.locator("h1").click()
    plan.page.keyboard.press("Control+z")
    settled(plan, "[]")
    assert beyond(plan) == ["70", "70"]
    plan.page.keyboard.press("Control+Shift+z")
    settled(plan, "open")
    assert beyond(plan) == ["70", "0"]


def test_a_place_is_dropped_on_the_map_and_dragged(plan, village_home):
    _, (lon, lat) = village_home
    page = plan.page
    page.click("#drop")
    page.locator(".map").scroll_into_view_if_needed()
    x, y = plan.spot({"type": "Point", "coordinates": [lon, lat]})
    page.mouse.click(x, y)
    settled(plan, "open")
    assert beyond(plan)[1] == "0"
    before = page.url
    box = page.locator(".site.site-opened").bounding_box()
    far_x, far_y = plan.spot({"type": "Point", "coordinates": [lon + 0.0265, lat]})
    page.mouse.move(box["x"] + 13, box["y"] + 13)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 13)
    page.mouse.move(far_x, far_y, steps=5)
    page.mouse.up()
    page.wait_for_url(lambda url: url != before)
    page.locator("#figures tbody tr").first.locator("td").nth(1).filter(
        has_text=re.compile("[1-9]")
    ).wait_for()
    assert page.locator("#edits li").count() == 1


def test_a_setting_is_closed_and_resized_and_the_address_holds_it(plan, visiting, village_home):
    page = plan.page
    page.click("#change > summary")
    page.select_option("#setting", label="Acorns")
    page.fill("#change-places", "60")
    page.click("[data-edit=change] [value=resize]")
    settled(plan, "resize")
    assert page.locator("#edits li").all_inner_texts() == ["Change Acorns to 60 places"]
    page.select_option("#setting", label="Acorns")
    page.click("[data-edit=change] [value=close]")
    settled(plan, "close")
    assert page.locator("#edits li").all_inner_texts() == ["Close Acorns"]
    there = visiting(village_home[0])
    there.page.goto(page.url)
    settled(there, "close")
    assert beyond(there) == beyond(plan)


def test_suggestions_are_taken_up_and_plans_compared(plan):
    page = plan.page
    page.click("#suggest > summary")
    page.fill("#suggest-sites", "1")
    page.click("#suggest-form .main")
    page.get_by_role("link", name="Add to the plan").click(timeout=60_000)
    settled(plan, "open")
    assert beyond(plan) == ["70", "30"]
    page.click("[data-copy] [value=b]")
    page.wait_for_url(re.compile("shown=b"))
    page.click("#change > summary") if not page.locator("#setting").is_visible() else None
    page.select_option("#setting", label="Acorns")
    page.click("[data-edit=change] [value=close]")
    settled(plan, "close")
    page.locator("#compare thead th", has_text="Plan B").wait_for()
    heads = page.locator("#compare thead th").all_inner_texts()
    assert heads[-2:] == ["Plan A", "Plan B"]
    row = page.locator("#compare tbody tr").first.locator("td").all_inner_texts()
    assert row[1].startswith("30")
    assert row[2].split(" ")[0] == beyond(plan)[1]


@pytest.mark.parametrize("size", SIZES)
def test_suggestions_appear_under_their_button_and_take_the_focus(visiting, village_home, size):
    visit = visiting(village_home[0], size)
    page = visit.page
    page.goto(f"{village_home[0]}plan")
    page.click("#suggest > summary")
    page.fill("#suggest-sites", "1")
    page.locator("#suggest-form .main").press("Enter")
    said = page.locator("#suggest-said").filter(has_text="Done in")
    said.wait_for(timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "suggest-found"
    button, found = (page.locator(each).bounding_box() for each in BUTTON_AND_FOUND)
    assert 0 <= found["y"] - (button["y"] + button["height"]) < 80
    assert abs(found["x"] - button["x"]) < 40
    assert found["y"] < size[1]
    told = page.locator("#told").inner_text()
    assert told.startswith("Done in")
    assert page.locator("#suggest-found p").first.inner_text() in told


def test_who_has_gone_elsewhere_is_not_called_back_by_suggestions(plan):
    page = plan.page
    page.click("#suggest > summary")
    page.fill("#suggest-sites", "1")
    page.click("#suggest-form .main")
    page.focus("#plan-name")
    page.locator("#suggest-said").filter(has_text="Done in").wait_for(timeout=60_000)
    assert page.evaluate("document.activeElement.id") == "plan-name"


def test_a_suggestion_is_put_to_the_test_and_its_building_opened(plan, axe):
    page = plan.page
    page.click("#suggest > summary")
    page.fill("#suggest-sites", "1")
    page.check("#suggest-form [value=buildings]")
    page.click("#suggest-form .main")
    with page.expect_response(re.compile("/api/optimise/.*/stress")) as waited:
        page.get_by_role("button", name="How sure is this?").click(timeout=60_000)
    page.wait_for_selector(".steady tbody tr", timeout=60_000)
    page.wait_for_selector("#suggest-stop", state="hidden", timeout=60_000)
    assert page.locator("#told").inner_text().startswith("Done in")
    found = page.locator("#suggest-found")
    assert "A nursery at Hope Street Library, East, would bring 70 more" in found.inner_text()
    assert "In 100 possible futures" in found.inner_text()
    assert page.evaluate("document.activeElement.id") == "suggest-found"
    assert axe(page) == []
    found.get_by_role("link", name="Add to the plan").click()
    settled(plan, "open")
    assert beyond(plan) == ["70", "0"]
    assert "Open Hope Street Library, places unknown" in page.locator("#edits").inner_text()
    page.goto(f"{plan.home}plan/suggest/{waited.value.json()['job']}")
    assert "In 100 possible futures" in page.locator("main").inner_text()
    assert axe(page) == []


def test_a_building_is_opened_from_the_list_by_keys_and_on_the_map(plan, village_home):
    page, (lon, lat) = plan.page, village_home[1]
    page.wait_for_selector("#in-building:not([hidden])")
    page.locator("#in-building > summary").press("Enter")
    page.wait_for_selector("#building option:nth-child(2)", state="attached")
    page.select_option("#building", index=1)
    page.fill("#building-places", "12")
    page.locator("[data-edit=building] button").press("Enter")
    settled(plan, "open")
    assert beyond(plan) == ["70", "0"]
    assert "Open Hope Street Library, 12 places" in page.locator("#edits").inner_text()
    page.click("[value=undo]")
    settled(plan, "[]")
    page.wait_for_selector("#building option:has-text('70 more')", state="attached")
    page.check("#buildings")
    page.locator(".map").scroll_into_view_if_needed()
    page.mouse.click(*plan.spot({"type": "Point", "coordinates": [lon, lat + 0.00009]}))
    settled(plan, "open")
    assert "Open Hope Street Library" in page.locator("#edits").inner_text()


def test_the_plan_and_its_paper_are_taken_away(plan, village_home):
    _, (lon, lat) = village_home
    open_at(plan, f"{lon},{lat}")
    with plan.page.expect_download() as waited:
        plan.page.get_by_role("link", name="Download as a scenario file").click()
    text = waited.value.path().read_text(encoding="utf-8")
    assert 'open = "new-1"' in text
    plan.page.get_by_role("link", name="Paper for a committee").click()
    plan.page.wait_for_selector(".paper")
    assert "70 fewer children" in plan.page.locator(".paper .lead").inner_text()


@pytest.mark.parametrize("prefix", ["", "cy/"])
def test_the_paper_is_printed_on_two_pages_however_much_a_plan_changes(
    visiting, village_home, prefix
):
    home, (lon, lat) = village_home
    made = [
        Open(f"new-{at}", lon + at * 1e-4, lat, 20.0, "St Somebody’s Primary School")
        for at in range(40)
    ]
    visit = visiting(home)
    visit.page.goto(f"{home}{prefix}plan/paper?a={links.pack(Scenario('Much', tuple(made)))}")
    printed = PdfReader(io.BytesIO(visit.page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 2
    first, second = (" ".join(page.extract_text().split()) for page in printed.pages)
    assert "32 more changes" in first or "32 newid arall" in first
    assert re.search(r"(Plan|Cynllun) [0-9a-f]{12} ", second)


def test_what_one_more_would_bring_is_drawn_and_opened_by_a_click(plan):
    page = plan.page
    page.check("#gain")
    page.wait_for_selector("#gain-keys:not([hidden])")
    [hexagon] = plan.fetch("/api/plan/gain")["features"]
    page.locator(".map").scroll_into_view_if_needed()
    page.mouse.click(*plan.spot(hexagon["geometry"]))
    settled(plan, "open")
    assert beyond(plan) == ["70", "30"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["plan", "cy/plan", "plan/closures", "plan/paper"])
def test_every_page_of_the_plan_is_accessible_and_never_too_wide(
    visiting, village_home, axe, size, path
):
    visit = visiting(village_home[0], size)
    visit.page.goto(village_home[0] + path)
    if path.endswith("plan"):
        settled(visit, "[]")
        visit.page.click("#change > summary")
        visit.page.click("#suggest > summary")
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    assert axe(visit.page) == []


def test_without_scripts_the_page_tells_the_plan_and_its_forms_work(visiting, village_home):
    home, (lon, lat) = village_home
    visit = visiting(home, java_script_enabled=False)
    visit.page.goto(f"{home}plan?do=undo")
    visit.page.fill("#open-where", f"{lon}, {lat}")
    visit.page.click("[data-edit=open] [value=open]")
    assert "70 fewer children" in visit.page.locator("#sentence").inner_text()
    assert visit.page.locator("#edits li").count() == 1


def test_without_scripts_sites_are_suggested_tested_and_taken_up(visiting, village_home):
    home, _ = village_home
    visit = visiting(home, java_script_enabled=False)
    page = visit.page
    page.goto(f"{home}plan?do=undo")
    page.click("#suggest > summary")
    page.fill("#suggest-sites", "1")
    page.click("#suggest-form .main")
    assert page.url.endswith("#suggest-found")
    assert "40 more children" in page.locator("#suggest-found").inner_text()
    page.get_by_role("button", name="How sure is this?").click()
    while page.get_by_role("link", name="See how far it has come").count():
        page.get_by_role("link", name="See how far it has come").click()
    assert "In 100 possible futures" in page.locator(".steady").inner_text()
    page.get_by_role("link", name="Add to the plan").click()
    assert "40 fewer children" in page.locator("#sentence").inner_text()
