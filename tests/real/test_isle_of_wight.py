"""A whole island: every figure held against other tools and against itself."""

import numpy as np
import pandas as pd
import pytest
from real import laws, second_opinion

from geoengine.network import modes, streets

ISLAND = "isle_of_wight"


@pytest.fixture(scope="module")
def found(found_for):
    return found_for(ISLAND)


def test_the_share_of_children_within_a_walk_agrees_with_other_tools(real_data, found):
    folder = real_data / ISLAND
    homes = second_opinion.homes(folder)
    practices = pd.read_csv(folder / "gp_practices_epraccur.csv")
    practices = practices[practices["setting"] == 4]
    minutes = second_opinion.minutes_to_nearest(
        folder / "isle-of-wight-2014.osm.pbf",
        np.column_stack([homes.geometry.x, homes.geometry.y]),
        practices[["easting", "northing"]].to_numpy(float),
        reach_m=found.study.travel.snap_limit_m,
    )
    people = homes["people"].to_numpy()
    assert people.sum() == pytest.approx(5891)
    other = laws.shares_within(people, minutes)
    assert laws.engine_shares(found) == pytest.approx(other, abs=0.01)


def test_the_shares_stay_what_both_computations_found(found):
    # The second opinion found 28.6 %, 48.2 % and 78.5 %.
    assert laws.engine_shares(found) == pytest.approx([0.287, 0.481, 0.784], abs=0.001)


def test_the_headline_areas_stay_what_they_were(found):
    # Times behind them: equal to scipy's below; shares behind them: within 0.2 points of the
    # second opinion above.
    flagged = found.judged[found.judged["status"] == "underserved"]
    assert sorted(flagged.index) == [
        "E01017331", "E01017332", "E01017343", "E01017356", "E01017366", "E01033237",
    ]  # fmt: skip
    assert round(flagged["children_beyond"].sum()) == 473
    assert found.judged["status"].value_counts().to_dict() == {
        "not_deprived": 77, "underserved": 6, "reached": 6,
    }  # fmt: skip


def test_times_on_foot_are_dijkstras_to_the_decisecond(found, rng):
    laws.assert_times_are_dijkstras(found.grounds.network, rng)


def test_times_by_car_with_one_way_streets_are_dijkstras_to_the_decisecond(found, rng):
    network = streets.build(found.inputs.ways, modes.DRIVE, crs="EPSG:27700")
    assert not network.chain_two_way.all()
    laws.assert_times_are_dijkstras(network, rng)


def test_one_thread_finds_what_two_find(found):
    laws.assert_threads_do_not_matter(found)


def test_two_fresh_runs_write_the_same_bytes(study_of, tmp_path):
    study = study_of(ISLAND)
    one = laws.files_of_a_run(study, tmp_path / "one")
    two = laws.files_of_a_run(study, tmp_path / "two")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert "summary.json" in one
