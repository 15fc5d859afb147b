"""Every figure of a scenario is that of a new analysis, to the last bit."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import worlds

from geoengine.errors import ScenarioError
from geoengine.scenarios import Close, Edit, Move, Open, Resize, Scenario
from geoengine.whatif import Figures, Planner

TOWNS, SCENARIOS = 40, 5


def drawn_up(rng: np.random.Generator, base, table, length: int) -> Scenario:
    """Return a scenario of random edits that can all be made."""
    there = list(table.index)
    edits: list[Edit] = []
    for number in range(length):
        kind = rng.choice(["open", "close", "resize", "move"]) if there else "open"
        places = None if rng.random() < 0.2 else float(rng.integers(0, 50))
        spot = on_a_street(rng, base)
        who = str(rng.choice(there)) if there else ""
        if kind == "open":
            who = f"new{number}"
            edits.append(Open(who, *spot, places))
            there.append(who)
        elif kind == "close":
            edits.append(Close(who))
            there.remove(who)
        elif kind == "resize":
            edits.append(Resize(who, places))
        else:
            edits.append(Move(who, *spot))
    return Scenario("drawn up at random", tuple(edits))


def on_a_street(rng: np.random.Generator, base) -> tuple[float, float]:
    """Return the longitude and latitude of a place not far from a street corner."""
    corner = rng.choice(np.flatnonzero(base.network.node_part == 0))
    x = base.network.node_x_m[corner] + rng.uniform(-30, 30)
    y = base.network.node_y_m[corner] + rng.uniform(-30, 30)
    longitude, latitude = worlds.TO_DEGREES.transform(x, y)
    return float(longitude), float(latitude)


def assert_as_from_scratch(base, figures: Figures, table) -> None:
    reach, judged, children, summary = worlds.from_scratch(base, table)
    ids = figures.settings.index.to_numpy()
    for field in ("origin_provision", "node_provision"):
        ours, theirs = getattr(figures.reach.nearest, field), getattr(reach.nearest, field)
        assert np.array_equal(ours >= 0, theirs >= 0)
        named = table.index.to_numpy()
        assert np.array_equal(ids[ours[ours >= 0]], named[theirs[theirs >= 0]])
    same = {"equal_nan": True}
    assert np.array_equal(figures.reach.nearest.origin_s, reach.nearest.origin_s, **same)
    assert np.array_equal(figures.reach.nearest.node_ds, reach.nearest.node_ds)
    assert np.array_equal(figures.reach.places_per_person, reach.places_per_person, **same)
    assert np.array_equal(figures.reach.uncertain, reach.uncertain)
    pd.testing.assert_frame_equal(figures.areas, judged, check_exact=True)
    there = figures.settings[figures.settings["state"] != "closed"]
    assert list(there.index) == list(table.index)
    assert np.array_equal(there["capacity"], table["capacity"], **same)
    assert np.array_equal(there["children"], children)
    assert np.array_equal(there["places_over"], children - table["capacity"], **same)
    for name in summary:
        assert np.array_equal(figures.cells[name], summary[name], **same), name


@pytest.mark.parametrize("seed", range(TOWNS))
def test_any_scenario_gives_what_a_new_analysis_gives_to_the_last_bit(seed):
    base, table = worlds.town(seed)
    planner = Planner(base)
    assert_as_from_scratch(base, planner.before, table)
    rng = np.random.default_rng(1000 + seed)
    for _ in range(SCENARIOS):
        scenario = drawn_up(rng, base, table, int(rng.integers(1, 9)))
        outcome = planner.evaluate(scenario)
        assert_as_from_scratch(base, outcome.after, scenario.apply(table))
        assert_told_of_changes(outcome)
    assert_as_from_scratch(base, planner.before, table)


def assert_told_of_changes(outcome) -> None:
    was = outcome.before.areas.sort_index()
    now = outcome.after.areas.sort_index()
    same = ((was == now) | (was.isna() & now.isna())).all(axis=1)
    told = [after["area_code"] for _, after in outcome.area_lines]
    assert told == list(was.index[~same])
    cells_same = np.ones(len(outcome.before.cells["points"]), dtype=bool)
    for name, values in outcome.before.cells.items():
        after = outcome.after.cells[name]
        cells_same &= (values == after) | (np.isnan(values) & np.isnan(after))
    assert np.array_equal(outcome.changed_cells, np.flatnonzero(~cells_same))


def test_closing_all_leaves_everybody_without_a_way_and_opening_one_again_repairs_it():
    base, table = worlds.town(1)
    planner = Planner(base)
    none = Scenario("none left", tuple(Close(name) for name in table.index))
    after = planner.evaluate(none).after
    joined = base.at_home.joined
    assert np.isinf(after.reach.nearest.origin_s[joined]).all()
    assert np.isnan(after.reach.nearest.origin_s[~joined]).all()
    assert after.totals["settings"] == 0
    assert (after.settings["children"] == 0).all()
    one = none.then(Open("new", *on_a_street(np.random.default_rng(0), base), 30))
    assert_as_from_scratch(base, planner.evaluate(one).after, one.apply(table))


def test_no_edit_changes_nothing_and_undo_takes_the_last_one_back():
    base, _ = worlds.town(2)
    planner = Planner(base)
    nothing = planner.evaluate(Scenario("as it is"))
    assert nothing.changed_areas == []
    assert len(nothing.changed_cells) == 0
    pd.testing.assert_frame_equal(nothing.after.areas, nothing.before.areas)
    plan = Scenario("close one").then(Close("n2"))
    there_and_back = plan.then(Close("n3")).undone()
    assert there_and_back == plan
    first, again = planner.evaluate(plan), planner.evaluate(there_and_back)
    assert first.scenario_id == again.scenario_id
    pd.testing.assert_frame_equal(first.after.areas, again.after.areas)


def test_threads_do_not_disturb_one_another():
    base, table = worlds.town(3)
    planner = Planner(base)
    rng = np.random.default_rng(3)
    asked = [drawn_up(rng, base, table, 4) for _ in range(24)]
    alone = [Planner(base).evaluate(scenario).after.areas for scenario in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(planner.evaluate, asked))
    for expected, outcome in zip(alone, together, strict=True):
        pd.testing.assert_frame_equal(outcome.after.areas, expected)


def test_all_that_is_wrong_is_said_at_once_also_that_no_street_comes_near():
    base, _ = worlds.town(4)
    wrong = Scenario(
        "wrong",
        (Open("far", -2.5, 53.0, 20), Close("n99"), Close("n1"), Close("n1"), Resize("n2", -3)),
    )
    with pytest.raises(ScenarioError) as told:
        Planner(base).evaluate(wrong)
    told_of = "the scenario 'wrong', edit"
    assert str(told.value).replace(told_of, "-") == (
        "- 1: longitude -2.5, latitude 53 is outside the study: none of its streets comes near\n"
        "- 2: there is no setting 'n99' to close; there are 'n0', 'n1', 'n2', 'n3', 'n4' and 3 "
        "more\n"
        "- 4: 'n1' cannot be closed: edit 3 has closed it\n"
        "- 5: places must be at least 0, or left out if unknown, not -3"
    )


def test_the_same_baseline_has_the_same_identity_and_another_another():
    one, two = worlds.town(5)[0], worlds.town(5)[0]
    assert one.identity == two.identity
    assert len(one.identity) == 12
    assert worlds.with_rule(one, share=0.5).identity != one.identity
    assert worlds.town(6)[0].identity != one.identity
