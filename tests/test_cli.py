"""What a user types is answered with results or with a sentence, never with a traceback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import geopandas as gpd
import pytest
from click.testing import CliRunner, Result

import village
from geoengine import cli, publish
from geoengine.store import open_results
from village import EAST, MID, MOOR, NORTH, WEST

GEOENGINE = [sys.executable, "-c", "from geoengine.cli import main; main()"]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEOENGINE_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of results of the village."""
    return village.run(tmp_path_factory.mktemp("village")).folder.parent


def geoengine(*arguments: Any) -> Result:
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def refused(*arguments: Any) -> str:
    """Return the sentences with which bad input is refused."""
    answer = geoengine(*arguments)
    assert answer.exit_code == 2, answer.output
    assert isinstance(answer.exception, SystemExit)
    assert "Traceback" not in answer.output
    return answer.stderr


# ------------------------------------------------------------------------- commands


def test_every_command_has_help():
    assert set(cli.main.commands) >= {"demo", "check", "run", "layers", "export", "serve"}
    for name, command in cli.main.commands.items():
        answer = geoengine(name, "--help")
        assert answer.exit_code == 0
        assert answer.output.startswith("Usage: ")
        assert command.help
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[0] in answer.output


def test_without_a_command_the_help_shows_how_to_begin():
    told = geoengine("--help").output
    assert "geoengine demo county" in told
    assert "geoengine serve results" in told


def test_a_study_is_checked_run_listed_and_exported(tmp_path: Path):
    study, out = village.write(tmp_path), tmp_path / "out"
    checked = geoengine("check", study)
    assert checked.exit_code == 0
    assert "ok       Deprivation: 5 of 5 areas have a figure (100.0%).\n" in checked.stdout
    assert "WARNING  Unplaced: 1 nursery with 10 places cannot be put" in checked.stdout
    assert checked.stdout.endswith("\nNothing here would make the answer wrong.\n")
    assert not out.exists()

    ran = geoengine("run", study, "--out", out)
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    assert lines[0] == (
        "70 children under 5 in 2 of the 4 most deprived areas live more than 15 minutes’ walk "
        "from a nursery."
    )
    assert lines[-1].startswith(f"Results: {out} (run ")
    assert lines[-1].endswith(f"See them: geoengine serve {out}")

    listed = geoengine("layers", out).stdout.splitlines()
    assert [line.split()[0] for line in listed] == [
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
    ]

    exported = geoengine("export", out, "underserved", "--out", tmp_path / "u.geojson")
    assert exported.stdout == f"{tmp_path / 'u.geojson'}: 5 features of ‘Underserved areas’\n"
    assert len(gpd.read_file(tmp_path / "u.geojson")) == 5
    about = json.loads((tmp_path / "u.geojson.metadata.json").read_text())
    assert about["method"]


def test_a_second_run_says_that_nothing_has_changed(tmp_path: Path):
    study = village.write(tmp_path)
    first = geoengine("run", study, "--out", tmp_path / "out")
    second = geoengine("run", study, "--out", tmp_path / "out")
    assert second.stderr == "Nothing has changed: the results stand …\n"
    assert second.stdout == first.stdout


def test_progress_goes_beside_the_answer_and_not_into_it(tmp_path: Path):
    answer = geoengine("run", village.write(tmp_path), "--out", tmp_path / "out")
    assert "Reading the areas …\n" in answer.stderr
    assert "Reading" not in answer.stdout


def test_a_check_that_finds_errors_ends_with_2(tmp_path: Path):
    shut = village.PROVISION.replace("Active", "Closed")
    answer = geoengine("check", village.write(tmp_path, files={"nurseries.csv": shut}))
    assert answer.exit_code == 2
    assert "ERROR    Provision: not one of 5 nurseries is open" in answer.stdout
    assert answer.stdout.endswith("1 of these would make the answer wrong: put them right first.\n")


# ------------------------------------------------------------------- bad studies

