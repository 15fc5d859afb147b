"""Proposed sites against every choice there is, tried one by one."""

import sys
from itertools import combinations
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine import proposals
from geoengine.errors import GeoEngineError
from geoengine.proposals import Wish
from geoengine.scenarios import Close, Open, Scenario
from geoengine.siting import Effort
from geoengine.whatif import Planner

SEEDS = range(1, 5)


def town(seed):
    """A town with few settings, of which people beyond the cut-off are left."""
    base, _ = worlds.town(seed, settings=3, homes=60)
    return Planner(base)


def gained(planner, before, spots):
    """People brought within the cut-off by settings at some places, and those of the deprived."""
    made = before.scenario
    for at, (longitude, latitude) in enumerate(spots):
        made = made.then(Open(f"new {at}", longitude, latitude, 10.0))
    after = planner.evaluate(made)
    deciles = before.before.rule.deciles

    def poor(figures):
        table = figures.deciles
        return table.loc[table["decile"].isin(deciles), "people_beyond"].sum()

    return (
        before.after.totals["people_beyond"] - after.after.totals["people_beyond"],
        poor(before.after) - poor(after.after),
    )


def everywhere(planner, before, *, deprived=False):
    _, spots = proposals._best_corners(planner, before, deprived=deprived)
    return [(longitude, latitude) for longitude, latitude, _ in spots]


def last(planner, before, wish):
    *_, answer = proposals.search(planner, before, wish, Effort(30))
    assert answer.finished
    assert answer.gap == 0
    return answer


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("aim", ["everyone", "deprived"])
def test_no_other_choice_of_the_places_compared_brings_more(seed, aim):
    planner = town(seed)
    before = planner.evaluate(Scenario("", (Close("n1"),)))
    which = 1 if aim == "deprived" else 0
    spots = everywhere(planner, before, deprived=aim == "deprived")
    best = max(gained(planner, before, pair)[which] for pair in combinations(spots, 2))
    [proposal] = last(planner, before, Wish(2, aim)).proposals
    found = (proposal.people, proposal.deprived)
    assert found[which] == pytest.approx(best)
    chosen = [(site.longitude, site.latitude) for site in proposal.sites]
    assert gained(planner, before, chosen) == pytest.approx(found)
    assert sum(site.people for site in proposal.sites) == pytest.approx(found[0])
    assert sum(site.deprived for site in proposal.sites) == pytest.approx(found[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_choices_of_a_balance_are_all_that_no_other_betters(seed, monkeypatch):
    monkeypatch.setattr(proposals, "MOST_CHOICES", 99)
    planner = town(seed)
    before = planner.evaluate(Scenario(""))
    answer = last(planner, before, Wish(2, "balance"))
    choices = [(each.people, each.deprived) for each in answer.proposals]
    pairs = combinations(everywhere(planner, before), 2)
    possible = sorted({gained(planner, before, pair) for pair in pairs}, reverse=True)
    best = []
    for people, poor in possible:
        if not best or poor > best[-1][1] + 1e-6:
            best.append((people, poor))
    assert answer.all_choices
    assert answer.choices == len(choices) == len(best)
    for choice, one in zip(choices, best, strict=True):
        assert choice == pytest.approx(one)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_many_choices_the_ends_and_some_between_are_told(seed, monkeypatch):
    planner = town(seed)
    before = planner.evaluate(Scenario(""))
    every = last(planner, before, Wish(2, "balance"))
    monkeypatch.setattr(proposals, "MOST_CHOICES", 3)
    some = last(planner, before, Wish(2, "balance"))
    assert some.choices == every.choices
    assert len(some.proposals) == min(3, len(every.proposals))
    assert set(some.proposals) <= set(every.proposals)
    assert [some.proposals[0], some.proposals[-1]] == [every.proposals[0], every.proposals[-1]]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_site_brings_what_the_surface_shows_at_its_best(seed):
    planner = town(seed)
    [proposal] = last(planner, planner.evaluate(Scenario("")), Wish(1)).proposals
    assert proposal.people == pytest.approx(proposals.surface(planner)["people_gained"].max())


def test_who_gains_and_who_loses_is_told_against_what_is():
    planner = town(2)
    before = planner.evaluate(Scenario("", (Close("n1"), Close("n2"))))
    [proposal] = last(planner, before, Wish(1)).proposals
    within = [
        each["people"] - each["people_beyond"] - each["people_unknown"]
        for each in (before.before.totals, before.after.totals)
    ]
    lost = within[0] - within[1]
    change = sum(of for _, of in proposal.gaining) - sum(of for _, of in proposal.losing)
    assert lost > 0
    assert change == pytest.approx(proposal.people - lost)


def test_near_best_plans_are_counted_and_the_same_site_is_in_all_that_have_it():
    planner = town(1)
    answer = last(planner, planner.evaluate(Scenario("")), Wish(2))
    assert answer.near_best >= 1
    assert all(0 < site.share <= 1 for site in answer.proposals[0].sites)


def test_where_nobody_is_beyond_nothing_is_proposed():
    base, _ = worlds.town(1)
    planner = Planner(worlds.with_rule(base, cutoff_s=100_000.0))
    answer = last(planner, planner.evaluate(Scenario("")), Wish(3))
    assert (answer.candidates, answer.proposals[0].sites, answer.proposals[0].people) == (0, (), 0)


def test_a_search_that_is_called_off_leaves_the_best_so_far():
    planner = town(1)
    before = planner.evaluate(Scenario(""))
    for aim in proposals.AIMS:
        effort = Effort(30, cancelled=lambda: True)
        *_, answer = proposals.search(planner, before, Wish(2, aim), effort)
        assert answer.finished
        assert answer.near_best == 0
        assert not answer.all_choices


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"sites": 11}, "sites must be a whole number from 1 to 10, not 11"),
        ({"sites": True}, "not True"),
        ({"sites": 1, "aim": "most"}, "aim must be one of everyone, deprived, balance, not 'most'"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(told, sentence):
    with pytest.raises(GeoEngineError, match=sentence):
        Wish(**told)
