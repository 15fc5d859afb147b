"""The engine finds in the demo what was planted there."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import false_discovery_control

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
    withheld = figure.lacking.index[figure.lacking == "suppressed"].intersection(gathered.index)
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


def test_a_map_of_hotspots_tells_how_it_was_made_and_what_it_leaves_open(
    found: analysis.Analysis,
) -> None:
    setting = Setting(found, around(found))
    beyond = int((~setting.shown).sum())
    assert beyond
    told = hotspots.hotspots(setting, figures.of(found, "below_expected", setting.areas))
    for part in (
        "Getis-Ord Gi*; neighbours: areas that share a border or a crossing; chance: 99,999 random",
        "p adjusted for that many (Benjamini–Hochberg), a finding up to 0.05; left out: 5 supp",
        f" {beyond} areas within 5 km of the border lend their figures. Held against: the 8 near",
        "est areas; areas within 15 minutes of each other; the areas studied alone; the same on ",
        "wards; the same on hexagons of 4.4 km²; the same on hexagons of 0.6 km².",
        "All over: Moran’s I of standardised rates 0.",
    ):
        assert part in told.method
    # Without a list of settings that goes beyond the border, access there is not known.
    provision = found.inputs.provision.assign(
        eligible=found.inputs.provision["eligible"] & ~found.inputs.provision["abroad"]
    )
    listed = replace(found, inputs=replace(found.inputs, provision=provision))
    minutes = hotspots.hotspots(setting, figures.of(listed, "minutes", setting.areas))
    assert "The figure is not known beyond the border" in minutes.method
    assert "studied alone" not in minutes.method
    # Eight nearest, minutes, wards, two kinds of hexagons; the areas alone where others lend.
    for layer, ways in ((told, 6), (minutes, 5)):
        hot = layer.frame.loc[layer.frame["class_key"] == "hot", "sentence"]
        most = hot.str.extract(r"in \d+ of (\d+) other ways")[0].astype(int).max()
        assert most == ways


def test_areas_beyond_the_border_lend_the_access_that_a_study_of_them_finds(
    found: analysis.Analysis, tmp_path: Path
) -> None:
    areas = around(found).areas
    beyond = areas.index.difference(found.inputs.areas.index)
    whole = replace(found.study, study=replace(found.study.study, authority=""))
    inputs = intake.read(whole, silent)
    joined = analysis.join(whole, inputs, Cache(tmp_path), silent)
    judged = analysis.find(whole, inputs, joined, silent).judged.loc[beyond]
    minutes = figures.of(found, "minutes", areas).value[beyond]
    assert minutes.notna().all()
    assert minutes.tolist() == pytest.approx(judged["minutes_median"].tolist())
    share = figures.of(found, "out_of_reach", areas).value[beyond]
    assert share.tolist() == pytest.approx((100 * judged["share_beyond"]).tolist())


def test_raw_and_drawn_rates_stand_side_by_side_with_what_the_count_says_by_itself(
    found: analysis.Analysis,
) -> None:
    setting = Setting(found, around(found))
    layer = hotspots.hotspots(setting, figures.of(found, "below_expected", setting.areas))
    told = layer.frame[layer.frame["class_key"] != "suppressed"]
    shown = [column.name for column in layer.columns]
    assert shown[5:14] == [
        "rate", "lower", "upper", "shrunken_lower", "shrunken_upper", "nearby", "alone", "funnel",
        "count",
    ]  # fmt: skip
    assert (told["lower"] < told["rate"]).all()
    assert (told["rate"] < told["upper"]).all()
    assert (told["shrunken_lower"] < told["value"]).all()
    assert (told["value"] < told["shrunken_upper"]).all()
    # Steadied limits are nearer to each other: a place borrows what is known of all.
    wide = told["upper"] - told["lower"]
    assert (told["shrunken_upper"] - told["shrunken_lower"] < wide).mean() > 0.95
    assert set(told["alone"]) <= {"more than expected", "fewer than expected", "as expected"}
    assert (told["alone"] == "more than expected").sum() > 0
    assert (told["funnel"] == "within its funnel").mean() > 0.9


def test_the_local_moran_of_a_study_has_four_classes_of_its_own(found: analysis.Analysis) -> None:
    asked = replace(found.study.hotspots, statistic="local_moran")
    study = replace(found.study, hotspots=asked)
    setting = Setting(replace(found, study=study), around(found))
    figure = figures.of(found, "deprivation", setting.areas)
    layer = hotspots.hotspots(setting, figure)
    keys = [step.key for step in layer.classes if not step.state]
    assert keys == ["high_high", "low_low", "high_low", "low_high", "not_significant"]
    told = layer.frame
    assert {"high_high", "high_low"} <= set(told["class_key"])
    middle = figure.value.mean()
    outside = told[told["class_key"] == "high_low"]
    assert (outside["value"] > middle).all()
    assert (outside["lag"] < middle).all()
    assert outside["sentence"].str.contains("stands out: it has deeper deprivation than most").all()
    rates = hotspots.hotspots(setting, figures.of(found, "below_expected", setting.areas))
    assert "Tested are rates in standard deviations of their own (Assunção" in rates.method
    assert "lag" not in [column.name for column in rates.columns]


@pytest.mark.parametrize(
    ("correction", "method", "name"),
    [
        ("benjamini_hochberg", "bh", "Benjamini–Hochberg"),
        ("benjamini_yekutieli", "by", "Benjamini–Yekutieli"),
    ],
)
def test_p_is_adjusted_as_the_study_asks(
    found: analysis.Analysis, correction: str, method: str, name: str
) -> None:
    asked = replace(found.study.hotspots, correction=correction)
    study = replace(found.study, hotspots=asked)
    setting = Setting(replace(found, study=study), around(found))
    layer = hotspots.hotspots(setting, figures.of(found, "minutes", setting.areas))
    wanted = false_discovery_control(layer.frame["p"], method=method)
    np.testing.assert_allclose(layer.frame["q"], wanted)
    assert f"165 areas tested, p adjusted for that many ({name})" in layer.method


def test_recent_trends_are_marked_as_fingertips_marks_them(
    county: Path, found: analysis.Analysis
) -> None:
    planted = json.loads((county / files.PLANTED).read_text(encoding="utf-8"))
    setting = Setting(found, around(found))
    figure = figures.of(found, "below_expected", setting.areas)
    marked = emerging.through_time(setting, figure).frame["marked"]
    assert set(marked) <= set(emerging.MARKS.values())
    rising = set(marked.index[marked == emerging.MARKS["increasing_worse"]])
    assert rising
    assert len(rising & set(planted["newly"])) >= len(rising) / 2
