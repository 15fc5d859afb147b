"""The page of the data gives addresses that other programs read, run after run."""

import csv
import html
import io
import re

import pytest

from webmap import create_app
from webmap.results import Results


@pytest.fixture(scope="module")
def asker(village_results):
    return create_app(village_results).test_client()


@pytest.mark.parametrize("page", ["/data", "/cy/data"])
def test_every_address_of_the_page_answers_and_names_no_run(asker, village_results, page):
    run = Results(village_results).current()
    found = [html.unescape(each) for each in re.findall("<code>(.*?)</code>", asker.get(page).text)]
    maps = [each for each in found if "/api/collections/" in each]
    sheets = [each for each in found if "/download/csv" in each]
    assert len(maps) == len(sheets) == len(run.layers)
    for address in found:
        assert run.run not in address
        assert asker.get(address).status_code == 200, address
    assert "http://localhost/api/" in found


def test_a_layers_own_address_leads_a_program_to_the_whole_interface(asker):
    """QGIS looks for these two where it is sent, be it the first page or a layer's."""
    for address in ("/api/", "/api/collections/areas"):
        links = {each["rel"]: each for each in asker.get(address).get_json()["links"]}
        assert links["data"]["href"] == "http://localhost/api/collections"
        assert links["data"]["type"] == "application/json"
        assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"


def test_a_sheets_columns_are_called_the_same_in_either_language(asker):
    heads = [
        next(csv.reader(io.StringIO(asker.get(f"{start}/download/csv?layer=areas").text)))
        for start in ("", "/cy")
    ]
    assert heads[0] == heads[1]
    assert all(re.fullmatch(r"\ufeff?\w+", name) for name in heads[0])


@pytest.mark.parametrize("page", ["/", "/cy/map", "/method"])
def test_every_page_leads_to_the_open_interface(asker, page):
    there = "/cy/api/?f=html" if page.startswith("/cy") else "/api/?f=html"
    assert f'href="{there}"' in asker.get(page).text
