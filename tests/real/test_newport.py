"""A town whose street map covers only its middle: what lies outside is never judged."""

import geopandas as gpd
import numpy as np
import pytest
from real import laws, second_opinion

from geoengine import figures
from geoengine.atlas import around, hotspots
from geoengine.atlas.setting import Setting

TOWN = "newport"
CATEGORIES = ("school", "early_years", "family_hub_or_childrens_centre")


@pytest.fixture(scope="module")
def found(found_for):
    return found_for(TOWN)


def test_the_share_of_children_within_a_walk_agrees_with_other_tools(real_data, found):
    folder = real_data / TOWN
    homes = second_opinion.homes(folder)
    settings = gpd.read_file(folder / "provision_osm_2023.geojson").to_crs(second_opinion.BNG)
    settings = settings[settings["category"].isin(CATEGORIES)]
    minutes = second_opinion.minutes_to_nearest(
        folder / "newport-2023-06-13.osm.pbf",
        np.column_stack([homes.geometry.x, homes.geometry.y]),
        np.column_stack([settings.geometry.x, settings.geometry.y]),
        reach_m=found.study.travel.snap_limit_m,
    )
    people = homes["people"].to_numpy()
    assert people.sum() == pytest.approx(10_005)
    other = laws.shares_within(people, minutes)
    assert laws.engine_shares(found) == pytest.approx(other, abs=0.01)


def test_the_shares_stay_what_both_computations_found(found):
    # The second opinion found 70.7 %, 87.7 % and 96.4 %.
    assert laws.engine_shares(found) == pytest.approx([0.708, 0.877, 0.966], abs=0.001)


def test_areas_beyond_the_street_map_are_not_covered_and_never_underserved(found):
    ways = found.inputs.ways
    on_street = np.zeros(len(ways.node_id), dtype=bool)
    on_street[ways.ref] = True
    mapped = gpd.GeoSeries(
        gpd.points_from_xy(ways.longitude[on_street], ways.latitude[on_street]), crs="EPSG:4326"
    ).to_crs(found.inputs.areas.crs)
    west, south, east, north = mapped.total_bounds
    bounds = found.inputs.areas.geometry.bounds
    beyond = (
        (bounds["maxx"] < west) | (bounds["minx"] > east)
        | (bounds["maxy"] < south) | (bounds["miny"] > north)
    )  # fmt: skip
    assert beyond.any()
    outside = found.judged.loc[beyond[beyond].index]
    deprived = outside["decile"].isin(found.rule.deciles)
    assert (outside["status"] != "underserved").all()
    assert (outside["status"][deprived] == "not_covered").all()
    assert (outside["coverage"] == 0).all()
    assert outside["minutes_median"].isna().all()


def test_the_headline_areas_stay_what_they_were(found):
    # Times behind them: equal to scipy's below; shares behind them: within 0.2 points of the
    # second opinion above.
    flagged = found.judged[found.judged["status"] == "underserved"]
    assert sorted(flagged.index) == ["W01001664", "W01001667"]
    assert found.judged["status"].value_counts().to_dict() == {
        "not_deprived": 37, "not_covered": 35, "reached": 21, "underserved": 2,
    }  # fmt: skip


def test_areas_off_the_street_map_are_told_so_on_the_map_of_hotspots(found):
    setting = Setting(found, around(found))
    told = hotspots.hotspots(setting, figures.of(found, "minutes", setting.areas)).frame
    off = found.judged.index[found.judged["minutes_state"] == "not covered"]
    assert len(off) == 25
    assert set(told.index[told["class_key"] == "not_covered"]) == set(off)
    assert "unknown" not in set(told["class_key"])
    assert (
        told.loc[off, "sentence"]
        .str.endswith("is not covered by the street map, so it has no figure to compare.")
        .all()
    )


def test_times_on_foot_are_dijkstras_to_the_decisecond(found, rng):
    laws.assert_times_are_dijkstras(found.grounds.network, rng)


def test_one_thread_finds_what_two_find(found):
    laws.assert_threads_do_not_matter(found)