SWAPPED = village.PROVISION.replace("easting,northing", "latitude,longitude").replace(
    f"{EAST + 80},{NORTH}", "-2.0,52.6"
)
LINES = village.PROVISION.splitlines()
TABLE = "LSOA21CD,0-4,Total\n"


TURNED = "LSOA21CD,IMD_rank,IMD_decile\n" + "".join(
    f"{code},{100 + 5000 * at},{9 - at}\n" for at, code in enumerate(village.CORNERS)
)
"""Ranks that rise where deciles fall."""


def flipped() -> str:
    """Return the areas with latitude before longitude."""
    content = json.loads(village.areas())
    for feature in content["features"]:
        shape = feature["geometry"]
        shape["coordinates"] = [[[y, x] for x, y in ring] for ring in shape["coordinates"]]
    return json.dumps(content)


def points() -> str:
    content = json.loads(village.areas())
    for feature in content["features"]:
        feature["geometry"] = {"type": "Point", "coordinates": [-2.0, 52.6]}
    return json.dumps(content)


def data(name: str, content: str | bytes) -> dict[str, Any]:
    return {"files": {name: content}}


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a file that is not there": (
        {"deprivation": {"file": "idm.csv"}},
        "study.toml: deprivation.file: there is no file idm.csv; did you mean 'imd.csv'?",
    ),
    "an unknown setting": (
        {"travel": {"mod": "walk"}},
        "study.toml: [travel] has no setting 'mod'; did you mean 'mode'?",
    ),
    "an unknown mode": ({"travel": {"mode": "fly"}}, "travel.mode must be one of walk"),
    "a geographic grid": (
        {"study": {"crs": "EPSG:4326"}},
        "study.crs must be projected, in metres, such as 'EPSG:27700'",
    ),
    "streets that are a picture": (
        data("streets.osm.pbf", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        "streets.osm.pbf: cannot be read as OpenStreetMap data",
    ),
    "streets of no bytes": (
        data("streets.osm.pbf", b""),
        "streets.osm.pbf: cannot be read as OpenStreetMap data",
    ),
    "streets of another place": (
        {"ways": [([(20_000, 0), (21_000, 0)], village.STREET)]},
        "Streets: the street map lies nowhere near these areas: is it of another place?",
    ),
    "streets closed to all": (
        {"ways": [([(0, 0), (4000, 0)], {**village.STREET, "access": "private"})]},
        "no street in the extract is open to 'walk'",
    ),
    "areas cut short": (data("areas.geojson", village.areas()[:900]), "areas.geojson: "),
    "areas that are a web page": (
        data("areas.geojson", "<html><body>404</body></html>"),
        "areas.geojson: ",
    ),
    "areas with latitude first": (data("areas.geojson", flipped()), "areas.geojson: "),
    "areas that are points": (data("areas.geojson", points()), "areas.geojson"),
    "areas without codes": (
        data("areas.geojson", village.areas(dict.fromkeys(village.CORNERS, "somewhere"))),
        "areas.geojson: ",
    ),
    "an authority of elsewhere": (
        {"study": {"authority": "E06000001"}},
        "holds no area of the authority E06000001; it holds those of E06000098, E06000099",
    ),
    "need of another census": (
        data("imd.csv", village.DEPRIVATION.replace("LSOA21CD", "LSOA11CD")),
        "imd.csv, row 2: 'E01099001' was first given in 2021",
    ),
    "need of another place": (
        data("imd.csv", village.DEPRIVATION.replace("E010990", "E010950")),
        "Deprivation: 0 of 5 areas have a figure (0.0%)",
    ),
    "a decile of eleven": (
        data("imd.csv", village.DEPRIVATION.replace(",8\n", ",11\n")),
        "imd.csv, row 5: 'decile' must be at most 10, but is 11",
    ),
    "ranks against deciles": (
        data("imd.csv", TURNED),
        "imd.csv: ranks and deciles run against each other in England",
    ),
    "an area twice": (
        data("imd.csv", village.DEPRIVATION + f"{MID},200,1\n"),
        f"imd.csv, row 8: 'area_code' {MID} stands more than once",
    ),
    "a table that is a header": (
        data("people.csv", TABLE),
        "people.csv: there is a header but not one row below it",
    ),
    "a table of no bytes": (data("people.csv", ""), "people.csv: "),
    "a table that is a picture": (
        data("people.csv", b"\x89PNG\r\n\x1a\n" + bytes(900)),
        "people.csv, row 3: it holds NUL bytes, so it is not a text table or it is damaged",
    ),
    "ages that are not there": (
        {"population": {"ages": [5, 9]}},
        "people.csv: people aged 5 to 9 cannot be",
    ),
    "people fewer than none": (
        data("people.csv", village.POPULATION.replace(f"{WEST},40", f"{WEST},-40")),
        f"people.csv, row 2: 'people' must be at least 0, but is -40.0 for '{WEST}'",
    ),
    "people in words": (
        data("people.csv", village.POPULATION.replace(f"{MOOR},10", f"{MOOR},ten")),
        "people.csv, row 7: ",
    ),
    "postcodes without places": (
        data("postcodes.csv", "pcds\nZZ1 1AA\n"),
        "postcodes.csv: no columns of eastings and northings",
    ),
    "places fewer than none": (
        data("nurseries.csv", village.PROVISION.replace("Acorns,40", "Acorns,-40")),
        "nurseries.csv, row 2: 'capacity' must be at least 0, but is -40.0 for 'n1'",
    ),
    "no nursery that counts": (
        data("nurseries.csv", village.PROVISION.replace("Active", "Closed")),
        "Provision: not one of 5 nurseries is open, for the ages studied and on the map",
    ),
    "no nursery at all": (
        data("nurseries.csv", LINES[0] + "\n"),
        "nurseries.csv: there is a header but not one row below it",
    ),
    "nurseries with latitude for longitude": (
        data("nurseries.csv", SWAPPED.replace("latitude,longitude", "longitude,latitude").replace(
            "-2.0,52.6", "52.6,-2.0").replace(f"{EAST + 2000},{NORTH}", "52.6,-2.0").replace(
            f"{EAST + 1800},{NORTH}", "52.6,-2.0")),
        "nurseries.csv: the columns of latitude and longitude are swapped",
    ),
    "a nursery off the grid": (
        data("nurseries.csv", village.PROVISION.replace(f"{EAST + 80}", "9999999")),
        "nurseries.csv, row 2: easting 1e+07 and northing 300000 are not on the National Grid",
    ),
    "a status that nobody knows": (
        data("nurseries.csv", village.PROVISION.replace("Acorns,40,Active", "Acorns,40,Perhaps")),
        "nurseries.csv, row 2: status 'Perhaps' is not known to mean open or shut",
    ),
    "a condition on no column": (
        {"provision": {"where": {"kind": ["gp"]}}},
        "nurseries.csv: there is no column 'kind'",
    ),
    "a column that is not there": (
        {"provision": {"columns": {"capacity": "beds"}}},
        "nurseries.csv: there is no column 'beds'",
    ),
    "a tag that nothing has": (
        {"provision": {"file": None, "osm": {"amenity": ["library"]}}},
        "streets.osm.pbf: no feature has the tags amenity=library; see provision.osm",
    ),
    "a folder for a file": (
        {"deprivation": {"file": "."}},
        "",
    ),
    "a graph that is none": (
        {"files": {"s.graphml": "<graphml"}, "streets": {"file": "s.graphml"}},
        "s.graphml: cannot be read as GraphML",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, Any], sentence: str
):
    study = village.write(tmp_path / "village", **changes)
    told = refused("run", study, "--out", tmp_path / "out")
    assert sentence in told
    assert "geoengine: " in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_streets_cut_short_are_refused(tmp_path: Path, share: float):
    study = village.write(tmp_path)
    path = tmp_path / "streets.osm.pbf"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    told = refused("run", study, "--out", tmp_path / "out")
    assert "streets.osm.pbf: cannot be read as OpenStreetMap data" in told
    assert "download it again" in told


