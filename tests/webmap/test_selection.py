"""Areas that are chosen together are added up from their own figures, and from nothing else."""

import pytest

from webmap import create_app
from webmap.results import Results
from webmap.screen import selection

SELECT = "/api/select"


@pytest.fixture
def run(folder):
    return Results(folder).current()


def test_the_sums_of_named_areas_are_those_of_their_rows(client, run):
    held = run.table("underserved")
    ids = held["ids"][:3]
    told = client.post(SELECT, json={"layer": "underserved", "ids": ids}).get_json()
    assert told["ids"] == ids
    assert told["people"] == sum(held["columns"]["children"][:3])
    assert told["beyond"] == sum(held["columns"]["children_beyond"][:3])
    assert told["share"] == pytest.approx(told["beyond"] / told["people"])
    assert told["classes"] == [{"key": "underserved", "areas": 3, "people": told["people"]}]
    assert sum(line["areas"] for line in told["deciles"]) == 3


def test_an_area_without_a_figure_is_counted_but_in_no_sum(client, run):
    held = run.table("underserved")
    lost = [
        code
        for code, far in zip(held["ids"], held["columns"]["children_beyond"], strict=True)
        if far is None
    ]
    told = client.post(SELECT, json={"layer": "underserved", "ids": lost}).get_json()
    assert (told["people"], told["beyond"], told["without"]) == (0, 0, len(lost))
    assert told["share"] is None
    both = client.post(SELECT, json={"layer": "underserved", "ids": [*lost, held["ids"][0]]})
    assert both.get_json()["people"] == held["columns"]["children"][0]
    assert both.get_json()["without"] == len(lost)


def test_a_polygon_takes_in_the_areas_whose_point_lies_in_it(client, run):
    every = client.post(SELECT, json={"polygon": [[-9, 50], [9, 50], [9, 59], [-9, 59]]})
    assert every.get_json()["ids"] == run.table("underserved")["ids"]
    shapes = run.shapes("underserved")
    for code, shape in list(shapes.items())[:5]:
        ring = shape["coordinates"][0]
        assert client.post(SELECT, json={"polygon": ring}).get_json()["ids"] == [code]
    far = client.post(SELECT, json={"polygon": [[8, 50], [9, 50], [9, 51]]}).get_json()
    assert (far["ids"], far["people"], far["share"]) == ([], 0, None)


def test_all_areas_together_are_the_whole_county_at_any_threshold(client, run):
    ids = run.table("underserved")["ids"]
    before = None
    for minutes in ("0", "15", "30", "60"):
        told = client.post(SELECT, json={"layer": "areas", "ids": ids, "t": minutes}).get_json()
        assert len(told["ids"]) == len(ids)
        assert before is None or told["beyond"] <= before
        before = told["beyond"]


def test_layers_of_other_things_than_areas_have_no_sums(client, run):
    assert selection.layers(run) == ["underserved", "areas"]
    answer = client.post(SELECT, json={"layer": "cells", "ids": []})
    assert answer.status_code == 400
    assert answer.get_json()["detail"] == "Layer must be one of areas: underserved, areas."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], 'Send JSON like {"layer": "underserved", "ids": ["E01000001"]}.'),
        ({"ids": "E01"}, "Ids must be a list of area codes."),
        ({"ids": ["X", "E01990000", "Y"]}, "There is no area X, Y here."),
        ({"ids": [str(at) for at in range(9)]}, "There is no area 0, 1, 2, 3, 4 and 4 more here."),
        ({"ids": ["E01990000"] * 5001}, "Ids may name 5,000 areas, not 5,001."),
        ({"polygon": [[0, 0], [1, 1]]}, "Polygon must be a list of at least three"),
        ({"polygon": [[0, 0], [1, 1], [2, True]]}, "Polygon must be a list of at least three"),
        ({"polygon": [[0, 0], [1, 1], [2, 91]]}, "Polygon must be a list of at least three"),
        ({"ids": [], "t": "x"}, "t must be a whole number of minutes"),
        ({"ids": [], "t": "0" * 5_000}, "t must be a whole number of minutes"),
        ({"polygon": [[10**400, 0], [1, 0], [1, 1]]}, "Polygon must be a list of at least three"),
        ({"ids": [], "t": 5}, "T must be text."),
    ],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(client, asked, said):
    answer = client.post(SELECT, json=asked)
    assert answer.status_code == 400
    assert answer.get_json()["detail"].startswith(said)


def test_the_table_of_areas_chosen_shows_them_alone_and_adds_them_up(client, run):
    ids = run.table("underserved")["ids"][:3]
    for query in (f"sel={','.join(ids)}", "&".join(f"sel={each}" for each in ids)):
        page = client.get(f"/table?layer=underserved&{query}").text
        assert page.count('name="sel"') == 3 + 1
        assert page.count(" checked>") == 3 + 5
        people = sum(run.table("underserved")["columns"]["children"][:3])
        assert "3 areas: " in page
        assert f" of {people} children under 5 live more than 15 minutes’ walk" in page
        assert f"/map?layer=underserved&amp;sel={','.join(ids)}" in page
    welsh = client.get(f"/cy/table?sel={ids[0]}").text
    assert "1 ardal. Plant dan 5 oed: mae " in welsh


def test_the_table_tells_of_areas_that_the_results_lack(client):
    told = client.get("/table?sel=E01990000,E01NOWHERE").text
    assert "1 area of the address is not in these results." in told
    assert told.count('name="sel"') == 2 + 1
    lost = client.get("/table?sel=many-500").text
    assert "The areas chosen were too many for the address to hold; choose them again." in lost
    assert "Rows 1 to 30 of 30." in lost
    assert 'name="sel"' not in client.get("/table?layer=provision&sel=E01990000").text


def test_files_of_areas_chosen_hold_them_alone_and_say_so(village_results):
    asker = create_app(village_results).test_client()
    ids = Results(village_results).current().table("areas")["ids"][:2]
    query = f"layer=areas&sel={','.join(ids)}"
    rows = asker.get(f"/download/csv?{query}").data.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ids
    told = asker.get(f"/download/csv/metadata?{query}").get_json()
    assert told["view"]["sel"] == ",".join(ids)
    assert "Of the 2 areas chosen together" in asker.get(f"/download/html?{query}").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "Anfonwch JSON fel"),
        ({"layer": "cells"}, "Rhaid i layer fod yn un o haenau’r ardaloedd: underserved, areas."),
        ({"ids": ["X"]}, "Nid oes ardal X yma."),
        ({"ids": ["E01990000"] * 5001}, "Caiff ids enwi 5,000 ardal, nid 5,001."),
        ({"polygon": [[0, 0]]}, "Rhaid i polygon fod yn rhestr"),
    ],
)
def test_faults_are_told_in_the_language_of_the_page(client, asked, said):
    answer = client.post(f"{SELECT}?words=cy", json=asked)
    assert answer.status_code == 400
    assert answer.get_json()["detail"].startswith(said)


def test_classes_are_told_in_the_order_of_the_legend(client, run):
    ids = run.table("underserved")["ids"]
    told = client.post(SELECT, json={"layer": "underserved", "ids": ids[::-1]}).get_json()
    legend = [line["key"] for line in run.layer("underserved")["classes"]]
    assert [line["key"] for line in told["classes"]] == legend
