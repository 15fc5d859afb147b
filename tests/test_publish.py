"""A run is told in one summary, computed once, and the same wherever it is made."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

import village
from geoengine import analysis, basemap, exports, health, intake, publish
from geoengine.errors import FaultsError, ResultsError
from geoengine.store import Cache, Results, open_results, writing
from geoengine.study import load


class ReadingError(Exception):
    """Raised in the place of reading, to show that a run would compute."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return village.run(tmp_path_factory.mktemp("village"))


@pytest.fixture
def again(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bool]:
    """Say whether a run of a changed village over its results computes anything."""
    place = results.folder.parents[1]

    def _again(**changes: Any) -> bool:
        shutil.copytree(place, tmp_path / "copy", dirs_exist_ok=True)
        path = village.write(tmp_path / "copy", **changes)

        def refuse(*_: Any) -> None:
            raise ReadingError

        with monkeypatch.context() as patch:
            patch.setattr(intake, "read", refuse)
            try:
                publish.run(
                    load(path), tmp_path / "copy" / "out", Cache(tmp_path / "cache"), village.quiet
                )
            except ReadingError:
                return True
        return False

    return _again


# --------------------------------------------------------------------- the summary


def test_the_headline_is_the_one_worked_out_on_paper(results: Results):
    assert results.summary["headline"] == (
        "70 children under 5 in 2 of the 4 most deprived areas live more than 15 minutes’ walk "
        "from a nursery"
    )
    assert results.summary["status_counts"] == {
        "underserved": 2,
        "reached": 1,
        "not_deprived": 1,
        "not_covered": 1,
        "unknown": 0,
    }


def test_the_figures_are_those_worked_out_on_paper(results: Results):
    figures = {one["title"]: (one["value"], one["sentence"]) for one in results.summary["figures"]}
    assert figures == {
        "Children under 5 in underserved areas": (
            70,
            "live more than 15 minutes’ walk from a nursery, in 2 underserved areas",
        ),
        "Children under 5 beyond 15 minutes’ walk, everywhere": (
            70,
            "of 160 in all areas (47% of those whose homes the street map covers)",
        ),
        "Nurseries that count": (
            2,
            "open, for children under 5, and on the map; 1 more with 10 places could not be placed",
        ),
        "Not known": (
            10,
            (
                "live where the street map does not reach, or near a setting that it does not "
                "reach: they are counted neither within nor beyond"
            ),
        ),
    }


def test_the_curve_falls_as_homes_come_within_reach(results: Results):
    # 20 children at 1.5 minutes, 20 at 6.5, 10 at 9.5, 20 at 11.5, 10 at 13.5, 40 at 16.5, 15 at
    # 18.5 and 15 at 21.5; those of Far, at 9.5 and 13.5, do not live in a deprived area.
    curve = results.summary["curve"]
    steps = {0: 150, 1: 150, 2: 130, 7: 110, 10: 100, 12: 80, 14: 70, 15: 70, 17: 30, 19: 15, 22: 0}
    assert {at: curve["people_beyond"][at] for at in steps} == steps
    deprived = {0: 130, 2: 110, 7: 90, 12: 70, 15: 70, 17: 30, 19: 15, 22: 0, 60: 0}
    assert {at: curve["deprived_beyond"][at] for at in deprived} == deprived


def test_the_curve_and_the_table_agree_at_the_cutoff(results: Results):
    values = json.loads((results.folder / "underserved.values.json").read_text())
    beyond = sum(values["columns"]["children_beyond"])
    assert results.summary["curve"]["people_beyond"][15] == beyond == 70


def test_deciles_add_up_to_everybody(results: Results):
    rows = {row.pop("decile"): row for row in map(dict, results.summary["deciles"])}
    assert rows[1] == {"areas": 3, "people": 110, "people_beyond": 40, "people_unknown": 10}
    assert rows[2] == {"areas": 1, "people": 30, "people_beyond": 30, "people_unknown": 0}
    assert rows[8] == {"areas": 1, "people": 20, "people_beyond": 0, "people_unknown": 0}
    assert sum(row["people"] for row in rows.values()) == 160


def test_what_was_left_out_and_what_to_mind_is_told(results: Results):
    assert results.summary["left_out"] == [
        {
            "source": "provision",
            "reason": "not on the map: postcode ZZ9 9ZZ is not in the directory",
            "rows": 1,
        }
    ]
    assert len(results.summary["warnings"]) == 3
    told = json.loads((results.folder / "health.json").read_text())
    assert {line["level"] for line in told} <= {"good", "note", "warning"}
    assert {"level", "topic", "sentence"} == set(told[0])


