"""From a study to a folder of results: computed once, written whole, told in one summary."""

import functools
import importlib.metadata
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoengine import __version__
from geoengine.errors import Fault, ResultsError, StudyError
from geoengine.store import Cache, Results, open_results, refuse_unwritable, write_json, writing
from geoengine.study import Study

if TYPE_CHECKING:
    from geoengine.analysis import Analysis
    from geoengine.health import Finding
    from geoengine.intake import Progress
    from geoengine.whatif import Planner

LIBRARIES = ("geopandas", "h3", "numba", "numpy", "osmium", "pandas", "pyproj", "scipy", "shapely")
DECIMALS = 3


def check(study: Study, cache: Cache, progress: "Progress") -> "list[Finding]":
    """
    Read a study's files, join them to the streets and say what is wrong with them.

    Raises
    ------
    FaultsError
        If a file cannot be used at all.
    """
    from geoengine import analysis, health, intake

    inputs = intake.read_steady(study, cache, progress)
    findings = health.examine(study, inputs)
    if any(finding.level == "error" for finding in findings):
        return findings
    return health.examine(study, inputs, analysis.join(study, inputs, cache, progress))


def run(study: Study, out: Path, cache: Cache, progress: "Progress") -> Results:
    """
    Analyse a study and put the results in a folder, unless they are there already.

    Parameters
    ----------
    study
        What is asked.
    out
        The folder of results; what it held stands until the new results are whole.
    cache
        What earlier runs kept.
    progress
        Called with the step, and how much of it is done.

    Raises
    ------
    FaultsError
        If a file cannot be used, or the data would make the answer wrong.
    ResultsError
        If the folder cannot be written.
    """
    cache = cache.afresh()
    key = _key(study, cache)
    standing = _standing(out, key)
    if standing is not None:
        progress("Nothing has changed: the results stand", 0, 0)
        return standing
    refuse_unwritable(out)
    from geoengine import analysis, doorsteps, health, intake, live, plans, underserved

    files = analysis.files_only(study)
    inputs = cache.keep(
        _key_of(files, cache, "inputs"), lambda _: intake.read_steady(files, cache, progress)
    )
    _refuse(study, health.examine(study, inputs))
    homes = cache.keep(
        _key_of(files, cache, "homes"), lambda _: intake.spread_homes(inputs.areas, inputs.readings)
    )
    grounds = analysis.join(study, inputs, cache, progress, homes)
    findings = health.examine(study, inputs, grounds)
    _refuse(study, findings)
    found = analysis.find(study, inputs, grounds, progress)
    with writing(out) as draft:
        planner = _draw(found, draft.folder, cache, progress)
        write_json(draft.folder / "health.json", [asdict(finding) for finding in findings])
        pairs = found.pairs.to_frame(grounds.origins.index, grounds.eligible.index)
        pairs.to_parquet(draft.folder / "travel_times.parquet", index=False)
        reach = live.of_analysis(found, cache)
        live.write(reach, draft.folder)
        plans.write(planner, draft.folder)
        write_json(
            draft.folder / "curves.json",
            underserved.curves(
                found.judged,
                grounds.origins,
                found.reach,
                found.rule,
                analysis.doubt(study, grounds),
            ),
            compact=True,
        )
        write_json(draft.folder / "postcodes.json", doorsteps.of_postcodes(found), compact=True)
        write_json(draft.folder / "in_reach.json", doorsteps.of_areas(found), compact=True)
        progress("Putting the results in place", 0, 0)
        summary = _summary(found, findings, key, cache)
        return draft.publish(summary | {"live_modes": reach.facts["journeys"]})


def _draw(found: "Analysis", folder: Path, cache: Cache, progress: "Progress") -> "Planner":
    """
    Write the layers and what lies beneath them, or find them as drawn for other cut-offs.

    Returns
    -------
    Planner
        What the gains of places were found with.
    """
    from geoengine import analysis, atlas, basemap, exports, plans, proposals, supply

    known = found.at_any_cutoff()

    def key(*made_from: Any) -> str | None:
        return _key_of(known.study, cache, *made_from)

    def told(done: int, total: int) -> None:
        progress("Drawing the layers", done, total)

    def write(step: atlas.Step, into: Path) -> list[dict[str, Any]]:
        return [exports.write_layer(layer, into) for layer in step.make()]

    sampled = cache.keep(key("samples"), lambda _: analysis.sample(known.inputs, known.grounds))
    around = cache.keep(key("around"), lambda _: atlas.around(known))
    ground = analysis.survey(known.study, known.grounds, cache, progress)
    entries: list[dict[str, Any]] = []
    planner = plans.of_grounds(found.study, found.inputs, found.grounds, sampled)
    steps = atlas.steps(
        found, ground, sampled, around,
        lambda: (
            proposals.surface(planner, found.reach), proposals.candidates(planner, found.reach)
        ),
        lambda name: supply.of(found, name, cache),
    )  # fmt: skip
    for done, step in enumerate(steps):
        told(done, len(steps))
        named = None if step.made_from is None else key("layers", *step.made_from)
        entries += cache.keep(named, functools.partial(write, step), folder)
    write_json(folder / "layers.json", entries)
    cache.keep(
        key("basemap"),
        lambda into: exports.write_shapes(basemap.draw(known), into / "basemap.json"),
        folder,
    )
    return planner


def _key_of(study: Study, cache: Cache, *made_from: Any) -> str | None:
    """Name what is made of a study; `None` where its streets are no file that can be told apart."""
    return None if study.streets.file is None else _key(study, cache, *made_from)


