"""Choosing sites: seconds, and how much better any plan could be, beside spopt on HiGHS."""

import os
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import places
from bench.timing import Row, Timed, absent, against, told
from geoengine import analysis, intake, siting, study, travel_times
from geoengine.frontier import frontier
from geoengine.network.snapping import Positions
from geoengine.siting import Effort, Plan, Problem, costs_of
from geoengine.store import Cache

FloatArray = NDArray[np.float64]

PEER = "spopt, HiGHS"
TOWNS = ("isle_of_wight", "newport")
CANDIDATES = 300
STUDIES = Path(__file__).parents[1] / "tests" / "real"


def rows(*, full: bool) -> Iterator[Row]:
    """Time invented towns beside spopt, larger ones alone, and two real places."""
    _solved(*_invented(50, 20), siting.PMedian(), 3)  # compiled before anything is timed
    yield from _beside("p-median, 10 sites", 500, 200, siting.PMedian(), 10, "PMedian", 100.0)
    yield from _beside(
        "most people within 1 km, 10 sites", 500, 200, siting.MaxCover(1000.0), 10, "MCLP", 1.0
    )
    yield from _beside(
        "everyone within 2.5 km", 500, 200, siting.SetCover(2500.0), None, "LSCP", None
    )
    if full:
        yield from _beside("p-centre, 5 sites", 200, 50, siting.PCentre(), 5, "PCenter", 100.0)
        yield from _beside("p-median, 20 sites", 2000, 300, siting.PMedian(), 20, "PMedian", None)
    else:
        yield from _alone("p-median, 20 sites", 2000, 300, siting.PMedian(), 20, 0.002, 10.0)
    yield from _alone("p-median, 50 sites", 10_000, 1_000, siting.PMedian(), 50, 0.02, 60.0)
    yield from _alone("p-centre, 20 sites", 2_000, 300, siting.PCentre(), 20, 0.01, 75.0)
    yield _choices("all choices between all and the deprived, 3 sites", 2_000, 300, 3, 5.0)
    for town in TOWNS:
        if (places.REAL / town).is_dir():
            yield from _real(town)
        else:
            yield absent("p-median", town, "", "the files are not at hand")


def _invented(points: int, sites: int) -> tuple[FloatArray, FloatArray]:
    """Return metres from homes to sites strewn over ten kilometres, and people."""
    rng = np.random.default_rng(places.SEED)
    homes, spots = rng.uniform(0, 1e4, (points, 2)), rng.uniform(0, 1e4, (sites, 2))
    metres = np.hypot(*(homes[:, None] - spots[None]).transpose(2, 0, 1))
    return metres, rng.integers(1, 100, points).astype(float)


def _solved(costs: Any, people: FloatArray, model: Any, k: int | None) -> Plan:
    plan: Plan = model.solve(Problem(costs_of(costs), people, k=k), Effort(time_limit_s=60.0))
    return plan


def _cpu(run: Callable[[], Any]) -> Timed:
    """Time a run by the seconds of the processor, whatever else the machine does."""
    start = time.process_time()
    answer = run()
    return Timed(time.process_time() - start, answer)


def _beside(
    task: str, points: int, sites: int, model: Any, k: int | None, named: str,
    at_least: float | None,
) -> Iterator[Row]:  # fmt: skip
    metres, people = _invented(points, sites)
    ours = min((_cpu(lambda: _solved(metres, people, model, k)) for _ in range(3)),
               key=lambda timed: timed.seconds)  # fmt: skip
    theirs = _cpu(lambda: _spopt(named, metres, people, model, k))
    plan = ours.answer
    alike = abs(plan.objective - theirs.answer) <= 1e-6 * abs(theirs.answer)
    same = f"{plan.objective:,.6g} {'=' if alike else '≠'} {theirs.answer:,.6g}; {_gap(plan)}"
    data = f"{points:,} × {sites:,}"
    yield against(task, data, ours, PEER, theirs, at_least=at_least, same=same)


