"""What was answered once is kept, and given to nobody whom it is not for."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask, Response

from webmap import create_app
from webmap.access.accounts import Accounts
from webmap.kept import Shelf
from webmap.results import Results
from webmap.settings import Settings
from webmap.text import finding

PASSWORD = "a long enough password"


def test_a_page_is_made_once_and_answered_the_same_ever_after(client, monkeypatch):
    first = client.get("/", headers={"Accept-Encoding": "br"})

    def again(*_):
        pytest.fail("the page was made anew")

    monkeypatch.setattr(finding, "headline", again)
    second = client.get("/", headers={"Accept-Encoding": "br"})
    assert (second.data, list(second.headers)) == (first.data, list(first.headers))
    asked = {"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    known = client.get("/", headers=asked)
    assert (known.status_code, known.data) == (304, b"")


def test_each_coding_host_and_form_has_its_own_answer(client):
    plain, packed = (client.get("/", headers={"Accept-Encoding": each}) for each in ("", "gzip"))
    assert plain.data.startswith(b"<!doctype html>")
    assert packed.headers["Content-Encoding"] == "gzip"
    for host in ("one.example", "two.example"):
        said = client.get("/api/collections", base_url=f"http://{host}").get_json()
        assert {link["href"].split("/")[2] for link in said["links"]} == {host}
    as_page = client.get("/api/collections", headers={"Accept": "text/html"})
    assert as_page.mimetype == "text/html"
    assert client.get("/api/collections").is_json


def test_newer_results_are_shown_at_once(client, folder, invented_results):
    before = client.get("/method").text
    invented_results.write_results(folder, run="ba9876543210")
    assert "ba9876543210" not in before
    assert "ba9876543210" in client.get("/method").text


def test_what_is_not_there_stays_not_there(client):
    assert [client.get("/postcode/ZZ999ZZ").status_code for _ in range(2)] == [404, 404]
    assert [client.get("/?layer=cells").status_code for _ in range(2)] == [301, 301]


def test_nobody_is_given_the_page_of_one_who_has_signed_in(folder, tmp_path):
    Accounts(tmp_path / "accounts.json").put("ann", "planner", PASSWORD)
    app = create_app(folder, Settings(write_folder=str(tmp_path)))
    ann, nobody = app.test_client(), app.test_client()
    token = ann.get("/login").text.split('name="form_token" value="')[1].split('"')[0]
    ann.post("/login", data={"name": "ann", "password": PASSWORD, "form_token": token})
    for _ in range(2):
        assert "ann" in ann.get("/data").text
        assert "ann" not in nobody.get("/data").text.split("<footer")[1]


def test_no_more_is_kept_than_there_is_room_for():
    shelf = Shelf(most_bytes=20)
    with Flask(__name__).test_request_context():
        for name in ("first", "second", "third"):
            shelf.put((name,), Response(name[:4]))
            shelf.find(("first",))
        found = [shelf.find((name,)) for name in ("first", "second", "third")]
        assert [answer and answer.get_data() for answer in found] == [b"firs", None, b"thir"]
        shelf.put(("faulty",), Response("no", status=404))
        shelf.put(("passing",), Response("soon", headers={"Cache-Control": "no-store"}))
        assert (shelf.find(("faulty",)), shelf.find(("passing",))) == (None, None)


def test_long_questions_with_short_answers_take_their_room_too():
    shelf = Shelf(most_bytes=1_000)
    with Flask(__name__).test_request_context():
        for at in range(20):
            shelf.put((f"/{at}", "x" * 400), Response("no"))
        assert len(shelf._answers) == 2


def test_what_is_made_of_a_run_is_made_once_for_all_who_ask_at_once(folder):
    run = Results(folder).current()
    together, made = threading.Barrier(4), []

    def make():
        made.append(threading.get_ident())
        return run.keep("part of it", object)

    def ask(_):
        together.wait()
        return run.keep("it", make)

    with ThreadPoolExecutor(4) as askers:
        assert len(set(askers.map(ask, range(4)))) == 1
    assert len(made) == 1
