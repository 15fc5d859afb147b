"""Names that could do harm are shown as the text that they are, in every page, answer and file."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import hostile
import pytest

from webmap import create_app
from webmap.results import Results

HARMFUL = {"img", "iframe", "object", "embed", "base", "b"}
STARTS = ("=", "+", "@", "\t", "|", "\r")


@pytest.fixture(scope="module")
def hostile_results(tmp_path_factory):
    """Results that the engine made of hostile names."""
    place = tmp_path_factory.mktemp("hostile")
    hostile.run(place)
    return place / "out"


@pytest.fixture
def asker(hostile_results):
    return create_app(hostile_results).test_client()


class Elements(HTMLParser):
    """Finds what a page has that could run, or lead elsewhere."""

    def __init__(self):
        super().__init__()
        self.found, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag in HARMFUL or (tag == "script" and not given.get("src", "").startswith("/assets/")):
            self.found.append((tag, given))
        for name, value in attributes:
            leads = name in ("href", "src", "action", "formaction") and value
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.found.append((tag, name, value))
            if leads and not re.match(
                r"/(?!/)|#|https://www\.openstreetmap\.org/|https?://localhost/", value
            ):
                self.found.append((tag, name, value))

    def handle_data(self, data):
        self.texts.append(data)


def addresses(run):
    """Every page, with every layer, and one feature of each chosen; in both languages."""
    pages = ["/", "/method", "/data", "/accessibility-statement", "/postcode", "/postcode/ZZ11AB"]
    pages += ["/plan", "/plan/paper", "/plan/closures"]
    for entry in run.layers:
        key, ids = entry["layer_id"], run.table(entry["layer_id"])["ids"]
        chosen = f"&selected={quote(str(ids[0]))}" if ids else ""
        pages += [f"/map?layer={key}{chosen}", f"/table?layer={key}"]
        pages += [f"/api/collections/{key}?f=html", f"/api/collections/{key}/items?f=html"]
        pages += [f"/api/collections/{key}/items/{quote(str(each))}?f=html" for each in ids[:6]]
    pages += [f"/area/{code}" for code in run.table("areas")["ids"]]
    for page in pages:
        yield page
        if not page.startswith("/api/"):
            yield f"/cy{page}"


def test_no_name_becomes_a_part_of_any_page(asker, hostile_results):
    run = Results(hostile_results).current()
    walked = 0
    for address in addresses(run):
        answer = asker.get(address)
        assert answer.status_code == 200, (address, answer.text[-800:])
        page = Elements()
        page.feed(answer.text)
        assert page.found == [], address
        assert "49}" not in answer.text
        assert not re.search(r"<title>[^<]*\b49\b", answer.text)
        walked += 1
    assert walked > 80


def test_the_names_are_there_as_they_were_given(asker):
    said = Elements()
    said.feed(asker.get("/table?layer=areas").text)
    text = "".join(said.texts)
    for part in (
        "<script>alert(1)</script><img src=x onerror=alert(1)>", "{{ 7 * 7 }}{% raw %}",
        "javascript:alert(1)", '=HYPERLINK("http://evil.example"',
    ):  # fmt: skip
        assert part in text, part


def test_what_scripts_fetch_is_json_and_nothing_a_browser_would_run(asker, hostile_results):
    run = Results(hostile_results).current()
    for entry in run.layers:
        key = entry["layer_id"]
        paths = [f"/runs/{run.run}/layers/{key}/values.json", f"/api/collections/{key}/items"]
        if entry["geometry"] != "none":
            paths.append(f"/shapes/{entry['shapes']}.json")
        for path in paths:
            answer = asker.get(path)
            assert answer.status_code == 200, path
            assert "json" in answer.content_type
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            json.loads(answer.data)


def test_a_spreadsheet_takes_no_name_for_a_formula(asker, hostile_results):
    run = Results(hostile_results).current()
    started = []
    for key in ("areas", "provision", "unplaced"):
        answer = asker.get(f"/runs/{run.run}/downloads/{key}/csv")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
        assert len({len(row) for row in rows}) == 1
        started += [cell for row in rows for cell in row if cell.startswith(STARTS)]
        started += [cell for row in rows for cell in row if cell.startswith("-2+3")]
    assert started == []
