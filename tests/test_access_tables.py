"""The command works out any measure over tables, and every row of theirs is accounted for."""

import re

import pandas as pd
import pytest
from click.testing import CliRunner

from geoengine import cli, decay, measures

TIMES = "from_id,to_id,travel_time_min\na,x,5\nb,x,10\nb,y,20\nc,,\nz,x,3\n"
SUPPLY = "id,places\nx,30\ny,\n"
TURNING = "nearest, cumulative, gravity, dual, total"
DEMAND = "id,children\na,20\nb,40\nc,5\nd,7\n"


@pytest.fixture
def access(tmp_path):
    """Run the command in a folder of three tables; return its exit code, words and result."""
    for name, content in (("t.csv", TIMES), ("s.csv", SUPPLY), ("d.csv", DEMAND)):
        (tmp_path / name).write_text(content, encoding="utf-8")

    def run(*options, out="o.csv", supply=True, demand=True):
        command = ["access", "--matrix", str(tmp_path / "t.csv"), "--out", str(tmp_path / out)]
        command += ["--supply", str(tmp_path / "s.csv")] * supply
        command += ["--demand", str(tmp_path / "d.csv")] * demand
        done = CliRunner().invoke(cli.main, [*command, *options])
        words = done.output.replace(str(tmp_path), "").splitlines()
        return done.exit_code, words, tmp_path / out

    return run


def rows(path):
    frame = pd.read_csv(path, dtype={"state": str})
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]


def test_each_origin_has_a_value_or_says_why_not(access):
    status, words, out = access("--measure", "2sfca", "--cutoff-min", "15")
    assert status == 0
    assert rows(out) == [
        ("a", 0.5, "reached"),
        ("b", 0.5, "reached"),
        ("c", None, "unreachable"),
        ("d", None, "not in matrix"),
    ]
    assert words == [
        "  Left out of the matrix: 1 row, origin is not in the demand table",
        "  Left out of the matrix: 1 row, no travel time: cannot be reached",
        "  Places of unknown supply, which are passed over: 1.",
        "/o.csv: 1 not in matrix, 2 reached, 1 unreachable",
    ]


@pytest.mark.parametrize(
    ("measure", "options", "values"),
    [
        ("nearest", [], {"a": 5, "b": 10}),
        ("nearest", ["--nearest", "2"], {}),
        ("cumulative", ["--cutoff-min", "10"], {"a": 30, "b": 30}),
        ("gravity", ["--decay", "linear:30"], {"a": 25, "b": 20}),
        ("dual", ["--reach", "30"], {"a": 5, "b": 10}),
        ("balancing", [], {"a": 5}),
        ("e2sfca", [], {"a": 0.5, "b": 0.5}),
        # Weights 1 and 0.5: 30 places for 20 + 40/2 children.
        ("e2sfca", ["--decay", "step:5=1,10=0.5"], {"a": 0.75, "b": 0.375}),
        ("2sfca", ["--decay", "step:5=1,10=0.5"], {"a": 0.75, "b": 0.375}),
        ("m2sfca", ["--decay", "step:5=1,10=0.5"], {"a": 0.75, "b": 0.1875}),
        ("bfca", ["--cutoff-min", "15"], {"a": 0.25, "b": 0.25}),
        ("childcare", [], {"a": 50, "b": 50}),
        # 72 children live in the region and 60 of them come: crowding 60/72, and the way.
        ("raam", ["--cutoff-min", "15"], {"a": 60 / 72 + 5 / 60, "b": 60 / 72 + 10 / 60}),
        ("availability", ["--cutoff-min", "15"], {"a": 10, "b": 20}),
        ("total", ["--cutoff-min", "15"], {"a": 15, "b": 15}),
    ],
)
def test_the_measures_give_what_can_be_reckoned_by_hand(access, measure, options, values):
    status, words, out = access("--measure", measure, *options)
    assert status == 0, words
    found = pd.read_csv(out, index_col=0).iloc[:, 0].dropna()
    assert found.to_dict() == pytest.approx(values, abs=1e-6)


def test_provisions_are_the_rows_where_people_are_handed_to_them(access):
    status, _, out = access("--measure", "market")
    assert status == 0
    assert rows(out) == [("x", 60, "reached"), ("y", None, "unknown")]


def test_the_passive_form_is_by_destination(access):
    _, _, out = access("--measure", "cumulative", "--cutoff-min", "15", "--passive", supply=False)
    assert pd.read_csv(out).to_dict("list") == {
        "to_id": ["x", "y"], "amount_in_reach": pytest.approx([60, float("nan")], nan_ok=True),
        "state": ["reached", "unreachable"],
    }  # fmt: skip


