"""What a plan says: its sites, who goes where, why there is none, and what else there is."""

import numpy as np
import pytest
from siting import brute_force

from geoengine import siting
from geoengine.siting import Problem, costs_of

ROW = np.arange(6)
APART = 60.0 * abs(ROW[:, None] - ROW)


def problem(**given):
    """Return six villages in a row, a minute apart, with a site each."""
    names = {"demand_ids": list("abcdef"), "site_ids": list("ABCDEF")}
    return Problem(costs_of(given.pop("costs", APART)), given.pop("demand", np.ones(6)),
                   **{**names, **given})  # fmt: skip


def test_everyone_goes_to_the_nearest_site():
    plan = siting.PMedian().solve(problem(k=2))
    assert [plan.problem.site_name(j) for j in plan.sites] == ["B", "E"]
    assert plan.to_frame()["site_id"].tolist() == list("BBBEEE")
    assert plan.to_frame()["cost"].tolist() == [60, 0, 60, 60, 0, 60]


def test_who_is_beyond_the_cut_off_goes_nowhere():
    plan = siting.MaxCover(60.0).solve(problem(k=1))
    frame = plan.to_frame()
    assert plan.objective == 3
    assert frame["site_id"].isna().sum() == 3
    assert frame["people"].sum() == 6


def test_a_plan_that_cannot_be_names_whom_no_site_reaches():
    costs = APART.copy()
    costs[[1, 4]] = np.inf
    for model in (siting.PMedian(), siting.PCentre(), siting.Leximin()):
        plan = model.solve(problem(costs=costs, k=2))
        assert not plan.feasible
        assert plan.reason == "no allowed site can be reached from these: b, e"
        assert plan.hindering.tolist() == [1, 4]
        assert np.isnan(plan.gap)


def test_too_few_sites_are_told_by_whom_the_best_plan_leaves():
    costs = np.where(np.eye(6), 0, np.inf)
    plan = siting.PMedian().solve(problem(costs=costs, demand=np.arange(1.0, 7), k=4))
    assert "4 sites cannot reach everyone; the plan that reaches most leaves: " in plan.reason
    assert len(plan.hindering) == 2
    plan = siting.SetCover(60.0).solve(problem(k=1))
    assert plan.reason.startswith(
        "1 sites cannot cover everyone; the plan that covers most leaves: "
    )
    assert len(plan.hindering) == 3


def test_a_set_cover_out_of_reach_says_so():
    plan = siting.SetCover(30.0).solve(problem(state=["forbidden"] + ["optional"] * 5))
    assert plan.reason == "no allowed site is within 30 of these: a"
    plan = siting.SetCover(30.0, times=2).solve(problem())
    assert plan.reason == "too few allowed sites are within 30 of these: a, b, c, d, e, f"


def test_places_that_do_not_suffice_are_counted():
    plan = siting.PMedian().solve(problem(k=2, capacity=np.full(6, 2.0)))
    assert plan.reason.startswith("the sites that may open can take 4 of 6 people")
    plan = siting.EvenAccess(places=9).solve(problem(k=2, capacity=np.full(6, 2.0)))
    assert plan.reason == (
        "the sites that may open have 4 places at most within reach of anybody, not 9"
    )


def test_points_without_people_ask_for_nothing():
    costs = APART.copy()
    costs[0] = np.inf
    asked = problem(costs=costs, k=2)
    assert not siting.PMedian().solve(asked).feasible
    plan = siting.PMedian().solve(asked.without(asked.out_of_reach()))
    assert plan.feasible
    assert plan.to_frame()["site_id"].tolist()[0] is None


def test_existing_sites_stay_close_or_are_left_out_as_their_state_says():
    def sites(*states):
        plan = siting.PMedian().solve(problem(k=2, state=[*states, *["optional"] * 4]))
        return plan.sites.tolist()

    assert sites("optional", "optional") == [1, 4]
    assert 0 in sites("existing-kept", "optional")
    assert 0 in sites("required", "optional")
    assert sites("existing-closable", "optional") == [1, 4]
    assert 1 not in sites("optional", "forbidden")


def test_a_budget_holds_with_its_very_sum():
    price = np.array([0.1, 0.2, 9, 9, 0.2, 9])
    plan = siting.PMedian().solve(problem(opening_cost=price, budget=0.1 + 0.2))
    assert plan.sites.tolist() == [0, 1] or plan.sites.tolist() == [0, 4]
    assert price[plan.sites].sum() <= 0.3 + 1e-12
    assert plan.objective == min(
        siting.PMedian().value(plan.problem, o) for o in brute_force.plans(plan.problem)
    )


def test_everything_wrong_with_a_problem_is_told_at_once():
    with pytest.raises(ValueError, match="2 people were given for 6 demand points; 3 states"):
        problem(demand=np.ones(2), state=["optional"] * 3)
    with pytest.raises(ValueError, match="k must be at least 1, not 0; a budget needs opening"):
        problem(k=0, budget=3.0)
    with pytest.raises(ValueError, match="people must be finite and at least 0, but are -2 at b"):
        problem(demand=np.array([1.0, -2, 1, 1, 1, 1]))
    with pytest.raises(ValueError, match="k is 1, but 2 sites are kept or required; k counts all"):
        problem(k=1, state=["existing-kept", "required"] + ["optional"] * 4)
    with pytest.raises(ValueError, match="the budget is 1, but the sites kept or required cost 3"):
        problem(budget=1.0, opening_cost=np.full(6, 3.0), state=["required"] + ["optional"] * 5)
    with pytest.raises(ValueError, match="a cost is NaN; where a site is out of reach give inf"):
        costs_of(np.array([[np.nan]]))
    with pytest.raises(ValueError, match="'sometimes' is not a valid SiteState"):
        problem(state=["sometimes"] * 6).states  # noqa: B018


