"""Every layer says of every feature what it is, once, and adds up to the village."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import village
from geoengine.store import Results
from village import EAST, EASTERN, FAR, MID, MOOR, NORTH, WEST

OF_AREAS = ("underserved", "need_access", "areas", "hotspots_", "clusters_", "emerging_")
LAYERS = (
    "underserved",
    "need_access",
    "areas",
    "provision",
    "unplaced",
    "cells",
    "streets",
    "catchments",
    "isochrones",
    "gains",
    "hotspots_out_of_reach",
    "hotspots_minutes",
    "hotspots_deprivation",
)
ISLAND = [
    ([(at, 0) for at in range(0, 3001, 500)], village.STREET),
    ([(3300, 0), (5000, 0)], village.STREET),
]
"""The High Street is broken at the border; Oaks stands beyond."""
ONLY_OAKS = village.PROVISION.replace("Acorns,40,Active", "Acorns,40,Closed")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return village.run(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return the results where nobody can get to the only nursery."""
    return village.run(
        tmp_path_factory.mktemp("cut_off"), ways=ISLAND, files={"nurseries.csv": ONLY_OAKS}
    )


@pytest.fixture(scope="module", params=["results", "cut_off"])
def either(request: pytest.FixtureRequest) -> Results:
    found: Results = request.getfixturevalue(request.param)
    return found


