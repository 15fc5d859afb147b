"""A view of the map is kept under a short address, by those who may, and reopens for everybody."""

import html
import json
import re

import pytest

from webmap import create_app
from webmap.access import accounts as keeping
from webmap.access.accounts import ROLES
from webmap.access.audit import Audit
from webmap.guards.throttle import Throttle
from webmap.routes import people
from webmap.settings import Settings

PASSWORD = "correct horse battery"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder that is written to, with an account of each role."""
    monkeypatch.setattr(keeping, "METHOD", "scrypt:1024:8:1")
    monkeypatch.setattr(people, "BY_ADDRESS", Throttle(1_000))
    monkeypatch.setattr(people, "BY_NAME", Throttle(1_000))
    folder = tmp_path / "kept"
    for role in ROLES:
        keeping.Accounts(folder / "accounts.json").put(role, role, PASSWORD)
    return folder


@pytest.fixture
def served(folder, kept):
    return create_app(folder, Settings(write_folder=str(kept)))


def token_of(page):
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)[1]


def signed_in(app, name):
    client = app.test_client()
    given = {"name": name, "password": PASSWORD, "form_token": token_of(client.get("/login"))}
    assert client.post("/login", data=given).status_code == 303
    return client


def keep(client, state):
    token = token_of(client.get("/map"))
    return client.post("/v/map", data={"form_token": token, "state": state})


def config_of(page):
    return json.loads(html.unescape(re.search(r'data-config="([^"]*)"', page)[1]))


def test_a_view_longer_than_any_address_is_reopened_by_whoever_has_the_link(served):
    many = ",".join(f"E0199{at:04d}" for at in range(2_000))
    planner = signed_in(served, "planner")
    answer = keep(planner, f"?layer=areas&selected=E01990003&sel={many}&z=11&c=53.6,0.9")
    assert answer.status_code == 303
    assert re.fullmatch(r"/v/[0-9a-f]{12}", answer.location)
    anybody = served.test_client()
    page = anybody.get(answer.location)
    assert page.status_code == 200
    assert '<h2 id="details-title" tabindex="-1">Station Town</h2>' in page.text
    config = config_of(page.text)
    assert config["first"] == "areas"
    assert config["address"]["page"] == "/map"
    assert f"sel={many}&z=11&c=53.6,0.9" in config["address"]["kept"]
    assert f"Kept: http://localhost{answer.location}" in page.text
    assert anybody.get(f"/cy{answer.location}").status_code == 200


def test_the_same_view_has_the_same_address(served):
    planner = signed_in(served, "planner")
    first, again = (keep(planner, "layer=areas&t=20").location for _ in range(2))
    assert first == again
    assert keep(planner, "layer=areas&t=21").location != first


def test_who_may_not_keep_a_view_is_not_offered_to_and_is_refused(served):
    viewer = signed_in(served, "viewer")
    assert 'id="keep"' not in viewer.get("/map").text
    token = token_of(viewer.get("/map"))
    answer = viewer.post("/v/map", data={"form_token": token, "state": "layer=areas"})
    assert answer.status_code == 403
    assert "To save a view takes the role of planner." in answer.text
    assert served.test_client().post("/v/map", data={"state": "layer=areas"}).status_code == 403


def test_a_server_that_writes_nothing_offers_and_takes_none(client):
    assert 'id="keep"' not in client.get("/map").text
    assert client.post("/v/map", data={"state": "layer=areas"}).status_code == 403


@pytest.mark.parametrize(
    "state", ["", "?", "nothing", "&".join(["a=1"] * 41), "a=" + "x" * 100_000]
)
def test_what_is_no_view_is_refused_in_a_sentence(served, kept, state):
    answer = keep(signed_in(served, "planner"), state)
    assert answer.status_code == 400
    assert "A view is what the address of the map asks for" in answer.text
    assert not (kept / "plans").exists()


def test_who_kept_a_view_is_in_the_log(served, kept):
    location = keep(signed_in(served, "planner"), "layer=areas").location
    noted = Audit(kept / "audit.jsonl").newest(0, 9)[0]
    assert (noted["who"], noted["what"]) == ("planner", "saved a view")
    assert location.removeprefix("/v/") in json.dumps(noted)


def test_a_kept_view_of_a_layer_that_is_gone_says_so(served):
    location = keep(signed_in(served, "planner"), "layer=gone").location
    assert served.test_client().get(location).status_code == 404