def test_every_fault_of_a_table_is_told_at_once(tmp_path: Path):
    rows = "".join(f"n{at},Name,-{at},Active,0,4,{EAST},{NORTH},\n" for at in range(1, 31))
    study = village.write(tmp_path, files={"nurseries.csv": f"{LINES[0]}\n{rows}"})
    told = refused("run", study, "--out", tmp_path / "out")
    assert told.count("must be at least 0") == 20
    assert told.endswith("… and 10 more faults of this input\n")


def test_a_study_that_is_not_there_or_no_study_is_refused(tmp_path: Path):
    told = refused("run", tmp_path / "no.toml", "--out", tmp_path / "out")
    assert told == f"geoengine: {tmp_path / 'no.toml'}: there is no such study file\n"
    assert "cannot be read" in refused("check", tmp_path)
    (tmp_path / "a.toml").write_text("[study")
    assert "is not TOML" in refused("check", tmp_path / "a.toml")


# --------------------------------------------------------------------- bad folders


def test_a_folder_with_other_files_is_not_written_to(tmp_path: Path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "holiday.jpg").write_bytes(b"x")
    told = refused("run", village.write(tmp_path / "village"), "--out", out)
    assert f"{out} already holds other files (holiday.jpg)" in told
    assert [file.name for file in out.iterdir()] == ["holiday.jpg"]


