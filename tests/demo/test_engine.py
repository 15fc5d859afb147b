"""The engine finds in the demo what was planted there."""

import json
from pathlib import Path

import pytest

from geoengine import analysis, figures, intake
from geoengine.atlas import around, clusters, emerging, hotspots
from geoengine.atlas.setting import Setting
from geoengine.demo import files
from geoengine.store import Cache
from geoengine.study import load


def silent(_step: str, _done: int, _total: int) -> None:
    """Show nothing."""


@pytest.fixture(scope="module")
def found(county: Path, tmp_path_factory: pytest.TempPathFactory) -> analysis.Analysis:
    study = load(county / "study.toml")
    inputs = intake.read(study, silent)
    cache = Cache(tmp_path_factory.mktemp("cache"))
    return analysis.find(study, inputs, analysis.join(study, inputs, cache, silent), silent)


def test_the_engine_finds_every_planted_truth(county: Path, found: analysis.Analysis) -> None:
    truths = json.loads((county / "truths.json").read_text(encoding="utf-8"))
    expected = {truth["lsoa_code"]: truth["expect"] for truth in truths}
    assert {"underserved", "reached", "not_deprived"} == set(expected.values())
    assert found.judged["status"].reindex(list(expected)).to_dict() == expected
    border = next(truth["lsoa_code"] for truth in truths if truth["truth"] == "border")
    assert "across the authority’s border" in found.judged.loc[border, "sentence"]


def test_the_county_has_schools_libraries_and_halls_to_open_in(found: analysis.Analysis) -> None:
    kinds = set(found.inputs.candidates["kind"])
    assert {"school", "library", "community centre", "place of worship"} <= kinds


def test_the_engine_finds_where_outcomes_were_made_worse(
    county: Path, found: analysis.Analysis
) -> None:
    planted = json.loads((county / files.PLANTED).read_text(encoding="utf-8"))
    setting = Setting(found, around(found))
    figure = figures.of(found, "below_expected", setting.areas)
    grouped = clusters.clusters(setting, figure).frame
    inside = set(grouped.index[grouped["class_key"] == "cluster"])
    worse = {*planted["worse"], *planted["newly"]}
    assert len(inside & worse) >= 0.75 * len(worse)
    assert len(inside - worse) <= 2
    assert not inside & set(planted["few"])
    gathered = hotspots.hotspots(setting, figure).frame
    hot = set(gathered.index[gathered["class_key"] == "hot"])
    middle = gathered.loc[planted["worse"], "z"].idxmax()
    assert middle in hot
    assert not hot & set(planted["few"])
    withheld = figure.suppressed[figure.suppressed].index.intersection(gathered.index)
    assert len(withheld)
    assert (gathered.loc[withheld, "class_key"] == "suppressed").all()
    assert gathered.loc[withheld, ["value", "z", "p", "q", "rate"]].isna().all(axis=None)


def test_the_engine_finds_where_outcomes_became_worse(
    county: Path, found: analysis.Analysis
) -> None:
    planted = json.loads((county / files.PLANTED).read_text(encoding="utf-8"))
    setting = Setting(found, around(found))
    layer = emerging.through_time(setting, figures.of(found, "below_expected", setting.areas))
    pattern = layer.frame["class_key"]
    lately = pattern[planted["newly"]].isin(["new_hot", "consecutive_hot"])
    assert lately.mean() >= 0.6
    assert (pattern[planted["worse"]] == "persistent_hot").mean() >= 0.6
    assert (pattern == "persistent_hot").sum() <= 2 * len(planted["worse"])