def _key(study: Study, cache: Cache, *made_from: Any) -> str:
    """Name a run by everything that its answer depends on: files, settings and version."""
    files = cache.contents(study.files)
    return cache.key("run", study.settings, files, _versions(), *made_from)


@functools.cache
def _versions() -> dict[str, str]:
    return {"geoengine": __version__} | {
        name: importlib.metadata.version(name) for name in LIBRARIES
    }


def _standing(out: Path, key: str) -> Results | None:
    try:
        results = open_results(out)
    except ResultsError:
        return None
    return results if results.summary.get("inputs_key") == key else None


def _refuse(study: Study, findings: "list[Finding]") -> None:
    wrong = [finding for finding in findings if finding.level == "error"]
    if wrong:
        raise StudyError(Fault(str(study.path), 0, f"{f.topic}: {f.sentence}") for f in wrong)


def _summary(
    found: "Analysis", findings: "list[Finding]", key: str, cache: Cache
) -> dict[str, Any]:
    from geoengine import analysis, underserved

    study, rule, judged = found.study, found.rule, found.judged
    deprived_areas = found.inputs.areas.index[found.inputs.areas["decile"].isin(rule.deciles)]
    deprived = found.grounds.origins["area_code"].isin(deprived_areas).to_numpy()
    doubt = analysis.doubt(found.study, found.grounds)
    curve = underserved.curve(found.grounds.origins, found.reach, deprived, doubt)
    return {
        "title": study.study.title,
        "place": study.study.place or study.study.title,
        "invented": study.study.invented,
        "service": rule.service,
        "service_plural": rule.plural,
        "people_title": rule.people,
        "mode": study.travel.mode,
        "mode_title": rule.journey,
        "cutoff_min": study.travel.cutoff_min,
        "headline": underserved.headline(judged, rule),
        "figures": _figures(found),
        "status_counts": {
            status: int((judged["status"] == status).sum()) for status in underserved.STATUSES
        },
        "curve": {name: _rounded(values) for name, values in curve.items()},
        "deciles": [
            {name: _rounded([value])[0] for name, value in row.items()}
            for row in underserved.by_decile(judged).to_dict("records")
        ],
        "left_out": _left_out(found),
        "warnings": [f"{f.topic}: {f.sentence}" for f in findings if f.level == "warning"],
        "inputs": _inputs(study, cache),
        "inputs_key": key,
        "versions": _versions(),
        "settings": study.settings,
    }


def _figures(found: "Analysis") -> list[dict[str, Any]]:
    from geoengine.underserved import count

    rule, judged = found.rule, found.judged
    people = float(judged["children"].sum())
    beyond = float(judged["children_beyond"].sum())
    unknown = float(judged["children_unknown"].sum())
    flagged = judged[judged["status"] == "underserved"]
    known = max(people - unknown, 1e-9)
    lost = found.inputs.provision[found.inputs.provision["placed_by"] == "unplaced"]
    places = lost["capacity"].sum()
    counted = int(found.inputs.provision["eligible"].sum())
    figures = [
        _figure(
            f"{rule.people} in underserved areas", flagged["children_beyond"].sum(), rule.people,
            f"live more than {rule.limit} from a {rule.service}, in {len(flagged)} underserved "
            f"area{'' if len(flagged) == 1 else 's'}",
        ),
        _figure(
            f"{rule.people} beyond {rule.limit}, everywhere", beyond, rule.people,
            f"of {count(people)} in all areas ({beyond / known:.0%} of those whose "
            "homes the street map covers)",
        ),
        _figure(
            f"{rule.plural} that count", counted, rule.plural,
            f"open, for {rule.people}, and on the map"
            + (f"; {len(lost)} more with {places:,.0f} places could not be placed"
               if len(lost) else ""),
        ),
    ]  # fmt: skip
    if unknown >= 0.5:
        figures.append(
            _figure(
                "not known", unknown, rule.people,
                "live where the street map does not reach, or near a setting that it does not "
                "reach: they are counted neither within nor beyond",
            )
        )  # fmt: skip
    return figures


def _figure(title: str, value: float, unit: str, sentence: str) -> dict[str, Any]:
    title = title[:1].upper() + title[1:]
    return {"title": title, "value": round(float(value)), "unit": unit, "sentence": sentence}


def _left_out(found: "Analysis") -> list[dict[str, Any]]:
    rows = [
        {"source": name.replace("_", " "), "reason": str(reason), "rows": int(number)}
        for name, reading in found.inputs.readings.items()
        for reason, number in reading.left_out["reason"].value_counts().sort_index().items()
    ]
    lost = found.inputs.provision["unplaced_reason"].dropna().value_counts().sort_index()
    rows += [
        {"source": "provision", "reason": f"not on the map: {reason}", "rows": int(number)}
        for reason, number in lost.items()
    ]
    return rows


def _inputs(study: Study, cache: Cache) -> list[dict[str, str]]:
    told = []
    for name, path in study.files.items():
        section = study.sections[name.rpartition(".")[0]]
        told.append(
            {
                "name": name,
                "file": path.name,
                "sha256": cache.file_hash(path) if path.is_file() else "",
                "vintage": section.as_of,
                "licence": section.source,
            }
        )
    return told


def _rounded(values: Any) -> list[Any]:
    numbers = (round(float(value), DECIMALS) for value in values)
    return [int(number) if number.is_integer() else number for number in numbers]
