"""Travel times and amounts are read as others write them, and every fault is told at once."""

import gzip

import numpy as np
import pandas as pd
import pytest

from geoengine.errors import SourceError
from geoengine.sources import matrices


def told(path, **columns):
    with pytest.raises(SourceError) as raised:
        matrices.read_matrix(path, **columns)
    return str(raised.value).replace(str(path), "FILE").splitlines()


@pytest.mark.parametrize(
    "header",
    [
        "from_id,to_id,travel_time_min",  # ours
        "from_id,to_id,travel_time",  # r5py
        "from_id,to_id,travel_time_p50",  # r5r
        "origin_id;destination_id;travel_time_minutes",
        "\ufefforigin\tdestination\tminutes",
        "o_extra,FROM,TO,Duration (min)",
    ],
)
def test_the_columns_are_found_under_the_names_in_use(write, header):
    sign = next(sign for sign in ";\t," if sign in header)
    lead = ["x"] * (header.count(sign) - 2)
    rows = "".join(
        sign.join([*lead, *row]) + "\n" for row in (["a", "001", "5"], ["b", "001", "7.5"])
    )
    reading = matrices.read_matrix(write("m.csv", f"{header}\n{rows}"))
    assert reading.frame.to_dict("list") == {
        "from_id": ["a", "b"], "to_id": ["001", "001"], "travel_time_min": [5, 7.5],
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["travel_time_s", "duration_seconds", "Travel time (s)", "time_sec"]
)
def test_seconds_become_minutes_where_the_name_says_so(write, name):
    path = write("m.csv", f"from_id,to_id,{name}\na,x,90\n")
    assert matrices.read_matrix(path).frame["travel_time_min"].tolist() == [1.5]


def test_the_median_is_taken_where_there_are_percentiles(write):
    path = write("m.csv", "from_id,to_id,travel_time_p25,travel_time_p50\na,x,1,2\n")
    reading = matrices.read_matrix(path)
    assert reading.frame["travel_time_min"].tolist() == [2]
    assert reading.facts["time"] == "travel_time_p50"


def test_percentiles_without_a_median_are_not_chosen_from(write):
    path = write("m.csv", "from_id,to_id,travel_time_p25,travel_time_p75\na,x,1,2\n")
    assert told(path) == [
        "FILE: several columns tell times: travel_time_p25, travel_time_p75; name the one meant"
    ]
    reading = matrices.read_matrix(path, time_column="travel_time_p75")
    assert reading.frame["travel_time_min"].tolist() == [2]


def test_what_cannot_be_reached_is_left_out_and_counted(write):
    path = write("m.csv", "from_id,to_id,travel_time_min\na,x,5\na,y,\nb,,\n")
    reading = matrices.read_matrix(path)
    assert reading.rows_read == 3
    assert len(reading.frame) == 1
    assert reading.left_out.to_dict("list") == {
        "row": [3, 4], "value": ["a", "b"], "reason": ["no travel time: cannot be reached"] * 2,
    }  # fmt: skip


@pytest.mark.parametrize("unreachable", [np.nan, np.inf])
def test_parquet_gives_what_csv_gives(tmp_path, unreachable):
    frame = pd.DataFrame(
        {
            "from_id": pd.Categorical(["a", "b"]),
            "to_id": [17031010100, 2],
            "travel_time": np.array([5, unreachable], dtype=np.float32),
        }
    )
    frame.to_parquet(tmp_path / "m.parquet")
    reading = matrices.read_matrix(tmp_path / "m.parquet")
    assert reading.frame.to_dict("list") == {
        "from_id": ["a"], "to_id": ["17031010100"], "travel_time_min": [5],
    }  # fmt: skip
    assert reading.left_out["value"].tolist() == ["b"]


def test_a_zipped_table_is_read_too(write):
    content = gzip.compress(b"from_id,to_id,travel_time\na,x,5\n")
    assert len(matrices.read_matrix(write("m.csv.gz", content)).frame) == 1


