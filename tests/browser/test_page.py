"""What people can do on the page, done in a browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

LAPTOP, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)


def query(layer: str, selected: str = "") -> str:
    return f"?layer={layer}" + (f"&selected={selected}" if selected else "")


def areas(visit: Any) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids and the shapes of the first layer's areas."""
    first = visit.config["layers"][0]
    collection = visit.fetch(first["geometry_url"])
    shapes = {feature["id"]: feature["geometry"] for feature in collection["features"]}
    ids = visit.fetch(first["values_url"])["ids"]
    return ids, [shapes[each] for each in ids]


def column(visit: Any, at: int) -> list[str]:
    cells: list[str] = visit.page.locator(
        f"#features tbody tr > :nth-child({at})"
    ).all_inner_texts()
    return cells


def test_every_layer_can_be_shown_and_is_drawn(visit):
    visit.open()
    for layer in visit.config["layers"]:
        visit.page.click(f"[data-layer={layer['layer_id']}]")
        visit.settled(query(layer["layer_id"]))
        assert (visit.pixels() > 100) == (layer["geometry"] != "none"), layer["layer_id"]
        legend = visit.page.locator(f"[data-legend={layer['layer_id']}]")
        assert legend.is_visible()
        assert legend.locator("tr[data-class]").count() == len(layer["classes"])
        current = visit.page.locator(".layers [aria-current]")
        assert current.inner_text() == layer["title"]
        shown = min(layer["features"], visit.config["table_rows"])
        assert visit.page.locator("#features tbody tr").count() == shown
        visit.shoot(f"layer-{layer['layer_id']}")


def test_a_click_on_an_area_opens_that_area(visit):
    visit.open()
    visit.page.locator(".map").scroll_into_view_if_needed()
    ids, shapes = areas(visit)
    inside = visit.page.locator(".map").bounding_box()
    clicked = 0
    largest = sorted(zip(ids, shapes, strict=True), key=lambda pair: -shape(pair[1]).area)
    for feature_id, geometry in largest[:12]:
        x, y = visit.spot(geometry)
        if not (inside["y"] < y < min(inside["y"] + inside["height"], 760)):
            continue
        visit.page.mouse.click(x, y)
        visit.settled(query(visit.config["layers"][0]["layer_id"], feature_id))
        name = visit.page.locator("#details h2").inner_text()
        row = visit.page.locator("#features tr[aria-current=true]")
        assert row.get_attribute("data-id") == feature_id
        assert row.locator("th a").inner_text() == name
        clicked += 1
    assert clicked >= 5


def test_the_pointer_is_told_the_name_and_the_class(visit):
    visit.open()
    _, shapes = areas(visit)
    visit.page.mouse.move(*visit.spot(shapes[0]))
    told = visit.page.locator(".leaflet-tooltip")
    told.wait_for()
    name = visit.page.locator("#features tbody th a").first.inner_text()
    line = visit.page.locator("[data-legend] tbody th").first.inner_text()
    assert told.inner_text().split("\n") == [name, line]


def test_a_row_of_the_table_moves_the_map_to_its_area(visit):
    visit.open()
    ids, shapes = areas(visit)
    visit.page.locator("#features tbody th a").nth(3).click()
    visit.settled(query(visit.config["layers"][0]["layer_id"], ids[3]))
    x, y = visit.spot(shapes[3])
    frame = visit.page.locator(".map").bounding_box()
    assert frame["x"] < x < frame["x"] + frame["width"]
    assert frame["y"] < y < frame["y"] + frame["height"]
    marked = visit.page.evaluate(
        """() => {
          const canvas = document.querySelector(".leaflet-marked-pane canvas");
          const pen = canvas.getContext("2d");
          return pen.getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0);
        }"""
    )
    assert marked
    visit.shoot("chosen")


def test_headings_sort_the_table_and_say_so(visit):
    visit.open()
    first = visit.config["layers"][0]
    names = [each["name"] for each in first["columns"]]
    at = names.index("children")
    values = visit.fetch(first["values_url"])["columns"]["children"]
    heading = visit.page.locator(f"#features thead th:nth-child({at + 1})")
    for direction in ("ascending", "descending"):
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == direction
        shown = [float(text.replace(",", "")) for text in column(visit, at + 1)]
        wanted = sorted(values, reverse=direction == "descending")[: visit.config["table_rows"]]
        assert shown == pytest.approx(wanted, abs=0.5)
    assert visit.page.locator("#features thead [aria-sort]").count() == 1


