"""What the app answers."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from geoengine.errors import ResultsError
from webmap import create_app

RUN = "0123456789ab"
CELLS = f"/runs/{RUN}/layers/cells"


def told(answer):
    return answer.get_json()["detail"]


PAGES = (
    "/",
    "/map",
    "/map?layer=streets",
    "/table",
    "/table?layer=unplaced",
    "/area/E01990000",
    "/postcode",
    "/postcode/XW11AA",
    "/method",
    "/data",
    "/accessibility-statement",
    "/nowhere",
)
PAGES += tuple(f"/cy{page}" for page in PAGES)


def shapes_of(folder, layer_id="cells"):
    """What the shapes of a layer are called."""
    layers = json.loads((folder / f"run-{RUN}" / "layers.json").read_text(encoding="utf-8"))
    return next(each["shapes"] for each in layers if each["layer_id"] == layer_id)


def test_the_page_says_the_answer_first(client):
    page = client.get("/").text
    first = re.search(r"<h1[^>]*>(.*?)</h1>", page).group(1)
    assert first.startswith("494 children under 5 in 6 of the 11 most deprived areas")
    assert "<strong>This county is invented.</strong>" in page


def test_a_real_county_is_not_called_invented(folder, client):
    path = folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8")) | {"invented": False}
    path.write_text(json.dumps(summary), encoding="utf-8")
    assert "invented.</strong>" not in client.get("/").text


def test_addresses_of_the_map_as_it_once_stood_lead_to_the_map(client):
    moved = client.get("/?layer=cells&selected=8a%20b")
    assert (moved.status_code, moved.location) == (301, "/map?layer=cells&selected=8a+b")
    assert client.get("/cy/?layer=cells").location == "/cy/map?layer=cells"


@pytest.mark.parametrize("path", PAGES)
def test_the_same_page_is_made_twice(client, path):
    assert client.get(path).data == client.get(path).data


@pytest.mark.parametrize("path", PAGES)
def test_the_page_has_no_script_and_no_style_of_its_own(client, path):
    page = client.get(path).text
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    assert [body for _, body in scripts if body.strip()] == []
    assert all("src=" in attributes for attributes, _ in scripts)
    assert "<style" not in page
    assert not re.search(r"\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", PAGES)
def test_the_page_loads_nothing_from_elsewhere(client, path):
    page = client.get(path).text
    loaded = re.findall(
        r"<(?:script|link(?! rel=.alternate)|img)[^>]*(?:src|href)=\"([^\"]+)\"", page
    )
    assert len(loaded) >= 4
    for url in loaded:
        assert url.startswith("/assets/")
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_leads_somewhere(client, path):
    page = client.get(path).text
    links = {link.replace("&amp;", "&") for link in re.findall(r"<a [^>]*href=\"(/[^\"]*)\"", page)}
    assert len(links) >= 3
    for link in sorted(links)[:40]:
        if "/download" in link or link.removeprefix("/cy") == "/nowhere":
            continue
        assert client.get(link).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_the_page_has_one_title_and_says_where_it_stands(client, path):
    page = client.get(path).text
    assert page.count("<h1") == 1
    tabs = page[page.index('class="tabs"') : page.index("</nav>", page.index('class="tabs"'))]
    listed = any(path.removeprefix("/cy").split("?")[0] == tab for tab in ("/", "/map", "/table"))
    assert tabs.count('aria-current="page"') == 1 or not listed


def test_every_answer_is_guarded(client):
    script = re.search(r'"(/assets/[^"]+/main\.js)"', client.get("/map").text)[1]
    parts = (f"{CELLS}/values.json", script)
    page = "default-src 'self'; script-src 'self'; style-src 'self'"
    for url in ("/", "/map", "/nowhere", "/api/?f=html", *parts):
        headers = client.get(url).headers
        # What only parts a page may do nothing when it is opened by itself.
        allowed = "default-src 'none'; frame-ancestors 'none'" if url in parts else page
        assert allowed in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert ("Permissions-Policy" in headers) == (url not in parts)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_files_are_sent_as_they_are_and_compressed_for_those_who_can(folder, client):
    stored = (folder / f"run-{RUN}" / "cells.values.json").read_bytes()
    url = f"{CELLS}/values.json"
    plain = client.get(url)
    assert plain.data == stored
    assert "Content-Encoding" not in plain.headers
    small = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == stored
    assert len(small.data) < len(stored) / 3
    assert small.headers["Vary"] == "Accept-Encoding"


def test_the_map_names_every_module_that_its_script_will_import(app, client):
    page = client.get("/map").text
    named = set(re.findall(r'rel="modulepreload" href="([^"]+)"', page))
    assert all(client.get(url).status_code == 200 for url in named)
    scripts = Path(app.root_path) / "static" / "js"
    wanted, seen = ["main.js"], set()
    while wanted:
        file = wanted.pop()
        seen.add(file)
        static = re.findall(r'from "\./([^"]+)"', (scripts / file).read_text(encoding="utf-8"))
        wanted += [each for each in static if each not in seen]
    assert {url.rpartition("/")[2] for url in named} == seen - {"main.js"}


def test_a_file_that_the_browser_has_is_not_sent_again(client):
    first = client.get(f"{CELLS}/values.json", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    kept = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get(f"{CELLS}/values.json", headers=kept)
    assert (again.status_code, again.data) == (304, b"")


def test_the_page_itself_is_asked_for_each_time(client):
    first = client.get("/")
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_new_results_are_served_without_a_restart(folder, client, invented_results):
    assert RUN in client.get("/map").text
    invented_results.write_results(folder, run="ba9876543210")
    page = client.get("/map").text
    assert "ba9876543210" in page
    assert RUN not in page
    old = client.get(f"{CELLS}/values.json")
    assert old.status_code == 410
    assert told(old) == "Newer results have replaced these; reload the page to see them."


def test_a_layer_that_is_not_there_is_refused_in_a_sentence(client):
    answer = client.get(f"/runs/{RUN}/layers/hotspots/values.json")
    assert answer.status_code == 404
    assert answer.get_json()["error"] == "UnknownLayerError"
    assert told(answer).startswith(
        "There is no layer 'hotspots' here; there are underserved, areas"
    )
    page = client.get("/map?layer=hotspots")
    assert page.status_code == 404
    assert page.content_type == "text/html; charset=utf-8"
    assert "There is no layer &#39;hotspots&#39; here" in page.text


def test_shapes_that_newer_results_share_are_kept_and_others_are_gone(
    folder, client, invented_results
):
    url = f"/shapes/{shapes_of(folder)}.json"
    first = client.get(url)
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    invented_results.write_results(folder, run="ba9876543210")
    assert client.get(url).data == first.data
    for name in ("0123456789abcdef", "None", "..%2flayers"):
        answer = client.get(f"/shapes/{name}.json")
        assert answer.status_code in (404, 410), name
    gone = client.get("/shapes/0123456789abcdef.json")
    assert told(gone) == "Newer results have replaced these; reload the page to see them."


@pytest.mark.parametrize(
    "path",
    [
        "/runs/0123456789ab/layers/../summary/values.json",
        "/runs/0123456789ab/layers/..%2f..%2fsummary/values.json",
        "/runs/0123456789ab/layers/%2e%2e/values.json",
        "/assets/x/../../__init__.py",
        "/assets/x/..%2f..%2f__init__.py",
    ],
)
def test_no_address_leads_out_of_the_folder(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"import" not in answer.data
    assert b'"format"' not in answer.data


def test_a_damaged_file_is_told_and_not_shown_as_an_empty_layer(folder, client):
    (folder / f"run-{RUN}" / "underserved.values.json").write_text('{"ids": [', encoding="utf-8")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "isn&#39;t JSON: the results are damaged. Run the study again." in answer.text


def test_the_base_map_comes_in_two_parts_that_make_the_whole(folder, client):
    whole = json.loads((folder / f"run-{RUN}" / "basemap.json").read_text(encoding="utf-8"))
    ground, lanes = (
        client.get(f"/runs/{RUN}/basemap/{part}.json").get_json()["features"]
        for part in ("ground", "lanes")
    )
    assert {feature["properties"]["kind"] for feature in lanes} == {"minor", "path"}
    said = [each["properties"] for each in whole["features"]]
    near = [each for each in said if each["kind"] in ("minor", "path")]
    assert [each["properties"] for each in lanes] == near
    assert [each["properties"] for each in ground] == [each for each in said if each not in near]


def test_a_missing_file_is_told(folder, client):
    (folder / f"run-{RUN}" / f"{shapes_of(folder)}.geometry.json").unlink()
    answer = client.get(f"/shapes/{shapes_of(folder)}.json")
    assert answer.status_code == 503
    assert "can't be read: the results are unfinished or damaged." in told(answer)


def test_a_fault_of_ours_shows_no_insides(client, folder, caplog):
    path = folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    del summary["curve"]
    path.write_text(json.dumps(summary), encoding="utf-8")
    answer = client.get("/")
    assert answer.status_code == 500
    assert "The server failed to answer; its log says why." in answer.text
    assert "KeyError" not in answer.text
    assert "GET / failed" in caplog.text


def test_without_results_there_is_nothing_to_serve(tmp_path):
    with pytest.raises(
        ResultsError, match=r"it holds no summary.json. Make some with: geoengine run"
    ):
        create_app(tmp_path)


def test_results_of_another_format_are_refused(folder):
    path = folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8")) | {"format": 99}
    path.write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(ResultsError, match="are of format 99, but this version reads format 2"):
        create_app(folder)


@pytest.mark.parametrize("name", ["../elsewhere", "run-xyz", "C:\\run-0123456789ab", ""])
def test_a_summary_cannot_name_another_folder(folder, name):
    path = folder / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8")) | {"folder": name}
    path.write_text(json.dumps(summary), encoding="utf-8")
    with pytest.raises(ResultsError, match="that isn't a run's"):
        create_app(folder)


def test_the_details_of_an_area_need_no_script(client):
    page = client.get("/map?selected=E01990016").text
    details = page[page.index('id="details"') : page.index('id="table"')]
    assert "Tannery has 112 children under 5; it is underserved." in details
    assert "<dt>Walk, median (minutes)</dt><dd>33.3</dd>" in details
    lost = client.get("/map?selected=nowhere").text
    assert "There is no “nowhere” in Underserved areas." in lost


@pytest.mark.parametrize("path", ["/map", "/table"])
def test_every_state_is_spelled_out_in_the_table(client, path):
    page = client.get(path).text
    table = page[page.index('id="features"') :]
    for words in ("no way to walk there", "not covered by the street map", "unknown"):
        assert f">{words}</td>" in table
    assert "></td>" not in table
    assert ">None</td>" not in table


def test_a_long_table_is_cut_and_says_so(client):
    page = client.get("/map?layer=cells").text
    assert '<a href="/table?layer=cells">The first 40 of 420 are shown; see the others.</a>' in page
    assert page.count('<th scope="row"><a href="/map?layer=cells&amp;selected=') == 40


def test_hostile_names_stay_text(tmp_path, invented_results):
    name = "</script><script>alert(1)</script>{{ 7 * 7 }}\"'><img src=x onerror=alert(1)>"
    invented_results.write_results(tmp_path, rename=lambda old: old + name)
    page = create_app(tmp_path).test_client()
    for path in PAGES:
        text = page.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "{{ 7 * 7 }}" in text
        assert "49" not in re.search(r"<title>(.*?)</title>", text).group(1)


def test_the_first_page_needs_no_geography_library():
    asked = (
        "import sys, webmap; "
        "print(sorted({'geopandas', 'shapely', 'pyproj', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_of_an_older_run_is_served_without_what_it_lacks(folder, client):
    for name in ("postcodes.json", "curves.json", "in_reach.json"):
        (folder / f"run-{RUN}" / name).unlink()
    assert "These results name no postcodes" in client.get("/postcode").text
    area = client.get("/area/E01990000").text
    assert "These results keep no settings by area" in area
    assert "Children under 5 of Old Quay who live" not in area
    assert client.get("/map").status_code == 200