def test_every_fault_is_told_at_once_by_its_row(write):
    path = write(
        "m.csv",
        "from_id,to_id,travel_time_min\na,x,5\na,y,-1\n,x,5\nb,,5\na,x,6\nb,x,soon\nb,y,7\n",
    )
    assert told(path) == [
        "FILE, row 3: 'travel_time_min' must be at least 0, but is -1",
        "FILE, row 4: 'from_id' is empty",
        "FILE, row 5: 'to_id' is empty",
        "FILE, row 6: 'a to x' stands already in row 2",
        "FILE, row 7: 'travel_time_min' must be a number, but is 'soon'",
    ]


def test_columns_that_cannot_be_told_are_asked_for(write):
    path = write("m.csv", "start,to_id,travel_time\na,x,5\n")
    assert " ".join(told(path)) == (
        "FILE: no column tells where each journey starts (such as from_id); it has start, to_id, "
        "travel_time; name the one meant"
    )
    assert told(path, from_column="begin") == [
        "FILE: there is no column 'begin'; it has start, to_id, travel_time"
    ]
    assert len(matrices.read_matrix(path, from_column="start").frame) == 1


def test_a_matrix_without_a_row_is_empty(write):
    reading = matrices.read_matrix(write("m.csv", "from_id,to_id,travel_time\n"))
    assert len(reading.frame) == 0


class TestAmounts:
    """What each place offers, or who lives there."""

    @pytest.mark.parametrize(
        ("kind", "header"),
        [
            ("supply", "id,places"),
            ("supply", "URN,Capacity"),
            ("supply", "provision_id,doctors"),
            ("demand", "origin_id,people"),
            ("demand", "LSOA21CD,Children"),
            ("demand", "id,under_fives"),
        ],
    )
    def test_the_columns_are_found(self, write, kind, header):
        path = write("a.csv", f'{header}\nx,"1,200"\ny,7\n')
        reading = matrices.read_amounts(path, kind=kind)
        assert reading.frame["amount"].to_dict() == {"x": 1200, "y": 7}
        assert reading.frame.index.name == "place_id"

    def test_unknown_places_stay_and_are_noted(self, write):
        reading = matrices.read_amounts(write("a.csv", "id,places\nx,\ny,7\n"), kind="supply")
        assert np.isnan(reading.frame.loc["x", "amount"])
        assert reading.notes == ("Places of unknown supply, which are passed over: 1.",)
        assert len(reading.left_out) == 0

    def test_unknown_people_are_left_out(self, write):
        reading = matrices.read_amounts(write("a.csv", "id,people\nx,c\ny,7\n"), kind="demand")
        assert reading.frame.index.tolist() == ["y"]
        assert reading.left_out.to_dict("list") == {
            "row": [2], "value": ["x"], "reason": ["'people' is missing"],
        }  # fmt: skip

    def test_every_fault_is_told_at_once_by_its_row(self, write):
        path = write("a.csv", "id,places\nx,5\nx,6\n,7\nz,-2\nw,many\n")
        with pytest.raises(SourceError) as raised:
            matrices.read_amounts(path, kind="supply")
        assert str(raised.value).replace(str(path), "FILE").splitlines() == [
            "FILE, row 3: 'x' stands already in row 2",
            "FILE, row 4: 'id' is empty",
            "FILE, row 5: 'places' must be at least 0, but is -2",
            "FILE, row 6: 'places' must be a number, but is 'many'",
        ]

    def test_it_is_not_guessed_which_numbers_are_meant(self, write):
        path = write("a.csv", "id,boys,girls\nx,5,6\n")
        with pytest.raises(SourceError) as raised:
            matrices.read_amounts(path, kind="demand")
        assert str(raised.value) == (
            f"{path}: no column can be told to be the demand; it has id, boys, girls; "
            "name the one meant"
        )
        reading = matrices.read_amounts(path, kind="demand", value_column="girls")
        assert reading.frame["amount"].tolist() == [6]
