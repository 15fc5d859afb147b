"""What each role may do, and the gate that every request passes."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from webmap import access
from webmap.access.sessions import Session, form_token, same
from webmap.settings import Settings

LEAST: Mapping[str, str | None] = {
    "sign in": None,
    "look at the results": "viewer",
    "sign out": "viewer",
    "save a plan": "planner",
    "save a view": "planner",
    "run the study again": "steward",
    "read the audit log": "steward",
    "change accounts": "admin",
}
"""The least role that may do each thing; `None`: whoever comes."""
LOOK = "look at the results"
SAFE = ("GET", "HEAD", "OPTIONS")
COOKIE = "geoengine"
FIELD, HEADER = "form_token", "X-Form-Token"
FOR_SCRIPTS = ("/runs/", "/api/")

View = TypeVar("View", bound=Callable[..., Any])


def required(deed: str) -> Callable[[View], View]:
    """
    Let only those use a view who may do a thing of `LEAST`; others are told why not.

    Whatever is more than a question (a POST, say) must come from one of our own pages, too: with
    the token of its forms, as the field `form_token` or the header `X-Form-Token`.
    """
    assert deed in LEAST, deed

    def mark(view: View) -> View:
        view.deed = deed  # type: ignore[attr-defined]
        return view

    return mark


def computes(view: View) -> View:
    """Declare that a view takes a body but writes nothing: anybody may use it."""
    view.computes = True  # type: ignore[attr-defined]
    return view


def cookie() -> str:
    """Return the cookie's name; over https no other host can set one of it."""
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE


def token() -> str:
    """Return what the cookie of this request says; "" without one."""
    return request.cookies.get(cookie(), "")


def person() -> Session | None:
    """Return who has signed in."""
    found: Session | None = g.get("person")
    return found


def may(deed: str) -> bool:
    """Whether who asks may do a thing of `LEAST`."""
    least, who = LEAST[deed], person()
    return least is None or (who is not None and who.account.may_as(least))


def register(app: Flask, settings: Settings) -> None:
    """Have every request to the app pass the gate."""
    open_to_all = settings.open_to == "everyone"

    @app.before_request
    def gate() -> Response | None:
        view = current_app.view_functions.get(request.endpoint or "")
        found = access.of_app()
        g.person = found.sessions.find(token()) if found and token() else None
        deed = getattr(view, "deed", None)
        if deed is None:
            changes = view is not None and request.method not in SAFE
            # So that no view can write by having been forgotten.
            assert not changes or hasattr(view, "computes"), (
                f"{request.endpoint} takes {request.method}, so its view must be marked by "
                "roles.required(…) or roles.computes"
            )
            asset = (request.endpoint or "").endswith("layers.asset")
            return None if open_to_all or asset or may(LOOK) else _refuse(LOOK)
        if found is None:
            abort(HTTPStatus.FORBIDDEN, "This server is read-only: nobody can sign in to it.")
        if request.method not in SAFE:
            _only_from_here()
        return None if may(deed) else _refuse(deed)


def _refuse(deed: str) -> Response:
    """Ask whoever hasn't signed in to do so; tell others that they may not."""
    if person() is not None:
        abort(HTTPStatus.FORBIDDEN, f"To {deed} takes the role of {LEAST[deed]}.")
    if request.method not in SAFE or request.path.startswith(FOR_SCRIPTS):
        abort(HTTPStatus.UNAUTHORIZED, f"Sign in to {deed}.")
    from webmap import site

    return redirect(site.address("/login", {"next": request.full_path.rstrip("?")}))


def _only_from_here() -> None:
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    sent_by = request.headers.get("Sec-Fetch-Site", "same-origin")
    if not token() or sent_by != "same-origin" or not same(given, form_token(token())):
        abort(
            HTTPStatus.FORBIDDEN,
            "This didn't come from a page of this server, or the page was too old. Open the page "
            "again and send it once more.",
        )
