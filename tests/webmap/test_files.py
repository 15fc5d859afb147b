"""A file of what is on screen holds just that: the same rows, states, rounding and language."""

import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image
from werkzeug.datastructures import MultiDict

from webmap import create_app
from webmap.files import alone, downloads, paper, pictures, prints
from webmap.files.shown import Shown
from webmap.results import Results
from webmap.screen import tables
from webmap.screen import view as views
from webmap.text import language, words

ENGLISH, WELSH = language.languages()


@pytest.fixture(scope="module")
def village(village_results):
    return create_app(village_results)


@pytest.fixture(scope="module")
def asked(village):
    """Ask for a file, and see that there is one."""
    client = village.test_client()

    def get(address):
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.data

    return get


def shown(folder, query, spoken=ENGLISH):
    run = Results(folder).current()
    asked = MultiDict(part.split("=") for part in query.split("&"))
    entry = words.layer(run, spoken, asked["layer"])
    return Shown(run, spoken, entry, views.read(entry, asked), f"https://maps.test/map?{query}")


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def narrowest(folder, layer_id):
    """Return the class with fewest features, some at least, and how many it has."""
    lines = Results(folder).current().layer(layer_id)["classes"]
    return min((line["features"], line["key"]) for line in lines if line["features"])


def test_a_file_holds_the_rows_of_the_table_in_their_order(asked, village_results):
    run = Results(village_results).current()
    count, key = narrowest(village_results, "underserved")
    query = f"layer=underserved&only={key}&sort=-children"
    here = shown(village_results, query)
    page = tables.page(run, ENGLISH, here.entry, rows=1000, order=here.view.order)
    wanted = [row.feature_id for row in page.rows]
    assert len(wanted) == count
    for fmt in ("csv", "geojson", "xlsx", "parquet"):
        data = asked(f"/download/{fmt}?{query}")
        if fmt == "csv":
            found = [next(iter(row.values())) for row in rows_of(data)]
        elif fmt == "geojson":
            found = [each["id"] for each in json.loads(data)["features"]]
        elif fmt == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(data))["underserved"]
            found = [cell.value for cell in sheet["A"][1:]]
        else:
            found = gpd.read_parquet(io.BytesIO(data)).index.tolist()
        assert found == wanted, fmt


def test_people_times_and_shares_are_rounded_as_on_the_page(asked, village_results):
    here = shown(village_results, "layer=underserved")
    page = tables.page(here.run, ENGLISH, here.entry, rows=1000, order=here.view.order)
    names = [column["name"] for column in here.entry["columns"]]
    told = {row.feature_id: dict(zip(names, row.cells, strict=True)) for row in page.rows}
    rows = rows_of(asked("/download/csv?layer=underserved"))
    assert rows
    for row in rows:
        cells = told[next(iter(row.values()))]
        for name in ("children", "children_beyond"):
            if row[name]:
                assert f"{int(row[name]):,}" == cells[name]
        if row["share_beyond"]:
            assert f"{round(float(row['share_beyond']) * 100)}%" == cells["share_beyond"]


def test_what_has_no_value_is_empty_and_says_its_state(asked):
    for layer_id, name in (("underserved", "share_beyond"), ("hotspots_out_of_reach", "z")):
        rows = rows_of(asked(f"/download/csv?layer={layer_id}"))
        assert any(row["state"] for row in rows)
        assert {row[name] for row in rows if row["state"]} == {""}
        assert all(row[name] for row in rows if not row["state"])


def test_a_layer_that_nothing_narrows_keeps_the_types_of_its_columns(asked, village_results):
    whole = pd.read_parquet(
        village_results / Results(village_results).current().folder / "areas.parquet"
    )
    found = gpd.read_parquet(io.BytesIO(asked("/download/parquet?layer=areas")))
    kinds = {name: found[name].dtype.kind for name in found if name in whole and name != "geometry"}
    assert kinds == {name: whole[name].dtype.kind for name in kinds}


