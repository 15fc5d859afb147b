"""Suggestions as pages: asked for by a form, followed, put to the test and taken up."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as Redirection

from webmap import site
from webmap.access import roles
from webmap.background.jobs import Job
from webmap.guards import limits
from webmap.plan import plans, searches
from webmap.plan.plans import Plans
from webmap.plan.searches import Search, Trial
from webmap.routes.plan import planner_of
from webmap.state import state

WAIT_S = 4.0
"""So long an answer waits for the search to end, so that most need not ask again."""
BUSY_S = 5
FOUND = "suggest-found"
"""Where a page tells what a search has found."""

suggest = Blueprint("suggest", __name__)


@suggest.post("/plan/suggest")
@roles.computes
@limits.heavy
def begin() -> Redirection:
    """Begin to look for the best sites on top of the plan that is worked on."""
    from geoengine.proposals import Wish

    asked, form = plans.of_query(request.args), request.form
    given = form.get("sites", "1").strip()
    wish = Wish(
        int(given) if given.isdecimal() and len(given) < 4 else given,  # type: ignore[arg-type]
        form.get("aim", "everyone"),  # type: ignore[arg-type]
        form.get("where", "corners"),  # type: ignore[arg-type]
    )
    try:
        places = plans.places_of(form, site.here())
    except plans.RefusedError as refused:
        abort(HTTPStatus.BAD_REQUEST, str(refused.args[0]))
    planner = planner_of(site.run(), wait=True)
    assert planner is not None
    return _followed(asked, Search(planner, planner.evaluate(asked.current), wish, places))


@suggest.post("/plan/suggest/<job_id>/stress")
@roles.computes
@limits.heavy
def stress(job_id: str) -> Redirection:
    """Begin to put to the test what a search has found."""
    job = searches.find(state(current_app), job_id)
    return _followed(plans.of_query(request.args), searches.trial(job))


@suggest.post("/plan/suggest/<job_id>/stop")
@roles.computes
def stop(job_id: str) -> Redirection:
    """Call a search or a test off, and show what it has found."""
    job = searches.find(state(current_app), job_id)
    job.stop()
    job.wait(WAIT_S)
    return _found(plans.of_query(request.args), job)


@suggest.get("/plan/suggest/<job_id>")
def show(job_id: str) -> Response:
    """Answer with what a search has found; with `part`, only with what the Plan page takes in."""
    run, language = site.run(), site.here()
    asked = plans.of_query(request.args)
    job = searches.find(state(current_app), job_id)
    return site.page(
        "plan_suggested.html" if "part" in request.args else "plan_suggest.html",
        run,
        job=job,
        asked=asked,
        told=searches.told(language, run, job),
        chart=searches.chart(job),
        tested=searches.tested(language, run, job),
        testable=searches.testable(job),
        taken=lambda proposal: _taken(asked, job, proposal),
        here=lambda what="": _address(asked, job, what),
        places=searches.sought(job).places,
    )


def _followed(asked: Plans, about: Search | Trial) -> Redirection:
    job = searches.begin(state(current_app), about)
    if job is None:
        limits.come_back(HTTPStatus.SERVICE_UNAVAILABLE, BUSY_S, "Other searches are under way.")
    job.wait(WAIT_S)
    return _found(asked, job)


def _address(asked: Plans, job: Job, what: str = "") -> str:
    return site.address(f"/plan/suggest/{job.job_id}{what}", asked.query)


def _found(asked: Plans, job: Job) -> Redirection:
    """Lead to where the page of a search tells what it has found."""
    return redirect(f"{_address(asked, job)}#{FOUND}", 303)


def _taken(asked: Plans, job: Job, proposal: dict[str, Any]) -> str:
    """Return the address of the plan that a proposal makes of the one that it came on top of."""
    made = searches.sought(job).outcome.scenario
    for each in proposal["sites"]:
        made = made.then(
            plans.opening(
                made, (each["longitude"], each["latitude"]), searches.sought(job).places,
                each["name"],
            )
        )  # fmt: skip
    return site.address("/plan", asked.having(made).query)
