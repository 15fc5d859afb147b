"""What is on screen as a file to keep, whatever its address narrows, sorts or chooses."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, request

from webmap import site
from webmap.files import downloads
from webmap.guards import limits
from webmap.screen import compare, view
from webmap.state import state

files = Blueprint("files", __name__)


@files.get("/download/<fmt>")
@files.get("/download/<fmt>/<any(metadata):part>")
@limits.heavy
def show(fmt: str, part: str = "") -> Response:
    """Answer with the file, or with the metadata that go with it."""
    from webmap.files.shown import Shown

    own, language = site.run(), site.here()
    run, entry, _ = compare.seen(own, language, request.args)
    seen = view.read(entry, request.args)
    address = request.host_url.rstrip("/") + site.address("/map", seen.query)
    shown, pages = Shown(run, language, entry, seen, address), current_app.jinja_env
    key = (language.code, address, fmt, part, *seen.query.values())
    try:
        name, body = own.keep("files", downloads.Files).get(
            key, lambda: downloads.make_shown(shown, fmt, pages, metadata=bool(part))
        )
    except downloads.BusyError:
        abort(HTTPStatus.SERVICE_UNAVAILABLE, language.say("file-busy"))
    answer = body.answer(state(current_app).settings, keep=False)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
