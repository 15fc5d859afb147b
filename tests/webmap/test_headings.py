"""Headings of columns are short, what they mean is told beside them, and files keep their names."""

import csv
import io
import json
import re

import pytest
from markupsafe import escape

from webmap import create_app
from webmap.results import Results
from webmap.text import language, words

LANGUAGES = language.languages()
WIDEST = 24
TERM = re.compile(r"<dt>(.+?)</dt><dd>(.+?)</dd>")


@pytest.fixture(scope="module")
def client(village_results):
    return create_app(village_results).test_client()


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda each: each.code)
def test_no_heading_is_longer_than_a_narrow_column_can_hold(village_results, spoken):
    run = Results(village_results).current()
    for entry in words.layers(run, spoken):
        shorts = [str(column["short"]) for column in entry["columns"]]
        assert [each for each in shorts if len(each) > WIDEST] == [], entry["layer_id"]
        assert len(set(shorts)) == len(shorts), entry["layer_id"]


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_every_shortened_heading_is_explained_under_its_table(client, village_results, prefix):
    run = Results(village_results).current()
    spoken = next(each for each in LANGUAGES if each.prefix == prefix)
    for entry in words.layers(run, spoken):
        page = client.get(f"{prefix}/table?layer={entry['layer_id']}").text
        means = page.partition('<details class="means" open>')[2].partition("</details>")[0]
        told = [
            (str(each["short"]), str(escape(each["heading"])))
            for each in entry["columns"]
            if each["short"] != each["heading"]
        ]
        assert TERM.findall(means) == told, entry["layer_id"]


def test_a_cell_names_its_class_and_leaves_the_meaning_to_the_legend(client):
    page = client.get("/table").text
    assert page.count("Underserved: deprived, and too many out of reach") == 1
    assert "<td>Underserved</td>" in page


def test_a_file_keeps_the_names_of_its_columns_and_tells_their_whole_titles(client):
    rows = csv.reader(io.StringIO(client.get("/download/csv?layer=hotspots_minutes").text))
    names = next(rows)
    assert [name for name in ("kind", "lag", "expected", "holds", "q") if name not in names] == []
    told = json.loads(client.get("/download/csv/metadata?layer=hotspots_minutes").data)
    titles = {each["name"]: each["title"] for each in told["columns"]}
    assert titles["q"] == "p, adjusted for many tests"
