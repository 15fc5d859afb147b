"""What if, for scripts and programs: a plan's figures, better sites, and what one would bring."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import h3
from flask import Blueprint, Response, abort, current_app, json, jsonify, request, url_for

from geoengine.scenarios import MOST_PLACES, Scenario
from webmap import site
from webmap.access import roles
from webmap.background.jobs import Job
from webmap.delivery import Body
from webmap.guards import bodies, limits
from webmap.places import spots
from webmap.plan import buildings, links, searches, whatifs
from webmap.plan.searches import Search, Trial
from webmap.results import Snapshot
from webmap.routes.plan import planner_of
from webmap.routes.reach import not_yet
from webmap.state import state
from webmap.text import language as languages
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.underserved import Reach
    from geoengine.whatif import Planner

SOURCE = "the request"
BUSY_S = 5
COORDINATE_DECIMALS = 6

whatif = Blueprint("whatif", __name__)


@whatif.post("/api/whatif")
@roles.computes
@limits.heavy
def evaluate() -> Response:
    """Answer with every figure that a scenario changes; with `words`, as the page says them."""
    scenario = _scenario(_body())
    run = site.run()
    planner = _planner(run)
    from geoengine import outcomes

    outcome = planner.evaluate(scenario)
    if "words" not in request.args:
        return _answer(outcomes.as_json(outcome, planner.baseline) | {"plan": links.pack(scenario)})
    return _answer(
        {
            "plan": links.pack(scenario),
            "scenario_id": outcome.scenario_id,
            "statuses": {now["area_code"]: now["status"] for _, now in outcome.area_lines},
            "words": whatifs.told(_language(), run, planner, outcome),
        }
    )


@whatif.get("/api/whatif/ready")
def ready() -> Response:
    """Say whether plans can be worked out at once; the first to ask has it made so."""
    answer = jsonify(ready=planner_of(site.run(), wait=False) is not None)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@whatif.get("/api/whatif")
@limits.heavy
def baseline() -> Response:
    """Answer with every figure of what is, before any scenario."""
    planner = _planner(site.run())
    from geoengine import outcomes

    return _answer(outcomes.baseline_as_json(planner))


@whatif.post("/api/optimise")
@roles.computes
@limits.heavy
def optimise() -> Response:
    """Begin to look for the best sites on top of a scenario, and say where to ask for them."""
    body = _body()
    unknown = sorted(set(body) - {"plan", "sites", "aim", "where", "places"})
    if unknown:
        abort(
            HTTPStatus.BAD_REQUEST,
            f"there is no use for {unknown[0]!r}; give plan, sites, aim, where, places",
        )
    from geoengine.proposals import Wish

    wish = Wish(body.get("sites", 1), body.get("aim", "everyone"), body.get("where", "corners"))
    plan, places = body.get("plan", {}), body.get("places")
    if not isinstance(plan, dict):
        abort(HTTPStatus.BAD_REQUEST, "plan must be a scenario: an object with a list of edits")
    if not (places is None or (type(places) is int and 0 <= places <= MOST_PLACES)):
        abort(
            HTTPStatus.BAD_REQUEST,
            f"places must be a whole number up to {MOST_PLACES:,}, or left out if unknown",
        )
    scenario = _scenario(plan)
    planner = _planner(site.run())
    return _begun(Search(planner, planner.evaluate(scenario), wish, places))


@whatif.post("/api/optimise/<job_id>/stress")
@roles.computes
@limits.heavy
def stress(job_id: str) -> Response:
    """Begin to put to the test what a search has found, and say where to ask for the outcome."""
    return _begun(searches.trial(searches.find(state(current_app), job_id)))


def _begun(about: Search | Trial) -> Response:
    job = searches.begin(state(current_app), about)
    if job is None:
        limits.come_back(HTTPStatus.SERVICE_UNAVAILABLE, BUSY_S, "Other searches are under way.")
    answer = jsonify(_told(job))
    answer.status_code = HTTPStatus.ACCEPTED
    answer.headers["Location"] = url_for("whatif.progress", job_id=job.job_id)
    return answer


@whatif.get("/api/optimise/<job_id>")
def progress(job_id: str) -> Response:
    """Answer with how far a search has come, and the best that it has found."""
    answer = jsonify(_told(searches.find(state(current_app), job_id)))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@whatif.delete("/api/optimise/<job_id>")
@roles.computes
def stop(job_id: str) -> Response:
    """Call a search off; the best that it has found stays."""
    job = searches.find(state(current_app), job_id)
    job.stop()
    return jsonify(_told(job))


@whatif.get("/api/plan/gain")
@limits.heavy
def gain() -> Response:
    """Answer with what one more setting would bring in each hexagon, as GeoJSON."""
    scenario = links.unpack(request.args.get("plan", ""))
    run = site.run()
    planner = _planner(run)
    if not scenario.edits:
        body = run.keep("gain of one more", lambda: _surface(planner, None))
    else:
        body = _surface(planner, planner.evaluate(scenario).after.reach)
    return body.answer(state(current_app).settings, keep=False)


@whatif.get("/api/plan/buildings")
@limits.heavy
def could() -> Response:
    """Answer with the buildings in which a setting could open, that which brings most first."""
    scenario = links.unpack(request.args.get("plan", ""))
    run = site.run()
    planner = _planner(run)
    return _answer(
        {"buildings": buildings.told(_language(), run, planner, planner.evaluate(scenario))}
    )


@whatif.get("/api/plan/spot")
def spot() -> Response:
    """Answer with where a postcode, or a longitude and latitude, is."""
    found = spots.find(site.run(), request.args.get("where", ""))
    if found is None:
        abort(
            HTTPStatus.NOT_FOUND,
            _language().say("plan-no-spot", given=spots.shown(request.args.get("where", ""))),
        )
    return jsonify(longitude=found[0], latitude=found[1])


def _surface(planner: "Planner", reach: "Reach | None") -> Body:
    from geoengine import proposals

    found = proposals.surface(planner, reach)
    features = [
        {
            "type": "Feature",
            "id": cell,
            "properties": {
                "people": round(row.people_gained, 1),
                "deprived": round(row.deprived_gained, 1),
                "at": [round(row.longitude, 6), round(row.latitude, 6)],
            },
            "geometry": {"type": "Polygon", "coordinates": [_ring(cell)]},
        }
        for cell, row in zip(found.index, found.itertuples(), strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    return Body(text.encode(), "application/geo+json")


def _ring(cell: str) -> list[list[float]]:
    ring = [
        [round(longitude, COORDINATE_DECIMALS), round(latitude, COORDINATE_DECIMALS)]
        for latitude, longitude in h3.cell_to_boundary(cell)
    ]
    return [*ring, ring[0]]


def _planner(run: Snapshot) -> "Planner":
    """Return the planner of a run, if it is there already."""
    planner = planner_of(run, wait=False)
    if planner is None:
        not_yet()
    return planner


def _body() -> dict[str, Any]:
    held = bodies.sent()
    if held is None:
        abort(
            HTTPStatus.BAD_REQUEST,
            "the request must hold a JSON object, with the content type application/json",
        )
    return held


def _scenario(content: dict[str, Any]) -> Scenario:
    return links.read(content, SOURCE)


def _language() -> Language:
    wanted = request.args.get("words", "")
    return next((each for each in languages.languages() if each.code == wanted), site.here())


def _answer(told: dict[str, Any]) -> Response:
    text = json.dumps(told, separators=(",", ":"), allow_nan=False)
    return Body(text.encode(), "application/json").answer(state(current_app).settings, keep=False)


def _told(job: Job) -> dict[str, Any]:
    run, language = site.run(), _language()
    return {
        "job": job.job_id,
        "url": url_for("whatif.progress", job_id=job.job_id),
        "state": job.state,
        "seconds": round(job.seconds, 1),
        "problem": job.problem,
        "best": searches.told(language, run, job),
        "tested": searches.tested(language, run, job),
    }
