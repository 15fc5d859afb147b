"""What a plan would do, in the words and numbers of the page: before, after and the difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geoengine.scenarios import Close, Edit, Move, Open, Resize
from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language, study_words

if TYPE_CHECKING:
    from geoengine.whatif import Outcome, Planner

SHOWN_NAMES = 3
FIGURES = (
    "people_beyond",
    "deprived_beyond",
    "underserved_areas",
    "underserved_people_beyond",
    "people_unknown",
    "settings",
    "places",
    "settings_over_capacity",
    "people_over_capacity",
)
Names = Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """A figure of a plan: what it is called, what it is now, what it would be, and the change."""

    key: str
    title: str
    before: str
    after: str
    change: str


def names(run: Snapshot, planner: "Planner") -> Names:
    """Return what people call each area and each setting of a run, by code and id."""
    base = planner.baseline
    return run.keep(
        "names of areas and settings",
        lambda: {
            **dict(zip(base.areas.index, base.areas["name"], strict=True)),
            **dict(zip(base.provisions.index, base.provisions["name"], strict=True)),
        },
    )


def words(language: Language, run: Snapshot) -> dict[str, Any]:
    """Return the study's words, and which deciles count as deprived."""
    deciles = [str(each) for each in run.summary["settings"]["underserved"]["deciles"]]
    return study_words(language, run.summary) | {"deciles": finding.either(language, deciles)}


def told(
    language: Language, run: Snapshot, planner: "Planner", outcome: "Outcome"
) -> dict[str, Any]:
    """
    Return all that the page says of a plan, as plain values.

    Returns
    -------
    dict
        `sentence`; `figures` (see `Figure`) and `deciles` (each with `people`, the two counts and
        shares beyond of the tallest bar); `edits`, `areas` and `settings` that change.
    """
    return {
        "sentence": sentence(language, run, outcome),
        "figures": [vars(each) for each in figures(language, run, outcome)],
        "deciles": deciles(outcome),
        "edits": edits(language, run, planner, outcome.scenario.edits),
        "areas": areas(language, outcome),
        "settings": settings(language, outcome),
    }


def sentence(language: Language, run: Snapshot, outcome: "Outcome") -> str:
    """Say for how many a plan makes a difference, and which areas it moves, with a full stop."""
    said = words(language, run)
    more = outcome.after.totals["people_beyond"] - outcome.before.totals["people_beyond"]
    key = "plan-same" if abs(more) < 0.5 else "plan-more" if more > 0 else "plan-fewer"
    parts = [language.say(key, count=finding.round_half_up(abs(more)), **said)]
    flags = [
        (now["name"], was["status"] == "underserved", now["status"] == "underserved")
        for was, now in outcome.area_lines
    ]
    worse = [name for name, before, after in flags if after and not before]
    better = [name for name, before, after in flags if before and not after]
    parts += [
        language.say(key, names=listed(language, moved), count=len(moved))
        for moved, key in ((worse, "plan-becoming"), (better, "plan-no-longer"))
        if moved
    ]
    return "; ".join(parts) + "."


def listed(language: Language, each: Sequence[str]) -> str:
    """Return names as a sentence lists them, the first few and how many others."""
    shown = list(each[:SHOWN_NAMES])
    if len(each) > SHOWN_NAMES:
        rest = language.say("plan-and-others", count=len(each) - SHOWN_NAMES)
        return f"{', '.join(shown)} {rest}"
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} {language.say('and')} {shown[-1]}"


def figures(language: Language, run: Snapshot, outcome: "Outcome") -> list[Figure]:
    """Return the figures on top."""
    said, rule = words(language, run), outcome.before.rule
    before, after = (
        {**one.totals, "deprived_beyond": _deprived(one.deciles, rule.deciles)}
        for one in (outcome.before, outcome.after)
    )
    return [
        Figure(
            key,
            language.say(f"plan-{key.replace('_', '-')}", **said),
            amount(language, before[key]),
            amount(language, after[key]),
            difference(before[key], after[key]),
        )
        for key in FIGURES
        if key != "people_unknown" or before[key] >= 0.5 or after[key] >= 0.5
    ]


def _deprived(table: Any, counted: Sequence[int]) -> float:
    among = np.isin(table["decile"].to_numpy(), counted)
    return float(table["people_beyond"].to_numpy()[among].sum())


def amount(language: Language, value: float) -> str:
    """Write a count; in words where it is not known."""
    return language.say("cell-unknown") if value != value else wording.count(value)


def difference(before: float, after: float) -> str:
    """
    Write by how much a count changes, with its sign; "" where it doesn't or isn't known.

    Examples
    --------
    >>> difference(10.4, 3.0), difference(3.0, 10.0), difference(3.0, 3.2)
    ('−7', '+7', '')
    """
    if before != before or after != after:
        return ""
    whole = finding.round_half_up(abs(after - before))
    return f"{'+' if after > before else '−'}{whole:,}" if whole else ""


