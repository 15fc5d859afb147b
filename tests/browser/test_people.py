"""Signing in, accounts, the log and another run of the study: for everybody, in both languages."""

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


def test_a_steward_signs_in_and_runs_the_study_by_keyboard(visiting, town_hall, monkeypatch):
    visit = visiting(town_hall[0])
    page = visit.page
    page.goto(f"{visit.home}login?next=/study")
    page.focus("#name")
    page.keyboard.type("steward")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/study")
    over = threading.Event()
    rerun = state(town_hall[1]).rerun
    start = rerun.start
    monkeypatch.setattr(
        rerun,
        "start",
        lambda who, ended: start(who, lambda attempt: (ended(attempt), over.set())),
    )
    page.focus("form.ask button")
    page.keyboard.press("Enter")
    page.wait_for_selector("main h2")
    assert over.wait(120)
    page.reload()
    assert page.inner_text("main h2") == "The last run has finished"
    page.focus(".signed button")
    page.keyboard.press("Enter")
    page.wait_for_selector("footer a[href*='login']")
