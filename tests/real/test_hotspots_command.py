"""`geoengine hotspots` on real places: every kind of neighbour, every statistic."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from geoengine.cli import main
from geoengine.hotspots import KINDS, UNTESTED

WEIGHTS = ("queen", "rook", "knn:8", "band:2000", "minutes:15")
STREETS = {
    "isle_of_wight": "isle-of-wight-2014.osm.pbf",
    "newport": "newport-2023-06-13.osm.pbf",
}


def looked(folder: Path, out: Path, *more: str) -> tuple[pd.DataFrame, dict[str, object], str]:
    told = ["hotspots", "--areas", str(folder / "lsoa11.parquet"), "--code", "lsoa11_code"]
    told += ["--value", "age_0_4", "--population", "total_population", "--out", str(out), *more]
    done = CliRunner().invoke(main, told)
    assert done.exit_code == 0, done.output
    card = json.loads(out.with_name(f"{out.name}.card.json").read_text(encoding="utf-8"))
    return gpd.read_parquet(out), card, done.output


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("place", ["isle_of_wight", "newport", "flintshire"])
def test_every_kind_of_neighbour_gives_each_area_one_class(real_data, tmp_path, place, weights):
    folder = real_data / place
    if not folder.is_dir():
        pytest.skip(f"{place} is not here (no folder {folder})")
    more = ["--weights", weights]
    if weights.startswith("minutes"):
        if place not in STREETS:
            pytest.skip(f"there are no streets of {place}")
        more += ["--streets", str(folder / STREETS[place])]
    found, card, _ = looked(folder, tmp_path / "hot.parquet", *more)
    assert set(found["kind"]) <= set(KINDS)
    tested = ~found["kind"].isin(UNTESTED)
    assert tested.sum() == card["tests"]
    assert card["tests"] + sum(card["left_out"].values()) == card["areas"] == len(found)
    named = {code for codes in card["areas_left_out"].values() for code in codes}
    assert named == set(found.index[~tested])
    assert found.loc[~tested, ["p", "q"]].isna().all(axis=None)
    assert (found.loc[tested, "p"] > 0).all()
    assert (found.loc[tested, "q"] >= found.loc[tested, "p"]).all()
    assert (found["neighbours"][~tested] == 0).all()
    assert (found["kind"].isin(["hot", "cold"]) == (found["q"] <= 0.05)).all()
    assert found["sentence"].str.endswith(".").all()


@pytest.mark.parametrize("statistic", ["gi", "local_moran", "local_geary"])
def test_every_statistic_is_told_of_the_isle_of_wight(real_data, tmp_path, statistic):
    folder = real_data / "isle_of_wight"
    if not folder.is_dir():
        pytest.skip(f"the Isle of Wight is not here (no folder {folder})")
    more = ("--weights", "knn:8", "--statistic", statistic)
    found, card, said = looked(folder, tmp_path / "hot.parquet", *more)
    assert "than chance explains" in said
    assert card["clustering"]["morans_i"]["p"] < 0.05
    again, _, _ = looked(folder, tmp_path / "again.parquet", *more)
    pd.testing.assert_frame_equal(found.drop(columns="geometry"), again.drop(columns="geometry"))
    drawn = np.abs(found["shrunken"] - found["shrunken"].mean())
    assert drawn.sum() < np.abs(found["rate"] - found["rate"].mean()).sum()


@pytest.mark.parametrize("weights", ["band:5000", "minutes:30"])
def test_a_scan_of_the_isle_of_wight_keeps_its_windows_small(real_data, tmp_path, weights):
    folder = real_data / "isle_of_wight"
    if not folder.is_dir():
        pytest.skip(f"the Isle of Wight is not here (no folder {folder})")
    streets = str(folder / STREETS["isle_of_wight"])
    more = ("--statistic", "scan", "--weights", weights, "--streets", streets)
    found, card, _ = looked(folder, tmp_path / "hot.parquet", *more)
    assert len(card["areas_off_network"]) == (5 if weights.startswith("minutes") else 0)
    first = card["clusters"][0]
    assert first["p"] == 0.001
    assert first["p_gumbel"] < 0.001
    assert len(first["areas"]) > 1
    told = found[found["cluster"].str.startswith("1:")]
    assert sorted(told.index) == sorted(first["areas"])
    assert first["cases"] == told["value"].sum()
    middle = told.to_crs("EPSG:27700").geometry.representative_point()
    apart = middle.distance(middle[first["centre"]])
    # Half an hour on foot is no more than 3 km; an area holds a point, not all its ground.
    assert apart.max() <= (5000 if weights == "band:5000" else 3000)
