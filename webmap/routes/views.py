"""A view of the map under a short address, where the server may write."""

from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as Redirection

from webmap import access, site
from webmap.access import roles
from webmap.plan import permanent

LONGEST, MOST_PARTS = 100_000, 40
"""Characters and parts of a view's query."""

views = Blueprint("views", __name__)


@views.post("/v/map")
@roles.required("save a view")
def keep() -> Redirection:
    """Keep what the map shows, however much it is, under a short address."""
    found, who = access.of_app(), roles.person()
    assert found is not None
    assert who is not None
    sent = request.form.get("state", "").removeprefix("?")
    try:
        parts = parse_qsl(sent, max_num_fields=MOST_PARTS)
    except ValueError:
        parts = []
    if not parts or len(sent) > LONGEST:
        abort(HTTPStatus.BAD_REQUEST, site.here().say("view-unlike", most=f"{LONGEST:,}"))
    name = permanent.keep(found.folder, permanent.MAP + urlencode(parts, safe=","))
    found.audit.note(who.name, "saved a view", view=name)
    return redirect(site.address(f"/v/{name}"), HTTPStatus.SEE_OTHER)
