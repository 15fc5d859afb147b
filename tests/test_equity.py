"""Equity of access gives the values of its papers, and keeps the laws of inequality."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoengine import equity

ALIKE = np.array([2.0, 2.0, 2.0])
PEOPLE = np.array([10.0, 20.0, 30.0])
STANDING = np.array([1.0, 2.0, 3.0])


@st.composite
def places(draw):
    """Access, people and standing of some places."""
    count = draw(st.integers(2, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    return (
        rng.uniform(0.1, 50, count),
        rng.integers(1, 90, count).astype(float),
        rng.permutation(count).astype(float),
    )


def one_by_one(access, people):
    """Every person's own access."""
    return np.repeat(access, people.astype(int))


class TestGini:
    """How unequal."""

    def test_alike_is_nothing(self):
        assert equity.gini(ALIKE, PEOPLE) == pytest.approx(0)

    def test_one_of_a_hundred_has_all(self):
        assert equity.gini(np.array([0.0, 1]), np.array([99.0, 1])) == pytest.approx(0.99)

    @given(places())
    def test_it_is_half_the_mean_difference_between_people(self, place):
        access, people, _ = place
        each = one_by_one(access, people)
        apart = np.abs(each[:, None] - each).mean()
        assert equity.gini(access, people) == pytest.approx(apart / 2 / each.mean(), abs=1e-9)

    @given(places())
    def test_scale_and_order_do_not_matter(self, place):
        access, people, standing = place
        order = standing.astype(int)
        once = equity.gini(access, people)
        assert equity.gini(7 * access[order], 3 * people[order]) == pytest.approx(once)

    @given(places())
    def test_giving_from_rich_to_poor_makes_it_less(self, place):
        access, people, _ = place
        poor, rich = np.argmin(access), np.argmax(access)
        if access[rich] - access[poor] < 1e-6:
            return
        given_ = (access[rich] - access[poor]) / 4 * min(people[poor], people[rich])
        fairer = access.copy()
        fairer[rich] -= given_ / people[rich]
        fairer[poor] += given_ / people[poor]
        assert equity.gini(fairer, people) < equity.gini(access, people)

    def test_unknown_access_and_empty_places_are_passed_over(self):
        access = np.array([0, 1, np.nan, 9])
        people = np.array([5.0, 5, 7, 0])
        assert equity.gini(access, people) == 0.5

    @pytest.mark.parametrize("access", [np.zeros(3), np.full(3, np.nan)])
    def test_nobodys_access_has_no_index(self, access):
        assert np.isnan(equity.gini(access, PEOPLE))

    def test_the_curve_ends_with_all(self):
        people, share = equity.lorenz_curve(np.array([3.0, 1]), np.array([10.0, 10]))
        assert people.tolist() == [0, 0.5, 1]
        assert share.tolist() == [0, 0.25, 1]


class TestConcentration:
    """Who has it."""

    @pytest.mark.parametrize(("access", "sign"), [([3, 2, 1], -1), ([2, 2, 2], 0), ([1, 2, 3], 1)])
    def test_it_is_negative_where_the_worst_off_have_more(self, access, sign):
        found = equity.concentration_index(np.array(access, dtype=float), PEOPLE, STANDING)
        assert np.sign(round(found, 12)) == sign

    @given(places())
    def test_it_is_the_covariance_with_rank(self, place):
        access, people, standing = place
        order = np.argsort(standing)
        each = one_by_one(access[order], people[order])
        shares = people[order] / people.sum()
        rank = one_by_one(np.cumsum(shares) - shares / 2, people[order])
        wanted = 2 / each.mean() * np.mean((each - each.mean()) * (rank - rank.mean()))
        assert equity.concentration_index(access, people, standing) == pytest.approx(wanted)

    @given(places())
    def test_ranked_by_access_itself_it_is_the_gini(self, place):
        access, people, _ = place
        found = equity.concentration_index(access, people, access)
        assert found == pytest.approx(equity.gini(access, people))

    @given(places())
    def test_turned_over_it_changes_its_sign(self, place):
        access, people, standing = place
        turned = equity.concentration_index(access, people, -standing)
        assert turned == pytest.approx(-equity.concentration_index(access, people, standing))

    def test_equals_are_taken_together_in_any_order(self):
        access, people = np.array([5.0, 1, 3]), np.array([4.0, 4, 8])
        level = np.array([1.0, 1, 2])
        found = equity.concentration_index(access, people, level)
        assert found == 0  # 3 each, in both halves
        assert equity.concentration_index(access[[1, 0, 2]], people, level) == found

    def test_the_corrected_index_reaches_one(self):
        # The better-off half has all there could be, the other nothing.
        access, people = np.array([0.0, 1]), np.array([5.0, 5])
        assert equity.concentration_index(access, people, people * [1, 2], corrected=True) == 1
        halved = equity.concentration_index(
            access, people, people * [1, 2], corrected=True, bounds=(0, 2)
        )
        assert halved == 0.5

    def test_alike_has_no_corrected_index_without_bounds(self):
        assert np.isnan(equity.concentration_index(ALIKE, PEOPLE, STANDING, corrected=True))