def test_the_metadata_tell_the_view_the_language_and_where_to_see_it_again(asked):
    query = "layer=areas&sort=-rank"
    data = asked(f"/cy/download/csv?{query}")
    told = json.loads(asked(f"/cy/download/csv/metadata?{query}"))
    assert told["view"] == {"layer": "areas", "sort": "-rank"}
    assert told["language"] == "cy"
    assert told["address"] == f"http://localhost/cy/map?{query}"
    assert told["content_sha256"] == hashlib.sha256(data).hexdigest()
    assert told["columns"][0]["title"] == "Ardal"


@pytest.mark.parametrize("fmt", [offer.key for offer in (*downloads.OFFERS, *downloads.DRAWN)])
def test_the_same_view_makes_the_same_file(village_results, fmt):
    pages = create_app(village_results).jinja_env
    made = [
        downloads.make_shown(shown(village_results, "layer=underserved"), fmt, pages)[1].content
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_a_document_has_two_pages_of_text_in_its_language(asked):
    for prefix, tag, told in (("", "en-GB", "Sources and licences"), ("/cy", "cy", "Ffynonellau")):
        data = asked(f"{prefix}/download/pdf?layer=underserved")
        document = pypdf.PdfReader(io.BytesIO(data))
        assert len(document.pages) == 2
        assert document.root_object["/Lang"] == tag
        assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]
        text = document.pages[1].extract_text()
        assert told in text
        csv_hash = hashlib.sha256(asked(f"{prefix}/download/csv?layer=underserved")).hexdigest()
        assert csv_hash in text.replace("\n", "")
        assert "/CreationDate" not in document.metadata


def test_a_picture_says_in_itself_what_it_is(asked):
    picture = Image.open(io.BytesIO(asked("/download/png?layer=underserved")))
    assert picture.size == (1322, 1870)
    assert picture.text["Source"] == "http://localhost/map?layer=underserved"
    assert "content SHA-256" in picture.text["Comment"]


