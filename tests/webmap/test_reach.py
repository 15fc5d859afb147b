"""The reach of a spot, as the web map answers it."""

import json
import subprocess
import sys

import pytest

from geoengine import live
from webmap.state import state

SPOT = "lon=0.9504&lat=53.6475"


@pytest.fixture
def streets(folder, app, invented_results):
    invented_results.write_streets(folder)
    here = state(app)
    return here.streets.of(here.results.current()).result()


def told(answer):
    return answer.get_json()["detail"]


def test_the_answer_is_the_engines_own(streets, client):
    answer = client.get(f"/api/isochrone?{SPOT}&minutes=5,10,15&direction=from")
    assert (answer.status_code, answer.content_type) == (200, "application/geo+json")
    assert answer.headers["Cache-Control"] == "no-cache"
    made, off_m = live.bands(streets, 0.9504, 53.6475, [5, 10, 15], "from")
    wanted = json.loads(json.dumps(live.as_geojson(streets, made, off_m)))
    assert json.loads(answer.data) == wanted
    longest = wanted["features"][0]["properties"]
    assert longest["minutes"] == 15
    # Crossings 150 m apart, 1200 m in all: 2·(n² + n) + 1 of them for n = 8, fewer off the middle.
    assert 90 <= longest["people"] <= 145
    assert longest["sentence"] == (
        f"{longest['people']:.0f} children under 5 live within 15 minutes’ walk of here"
    )


def test_any_mode_that_is_kept_can_be_asked_for(streets, client):
    here = f"/api/isochrone?{SPOT}&minutes=5"
    on_foot, by_cycle = (client.get(f"{here}&mode={mode}").get_json() for mode in ("walk", "cycle"))
    assert client.get(here).get_json() == on_foot
    [near], [far] = (
        [each["properties"] for each in told["features"]] for told in (on_foot, by_cycle)
    )
    assert (near["mode"], far["mode"]) == ("walk", "cycle")
    assert far["people"] > 3 * near["people"]
    assert far["others"] == 9 * far["people"]
    assert far["sentence"].endswith(" live within 5 minutes’ cycle ride of here")


def test_the_same_question_has_the_same_bytes_for_an_answer(streets, client):
    first, second = (client.get(f"/api/isochrone?{SPOT}") for _ in range(2))
    assert first.data == second.data
    kept = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/api/isochrone?{SPOT}", headers=kept).status_code == 304


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("lat=1", "lon is missing: ask like ?lon="),
        ("lon=a&lat=1", "lon must be numbers with commas between, not 'a'"),
        ("lon=1,2&lat=1", "lon must be one number, not 2"),
        (f"{SPOT}&minutes=", "minutes must be numbers with commas between, not ''"),
        (f"{SPOT}&minutes=5,90", "minutes must be above 0 and at most 60, not 90"),
        (f"{SPOT}&minutes=1,2,3,4,5,6,7", "give one to 6 times in minutes, not 7"),
        (f"{SPOT}&minutes=inf", "at most 60, not inf"),
        (f"{SPOT}&direction=up", "direction must be 'to' or 'from', not 'up'"),
        (f"{SPOT}&mode=swim", "these results hold the streets to walk and cycle; to swim, use"),
        ("lon=400&lat=1", "longitude 400, latitude 1 is no place on earth"),
        ("lon=0&lat=0", "No street to walk lies within 250 m of longitude 0, latitude 0"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(streets, client, query, sentence):
    answer = client.get(f"/api/isochrone?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert sentence in told(answer)


def test_all_mistakes_are_told_at_once(streets, client):
    answer = client.get("/api/isochrone?lon=a&minutes=b&direction=c")
    for part in ("lon must", "lat is missing", "minutes must", "direction must"):
        assert part in told(answer)


def test_until_the_streets_are_there_the_page_is_asked_to_come_back(
    folder, app, client, invented_results, monkeypatch
):
    from concurrent.futures import Future

    invented_results.write_streets(folder)
    never = Future()
    monkeypatch.setattr(type(state(app).streets), "of", lambda *_: never)
    answer = client.get(f"/api/isochrone?{SPOT}")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert told(answer) == "The streets are getting ready. Ask again in 1 second."
    assert client.get("/api/isochrone/ready").get_json() == {"ready": False}


def test_when_they_are_there_it_says_so(streets, client):
    assert client.get("/api/isochrone/ready").get_json() == {"ready": True}


def test_new_results_bring_their_own_streets(streets, folder, app, client, invented_results):
    invented_results.write_results(folder, run="ba9876543210")
    invented_results.write_streets(folder, run="ba9876543210")
    here = state(app)
    fresh = here.streets.of(here.results.current()).result()
    assert fresh is not streets
    assert here.streets.of(here.results.current()).result() is fresh
    assert client.get(f"/api/isochrone?{SPOT}").status_code == 200


def test_results_without_streets_offer_no_reach(folder, app, client):
    assert "Reach from a place" not in client.get("/map").text
    with pytest.raises(Exception, match="keeps no streets"):
        state(app).streets.of(state(app).results.current()).result()
    answer = client.get(f"/api/isochrone?{SPOT}")
    assert answer.status_code == 503
    assert "Run the study again" in told(answer)


def test_the_first_page_is_answered_before_any_geography_library_is_loaded(
    folder, invented_results
):
    invented_results.write_streets(folder)
    asked = (
        "import sys\nfrom pathlib import Path\nfrom webmap import create_app\n"
        f"client = create_app(Path({str(folder)!r})).test_client()\n"
        "answer = client.get('/map', buffered=False)\n"
        "heavy = {'geopandas', 'shapely', 'pyproj', 'scipy', 'numba'}\n"
        "print(answer.status_code, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "200 []"
