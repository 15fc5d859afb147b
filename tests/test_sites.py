"""geoengine site: from tables made elsewhere to the best sites, every row accounted for."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from geoengine.cli import main

MATRIX = """from_id,to_id,travel_time_min
a,A,0
a,B,10
b,A,10
b,B,0
b,C,10
c,B,10
c,C,0
d,C,5
elsewhere,A,3
"""
DEMAND = "id,people\na,10\nb,20\nc,30\nd,40\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "times.csv").write_text(MATRIX)
    (tmp_path / "homes.csv").write_text(DEMAND)
    return tmp_path


def ask(files, *told):
    command = ["site", *told, "--matrix", str(files / "times.csv"), "--demand",
               str(files / "homes.csv"), "--out", str(files / "plan.csv")]  # fmt: skip
    done = CliRunner().invoke(main, command)
    return done.exit_code, done.output


def plan(files):
    return json.loads((files / "plan.csv.plan.json").read_text())


def test_two_sites_serve_four_villages(files):
    status, said = ask(files, "p-median", "--sites", "2")
    assert status == 0
    # C serves c and d (200 person-minutes); B serves b, and a at 10 minutes: 100 more.
    assert "Sites: B, C\n300 person-minutes in all; no plan is better" in said
    assert "Left out of the matrix: 1 row, origin is not in the demand table" in said
    table = pd.read_csv(files / "plan.csv")
    assert table["site_id"].tolist() == ["B", "B", "C", "C"]
    assert table["minutes"].tolist() == [10, 0, 0, 5]
    assert table["state"].unique().tolist() == ["served"]
    assert plan(files)["gap"] == 0
    assert plan(files)["sites"] == ["B", "C"]


def test_sites_that_exist_stay_and_more_are_counted_besides(files):
    (files / "now.csv").write_text("id\nA\nZ\n")
    status, said = ask(files, "p-median", "--more", "1", "--existing", str(files / "now.csv"))
    assert status == 0
    assert "Sites: A, C, Z" in said
    assert "Left out of the existing sites: 1 row, not in the matrix" in said


def test_most_people_and_everyone_within_a_cut_off(files):
    status, said = ask(files, "max-cover", "--sites", "1", "--cutoff-min", "5")
    assert status == 0
    assert "Sites: C\n70 people covered; no plan is better" in said
    assert pd.read_csv(files / "plan.csv")["state"].tolist() == [
        "beyond", "beyond", "served", "served"
    ]  # fmt: skip
    status, said = ask(files, "set-cover", "--cutoff-min", "10")
    assert status == 0
    assert plan(files)["objective"] == 2


def test_the_furthest_are_as_near_as_can_be(files):
    status, said = ask(files, "p-centre", "--sites", "3")
    assert status == 0
    assert "5 minutes for the furthest; no plan is better" in said


def test_whom_nobody_reaches_is_named_and_passed_over_only_when_asked(files):
    (files / "homes.csv").write_text(DEMAND + "e,5\n")
    status, said = ask(files, "p-median", "--sites", "2")
    assert status == 2
    assert (
        "the plan 'p-median': no allowed site can be reached from these: e; to leave them out "
        "and count them: --pass-over"
    ) in said
    status, said = ask(files, "p-median", "--sites", "2", "--pass-over")
    assert status == 0
    assert "Out of reach of every site, with 5 people: e" in said
    last = pd.read_csv(files / "plan.csv").iloc[-1]
    assert (last["state"], last["people"]) == ("passed over", 5)
    assert plan(files)["passed_over"] == {"e": 5}


def test_everything_missing_is_told_at_once(files):
    status, said = ask(files, "max-cover", "--sites", "1", "--more", "1", "--times", "2")
    assert status == 2
    assert "it needs --cutoff-min" in said
    assert "give --sites (in all) or --more (besides those that stay), not both" in said
    status, said = ask(files, "p-median", "--times", "2")
    assert "it needs --sites, --more or --budget" in said
    assert "it takes no --times; these do: max-cover, set-cover" in said


def test_a_budget_needs_a_cost_for_every_site(files):
    sites = files / "sites.csv"
    sites.write_text("id,state,opening_cost\nA,optional,5\nB,optional,3\n")
    status, said = ask(files, "p-median", "--budget", "6", "--existing", str(sites))
    assert status == 2
    assert "must have a row for every site of the matrix, but lacks C" in said
    sites.write_text("id,state,opening_cost\nA,optional,5\nB,optional,3\nC,optional,3\n")
    status, said = ask(files, "p-median", "--budget", "6", "--existing", str(sites))
    assert status == 0
    assert "Sites: B, C" in said


def test_faults_of_the_table_of_sites_are_told_by_row(files):
    sites = files / "sites.csv"
    sites.write_text("id,state,capacity\nA,open,5\nA,optional,-1\n,optional,many\n")
    status, said = ask(files, "p-median", "--sites", "2", "--existing", str(sites))
    assert status == 2
    assert "row 2: 'state' is 'open', not one of existing-kept, existing-closable" in said
    assert "row 3: 'A' stands already in an earlier row" in said
    assert "row 3: 'capacity' is -1, but must be at least 0" in said
    assert "row 4: 'id' is empty" in said
    assert "row 4: 'capacity'" in said


def test_the_same_files_give_the_same_bytes(files):
    ask(files, "p-median", "--sites", "2")
    first = (files / "plan.csv").read_bytes(), (files / "plan.csv.plan.json").read_bytes()
    ask(files, "p-median", "--sites", "2")
    assert first == ((files / "plan.csv").read_bytes(), (files / "plan.csv.plan.json").read_bytes())
