"""Patterns through time follow Esri's text to the letter, and Gi* the book."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from geoengine import trends
from geoengine.hotspots import emerging
from geoengine.hotspots.local import gi_star
from geoengine.neighbours import from_links


def drawn(history):
    """Read a history: H hot, C cold, a dot neither."""
    marks = np.array([list(history)])
    return marks == "H", marks == "C"


def pattern(history, rising=0):
    hot, cold = drawn(history)
    return emerging.classify(hot, cold, [rising], [len(history)])[0]


@pytest.mark.parametrize(
    ("history", "rising", "name"),
    [
        (".........H", 0, "new"),
        ("C..C.....H", 0, "new"),
        ("........HH", 0, "consecutive"),
        ("..C.....HH", 0, "consecutive"),
        (".HHHHHHHHH", 1, "intensifying"),
        (".HHHHHHHHH", 0, "persistent"),
        ("HHHHHHHHHH", 0, "persistent"),
        ("CHHHHHHHHH", 0, "persistent"),
        (".HHHHHHHHH", -1, "diminishing"),
        ("HHHHHHHHH.", 0, "historical"),
        ("HHHHHHHHH.", -1, "historical"),
        ("H........H", 0, "sporadic"),
        ("H.......HH", 0, "sporadic"),
        ("HHHHHH.H.H", 0, "sporadic"),
        ("HC.......H", 0, "oscillating"),
        ("CH.H....HH", 1, "oscillating"),
        ("HHHH......", 0, None),
        ("HHHHHHHH..", 0, None),
        ("..........", 1, None),
    ],
)
def test_each_history_has_the_name_that_esri_gives_it(history, rising, name):
    assert pattern(history, rising) == (f"{name}_hot" if name else "no_pattern")
    turned = history.translate(str.maketrans("HC", "CH"))
    assert pattern(turned, -rising) == (f"{name}_cold" if name else "no_pattern")


def test_what_an_area_is_goes_before_what_it_was():
    assert pattern("HHHHHHHHHC") == "new_cold"
    assert pattern("CCCCCCCCCH") == "new_hot"


def by_esris_words(history, rising):
    """Name a history by Esri's sentences, one after the other (a second implementation)."""
    for spot, other, more, side in (("H", "C", rising, "hot"), ("C", "H", -rising, "cold")):
        count, last, before = history.count(spot), history[-1] == spot, history[:-1]
        run = len(history) - len(history.rstrip(spot))
        most = count / len(history) >= 0.9
        if last and spot not in before:
            return f"new_{side}"
        if run >= 2 and spot not in history[:-run] and not most:
            return f"consecutive_{side}"
        if most and last and more > 0:
            return f"intensifying_{side}"
        if most and last and more < 0:
            return f"diminishing_{side}"
        if most and last:
            return f"persistent_{side}"
        if last and not most and other not in history:
            return f"sporadic_{side}"
        if last and other in before:
            return f"oscillating_{side}"
    for spot, side in (("H", "hot"), ("C", "cold")):
        if spot in history and history.count(spot) / len(history) >= 0.9 and history[-1] != spot:
            return f"historical_{side}"
    return "no_pattern"


@pytest.mark.parametrize("steps", [1, 2, 4, 7])
def test_every_history_of_a_few_periods_is_named_as_esri_words_it(steps):
    words = ["".join(word) for word in product("HC.", repeat=steps)]
    for rising in (-1, 0, 1):
        marks = np.array([list(word) for word in words])
        n = len(words)
        ours = emerging.classify(marks == "H", marks == "C", [rising] * n, [steps] * n)
        assert ours.tolist() == [by_esris_words(word, rising) for word in words]


def test_there_are_seventeen_patterns_each_with_a_meaning():
    assert len(emerging.PATTERNS) == 17
    assert emerging.PATTERNS["new_cold"] == "cold in the latest period, and never before"
    assert emerging.PATTERNS["oscillating_hot"] == (
        "hot in the latest period, and cold in an earlier one"
    )


def lattice(side):
    cell = np.arange(side * side)
    right, down = cell[cell % side < side - 1], cell[cell < side * (side - 1)]
    tail = np.concatenate((right, right + 1, down, down + side))
    head = np.concatenate((right + 1, right, down + side, down))
    return from_links([f"E{i:02}" for i in cell], tail, head)


