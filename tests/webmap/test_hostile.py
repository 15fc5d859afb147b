"""Names that could do harm are shown as the text that they are, in every page, answer and file."""

import csv
import html
import io
import json
import re
import zipfile
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import quote

import hostile
import openpyxl
import pyarrow.parquet as pq
import pyogrio
import pypdf
import pytest

from webmap import create_app
from webmap.files.downloads import offers
from webmap.results import Results

HARMFUL = {"img", "iframe", "object", "embed", "base", "b"}
STARTS = ("=", "+", "@", "\t", "\r")


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
    pages += ["/plan", "/plan/paper", "/plan/closures", "/search?q=script", "/api/openapi.html"]
    pages += [f"/api/{part}?f=html" for part in ("", "conformance", "collections")]
    pages += [f"/search?q={quote(each)}" for each in hostile.EVERY]
    for entry in run.layers:
        key, ids = entry["layer_id"], run.table(entry["layer_id"])["ids"]
        chosen = f"&selected={quote(str(ids[0]))}" if ids else ""
        pages += [f"/map?layer={key}{chosen}", f"/table?layer={key}"]
        here = f"/api/collections/{key}"
        pages += [f"{here}{part}?f=html" for part in ("", "/queryables", "/items")]
        pages += [f"/api/collections/{key}/items/{quote(str(each))}?f=html" for each in ids[:6]]
    pages += [f"/area/{code}" for code in run.table("areas")["ids"]]
    for page in pages:
        yield page
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


def made(asker, run, entry, fmt):
    """A layer as it is downloaded, and what is on screen of it, in a format."""
    key = entry["layer_id"]
    for path in (f"/runs/{run.run}/downloads/{key}/{fmt}", f"/download/{fmt}?layer={key}"):
        answer = asker.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        yield answer.data


def each_of(run, fmt):
    return [entry for entry in run.layers if fmt in {each.key for each in offers(entry)}]


def test_a_spreadsheet_takes_no_name_for_a_formula(asker, hostile_results):
    run = Results(hostile_results).current()
    started = []
    for entry in each_of(run, "csv"):
        for data in made(asker, run, entry, "csv"):
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            assert len({len(row) for row in rows}) == 1
            started += [cell for row in rows for cell in row if cell.startswith(STARTS)]
            started += [cell for row in rows for cell in row if cell.startswith("-2+3")]
    assert started == []


def test_a_workbook_holds_names_as_text_and_no_link(asker, hostile_results):
    run = Results(hostile_results).current()
    texts = 0
    for entry in each_of(run, "xlsx"):
        for data in made(asker, run, entry, "xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(data))
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "b"}
            assert [cell.coordinate for cell in cells if cell.hyperlink] == []
            texts += sum("HYPERLINK" in str(cell.value) for cell in cells)
            parts = zipfile.ZipFile(io.BytesIO(data)).namelist()
            assert not [part for part in parts if "externalLink" in part or "vba" in part.lower()]
    assert texts


def _of_parquet(data):
    """A GeoParquet's columns, once all that it says of itself is found to be JSON."""
    table = pq.read_table(io.BytesIO(data))
    for value in (table.schema.metadata or {}).values():
        json.loads(value)
    return table.to_pydict()


def _of_file(data, path):
    path.unlink(missing_ok=True)
    path.write_bytes(data)
    return pyogrio.read_dataframe(path)


@pytest.mark.parametrize("fmt", ["geojson", "gpkg", "fgb", "parquet"])
def test_a_geographic_file_gives_every_text_back_as_it_was(asker, hostile_results, fmt, tmp_path):
    run = Results(hostile_results).current()
    walked = 0
    for entry in each_of(run, fmt):
        known = run.table(entry["layer_id"])["columns"]
        texts = [name for name, held in known.items() if any(isinstance(at, str) for at in held)]
        for data in made(asker, run, entry, fmt):
            path = tmp_path / f"layer.{fmt}"
            told = _of_parquet(data) if fmt == "parquet" else _of_file(data, path)
            for column in set(texts) & set(told):
                given = {None if text != text else text for text in told[column]}
                assert given == set(known[column]), (entry["layer_id"], column)
                walked += 1
    assert walked > 20


def test_what_is_for_paper_holds_text_alone(asker, hostile_results):
    run = Results(hostile_results).current()
    for entry in run.layers:
        if entry["geometry"] == "none":
            continue
        for fmt, begins in (("pdf", b"%PDF-"), ("png", b"\x89PNG")):
            answer = asker.get(f"/download/{fmt}?layer={entry['layer_id']}")
            assert answer.data.startswith(begins)
            for harm in (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile", b"/OpenAction <<"):
                assert harm not in answer.data


def test_a_document_says_the_names_and_does_nothing(asker, hostile_results):
    run = Results(hostile_results).current()
    for entry in run.layers:
        if entry["geometry"] == "none":
            continue
        document = pypdf.PdfReader(
            io.BytesIO(asker.get(f"/download/pdf?layer={entry['layer_id']}").data)
        )
        known = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/Metadata", "/ViewerPreferences"}
        assert set(document.trailer["/Root"]) <= known
        assert [list(page.get("/Annots", [])) for page in document.pages] == [[], []]
        assert all("/AA" not in page for page in document.pages)
        text = "".join("".join(page.extract_text() for page in document.pages).split())
        # What turns letters round is drawn as no letter.
        assert not set(text) & set("\u202e\u2066\u200b\x00\x07")
        assert "<script>alert(1)</script>" in text, entry["layer_id"]
        assert "{{7*7}}" in text


def test_a_page_of_its_own_runs_what_it_says_it_runs_and_nothing_else(asker, hostile_results):
    """Its policy names each script by its hash; what the names hold is none of them."""
    run = Results(hostile_results).current()
    for entry in run.layers[:3]:
        text = asker.get(f"/download/html?layer={entry['layer_id']}").text
        page = Elements()
        page.feed(text)
        strange = [each for each in page.found if each[0] not in ("script", "img")]
        assert [each for each in strange if "evil" in str(each) or "alert" in str(each)] == []
        policy = html.unescape(
            re.search('http-equiv="Content-Security-Policy" content="([^"]+)', text)[1]
        )
        allowed = set(re.findall(r"'sha256-([^']+)'", policy))
        scripts = re.findall(r"<script(?: [^>]*)?>(.*?)</script>", text, re.DOTALL)
        hashes = {b64encode(sha256(each.encode()).digest()).decode() for each in scripts if each}
        assert "unsafe" not in policy.split("script-src")[1].split(";")[0]
        assert not [each for each in scripts if each.strip() == "alert(1)"]
        assert hashes & allowed
