"""Buildings in which a nursery could open: which they are, and what each would bring."""

import json
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import village
from geoengine import analysis, health, intake, plans, proposals, publish
from geoengine.cli import main
from geoengine.errors import FaultsError
from geoengine.proposals import Wish
from geoengine.scenarios import Open, Scenario
from geoengine.siting import Effort
from geoengine.store import Cache
from geoengine.study import load
from village import EAST, NORTH

NODES = {
    (1800.0, 10.0): {"amenity": "library", "name": "Central Library"},
    (3100.0, -10.0): {"amenity": "community_centre"},
    (3600.0, 10.0): {"amenity": "school", "name": "Across the border"},
    (300.0, 1800.0): {"amenity": "place_of_worship", "name": "Moor Chapel"},
    (1700.0, 10.0): {"amenity": "pub", "name": "The Ship"},
}
YARD = [(900.0, 20.0), (940.0, 20.0), (940.0, 60.0), (900.0, 60.0), (900.0, 20.0)]
ASSETS = f"""Ref,Name,Asset type,Status,Easting,Northing,Postcode
h1,Mill Hub,hub,Vacant,{EAST + 900},{NORTH},
h2,Depot,,,,,ZZ9 9ZZ
"""
CHANGES: dict[str, Any] = {
    "nodes": NODES,
    "ways": [*village.STREETS, (YARD, {"amenity": "school", "name": "Mid Primary"})],
    "files": {"assets.csv": ASSETS},
    "candidates": {"file": "assets.csv", "columns": {"id": "Ref"}},
}
# The homes beyond 15 minutes are 1400, 1800 and 2200 m along, with 40, 15 and 15 children.
GAINS = {
    "Central Library": 70,  # at 1800
    "Unnamed community centre": 15,  # at 3100, 900 m from the last of them
    "Mid Primary": 55,  # at 920
    "Mill Hub": 55,  # at 900
    "Moor Chapel": np.nan,  # no street within 500 m
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load(village.write(tmp_path_factory.mktemp("village"), **CHANGES))


@pytest.fixture(scope="module")
def found(study, tmp_path_factory):
    inputs = intake.read(study, village.quiet)
    return inputs, analysis.join(study, inputs, Cache(tmp_path_factory.mktemp("c")), village.quiet)


@pytest.fixture(scope="module")
def planner(study, found):
    return plans.of_grounds(study, *found)


@pytest.fixture(scope="module")
def results(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    return publish.run(study, folder / "out", Cache(folder / "cache"), village.quiet)


def test_buildings_are_those_of_the_map_and_of_the_council_in_the_areas_studied(found):
    table = found[0].candidates
    kinds = dict(zip(table["name"], table["kind"], strict=True))
    assert kinds == {
        "Central Library": "library",
        "Unnamed community centre": "community centre",
        "Mid Primary": "school",
        "Moor Chapel": "place of worship",
        "Mill Hub": "hub",
    }
    assert table.index[table["name"] == "Mid Primary"].tolist() == ["w3"]
    assert table.index[table["name"] == "Mill Hub"].tolist() == ["h1"]
    yard = table.geometry[table["name"] == "Mid Primary"].iloc[0]
    assert 900 < yard.x - EAST < 940
    assert 20 < yard.y - NORTH < 60


def test_buildings_that_are_not_used_are_counted(study, found):
    reading = found[0].readings["candidates"]
    assert reading.left_out.to_dict("records") == [
        {"row": 3, "value": "h2", "reason": "postcode ZZ9 9ZZ is not in the directory"}
    ]
    told = [each.sentence for each in health.examine(study, found[0])]
    assert "5 of 6 buildings in which a nursery could open lie in the areas studied." in told
    assert "1 rows were left out: postcode ZZ9 9ZZ is not in the directory." in told


def test_each_building_brings_the_children_that_it_reaches(planner):
    table = proposals.candidates(planner).set_index("name")
    assert table["people_gained"].to_dict() == pytest.approx(GAINS, nan_ok=True)
    assert table["deprived_gained"].equals(table["people_gained"])


def test_what_is_kept_tells_the_same_buildings(planner, results):
    kept = plans.read(results.folder)
    tables = [proposals.candidates(one) for one in (kept, planner)]
    pd.testing.assert_frame_equal(*tables, check_exact=True, check_dtype=False)


def test_buildings_are_a_layer_that_tells_a_councillor_what_each_would_bring(results):
    [finding] = results.layer("candidates")["findings"]
    table = pd.read_parquet(results.folder / "candidates.parquet").set_index("name")
    assert table.index[0] == "Central Library"
    assert table["class_key"].to_dict() == {
        "Central Library": "50_to_100", "Unnamed community centre": "10_to_25",
        "Mid Primary": "50_to_100", "Mill Hub": "50_to_100", "Moor Chapel": "no_network",
    }  # fmt: skip
    assert finding == (
        "One more nursery at Central Library would bring 70 more children under 5 within 15 "
        "minutes’ walk, 70 of them in the most deprived areas."
    )
    assert table.loc["Moor Chapel", "sentence"] == (
        "One more nursery at Moor Chapel: what it would bring is not known, for no street of the "
        "map is near."
    )


def test_hexagons_show_what_their_best_corner_would_bring_the_best_first(planner, results):
    table = pd.read_parquet(results.folder / "gains.parquet")
    [finding] = results.layer("gains")["findings"]
    # The corner of Mill Lane, 400 m along, is near the first of the three homes beyond.
    assert finding == (
        "One more nursery at the best corner would bring 40 more children under 5 within 15 "
        "minutes’ walk, 40 of them in the most deprived areas."
    )
    assert table["people_gained"].tolist() == sorted(table["people_gained"], reverse=True)
    assert table["class_key"].iloc[0] == "25_to_50"
    surface = proposals.surface(planner).loc[table.index]
    assert surface["people_gained"].tolist() == table["people_gained"].tolist()
    before = planner.evaluate(Scenario("")).after.totals["people_beyond"]
    for at in surface.itertuples():
        after = planner.evaluate(Scenario("", (Open("x", at.longitude, at.latitude, 10.0),))).after
        assert before - after.totals["people_beyond"] == pytest.approx(at.people_gained)


def test_a_study_may_ask_for_other_buildings_or_none(tmp_path):
    def ids(**asked):
        made = load(village.write(tmp_path, nodes=NODES, candidates=asked))
        return intake.read(made, village.quiet).candidates["name"].tolist()

    assert ids(osm={"amenity": ["pub"]}) == ["The Ship"]
    assert ids(osm={}) == []


def test_two_buildings_of_one_id_are_refused(tmp_path):
    twice = f"{ASSETS}h1,Other,hub,,{EAST + 950},{NORTH},\n"
    made = load(village.write(tmp_path, **{**CHANGES, "files": {"assets.csv": twice}}))
    with pytest.raises(FaultsError, match="'candidate_id' h1 stands more than once"):
        intake.read(made, village.quiet)


def test_the_buildings_proposed_are_the_best_of_all_choices(planner):
    before = planner.evaluate(Scenario(""))
    asked = Wish(2, places="buildings")
    *_, answer = proposals.search(planner, before, asked, Effort(30))
    table = proposals.candidates(planner)
    possible = {}
    for pair in combinations(table[table["people_gained"] > 0].index, 2):
        edits = [Open(one, *table.loc[one, ["longitude", "latitude"]], 10.0) for one in pair]
        after = planner.evaluate(Scenario("", tuple(edits)))
        beyond = [each.totals["people_beyond"] for each in (before.after, after.after)]
        possible[pair] = beyond[0] - beyond[1]
    [proposal] = answer.proposals
    assert proposal.people == pytest.approx(max(possible.values()))
    assert [table.loc[site.candidate_id, "name"] for site in proposal.sites] == ["Central Library"]


def asked(folder, *told):
    village.write(folder, **CHANGES)
    command = ["site", *told, "--study", str(folder / "study.toml"), "--out", str(folder / "p.csv")]
    done = CliRunner().invoke(main, command, env={"GEOENGINE_CACHE": str(folder / "cache")})
    return done.exit_code, done.output


def test_a_study_is_asked_in_which_building_to_open(tmp_path):
    status, said = asked(tmp_path, "max-cover", "--more", "1")
    assert status == 0
    # 80 of the 150 children on streets are within 15 minutes; the library brings the other 70.
    assert "Open: Central Library (n13); settings that stay: 2\n" in said
    assert "150 people covered; no plan is better" in said
    told = json.loads((tmp_path / "p.csv.plan.json").read_text())
    assert told["opening"] == {"n13": "Central Library"}
    table = pd.read_csv(tmp_path / "p.csv", index_col=0)
    assert table["people"][table["state"] == "served"].sum() == 150
    assert table["people"][table["state"] == "beyond"].sum() == 10


def test_what_may_be_done_with_settings_and_buildings_can_be_said(tmp_path):
    (tmp_path / "told.csv").write_text("id,state\nn1,existing-closable\nn13,forbidden\n")
    status, said = asked(
        tmp_path, "max-cover", "--sites", "2", "--existing", str(tmp_path / "told.csv")
    )
    assert status == 0
    # Oaks stays, which 20 children are near; the hub and the school are near all but 15 of West,
    # Mid and East, and Acorns only 60: it closes.
    assert "settings that stay: 1\n" in said
    assert "135 people covered" in said
    (tmp_path / "told.csv").write_text("id,state\nn99,forbidden\n")
    status, said = asked(
        tmp_path, "max-cover", "--sites", "2", "--existing", str(tmp_path / "told.csv")
    )
    assert status == 2
    assert "the study has no setting and no building 'n99'" in said


def test_a_study_and_tables_are_not_asked_at_once(tmp_path):
    status, said = asked(tmp_path, "max-cover", "--more", "1", "--matrix", "times.csv")
    assert status == 2
    assert "with --study give no --matrix, --demand or --column" in said
    done = CliRunner().invoke(main, ["site", "max-cover", "--out", str(tmp_path / "p.csv")])
    assert "give --study, or --matrix and --demand" in done.output
