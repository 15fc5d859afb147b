"""How it was worked out, what from, and for whom the pages work."""

from flask import Blueprint, Response, request

from webmap import provenance, site
from webmap.files import downloads
from webmap.kept import kept
from webmap.text import finding, wording, words
from webmap.text.language import study_words

PARTS = ("underserved", "homes", "times", "settings", "states", "places", "limits")

about = Blueprint("about", __name__)


@about.get("/method")
@kept
def method() -> Response:
    """Answer with the method in plain words, then layer by layer."""
    run, language = site.run(), site.here()
    rule = run.summary["settings"]["underserved"]
    return site.page(
        "method.html",
        run,
        parts=PARTS,
        values={
            **study_words(language, run.summary),
            "deciles": finding.either(language, [str(decile) for decile in rule["deciles"]]),
            "share": wording.number(rule["share"], share=True),
        },
        layers=words.layers(run, language),
        run_facts=provenance.run_facts(run.summary),
    )


@about.get("/data")
@kept
def data() -> Response:
    """Answer with the data: where from, how good, and what was left out."""
    run, language = site.run(), site.here()
    return site.page(
        "data.html",
        run,
        inputs=provenance.inputs(run.summary),
        layers=words.layers(run, language),
        offers=downloads.offers,
        root=request.host_url.rstrip("/"),
    )


@about.get("/accessibility-statement")
@kept
def accessibility() -> Response:
    """Answer with the accessibility statement."""
    return site.page("accessibility.html", site.run())
