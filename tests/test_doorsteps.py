"""Every postcode is told what it reaches, or why that is not known."""

import json
from typing import Any

import pytest

import village
from geoengine.store import Results


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return village.run(tmp_path_factory.mktemp("village"))


def read(results: Results, name: str) -> Any:
    return json.loads((results.folder / name).read_text(encoding="utf-8"))


def test_each_postcode_has_the_minutes_worked_out_on_paper(results: Results):
    kept = read(results, "postcodes.json")
    told = {
        postcode: (area, minutes, provision, state)
        for postcode, area, minutes, provision, state in zip(
            *(kept[key] for key in ("postcode", "area_code", "minutes", "provision_id", "state")),
            strict=True,
        )
    }
    assert told == {
        "ZZ1 1AA": (None, None, None, "no homes"),
        "ZZ1 1AB": (village.FAR, 9.5, "n2", "measured"),
        "ZZ1 1AD": (village.FAR, None, None, "ended"),
    }


def test_the_areas_curves_add_up_to_the_countys(results: Results):
    curves = read(results, "curves.json")
    whole = results.summary["curve"]
    assert curves["minutes"] == whole["minutes"]
    together = [sum(beyond) for beyond in zip(*curves["beyond"].values(), strict=True)]
    assert together == pytest.approx(whole["people_beyond"], abs=0.3)
    assert curves["beyond"][village.MID][11:18] == [60, 40, 40, 40, 40, 40, 0]


def test_an_area_is_told_which_settings_its_children_have_in_reach(results: Results):
    told = read(results, "in_reach.json")
    assert told[village.MID] == [["n1", 20.0, 11.5]]
    assert told[village.FAR] == [["n2", 20.0, 9.5]]
    assert village.MOOR not in told
    assert village.EASTERN not in told
