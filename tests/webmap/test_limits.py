"""No request is larger, and none computes for longer, than the settings allow."""

import threading
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from flask import Flask, g

from webmap import create_app
from webmap.guards import limits
from webmap.guards.throttle import Throttle
from webmap.settings import Settings


@pytest.fixture
def small(folder):
    return create_app(folder, Settings(body_bytes=100, address_bytes=200)).test_client()


def test_an_address_that_is_too_long_is_refused_in_a_sentence(small):
    assert small.get("/table?layer=" + "x" * 150).status_code == 404
    answer = small.get("/table?layer=" + "x" * 200)
    assert answer.status_code == 414
    assert "The address is 213 bytes long; 200 are allowed." in answer.text
    assert "<h1>The address is too long</h1>" in answer.text
    assert "<h1>Mae’r cyfeiriad yn rhy hir</h1>" in small.get("/cy/?x=" + "x" * 200).text


def test_too_many_headers_are_refused(small):
    headers = [(f"X-{at}", "1") for at in range(150)]
    answer = small.get("/", headers=headers)
    assert answer.status_code == 431
    assert "headers; 100 are allowed." in answer.text


def test_a_body_that_is_too_long_is_refused_before_it_is_read(small):
    answer = small.get("/", data=b"x" * 101)
    assert answer.status_code == 413
    assert "What was sent is 101 bytes long; 100 are allowed." in answer.text
    problem = small.get("/api/isochrone", data=b"x" * 101)
    assert problem.content_type == "application/problem+json"
    assert problem.get_json()["status"] == 413


def test_work_that_ends_just_as_its_waiter_looks_away_is_answered(app):
    class Ending(Future):
        def result(self, timeout=None):
            if self.done():
                return super().result()
            self.set_result("there")
            raise TimeoutError

    work = SimpleNamespace(done=Ending())
    with app.test_request_context():
        assert limits._wait(work, 60) == "there"


READING = {
    *("about.accessibility", "about.data", "about.method", "answer.home", "areas.show"),
    *(
        "explore.compared",
        "explore.show",
        "postcodes.ask",
        "postcodes.show",
        "searching.show",
        "tables.show",
    ),
    *("api.collection", "api.collections", "api.conformance", "api.item", "api.landing"),
    *("api.openapi", "api.queryables", "finder.find", "whatif.spot"),
    *("layers.asset", "layers.basemap", "layers.compared", "layers.curves", "layers.shapes"),
    *("layers.values", "terms.show"),
}
"""Views that tell what a run keeps, or what is made of it once for all who ask."""
WATCHING = {"reach.ready", "suggest.show", "suggest.stop", "whatif.progress", "whatif.ready"}
WATCHING |= {"steward.begin", "steward.show", "steward.stop", "whatif.stop"}
"""Views of what goes on beside the serving: they begin or end it, or tell how far it is."""
WRITING = {"plan.keep", "plan.upload", "views.keep"}
"""Views that read what was sent, and work nothing out."""
WITHIN = {"api.tile"}
"""Views that bound the part of their work that computes."""
SIGNING = {
    f"people.{name}" for name in ("accounts", "ask", "audit", "change", "sign_in", "sign_out")
}
"""Views that have allowances of their own."""


def test_every_view_that_computes_is_bounded(folder, tmp_path):
    """A new view is bounded by `limits.heavy`, or it is said here why it needn't be."""
    settings = Settings(write_folder=str(tmp_path / "kept"))
    app = create_app(folder, settings, study=tmp_path / "study.toml")
    views = {
        rule.endpoint.removeprefix("en.").removeprefix("cy."): app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
    }
    bounded = {name for name, view in views.items() if hasattr(view, "bounded")}
    assert set(views) - bounded - READING - WATCHING - WRITING - WITHIN - SIGNING == set()
    assert {"files.show", "plan.show", "reach.isochrone", "whatif.evaluate"} <= bounded


def test_a_tile_is_bounded_until_it_is_there(stored_client):
    tile = "/api/tiles/cells/9/257/165.mvt"
    assert stored_client.get(tile).status_code == 200
    assert stored_client.get("/api/tiles/cells/9/257/166.mvt").status_code == 429
    assert stored_client.get(tile).status_code == 200


@pytest.fixture
def stored_client(village_results):
    """Someone who may ask for one heavy thing a minute."""
    return create_app(village_results, Settings(heavy_per_min=1)).test_client()