class TestPalma:
    """The best-off tenth over the worst-off four tenths."""

    def test_means_are_weighted_by_people(self):
        # Worst-off 40 of 100: 30 at 1 and 10 at 5, on average 2; best-off ten at 8.
        access = np.array([1.0, 5, 4, 8])
        people = np.array([30.0, 10, 50, 10])
        assert equity.palma_ratio(access, people, np.array([1.0, 2, 3, 4])) == 4

    def test_unknown_access_counts_for_who_is_who_only(self):
        access = np.array([1.0, np.nan, 4, 8])
        people = np.array([30.0, 10, 50, 10])
        assert equity.palma_ratio(access, people, np.array([1.0, 2, 3, 4])) == 8

    @pytest.mark.parametrize("access", [[0, 0, 4, 8], [1, 1, 1, np.nan]])
    def test_nothing_or_unknown_on_a_side_is_no_ratio(self, access):
        people = np.array([30.0, 10, 50, 10])
        found = equity.palma_ratio(np.array(access, dtype=float), people, np.arange(4.0))
        assert np.isnan(found)

    def test_shares_that_overlap_are_refused(self):
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            equity.palma_ratio(ALIKE, PEOPLE, STANDING, worst=0.6, best=0.5)
        assert str(raised.value) == "shares of 0.6 and 0.5 of the people overlap or are none"

    @given(places(), st.floats(0, 1))
    def test_quantiles_are_those_of_all_people_in_a_row(self, place, share):
        access, people, _ = place
        wanted = np.quantile(one_by_one(access, people), share)
        found = equity.weighted_quantiles(access, people, [share])
        assert found[0] == pytest.approx(wanted, rel=1e-9)


class TestTheil:
    """Between groups, and within."""

    def test_alike_is_nothing(self):
        found = equity.theil(ALIKE, PEOPLE, ["a", "a", "b"])
        assert (found.total, found.between, found.within) == pytest.approx((0, 0, 0))

    @given(places())
    def test_the_parts_add_up_to_the_whole_person_by_person(self, place):
        access, people, standing = place
        found = equity.theil(access, people, standing % 3)
        each = one_by_one(access, people) / one_by_one(access, people).mean()
        assert found.total == pytest.approx(np.mean(each * np.log(each)), abs=1e-9)
        assert found.between >= -1e-12
        assert found.within >= -1e-12
        assert found.by_group.to_numpy().sum() == pytest.approx(found.total)

    def test_those_without_any_count_for_nothing_and_make_it_no_less(self):
        # Half has all: the mean of a log(a) over a = 0 and 2 is log(2).
        found = equity.theil(np.array([0.0, 2]), np.array([5.0, 5]), ["a", "a"])
        assert found.total == pytest.approx(np.log(2))

    def test_places_of_no_group_are_passed_over(self):
        found = equity.theil(np.array([1.0, 1, 9]), np.array([5.0, 5, 5]), ["a", "b", None])
        assert found.total == pytest.approx(0)
        assert found.by_group.index.tolist() == ["a", "b"]

    def test_nobodys_access_has_no_index(self):
        assert np.isnan(equity.theil(np.zeros(2), np.ones(2), ["a", "b"]).total)


