"""Every area gets a class of its own kind, and none gets a p-value that chance does not back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom, kstest, norm

from geoengine import hotspots
from geoengine.errors import TableError
from geoengine.hotspots import local
from geoengine.neighbours import from_links
from geoengine.significance import LEAST_P, benjamini_hochberg


def lattice(rows, columns):
    """Squares that meet at a side or corner are neighbours."""
    at = np.arange(rows * columns).reshape(rows, columns)
    pairs = [
        (at[:, :-1], at[:, 1:]), (at[:-1], at[1:]), (at[:-1, :-1], at[1:, 1:]),
        (at[:-1, 1:], at[1:, :-1]),
    ]  # fmt: skip
    one = np.concatenate([a.ravel() for a, _ in pairs])
    other = np.concatenate([b.ravel() for _, b in pairs])
    ids = pd.Index([f"E{i:04d}" for i in at.ravel()], name="area_code")
    return from_links(ids, [*one, *other], [*other, *one], made="squares that meet")


def find(value, links, **options):
    options.setdefault("rng", np.random.default_rng(1))
    options.setdefault("permutations", 9_999)
    return hotspots.find(pd.Series(value, index=links.ids), links, **options)


@pytest.fixture
def board():
    """Return ten by ten squares with a high corner, a low corner, and noise."""
    links = lattice(10, 10)
    value = np.random.default_rng(5).normal(10, 1, (10, 10))
    value[:3, :3] += 6
    value[7:, 7:] -= 6
    return links, value.ravel()


def test_a_high_and_a_low_corner_are_found_and_little_else(board):
    links, value = board
    found = find(value, links)
    kind = found.table["kind"].to_numpy().reshape(10, 10)
    assert (kind[:3, :3] == "hot").all()
    assert (kind[7:, 7:] == "cold").all()
    assert set(kind[3:7, 3:7].ravel()) <= {"not_significant", "hot", "cold"}
    assert np.isin(kind, ["hot", "cold"]).sum() < 40
    assert found.card.tests == found.card.areas == 100
    assert found.card.chance == "9,999 random orders"
    assert found.card.seed == "1"
    assert len(found.left_out) == 0


def test_what_is_high_or_low_beside_its_neighbours_has_its_own_class():
    value = np.random.default_rng(5).normal(10, 1, (14, 14))
    value[:5, :5] += 6
    value[9:, 9:] -= 6
    value[1, 1], value[12, 12] = 0, 20
    found = find(value.ravel(), lattice(14, 14), statistic="local_moran")
    kind = found.table["kind"].to_numpy().reshape(14, 14)
    assert kind[3, 3] == "high_high"
    assert kind[10, 10] == "low_low"
    assert kind[1, 1] == "low_high"
    assert kind[12, 12] == "high_low"


def test_likeness_and_unlikeness_are_classes_of_their_own(board):
    links, value = board
    value = value.reshape(10, 10).copy()
    value[4:7, 4:7] = 3  # a hole in the middle …
    value[5, 5] = 17  # … with a peak in it
    kind = find(value.ravel(), links, statistic="local_geary").table["kind"]
    kind = kind.to_numpy().reshape(10, 10)
    assert kind[5, 5] == "unlike"
    assert kind[1, 1] == "alike"


def test_only_areas_that_have_something_are_tested_for_company():
    has = np.zeros((10, 10))
    has[:3, :3], has[8, 8] = 1, 1
    found = find(has.ravel(), lattice(10, 10), statistic="join_count")
    kind = found.table["kind"].to_numpy().reshape(10, 10)
    assert kind[1, 1] == "hot"
    assert kind[8, 8] == "not_significant"
    assert kind[5, 5] == "absent"
    assert found.card.tests == 10
    assert found.card.left_out == {"absent": 90}
    assert found.card.chance == "all ways, counted"
    # Nine others have it, and all eight around the middle one do: one tail only.
    assert found.table["p"].iloc[11] == pytest.approx(hypergeom.sf(7, 99, 9, 8))


def test_rare_cases_make_no_cold_spots():
    """Twelve cases in 400 squares: a square without a case around is nothing unusual."""
    cases = np.zeros(400)
    cases[np.random.default_rng(3).choice(400, 12, replace=False)] = 1
    links = lattice(20, 20)
    found = find(cases, links)
    none_near = (links.with_self().matrix() @ cases) == 0
    assert none_near.sum() > 250
    assert (found.table["p"].to_numpy()[none_near] == 1).all()
    assert set(found.table["kind"][none_near]) == {"not_significant"}
    middle = found.table.iloc[np.flatnonzero(none_near & (found.table["neighbours"] == 8))[0]]
    assert middle["z"] < 0  # it is low, but no lower than most
    drawn = find(cases + 0.5, links, permutations=9_999)  # no whole numbers: by random orders
    assert set(drawn.table["kind"][none_near]) == {"not_significant"}
    np.testing.assert_allclose(drawn.table["p"], found.table["p"], atol=0.03)


def test_a_real_gap_is_cold_though_its_sum_cannot_be_lower():
    visits = np.ones((12, 12))
    visits[:4, :4] = 0
    kind = find(visits.ravel(), lattice(12, 12)).table["kind"].to_numpy().reshape(12, 12)
    assert (kind[:3, :3] == "cold").all()


def test_every_state_is_told_apart():
    links = from_links(
        pd.Index(list("abcdefgh"), name="area_code"),
        [0, 1, 1, 2, 2, 3, 5, 6], [1, 0, 2, 1, 3, 2, 6, 5],
    )  # fmt: skip
    value = pd.Series([1.0, 2, 3, np.nan, 5, 6, 7, 9], index=links.ids)
    withheld = pd.Series([""] * 6 + ["suppressed", ""], index=links.ids)
    found = hotspots.find(value, links, lacking=withheld, rng=np.random.default_rng(1))
    assert found.table["kind"].to_dict() == {
        "a": "not_significant", "b": "not_significant", "c": "not_significant", "d": "unknown",
        "e": "no_neighbours", "f": "not_enough_data", "g": "suppressed", "h": "no_neighbours",
    }  # fmt: skip
    assert found.card.left_out == {
        "not_enough_data": 1, "no_neighbours": 2, "unknown": 1, "suppressed": 1,
    }  # fmt: skip
    assert found.card.tests == 3
    assert found.left_out == {
        "not_enough_data": ["f"], "no_neighbours": ["e", "h"], "unknown": ["d"],
        "suppressed": ["g"],
    }  # fmt: skip
    # What is withheld is not given away, and what was not tested has no figures of a test.
    assert np.isnan(found.table.loc["g", "value"])
    assert found.table.loc[list("defgh"), ["lag", "z", "p", "q"]].isna().all(axis=None)
    # Chance is among the six areas with a value: "c" has one neighbour with one, "b" (1 + 2 + 3).
    assert found.table["neighbours"].tolist() == [1, 2, 1, 0, 0, 0, 0, 0]
    assert found.table.loc["b", "expected"] == pytest.approx((1 + 2 + 3 + 5 + 6 + 9) / 6)


def test_nobody_out_of_reach_off_the_map_and_no_network_are_not_the_unknown():
    ids = pd.Index(list("abcdefghi"), name="area_code")
    links = from_links(ids, [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    links = replace(links, off_network=pd.Index(["h"]))
    value = pd.Series([1.0, 2, 3, 4, np.nan, np.nan, 9, 8, 7], index=ids)
    why = pd.Series(["", "", "", "", "nobody", "unreachable", "not_covered", "", ""], index=ids)
    found = hotspots.find(value, links, lacking=why, rng=np.random.default_rng(1))
    assert found.left_out == {
        "no_neighbours": ["i"], "no_network": ["h"], "nobody": ["e"], "unreachable": ["f"],
        "not_covered": ["g"],
    }  # fmt: skip
    assert found.card.left_out == dict.fromkeys(found.left_out, 1)
    # Who is left out has no part in the comparison, whatever the value says.
    assert np.isnan(found.table.loc["g", "value"])
    assert found.table.loc["a", "expected"] == pytest.approx((1 + 2 + 3 + 4 + 8 + 7) / 6)


def test_a_p_value_beyond_the_end_of_floating_point_numbers_is_not_0():
    # A hundred areas, each a neighbour of all others, hold all that there is; the rest, in a row.
    one, other = np.nonzero(~np.eye(100, dtype=bool))
    row = np.arange(100, 2999)
    ids = pd.Index([f"E{at:04d}" for at in range(3000)], name="area_code")
    links = from_links(ids, [*one, *row, *(row + 1)], [*other, *(row + 1), *row])
    found = find((np.arange(3000) < 100).astype(float), links, permutations=0)
    assert norm.sf(found.table["z"].max()) == 0
    assert found.table["p"].min() == LEAST_P
    assert found.table["q"].min() >= LEAST_P


@pytest.mark.parametrize("statistic", ["gi_star", "gi", "local_moran", "local_geary"])
def test_a_constant_field_is_said_to_be_one(statistic):
    links = lattice(4, 4)
    for value in (np.full(16, 0.3), np.where(np.arange(16) % 2, 0.3, 0.1 + 0.2)):
        found = find(value, links, statistic=statistic)
        assert set(found.table["kind"]) == {"no_variation"}
        assert found.table[["p", "q", "z"]].isna().all(axis=None)
        assert found.card.tests == 0
        assert found.card.left_out == {"no_variation": 16}
        assert found.card.chance == "no test"


def test_nearly_nothing_known_is_not_enough():
    links = lattice(2, 2)
    kinds = set(find(np.array([1.0, 2, np.nan, np.nan]), links).table["kind"])
    assert kinds == {"not_enough_data", "unknown"}
    assert set(find(np.full(4, np.nan), links).table["kind"]) == {"unknown"}


def test_areas_around_lend_their_values_but_are_neither_shown_nor_counted(board):
    links, value = board
    inside = np.arange(100) % 10 < 5
    found = find(value, links, shown=pd.Series(inside, index=links.ids))
    whole = find(value, links)
    assert found.table.index.equals(links.ids[inside])
    for column in ("lag", "z", "p", "neighbours"):
        pd.testing.assert_series_equal(found.table[column], whole.table.loc[inside, column])
    assert (found.card.areas, found.card.tests) == (50, 50)
    p = whole.table["p"].to_numpy()[inside]
    np.testing.assert_array_equal(found.table["q"], benjamini_hochberg(p))
    cut = find(value[inside], links.among(inside))  # an edge where there is none
    assert not np.allclose(found.table["z"], cut.table["z"])


@pytest.mark.parametrize("statistic", ["gi_star", "gi", "local_moran", "local_geary"])
def test_more_permutations_come_near_the_normal_distribution(statistic):
    links = lattice(12, 12)
    value = np.random.default_rng(2).normal(size=144)
    drawn = find(value, links, statistic=statistic, permutations=99_999)
    normal = find(value, links, statistic=statistic, permutations=0)
    assert normal.card.chance == "the normal distribution"
    assert normal.card.seed == ""
    inner = normal.table["neighbours"] == 8
    np.testing.assert_allclose(
        normal.table["p"], np.minimum(2 * norm.sf(np.abs(normal.table["z"])), 1), atol=1e-12
    )
    loose = 0.25 if statistic == "local_geary" else 0.03  # squares are skew
    np.testing.assert_allclose(drawn.table["p"][inner], normal.table["p"][inner], atol=loose)


def test_z_and_lag_are_those_of_the_local_statistic(board):
    links, value = board
    for name, statistic in (("gi_star", local.gi_star), ("local_geary", local.geary)):
        table = find(value, links, statistic=name, permutations=99).table
        expected = statistic(value, links)
        for column in ("lag", "expected", "statistic", "z", "neighbours"):
            np.testing.assert_array_equal(table[column], getattr(expected, column))


def test_another_value_around_can_be_compared_with(board):
    links, value = board
    other = pd.Series(value[::-1].copy(), index=links.ids)
    other.iloc[50] = np.nan
    found = find(value, links, statistic="local_moran", around=other, alpha=0.1)
    kind = found.table["kind"].to_numpy().reshape(10, 10)
    assert kind[0, 0] == "high_low"
    assert kind[9, 9] == "low_high"
    assert kind[5, 0] == "unknown"
    assert found.card.statistic == "bivariate local Moran's I"


def test_findings_by_chance_are_as_few_as_promised():
    links = lattice(12, 12)
    rng = np.random.default_rng(8)
    any_found = [
        find(rng.normal(size=144), links, rng=rng, permutations=19_999).table["kind"].isin(
            ["hot", "cold"]).any()
        for _ in range(60)
    ]  # fmt: skip
    # With nothing to find, 5 % of maps may have a finding: 3 of 60, and 9 is beyond all luck.
    assert sum(any_found) < 9
    p = [find(rng.gamma(1, size=144), links, rng=rng, permutations=999).table["p"].iloc[66]
         for _ in range(300)]  # fmt: skip
    assert kstest(p, "uniform").pvalue > 0.01


def test_the_same_input_gives_the_same_table_whatever_its_order_and_threads(board):
    links, value = board
    series = pd.Series(value, index=links.ids)
    one = find(value, links, threads=1).table
    shuffled = series.sample(frac=1, random_state=1)
    for threads in (1, 2, 4):
        other = hotspots.find(
            shuffled, links, rng=np.random.default_rng(1), permutations=9_999, threads=threads
        ).table
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_every_fault_of_the_values_is_told_at_once():
    links = lattice(1, 3)
    value = pd.Series([1.0, np.inf, 3], index=["E0000", "E0001", "W1"])
    with pytest.raises(TableError) as refused:
        hotspots.find(value, links, rng=np.random.default_rng(1))
    assert str(refused.value) == (
        "value: no row for 'E0002'\n"
        "value: 'W1' is no area with neighbours\n"
        "value: 'E0001' is infinite; leave it missing, or give the people out of reach instead "
        "of minutes"
    )
    value = pd.Series([1.0, 2, 3, 4], index=["E0000", "E0001", "E0002", "E0002"])
    people = pd.Series(["7", "many", None], index=links.ids, dtype=object)
    with pytest.raises(TableError) as refused:
        hotspots.find(value, links, people=people, rng=np.random.default_rng(1))
    assert str(refused.value) == (
        "value: 'E0002' stands more than once\n"
        "people: 'E0001' must have a number or none, not 'many'"
    )
    with pytest.raises(TableError) as refused:
        find(np.arange(3.0), links, lacking=pd.Series(["", "gone", "nobody"], index=links.ids))
    assert str(refused.value) == (
        "lacking: 'E0001' must be empty or 'nobody' or 'unreachable' or 'not_covered' or "
        "'suppressed'"
    )
    flags = pd.Series([True, None, "no"], index=links.ids, dtype=object)
    with pytest.raises(TableError) as refused:
        find(np.arange(3.0), links, shown=flags)
    assert str(refused.value) == (
        "shown: 'E0001' must be true or false\nshown: 'E0002' must be true or false"
    )


def test_options_that_are_not_there_are_refused():
    links = lattice(2, 2)
    for options, words in [
        ({"statistic": "lisa"}, "statistic must be one of gi_star, gi, local_moran"),
        ({"correction": "bonferroni"}, "correction must be one of benjamini_hochberg"),
        ({"alpha": 5}, "alpha must be above 0 and below 1, not 5"),
        ({"permutations": -1}, "permutations must be at least 0, not -1"),
        ({"around": pd.Series(0.0, index=links.ids)}, "only local_moran compares with another"),
    ]:
        with pytest.raises(ValueError, match=words):
            find(np.arange(4.0), links, **options)