def book_z(values, neighbours, lag, against):
    """Return Gi* of every area and period by its textbook formula, one at a time."""
    matrix = neighbours.with_self().matrix().toarray()
    areas, steps = values.shape
    z = np.full(values.shape, np.nan)
    for t in range(steps):
        pool = values if against == "cube" else values[:, t]
        pool = pool[np.isfinite(pool)]
        for i in range(areas):
            terms = [
                (matrix[i, j], values[j, when])
                for when in range(max(t - lag, 0), t + 1)
                for j in np.flatnonzero(matrix[i])
                if np.isfinite(values[j, when])
            ]
            w, x = np.array(terms).T if terms else (np.zeros(0), np.zeros(0))
            n = len(pool)
            error = pool.std() * np.sqrt((n * (w**2).sum() - w.sum() ** 2) / (n - 1))
            if np.isfinite(values[i, t]):
                z[i, t] = ((w * x).sum() - pool.mean() * w.sum()) / error
    return z


@pytest.mark.parametrize("against", ["cube", "step"])
@pytest.mark.parametrize("lag", [0, 1, 2])
def test_z_is_that_of_the_book(lag, against):
    rng = np.random.default_rng(lag)
    values = rng.poisson(20, (36, 6)).astype(float)
    values[rng.integers(0, 36, 8), rng.integers(0, 6, 8)] = np.nan
    ours = emerging.space_time_z(values, lattice(6), lag=lag, against=against)
    np.testing.assert_allclose(ours, book_z(values, lattice(6), lag, against), rtol=1e-9)


def test_period_by_period_z_is_that_of_gi_star():
    rng = np.random.default_rng(8)
    values = rng.normal(size=(25, 4))
    values[3, 1] = np.nan
    ours = emerging.space_time_z(values, lattice(5), lag=0, against="step")
    for step in range(4):
        theirs = gi_star(values[:, step], lattice(5)).z
        np.testing.assert_allclose(ours[:, step], theirs, rtol=1e-9)


def frame(values, neighbours):
    return pd.DataFrame(values, index=neighbours.ids)


def test_a_patch_that_heats_up_is_found_and_the_rest_is_not():
    links = lattice(8)
    values = np.random.default_rng(5).normal(50, 1, (64, 12))
    patch = [r * 8 + c for r in range(3) for c in range(3)]
    values[patch, -1] += 15
    found = emerging.find(frame(values, links), links, lag=0)
    assert (found.areas["kind"].iloc[[0, 1, 8, 9]] == "new_hot").all()
    assert (found.areas["kind"].iloc[40:] == "no_pattern").all()
    assert found.tests == 64 * 12
    assert found.warning == ""


def test_an_unknown_latest_value_and_an_island_have_states_of_their_own():
    links = from_links(list("abcde"), [0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2])
    values = np.random.default_rng(1).normal(size=(5, 10))
    values[2, -1] = np.nan
    values[0, 4] = np.nan
    found = emerging.find(frame(values, links), links)
    assert found.areas["kind"].tolist()[2] == "unknown"
    assert found.areas["kind"].tolist()[4] == "no_neighbours"
    assert found.areas["periods"].tolist() == [9, 10, 9, 10, 0]
    assert np.isnan(found.z[4]).all()
    assert found.tests == np.isfinite(found.z).sum() == 38


def test_where_all_is_equal_nothing_stands_out():
    links = lattice(3)
    found = emerging.find(frame(np.full((9, 10), 0.1), links), links)
    assert np.isnan(found.z).all()
    assert (found.areas["kind"] == "no_variation").all()


