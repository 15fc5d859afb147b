"""Where settings should open: the best places found, who gains and loses, and how sure that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal, get_args

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import cells, frontier, siting, travel_times
from geoengine.degrees import to_degrees
from geoengine.errors import GeoEngineError
from geoengine.frontier import Choice
from geoengine.network.snapping import Positions
from geoengine.siting import Effort, MaxCover, Problem
from geoengine.siting.effort import Watch
from geoengine.underserved import Reach
from geoengine.whatif import Figures, Outcome, Planner, best_in_cells, corners

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Spot = tuple[float, float, str]

Aim = Literal["everyone", "deprived", "balance"]
AIMS: tuple[Aim, ...] = get_args(Aim)
Places = Literal["corners", "buildings"]
PLACES: tuple[Places, ...] = get_args(Places)
MOST_SITES = 10
CANDIDATES = 400
"""Most possible places that are compared."""
MOST_CHOICES = 8
"""Most choices between all and the deprived that are told."""
CANDIDATE_RESOLUTION = 9
NEAR_BEST, MOST_NEAR = 0.01, 30
FIRST_TRY_S = 0.5
SAME = 1e-6


@dataclass(frozen=True)
class Wish:
    """
    What is asked for.

    Parameters
    ----------
    sites
        How many settings should open, from 1 to `MOST_SITES`.
    aim
        Whom to bring within the cut-off: as many as possible of `everyone` or of those in the
        `deprived` areas; or `balance`: the choices between the two, none of which another
        betters for both.
    places
        Where they may open: at any of the `corners` of the streets, or in the planner's
        `buildings`.

    Raises
    ------
    GeoEngineError
        With everything that is wrong.
    """

    sites: int
    aim: Aim = "everyone"
    places: Places = "corners"

    def __post_init__(self) -> None:
        problems = []
        if isinstance(self.sites, bool) or not (
            isinstance(self.sites, int) and 1 <= self.sites <= MOST_SITES
        ):
            problems.append(
                f"sites must be a whole number from 1 to {MOST_SITES}, not {self.sites!r}"
            )
        if self.aim not in AIMS:
            problems.append(f"aim must be one of {', '.join(AIMS)}, not {self.aim!r}")
        if self.places not in PLACES:
            problems.append(f"places must be one of {', '.join(PLACES)}, not {self.places!r}")
        if problems:
            raise GeoEngineError("; ".join(problems))


@dataclass(frozen=True)
class Site:
    """
    A setting that should open.

    Parameters
    ----------
    longitude, latitude
        Where: a corner of the streets, or a building.
    candidate_id
        Which of the planner's buildings it is; "" for a corner.
    area_code
        The area of the home that is the soonest there, of those that would gain.
    people, deprived
        Who come within the cut-off through it, when those before it in the proposal are there
        already: all, and those in deprived areas.
    share
        In what share of the near-best plans it is; NaN where these were not looked for.
    """

    longitude: float
    latitude: float
    candidate_id: str
    area_code: str
    people: float
    deprived: float
    share: float

    @property
    def spot(self) -> Spot:
        """Where it is, and which building it is."""
        return self.longitude, self.latitude, self.candidate_id


@dataclass(frozen=True)
class Proposal:
    """
    A set of settings to open.

    Parameters
    ----------
    sites
        What brings most first; those that would bring nobody are left out.
    people, deprived
        Who come within the cut-off: all, and those in deprived areas.
    gaining, losing
        People within the cut-off then but not as it is, by area code, and as it is but not then;
        most first.
    """

    sites: tuple[Site, ...]
    people: float
    deprived: float
    gaining: tuple[tuple[str, float], ...]
    losing: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Answer:
    """
    The best found so far.

    Parameters
    ----------
    proposals
        One; or, of a balance, from the most people to the most of the deprived, no more than
        `MOST_CHOICES`.
    gap
        By what share of the people gained another choice of the same places could gain more (of a
        balance, one that is as fair); 0: none does; inf: not known.
    candidates
        How many places were compared, besides the settings that are there.
    near_best
        How many plans within one per cent of the best were found; 0: not looked for.
    all_near_best
        Whether there are no other such plans.
    choices
        Of a balance, how many choices were found; 0: not looked for.
    all_choices
        Whether there are no others.
    fewer
        Of a balance, choices of fewer sites, none of which another of as few betters for both:
        from the fewest, and of each number as `proposals`.
    finished
        Whether the search is over.
    """

    proposals: tuple[Proposal, ...]
    gap: float
    candidates: int
    near_best: int = 0
    all_near_best: bool = False
    choices: int = 0
    all_choices: bool = False
    fewer: tuple[Proposal, ...] = ()
    finished: bool = False


def surface(planner: Planner, reach: Reach | None = None) -> gpd.GeoDataFrame:
    """
    Return what one more setting would bring at the best corner of each hexagon.

    Parameters
    ----------
    planner
        What is.
    reach
        What each home reaches, such as that of an outcome's `after`; else as it is.

    Returns
    -------
    geopandas.GeoDataFrame
        Index `cell_id`; `people_gained`, `deprived_gained` (people brought within the cut-off),
        `longitude` and `latitude` of that corner; hexagons in the network's CRS. Hexagons where
        no one would be brought within it, or that lie outside the study, are left out.
    """
    base = planner.baseline
    at, joined = _corners(planner)
    gained = planner.gains(joined, reach)
    resolution = _resolution(planner)
    crs = base.network.crs
    found = best_in_cells(gained[:, 0], at.x_m, at.y_m, crs=crs, resolution=resolution)
    cell = np.array([int(name, 16) for name in found.index], np.uint64)
    kept = np.isin(cell, base.cells) & (found["people_gained"].to_numpy() > 0)
    site = found["site"].to_numpy()[kept]
    longitude, latitude = _degrees(planner, at.x_m[site], at.y_m[site])
    told = found.loc[kept, ["people_gained"]].assign(
        deprived_gained=gained[site, 1], longitude=longitude, latitude=latitude
    )
    return gpd.GeoDataFrame(told, geometry=cells.outlines(cell[kept], crs=crs), crs=crs)


def candidates(planner: Planner, reach: Reach | None = None) -> pd.DataFrame:
    """
    Return every building in which a setting could open, and what one more would bring there.

    Parameters
    ----------
    planner
        What is.
    reach
        As for `surface`.

    Returns
    -------
    pandas.DataFrame
        Index `candidate_id`; `name`, `kind`, `longitude`, `latitude`, and `people_gained` and
        `deprived_gained` (people brought within the cut-off), NaN where no street is near.
    """
    could = planner.buildings
    gained = planner.gains(could.at, reach)
    gained[~could.at.joined] = np.nan
    table = could.table
    longitude, latitude = _degrees(planner, table["x_m"].to_numpy(), table["y_m"].to_numpy())
    return table[["name", "kind"]].assign(
        longitude=longitude, latitude=latitude, people_gained=gained[:, 0],
        deprived_gained=gained[:, 1],
    )  # fmt: skip


def possible(planner: Planner, outcome: Outcome, wish: Wish) -> tuple[Positions, list[Spot]]:
    """Return the places that a search compares: on the streets, and as `Site.spot` has them."""
    find = _buildings if wish.places == "buildings" else _best_corners
    return find(planner, outcome, deprived=wish.aim == "deprived")


def search(planner: Planner, outcome: Outcome, wish: Wish, effort: Effort) -> Iterator[Answer]:
    """
    Look for the best places, and yield the best found so far again and again.

    Parameters
    ----------
    planner
        What is.
    outcome
        On top of which scenario, from `planner`.
    wish
        What is asked for.
    effort
        How long to search, and who may call it off.

    Yields
    ------
    Answer
        The last is finished.
    """
    watch = Watch(effort)
    task = _Task(planner, outcome, wish)
    if not task.possible:
        yield Answer((task.proposal([]),), 0.0, 0, finished=True)
        return
    if wish.aim == "balance":
        yield from task.balance(watch)
        return
    allowed_s = FIRST_TRY_S
    while True:
        left_s = max(min(allowed_s, watch.left_s), 1e-3)
        plan = task.model.solve(task.problem, replace(effort, time_limit_s=left_s))
        answer = Answer((task.proposal(plan.sites),), plan.gap, task.candidates)
        if plan.gap == 0 or watch.over():
            break
        yield answer
        allowed_s *= 2
    if plan.gap == 0 and not watch.over():
        yield answer
        left = replace(effort, time_limit_s=max(watch.left_s, 1e-3))
        near = siting.alternatives(plan, within=NEAR_BEST, most=MOST_NEAR, effort=left)
        if len(near.objective):
            answer = replace(
                answer, proposals=(task.proposal(plan.sites, near.share),),
                near_best=len(near.objective), all_near_best=near.complete,
            )  # fmt: skip
    yield replace(answer, finished=True)


class _Task:
    """A wish as a siting problem: homes beyond the cut-off after a scenario, and the candidates."""

    def __init__(self, planner: Planner, outcome: Outcome, wish: Wish) -> None:
        base = planner.baseline
        self.planner, self.outcome = planner, outcome
        self.model = MaxCover(cutoff=base.rule.cutoff_s)
        sites, self.spots = possible(planner, outcome, wish)
        self.candidates = len(self.spots)
        beyond = ~_within(outcome.after, base.rule.cutoff_s) & ~outcome.after.reach.uncertain
        self.home = np.flatnonzero(beyond & (base.people > 0))
        met = travel_times.within(
            base.network, some(base.at_home, self.home), sites, cutoff_s=base.rule.cutoff_s,
            direction=base.direction, threads=1,
        )  # fmt: skip
        self.costs = siting.costs_of(met)
        self.people = base.people[self.home]
        self.poor = np.where(base.deprived[self.home], self.people, 0.0)
        wanted = self.poor if wish.aim == "deprived" else self.people
        self.possible = self.candidates > 0 and len(self.home) > 0
        if self.possible:
            self.problem = Problem(self.costs, wanted, k=min(wish.sites, self.candidates))

    def balance(self, watch: Watch) -> Iterator[Answer]:
        """Yield the choices between all and the deprived, those found so far."""
        found = frontier.search(
            self.problem, self.poor, cutoff=self.model.cutoff,
            effort=replace(watch.effort, time_limit_s=max(watch.left_s, 1e-3)),
        )  # fmt: skip
        for front in found:
            choices = _fairer_and_fairer(front.choices)
            fewer = [each for each in front.choices if each.people > 0 and each not in choices]
            answer = Answer(
                tuple(self.proposal(each.sites) for each in _spread(choices)),
                max(each.gap for each in choices), self.candidates, choices=len(choices),
                fewer=tuple(
                    self.proposal(each.sites)
                    for _, alike in groupby(fewer, key=lambda each: each.cost)
                    for each in _spread(list(alike))
                ),
            )  # fmt: skip
            yield answer
        yield replace(answer, all_choices=front.complete, finished=True)

    def proposal(
        self, sites: Sequence[int] | LongArray, share: FloatArray | None = None
    ) -> Proposal:
        """Tell what new settings change, what brings most first."""
        near, told, opening = np.zeros(len(self.home), dtype=bool), [], [int(j) for j in sites]
        while opening:
            reached = {j: self._reached(j) & ~near for j in opening}
            best = max(opening, key=lambda j: (self.people[reached[j]].sum(), -j))
            opening.remove(best)
            fresh = reached[best]
            if fresh.any():
                told.append(self._site(best, fresh, np.nan if share is None else share[best]))
            near |= fresh
        base = self.planner.baseline
        now = _within(self.planner.before, base.rule.cutoff_s)
        then = _within(self.outcome.after, base.rule.cutoff_s)
        then[self.home[near]] = True
        return Proposal(
            tuple(told), float(self.people[near].sum()), float(self.poor[near].sum()),
            self._by_area(then & ~now), self._by_area(now & ~then),
        )  # fmt: skip

    def _reached(self, site: int) -> BoolArray:
        reached = np.zeros(len(self.home), dtype=bool)
        reached[self.costs.point[self.costs.site == site]] = True
        return reached

    def _site(self, site: int, fresh: BoolArray, share: float) -> Site:
        base = self.planner.baseline
        pairs = np.flatnonzero((self.costs.site == site) & fresh[self.costs.point])
        soonest = self.home[self.costs.point[pairs[np.argmin(self.costs.cost[pairs])]]]
        return Site(
            *self.spots[site],
            str(base.areas.index[base.home_area[soonest]]), float(self.people[fresh].sum()),
            float(self.poor[fresh].sum()), float(share),
        )  # fmt: skip

    def _by_area(self, homes: BoolArray) -> tuple[tuple[str, float], ...]:
        base = self.planner.baseline
        people = np.bincount(base.home_area[homes], base.people[homes], len(base.areas))
        order = np.argsort(-people, kind="stable")
        return tuple((str(base.areas.index[at]), float(people[at])) for at in order if people[at])


def _fairer_and_fairer(choices: Sequence[Choice]) -> list[Choice]:
    """Return the choices that none betters for all or for the deprived, at whatever cost."""
    best: list[Choice] = []
    for each in sorted(choices, key=lambda each: (-each.people, -each.deprived, each.cost)):
        if not best or each.deprived > best[-1].deprived + SAME:
            best.append(each)
    return best


def _spread(choices: list[Choice]) -> list[Choice]:
    """Return no more choices than anybody reads: both ends, and those that differ most."""
    told = list(choices)
    while len(told) > MOST_CHOICES:
        lost = [
            (here.people - after.people) * (here.deprived - before.deprived)
            for before, here, after in zip(told, told[1:], told[2:], strict=False)
        ]
        del told[1 + int(np.argmin(lost))]
    return told


def _within(figures: Figures, cutoff_s: float) -> BoolArray:
    """Return the homes within the cut-off for certain."""
    near = figures.reach.nearest.origin_s[:, 0] <= cutoff_s
    return np.asarray(near & ~figures.reach.uncertain)


def _buildings(
    planner: Planner, outcome: Outcome, *, deprived: bool
) -> tuple[Positions, list[Spot]]:
    """Return the buildings that would bring most, and what each is called."""
    found = candidates(planner, outcome.after.reach).reset_index()
    gained = found["deprived_gained" if deprived else "people_gained"].fillna(0).to_numpy()
    most = np.argsort(-gained, kind="stable")[:CANDIDATES]
    chosen = np.sort(most[gained[most] > 0])
    spots = found.loc[chosen, ["longitude", "latitude", "candidate_id"]]
    return some(planner.buildings.at, chosen), [*spots.itertuples(index=False, name=None)]


def _best_corners(
    planner: Planner, outcome: Outcome, *, deprived: bool
) -> tuple[Positions, list[Spot]]:
    """Return the best corner of each hexagon of the study, those that would bring most."""
    base = planner.baseline
    at, joined = _corners(planner)
    gained = planner.gains(joined, outcome.after.reach)[:, int(deprived)]
    resolution = min(CANDIDATE_RESOLUTION, _resolution(planner))
    inside = {h3.cell_to_parent(h3.int_to_str(int(cell)), resolution) for cell in base.cells}
    found = best_in_cells(gained, at.x_m, at.y_m, crs=base.network.crs, resolution=resolution)
    found = found[found.index.isin(inside) & (found["people_gained"] > 0)]
    order = np.lexsort((found["site"], -found["people_gained"]))[:CANDIDATES]
    sites = some(joined, np.sort(found["site"].to_numpy()[order]))
    longitude, latitude = _degrees(planner, sites.x_m, sites.y_m)
    return sites, [(x, y, "") for x, y in zip(longitude.tolist(), latitude.tolist(), strict=True)]


def some(at: Positions, which: LongArray) -> Positions:
    """Return some of the places on the streets."""
    return Positions(**{name: values[which] for name, values in vars(at).items()})


def _corners(planner: Planner) -> tuple[Positions, Positions]:
    """
    Return every corner, and where a setting there would join the streets.

    At a corner of streets that are cut off it joins others, as any setting does, or none.
    """
    at = corners(planner.baseline.network)
    return at, planner.join(*_degrees(planner, at.x_m, at.y_m))


def _resolution(planner: Planner) -> int:
    return int(h3.get_resolution(h3.int_to_str(int(planner.baseline.cells[0]))))


def _degrees(planner: Planner, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    longitude, latitude = to_degrees(planner.baseline.network.crs).transform(x_m, y_m)
    return np.asarray(longitude), np.asarray(latitude)
