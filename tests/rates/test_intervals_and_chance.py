"""Intervals hold what they promise, and chance is reckoned exactly, whatever the count."""

import numpy as np
import pytest
from scipy import optimize, stats

from geoengine.rates import chance, intervals


@pytest.fixture
def some():
    rng = np.random.default_rng(7)
    people = rng.integers(1, 60, 500)
    return rng.binomial(people, rng.uniform(0, 1, 500)), people, rng.uniform(0.01, 0.99, 500)


def test_a_proportion_at_a_wilson_limit_is_just_so_far_off(some):
    count, people, _ = some
    for limit in intervals.wilson(count, people, confidence=0.9):
        off = np.abs(count / people - limit)
        error = np.sqrt(np.abs(limit * (1 - limit)) / people)
        assert off == pytest.approx(stats.norm.ppf(0.95) * error, abs=1e-7)


def test_an_exact_limit_leaves_just_the_tail_beyond_it():
    count = np.arange(200)
    lower, upper = intervals.exact(count, confidence=0.9)
    assert stats.poisson.cdf(count, upper) == pytest.approx(np.full(200, 0.05))
    assert stats.poisson.sf(count[1:] - 1, lower[1:]) == pytest.approx(np.full(199, 0.05))
    assert lower[0] == 0


def test_byar_comes_close_to_exact_from_ten_events_on():
    count = np.arange(10, 2000)
    for ours, exact in zip(intervals.byar(count), intervals.exact(count), strict=True):
        assert ours == pytest.approx(exact, rel=2e-3)


def test_byar_of_no_events_starts_at_none():
    lower, _ = intervals.byar([0.0, 1.0], confidence=0.998)
    assert lower.tolist() == [0, 0]


def test_the_interval_is_exact_below_ten_and_byars_from_there():
    nine, ten = intervals.poisson([9.0, 10.0])[1]
    assert nine == intervals.exact([9.0])[1][0]
    assert ten == intervals.byar([10.0])[1][0]


@pytest.mark.parametrize("method", [intervals.byar, intervals.exact, intervals.poisson])
def test_an_unknown_count_has_no_interval(method):
    assert np.isnan(method([np.nan])).all()


def test_nobody_has_no_proportion():
    assert np.isnan(intervals.wilson([0, np.nan], [0, 5])).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: intervals.wilson([6], [5]), "count must not exceed people, but is 6 of 5 at 0"),
        (lambda: intervals.exact([1, -2]), "count must be at least 0 and finite, but is -2 at 1"),
        (lambda: intervals.wilson([1], [1, 2]), "count has shape (1,), but people (2,)"),
        (lambda: intervals.byar([1], confidence=95),
         "confidence must lie between 0 and 1, not 95"),
        (lambda: chance.poisson_test([1.5], [1]),
         "counts must be whole numbers, but one is 1.5 at 0"),
        (lambda: chance.binomial_test([1], [2], 1.5), "share must lie between 0 and 1"),
    ],
)  # fmt: skip
def test_misuse_is_told_in_a_sentence(call, sentence):
    with pytest.raises(ValueError, match="^" + sentence.replace("(", r"\(").replace(")", r"\)")):
        call()


def test_a_tail_holds_half_the_chance_of_the_very_count(some):
    count, people, share = some
    found = chance.binomial_test(count, people, share)
    law = stats.binom(people, share)
    assert found.high == pytest.approx(law.sf(count) + law.pmf(count) / 2, abs=1e-14)
    assert found.low == pytest.approx(law.cdf(count) - law.pmf(count) / 2, abs=1e-14)
    found = chance.poisson_test(count, share * 20)
    law = stats.poisson(share * 20)
    assert found.high == pytest.approx(law.sf(count) + law.pmf(count) / 2, abs=1e-14)
    assert found.low == pytest.approx(law.cdf(count) - law.pmf(count) / 2, abs=1e-14)


def test_a_tiny_tail_keeps_its_figures():
    assert chance.poisson_test([40], [1.0]).high[0] == pytest.approx(2.367048551e-49)


def test_certainty_surprises_nobody():
    found = chance.binomial_test([0, 5], [5, 5], [0.0, 1.0])
    assert found.two_sided.tolist() == [1, 1]


def test_what_is_unknown_is_not_tested():
    assert np.isnan(chance.binomial_test([np.nan, 0, 1], [5, 0, 2], [0.5, 0.5, np.nan]).high).all()
    assert np.isnan(chance.poisson_test([3, np.nan], [0, 2]).two_sided).all()


@pytest.mark.parametrize("expected", [0.3, 2.0, 9.5])
def test_a_mid_p_is_one_half_on_average(expected):
    counts = np.arange(200)
    high = chance.poisson_test(counts, np.full(200, expected)).high
    assert (stats.poisson.pmf(counts, expected) * high).sum() == pytest.approx(0.5)


def test_the_exact_limit_is_where_the_tail_is_reached():
    upper = intervals.exact([3.0])[1][0]
    root = optimize.brentq(lambda mean: stats.poisson.cdf(3, mean) - 0.025, 3, 20)
    assert upper == pytest.approx(root)