def test_each_reason_not_to_compare_an_area_now_is_a_state_of_its_own():
    #   a - b - c - d   e   f (off the streets)   g - h, which has never had a figure
    links = from_links(list("abcdefgh"), [0, 1, 1, 2, 2, 3, 6, 7], [1, 0, 2, 1, 3, 2, 7, 6])
    links = replace(links, off_network=pd.Index(["f"]))
    values = np.random.default_rng(1).normal(size=(8, 10))
    values[[0, 2, 3], -1] = np.nan
    values[7] = np.nan
    why = pd.Series(["suppressed", "", "nobody", "", "", "", "", ""], index=links.ids)
    found = emerging.find(frame(values, links), links, lacking=why, lag=0)
    assert found.areas["kind"].to_dict() == {
        "a": "suppressed", "b": "not_enough_data", "c": "nobody", "d": "unknown",
        "e": "no_neighbours", "f": "no_network", "g": "not_enough_data", "h": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize("correction", ["benjamini_hochberg", "benjamini_yekutieli", "none"])
def test_all_areas_and_periods_are_adjusted_as_asked(correction):
    links = lattice(6)
    values = np.random.default_rng(7).normal(size=(36, 5))
    values[:8, -2:] += 1.5
    values[4, 1] = np.nan
    found = emerging.find(frame(values, links), links, correction=correction)
    z = book_z(values, links, 1, "cube").ravel()
    p = 2 * stats.norm.sf(np.abs(z))
    tested = np.flatnonzero(np.isfinite(p))
    harmonic = sum(1 / rank for rank in range(1, len(tested) + 1))
    dearer = {"benjamini_hochberg": 1.0, "benjamini_yekutieli": harmonic}
    for i in tested:
        # The definition: the least level, of the tests no surer than this one, at which it passes.
        wanted = p[i]
        if correction != "none":
            wanted = min(
                1.0,
                *(
                    p[j] * len(tested) * dearer[correction] / np.sum(p[tested] <= p[j])
                    for j in tested
                    if p[j] >= p[i]
                ),
            )
        assert found.q.ravel()[i] == pytest.approx(wanted, rel=1e-9)
    hot = ((found.q <= 0.05) & (found.z > 0)).sum(axis=1)
    assert found.areas["hot"].tolist() == hot.tolist()


def test_the_stricter_the_adjustment_the_fewer_periods_are_hot():
    links = lattice(6)
    values = np.random.default_rng(7).normal(size=(36, 5))
    values[[0, 1, 2, 6, 7, 8], -2:] += 1.5
    hot = [
        emerging.find(frame(values, links), links, correction=each).areas["hot"].sum()
        for each in ("benjamini_yekutieli", "benjamini_hochberg", "none")
    ]
    assert hot[0] < hot[1] < hot[2]


def test_what_is_all_but_impossible_has_a_p_above_0():
    # Forty areas, each a neighbour of all others, hold all that there is; the rest, in a row.
    one, other = np.nonzero(~np.eye(40, dtype=bool))
    row = np.arange(40, 1999)
    links = from_links(range(2000), [*one, *row, *(row + 1)], [*other, *(row + 1), *row])
    found = emerging.find(frame(np.outer(np.arange(2000) < 40, np.ones(4)), links), links)
    assert stats.norm.sf(np.nanmax(found.z)) == 0
    assert np.nanmin(found.q) > 0


@pytest.mark.parametrize(
    ("periods", "rest"),
    [
        (4, "no trend can be told, as even a rise all along has p = 0.083."),
        (6, "only a steady trend can be told."),
    ],
)  # fmt: skip
def test_a_short_series_warns(periods, rest):
    links = lattice(4)
    values = np.random.default_rng(2).normal(size=(16, periods))
    assert emerging.find(frame(values, links), links).warning == (
        f"There are {periods} periods, fewer than the 10 that Esri asks for; {rest}"
    )


def test_without_clusters_few_maps_show_one():
    links, rng, shown = lattice(7), np.random.default_rng(6), 0
    for _ in range(60):
        found = emerging.find(frame(rng.normal(size=(49, 8)), links), links, lag=0)
        shown += (found.q <= 0.05).any()
    assert shown <= stats.binom.ppf(0.999, 60, 0.05)


def test_trends_are_told_no_more_often_than_they_should_be_for_all_the_lag():
    """Kendall's test of z-scores that share values with the one before would tell 1 in 7."""
    links, rng = lattice(10), np.random.default_rng(9)
    told, naive = [], []
    for _ in range(30):
        values = rng.normal(size=(100, 12))
        told.append(emerging.find(frame(values, links), links, lag=1).areas["p"] <= 0.05)
        naive.append(trends.mann_kendall(emerging.space_time_z(values, links, lag=1)).p <= 0.05)
    assert np.mean(told) < 0.06
    assert np.mean(naive) > 0.1


def test_relabelling_areas_relabels_the_answer():
    rng = np.random.default_rng(3)
    links = lattice(5)
    values = rng.normal(size=(25, 10))
    order = rng.permutation(25)
    place = np.argsort(order)
    mixed = from_links(links.ids[order], place[links.area], place[links.neighbour])
    one = emerging.space_time_z(values, links)
    other = emerging.space_time_z(values[order], mixed)
    np.testing.assert_allclose(other, one[order], rtol=1e-9, atol=1e-12)


def test_values_of_other_areas_are_refused():
    links = lattice(2)
    with pytest.raises(ValueError, match="values must be of the neighbours' areas"):
        emerging.find(pd.DataFrame(np.zeros((4, 3))), links)
    with pytest.raises(
        ValueError, match=r"values must have shape \(4, periods\), but have \(3, 2\)"
    ):
        emerging.space_time_z(np.zeros((3, 2)), links)
    with pytest.raises(ValueError, match="correction must be one of benjamini_hochberg"):
        emerging.find(frame(np.zeros((4, 3)), links), links, correction="bonferroni")
    with pytest.raises(ValueError, match="lag must be at least 0, not -1"):
        emerging.space_time_z(np.zeros((4, 2)), links, lag=-1)
    with pytest.raises(ValueError, match="values must be finite"):
        emerging.space_time_z(np.full((4, 2), np.inf), links)
