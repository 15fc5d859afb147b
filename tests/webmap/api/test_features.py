"""The layers as OGC API Features."""

import json
import re
from datetime import datetime
from urllib.parse import quote, urlsplit

import pyproj
import pytest
from shapely.geometry import shape

HOME = "http://localhost/api"
UNDERSERVED = "/api/collections/underserved/items"
CELLS = "/api/collections/cells/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
LAYERS = (
    "underserved", "areas", "provision", "unplaced", "catchments", "cells", "streets", "isochrones",
)  # fmt: skip


def told(answer):
    return json.loads(answer.data)


def rels(document):
    return {each["rel"] for each in document["links"]}


def ids(answer):
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in told(answer)["features"]]


def follow(api, href):
    parts = urlsplit(href)
    return api.get(f"{parts.path}?{parts.query}")


def test_the_landing_page_leads_to_everything(api):
    landing = told(api.get("/api/"))
    assert rels(landing) == {
        *("self", "alternate", "service-desc", "service-doc", "conformance", "data")
    }
    for each in landing["links"]:
        assert each["href"].startswith(HOME)
        found = follow(api, each["href"])
        assert found.status_code == 200
        assert found.content_type.split(";")[0] == each["type"].split(";")[0]


def test_it_says_what_it_conforms_to(api):
    conforms = told(api.get("/api/conformance"))["conformsTo"]
    for each in ("core", "geojson", "html", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{each}" in conforms
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in conforms
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in conforms


def test_every_layer_is_a_collection(api):
    listed = told(api.get("/api/collections"))
    assert [each["id"] for each in listed["collections"]] == list(LAYERS)
    for each in listed["collections"]:
        assert {"self", "items", "enclosure"} <= rels(each)
        alone = told(api.get(f"/api/collections/{each['id']}"))
        assert {"self", "alternate", "items"} <= rels(alone)
        same = ("id", "title", "description", "attribution", "crs", "itemType")
        assert [alone[name] for name in same] == [each[name] for name in same]
        assert alone["crs"][:2] == [CRS84, f"{EPSG}4326"]
        assert ("storageCrs" in alone) == (each["id"] != "unplaced")
        west, south, east, north = (
            alone["extent"]["spatial"]["bbox"][0] if "extent" in alone else (0, 0, 1, 1)
        )
        assert west < east
        assert south < north


@pytest.mark.parametrize("layer", LAYERS)
def test_every_link_of_a_layer_leads_somewhere(api, layer):
    for path in (f"/api/collections/{layer}", f"/api/collections/{layer}/items?limit=1"):
        for each in told(api.get(path))["links"]:
            found = follow(api, each["href"])
            assert found.status_code == 200, each
            assert found.content_type.split(";")[0] == each["type"].split(";")[0]


def test_a_page_of_features_says_what_it_must(api):
    answer = api.get(f"{CELLS}?limit=100&offset=50")
    page = told(answer)
    assert answer.content_type == "application/geo+json"
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    assert page["type"] == "FeatureCollection"
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (420, 100, 100)
    assert {"self", "alternate", "next", "prev", "collection"} == rels(page)
    assert datetime.fromisoformat(page["timeStamp"]).tzinfo is not None
    first = page["features"][0]
    assert set(first) == {"type", "id", "geometry", "properties"}
    assert first["type"] == "Feature"
    assert shape(first["geometry"]).is_valid


def test_turning_the_pages_tells_each_feature_once(api):
    seen, href = [], f"{HOME}/collections/cells/items?limit=97&sortby=-minutes_mean"
    while href:
        page = told(follow(api, href))
        seen += [each["id"] for each in page["features"]]
        href = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert len(seen) == 420
    assert seen == ids(api.get(f"{CELLS}?sortby=-minutes_mean"))
    back = told(api.get(f"{CELLS}?limit=10&offset=5"))["links"]
    assert [e["href"] for e in back if e["rel"] == "prev"] == [
        f"{HOME}/collections/cells/items?limit=10&offset=0"
    ]


def test_a_limit_beyond_the_most_is_the_most(api):
    assert len(ids(api.get(f"{CELLS}?limit=99999999"))) == 420
    assert ids(api.get(f"{CELLS}?offset=999999999999")) == []


def test_states_are_null_with_their_name_and_never_a_number(api, stored):
    lost = told(api.get(f"{CELLS}?filter=minutes_mean%20IS%20NULL"))
    assert lost["numberMatched"] == 6
    for each in lost["features"]:
        assert each["properties"]["minutes_mean"] is None
        assert each["properties"]["state"] == "No way to walk there"
    known = told(api.get(f"{CELLS}?filter=state%20IS%20NULL"))
    assert known["numberMatched"] == 414
    assert all(each["properties"]["minutes_mean"] is not None for each in known["features"])
    areas = told(api.get(f"{UNDERSERVED}?filter=status='unknown'"))["features"]
    assert [(e["properties"]["decile"], e["properties"]["state"]) for e in areas] == [
        (None, "Deprivation unknown")
    ]


def test_a_plain_table_has_features_without_geometry(api):
    page = told(api.get("/api/collections/unplaced/items"))
    assert page["numberMatched"] == 4
    assert [each["geometry"] for each in page["features"]] == [None] * 4
    assert ids(api.get("/api/collections/unplaced/items?bbox=-180,-90,180,90")) == []


def test_a_box_finds_the_features_that_touch_it(api):
    everything = told(api.get(CELLS))["features"]
    box = (0.93, 53.63, 0.95, 53.65)
    from shapely import box as make

    expected = [e["id"] for e in everything if shape(e["geometry"]).intersects(make(*box))]
    assert 5 < len(expected) < 100
    west, south, east, north = box
    assert ids(api.get(f"{CELLS}?bbox={west},{south},{east},{north}")) == expected
    assert ids(api.get(f"{CELLS}?bbox={west},{south},-10,{east},{north},99")) == expected
    # EPSG:4326 has its latitude first.
    swapped = f"bbox={south},{west},{north},{east}&bbox-crs={EPSG}4326"
    assert ids(api.get(f"{CELLS}?{swapped}")) == expected
    filtered = quote(f"S_INTERSECTS(geometry, BBOX({west},{south},{east},{north}))")
    assert ids(api.get(f"{CELLS}?filter={filtered}")) == expected
    lat_first = quote(f"S_INTERSECTS(geometry, BBOX({south},{west},{north},{east}))")
    assert ids(api.get(f"{CELLS}?filter={lat_first}&filter-crs={EPSG}4326")) == expected


def test_a_box_may_cross_the_date_line(api):
    assert len(ids(api.get(f"{CELLS}?bbox=170,-90,2,90"))) == 420
    assert ids(api.get(f"{CELLS}?bbox=2,-90,-170,90")) == []


@pytest.mark.parametrize("code", ["27700", "3857", "4326"])
def test_features_are_told_in_other_systems_with_their_own_axes(api, code):
    plain = told(api.get("/api/collections/provision/items"))["features"]
    answer = api.get(f"/api/collections/provision/items?crs={EPSG}{code}")
    assert answer.headers["Content-Crs"] == f"<{EPSG}{code}>"
    turn = pyproj.Transformer.from_crs("OGC:CRS84", f"EPSG:{code}")
    for was, now in zip(plain, told(answer)["features"], strict=True):
        expected = turn.transform(*was["geometry"]["coordinates"])
        assert now["geometry"]["coordinates"] == pytest.approx(expected, abs=0.11)
    if code == "4326":
        assert all(e["geometry"]["coordinates"][0] > 50 for e in told(answer)["features"])
    one = api.get(f"/api/collections/provision/items/N1?crs={EPSG}{code}")
    assert told(one)["geometry"] == told(answer)["features"][1]["geometry"]
    assert one.headers["Content-Crs"] == f"<{EPSG}{code}>"


def test_a_box_in_metres_finds_what_it_does_in_degrees(api):
    turn = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:27700")
    found = told(api.get("/api/collections/provision/items"))["features"]
    for each in found:
        x, y = turn.transform(*each["geometry"]["coordinates"])
        box = f"{x - 5:.2f},{y - 5:.2f},{x + 5:.2f},{y + 5:.2f}"
        query = f"bbox={box}&bbox-crs={EPSG}27700"
        assert ids(api.get(f"/api/collections/provision/items?{query}")) == [each["id"]]


def test_columns_filter_sort_and_choose(api):
    answer = api.get(f"{UNDERSERVED}?decile=1&sortby=-children,name&properties=children,decile")
    found = told(answer)["features"]
    everything = told(api.get(UNDERSERVED))["features"]
    assert {each["id"] for each in found} == {
        each["id"] for each in everything if each["properties"]["decile"] == 1
    }
    assert all(set(each["properties"]) == {"children", "decile"} for each in found)
    children = [each["properties"]["children"] for each in found]
    assert children == sorted(children, reverse=True)
    order = told(api.get(f"{UNDERSERVED}?sortby=%2Bminutes_median"))["features"]
    minutes = [each["properties"]["minutes_median"] for each in order]
    assert minutes == [*sorted(m for m in minutes if m is not None), None, None]
    assert ids(api.get(f"{UNDERSERVED}?sortby=-minutes_median"))[-2:] == [
        each["id"] for each in order[-2:]
    ]
    assert len(ids(api.get("/api/collections/provision/items?abroad=true"))) == 1


def test_features_have_no_time_so_that_any_matches(api):
    for asked in ("2026-11-22", "2026-11-22T10:00:00Z", "../2026-01-01", "2026-01-01/.."):
        assert len(ids(api.get(f"{UNDERSERVED}?datetime={asked}"))) == 30


@pytest.mark.parametrize("layer", LAYERS)
def test_each_feature_has_an_address(api, layer):
    for each in told(api.get(f"/api/collections/{layer}/items?limit=3"))["features"]:
        answer = api.get(f"/api/collections/{layer}/items/{quote(each['id'], safe='')}")
        alone = told(answer)
        assert answer.content_type == "application/geo+json"
        assert {"self", "alternate", "collection"} == rels(alone)
        assert {name: alone[name] for name in each} == each


@pytest.mark.parametrize("layer", LAYERS)
def test_what_filters_may_name_is_told(api, layer):
    answer = api.get(f"/api/collections/{layer}/queryables")
    schema = told(answer)
    assert answer.content_type == "application/schema+json"
    assert schema["$id"] == f"{HOME}/collections/{layer}/queryables"
    feature = told(api.get(f"/api/collections/{layer}/items?limit=1"))["features"][0]
    assert set(feature["properties"]) == set(schema["properties"]) - {"geometry"}
    for name, said in schema["properties"].items():
        if name != "geometry":
            filtered = quote(f'"{name}" IS NULL OR "{name}" IS NOT NULL')
            asked = f"/api/collections/{layer}/items?limit=1&filter={filtered}"
            assert told(api.get(asked))["numberMatched"] > 0
            assert said["type"] in ("string", "number", "boolean")
            assert said["title"]


def test_all_that_is_wrong_is_told_at_once(api):
    answer = api.get(f"{CELLS}?limit=0&bbox=1,2&colour=red&crs=mars&sortby=-size&filter=x")
    problem = told(answer)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert (problem["type"], problem["title"], problem["status"]) == (
        *("about:blank", "Bad Request"),
        400,
    )
    for said in (
        "there is no parameter 'colour'; there are f, limit",
        "limit must be a whole number from 1, not '0'",
        "bbox must be four numbers with commas between, like -3.5,51.5,-2.9,51.7; not '1,2'",
        f"crs must be one of {CRS84}",
        "sortby names no column with 'size'; there are feature_id, class, state",
    ):
        assert said in problem["detail"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=x", "limit must be a whole number from 1, not 'x'"),
        ("offset=-1", "offset must be a whole number from 0, not '-1'"),
        ("offset=²", "offset must be a whole number from 0, not '²'"),
        ("limit=1&limit=2", "limit is given 2 times; give it once"),
        ("bbox=0,1,2,nan", "bbox must be four numbers"),
        ("bbox=0,2,1,1", "bbox must have its lower corner first"),
        (f"bbox=5,1,1,2&bbox-crs={EPSG}27700", "bbox must have its lower corner first"),
        ("bbox=-1e308,-1e308,1e308,1e308", "bbox must lie on earth; not '-1e308,-1e308"),
        (f"bbox=1,1,9e8,2&bbox-crs={EPSG}27700", "lies outside of what EPSG:27700 covers"),
        ("filter=S_INTERSECTS(geometry,BBOX(1,2,1e300,3))", "bbox must lie on earth"),
        (
            f"filter=S_INTERSECTS(geometry,BBOX(5,1,1,2))%26filter-crs={EPSG}27700".replace(
                "%26", "&"
            ),
            "bbox must have its lower corner first",
        ),
        ("datetime=yesterday", "datetime must be like 2026-11-22T12:00:00Z"),
        ("datetime=2026-13-01", "datetime must be like"),
        ("datetime=2026-02-01/2026-01-01", "datetime must be like"),
        ("datetime=..", "datetime must be like"),
        ("f=xml", "f must be json or html, not 'xml'"),
        ("filter-lang=sql&filter=1=1", "filter-lang must be cql2-text, not 'sql'"),
        ("children=many", "children must be a number, not 'many'"),
        ("filter=children>'x'", "filter compares a number with a string by >"),
    ],
)
def test_what_is_wrong_is_told(api, query, said):
    answer = api.get(f"{UNDERSERVED}?{query}")
    assert answer.status_code == 400
    assert said in told(answer)["detail"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/collections/nothing", 404, "There is no layer 'nothing' here; there are"),
        ("/api/collections/nothing/items", 404, "There is no layer 'nothing' here"),
        (f"{UNDERSERVED}/E9", 404, "There is no 'E9' in the layer 'Underserved areas'."),
        ("/api/nowhere", 404, "The requested URL was not found"),
        ("/api/?x=1", 400, "there is no parameter 'x'; there are f"),
    ],
)
def test_what_is_not_there_is_told_as_a_problem(api, path, status, said):
    answer = api.get(path)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert told(answer)["status"] == status
    assert said in told(answer)["detail"]