def read(results: Results, name: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{name} holds {constant}")

    return json.loads((results.folder / name).read_text(), parse_constant=refuse)


def table(results: Results, layer_id: str) -> pd.DataFrame:
    values = read(results, f"{layer_id}.values.json")
    frame = pd.DataFrame(values["columns"], index=values["ids"])
    return frame.assign(class_key=values["class_key"])


def shapes(results: Results, layer_id: str) -> dict[str, Any]:
    """Return each feature's shape, metres from the start of the street."""
    frame = gpd.read_parquet(results.table(layer_id)).to_crs("EPSG:27700")
    moved = frame.geometry.translate(-village.EAST, -village.NORTH)
    return dict(zip(frame.index, moved, strict=True))


# ------------------------------------------------------------------ laws of every layer


def test_there_are_all_the_layers_in_order(either: Results):
    assert tuple(entry["layer_id"] for entry in either.layers) == LAYERS


@pytest.mark.parametrize("layer_id", LAYERS)
def test_every_feature_is_of_one_class_of_the_legend(either: Results, layer_id: str):
    entry, values = either.layer(layer_id), read(either, f"{layer_id}.values.json")
    keys = [step["key"] for step in entry["classes"]]
    assert len(set(keys)) == len(keys)
    assert set(values["class_key"]) <= set(keys)
    assert sum(step["features"] for step in entry["classes"]) == entry["features"]
    assert len(values["ids"]) == len(set(values["ids"])) == entry["features"]
    assert all(len(of) == entry["features"] for of in values["columns"].values())
    assert {column["name"] for column in entry["columns"]} <= set(values["columns"])


@pytest.mark.parametrize("layer_id", [name for name in LAYERS if name != "unplaced"])
def test_every_feature_is_drawn_once(either: Results, layer_id: str):
    drawn = read(either, f"{either.layer(layer_id)['shapes']}.geometry.json")
    ids = read(either, f"{layer_id}.values.json")["ids"]
    assert [feature["id"] for feature in drawn["features"]] == sorted(ids)


def test_layers_of_the_same_areas_share_their_shapes(either: Results):
    named = {layer_id: either.layer(layer_id)["shapes"] for layer_id in LAYERS}
    of_areas = {name for layer_id, name in named.items() if layer_id.startswith(OF_AREAS)}
    assert len(of_areas) == 1
    assert named["unplaced"] is None
    stored = {path.name for path in either.folder.glob("*.geometry.json")}
    assert stored == {f"{name}.geometry.json" for name in named.values() if name}


@pytest.mark.parametrize("layer_id", LAYERS)
def test_every_layer_tells_its_question_method_and_source(either: Results, layer_id: str):
    entry = either.layer(layer_id)
    assert entry["question"].endswith("?")
    assert entry["method"].endswith(".")
    assert entry["attribution"][0] == "Invented: no part of this place is real"
    assert entry["as_of"]["Deprivation"] == "2025"


@pytest.mark.parametrize("layer_id", ["underserved", "need_access", "areas", "catchments", "cells"])
def test_the_legend_adds_up_the_people_of_the_table(either: Results, layer_id: str):
    entry, frame = either.layer(layer_id), table(either, layer_id)
    for step in entry["classes"]:
        members = frame[frame["class_key"] == step["key"]]
        assert (step["people"] or 0) == pytest.approx(float(members[entry["people"]].sum()))


def test_people_in_hexagons_are_never_more_than_live_there(either: Results):
    assert table(either, "cells")["people"].sum() <= 160


# -------------------------------------------------------------- the village on its layers


def test_each_area_has_its_status_and_ward(results: Results):
    assert table(results, "underserved")["class_key"].to_dict() == {
        MID: "underserved",
        EASTERN: "underserved",
        WEST: "reached",
        FAR: "not_deprived",
        MOOR: "not_covered",
    }
    told = {step["key"]: step["people"] for step in results.layer("underserved")["classes"]}
    assert told == {
        "underserved": 90,
        "reached": 40,
        "not_deprived": 20,
        "not_covered": 10,
        "unknown": 0,
    }


def test_each_area_has_its_decile(results: Results):
    frame = table(results, "areas")
    assert frame["class_key"].to_dict() == {
        WEST: "d1",
        MID: "d1",
        EASTERN: "d2",
        FAR: "d8",
        MOOR: "d1",
    }
    assert frame.loc[FAR, "sentence"] == "Far: deprivation decile 8, 20 children under 5."


def test_an_area_without_a_decile_is_unknown(tmp_path: Path):
    codes = [f"E0109{at:04d}" for at in range(21)]
    squares = village.collection(
        [
            ({"LSOA21CD": code, "LAD24CD": village.OURS}, village.box(200 * at, -100, 200, 200))
            for at, code in enumerate(codes)
        ]
    )
    found = village.run(
        tmp_path,
        files={
            "areas.geojson": squares,
            "imd.csv": "LSOA21CD,IMD_decile\n" + "".join(f"{code},1\n" for code in codes[1:]),
            "people.csv": "LSOA21CD,0-4\n" + "".join(f"{code},5\n" for code in codes),
        },
        boundaries={"small_areas": None},
        postcodes=None,
    )
    assert table(found, "areas")["class_key"].value_counts().to_dict() == {"d1": 20, "unknown": 1}
    assert table(found, "underserved")["class_key"][codes[0]] == "unknown"
    assert table(found, "areas")["sentence"][codes[0]] == (
        f"{codes[0]}: the deprivation file has no figure for this area."
    )


def test_each_nursery_is_shown_as_counted_or_why_not(results: Results):
    frame = table(results, "provision")
    assert frame["class_key"].to_dict() == {
        "n1": "eligible",
        "n2": "outside",
        "n3": "not_eligible",
        "n4": "not_eligible",
    }
    assert frame["sentence"].to_dict() == {
        "n1": "Acorns: 40 places; counted.",
        "n2": "Oaks: 20 places; counted, though across the border.",
        "n3": "Elms: 30 places; not counted: it is closed.",
        "n4": "School’s Out: 24 places; not counted: not for children under 5.",
    }
    lost = table(results, "unplaced")
    assert lost["unplaced_reason"].to_dict() == {"n5": "postcode ZZ9 9ZZ is not in the directory"}


def test_streets_are_parted_by_minutes_and_add_up_to_all_in_the_area(results: Results):
    # Pieces of 400 m by the time at their middle: 2.5 | 6.5 11.5 16.5 21.5 | 18.5 13.5 8.5 from
    # the west, and 6.5 on Mill Lane. What lies beyond the border is not of the study.
    frame = table(results, "streets")
    assert frame["length_km"].to_dict() == pytest.approx(
        {"0-5": 0.4, "5-10": 1.2, "10-15": 0.8, "15-20": 0.8, "20-30": 0.4}, abs=1e-3
    )


def test_everybody_with_streets_is_in_one_hexagon(results: Results):
    frame = table(results, "cells")
    assert frame["people"].sum() == 150
    hexagons = shapes(results, "cells")
    home = shapely.Point(1000, 0)
    (cell,) = (name for name, shape in hexagons.items() if shape.covers(home))
    assert frame.loc[cell, "class_key"] == "10-15"
    assert frame.loc[cell, "minutes_mean"] == pytest.approx(11.5, abs=1)


def test_times_between_the_points_of_a_street_are_no_guess(results: Results):
    # The street has a point every 400 m. Acorns stands between two of them, and 1880 m, halfway
    # to Oaks and 22.5 minutes from either, lies between two others.
    frame, hexagons = table(results, "cells"), shapes(results, "cells")
    (near,) = (name for name, shape in hexagons.items() if shape.covers(shapely.Point(80, 0)))
    assert frame.loc[near, "minutes_min"] < 13 / 80
    assert frame["minutes_max"].max() == pytest.approx(22.5, abs=13 / 80)


def test_each_catchment_is_the_ground_nearest_to_its_nursery(results: Results):
    frame = table(results, "catchments")
    assert "too little ground" not in results.layer("catchments")["method"]
    assert frame["people"].to_dict() == {"n1": 115, "n2": 35}
    ground = shapes(results, "catchments")
    # Halfway between 80 and 3680 m is 1880 m.
    for x, name in ((300, "n1"), (1500, "n1"), (2200, "n2"), (3000, "n2")):
        assert [code for code, shape in ground.items() if shape.covers(shapely.Point(x, 0))] == [
            name
        ]
    assert frame.loc["n1", "sentence"] == "Acorns is the nearest nursery to 115 children under 5."


def test_a_nursery_without_ground_of_its_own_is_told_with_those_nearest_to_it(tmp_path: Path):
    # Three nurseries stand within 10 m; Middle is the nearest only at its own door, where the
    # one postcode of West's eastern half has all of its 20 children.
    row = f"Active,0,4,{{}},{NORTH},\n"
    three = village.PROVISION + "".join(
        f"{name},{name},5,{row.format(EAST + at)}"
        for name, at in (("Left", 600), ("Middle", 605), ("Right", 610))
    )
    door = village.POSTCODES + f"ZZ2 2AA,{EAST + 605},{NORTH},,0,{WEST}\n"
    found = village.run(tmp_path, files={"nurseries.csv": three, "postcodes.csv": door})
    assert "Middle" not in table(found, "catchments").index
    assert (
        "1 more of them, nearest to 20 children under 5, have too little ground to be drawn."
        in found.layer("catchments")["method"]
    )
    assert table(found, "catchments")["people"].sum() == 150 - 20


def test_reach_is_drawn_in_rings_that_hold_who_lives_that_far(results: Results):
    rings = shapes(results, "isochrones")
    homes = {200: "0-5", 600: "5-10", 1000: "10-15", 1400: None}
    for x, band in homes.items():
        held = [
            name.removeprefix("n1:")
            for name, ring in rings.items()
            if name.startswith("n1:") and ring.covers(shapely.Point(x, 0))
        ]
        assert held == ([band] if band else [])


def test_bands_count_the_children_and_everybody_else_who_lives_that_near(results: Results):
    # Each area has 1,500 residents; a third of Mid's live in its nearer half.
    bands = table(results, "isochrones").loc[["n1:0-5", "n1:5-10", "n1:10-15"]]
    assert bands["people"].tolist() == [20, 40, 60]
    assert bands["others"].round(6).tolist() == [730, 1460, 1460 + 1440 / 3]
    assert set(bands["others_state"]) == {"known"}


def test_others_are_unknown_where_the_population_file_has_none_but_children(tmp_path: Path):
    children = "\n".join(line.rpartition(",")[0] for line in village.POPULATION.splitlines())
    found = village.run(tmp_path, files={"people.csv": children})
    bands = table(found, "isochrones")
    assert bands.loc["n1:10-15", "people"] == 60
    nobody = bands["people"] == 0
    assert bands.loc[nobody, "others"].tolist() == [0]
    assert bands.loc[~nobody, "others"].isna().all()
    assert set(bands.loc[~nobody, "others_state"]) == {"unknown"}


def test_rings_of_one_nursery_do_not_overlap(results: Results):
    rings = shapes(results, "isochrones")
    for name in ("n1", "n2"):
        own = [ring for code, ring in rings.items() if code.startswith(f"{name}:")]
        assert shapely.union_all(own).area == pytest.approx(
            sum(ring.area for ring in own), rel=1e-3
        )


# ----------------------------------------------------------------------- nobody reaches


def test_where_nobody_can_get_there_every_street_says_so(cut_off: Results):
    assert list(table(cut_off, "streets")["class_key"]) == ["unreachable"]
    cells = table(cut_off, "cells")
    assert set(cells["class_key"]) == {"unreachable"}
    assert cells["minutes_mean"].isna().all()
    assert (cells["share_unreachable"] == 1).all()
    assert cells["sentence"].iloc[0] == "No way to a nursery from these streets."


def test_a_nursery_that_is_nobodys_nearest_has_no_catchment(cut_off: Results):
    assert table(cut_off, "catchments").empty
    told = table(cut_off, "underserved")
    assert told.loc[WEST, "minutes_state"] == "unreachable"
    assert told.loc[WEST, "children_beyond"] == 40


# -------------------------------------------------------------------------- the basemap


def test_the_basemap_is_drawn_lowest_first(results: Results):
    drawn = read(results, "basemap.json")["features"]
    assert [feature["properties"]["kind"] for feature in drawn] == ["minor", "authority"]