class Heavy:
    """An app with one heavy view: it works until it is told to end."""

    def __init__(self, **settings):
        self.app = Flask(__name__)
        self.began, self.ended, self.end = threading.Event(), threading.Event(), threading.Event()
        self.stopped = False
        limits.register(self.app, Settings(**settings))
        self.app.get("/api/work")(limits.heavy(self.work))
        self.app.register_error_handler(Exception, self.tell)
        self.app.before_request(self.mark)

    def mark(self):
        g.mark = "seen"

    def tell(self, error):
        return {"detail": error.description}, error.code, {"Retry-After": str(error.retry_after)}

    def work(self):
        assert g.mark == "seen"
        self.began.set()
        try:
            while not self.end.is_set():
                pass
        except limits.StoppedError:
            self.stopped = True
            raise
        finally:
            self.ended.set()
        return {"made": True}

    def ask(self, **environ):
        return self.app.test_client().get("/api/work", environ_overrides=environ)


def test_work_that_ends_in_time_is_answered():
    heavy = Heavy()
    heavy.end.set()
    assert heavy.ask().get_json() == {"made": True}


def test_works_in_turn_are_done_by_threads_that_have_worked_before():
    app = Flask(__name__)
    limits.register(app, Settings())
    app.get("/api/work")(limits.heavy(lambda: str(threading.get_ident())))
    client = app.test_client()
    threads = {client.get("/api/work").text for _ in range(60)}
    assert len(threads) < 30


def test_work_that_takes_too_long_is_stopped_and_gives_up_its_turn():
    heavy = Heavy(heavy_s=1, heavy_at_once=1)
    answer = heavy.ask()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json()["detail"] == (
        "This took more than 1 seconds to work out, so it was stopped. Ask again in 1 second."
    )
    assert heavy.ended.wait(10)
    assert heavy.stopped
    heavy.end.set()
    assert heavy.ask().status_code == 200


def test_work_is_stopped_when_the_asker_has_gone():
    heavy = Heavy(heavy_s=600)
    heavy.ask(**{"waitress.client_disconnected": heavy.began.is_set})
    assert heavy.ended.wait(10)
    assert heavy.stopped


def test_when_every_turn_is_taken_others_are_told_when_to_come_back(monkeypatch):
    monkeypatch.setattr(limits, "FOR_A_TURN_S", 0.01)
    heavy = Heavy(heavy_at_once=1)
    asker = threading.Thread(target=heavy.ask)
    asker.start()
    assert heavy.began.wait(10)
    answer = heavy.ask()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.get_json()["detail"].startswith("The server is busy with other people's")
    heavy.end.set()
    asker.join()
    assert heavy.ask().status_code == 200


def test_a_fault_of_the_work_is_the_askers_answer_and_frees_the_turn():
    heavy = Heavy(heavy_at_once=1)
    heavy.app.get("/api/fault")(limits.heavy(lambda: limits.come_back(503, 3, "No.")))
    for _ in range(3):
        answer = heavy.app.test_client().get("/api/fault")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
        assert answer.get_json()["detail"] == "No. Ask again in 3 seconds."


def test_each_asker_has_an_allowance_of_heavy_requests():
    heavy = Heavy(heavy_per_min=2)
    heavy.end.set()
    assert [heavy.ask().status_code for _ in range(3)] == [200, 200, 429]
    assert int(heavy.ask().headers["Retry-After"]) in range(25, 31)
    assert heavy.ask(REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_allowance_fills_up_again_and_no_further():
    now = [0.0]
    throttle = Throttle(6, clock=lambda: now[0])
    assert [throttle.wait_s("a") for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    now[0] = 5.0
    assert throttle.wait_s("a") == pytest.approx(5)
    now[0] = 10.0
    assert throttle.wait_s("a") == 0
    now[0] = 10_000.0
    assert [throttle.wait_s("a") > 0 for _ in range(7)] == [False] * 6 + [True]


def answered(per_s, seconds):
    """Return how many of so many heavy requests a second are answered, by the usual allowance."""
    now = [0.0]
    throttle = Throttle(Settings().heavy_per_min, clock=lambda: now[0])
    count = 0
    for at in range(per_s * seconds):
        now[0] = at / per_s
        count += throttle.wait_s("a reader") == 0
    return count


def test_ten_minutes_of_steady_dragging_are_never_refused():
    assert answered(25, 600) == 25 * 600


def test_a_flood_from_one_address_is_held_to_the_allowance():
    for per_s in (200, 500):
        # What is there at first, and what comes back in a minute.
        assert answered(per_s, 60) == pytest.approx(2 * 1_800, abs=1)


def test_the_routes_that_compute_are_bounded(app):
    for endpoint in ("reach.isochrone", "layers.download"):
        assert app.view_functions[endpoint].__wrapped__, endpoint


def test_the_log_names_no_address_that_was_asked_for(app, caplog, monkeypatch):
    monkeypatch.setattr(
        "webmap.places.doorstep.spelled",
        lambda written: (_ for _ in ()).throw(RuntimeError("broken")),
    )
    answer = app.test_client().get("/postcode/XW11AA")
    assert answer.status_code == 500
    assert "broken" not in answer.text
    assert "GET /postcode/<written> failed" in caplog.text
    assert "XW11AA" not in caplog.text
