"""How sure a suggestion is: what becomes of it in worlds that differ a little from the assumed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from geoengine import proposals, siting, travel_times
from geoengine.network.snapping import Positions
from geoengine.proposals import Proposal, Wish
from geoengine.siting import Effort, MaxCover, Problem, SiteState
from geoengine.siting.effort import Watch
from geoengine.whatif import Outcome, Planner

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DRAWS = 100
SEED = 1
NEAR_M = 400.0
"""A place so near, some five minutes on foot, would do as well for most."""
MIDDLE = (5.0, 95.0)
DIGITS = 9


@dataclass(frozen=True)
class Doubts:
    """
    How much the world may differ from the assumed.

    Parameters
    ----------
    people
        The people of an area, all its homes alike, are drawn evenly within this share of theirs.
    speed
        The speed at which everyone travels is drawn evenly within this share of the assumed.
    closure
        Chance of each setting that is there to close.
    """

    people: float = 0.05
    speed: float = 0.1
    closure: float = 0.05


@dataclass(frozen=True)
class Standing:
    """
    How a suggested site stands up.

    Parameters
    ----------
    share
        Share of the draws in which it is among the best sites.
    share_near
        The same for it or another place within `NEAR_M`.
    rank_low, rank_high
        The middle nine tenths of the ranks that it or that other place has: 1 is the site without
        which the best choice would lose most; one more than the sites asked for stands for none
        of them being chosen.
    """

    share: float
    share_near: float
    rank_low: int
    rank_high: int


@dataclass(frozen=True)
class Stress:
    """
    How a suggestion stands up, as far as is known.

    Parameters
    ----------
    draws
        How many worlds were tried.
    sites
        In the order of the proposal.
    middle, low
        People whom the suggestion brings within the cut-off, as a share of the most that any
        choice of the same places brings: the median of the draws, and what 19 of 20 exceed.
    proven
        Whether the best choice of every draw is proven.
    finished
        Whether all draws that were asked for were tried.
    """

    draws: int
    sites: tuple[Standing, ...]
    middle: float
    low: float
    proven: bool
    finished: bool


def of_proposal(
    planner: Planner,
    outcome: Outcome,
    wish: Wish,
    proposal: Proposal,
    effort: Effort,
    *,
    doubts: Doubts = Doubts(),
    draws: int = DRAWS,
) -> Iterator[Stress]:
    """
    Choose again in one world after another, and yield what is known after each.

    Parameters
    ----------
    planner, outcome, wish
        As for `proposals.search`; the aim is `everyone` or `deprived`.
    proposal
        What that search proposed.
    effort
        How hard to try, for all draws together.
    doubts, draws
        What may be otherwise, and how many worlds are tried: the same ones every time.

    Yields
    ------
    Stress
        The last is finished, unless time ran out or it was called off before.
    """
    watch, task = Watch(effort), _Task(planner, outcome, wish, proposal, doubts)
    rng = np.random.default_rng(SEED)
    worlds = siting.worlds(task.problem, rng, together=task.area, **vars(doubts))
    ranks: list[LongArray] = []
    near: list[LongArray] = []
    kept: list[float] = []
    proven = True
    for world in islice(worlds, draws):
        if watch.over():
            return
        left = replace(effort, time_limit_s=max(watch.left_s, 1e-3))
        plan = task.model.solve(task.wanting(world), left)
        if watch.over():
            return
        proven &= plan.gap == 0
        rank = _ranks(plan, wish.sites)
        ranks.append(rank[task.chosen])
        near.append(np.where(task.beside, rank, wish.sites + 1).min(axis=1))
        if plan.objective > 0:
            value = task.model.value(plan.problem, task.as_proposed)
            kept.append(min(value / plan.objective, 1.0))
        yield _summed(ranks, near, kept, wish.sites, proven=proven, finished=len(ranks) == draws)


class _Task:
    """A proposal beside all that could have been proposed, and the settings that are there."""

    def __init__(
        self, planner: Planner, outcome: Outcome, wish: Wish, proposal: Proposal, doubts: Doubts
    ) -> None:
        base = planner.baseline
        self.wish, self.model = wish, MaxCover(cutoff=base.rule.cutoff_s)
        rivals, spots = proposals.possible(planner, outcome, wish)
        there = _settings(planner, outcome)
        self.settings = len(there.chain)
        count = self.settings + len(spots)
        asked = base.people * (base.deprived if wish.aim == "deprived" else 1)
        home = np.flatnonzero((asked > 0) & ~outcome.after.reach.uncertain)
        self.area = base.home_area[home].astype(np.int64)
        met = travel_times.within(
            base.network, proposals.some(base.at_home, home), _joined(there, rivals),
            cutoff_s=base.rule.cutoff_s * (1 + doubts.speed), direction=base.direction, threads=1,
        )  # fmt: skip
        state = [SiteState.KEPT] * self.settings + [SiteState.OPTIONAL] * len(spots)
        self.problem = Problem(siting.costs_of(met), asked[home], state=state)
        position = {spot: self.settings + at for at, spot in enumerate(spots)}
        self.chosen = np.array([position[site.spot] for site in proposal.sites], dtype=np.int64)
        self.as_proposed = np.zeros(count, dtype=bool)
        self.as_proposed[self.chosen] = True
        x_m, y_m = _joined(there, rivals).x_m, _joined(there, rivals).y_m
        away_m = np.hypot(x_m - x_m[self.chosen, None], y_m - y_m[self.chosen, None])
        self.beside = away_m <= NEAR_M
        self.beside[:, : self.settings] = False

    def wanting(self, world: Problem) -> Problem:
        """Return what is left to choose: new sites, for the people beyond what is there."""
        costs = world.costs
        there = world.fixed[costs.site] & (costs.cost <= self.model.cutoff)
        new = np.arange(costs.sites) >= self.settings
        demand = world.demand.copy()
        demand[costs.point[there]] = 0
        return Problem(
            costs.chosen(new[costs.site]), demand, k=self.wish.sites,
            state=np.where(new, SiteState.OPTIONAL, SiteState.FORBIDDEN).tolist(),
        )  # fmt: skip


def _settings(planner: Planner, outcome: Outcome) -> Positions:
    """Return where the settings that are open after a scenario join the streets."""
    base = planner.baseline
    change = outcome.scenario.change([str(name) for name in base.provisions.index])
    stays = ~base.provisions.index.isin([*change.closed, *change.spots])
    spots = [*change.spots.values(), *((edit.longitude, edit.latitude) for edit in change.opened)]
    fresh = np.array(spots, dtype=float).reshape(-1, 2)
    kept = proposals.some(base.at_provision, np.flatnonzero(stays))
    return _joined(kept, planner.join(fresh[:, 0], fresh[:, 1]))


def _joined(one: Positions, other: Positions) -> Positions:
    return Positions(
        **{n: np.concatenate((values, getattr(other, n))) for n, values in vars(one).items()}
    )


def _ranks(plan: siting.Plan, last: int) -> LongArray:
    """Rank the sites of a plan by what it loses without each; one after the last for the rest."""
    losses = {}
    for site in plan.sites.tolist():
        without = plan.open_site
        without[site] = False
        lost = plan.objective - plan.model.value(plan.problem, without)
        losses[site] = round(lost / (plan.objective or 1.0), DIGITS)
    rank = np.full(plan.problem.costs.sites, last + 1, dtype=np.int64)
    for site, loss in losses.items():
        rank[site] = 1 + sum(other > loss for other in losses.values()) if loss else last + 1
    return rank


def _summed(
    ranks: list[LongArray], near: list[LongArray], kept: list[float], sites: int,
    *, proven: bool, finished: bool,
) -> Stress:  # fmt: skip
    low, high = np.percentile(near, MIDDLE, axis=0, method="nearest").astype(int)
    share, share_near = (np.mean(np.array(each) <= sites, axis=0) for each in (ranks, near))
    told = [
        Standing(float(each), float(beside), int(first), int(last))
        for each, beside, first, last in zip(share, share_near, low, high, strict=True)
    ]
    middle, least = np.percentile(kept, (50.0, MIDDLE[0])) if kept else (np.nan, np.nan)
    return Stress(len(ranks), tuple(told), float(middle), float(least), proven, finished)
