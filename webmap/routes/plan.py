"""The Plan page: what opening, closing, resizing and moving would do, on a map and on paper."""

from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirection

from geoengine.errors import Fault, ScenarioError
from geoengine.scenarios import Scenario, from_toml, to_toml
from webmap import access, site
from webmap.access import roles
from webmap.background import planning
from webmap.delivery import Body
from webmap.guards import limits
from webmap.kept import kept as once
from webmap.plan import buildings, links, permanent, plans, whatifs
from webmap.plan import closures as closing
from webmap.plan.plans import LETTERS, Plans
from webmap.results import Snapshot
from webmap.routes.explore import page as map_page
from webmap.screen import drawing, explore, mapview, palettes
from webmap.state import state
from webmap.text import words
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.whatif import Outcome, Planner

LAYERS = ("underserved", "provision")
WAIT_S = 25.0
CATALOGUES = ("scripts", "frame", "plan")
DRAWN = {"opened": "+", "closed": "×", "moved": "→", "resized": "±"}
MOST_UPLOADED = 65_536
MOST_ON_PAPER = {"most_edits": 8, "most_rows": 12, "most_letters": 600}
"""So that two pages hold it."""
GAINS = (1, 5, 10, 25, 50, 100)

plan = Blueprint("plan", __name__)


@dataclass(frozen=True, eq=False)
class Seen:
    """A plan as the page shows it: what it would do, or why that can't be told."""

    letter: str
    scenario: Scenario
    outcome: "Outcome | None"
    problem: str


@plan.get("/plan")
@once
@limits.heavy
def show() -> Response | Redirection:
    """Answer with the plans of the address, or lead to those that a form's edit makes of them."""
    run, language = site.run(), site.here()
    problem = ""
    asked = plans.of_query(request.args)
    if "do" in request.args:
        try:
            made = plans.edited(asked, _chosen(run), run, language)
        except plans.RefusedError as refused:
            problem = str(refused.args[0])
        else:
            return redirect(site.address("/plan", made.query))
    return _page(run, language, asked, problem)


@plan.post("/plan")
@roles.computes
def upload() -> Response | Redirection:
    """Take up a scenario file in place of the plan that is worked on."""
    asked = plans.of_query(request.args)
    sent = request.files.get("file")
    if sent is None:
        raise ScenarioError([Fault("the file", 0, "none was sent")])
    try:
        text = sent.stream.read(MOST_UPLOADED + 1)
        if len(text) > MOST_UPLOADED:
            raise ScenarioError(
                [Fault("the file", 0, f"it is longer than {MOST_UPLOADED:,} bytes")]
            )
        read = from_toml(text.decode("utf-8"), source="the file")
    except UnicodeDecodeError:
        raise ScenarioError([Fault("the file", 0, "it is not UTF-8 text")]) from None
    read = links.limited(read, "the file")
    return redirect(site.address("/plan", asked.having(read).query), 303)


@plan.get("/plan/scenario.toml")
@limits.heavy
def download() -> Response:
    """Answer with the plan that is worked on as a scenario file, to be replayed."""
    asked = plans.of_query(request.args)
    planner = planner_of(site.run(), wait=True)
    assert planner is not None
    name = asked.current.name or _usual_name(site.here(), asked.shown)
    text = to_toml(replace(asked.current, name=name, baseline=planner.baseline.identity))
    answer = Body(text.encode(), "application/toml; charset=utf-8").answer(
        state(current_app).settings, keep=False
    )
    answer.headers.set("Content-Disposition", "attachment", filename="scenario.toml")
    return answer


@plan.get("/plan/paper")
@once
@limits.heavy
def paper() -> Response:
    """Answer with the plan that is worked on as a paper for a committee."""
    run, language = site.run(), site.here()
    asked = plans.of_query(request.args)
    planner = planner_of(run, wait=True)
    assert planner is not None
    seen = _seen(asked, asked.shown, planner)
    if seen.outcome is None:
        return _page(run, language, asked, "")
    entry = words.layer(run, language, LAYERS[0])
    changed = {now["area_code"]: now["status"] for _, now in seen.outcome.area_lines}
    return site.page(
        "plan_paper.html",
        run,
        asked=asked,
        seen=seen,
        name=seen.scenario.name or _usual_name(language, asked.shown),
        told=whatifs.told(language, run, planner, seen.outcome),
        entry=_recounted(entry, seen.outcome),
        looks=explore.look(entry),
        drawing=_redrawn(run, entry, changed),
        marks=_marks(run, entry, planner, seen.outcome),
        identity=seen.outcome.scenario_id,
        baseline=planner.baseline.identity,
        here=request.host_url.rstrip("/") + site.address("/plan", asked.query),
        deprived=whatifs.words(language, run)["deciles"],
        **MOST_ON_PAPER,
    )


