"""What lies within reach of any spot, found while the page waits."""

from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, json, jsonify, request

from webmap.delivery import Body
from webmap.guards.limits import come_back, heavy
from webmap.state import state

LONGEST_TEXT = 80
DIRECTIONS = ("to", "from")

reach = Blueprint("reach", __name__)


@reach.get("/api/isochrone/ready")
def ready() -> Response:
    """Say whether the streets are in memory; the first to ask has them read."""
    here = state(current_app)
    answer = jsonify(ready=here.streets.of(here.results.current()).done())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@reach.get("/api/isochrone")
@heavy
def isochrone() -> Response:
    """Answer with the areas within some minutes of a spot, the longest first, as GeoJSON."""
    here = state(current_app)
    run = here.results.current()
    asked = _asked()
    coming = here.streets.of(run)
    if not coming.done():
        not_yet()
    from geoengine import live

    streets = coming.result()
    made, from_street_m = live.bands(streets, **asked)
    told = live.as_geojson(streets, made, from_street_m, asked["mode"])
    text = json.dumps(told, separators=(",", ":"))
    return Body(text.encode(), "application/geo+json").answer(here.settings, keep=False)


def not_yet() -> NoReturn:
    """End the request: the streets are not in memory yet."""
    come_back(HTTPStatus.SERVICE_UNAVAILABLE, 1, "The streets are getting ready.")


def _asked() -> dict[str, Any]:
    """Read the question; all that is wrong with it is told at once."""
    problems: list[str] = []
    longitude = _numbers("lon", None, problems)
    latitude = _numbers("lat", None, problems)
    minutes = _numbers("minutes", "5,10,15", problems)
    direction = request.args.get("direction")
    if direction not in (None, *DIRECTIONS):
        problems.append(f"direction must be 'to' or 'from', not '{direction[:LONGEST_TEXT]}'")
    mode = request.args.get("mode")
    for name, values in (("lon", longitude), ("lat", latitude)):
        if len(values) > 1:
            problems.append(f"{name} must be one number, not {len(values)}")
    if problems:
        abort(HTTPStatus.BAD_REQUEST, "; ".join(problems))
    return {
        "longitude": longitude[0],
        "latitude": latitude[0],
        "minutes": minutes,
        "direction": direction,
        "mode": None if mode is None else mode[:LONGEST_TEXT],
    }


def _numbers(name: str, usual: str | None, problems: list[str]) -> list[float]:
    text = request.args.get(name, usual)
    if text is None:
        problems.append(f"{name} is missing: ask like ?lon=-1.25&lat=51.75&minutes=5,10,15")
        return []
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        shown = text[:LONGEST_TEXT]
        problems.append(f"{name} must be numbers with commas between, not '{shown}'")
        return []
