"""One layer is compared with another on the map: by a slider, and as what changes."""

from pathlib import Path

import pytest

SWIPE = "?layer=underserved&cmp=areas&cmpmode=swipe"
CHANGE = "?layer=minutes_walk&cmp=minutes_cycle&cmpmode=change"
LAPTOP, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)


@pytest.fixture(scope="module")
def minutes(tmp_path_factory, invented_results) -> Path:
    """The invented results, with minutes on foot and by cycle."""
    folder = tmp_path_factory.mktemp("minutes")
    invented_results.write_results(folder)
    invented_results.add_minutes(folder)
    return folder


@pytest.fixture
def there(serving, visiting, minutes):
    """A visit to them."""
    return visiting(serving(minutes))


def parted(page):
    """The edges that clip the panes of the two layers, in CSS pixels of the pane."""
    return page.evaluate(
        """() => ["overlay", "swiped"].map((name) => {
          const { clipPath } = document.querySelector(`.leaflet-${name}-pane`).style;
          return clipPath.match(/-?[\\d.]+px/g)?.map(parseFloat).filter((_, at) => at % 2 === 0);
        })"""
    )


def test_two_layers_share_the_map_and_the_keyboard_moves_where_they_meet(visit):
    visit.open(SWIPE)
    page = visit.page
    left, right = parted(page)
    width = page.locator(".map").bounding_box()["width"]
    assert max(left) == min(right) == pytest.approx(width / 2, abs=2)
    page.focus("#swipe-at")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    visit.settled(f"{SWIPE}&at=53")
    left, right = parted(page)
    assert max(left) == min(right) == pytest.approx(0.53 * width, abs=2)
    page.keyboard.press("Home")
    visit.settled(f"{SWIPE}&at=0")
    assert max(parted(page)[0]) == pytest.approx(0, abs=1)
    page.go_back()
    page.wait_for_function("() => document.querySelector('#swipe-at').value !== '0'")


def test_both_layers_are_drawn_named_and_have_their_legends(visit):
    visit.open(SWIPE)
    page = visit.page
    drawn = page.evaluate(
        """() => ["overlay", "swiped"].map((name) => {
          const canvas = document.querySelector(`.leaflet-${name}-pane canvas:not([hidden])`);
          const pen = canvas.getContext("2d");
          return pen.getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0);
        })"""
    )
    assert drawn == [True, True]
    assert page.locator(".swipe-names").inner_text().split("\n") == [
        "Left: Underserved areas", "Right: Deprivation",
    ]  # fmt: skip
    assert page.locator("[data-legend]:visible").count() == 2
    assert page.locator("[data-legend=areas] .label button").first.is_disabled()
    heads = page.locator("#features thead th").all_inner_texts()
    assert [head.rstrip(" ↕") for head in heads[:3]] == ["Area", "Underserved areas", "Deprivation"]
    visit.shoot("swipe")


def test_the_line_can_be_dragged_and_does_not_move_the_map(visit):
    visit.open(SWIPE)
    page = visit.page
    page.locator(".map").scroll_into_view_if_needed()
    before = page.evaluate("window.keptMap.getCenter()")
    box = page.locator(".map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 200
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, y, steps=4)
    page.mouse.up()
    visit.settled(f"{SWIPE}&at=25")
    assert page.evaluate("window.keptMap.getCenter()") == before


def test_a_link_reopens_the_comparison_and_another_layer_ends_it(visit):
    visit.open(f"{SWIPE}&at=20")
    page = visit.page
    assert page.locator("#swipe-at").input_value() == "20"
    page.click("[data-layer=cells]")
    visit.settled("?layer=cells")
    assert page.locator("#swipe").is_hidden()
    assert page.locator("#compare-end").is_hidden()
    assert parted(page)[0] is None
    page.go_back()
    visit.settled(f"{SWIPE}&at=20")
    assert page.locator("#swipe").is_visible()
    assert len(parted(page)[0]) == 4


def test_comparing_starts_changes_and_ends_without_a_new_page(there):
    there.open("?layer=minutes_walk")
    page = there.page
    page.evaluate("window.samePage = true")
    page.click("#compare summary")
    page.select_option("[data-compare=swipe] select", "areas")
    page.click("[data-compare=swipe] button")
    there.settled("?layer=minutes_walk&cmp=areas&cmpmode=swipe")
    assert page.locator(".swipe-names span").all_inner_texts() == [
        "Left: Time on foot", "Right: Deprivation",
    ]  # fmt: skip
    assert page.locator("[data-legend]:visible .side").all_inner_texts() == [
        "Left: Time on foot", "Right: Deprivation",
    ]  # fmt: skip
    page.select_option("[data-compare=change] select", "minutes_cycle")
    page.click("[data-compare=change] button")
    there.settled(CHANGE)
    assert page.locator("#swipe").is_hidden()
    assert parted(page)[0] is None
    page.locator("[data-legend=compared] .label button", has_text="No change").click()
    page.wait_for_selector(".map[data-shown*=only]", state="attached")
    page.go_back()
    page.go_back()
    there.settled("?layer=minutes_walk&cmp=areas&cmpmode=swipe")
    assert len(parted(page)[0]) == 4
    assert page.locator("[data-legend=compared]").count() == 1
    page.go_forward()
    there.settled(CHANGE)
    page.click("#compare-end")
    there.settled("?layer=minutes_walk")
    assert page.locator("#compare-end").is_hidden()
    assert page.evaluate("window.samePage")