@pytest.mark.parametrize(
    "model", [siting.PMedian(), siting.MaxCover(3.0), siting.SetCover(3.0), siting.PCentre(),
              siting.MaxCover(3.0, times=2), siting.SetCover(3.0, times=2)]
)  # fmt: skip
@pytest.mark.parametrize("within", [0.0, 0.2])
def test_all_plans_about_as_good_are_listed(model, within):
    sign = 1 if model.sense == "least" else -1
    for seed in range(12):
        rng = np.random.default_rng(seed)
        points, sites = rng.integers(1, 10), rng.integers(2, 8)
        costs = rng.integers(0, 7, (points, sites)).astype(float)
        k = int(rng.integers(1, sites + 1))
        asked = Problem(costs_of(costs), rng.integers(0, 4, points).astype(float), k=k)
        plan = model.solve(asked)
        if not plan.feasible:
            continue
        found = siting.alternatives(plan, within=within, most=1000)
        limit = plan.objective * (1 + sign * within)
        wanted = {
            tuple(np.flatnonzero(o))
            for o in brute_force.plans(asked)
            if sign * model.value(asked, o) <= sign * limit + 1e-7
            and (isinstance(model, siting.SetCover) or o.sum() == min(k, sites))
        }
        assert {tuple(np.flatnonzero(o)) for o in found.open_site} == wanted
        assert found.complete
        assert (np.diff(sign * found.objective) >= -1e-9).all()


def test_a_list_cut_short_says_so():
    plan = siting.PMedian().solve(problem(k=3))
    found = siting.alternatives(plan, within=1.0, most=2)
    assert len(found.objective) == 2
    assert not found.complete


def test_a_site_in_every_best_plan_is_told_from_a_matter_of_taste():
    plan = siting.PMedian().solve(problem(k=2, demand=np.array([9.0, 0, 0, 0, 1, 1])))
    share = siting.alternatives(plan).share
    assert share.tolist() == [1, 0, 0, 0, 0.5, 0.5]


def test_a_choice_that_does_not_depend_on_the_draws_is_certain():
    plan = siting.PMedian().solve(problem(k=2))
    rng = np.random.default_rng(1)
    told = siting.against(plan, 20, rng, people=0.0, speed=0.3)
    assert told.draws == 20
    assert told.share.tolist() == [0, 1, 0, 0, 1, 0]
    assert told.rank_high[[0, 1]].tolist() == [3, 1]


def test_a_site_that_may_close_stays_in_as_many_plans_as_it_stays_open():
    state = ["optional", "existing-kept"] + ["optional"] * 4
    plan = siting.PMedian().solve(problem(k=2, state=state))
    told = siting.against(plan, 300, np.random.default_rng(2), people=0, speed=0, closure=0.25)
    assert told.share[1] == pytest.approx(0.75, abs=0.07)
    again = siting.against(plan, 300, np.random.default_rng(2), people=0, speed=0, closure=0.25)
    assert again.share.tolist() == told.share.tolist()


def test_draws_that_make_no_sense_are_refused():
    plan = siting.PMedian().solve(problem(k=2))
    message = "speed is 1, but must be at least 0 and below 1; draws must be at least 1, not 0"
    with pytest.raises(ValueError, match=message):
        siting.against(plan, 0, np.random.default_rng(1), speed=1.0)


def test_the_most_deprived_fifth_is_a_fifth_of_the_people_with_ties_shared():
    rank = np.array([1.0, 2, 2, 3, np.nan])
    people = np.array([10.0, 10, 30, 50, 99])
    counted = siting.most_deprived(rank, people)
    assert counted == pytest.approx([10, 2.5, 7.5, 0, 0])


def test_the_plan_for_the_most_deprived_is_the_one_nearest_to_them():
    rank = np.array([6.0, 5, 4, 3, 2, 1])
    asked = problem(k=1)
    assert siting.PMedian().solve(asked).sites[0] in (2, 3)
    fifth = siting.most_deprived(rank, asked.demand, share=1 / 3)
    assert siting.PMedian().solve(asked.for_people(fifth)).sites[0] in (4, 5)


def test_suggestions_add_up_and_name_the_deprived():
    people = np.array([10.0, 20, 30, 40, 50, 60])
    state = ["existing-closable"] + ["optional"] * 5
    plan = siting.PMedian().solve(problem(k=2, demand=people, state=state))
    assert plan.sites.tolist() == [2, 5]
    said = siting.suggestions(
        plan, cutoff=60, within="1 minute", service="office", people="children",
        deprived=np.array([0, 0, 0, 0, 50.0, 60]),
    )  # fmt: skip
    areas = "of them in the most deprived areas."
    assert said == (
        f"An office at F would bring 110 more children within 1 minute, all {areas}",
        f"An office at C would bring 70 more children within 1 minute, none {areas}",
        f"Closing the office at A would leave 10 children beyond 1 minute, none {areas}",
    )
