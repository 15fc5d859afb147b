"""The search box is worked by keyboard and by pointer, on the map and on other pages."""

import pytest

LAPTOP, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)


def offered(page, count):
    page.wait_for_function(
        "(n) => document.querySelectorAll('#search-list [role=option]').length === n", arg=count
    )
    return page.locator("#search-list li > :first-child").all_inner_texts()


def test_the_list_is_worked_by_the_arrow_keys(visiting, home):
    visit = visiting(home)
    page = visit.page
    page.goto(f"{home}method")
    box = page.get_by_role("combobox", name="Search")
    assert box.get_attribute("aria-expanded") == "false"
    box.fill("keld")
    assert offered(page, 3) == ["Keld", "Keld Green", "Upper Keld"]
    assert box.get_attribute("aria-expanded") == "true"
    assert page.inner_text("#search-told") == "3 found."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    assert "Keld Green" in active.inner_text()
    assert page.locator("#search-list [aria-selected=true]").count() == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert page.locator("#search-panel").is_hidden()
    assert box.input_value() == "keld"
    page.keyboard.press("ArrowDown")
    assert page.locator("#search-panel").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert box.input_value() == ""
    box.fill("Castle Hill")
    offered(page, 1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/area/E01990007")


def test_what_nobody_is_called_is_told_and_enter_leads_to_the_page_of_links(visiting, home):
    visit = visiting(home)
    page = visit.page
    page.goto(f"{home}cy/method")
    page.get_by_role("combobox").fill("zzz")
    page.wait_for_function("() => document.querySelector('#search-told').textContent.length > 0")
    assert page.inner_text("#search-note").startswith("Nid oes dim yma o’r enw “zzz”")
    assert page.get_by_role("combobox").get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.wait_for_url("**/cy/search?q=zzz")


def test_a_pointer_chooses_and_what_is_asked_meanwhile_is_dropped(visiting, home):
    visit = visiting(home)
    page = visit.page
    page.goto(f"{home}data")
    page.get_by_role("combobox").press_sequentially("wexhulme", delay=30)
    assert offered(page, 1) == ["Wexholme"]
    assert "Nearly so" in page.inner_text("#search-told")
    page.locator("#search-list li").click()
    page.wait_for_url("**/area/E01990019")


def test_without_scripts_a_form_leads_to_links(visiting, home):
    visit = visiting(home, java_script_enabled=False)
    page = visit.page
    page.goto(home)
    page.get_by_role("searchbox", name="Search").fill("keld")
    page.get_by_role("button", name="Go").click()
    assert page.url.endswith("/search?q=keld")
    page.get_by_role("link", name="Keld Green", exact=True).click()
    assert page.url.endswith("/area/E01990026")
    page.go_back()
    page.get_by_role("link", name="Keld Green, on the map").click()
    assert page.locator("#details h2").inner_text() == "Keld Green"


@pytest.mark.parametrize("size", [LAPTOP, PHONE, NARROW], ids=["laptop", "phone", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_open_list(visiting, home, axe, size, scheme):
    visit = visiting(home, size, color_scheme=scheme)
    page = visit.page
    for path, text in (("", "keld"), ("map", "nursery"), ("map", "zzz")):
        page.goto(home + path)
        page.get_by_role("combobox", name="Search").fill(text)
        page.wait_for_selector("#search-panel:not([hidden])")
        page.keyboard.press("ArrowDown")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        visit.shoot(f"search-{path or 'answer'}-{text}-{size[0]}-{scheme}")
    page.goto(f"{home}search?q=nursery")
    assert axe(page) == []
    visit.shoot(f"search-links-{size[0]}-{scheme}", whole=True)
