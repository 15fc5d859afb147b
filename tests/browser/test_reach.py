"""Reach from a place, done in a browser."""

import json
import re
from pathlib import Path

import pytest

LAPTOP, PHONE = (1366, 768), (390, 844)
SPOT = "0.9504,53.6475"
PAINTED = """
() => {
  const canvas = document.querySelector(".leaflet-reach-pane canvas");
  if (!canvas) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let painted = 0;
  for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
  return painted;
}
"""


def answered(visit):
    """Wait for an answer and return the people within 5, 10 and 15 minutes."""
    visit.page.wait_for_selector("#reach-answer:not([hidden])", timeout=60_000)
    return [
        int(text) for text in visit.page.locator("#reach-rows td:nth-child(2)").all_inner_texts()
    ]


def on_screen(visit, lon, lat):
    return visit.spot({"type": "Point", "coordinates": [lon, lat]})


def marker(visit):
    return visit.page.locator(".reach-marker").bounding_box()


def asked_for(visit):
    return [url for url in visit.asked if "/api/isochrone?" in url]


def test_a_click_on_the_map_draws_the_bands_and_says_who_lives_there(visit):
    visit.open()
    page = visit.page
    page.locator(".map").scroll_into_view_if_needed()
    page.get_by_role("button", name="Reach from a place").click()
    x, y = on_screen(visit, *map(float, SPOT.split(",")))
    page.mouse.click(x, y)
    people = answered(visit)
    assert people == sorted(people)
    assert people[0] > 0
    said = page.locator("#reach-said").inner_text()
    assert said == f"{people[2]} children under 5 live within 15 minutes’ walk of here."
    assert page.locator("#told").inner_text() == said
    assert page.evaluate(PAINTED) > 500
    assert page.locator(".reach-label").all_inner_texts() == ["15 min", "10 min", "5 min"]
    assert page.locator("#details h2").inner_text() == "Nothing chosen"
    lon, lat = re.search(r"reach=([-\d.]+),([-\d.]+)", page.url).groups()
    assert (float(lon), float(lat)) == pytest.approx((0.9504, 53.6475), abs=0.001)
    visit.shoot("reach")


def test_the_marker_can_be_dragged_and_the_last_spot_wins(visit):
    visit.open(f"?reach={SPOT}")
    page = visit.page
    answered(visit)
    page.locator(".map").scroll_into_view_if_needed()
    box = marker(visit)
    page.mouse.move(box["x"] + 13, box["y"] + 13)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(box["x"] + 13 + 10 * step, box["y"] + 13)
    page.mouse.up()
    page.wait_for_url(lambda url: "reach=" in url and "reach=0.9504" not in url)
    lon, lat = re.search(r"reach=([-\d.]+),([-\d.]+)", page.url).groups()
    assert float(lon) > 0.9504
    last = re.sub(r"lon=[-\d.]+&lat=[-\d.]+", f"lon={lon}&lat={lat}", asked_for(visit)[0])
    wanted = visit.fetch(last)["features"][0]["properties"]
    page.wait_for_function(
        "(told) => document.querySelector('#reach-said').innerText === told",
        arg=wanted["sentence"] + ".",
    )


def test_an_address_that_is_passed_on_shows_the_same_reach(visiting, home):
    here = visiting(home).open(f"?layer=areas&reach={SPOT}")
    there = visiting(home).open(f"?layer=areas&reach={SPOT}")
    assert answered(here) == answered(there)
    assert here.page.evaluate(PAINTED) > 500
    assert here.page.locator("#reach-spot").input_value() == SPOT
    here.page.locator("[data-layer=cells]").click()
    here.page.wait_for_url(re.compile("layer=cells&reach="))
    here.page.go_back()
    here.page.go_back()
    there.page.reload()
    assert answered(there)


def test_back_takes_the_reach_away_and_forth_brings_it_again(visit):
    visit.open()
    page = visit.page
    page.get_by_role("button", name="Reach from a place").click()
    page.locator("#reach-spot").fill(SPOT)
    page.keyboard.press("Enter")
    people = answered(visit)
    page.go_back()
    page.wait_for_selector("#reach-panel", state="hidden")
    assert page.locator(".reach-label, .reach-marker").count() == 0
    page.go_forward()
    page.wait_for_selector(".reach-label", state="attached")
    assert answered(visit) == people


