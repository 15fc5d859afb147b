"""The address owns all that is shown: it is written as one goes, and reopens the exact view."""

import pytest

from webmap.access import accounts
from webmap.settings import Settings

PASSWORD = "correct horse battery"


def moved(page):
    """Wait until the address says where the map stands, and say where."""
    page.wait_for_function(
        """() => {
          const asked = new URLSearchParams(location.search);
          const { lat, lng } = window.keptMap.getCenter();
          const at = [lat, lng].map((degrees) => Number(degrees.toFixed(5))).join(",");
          return asked.get("c") === at && Number(asked.get("z")) === window.keptMap.getZoom();
        }"""
    )
    return standing(page)


def standing(page):
    return page.evaluate(
        """() => {
          const { lat, lng } = window.keptMap.getCenter();
          return [window.keptMap.getZoom(), lat, lng];
        }"""
    )


def stands(page, where, within):
    """Wait until the map stands where it should, to so much of a zoom or a degree."""
    page.wait_for_function(
        """([[zoom, lat, lng], within]) => {
          const at = window.keptMap.getCenter();
          const off = [window.keptMap.getZoom() - zoom, at.lat - lat, at.lng - lng];
          return off.every((each) => Math.abs(each) <= within);
        }""",
        arg=[where, within],
    )


PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def seen(visit):
    """Everything on the page that can be changed."""
    page = visit.page
    page.wait_for_function("() => document.querySelector('#reach-rows').rows.length > 0")
    page.wait_for_selector("#select-sums table")
    page.wait_for_selector("#found strong")
    page.evaluate(PAINTED)
    return {
        "said": [page.inner_text(f"#{name}") for name in (
            "headline", "details", "found", "reach-said", "reach-rows", "select-said",
            "select-sums", "threshold-figures", "table-title", "features",
        )],
        "current": page.locator("[data-layer][aria-current]").get_attribute("data-layer"),
        "pressed": page.locator(".legend:not([hidden]) [aria-pressed]").evaluate_all(
            "all => all.map(each => each.getAttribute('aria-pressed'))"
        ),
        "sorted": page.locator("#features [aria-sort]").evaluate_all(
            "all => all.map(each => [each.textContent, each.getAttribute('aria-sort')])"
        ),
        "ticked": page.locator("#features input:checked").evaluate_all(
            "all => all.map(each => each.value)"
        ),
        "strength": page.evaluate(
            "[document.querySelector('.strength input').value,"
            " document.querySelector('.leaflet-overlay-pane').style.opacity]"
        ),
        "inputs": [
            page.input_value(f"#{name}")
            for name in ("threshold-minutes", "reach-spot", "reach-mode")
        ],
        "tips": page.locator(".leaflet-tooltip").all_inner_texts(),
        "query": page.evaluate("document.querySelector('.map').dataset.shown"),
        "pixels": visit.pixels(),
    }  # fmt: skip


def test_an_address_reopens_the_exact_view_in_another_browser(visiting, home):
    here = visiting(home).open("?layer=underserved")
    page = here.page
    page.focus("#threshold-minutes")
    page.keyboard.press("ArrowRight")
    page.locator(".legend:not([hidden]) .label button").nth(2).click()
    page.get_by_role("button", name="Children under 5").click()
    page.get_by_role("button", name="Children under 5").click()
    page.locator("#features tbody th a").nth(1).click()
    for at in (0, 2):
        page.locator("#features input[type=checkbox]").nth(at).check()
    box = page.get_by_role("combobox", name="Search")
    box.fill("xw1 1aa")
    page.wait_for_selector("#search-list li")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found strong")
    page.locator("#found button").first.click()
    page.select_option("#reach-mode", "cycle")
    page.locator(".strength input").fill("60")
    page.locator(".map").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#reach-rows').rows.length > 0")
    zoom, lat, lng = moved(page)
    asked = page.evaluate("[...new URLSearchParams(location.search).keys()].sort()")
    assert asked == sorted(
        ["layer", "selected", "reach", "mode", "only", "sort", "t", "sel", "find", "o", "z", "c"]
    )
    told = seen(here)
    there = visiting(home)
    there.page.goto(page.url)
    there.page.wait_for_selector(".map[data-shown]", state="attached")
    assert seen(there) == told
    assert standing(there.page) == pytest.approx([zoom, lat, lng], abs=1e-5)
    assert there.page.url == page.url
    page.get_by_role("link", name="Cymraeg").click()
    page.wait_for_selector(".map[data-shown]", state="attached")
    assert page.url == there.page.url.replace("/map?", "/cy/map?")


