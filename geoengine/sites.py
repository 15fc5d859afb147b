"""Where services should stand: in a study, or over travel times and tables made elsewhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from geoengine import analysis, intake, siting, travel_times
from geoengine.errors import Fault, StudyError
from geoengine.intake import Progress
from geoengine.siting import Effort, Model, Plan, Problem
from geoengine.sources import candidates, matrices
from geoengine.store import Cache
from geoengine.study import Study
from geoengine.tables import Reading
from geoengine.whatif.baseline import joined

ANYHOW_S = 86_400
"""A longer way than anybody's."""


@dataclass(frozen=True)
class Options:
    """
    What is asked for besides the tables.

    Parameters
    ----------
    sites
        Sites of the plan in all, those that exist and stay among them; None: no limit.
    more
        Instead of `sites`: how many may open besides those kept and required.
    cutoff_min
        Longest time that counts, minutes, inclusive; None: all in the matrix.
    times
        How many sites must be within the cut-off for people to be covered.
    budget
        Most that the sites of the plan may cost together.
    pass_over
        Whether demand points that no site reaches are left out, and counted, instead of refused.
    """

    sites: int | None = None
    more: int | None = None
    cutoff_min: float | None = None
    times: int = 1
    budget: float | None = None
    pass_over: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """
    A plan, and what became of every row that was given.

    Parameters
    ----------
    plan
        The plan; its costs are minutes.
    left_out
        By table and reason, how many rows were not used.
    passed_over
        People of the demand points left out because no site reaches them, by id.
    notes
        Sentences about the tables.
    names
        What a study calls each site.
    """

    plan: Plan
    left_out: tuple[tuple[str, str, int], ...]
    passed_over: Mapping[str, float]
    notes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def opening(self) -> list[str]:
        """The sites of the plan that do not exist yet."""
        problem = self.plan.problem
        return [problem.site_name(j) for j in self.plan.sites if not problem.existing[j]]

    def table(self) -> pd.DataFrame:
        """
        Return who goes where.

        Returns
        -------
        pandas.DataFrame
            Index `demand_id`; `site_id`, `people`, `minutes`, and `state`: `served`, `beyond`
            (out of reach of the plan) or `passed over`.
        """
        frame = self.plan.to_frame().rename(columns={"cost": "minutes"}).set_index("demand_id")
        state = np.where(frame["site_id"].isna(), "beyond", "served")
        passed = frame.index.isin(list(self.passed_over))
        frame["state"] = np.where(passed, "passed over", state)
        frame.loc[passed, "people"] = [self.passed_over[each] for each in frame.index[passed]]
        return frame

    def summary(self) -> dict[str, Any]:
        """Return the plan in numbers and names, as JSON can say it."""
        plan = self.plan
        return {
            "sites": [plan.problem.site_name(j) for j in plan.sites.tolist()],
            "opening": {site: self.names.get(site, site) for site in self.opening},
            "objective": plan.objective,
            "best_possible": plan.lower if plan.model.sense == "least" else plan.upper,
            "gap": plan.gap if np.isfinite(plan.gap) else None,
            "how": list(plan.how),
            "stopped": plan.stopped,
            "passed_over": dict(self.passed_over),
        }


def choose(
    model: str,
    matrix: Path,
    demand: Path,
    existing: Path | None,
    options: Options,
    columns: Mapping[str, str],
    effort: Effort,
) -> Answer:
    """
    Choose sites over files.

    Parameters
    ----------
    model, options, effort
        As for `find`.
    matrix, demand, existing
        The files; the last tells of sites that exist, or what may be done with any site.
    columns
        Names of columns that cannot be found by themselves: `from`, `to`, `time`, `demand_id`,
        `demand`, `site_id`.

    Raises
    ------
    SourceError
        If a file cannot be read.
    StudyError
        As for `find`.
    """
    _check(model, options)
    times = matrices.read_matrix(
        matrix,
        from_column=columns.get("from", ""),
        to_column=columns.get("to", ""),
        time_column=columns.get("time", ""),
    )
    people = matrices.read_amounts(
        demand,
        kind="demand",
        id_column=columns.get("demand_id", ""),
        value_column=columns.get("demand", ""),
    )
    known = None
    if existing is not None:
        known = candidates.read_candidates(existing, id_column=columns.get("site_id", ""))
    return find(model, times, people, known, options, effort)


