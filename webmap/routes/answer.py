"""The answer: the finding in one sentence, and where to go from there."""

from typing import Any

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirection

from webmap import site
from webmap.kept import kept
from webmap.results import Snapshot
from webmap.screen import charts, drawing, explore, terms
from webmap.text import finding, wording, words
from webmap.text.language import Language, study_words

FIRST = 10
NEXTS = (
    ("/map", "next-map"),
    ("/plan", "next-plan"),
    ("/table", "next-table"),
    ("/postcode", "next-postcode"),
    ("/method", "next-method"),
    ("/data", "next-data"),
)
THROUGH_TIME = ("/terms", "next-terms")

answer = Blueprint("answer", __name__)


@answer.get("/")
@kept
def home() -> Response | Redirection:
    """Answer with the finding; addresses of the map as it once stood here lead to the map."""
    if request.args:
        return redirect(site.address("/map", request.args.to_dict()), 301)
    run, language = site.run(), site.here()
    entry = words.layer(run, language, finding.AREAS)
    curve = run.summary["curve"]
    return site.page(
        "answer.html",
        run,
        headline=finding.headline(language, run),
        figures=finding.figures(language, run),
        entry=entry,
        looks=explore.look(entry),
        drawing=drawing.of_layer(run, entry),
        first=first(run),
        curve=charts.curve(
            curve["minutes"],
            {
                language.say("curve-all", **study_words(language, run.summary)): curve[
                    "people_beyond"
                ],
                language.say("curve-deprived"): curve["deprived_beyond"],
            },
            run.summary["cutoff_min"],
        ),
        curve_rows=list(
            zip(
                curve["minutes"],
                zip(curve["people_beyond"], curve["deprived_beyond"], strict=True),
                strict=True,
            )
        ),
        curve_text=curve_text(language, run, curve["minutes"], curve["people_beyond"]),
        bars=charts.deciles(run.summary["deciles"]),
        nexts=[*NEXTS, THROUGH_TIME] if terms.layers(run.layers) else NEXTS,
    )


def first(run: Snapshot) -> list[dict[str, Any]]:
    """Return the underserved areas with most people beyond the cut-off, ten at most."""
    held = run.table(finding.AREAS)
    columns = held["columns"]
    flagged = [at for at, status in enumerate(columns["status"]) if status == "underserved"]
    flagged.sort(key=lambda at: -(columns["children_beyond"][at] or 0))
    return [
        {
            "code": held["ids"][at],
            **{name: values[at] for name, values in columns.items()},
            "minutes": "–"
            if columns["minutes_median"][at] is None
            else wording.number(columns["minutes_median"][at]),
        }
        for at in flagged[:FIRST]
    ]


def curve_text(language: Language, run: Snapshot, minutes: list[float], beyond: list[float]) -> str:
    """Say how many live beyond the cut-off, and beyond five minutes less and more."""
    there = dict(zip(minutes, beyond, strict=True))
    cutoff = run.summary["cutoff_min"]
    told = [
        language.say("beyond-so-many", count=finding.round_half_up(there[at]), limit=f"{at:g}")
        for at in (cutoff - 5, cutoff, cutoff + 5)
        if at in there
    ]
    words_ = study_words(language, run.summary)
    return language.say("curve-text", told=", ".join(told), **words_)