def deciles(outcome: "Outcome") -> list[dict[str, Any]]:
    """Return people beyond the cut-off in each decile, and their bars in hundredths."""
    was, now = outcome.before.deciles, outcome.after.deciles
    most = max(was["people_beyond"].max(), now["people_beyond"].max(), 1e-9)
    return [
        {
            "decile": int(decile),
            "people": wording.count(people),
            "before": wording.count(before),
            "after": wording.count(after),
            "change": difference(before, after),
            "was": round(100 * before / most, 1),
            "now": round(100 * after / most, 1),
        }
        for decile, people, before, after in zip(
            was["decile"], was["people"], was["people_beyond"], now["people_beyond"], strict=True
        )
    ]


def edits(language: Language, run: Snapshot, planner: "Planner", made: Sequence[Edit]) -> list[str]:
    """Say each edit in words."""
    known = dict(names(run, planner))
    told = []
    for edit in made:
        if isinstance(edit, Open):
            known[edit.provision_id] = edit.name or edit.provision_id
        name = known.get(edit.provision_id, edit.provision_id)
        told.append(_edit(language, words(language, run), edit, name))
    return told


def _edit(language: Language, said: Mapping[str, Any], edit: Edit, name: str) -> str:
    if isinstance(edit, Close):
        return language.say("plan-edit-close", name=name)
    if isinstance(edit, Resize):
        if edit.places is None:
            return language.say("plan-edit-resize-unknown", name=name)
        return language.say("plan-edit-resize", name=name, places=wording.number(edit.places))
    spot = f"{edit.longitude:.5f}, {edit.latitude:.5f}"
    if isinstance(edit, Move):
        return language.say("plan-edit-move", name=name, spot=spot)
    if edit.places is None:
        return language.say("plan-edit-open-unknown", name=name, spot=spot, **said)
    places = wording.number(edit.places)
    return language.say("plan-edit-open", name=name, spot=spot, places=places, **said)


def areas(language: Language, outcome: "Outcome") -> list[dict[str, Any]]:
    """Return the areas in which others live beyond the cut-off, or whose status is another."""
    rows = [
        {
            "code": now["area_code"],
            "name": now["name"],
            "decile": language.say("cell-unknown")
            if now["decile"] != now["decile"]
            else f"{now['decile']:g}",
            "before": amount(language, was["children_beyond"]),
            "after": amount(language, now["children_beyond"]),
            "change": difference(was["children_beyond"], now["children_beyond"]),
            "status": now["status"],
            "status_before": _status(language, was["status"]),
            "status_after": _status(language, now["status"]),
            "more": abs(now["children_beyond"] - was["children_beyond"]),
        }
        for was, now in outcome.area_lines
    ]
    told = [row for row in rows if row["change"] or row["status_before"] != row["status_after"]]
    told.sort(key=lambda row: (-row["more"] if row["more"] == row["more"] else 0.0, row["code"]))
    return [{name: value for name, value in row.items() if name != "more"} for row in told]


def _status(language: Language, status: str) -> str:
    kind = "state" if status == "not_covered" else "status"
    return language.say(f"class-{kind}-{status.replace('_', '-')}")


def settings(language: Language, outcome: "Outcome") -> list[dict[str, Any]]:
    """Return the settings that change, or to which others are nearest then."""
    rows: list[dict[str, Any]] = []
    was = outcome.before.settings["children"].to_dict()
    there = outcome.after.settings
    before = np.array([was.get(setting_id, np.nan) for setting_id in there.index])
    others = np.abs(there["children"].to_numpy() - before) >= 0.5
    there = there[others | (there["state"] != "kept").to_numpy()]
    for setting_id, now in zip(there.index, there.to_dict("records"), strict=True):
        children = was.get(setting_id, np.nan)
        closed = now["state"] == "closed"
        rows.append(
            {
                "id": str(setting_id),
                "name": str(now["name"]),
                "state": language.say(f"plan-state-{now['state']}"),
                "places": "–" if closed else amount(language, now["capacity"]),
                "before": "–" if children != children else wording.count(children),
                "after": "–" if closed else wording.count(now["children"]),
                "over": over(language, now),
            }
        )
    return rows


def over(language: Language, setting: Mapping[Any, Any]) -> str:
    """Say whether a setting has room for those to whom it is the nearest."""
    beyond = setting["places_over"]
    if setting["state"] == "closed":
        return "–"
    if beyond != beyond:
        return language.say("plan-room-unknown")
    key = "plan-room-over" if beyond >= 0.5 else "plan-room-enough"
    return language.say(key, count=finding.round_half_up(max(beyond, 0)))
