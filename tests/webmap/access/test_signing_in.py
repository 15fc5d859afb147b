"""Who may do what on the pages, and what nobody may."""

import re

import pytest
from werkzeug.security import generate_password_hash

from webmap import create_app
from webmap.access import accounts as keeping
from webmap.access import roles, sessions
from webmap.access.accounts import ROLES
from webmap.access.audit import Audit
from webmap.guards.throttle import Throttle
from webmap.routes import people
from webmap.settings import Settings

PASSWORD = "correct horse battery"
HTTPS = {"base_url": "https://map.example.gov.uk"}


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
    """The app, with a view that writes and one that only computes."""

    def serve(**settings):
        app = create_app(folder, Settings(write_folder=str(kept), **settings))

        @app.post("/api/save")
        @roles.required("save a plan")
        def save():
            (kept / "saved").touch()
            return {"saved": True}

        @app.post("/api/forgotten")
        def forgotten():
            raise AssertionError("never reached")

        return app

    return serve


def token_of(page):
    return re.search(r'name="form_token" value="([0-9a-f]{64})"', page.text)[1]


def sign_in(client, name, password=PASSWORD, **more):
    token = token_of(client.get("/login"))
    given = {"name": name, "password": password, "form_token": token, **more}
    return client.post("/login", data=given)


def test_who_signs_in_is_led_to_where_they_were_going(served):
    client = served().test_client()
    answer = sign_in(client, "planner", next="/table?layer=cells")
    assert (answer.status_code, answer.location) == (303, "/table?layer=cells")
    assert "Signed in as planner (planner: saves plans)" in client.get("/").text
    assert "Wedi mewngofnodi fel planner" in client.get("/cy/").text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/\t/evil.example", "evil", "///evil.example", "/a\r\nX: y", "",
        "http:/evil.example", "/\x00", "/é",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere(served, address):
    assert sign_in(served().test_client(), "viewer", next=address).location == "/"


def test_a_wrong_name_and_a_wrong_password_are_told_apart_by_nothing(served, kept):
    client = served().test_client()
    unknown, wrong = sign_in(client, "nobody"), sign_in(client, "admin", "not the password")
    assert unknown.status_code == wrong.status_code == 401
    hidden = re.compile(r'value="(nobody|admin)"')
    assert hidden.sub("", unknown.text) == hidden.sub("", wrong.text)
    assert "That name and password don’t belong together." in unknown.text
    log = Audit(kept / "audit.jsonl")
    # Nothing is written before the answer has gone: it would come later for a name that is known.
    assert log.count() == 0
    for answer in (unknown, wrong):
        answer.close()
    assert [(line["who"], line["what"]) for line in log.newest(0, 10)] == [
        ("admin", "was refused: another password")
    ]


def test_tries_to_sign_in_are_few(served, monkeypatch):
    monkeypatch.setattr(people, "BY_NAME", Throttle(3))
    client = served().test_client()
    assert [sign_in(client, "admin", "wrong").status_code for _ in range(3)] == [401] * 3
    answer = sign_in(client, "admin")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 20
    assert "There were too many tries in a short time." in answer.text
    assert sign_in(client, "viewer").status_code == 303


def test_the_cookie_is_for_this_server_and_no_script(served):
    plain = sign_in(served().test_client(), "viewer").headers["Set-Cookie"]
    assert re.fullmatch(
        r"geoengine=[\w-]{43}; Expires=[^;]+; Max-Age=28800; HttpOnly; Path=/; SameSite=Lax", plain
    )
    over_https = served().test_client().get("/login", **HTTPS).headers["Set-Cookie"]
    assert re.fullmatch(
        r"__Host-geoengine=[\w-]{43}; Expires=[^;]+; Max-Age=28800; Secure; HttpOnly; Path=/; "
        "SameSite=Lax",
        over_https,
    )


def test_the_session_is_a_new_one_after_signing_in(served):
    client = served().test_client()
    client.get("/login")
    before = client.get_cookie("geoengine").value
    sign_in(client, "viewer")
    assert client.get_cookie("geoengine").value != before


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(served):
    app = served()
    client, thief = app.test_client(), app.test_client()
    sign_in(client, "admin")
    thief.set_cookie("geoengine", client.get_cookie("geoengine").value)
    assert thief.get("/audit").status_code == 200
    assert client.post("/logout", data={"form_token": token_of(client.get("/"))}).location == "/"
    assert client.get_cookie("geoengine") is None
    assert thief.get("/audit").location == "/login?next=%2Faudit"


def test_a_session_ends_in_time_and_with_its_account(kept):
    now = [0.0]
    accounts = keeping.Accounts(kept / "accounts.json")
    table = sessions.Sessions(accounts, 10, clock=lambda: now[0])
    begun = {role: table.begin(role, accounts.read()[role]) for role in ROLES}
    assert table.find(begun["planner"]).name == "planner"
    assert table.find(begun["planner"] + "x") is None
    accounts.remove("viewer")
    assert table.find(begun["viewer"]) is None
    accounts.put("steward", "steward", PASSWORD + "!")
    assert table.find(begun["steward"]) is None
    now[0] = 599.0
    assert table.find(begun["planner"]) is not None
    now[0] = 600.0
    assert table.find(begun["planner"]) is None


