"""Signing in and out, the accounts, and the log of what was done."""

import math
import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, redirect, request
from werkzeug.wrappers import Response as Answer

from webmap import access, site
from webmap.access import Access, roles
from webmap.access.accounts import ROLES, AccountsError
from webmap.access.sessions import BYTES, form_token
from webmap.guards.throttle import Throttle
from webmap.settings import Settings

LINES = 50
BY_ADDRESS, BY_NAME = Throttle(20), Throttle(6)
"""How often a minute somebody may try to sign in, and to sign in to one account."""

people = Blueprint("people", __name__)


def register(app: Flask, settings: Settings) -> None:
    """Tell every page who has signed in, and browsers not to share what they then see."""
    mine = settings.open_to == "accounts"

    @app.context_processor
    def who() -> dict[str, object]:
        if not settings.write_folder:
            return {}
        return {
            "signs_in": True,
            "person": roles.person(),
            "may": roles.may,
            "form_token": form_token(roles.token()),
        }

    @app.after_request
    def keep_apart(answer: Response) -> Response:
        if settings.write_folder and answer.mimetype == "text/html":
            answer.vary.add("Cookie")
        if mine or roles.person() is not None:
            kept = answer.headers.get("Cache-Control", "no-store")
            answer.headers["Cache-Control"] = kept.replace("public", "private")
        return answer


@people.get("/login")
@roles.required("sign in")
def ask() -> Response:
    """Answer with the form to sign in."""
    return _login("")


@people.post("/login")
@roles.required("sign in")
def sign_in() -> Answer:
    """Let somebody in, and lead them to where they were going."""
    found = _access()
    name, password = request.form.get("name", ""), request.form.get("password", "")
    wait_s = max(BY_ADDRESS.wait_s(request.remote_addr or ""), BY_NAME.wait_s(name[:80]))
    if wait_s:
        answer = _login("login-too-often", HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(math.ceil(wait_s))
        return answer
    account = found.accounts.check(name, password)
    if account is None:
        answer = _login("login-wrong", HTTPStatus.UNAUTHORIZED)
        # What isn't an account's name may be a password in the wrong field: it is never logged.
        # Once the answer has gone, its time doesn't tell whether it was.
        if name in found.accounts.read():
            answer.call_on_close(lambda: found.audit.note(name, "was refused: another password"))
        return answer
    found.audit.note(name, "signed in")
    led = redirect(_within(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    _set(led, found.sessions.begin(name, account), found.sessions.lasts_s)
    return led


@people.post("/logout")
@roles.required("sign out")
def sign_out() -> Answer:
    """End the session."""
    who = roles.person()
    assert who is not None
    _access().sessions.end(roles.token())
    _access().audit.note(who.name, "signed out")
    answer = redirect(site.address("/"), HTTPStatus.SEE_OTHER)
    answer.delete_cookie(roles.cookie(), secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


@people.get("/accounts")
@roles.required("change accounts")
def accounts() -> Response:
    """Answer with the accounts."""
    return _accounts("")


@people.post("/accounts")
@roles.required("change accounts")
def change() -> Answer:
    """Add, change or remove an account."""
    who = roles.person()
    assert who is not None
    found, name, role = _access(), request.form.get("name", ""), request.form.get("role", "")
    try:
        if "remove" in request.form:
            found.accounts.remove(name)
            found.audit.note(who.name, "removed an account", account=name)
        else:
            found.accounts.put(name, role, request.form.get("password", ""))
            found.audit.note(who.name, "gave an account", account=name, role=role)
    except AccountsError as error:
        return _accounts(str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(site.address("/accounts"), HTTPStatus.SEE_OTHER)


@people.get("/audit")
@roles.required("read the audit log")
def audit() -> Response:
    """Answer with what was done, the newest first, a page at a time."""
    log = _access().audit
    total, last = log.verify()
    pages = max(1, -(-total // LINES))
    page = min(pages, max(1, request.args.get("page", 1, type=int)))
    return _private(
        site.page(
            "audit.html",
            site.run(),
            lines=log.newest((page - 1) * LINES, LINES),
            known=("at", "who", "what", "before"),
            total=total,
            last=last,
            page=page,
            pages=pages,
        )
    )


def _login(problem: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    token = roles.token() or secrets.token_urlsafe(BYTES)
    answer = _private(
        site.page(
            "login.html",
            site.run(),
            problem=site.here().say(problem) if problem else "",
            given=request.form.get("name", "")[:64],
            next=request.values.get("next", ""),
            form_token=form_token(token),
        ),
        status,
    )
    if not roles.token():
        _set(answer, token, _access().sessions.lasts_s)
    return answer


def _accounts(problem: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    held = _access().accounts.read()
    return _private(
        site.page(
            "accounts.html",
            site.run(),
            problem=problem,
            accounts=sorted((name, account.role) for name, account in held.items()),
            roles=ROLES,
        ),
        status,
    )


def _private(answer: Response, status: HTTPStatus = HTTPStatus.OK) -> Response:
    if answer.status_code == HTTPStatus.OK:
        answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _set(answer: Answer, token: str, lasts_s: int) -> None:
    answer.set_cookie(
        roles.cookie(), token, max_age=lasts_s, secure=request.is_secure, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _within(address: str) -> str:
    """Return an address if it is one of this server's, else that of the first page."""
    parts = urlsplit(address)
    plain = address.isascii() and address.isprintable() and "\\" not in address
    ours = address.startswith("/") and not (
        address.startswith("//") or parts.scheme or parts.netloc
    )
    return address if plain and ours else site.address("/")


def _access() -> Access:
    found = access.of_app()
    assert found is not None
    return found