def test_other_methods_are_refused_and_the_allowed_told(api):
    answer = api.post(UNDERSERVED)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_missing_table_is_told(folder, client):
    answer = client.get(UNDERSERVED)
    assert answer.status_code == 503
    assert told(answer)["detail"].startswith("underserved.parquet can't be read: the results are")


def test_browsers_are_given_pages_and_programs_documents(api):
    as_browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for path in (
        "/api/",
        "/api/conformance",
        "/api/collections",
        UNDERSERVED,
        f"{CELLS}/8a190000ff",
    ):
        page = api.get(path, headers=as_browser)
        assert page.content_type == "text/html; charset=utf-8", path
        assert page.headers["Vary"] == "Accept, Accept-Encoding"
        assert api.get(path).content_type != page.content_type
        assert api.get(f"{path}?f=json", headers=as_browser).content_type != page.content_type
        main = page.text.partition("<main")[2]
        assert main == api.get(f"{path}?f=html").text.partition("<main")[2]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_pages_ask_no_other_host_and_lead_within(api, layer):
    for path in ("", "/queryables", "/items", "/items?limit=2&offset=1&sortby=name"):
        answer = api.get(f"/api/collections/{layer}{path}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        page = answer.text
        assert page.count("<h1") == 1
        assert not re.search(r"<style|\sstyle=|\son\w+=", page)
        for url in re.findall(r"(?:src|href)=\"([^\"]+)\"", page):
            assert url.startswith(("/", HOME, "http://localhost/", "#main")), url


def test_an_answer_that_is_known_is_not_sent_again(api):
    for path in (UNDERSERVED, "/api/collections", f"{CELLS}?limit=7&f=html"):
        first = api.get(path)
        assert first.headers["Cache-Control"] == "no-cache"
        again = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        other = api.get(path, headers={"If-None-Match": 'W/"0123456789abcdef"'})
        assert other.status_code == 200


def test_answers_are_compressed_for_those_who_can(api):
    import gzip

    import brotli

    plain = told(api.get(CELLS))["features"]
    for name, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = api.get(CELLS, headers={"Accept-Encoding": name})
        assert answer.headers["Content-Encoding"] == name
        assert json.loads(unpack(answer.data))["features"] == plain
    assert "Content-Encoding" not in api.get(CELLS, headers={"Accept-Encoding": "zstd"}).headers


def test_hostile_names_stay_text(storing):
    hostile = "</td><script>alert(1)</script>{{ 7 * 7 }}\"'><img src=x onerror=alert(1)>\x00\u202e"
    api = storing(lambda name: name + hostile).test_client()
    for layer in LAYERS:
        answer = api.get(f"/api/collections/{layer}/items?limit=1")
        assert told(answer)["features"][0]["properties"]["name"].endswith(hostile)
        for path in ("", "/queryables", "/items"):
            page = api.get(f"/api/collections/{layer}{path}?f=html").text
            assert "<script>alert" not in page
            assert "<img" not in page
    assert "<script>alert" not in api.get("/api/?f=html").text
    assert "<script>alert" not in api.get("/api/openapi.html").text
    name = "Old Quay" + hostile
    found = api.get(UNDERSERVED, query_string={"name": name})
    assert told(found)["numberMatched"] == 1


def test_a_column_of_fractions_has_no_whole_numbers(api):
    """A program that takes a column's kind from its first values would cut off all others."""
    text = api.get(UNDERSERVED).text
    assert '"coverage":1.0,' in text
    assert '"coverage":0.31,' in text
    assert re.search(r'"children":\d+,', text)
