"""Reach from any spot, by what a run keeps for a server."""

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import village
from geoengine import isochrones, live, travel_times
from geoengine.degrees import to_metres
from geoengine.errors import GeoEngineError, ResultsError, SourceError
from geoengine.network import ground, snapping

SLIVER_M2 = 5
"""What millimetres along lines of kilometres come to, on the way to degrees and back."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return village.run(tmp_path_factory.mktemp("village")).folder


@pytest.fixture(scope="module")
def streets(kept):
    return live.read(kept)


def degrees(east_m, north_m=0):
    return village.TO_DEGREES.transform(village.EAST + east_m, village.NORTH + north_m)


def test_those_within_are_counted_as_on_paper(streets):
    # 80 m are a minute. From 80 m along the street, West's 40 live 1.5 and 6.5 minutes away and
    # the first 20 of Mid 11.5; Mid's other 40 live 16.5 minutes away.
    made, off_m = live.bands(streets, *degrees(80), [15, 5, 10, 5])
    assert [(band.minutes, band.people) for band in made] == [(15, 60), (10, 40), (5, 20)]
    assert off_m == pytest.approx(0, abs=0.01)
    assert live.sentence(streets, made[0]) == (
        "60 children under 5 live within 15 minutes’ walk of here"
    )
    assert [round(band.others, 6) for band in made] == [1940, 1460, 730]
    nobody, _ = live.bands(streets, *degrees(1800, 0), [0.5])
    assert nobody[0].people in (0, 15)


def test_a_limit_is_inclusive(streets):
    # 200 m along lives a home, 1.5 minutes from 80 m along.
    exact, just_less = 1.5, 1.49
    for minutes, people in ((exact, 20), (just_less, 0)):
        [band], _ = live.bands(streets, *degrees(80), [minutes])
        assert band.people == people
    assert live.sentence(streets, band) == (
        "No children under 5 live within 1.49 minutes’ walk of here"
    )


def test_any_mode_kept_reaches_as_far_as_it_goes(streets):
    # From 80 m along, five minutes at 4.8 km/h end at 480 m, after West's first 20; at 16 km/h
    # at 1,413 m, after all of West's 40 and Mid's 60; at 25 km/h at 2,163 m, after 15 more.
    spot = degrees(80)
    people = {
        mode: live.bands(streets, *spot, [5], mode=mode)[0][0].people for mode in streets.streets
    }
    assert people == {"walk": 20, "cycle": 100, "drive": 115}
    [band], _ = live.bands(streets, *spot, [5], mode="cycle")
    told = live.as_geojson(streets, [band], 0.0, "cycle")["features"][0]["properties"]
    assert told["mode"] == "cycle"
    assert told["sentence"] == "100 children under 5 live within 5 minutes’ cycle ride of here"


def test_a_study_names_the_modes_that_are_kept(tmp_path):
    found = village.run(tmp_path / "named", travel={"live_modes": ["pushchair"]})
    assert list(live.read(found.folder).streets) == ["walk", "pushchair"]
    assert found.summary["live_modes"] == {
        "walk": "walk",
        "pushchair": "walk with a pushchair",
    }


PATH = ([(at, 0) for at in range(0, 4001, 400)], {"highway": "footway"})


def test_modes_that_the_streets_do_not_carry_are_passed_over_unless_named(tmp_path):
    found = village.run(tmp_path / "usual", ways=[PATH])
    assert list(live.read(found.folder).streets) == ["walk"]
    with pytest.raises(SourceError, match="no street in the extract is open to 'drive'"):
        village.run(tmp_path / "named", ways=[PATH], travel={"live_modes": ["drive"]})


def test_others_are_unknown_where_the_population_file_has_none_but_children(tmp_path):
    children = "\n".join(line.rpartition(",")[0] for line in village.POPULATION.splitlines())
    kept = live.read(village.run(tmp_path, files={"people.csv": children}).folder)
    made, off_m = live.bands(kept, *degrees(80), [15])
    [told] = live.as_geojson(kept, made, off_m)["features"]
    assert (told["properties"]["people"], told["properties"]["others"]) == (60, None)


def test_a_short_band_is_drawn_as_finely_beside_a_long_one(streets):
    alone, together = (live.bands(streets, *degrees(80), m)[0][-1] for m in ([2], [2, 60]))
    assert together.area.equals(alone.area)


def test_shorter_bands_lie_within_longer_ones_and_are_valid(streets):
    made, _ = live.bands(streets, *degrees(1500), [3, 6, 9, 12, 20, 60])
    areas = [
        shapely.transform(band.area, to_metres(streets.crs).transform, interleaved=False)
        for band in made
    ]
    assert all(shapely.is_valid(band.area) for band in made)
    for longer, shorter in pairwise(areas):
        assert shorter.difference(longer).area < SLIVER_M2
    for band in made:
        assert band.inside_but_beyond <= 0.01
        assert band.reached_but_outside <= 0.01


def test_the_answer_is_that_of_the_engines_own_parts(streets, monkeypatch):
    # The same, put together by hand on ground as fine.
    monkeypatch.setattr(isochrones, "SQUARES", 1_000_000)
    longitude, latitude = degrees(700, 30)
    made, off_m = live.bands(streets, longitude, latitude, [5], "from")
    x, y = to_metres(streets.crs).transform(longitude, latitude)
    own = streets.streets["walk"]
    spot = snapping.snap(own.network, own.index, np.array([x]), np.array([y]), limit_m=500)
    found = travel_times.find_nearest(own.network, own.at_home, spot, direction="from", limit_s=300)
    grounds = ground.survey(own.network, own.index, limit_m=streets.facts["limit_m"], spacing_m=5)
    [area] = isochrones.around(own.network, grounds, found, spot, [5], direction="from")
    there = streets.people[found.origin_s[:, 0] <= 300].sum()
    assert made[0].people == there
    assert off_m == spot.distance_m[0] == pytest.approx(30, abs=0.1)
    inside = shapely.transform(made[0].area, to_metres(streets.crs).transform, interleaved=False)
    assert inside.symmetric_difference(area).area < SLIVER_M2


def test_what_is_kept_is_the_same_bytes_and_says_the_same(streets, tmp_path, kept):
    live.write(streets, tmp_path)
    assert (tmp_path / live.FILE).read_bytes() == (kept / live.FILE).read_bytes()
    again = live.read(tmp_path)
    assert list(again.streets) == ["walk", "cycle", "drive"]
    for each in again.streets.values():
        assert each.network.in_arc is each.network.out_arc
    asked = (*degrees(300), [5, 15])
    first, second = (
        json.dumps(live.as_geojson(each, *live.bands(each, *asked))) for each in (streets, again)
    )
    assert first == second


def test_two_runs_keep_the_same(kept, tmp_path):
    other = village.run(tmp_path).folder
    assert (other / live.FILE).read_bytes() == (kept / live.FILE).read_bytes()


def test_results_work_where_they_are_moved(kept, tmp_path):
    # The file is all there is in the new place: neither the study nor the cache.
    (tmp_path / live.FILE).write_bytes((kept / live.FILE).read_bytes())
    assert live.bands(live.read(tmp_path), *degrees(80), [15])[0][0].people == 60
    assert not list(tmp_path.glob("*cache*"))


@settings(deadline=None)
@given(east_m=st.floats(0, 4000), minutes=st.lists(st.floats(0.1, 60), min_size=1, max_size=6))
def test_more_minutes_reach_no_fewer_people(streets, east_m, minutes):
    made, _ = live.bands(streets, *degrees(east_m), minutes)
    people = [band.people for band in made]
    assert people == sorted(people, reverse=True)
    assert len(made) == len(set(minutes))


@pytest.mark.parametrize(
    ("spot", "minutes", "sentence"),
    [
        ((0.0, 0.0), [5], "No street to walk lies within 250 m of longitude 0, latitude 0"),
        ((200.0, 91.0), [5], "longitude 200, latitude 91 is no place on earth"),
        ((float("nan"), 1.0), [5], "longitude nan, latitude 1 is no place on earth"),
        ((0.0, 0.0), [], "give one to 6 times in minutes, not 0"),
        ((0.0, 0.0), [1, 2, 3, 4, 5, 6, 7], "give one to 6 times in minutes, not 7"),
        ((0.0, 0.0), [5, 61], "minutes must be above 0 and at most 60, not 61"),
        ((0.0, 0.0), [float("nan")], "minutes must be above 0 and at most 60, not nan"),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_sentence(streets, spot, minutes, sentence):
    with pytest.raises(GeoEngineError) as told:
        live.bands(streets, *spot, minutes)
    assert sentence in str(told.value)


def test_a_mode_that_is_not_kept_is_told(streets):
    with pytest.raises(
        GeoEngineError, match="hold the streets to walk, cycle and drive; to swim, use 'geoengine"
    ):
        live.bands(streets, *degrees(80), [5], mode="swim")


def test_everything_wrong_is_told_at_once(streets):
    with pytest.raises(GeoEngineError, match=r"longitude 999.* not 0; .* not -1"):
        live.bands(streets, 999, 0, [0, -1])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", None])
def test_a_damaged_file_is_told(kept, tmp_path, content):
    whole = (kept / live.FILE).read_bytes()
    (tmp_path / live.FILE).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(ResultsError, match="is damaged or of another version"):
        live.read(tmp_path)


def test_results_without_streets_are_told(tmp_path):
    with pytest.raises(ResultsError, match="keeps no streets to reach any spot by"):
        live.read(tmp_path)


def test_a_file_of_another_version_is_refused(streets, tmp_path, monkeypatch):
    monkeypatch.setattr(live, "FORMAT", 3)
    live.write(streets, tmp_path)
    monkeypatch.undo()
    with pytest.raises(ResultsError, match="format 3, but this version reads 2"):
        live.read(tmp_path)
