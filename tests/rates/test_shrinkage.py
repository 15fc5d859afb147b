"""Rates of few people are drawn in, those of many stay, and nothing is made of nothing."""

import numpy as np
import pytest
from esda import smoothing
from libpysal.weights import W
from scipy import stats

from geoengine.rates import shrinkage


def drawn(seed, areas=80, *, spread=0.4):
    rng = np.random.default_rng(seed)
    people = rng.integers(20, 3000, areas).astype(float)
    rate = 0.05 * rng.gamma(1 / spread**2, spread**2, areas)
    return rng.poisson(people * rate).astype(float), people


def ring(areas):
    """Return areas in a ring, each with one neighbour on either side."""
    here = np.arange(areas)
    neighbour = np.column_stack(((here - 1) % areas, (here + 1) % areas)).ravel()
    return np.arange(0, 2 * areas + 1, 2), neighbour


@pytest.mark.parametrize("seed", range(5))
def test_it_agrees_with_esda(seed):
    count, people = drawn(seed)
    theirs = smoothing.Empirical_Bayes(count, people).r.ravel()
    assert shrinkage.poisson_gamma(count, people).rate == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_with_neighbours_it_agrees_with_esda(seed):
    count, people = drawn(seed)
    first, neighbour = ring(80)
    lists = {i: neighbour[first[i] : first[i + 1]].tolist() for i in range(80)}
    around = W(lists, id_order=list(range(80)))
    theirs = smoothing.Spatial_Empirical_Bayes(count, people, around)
    ours = shrinkage.local_poisson_gamma(count, people, first, neighbour)
    assert ours.rate == pytest.approx(np.ravel(theirs.r), rel=1e-12)


def test_whether_areas_list_themselves_changes_nothing():
    count, people = drawn(3)
    first, neighbour = ring(80)
    both = np.insert(neighbour, first[:-1], np.arange(80))
    ours = shrinkage.local_poisson_gamma(count, people, first, neighbour)
    same = shrinkage.local_poisson_gamma(count, people, first + np.arange(81), both)
    np.testing.assert_array_equal(ours.rate, same.rate)


@pytest.mark.parametrize("seed", range(5))
def test_standardised_rates_agree_with_esda_where_rates_vary(seed):
    count, people = drawn(seed)
    theirs = smoothing.assuncao_rate(count, people)
    assert shrinkage.standardised(count, people) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("model", [shrinkage.poisson_gamma, shrinkage.beta_binomial])
@pytest.mark.parametrize("seed", range(10))
def test_a_shrunken_rate_lies_between_its_own_and_the_mean(model, seed):
    count, people = drawn(seed)
    found = model(count, people)
    low, high = np.minimum(count / people, found.mean), np.maximum(count / people, found.mean)
    assert (found.rate >= low - 1e-12).all()
    assert (found.rate <= high + 1e-12).all()
    assert (found.lower < found.rate).all()
    assert (found.rate < found.upper).all()


def test_of_two_equal_rates_the_smaller_place_moves_more():
    found = shrinkage.poisson_gamma([10, 100, 20, 30], [100, 1000, 1000, 1000])
    assert abs(found.rate[0] - 0.1) > abs(found.rate[1] - 0.1)


@pytest.mark.parametrize("model", [shrinkage.poisson_gamma, shrinkage.beta_binomial])
def test_equal_rates_leave_nothing_to_tell_apart(model):
    found = model([10, 20, 30], [100, 200, 300])
    assert found.rate.tolist() == pytest.approx([0.1] * 3)
    assert not found.variance.any()
    assert np.isnan(found.lower).all()


def test_the_posterior_is_the_gamma_of_marshalls_moments():
    count, people = drawn(1)
    found = shrinkage.poisson_gamma(count, people, confidence=0.9)
    mean, variance = found.mean[0], found.variance[0]
    law = stats.gamma(count + mean**2 / variance, scale=1 / (people + mean / variance))
    assert found.rate == pytest.approx(law.mean())
    assert found.lower == pytest.approx(law.ppf(0.05))
    assert found.upper == pytest.approx(law.ppf(0.95))


def test_the_posterior_of_proportions_is_beta():
    count, people = drawn(2)
    found = shrinkage.beta_binomial(count, people, confidence=0.9)
    mean, variance = found.mean[0], found.variance[0]
    prior = mean * (1 - mean) / variance - 1
    law = stats.beta(count + prior * mean, people - count + prior * (1 - mean))
    assert found.rate == pytest.approx(law.mean())
    assert found.lower == pytest.approx(law.ppf(0.05))
    assert found.upper == pytest.approx(law.ppf(0.95))


def test_posterior_intervals_hold_as_many_true_rates_as_they_say():
    rng = np.random.default_rng(5)
    people = rng.integers(50, 500, 20_000).astype(float)
    truth = rng.gamma(9, 0.05 / 9, 20_000)
    found = shrinkage.poisson_gamma(rng.poisson(truth * people), people, confidence=0.8)
    held = ((found.lower <= truth) & (truth <= found.upper)).mean()
    assert held == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("model", [shrinkage.poisson_gamma, shrinkage.beta_binomial])
def test_unknown_counts_and_empty_places_neither_have_a_rate_nor_move_others(model):
    count, people = drawn(4)
    more = model(np.append(count, [np.nan, 0]), np.append(people, [50, 0]))
    assert np.isnan(more.rate[-2:]).all()
    assert np.isnan(more.upper[-2:]).all()
    assert more.rate[:-2] == pytest.approx(model(count, people).rate)


def test_an_unknown_neighbour_is_left_out():
    first, neighbour = [0, 2, 3, 4], [1, 2, 0, 0]
    found = shrinkage.local_poisson_gamma([5, np.nan, 9], [100, 100, 100], first, neighbour)
    pair = shrinkage.local_poisson_gamma([5, 9], [100, 100], [0, 1, 2], [1, 0])
    assert found.rate[[0, 2]] == pytest.approx(pair.rate)
    assert np.isnan(found.rate[1])


def test_where_nothing_is_known_there_is_no_rate():
    for model in (shrinkage.poisson_gamma, shrinkage.beta_binomial):
        assert np.isnan(model([np.nan, 0], [10, 0]).rate).all()
    assert np.isnan(shrinkage.standardised([np.nan], [10])).all()


def test_where_nothing_happens_every_rate_is_nought():
    assert shrinkage.poisson_gamma([0, 0], [10, 20]).rate.tolist() == [0, 0]
    assert shrinkage.standardised([0, 0], [10, 20]).tolist() == [0, 0]


def test_standardised_rates_vary_alike_whatever_the_number_of_people():
    rng = np.random.default_rng(11)
    people = np.repeat([200.0, 20_000.0], 4000)
    z = shrinkage.standardised(rng.poisson(people * rng.gamma(25, 0.02 / 25, 8000)), people)
    assert z[:4000].std() == pytest.approx(z[4000:].std(), rel=0.05)


def test_neighbours_of_other_areas_are_refused():
    with pytest.raises(ValueError, match="neighbours must be positions below 2"):
        shrinkage.local_poisson_gamma([1, 2], [9, 9], [0, 1, 2], [1, 2])
    with pytest.raises(ValueError, match="must list the neighbours of 2 areas"):
        shrinkage.local_poisson_gamma([1, 2], [9, 9], [0, 1], [1])
