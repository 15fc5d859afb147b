"""Times between any places, at the command line: right, whole, and read by the other commands."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import village
from geoengine import cli
from geoengine.network import modes
from village import EAST, EASTERN, FAR, MID, MOOR, NORTH, WEST


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("GEOENGINE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def study(tmp_path):
    return village.write(tmp_path / "village")


def geoengine(*arguments):
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def matrix(study, *options, out="times.csv"):
    """Run the command; return what it says below its progress, and the file."""
    path = study.parent / out
    done = geoengine("matrix", study, "--out", path, *options)
    assert done.exit_code == 0, done.output
    return done.stdout.replace(str(study.parent) + "/", "").splitlines(), path


def minutes(path):
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    assert list(frame) == ["from_id", "to_id", "travel_time_min"]
    return frame.set_index(["from_id", "to_id"])["travel_time_min"].to_dict()


def refused(*arguments):
    done = geoengine("matrix", *arguments)
    assert done.exit_code == 2, done.output
    return done.stderr


def test_every_area_has_a_time_to_every_nursery_however_far(study):
    # The homes of the village stand 600 m and nearer to the middle of their areas' people:
    # of two at 200 and 600 m with as many children, the first; Acorns is at 80 m, Oaks at 3680.
    said, path = matrix(study, "--from", "areas")
    found = minutes(path)
    assert found == pytest.approx(
        {
            (WEST, "n1"): 1.5, (WEST, "n2"): 43.5,
            (MID, "n1"): 16.5, (MID, "n2"): 28.5,
            (EASTERN, "n1"): 21.5, (EASTERN, "n2"): 23.5,
            (FAR, "n1"): 31.5, (FAR, "n2"): 13.5,
        },
        abs=0.01,
    )  # fmt: skip
    assert said == [
        f"  Without times: 1 of the areas, too far from any street: {MOOR}",
        "  Without times: 1 of the nurseries, not on the map: n5",
        "times.csv: 8 times from 5 areas to 3 nurseries",
    ]


def test_beyond_the_longest_time_there_is_no_row_but_a_count(study):
    said, path = matrix(study, "--from", "areas", "--max-minutes", 23.5)
    assert minutes(path) == pytest.approx(
        {
            (WEST, "n1"): 1.5,
            (MID, "n1"): 16.5,
            (EASTERN, "n1"): 21.5,
            (EASTERN, "n2"): 23.5,
            (FAR, "n2"): 13.5,
        },
        abs=0.01,
    )
    assert said[2:] == [
        "  3 pairs have no row: further apart than 23.5 minutes, or no way between them",
        "times.csv: 5 times from 5 areas to 3 nurseries",
    ]


def test_beside_the_matrix_stands_each_place_and_whether_it_is_on_the_streets(study):
    _, path = matrix(study, "--from", "areas")
    starts, ends = (pd.read_csv(f"{path}.{side}.csv").set_index("id") for side in ("from", "to"))
    assert starts["people"].to_dict() == {WEST: 40, MID: 60, EASTERN: 30, FAR: 20, MOOR: 10}
    assert starts["state"][MOOR] == "too far from any street"
    assert np.isnan(starts["from_street_m"][MOOR])
    assert ends["places"].to_dict() == {"n1": 40, "n2": 20, "n5": 10}
    assert ends["state"].to_dict() == {
        "n1": "on the streets",
        "n2": "on the streets",
        "n5": "not on the map",
    }


@pytest.mark.parametrize("longest", [[], ["--max-minutes", "600"]])
@pytest.mark.parametrize("out", ["times.csv", "times.parquet"])
def test_streets_are_driven_as_they_may_be_and_no_way_is_no_row(tmp_path, longest, out):
    rng = np.random.default_rng(4)
    towns = [one_way_town(rng), one_way_town(rng, east=6000)]
    graph = nx.compose(*(graph for _, graph in towns))
    places = "".join(f"p{x}-{y},{EAST + x},{NORTH + y}\n" for x, y in graph)
    study = village.write(
        tmp_path / "town",
        ways=[way for ways, _ in towns for way in ways],
        files={"places.csv": f"id,easting,northing\n{places}"},
        travel={"mode": "drive"},
    )
    file = study.parent / "places.csv"
    said, path = matrix(study, "--from", file, "--to", file, *longest, out=out)
    metres = dict(nx.all_pairs_dijkstra_path_length(graph))
    per_min = modes.DRIVE.speed_kph["residential"] * 1000 / 60
    wanted = {
        (f"p{a[0]}-{a[1]}", f"p{b[0]}-{b[1]}"): metre / per_min
        for a, reached in metres.items()
        for b, metre in reached.items()
    }
    assert minutes(path) == pytest.approx(wanted, abs=0.02)
    # From 25 crossings of either town there is no way to the 25 of the other.
    assert "1,250 pairs have no row: " in said[0]
    assert len(wanted) == 1250


def one_way_town(rng, east=0):
    """Return a grid whose outer streets go both ways and each of the others only one."""
    graph, ways = nx.DiGraph(), []
    for at in range(0, 1500, 300):
        for line in ([(east + x, at) for x in range(0, 1500, 300)],
                     [(east + at, y) for y in range(0, 1500, 300)]):  # fmt: skip
            kind = "no" if at in (0, 1200) else rng.choice(["yes", "-1"])
            ways.append((line, {**village.STREET, "oneway": kind}))
            if kind != "-1":
                nx.add_path(graph, line, weight=300)
            if kind != "yes":
                nx.add_path(graph, line[::-1], weight=300)
    return ways, graph


def test_the_matrix_goes_into_access_and_site_as_it_is(study):
    _, path = matrix(study)
    demand, supply = f"{path}.from.csv", f"{path}.to.csv"
    places = study.parent / "places.csv"
    done = geoengine(
        "access", "--matrix", path, "--demand", demand, "--supply", supply,
        "--measure", "2sfca", "--cutoff-min", "15", "--out", places,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = pd.read_csv(places)
    # Both homes of Moor have no street. West's 40 children and 20 of Mid's share Acorns' 40
    # places; Far's 20 share Oaks' 20.
    assert found["state"].value_counts().to_dict() == {
        "reached": 5,
        "unreachable": 3,
        "not in matrix": 2,
    }
    assert sorted(found["places_per_person"].dropna()) == pytest.approx([2 / 3] * 3 + [1, 1])
    plan = study.parent / "plan.csv"
    done = geoengine(
        "site", "p-median", "--matrix", path, "--demand", demand, "--sites", "1",
        "--pass-over", "--out", plan,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Sites: n1" in done.output


def test_places_off_the_streets_are_told_of_both_files(study):
    for name in ("a", "b"):
        (study.parent / f"{name}.csv").write_text(
            f"id,easting,northing\n{name}1,{EAST},{NORTH}\n{name}2,{EAST},{NORTH + 9000}\n",
            encoding="utf-8",
        )
    said, _ = matrix(study, "--from", study.parent / "a.csv", "--to", study.parent / "b.csv")
    assert said == [
        "  Without times: 1 of the places of a.csv, too far from any street: a2",
        "  Without times: 1 of the places of b.csv, too far from any street: b2",
        "times.csv: 1 times from 2 places of a.csv to 2 places of b.csv",
    ]


def test_the_same_places_make_the_same_bytes(study):
    _, first = matrix(study, out="a.csv")
    _, again = matrix(study, out="b.csv")
    assert first.read_bytes() == again.read_bytes()


def test_what_cannot_be_done_is_told_and_nothing_is_written(study):
    out = study.parent / "t.csv"
    assert refused(study, "--mode", "fly", "--out", out).endswith(
        "--mode: must be one of walk, pushchair, cycle, drive, not 'fly'\n"
    )
    assert "there is no such file" in refused(study, "--from", "gone.csv", "--out", out)
    far = study.parent / "far.csv"
    far.write_text(f"id,easting,northing\nx,{EAST},{NORTH + 9000}\n", encoding="utf-8")
    assert refused(study, "--to", far, "--out", out).endswith(
        f"none of the 1 places of {far} is on a street to walk\n"
    )
    assert "written as .csv or .parquet" in refused(study, "--out", study.parent / "t.xlsx")
    assert not list(study.parent.glob("t.*"))
