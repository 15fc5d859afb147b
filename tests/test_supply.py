"""Places of an age band or session are held against the children they are for."""

import pandas as pd
import pytest
from click.testing import CliRunner

import village
from geoengine import cli
from geoengine.errors import SourceError, StudyError
from geoengine.study import load
from village import EAST, EASTERN, FAR, MID, MOOR, NEIGHBOUR, NORTH, WEST

BANDS = f"""id,name,places,status,easting,northing,under_3 morning,under_3 full day,3 to 4
n1,Acorns,40,Active,{EAST + 80},{NORTH},6,4,30
n2,Oaks,20,Active,{EAST + 3680},{NORTH},,5,15
n3,Elms,30,Closed,{EAST + 2000},{NORTH},30,30,0
n4,Ashes,12,Active,{EAST + 1800},{NORTH},0,0,12
"""
PEOPLE = f"""LSOA21CD,0-2,3-4,5-7,0-4,Total
{WEST},10,30,40,40,1500
{MID},20,40,60,60,1500
{EASTERN},10,20,30,30,1500
{FAR},10,10,20,20,1500
{NEIGHBOUR},20,30,40,50,1500
{MOOR},0,10,10,10,1500
"""
FILES = {"nurseries.csv": BANDS, "people.csv": PEOPLE}


def ran(folder, **supply):
    """Run a village whose register tells places by band; return a layer's table by area."""
    return village.run(
        folder, files=FILES, **{f"supply.{name}": asked for name, asked in supply.items()}
    )


def table(results, name):
    return pd.read_parquet(results.folder / f"supply_{name}.parquet")


def test_places_of_a_band_are_shared_among_the_children_of_that_band(tmp_path):
    results = ran(
        tmp_path,
        mornings={
            "title": "Morning places for under-threes",
            "ages": [0, 2],
            "places": ["under_3 morning", "under_3 full day"],
        },
    )
    found = table(results, "mornings")
    # Within 15 minutes of Acorns live West's 10 under-threes and, of Mid's 20, a third (one of
    # three shares of residents): 10 places for 16.67 children are 60 per 100 for those homes.
    assert found["children"].to_dict() == {WEST: 10, MID: 20, EASTERN: 10, FAR: 10, MOOR: 0}
    assert found["places_per_100"][WEST] == pytest.approx(60)
    assert found["places_per_100"][MID] == pytest.approx(60 / 3)
    # Far reaches Oaks alone, whose morning places are unknown: unknown, not none. East reaches
    # nothing at all; nobody knows the way to Moor.
    assert found["places_state"].to_dict() == {
        WEST: "known", MID: "known", EASTERN: "known", FAR: "unknown", MOOR: "not_covered",
    }  # fmt: skip
    assert found["places_per_100"][EASTERN] == 0
    assert found["places_per_100"].isna().to_dict() == {
        WEST: False, MID: False, EASTERN: False, FAR: True, MOOR: True,
    }  # fmt: skip
    (entry,) = [each for each in results.layers if each["layer_id"] == "supply_mornings"]
    assert entry["findings"][0] == (
        "10 places in 1 setting count; those of 1 more are unknown and passed over, so that access "
        "may be better."
    )
    assert entry["people_title"] == "children aged 0 to 2"


def test_each_band_has_its_own_layer_and_its_own_reach(tmp_path):
    results = ran(
        tmp_path,
        older={"title": "Places for threes and fours", "ages": [3, 4], "places": ["3 to 4"]},
        near={
            "title": "Near", "ages": [3, 4], "places": ["3 to 4"], "cutoff_min": 5,
            "people": "threes and fours",
        },
    )  # fmt: skip
    # In 5 minutes only the first homes of West, half of its 30, are at Acorns with 30 places;
    # homes of East at 1800 m are at Ashes, and no one is at Oaks.
    near = table(results, "near")
    assert near["places_per_100"][WEST] == pytest.approx(100)
    assert near["places_per_100"][FAR] == 0
    # In 15, Oaks' 15 places are shared by Far's 10 (and none of Ours in between reach it).
    older = table(results, "older")
    assert older["places_per_100"][FAR] >= 100
    assert list(older["children"].sort_index()) == [30, 40, 20, 10, 10]


def test_the_official_measure_drives_fifteen_minutes_for_children_up_to_seven(tmp_path):
    results = ran(tmp_path, official={"preset": "england-childcare"})
    found = table(results, "official")
    # In 15 minutes one can drive the whole street: all places for all children aged 0 to 7.
    children = 80 + 120 + 60 + 40
    assert found["children"].to_dict() == {WEST: 80, MID: 120, EASTERN: 60, FAR: 40, MOOR: 20}
    for code in (WEST, MID, EASTERN, FAR):
        assert found["places_per_100"][code] == pytest.approx(100 * (40 + 20 + 12) / children)
    (entry,) = [each for each in results.layers if each["layer_id"] == "supply_official"]
    assert "15 minutes’ drive" in entry["question"]
    assert "25 minutes by public transport" in entry["method"]


def test_what_a_supply_cannot_be_is_told_at_once(tmp_path):
    path = village.write(
        tmp_path,
        **{
            "supply.Bad": {"title": "x"},
            "supply.a": {"ages": [4, 2], "mode": "fly", "cutoff_min": -1},
            "supply.b": {"preset": "england-childcare", "ages": [0, 4]},
            "supply.c": {"preset": "wales"},
        },
    )
    with pytest.raises(StudyError) as told:
        load(path)
    assert [fault.problem for fault in told.value.faults] == [
        ("[supply.Bad]: a name has up to 40 small letters, digits and _, and begins with a letter"),
        "[supply.a] needs 'title'",
        "supply.a.ages must be the youngest and the oldest age, but are [4, 2]",
        "supply.a.mode must be one of walk, pushchair, cycle, drive, but is 'fly'",
        "supply.a.cutoff_min must be between 0 and 1440 minutes, but is -1",
        "[supply.b] has a preset, which says ages: leave that out",
        "supply.c.preset must be one of england-childcare, but is 'wales'",
        "[supply.c] needs 'title'",
    ]


def test_a_column_that_is_not_there_and_places_below_none_are_told(tmp_path):
    with pytest.raises(SourceError, match="there is no column 'under_2'; it has id, name"):
        ran(tmp_path, x={"title": "X", "places": ["under_2"]})
    files = {**FILES, "nurseries.csv": BANDS.replace(",6,4,30", ",-6,4,30")}
    with pytest.raises(SourceError, match="row 2: 'under_3 morning' must be at least 0 places"):
        village.run(
            tmp_path, files=files, **{"supply.x": {"title": "X", "places": ["under_3 morning"]}}
        )


def test_unknown_places_are_told_where_the_data_are_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOENGINE_CACHE", str(tmp_path / "cache"))
    path = village.write(
        tmp_path,
        files=FILES,
        **{"supply.x": {"title": "X", "ages": [0, 2], "places": ["under_3 morning"]}},
    )
    said = CliRunner().invoke(cli.main, ["check", str(path)]).output
    assert "Places unknown in 'under_3 morning': 1 of 4." in said