@pytest.mark.parametrize("pair", ["layer=underserved&cmp=areas", "layer=areas&cmp=underserved"])
def test_a_comparison_keeps_the_threshold(there, pair):
    def counts(legend):
        return there.page.locator(f"[data-legend={legend}] td.count").all_inner_texts()

    there.open("?layer=underserved&t=5")
    alone = counts("underserved")
    legend = "compared" if pair.startswith("layer=underserved") else "underserved"
    there.open(f"?{pair}&t=5")
    if legend == "compared":
        assert counts(legend) == alone
    assert there.page.locator("#threshold-said").inner_text() == "5 minutes’ walk"
    there.page.fill("#threshold-minutes", "20")
    there.page.wait_for_selector(".map[data-shown*='t=20']", state="attached")
    assert there.page.locator("#swipe").is_visible()
    twin = there.page.get_attribute("#as-table", "href")
    rows = there.page.locator("#features tbody tr").all_inner_texts()
    there.page.goto(there.home + twin.lstrip("/"))
    table = there.page.locator("#features tbody tr").all_inner_texts()
    assert [row.split() for row in table] == [row.split() for row in rows]


def test_what_cannot_be_compared_is_told_over_the_map(there):
    there.page.goto(f"{there.home}map?layer=areas")
    there.page.wait_for_selector(".map[data-shown]", state="attached")
    there.page.evaluate(
        """() => {
          history.pushState(null, "", "?layer=areas&cmp=unplaced");
          window.dispatchEvent(new PopStateEvent("popstate"));
        }"""
    )
    told = "The layer 'areas' can't be compared with 'unplaced' by swipe"
    there.page.get_by_text(told).first.wait_for()
    there.faults = [fault for fault in there.faults if "400 (BAD REQUEST)" not in fault]


def test_the_change_is_a_map_a_legend_a_table_and_sentences(there):
    there.open(CHANGE)
    page = there.page
    assert there.pixels() > 1000
    labels = page.locator("[data-legend=compared] .label").all_inner_texts()
    assert labels[3] == "No change"
    assert "A way now, where there was none" in labels
    assert page.locator("#features tbody tr").first.locator("td").all_inner_texts()[:3] == [
        "20", "26", "+6",
    ]  # fmt: skip
    page.locator("#features tbody a").first.click()
    page.wait_for_function("() => document.querySelector('#details .sentence')")
    assert page.inner_text("#details .sentence").endswith(": 20 before and 26 after: 6 more.")
    page.locator("[data-legend=compared] .label button", has_text="No change").click()
    page.wait_for_selector(".map[data-shown*=only]", state="attached")
    shown = page.locator("#features tbody th a").all_inner_texts()
    page.goto(there.home + page.get_attribute("#as-table", "href").lstrip("/"))
    assert page.locator("#features tbody th a").all_inner_texts() == shown


def test_the_squares_of_need_and_access_narrow_the_map(serving, visiting, village_results):
    visit = visiting(serving(village_results)).open("?layer=need_access")
    page = visit.page
    cell = page.locator("[data-only=high_fair]")
    assert cell.get_attribute("aria-label") == (
        "High need, fair access: 2 areas, 90 children under 5"
    )
    cell.click()
    visit.settled("?layer=need_access&only=high_fair")
    assert cell.get_attribute("aria-current") == "true"
    assert page.locator("#features tbody tr").count() == 2
    cell.press("Enter")
    visit.settled("?layer=need_access")
    assert page.locator("#features tbody tr").count() == 5


@pytest.mark.parametrize("size", [LAPTOP, PHONE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(serving, visiting, minutes, axe, size, scheme):
    visit = visiting(serving(minutes), size, color_scheme=scheme)
    for query in (f"{SWIPE}&at=30", CHANGE):
        visit.open(query)
        assert axe(visit.page) == [], query
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], query
        visit.shoot(f"compare-{'change' if query == CHANGE else 'swipe'}-{size[0]}-{scheme}")
    visit.page.goto(f"{visit.home}table{CHANGE}")
    assert axe(visit.page) == []