def test_the_address_follows_the_map_without_filling_the_history(visit):
    visit.open("?layer=underserved")
    page = visit.page
    assert page.evaluate("location.search") == "?layer=underserved"
    before = page.evaluate("history.length")
    page.locator(".map").focus()
    for key in ("+", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    moved(page)
    assert page.evaluate("history.length") == before


def test_back_and_forth_lead_to_where_the_map_stood(visit):
    visit.open("?layer=underserved")
    page = visit.page
    start = standing(page)
    page.locator("#features tbody th a").nth(3).click()
    near = moved(page)
    assert near != start
    page.go_back()
    page.wait_for_function("() => !location.search.includes('selected')")
    stands(page, start, 1e-3)
    page.go_forward()
    page.wait_for_function("() => location.search.includes('selected')")
    stands(page, near, 1e-5)


def test_what_is_chosen_out_of_sight_stays_there(visiting, home):
    visit = visiting(home).open("?layer=underserved&selected=E01990000&z=15&c=53.66,0.99")
    assert standing(visit.page) == [15, 53.66, 0.99]
    assert visit.page.inner_text("#details h2") == "Old Quay"


@pytest.mark.parametrize("query", ["z=99&c=0,0", "z=12", "c=53.6,0.9", "z=11&c=95,0", "z=a&c=b,c"])
def test_a_place_that_is_none_shows_the_whole(visiting, home, query):
    whole = standing(visiting(home).open("?layer=underserved").page)
    zoom, lat, lng = standing(visiting(home).open(f"?layer=underserved&{query}").page)
    if query.startswith("z=99"):
        assert (zoom, lat, lng) == (18, 0, 0)
    else:
        assert [zoom, lat, lng] == pytest.approx(whole, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "query", "told"),
    [
        ("keld", "?layer=underserved&find=place.Keld", "Keld Place: village"),
        ("xw1 1aa", "?layer=underserved&selected=E01990000&find=postcode.XW11AA",
         "XW1 1AA Postcode: Old Quay"),
        ("castle", "?layer=underserved&selected=E01990007", ""),
        ("nursery 3", "?layer=provision&selected=N3", ""),
        ("childminder 1", "?layer=unplaced&selected=row 1".replace(" ", "+"), ""),
    ],
)  # fmt: skip
def test_what_is_searched_for_is_gone_to_and_marked(visit, text, query, told):
    visit.open("?layer=underserved")
    page = visit.page
    page.get_by_role("combobox", name="Search").fill(text)
    page.wait_for_selector("#search-list li")
    page.keyboard.press("Enter")
    visit.settled(query)
    if told:
        page.wait_for_selector("#found strong")
        assert page.inner_text("#found p >> nth=0") == told
        assert page.inner_text(".leaflet-tooltip") == told.split(" Place")[0].split(" Postcode")[0]
        page.locator("#found").get_by_role("button", name="Close").click()
        page.wait_for_function("() => !location.search.includes('find=')")
        assert page.locator("#found").is_hidden()
        assert page.locator(".leaflet-tooltip").count() == 0


@pytest.mark.parametrize("before", ["?layer=cells", "?layer=underserved&selected=E01990029"])
def test_a_ward_is_chosen_with_all_its_areas_and_added_up(visit, before):
    visit.open(before)
    page = visit.page
    page.get_by_role("combobox", name="Search").fill("old quay ward")
    page.wait_for_selector("#search-list li")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('#select-said').textContent.startsWith('6 areas: ')"
    )
    codes = [f"E019900{at:02d}" for at in range(6)]
    sel = page.evaluate("new URLSearchParams(location.search).get('sel')")
    assert sorted(sel.split(",")) == codes
    moved(page)
    shapes = {
        each["id"]: each
        for each in visit.fetch(visit.config["layers"][0]["geometry_url"])["features"]
    }
    frame = page.locator(".map").bounding_box()
    for code in codes:
        x, y = visit.spot(shapes[code]["geometry"])
        assert frame["x"] < x < frame["x"] + frame["width"]
        assert frame["y"] < y < frame["y"] + frame["height"]


def test_areas_that_the_results_lack_are_told(visit):
    visit.open("?layer=underserved&sel=E01990000,E01NOWHERE")
    visit.page.wait_for_function(
        "() => document.querySelector('#select-said').textContent.endsWith("
        "'1 area of the address is not in these results.')"
    )
    visit.open("?layer=underserved&sel=E01NOWHERE")
    visit.page.wait_for_function(
        "() => document.querySelector('#select-said').textContent"
        " === '1 area of the address is not in these results.'"
    )
    visit.open("?layer=underserved&find=place.Nowhere")
    visit.page.wait_for_selector("#found p")
    assert visit.page.inner_text("#found p >> nth=0") == (
        "There is no “place.Nowhere” in these results."
    )


