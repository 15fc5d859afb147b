"""A legend says how many features, and people, each class holds, and loses none of them."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoengine.layers import Layer, LayerClass, class_keys, legend

MINUTES = (
    LayerClass("0-5", "up to 5 minutes", 0, 5),
    LayerClass("5-10", "5 to 10 minutes", 5, 10),
    LayerClass("10-", "more than 10 minutes", 10, None),
    LayerClass("unreachable", "no way to walk there", state=True),
)


def layer(keys: Sequence[str], people: Sequence[float] | None = None) -> Layer:
    columns: dict[str, Any] = {"class_key": list(keys), "minutes": np.zeros(len(keys))}
    if people is not None:
        columns["children"] = list(people)
    points = shapely.points(np.zeros((len(keys), 2)))
    return Layer(
        "cells", "Walk", "How far?",
        gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:27700"),
        "point", "minutes", "minutes", "minutes", MINUTES, (),
        people="" if people is None else "children",
    )  # fmt: skip


def test_limits_belong_to_the_class_below_them() -> None:
    keys = class_keys(np.array([0.0, 5.0, 5.001, 10.0, 10.001, 1e9]), MINUTES)
    assert keys.tolist() == ["0-5", "0-5", "5-10", "5-10", "10-", "10-"]


def test_a_number_that_no_class_holds_has_none() -> None:
    assert class_keys(np.array([-0.1, np.nan]), MINUTES).tolist() == ["", ""]


def test_what_cannot_be_reached_is_not_in_the_class_without_an_upper_limit() -> None:
    assert class_keys(np.array([np.inf]), MINUTES).tolist() == [""]


def test_a_state_is_never_a_step_of_the_scale() -> None:
    steps = (LayerClass("unknown", "not known", state=True), *MINUTES)
    assert class_keys(np.array([0.0]), steps).tolist() == ["0-5"]


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_every_time_has_exactly_one_class(minutes: list[float]) -> None:
    keys = class_keys(np.array(minutes), MINUTES)
    for value, key in zip(minutes, keys, strict=True):
        assert key == ("0-5" if value <= 5 else "5-10" if value <= 10 else "10-")


def test_the_legend_counts_in_its_own_order() -> None:
    lines = legend(layer(["10-", "0-5", "10-", "unreachable"], [3, 4, 5, 6]))
    assert [(line["key"], line["features"], line["people"]) for line in lines] == [
        ("0-5", 1, 4.0),
        ("5-10", 0, 0.0),
        ("10-", 2, 8.0),
        ("unreachable", 1, 6.0),
    ]
    assert [line["state"] for line in lines] == [False, False, False, True]


def test_people_that_are_not_known_are_not_nobody() -> None:
    lines = legend(layer(["0-5", "5-10", "5-10"], [np.nan, np.nan, 2]))
    assert [line["people"] for line in lines] == [None, 2.0, 0.0, 0.0]


def test_a_layer_that_counts_no_people_says_so() -> None:
    assert {line["people"] for line in legend(layer(["0-5"]))} == {None}


@pytest.mark.parametrize("seed", range(10))
def test_the_legend_adds_up_to_the_layer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    keys = rng.choice([step.key for step in MINUTES], 50)
    people = rng.integers(0, 40, 50)
    lines = legend(layer(keys.tolist(), people.tolist()))
    assert sum(line["features"] for line in lines) == 50
    assert sum(line["people"] for line in lines) == people.sum()
