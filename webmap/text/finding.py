"""The finding of a run in one sentence and a few figures, said in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webmap.results import Snapshot
from webmap.text import wording
from webmap.text.language import Language, study_words

AREAS = "underserved"


@dataclass(frozen=True)
class Finding:
    """
    The numbers that the sentences tell.

    Parameters
    ----------
    deprived, sure, flagged
        Areas among the most deprived; those of them that the street map covers; the underserved.
    people, beyond, unknown
        People of all areas, those beyond the cut-off, and those not known to be either.
    flagged_beyond
        People beyond the cut-off in underserved areas.
    counted, unplaced, unplaced_places
        Settings that count; those without a place on the map, and their places.
    """

    deprived: int
    sure: int
    flagged: int
    people: float
    beyond: float
    unknown: float
    flagged_beyond: float
    counted: int
    unplaced: int
    unplaced_places: float


@dataclass(frozen=True)
class Figure:
    """A key figure in words: what it counts, the number, and what it means."""

    title: str
    value: str
    sentence: str


def of_run(run: Snapshot) -> Finding:
    """Add up what the sentences tell."""
    return run.keep("finding", lambda: _add_up(run))


def _add_up(run: Snapshot) -> Finding:
    columns = run.table(AREAS)["columns"]
    statuses = columns["status"]
    worst = set(run.summary["settings"]["underserved"]["deciles"])
    deprived = [
        status
        for status, decile in zip(statuses, columns["decile"], strict=True)
        if decile in worst and status != "unknown"
    ]
    known = [value or 0.0 for value in columns["children_beyond"]]
    legend = {
        line["key"]: line["features"]
        for entry in run.layers
        if entry["layer_id"] == "provision"
        for line in entry["classes"]
    }
    has_unplaced = any(entry["layer_id"] == "unplaced" for entry in run.layers)
    lost = run.table("unplaced") if has_unplaced else {"ids": [], "columns": {}}
    return Finding(
        deprived=len(deprived),
        sure=sum(status != "not_covered" for status in deprived),
        flagged=sum(status == "underserved" for status in statuses),
        people=sum(value or 0.0 for value in columns["children"]),
        beyond=sum(known),
        unknown=sum(value or 0.0 for value in columns["children_unknown"]),
        flagged_beyond=sum(
            value for value, status in zip(known, statuses, strict=True) if status == "underserved"
        ),
        counted=legend.get("eligible", 0) + legend.get("outside", 0),
        unplaced=len(lost["ids"]),
        unplaced_places=sum(value or 0.0 for value in lost["columns"].get("capacity", ())),
    )


def headline(language: Language, run: Snapshot) -> str:
    """Return the finding in one sentence, without a full stop."""
    found = of_run(run)
    rule = run.summary["settings"]["underserved"]
    values = study_words(language, run.summary) | {
        "deprived": found.deprived,
        "sure": found.sure,
        "flagged": found.flagged,
        "count": round_half_up(found.flagged_beyond),
        "share": wording.number(rule["share"], share=True),
        "deciles": either(language, [str(decile) for decile in rule["deciles"]]),
    }
    if found.deprived == 0:
        key = "headline-none-deprived"
    elif found.flagged:
        key = "headline-underserved"
    elif found.sure == 0:
        key = "headline-not-covered"
    else:
        key = "headline-reached" if found.sure == found.deprived else "headline-reached-partly"
    return language.say(key, **values)


def figures(language: Language, run: Snapshot) -> list[Figure]:
    """Return the key figures in words."""
    found, words = of_run(run), study_words(language, run.summary)
    known = max(found.people - found.unknown, 1e-9)
    shown = [
        Figure(
            language.say("figure-underserved", **words),
            wording.count(found.flagged_beyond),
            language.say("figure-underserved-means", areas=found.flagged, **words),
        ),
        Figure(
            language.say("figure-beyond", **words),
            wording.count(found.beyond),
            language.say(
                "figure-beyond-means",
                of=round_half_up(found.people),
                share=wording.number(found.beyond / known, share=True),
                **words,
            ),
        ),
        Figure(
            language.say("figure-counted", **words),
            wording.number(found.counted),
            language.say(
                "figure-counted-means",
                unplaced=found.unplaced,
                places=round_half_up(found.unplaced_places),
                **words,
            ),
        ),
    ]
    if found.unknown >= 0.5:
        shown.append(
            Figure(
                language.say("figure-unknown", **words),
                wording.count(found.unknown),
                language.say("figure-unknown-means", **words),
            )
        )
    return shown


def of_area(language: Language, words: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """
    Say how an area's people are served; "" where a figure is missing.

    Parameters
    ----------
    words
        From `study_words`.
    values
        Column of the layer of underserved areas → value.
    """
    children, beyond = values["children"], values["children_beyond"]
    if values["status"] in ("unknown", "not_covered") or children is None or beyond is None:
        return ""
    whole, far = round_half_up(children), round_half_up(beyond)
    if whole == 0:
        return language.say("area-nobody", **words)
    key = "area-all-within" if far == 0 else ("area-all-beyond" if far == whole else "area-some")
    return language.say(key, beyond=far, children=whole, **words)


def round_half_up(people: float) -> int:
    """Return a whole number of people."""
    return int(people + 0.5)


def either(language: Language, parts: list[str]) -> str:
    """Return alternatives as a sentence lists them: "1 or 2"."""
    return f" {language.say('or')} ".join(parts)
