"""Another threshold changes what depends on it, in the engine's judgement, and nothing else."""

import json
import re

import pytest

from geoengine.underserved import STATUSES
from webmap import create_app
from webmap.results import Results
from webmap.screen import threshold
from webmap.text import finding, language

ENGLISH = language.languages()[0]
CHANGED = {"children_beyond", "children_unknown", "share_beyond", "status", "sentence"}


@pytest.fixture
def run(village_results):
    return Results(village_results).current()


def rows(run):
    held = run.table("underserved")
    return {
        code: {name: values[at] for name, values in held["columns"].items()}
        for at, code in enumerate(held["ids"])
    }


def test_at_the_studys_own_threshold_the_judgement_is_the_engines(run):
    assert threshold.STATUSES == STATUSES
    curves = run.read("curves.json")
    for code, row in rows(run).items():
        assert STATUSES[int(curves["status"][code][15])] == row["status"]
    assert threshold.asked(run, "15") is None
    assert threshold.at(run, None) is run


@pytest.mark.parametrize("minutes", [0, 5, 12, 16, 60])
def test_only_what_depends_on_the_threshold_changes(run, minutes):
    own, there = rows(run), rows(threshold.at(run, minutes))
    assert set(own) == set(there)
    for code, row in own.items():
        assert {name for name in row if row[name] != there[code][name]} <= CHANGED
    assert threshold.at(run, minutes).summary["headline"] == run.summary["headline"]
    assert rows(run) == own


def test_a_longer_way_leaves_fewer_beyond_and_the_sentence_says_so(folder):
    run = Results(folder).current()
    beyond = [finding.of_run(threshold.at(run, minutes)).beyond for minutes in range(61)]
    assert beyond == sorted(beyond, reverse=True)
    assert finding.headline(ENGLISH, threshold.at(run, 30)) == (
        "325 children under 5 in 3 of the 11 most deprived areas live more than "
        "30 minutes’ walk from a nursery"
    )


def test_the_classes_are_counted_anew_and_the_column_names_the_limit(folder):
    run = threshold.at(Results(folder).current(), 60)
    (entry,) = (each for each in run.layers if each["layer_id"] == "underserved")
    counted = {line["key"]: line["features"] for line in entry["classes"]}
    keys = run.table("underserved")["class_key"]
    assert counted == {key: keys.count(key) for key in STATUSES}
    assert counted["underserved"] == 0
    titles = {column["name"]: column["title"] for column in entry["columns"]}
    assert titles["children_beyond"] == "Beyond 60 minutes’ walk"


def test_the_table_shows_a_threshold_without_any_script(client):
    page = client.get("/table?t=30&sort=name").text
    assert "live more than 30 minutes’ walk from a nursery." in page
    assert "Only the threshold changes, from the study’s own 15 minutes’ walk" in page
    assert "Back to the study’s own 15 minutes’ walk" in page
    links = re.findall(r'href="(/table\?[^"]*sort[^"]*)"', page)
    assert links
    assert all("t=30" in link for link in links)
    assert "amp;t=30" not in client.get("/table?layer=areas&t=30").text.split("<main")[1]


@pytest.mark.parametrize("text", ["61", "-1", "1.5", "many", "９", "1" * 5000])
def test_a_threshold_that_is_none_is_refused_in_a_sentence(client, text):
    answer = client.get("/table", query_string={"t": text})
    assert answer.status_code == 400
    assert "t must be a whole number of minutes from 0 to 60, not" in answer.text


def test_results_that_keep_no_thresholds_offer_none(folder):
    path = next(folder.glob("run-*")) / "curves.json"
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: held[key] for key in ("minutes", "beyond")}))
    client = create_app(folder).test_client()
    assert 'id="threshold"' not in client.get("/map").text
    assert client.get("/table?t=20").status_code == 400
    assert client.get("/runs/0123456789ab/curves.json").status_code == 404