def test_a_file_in_the_place_of_the_results_is_left_alone(tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    study = village.write(tmp_path / "village")
    told = refused("run", study, "--out", tmp_path / "out")
    assert f"{tmp_path / 'out'} is a file, but results need a folder" in told
    told = refused("run", study, "--out", tmp_path / "out" / "within")
    assert f"{tmp_path / 'out' / 'within'}: could not write the results" in told
    assert (tmp_path / "out").read_text() == "mine"


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("GEOENGINE_CACHE", str(tmp_path / "file"))
    told = refused("run", village.write(tmp_path / "village"), "--out", tmp_path / "out")
    assert f"{tmp_path / 'file'}: could not " in told


@pytest.mark.parametrize("command", ["layers", "serve", "export"])
def test_a_folder_without_results_is_told(tmp_path: Path, command: str):
    more = ["areas", "--out", tmp_path / "a.csv"] if command == "export" else []
    told = refused(command, tmp_path / "none", *more)
    assert str(tmp_path / "none") in told
    assert "geoengine run" in told


@pytest.mark.parametrize("summary", ["", "[]", "{}", '{"format": 99}', '{"format": 2}'])
def test_results_that_are_damaged_are_told(tmp_path: Path, summary: str):
    (tmp_path / "summary.json").write_text(summary)
    assert str(tmp_path) in refused("layers", tmp_path)


def test_an_unknown_layer_is_met_with_those_there_are(results: Path, tmp_path: Path):
    told = refused("export", results, "nurserys", "--out", tmp_path / "a.csv")
    assert told == (
        "geoengine: There is no layer 'nurserys'. There are: underserved, need_access, areas, "
        "provision, unplaced, cells, streets, catchments, isochrones, gains, "
        "hotspots_out_of_reach, hotspots_minutes, hotspots_deprivation\n"
    )


@pytest.mark.parametrize("name", ["a.xyz", "a"])
def test_an_unknown_format_is_met_with_those_there_are(results: Path, tmp_path: Path, name: str):
    told = refused("export", results, "areas", "--out", tmp_path / name)
    for form in ("geojson", "gpkg", "csv", "parquet", "fgb"):
        assert form in told
    assert not (tmp_path / name).exists()


def test_a_layer_without_geometry_has_no_geojson(results: Path, tmp_path: Path):
    told = refused("export", results, "unplaced", "--out", tmp_path / "a.geojson")
    assert "unplaced" in told
    assert geoengine("export", results, "unplaced", "--out", tmp_path / "a.csv").exit_code == 0


def test_a_file_that_cannot_be_written_is_told(results: Path, tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    told = refused("export", results, "areas", "--out", tmp_path / "file" / "a.csv")
    assert str(tmp_path / "file") in told


@pytest.mark.parametrize("form", ["csv", "geojson", "gpkg", "parquet", "fgb"])
def test_every_format_is_written_by_its_name(results: Path, tmp_path: Path, form: str):
    out = tmp_path / f"areas.{form}"
    assert geoengine("export", results, "areas", "--out", out).exit_code == 0
    assert out.stat().st_size > 100


# ------------------------------------------------------------------- the demo's bounds


@pytest.mark.parametrize("options", [["--scale", "0"], ["--scale", "nan"], ["--seed", "-1"]])
def test_a_demo_out_of_bounds_is_refused(tmp_path: Path, options: list[str]):
    assert "of a demo must be" in refused("demo", tmp_path / "county", *options)
    assert not (tmp_path / "county").exists()


def test_a_demo_is_not_written_over_other_files(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    refused("demo", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"


# --------------------------------------------------------------------- faults of ours


def test_a_fault_of_the_program_is_not_taken_for_bad_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(publish, "run", fail)
    answer = geoengine("run", village.write(tmp_path), "--out", tmp_path / "out")
    assert isinstance(answer.exception, ZeroDivisionError)
    assert answer.exit_code == 1


# ------------------------------------------------------------------ as a real process


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    def _process(*arguments: Any, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*GEOENGINE, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "GEOENGINE_CACHE": str(tmp_path / "cache"), **environment},
        )

    # Tests begun in the background heed no interrupt, nor would what they begin.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield _process
    signal.signal(signal.SIGINT, before)


def test_bad_input_ends_a_process_with_2_and_no_traceback(process, tmp_path: Path):
    ended = process("run", tmp_path / "no.toml", "--out", tmp_path / "out")
    told, error = ended.communicate()
    assert ended.returncode == 2
    assert told == ""
    assert error == f"geoengine: {tmp_path / 'no.toml'}: there is no such study file\n"


def test_a_terminal_of_another_alphabet_still_gets_its_answer(process, tmp_path: Path):
    study = village.write(tmp_path, provision={"service": "meithrinfŷ", "plural": "meithrinfâu"})
    ended = process("run", study, "--out", tmp_path / "out", PYTHONIOENCODING="cp1252")
    told, error = ended.communicate()
    assert "Traceback" not in error
    assert ended.returncode == 0
    assert told.startswith("70 children under 5 in 2 of the 4 most deprived areas live more than ")


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to the whole console")
@pytest.mark.parametrize("step", ["Reading the areas", "Judging the areas"])
def test_ctrl_c_leaves_the_old_results_and_says_so(process, tmp_path: Path, step: str):
    old = village.run(tmp_path).summary["run"]
    renamed = {"nurseries.csv": village.PROVISION.replace("Acorns", "Conkers")}
    study = village.write(tmp_path, travel={"cutoff_min": 20}, files=renamed)
    begun = process("run", study, "--out", tmp_path / "out")
    assert begun.stderr is not None
    for line in begun.stderr:
        if line.startswith(step):
            begun.send_signal(signal.SIGINT)
            break
    _, error = begun.communicate()
    assert "geoengine: stopped; the results that stood before still stand" in error
    assert "Traceback" not in error
    assert begun.returncode == 130
    assert open_results(tmp_path / "out").summary["run"] == old


def test_where_there_is_no_terminal_a_step_that_counts_is_told_in_a_line(capsys):
    from geoengine.commands.session import Progress

    progress = Progress()
    for done in range(3):
        progress("Drawing the layers", done, 3)
    progress.end()
    assert capsys.readouterr().err.startswith("Drawing the layers …\n")
