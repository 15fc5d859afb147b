"""Local statistics have the very moments that going through every order of the values gives."""

import itertools

import numpy as np
import pytest

from geoengine.hotspots import local
from geoengine.neighbours import Neighbours, from_links


def tangle(rng, count, *, share=0.5, equal=False):
    """Random links, one-way ones and islands among them, with weights of any size."""
    area, neighbour = np.nonzero((rng.random((count, count)) < share) & ~np.eye(count, dtype=bool))
    weight = np.ones(len(area)) if equal else rng.gamma(1, size=len(area)) + 0.01
    return from_links(np.arange(count), area, neighbour, weight)


def scaled(links: Neighbours, factors):
    return from_links(links.ids, links.area, links.neighbour, links.weight * factors[links.area])


def around(name, value, links, i):
    """The mean that a statistic of one area rests on, written down plainly."""
    weight = links.matrix().toarray()[i]
    if name == "gi_star":
        weight[i] = weight.max() if weight[i] == 0 else weight[i]
    else:
        weight[i] = 0
    taken = (value - value[i]) ** 2 if name == "geary" else value
    return weight @ taken / weight.sum()


@pytest.mark.parametrize("name", ["gi", "gi_star", "moran", "geary", "join_count"])
@pytest.mark.parametrize("seed", range(6))
def test_moments_are_those_of_every_order_of_the_values(name, seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(4, 7))
    links = tangle(rng, count)
    value = rng.gamma(1, size=count)
    if name == "join_count":
        value = (value > np.median(value)).astype(float)
    found = getattr(local, name)(value, links)
    for i in range(count):
        if not links.without_self().matrix().toarray()[i].any():
            assert np.isnan([found.lag[i], found.expected[i], found.variance[i], found.z[i]]).all()
            continue
        moved = [j for j in range(count) if j != i or name == "gi_star"]
        sums = []
        for order in itertools.permutations(moved):
            mixed = value.copy()
            mixed[moved] = value[list(order)]
            sums.append(around(name, mixed, links, i))
        assert found.lag[i] == pytest.approx(around(name, value, links, i))
        assert found.expected[i] == pytest.approx(np.mean(sums))
        assert found.variance[i] == pytest.approx(np.var(sums), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["gi", "gi_star", "moran", "geary"])
@pytest.mark.parametrize("seed", range(4))
def test_z_depends_on_no_unit_no_scale_of_weights_and_no_order_of_areas(name, seed):
    rng = np.random.default_rng(seed)
    links, value = tangle(rng, 40, share=0.15), rng.gamma(1, size=40)
    z = getattr(local, name)(value, links).z
    same = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(getattr(local, name)(7 + 1e4 * value, links).z, z, **same)
    np.testing.assert_allclose(getattr(local, name)(value, links.row_standardised()).z, z, **same)
    factors = rng.gamma(1, size=40)
    np.testing.assert_allclose(getattr(local, name)(value, scaled(links, factors)).z, z, **same)
    place = rng.permutation(40)
    moved = from_links(range(40), place[links.area], place[links.neighbour], links.weight)
    relabelled = np.empty(40)
    relabelled[place] = value
    np.testing.assert_allclose(getattr(local, name)(relabelled, moved).z[place], z, **same)
    if name != "geary":
        np.testing.assert_allclose(getattr(local, name)(-value, links).z, -z, **same)


def test_an_area_without_a_value_is_as_if_it_were_not_there():
    rng = np.random.default_rng(3)
    links, value = tangle(rng, 12), rng.normal(size=12)
    known = np.arange(12) != 4
    value[4] = np.nan
    for name in ("gi", "gi_star", "moran", "geary"):
        found = getattr(local, name)(value, links)
        apart = getattr(local, name)(value[known], links.among(known))
        for column in ("statistic", "lag", "expected", "variance", "z", "neighbours"):
            np.testing.assert_array_equal(getattr(found, column)[known], getattr(apart, column))
        assert np.isnan(found.z[4])


def test_there_is_no_z_where_chance_has_no_choice():
    everyone = from_links(range(4), *np.nonzero(~np.eye(4, dtype=bool)))
    assert np.isnan(local.gi_star(np.array([1.0, 2, 3, 9]), everyone).z).all()
    assert np.isnan(local.gi(np.array([1.0, 2, 3, 9]), everyone).z).all()
    row = from_links(range(4), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    for name in ("gi", "gi_star", "moran", "geary"):
        assert np.isnan(
            getattr(local, name)(np.array([0.1, 0.1 + 1e-17, 0.1, 0.3 - 0.2]), row).z
        ).all()
    lonely = local.gi(np.array([0.0, 0, 0, 5]), row)
    assert np.isnan(lonely.z[3])  # all the others are equal
    assert lonely.z[2] > 0


def test_two_areas_with_values_are_too_few_to_compare():
    row = from_links(range(3), [0, 1, 1, 2], [1, 0, 2, 1])
    assert np.isnan(local.gi_star(np.array([1.0, 2.0, np.nan]), row).lag).all()


def test_gi_star_counts_an_area_as_given_where_links_to_itself_are_given():
    row = from_links(
        range(3), [0, 0, 1, 1, 1, 2, 2], [0, 1, 0, 1, 2, 1, 2], [3.0, 1, 1, 3, 1, 1, 3]
    )
    value = np.array([0.0, 4.0, 10.0])
    assert local.gi_star(value, row).lag.tolist() == [1.0, 4.4, 8.5]
    assert local.gi_star(value, row.without_self()).lag.tolist() == [2.0, 14 / 3, 7.0]


def test_join_counts_count_weights_of_neighbours_that_have_it_too():
    row = from_links(range(4), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    assert local.join_count(np.array([1.0, 1, 1, 0]), row).statistic.tolist() == [1, 2, 1, 0]
    with pytest.raises(ValueError, match="join counts need values of 0 or 1, not 2"):
        local.join_count(np.array([1.0, 2, 1, 0]), row)


def test_a_bivariate_moran_with_one_value_twice_is_the_usual_one():
    rng = np.random.default_rng(1)
    links, value, other = tangle(rng, 9), rng.normal(size=9), rng.normal(size=9)
    np.testing.assert_array_equal(
        local.moran(value, links, around=value).statistic, local.moran(value, links).statistic
    )
    both = local.moran(value, links, around=other)
    np.testing.assert_array_equal(both.z, local.gi(other, links).z)
    standard = (value - value.mean()) / value.std()
    by_hand = standard * (
        links.row_standardised().matrix() @ ((other - other.mean()) / other.std())
    )
    np.testing.assert_allclose(both.statistic, by_hand, atol=1e-12)


def test_values_that_do_not_fit_are_refused():
    row = from_links(["a", "b"], [0], [1])
    with pytest.raises(ValueError, match=r"there are 2 areas, but values of shape \(3,\)"):
        local.gi_star(np.zeros(3), row)
    with pytest.raises(ValueError, match="the value of 'b' is infinite"):
        local.gi_star(np.array([1.0, np.inf]), row)
