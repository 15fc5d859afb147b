"""Suggestions as pages and as data: found, put to the test, taken up; buildings; kept plans."""

import importlib.util
import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geoengine.proposals import Answer, Proposal, Site, Wish
from geoengine.scenarios import Close, Open, Scenario
from webmap import create_app
from webmap.access import accounts as keeping
from webmap.plan import fairness, links, suggesting
from webmap.plan.searches import Search
from webmap.settings import Settings
from webmap.state import state

PASSWORD = "correct horse battery"
NODES = {
    (1800.0, 10.0): {"amenity": "library", "name": "Hope Street <Library>"},
    (3100.0, -10.0): {"amenity": "community_centre", "name": "Far Hall"},
    (300.0, 1800.0): {"amenity": "place_of_worship", "name": "Moor Chapel"},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The village with a library 1800 m along, a hall 3100 m along, and a chapel without street."""
    path = Path(__file__).parents[1] / "village.py"
    specification = importlib.util.spec_from_file_location("village", path)
    village = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(village)
    folder = tmp_path_factory.mktemp("village")
    village.run(folder, nodes=NODES)
    return folder / "out"


@pytest.fixture(scope="module")
def app(results):
    return create_app(results)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module", autouse=True)
def planner(app):
    here = state(app)
    return here.planners.of(here.results.current(), here.streets).result()


def asked(client, query="", prefix="", **form):
    """Ask for suggestions by the form, and wait until the page has them."""
    answer = client.post(f"{prefix}/plan/suggest{query}", data={"sites": "1", **form})
    assert answer.status_code == 303, answer.text
    return ended(client, answer.location)


def ended(client, url):
    while "How sure is this" not in (page := client.get(url)).text and "suggest-stop" in page.text:
        pass
    return url, page.text


def ended_as_data(client, answer):
    assert answer.status_code == 202, answer.text
    while True:
        told = client.get(f"{answer.get_json()['url']}?words=en").get_json()
        if told["state"] in ("finished", "stopped", "failed"):
            return told


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_without_scripts_a_form_leads_to_a_page_with_the_suggestions(client):
    _, page = asked(client, where="corners", aim="everyone", places="20")
    # Only the corner of Mill Lane, 400 m along, brings anyone: the 40 who live 1400 m along.
    assert "40 more children under 5 within 15 minutes’ walk, 40 of them in the most" in page
    assert "Done in" in page
    [taken] = re.findall(r'class="button" href="([^"]+)"', page)
    plan = client.get(unescape(taken)).text
    assert "40 fewer children under 5 would live more than 15 minutes’ walk" in plan
    assert "20 places, at" in text_of(plan)


def test_a_suggested_building_is_called_by_its_name(client):
    _, page = asked(client, where="buildings", aim="everyone")
    assert (
        "A nursery at Hope Street <Library>, East, would bring 70 more children under 5 within 15 "
        "minutes’ walk, 70 of them in the most deprived areas."
    ) in text_of(page)
    assert "<Library>" not in page
    _, page = asked(client, prefix="/cy", where="buildings", aim="everyone")
    assert "Meithrinfa yn Hope Street <Library>, East: byddai’n dod â 70 yn rhagor" in text_of(page)


def test_the_plans_of_the_address_stay_with_the_suggestion_that_is_taken_up(client):
    closed = links.pack(Scenario("Less", (Close("n1"),)))
    _, page = asked(client, f"?a={closed}&b={closed}&shown=b", where="buildings")
    [taken] = re.findall(r'class="button" href="([^"]+)"', page)
    query = parse_qs(urlsplit(unescape(taken)).query)
    assert query["a"] == [closed]
    assert query["shown"] == ["b"]
    plan = links.unpack(query["b"][0])
    assert (plan.name, plan.edits[0]) == ("Less", Close("n1"))
    assert isinstance(plan.edits[1], Open)


def test_a_suggestion_is_put_to_the_test_and_told_in_sentences_and_a_table(client):
    url, page = asked(client, where="buildings", aim="everyone")
    [form] = re.findall(r'action="([^"]+/stress)"', page)
    answer = client.post(form)
    assert answer.status_code == 303
    _, page = ended(client, answer.location)
    assert "In 100 possible futures, this choice typically brings 100% of the most" in page
    said = text_of(page)
    # The library is 400 m from the 40 homes 1400 m along, and so are those 2200 m along: at any
    # speed that may be, no other building reaches as many.
    assert "Hope Street <Library>: sure. It, or a place within 400 m of it, is chosen again" in said
    assert "Site Chosen again Or within 400 m Rank Hope Street <Library> 100% 100% 1" in said
    assert "up to 5% more or fewer children under 5, everyone is up to 10% faster" in said
    assert url != answer.location


def test_the_interface_tells_the_same_test_to_programs(client):
    began = client.post("/api/optimise", json={"sites": 1, "where": "buildings"})
    found = ended_as_data(client, began)
    assert found["tested"] is None
    assert found["best"]["proposals"][0]["sites"][0]["name"] == "Hope Street <Library>"
    told = ended_as_data(client, client.post(f"/api/optimise/{found['job']}/stress"))
    [site] = told["tested"]["sites"]
    assert (site["kind"], site["share"], site["near"], site["rank"]) == (
        "sure",
        "100%",
        "100%",
        "1",
    )
    assert (told["tested"]["draws"], told["tested"]["finished"]) == (100, True)
    assert told["best"] == found["best"]


def test_only_one_choice_that_was_found_can_be_put_to_the_test(client):
    found = ended_as_data(client, client.post("/api/optimise", json={"sites": 1, "aim": "balance"}))
    refused = client.post(f"/api/optimise/{found['job']}/stress")
    assert refused.status_code == 409
    assert "Only one choice of sites can be put to the test" in refused.get_json()["detail"]
    assert client.post("/api/optimise/nothing/stress").status_code == 404
    assert client.get("/plan/suggest/nothing").status_code == 404
    tested = ended_as_data(client, client.post("/api/optimise", json={"sites": 1}))
    again = ended_as_data(client, client.post(f"/api/optimise/{tested['job']}/stress"))
    assert client.post(f"/api/optimise/{again['job']}/stress").status_code == 409


def choice(sites, people, deprived):
    """A choice of so many sites along the High Street."""
    each = [Site(-1.98, 52.598, "", "E01099002", people / sites, 0.0, float("nan"))] * sites
    return Proposal(tuple(each), people, deprived, (("E01099002", people),), ())


CHOICES = Answer(
    (choice(2, 300.0, 20.0), choice(2, 200.0, 90.0)), 0.0, 12, choices=2, all_choices=True,
    fewer=(choice(1, 180.0, 10.0),), finished=True,
)  # fmt: skip


def test_choices_are_drawn_by_all_and_by_the_deprived_those_of_as_many_sites_in_a_line():
    drawn = fairness.chart(suggesting.choices(CHOICES))
    assert [tick.label for tick in drawn.across] == ["150", "200", "250", "300"]
    assert [tick.label for tick in drawn.up] == ["0", "20", "40", "60", "80", "100"]
    two, one = drawn.series
    assert (two.sites, one.sites) == (2, 1)
    first, second = two.points
    assert (first.number, first.x) == (1, drawn.right)
    # 200 is a third of the way from 150 to 300; 90 is nine tenths of the way up.
    assert second.x == pytest.approx(drawn.left + (drawn.right - drawn.left) / 3, abs=0.1)
    assert second.y == pytest.approx(drawn.bottom - 0.9 * (drawn.bottom - drawn.top), abs=0.1)
    assert one.points[0].number == 3


def test_numbers_of_choices_near_each_other_stand_on_different_sides():
    [line] = fairness.chart([choice(1, 1000.0, 500.0), choice(1, 999.0, 501.0)]).series
    first, second = line.points
    assert first.number_y < first.y
    assert second.number_y > second.y
    alone = fairness.chart([choice(1, 0.0, 0.0)])
    assert alone.series[0].points[0].x == alone.left


def test_each_choice_is_told_in_the_table_and_can_be_taken_up(app, client, planner):
    search = Search(planner, planner.evaluate(Scenario("")), Wish(2, "balance"), 12.0)
    job = state(app).searches.start(search, lambda _: iter([CHOICES]))
    job.wait(10)
    page = client.get(f"/plan/suggest/{job.job_id}").text
    assert page.count("<circle") == 3
    assert page.count('class="button"') == 3
    rows = re.findall(
        r"<tr><th scope=\"row\">(\d)</th><td[^>]*>(.*?)</td>(.*?)</td><td><det", page, re.S
    )
    assert [(number, sites) for number, sites, _ in rows] == [
        ("1", "2 sites"), ("2", "2 sites"), ("3", "1 site"),
    ]  # fmt: skip
    assert "no choice of as many sites brings more of all without fewer" in page
    assert "How sure is this" not in page
    taken = unescape(re.findall(r'class="button" href="([^"]+)"', page)[2])
    [edit] = links.unpack(parse_qs(urlsplit(taken).query)["a"][0]).edits
    assert edit.places == 12.0
    welsh = text_of(client.get(f"/cy/plan/suggest/{job.job_id}").text)
    assert "2 man" in welsh


def test_a_search_is_called_off_by_a_form(client):
    url, _ = asked(client)
    answer = client.post(f"{url.partition('#')[0]}/stop")
    assert (answer.status_code, answer.location) == (303, url)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"sites": "0"}, "sites must be a whole number from 1 to 10, not 0"),
        ({"sites": "<b>"}, "not '<b>'"),
        ({"sites": "99999"}, "not '99999'"),
        ({"where": "anywhere"}, "places must be one of corners, buildings, not 'anywhere'"),
        ({"places": "-1"}, "Places must be a whole number, or left empty if unknown, not “-1”."),
    ],
)
def test_a_wish_that_a_form_cannot_have_is_refused_in_a_sentence(client, form, sentence):
    answer = client.post("/plan/suggest", data={"sites": "1", **form})
    assert answer.status_code == 400
    assert sentence in unescape(answer.text)


def test_more_places_than_any_building_has_are_refused(client):
    answer = client.post("/api/optimise", json={"sites": 1, "places": 10**400})
    assert answer.status_code == 400
    said = "places must be a whole number up to 1,000,000, or left out if unknown"
    assert answer.get_json()["detail"] == said


def test_buildings_are_offered_by_what_they_would_bring_on_top_of_the_plan(client):
    found = client.get("/api/plan/buildings?words=en").get_json()["buildings"]
    # From 1800 m along all 70 are in reach; from 3100 only the 15 who live 2200 m along. No
    # street is near the chapel.
    assert [(each["name"], each["people"], each["deprived"]) for each in found] == [
        ("Hope Street <Library>", 70, 70),
        ("Far Hall", 15, 15),
    ]
    assert found[0]["label"] == (
        "Hope Street <Library>: 70 more children under 5 within 15 minutes’ walk, "
        "70 of them in the most deprived areas"
    )
    [library, _] = found
    made = Open("x", library["longitude"], library["latitude"])
    packed = links.pack(Scenario("", (made,)))
    after = client.get(f"/api/plan/buildings?plan={packed}").get_json()["buildings"]
    assert [each["people"] for each in after] == [0, 0]


def test_a_building_is_opened_from_the_list_without_scripts(client):
    page = client.get("/plan").text
    options = re.findall(r'<option value="(n\d+)">(.*?)</option>', page)
    library = next(code for code, label in options if "Library" in label)
    answer = client.get("/plan", query_string={"do": "open", "building": library, "places": "9"})
    assert answer.status_code == 302
    [edit] = links.unpack(parse_qs(urlsplit(answer.location).query)["a"][0]).edits
    assert (edit.name, edit.places) == ("Hope Street <Library>", 9.0)
    wrong = client.get("/plan", query_string={"do": "open", "building": "x9"})
    assert "is no postcode known here" in wrong.text


def test_a_plan_is_kept_by_a_planner_and_found_by_anyone_even_by_a_new_server(
    results, tmp_path, monkeypatch
):
    monkeypatch.setattr(keeping, "METHOD", "scrypt:1024:8:1")
    for role in ("planner", "viewer"):
        keeping.Accounts(tmp_path / "accounts.json").put(role, role, PASSWORD)
    settings = Settings(write_folder=str(tmp_path))
    app = create_app(results, settings)
    packed = links.pack(Scenario("Fewer", (Close("n1"),)))

    def signed_in(name):
        client = app.test_client()
        form = token_of(client.get("/login").text)
        client.post("/login", data={"name": name, "password": PASSWORD, "form_token": form})
        return client

    planner = signed_in("planner")
    page = planner.get(f"/plan?a={packed}").text
    [action] = re.findall(r'action="(/v\?[^"]+)"', page)
    kept = planner.post(unescape(action), data={"form_token": token_of(page)})
    assert kept.status_code == 303
    assert re.fullmatch("/v/[0-9a-f]{12}", kept.location)
    again = planner.post(unescape(action), data={"form_token": token_of(page)})
    assert again.location == kept.location
    assert planner.post(unescape(action)).status_code == 403
    viewer = signed_in("viewer")
    form = token_of(viewer.get("/").text)
    assert viewer.post(unescape(action), data={"form_token": form}).status_code == 403
    assert app.test_client().post(unescape(action)).status_code in (401, 403)

    restarted = create_app(results, settings).test_client()
    for anyone in (app.test_client(), restarted):
        shown = anyone.get(kept.location)
        assert shown.status_code == 200
        assert 'value="Fewer"' in shown.text
        assert "<li>Close Acorns</li>" in shown.text
        assert "<li>Cau Acorns</li>" in anyone.get(f"/cy{kept.location}").text
    noted = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    saved = [each for each in noted if "saved a plan" in json.dumps(each)]
    assert len(saved) == 2


def token_of(page):
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', page)[1]
