"""A steward runs the study again from a page; what stands is never in danger."""

import re
import signal
import subprocess
import sys
import threading
import urllib.parse
import urllib.request

import pytest

from geoengine.errors import GeoEngineError
from webmap import create_app
from webmap.access import accounts as keeping
from webmap.access.audit import Audit, AuditError
from webmap.background.rerun import WITH_SERVER, Rerun
from webmap.guards.throttle import Throttle
from webmap.routes import people
from webmap.settings import Settings
from webmap.state import state

PASSWORD = "correct horse battery"
WAIT_S = 60
PIPES = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}


def program(text):
    """A program in place of geoengine: what it is given stands in `sys.argv`."""
    return (sys.executable, "-u", "-c", f"import sys, time; {text}")


def ran(rerun, during=lambda attempt: None):
    """Run to the end, and return the attempt."""
    over = threading.Event()
    noted = []

    def note(attempt):
        noted.append(attempt.state)
        if attempt.state != "running":
            over.set()

    attempt = rerun.start("ann", note, mark=mark_of(rerun))
    during(attempt)
    assert over.wait(WAIT_S)
    assert noted == ["running", attempt.state]
    return attempt


def mark_of(rerun):
    return rerun.study.parent / "run.lock"


def said(attempt, text):
    """Wait until a run has said something."""
    while not any(text in line for line in attempt.lines):
        assert attempt.state == "running"


def test_a_run_says_how_far_it_is_and_ends(tmp_path):
    told = "print('Reading …'); print(*sys.argv[1:])"
    attempt = ran(Rerun(tmp_path / "s.toml", tmp_path / "out", 60, command=program(told)))
    assert attempt.state == "finished"
    assert list(attempt.lines) == ["Reading …", f"{tmp_path / 's.toml'} --out {tmp_path / 'out'}"]


def test_a_run_that_fails_says_why(tmp_path):
    told = "print('no such file'); sys.exit(1)"
    attempt = ran(Rerun(tmp_path / "s.toml", tmp_path, 60, command=program(told)))
    assert (attempt.state, attempt.lines[-1]) == ("failed", "no such file")


def test_a_run_that_cannot_be_begun_says_so_and_the_next_one_may(tmp_path):
    rerun = Rerun(tmp_path / "s.toml", tmp_path, 60, command=(str(tmp_path / "nothing"),))
    attempt = ran(rerun)
    assert (attempt.state, attempt.lines) == (
        "failed",
        ("It could not be begun: No such file or directory.",),
    )
    rerun._command = program("print('there')")
    assert ran(rerun).state == "finished"


def test_what_cannot_be_noted_does_not_begin(tmp_path):
    def full(attempt):
        raise AuditError("the disk is full")

    rerun = Rerun(tmp_path / "s.toml", tmp_path, 60, command=ENDLESS)
    with pytest.raises(AuditError):
        rerun.start("ann", full, mark=mark_of(rerun))
    assert rerun.last is None


ENDLESS = program("\nwhile True: print('begun'); time.sleep(0.01)")


def test_a_run_can_be_stopped_and_only_one_is_under_way(tmp_path):
    rerun = Rerun(tmp_path / "s.toml", tmp_path, 60, command=ENDLESS)

    def stop(attempt):
        said(attempt, "begun")
        assert rerun.start("bob", lambda _: None, mark=mark_of(rerun)) is None
        attempt.stop()

    assert ran(rerun, stop).state == "stopped"
    assert rerun.last.who == "ann"
    assert ran(rerun, stop).state == "stopped"


def test_a_run_that_takes_too_long_is_stopped(tmp_path):
    rerun = Rerun(tmp_path / "s.toml", tmp_path, 0.1, command=ENDLESS)
    assert ran(rerun).state == "stopped"


def test_only_one_server_at_a_time_runs_a_study(tmp_path):
    one, two = (Rerun(tmp_path / "s.toml", tmp_path, 60, command=ENDLESS) for _ in range(2))

    def try_the_other(attempt):
        said(attempt, "begun")
        other = ran(two)
        assert (other.state, other.lines) == ("failed", ("Another server is running the study.",))
        attempt.stop()

    assert ran(one, try_the_other).state == "stopped"


