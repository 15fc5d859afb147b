"""The threshold is moved on the page, and the page says what the server would say."""

import pytest


def told(page):
    figures = page.locator("#threshold-figures :is(dt, dd)").all_text_contents()
    return [each.strip() for each in figures], page.locator("#features tbody").inner_text()


def reads(page, sentence):
    page.wait_for_function(
        "(part) => document.querySelector('#headline').textContent.includes(part)", arg=sentence
    )


@pytest.mark.parametrize("minutes", [0, 14, 16, 40, 60])
def test_the_page_judges_as_the_server_does(visit, minutes):
    visit.open("?layer=underserved&t=30")
    visit.page.fill("#threshold-minutes", str(minutes))
    visit.settled(f"?layer=underserved&t={minutes}")
    mine = (*told(visit.page), visit.page.inner_text("#headline"))
    legend = visit.page.inner_text("[data-legend=underserved] tbody")
    absent = visit.page.text_content("[data-legend=underserved] .none-here")
    visit.page.goto(f"{visit.home}table?layer=underserved&t={minutes}")
    headline = visit.page.locator(".lead").nth(1).inner_text()
    assert mine == (*told(visit.page), headline)
    key = visit.page.evaluate(
        "async (url) => (await fetch(url)).text()",
        f"{visit.home}map?layer=underserved&t={minutes}",
    )
    first = legend.split("\n")[0]
    assert first in key
    assert f">{absent}</p>" in key


def test_the_slider_asks_the_server_no_more_and_back_undoes_the_whole_move(visit):
    visit.open("?layer=underserved")
    before = visit.pixels()
    visit.page.focus("#threshold-minutes")
    visit.page.keyboard.press("ArrowRight")
    visit.settled("?layer=underserved&t=16")
    asked = len(visit.asked)
    for minutes in (17, 18, 19):
        visit.page.keyboard.press("ArrowRight")
        visit.settled(f"?layer=underserved&t={minutes}")
    reads(visit.page, "19 minutes’ walk")
    # Values of other layers may be fetched ahead, while the browser is at leisure.
    later = [url for url in visit.asked[asked:] if "/runs/" in url or "/api/" in url]
    assert [url for url in later if not url.endswith("/values.json")] == []
    assert visit.page.get_attribute("#threshold-minutes", "aria-valuetext") == "19 minutes’ walk"
    visit.page.wait_for_function("() => location.search.endsWith('t=19')")
    visit.page.wait_for_function(
        "() => document.querySelector('#told').textContent.includes('19 min')"
    )
    assert visit.pixels() == pytest.approx(before, rel=0.2)
    visit.page.go_back()
    visit.settled("?layer=underserved")
    reads(visit.page, "15 minutes’ walk")
    visit.page.go_forward()
    visit.settled("?layer=underserved&t=19")
    visit.page.click("#threshold-own")
    visit.settled("?layer=underserved")
    assert visit.page.locator("#threshold-own").is_hidden()


def test_the_threshold_goes_with_its_layer(visit):
    visit.open("?layer=underserved&t=20")
    visit.page.click("[data-layer=areas]")
    visit.settled("?layer=areas")
    assert visit.page.locator("#threshold").is_hidden()
    visit.page.go_back()
    visit.settled("?layer=underserved&t=20")
    reads(visit.page, "20 minutes’ walk")


def test_a_welsh_map_tells_of_an_area_in_welsh_at_any_threshold(visit):
    area = "selected=E01990000"
    for minutes, limit in (("", " 15 munud"), ("&t=5", " 5 munud")):
        query = f"?layer=underserved{minutes}&{area}"
        visit.page.goto(f"{visit.home}cy/map{query}")
        visit.page.wait_for_selector(f".map[data-shown*='{area}']", state="attached")
        told = visit.page.locator("#details .sentence")
        assert told.get_attribute("lang") is None
        assert "degradd amddifadedd" in told.inner_text()
        assert limit in told.inner_text()
