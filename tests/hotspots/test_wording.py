"""What was found is said in sentences that a councillor can read out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geoengine import hotspots
from geoengine.hotspots import KINDS, UNTESTED, Card, Hotspots, Wording, sentences, summary
from geoengine.neighbours import from_links

WORDS = Wording(
    more="more late talkers",
    fewer="fewer late talkers",
    unit="per 100",
    people="children",
)


def told(kinds, *, people=None, around=2, correction="benjamini_hochberg"):
    """Areas in a row with the kinds given; z falls from the left."""
    count = len(kinds)
    ids = pd.Index([f"E{i}" for i in range(count)], name="area_code")
    at = np.arange(count - 1)
    table = pd.DataFrame(
        {
            "neighbours": around, "lag": 32.14, "expected": 18.4,
            "z": np.linspace(4, 2, count), "kind": kinds,
        },
        index=ids,
    )  # fmt: skip
    if people is not None:
        table["people"] = people
    left = {kind: kinds.count(kind) for kind in UNTESTED if kind in kinds}
    tests = count - sum(left.values())
    card = Card("Getis-Ord Gi*", "row", "drawn", count, tests, correction, 0.05, "1", left)
    links = from_links(ids, [*at, *(at + 1)], [*(at + 1), *at])
    names = pd.Series([f"Place {chr(65 + i)}" for i in range(count)], index=ids)
    return Hotspots(table, links, card), names


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (
            "hot",
            (
                "Place A and the two areas around it have more late talkers than "
                "chance explains: 32.1 per 100 on average, where 18.4 would be expected."
            ),
        ),
        (
            "low_low",
            (
                "Place A has fewer late talkers than most, and so have the two "
                "areas around it, beyond what chance explains."
            ),
        ),
        (
            "high_low",
            (
                "Place A stands out: it has more late talkers than most, while "
                "the two areas around it have fewer late talkers than chance "
                "explains."
            ),
        ),
        ("alike", "Place A is more like the two areas around it than chance explains."),
        ("not_significant", "Chance can explain what is found in and around Place A."),
        ("unknown", "There is no figure for Place A."),
        ("suppressed", "The figure for Place A is withheld."),
        ("no_neighbours", "Place A has no neighbours to compare it with."),
    ],
)
def test_each_area_has_its_sentence(kind, sentence):
    assert sentences(*_with(told([kind]))).iloc[0] == sentence


def _with(found_and_names):
    found, names = found_and_names
    return found, WORDS, names


def test_one_neighbour_is_not_called_many():
    said = sentences(*_with(told(["hot", "high_high"], around=1)))
    assert said.iloc[0].startswith("Place A and its neighbour have more late talkers")
    assert "and so has its neighbour, beyond" in said.iloc[1]


@pytest.mark.parametrize("statistic", ["Getis-Ord Gi", "local join count"])
def test_what_leaves_an_areas_own_figure_out_speaks_of_those_around_it_alone(statistic):
    found, names = told(["hot"])
    found = replace(found, card=replace(found.card, statistic=statistic))
    assert sentences(found, WORDS, names).iloc[0].startswith("Areas around Place A have more")


def test_every_kind_has_words():
    said = sentences(*_with(told(list(KINDS))))
    assert not said.str.contains(r"[{}]|nan", regex=True).any()
    assert said.is_unique


def test_the_map_is_summed_up_by_place_with_people_counted():
    kinds = ["not_significant", "hot", "hot", "hot", "not_significant", "hot", "cold", "unknown"]
    said = summary(*_with(told(kinds, people=[9, 100, 100, 12, 9, 200, 30, 7])))
    assert said == [
        (
            "Four areas around Place B and Place F have more late talkers than "
            "chance explains; they hold 412 children."
        ),
        (
            "One area around Place G has fewer late talkers than chance "
            "explains; it holds 30 children."
        ),
        "About one in 20 of the areas named may still be chance.",
        "Seven of eight areas were compared; left out: one without a figure (Place H).",
    ]


def test_people_that_are_not_known_are_not_taken_for_none():
    said = summary(*_with(told(["hot", "hot"], people=[5, np.nan], correction="none")))
    assert said == [
        (
            "Two areas around Place A have more late talkers than chance "
            "explains; they hold at least 5 children."
        )
    ]


def test_many_places_are_counted_and_not_all_named():
    said = summary(*_with(told(["hot", "not_significant"] * 6)))
    assert said[0].startswith("Six areas around Place A, Place C, Place E and three other places")


def test_outliers_are_told_apart_from_groups():
    said = summary(*_with(told(["high_low", "not_significant", "low_high", "high_high"])))
    assert said[0].startswith("One area around Place D has more late talkers")
    assert said[1] == ("Two areas around Place A and Place C stand out from those around them.")


def test_a_hotspot_of_figures_too_near_to_0_for_a_z_is_named_all_the_same():
    found, names = told(["hot", "hot", "not_significant"])
    found.table["z"] = np.nan
    said = summary(found, WORDS, names)
    assert said[0].startswith("Two areas around Place A have more late talkers")


def test_a_map_where_nothing_stands_out_says_so():
    assert summary(*_with(told(["not_significant"] * 3))) == [
        "No area stands out beyond what chance explains."
    ]
    assert summary(*_with(told(["no_variation"] * 4))) == [
        "No area was compared; left out: four as all have the same figure."
    ]


def test_what_is_found_can_be_said():
    ids = pd.Index([f"E{i}" for i in range(12)], name="area_code")
    at = np.arange(11)
    row = from_links(ids, [*at, *(at + 1)], [*(at + 1), *at])
    value = pd.Series([1.0] * 8 + [9, 9, 9, 9], index=ids)
    found = hotspots.find(
        value, row, rng=np.random.default_rng(1), alpha=0.25,
        people=pd.Series(100, index=ids),
    )  # fmt: skip
    names = pd.Series([f"Ward {i}" for i in range(12)], index=ids)
    assert summary(found, WORDS, names)[0] == (
        "Two areas around Ward 9 have more late talkers than chance "
        "explains; they hold 200 children."
    )
