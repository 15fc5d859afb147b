"""Search: by a page of links, and by a list that the box on every page offers."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, json, request

from webmap import site
from webmap.delivery import Body
from webmap.places import search
from webmap.places.search import Found, Named
from webmap.results import Snapshot
from webmap.state import state
from webmap.text import wording
from webmap.text.finding import AREAS
from webmap.text.language import Language, study_words

OFFERED, LISTED = 5, 50
"""So many of each kind."""
ZOOMS = {"city": 12, "town": 13, "village": 14, "suburb": 14}
ZOOM = 16

searching = Blueprint("searching", __name__)
finder = Blueprint("finder", __name__)


@searching.get("/search")
def show() -> Response:
    """Answer with links to whatever a text may mean."""
    run, language = site.run(), site.here()
    text = request.args.get("q", "").strip()[: search.LONGEST_TEXT]
    found = search.find(run, text, LISTED)
    kinds = [kind for kind in search.KINDS if any(hit.kind == kind for hit in found.hits)]
    return site.page(
        "search.html",
        run,
        text=text,
        found=found,
        said=told(language, run, text, found),
        groups=[
            (kind, [_described(language, run, hit) for hit in found.hits if hit.kind == kind])
            for kind in kinds
        ],
    )


@finder.get("/api/search")
def find() -> Response:
    """Answer with the best of what a text may mean, or the one thing of a key, in `words`."""
    run, language = site.run(), site.spoken()
    if "find" in request.args:
        kind, _, key = request.args["find"].partition(".")
        hit = search.named(run, kind, key)
        answer: dict[str, Any] = {"hits": [] if hit is None else [_described(language, run, hit)]}
    else:
        text = request.args.get("q", "").strip()
        if len(text) > search.LONGEST_TEXT:
            abort(400, language.say("search-too-long", most=search.LONGEST_TEXT))
        found = search.find(run, text, OFFERED)
        answer = {
            "hits": [_described(language, run, hit) for hit in found.hits],
            "said": told(language, run, text, found),
        }
    body = Body(json.dumps(answer).encode(), "application/json")
    return body.answer(state(current_app).settings, keep=False)


def told(language: Language, run: Snapshot, text: str, found: Found) -> str:
    """Say how much a text found."""
    shown, left = len(found.hits), sum(found.more.values())
    words = study_words(language, run.summary)
    if not shown:
        short = len(search.folded(text).replace(" ", "")) < search.LEAST_LETTERS
        return language.say("search-how" if short else "search-nothing", text=text, **words)
    said = language.say("search-found", count=shown)
    if left:
        said = language.say("search-some", shown=shown, total=wording.number(shown + left))
    return language.say("search-guessed", text=text, said=said) if found.guessed else said


def _described(language: Language, run: Snapshot, hit: Named) -> dict[str, Any]:
    """Return what is told of a hit, where its own page is, and how the map shows it."""
    shown = _shown(hit)
    on_map = site.address("/map", shown, language)
    return {
        "name": hit.name,
        "kind": language.say(f"search-kind-{hit.kind}", **study_words(language, run.summary)),
        "note": _note(language, run, hit),
        "href": _page(language, hit) or on_map,
        "on_map": on_map,
        "own_page": hit.kind not in ("place", "setting"),
        "show": shown,
        "spot": hit.spot,
        "zoom": ZOOMS.get(hit.detail, ZOOM),
    }


def _shown(hit: Named) -> dict[str, str]:
    """Return the state of the map that shows a hit."""
    if hit.kind == "place":
        return {"find": f"place.{hit.key}"}
    if hit.kind == "postcode":
        area = {"layer": AREAS, "selected": hit.areas[0]} if hit.areas else {}
        return {**area, "find": f"postcode.{hit.key}"}
    if hit.kind == "setting":
        return {"layer": hit.detail, "selected": hit.key}
    if hit.kind == "area":
        return {"layer": AREAS, "selected": hit.key}
    return {"layer": AREAS, "selected": "", "sel": ",".join(hit.areas)}


def _page(language: Language, hit: Named) -> str:
    """Return the address of a hit's own page; "" where it has none."""
    if hit.kind in ("area", "postcode"):
        return site.address(f"/{hit.kind}/{hit.key}", language=language)
    return site.address("/table", _shown(hit), language) if hit.kind in ("ward", "msoa") else ""


def _note(language: Language, run: Snapshot, hit: Named) -> str:
    """Say what tells a hit from others of its name."""
    if hit.kind == "place":
        return language.say(f"search-place-{hit.detail}")
    if hit.kind == "setting":
        return hit.key if hit.detail == search.PLACED else language.say("search-unplaced")
    if hit.kind in ("ward", "msoa"):
        return language.say("areas-count", count=len(hit.areas))
    if hit.kind == "area":
        return ", ".join(filter(None, (hit.detail, hit.key)))
    if hit.detail == "ended":
        return language.say("search-ended")
    area = search.named(run, "area", hit.areas[0]) if hit.areas else None
    return area.name if area else ""
