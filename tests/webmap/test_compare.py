"""One layer compared with another: side by side, and as what changes."""

import csv
import io
import json
import re

import pytest

from webmap import create_app
from webmap.results import Results
from webmap.screen import changes, compare, threshold
from webmap.text.language import languages

ENGLISH, WELSH = languages()


@pytest.fixture
def folder(folder, invented_results):
    """The invented results, with minutes on foot and by cycle of five of the areas."""
    invented_results.add_minutes(folder)
    return folder


@pytest.fixture
def run(folder):
    return Results(folder).current()


QUERY = {"layer": "minutes_walk", "cmp": "minutes_cycle", "cmpmode": "change"}
ADDRESS = "layer=minutes_walk&cmp=minutes_cycle&cmpmode=change"


def changed(run, language=ENGLISH):
    found, entry = compare.applied(run, language, compare.asked(run, QUERY))
    return found.table("compared"), entry


def test_layers_of_the_same_areas_and_unit_have_a_change_and_others_have_none(run):
    offers = compare.offered(run)
    assert offers["minutes_walk"]["change"] == ["underserved", "minutes_cycle"]
    assert offers["areas"]["change"] == []
    assert offers["provision"]["change"] == []
    assert "minutes_walk" not in offers["minutes_walk"]["swipe"]
    assert {"areas", "provision", "cells"} <= set(offers["minutes_walk"]["swipe"])
    assert offers["unplaced"] == {"swipe": [], "change": []}


def test_each_area_has_what_was_what_is_and_the_difference(run):
    table, _ = changed(run)
    before, after = (dict(zip(table["ids"], table["columns"][of], strict=True))
                     for of in ("before", "after"))  # fmt: skip
    for code, change in zip(table["ids"], table["columns"]["change"], strict=True):
        if before[code] is None or after[code] is None:
            assert change is None
        else:
            assert change == after[code] - before[code]
    known = [each for each in table["columns"]["change"] if each is not None]
    assert known == sorted(known, reverse=True) == [6.0, pytest.approx(0.02), -6.0]


def test_a_way_found_and_a_way_lost_are_no_numbers_and_no_unknowns(run):
    table, entry = changed(run)
    ids = run.table("underserved")["ids"]
    classes = dict(zip(table["ids"], table["class_key"], strict=True))
    assert [classes[ids[at]] for at in range(5)] == [
        "less_3", "more_3", "reached_now", "lost", "same",
    ]  # fmt: skip
    assert {classes[code] for code in ids[5:]} == {"not_covered"}
    told = {line["key"]: line["features"] for line in entry["classes"]}
    assert told["not_covered"] == 25
    assert sum(told.values()) == 30
    sentence = dict(zip(table["ids"], table["columns"]["sentence"], strict=True))
    assert sentence[ids[1]].endswith(": 20 before and 26 after: 6 more.")
    assert sentence[ids[3]].endswith(": 30 before; no way to walk there after.")


def test_the_finding_counts_every_area(run):
    [told] = changed(run)[1]["findings"]
    assert told == (
        "Of 30 areas: 1 with more than before, 1 with less, 1 the same; 27 whose change is not "
        "known."
    )


def test_where_no_area_has_a_figure_there_is_no_change_to_tell(folder, invented_results):
    path = folder / f"run-{invented_results.RUN}" / "minutes_walk.values.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    held["columns"]["minutes"] = [None] * len(held["ids"])
    path.write_text(json.dumps(held), encoding="utf-8")
    table, entry = changed(Results(folder).current())
    assert set(table["columns"]["change"]) == {None}
    assert sum(line["features"] for line in entry["classes"] if line["state"]) == 30


def test_the_children_of_the_legend_are_those_of_its_areas(run):
    table, entry = changed(run)
    for line in entry["classes"]:
        members = [at for at, key in enumerate(table["class_key"]) if key == line["key"]]
        children = [table["columns"]["children"][at] for at in members]
        assert line["people"] == sum(children)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (
            "layer=areas&cmp=provision&cmpmode=change",
            "The layer areas cant be compared with provision by change; it can with: none.",
        ),
        ("layer=areas&cmp=areas", "The layer areas cant be compared with"),
        ("layer=areas&cmp=underserved&cmpmode=fold", "cmpmode must be swipe or change"),
        ("layer=areas&cmp=underserved&at=101", "at must be a whole number from 0 to 100"),
        (f"layer=areas&cmp=underserved&at={'0' * 5_000}", "at must be a whole number from 0"),
        ("layer=areas&cmp=underserved&at=-1", "at must be a whole number from 0 to 100"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["map", "table", "download/csv"])
def test_what_cannot_be_compared_is_refused_in_a_sentence(folder, page, query, why):
    answer = create_app(folder).test_client().get(f"/{page}?{query}")
    assert answer.status_code == 400
    assert why in re.sub("&#39;|'", "", answer.text)


def test_a_layer_that_is_not_there_is_not_found(folder):
    assert create_app(folder).test_client().get("/map?cmp=moon").status_code == 404


