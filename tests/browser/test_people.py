"""Signing in, accounts, the log and another run of the study: for everybody, in both languages."""

import sys
import threading

import pytest
import waitress

from webmap import Settings, create_app
from webmap.access import accounts as keeping
from webmap.guards.throttle import Throttle
from webmap.routes import people
from webmap.state import state

PASSWORD = "correct horse battery"
LOOKS = [((1366, 768), "light", ""), ((390, 844), "dark", "cy/"), ((320, 640), "light", "")]


@pytest.fixture
def town_hall(village_results, tmp_path, monkeypatch):
    """The village served to people with accounts: its address, and the app."""
    monkeypatch.setattr(keeping, "METHOD", "scrypt:1024:8:1")
    monkeypatch.setattr(people, "BY_ADDRESS", Throttle(1_000))
    monkeypatch.setattr(people, "BY_NAME", Throttle(1_000))
    for role in ("steward", "admin"):
        keeping.Accounts(tmp_path / "accounts.json").put(role, role, PASSWORD)
    settings = Settings(write_folder=str(tmp_path))
    app = create_app(village_results, settings, study=village_results.parent / "study.toml")
    server = waitress.create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/", app
    server.close()


def sign_in(visit, prefix, name):
    visit.page.goto(f"{visit.home}{prefix}login")
    visit.page.fill("#name", name)
    visit.page.fill("#password", PASSWORD)
    visit.page.click("main form button")
    visit.page.wait_for_selector(".signed")


@pytest.mark.parametrize(
    ("size", "scheme", "prefix"), LOOKS, ids=["laptop", "phone in Welsh", "narrow"]
)
def test_axe_finds_nothing_wrong_and_nothing_is_too_wide(
    visiting, town_hall, axe, size, scheme, prefix
):
    visit = visiting(town_hall[0], size, color_scheme=scheme)

    def look(name):
        assert axe(visit.page) == [], name
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        visit.shoot(f"people-{name}-{size[0]}-{scheme}-{prefix[:2] or 'en'}", whole=True)

    visit.page.goto(f"{visit.home}{prefix}login")
    look("login")
    visit.page.fill("#name", "admin")
    visit.page.fill("#password", "not the password")
    visit.page.click("main form button")
    visit.page.wait_for_selector("[role=alert]")
    look("wrong")
    sign_in(visit, prefix, "admin")
    for page in ("accounts", "audit", "study"):
        visit.page.goto(f"{visit.home}{prefix}{page}")
        look(page)
    visit.page.goto(f"{visit.home}{prefix}accounts")
    visit.page.fill("form.ask #name", "Not A Name")
    visit.page.fill("form.ask #password", PASSWORD)
    visit.page.click("form.ask button")
    visit.page.wait_for_selector("[role=alert]")
    look("refused")
    visit.faults = [fault for fault in visit.faults if "(UN" not in fault]


def test_a_steward_signs_in_and_runs_the_study_by_keyboard(visiting, town_hall):
    visit = visiting(town_hall[0])
    page = visit.page
    page.goto(f"{visit.home}login?next=/study")
    page.focus("#name")
    page.keyboard.type("steward")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/study")
    page.focus("form.ask button")
    page.keyboard.press("Enter")
    page.locator("main h2").filter(has_text="The last run has finished").wait_for(timeout=120_000)
    page.focus(".signed button")
    page.keyboard.press("Enter")
    page.wait_for_selector("footer a[href*='login']")


STEPS = """
import time
print('Reading the areas …')
while True: time.sleep(0.01)
"""


def test_the_page_follows_a_run_and_tells_its_end_without_being_loaded_anew(
    visiting, town_hall, axe
):
    home, app = town_hall
    state(app).rerun._command = (sys.executable, "-u", "-c", STEPS)
    visit = visiting(home)
    page = visit.page
    sign_in(visit, "", "steward")
    page.goto(f"{home}study")
    page.click("form.ask button")
    page.locator("#told").filter(has_text="Reading the areas …").wait_for()
    assert axe(page) == []
    visit.shoot("people-study-running-1366-light-en", whole=True)
    page.locator("#run button").focus()
    was = page.evaluate("performance.timeOrigin")
    state(app).rerun.last.stop()
    page.locator("#told").filter(has_text="The last run was stopped").wait_for()
    assert page.inner_text("main h2") == "The last run was stopped"
    assert page.title().startswith("The last run was stopped: Run the study again")
    assert page.evaluate("document.activeElement.id") == "last-run"
    assert page.evaluate("performance.timeOrigin") == was


def test_without_scripts_the_page_of_a_run_loads_itself_anew_unless_asked_not_to(
    visiting, town_hall
):
    home, app = town_hall
    state(app).rerun._command = (sys.executable, "-u", "-c", STEPS)
    visit = visiting(home, java_script_enabled=False)
    page = visit.page
    sign_in(visit, "", "steward")
    page.goto(f"{home}study")
    page.click("form.ask button")
    with page.expect_navigation(timeout=20_000):
        pass
    assert "A run is under way" in page.inner_text("main h2")
    page.click("noscript a[href*=still]")
    assert page.inner_text("noscript a") == "Look how far it has come"
    state(app).rerun.last.stop()
