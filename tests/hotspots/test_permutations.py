"""Chance by shuffling and by counting is what going through all possibilities finds."""

import itertools

import numpy as np
import pytest
from scipy.stats import hypergeom, kstest

from geoengine.hotspots.counting import count_ways
from geoengine.hotspots.permutations import shuffle
from geoengine.neighbours import from_links

MANY = 99_999


def links_among(rng, count, *, equal):
    area, neighbour = np.nonzero((rng.random((count, count)) < 0.4) & ~np.eye(count, dtype=bool))
    weight = None if equal else rng.gamma(1, size=len(area)) + 0.01
    return from_links(range(count), area, neighbour, weight)


def ring(count, k=2):
    """Areas in a circle, each with the k that follow as its neighbours."""
    area = np.repeat(np.arange(count), k)
    return from_links(range(count), area, (area + np.tile(np.arange(1, k + 1), count)) % count)


def gone_through(value, links, *, stays, own=None):
    """Both tails by every order of the values."""
    count, weight = len(value), links.matrix().toarray()
    tails = np.full((2, count), np.nan)
    orders = np.array(list(itertools.permutations(range(count))))
    for i in np.flatnonzero(weight.any(axis=1)):
        kept = orders[orders[:, i] == i] if stays else orders
        taken = value if own is None else (value - own[i]) ** 2
        sums, found = taken[kept] @ weight[i], taken @ weight[i]
        tails[:, i] = np.mean(sums <= found + 1e-9), np.mean(sums >= found - 1e-9)
    return tails


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("equal", [True, False])
def test_where_there_are_few_orders_every_one_is_taken(count, stays, equal):
    rng = np.random.default_rng(count)
    links = links_among(rng, count, equal=equal)
    links = links if stays else links.with_self()
    value = rng.integers(0, 4, count) / 10  # ties that floating point would part
    found = shuffle(value, links, permutations=MANY, rng=rng, stays=stays)
    np.testing.assert_allclose((found.low, found.high), gone_through(value, links, stays=stays))
    if stays:
        unlike = shuffle(value, links, permutations=MANY, rng=rng, own=value)
        np.testing.assert_allclose(
            (unlike.low, unlike.high), gone_through(value, links, stays=True, own=value)
        )


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("stays", [True, False])
def test_counting_finds_what_going_through_every_choice_does(count, seed, stays):
    rng = np.random.default_rng((count, seed))
    links = links_among(rng, count, equal=True)
    links = links if stays else links.with_self()
    value = rng.poisson(1, count) - 2.0
    found = count_ways(value, links, stays=stays)
    np.testing.assert_allclose((found.low, found.high), gone_through(value, links, stays=stays))


@pytest.mark.parametrize("k", [1, 6, 220, 480])
def test_counting_ones_is_the_hypergeometric_distribution(k):
    has = (np.random.default_rng(5).random(500) < 0.1).astype(float)
    links = ring(500, k)
    near = links.matrix() @ has
    found = count_ways(has, links)
    high = hypergeom.sf(near - 1, 499, has.sum() - has, k)
    np.testing.assert_allclose(found.high, high, rtol=1e-9)
    np.testing.assert_allclose(found.low, hypergeom.cdf(near, 499, has.sum() - has, k), rtol=1e-9)


def test_counting_is_no_way_for_fractions_or_unlike_neighbours():
    assert count_ways(np.array([0.5, 1, 2]), ring(3)) is None
    unlike = from_links(range(3), [0, 0], [1, 2], [1.0, 2.0])
    assert count_ways(np.array([0.0, 1, 2]), unlike) is None
    assert count_ways(np.array([0.0, 1, 2]), from_links(range(3), [], [])) is None
    assert count_ways(np.arange(4000.0) ** 2, ring(4000, 9)) is None


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("k", [2, 20])
def test_random_orders_come_near_what_counting_finds(stays, k):
    rng = np.random.default_rng(2)
    value, links = rng.poisson(0.7, 30).astype(float), ring(30, k)
    exact = count_ways(value, links, stays=stays)
    drawn = shuffle(value, links, permutations=MANY, rng=rng, stays=stays)
    # Five standard errors of the draws that do not hold an area's own value.
    slack = 5 * 0.5 / np.sqrt(MANY * (1 - k / 30) if stays else MANY)
    np.testing.assert_allclose(drawn.low, exact.low, atol=slack)
    np.testing.assert_allclose(drawn.high, exact.high, atol=slack)


@pytest.mark.parametrize("own", [False, True])
def test_neighbours_that_count_unlike_by_a_hair_get_the_same_from_both_ways_of_summing(own):
    rng = np.random.default_rng(4)
    value, links = rng.gamma(1, size=60), ring(60, 5)
    jitter = from_links(range(60), links.area, links.neighbour, 1 + 1e-9 * rng.random(300))
    squared = {"own": value} if own else {}
    one = shuffle(value, links, permutations=9_999, rng=np.random.default_rng(1), **squared)
    other = shuffle(value, jitter, permutations=9_999, rng=np.random.default_rng(1), **squared)
    np.testing.assert_allclose(one.low, other.low, atol=2e-3)
    np.testing.assert_allclose(one.high, other.high, atol=2e-3)


