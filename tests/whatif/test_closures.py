"""Closing each setting by looking up the second nearest gives what closing it in earnest gives."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine.scenarios import Close, Scenario
from geoengine.whatif import Planner, closures


@pytest.mark.parametrize("seed", range(12))
def test_each_closure_is_what_a_scenario_of_it_gives(seed):
    base, _ = worlds.town(seed, settings=5)
    planner = Planner(base)
    told = closures(base)
    was = planner.before
    for name in base.provisions.index:
        after = planner.evaluate(Scenario("one", (Close(name),))).after
        row = told.settings.loc[name]
        assert row["children"] == was.settings.loc[name, "children"]
        lost = beyond(base, after) & ~beyond(base, was)
        assert row["children_losing"] == pytest.approx(base.people[lost].sum())
        decile = base.areas["decile"].to_numpy()[base.home_area]
        by_decile = [row[f"losing_decile_{d}"] for d in range(1, 11)]
        assert by_decile == pytest.approx(
            [base.people[lost & (decile == d)].sum() for d in range(1, 11)]
        )
        assert sum(by_decile) + row["losing_decile_unknown"] == pytest.approx(
            row["children_losing"]
        )
        stranded = np.isinf(seconds(after)) & np.isfinite(seconds(was))
        assert row["children_cut_off"] == pytest.approx(base.people[stranded].sum())
        further = (seconds(after) - seconds(was)) / 60
        theirs = was.reach.nearest.origin_provision[:, 0] == base.provisions.index.get_loc(name)
        some = theirs & np.isfinite(further) & (base.people > 0)
        if some.any():
            assert row["minutes_more_worst"] == further[some].max()
            assert_is_median(row["minutes_more_median"], further[some], base.people[some])
        else:
            assert np.isnan(row["minutes_more_worst"])
        assert_taken_in(told.moves[told.moves["provision_id"] == name], row, was, after)


def seconds(figures):
    return figures.reach.nearest.origin_s[:, 0]


def beyond(base, figures):
    return seconds(figures) > base.rule.cutoff_s


def assert_is_median(value, minutes, people):
    assert people[minutes <= value].sum() >= people.sum() / 2 - 1e-9
    assert people[minutes < value].sum() <= people.sum() / 2 + 1e-9


def assert_taken_in(moves, row, was, after):
    more = after.settings["children"] - was.settings["children"]
    grown = moves.set_index("absorber_id")
    for absorber, taken in more.items():
        if absorber in grown.index:
            assert grown.loc[absorber, "children"] == pytest.approx(taken)
            then = after.settings.loc[absorber]
            assert grown.loc[absorber, "absorber_children"] == pytest.approx(then["children"])
            over = grown.loc[absorber, "places_over"]
            assert over == pytest.approx(then["places_over"], nan_ok=True)
        else:
            assert taken <= 0
    assert row["absorbers"] == len(moves)
    assert row["absorbers_over"] == (moves["places_over"] > 0).sum()
    assert row["absorbers_unknown"] == moves["places_over"].isna().sum()
    all_unknown = len(moves) > 0 and moves["places_over"].isna().all()
    assert np.isnan(row["children_over"]) == all_unknown


def test_a_setting_too_full_to_take_all_in_is_named_with_the_children_beyond_its_places():
    base, _ = worlds.town(2, settings=5)
    told = closures(base)
    full = told.settings[told.settings["absorbers_over"] > 0]
    assert len(full) > 0
    now = Planner(base).before.settings["places_over"].clip(lower=0)
    for name, row in full.iterrows():
        moves = told.moves[told.moves["provision_id"] == name]
        then = moves["places_over"].clip(lower=0).fillna(0).sum()
        assert row["children_over"] == pytest.approx(
            then - now[moves["absorber_id"]].fillna(0).sum()
        )


def test_with_one_setting_its_closure_cuts_all_off():
    base, table = worlds.town(3, settings=1)
    told = closures(base).settings.loc[table.index[0]]
    assert told["children"] == told["children_cut_off"] > 0
    assert np.isnan(told["minutes_more_median"])
    assert told["absorbers"] == 0
    assert isinstance(closures(base).moves, pd.DataFrame)
