"""The whole chain, on a village whose every figure can be worked out on paper."""

import itertools
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest

import village
from geoengine import analysis, intake, travel_times, underserved
from geoengine.errors import SourceError, TableError
from geoengine.study import load
from village import EASTERN, FAR, MID, MOOR, NEIGHBOUR, WEST

EXACT = {"abs": 0.01}
"""Coordinates are kept to a centimetre, times to a tenth of a second."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> analysis.Analysis:
    return village.analyse(tmp_path_factory.mktemp("village"))


def minutes(found: analysis.Analysis) -> dict[str, float]:
    """Return the minutes from each origin to the nearest nursery, by metres along the street."""
    metres = (found.grounds.origins.geometry.x - village.EAST).round(-1).astype(int)
    seconds = found.reach.nearest.origin_s[:, 0]
    return dict(zip(metres.tolist(), (seconds / 60).round(2).tolist(), strict=True))


# ----------------------------------------------------------------------- reading


def test_areas_of_other_authorities_are_not_studied(found: analysis.Analysis):
    assert sorted(found.inputs.areas.index) == [WEST, MID, EASTERN, FAR, MOOR]
    assert found.inputs.elsewhere.index.tolist() == [NEIGHBOUR]
    assert NEIGHBOUR not in found.inputs.population.index


def test_areas_have_their_need_and_their_people(found: analysis.Analysis):
    areas = found.inputs.areas
    assert areas["decile"].to_dict() == {WEST: 1, MID: 1, EASTERN: 2, FAR: 8, MOOR: 1}
    assert areas["rank"].to_dict() == {WEST: 100, MID: 200, EASTERN: 4000, FAR: 26000, MOOR: 300}
    assert areas["people"].to_dict() == {WEST: 40, MID: 60, EASTERN: 30, FAR: 20, MOOR: 10}


def test_a_nursery_counts_if_it_is_open_for_the_ages_and_placed(found: analysis.Analysis):
    provision = found.inputs.provision
    assert provision["eligible"].to_dict() == {
        "n1": True,
        "n2": True,
        "n3": False,  # closed
        "n4": False,  # for children from 5
        "n5": False,  # at an unknown postcode
    }
    assert provision["abroad"].to_dict() == {
        "n1": False,
        "n2": True,
        "n3": False,
        "n4": False,
        "n5": False,
    }


@pytest.mark.parametrize(
    ("ages", "suits"),
    [((0, 4), False), ((0, 5), True), ((5, 11), True), ((11, 15), True), ((12, 15), False)],
)
def test_a_service_suits_whose_ages_it_shares(tmp_path: Path, ages: tuple[int, int], suits: bool):
    told = ",".join(f"{age}" for age in range(16))
    people = f"LSOA21CD,{told}\n" + "".join(
        f"{code},{','.join(['1'] * 16)}\n" for code in village.CORNERS
    )
    found = village.analyse(tmp_path, files={"people.csv": people}, population={"ages": list(ages)})
    assert bool(found.inputs.provision["suits"]["n4"]) is suits


def test_a_quay_just_off_a_coarse_outline_is_not_abroad(tmp_path: Path):
    beside = village.PROVISION.replace(
        f"Acorns,40,Active,0,4,{village.EAST + 80},{village.NORTH}",
        f"Acorns,40,Active,0,4,{village.EAST - 240},{village.NORTH}",
    )
    further = beside.replace(str(village.EAST - 240), str(village.EAST - 260))
    for text, abroad in ((beside, False), (further, True)):
        study = load(village.write(tmp_path, files={"nurseries.csv": text}))
        inputs = intake.read(study, village.quiet)
        assert bool(inputs.provision["abroad"]["n1"]) is abroad


def test_an_authority_without_areas_is_met_with_those_there_are(tmp_path: Path):
    with pytest.raises(SourceError) as raised:
        village.analyse(tmp_path, study={"authority": "E06000001"})
    assert raised.value.faults[0].problem == (
        "holds no area of the authority E06000001; it holds those of E06000098, E06000099. Set "
        "study.authority, or give [boundaries] authorities or a lookup"
    )


def test_without_an_authority_every_area_is_studied(tmp_path: Path):
    found = village.analyse(tmp_path, study={"authority": None})
    assert len(found.inputs.areas) == 6
    assert found.inputs.elsewhere.empty
    assert not found.inputs.provision["abroad"].any()


def test_authority_and_ward_come_from_outlines_where_the_areas_tell_none(tmp_path: Path):
    bare = village.areas().replace("LAD24CD", "remark")
    outlines = village.collection(
        [
            ({"LAD24CD": village.OURS, "LAD24NM": "Ours"}, village.box(-10, -410, 3210, 3000)),
            ({"LAD24CD": village.THEIRS, "LAD24NM": "Theirs"}, village.box(3200, -410, 900, 900)),
        ]
    )
    wards = village.collection(
        [({"WD24CD": "E05000001", "WD24NM": "Street Ward"}, village.box(0, -400, 1600, 800))]
    )
    found = village.analyse(
        tmp_path,
        files={"areas.geojson": bare, "lad.geojson": outlines, "wards.geojson": wards},
        boundaries={"authorities": "lad.geojson", "wards": "wards.geojson"},
    )
    areas = found.inputs.areas
    assert sorted(areas.index) == [WEST, MID, EASTERN, FAR, MOOR]
    assert areas["ward_name"].dropna().to_dict() == {WEST: "Street Ward", MID: "Street Ward"}


# ----------------------------------------------------------------------- finding


def test_every_home_has_the_time_that_its_distance_gives(found: analysis.Analysis):
    assert found.grounds.origins.groupby("area_code")["people"].sum().to_dict() == {
        WEST: 40,
        MID: 60,
        EASTERN: 30,
        FAR: 20,
        MOOR: 10,
    }
    assert minutes(found) == pytest.approx(
        {
            200: 1.5,
            600: 6.5,
            1000: 11.5,
            1400: 16.5,
            1800: 21.5,
            2200: 18.5,
            2600: 13.5,
            2920: 9.5,
            240: np.nan,  # the Moor
            640: np.nan,
        },
        nan_ok=True,
        **EXACT,
    )


def test_every_area_is_judged_as_worked_out_on_paper(found: analysis.Analysis):
    judged = found.judged
    assert judged["status"].to_dict() == {
        MID: "underserved",
        EASTERN: "underserved",
        WEST: "reached",
        FAR: "not_deprived",
        MOOR: "not_covered",
    }
    assert judged.index.tolist()[:2] == [MID, EASTERN]
    assert judged["children_beyond"].to_dict() == {MID: 40, EASTERN: 30, WEST: 0, FAR: 0, MOOR: 0}
    assert judged["children_unknown"].to_dict() == {MID: 0, EASTERN: 0, WEST: 0, FAR: 0, MOOR: 10}
    told = judged.drop(MOOR)
    assert told["minutes_median"].to_dict() == pytest.approx(
        {MID: 16.5, EASTERN: 18.5, WEST: 1.5, FAR: 9.5}, **EXACT
    )
    assert told["minutes_worst"].to_dict() == pytest.approx(
        {MID: 16.5, EASTERN: 21.5, WEST: 6.5, FAR: 13.5}, **EXACT
    )
    assert told["nearest_name"].to_dict() == {
        MID: "Acorns",
        EASTERN: "Acorns",
        WEST: "Acorns",
        FAR: "Oaks",
    }


def test_places_are_shared_by_the_children_of_the_study_in_reach(found: analysis.Analysis):
    # Acorns: 40 places for West's 40 and Mid's first 20. Oaks: 20 places for Far's 20.
    assert found.judged["places_per_100"].drop(MOOR).to_dict() == pytest.approx(
        {MID: 100 * (20 / 60) * (40 / 60), EASTERN: 0, WEST: 100 * 40 / 60, FAR: 100}
    )
    assert np.isnan(found.judged["places_per_100"][MOOR])


def test_the_pairs_in_reach_are_those_within_the_cutoff(found: analysis.Analysis):
    grounds = found.grounds
    table = found.pairs.to_frame(grounds.origins.index, grounds.eligible.index)
    assert table["to_id"].value_counts().to_dict() == {"n1": 3, "n2": 2}
    assert table["travel_time_min"].max() <= 15
    assert table["to_id"].isna().sum() == 5  # one home of Mid, both of East, both of Moor


def test_a_home_near_a_nursery_that_the_map_misses_is_not_judged(tmp_path: Path):
    # Beeches stands 300 m south of the street at 2000 m, further than 250 m from any street.
    missed = village.PROVISION + (
        f"n6,Beeches,30,Active,0,4,{village.EAST + 2000},{village.NORTH - 300},\n"
    )
    judged = village.analyse(tmp_path, files={"nurseries.csv": missed}).judged
    assert judged["status"][EASTERN] == "not_covered"
    assert judged["children_unknown"][EASTERN] == 30
    # 1400 is 671 m from Beeches as the crow flies, so that its 40 are in doubt as well.
    assert judged["status"][MID] == "not_covered"
    assert judged["status"][FAR] == "not_deprived"


# ----------------------------------------------------------------- other journeys


def test_the_cutoff_decides_and_is_inclusive(tmp_path: Path):
    judged = village.analyse(tmp_path, travel={"cutoff_min": 16.51}).judged
    assert judged["status"][MID] == "reached"
    judged = village.analyse(tmp_path, travel={"cutoff_min": 16.49}).judged
    assert judged["status"][MID] == "underserved"


def test_a_pushchair_is_slower(tmp_path: Path):
    # 3.6 km/h are 60 m a minute: 920 m take 15 min 20 s.
    found = village.analyse(tmp_path, travel={"mode": "pushchair"})
    assert minutes(found)[1000] == pytest.approx(920 / 60, abs=0.02)
    assert found.judged["children_beyond"][MID] == 60


def test_a_cycle_and_a_car_are_faster(tmp_path: Path):
    cycled = village.analyse(tmp_path, travel={"mode": "cycle"})
    assert minutes(cycled)[1800] == pytest.approx(1720 / (16_000 / 60), **EXACT)
    driven = village.analyse(tmp_path, travel={"mode": "drive"})
    assert minutes(driven)[1800] == pytest.approx(1720 / (25_000 / 60), **EXACT)
    assert (driven.judged["children_beyond"] == 0).all()


def test_a_speed_of_ones_own_replaces_the_usual_one(tmp_path: Path):
    found = village.analyse(tmp_path, travel={"speeds_kph": {"all": 2.4}})
    assert minutes(found)[1000] == pytest.approx(23, abs=0.02)


ONE_WAY = [
    ([(at, 0) for at in range(0, 4001, 400)], {**village.STREET, "oneway": "yes"}),
    ([(0, 0), (0, -1200), (4000, -1200), (4000, 0)], {"highway": "tertiary"}),
]


def test_a_one_way_street_is_travelled_one_way_by_those_who_drive(tmp_path: Path):
    """Eastwards only: from 200 m to Acorns at 80 m it is the whole way round, and back 120 m."""
    street, back = 25_000 / 60, 40_000 / 60
    only = village.PROVISION.replace("Oaks,20,Active", "Oaks,20,Closed")
    there = village.analyse(
        tmp_path / "to", ways=ONE_WAY, travel={"mode": "drive"}, files={"nurseries.csv": only}
    )
    round_trip = 3800 / street + (1200 + 4000 + 1200) / back + 80 / street
    assert minutes(there)[1000] == pytest.approx(round_trip - 800 / street, **EXACT)
    outreach = village.analyse(
        tmp_path / "from",
        ways=ONE_WAY,
        travel={"mode": "drive", "direction": "from"},
        files={"nurseries.csv": only},
    )
    assert minutes(outreach)[1000] == pytest.approx(920 / street, **EXACT)


@pytest.mark.parametrize("direction", ["to", "from"])
def test_points_of_streets_have_the_time_of_homes_that_stand_there(tmp_path: Path, direction: str):
    found = village.analyse(
        tmp_path, ways=ONE_WAY, travel={"mode": "drive", "direction": direction}
    )
    network = found.grounds.network
    along = {
        round(x - village.EAST): at
        for at, (x, y) in enumerate(zip(network.point_x_m, network.point_y_m, strict=True))
        if round(y - village.NORTH) == 0
    }
    # Homes at 1000 and 1400 m stand 200 m either side of the street's point at 1200 m.
    street = 25_000 / 60
    home, sign = minutes(found), -1 if direction == "to" else 1
    expected = home[1000] + sign * 200 / street
    point_s, _ = travel_times.at_points(
        network, found.reach.nearest, found.grounds.at_provision, direction=found.direction
    )
    assert point_s[along[1200]] / 60 == pytest.approx(expected, abs=0.02)


def test_walking_ignores_one_way_streets(tmp_path: Path):
    assert minutes(village.analyse(tmp_path, ways=ONE_WAY))[1000] == pytest.approx(11.5, **EXACT)


# ----------------------------------------------------------------- other sources


def test_provision_can_be_picked_from_the_street_map_by_its_tags(tmp_path: Path):
    found = village.analyse(
        tmp_path,
        nodes={
            (80, 0): {"amenity": "kindergarten", "name": "Acorns", "capacity": "40"},
            (2000, 100): {"amenity": "pub", "name": "The Moor"},
        },
        provision={"file": None, "osm": {"amenity": ["kindergarten"]}},
    )
    eligible = found.grounds.eligible
    assert eligible["name"].tolist() == ["Acorns"]
    assert eligible["capacity"].tolist() == [40]
    assert minutes(found)[1000] == pytest.approx(11.5, **EXACT)


def graphml(folder: Path, streets: Any = village.STREETS) -> None:
    graph = networkx.MultiDiGraph(crs="epsg:4326")
    points = sorted({point for line, _ in streets for point in line})
    for at, (x, y) in enumerate(village.degrees(points)):
        graph.add_node(at, x=x, y=y)
    for way, (line, tags) in enumerate(streets):
        for tail, head in itertools.pairwise(line):
            ends = points.index(tail), points.index(head)
            for one, other in (ends, ends[::-1]):
                graph.add_edge(one, other, osmid=way, highway=tags["highway"], oneway="False")
    networkx.write_graphml(graph, folder / "streets.graphml")


def test_streets_can_be_a_graph_of_osmnx(tmp_path: Path):
    graphml(tmp_path)
    found = village.analyse(tmp_path, streets={"file": "streets.graphml"})
    assert minutes(found)[1000] == pytest.approx(11.5, **EXACT)
    assert underserved.headline(found.judged, found.rule).startswith("70 children under 5 in 2")
    assert found.inputs.basemap.empty


def test_without_postcodes_and_output_areas_people_live_inside_their_area(tmp_path: Path):
    # West at 400 m, Mid at 1200, East at 2000 and Far at 2800; Oaks has no place any more.
    found = village.analyse(tmp_path, postcodes=None, boundaries={"small_areas": None})
    assert found.grounds.origins["people"].to_dict() == {
        WEST: 40,
        MID: 60,
        EASTERN: 30,
        FAR: 20,
        MOOR: 10,
    }
    assert found.judged["minutes_median"].drop(MOOR).to_dict() == pytest.approx(
        {WEST: 4, MID: 14, EASTERN: 24, FAR: 34}, **EXACT
    )


def test_another_grid_gives_the_same_answer(tmp_path: Path):
    found = village.analyse(tmp_path, study={"crs": "EPSG:32630"})
    assert found.judged["children_beyond"].to_dict() == {
        MID: 40,
        EASTERN: 30,
        WEST: 0,
        FAR: 0,
        MOOR: 0,
    }


def test_the_network_is_kept_between_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = village.analyse(tmp_path)
    monkeypatch.setattr(analysis.street_networks, "build", None)
    after = village.analyse(tmp_path, travel={"cutoff_min": 20})
    assert after.judged["children_beyond"][MID] == 0
    assert before.judged["children_beyond"][MID] == 40


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "nurseries.csv",
            village.PROVISION.replace("Acorns,40", "Acorns,-40"),
            "row 2: 'capacity' must be at least 0, but is -40.0 for 'n1'",
        ),
        (
            "people.csv",
            village.POPULATION.replace(f"{WEST},40", f"{WEST},-4"),
            f"row 2: 'people' must be at least 0, but is -4.0 for '{WEST}'",
        ),
        (
            "imd.csv",
            village.DEPRIVATION.replace(",8\n", ",11\n"),
            f"row 5: 'decile' must be at most 10, but is 11.0 for '{FAR}'",
        ),
    ],
)
def test_numbers_that_cannot_be_are_told_by_row(
    tmp_path: Path, name: str, text: str, sentence: str
):
    with pytest.raises((SourceError, TableError)) as raised:
        village.analyse(tmp_path, files={name: text})
    assert f"{name}, {sentence}" in str(raised.value)