def in_study(
    model: str,
    study: Study,
    existing: Path | None,
    options: Options,
    effort: Effort,
    cache: Cache,
    progress: Progress,
) -> Answer:
    """
    Choose among a study's settings and the buildings in which one more could open.

    Parameters
    ----------
    model, options, effort
        As for `find`; without a cut-off, the models that need one take the study's.
    study
        Its settings stay and its candidate buildings are optional, unless `existing` says
        otherwise of any. A building that happens to have the id of a setting is called
        `building-` and the id.
    existing
        A file as for `choose`, of ids of settings and buildings.
    cache, progress
        As for `analysis.join`.

    Raises
    ------
    FaultsError
        As for `intake.read_steady`, or if the files are of another place.
    StudyError
        As for `find`.
    """
    if options.cutoff_min is None and model in NEEDS:
        options = replace(options, cutoff_min=study.travel.cutoff_min)
    _check(model, options)
    inputs = intake.read_steady(study, cache, progress)
    grounds = analysis.join(study, inputs, cache, progress)
    there, could = grounds.eligible, inputs.candidates
    same = could.index.isin(there.index)
    if study.provision.osm:  # the ids are of one map, so the buildings are the settings
        could, same = could[~same], same[~same]
    could = could.set_axis(np.where(same, "building-" + could.index, could.index), axis=0)
    at = joined(grounds.at_provision, analysis.place(study, grounds.network, grounds.index, could))
    sites = pd.Index([*there.index, *could.index], name="site_id")
    minutes = options.cutoff_min
    progress("Finding the way to every site", 0, 0)
    times = travel_times.within(
        grounds.network, grounds.at_home, at, direction=analysis.direction_of(study),
        cutoff_s=ANYHOW_S if minutes is None else minutes * 60,
    )  # fmt: skip
    matrix = times.to_frame(grounds.origins.index, sites).dropna()
    people = pd.DataFrame({"amount": grounds.origins["people"]})
    known = pd.DataFrame(
        {"state": "optional", "capacity": np.nan, "opening_cost": np.nan}, index=sites
    )
    known.loc[there.index, "state"] = "existing-kept"
    if existing is not None:
        given = candidates.read_candidates(existing).frame
        strange = given.index.difference(sites)
        if len(strange):
            raise StudyError(
                Fault(str(existing), 0, f"the study has no setting and no building '{one}'")
                for one in strange
            )
        known.loc[given.index] = given
    progress("Choosing the sites", 0, 0)
    answer = find(
        model, Reading(matrix, len(matrix)), Reading(people, len(people)),
        Reading(known, len(known)), options, effort,
    )  # fmt: skip
    names = dict(zip(sites, [*there["name"], *could["name"]], strict=True))
    return replace(answer, names=names)


