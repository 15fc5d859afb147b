"""The study run again, by those who look after it."""

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, redirect
from werkzeug.wrappers import Response as Answer

from webmap import access, site
from webmap.access import roles
from webmap.background.rerun import Attempt, Rerun
from webmap.state import state

DEED = "run the study again"

steward = Blueprint("steward", __name__)


@steward.get("/study")
@roles.required(DEED)
def show() -> Response:
    """Answer with how the last run went, and with the form that begins another."""
    rerun = _rerun()
    answer = site.page("study.html", site.run(), study=rerun.study.name, attempt=rerun.last)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@steward.post("/study")
@roles.required(DEED)
def begin() -> Answer:
    """Begin a run, unless one is under way."""
    rerun, who, found = _rerun(), roles.person(), access.of_app()
    assert who is not None
    assert found is not None
    try:
        digest = hashlib.sha256(rerun.study.read_bytes()).hexdigest()
    except OSError:
        abort(HTTPStatus.CONFLICT, "The study's file can't be read.")

    def ended(attempt: Attempt) -> None:
        last = "" if attempt.state == "finished" or not attempt.lines else attempt.lines[-1]
        found.audit.note(
            attempt.who, f"a run of the study {attempt.state}", study=digest, said=last
        )

    if rerun.start(who.name, ended) is not None:
        found.audit.note(who.name, "began a run of the study", study=digest)
    return redirect(site.address("/study"), HTTPStatus.SEE_OTHER)


@steward.post("/study/stop")
@roles.required(DEED)
def stop() -> Answer:
    """Call a run off."""
    attempt, who, found = _rerun().last, roles.person(), access.of_app()
    assert who is not None
    assert found is not None
    if attempt is not None and attempt.state == "running":
        found.audit.note(who.name, "called off a run of the study")
        attempt.stop()
    return redirect(site.address("/study"), HTTPStatus.SEE_OTHER)


def _rerun() -> Rerun:
    found = state(current_app).rerun
    assert found is not None
    return found
