"""Scenario files replayed against a study: read, checked, worked out and written."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geoengine import analysis, intake, outcomes, plans
from geoengine.errors import Fault, ResultsError, ScenarioError
from geoengine.exports import write_table
from geoengine.scenarios import Scenario, from_toml, to_toml
from geoengine.store import Cache, write_json
from geoengine.study import Study
from geoengine.whatif import Figures, Outcome, Planner, closures

if TYPE_CHECKING:
    from geoengine.intake import Progress

AS_IT_IS = "as it is"


def read(paths: Sequence[Path]) -> list[Scenario]:
    """
    Read scenario files; one that does not say its name is called as its file.

    Raises
    ------
    ScenarioError
        With everything in any of them that cannot be read.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            scenario = from_toml(path.read_text(encoding="utf-8"), source=str(path))
        except ScenarioError as error:
            faults += error.faults
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            faults.append(Fault(str(path), 0, f"it cannot be read: {reason}"))
        else:
            name = scenario.name or path.stem
            found.append(Scenario(name, scenario.edits, baseline=scenario.baseline))
    if faults:
        raise ScenarioError(faults)
    return found


def planner_of(study: Study, cache: Cache, progress: "Progress") -> Planner:
    """Return a planner on what a study's files say."""
    inputs = intake.read_steady(study, cache, progress)
    grounds = analysis.join(study, inputs, cache, progress)
    progress("Working out what is", 0, 0)
    return plans.of_grounds(study, inputs, grounds)


def run(planner: Planner, scenarios: Sequence[Scenario]) -> list[Outcome]:
    """
    Work out what each scenario would do.

    Raises
    ------
    ScenarioError
        With every edit of any of them that cannot be made.
    """
    found: list[Outcome] = []
    faults: list[Fault] = []
    for scenario in scenarios:
        try:
            found.append(planner.evaluate(scenario))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return found


def note(planner: Planner, scenario: Scenario) -> str:
    """Return a warning where a scenario was drawn up for another baseline, else nothing."""
    here = planner.baseline.identity
    if scenario.baseline in ("", here):
        return ""
    return (
        f"'{scenario.name}' was drawn up for the baseline {scenario.baseline}, but the study's "
        f"files now make it {here}: the figures are of the files as they are now"
    )


def compare(planner: Planner, found: Sequence[Outcome]) -> pd.DataFrame:
    """
    Put several scenarios beside one another and the baseline.

    Returns
    -------
    pandas.DataFrame
        Index `scenario`, the first `as it is`: `scenario_id`, the `Figures.totals` of each,
        people beyond the cut-off in each deprivation decile, and the number of areas whose
        status is another.
    """
    rows = [_row(planner.before, "", AS_IT_IS, 0)]
    rows += [
        _row(one.after, one.scenario_id, one.scenario.name, outcomes.moved(one)) for one in found
    ]
    return pd.DataFrame(rows).set_index("scenario")


def _row(figures: Figures, scenario_id: str, name: str, moved: int) -> dict[str, object]:
    beyond = figures.deciles.set_index("decile")["people_beyond"]
    return {
        "scenario": name,
        "scenario_id": scenario_id,
        **figures.totals,
        **{f"beyond_decile_{decile}": people for decile, people in beyond.items()},
        "areas_of_other_status": moved,
    }


def write(planner: Planner, outcome: Outcome, out: Path) -> None:
    """
    Write what a scenario would do to a new folder, whole or not at all.

    Parameters
    ----------
    planner, outcome
        Of the planner.
    out
        Is to hold `figures.json`, `deciles.csv`, `areas.csv` (those that change), `settings.csv`,
        `closures.csv` (what the closure of each setting would do as it is) and `scenario.toml`,
        which makes the same again.

    Raises
    ------
    ResultsError
        If the folder is there already, or cannot be written.
    """
    if out.exists():
        raise ResultsError(f"{out} is there already; name a new folder, or take it away first")
    baseline = planner.baseline
    stamped = Scenario(outcome.scenario.name, outcome.scenario.edits, baseline=baseline.identity)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(suffix=".partial", dir=out.parent) as folder:
            draft = Path(folder) / out.name
            draft.mkdir()
            write_json(draft / "figures.json", outcomes.as_json(outcome, baseline))
            tables = {
                "deciles": outcomes.deciles(outcome.before, outcome.after).set_index("decile"),
                "areas": outcomes.areas(outcome),
                "settings": outcomes.settings(outcome.before, outcome.after),
                "closures": closures(baseline).settings,
            }
            for name, table in tables.items():
                write_table(table, draft / f"{name}.csv")
            (draft / "scenario.toml").write_text(to_toml(stamped), encoding="utf-8")
            shutil.move(draft, out)
    except OSError as error:
        raise ResultsError(f"{out}: could not be written: {error.strerror or error}") from error