def test_a_class_of_the_legend_can_be_hidden_and_shown(visit):
    visit.open()
    page = visit.page
    before = visit.pixels()
    label = page.locator("[data-legend]:visible tbody tr").nth(2).locator("button")
    hidden = int(
        page.locator("[data-legend]:visible tbody tr").nth(2).locator("td").first.inner_text()
    )
    total = page.locator("#features tbody tr").count()
    label.click()
    page.wait_for_selector(".map[data-shown*=only]", state="attached")
    assert label.get_attribute("aria-pressed") == "false"
    assert page.locator("#features tbody tr").count() == total - hidden
    assert visit.pixels() < before
    twin = page.locator("#as-table").get_attribute("href")
    shown = page.locator("#features tbody th a").all_inner_texts()
    page.goto(visit.home + twin.lstrip("/"))
    assert page.locator("#features tbody th a").all_inner_texts() == shown
    page.go_back()
    page.wait_for_selector(".map[data-shown*=only]")
    assert page.locator("#features tbody tr").count() == total - hidden
    page.locator("[data-legend]:visible tbody tr").nth(2).locator("button").click()
    page.wait_for_selector(".map:not([data-shown*=only])", state="attached")
    assert page.locator("#features tbody tr").count() == total


def test_two_classes_hidden_one_right_after_the_other_are_both_hidden(visit):
    visit.open("?layer=underserved")
    visit.page.evaluate(
        """() => {
          const rows = document.querySelectorAll("[data-legend=underserved] .label button");
          for (const at of [0, 1]) rows[at].click();
        }"""
    )
    pressed = "[data-legend=underserved] .label button[aria-pressed=false]"
    visit.page.wait_for_selector(".map[data-shown*=only]", state="attached")
    assert visit.page.locator(pressed).count() == 2


def test_the_address_goes_back_and_forth(visit):
    visit.open()
    first, second = (layer["layer_id"] for layer in visit.config["layers"][:2])
    ids, _ = areas(visit)
    visit.page.locator("#features tbody th a").first.click()
    visit.settled(query(first, ids[0]))
    visit.page.click(f"[data-layer={second}]")
    visit.page.wait_for_function(f"location.search.startsWith('?layer={second}')")
    visit.page.go_back()
    visit.settled(query(first, ids[0]))
    assert visit.page.locator("#details h2").inner_text() != "Nothing chosen"
    visit.page.go_back()
    visit.page.wait_for_function(
        "document.querySelector('#details h2').innerText === 'Nothing chosen'"
    )
    visit.page.go_forward()
    visit.settled(query(first, ids[0]))


def test_an_address_that_is_passed_on_shows_the_same(visiting, home):
    here = visiting(home)
    here.open()
    ids, _ = areas(here)
    first = here.config["layers"][0]["layer_id"]
    other = visiting(home).open(query(first, ids[2]))
    assert other.page.locator("#features tr[aria-current=true]").get_attribute("data-id") == ids[2]
    lost = visiting(home).open(query(first, "nowhere"))
    assert "There is no “nowhere” in" in lost.page.locator("#details").inner_text()