def test_the_table_shows_both_and_the_change_without_scripts(folder):
    page = create_app(folder).test_client().get(f"/table?{ADDRESS}&sort=change").text
    heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]*)<', page)
    assert heads == [
        "Area", "Time on foot (minutes)", "Time by cycle (minutes)", "Change (minutes)",
        "Children under 5",
    ]  # fmt: skip
    first = re.search(r"<tbody>\s*<tr>(.*?)</tr>", page, re.DOTALL)[1]
    assert re.findall(r'<td class="count">([^<]*)</td>', first)[:3] == ["10", "4", "-6"]
    assert "cmp=minutes_cycle" in re.search(r'href="([^"]*)">The same on the map', page)[1]
    assert '<input type="hidden" name="cmpmode" value="change">' in page


def test_side_by_side_the_table_tells_what_both_say(folder):
    page = create_app(folder).test_client().get("/table?layer=underserved&cmp=areas").text
    heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]*)<', page)
    assert heads[:3] == ["Area", "Underserved areas", "Deprivation"]
    assert '<a href="/table?layer=areas">The table of Deprivation</a>' in page


def test_the_page_tells_the_scripts_what_is_compared(folder):
    client = create_app(folder).test_client()
    page = client.get(f"/map?{ADDRESS}").text
    assert page.count('data-legend="compared"') == 1
    assert "/compared/minutes_walk/minutes_cycle/change/en.json" in page
    assert '<p class="swipe-names" id="swipe-names"></p>' in page
    beside = client.get("/map?layer=underserved&cmp=areas&at=30").text
    assert re.search(r'type="range" id="swipe-at"[^>]* value="30"', beside)
    assert "Left: Underserved areas" in beside
    assert "Right: Deprivation" in beside


def test_the_values_that_scripts_fetch_are_those_of_the_table(folder, run):
    url = f"/runs/{run.run}/compared/minutes_walk/minutes_cycle/change"
    client = create_app(folder).test_client()
    assert client.get(f"{url}/en.json").json == json.loads(json.dumps(changed(run)[0]))
    assert client.get(f"{url}/xx.json").status_code == 404
    assert "immutable" in client.get(f"{url}/cy.json").headers["Cache-Control"]


@pytest.mark.parametrize("pair", [("underserved", "areas"), ("areas", "underserved")])
def test_a_comparison_judges_by_the_threshold_that_the_address_names(folder, run, pair):
    layer, other = pair
    query = {"layer": layer, "cmp": other, "t": "5"}
    found, entry = compare.applied(run, ENGLISH, compare.asked(run, query))
    table = found.table("compared")
    judged = threshold.at(run, 5).table("underserved")
    status = dict(zip(judged["ids"], judged["class_key"], strict=True))
    column = "class_1" if layer == "underserved" else "class_2"
    shown = dict(zip(table["ids"], table["columns"][column], strict=True))
    assert shown == status
    own = run.table("underserved")
    assert status != dict(zip(own["ids"], own["class_key"], strict=True))
    client = create_app(folder).test_client()
    assert client.get(entry["values_url"]).json == json.loads(json.dumps(table))


def test_scripts_are_told_what_they_need_of_a_comparison(folder, run):
    client = create_app(folder).test_client()
    told = client.get(f"/cy/map/compared?{ADDRESS}").json
    assert told["layer"]["layer_id"] == "compared"
    assert told["pair"]["left"] == "Chwith: Time on foot"
    assert told["legend"].count("data-legend") == 1
    refused = client.get("/map/compared?layer=areas&cmp=unplaced")
    assert refused.status_code == 400
    assert refused.json["detail"].startswith("The layer 'areas' can't be compared with 'unplaced'")
    assert client.get("/map/compared?layer=areas").status_code == 400


def test_in_welsh_nothing_of_the_comparison_is_english(folder, run):
    table, entry = changed(run, WELSH)
    assert entry["findings"][0].startswith("O 30 ardal")
    assert "cynt ac" in table["columns"]["sentence"][0]
    page = create_app(folder).test_client().get(f"/cy/table?{ADDRESS}").text
    assert f"<li>{entry['findings'][0]}</li>" in page


def test_files_of_a_comparison_hold_what_its_table_holds(village_results):
    client = create_app(village_results).test_client()
    judged = client.get("/download/csv?layer=areas&cmp=underserved&t=60").data.decode("utf-8-sig")
    own = client.get("/download/csv?layer=areas&cmp=underserved").data.decode("utf-8-sig")
    assert judged.count("Underserved") < own.count("Underserved")
    answer = client.get("/download/csv?layer=need_access&cmp=areas&only=high_fair")
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["class"] for row in rows] == ["High need, fair access"] * 2
    assert {row["class_2"] for row in rows} == {"1: most deprived tenth", "2"}
    told = client.get("/download/csv/metadata?layer=need_access&cmp=areas").json
    assert told["view"]["cmp"] == "areas"
    for fmt in ("geojson", "png", "pdf", "html"):
        assert client.get(f"/download/{fmt}?layer=need_access&cmp=areas&at=30").status_code == 200


def test_nothing_is_between_the_steps_of_a_change():
    step = 5.0
    for change in (-99.0, -10.1, -10.0, -5.0, -0.06, 0.0, 0.04, 0.06, 5.0, 5.01, 10.0, 10.1, 99.0):
        [key] = changes.keys(changes.Figure([0.0], [None]), changes.Figure([change], [None]), step)
        if abs(change) < 0.05:
            assert key == "same"
            continue
        way, _, at = key.partition("_")
        assert way == ("more" if change > 0 else "less")
        low = (int(at) - 1) * step
        assert low < abs(change)
        assert at == "3" or abs(change) <= low + step