@pytest.fixture
def many_areas(tmp_path, invented_results, monkeypatch):
    """Results whose areas have codes so long that no address holds all of them."""
    ids = invented_results.area_rows
    monkeypatch.setattr(
        invented_results,
        "area_rows",
        lambda: [{**row, "id": f"{row['id']:A<90}"[:88] + row["id"][-2:]} for row in ids()],
    )
    invented_results.write_results(tmp_path / "results")
    return tmp_path / "results"


def choose_all(page):
    """Choose the areas of every ward; how many are chosen."""
    page.wait_for_selector("#select-all [data-kind=ward]", state="attached")
    for value in page.locator("#select-all [data-kind=ward]").evaluate_all(
        "all => all.map(each => each.value)"
    ):
        page.select_option("#select-all", value)
        page.locator("#select-take").click()
    page.wait_for_function(
        "() => document.querySelector('#select-said').textContent.startsWith('30 areas: ')"
    )
    return page.inner_text("#select-said")


def test_a_choice_too_long_for_an_address_lasts_as_long_as_the_tab_and_says_so(
    visiting, serving, many_areas
):
    home = serving(many_areas)
    visit = visiting(home).open("?layer=underserved")
    page = visit.page
    told = choose_all(page)
    assert told.endswith(
        "These are more than an address of 2,000 characters holds: the choice lasts as long as "
        "this tab."
    )
    assert page.url.endswith("?layer=underserved&sel=many-30")
    page.reload()
    page.wait_for_selector("#select-sums table")
    assert page.inner_text("#select-said") == told
    page.go_back()
    page.wait_for_function(
        "() => !document.querySelector('#select-said').textContent.startsWith('30 areas')"
    )
    page.go_forward()
    page.wait_for_function(
        "(told) => document.querySelector('#select-said').textContent === told", arg=told
    )
    other = visiting(home).open("?layer=underserved&sel=many-30")
    assert other.page.inner_text("#select-said") == (
        "The areas chosen were too many for the address to hold; choose them again."
    )


def test_where_the_server_may_write_a_short_address_reopens_any_choice(
    visiting, serving, many_areas, tmp_path, monkeypatch
):
    monkeypatch.setattr(accounts, "METHOD", "scrypt:1024:8:1")
    folder = tmp_path / "kept"
    accounts.Accounts(folder / "accounts.json").put("ann", "planner", PASSWORD)
    home = serving(many_areas, Settings(write_folder=str(folder)))
    visit = visiting(home)
    page = visit.page
    page.goto(f"{home}login?next=/map")
    page.fill("input[name=name]", "ann")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".map[data-shown]", state="attached")
    told = choose_all(page)
    assert told.endswith("“Keep this view” gives them an address.")
    page.locator(".map").focus()
    page.keyboard.press("+")
    # What is kept is what the address says, which follows the map once it has moved.
    stood = moved(page)
    page.get_by_role("button", name="Keep this view").click()
    page.wait_for_url("**/v/*")
    short = page.url
    other = visiting(home)
    other.page.goto(short)
    other.page.wait_for_selector("#select-sums table")
    assert other.page.inner_text("#select-said").startswith("30 areas: ")
    stands(other.page, stood, 1e-5)
    assert other.page.url == short
    other.page.locator(".map").focus()
    other.page.keyboard.press("ArrowLeft")
    other.page.wait_for_function("(short) => location.href.startsWith(`${short}?z=`)", arg=short)
    other.page.get_by_role("link", name="Cymraeg").click()
    other.page.wait_for_url("**/cy/v/*?z=*")
    other.page.go_back()
    other.page.wait_for_selector("#select-sums table")
    other.page.click("[data-layer=areas]")
    other.page.wait_for_url("**/map?layer=areas&sel=many-30*")
    assert other.page.inner_text("#select-said").startswith("30 areas: ")
    other.page.go_back()
    other.page.wait_for_url("**/v/*")
    other.page.wait_for_selector("[data-layer=underserved][aria-current]")


def test_on_a_phone_the_map_comes_into_sight_with_what_was_searched_for(visiting, home):
    visit = visiting(home, (390, 844)).open()
    page = visit.page
    page.get_by_role("combobox", name="Search").fill("keld")
    page.wait_for_selector("#search-list li")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found strong")
    assert page.evaluate("document.activeElement === document.querySelector('.map')")
    x, y = visit.spot({"type": "Point", "coordinates": page.evaluate(
        "(({ lng, lat }) => [lng, lat])(window.keptMap.getCenter())"
    )})  # fmt: skip
    assert 0 < x < 390
    assert 0 < y < 844
