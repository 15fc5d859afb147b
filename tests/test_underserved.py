"""Each area is judged by what is known of its people, and says why."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoengine import underserved
from geoengine.travel_times import Nearest
from geoengine.underserved import Reach, Rule

NEVER = np.inf
OFF = np.nan
"""No street: no time."""
RULE = Rule()
NURSERIES = pd.DataFrame(
    {"name": ["Acorns", "Oaks"], "abroad": [False, True]},
    index=pd.Index(["n1", "n2"], name="provision_id"),
)


def home(
    people: float, minutes: float, *, near: int = 0, unsure: bool = False, places: float = 0.0
) -> tuple[float, float, int, bool, float]:
    """People who live some minutes from the nearest nursery, perhaps not for certain."""
    return people, minutes, near if np.isfinite(minutes) else -1, unsure, places


def reach(homes: list[tuple[float, float, int, bool, float]]) -> Reach:
    seconds = np.array([[minutes * 60] for _, minutes, *_ in homes], dtype=float).reshape(-1, 1)
    near = np.array([[at] for _, _, at, *_ in homes], np.int32).reshape(-1, 1)
    nearest = Nearest(seconds, near, np.empty((0, 1), np.int32), np.empty((0, 1), np.int32))
    return Reach(
        nearest,
        np.array([unsure for *_, unsure, _ in homes], dtype=bool),
        np.array([places for *_, places in homes], dtype=float),
    )


def origins(codes: list[str], homes: list[tuple[float, float, int, bool, float]]) -> pd.DataFrame:
    return pd.DataFrame({"area_code": codes, "people": [people for people, *_ in homes]})


def judge(rule: Rule = RULE, decile: float = 1, people: float | None = None, **homes) -> pd.Series:
    """Judge one area by its homes, given in order."""
    held = list(homes.values())
    total = sum(one[0] for one in held) if people is None else people
    areas = pd.DataFrame(
        {"name": ["Hill"], "decile": [decile], "rank": [5.0], "people": [total]},
        index=pd.Index(["H"], name="area_code"),
    )
    found = underserved.judge(areas, origins(["H"] * len(held), held), reach(held), NURSERIES, rule)
    return found.loc["H"]


# --------------------------------------------------------------------- status


def test_an_area_is_underserved_when_more_than_the_share_lives_beyond():
    area = judge(a=home(74, 10), b=home(26, 15.1))
    assert (area["status"], area["children_beyond"], area["share_beyond"]) == (
        "underserved",
        26,
        0.26,
    )


def test_at_exactly_the_share_it_is_reached():
    assert judge(a=home(75, 10), b=home(25, 15.1))["status"] == "reached"
    # Thirds that do not add up in binary are still exactly at the share.
    third = Rule(share=0.3)
    assert judge(third, a=home(0.7, 10), b=home(0.1, 16), c=home(0.2, 16))["status"] == "reached"


def test_the_cutoff_itself_is_within_reach():
    assert judge(a=home(10, 15))["status"] == "reached"
    assert judge(a=home(10, 15 + 1 / 600))["status"] == "underserved"


def test_an_area_that_is_not_deprived_is_never_underserved():
    area = judge(decile=3, a=home(10, 40))
    assert (area["status"], area["children_beyond"]) == ("not_deprived", 10)
    assert judge(Rule(deciles=(3,)), decile=3, a=home(10, 40))["status"] == "underserved"


def test_no_way_there_is_beyond_every_cutoff():
    area = judge(a=home(10, NEVER))
    assert (area["status"], area["children_beyond"], area["share_beyond"]) == (
        "underserved",
        10,
        1,
    )
    assert area["minutes_state"] == area["worst_state"] == "unreachable"
    assert np.isnan(area["minutes_median"])
    assert np.isnan(area["minutes_worst"])


def test_no_street_is_neither_within_nor_beyond():
    area = judge(a=home(10, OFF))
    assert area["status"] == "not_covered"
    assert (area["children_beyond"], area["children_unknown"], area["coverage"]) == (0, 10, 0)
    assert area["minutes_state"] == area["worst_state"] == "not covered"
    assert np.isnan(area["share_beyond"])


def test_a_missing_figure_is_unknown_and_not_zero():
    for area in (judge(decile=np.nan, a=home(10, 5)), judge(people=np.nan, a=home(10, 5))):
        assert area["status"] == "unknown"
    nobody_counted = judge(people=np.nan)
    assert nobody_counted["status"] == "unknown"
    assert np.isnan(nobody_counted["children_beyond"])


def test_an_area_without_any_origin_is_not_covered():
    assert judge(people=10)["status"] == "not_covered"


def test_an_area_in_which_no_child_lives_is_reached():
    area = judge(a=home(0, 40))
    assert (area["status"], area["children_beyond"]) == ("reached", 0)
    assert np.isnan(area["share_beyond"])


def test_doubt_that_cannot_turn_the_verdict_leaves_it_standing():
    # 30 of 100 beyond for certain: underserved, were all the 40 in doubt reached.
    assert judge(a=home(30, 20), b=home(30, 5), c=home(40, OFF))["status"] == "underserved"
    # 5 for certain and 20 in doubt are not more than 25 of 100.
    assert judge(a=home(5, 20), b=home(75, 5), c=home(20, OFF))["status"] == "reached"


def test_doubt_that_could_turn_the_verdict_is_not_covered():
    # 5 for certain and 21 in doubt could be 26 of 100.
    area = judge(a=home(5, 20), b=home(74, 5), c=home(21, OFF))
    assert area["status"] == "not_covered"
    assert area["children_unknown"] == 21
    assert area["share_beyond"] == pytest.approx(5 / 79)
    assert area["coverage"] == pytest.approx(0.79)


def test_homes_near_an_unjoined_nursery_are_in_doubt_only_if_nothing_else_reaches_them():
    near = judge(a=home(60, 5, unsure=True), b=home(40, 5))
    assert (near["status"], near["children_unknown"]) == ("reached", 0)
    far = judge(a=home(60, 20, unsure=True), b=home(40, 5))
    assert (far["status"], far["children_unknown"], far["children_beyond"]) == (
        "not_covered",
        60,
        0,
    )


def test_unreachable_uncovered_and_unknown_are_three_different_things():
    found = [
        judge(a=home(10, NEVER))["status"],
        judge(a=home(10, OFF))["status"],
        judge(decile=np.nan, a=home(10, 5))["status"],
    ]
    assert found == ["underserved", "not_covered", "unknown"]


@settings(max_examples=80, deadline=None)
@given(
    within=st.integers(0, 200),
    beyond=st.integers(0, 200),
    doubt=st.integers(0, 200),
    share=st.sampled_from([0.0, 0.1, 0.25, 0.3, 1 / 3, 0.5, 0.9]),
)
def test_the_verdict_stands_only_if_it_holds_however_the_doubt_turns_out(
    within, beyond, doubt, share
):
    rule = Rule(share=share)
    all_reached = judge(rule, a=home(within + doubt, 5), b=home(beyond, 20))["status"]
    none_reached = judge(rule, a=home(within, 5), b=home(beyond + doubt, 20))["status"]
    found = judge(rule, a=home(within, 5), b=home(beyond, 20), c=home(doubt, OFF))["status"]
    if doubt and not within + beyond:
        assert found == "not_covered"
    else:
        assert found == (all_reached if all_reached == none_reached else "not_covered")


# -------------------------------------------------------------------- figures


def test_the_median_is_weighted_by_people():
    area = judge(a=home(10, 5), b=home(31, 20), c=home(20, 10))
    assert (area["minutes_median"], area["minutes_worst"]) == (20, 20)
    assert judge(a=home(10, 5), b=home(29, 20), c=home(20, 10))["minutes_median"] == 10


def test_the_median_is_of_those_with_streets_and_unreachable_where_most_cannot_go():
    area = judge(a=home(10, 5), b=home(50, OFF))
    assert (area["minutes_median"], area["minutes_state"]) == (5, "measured")
    area = judge(a=home(10, 5), b=home(11, NEVER))
    assert area["minutes_state"] == "unreachable"
    assert np.isnan(area["minutes_median"])


def test_the_longest_time_is_that_of_somebody_and_not_of_an_empty_home():
    area = judge(a=home(10, 5), b=home(0, 90))
    assert area["minutes_worst"] == 5


def test_the_nearest_is_that_of_the_most_people_and_of_equals_the_first():
    most = judge(a=home(10, 5, near=0), b=home(11, 6, near=1))
    assert (most["nearest_id"], most["nearest_name"]) == ("n2", "Oaks")
    assert judge(a=home(10, 5, near=1), b=home(10, 6, near=0))["nearest_id"] == "n1"


def test_places_are_averaged_over_people_and_unknown_ones_passed_over():
    area = judge(a=home(10, 5, places=0.5), b=home(30, 5, places=0.1))
    assert area["places_per_100"] == pytest.approx(20)
    area = judge(a=home(10, 5, places=0.5), b=home(30, 5, places=np.nan))
    assert area["places_per_100"] == pytest.approx(50)
    assert np.isnan(judge(a=home(10, 5, places=np.nan))["places_per_100"])
    assert np.isnan(judge(a=home(10, OFF))["places_per_100"])


# ------------------------------------------------------------------ sentences


def sentence(**homes) -> str:
    return judge(**homes)["sentence"]


def test_each_status_is_told_in_a_sentence():
    start = "Hill (deprivation decile 1): "
    assert sentence(a=home(74, 10), b=home(26, 16)) == (
        f"{start}26 of 100 children under 5 live more than 15 minutes’ walk from a nursery; "
        "the nearest to most is Acorns at 10 minutes typically."
    )
    assert sentence(a=home(30, 20, near=1)) == (
        f"{start}all 30 children under 5 live more than 15 minutes’ walk from a nursery; the "
        "nearest to most is Oaks, across the authority’s border, at 20 minutes typically."
    )
    assert sentence(a=home(1200, 0.4)) == (
        f"{start}all 1,200 children under 5 live within 15 minutes’ walk of a nursery; the "
        "nearest to most is Acorns at 1 minute typically."
    )
    assert sentence(a=home(30, NEVER)) == (
        f"{start}all 30 children under 5 live more than 15 minutes’ walk from a nursery; for "
        "most of them there is no way to one."
    )
    assert sentence(a=home(30, OFF)) == (
        f"{start}the street map does not cover enough of this area, or of the nurseries near it, "
        "to say how its 30 children under 5 are served."
    )
    assert sentence(a=home(0, 2)) == (
        f"{start}no children under 5 live here; the nearest to most is Acorns at 2 minutes "
        "typically."
    )


def test_a_missing_figure_is_told_as_missing():
    assert judge(decile=np.nan, a=home(10, 5))["sentence"] == (
        "Hill: the deprivation file has no figure for this area."
    )
    assert judge(people=np.nan)["sentence"] == (
        "Hill: the population file has no figure for this area."
    )


def test_a_cutoff_of_one_minute_and_of_half_a_minute_read_well():
    assert Rule(cutoff_s=60).limit == "1 minute’s walk"
    assert Rule(cutoff_s=450, journey="cycle ride").limit == "7.5 minutes’ cycle ride"


# ---------------------------------------------------------- the place in whole


def county(**areas: tuple[float, float]) -> pd.DataFrame:
    """Judge areas by name: decile, and people, all of them 20 minutes away (or 5 if negative)."""
    table = pd.DataFrame(
        {
            "name": list(areas),
            "decile": [decile for decile, _ in areas.values()],
            "rank": np.nan,
            "people": [abs(people) for _, people in areas.values()],
        },
        index=pd.Index(list(areas), name="area_code"),
    )
    homes = [home(abs(people), 20 if people > 0 else 5) for _, people in areas.values()]
    return underserved.judge(table, origins(list(areas), homes), reach(homes), NURSERIES, RULE)


def test_underserved_areas_come_first_and_the_most_people_lead():
    found = county(b=(1, 5), a=(1, 5), rich=(9, 99), near=(2, -50), gap=(np.nan, 7), c=(2, 60))
    assert found.index.tolist() == ["c", "a", "b", "near", "rich", "gap"]
    assert list(found["status"]) == [
        "underserved",
        "underserved",
        "underserved",
        "reached",
        "not_deprived",
        "unknown",
    ]


def test_the_headline_counts_people_beyond_in_underserved_areas():
    found = county(a=(1, 700), b=(2, 600), near=(2, -50), rich=(9, 99), gap=(np.nan, 7))
    assert underserved.headline(found, RULE) == (
        "1,300 children under 5 in 2 of the 3 most deprived areas live more than 15 minutes’ walk "
        "from a nursery"
    )


def test_the_headline_says_when_no_area_is_underserved():
    assert underserved.headline(county(near=(1, -50), too=(2, -9), rich=(9, 99)), RULE) == (
        "In none of the 2 most deprived areas do more than 25% of children under 5 live more than "
        "15 minutes’ walk from a nursery"
    )


def test_the_headline_says_when_no_area_is_deprived():
    assert underserved.headline(county(rich=(9, 99)), RULE) == (
        "No area here is in deprivation decile 1 or 2"
    )


def test_the_headline_reads_well_for_the_only_deprived_area():
    assert underserved.headline(county(a=(1, 70), rich=(9, 99)), RULE) == (
        "70 children under 5 in the only deprived area here live more than 15 minutes’ walk from "
        "a nursery"
    )
    assert underserved.headline(county(a=(1, -70), rich=(9, 99)), RULE) == (
        "In the only deprived area here no more than 25% of children under 5 live more than "
        "15 minutes’ walk from a nursery"
    )


def test_the_headline_claims_nothing_of_areas_that_the_map_does_not_cover():
    def headline(*statuses: str) -> str:
        judged = pd.DataFrame({"status": statuses, "decile": 1.0, "children_beyond": 5.0})
        return underserved.headline(judged, RULE)

    assert headline("not_covered", "not_covered") == (
        "The street map does not cover enough of the 2 most deprived areas to say how children "
        "under 5 are served"
    )
    assert headline("not_covered") == (
        "The street map does not cover enough of the only deprived area here to say how children "
        "under 5 are served"
    )
    assert headline("reached", "not_covered", "reached") == (
        "In none of the 2 of the 3 most deprived areas that the street map covers do more than "
        "25% of children under 5 live more than 15 minutes’ walk from a nursery"
    )
    assert headline("reached", "not_covered") == (
        "In the only one of the 2 most deprived areas that the street map covers no more than "
        "25% of children under 5 live more than 15 minutes’ walk from a nursery"
    )
    assert headline("underserved", "not_covered") == (
        "5 children under 5 in 1 of the 2 most deprived areas live more than 15 minutes’ walk "
        "from a nursery"
    )


def test_deciles_add_up_to_the_county_and_leave_the_unknown_out():
    found = county(a=(1, 70), b=(1, -30), rich=(9, 99), gap=(np.nan, 7))
    table = underserved.by_decile(found)
    assert table["decile"].tolist() == list(range(1, 11))
    assert table.iloc[0].tolist() == [1, 2, 100, 70, 0]
    assert table.iloc[8].tolist() == [9, 1, 99, 99, 0]
    assert table[["areas", "people", "people_beyond"]].sum().tolist() == [3, 199, 169]


@st.composite
def inhabited(draw):
    return [
        home(
            draw(st.integers(0, 50)),
            draw(st.one_of(st.sampled_from([NEVER, OFF]), st.floats(0, 80))),
            unsure=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 12)))
    ]


def doubt(homes):
    """Doubts that do not depend on the time."""
    return lambda _: np.array([one[3] for one in homes], dtype=bool)


@settings(max_examples=100, deadline=None)
@given(homes=inhabited(), cutoff=st.integers(1, 60))
def test_fewer_are_beyond_a_longer_time_and_the_curve_meets_the_table(homes, cutoff):
    lived = origins(["H"] * len(homes), homes)
    deprived = np.arange(len(homes)) % 2 == 0
    curve = underserved.curve(lived, reach(homes), deprived, doubt(homes))
    assert curve["minutes"] == list(range(61))
    for name in ("people_beyond", "deprived_beyond"):
        assert (np.diff(curve[name]) <= 0).all()
    assert (np.array(curve["deprived_beyond"]) <= curve["people_beyond"]).all()
    area = judge(Rule(cutoff_s=cutoff * 60), **{f"h{at}": one for at, one in enumerate(homes)})
    assert curve["people_beyond"][cutoff] == area["children_beyond"]


@settings(max_examples=50, deadline=None)
@given(
    homes=st.lists(inhabited(), min_size=1, max_size=4),
    decile=st.sampled_from([1.0, 2.0, 3.0, np.nan]),
    share=st.sampled_from([0.0, 0.25, 0.5]),
)
def test_each_minutes_judgement_is_that_of_a_study_with_that_cutoff(homes, decile, share):
    codes = [f"A{at}" for at, those in enumerate(homes) for _ in those]
    every = [one for those in homes for one in those]
    areas = pd.DataFrame(
        {"name": "Hill", "decile": decile, "rank": 5.0, "people": 0.0},
        index=pd.Index([*sorted(set(codes)), "B"], name="area_code"),
    )
    areas["people"] += pd.Series([one[0] for one in every]).groupby(codes).sum()
    areas.loc["B", "people"] = 7.0
    lived, known = origins(codes, every), reach(every)
    judged = {
        minute: underserved.judge(
            areas, lived, known, NURSERIES, Rule(cutoff_s=60 * minute, share=share)
        )
        for minute in (0, 1, 14, 15, 16, 60)
    }
    curves = underserved.curves(judged[15], lived, known, Rule(share=share), doubt(every))
    for minute, table in judged.items():
        for code, row in table.iterrows():
            assert underserved.STATUSES[int(curves["status"][code][minute])] == row["status"]
            if code == "B":
                assert code not in curves["beyond"]
                continue
            assert curves["beyond"][code][minute] == row["children_beyond"]
            unknown = curves["unknown"].get(code, [0.0] * 61)
            assert unknown[minute] == row["children_unknown"]


def test_the_further_people_may_go_the_more_may_reach_what_the_map_does_not_cover():
    homes = [home(10, 40), home(5, 40)]
    may_reach = {5: [False, False], 20: [True, False], 60: [True, True]}

    def uncertain(minute):
        return np.array(may_reach[max(each for each in (5, 20, 60) if each <= max(minute, 5))])

    areas = pd.DataFrame(
        {"name": ["Hill"], "decile": [1], "rank": [5.0], "people": [15.0]},
        index=pd.Index(["H"], name="area_code"),
    )
    lived = origins(["H", "H"], homes)
    judged = underserved.judge(areas, lived, reach(homes), NURSERIES, RULE)
    curves = underserved.curves(judged, lived, reach(homes), RULE, uncertain)
    at = [5, 19, 20, 39, 40]
    assert [curves["beyond"]["H"][minute] for minute in at] == [15, 15, 5, 5, 0]
    assert [curves["unknown"]["H"][minute] for minute in at] == [0, 0, 10, 10, 0]


def test_a_home_is_in_doubt_where_an_unjoined_nursery_is_as_near_as_anyone_could_get():
    x, y = np.array([0.0, 1200.0, 1201.0]), np.zeros(3)
    at = underserved.uncertain_origins(x, y, np.zeros(1), np.zeros(1), reach_m=1200)
    assert at.tolist() == [True, True, False]
    nowhere = np.empty(0)
    assert not underserved.uncertain_origins(x, y, nowhere, nowhere, reach_m=1200).any()
