"""What of the map's page is on the first screen, before anybody scrolls."""

import pytest

LAPTOP, LARGE, PHONE = (1366, 768), (1920, 1080), (390, 844)


@pytest.mark.parametrize("size", [LAPTOP, LARGE], ids=["laptop", "large"])
def test_the_map_is_whole_and_its_key_lies_beside_it(visiting, home, size):
    visit = visiting(home, size).open()
    frame = visit.page.locator(".map").bounding_box()
    assert frame["y"] + frame["height"] <= size[1]
    for layer in visit.config["layers"]:
        visit.open(f"?layer={layer['layer_id']}")
        first = visit.page.locator("[data-legend]:visible tbody tr:visible").first.bounding_box()
        assert first["x"] > frame["x"] + frame["width"]
        assert first["y"] + first["height"] < size[1], layer["layer_id"]


def test_a_phone_has_the_map_on_its_first_screen_and_the_layers_to_be_opened(visiting, home):
    visit = visiting(home, PHONE).open()
    page = visit.page
    assert page.locator(".map").bounding_box()["y"] < PHONE[1] / 2
    assert page.locator(".layers[open]").count() == 0
    marked = page.locator(".layers:has([aria-current]) h3")
    line = "getComputedStyle(document.querySelector('.layers:has([aria-current]) h3'))"
    assert page.evaluate(f"{line}.textDecorationLine") == "underline"
    marked.click()
    assert page.locator("[data-layer]:visible").count() > 1
    legend = page.locator("[data-legend]:visible").bounding_box()
    assert legend["y"] < page.locator("#features").bounding_box()["y"]


def test_a_laptops_first_screen_has_the_tools_under_the_map_and_rows_of_the_tables_page(
    visiting, home
):
    visit = visiting(home, LAPTOP).open()
    for tool in ("#reach-open", ".threshold-choice"):
        box = visit.page.locator(tool).bounding_box()
        assert box["y"] < LAPTOP[1], tool
    visit.page.goto(f"{home}table")
    row = visit.page.locator("#features tbody tr").nth(1).bounding_box()
    assert row["y"] + row["height"] < LAPTOP[1]


def test_the_table_beside_the_map_cuts_no_column(visiting, home):
    visit = visiting(home, LAPTOP).open()
    box = visit.page.locator(".listing .scroll").bounding_box()
    edge = box["x"] + box["width"]
    heads = [head.bounding_box() for head in visit.page.locator("#features thead th").all()]
    seen = [head for head in heads if head["x"] < edge - 2]
    assert len(seen) == 3
    assert all(head["x"] + head["width"] <= edge + 1 for head in seen)


def test_a_layer_that_is_long_in_coming_is_named_and_the_one_before_stays(visiting, home):
    visit = visiting(home)
    page = visit.page
    held = []
    page.route("**/layers/cells/values.json", lambda route: held.append(route))
    visit.open()
    before = visit.pixels()
    layer = next(each for each in visit.config["layers"] if each["layer_id"] == "cells")
    page.click("[data-layer=cells]")
    page.get_by_text(f"Fetching {layer['title']} …").first.wait_for()
    assert page.locator(".frame[aria-busy=true]").count() == 1
    assert page.locator(".layers [aria-current]").inner_text() == layer["title"]
    assert visit.pixels() == before
    held.pop().continue_()
    visit.settled("?layer=cells")
    assert page.locator(".frame[aria-busy]").count() == 0
    assert page.locator("#map-note").is_hidden()


def test_back_while_a_layer_is_coming_brings_all_of_the_one_before(visiting, home):
    visit = visiting(home)
    page = visit.page
    held = []
    page.route("**/layers/cells/values.json", lambda route: held.append(route))
    visit.open()
    before, first = visit.pixels(), page.locator(".layers [aria-current]").inner_text()
    page.click("[data-layer=cells]")
    page.locator("[data-layer=cells][aria-current]").wait_for()
    page.go_back()
    page.locator(".frame:not([aria-busy])").wait_for()
    assert page.locator(".layers [aria-current]").inner_text() == first
    with page.expect_response("**/layers/cells/values.json"):
        held.pop().continue_()
    assert page.locator(".layers [aria-current]").inner_text() == first
    assert visit.pixels() == before