def test_everything_works_from_the_keyboard(visit):
    visit.open()
    page = visit.page
    ids, _ = areas(visit)
    first = visit.config["layers"][0]["layer_id"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    visit.settled(query(first))
    for _ in range(2):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "table"
    page.locator("#features tbody th a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    visit.settled(query(first, ids[1]))
    said = page.locator("#told").inner_text()
    assert page.locator("#details h2").inner_text() in said
    page.keyboard.press("Escape")
    visit.settled(query(first))
    page.locator(".map").focus()
    page.keyboard.press("n")
    visit.settled(query(first, ids[0]))
    page.keyboard.press("n")
    visit.settled(query(first, ids[1]))
    page.keyboard.press("p")
    visit.settled(query(first, ids[0]))
    before = page.evaluate("window.keptMap.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("(before) => window.keptMap.getCenter().lng > before", arg=before)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.querySelector('.map')")


def test_what_has_the_focus_is_seen(visit):
    visit.open()
    for _ in range(12):
        visit.page.keyboard.press("Tab")
        width, name = visit.page.evaluate(
            """() => {
              const { outlineWidth } = getComputedStyle(document.activeElement);
              return [parseFloat(outlineWidth), document.activeElement.outerHTML.slice(0, 80)];
            }"""
        )
        assert width >= 2, name


def test_without_scripts_the_pages_still_answer(visiting, home, results_folder):
    visit = visiting(home, java_script_enabled=False)
    page = visit.page
    page.goto(home)
    summary = json.loads((results_folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["service"] in page.locator("h1").inner_text()
    assert page.locator(".figures dt").count() >= 3
    assert page.locator(".chart polyline").count() == 2
    assert not page.locator("#theme").is_visible()
    page.get_by_role("link", name="Map", exact=True).click()
    assert page.locator("#features tbody tr").count() > 5
    page.locator("#features tbody th a").nth(1).click()
    name = page.locator("#features tbody th a").nth(1).inner_text()
    assert page.locator("#details h2").inner_text() == name
    visit.shoot("no-scripts", whole=True)
    page.get_by_role("link", name="Table", exact=True).click()
    page.get_by_role("link", name="Children under 5", exact=True).click()
    assert page.locator("#features [aria-sort=ascending]").count() == 1
    page.get_by_label("Not among the most deprived").uncheck()
    page.get_by_role("button", name="Apply").click()
    assert page.locator("#features tbody tr").count() < 30
    page.locator("#features tbody th a").first.click()
    assert page.locator("h2", has_text="How it compares").count() == 1


def test_a_family_finds_what_it_can_reach_without_scripts(
    visiting, serving, tmp_path, invented_results
):
    invented_results.write_results(tmp_path)
    visit = visiting(serving(tmp_path), java_script_enabled=False)
    page = visit.page
    page.goto(f"{visit.home}postcode")
    page.get_by_label("Postcode").fill("nonsense")
    page.get_by_role("button", name="Find").click()
    assert "is not a whole postcode" in page.get_by_role("alert").inner_text()
    page.get_by_label("Postcode").fill("xw11aa")
    page.get_by_role("button", name="Find").click()
    assert page.url.endswith("/postcode/XW11AA")
    assert page.locator("tbody th").all_inner_texts() == ["Nursery 1", "Nursery 3"]
    page.get_by_role("link", name="Cymraeg").click()
    assert page.url.endswith("/cy/postcode/XW11AA")
    assert "munud" in page.locator(".lead").inner_text()


READ = (
    "",
    "table",
    "table?layer=provision",
    "area/E01990000",
    "postcode",
    "postcode/XW11AA",
    "method",
    "data",
    "accessibility-statement",
    "nowhere",
    "cy/",
    "cy/area/E01990000",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["laptop", "narrow"])
def test_axe_finds_nothing_wrong_with_the_pages_to_be_read(
    visiting, serving, tmp_path, invented_results, axe, size, scheme
):
    invented_results.write_results(tmp_path)
    visit = visiting(serving(tmp_path), size, color_scheme=scheme)
    for path in READ:
        visit.page.goto(visit.home + path)
        for closed in visit.page.locator("details > summary").all():
            closed.click()
        assert axe(visit.page) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        visit.shoot(f"read-{path.replace('/', '-') or 'answer'}-{size[0]}-{scheme}", whole=True)
    visit.faults = [fault for fault in visit.faults if "404 (NOT FOUND)" not in fault]


def test_the_reader_may_choose_the_dark_and_keeps_it(visiting, home):
    visit = visiting(home)
    page = visit.page
    ground = "getComputedStyle(document.body).backgroundColor"
    page.goto(home)
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(f"{home}method")
    assert page.evaluate(ground) == dark
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(LAPTOP, "light"), (LAPTOP, "dark"), (PHONE, "light")],
    ids=["laptop", "laptop in the dark", "phone"],
)
def test_axe_finds_nothing_wrong_with_the_map(visiting, home, axe, size, scheme):
    visit = visiting(home, size, color_scheme=scheme).open()
    ids, _ = areas(visit)
    first = visit.config["layers"][0]["layer_id"]
    asked = [query(layer["layer_id"]) for layer in visit.config["layers"]]
    for each in [query(first, ids[0]), *asked]:
        visit.open(each)
        for closed in visit.page.locator("details:visible > summary").all():
            closed.click()
        assert axe(visit.page) == [], each


@pytest.mark.parametrize("size", [NARROW, PHONE, LAPTOP], ids=["narrow", "phone", "laptop"])
def test_nothing_is_wider_than_the_screen(visiting, home, size):
    visit = visiting(home, size).open()
    ids, _ = areas(visit)
    visit.page.locator("#features tbody th a").first.click()
    visit.settled(query(visit.config["layers"][0]["layer_id"], ids[0]))
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    visit.shoot(f"whole-{size[0]}", whole=True)


def test_small_screens_have_the_map_over_the_table(visiting, home):
    visit = visiting(home, PHONE).open()
    frame = visit.page.locator(".map").bounding_box()
    table = visit.page.locator("#features").bounding_box()
    assert frame["y"] + frame["height"] <= table["y"]


def test_paper_shows_the_statement_the_map_the_legend_and_the_table(visit):
    visit.open()
    visit.page.emulate_media(media="print")
    for wanted in ("h1", ".map", ".legend:not([hidden])", "#features"):
        assert visit.page.locator(wanted).is_visible(), wanted
    for unwanted in (".layers", ".leaflet-control-zoom", ".map-help"):
        assert not visit.page.locator(unwanted).first.is_visible(), unwanted
    assert visit.pixels() > 100
    visit.page.pdf(
        path=Path(__file__).parent.parent / "artefacts" / "page.pdf", prefer_css_page_size=True
    )


def test_a_wide_table_lies_beneath_the_map(visit):
    visit.open()
    button = visit.page.get_by_role("button", name="Wider table")
    beside = visit.page.locator("#features").bounding_box()
    button.click()
    beneath = visit.page.locator("#features").bounding_box()
    frame = visit.page.locator(".map").bounding_box()
    assert button.get_attribute("aria-pressed") == "true"
    assert beneath["y"] > frame["y"] + frame["height"] > beside["y"]
    visit.shoot("wide-table", whole=True)


@pytest.mark.parametrize(
    "name",
    [
        "<script>document.title = 'taken'</script>",
        "<img src=x onerror=\"document.title = 'taken'\">",
        "=cmd|' /C calc'!A0",
        "{{ 7 * 7 }}{% raw %}",
        "\"'></div><b>",
    ],
)
def test_hostile_names_are_only_text(visiting, serving, tmp_path, invented_results, name):
    invented_results.write_results(tmp_path, rename=lambda old: old + name)
    visit = visiting(serving(tmp_path)).open("?layer=underserved&selected=E01990000")
    page = visit.page
    assert page.locator("#details h2").inner_text() == "Old Quay" + name
    assert page.locator("#features tr[aria-current] a").inner_text() == "Old Quay" + name
    _, shapes = areas(visit)
    page.mouse.move(*visit.spot(shapes[0]))
    page.locator(".leaflet-tooltip strong").wait_for()
    assert page.locator(".leaflet-tooltip strong").inner_text() == "Old Quay" + name
    assert page.title().endswith("– Saltmarsh: who can walk to a nursery?" + name)
    assert page.locator("img:not(.leaflet-container img), b").count() == 0


def test_a_long_table_is_turned_page_by_page(visiting, serving, tmp_path, invented_results):
    invented_results.write_results(tmp_path)
    visit = visiting(serving(tmp_path)).open("?layer=cells")
    page = visit.page
    rows = page.locator("#features tbody tr")
    assert (rows.count(), page.locator(".pager span").inner_text()) == (200, "1–200 of 420")
    assert page.get_by_role("button", name="Earlier rows").is_disabled()
    page.get_by_role("button", name="Later rows").click()
    page.get_by_role("button", name="Later rows").click()
    assert (rows.count(), page.locator(".pager span").inner_text()) == (20, "401–420 of 420")
    assert page.get_by_role("button", name="Later rows").is_disabled()
    first = visit.fetch(visit.config["layers"][5]["values_url"])["ids"][0]
    visit.open(query("cells", first))
    assert page.locator("#features tr[aria-current]").get_attribute("data-id") == first


def test_results_replaced_meanwhile_are_told(visiting, serving, tmp_path, invented_results):
    invented_results.write_results(tmp_path)
    visit = visiting(serving(tmp_path)).open()
    invented_results.write_results(tmp_path, run="ba9876543210")
    visit.page.click("[data-layer=cells]")
    note = visit.page.locator("#map-note")
    note.wait_for()
    told = "Newer results have replaced these; reload the page to see them."
    assert note.inner_text() == f"This layer can’t be shown. {told}"
    visit.page.reload()
    visit.settled("?layer=cells")
    assert [fault for fault in visit.faults if "410 (GONE)" not in fault] == []
    visit.faults.clear()
