"""Some areas added up, named or drawn around."""

from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, json

from webmap import site
from webmap.access import roles
from webmap.delivery import Body
from webmap.guards import bodies, limits
from webmap.results import Snapshot
from webmap.screen import selection, threshold
from webmap.state import state

NAMED = 5
"""So many codes that aren't known are named."""

select = Blueprint("select", __name__)


@select.post("/api/select")
@roles.computes
@limits.heavy
def choose() -> Response:
    """Answer with the sums of areas that are named or lie in a polygon; faults in `words`."""
    here = state(current_app)
    run = here.results.current()
    asked = bodies.sent()
    if asked is None:
        _refuse("select-json", example='{"layer": "underserved", "ids": ["E01000001"]}')
    layer = asked.get("layer", "underserved")
    if not isinstance(layer, str) or layer not in selection.layers(run):
        _refuse("select-layer", layers=", ".join(selection.layers(run)))
    minutes = asked.get("t", "")
    if not isinstance(minutes, str):
        _refuse("select-t")
    run = threshold.at(run, threshold.asked(run, minutes))
    codes = _drawn(run, asked["polygon"]) if "polygon" in asked else _named(run, asked.get("ids"))
    told = selection.add_up(run, layer, codes)
    return Body(json.dumps(told).encode(), "application/json").answer(here.settings, keep=False)


def _named(run: Snapshot, ids: Any) -> list[str]:
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        _refuse("select-ids")
    if len(ids) > selection.MOST_AREAS:
        _refuse("select-most", most=selection.MOST_AREAS, given=len(ids))
    known = {str(code) for code in run.table("underserved")["ids"]}
    strange = [each[:20] for each in ids if each not in known]
    if strange:
        more = max(0, len(strange) - NAMED)
        _refuse("select-no-area", codes=", ".join(strange[:NAMED]), more=more)
    return ids


def _drawn(run: Snapshot, polygon: Any) -> list[str]:
    ring = polygon if isinstance(polygon, list) else None
    if ring is None or not all(_is_spot(each) for each in ring) or len(ring) < 3:
        _refuse("select-polygon")
    if len(ring) > selection.MOST_POINTS:
        _refuse("select-corners", most=selection.MOST_POINTS, given=len(ring))
    return selection.within(run, ring)


def _is_spot(each: Any) -> bool:
    return (
        isinstance(each, list)
        and len(each) == 2
        and all(type(part) in (int, float) for part in each)
        and abs(each[0]) <= 180
        and abs(each[1]) <= 90
    )


def _refuse(why: str, **values: Any) -> NoReturn:
    abort(HTTPStatus.BAD_REQUEST, site.spoken().say(why, **values))
