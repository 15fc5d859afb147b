"""Each reason for having no test is a state of its own on every layer, and goes out as one."""

import csv

import pandas as pd
import pytest

import village
from geoengine import exports
from geoengine.hotspots import LACKING
from geoengine.store import Results
from village import EASTERN, FAR, MID, MOOR, NEIGHBOUR, WEST

COUNTS = f"""LSOA21CD,year,late,seen
{WEST},2023,6,20
{MID},2023,2,20
{EASTERN},2023,3,20
{FAR},2023,4,20
{MOOR},2023,5,20
{NEIGHBOUR},2023,1,20
{WEST},2024,9,20
{MID},2024,,20
{EASTERN},2024,0,0
{FAR},2024,c,20
{MOOR},2024,5,20
{NEIGHBOUR},2024,1,20
"""
LATE = {
    "file": "late.csv", "title": "Seen late", "count": "late", "population": "seen",
    "period": "year",
}  # fmt: skip
WHY = {MID: "unknown", EASTERN: "nobody", FAR: "suppressed", MOOR: "no_network"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return the village with counts of which some are missing, and Moor off its streets."""
    return village.run(
        tmp_path_factory.mktemp("village"), files={"late.csv": COUNTS}, indicators={"late": LATE},
        hotspots={"of": ["late"], "weights": "minutes:60", "correction": "benjamini_yekutieli"},
    )  # fmt: skip


def table(results: Results, layer_id: str) -> pd.DataFrame:
    return pd.read_parquet(results.table(layer_id)).drop(columns="geometry")


@pytest.mark.parametrize("layer_id", ["hotspots_late", "emerging_late"])
def test_nobody_withheld_unknown_and_no_network_are_never_mixed_up(results, layer_id):
    kinds = table(results, layer_id)["class_key"]
    assert kinds[list(WHY)].to_dict() == WHY
    legend = {step["key"]: step for step in results.layer(layer_id)["classes"]}
    for key in WHY.values():
        assert legend[key]["state"]
        assert legend[key]["features"] == 1


def test_a_scan_tells_nobody_from_withheld_and_unknown(results):
    kinds = table(results, "clusters_late")["class_key"]
    assert kinds.drop([WEST, MOOR]).to_dict() == {
        code: why for code, why in WHY.items() if code != MOOR
    }
    method = results.layer("clusters_late")["method"]
    assert "left out: 1 unknown, 1 nobody, 1 suppressed;" in method
    told = table(results, "clusters_late")["sentence"]
    assert told[EASTERN].endswith("has nobody to count among.")


def test_the_card_counts_each_reason_and_the_summary_names_who(results):
    entry = results.layer("hotspots_late")
    assert "left out: 1 no network, 1 unknown, 1 nobody, 1 suppressed." in entry["method"]
    method = results.layer("emerging_late")["method"]
    assert "left out for 2024: 1 no network, 1 unknown, 1 nobody, 1 suppressed." in method
    said = " ".join(entry["findings"])
    assert "one with nobody to count among (East)" in said
    assert "one not near any street (Moor)" in said


def test_each_term_says_why_it_has_no_figure(results):
    told = table(results, "emerging_late")
    assert told.loc[list(WHY), "spot_2024"].tolist() == [
        "not known", "nobody to count among", "withheld", "no network",
    ]  # fmt: skip
    assert told.loc[[EASTERN, FAR, MID], "figure_2024_state"].tolist() == [
        "nobody", "suppressed", "unknown",
    ]  # fmt: skip
    assert (told["figure_2023_state"] == "known").all()


def test_a_history_is_adjusted_as_the_study_asks_and_says_so(results):
    for layer_id, said in (
        ("emerging_late", "tests adjusted together (Benjamini–Yekutieli)"),
        ("hotspots_late", "p adjusted for that many (Benjamini–Yekutieli)"),
    ):
        assert said in results.layer(layer_id)["method"]


def test_the_reasons_go_out_in_words(results, tmp_path):
    entry = results.layer("hotspots_late")
    out = tmp_path / "late.csv"
    exports.convert(results.table("hotspots_late"), entry, "csv", out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["area_code"]: row for row in csv.DictReader(file)}
    assert {code: rows[code]["state"] for code in WHY} == {
        MID: "Not known",
        EASTERN: "Nobody to count among",
        FAR: "Withheld, to protect small numbers",
        MOOR: "Not near any street of the map",
    }
    assert all(rows[code][name] == "" for code in WHY for name in ("p", "q", "z"))


def test_every_reason_for_having_no_figure_has_a_legend_a_look_and_a_word():
    from geoengine.atlas import emerging
    from geoengine.atlas.setting import STATES
    from webmap.screen import palettes
    from webmap.text.language import languages

    assert set(LACKING) <= set(STATES) <= set(palettes.STATES)
    assert set(emerging.TIMELESS) <= set(STATES)
    for language in languages():
        for key in STATES:
            slug = key.replace("_", "-")
            assert language.has(f"class-state-{slug}") or language.has(f"class-hotspots-{slug}")