def test_another_way_to_travel_reaches_further_and_the_address_says_which(visit):
    visit.open(f"?reach={SPOT}")
    page = visit.page
    on_foot = answered(visit)
    page.locator("#reach-mode").select_option("cycle")
    page.wait_for_url(re.compile("mode=cycle"))
    page.locator("#reach-said", has_text="minutes’ cycle ride of here").wait_for()
    by_cycle = answered(visit)
    assert by_cycle[0] > 3 * on_foot[0]
    others = page.locator("#reach-rows td:nth-child(3)").all_inner_texts()
    assert [int(text.replace(",", "")) for text in others] == [9 * people for people in by_cycle]
    page.reload()
    assert answered(visit) == by_cycle
    assert page.locator("#reach-mode").input_value() == "cycle"
    page.go_back()
    page.locator("#reach-said", has_text="minutes’ walk of here").wait_for()
    assert answered(visit) == on_foot


def test_it_all_works_from_the_keyboard(visit):
    visit.open()
    page = visit.page
    page.get_by_role("button", name="Reach from a place").focus()
    page.keyboard.press("Enter")
    assert page.locator("#reach-open").get_attribute("aria-expanded") == "true"
    page.locator("#reach-spot").focus()
    page.keyboard.type("north")
    page.keyboard.press("Enter")
    told = page.locator("#told")
    assert told.inner_text().startswith("Give longitude and latitude with a comma between")
    page.locator("#reach-spot").fill(SPOT)
    page.keyboard.press("Enter")
    assert answered(visit)[0] > 0
    assert "children under 5 live within" in told.inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#reach-panel").is_visible()
    assert page.evaluate("document.activeElement.id") == "reach-open"
    assert "reach=" not in page.url
    assert page.evaluate(PAINTED) == 0


def test_a_nursery_can_be_chosen_from_the_list_or_by_its_own_button(visit):
    visit.open()
    page = visit.page
    page.get_by_role("button", name="Reach from a place").click()
    page.wait_for_selector("#reach-provision option:nth-child(2)", state="attached")
    names = page.locator("#reach-provision option").all_inner_texts()
    assert names[0] == "Choose …"
    page.locator("#reach-provision").select_option(label="Nursery 2")
    people = answered(visit)
    by_list = page.locator("#reach-spot").input_value()
    page.get_by_role("button", name="Close").first.click()
    page.click("[data-layer=provision]")
    page.get_by_role("link", name="Nursery 2").click()
    page.get_by_role("button", name="Reach of this nursery").click()
    assert answered(visit) == people
    assert page.locator("#reach-spot").input_value() == by_list


def test_a_spot_off_the_streets_is_told_in_a_sentence(visit):
    visit.open("?reach=0.5,53.6")
    page = visit.page
    page.locator("#reach-said", has_text="No street to walk lies within").wait_for()
    assert page.locator("#told").inner_text() == page.locator("#reach-said").inner_text()
    assert not page.locator("#reach-answer").is_visible()
    assert [fault for fault in visit.faults if "400 (BAD REQUEST)" not in fault] == []
    visit.faults.clear()


def test_while_the_streets_get_ready_the_page_says_so(visit):
    ready = [False]

    def answer(route):
        if ready[0]:
            route.continue_()
        else:
            route.fulfill(json={"ready": False})

    visit.page.route("**/api/isochrone/ready", answer)
    visit.open(f"?reach={SPOT}")
    waiting = visit.page.locator("#told", has_text="The streets are getting ready …")
    waiting.wait_for(state="attached")
    ready[0] = True
    assert answered(visit)[0] > 0


def test_without_scripts_there_is_no_reach(visiting, home):
    visit = visiting(home, java_script_enabled=False)
    visit.page.goto(f"{home}map")
    assert not visit.page.locator("#reach").is_visible()


def test_results_without_streets_offer_none(visiting, serving, tmp_path, invented_results):
    invented_results.write_results(tmp_path)
    visit = visiting(serving(tmp_path)).open(f"?reach={SPOT}")
    assert visit.page.locator("#reach").count() == 0


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_wrong_with_it(visiting, home, size):
    visit = visiting(home, size).open(f"?reach={SPOT}")
    answered(visit)
    source = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
    visit.page.evaluate(source.read_text(encoding="utf-8"))
    found = visit.page.evaluate(
        """async () => {
          const runOnly = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split(" ");
          const { violations } = await window.axe.run(document, { runOnly });
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => [id, html.slice(0, 200), failureSummary]));
        }"""
    )
    assert json.dumps(found) == "[]"
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    visit.shoot(f"reach-{size[0]}")
