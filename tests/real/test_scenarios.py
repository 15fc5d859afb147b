"""What-ifs on real places are what a new analysis says, to the last bit."""

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from geoengine import accessibility, plans, proposals, travel_times, underserved
from geoengine.network import snapping
from geoengine.scenarios import Close, Move, Open, Resize, Scenario
from geoengine.underserved import Reach
from geoengine.whatif import closures, corners

EDITS = 6


@pytest.fixture(scope="module")
def planner_for(found_for):
    """Return a function that makes a planner and the eligible provision of a place."""

    def make(place):
        found = found_for(place)
        planner = plans.of_grounds(found.study, found.inputs, found.grounds)
        return planner, found.grounds.eligible

    return make


def drawn_up(rng, base, provision) -> Scenario:
    """Return edits that take the provision of a place apart."""
    to_degrees = Transformer.from_crs(base.network.crs, "EPSG:4326", always_xy=True)
    there = [str(name) for name in provision.index]
    edits = []
    for number in range(EDITS):
        corner = rng.choice(np.flatnonzero(base.network.node_part == 0))
        x, y = base.network.node_x_m[corner], base.network.node_y_m[corner]
        spot = [float(part) for part in to_degrees.transform(x, y)]
        kind = rng.choice(["open", "close", "resize", "move"])
        who = str(rng.choice(there))
        if kind == "open":
            edits.append(Open(f"new {number}", *spot, float(rng.integers(0, 60))))
        elif kind == "close":
            edits.append(Close(who))
            there.remove(who)
        elif kind == "resize":
            edits.append(Resize(who, float(rng.integers(0, 60))))
        else:
            edits.append(Move(who, *spot))
    return Scenario("drawn up at random", tuple(edits))


@pytest.mark.parametrize("place", ["isle_of_wight", "newport"])
def test_scenarios_are_what_a_new_analysis_says(planner_for, place, rng):
    planner, provision = planner_for(place)
    base = planner.baseline
    for _ in range(8):
        scenario = drawn_up(rng, base, provision)
        after = planner.evaluate(scenario).after
        there = scenario.apply(provision)
        x, y = shapely.get_coordinates(there.geometry.to_numpy()).T
        spots = snapping.snap(base.network, base.index, x, y, limit_m=base.limit_m)
        nearest = travel_times.find_nearest(base.network, base.at_home, spots)
        pairs = base.pairs_to(spots)
        places = accessibility.two_step_floating_catchment(
            pairs, there["capacity"].to_numpy(dtype=float), base.people
        )
        off = ~spots.joined
        uncertain = underserved.uncertain_origins(
            base.home_x_m, base.home_y_m, x[off], y[off], reach_m=base.reach_m
        )
        judged = underserved.judge(
            base.areas, base.origins, Reach(nearest, uncertain, places), there, base.rule
        )
        pd.testing.assert_frame_equal(after.areas, judged, check_exact=True)
        assert np.array_equal(after.reach.nearest.node_ds, nearest.node_ds)
        assert np.array_equal(after.reach.places_per_person, places, equal_nan=True)


@pytest.mark.parametrize("place", ["isle_of_wight", "newport"])
def test_the_baseline_is_what_the_analysis_found(found_for, planner_for, place):
    planner, _ = planner_for(place)
    pd.testing.assert_frame_equal(planner.before.areas, found_for(place).judged, check_exact=True)


@pytest.mark.parametrize("place", ["isle_of_wight", "newport"])
def test_the_gain_of_a_corner_is_what_a_search_from_it_finds(planner_for, place, rng):
    planner, _ = planner_for(place)
    base, reach = planner.baseline, planner.before.reach
    sites = corners(base.network)
    gained = planner.gains(sites)[:, 0]
    beyond = (reach.nearest.origin_s[:, 0] > base.rule.cutoff_s) & ~reach.uncertain
    best = int(gained.argmax())
    assert gained[best] > 0
    for site in [best, *rng.choice(len(gained), 20, replace=False)]:
        alone = snapping.Positions(**{n: v[[site]] for n, v in vars(sites).items()})
        found = travel_times.find_nearest(base.network, base.at_home, alone)
        newly = beyond & (found.origin_s[:, 0] <= base.rule.cutoff_s)
        assert gained[site] == pytest.approx(base.people[newly].sum(), abs=1e-6)


def test_closing_a_practice_of_the_island_moves_its_children_to_the_others(planner_for):
    planner, provision = planner_for("isle_of_wight")
    told = closures(planner.baseline)
    assert len(told.settings) == len(provision)
    going = told.moves.groupby("provision_id")["children"].sum()
    stay = told.settings["children"] - told.settings["children_cut_off"]
    assert going.reindex(stay.index, fill_value=0).to_numpy() == pytest.approx(stay.to_numpy())
    assert (told.settings["children_losing"] <= told.settings["children"] + 1e-9).all()


@pytest.mark.parametrize("place", ["isle_of_wight", "newport"])
def test_a_building_brings_those_who_are_within_reach_once_it_opens(planner_for, place, rng):
    planner, _ = planner_for(place)
    table = proposals.candidates(planner)
    assert {"school", "library"} <= set(table["kind"])
    before = planner.before.totals["people_beyond"]
    gaining = table[table["people_gained"] > 0]
    best = gaining["people_gained"].idxmax()
    for name in [best, *rng.choice(gaining.index.to_numpy(dtype=object), 8)]:
        opened = Open("new", *table.loc[name, ["longitude", "latitude"]], 10.0)
        after = planner.evaluate(Scenario("", (opened,))).after.totals["people_beyond"]
        assert before - after == pytest.approx(table.loc[name, "people_gained"], abs=1e-6)