def _spopt(named: str, metres: FloatArray, people: FloatArray, model: Any, k: int | None) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp
        from spopt import locate

        far = np.where(np.isfinite(metres), metres, 1e9)
        given: tuple[Any, ...] = (far,)
        named_more: dict[str, Any] = {} if k is None else {"p_facilities": k}
        if named in ("PMedian", "MCLP"):
            given = (far, people)
        if named in ("MCLP", "LSCP"):
            named_more["service_radius"] = model.cutoff
        built = getattr(locate, named).from_cost_matrix(*given, **named_more)
        solved = built.solve(pulp.HiGHS(msg=False, threads=1))
        return float(pulp.value(solved.problem.objective))


def _alone(
    task: str, points: int, sites: int, model: Any, k: int, gap: float, at_most: float
) -> Iterator[Row]:
    metres, people = _invented(points, sites)
    ours = _cpu(lambda: _solved(metres, people, model, k))
    yield _limited(task, f"{points:,} × {sites:,}", ours, gap, at_most)


def _choices(task: str, points: int, sites: int, k: int, at_most: float) -> Row:
    metres, people = _invented(points, sites)
    poor = np.where(np.random.default_rng(places.SEED).random(points) < 0.2, people, 0.0)
    problem = Problem(costs_of(metres), people, k=k)
    frontier(problem, poor, cutoff=1000.0, levels=[1])  # compiled before it is timed
    ours = _cpu(lambda: frontier(problem, poor, cutoff=1000.0))
    found = ours.answer
    same = f"{len(found.choices)} choices, {'all there are' if found.complete else 'NOT all'}"
    met = ours.seconds < at_most and found.complete
    return Row(
        task, f"{points:,} × {sites:,}", told(ours.seconds), target=f"< {told(at_most)}, all",
        met=met, same=same,
    )  # fmt: skip


def _limited(task: str, data: str, ours: Timed, gap: float, at_most: float) -> Row:
    plan = ours.answer
    met = ours.seconds < at_most and plan.gap <= gap
    target = f"< {told(at_most)}, gap ≤ {gap:.1%}"
    same = f"{plan.objective:,.6g}; {_gap(plan)}"
    return Row(task, data, told(ours.seconds), target=target, met=met, same=same)


def _gap(plan: Plan) -> str:
    return "proven best" if plan.gap == 0 else f"proven gap {plan.gap:.3%}"


def _real(town: str) -> Iterator[Row]:
    """Choose among settings and homes of a real place, by its own streets."""
    variables = {**os.environ, "GEOENGINE_REAL_DATA": str(places.REAL)}
    asked = study.load(STUDIES / f"{town}.toml", variables=variables)
    with tempfile.TemporaryDirectory() as kept:
        quiet: Any = lambda *_: None  # noqa: E731
        inputs = intake.read(asked, quiet)
        grounds = analysis.join(asked, inputs, Cache(Path(kept)), quiet)
    people = grounds.origins["people"].to_numpy(dtype=float)
    rng = np.random.default_rng(places.SEED)
    homes = np.sort(rng.choice(len(people), CANDIDATES, replace=False))
    spots = _joined(grounds.at_provision, grounds.at_home, homes)
    times = travel_times.within(grounds.network, grounds.at_home, spots, cutoff_s=86_400)
    settings = len(grounds.at_provision.chain)
    state = ["existing-kept"] * settings + ["optional"] * CANDIDATES
    problem = Problem(costs_of(times), people, k=settings + 5, state=state)
    problem = problem.without(problem.out_of_reach())
    name = town.replace("_", " ").title()
    data = f"{name}, {len(people):,} homes × {settings} settings and {CANDIDATES} others"
    tasks = {
        "p-median, 5 more": (siting.PMedian(), problem),
        "most people within 15 min, 5 more": (siting.MaxCover(900.0), problem),
        "p-centre, 5 more": (siting.PCentre(), problem),
        "p-median, 20 from scratch": (siting.PMedian(), replace(problem, k=20, state=())),
    }
    for task, (model, given) in tasks.items():
        ours = _cpu(lambda model=model, given=given: model.solve(given))
        yield _limited(task, data, ours, 0.0, 60.0)


def _joined(first: Positions, second: Positions, chosen: NDArray[np.int64]) -> Positions:
    told = {
        name: np.concatenate([values, getattr(second, name)[chosen]])
        for name, values in vars(first).items()
    }
    return Positions(**told)
