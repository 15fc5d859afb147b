"""The commissioner's seven steps: from the link in an e-mail to the committee's paper."""

import re

import pytest
from pypdf import PdfReader

UNDERSERVED = "Underserved: deprived, and too many out of reach"


def number(text):
    """Return the first number of a text, written as people do."""
    return float(re.search(r"[\d,]+(\.\d+)?", text).group().replace(",", ""))


def beyond(row):
    return float(row["children_beyond"])


def centre(feature):
    """Return where the middle of a feature's outline is, as longitude and latitude."""
    outline = feature["geometry"]["coordinates"][0][0]
    return tuple(round(sum(axis) / len(outline), 5) for axis in zip(*outline, strict=True))


def planned(page, edits):
    """Wait for the figures of so many edits, and return those now and planned, by their names."""
    page.wait_for_function(
        "(wanted) => JSON.parse(document.querySelector('.map').dataset.shown ?? 'null')?.length"
        " === wanted",
        arg=edits,
    )
    rows = page.locator("#figures tbody tr").all()
    return {
        row.locator("th").inner_text(): [
            number(cell) for cell in row.locator("td").all_inner_texts()[:2]
        ]
        for row in rows
    }


def test_the_commissioner_decides_where_to_put_the_next_site(walking, county, visiting, tmp_path):
    walk = walking("commissioner")
    page, hands = walk.page, walk.hands
    flagged = county.rows("download/csv?layer=underserved&only=underserved")
    unreached = round(sum(map(beyond, flagged)))

    # 1. Open the link: the finding is one sentence, and every page has the same number.
    walk.open()
    headline = page.locator("h1").inner_text()
    assert number(headline) == unreached
    assert f"in {len(flagged)} of the" in headline
    assert number(page.locator(".figures strong").first.inner_text()) == unreached
    listed = page.locator(".overview tbody tr")
    assert listed.count() == len(flagged)
    cells = listed.locator("td:nth-of-type(1)").all_inner_texts()
    assert sum(map(number, cells)) == pytest.approx(unreached, abs=len(flagged) / 2)
    features = county.document("api/collections/underserved/items?filter=status='underserved'")
    people = [each["properties"]["children_beyond"] for each in features["features"]]
    assert round(sum(people)) == unreached
    walk.kept("answer")

    # 2. Say what reach means: 14, 15 and 16 minutes are no cliff, and the files say the same.
    walk.link("Explore the map")
    walk.shown()
    found = {}
    for minutes in (14, 16, 15):
        hands.slide(page.locator("#threshold-minutes"), minutes)
        walk.says("#headline", f"{minutes} minutes")
        told = page.locator("#threshold-figures strong").all_inner_texts()
        found[minutes] = [number(each) for each in told]
        rows = county.rows(f"download/csv?layer=underserved&t={minutes}")
        here = sum(beyond(row) for row in rows if row["status"] == "underserved")
        # Each row of the file is rounded.
        assert found[minutes][0] == pytest.approx(here, abs=len(flagged) / 2)
        assert found[minutes][1] == pytest.approx(sum(map(beyond, rows)), abs=len(rows) ** 0.5)
        if minutes == 16:
            walk.kept("threshold")
    assert found[14][1] >= found[15][1] >= found[16][1]
    assert found[15][0] == unreached

    # 3. See who is underserved: all of them chosen at once, and the worst by its name.
    hands.choose(page.locator("#select-all"), UNDERSERVED)
    hands.press(page.get_by_role("button", name="Choose them"))
    walk.says("#select-said", f"{len(flagged)} areas: ")
    assert f"{unreached:,}" in walk.says("#select-said", "15 minutes")
    row = page.locator("#features tbody tr").first
    assert row.locator("a").inner_text() == flagged[0]["name"]
    hands.press(row.locator("a"))
    walk.says("#details", flagged[0]["sentence"])
    walk.kept("underserved")
    walk.layer("need_access")
    legend = page.locator("[data-legend=need_access] tr[data-class]")
    assert legend.count() >= 9
    counted = [number(cell) for cell in legend.locator("td:nth-of-type(1)").all_inner_texts()]
    assert sum(counted) == len(rows)
    walk.kept("need-beside-access")

    # 4. Drop a pin where it is worst, close a nursery, undo, redo, and set two plans side by side.
    walk.link("Plan")
    before = planned(page, 0)
    in_underserved = before["Children under 5 beyond 15 minutes’ walk in underserved areas"]
    assert in_underserved == [unreached, unreached]
    lon, lat = centre(features["features"][0])
    if hands.name == "mouse":
        hands.press(page.locator("#drop"))
        page.locator(".map").scroll_into_view_if_needed()
        page.mouse.click(*walk.visit.spot({"type": "Point", "coordinates": [lon, lat]}))
    else:
        hands.write(page.locator("#open-where"), f"{lon},{lat}")
        page.keyboard.press("Enter")
    opened = planned(page, 1)
    assert opened["Nurseries"][1] == before["Nurseries"][0] + 1
    assert opened["Children under 5 beyond 15 minutes’ walk in underserved areas"][1] < unreached
    walk.kept("opened")
    change = page.locator("#change > summary")
    if not page.locator("#setting").is_visible():
        hands.press(change)
    hands.choose(page.locator("#setting"), county.setting())
    hands.press(page.get_by_role("button", name="Close it"))
    closed = planned(page, 2)
    assert closed["Nurseries"][1] == before["Nurseries"][0]
    hands.press(page.get_by_role("button", name="Undo"))
    assert planned(page, 1) == opened
    hands.press(page.get_by_role("button", name="Redo"))
    assert planned(page, 2) == closed
    hands.press(page.get_by_role("button", name="Copy to Plan B"))
    assert planned(page, 2) == closed
    hands.press(page.get_by_role("button", name="Undo"))
    assert planned(page, 1) == opened
    heads = page.locator("#compare thead th").all_inner_texts()
    assert heads[-2:] == ["Plan A", "Plan B"]
    walk.kept("compared")

    # 5. Have sites suggested, from fairest to farthest-reaching, each explained in a sentence.
    hands.press(page.locator(".letters a", has_text="Plan C"))
    planned(page, 0)
    hands.press(page.locator("#suggest > summary"))
    hands.write(page.locator("#suggest-sites"), "2")
    hands.press(page.get_by_role("radio", name="every fair balance of the two"))
    hands.press(page.locator("#suggest-form .main"))
    walk.says("#suggest-said", "Done in")
    choices = page.locator(".frontier tbody > tr")
    assert choices.count() >= 2
    hands.press(choices.first.locator("summary"))
    walk.says(".frontier", "in the most deprived areas")
    walk.kept("suggested")

    # 6. Stress it: would the best choice stay the best, and what would closing each nursery do?
    hands.press(page.get_by_role("radio", name="as many children under 5 as possible"))
    hands.press(page.locator("#suggest-form .main"))
    hands.press(page.get_by_role("button", name="How sure is this?"))
    walk.says(".steady", "In 100 possible futures")
    assert page.locator(".steady tbody tr").count() == 2
    walk.kept("stressed")
    hands.press(page.get_by_role("link", name="Add to the plan").first)
    suggested = planned(page, 2)
    assert suggested["Children under 5 beyond 15 minutes’ walk"][1] < found[15][1]
    walk.link("What closing each nursery would do")
    assert page.locator("tbody tr").count() == before["Nurseries"][0]
    walk.kept("closures")
    page.go_back()
    assert planned(page, 2) == suggested

    # 7. Take it to committee: the paper has the page's figures, and its address has the plan.
    walk.link("Paper for a committee")
    paper = page.locator(".paper").inner_text()
    figures = planned_on_paper(page)
    assert figures == suggested
    for part in ("How this was worked out", "autumn 2025", "run "):
        assert part in paper
    walk.kept("paper")
    page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "paper.pdf")
    assert len(printed.pages) <= 3
    other = visiting(county.home)
    other.page.goto(page.locator(".address a").inner_text())
    assert planned(other.page, 2) == suggested


def planned_on_paper(page):
    """Return the figures of the paper's first table."""
    return {
        row.locator("th").inner_text(): [
            number(cell) for cell in row.locator("td").all_inner_texts()[:2]
        ]
        for row in page.locator(".sheet-of-paper tbody tr").all()
    }