@plan.get("/plan/closures")
@once
@limits.heavy
def closures() -> Response:
    """Answer with what the closure of each setting alone would do."""
    run, language = site.run(), site.here()
    planner = planner_of(run, wait=True)
    assert planner is not None
    from geoengine import whatif

    found = run.keep("closures", lambda: whatif.closures(planner.baseline))
    return site.page(
        "plan_closures.html", run, rows=closing.told(language, run, found), path_to=_closing
    )


@plan.post("/v")
@roles.required("save a plan")
def keep() -> Redirection:
    """Keep the plans of the address under a short one."""
    found, who = access.of_app(), roles.person()
    assert found is not None
    assert who is not None
    asked = plans.of_query(request.args)
    query = urlencode({name: value for name, value in asked.query.items() if value})
    name = permanent.keep(found.folder, query)
    found.audit.note(who.name, "saved a plan", plan=name)
    return redirect(site.address(f"/v/{name}"), 303)


@plan.get("/v/<name>")
@limits.heavy
def kept(name: str) -> Response:
    """Answer with plans that were kept."""
    found = access.of_app()
    query = None if found is None else permanent.find(found.folder, name)
    if query is None:
        abort(404, "No plan is kept under this address.")
    if query.startswith(permanent.MAP):
        query = query.removeprefix(permanent.MAP)
        return map_page(MultiDict(parse_qsl(query)), query)
    return _page(site.run(), site.here(), plans.of_query(dict(parse_qsl(query))), "")


def _chosen(run: Snapshot) -> dict[str, str]:
    """Return what a form asks for; a building that it names as the place of an opening."""
    asked = request.args.to_dict()
    if "building" in asked:
        planner = planner_of(run, wait=True)
        assert planner is not None
        found = buildings.spot(planner, asked["building"])
        if found is not None:
            asked |= {"name": found[0], "where": f"{found[1]},{found[2]}"}
    return asked


def _page(run: Snapshot, language: Language, asked: Plans, problem: str) -> Response:
    possible = planning.kept(run)
    busy = any(scenario.edits for scenario in asked.each.values())
    planner = planner_of(run, wait=busy) if possible else None
    seen = [_seen(asked, letter, planner) for letter in LETTERS]
    current = seen[LETTERS.index(asked.shown)]
    entry = words.layer(run, language, LAYERS[0])
    answer = site.page(
        "plan.html",
        run,
        possible=possible,
        ready=planner is not None,
        asked=asked,
        seen=seen,
        current=current,
        problem=problem,
        given=request.args,
        usual_name=lambda letter: _usual_name(language, letter),
        told=whatifs.told(language, run, planner, current.outcome)
        if planner and current.outcome
        else None,
        compared=_compared(language, run, seen),
        settings=_settings(run, current),
        entry=entry,
        layers=[entry],
        looks=explore.looks(run, language),
        gains=_gains(language, run),
        look_gain=palettes.styles("gains", _gain_lines())[0],
        frame=_frame(run, language, asked) if possible else None,
        edits=whatifs.edits(language, run, planner, asked.current.edits) if planner else [],
        buildings=buildings.told(language, run, planner, current.outcome)
        if planner and current.outcome
        else [],
    )
    if planner is None:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def planner_of(run: Snapshot, *, wait: bool) -> "Planner | None":
    """Return the planner, once it is there if it is waited for."""
    here = state(current_app)
    coming: Future[Planner] = here.planners.of(run, here.streets)
    if not (wait or coming.done()):
        return None
    try:
        return coming.result(timeout=WAIT_S)
    except TimeoutError:
        abort(503, "The streets are getting ready; ask again in a second.")


def _seen(asked: Plans, letter: str, planner: "Planner | None") -> Seen:
    scenario = asked.each[letter]
    if planner is None:
        return Seen(letter, scenario, None, "")
    try:
        return Seen(letter, scenario, planner.evaluate(scenario), "")
    except ScenarioError as error:
        return Seen(letter, scenario, None, str(error.args[0]))


def _usual_name(language: Language, letter: str) -> str:
    return language.say("plan-letter", letter=letter.upper())


def _compared(language: Language, run: Snapshot, seen: list[Seen]) -> list[dict[str, Any]]:
    """Return the figures of every plan that has edits, beside what is."""
    columns = [
        whatifs.figures(language, run, each.outcome)
        for each in seen
        if each.outcome is not None and each.scenario.edits
    ]
    if not columns:
        return []
    known = [{figure.key: figure for figure in column} for column in columns]
    return [
        {
            "title": figure.title,
            "before": figure.before,
            "cells": [(one[key].after, one[key].change) for one in known],
        }
        for key, figure in known[0].items()
        if all(key in one for one in known)
    ]