@pytest.fixture
def in_the_background():
    """A shell has what it begins in the background heed no interrupt."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_server_in_the_background_can_stop_a_run_too(tmp_path, in_the_background, monkeypatch):
    monkeypatch.setattr("webmap.background.rerun.TO_END_S", WAIT_S)
    endless = (*ENDLESS[:-1], WITH_SERVER + ENDLESS[-1])
    rerun = Rerun(tmp_path / "s.toml", tmp_path, 60, command=endless)
    ended = ran(rerun, lambda attempt: (said(attempt, "begun"), attempt.stop()))
    assert (ended.state, ended.lines[-1]) == ("stopped", "KeyboardInterrupt")


def test_a_run_ends_with_what_began_it(in_the_background):
    """As the system closes what a killed server held, so is the pipe closed here."""
    endless = WITH_SERVER + "\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", endless], **PIPES) as process:
        process.stdin.close()
        assert process.wait(WAIT_S) != 0
        assert "KeyboardInterrupt" in process.stderr.read()


@pytest.fixture
def served(village_results, tmp_path, monkeypatch):
    """The app of the village, whose study can be run again, and where the log is."""
    monkeypatch.setattr(keeping, "METHOD", "scrypt:1024:8:1")
    monkeypatch.setattr(people, "BY_ADDRESS", Throttle(1_000))
    monkeypatch.setenv("GEOENGINE_CACHE", str(village_results.parent / "cache"))
    for role in ("planner", "steward"):
        keeping.Accounts(tmp_path / "accounts.json").put(role, role, PASSWORD)
    study = village_results.parent / "study.toml"
    settings = Settings(write_folder=str(tmp_path))
    return create_app(village_results, settings, study=study), Audit(tmp_path / "audit.jsonl")


def token_of(page):
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)[1]


def signed_in(app, name):
    client = app.test_client()
    given = {"name": name, "password": PASSWORD, "form_token": token_of(client.get("/login"))}
    assert client.post("/login", data=given).status_code == 303
    return client


def test_a_steward_runs_the_study_again_and_the_log_tells(served):
    app, audit = served
    client = signed_in(app, "steward")
    page = client.get("/study")
    assert "Run the study again" in client.get("/").text
    assert "Rhedeg yr astudiaeth eto" in client.get("/cy/study").text
    assert client.post("/study", data={"form_token": token_of(page)}).location == "/study"
    rerun = state(app).rerun
    while audit.count() < 3:
        assert rerun.last.state in ("running", "finished")
    assert "The last run has finished" in client.get("/study").text
    assert "Nothing has changed: the results stand …" in client.get("/study").text
    whats = [line["what"] for line in audit.newest(0, 3)]
    assert whats == ["a run of the study finished", "began a run of the study", "signed in"]
    assert len({line["study"] for line in audit.newest(0, 2)}) == 1
    audit.verify()


def test_a_steward_calls_a_run_off(served, tmp_path):
    app, audit = served
    rerun = state(app).rerun
    rerun._command = ENDLESS
    client = signed_in(app, "steward")
    token = {"form_token": token_of(client.get("/study"))}
    client.post("/study", data=token)
    said(rerun.last, "begun")
    assert "A run is under way" in client.get("/study").text
    client.post("/study/stop", data=token)
    while audit.count() < 4:
        assert rerun.last.state in ("running", "stopped")
    assert "The last run was stopped" in client.get("/study").text
    assert audit.newest(0, 1)[0]["what"] == "a run of the study stopped"


def test_the_page_follows_a_run_with_scripts_and_without(served):
    app, audit = served
    rerun = state(app).rerun
    rerun._command = ENDLESS
    client = signed_in(app, "steward")
    token = {"form_token": token_of(client.get("/study"))}
    assert "js/study.js" not in client.get("/study").text
    client.post("/study", data=token)
    said(rerun.last, "begun")
    page = client.get("/study").text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "This page looks again every 5 seconds." in page
    assert "<title>A run is under way: Run the study again" in page
    assert "under way for 0:0" in page
    assert "http-equiv" not in client.get("/study?still=1").text
    part = client.get("/study?part=1").text
    assert part.startswith('<div id="run" data-state="running">')
    assert "<html" not in part
    client.post("/study/stop", data=token)
    while audit.count() < 4:
        assert rerun.last.state in ("running", "stopped")
    assert 'data-state="stopped"' in client.get("/study?part=1").text
    assert "http-equiv" not in client.get("/study").text


SERVER = """
import sys
from pathlib import Path
from webmap import Settings, create_app
from webmap.access import accounts as keeping
from webmap.background import rerun
from webmap.state import state
import waitress

