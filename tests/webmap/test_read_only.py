"""No request writes a file, and none reads one that isn't the results'."""

import contextlib
import hashlib
import os
import random
import re
import sys
import threading

import pytest

from webmap import create_app
from webmap.results import Results

WRITING = {
    "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "os.utime", "shutil.rmtree", "shutil.move", "subprocess.Popen",
    "os.system", "os.exec", "os.posix_spawn", "socket.connect",
}  # fmt: skip
WATCH = threading.local()
RUN = "0123456789ab"
VALUES = {
    "run": (RUN,), "name": ("js/main.js", "nowhere"), "layer_id": ("areas",), "fmt": ("csv",),
    "code": ("E01990000",), "written": ("XW11AA",), "part": (), "form": (), "feature_id": ("x",),
    "z": (0,), "x": (0,), "y": (0,), "version": ("x",),
}  # fmt: skip


def note(event, given):
    seen = getattr(WATCH, "seen", None)
    if seen is None:
        return
    if event == "open":
        path, mode, flags = given
        writes = bool(flags & 3) if mode is None else any(letter in mode for letter in "wax+")
        seen.append(("write" if writes else "read", str(path)))
    elif event in WRITING:
        seen.append(("write", f"{event} {given[0]}"))


sys.addaudithook(note)


@contextlib.contextmanager
def watched():
    """Gather what this thread opens, makes, moves or removes."""
    WATCH.seen = []
    try:
        yield WATCH.seen
    finally:
        WATCH.seen = None


def asked_of(app, run=RUN):
    """An address of every route, with what it may be given."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES.get(name, ("x",)) for name in rule.arguments}
        given = {name: each[0] for name, each in values.items() if each}
        given |= {"run": run} if "run" in given else {}
        with contextlib.suppress(Exception):
            yield rule, adapter.build(rule.endpoint, given)


def digests(folder):
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_takes_more_than_a_question_says_whether_it_writes(app):
    for rule in app.url_map.iter_rules():
        if rule.methods - {"GET", "HEAD", "OPTIONS"}:
            view = app.view_functions[rule.endpoint]
            assert hasattr(view, "deed") or hasattr(view, "computes"), rule


def test_without_accounts_there_is_nowhere_to_sign_in(client):
    for path in ("/login", "/cy/login", "/logout", "/audit", "/accounts"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert "Set-Cookie" not in client.get("/").headers
    assert "Sign in" not in client.get("/").text


def test_without_accounts_no_route_writes(app, folder, tmp_path_factory, monkeypatch):
    """Downloads are made in a temporary folder and removed; that alone may be written to."""
    import tempfile

    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    client, before = app.test_client(), digests(folder)
    list(map(client.get, ("/", "/map", "/table")))
    walked = 0
    for _, address in asked_of(app):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            with watched() as seen:
                client.open(address, method=method, data=b"{}")
            wrote = [what for kind, what in seen if kind == "write" and str(scratch) not in what]
            assert [what for what in wrote if "__pycache__" not in what] == [], (method, address)
            walked += 1
    assert walked > 100
    assert digests(folder) == before
    assert list(scratch.iterdir()) == []


OUT = [
    "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5cetc%5cpasswd",
    "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd",
    "..%c0%af..%c0%afetc", "file:///etc/passwd", "../summary", ".", "areas%00.json",
    "C:%5cWindows%5cwin.ini", "~root", "a" * 300, "{0.__class__}", "%0d%0aSet-Cookie:x=1", "NaN",
]  # fmt: skip
QUERIES = (
    "layer", "selected", "postcode", "page", "reach", "minutes", "mode", "lon", "lat", "f", "crs",
    "sort", "only", "run", "bbox", "filter", "properties", "limit", "offset", "next", "plan", "at",
    "direction", "show", "where", "words",
)  # fmt: skip


@pytest.mark.parametrize("evil", OUT)
def test_no_part_of_an_address_leads_to_a_file(village_results, evil):
    """Whatever stands in any part, only the results' own files are opened, and none is told of."""
    app = create_app(village_results)
    client, own, run = (
        app.test_client(),
        str(village_results),
        Results(village_results).current().run,
    )
    rng = random.Random(evil)
    list(map(client.get, ("/", "/map", "/table", "/api/", f"/runs/{run}/downloads/areas/csv")))
    addresses = [f"/{evil}", f"/cy/{evil}", f"/assets/{evil}", f"/runs/{evil}/layers/x/values.json"]
    for rule, address in asked_of(app, run):
        if rule.rule.startswith("/cy/"):
            continue
        for name in rule.arguments:
            addresses += [
                address.replace(str(value), evil) for value in (run, *VALUES.get(name, ()))
            ]
        query = "&".join(f"{name}={evil}" for name in rng.sample(QUERIES, 6))
        addresses.append(f"{address}?{query}")
    for address in dict.fromkeys(addresses):
        with watched() as seen:
            answer = client.get(address)
        read = [path for kind, path in seen if kind == "read"]
        strange = [path for path in read if re.search("^/etc/|passwd|win.ini", path)]
        assert strange == [], address
        for path in (os.path.relpath(path, own) for path in read if path.startswith(own)):
            known = rf"summary\.json|run-{run}/[\w.-]+"
            assert re.fullmatch(known, path), (address, path)
        assert b"root:x:0" not in answer.data, address
        assert answer.status_code < 500 or answer.status_code == 503, (address, answer.text[:500])
        assert "Set-Cookie" not in answer.headers
        assert own.encode() not in answer.data, address


def test_whatever_is_asked_in_whatever_way_no_insides_are_shown(folder):
    client = create_app(folder).test_client()
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "BREW"):
        answer = client.open("/map", method=method)
        assert answer.status_code in (200, 405, 501)
        assert "Traceback" not in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "camera=()" in answer.headers["Permissions-Policy"]
