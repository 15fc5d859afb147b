"""What a family at a postcode can reach, without any script."""

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Redirection

from webmap import site
from webmap.kept import kept
from webmap.places import doorstep, profiles
from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language, study_words

LONGEST_TEXT = 12

postcodes = Blueprint("postcodes", __name__)


@postcodes.get("/postcode")
def ask() -> Response | Redirection:
    """Answer with a form; an answered form leads to the postcode's own page."""
    run, language = site.run(), site.here()
    given = request.args.get("postcode", "").strip()[:LONGEST_TEXT]
    if not given:
        problem = language.say("postcode-missing") if "postcode" in request.args else ""
        return _page(run, language, problem=problem)
    spelled = doorstep.spelled(given)
    if spelled is None:
        return _page(run, language, given, language.say("postcode-malformed", given=given))
    return redirect(site.address(f"/postcode/{spelled.replace(' ', '')}"))


@postcodes.get("/postcode/<written>")
@kept
def show(written: str) -> Response:
    """Answer with what can be reached from a postcode."""
    run, language = site.run(), site.here()
    given = written[:LONGEST_TEXT]
    spelled = doorstep.spelled(written)
    if not doorstep.kept(run):
        return _page(run, language, given)
    if spelled is None:
        return _page(run, language, given, language.say("postcode-malformed", given=given), 404)
    found = doorstep.find(run, spelled)
    if found is None:
        problem = language.say(
            "postcode-unlisted", postcode=spelled, **study_words(language, run.summary)
        )
        return _page(run, language, given, problem, 404)
    return _page(run, language, found=found)


def _page(
    run: Snapshot,
    language: Language,
    given: str = "",
    problem: str = "",
    status: int = 200,
    found: doorstep.Doorstep | None = None,
) -> Response:
    kept = doorstep.kept(run)
    answer = site.page(
        "postcode.html",
        run,
        kept=kept,
        given=given,
        problem=problem,
        found=found,
        example=run.read(doorstep.FILE)["postcode"][0] if kept else "",
        answer=told(language, run, found) if found else "",
        area=profiles.areas(run).get(found.area_code) if found and found.area_code else None,
        spot=f"{found.longitude:.5f},{found.latitude:.5f}" if found else "",
        ages=lambda setting: ages(language, setting),
    )
    if status != 200:
        answer.status_code = status
    return answer


def told(language: Language, run: Snapshot, found: doorstep.Doorstep) -> str:
    """Say in a sentence what can be reached from a postcode, or why that isn't known."""
    words = study_words(language, run.summary)
    if found.state != "measured":
        return language.say(f"postcode-{found.state.replace(' ', '-')}", **words)
    assert found.minutes is not None
    minutes = wording.number(max(1, finding.round_half_up(found.minutes)))
    nearest = found.nearest or language.say("cell-unknown")
    if found.settings:
        return language.say(
            "postcode-some", count=len(found.settings), nearest=nearest, there=minutes, **words
        )
    return language.say("postcode-none", nearest=nearest, there=minutes, **words)


def ages(language: Language, setting: doorstep.Setting) -> str:
    """Say for which ages a setting is."""
    low, high = setting.age_from, setting.age_to
    if low is None and high is None:
        return language.say("cell-unknown")
    if high is None:
        return language.say("ages-from", low=wording.number(low or 0))
    return language.say("ages-between", low=wording.number(low or 0), high=wording.number(high))
