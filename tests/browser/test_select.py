"""Several areas are chosen together, by pointer and by keyboard, and the page adds them up."""

import pytest
from shapely.geometry import shape


def said(page, start):
    page.wait_for_function(
        "(start) => document.querySelector('#select-said').textContent.startsWith(start)",
        arg=start,
    )


def chosen(page):
    return page.locator("#features input:checked").evaluate_all("all => all.map(x => x.value)")


def test_a_box_takes_in_areas_and_the_address_keeps_them(visit):
    visit.open("?layer=underserved")
    page = visit.page
    page.click("#select-box")
    layer = visit.config["layers"][0]
    shapes = visit.fetch(layer["geometry_url"])["features"]
    first = next(each for each in shapes if each["id"] == "E01990000")
    west, south, east, north = shape(first["geometry"]).bounds
    corners = [
        visit.spot({"type": "Point", "coordinates": spot})
        for spot in ((west, north), (east, south))
    ]
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=4)
    page.mouse.up()
    said(page, "1 area: ")
    assert chosen(page) == ["E01990000"]
    visit.settled("?layer=underserved&sel=E01990000")
    told = page.inner_text("#select-said")
    page.reload()
    said(page, told)
    page.click("#select-clear")
    visit.settled("?layer=underserved")
    page.go_back()
    said(page, told)


def test_areas_are_chosen_from_the_table_by_keyboard_and_by_ward(visit):
    visit.open("?layer=underserved")
    page = visit.page
    boxes = page.locator("#features input[type=checkbox]")
    for at in (0, 2):
        boxes.nth(at).focus()
        page.keyboard.press("Space")
    said(page, "2 areas: ")
    assert page.locator("#select-sums table").count() == 2
    told = page.inner_text("#select-said")
    page.wait_for_function(
        "(told) => document.querySelector('#told').textContent === told", arg=told
    )
    page.select_option("#select-all", "Old Quay ward")
    page.get_by_role("button", name="Choose them").click()
    page.wait_for_function("() => document.querySelectorAll('#features input:checked').length >= 6")


def test_a_click_with_ctrl_takes_one_more_in(visit):
    visit.open("?layer=underserved")
    page = visit.page
    layer = visit.config["layers"][0]
    held = {each["id"]: each["geometry"] for each in visit.fetch(layer["geometry_url"])["features"]}
    page.locator(".map").scroll_into_view_if_needed()
    page.keyboard.down("Control")
    for code, told in (("E01990013", "1 area: "), ("E01990014", "2 areas: ")):
        page.mouse.click(*visit.spot(held[code]))
        said(page, told)
    page.keyboard.up("Control")
    assert sorted(chosen(page)) == ["E01990013", "E01990014"]


def test_layers_of_other_things_offer_no_choice_of_several(visit):
    visit.open("?layer=provision")
    assert visit.page.locator("#select").is_hidden()
    assert visit.page.locator("#features input[type=checkbox]").count() == 0


@pytest.mark.parametrize("prefix", ["", "cy/"])
@pytest.mark.parametrize("t", ["", "&t=20"])
def test_the_table_without_scripts_says_what_the_panel_says(visiting, home, prefix, t):
    query = f"?layer=underserved{t}&sel=E01990000,E01990003,E01990024"
    visit = visiting(home)
    page = visit.page
    page.goto(f"{home}{prefix}map{query}")
    page.wait_for_selector("#select-sums table")
    mine = [page.inner_text("#select-said"), *page.locator("#select-sums table").all_inner_texts()]
    there = page.locator("#select-sums a").get_attribute("href")
    plain = visiting(home, java_script_enabled=False).page
    plain.goto(home.rstrip("/") + there)
    assert mine == [
        plain.inner_text("#select-said"),
        *plain.locator("#select-sums table").all_inner_texts(),
    ]
    assert plain.locator("#features tbody tr").count() == 3


def test_areas_are_chosen_and_added_up_without_scripts(visiting, home):
    page = visiting(home, java_script_enabled=False).page
    page.goto(f"{home}table?layer=underserved&sort=name")
    for name in ("Abbey Fields", "Castle Hill"):
        page.get_by_role("checkbox", name=f"Take in {name}").check()
    page.get_by_role("button", name="Only those ticked, added up").click()
    assert page.inner_text("#select-said").startswith("2 areas: ")
    rows = page.locator("#features tbody th a").all_inner_texts()
    assert rows == ["Abbey Fields", "Castle Hill"]
    page.get_by_role("link", name="The same on the map").click()
    assert "sel=E01990008,E01990007" in page.url
    page.go_back()
    page.get_by_role("link", name="Show every row").click()
    assert page.locator("#features tbody tr").count() == 30
