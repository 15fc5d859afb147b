"""What is seldom seen is for everybody too: empty, wrong, refused, and the interface's pages."""

import pytest

PAGES = (
    "table?layer=underserved&only=unknown", "table?layer=areas&sort=-decile",
    "cy/table?layer=provision&selected=P1", "postcode?postcode=x", "postcode?postcode=",
    "postcode/XW99ZZ", "postcode/XW11AB", "postcode/XW11AD", "cy/postcode/XW11AE",
    "area/nowhere", "map?layer=nowhere", "search?q=zzzzzz", "cy/search?q=", "plan/paper",
    "v/nothing", "download/nothing?layer=areas",
)  # fmt: skip
OPEN = (
    "api/?f=html", "api/conformance?f=html", "api/openapi.html", "api/collections?f=html",
    "api/collections/areas?f=html", "api/collections/areas/queryables?f=html",
    "api/collections/areas/items?f=html", "cy/api/collections?f=html", "cy/api/openapi.html",
)  # fmt: skip
REFUSED = ("404 (NOT FOUND)", "503 (SERVICE UNAVAILABLE)", "400 (BAD REQUEST)")


@pytest.mark.parametrize(
    ("size", "scheme"), [((1366, 768), "dark"), ((320, 640), "light")], ids=["laptop", "narrow"]
)
def test_axe_finds_nothing_wrong_and_nothing_is_too_wide(
    visiting, home, serving, village_results, axe, size, scheme
):
    visit = visiting(home, size, color_scheme=scheme)
    village = serving(village_results)
    for path in (*PAGES, *OPEN):
        visit.page.goto((village if path in OPEN else home) + path)
        visit.page.wait_for_selector("main h1", state="attached")
        assert axe(visit.page) == [], path
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0], path
    visit.faults = [
        fault for fault in visit.faults if not any(status in fault for status in REFUSED)
    ]


def test_a_layer_that_cannot_be_fetched_is_told_accessibly(visiting, home, axe):
    visit = visiting(home)
    visit.page.route("**/values.json", lambda route: route.abort())
    visit.page.goto(f"{visit.home}map")
    visit.page.wait_for_selector("text=This layer can’t be shown")
    assert axe(visit.page) == []
    visit.faults = [fault for fault in visit.faults if "ERR_FAILED" not in fault]
