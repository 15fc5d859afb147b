"""Every state that the map can be in has no fault of access, and fits the screen."""

import pytest

LAPTOP, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)
SEL = "E01990000,E01990003,E01990024"
STATES = {
    "threshold": "?layer=underserved&t=20",
    "several": f"?layer=underserved&sel={SEL}",
    "lost": "?layer=underserved&sel=many-500",
    "found": "?layer=underserved&selected=E01990000&find=postcode.XW11AA",
    "not found": "?layer=areas&find=place.Nowhere",
    "narrowed": "?layer=areas&only=d1&sort=-children&o=40",
    "reached": "?layer=cells&reach=0.9504,53.6475&mode=cycle",
    "everything": f"?layer=underserved&selected=E01990003&t=9&sort=children&sel={SEL}"
    "&find=place.Keld&o=60&reach=0.9504,53.6475&z=13&c=53.65,0.95",
}


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(LAPTOP, "light"), (LAPTOP, "dark"), (PHONE, "dark"), (NARROW, "light")],
    ids=["laptop", "laptop in the dark", "phone in the dark", "narrow"],
)
def test_axe_finds_nothing_wrong_with_any_state(visiting, home, axe, size, scheme):
    visit = visiting(home, size, color_scheme=scheme)
    page = visit.page
    for name, query in STATES.items():
        visit.open(query)
        if "sel=E" in query:
            page.wait_for_selector("#select-sums table")
        if "find=" in query:
            page.wait_for_selector("#found p")
        if "reach=" in query:
            page.wait_for_function("() => document.querySelector('#reach-rows').rows.length > 0")
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        visit.shoot(f"state-{name}-{size[0]}-{scheme}", whole=True)
    page.click("#select-lasso")
    assert axe(page) == [], "lasso"
    page.goto(f"{visit.home}table?layer=underserved&sel={SEL}")
    assert axe(page) == [], "table"
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    visit.shoot(f"state-table-{size[0]}-{scheme}", whole=True)


def test_the_chosen_area_is_read_out_and_enter_opens_its_profile(visit):
    visit.open("?layer=underserved&sort=name")
    page = visit.page
    page.locator(".map").focus()
    for _ in range(3):
        page.keyboard.press("n")
    visit.settled("?layer=underserved&selected=E01990029&sort=name")
    said = page.inner_text("#told")
    assert said.startswith("3 of 30: Beacon Point")
    assert said.endswith("Walk, median (minutes): 7.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/area/E01990029")


def test_enter_on_the_map_opens_nothing_where_nothing_is_chosen(visit):
    visit.open("?layer=underserved")
    visit.page.locator(".map").focus()
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("n")
    visit.settled("?layer=underserved&selected=E01990000")