results, kept, study = sys.argv[1:]
keeping.METHOD = "scrypt:1024:8:1"
keeping.Accounts(Path(kept) / "accounts.json").put("steward", "steward", "correct horse battery")
app = create_app(Path(results), Settings(write_folder=kept), study=Path(study))
endless = rerun.WITH_SERVER + "import time\\nwhile True: print('begun'); time.sleep(0.01)"
state(app).rerun._command = (sys.executable, "-u", "-c", endless)
server = waitress.create_server(app, host="127.0.0.1", port=0)
print(server.effective_port, flush=True)
server.run()
"""


def test_after_a_server_is_killed_the_next_one_notes_that_the_run_did_not_end(
    village_results, tmp_path
):
    study = village_results.parent / "study.toml"
    given = [sys.executable, "-c", SERVER, village_results, tmp_path, study]
    asker = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def ask(path, **form):
        data = urllib.parse.urlencode(form).encode() if form else None
        with asker.open(f"http://127.0.0.1:{port}{path}", data, timeout=WAIT_S) as answer:
            return answer.read().decode()

    def token(page):
        return re.search(r'name="form_token" value="([0-9a-f]{64})"', page)[1]

    with subprocess.Popen([str(each) for each in given], stdout=subprocess.PIPE) as server:
        try:
            port = int(server.stdout.readline())
            sign = token(ask("/login"))
            ask("/login", name="steward", password=PASSWORD, form_token=sign)
            ask("/study", form_token=token(ask("/study")))
            while "begun" not in ask("/study?part=1"):
                pass
            audit = Audit(tmp_path / "audit.jsonl")
            began = audit.newest(0, 1)[0]
            assert began["what"] == "began a run of the study"
            # Another server beside the one that runs it has nothing to note.
            create_app(village_results, Settings(write_folder=str(tmp_path)), study=study)
            assert audit.newest(0, 1)[0] == began
        finally:
            server.kill()
    for _ in range(2):
        create_app(village_results, Settings(write_folder=str(tmp_path)), study=study)
    assert audit.count() == 3
    last = audit.newest(0, 1)[0]
    assert (last["who"], last["what"]) == ("steward", "a run of the study did not end")
    assert (last["began"], last["study"]) == (began["at"], began["study"])
    assert last["said"] == "the server ended before it did"
    audit.verify()


def test_others_run_nothing(served):
    app, _ = served
    assert app.test_client().get("/study").location.startswith("/login")
    client = signed_in(app, "planner")
    assert "Run the study again" not in client.get("/").text
    token = {"form_token": token_of(client.get("/"))}
    for answer in (client.get("/study"), client.post("/study", data=token)):
        assert answer.status_code == 403
        assert "To run the study again takes the role of steward." in answer.text
    assert signed_in(app, "steward").post("/study").status_code == 403
    assert state(app).rerun.last is None


def test_without_a_study_or_accounts_nothing_is_run(village_results, tmp_path):
    app = create_app(village_results, Settings(write_folder=str(tmp_path)))
    assert app.test_client().get("/study").status_code == 404
    with pytest.raises(GeoEngineError, match="WEBMAP_WRITE_FOLDER"):
        create_app(village_results, study=tmp_path / "study.toml")