def test_every_input_is_named_with_its_hash_and_no_folder(results: Results):
    inputs = {one["name"]: one for one in results.summary["inputs"]}
    assert inputs["deprivation.file"]["file"] == "imd.csv"
    assert inputs["deprivation.file"]["vintage"] == "2025"
    assert all(len(one["sha256"]) == 64 for one in inputs.values())
    assert str(results.folder.parents[1]) not in json.dumps(dict(results.summary))


def test_every_pair_in_reach_is_kept_for_analysts(results: Results):
    pairs = pd.read_parquet(results.folder / "travel_times.parquet")
    assert list(pairs.columns) == ["from_id", "to_id", "travel_time_min"]
    assert pairs["to_id"].value_counts().to_dict() == {"n1": 3, "n2": 2}


def test_one_underserved_area_is_told_as_one(tmp_path: Path):
    need = village.DEPRIVATION.replace(",4000,2", ",20000,6")
    summary = village.run(tmp_path, files={"imd.csv": need}).summary
    assert summary["figures"][0]["sentence"].endswith(", in 1 underserved area")
    assert summary["headline"].startswith("40 children under 5 in 1 of the 3 most deprived areas")


# ------------------------------------------------------------------ once, and the same


def test_a_second_run_reads_and_computes_nothing(again: Callable[..., bool]):
    assert again() is False


CHANGES: dict[str, dict[str, Any]] = {
    "places": {"files": {"nurseries.csv": village.PROVISION.replace("Acorns,40", "Acorns,41")}},
    "people": {"files": {"people.csv": village.POPULATION.replace(",60,", ",61,")}},
    "need": {"files": {"imd.csv": village.DEPRIVATION.replace(",8\n", ",7\n")}},
    "streets": {"ways": village.STREETS[:1]},
    "title": {"study": {"title": "Town"}},
    "cut-off": {"travel": {"cutoff_min": 16}},
    "mode": {"travel": {"mode": "cycle"}},
    "share": {"underserved": {"share": 0.3}},
    "source": {"streets": {"source": "OpenStreetMap"}},
    "one file less": {"postcodes": None},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_whatever_the_answer_depends_on_makes_a_new_run(
    again: Callable[..., bool], changes: dict[str, Any]
):
    assert again(**changes) is True


def test_a_change_in_any_part_of_a_shapefile_makes_a_new_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    village.write(tmp_path)
    gpd.read_file(tmp_path / "areas.geojson").to_file(tmp_path / "areas.shp")
    shapes = {"areas": "areas.shp"}
    path = village.write(tmp_path, boundaries=shapes)
    cache = Cache(tmp_path / "cache")
    first = publish.run(load(path), tmp_path / "out", cache, village.quiet)
    table = tmp_path / "areas.dbf"
    table.write_bytes(table.read_bytes().replace(b"East", b"Ouse"))
    second = publish.run(load(path), tmp_path / "out", cache, village.quiet)
    assert first.summary["run"] != second.summary["run"]
    values = json.loads((second.folder / "underserved.values.json").read_text())
    assert "Ouse" in values["columns"]["name"]


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != ".writing"
    }


def test_two_runs_in_two_places_are_the_same_to_the_byte(results: Results, tmp_path: Path):
    village.run(tmp_path / "elsewhere")
    assert files(tmp_path / "elsewhere" / "out") == files(results.folder.parent)


# ---------------------------------------------------------------------- whole or not


def test_a_run_that_is_stopped_midway_leaves_the_old_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    old = village.run(tmp_path)
    before = files(tmp_path / "out")
    written = []

    def stop(layer: Any, folder: Path) -> dict[str, Any]:
        written.append(layer.layer_id)
        if len(written) == 3:
            raise KeyboardInterrupt
        return {}

    monkeypatch.setattr(exports, "write_layer", stop)
    with pytest.raises(KeyboardInterrupt):
        village.run(tmp_path, travel={"mode": "cycle"})
    assert len(written) == 3
    assert files(tmp_path / "out") == before
    assert open_results(tmp_path / "out").summary["run"] == old.summary["run"]


def test_a_run_whose_data_are_wrong_leaves_the_old_results(tmp_path: Path):
    village.run(tmp_path)
    before = files(tmp_path / "out")
    shut = village.PROVISION.replace("Active", "Closed")
    with pytest.raises(FaultsError):
        village.run(tmp_path, files={"nurseries.csv": shut})
    assert files(tmp_path / "out") == before


