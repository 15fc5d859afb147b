"""The study run again, by those who look after it."""

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as Answer

from webmap import access, site
from webmap.access import roles, runs
from webmap.background.rerun import Attempt, Rerun
from webmap.background.underway import MARK
from webmap.state import state

DEED = "run the study again"
AGAIN_S = 5
"""Seconds after which a page without scripts looks again how far a run has come."""

steward = Blueprint("steward", __name__)


@steward.get("/study")
@roles.required(DEED)
def show() -> Response:
    """Answer with how the last run stands; with `part`, only with what its page takes in."""
    rerun = _rerun()
    minutes, seconds = divmod(int(rerun.last.seconds) if rerun.last else 0, 60)
    answer = site.page(
        "study_run.html" if "part" in request.args else "study.html",
        site.run(),
        study=rerun.study.name,
        attempt=rerun.last,
        taken=f"{minutes}:{seconds:02d}",
        still="still" in request.args,
        again_s=AGAIN_S,
    )
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

    def note(attempt: Attempt) -> None:
        if attempt.state == "running":
            found.audit.note(attempt.who, runs.BEGAN, study=digest)
            return
        last = "" if attempt.state == "finished" or not attempt.lines else attempt.lines[-1]
        found.audit.note(attempt.who, f"{runs.ENDED}{attempt.state}", study=digest, said=last)

    rerun.start(who.name, note, mark=found.folder / MARK)
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
