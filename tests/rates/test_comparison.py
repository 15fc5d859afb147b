"""One table tells raw from steadied rates, and never makes a hot spot of a handful of people."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from geoengine.errors import TableError
from geoengine.rates.comparison import compare
from geoengine.rates.funnel import proportions, ratios


def series(values):
    return pd.Series(values, pd.Index([f"E{i}" for i in range(len(values))], name="area_code"))


def test_every_way_not_to_have_a_rate_is_its_own():
    found = compare(
        series([3, 4, np.nan, 5, 0]), series([90, 80, 70, np.nan, 0]),
        suppressed=series([False, True, False, False, False]),
    )  # fmt: skip
    assert found["kind"].tolist() == ["as_expected", "suppressed", "unknown", "unknown", "nobody"]
    assert found.drop(columns=["people", "kind"]).iloc[1:].isna().all(axis=None)


def test_nobody_is_nobody_whatever_the_count_says_unless_it_is_withheld():
    found = compare(
        series([3, np.nan, 0, 0]), series([90, 0, 0, 0]),
        suppressed=series([False, False, False, True]),
    )  # fmt: skip
    assert found["kind"].tolist() == ["as_expected", "nobody", "nobody", "suppressed"]
    assert found["people"].tolist() == [90, 0, 0, 0]


def test_what_stands_in_a_suppressed_cell_is_never_used():
    people, withheld = series([90, 80, 70]), series([False, True, False])
    one = compare(series([3, 4, 9]), people, suppressed=withheld)
    other = compare(series([3, 77, 9]), people, suppressed=withheld)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("model", ["poisson", "binomial"])
def test_a_place_much_above_the_rest_is_high_and_much_below_is_low(model):
    found = compare(series([100, 50, 48, 52, 10]), series([500] * 5), model=model)
    assert found["kind"].tolist() == ["high", "as_expected", "as_expected", "as_expected", "low"]
    assert (found["q"] >= found["p"]).all()


def test_a_single_event_makes_no_area_high_however_few_live_there():
    found = compare(series([1, *[0] * 5, 5]), series([1, *[100_000] * 6]))
    assert found["q"].iloc[0] < 0.05
    assert found["kind"].iloc[0] == "as_expected"


@pytest.mark.parametrize("model", ["poisson", "binomial"])
def test_small_places_top_the_raw_list_but_no_test(model):
    """Under one rate everywhere, every extreme of the raw rates is a small place."""
    rng = np.random.default_rng(8)
    people = np.repeat([20, 2000], 500)
    flagged = 0
    for _ in range(40):
        found = compare(series(rng.binomial(people, 0.05)), series(people), model=model)
        assert found["rate"].to_numpy().argmax() < 500
        flagged += found["kind"].isin(["high", "low"]).any()
    assert flagged <= stats.binom.ppf(0.999, 40, 0.05)


def test_q_is_adjusted_for_the_areas_that_could_be_tested():
    counts, people = [100, 50, 48, 52, 10], [500] * 5
    found = compare(series(counts), series(people))
    with_gaps = compare(series([*counts, np.nan, 0]), series([*people, 500, 0]))
    assert with_gaps["q"].iloc[:5].tolist() == found["q"].tolist()


@pytest.mark.parametrize("model", ["poisson", "binomial"])
def test_a_funnel_that_allows_for_differences_between_areas_has_few_outside(model):
    """True rates vary by a fifth: chance alone would put many outside, what is planted stays."""
    rng = np.random.default_rng(3)
    people = rng.integers(500, 2000, 200)
    count = rng.binomial(people, np.clip(rng.normal(0.2, 0.03, 200), 0.05, 1))
    count[:2] = people[0] * 0.6, people[1] * 0.01
    found = compare(series(count), series(people), model=model)["funnel"]
    assert found.iloc[:2].tolist() == ["above", "below"]
    assert (found.iloc[2:] != "within").sum() <= 5
    expected = people * count.sum() / people.sum()
    bare = (
        proportions(count, people, confidence=0.998)
        if model == "binomial"
        else ratios(count, expected, confidence=0.998)
    )
    assert (bare.outside[2:] != 0).sum() > 20


def test_where_nothing_is_known_nothing_is_made_up():
    found = compare(series([np.nan, 0]), series([10, 0]))
    assert found["kind"].tolist() == ["unknown", "nobody"]
    assert found.drop(columns=["people", "kind"]).isna().all(axis=None)


def test_all_faults_are_told_at_once():
    codes = pd.Index(["E1", "E2", "E2", "E3"], name="area_code")
    with pytest.raises(TableError) as told:
        compare(
            pd.Series([-1, 2.5, 9, 1], codes), pd.Series([5, 5, 5, np.inf], codes),
            model="binomial",
        )  # fmt: skip
    assert str(told.value).split("\n") == [
        "counts: area 'E2' stands more than once",
        "counts: count must be at least 0, but is -1 for 'E1'",
        "counts: count must be a whole number, but is 2.5 for 'E2'",
        "counts: people must be at least 0, but is inf for 'E3'",
        "counts: count must not exceed people, but is 9 of 5 for 'E2'",
    ]


def test_tables_of_other_areas_are_refused():
    with pytest.raises(ValueError, match="count and people must be of the same areas"):
        compare(series([1, 2]), series([1, 2, 3]))
    with pytest.raises(ValueError, match="count and suppressed must be of the same areas"):
        compare(series([1]), series([1]), suppressed=series([True, True]))
    with pytest.raises(ValueError, match="model must be poisson or binomial, not 'bernoulli'"):
        compare(series([1]), series([1]), model="bernoulli")