class TestPoverty:
    """Below a line."""

    def test_each_order_asks_more(self):
        # A quarter of the people has half the line.
        found = equity.poverty(np.array([5.0, 20]), np.array([10.0, 30]), line=10)
        assert found == (0.25, 0.125, 0.0625)

    def test_the_line_itself_is_not_poor_and_nothing_is_wholly(self):
        assert equity.poverty(np.array([10.0]), np.array([1.0]), line=10) == (0, 0, 0)
        assert equity.poverty(np.array([0.0]), np.array([1.0]), line=10) == (1, 1, 1)

    @given(places(), st.floats(1, 60))
    def test_orders_fall_and_a_higher_line_finds_no_fewer(self, place, line):
        access, people, _ = place
        headcount, gap, severity = equity.poverty(access, people, line=line)
        assert 1 >= headcount >= gap >= severity >= 0
        assert equity.poverty(access, people, line=line + 1)[0] >= headcount

    def test_nobody_known_is_unknown(self):
        assert np.isnan(equity.poverty(np.array([np.nan]), np.array([3.0]), line=1)).all()

    def test_a_line_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match=r"^line must be positive and finite, not 0$"):
            equity.poverty(ALIKE, PEOPLE, line=0)


def test_each_decile_has_its_mean_and_its_share():
    found = equity.by_group(
        np.array([1, np.nan, 3, np.nan]), np.array([2.0, 5, 2, 4]), [1, 1, 2, 3]
    )
    assert found["people"].tolist() == [2, 2, 0]
    assert found["people_unknown"].tolist() == [5, 0, 4]
    np.testing.assert_array_equal(found["mean"], [1, 3, np.nan])
    assert found["access_share"].tolist() == [0.25, 0.75, 0]


@pytest.mark.parametrize(
    ("access", "people", "told"),
    [
        ([1, 2], [1], "there are 2 amounts of access, but 1 of people"),
        ([-1], [1], "access must be a finite amount of at least 0, or NaN where unknown"),
        ([np.inf], [1], "access must be a finite amount of at least 0, or NaN where unknown"),
        ([1], [-1], "people must be known everywhere, and not negative"),
        ([1], [np.nan], "people must be known everywhere, and not negative"),
    ],
)
def test_what_is_no_access_or_no_people_is_refused(access, people, told):
    access, people = np.array(access, dtype=float), np.array(people, dtype=float)
    for index in (
        equity.gini,
        lambda a, p: equity.poverty(a, p, line=1),
        lambda a, p: equity.theil(a, p, ["a"] * len(a)),
        lambda a, p: equity.by_group(a, p, ["a"] * len(a)),
        lambda a, p: equity.palma_ratio(a, p, np.arange(len(a), dtype=float)),
    ):
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            index(access, people)
        assert str(raised.value) == told


@pytest.mark.filterwarnings("ignore")
class TestPeer:
    """The same figures as pysal's inequality, where it is installed."""

    @pytest.fixture
    def place(self):
        rng = np.random.default_rng(2)
        return rng.uniform(1, 9, 12), rng.integers(1, 20, 12).astype(float)

    def test_gini(self, place):
        peer = pytest.importorskip("inequality", reason="pysal's inequality is not installed")
        each = one_by_one(*place)
        assert equity.gini(*place) == pytest.approx(peer.gini.Gini(each).g)

    def test_theil(self, place):
        peer = pytest.importorskip("inequality", reason="pysal's inequality is not installed")
        access, people = place
        group = np.arange(12) % 4
        theirs = peer.theil.TheilD(one_by_one(*place), one_by_one(group, people))
        ours = equity.theil(access, people, group)
        assert ours.total == pytest.approx(float(theirs.T))
        assert ours.between == pytest.approx(float(np.ravel(theirs.bg)[0]))
        assert ours.within == pytest.approx(float(np.ravel(theirs.wg)[0]))


def test_results_are_the_same_from_a_table_of_whole_numbers():
    table = pd.DataFrame({"access": [1, 2, 3], "people": [4, 5, 6]})
    whole = equity.gini(table["access"].to_numpy(), table["people"].to_numpy())
    assert whole == equity.gini(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
