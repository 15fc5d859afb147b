"""How far results agree is counted over those that tested an area."""

import numpy as np
import pandas as pd
import pytest

from geoengine.hotspots import agreement, carried


def test_an_area_is_as_sure_as_the_results_that_tested_it_agree():
    border = pd.Series({"a": "hot", "b": "hot", "c": "no_neighbours", "d": "suppressed"})
    nearest = pd.Series({"d": "suppressed", "c": "hot", "b": "cold", "a": "hot"})
    minutes = pd.Series({"a": "hot", "b": "not_significant", "c": "not_significant"})
    table = agreement({"border": border, "nearest": nearest, "minutes": minutes})
    assert table["results"].to_dict() == {"a": 3, "b": 3, "c": 2, "d": 0}
    assert table["share"].round(3).to_dict() == pytest.approx(
        {"a": 1, "b": 0.333, "c": 0.5, "d": np.nan}, nan_ok=True
    )
    assert table.loc["b", ["border", "nearest", "minutes"]].tolist() == [1, 0, 0]
    assert agreement({"nearest": nearest}, kind="cold")["share"].loc["b"] == 1


def test_a_result_on_cells_is_carried_over_by_the_share_of_each_area_in_them():
    cells = pd.Series({"x": "hot", "y": "not_significant", "z": "unknown"})
    crosswalk = pd.DataFrame(
        [("x", "a", 0.5), ("y", "a", 0.25), ("z", "a", 0.25), ("z", "b", 1.0), ("x", "c", 1.0)],
        columns=["from_code", "area_code", "share"],
    )
    # Two thirds of what was tested of a are hot; nothing of b was tested.
    shares = carried(cells, crosswalk)
    assert shares.to_dict() == pytest.approx({"a": 2 / 3, "b": np.nan, "c": 1}, nan_ok=True)
    on_areas = pd.Series({"a": "hot", "b": "hot", "c": "not_significant"})
    table = agreement({"areas": on_areas, "cells": shares})
    assert table["share"].to_dict() == pytest.approx({"a": 5 / 6, "b": 1, "c": 0.5})


def test_what_cannot_be_compared_is_refused():
    crosswalk = pd.DataFrame({"from_code": ["q"], "area_code": ["a"], "share": [1.0]})
    cells = pd.Series({"x": "hot"})
    with pytest.raises(ValueError, match="crosswalk: 'q' has no kind"):
        carried(cells, crosswalk)
    with pytest.raises(ValueError, match="every 'share' must be from 0 to 1"):
        carried(cells, crosswalk.assign(from_code="x", share=1.2))
    with pytest.raises(ValueError, match="'warm' of 'x' is no kind of area"):
        agreement({"one": pd.Series({"x": "warm"})})
    with pytest.raises(ValueError, match=r"kind must be one of hot, cold, .*, not 'unknown'"):
        agreement({"one": cells}, kind="unknown")
    with pytest.raises(ValueError, match="at least one result"):
        agreement({})