@pytest.mark.parametrize("equal", [True, False])
def test_the_number_of_threads_changes_no_byte(equal):
    rng = np.random.default_rng(6)
    value, links = rng.gamma(1, size=50), links_among(rng, 50, equal=equal)
    results = [
        shuffle(value, links, permutations=20_001, rng=np.random.default_rng(9), threads=threads)
        for threads in (1, 2, 5)
    ]
    for other in results[1:]:
        assert other.low.tobytes() == results[0].low.tobytes()
        assert other.high.tobytes() == results[0].high.tobytes()


@pytest.mark.parametrize("stays", [True, False])
def test_the_order_of_areas_changes_nothing(stays):
    rng = np.random.default_rng(7)
    value, links = rng.gamma(1, size=50), links_among(rng, 50, equal=False)
    place = rng.permutation(50)
    moved = from_links(range(50), place[links.area], place[links.neighbour], links.weight)
    relabelled = np.empty(50)
    relabelled[place] = value
    for squared in (False, True) if stays else (False,):
        found = [
            shuffle(x, w, permutations=5_000, rng=np.random.default_rng(9), stays=stays,
                    own=x if squared else None)
            for x, w in ((value, links), (relabelled, moved))
        ]  # fmt: skip
        np.testing.assert_allclose(found[1].low[place], found[0].low, atol=1e-3 if squared else 0)
        np.testing.assert_allclose(found[1].high[place], found[0].high, atol=1e-3 if squared else 0)


def test_neither_unit_nor_scale_of_weights_changes_the_tails():
    rng = np.random.default_rng(8)
    value, links = rng.integers(0, 9, 40) / 7, links_among(rng, 40, equal=True)
    one = shuffle(value, links, permutations=4_999, rng=np.random.default_rng(1))
    scaled = links.row_standardised()
    other = shuffle(3 + 1e6 * value, scaled, permutations=4_999, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(one.both, other.both)


@pytest.mark.parametrize("equal", [True, False])
def test_without_clusters_p_is_uniform(equal):
    rng = np.random.default_rng(10)
    links = ring(40, 4)
    if not equal:
        links = from_links(range(40), links.area, links.neighbour, rng.gamma(1, size=160) + 0.01)
    p = [shuffle(rng.normal(size=40), links, permutations=999, rng=rng).both[0] for _ in range(800)]
    assert kstest(p, "uniform").pvalue > 0.01


@pytest.mark.parametrize("rate", [0.05, 0.5, 3.0])
@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize("counted", [True, False])
def test_with_ties_p_is_uniform_when_a_tie_falls_on_either_side_by_lot(rate, stays, counted):
    rng = np.random.default_rng(11)
    links = ring(60, 5) if stays else ring(60, 5).with_self()
    by_lot, both = [], []
    for _ in range(1500):
        value = rng.poisson(rate, 60).astype(float)
        tails = (
            count_ways(value, links, stays=stays)
            if counted
            else shuffle(value, links, permutations=199, rng=rng, stays=stays)
        )
        low, high = tails.low[7], tails.high[7]
        by_lot.append(1 - high + rng.random() * (low + high - 1))
        both.append(tails.both[7])
    assert kstest(by_lot, "uniform").pvalue > 0.01
    # Ties in both tails: p is never too small, and mostly 1 for rare counts.
    assert kstest(both, "uniform", alternative="greater").pvalue > 0.01
    if rate == 0.05:
        assert np.mean(np.array(both) == 1) > 0.7


def test_an_area_surrounded_by_all_others_can_be_nothing_but_usual():
    everyone = from_links(range(12), *np.nonzero(~np.eye(12, dtype=bool)))
    found = shuffle(np.arange(12) / 7, everyone, permutations=999, rng=np.random.default_rng(1))
    assert (found.both == 1).all()


def test_no_p_is_smaller_than_so_many_orders_can_tell():
    links = ring(300, 6).with_self()
    value = np.random.default_rng(1).normal(size=300)
    value[100:107] += 1e6
    found = shuffle(value, links, permutations=99, rng=np.random.default_rng(1), stays=False)
    # None of 99 orders puts seven such values together; the one found is the hundredth.
    assert found.high[100] == 1 / 100
    assert found.low[100] == 1
    assert found.both.min() == 2 / 100


def test_chance_needs_at_least_one_order():
    with pytest.raises(ValueError, match="permutations must be at least 1, not 0"):
        shuffle(np.arange(9.0), ring(9), permutations=0, rng=np.random.default_rng(1))
