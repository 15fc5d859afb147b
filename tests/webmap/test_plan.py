"""Plans as the web map answers them: figures, addresses, forms, files and the paper."""

import base64
import io
import json
import re
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest

from geoengine import outcomes
from geoengine.errors import ScenarioError
from geoengine.scenarios import Close, Move, Open, Resize, Scenario, from_toml
from webmap import create_app
from webmap.background.jobs import Jobs
from webmap.plan import links, permanent, plans, whatifs
from webmap.state import state
from webmap.text import language

ENGLISH, WELSH = language.languages()


@pytest.fixture(scope="module")
def app(village_results):
    return create_app(village_results)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def run(app):
    return state(app).results.current()


@pytest.fixture(scope="module")
def planner(app, run):
    here = state(app)
    return here.planners.of(run, here.streets).result()


def spot(planner, east_m):
    """Longitude and latitude of a place so many metres along the High Street."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    return to_degrees.transform(400_000 + east_m, 300_000)


def opening(planner, east_m=1800, places=20):
    return {"open": "new-1", "at": list(spot(planner, east_m)), "places": places, "name": "Hope"}


def told(answer):
    return answer.get_json()["detail"]


def test_the_answer_is_the_engines_own(client, planner):
    edit = opening(planner)
    answer = client.post("/api/whatif", json={"name": "B", "edit": [edit]}).get_json()
    packed = answer.pop("plan")
    scenario = links.unpack(packed)
    wanted = outcomes.as_json(planner.evaluate(scenario), planner.baseline)
    assert answer == json.loads(json.dumps(wanted))
    # Mid's and East's 70 children beyond 15 minutes all live within 1200 m of the new one.
    assert answer["totals"]["before"]["people_beyond"] == 70
    assert answer["totals"]["after"]["people_beyond"] == 0
    baseline = client.get("/api/whatif").get_json()
    assert baseline["totals"] == answer["totals"]["before"]


def test_the_sentence_is_the_engines_in_english_and_told_in_welsh(client, planner, run):
    for made in ((Close("n1"),), (Open("x", *spot(planner, 1800), 20.0),), ()):
        outcome = planner.evaluate(Scenario("", made))
        said = whatifs.sentence(ENGLISH, run, outcome)
        assert said == outcomes.sentence(outcome, outcome.before.rule) + "."
    body = {"edit": [opening(planner)]}
    welsh = client.post("/api/whatif?words=cy", json=body).get_json()["words"]["sentence"]
    assert welsh.startswith("Plant dan 5 oed: byddai 70 yn llai yn byw y tu hwnt i 15 munud")


def test_the_page_needs_no_script_to_tell_the_plan_of_its_address(client, planner):
    packed = links.pack(Scenario("", (Open("x", *spot(planner, 1800), 20.0, "Hope"),)))
    page = client.get(f"/plan?a={packed}").text
    assert "70 fewer children under 5 would live more than 15 minutes’ walk" in page
    assert "<li>Open Hope, 20 places, at" in page
    figures = re.findall(r'<td class="count">([^<]*)</td>', page.split('id="figures"')[1])
    assert figures[:2] == ["70", "0"]


def test_forms_lead_to_the_plan_that_they_make(client, planner):
    lon, lat = spot(planner, 1800)
    made = client.get(
        "/plan", query_string={"do": "open", "where": f"{lon}, {lat}", "places": "30"}
    )
    assert made.status_code == 302
    query = {name: value[0] for name, value in parse_qs(urlsplit(made.location).query).items()}
    [edit] = links.unpack(query["a"]).edits
    assert (edit.name, edit.places) == ("New 1", 30.0)
    for form, wanted in (
        ({"do": "close", "setting": "n1"}, Close("n1")),
        ({"do": "resize", "setting": "n1", "places": "5"}, Resize("n1", 5.0)),
        ({"do": "resize", "setting": "n1", "places": ""}, Resize("n1", None)),
        ({"do": "move", "setting": "n1", "where": "ZZ1 1AB"}, None),
    ):
        answer = client.get("/plan", query_string=query | form)
        after = links.unpack(parse_qs(urlsplit(answer.location).query)["a"][0])
        assert len(after.edits) == 2
        if wanted:
            assert after.edits[1] == wanted
        else:
            assert isinstance(after.edits[1], Move)
    undone = client.get("/plan", query_string=query | {"do": "undo"})
    assert urlsplit(undone.location).query == ""
    copied = client.get("/plan", query_string=query | {"do": "copy", "to": "b"})
    both = parse_qs(urlsplit(copied.location).query)
    assert both["a"] == both["b"]
    assert both["shown"] == ["b"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"do": "open", "where": "nowhere"}, "“nowhere” is no postcode known here"),
        ({"do": "open", "where": "1,2,3"}, "“1,2,3” is no postcode known here"),
        ({"do": "open", "where": "<b>"}, "“&lt;b&gt;” is no postcode known here"),
        ({"do": "close"}, "Choose a nursery first."),
        ({"do": "resize", "setting": "n1", "places": "-3"}, "Places must be a whole number"),
    ],
)
def test_a_mistake_in_a_form_is_told_on_the_page(client, form, sentence):
    page = client.get("/plan", query_string=form)
    assert page.status_code == 200
    assert sentence in page.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"edit": [{"close": "n9"}]}, "there is no setting 'n9' to close; there are 'n1', 'n2'"),
        ({"edit": [{"open": "x", "at": [0, 0]}]}, "is outside the study: none of its streets"),
        ({"edit": "all"}, "'edit' must be a list of edits, not 'all'"),
        ({"edit": [{"close": "n1"}] * 201}, "it has 201 edits; at most 200 are made"),
        ({"edit": [1] * 201}, "it has 201 edits; at most 200 are made"),
        ({"edit": [{"resize": "n1", "places": 1e308}]}, "'places' may be up to 1,000,000, not 1e"),
        ({"edit": [{"close": "\ud800"}]}, "'close' must be the id of a setting"),
        ([], "the request must hold a JSON object"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_in_a_sentence(client, planner, body, sentence):
    answer = client.post("/api/whatif", json=body)
    assert answer.status_code == 400
    assert sentence in told(answer)


@pytest.mark.parametrize("address", ["whatif", "optimise", "select"])
def test_json_that_is_too_deep_is_refused_as_none(client, planner, address):
    answer = client.post(f"/api/{address}", data='{"a":' * 100_000, content_type="application/json")
    assert answer.status_code == 400
    assert "JSON" in told(answer)


def test_a_packed_plan_that_cannot_be_written_is_refused_on_a_page(client, planner):
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(b'{"edit":[{"close":"n1","\\ud800":1}]}') + packer.flush()
    answer = client.get(f"/plan?a={base64.urlsafe_b64encode(packed).decode()}")
    assert answer.status_code == 400
    assert "&#39;close&#39; has no use for &#39;?&#39;" in answer.text


def test_a_form_without_its_file_leaves_the_plan_as_it_is(client, planner):
    packed = links.pack(Scenario("Less", (Close("n1"),)))
    answer = client.post(f"/plan?a={packed}", data={"other": "x"})
    assert answer.status_code == 400
    assert "the file: none was sent" in answer.text


@pytest.mark.parametrize("packed", ["x", "VbJS", "_" * 4000, "S0otSS3OTM5Pykkt"])
def test_an_address_that_was_cut_short_says_so(client, packed):
    answer = client.get(f"/plan?a={packed}")
    assert answer.status_code == 400
    assert "it is cut short or mistyped" in answer.text


def test_a_packed_plan_unpacks_to_itself_and_never_to_more_than_fits():
    scenario = Scenario(
        "Môn", (Open("a", 1.5, 52.25, None, "Tŷ"), Close("n1"), Resize("n2", 3.0), Move("n3", 1, 2))
    )
    assert links.unpack(links.pack(scenario)) == scenario
    assert links.pack(Scenario("")) == ""
    bomb = links.pack(Scenario("x" * 1_000_000, (Close("n1"),)))
    assert len(bomb) < 3000
    with pytest.raises(ScenarioError, match="cut short"):
        links.unpack(bomb)


def test_a_plan_goes_to_a_scenario_file_and_comes_back(client, planner):
    scenario = Scenario("Less", (Close("n1"), Resize("n2", 40.0)))
    packed = links.pack(scenario)
    text = client.get(f"/plan/scenario.toml?a={packed}").text
    assert from_toml(text, source="").edits == scenario.edits
    assert f'baseline = "{planner.baseline.identity}"' in text
    sent = client.post("/plan?b=" + packed, data={"file": (io.BytesIO(text.encode()), "s.toml")})
    assert sent.status_code == 303
    query = parse_qs(urlsplit(sent.location).query)
    assert query["a"] == query["b"] == [packed]
    wrong = client.post("/plan", data={"file": (io.BytesIO(b"edit = 3"), "s.toml")})
    assert wrong.status_code == 400
    assert "edit&#39; must be a list of edits" in wrong.text


def test_the_paper_tells_the_plan_and_names_it_by_its_content(client, planner):
    scenario = Scenario("Close <Acorns>", (Close("n1"),))
    page = client.get(f"/plan/paper?a={links.pack(scenario)}").text
    outcome = planner.evaluate(scenario)
    assert "<h1>Close &lt;Acorns&gt;</h1>" in page
    assert f"Plan {outcome.scenario_id} on baseline {planner.baseline.identity}" in page
    assert 'class="mark mark-closed"' in page


def test_closures_tell_who_would_lose_what(client):
    page = client.get("/plan/closures").text
    # 130 children have Acorns as their nearest; without it those of West and Mid are beyond Oaks.
    assert "Acorns" in page
    assert "1 other would take them in, and would be nearest to more than it has places." in page


def test_what_one_more_would_bring_is_told_on_top_of_a_plan(client, planner):
    # Only the corner of Mill Lane, 400 m along, is within 1200 m of any child beyond 15 minutes:
    # the 40 who live 1400 m along.
    [before] = client.get("/api/plan/gain").get_json()["features"]
    assert (before["properties"]["people"], before["properties"]["deprived"]) == (40, 40)
    assert before["properties"]["at"] == pytest.approx(spot(planner, 400), abs=1e-5)
    packed = links.pack(Scenario("", (Open("x", *spot(planner, 1800)),)))
    after = client.get(f"/api/plan/gain?plan={packed}").get_json()["features"]
    assert after == []


def finished(client, answer):
    assert answer.status_code == 202, answer.text
    url = answer.get_json()["url"]
    while True:
        told = client.get(f"{url}?words=en").get_json()
        if told["state"] in ("finished", "stopped", "failed"):
            return told


def test_suggested_sites_bring_what_they_say(client, planner):
    answer = client.post("/api/optimise", json={"sites": 1, "aim": "everyone"})
    told = finished(client, answer)
    [proposal] = told["best"]["proposals"]
    [site] = proposal["sites"]
    assert told["state"] == "finished"
    assert (proposal["people"], site["people"], told["best"]["gap"]) == (40, 40, 0)
    body = {"edit": [{"open": "x", "at": [site["longitude"], site["latitude"]], "places": 9}]}
    after = client.post("/api/whatif", json=body).get_json()["totals"]["after"]
    assert after["people_beyond"] == 30


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"sites": 0}, "sites must be a whole number from 1 to 10, not 0"),
        ({"sites": 2, "aim": "all"}, "aim must be one of everyone, deprived, balance, not 'all'"),
        ({"budget": 2}, "there is no use for 'budget'"),
        ({"sites": 1, "plan": []}, "plan must be a scenario"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(client, planner, body, sentence):
    answer = client.post("/api/optimise", json=body)
    assert answer.status_code == 400
    assert sentence in told(answer)


def test_only_so_many_searches_run_and_each_can_be_called_off():
    jobs = Jobs(at_once=1)

    def endless(stopped):
        yield 1
        while not stopped():
            pass

    first, second = jobs.start(None, endless), jobs.start(None, endless)
    assert jobs.start(None, endless) is None
    for job in (first, second):
        job.stop()
        while not job.over:
            pass
        assert job.state == "stopped"
    assert jobs.find(first.job_id) is first
    assert jobs.find("nothing") is None


def test_fifty_searches_are_remembered_the_latest():
    jobs, made = Jobs(at_once=1), []
    for _ in range(60):
        made.append(jobs.start(None, lambda stopped: iter([1])))
        made[-1].wait(60)
    assert [jobs.find(job.job_id) for job in made] == [None] * 10 + made[10:]


def test_a_search_that_fails_says_why():
    from geoengine.errors import GeoEngineError

    def failing(stopped):
        raise GeoEngineError("no such place")
        yield

    job = Jobs(at_once=1).start(None, failing)
    while not job.over:
        pass
    assert (job.state, job.problem) == ("failed", "no such place")


def test_kept_plans_are_found_by_their_content_alone(tmp_path):
    name = permanent.keep(tmp_path, "a=x")
    assert re.fullmatch("[0-9a-f]{12}", name)
    assert permanent.keep(tmp_path, "a=x") == name
    assert permanent.find(tmp_path, name) == "a=x"
    for other in ("../secret", "0" * 12, name.upper() + "/..", ""):
        assert permanent.find(tmp_path, other) is None


def test_a_server_that_may_not_write_keeps_nothing(client):
    assert client.post("/v?a=x").status_code == 403
    assert client.get("/v/" + "0" * 12).status_code == 404
    assert "permanent address" not in client.get("/plan").text


def test_results_without_a_plan_say_so(folder):
    page = create_app(folder).test_client().get("/plan")
    assert page.status_code == 200
    assert "These results keep nothing to plan on." in page.text


@pytest.mark.parametrize("path", ["/plan", "/plan/closures", "/plan/paper"])
def test_no_page_in_welsh_says_an_english_word_of_ours(client, planner, path):
    packed = links.pack(Scenario("Cynllun", (Close("n1"), Open("x", *spot(planner, 1800)))))
    page = client.get(f"/cy{path}?a={packed}").text
    shown = re.sub(r'<[^>]* lang="en[^>]*>.*?</|<script.*?</script>|data-config="[^"]*"', "", page)
    texts = re.findall(r">([^<>]+)<", shown)
    english = re.compile(
        r"\b(the|of|and|with|from|this|would|places|children|minutes|area)\b", re.I
    )
    assert [text for text in texts if english.search(text)] == []


def test_a_plan_of_an_unknown_letter_is_the_first():
    assert plans.of_query({"shown": "z"}).shown == "a"
