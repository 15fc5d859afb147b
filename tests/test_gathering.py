"""`geoengine hotspots`: any figure of any areas, with the card of how it was found."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from geoengine.cli import main

SIDE = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 64 square areas, in a corner of which a figure is high."""
    folder = tmp_path_factory.mktemp("grid")
    rng = np.random.default_rng(4)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    shapes = [
        shapely.box(600_000 + 1000 * a, 350_000 + 1000 * b, 601_000 + 1000 * a, 351_000 + 1000 * b)
        for a, b in zip(x, y, strict=True)
    ]
    grid = gpd.GeoDataFrame(
        {
            "code": [f"A{at:02d}" for at in range(len(x))],
            "name": [f"Area {at}" for at in range(len(x))],
        },
        geometry=shapes, crs="EPSG:27700",
    )  # fmt: skip
    grid.to_file(folder / "grid.gpkg")
    corner = (x < 3) & (y < 3)
    among = rng.integers(40, 90, len(x))
    few = rng.binomial(among, np.where(corner, 0.5, 0.15)).astype(object)
    few[20] = "c"
    pd.DataFrame({"code": grid["code"], "few": few, "all": among}).to_csv(
        folder / "few.csv", index=False
    )
    return folder


def invoke(folder: Path, *more: str):
    told = ["hotspots", "--areas", str(folder / "grid.gpkg"), "--table", str(folder / "few.csv")]
    return CliRunner().invoke(main, [*told, *more])


def test_the_corner_is_found_and_the_card_says_how(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    done = invoke(folder, "--value", "few", "--population", "all", "--out", str(out))
    assert done.exit_code == 0, done.output
    found = pd.read_csv(out, index_col="area_code")
    assert found.loc[["A00", "A01", "A08", "A09"], "kind"].tolist() == ["hot"] * 4
    assert found.loc["A20", "kind"] == "suppressed"
    assert found.loc["A20", ["value", "z", "p", "q"]].isna().all()
    assert found.loc[found["kind"] == "hot", "q"].max() <= 0.05
    assert "more few than chance explains" in found.loc["A00", "sentence"]
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    assert (card["tests"], card["left_out"]) == (63, {"suppressed": 1})
    assert card["morans_i"]["p"] <= 0.01
    assert "more few than chance explains" in done.output


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path):
    for name in ("one.csv", "two.csv"):
        told = ("--value", "few", "--population", "all", "--weights", "knn:8")
        assert invoke(folder, *told, "--out", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


@pytest.mark.parametrize("statistic", ["gi", "local_moran", "local_geary"])
def test_every_statistic_goes_out_as_shapes(folder: Path, tmp_path: Path, statistic: str):
    out = tmp_path / "hot.gpkg"
    done = invoke(folder, "--value", "few", "--statistic", statistic, "--out", str(out))
    assert done.exit_code == 0, done.output
    found = gpd.read_file(out)
    assert len(found) == SIDE**2
    assert {"z", "p", "q", "kind", "sentence"} <= set(found.columns)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--weights", "minutes:15"), "weights minutes:15 need --streets"),
        (("--weights", "king"), "weights must be queen, rook, knn:8"),
        (("--weights", "knn:64"), "ask for more neighbours than the 64 areas have"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(folder, tmp_path, more, sentence):
    done = invoke(folder, "--value", "few", *more, "--out", str(tmp_path / "hot.csv"))
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (tmp_path / "hot.csv").exists()
