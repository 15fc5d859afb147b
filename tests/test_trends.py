"""A trend is told by its order alone, exactly, and not where the series is too short."""

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from geoengine import trends


def rises_less_falls(row):
    return sum(np.sign(b - a) for i, a in enumerate(row) for b in row[i + 1 :])


@pytest.mark.parametrize("seed", range(40))
def test_p_is_the_share_of_all_orders_that_trend_as_much_ties_or_not(seed):
    rng = np.random.default_rng(seed)
    row = rng.integers(0, rng.integers(2, 9), rng.integers(3, 8)).astype(float)
    row[0], row[1] = -1, 10
    as_much = [
        abs(rises_less_falls(one)) >= abs(rises_less_falls(row)) for one in permutations(row)
    ]
    found = trends.mann_kendall([row])
    assert found.s[0] == rises_less_falls(row)
    assert found.p[0] == pytest.approx(np.mean(as_much))


@pytest.mark.parametrize("seed", range(20))
def test_tau_and_p_agree_with_scipy(seed):
    rng = np.random.default_rng(seed)
    smooth, tied = rng.normal(size=12), rng.integers(0, 5, 30)
    one = stats.kendalltau(np.arange(12), smooth, method="exact")
    found = trends.mann_kendall([smooth])
    assert (found.tau[0], found.p[0]) == pytest.approx((one.statistic, one.pvalue))
    assert trends.mann_kendall([tied]).tau[0] == pytest.approx(
        stats.kendalltau(np.arange(30), tied).statistic
    )


def test_the_normal_approximation_comes_close_at_forty():
    rng = np.random.default_rng(1)
    series = rng.integers(0, 15, (30, 40)) + np.linspace(0, 4, 30)[:, None] * np.arange(40) / 20
    series = np.floor(series)
    exact, normal = (trends.mann_kendall(series, exact=yes).p for yes in (True, False))
    assert normal == pytest.approx(exact, abs=0.004)


def test_beyond_forty_values_p_is_the_normal_one():
    series = np.random.default_rng(3).normal(size=(4, 41))
    exact, normal = (trends.mann_kendall(series, exact=yes).p for yes in (True, False))
    np.testing.assert_array_equal(exact, normal)


def test_an_unknown_step_is_left_out():
    gaps = trends.mann_kendall([[1, np.nan, 3, 2, np.nan, 7]])
    assert gaps.points.tolist() == [4]
    assert gaps.p == trends.mann_kendall([[1, 3, 2, 7]]).p


@pytest.mark.parametrize("row", [[4, 4, 4], [5, np.nan, np.nan], [np.nan, np.nan, np.nan]])
def test_equal_or_single_values_have_no_tau(row):
    found = trends.mann_kendall([row])
    assert np.isnan(found.tau[0])
    assert np.isnan(found.p[0])


@pytest.mark.parametrize(("points", "least"), [(2, 1), (3, 1 / 3), (4, 1 / 12), (5, 1 / 60)])
def test_the_least_p_is_that_of_a_rise_all_along(points, least):
    assert trends.mann_kendall([range(points)]).least_p[0] == pytest.approx(least)


def test_turning_a_series_round_turns_its_trend():
    series = np.random.default_rng(5).integers(0, 6, (50, 9)).astype(float)
    one, other = trends.mann_kendall(series), trends.mann_kendall(series[:, ::-1])
    np.testing.assert_array_equal(one.s, -other.s)
    np.testing.assert_array_equal(one.p, other.p)


def line_through(values, error):
    """Return the slope of a weighted line and its chi-square, by numpy's own fit."""
    steps = np.arange(len(values))
    slope = np.polyfit(steps, values, 1, w=1 / error)[0]
    root = np.linalg.inv((np.vander(steps, 2) / error[:, None] ** 2).T @ np.vander(steps, 2))
    return slope, slope**2 / root[0, 0]


@pytest.mark.parametrize("seed", range(30))
def test_a_marker_is_a_steep_line_that_no_single_year_makes(seed):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0.8, 1, 7)) + 50
    width = rng.uniform(0.3, 2, 7)
    [marker] = trends.fingertips_markers([values], [values - width], [values + width])
    recent, error = values[-5:], (2 * width / 3.92)[-5:]
    slope, chi2 = line_through(recent, error)
    without = [np.arange(5) != left for left in range(5)]
    slopes = [np.polyfit(np.arange(5)[w], recent[w], 1, w=1 / error[w])[0] for w in without]
    steady = len({bool(s < 0) for s in [slope, *slopes]}) == 1
    told = chi2 > stats.chi2.isf(0.002, 1) and steady
    assert marker == ("no_change" if not told else "increasing" if slope > 0 else "decreasing")


def test_one_outlying_year_marks_no_trend():
    share = np.array([[10.0, 10.1, 10.0, 9.9, 14.0]])
    assert trends.fingertips_markers(share, share - 0.2, share + 0.2) == ["no_change"]


def test_gaps_are_skipped_and_only_the_last_five_years_count():
    share = np.array([[90.0, 10, np.nan, 11, 12, np.nan, 13, 14]])
    assert trends.fingertips_markers(share, share - 0.5, share + 0.5) == ["increasing"]


@pytest.mark.parametrize(
    ("values", "width"),
    [([10, 11, 12, 13], 1), ([10, 11, 12, 13, 14], 0), ([10, 11, 12, 13, 14], np.nan)],
)
def test_too_few_years_or_no_interval_cannot_be_marked(values, width):
    share = np.array([values], dtype=float)
    assert trends.fingertips_markers(share, share, share + width) == ["cannot_be_calculated"]


@pytest.mark.parametrize(
    ("better", "up", "down"),
    [(None, "increasing", "decreasing"), ("high", "increasing_better", "decreasing_worse"),
     ("low", "increasing_worse", "decreasing_better")],
)  # fmt: skip
def test_the_marker_says_whether_that_is_good(better, up, down):
    share = np.array([[10.0, 11, 12, 13, 14], [14.0, 13, 12, 11, 10]])
    found = trends.fingertips_markers(share, share - 0.5, share + 0.5, better=better)
    assert found == [up, down]


def test_a_single_series_is_a_table_of_one_row():
    with pytest.raises(ValueError, match=r"must have shape \(series, steps\), not \(3,\)"):
        trends.mann_kendall([1, 2, 3])
    with pytest.raises(ValueError, match="values must be finite, or NaN where unknown"):
        trends.mann_kendall([[1, np.inf]])
    with pytest.raises(ValueError, match="shapes disagree"):
        trends.fingertips_markers([[1, 2]], [[1]], [[2]])
