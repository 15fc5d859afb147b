"""What a run keeps for plans, what is told of a scenario, and scenario files replayed."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import village
from geoengine import cli, live, outcomes, plans, replays
from geoengine.errors import ResultsError, ScenarioError
from geoengine.scenarios import Close, Move, Open, Resize, Scenario
from geoengine.store import Cache
from geoengine.study import load
from geoengine.whatif import closures

# A library 1400 m along the High Street, in the middle of Mid: everybody who lives beyond 15
# minutes now, 40 of Mid and 30 of East, would have it within ten.
LIBRARY = village.degrees([(1400, 0)])[0]
OPEN = Scenario("A library", (Open("lib", *LIBRARY, 30, name="Library"),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return village.run(tmp_path_factory.mktemp("village")).folder


@pytest.fixture(scope="module")
def planner(folder):
    return plans.read(folder)


@pytest.fixture(scope="module")
def study(folder):
    return folder.parents[1] / "study.toml"


def told(planner, scenario):
    return outcomes.as_json(planner.evaluate(scenario), planner.baseline)


def test_a_new_setting_brings_what_is_worked_out_on_paper(planner):
    answer = told(planner, OPEN)
    assert answer["sentence"] == (
        "70 fewer children under 5 would live more than 15 minutes’ walk from a nursery; Mid and "
        "East would no longer be underserved"
    )
    assert (answer["totals"]["before"]["people_beyond"], answer["totals"]["before"]["people"]) == (
        70, 160,
    )  # fmt: skip
    assert answer["totals"]["after"]["people_beyond"] == 0
    assert answer["headline"]["after"].startswith("In none of ")
    by_decile = {row["decile"]: row for row in answer["deciles"]}
    assert (by_decile[1]["beyond_before"], by_decile[1]["beyond_after"]) == (40, 0)
    assert (by_decile[2]["beyond_before"], by_decile[2]["beyond_after"]) == (30, 0)
    areas = {row["area_code"]: row for row in answer["areas"]}
    mid = areas[village.MID]
    assert (mid["status_before"], mid["status_after"]) == ("underserved", "reached")
    # The larger half of Mid lives at the library's door.
    assert (mid["minutes_median_before"], mid["minutes_median_after"]) == (16.5, 0)
    assert mid["nearest_id_after"] == "lib"
    assert village.MOOR not in areas
    library = {row["provision_id"]: row for row in answer["settings"]}["lib"]
    assert (library["state"], library["places_after"], library["places_before"]) == (
        "opened", 30, None,
    )  # fmt: skip
    # 20 of Mid's western half (5 minutes), 40 of its eastern, and all 30 of East.
    assert (library["children_after"], library["places_over_after"]) == (90, 60)
    assert answer["cells"]
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_the_baseline_is_told_whole(planner):
    told_of = outcomes.baseline_as_json(planner)
    assert told_of["baseline"] == planner.baseline.identity
    assert told_of["totals"] == told(planner, OPEN)["totals"]["before"]
    assert [row["area_code"] for row in told_of["areas"]] == planner.baseline.areas.index.tolist()
    acorns, oaks = told_of["settings"]
    # West, Mid and East’s western half have Acorns nearest, Oaks the eastern half and Far.
    assert (acorns["children"], acorns["places_over"]) == (115, 75)
    assert (oaks["children"], oaks["abroad"]) == (35, True)
    assert len(told_of["cells"]) == len(planner.baseline.cells)
    assert json.loads(json.dumps(told_of, allow_nan=False)) == told_of


def test_a_closure_says_who_loses_and_who_takes_them_in(planner):
    answer = told(planner, Scenario("Close Acorns", (Close("n1"),)))
    # West's 40 and Mid's 20 of 1000 m had Acorns within 15 minutes; Oaks is across the border.
    assert answer["sentence"] == (
        "60 more children under 5 would live more than 15 minutes’ walk from a nursery; West "
        "would become underserved"
    )
    acorns, oaks = answer["settings"]
    assert (acorns["state"], acorns["children_after"], acorns["places_over_after"]) == (
        "closed", None, None,
    )  # fmt: skip
    assert (oaks["children_after"], oaks["places_over_after"]) == (150, 130)
    row = closures(planner.baseline).settings.loc["n1"]
    assert (row["children_losing"], row["losing_decile_1"], row["absorbers_over"]) == (60, 60, 1)
    # From 200 m along, Acorns is 1.5 minutes away and Oaks 43.5.
    assert row["minutes_more_worst"] == pytest.approx(42)


def test_no_difference_is_said_to_be_none(planner):
    answer = told(planner, Scenario("Larger", (Resize("n1", 60),)))
    assert answer["sentence"] == (
        "As many children under 5 as now would live more than 15 minutes’ walk from a nursery"
    )
    assert answer["cells"] == {}
    # Places are shared by all within 15 minutes: West's 40 and Mid's 20 share 40, then 60.
    [west] = [row for row in answer["areas"] if row["area_code"] == village.WEST]
    assert west["places_per_100_before"] == pytest.approx(100 * 40 / 60, abs=0.001)
    assert west["places_per_100_after"] == pytest.approx(100)
    assert west["status_before"] == west["status_after"]


def test_what_is_kept_answers_as_the_files_do(planner, folder, study, tmp_path):
    fresh = replays.planner_of(load(study), Cache(tmp_path), village.quiet)
    assert fresh.baseline.identity == planner.baseline.identity
    streets = live.read(folder)
    shared = plans.read(folder, streets)
    assert shared.baseline.people is streets.people
    for scenario in (OPEN, Scenario("move", (Move("n1", *LIBRARY),))):
        answers = [told(one, scenario) for one in (planner, fresh, shared)]
        assert answers[0] == answers[1] == answers[2]


def test_the_figures_of_the_baseline_are_those_of_the_run(tmp_path):
    found = village.analyse(tmp_path)
    before = plans.of_grounds(found.study, found.inputs, found.grounds).before
    pd.testing.assert_frame_equal(before.areas, found.judged, check_exact=True)
    assert np.array_equal(
        before.reach.places_per_person, found.reach.places_per_person, equal_nan=True
    )


def test_the_same_run_keeps_the_same_bytes(folder, tmp_path):
    plans.write(plans.read(folder), tmp_path)
    assert (tmp_path / plans.FILE).read_bytes() == (folder / plans.FILE).read_bytes()


def test_a_folder_without_a_plan_or_with_a_damaged_one_is_told(folder, tmp_path):
    streets = live.read(folder)
    with pytest.raises(ResultsError, match=r"it has no plan\.npz\. Run the study again"):
        plans.read(tmp_path, streets)
    whole = (folder / plans.FILE).read_bytes()
    for broken in (b"", whole[: len(whole) // 2], whole.replace(b'"format": 2', b'"format": 0')):
        (tmp_path / plans.FILE).write_bytes(broken)
        with pytest.raises(ResultsError, match=r"is damaged or of another version .* Run the stu"):
            plans.read(tmp_path, streets)


# ---------------------------------------------------------------------- files


TOML = f"""name = "A library"
[[edit]]
open = "lib"
name = "Library"
at = [{LIBRARY[0]!r}, {LIBRARY[1]!r}]
places = 30
"""


@pytest.fixture
def say(monkeypatch, tmp_path):
    """Return a function that types a scenario command and returns exit code and words."""
    monkeypatch.setenv("GEOENGINE_CACHE", str(tmp_path / "cache"))

    def type_in(*arguments) -> tuple[int, str, str]:
        typed = ["scenario", *(str(argument) for argument in arguments)]
        done = CliRunner().invoke(cli.main, typed)
        return done.exit_code, done.stdout, done.stderr

    return type_in


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_replayed_to_figures_and_to_itself(say, study, tmp_path):
    file = written(tmp_path / "a.toml", TOML)
    out = tmp_path / "figures" / "a"
    code, said, _ = say("run", study, file, "--out", out)
    assert code == 0
    assert said.startswith("70 fewer children under 5 would live more than 15 minutes’ walk")
    figures = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    assert figures["totals"]["after"]["people_beyond"] == 0
    assert figures["scenario_id"] in said
    deciles = pd.read_csv(out / "deciles.csv").set_index("decile")
    assert deciles.loc[1, ["beyond_before", "beyond_after"]].tolist() == [40, 0]
    changed = pd.read_csv(out / "areas.csv").set_index("area_code")
    assert changed.loc[village.MID, "status_after"] == "reached"
    settings = pd.read_csv(out / "settings.csv").set_index("provision_id")
    assert settings.loc["lib", "children_after"] == 90
    assert pd.read_csv(out / "closures.csv")["provision_id"].tolist() == ["n1", "n2"]
    again = tmp_path / "again"
    assert say("run", study, out / "scenario.toml", "--out", again)[0] == 0
    names = sorted(file.name for file in out.iterdir())
    assert names == [
        "areas.csv", "closures.csv", "deciles.csv", "figures.json", "scenario.toml", "settings.csv",
    ]  # fmt: skip
    assert [(again / n).read_bytes() for n in names] == [(out / n).read_bytes() for n in names]
    code, _, complaint = say("run", study, file, "--out", out)
    assert code == 2
    assert "is there already; name a new folder" in complaint


def test_scenarios_stand_beside_one_another_and_what_is(say, study, tmp_path):
    one = written(tmp_path / "one.toml", TOML)
    two = written(tmp_path / "two.toml", '[[edit]]\nclose = "n1"\n')
    code, said, _ = say("compare", study, one, two, "--out", tmp_path / "both.csv")
    assert code == 0
    assert "two: 60 more children under 5 would live" in said
    table = pd.read_csv(tmp_path / "both.csv").set_index("scenario")
    assert list(table.index) == ["as it is", "A library", "two"]
    assert table["people_beyond"].tolist() == [70, 0, 130]
    assert table["beyond_decile_1"].tolist() == [40, 0, 100]
    assert table["settings"].tolist() == [2, 3, 1]
    assert table["underserved_areas"].tolist() == [2, 0, 3]
    assert table["areas_of_other_status"].tolist() == [0, 2, 1]


def test_a_file_says_what_it_would_do_and_for_which_baseline_it_was_drawn_up(say, study, tmp_path):
    file = written(tmp_path / "a.toml", 'baseline = "0123456789ab"\n' + TOML)
    code, said, aside = say("show", study, file)
    assert code == 0
    assert "A library (1 edit): 70 fewer children under 5" in said
    assert "'A library' was drawn up for the baseline 0123456789ab, but" in aside


def test_faults_of_all_files_are_told_at_once(say, study, tmp_path):
    one = written(tmp_path / "one.toml", '[[edit]]\nclose = "n9"\n')
    two = written(tmp_path / "two.toml", '[[edit]]\nresize = "n1"\nplaces = -4\n')
    code, said, complaint = say("show", study, one, two)
    assert (code, said) == (2, "")
    assert "the scenario 'one', edit 1: there is no setting 'n9' to close" in complaint
    assert "the scenario 'two', edit 1: places must be at least 0" in complaint
    three = written(tmp_path / "three.toml", "edit = 3")
    with pytest.raises(ScenarioError) as error:
        replays.read([tmp_path / "none.toml", three])
    assert str(error.value) == (
        f"{tmp_path / 'none.toml'}: it cannot be read: No such file or directory\n"
        f"{three}: 'edit' must be a list of edits, not 3"
    )