def test_long_and_hostile_names_stay_on_the_paper(tmp_path, village_results):
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch " * 12 + "$x^2$ \u6f22\x07"
    lines = paper.wrapped(long, 8, 200, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(paper.measured(line, 8) <= 200 for line in lines)
    here = shown(village_results, "layer=underserved")
    summary = {**here.run.summary, "title": long, "place": long}
    object.__setattr__(here.run, "summary", summary)
    entry = {**here.entry, "title": long, "method": long * 9, "attribution": [long] * 20}
    hostile = Shown(here.run, ENGLISH, entry, here.view, "https://maps.test/" + "x" * 900)
    document = pypdf.PdfReader(io.BytesIO(prints.pdf(hostile)))
    assert len(document.pages) == 2
    for page in document.pages:
        places: list[float] = []

        def note(text, outer, inner, *_, places=places):
            if text.strip():
                places.append(outer[5] + inner[5])

        page.extract_text(visitor_text=note)
        assert min(places) > 20


def test_letters_that_the_font_lacks_are_boxes():
    assert paper.printable("T\u0177 \u6f22\n$") == "T\u0177 \u25a1 $"
    assert paper.printable("\ufeffa\u202eb\u200dc\u2066") == "abc"


def test_the_scale_of_a_map_is_the_distance_over_the_ground():
    """A degree of longitude at 60° north is 55.8 km on WGS 84."""
    ground = pictures.Ground((0.0, 59.5, 1.0, 60.5), 500, 500)
    left, right = ground(np.array([[0.0, 60.0], [1.0, 60.0]]))
    metres = (right[0] - left[0]) / ground.points_per_m
    assert metres == pytest.approx(55_800, rel=1e-3)
    low, high = ground(np.array([[0.5, 59.5], [0.5, 60.5]]))
    assert (high[1] - low[1]) / ground.points_per_m == pytest.approx(111_412, rel=1e-3)


class Sources(HTMLParser):
    """Gathers whatever a page would ask for, and what it holds."""

    def __init__(self):
        super().__init__()
        self.asked, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.asked += [value for name, value in attrs if name in ("src", "href", "action", "data")]


def test_a_page_of_its_own_asks_for_nothing_and_runs_nothing_else(asked):
    text = asked("/download/html?layer=underserved").decode()
    found = Sources()
    found.feed(text)
    assert found.asked == ["data:,"]
    (policy,) = [
        attrs["content"]
        for tag, attrs in found.tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    scripts = re.findall(r"<script(?: type=\"module\")?>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert rules["script-src"].split(" ") == alone._hashes(scripts).split(" ")
    assert rules["style-src"].split(" ") == alone._hashes(styles).split(" ")


def test_a_page_of_its_own_holds_all_layers_or_as_it_is_narrowed_one(asked, village_results):
    whole = asked("/download/html?layer=underserved").decode()
    _, key = narrowest(village_results, "underserved")
    narrowed = asked(f"/download/html?layer=underserved&only={key}").decode()
    layers = len(Results(village_results).current().layers)
    assert f"This file holds {layers} of {layers} layers" in whole
    assert f"This file holds 1 of {layers} layers" in narrowed
    assert narrowed.count("<tr data-id=") == narrowest(village_results, "underserved")[0]


def test_a_page_of_its_own_cannot_be_broken_out_of(village_results):
    held = alone._json({"name": "</script><script>alert(1)</script>"})
    assert "<" not in held
    assert json.loads(held) == {"name": "</script><script>alert(1)</script>"}


def test_too_many_rows_for_a_page_are_refused_in_a_sentence(village, monkeypatch):
    monkeypatch.setattr(alone, "MOST_ROWS", 1)
    answer = village.test_client().get("/download/html?layer=cells")
    assert answer.status_code == 400
    assert "more than the 1 that a page of its own can hold" in answer.text


def test_one_who_waits_too_long_for_others_is_told_so(village, village_results, monkeypatch):
    monkeypatch.setattr(downloads, "WAIT_S", 0.01)
    client = village.test_client()
    client.get("/download/csv?layer=areas")
    run = village.extensions["webmap"].results.current()
    turn = run.keep("files", downloads.Files)._turn
    with turn:
        answer = client.get("/download/csv?layer=areas&sort=rank")
    assert answer.status_code == 503
    assert "Another file is being made just now" in answer.text


def test_formats_that_a_layer_is_not_offered_in_are_refused_with_those_it_is(village):
    client = village.test_client()
    assert client.get("/download/shp?layer=areas").status_code == 404
    answer = client.get("/download/pdf?layer=unplaced")
    assert answer.status_code == 404
    assert "Choose one of: csv, xlsx, parquet, html" in answer.text


def test_pages_link_to_files_of_what_they_show(client):
    text = client.get("/table?layer=provision&only=eligible&sort=-capacity").text
    for offer in downloads.offers({"geometry": "point"}, drawn=True):
        query = "layer=provision&amp;only=eligible&amp;sort=-capacity"
        assert f'href="/download/{offer.key}?{query}"' in text
    assert 'href="/cy/download/pdf?layer=underserved"' in client.get("/cy/map").text


def test_the_command_line_makes_the_same_rows(tmp_path, asked, village_results):
    _, key = narrowest(village_results, "underserved")
    out = tmp_path / "shown.csv"
    query = f"only={key}&sort=-children"
    downloads.write(village_results, "underserved", "csv", out, query=query)
    assert out.read_bytes() == asked(f"/download/csv?layer=underserved&{query}")
    told = json.loads((tmp_path / "shown.csv.metadata.json").read_text(encoding="utf-8"))
    assert told["file"] == "shown.csv"


@pytest.mark.parametrize("fmt", ["csv", "geojson", "png", "pdf", "html"])
def test_what_only_the_map_shows_changes_no_file(asked, fmt):
    query = "layer=underserved&sort=-children"
    only_map = "reach=-1.5,53.7&mode=cycle&find=place.Keld&o=60&z=12&c=53.7,-1.5"
    assert asked(f"/download/{fmt}?{query}&{only_map}") == asked(f"/download/{fmt}?{query}")
