"""Global statistics have the moments that going through every order of the values gives."""

import itertools

import numpy as np
import pytest

from geoengine.hotspots import gearys_c, general_g, join_counts, morans_i
from geoengine.neighbours import from_links


def links_of(weight):
    return from_links(range(len(weight)), *np.nonzero(weight), weight[np.nonzero(weight)])


def squares_apart(x, w):
    return (w * (x[:, None] - x) ** 2).sum()


def plain_moran(x, w):
    x = x - x.mean()
    return len(x) / w.sum() * (x @ w @ x) / (x @ x)


def plain_geary(x, w):
    return (len(x) - 1) * squares_apart(x, w) / (2 * w.sum() * ((x - x.mean()) ** 2).sum())


def plain_g(x, w):
    return (x @ w @ x) / (x.sum() ** 2 - x @ x)


PLAIN = {
    morans_i: plain_moran,
    gearys_c: plain_geary,
    general_g: plain_g,
    "both": lambda x, w: x @ w @ x / 2,
    "neither": lambda x, w: (1 - x) @ w @ (1 - x) / 2,
    "mixed": lambda x, w: squares_apart(x, w) / 2,
}


@pytest.mark.parametrize("what", PLAIN, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_moments_and_tails_are_those_of_every_order_of_the_values(what, seed):
    rng = np.random.default_rng(seed)
    count = 6
    weight = np.where(rng.random((count, count)) < 0.6, rng.gamma(1, size=(count, count)), 0)
    np.fill_diagonal(weight, 0)
    links = links_of(weight)
    value = rng.gamma(1, size=count)
    if isinstance(what, str):
        value = np.array([1.0, 0, 1, 1, 0, 0])
        found = join_counts(value, links, rng=rng, permutations=1999)[what]
    else:
        found = what(value, links, rng=rng, permutations=1999)
    orders = [PLAIN[what](value[list(order)], weight) for order in itertools.permutations(range(6))]
    assert found.statistic == pytest.approx(PLAIN[what](value, weight))
    assert found.expected == pytest.approx(np.mean(orders))
    assert found.variance == pytest.approx(np.var(orders))
    assert found.z == pytest.approx((found.statistic - np.mean(orders)) / np.std(orders))
    low = np.mean(np.array(orders) <= found.statistic + 1e-9)
    high = np.mean(np.array(orders) >= found.statistic - 1e-9)
    assert found.p_permuted == pytest.approx(min(2 * min(low, high), 1), abs=0.1)


def test_normal_variances_are_those_of_normal_values():
    rng = np.random.default_rng(1)
    weight = (rng.random((12, 12)) < 0.3).astype(float)
    np.fill_diagonal(weight, 0)
    links = links_of(weight)
    drawn = rng.normal(size=(40_000, 12))
    for test, plain in ((morans_i, plain_moran), (gearys_c, plain_geary)):
        by_chance = np.var([plain(x, weight) for x in drawn[:20_000]])
        found = test(drawn[0], links, rng=rng, permutations=0)
        assert found.variance_if_normal == pytest.approx(by_chance, rel=0.05)
        assert np.isnan(found.p_permuted)


def test_areas_without_value_or_neighbours_are_left_out_and_counted():
    row = from_links(range(7), [0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3])
    value = np.array([1.0, 2, 2, 5, np.nan, 9, 9])
    found = morans_i(value, row, rng=np.random.default_rng(1))
    assert (found.areas, found.left_out) == (4, 3)
    alone = from_links(range(4), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    assert found.statistic == morans_i(value[:4], alone, rng=np.random.default_rng(1)).statistic


def test_nothing_is_said_where_there_is_nothing_to_test():
    row = from_links(range(5), [0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3])
    rng = np.random.default_rng(1)
    for value in (np.ones(5), np.full(5, np.nan), np.array([1.0, 2, 3, np.nan, np.nan])):
        for test in (morans_i, gearys_c, general_g):
            found = test(value, row, rng=rng)
            assert np.isnan([found.statistic, found.z, found.p, found.p_permuted]).all()
    assert np.isnan(general_g(np.array([0.0, 0, 0, 0, 5]), row, rng=rng).statistic)
    assert np.isnan(join_counts(np.ones(5), row, rng=rng)["both"].z)
    assert np.isnan(morans_i(np.arange(5.0), from_links(range(5), [], []), rng=rng).z)


def test_values_that_do_not_fit_are_refused():
    row = from_links(["a", "b"], [0, 1], [1, 0])
    rng = np.random.default_rng(1)
    with pytest.raises(ValueError, match=r"there are 2 areas, but values of shape \(3,\)"):
        morans_i(np.zeros(3), row, rng=rng)
    with pytest.raises(ValueError, match="the value of 'b' is infinite"):
        morans_i(np.array([1.0, np.inf]), row, rng=rng)
    with pytest.raises(ValueError, match="General G needs values of at least 0"):
        general_g(np.array([1.0, -1]), row, rng=rng)
    with pytest.raises(ValueError, match="join counts need values of 0 or 1, not 3"):
        join_counts(np.array([1.0, 3]), row, rng=rng)


def test_the_same_generator_gives_the_same_p():
    rng = np.random.default_rng(4)
    ring = from_links(range(30), np.arange(30), (np.arange(30) + 1) % 30)
    value = rng.normal(size=30)
    one, two = (morans_i(value, ring, rng=np.random.default_rng(2)) for _ in range(2))
    assert one == two
