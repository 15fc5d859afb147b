"""How sure a suggestion is, against every choice in every world, tried one by one."""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine import proposals, stress
from geoengine.degrees import to_metres
from geoengine.proposals import Wish
from geoengine.scenarios import Close, Move, Open, Scenario
from geoengine.siting import Effort
from geoengine.stress import Doubts
from geoengine.whatif import Planner

CERTAIN = Doubts(people=0.0, speed=0.0, closure=0.0)


def town(seed):
    base, _ = worlds.town(seed, settings=3, homes=60)
    return Planner(base)


def proposed(planner, before, wish):
    *_, answer = proposals.search(planner, before, wish, Effort(30))
    return answer.proposals[0]


def last(planner, before, wish, proposal, **asked):
    *_, told = stress.of_proposal(planner, before, wish, proposal, Effort(60), **asked)
    return told


def seconds_alone(planner, spots):
    """Seconds from each home to each of some places, were it the only one there is."""
    closed = tuple(Close(str(name)) for name in planner.baseline.provisions.index)
    alone = [planner.evaluate(Scenario("", (*closed, Open("x", *spot, 9.0)))) for spot in spots]
    return np.column_stack([each.after.reach.nearest.origin_s[:, 0] for each in alone])


def seconds_to_settings(planner, kept):
    """The same to each setting that stays where it is."""
    names = [str(name) for name in planner.baseline.provisions.index]
    alone = [
        planner.evaluate(Scenario("", tuple(Close(other) for other in names if other != name)))
        for name in kept
    ]
    return np.column_stack([each.after.reach.nearest.origin_s[:, 0] for each in alone])


def drawn(base, wish, doubts, draws, *, sites, settings):
    """The worlds that are tried: people of each home, pace, and which settings close."""
    rng = np.random.default_rng(stress.SEED)
    people = base.people * (base.deprived if wish.aim == "deprived" else 1)
    counted = people > 0
    groups = base.home_area[counted].max() + 1
    for _ in range(draws):
        by_area = 1 + doubts.people * rng.uniform(-1, 1, groups)
        crowd = np.zeros(len(people))
        crowd[counted] = people[counted] * by_area[base.home_area[counted]]
        pace = 1 + doubts.speed * rng.uniform(-1, 1)
        yield crowd, pace, (rng.random(sites) < doubts.closure)[:settings]


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("aim", ["everyone", "deprived"])
def test_a_site_stays_in_as_many_draws_as_every_choice_tried_one_by_one_says(seed, aim):
    planner, wish, draws = town(seed), Wish(2, aim), 12
    doubts = Doubts(people=0.3, speed=0.2, closure=0.3)
    ids = [str(name) for name in planner.baseline.provisions.index]
    before = planner.evaluate(Scenario("", (Close(ids[0]),)))
    proposal = proposed(planner, before, wish)
    told = last(planner, before, wish, proposal, doubts=doubts, draws=draws)

    _, spots = proposals.possible(planner, before, wish)
    to_new = seconds_alone(planner, [spot[:2] for spot in spots])
    to_old = seconds_to_settings(planner, ids[1:])
    cutoff_s = planner.baseline.rule.cutoff_s
    certain = ~before.after.reach.uncertain
    mine = [spots.index(site.spot) for site in proposal.sites]
    often, kept, unclear = np.zeros(len(mine)), [], 0
    count = len(spots) + len(ids) - 1
    for crowd, pace, closed in drawn(
        planner.baseline, wish, doubts, draws, sites=count, settings=len(ids) - 1
    ):
        near_old = (to_old[:, ~closed] / pace <= cutoff_s).any(axis=1)
        wanting = np.where(certain & ~near_old, crowd, 0.0)
        near_new = to_new / pace <= cutoff_s
        value = {
            pair: wanting[near_new[:, pair].any(axis=1)].sum()
            for pair in combinations(range(len(spots)), 2)
        }
        best = max(value.values())
        ties = [pair for pair, of in value.items() if of > best * (1 - 1e-9)]
        unclear += len(ties) > 1
        often += np.isin(mine, ties[0])
        if best > 0:
            kept.append(wanting[near_new[:, mine].any(axis=1)].sum() / best)
    assert told.finished
    assert told.proven
    assert (told.middle, told.low) == pytest.approx(tuple(np.percentile(kept, (50, 5))))
    share = np.array([site.share for site in told.sites])
    assert (abs(share * draws - often) <= unclear + 1e-9).all()


def test_a_suggestion_of_a_certain_world_is_as_good_as_any_there():
    planner, wish = town(2), Wish(2)
    before = planner.evaluate(Scenario(""))
    proposal = proposed(planner, before, wish)
    told = last(planner, before, wish, proposal, doubts=CERTAIN, draws=3)
    assert (told.draws, told.middle, told.low) == (3, 1.0, 1.0)


def test_the_settings_of_a_plan_count_where_the_plan_has_them():
    planner, wish = town(3), Wish(1)
    ids = [str(name) for name in planner.baseline.provisions.index]
    base = planner.baseline
    x, y = to_metres(planner.baseline.network.crs).transform(
        [base.home_x_m.mean()], [base.home_y_m.mean()], direction="INVERSE"
    )
    edits = (Move(ids[1], x[0], y[0]), Open("extra", x[0] + 1e-3, y[0], 5.0))
    before = planner.evaluate(Scenario("", edits))
    proposal = proposed(planner, before, wish)
    told = last(planner, before, wish, proposal, doubts=CERTAIN, draws=1)
    assert told.middle == 1.0
    assert told.sites[0].rank_low == 1


def test_shares_and_ranks_keep_their_bounds_and_the_same_draws_are_tried_again():
    planner, wish = town(4), Wish(2)
    before = planner.evaluate(Scenario(""))
    proposal = proposed(planner, before, wish)
    each = list(stress.of_proposal(planner, before, wish, proposal, Effort(60), draws=8))
    assert [one.draws for one in each] == list(range(1, 9))
    assert [one.finished for one in each] == [False] * 7 + [True]
    for site in each[-1].sites:
        assert 0 <= site.share <= site.share_near <= 1
        assert 1 <= site.rank_low <= site.rank_high <= 3
    assert last(planner, before, wish, proposal, draws=8) == each[-1]


def test_a_test_that_is_called_off_tells_what_it_knows():
    planner, wish = town(1), Wish(2)
    before = planner.evaluate(Scenario(""))
    proposal = proposed(planner, before, wish)
    tried = []
    effort = Effort(60, cancelled=lambda: len(tried) >= 3)
    for told in stress.of_proposal(planner, before, wish, proposal, effort):
        tried += [told]
    assert tried[-1].draws == 3
    assert not tried[-1].finished
