"""The choices between all, the deprived and the number of sites, against every choice there is."""

import sys
from itertools import combinations
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine import proposals
from geoengine.proposals import Wish
from geoengine.scenarios import Open, Scenario
from geoengine.siting import Effort
from geoengine.whatif import Planner


def brought(planner, before, spots):
    """Whom a setting at each of some places alone would bring, home by home."""
    cutoff_s = planner.baseline.rule.cutoff_s
    near = before.after.reach.nearest.origin_s[:, 0] <= cutoff_s
    sure = ~before.after.reach.uncertain
    each = []
    for longitude, latitude, _ in spots:
        after = planner.evaluate(Scenario("", (Open("x", longitude, latitude, 9.0),))).after
        each.append((after.reach.nearest.origin_s[:, 0] <= cutoff_s) & ~near & sure)
    return each


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_choice_of_as_few_sites_betters_one_that_is_told(seed):
    planner = Planner(worlds.town(seed, settings=3, homes=60)[0])
    before = planner.evaluate(Scenario(""))
    wish = Wish(3, "balance")
    *_, answer = proposals.search(planner, before, wish, Effort(30))
    assert answer.all_choices
    _, spots = proposals.possible(planner, before, wish)
    reached = brought(planner, before, spots)
    people = planner.baseline.people
    poor = people * planner.baseline.deprived
    possible = []
    for count in (1, 2, 3):
        for some in combinations(reached, count):
            homes = sum(some) > 0
            possible.append((count, people[homes].sum(), poor[homes].sum()))

    def bettered(sites, all_people, deprived):
        return any(
            count <= sites
            and more >= all_people - 1e-6
            and fairer >= deprived - 1e-6
            and (count < sites or more > all_people + 1e-6 or fairer > deprived + 1e-6)
            for count, more, fairer in possible
        )

    told = [
        (len(each.sites), each.people, each.deprived) for each in (*answer.proposals, *answer.fewer)
    ]
    assert len({(round(a, 6), round(b, 6)) for _, a, b in told}) == len(told)
    assert not any(bettered(*each) for each in told)
    best = {
        (count, round(more, 6), round(fairer, 6))
        for count, more, fairer in possible
        if more and not bettered(count, more, fairer)
    }
    levels = [sum(count == level for count, *_ in best) for level in (1, 2, 3)]
    if max(levels) <= proposals.MOST_CHOICES:
        assert best == {(count, round(more, 6), round(fairer, 6)) for count, more, fairer in told}
    assert [len(each.sites) for each in answer.fewer] == sorted(
        len(each.sites) for each in answer.fewer
    )
