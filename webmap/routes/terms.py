"""A figure term by term: small maps of all, a large one of a term or of a change, and courses."""

from typing import Any

from flask import Blueprint, Response, request

from webmap import site
from webmap.kept import kept
from webmap.results import Snapshot
from webmap.screen import drawing
from webmap.screen import terms as through
from webmap.screen.terms import Painted, Term
from webmap.text import wording, words
from webmap.text.language import Language

MOST_ROWS = 60

terms = Blueprint("terms", __name__)


@terms.get("/terms")
@kept
def show() -> Response:
    """Answer with a figure's terms; the address names the layer, and a term or two to compare."""
    run, language = site.run(), site.here()
    offered = through.layers(words.layers(run, language))
    asked = request.args.get("layer")
    entry = next((each for each in offered if each["layer_id"] == asked), None) or next(
        iter(offered), None
    )
    if entry is None:
        return site.page("terms.html", run, entry=None)
    every = through.of_layer(run, entry)
    by_name = {term.name: term for term in every}
    large = by_name.get(request.args.get("term", ""))
    first = by_name.get(request.args.get("from", ""), every[0])
    last = by_name.get(request.args.get("to", ""), every[-1])
    drawn = drawing.of_layer(run, entry)
    ids = run.table(entry["layer_id"])["ids"]
    order = {shape.feature_id: at for at, shape in enumerate(drawn.shapes)}
    painted = [through.painted(term) for term in every]
    shown = painted[every.index(large)] if large else through.changed(first, last)
    return site.page(
        "terms.html",
        run,
        entry=entry,
        offered=offered,
        drawing=drawn,
        place=[order.get(each, -1) for each in ids],
        terms=list(zip(every, painted, strict=True)),
        large=large,
        first=first,
        last=last,
        shown=shown,
        slides=[_slide(language, *each) for each in zip(every, painted, strict=True)],
        low=wording.number(through.spread(every)[0]),
        high=wording.number(through.spread(every)[1]),
        size=(through.WIDTH, through.HEIGHT),
        rows=_rows(run, language, entry, every, first, last),
    )


def _slide(language: Language, term: Term, painted: Painted) -> dict[str, Any]:
    """Return what the page's script needs to show a term on the large map."""
    return {
        "name": term.name,
        "title": term.title,
        "said": language.say(
            "terms-counts", hot=str(term.count("hot")), cold=str(term.count("cold"))
        ),
        "line": painted.line,
        "looks": [
            {part: look[part] for part in ("fill", "outline", "outline_px", "pattern")}
            for look in painted.looks
        ],
    }


def _rows(
    run: Snapshot, language: Language, entry: Any, every: list[Term], first: Term, last: Term
) -> list[dict[str, Any]]:
    held = run.table(entry["layer_id"])
    labels = {line["key"]: str(line["label"]).partition(":")[0] for line in entry["classes"]}
    unknown = language.say("cell-unknown")

    def written(value: float | None) -> str:
        return unknown if value is None else wording.number(value)

    def difference(place: int) -> str:
        then, now = first.values[place], last.values[place]
        if then is None or now is None:
            return unknown
        more = wording.as_shown(now - then, "time") or 0.0
        return f"{more:+.1f}" if more else wording.number(more)

    return [
        {
            "code": code,
            "name": held["columns"]["name"][place],
            "pattern": labels[held["class_key"][place]],
            "course": through.course(every, place),
            "first": written(first.values[place]),
            "last": written(last.values[place]),
            "difference": difference(place),
        }
        for place, code in enumerate(held["ids"][:MOST_ROWS])
    ]
