"""A real browser at results whose every name means harm: it shows text, and does nothing."""

from urllib.parse import quote
from urllib.request import urlopen

import hostile
import pytest

from webmap.results import Results


@pytest.fixture(scope="module")
def harmful(tmp_path_factory):
    """Results that the engine made of hostile names."""
    place = tmp_path_factory.mktemp("hostile")
    hostile.run(place)
    return place / "out"


def test_no_name_does_anything_in_a_browser(visiting, serving, harmful):
    visit, run = visiting(serving(harmful)), Results(harmful).current()
    dialogs = []
    visit.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for entry in run.layers:
        if entry["geometry"] == "none":
            continue
        key, ids = entry["layer_id"], run.table(entry["layer_id"])["ids"]
        visit.open(f"?layer={key}&selected={quote(str(ids[0]))}")
        for link in visit.page.query_selector_all("#features tbody a")[:3]:
            link.focus()
    code = run.table("areas")["ids"][0]
    pages = ("", "method", "data", "table?layer=provision", "table?layer=unplaced", f"area/{code}")
    pages += (f"search?q={quote(hostile.LIVE)}", "cy/search?q=script")
    for path in (*pages, "postcode/ZZ11AB", "plan", "plan/paper", "api/collections?f=html"):
        visit.page.goto(visit.home + path)
        visit.page.wait_for_load_state("networkidle")
    visit.page.goto(f"{visit.home}table?layer=areas")
    shown = visit.page.inner_text("main")
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in shown
    assert "{{ 7 * 7 }}{% raw %}" in shown
    assert visit.page.evaluate("document.querySelectorAll('img, main script').length") == 0
    assert dialogs == []


def test_no_name_does_anything_in_a_page_of_its_own(browser, serving, harmful, tmp_path):
    """Opened from disk, only the page's own policy stands guard."""
    path = tmp_path / "page.html"
    path.write_bytes(urlopen(f"{serving(harmful)}download/html?layer=areas").read())
    context = browser.new_context(offline=True)
    page, dialogs, faults, asked = context.new_page(), [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector(".map[data-shown]")
    for show in page.query_selector_all("[data-show]"):
        show.click()
    page.wait_for_selector("section[data-layer]:not([hidden])")
    assert "<script>alert(1)</script>" in page.inner_text("body")
    assert (dialogs, faults, len(asked)) == ([], [], 1)
    context.close()
