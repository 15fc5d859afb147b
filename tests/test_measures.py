"""Every measure equals its paper's formula taken pair by pair, and keeps its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoengine import decay
from geoengine.accessibility import (
    balanced_floating_catchment,
    balancing_time,
    childcare_places_per_100,
    cumulative,
    cumulative_over,
    doubly_constrained,
    enhanced_two_step_floating_catchment,
    gravity,
    huff_three_step_floating_catchment,
    market_availability,
    mean_of_nearest,
    modified_two_step_floating_catchment,
    nearest,
    pair_up,
    rational_agent_access,
    spatial_availability,
    three_step_floating_catchment,
    time_to_reach,
    total_constrained,
    two_step_floating_catchment,
)
from geoengine.travel_times import TravelTimes
from tests.minutes import amounts, pairs_from

NEVER = np.inf
FALL = decay.exponential(0.05)
SHARING = {
    "2sfca": two_step_floating_catchment,
    "3sfca": three_step_floating_catchment,
    "m2sfca": modified_two_step_floating_catchment,
    "mh3sfca": huff_three_step_floating_catchment,
    "bfca": balanced_floating_catchment,
}


@st.composite
def regions(draw):
    """Minutes between some homes and nurseries, places and children."""
    homes, nurseries = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    seed = draw(st.integers(0, 10_000))
    rng = np.random.default_rng(seed)
    minutes = rng.integers(1, 60, (homes, nurseries)).astype(float)
    minutes[rng.random(minutes.shape) < 0.3] = NEVER
    return (
        minutes,
        rng.integers(0, 50, nurseries).astype(float),
        rng.integers(0, 30, homes).astype(float),
    )


class TestNearest:
    """How soon."""

    MINUTES = ((5, 3, 9), (NEVER, 8, NEVER), (NEVER, NEVER, NEVER))

    def test_the_nearest_comes_first_and_what_is_not_there_is_never(self):
        seconds, who = nearest(pairs_from(self.MINUTES), 2)
        assert (seconds / 60).tolist() == [[3, 5], [8, NEVER], [NEVER, NEVER]]
        assert who.tolist() == [[1, 0], [1, -1], [-1, -1]]

    def test_of_equally_near_ones_the_first_is_taken(self):
        assert nearest(pairs_from([[4, 4]]))[1].tolist() == [[0]]

    def test_only_those_among_count(self):
        seconds, who = nearest(pairs_from(self.MINUTES), among=np.array([True, False, True]))
        assert (seconds / 60).ravel().tolist() == [5, NEVER, NEVER]
        assert who.ravel().tolist() == [0, -1, -1]

    def test_the_mean_of_two_is_never_where_there_is_one(self):
        found = mean_of_nearest(pairs_from(self.MINUTES), 2) / 60
        assert found.tolist() == [4, NEVER, NEVER]

    def test_none_is_not_a_number_of_nearest(self):
        with pytest.raises(ValueError, match=r"^k must be at least 1, not 0$"):
            nearest(pairs_from([[1]]), 0)

    def test_the_passive_form_finds_the_nearest_home(self):
        seconds, who = nearest(pairs_from(self.MINUTES).turned())
        assert (seconds / 60).ravel().tolist() == [5, 3, 9]
        assert who.ravel().tolist() == [0, 0, 0]


class TestAmounts:
    """How much."""

    def test_the_cutoff_itself_counts(self):
        found = cumulative(pairs_from([[15, 15.01]]), amounts(30, 10), cutoff_s=900)
        assert found.tolist() == [30]

    def test_nothing_in_reach_is_zero_and_only_unknown_amounts_are_unknown(self):
        minutes = [[5, NEVER], [5, 5], [NEVER, NEVER], [NEVER, 20]]
        found = cumulative(pairs_from(minutes), amounts(np.nan, 40), cutoff_s=900)
        np.testing.assert_array_equal(found, [np.nan, 40, 0, 0])

    def test_an_interval_of_cutoffs_is_summarised(self):
        pairs = pairs_from([[10, 11, 12]])
        cutoffs = [600, 660, 720]
        for statistic, wanted in (("mean", 4), ("median", 3), ("min", 1), ("max", 8)):
            found = cumulative_over(pairs, amounts(1, 2, 5), cutoffs_s=cutoffs, statistic=statistic)
            assert found.tolist() == [wanted], statistic

    def test_an_empty_interval_is_refused(self):
        with pytest.raises(ValueError, match=r"^an interval needs at least one cut-off$"):
            cumulative_over(pairs_from([[1]]), amounts(1), cutoffs_s=[])

    def test_gravity_takes_anybodys_decay(self):
        found = gravity(pairs_from([[10, 20]]), amounts(6, 6), decay=lambda s: 600 / s)
        assert found.tolist() == [9]

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            (lambda s: s[:-1], r"the decay returned shape \(1,\) for times of shape \(2,\)"),
            (lambda s: -s, "the decay returned a weight that is negative or not finite"),
            (lambda s: s * np.nan, "the decay returned a weight that is negative or not finite"),
        ],
    )
    def test_a_decay_that_gives_no_weights_is_refused(self, wrong, told):
        with pytest.raises(ValueError, match=f"^{told}$"):
            gravity(pairs_from([[10, 20]]), amounts(6, 6), decay=wrong)

    def test_amounts_are_never_negative(self):
        with pytest.raises(ValueError, match=r"^the amounts must be finite and not negative$"):
            cumulative(pairs_from([[10]]), amounts(-1), cutoff_s=900)

    @given(regions(), st.integers(1, 59))
    def test_more_time_never_reaches_less(self, region, minute):
        minutes, supply, _ = region
        pairs = pairs_from(minutes)
        sooner = cumulative(pairs, supply, cutoff_s=60 * minute)
        later = cumulative(pairs, supply, cutoff_s=60 * minute + 60)
        assert (later >= sooner).all()


class TestTimeToReach:
    """How soon so much."""

    MINUTES = ((5, 3, 9), (NEVER, 8, NEVER), (NEVER, NEVER, NEVER))
    SUPPLY = (10, 5, 20)

    @pytest.mark.parametrize(
        ("wanted", "minutes"),
        [
            (0, [0, 0, 0]),
            (5, [3, 8, NEVER]),
            (6, [5, NEVER, NEVER]),
            (35, [9, NEVER, NEVER]),
            (36, [NEVER] * 3),
        ],
    )
    def test_the_pair_that_makes_it_enough_decides(self, wanted, minutes):
        found = time_to_reach(pairs_from(self.MINUTES), amounts(*self.SUPPLY), wanted)
        assert (found / 60).tolist() == minutes

    def test_each_origin_may_want_its_own(self):
        found = balancing_time(pairs_from(self.MINUTES), amounts(*self.SUPPLY), amounts(15, 0, 1))
        assert (found / 60).tolist() == [5, 0, NEVER]

    def test_an_unknown_want_is_never_met_or_missed(self):
        found = balancing_time(
            pairs_from(self.MINUTES), amounts(*self.SUPPLY), amounts(np.nan, 5, 1)
        )
        np.testing.assert_array_equal(found / 60, [np.nan, 8, NEVER])

    @given(regions(), st.integers(1, 60))
    def test_it_is_the_first_cutoff_at_which_so_much_is_in_reach(self, region, wanted):
        minutes, supply, _ = region
        pairs = pairs_from(minutes)
        found = time_to_reach(pairs, supply, wanted)
        for home, seconds in enumerate(found):
            if np.isfinite(seconds):
                assert cumulative(pairs, supply, cutoff_s=seconds)[home] >= wanted
                assert cumulative(pairs, supply, cutoff_s=seconds - 1)[home] < wanted
            else:
                assert cumulative(pairs, supply, cutoff_s=1e9)[home] < wanted

    @pytest.mark.parametrize("longest", [0.0, 0.3, 50.0, 1e7])
    def test_rows_of_many_pairs_are_searched_as_if_sorted(self, longest):
        rng = np.random.default_rng(8)
        minutes = np.concatenate((rng.integers(0, 20, (6, 700)), np.full((6, 1), longest)), axis=1)
        supply = rng.integers(0, 5, 701).astype(float)
        wants = amounts(1, 10, 100, 900, supply.sum(), supply.sum() + 1)
        wanted = []
        for row, want in zip(minutes, wants, strict=True):
            order = np.argsort(row)
            enough = np.cumsum(supply[order]) >= want
            wanted.append(row[order][enough.argmax()] if enough.any() else NEVER)
        found = time_to_reach(pairs_from(minutes), supply, wants)
        np.testing.assert_allclose(found / 60, wanted)


UNSHARED = {
    "nearest": lambda pairs, *_: nearest(pairs)[0].ravel(),
    "mean of two": lambda pairs, *_: mean_of_nearest(pairs, 2),
    "cumulative": lambda pairs, supply, _: cumulative(pairs, supply, cutoff_s=1200),
    "interval": lambda pairs, supply, _: cumulative_over(
        pairs, supply, cutoffs_s=[600, 900, 1800], statistic="median"
    ),
    "gravity": lambda pairs, supply, _: gravity(pairs, supply, decay=FALL),
    "dual": lambda pairs, supply, _: time_to_reach(pairs, supply, 20),
    "balancing": balancing_time,
    "availability": spatial_availability,
    "total": lambda pairs, supply, _: total_constrained(pairs, supply, decay=FALL),
    "official": childcare_places_per_100,
}


@pytest.mark.parametrize("measure", UNSHARED.values(), ids=UNSHARED)
@given(region=regions())
@settings(max_examples=25, deadline=None)
def test_no_measure_depends_on_order_or_names(measure, region):
    minutes, supply, demand = region
    rng = np.random.default_rng(len(supply))
    home, nursery = rng.permutation(len(demand)), rng.permutation(len(supply))
    found = measure(pairs_from(minutes), supply, demand)
    mixed = measure(pairs_from(minutes[home][:, nursery]), supply[nursery], demand[home])
    np.testing.assert_allclose(mixed, found[home], rtol=1e-9, atol=1e-12)


def shares(method, minutes, supply, demand, weigh):
    """Every floating catchment as its paper writes it, by loops over a table."""
    homes, nurseries = range(len(demand)), range(len(supply))
    w = [
        [float(weigh(amounts(60 * m))[0]) if np.isfinite(m) else 0.0 for m in row]
        for row in minutes
    ]
    chosen = [[0.0] * len(supply) for _ in homes]
    second = [[0.0] * len(supply) for _ in homes]
    for i in homes:
        for j in nurseries:
            row, column = sum(w[i]), sum(w[k][j] for k in homes)
            huff = sum(supply[k] * w[i][k] for k in nurseries)
            part = w[i][j] / row if row else 0.0
            huff_part = supply[j] * w[i][j] / huff if huff else 0.0
            chosen[i][j], second[i][j] = {
                "2sfca": (w[i][j], w[i][j]),
                "3sfca": (part * w[i][j], part * w[i][j]),
                "m2sfca": (w[i][j], w[i][j] ** 2),
                "mh3sfca": (huff_part, huff_part * w[i][j]),
                "bfca": (part, w[i][j] / column if column else 0.0),
            }[method]
    load = [sum(demand[i] * chosen[i][j] for i in homes) for j in nurseries]
    level = [supply[j] / load[j] if load[j] else 0.0 for j in nurseries]
    return [sum(level[j] * second[i][j] for j in nurseries) for i in homes]


class TestFloatingCatchments:
    """How much each, when places are shared."""

    @pytest.mark.parametrize("method", SHARING)
    @given(region=regions())
    @settings(max_examples=40, deadline=None)
    def test_it_equals_its_formula(self, method, region):
        minutes, supply, demand = region
        found = SHARING[method](pairs_from(minutes), supply, demand, decay=FALL)
        np.testing.assert_allclose(
            found, shares(method, minutes, supply, demand, FALL), rtol=1e-9, atol=1e-12
        )

    @given(regions())
    def test_two_steps_make_and_lose_no_place(self, region):
        minutes, supply, demand = region
        access = two_step_floating_catchment(pairs_from(minutes), supply, demand, decay=FALL)
        reached = (np.isfinite(minutes) & (demand > 0)[:, None]).any(axis=0)
        assert access @ demand == pytest.approx(supply[reached].sum())

    @pytest.mark.parametrize("method", SHARING)
    @given(region=regions())
    @settings(max_examples=25, deadline=None)
    def test_order_and_names_do_not_matter(self, method, region):
        minutes, supply, demand = region
        rng = np.random.default_rng(len(supply))
        home, nursery = rng.permutation(len(demand)), rng.permutation(len(supply))
        found = SHARING[method](pairs_from(minutes), supply, demand, decay=FALL)
        mixed = SHARING[method](
            pairs_from(minutes[home][:, nursery]), supply[nursery], demand[home], decay=FALL
        )
        np.testing.assert_allclose(mixed, found[home], rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize("method", SHARING)
    def test_twice_the_places_are_twice_the_access_and_twice_the_people_half(self, method):
        pairs = pairs_from([[5, 12], [8, NEVER], [20, 3]])
        supply, demand = amounts(30, 12), amounts(10, 20, 5)
        once = SHARING[method](pairs, supply, demand, decay=FALL)
        np.testing.assert_allclose(SHARING[method](pairs, 2 * supply, demand, decay=FALL), 2 * once)
        np.testing.assert_allclose(SHARING[method](pairs, supply, 2 * demand, decay=FALL), once / 2)

    @pytest.mark.parametrize("method", SHARING)
    def test_unknown_places_are_passed_over_and_unknown_only_where_alone(self, method):
        pairs = pairs_from([[5, NEVER], [5, 5], [NEVER, NEVER]])
        found = SHARING[method](pairs, amounts(np.nan, 40), amounts(10, 20, 30))
        assert np.isnan(found[0])
        assert found[1] > 0
        assert found[2] == 0

    @pytest.mark.parametrize("method", SHARING)
    def test_without_people_the_shares_are_nothing_and_no_fault(self, method):
        assert SHARING[method](pairs_from([[5]]), amounts(30), amounts(0)).tolist() == [0]

    @pytest.mark.parametrize("method", SHARING)
    def test_unknown_people_are_refused(self, method):
        with pytest.raises(ValueError, match=r"^the demands must all be known$"):
            SHARING[method](pairs_from([[5]]), amounts(30), amounts(np.nan))

    def test_places_far_from_all_are_left_unused_by_m2sfca_only(self):
        # One home, one nursery, at half weight: 2SFCA hands out all 10 places, M2SFCA half.
        args = pairs_from([[10]]), amounts(10), amounts(10)
        half = decay.linear(1200)
        assert two_step_floating_catchment(*args, decay=half).tolist() == [1]
        assert modified_two_step_floating_catchment(*args, decay=half).tolist() == [0.5]

    def test_zones_of_e2sfca_weigh_by_ten_minutes(self):
        # 10 people at weight 1 and 10 at 0.68 share 16.8 places; the third is out of all zones.
        found = enhanced_two_step_floating_catchment(
            pairs_from([[10], [20], [31]]), amounts(16.8), amounts(10, 10, 10)
        )
        assert found.round(9).tolist() == [1, 0.68, 0]

    def test_the_mh3sfca_of_its_published_program(self):
        # egrueebler/fca: people 1 to 4, places 1 to 6, and 1 to 24 for weights.
        weight = np.arange(1, 25).reshape(4, 6)
        home, nursery = np.divmod(np.arange(24), 6)
        pairs = pair_up(home, nursery, weight.ravel(), origins=4, destinations=6)
        found = huff_three_step_floating_catchment(
            pairs, np.arange(1.0, 7), np.arange(1.0, 5), decay=lambda seconds: seconds
        )
        assert found.round(6).tolist() == [9.617634, 21.717421, 34.325798, 47.032856]

    def test_the_official_english_measure_counts_fifteen_minutes_per_hundred(self):
        found = childcare_places_per_100(pairs_from([[15], [15.1]]), amounts(20), amounts(80, 50))
        assert found.tolist() == [25, 0]


class TestOurOwnTravelTimes:
    """Whole deciseconds are weighed by table, and come to the same."""

    @pytest.mark.parametrize("weigh", [None, FALL, decay.binary(900), decay.power(2)])
    def test_they_give_what_pairs_give(self, weigh):
        rng = np.random.default_rng(3)
        minutes = np.where(rng.random((20, 6)) < 0.4, NEVER, rng.integers(1, 300, (20, 6)) / 10)
        pairs = pairs_from(minutes)
        times = TravelTimes(
            pairs.first_pair,
            pairs.destination.astype(np.uint16),
            np.rint(pairs.seconds * 10).astype(np.uint16),
            6,
            1800.0,
        )
        supply, demand = rng.integers(1, 9, 6).astype(float), rng.integers(1, 9, 20).astype(float)
        for method in SHARING.values():
            np.testing.assert_allclose(
                method(times, supply, demand, decay=weigh),
                method(pairs, supply, demand, decay=weigh),
            )
        np.testing.assert_allclose(nearest(times, 2)[0], nearest(pairs, 2)[0])


class TestConstrained:
    """What is there is handed out once."""

    @given(regions())
    def test_all_places_within_reach_of_people_are_handed_out(self, region):
        minutes, supply, demand = region
        found = spatial_availability(pairs_from(minutes), supply, demand, decay=FALL)
        reached = (np.isfinite(minutes) & (demand > 0)[:, None]).any(axis=0)
        assert found.sum() == pytest.approx(supply[reached].sum())

    @given(regions())
    def test_all_people_in_reach_of_places_are_handed_out(self, region):
        minutes, supply, demand = region
        found = market_availability(pairs_from(minutes), supply, demand, decay=FALL)
        reaching = (np.isfinite(minutes) & (supply > 0)).any(axis=1)
        assert found.sum() == pytest.approx(demand[reaching].sum())

    @given(regions())
    def test_spatial_availability_per_head_is_the_two_steps(self, region):
        minutes, supply, demand = region
        pairs = pairs_from(minutes)
        found = spatial_availability(pairs, supply, demand, decay=FALL)
        each = two_step_floating_catchment(pairs, supply, demand, decay=FALL)
        np.testing.assert_allclose(found, demand * each, rtol=1e-9, atol=1e-12)

    def test_a_small_alpha_favours_small_origins(self):
        args = pairs_from([[5], [5]]), amounts(30), amounts(10, 40)
        assert spatial_availability(*args).tolist() == [6, 24]
        assert spatial_availability(*args, alpha=0.5).tolist() == [10, 20]
        assert spatial_availability(*args, alpha=0).tolist() == [15, 15]

    @given(regions())
    def test_the_total_is_handed_out_by_gravity(self, region):
        minutes, supply, _ = region
        pairs = pairs_from(minutes)
        found, pull = (
            total_constrained(pairs, supply, decay=FALL),
            gravity(pairs, supply, decay=FALL),
        )
        assert found.sum() == pytest.approx(supply.sum() if pull.any() else 0)
        np.testing.assert_allclose(found * pull.sum(), pull * found.sum())

    @pytest.mark.parametrize("weigh", [decay.exponential(0.1), decay.power(3)])
    def test_both_sides_add_up_when_doubly_constrained(self, weigh):
        # The toy of ipeaGIT/accessibility: three places, 20 people and 20 jobs.
        pairs = pairs_from([[10, 30, 15], [30, 10, 25], [15, 25, 10]])
        people, jobs = amounts(4, 10, 6), amounts(7, 5, 8)
        found = doubly_constrained(pairs, jobs, people, decay=weigh)
        assert found.error <= 1e-9
        np.testing.assert_allclose(found.flow.sum(axis=1), people)
        np.testing.assert_allclose(found.flow.sum(axis=0), jobs)

    def test_what_cannot_add_up_says_so(self):
        # Ten people reach a nursery of five places only; the other is out of reach.
        found = doubly_constrained(pairs_from([[5, NEVER]]), amounts(5, 5), amounts(10))
        assert found.error > 0.1

    def test_unequal_totals_are_refused(self):
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            doubly_constrained(pairs_from([[5]]), amounts(5), amounts(10))
        assert str(raised.value) == "supply adds up to 5 and demand to 10; they must be equal"


UNTIMED = "travel times must be finite and not negative; leave out the others"


class TestPairs:
    """Tables of pairs in any order."""

    def test_rows_may_come_in_any_order(self):
        one = pair_up([1, 0, 1], [1, 1, 0], [3.0, 2.0, 1.0], origins=2, destinations=2)
        assert one.first_pair.tolist() == [0, 1, 3]
        assert one.destination.tolist() == [1, 0, 1]
        assert one.seconds.tolist() == [2, 1, 3]

    @pytest.mark.parametrize(
        ("origin", "destination", "seconds", "told"),
        [
            ([0, 0], [1, 1], [1, 2], "a pair of origin and destination stands more than once"),
            ([2], [0], [1], "a position is not one of the 2 from 0 to 1"),
            ([0], [-1], [1], "a position is not one of the 2 from 0 to 1"),
            ([0], [0], [-1], UNTIMED),
            ([0], [0], [NEVER], UNTIMED),
            ([0, 1], [0], [1], "2 origins, 1 destinations and 1 times"),
        ],
    )  # fmt: skip
    def test_what_is_no_table_of_pairs_is_refused(self, origin, destination, seconds, told):
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            pair_up(origin, destination, seconds, origins=2, destinations=2)
        assert str(raised.value) == told

    def test_no_pairs_at_all_reach_nothing(self):
        pairs = pair_up([], [], [], origins=2, destinations=0)
        nothing = np.zeros(0)
        assert nearest(pairs)[0].tolist() == [[NEVER], [NEVER]]
        assert time_to_reach(pairs, nothing, 1).tolist() == [NEVER, NEVER]
        assert two_step_floating_catchment(pairs, nothing, amounts(1, 2)).tolist() == [0, 0]
        assert rational_agent_access(pairs, nothing, amounts(1, 2), tau_s=60).tolist() == [
            NEVER, NEVER,
        ]  # fmt: skip


# Three suburbs and a city, of pysal/access's own tests: 0 gridlock, 1 fast into the city,
# 2 fast out of it, 3 fast both ways.
TOLLS = {
    0: ((1, 80, 40), (80, 1, 40), (40, 40, 1)),
    1: ((1, 80, 20), (80, 1, 20), (40, 40, 1)),
    2: ((1, 80, 40), (80, 1, 40), (20, 20, 1)),
    3: ((1, 40, 20), (40, 1, 20), (20, 20, 1)),
}
DOCTORS, PATIENTS = (15, 20, 100), (100, 50, 10)


class TestHospitals:
    """Doctors in a city and two suburbs, as the roads between get faster."""

    @pytest.fixture
    def access(self):
        def find(scenario, method=two_step_floating_catchment):
            near = decay.within(60 * 60, lambda seconds: 60 / seconds)
            return method(
                pairs_from(TOLLS[scenario]), amounts(*DOCTORS), amounts(*PATIENTS), decay=near
            )

        return find

    @pytest.mark.parametrize("scenario", TOLLS)
    @pytest.mark.parametrize("method", ["2sfca", "3sfca"])
    def test_each_scenario_equals_the_steps_by_hand(self, access, scenario, method):
        minutes = [[m if m <= 60 else NEVER for m in row] for row in TOLLS[scenario]]
        wanted = shares(method, minutes, DOCTORS, PATIENTS, lambda seconds: 60 / seconds)
        np.testing.assert_allclose(access(scenario, SHARING[method]), wanted)

    @pytest.mark.parametrize(
        ("scenario", "signs"), [(1, [1, 1, -1]), (2, [-1, -1, 1]), (3, [1, 1, -1])]
    )
    def test_faster_roads_move_access_the_way_they_lead(self, access, scenario, signs):
        assert np.sign(access(scenario) - access(0)).tolist() == signs


@pytest.mark.filterwarnings("ignore")
class TestPeers:
    """The same figures as the packages of others, where they are installed."""

    @pytest.fixture
    def region(self):
        rng = np.random.default_rng(5)
        return (
            rng.uniform(1, 40, (12, 5)),
            rng.integers(1, 30, 5).astype(float),
            rng.integers(1, 90, 12).astype(float),
        )

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (two_step_floating_catchment, "two_stage_fca"),
            (three_step_floating_catchment, "three_stage_fca"),
        ],
    )
    def test_shares_are_those_of_pysal_access(self, region, ours, theirs):
        pytest.importorskip("access", reason="pysal/access is not installed")
        from access import fca

        pandas = pytest.importorskip("pandas")
        minutes, supply, demand = region
        home, doctor = np.divmod(np.arange(minutes.size), len(supply))
        costs = pandas.DataFrame({"origin": home, "dest": doctor, "cost": minutes.ravel()})
        wanted = getattr(fca, theirs)(
            pandas.DataFrame({"demand": demand}),
            pandas.DataFrame({"supply": supply}),
            costs,
            max_cost=1000,
            demand_index=True,
            supply_index=True,
            weight_fn=lambda cost: np.exp(-0.05 * cost),
        )
        found = ours(pairs_from(minutes), supply, demand, decay=FALL)
        np.testing.assert_allclose(found, wanted.to_numpy())