def test_without_tables_every_place_of_the_matrix_counts_for_one(access):
    _, _, out = access("--measure", "nearest", supply=False, demand=False)
    assert rows(out) == [
        ("a", 5, "reached"), ("b", 10, "reached"), ("c", None, "unreachable"), ("z", 3, "reached"),
    ]  # fmt: skip


def test_a_matrix_without_a_row_gives_a_result_without_one(access, tmp_path):
    (tmp_path / "t.csv").write_text("from_id,to_id,travel_time_min\n", encoding="utf-8")
    status, words, out = access("--measure", "nearest", supply=False, demand=False)
    assert (status, words) == (0, ["/o.csv: no rows, as the matrix has none"])
    assert rows(out) == []


def test_parquet_holds_what_csv_holds(access):
    _, _, written = access("--measure", "2sfca")
    _, _, stored = access("--measure", "2sfca", out="o.parquet")
    frame = pd.read_parquet(stored).reset_index()
    assert frame.columns.tolist() == ["from_id", "places_per_person", "state"]
    assert frame["state"].tolist() == pd.read_csv(written)["state"].tolist()


def test_the_same_tables_make_the_same_bytes(access):
    once = access("--measure", "3sfca")[2].read_bytes()
    assert access("--measure", "3sfca", out="again.csv")[2].read_bytes() == once


def test_what_a_measure_lacks_is_told_at_once(access):
    status, words, out = access("--measure", "gravity", supply=False, demand=False)
    assert status == 2
    assert words == [
        "geoengine: the measure 'gravity': it needs --supply",
        "the measure 'gravity': it needs --decay",
    ]
    assert not out.exists()


def test_what_a_measure_cannot_use_is_told(access):
    status, words, _ = access("--measure", "nearest", "--decay", "linear:30")
    assert (status, words) == (
        2, ["geoengine: the measure 'nearest': it takes no decay; leave out --decay"],
    )  # fmt: skip
    status, words, _ = access("--measure", "bfca", "--passive")
    assert (status, words) == (
        2,
        [f"geoengine: the measure 'bfca': it has no passive form; these have: {TURNING}"],
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--measure", "fca"], "Invalid value for --measure: 'fca' is none of nearest,"),
        (["--measure", "gravity", "--decay", "cliff:5"], "--decay: 'cliff' is no decay; there are"),
        (["--measure", "2sfca", "--column", "from"], "--column: 'from' must be like demand=people"),
        (
            ["--measure", "2sfca", "--cutoff-min", "0"],
            "'--cutoff-min': 0.0 is not in the range x>0",
        ),
    ],
)
def test_an_option_that_means_nothing_is_refused_with_what_does(access, options, told):
    status, words, _ = access(*options)
    assert status == 2
    assert told in " ".join(words)


def test_a_faulty_table_ends_in_its_faults(access, tmp_path):
    (tmp_path / "s.csv").write_text("id,places\nx,-3\nx,4\n", encoding="utf-8")
    status, words, out = access("--measure", "2sfca")
    assert status == 2
    assert words == [
        "geoengine: /s.csv, row 2: 'places' must be at least 0, but is -3",
        "/s.csv, row 3: 'x' stands already in row 2",
    ]
    assert not out.exists()


def test_columns_can_be_named(access, tmp_path):
    (tmp_path / "d.csv").write_text("home,boys,girls\na,1,20\nb,2,40\n", encoding="utf-8")
    status, words, out = access(
        "--measure", "2sfca", "--column", "demand_id=home", "--column", "demand=girls"
    )
    assert status == 0, words
    assert [row[:2] for row in rows(out)] == [("a", 0.5), ("b", 0.5)]


def test_a_result_is_written_as_csv_or_parquet_only(access):
    status, words, _ = access("--measure", "2sfca", out="o.xlsx")
    assert (status, words[-1]) == (
        2, "geoengine: /o.xlsx: tables are written as .csv or .parquet",
    )  # fmt: skip


def test_the_help_tells_every_measure_and_every_decay():
    shown = CliRunner().invoke(cli.main, ["access", "--help"]).output
    listed = re.findall(r"^    ([a-z0-9]+)  +\w", shown, re.MULTILINE)
    assert listed == list(measures.MEASURES)
    for form in decay.FORMS.values():
        assert form in shown