def _settings(run: Snapshot, current: Seen) -> list[tuple[str, str]]:
    """Return the ids and names of the settings that can be changed, by name."""
    if current.outcome is None:
        table = run.table("provision")
        rows = zip(table["ids"], table["columns"]["name"], table["class_key"], strict=True)
        found = [(str(each), str(name)) for each, name, key in rows if key != "not_eligible"]
    else:
        there = current.outcome.after.settings
        there = there[there["state"] != "closed"]
        found = [(str(each), str(name)) for each, name in there["name"].items()]
    return sorted(found, key=lambda pair: (pair[1].casefold(), pair[0]))


def _frame(run: Snapshot, language: Language, asked: Plans) -> mapview.Frame:
    here = state(current_app)
    assets = here.assets
    return mapview.frame(
        name=f"plan-{run.run}",
        label=language.say("map-of", place=run.summary["place"]),
        asset={
            name: assets.url(f"{mapview.LEAFLET}/{name}") for name in ("leaflet.js", "leaflet.css")
        },
        facts={
            "run": run.run,
            "language": language.code,
            "tag": language.tag,
            "messages_urls": [
                assets.url(f"messages/{language.code}/{name}.ftl") for name in CATALOGUES
            ],
            "words": whatifs.words(language, run),
            "basemap_url": f"/runs/{run.run}/basemap/ground.json",
            "lanes_url": f"/runs/{run.run}/basemap/lanes.json",
            "inks": palettes.PATTERN_INK,
            "fallback": asdict(palettes.UNKNOWN),
            "table_rows": here.settings.table_rows,
            "plan_url": site.address("/plan"),
            "plans": {letter: _plain(asked.each[letter]) for letter in LETTERS},
            "tokens": {letter: links.pack(asked.each[letter]) for letter in LETTERS},
            "shown": asked.shown,
            "gains": _gains(language, run),
        },
        layers=[
            explore.description(run, words.layer(run, language, layer_id)) for layer_id in LAYERS
        ],
    )


def _plain(scenario: Scenario) -> dict[str, Any]:
    from geoengine.scenarios import plain

    return {"name": scenario.name, "edit": [plain(edit) for edit in scenario.edits]}


def _gain_lines() -> list[dict[str, Any]]:
    return [{"key": f"from-{low}", "state": False} for low in GAINS]


def _gains(language: Language, run: Snapshot) -> list[dict[str, Any]]:
    """Return the steps of what one more setting would bring: their start, label and look."""
    said = whatifs.words(language, run)
    uppers = [*GAINS[1:], None]
    return [
        {
            "from": low,
            "label": language.say("plan-gain-over", low=low, **said)
            if high is None
            else language.say("plan-gain-step", low=low, high=high, **said),
            "style": style,
        }
        for low, high, style in zip(
            GAINS, uppers, palettes.styles("gains", _gain_lines()), strict=True
        )
    ]


def _redrawn(run: Snapshot, entry: words.Entry, changed: dict[str, str]) -> drawing.Drawing:
    """Return the drawing of the areas with the status that they would have."""
    places = {line["key"]: place for place, line in enumerate(entry["classes"])}
    still = drawing.of_layer(run, entry)
    shapes = [
        replace(shape, line=places.get(changed.get(shape.feature_id, ""), shape.line))
        for shape in still.shapes
    ]
    return replace(still, shapes=tuple(sorted(shapes, key=lambda shape: -shape.line)))


def _recounted(entry: words.Entry, outcome: "Outcome") -> dict[str, Any]:
    """Return the layer with as many areas in each class as there would be."""
    statuses = [line["status"] for line in outcome.after.lines]
    lines = [dict(line, features=statuses.count(line["key"])) for line in entry["classes"]]
    return {**entry, "classes": lines}


def _marks(
    run: Snapshot, entry: words.Entry, planner: "Planner", outcome: "Outcome"
) -> list[dict[str, Any]]:
    """Return where the settings that change stand in the drawing, and the sign of each."""
    at = drawing.Projection(entry["bounds"])
    ids = [str(name) for name in planner.baseline.provisions.index]
    change = outcome.scenario.change(ids)
    spots = {edit.provision_id: (edit.longitude, edit.latitude) for edit in change.opened}
    spots |= change.spots
    for setting_id, shape in run.shapes("provision").items():
        spots.setdefault(setting_id, tuple(shape["coordinates"]))
    there = outcome.after.settings
    marks = []
    for setting_id, name, kind in zip(there.index, there["name"], there["state"], strict=True):
        if kind != "kept" and str(setting_id) in spots:
            x, y = at(*spots[str(setting_id)])
            marks.append({"x": x, "y": y, "name": name, "kind": kind, "sign": DRAWN[kind]})
    return marks


def _closing(setting_id: str) -> str:
    from geoengine.scenarios import Close

    return site.address("/plan", Plans().having(Scenario("", (Close(setting_id),))).query)