@pytest.mark.parametrize(
    ("role", "save", "audit", "accounts"),
    [
        (None, 401, 302, 302),
        ("viewer", 403, 403, 403),
        ("planner", 200, 403, 403),
        ("steward", 200, 200, 403),
        ("admin", 200, 200, 200),
    ],
)
def test_each_role_may_do_its_own_and_no_more(served, role, save, audit, accounts):
    client = served().test_client()
    if role:
        sign_in(client, role)
    token = token_of(client.get("/" if role else "/login"))
    for prefix in ("", "/cy"):
        assert client.get(f"{prefix}/audit").status_code == audit
        assert client.get(f"{prefix}/accounts").status_code == accounts
    answer = client.post("/api/save", headers={"X-Form-Token": token})
    assert answer.status_code == save
    if save == 403:
        assert answer.get_json()["detail"] == "To save a plan takes the role of planner."


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Form-Token": "0" * 64},
        {"X-Form-Token": "ünïcode"},
        {"X-Form-Token": "TOKEN", "Sec-Fetch-Site": "cross-site"},
        {"X-Form-Token": "TOKEN", "Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_write_for_somebody_signed_in(served, kept, headers):
    client = served().test_client()
    sign_in(client, "admin")
    token = token_of(client.get("/"))
    sent = {name: value.replace("TOKEN", token) for name, value in headers.items()}
    answer = client.post("/api/save", headers=sent)
    assert answer.status_code == 403
    assert answer.get_json()["detail"].startswith("This didn't come from a page of this server")
    assert not (kept / "saved").exists()


def test_one_persons_form_token_is_no_use_to_another(served):
    app = served()
    ann, bob = app.test_client(), app.test_client()
    sign_in(ann, "admin")
    sign_in(bob, "planner")
    token = token_of(ann.get("/"))
    assert bob.post("/api/save", headers={"X-Form-Token": token}).status_code == 403


def test_a_view_that_was_not_declared_to_write_or_not_is_never_reached(served, caplog):
    assert served().test_client().post("/api/forgotten").status_code == 500
    assert "its view must be marked by roles.required(…) or roles.computes" in caplog.text
    assert "never reached" not in caplog.text


def test_an_admin_gives_and_takes_accounts_and_the_log_says_so(served, kept):
    client = served().test_client()
    sign_in(client, "admin")
    token = token_of(client.get("/accounts"))

    def change(**given):
        return client.post("/accounts", data={"form_token": token, **given})

    assert change(name="zoë", role="planner", password="short").status_code == 422
    assert change(name="zoe", role="planner", password=PASSWORD).status_code == 303
    assert change(name="viewer", remove="1").status_code == 303
    assert set(keeping.Accounts(kept / "accounts.json").read()) == {
        "zoe", "planner", "steward", "admin",
    }  # fmt: skip
    page = client.get("/audit").text
    assert "3 lines, each bound to the one before it; the log is whole." in page
    assert "gave an account" in page
    assert "account: zoe; role: planner" in page
    text = (kept / "audit.jsonl").read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert client.get_cookie("geoengine").value not in text


def test_the_audit_log_turns_page_by_page(served, kept):
    log = Audit(kept / "audit.jsonl")
    for at in range(120):
        log.note("ann", "saved a plan", plan=f"<script>{at}")
    client = served().test_client()
    sign_in(client, "admin")
    first, last = client.get("/audit").text, client.get("/audit?page=3").text
    assert "Page 1 of 3" in first
    assert "plan: &lt;script&gt;119" in first
    assert "plan: &lt;script&gt;0<" in last
    assert "Page 3 of 3" in client.get("/audit?page=99").text
    assert "<script>0" not in last


def test_a_damaged_log_keeps_the_server_from_starting_and_its_place_to_itself(served, kept, folder):
    client = served().test_client()
    sign_in(client, "admin")
    (kept / "audit.jsonl").write_text("gone\n", encoding="utf-8")
    answer = client.get("/audit")
    assert answer.status_code == 500
    assert str(kept) not in answer.text
    with pytest.raises(Exception, match="line 1 isn't one of this log's"):
        create_app(folder, Settings(write_folder=str(kept)))


def test_pages_for_accounts_only_are_shown_to_nobody_else(served):
    app = served(open_to="accounts")
    client = app.test_client()
    for path in ("/", "/map?layer=cells", "/cy/method"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith(("/login?next=", "/cy/login?next="))
    assert client.get("/map?layer=cells").location == "/login?next=%2Fmap%3Flayer%3Dcells"
    values = "/runs/0123456789ab/layers/cells/values.json"
    assert client.get(values).status_code == 401
    assert sign_in(client, "viewer").status_code == 303
    answer = client.get(values)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("private, ")
    page = client.get("/")
    assert (page.status_code, "Cookie" in page.vary) == (200, True)


def test_the_forms_pages_are_kept_by_no_browser(served):
    client = served().test_client()
    assert client.get("/login").headers["Cache-Control"] == "no-store"
    sign_in(client, "admin")
    for path in ("/accounts", "/audit"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_a_password_is_checked_as_slowly_for_nobody(monkeypatch, kept):
    checked = []
    monkeypatch.setattr(
        keeping, "check_password_hash", lambda held, given: checked.append(held) or False
    )
    accounts = keeping.Accounts(kept / "accounts.json")
    accounts.check("nobody", PASSWORD)
    accounts.check("admin", PASSWORD)
    assert len(checked) == 2
    assert generate_password_hash("x", "scrypt:1024:8:1").split("$")[0] == checked[1].split("$")[0]
