"""A funnel flags what chance does not explain, and says how much more there is."""

import numpy as np
import pytest
from scipy.stats import mstats

from geoengine.rates import funnel, intervals


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("confidence", [0.95, 0.998])
def test_an_area_is_outside_just_where_its_wilson_interval_excludes_the_baseline(seed, confidence):
    rng = np.random.default_rng(seed)
    people = rng.integers(1, 300, 400)
    count = rng.binomial(people, rng.beta(4, 6, 400))
    found = funnel.proportions(count, people, baseline=0.4, confidence=confidence)
    lower, upper = intervals.wilson(count, people, confidence=confidence)
    np.testing.assert_array_equal(
        found.outside, np.where(upper < 0.4, -1, np.where(lower > 0.4, 1, 0))
    )


@pytest.mark.parametrize("seed", range(5))
def test_an_area_is_outside_just_where_its_ratio_is_beyond_a_limit(seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0.2, 80, 400)
    found = funnel.ratios(rng.poisson(expected * rng.gamma(4, 0.25, 400)), expected)
    beyond = (found.value > found.upper).astype(int) - (found.value < found.lower)
    np.testing.assert_array_equal(found.outside, beyond)


def test_too_few_expected_events_can_never_be_too_few():
    assert funnel.ratios([0], [3.6]).lower[0] == 0
    assert funnel.ratios([0], [3.6]).outside[0] == 0
    assert funnel.ratios([0], [3.7]).outside[0] == -1


@pytest.mark.parametrize("seed", range(5))
def test_overdispersion_is_the_mean_square_of_winsorised_z_scores(seed):
    rng = np.random.default_rng(seed)
    expected = rng.uniform(20, 80, 57)
    count = rng.poisson(expected * rng.gamma(30, 1 / 30, 57))
    z = (count - expected) / np.sqrt(expected)
    phi = np.mean(np.asarray(mstats.winsorize(z, (0.1, 0.1))) ** 2)
    found = funnel.ratios(count, expected)
    assert found.phi == pytest.approx(phi)
    tau2 = (57 * phi - 56) / (expected.sum() - (expected**2).sum() / expected.sum())
    assert found.tau2 == pytest.approx(max(tau2, 0))


def test_variance_between_areas_is_found_again():
    rng = np.random.default_rng(2)
    people = rng.integers(500, 3000, 4000)
    count = rng.binomial(people, np.clip(rng.normal(0.3, 0.05, 4000), 0, 1))
    found = funnel.proportions(count, people)
    # a tenth winsorised at either end keeps 0.625 of a normal variance
    assert found.tau2 == pytest.approx(0.625 * 0.05**2, rel=0.1)


@pytest.mark.parametrize("draw", [funnel.proportions, funnel.ratios])
def test_allowing_for_overdispersion_flags_fewer(draw):
    rng = np.random.default_rng(3)
    people = rng.integers(50, 900, 300).astype(float)
    count = np.minimum(rng.poisson(people * rng.gamma(20, 0.05, 300)), people)
    flagged = {
        kind: np.abs(draw(count, people * 1.0, overdispersion=kind).outside).sum()
        for kind in ("none", "multiplicative", "additive")
    }
    assert flagged["multiplicative"] < flagged["none"]
    assert flagged["additive"] < flagged["none"]


def test_less_variation_than_chance_gives_narrows_nothing():
    people = np.full(50, 100)
    calm = funnel.proportions(np.full(50, 40), people, overdispersion="multiplicative")
    plain = funnel.proportions(np.full(50, 40), people)
    assert calm.phi < 1e-20
    assert calm.tau2 == 0
    np.testing.assert_array_equal(calm.upper, plain.upper)


def test_an_area_without_a_value_is_not_outside():
    found = funnel.proportions([np.nan, 0, 30], [10, 0, 60], baseline=0.5)
    assert np.isnan(found.value[:2]).all()
    assert found.outside.tolist() == [0, 0, 0]
    assert funnel.ratios([np.nan, 4], [2, 0]).outside.tolist() == [0, 0]


def test_no_known_area_draws_no_funnel():
    found = funnel.proportions([np.nan], [10])
    assert np.isnan(found.phi)
    assert np.isnan(found.baseline)


def test_a_baseline_is_a_proportion_and_overdispersion_has_a_name():
    with pytest.raises(ValueError, match="baseline must lie between 0 and 1, not 40"):
        funnel.proportions([1], [2], baseline=40)
    for draw in (funnel.proportions, funnel.ratios):
        with pytest.raises(ValueError, match="no overdispersion called 'some'"):
            draw([1], [2], overdispersion="some")
