"""Term by term: every term beside the others, what has changed, and the course of each area."""

import re
from collections import Counter

import pytest

LAYER = "emerging_below_expected"
FIRST, LAST = "autumn_2022", "autumn_2025"


def keys(page):
    """Return the classes of the large map and how many areas each has, as its key says."""
    lines = page.locator("#large .keys:visible li").all_inner_texts()
    return {
        name: int(many.split()[0].replace(",", ""))
        for name, many in (line.strip().rsplit(": ", 1) for line in lines)
    }


def painted(page):
    """Return how many areas the large map draws of each colour, patterns left out."""
    return Counter(
        page.eval_on_selector_all(
            "#painted > g:not([fill^=url])",
            "(all) => all.flatMap((g) => [...g.children].map(() => g.getAttribute('fill')))",
        )
    )


def test_the_slider_goes_through_the_terms_and_the_address_follows(visiting, county):
    page = visiting(county.home).page
    page.goto(f"{county.home}terms?layer={LAYER}")
    rows = county.rows(f"download/csv?layer={LAYER}")
    page.locator("#slider").press("Home")
    assert page.locator("#large-title").inner_text() == "Autumn 2022"
    assert page.url.endswith(f"term={FIRST}")
    page.locator("#slider").press("End")
    assert Counter(row[f"spot_{LAST}"] for row in rows)["hot"] > 0
    for name in (LAST, "summer_2025"):
        spots = Counter(row[f"spot_{name}"] for row in rows)
        found = keys(page)
        assert found.get("Hot", 0) == spots["hot"]
        assert found.get("Cold", 0) == spots["cold"]
        assert found["Neither"] == spots["neither"]
        assert found.get("Withheld, to protect small numbers", 0) == spots["withheld"]
        assert sum(found.values()) == sum(painted(page).values()) == len(rows)
        assert sorted(painted(page).values()) == sorted(found.values())
        page.locator("#slider").press("ArrowLeft")
    assert page.locator("#slide-said").inner_text().startswith("Spring 2025: ")
    page.reload()
    assert page.locator("#large-title").inner_text() == "Spring 2025"
    assert page.locator("[data-term][aria-current]").inner_text().startswith("Spring 2025")


def test_two_terms_are_compared_without_scripts(visiting, county):
    page = visiting(county.home, java_script_enabled=False).page
    page.goto(f"{county.home}table?layer={LAYER}")
    page.get_by_role("link", name="See it term by term").click()
    page.locator("select[name=from]").select_option("Spring 2023")
    page.get_by_role("button", name="Show the change").click()
    assert f"from=spring_2023&to={LAST}" in page.url
    rows = county.rows(f"download/csv?layer={LAYER}")
    moves = Counter((row["spot_spring_2023"], row[f"spot_{LAST}"]) for row in rows)
    found = keys(page)
    became = moves["neither", "hot"] + moves["cold", "hot"]
    assert found.get("Has become hot", 0) == became
    assert found.get("Was hot, and is", 0) == moves["hot", "hot"]
    assert found.get("Was hot, and is no longer", 0) == moves["hot", "neither"]
    assert sum(found.values()) == len(rows)
    first = page.locator("main tbody tr").first.locator("th, td").all_inner_texts()
    row = rows[0]
    assert first[0] == row["name"]
    then, now = float(row["figure_spring_2023"]), float(row[f"figure_{LAST}"])
    assert [float(text) for text in first[2:5]] == pytest.approx([then, now, now - then], abs=0.06)
    page.get_by_role("link", name=re.compile("^Spring 2024")).click()
    assert page.locator("#large-title").inner_text() == "Spring 2024"


@pytest.mark.parametrize("size", [(1366, 768), (320, 640)], ids=["laptop", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_and_nothing_is_too_wide(visiting, county, axe, size, scheme):
    visit = visiting(county.home, size, color_scheme=scheme)
    for path in ("terms", f"cy/terms?layer={LAYER}&term={FIRST}"):
        visit.page.goto(county.home + path)
        assert axe(visit.page) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0], path
    visit.shoot(f"terms-{size[0]}-{scheme}", whole=True)


def test_without_several_terms_the_page_says_what_is_missing(visiting, home):
    page = visiting(home).page
    page.goto(f"{home}terms")
    assert "These results have no figure of several terms" in page.locator(".lead").inner_text()
