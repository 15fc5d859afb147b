"""The planner's five steps: where are the hotspots, is it getting worse, and what is one like?"""

from pypdf import PdfReader

OWN = "below_expected"
NOTHING = "Nothing that chance does not explain"
WITHHELD = "Withheld, to protect small numbers"


def legend(page, layer_id):
    """Return each line of a legend by its label: how many areas, and how it is drawn."""
    found = {}
    for line in page.locator(f"[data-legend={layer_id}] tr[data-class]").all():
        many = int(line.locator("td").first.inner_text().replace(",", ""))
        found[line.locator(".label").inner_text()] = many, line.locator(".swatch").inner_html()
    return found


def test_the_planner_finds_hotspots_and_drills_down(walking, county, tmp_path):
    walk = walking("planner")
    page, hands = walk.page, walk.hands

    # 1. Choose an indicator: the council's own, whose small numbers alone make no hotspot.
    walk.open("map")
    walk.shown()
    walk.layer(f"hotspots_{OWN}")
    hands.press(page.locator(f"[data-legend=hotspots_{OWN}] summary").first)
    assert "(empirical Bayes)" in walk.says(f"[data-legend=hotspots_{OWN}]", "drawn towards")
    walk.kept("indicator")

    # 2. Hotspots: each kind is counted as in the file, and none is told by its colour alone.
    drawn = {}
    for layer_id in (f"hotspots_{OWN}", "hotspots_out_of_reach"):
        walk.layer(layer_id)
        rows = county.rows(f"download/csv?layer={layer_id}")
        for label, (many, swatch) in legend(page, layer_id).items():
            assert many == sum(row["class"] == label for row in rows), label
            drawn[label] = swatch
    assert "url(#pattern-" in drawn[WITHHELD]
    assert "url(#pattern-" not in drawn[NOTHING]
    hot = [row for row in rows if row["class"].startswith("Hotspot")]
    assert hot
    assert all(float(row["q"]) <= 0.05 for row in hot)
    walk.kept("hotspots")

    # 3. Time: what has changed from term to term, area by area.
    walk.layer(f"emerging_{OWN}")
    found = legend(page, f"emerging_{OWN}")
    assert sum(many for many, _ in found.values()) == len(rows)
    assert any(many for label, (many, _) in found.items() if label.startswith("New hot"))
    walk.kept("time")
    walk.link("See it term by term")
    assert page.locator(".terms li").count() == 10
    hands.slide(page.locator("#slider"), 0)
    walk.says("#large-title", "Autumn 2022")
    walk.kept("terms")
    page.go_back()
    walk.shown(f"layer=emerging_{OWN}")

    # 4. Compare: the term's hotspots beside those through time, and where the two meet.
    hands.press(page.locator("#compare > summary"))
    beside = page.locator("[data-compare=swipe]")
    hands.choose(beside.get_by_label("Beside it"), "Hotspots: Children below the expected level")
    hands.press(beside.get_by_role("button", name="Show side by side"))
    walk.shown(f"cmp=hotspots_{OWN}")
    hands.slide(page.locator("#swipe-at"), 40)
    walk.shown("at=40")
    assert page.locator("[data-legend]:visible").count() == 2
    walk.kept("compared")

    # 5. Drill down: from the map to an area, to its own page, and on to paper.
    walk.layer("hotspots_out_of_reach")
    for label in (NOTHING, next(each for each in legend(page, layer_id) if "Coldspot" in each)):
        hands.press(page.get_by_role("button", name=label, exact=True).locator("visible=true"))
    page.wait_for_function(
        "(rows) => document.querySelectorAll('#features tbody a').length === rows", arg=len(hot)
    )
    walk.shown("only=hot")
    names = page.locator("#features tbody a").all_inner_texts()
    assert names == [row["name"] for row in hot]
    name = names[0]
    if hands.name == "mouse":
        shapes = walk.visit.fetch(walk.visit.config["layers"][0]["geometry_url"])["features"]
        there = next(each for each in shapes if each["id"] == hot[0]["area_code"])
        page.locator(".map").scroll_into_view_if_needed()
        page.mouse.click(*walk.visit.spot(there["geometry"]))
    else:
        hands.reach(page.locator(".map"))
        page.keyboard.press("n")
    walk.says("#details h2", name)
    walk.kept("area-on-the-map")
    walk.link("Open this area’s profile")
    assert page.locator("h1").inner_text() == name
    assert page.locator("#compared-title").inner_text() == "How it compares"
    walk.kept("profile")
    page.pdf(path=tmp_path / "profile.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "profile.pdf")
    assert name in printed.pages[0].extract_text()
    assert len(printed.pages) <= 3
