"""Some areas added up, named or drawn around."""

import math
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, current_app, json, request

from webmap.access import roles
from webmap.delivery import Body
from webmap.guards import limits
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
    """Answer with the sums of the areas that are named, or whose points lie in a polygon."""
    here = state(current_app)
    run = here.results.current()
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        _refuse('send JSON like {"layer": "underserved", "ids": ["E01000001"]}')
    layer = asked.get("layer", "underserved")
    if not isinstance(layer, str) or layer not in selection.layers(run):
        _refuse(f"layer must be one of areas: {', '.join(selection.layers(run))}")
    minutes = asked.get("t", "")
    if not isinstance(minutes, str):
        _refuse("t must be text")
    run = threshold.at(run, threshold.asked(run, minutes))
    codes = _drawn(run, asked["polygon"]) if "polygon" in asked else _named(run, asked.get("ids"))
    told = selection.add_up(run, layer, codes)
    return Body(json.dumps(told).encode(), "application/json").answer(here.settings, keep=False)


def _named(run: Snapshot, ids: Any) -> list[str]:
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        _refuse("ids must be a list of area codes")
    if len(ids) > selection.MOST_AREAS:
        _refuse(f"ids may name {selection.MOST_AREAS:,} areas, not {len(ids):,}")
    known = {str(code) for code in run.table("underserved")["ids"]}
    strange = [each[:20] for each in ids if each not in known]
    if strange:
        more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
        _refuse(f"there is no area {', '.join(strange[:NAMED])}{more} here")
    return ids


def _drawn(run: Snapshot, polygon: Any) -> list[str]:
    ring = polygon if isinstance(polygon, list) else None
    if ring is None or not all(_is_spot(each) for each in ring) or len(ring) < 3:
        _refuse("polygon must be a list of at least three [longitude, latitude]")
    if len(ring) > selection.MOST_POINTS:
        _refuse(f"polygon may have {selection.MOST_POINTS:,} corners, not {len(ring):,}")
    return selection.within(run, ring)


def _is_spot(each: Any) -> bool:
    return (
        isinstance(each, list)
        and len(each) == 2
        and all(type(part) in (int, float) and math.isfinite(part) for part in each)
        and abs(each[0]) <= 180
        and abs(each[1]) <= 90
    )


def _refuse(why: str) -> NoReturn:
    abort(HTTPStatus.BAD_REQUEST, f"{why[0].upper()}{why[1:]}.")