def test_a_folder_that_cannot_take_results_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, out = village.write(tmp_path / "study"), tmp_path / "out"
    monkeypatch.setattr(intake, "read", lambda *_: pytest.fail("read in vain"))
    out.mkdir()
    (out / "minutes.docx").touch()
    with pytest.raises(ResultsError, match=r"already holds other files \(minutes\.docx\)"):
        publish.run(load(path), out, Cache(tmp_path / "cache"), village.quiet)
    with writing(tmp_path / "busy"), pytest.raises(ResultsError, match="another run is writing"):
        publish.run(load(path), tmp_path / "busy", Cache(tmp_path / "cache"), village.quiet)
    within = tmp_path / "file" / "out"
    within.parent.touch()
    with pytest.raises(ResultsError, match="could not write the results: Not a directory"):
        publish.run(load(path), within, Cache(tmp_path / "cache"), village.quiet)


def test_a_file_that_changes_while_it_is_read_is_told_and_nothing_of_it_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = village.write(tmp_path)
    table = tmp_path / "nurseries.csv"
    asked, real = table.read_text(), intake.read
    assert asked == village.PROVISION

    def replaced(study: Any, progress: Any) -> Any:
        table.write_text(asked.replace("Acorns,40,", "Acorns,20,"))
        return real(study, progress)

    monkeypatch.setattr(intake, "read", replaced)
    for doing in (
        publish.check,
        lambda *given: publish.run(given[0], tmp_path / "out", *given[1:]),
    ):
        table.write_text(asked)
        with pytest.raises(FaultsError, match=r"nurseries\.csv: was changed while it was read"):
            doing(load(path), Cache(tmp_path / "cache"), village.quiet)
    assert not (tmp_path / "out").exists()
    monkeypatch.undo()
    table.write_text(asked)
    publish.run(load(path), tmp_path / "out", Cache(tmp_path / "cache"), village.quiet)
    assert files(tmp_path / "out") == ran(tmp_path / "again", tmp_path / "fresh")


def test_a_check_reports_without_writing_results(tmp_path: Path):
    path = village.write(tmp_path)
    found = publish.check(load(path), Cache(tmp_path / "cache"), village.quiet)
    assert {line.topic for line in found} >= {"Deprivation", "Streets", "Coverage"}
    assert not (tmp_path / "out").exists()


def test_a_check_of_wrong_files_stops_before_the_streets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(analysis, "join", None)
    shut = village.PROVISION.replace("Active", "Closed")
    path = village.write(tmp_path, files={"nurseries.csv": shut})
    found = publish.check(load(path), Cache(tmp_path / "cache"), village.quiet)
    assert [line.topic for line in found if line.level == "error"] == ["Provision"]
    assert isinstance(found[0], health.Finding)


# ---------------------------------------------------------------- what runs keep for the next


def ran(folder: Path, cache: Path, **study: Any) -> dict[str, bytes]:
    """Run a village and return every file of its results."""
    path = village.write(folder, **study)
    publish.run(load(path), folder / "out", Cache(cache), village.quiet)
    return files(folder / "out")


STUDIES: list[dict[str, Any]] = [
    {},
    {"travel": {"cutoff_min": 8}},
    {"travel": {"cutoff_min": 22}, "underserved": {"share": 0.5, "deciles": [1]}},
    {"travel": {"mode": "cycle"}},
    {"travel": {"speeds_kph": {"all": 3.0}}},
    {"hotspots": {"weights": "rook", "of": ["deprivation", "minutes"]}},
    {"population": {"people": "toddlers"}},
    {"files": {"nurseries.csv": village.PROVISION.replace("Acorns,40,", "Acorns,20,")}},
]


def test_whatever_ran_before_results_are_the_same_bytes(tmp_path: Path):
    for at, study in enumerate([*STUDIES, STUDIES[0]]):
        warm = ran(tmp_path / f"warm{at}", tmp_path / "cache", **study)
        assert warm == ran(tmp_path / f"cold{at}", tmp_path / f"cache{at}", **study), study


def test_another_cutoff_reads_no_file_and_draws_only_what_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    drawn: list[str] = []
    real = exports.write_layer

    def noted(layer: Any, folder: Path) -> Any:
        drawn.append(layer.layer_id)
        return real(layer, folder)

    monkeypatch.setattr(exports, "write_layer", noted)
    ran(tmp_path, tmp_path / "cache")
    assert len(drawn) == 13
    drawn.clear()
    monkeypatch.setattr(intake, "read", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(basemap, "draw", lambda *_: pytest.fail("drawn again"))
    ran(tmp_path, tmp_path / "cache", travel={"cutoff_min": 8})
    assert drawn == ["underserved", "need_access", "gains", "hotspots_out_of_reach"]