def find(
    model: str,
    matrix: Reading,
    demand: Reading,
    known: Reading | None,
    options: Options,
    effort: Effort,
) -> Answer:
    """
    Choose sites over tables.

    Parameters
    ----------
    model
        A key of `MODELS`.
    matrix
        From `sources.matrices.read_matrix`; its destinations are the candidates.
    demand
        From `sources.matrices.read_amounts`.
    known
        From `sources.candidates.read_candidates`; other candidates are optional.
    options
        The rest.
    effort
        How hard to try.

    Raises
    ------
    StudyError
        With everything that the model needs and was not given; if what is asked for contradicts
        itself; or if there is no plan, with the demand points because of which there is none.
    """
    chosen = _check(model, options)
    times = matrix.frame
    points = demand.frame.index
    told = pd.Index([]) if known is None else known.frame.index
    sites = pd.Index(sorted({*times["to_id"], *told}))
    start, end = points.get_indexer(times["from_id"]), sites.get_indexer(times["to_id"])
    minutes = times["travel_time_min"].to_numpy(dtype=float)
    kept = start >= 0
    if options.cutoff_min is not None:
        kept &= minutes <= options.cutoff_min
    costs = siting.costs_of(
        coo_array((minutes[kept], (start[kept], end[kept])), shape=(len(points), len(sites)))
    )
    try:
        problem = Problem(
            costs, demand.frame["amount"].to_numpy(dtype=float), budget=options.budget,
            demand_ids=tuple(map(str, points)), site_ids=tuple(map(str, sites)),
            **_of_sites(known, sites, options),
        )  # fmt: skip
    except ValueError as error:
        raise StudyError([Fault(f"the plan '{model}'", 0, str(error))]) from error
    passed: dict[str, float] = {}
    if options.pass_over:
        beyond = problem.out_of_reach()
        passed = {problem.demand_name(i): float(problem.demand[i]) for i in beyond.tolist()}
        problem = problem.without(beyond)
    plan = chosen(options).solve(problem, effort)
    if not plan.feasible:
        hint = "" if options.pass_over or options.times > 1 else _hint(plan)
        raise StudyError([Fault(f"the plan '{model}'", 0, plan.reason + hint)])
    there = set(times["to_id"])
    left_out = [
        ("matrix", "origin is not in the demand table", int((start < 0).sum())),
        ("existing sites", "not in the matrix, so it reaches nobody",
         sum(site not in there for site in told)),
    ]  # fmt: skip
    for name, table in (("matrix", matrix), ("demand", demand)):
        for reason, count in table.left_out["reason"].value_counts().items():
            left_out.append((name, str(reason), int(count)))
    return Answer(plan, tuple(line for line in left_out if line[2]), passed, demand.notes)


def _hint(plan: Plan) -> str:
    beyond = plan.problem.out_of_reach()
    return "; to leave them out and count them: --pass-over" if len(beyond) else ""


def _of_sites(known: Reading | None, sites: pd.Index, options: Options) -> dict[str, Any]:
    """Return what the problem is told of its sites, and how many there may be."""
    told: dict[str, Any] = {"k": options.sites}
    state = pd.Series("optional", index=sites)
    if known is not None:
        frame = known.frame
        state.loc[frame.index] = frame["state"]
        for field in ("capacity", "opening_cost"):
            if frame[field].isna().all():
                continue
            missing = sites.difference(frame.index)
            if len(missing):
                more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
                raise ValueError(
                    f"the table of sites has the column '{field}', so it must have a row for every "
                    f"site of the matrix, but lacks {', '.join(map(str, missing[:5]))}{more}"
                )
            told[field] = frame[field].reindex(sites).to_numpy(dtype=float)
    told["state"] = tuple(state)
    if options.more is not None:
        told["k"] = int(state.isin(["existing-kept", "required"]).sum()) + options.more
    return told


def _check(model: str, options: Options) -> Callable[[Options], Model]:
    """Return the model, or tell everything that it lacks and everything that it cannot use."""
    told = {"cutoff-min": options.cutoff_min}
    limited = not (options.sites is None and options.more is None and options.budget is None)
    problems = [f"it needs --{need}" for need in NEEDS.get(model, ()) if told[need] is None]
    if model != "set-cover" and not limited:
        problems.append("it needs --sites, --more or --budget")
    if options.sites is not None and options.more is not None:
        problems.append("give --sites (in all) or --more (besides those that stay), not both")
    if options.times > 1 and model not in NEEDS:
        problems.append(f"it takes no --times; these do: {', '.join(NEEDS)}")
    if problems:
        raise StudyError(Fault(f"the plan '{model}'", 0, problem) for problem in problems)
    return MODELS[model]


MODELS: dict[str, Callable[[Options], Model]] = {
    "p-median": lambda _: siting.PMedian(),
    "p-centre": lambda _: siting.PCentre(),
    "max-cover": lambda told: siting.MaxCover(told.cutoff_min or 0.0, times=told.times),
    "set-cover": lambda told: siting.SetCover(told.cutoff_min or 0.0, times=told.times),
}
"""Every model by the name that the command line knows it by."""
NEEDS = {"max-cover": ("cutoff-min",), "set-cover": ("cutoff-min",)}
OBJECTIVES = {
    "p-median": "person-minutes in all",
    "p-centre": "minutes for the furthest",
    "max-cover": "people covered",
    "set-cover": "sites, or money where opening costs are given",
}
"""What each model counts."""
