"""One area: its need, its access, its settings, and how it compares."""

from typing import Any

from flask import Blueprint, Response

from webmap import site
from webmap.kept import kept
from webmap.places import doorstep, profiles
from webmap.results import Snapshot
from webmap.routes.answer import curve_text
from webmap.routes.postcodes import ages
from webmap.screen import charts, drawing, explore, tables
from webmap.text import finding, wording, words
from webmap.text.language import Language, study_words

KINDS = {
    "children": "count",
    "density": "number",
    "decile": "number",
    "share_beyond": "share",
    "minutes_median": "number",
    "places_per_100": "number",
}

areas = Blueprint("areas", __name__)


@areas.get("/area/<code>")
@kept
def show(code: str) -> Response:
    """Answer with an area's profile."""
    run, language = site.run(), site.here()
    profile = profiles.of_area(run, code)
    entry = words.layer(run, language, profiles.AREAS)
    facts = tables.details(run, language, entry, code).facts
    rows = profiles.areas(run)
    return site.page(
        "area.html",
        run,
        profile=profile,
        entry=entry,
        line=_line(entry, profile.values["status"]),
        looks=explore.look(entry),
        drawing=drawing.of_layer(run, entry),
        sentence=finding.of_area(language, study_words(language, run.summary), profile.values),
        facts=facts,
        compared=[
            {
                "title": _title(language, run, name),
                "here": written(language, profile.values[name], kind),
                "whole": written(language, profile.authority[name], kind),
                "alike": written(language, profile.alike[name], kind),
            }
            for name, kind in KINDS.items()
        ],
        peers=[
            (
                peer,
                rows[peer]["name"],
                [written(language, rows[peer][name], kind) for name, kind in KINDS.items()],
            )
            for peer in profile.peers
        ],
        peer_titles=[_title(language, run, name) for name in KINDS],
        settings=_settings(run, profile),
        ages=lambda setting: ages(language, setting),
        **_curve(language, run, profile),
    )


def written(language: Language, value: float | None, kind: str) -> str:
    """Write a value of a comparison."""
    if value is None:
        return language.say("cell-unknown")
    return wording.count(value) if kind == "count" else wording.number(value, share=kind == "share")


def _line(entry: Any, status: str) -> int:
    keys = [line["key"] for line in entry["classes"]]
    return keys.index(status) if status in keys else len(keys) - 1


def _title(language: Language, run: Snapshot, name: str) -> str:
    words_ = study_words(language, run.summary)
    return language.say(f"measure-{name.replace('_', '-')}", **words_)


def _settings(
    run: Snapshot, profile: profiles.Profile
) -> list[tuple[doorstep.Setting, float]] | None:
    if profile.in_reach is None:
        return None
    held = doorstep.provision(run)
    return [
        (doorstep.setting(each, minutes, held[each]), people)
        for each, people, minutes in profile.in_reach
        if each in held
    ]


def _curve(language: Language, run: Snapshot, profile: profiles.Profile) -> dict[str, Any]:
    if profile.curve is None:
        return {"curve": None}
    minutes, beyond = profile.curve
    name = language.say("curve-all", **study_words(language, run.summary))
    return {
        "curve": charts.curve(minutes, {name: beyond}, run.summary["cutoff_min"]),
        "curve_rows": [(minute, (value,)) for minute, value in zip(minutes, beyond, strict=True)],
        "curve_text": curve_text(language, run, list(minutes), list(beyond)),
    }
