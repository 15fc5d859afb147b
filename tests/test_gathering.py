"""`geoengine hotspots`: any figure of any areas, with the card of how it was found."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner
from scipy.stats import binom, binomtest, false_discovery_control, hypergeom

import geoengine
from geoengine import neighbours
from geoengine.cli import main
from geoengine.hotspots import local, morans_i
from geoengine.rates import shrinkage

SIDE = 8
SCAN = ("--statistic", "scan", "--weights", "band:4000", "--population", "all")


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
    table = pd.DataFrame({"code": grid["code"], "few": few, "all": among, "many": corner * 1})
    table.loc[64] = ("Z99", 1, 50, 0)
    table.to_csv(folder / "few.csv", index=False)
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
    assert "a higher share of ‘few’ than chance explains" in found.loc["A00", "sentence"]
    assert "a higher share of ‘few’ than chance explains" in done.output
    assert (
        "63 of 64 areas were compared; left out: one with a figure that is withheld (Area 20)"
        in (done.output)
    )


def test_the_card_holds_what_a_second_reader_needs(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    told = ("--value", "few", "--population", "all", "--statistic", "local_moran", "--seed", "7")
    done = invoke(folder, *told, "--correction", "benjamini_yekutieli", "--out", str(out))
    assert done.exit_code == 0, done.output
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    clustering = card.pop("clustering")
    assert card == {
        "value": "few", "population": "all", "around": "",
        "tested": "rates standardised by empirical Bayes (Assunção and Reis)",
        "statistic": "local Moran's I", "weights": "areas that share a border",
        "chance": "99,999 random orders", "least_p": 2e-5, "areas": 64, "tests": 63,
        "correction": "benjamini_yekutieli", "alpha": 0.05, "seed": "7",
        "left_out": {"suppressed": 1}, "areas_left_out": {"suppressed": ["A20"]},
        "rows_left_out": [{"row": 66, "value": "Z99", "reason": "no such area"}],
        "version": geoengine.__version__,
    }  # fmt: skip
    counts = pd.read_csv(folder / "few.csv", index_col="code").drop(index=["A20", "Z99"])
    links = neighbours.contiguity(gpd.read_file(folder / "grid.gpkg").set_index("code").drop("A20"))
    rates = shrinkage.standardised(counts["few"].astype(float), counts["all"])
    found = pd.read_csv(out, index_col="area_code").drop(index="A20")
    np.testing.assert_allclose(found["z"], local.moran(rates, links).z, atol=1e-6)
    over_all = morans_i(rates, links, rng=np.random.default_rng(7)).statistic
    assert clustering["morans_i"]["statistic"] == pytest.approx(over_all)
    assert clustering["morans_i"]["p"] <= 0.01
    assert clustering["gearys_c"]["z"] < -3
    assert clustering["general_g"]["z"] > 3


def test_both_adjustments_are_those_of_scipy(folder: Path, tmp_path: Path):
    for name, method in (("benjamini_hochberg", "bh"), ("benjamini_yekutieli", "by")):
        out = tmp_path / f"{method}.csv"
        told = ("--value", "few", "--correction", name, "--out", str(out))
        assert invoke(folder, *told).exit_code == 0
        found = pd.read_csv(out).dropna(subset="p")
        wanted = false_discovery_control(found["p"], method=method)
        np.testing.assert_allclose(found["q"], wanted, rtol=5e-3)  # files hold three figures
        assert (found["p"] > 0).all()
        assert found["p"].min() < 1e-6


def test_raw_rates_stand_beside_drawn_ones_with_their_intervals(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    assert invoke(folder, "--value", "few", "--population", "all", "--out", str(out)).exit_code == 0
    found = pd.read_csv(out, index_col="area_code").drop(index="A20")
    counts = pd.read_csv(folder / "few.csv", index_col="code").drop(index=["A20", "Z99"])
    few, among = counts["few"].astype(float), counts["all"].astype(float)
    np.testing.assert_allclose(found["rate"], few / among, atol=1e-6)
    lower, upper = zip(
        *(proportion_interval(n, of) for n, of in zip(few, among, strict=True)), strict=True
    )
    np.testing.assert_allclose(found["lower"], lower, atol=1e-6)
    np.testing.assert_allclose(found["upper"], upper, atol=1e-6)
    overall = few.sum() / among.sum()
    nearer = np.abs(found["shrunken"] - overall) <= np.abs(found["rate"] - overall) + 1e-6
    assert nearer.all()
    assert (found["shrunken_lower"] < found["shrunken"]).all()
    assert (found["shrunken"] < found["shrunken_upper"]).all()
    near = neighbours.contiguity(gpd.read_file(folder / "grid.gpkg").set_index("code").drop("A20"))
    around = near.with_self(1.0).matrix()
    there = (around @ few.to_numpy()) / (around @ among.to_numpy())
    assert (np.abs(found["nearby"] - there) <= np.abs(found["rate"] - there) + 1e-6).all()
    assert set(found["alone"]) <= {"high", "low", "as_expected"}
    assert found.loc["A00", "alone"] == "high"
    assert set(found["funnel"]) <= {"above", "within", "below"}


def proportion_interval(count: float, of: float):
    found = binomtest(int(count), int(of)).proportion_ci(method="wilson")
    return found.low, found.high


def test_a_figure_is_compared_with_another_one_around(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    told = ("--value", "few", "--around", "all", "--statistic", "local_moran", "--out", str(out))
    done = invoke(folder, *told)
    assert done.exit_code == 0, done.output
    found = pd.read_csv(out, index_col="area_code")
    frame = pd.read_csv(folder / "few.csv", index_col="code").loc["A00":"A63"]
    known = (frame["few"] != "c").to_numpy()
    links = neighbours.contiguity(gpd.read_file(folder / "grid.gpkg")).among(known)
    wanted = local.moran(
        frame["few"][known].to_numpy(float), links, around=frame["all"][known].to_numpy(float)
    )
    np.testing.assert_allclose(found["statistic"][known], wanted.statistic, atol=1e-6)
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    assert card["statistic"] == "bivariate local Moran's I"


def test_join_counts_of_areas_that_have_something(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    told = ("--value", "many", "--statistic", "join_count", "--out", str(out))
    assert invoke(folder, *told).exit_code == 0
    found = pd.read_csv(out, index_col="area_code")
    assert found.loc["A00", "kind"] == "hot"
    assert (found["kind"] == "absent").sum() == 64 - 9
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    # Nine in a three by three block: six sides each way and eight diagonals.
    assert card["clustering"]["joins_both"]["statistic"] == 6 + 6 + 8


def test_a_scan_finds_the_corner_as_one_group(folder: Path, tmp_path: Path):
    out = tmp_path / "hot.csv"
    told = ("--value", "few", "--population", "all", "--statistic", "scan", "--out", str(out))
    done = invoke(folder, *told, "--weights", "band:4000")
    assert done.exit_code == 0, done.output
    corner = {f"A{8 * row + column:02d}" for row in range(3) for column in range(3)}
    found = pd.read_csv(out, index_col="area_code")
    assert set(found.index[found["kind"] == "cluster"]) == corner
    assert found.loc["A20", "kind"] == "suppressed"
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    (cluster,) = [one for one in card["clusters"] if one["p"] <= 0.05]
    assert set(cluster["areas"]) == corner
    counts = pd.read_csv(folder / "few.csv", index_col="code").drop(index=["A20", "Z99"])
    few, among = counts["few"].astype(int), counts["all"]
    inside = few.index.isin(list(corner))
    assert (cluster["cases"], cluster["people"]) == (few[inside].sum(), among[inside].sum())
    share, rest = few[inside].sum() / among[inside].sum(), few[~inside].sum() / among[~inside].sum()
    assert cluster["relative_risk"] == pytest.approx(share / rest)
    overall = few.sum() / among.sum()
    llr = sum(
        binom.logpmf(few[part].sum(), among[part].sum(), rate)
        - binom.logpmf(few[part].sum(), among[part].sum(), overall)
        for part, rate in ((inside, share), (~inside, rest))
    )
    assert cluster["llr"] == pytest.approx(llr)
    assert card["areas_left_out"] == {"suppressed": ["A20"]}
    assert (card["left_out"], card["replicates"], card["seed"]) == ({"suppressed": 1}, 999, "1")
    assert "Areas left out: 1 suppressed." in done.output


@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg", "parquet", "fgb"])
def test_a_p_of_less_than_a_trillionth_is_written_out(tmp_path: Path, suffix: str):
    x, y = (part.ravel() for part in np.meshgrid(np.arange(20), np.arange(20)))
    shapes = shapely.box(1000 * x, 1000 * y, 1000 * x + 1000, 1000 * y + 1000)
    corner = (x < 5) & (y < 5)
    grid = gpd.GeoDataFrame({"code": [f"A{at:03d}" for at in range(400)], "has": corner * 1})
    grid.set_geometry(shapes, crs="EPSG:27700").to_file(tmp_path / "grid.gpkg")
    told = ["hotspots", "--areas", str(tmp_path / "grid.gpkg"), "--value", "has"]
    out = tmp_path / f"hot.{suffix}"
    done = CliRunner().invoke(main, [*told, "--weights", "knn:24", "--out", str(out)])
    assert done.exit_code == 0, done.output
    read = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(suffix, gpd.read_file)
    found = read(out).reset_index().set_index("area_code")
    # The 25 areas around the corner's middle are the only ones of 400 that have it.
    wanted = 2 * hypergeom.pmf(25, 400, 25, 25)
    assert wanted < 1e-39
    assert found.loc["A042", "p"] == pytest.approx(wanted, rel=5e-3)
    assert (found[["p", "q"]] > 0).all(axis=None)


def test_all_that_is_wrong_with_the_figures_is_said_at_once(folder: Path, tmp_path: Path):
    table = pd.read_csv(folder / "few.csv").astype(object)
    table.loc[[0, 1, 2, 3], "few"] = ["many", -3, 1.5, 99_999]
    table.loc[4, "all"] = 60.5
    table.to_csv(tmp_path / "wrong.csv", index=False)
    told = ("--value", "few", "--population", "all", "--table", str(tmp_path / "wrong.csv"))
    done = invoke(folder, *told, "--out", str(tmp_path / "hot.csv"))
    assert done.exit_code == 2
    rows = [line.partition("wrong.csv, ")[2] for line in done.output.splitlines()]
    assert rows == [
        "row 2: 'few' must be a number, but is 'many'",
        "row 3: 'few' must be at least 0, but is -3",
        "row 4: 'few' counts people, so it must be a whole number, but is 1.5",
        "row 6: 'all' counts people, so it must be a whole number, but is 60.5",
        f"row 5: 'few' is 99999, more than the {table.loc[3, 'all']} of 'all'",
    ]


def test_areas_with_nobody_are_told_from_the_unknown(folder: Path, tmp_path: Path):
    table = pd.read_csv(folder / "few.csv").astype(object)
    table.loc[[30, 31, 32], "all"] = [0, 0, ""]
    table.loc[[30, 31], "few"] = [0, ""]
    table.to_csv(tmp_path / "nobody.csv", index=False)
    told = ("--value", "few", "--population", "all", "--table", str(tmp_path / "nobody.csv"))
    why = {"A20": "suppressed", "A30": "nobody", "A31": "nobody", "A32": "unknown"}
    for more in ((), ("--statistic", "scan", "--weights", "band:4000")):
        out = tmp_path / "hot.csv"
        done = invoke(folder, *told, *more, "--out", str(out))
        assert done.exit_code == 0, done.output
        found = pd.read_csv(out, index_col="area_code")
        assert found.loc[list(why), "kind"].to_dict() == why
        assert found.loc["A30", "sentence"] == "Area 30 has nobody to count among."
        card = json.loads((tmp_path / "hot.csv.card.json").read_text())
        assert card["left_out"] == {"unknown": 1, "nobody": 2, "suppressed": 1}
        assert card["areas_left_out"]["nobody"] == ["A30", "A31"]
    hot = pd.read_csv(out, index_col="area_code")
    assert hot.loc["A30", "state"] == "Nobody to count among"


def test_an_area_with_more_than_half_of_everybody_is_named(folder: Path, tmp_path: Path):
    table = pd.read_csv(folder / "few.csv")
    table.loc[40, "all"] = 100_000
    table.to_csv(tmp_path / "large.csv", index=False)
    told = ("--value", "few", *SCAN, "--table", str(tmp_path / "large.csv"))
    done = invoke(folder, *told, "--out", str(tmp_path / "hot.csv"))
    assert "more than half of everybody, so that no group can begin there: 1." in done.output
    card = json.loads((tmp_path / "hot.csv.card.json").read_text())
    assert card["areas_too_large"] == ["A40"]


def test_too_few_orders_to_find_anything_are_said_to_be(folder: Path, tmp_path: Path):
    told = ("--value", "few", "--weights", "knn:8", "--statistic", "local_geary")
    done = invoke(folder, *told, "--permutations", "99", "--out", str(tmp_path / "hot.csv"))
    # No p below 2/100: of 63 tests, 63 * 0.02 / 0.05, which is 25.2, must be so low together.
    said = "With 99 random orders of 63 areas, fewer than 26 could not have stood out: try more"
    assert said in done.output


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
        (("--weights", "knn:64"), "ask for more neighbours than 64 areas can have"),
        (("--weights", "band:0"), "weights 'band:0' need a number above 0, such as band:8"),
        (("--crs", "EPSG:4326"), "--crs must be projected, in metres, such as 'EPSG:27700', but"),
        (("--crs", "EPSG:2263"), "--crs must be projected, in metres"),
        (("--crs", "home"), "--crs is not a coordinate reference system: 'home'"),
        (("--around", "all"), "--around is for --statistic local_moran, which compares two"),
        (
            ("--statistic", "scan"),
            "scan needs --weights band:5000 (circles of up to",
        ),
        (("--statistic", "scan", "--weights", "band:9"), "scan needs --population: whom the cases"),
        (("--statistic", "scan", "--around", "all"), "--around is for --statistic local_moran"),
        (
            (*SCAN, "--correction", "benjamini_yekutieli"),
            "scan takes no --correction benjamini_yekutieli: its p allows for all windows",
        ),
        (
            (*SCAN, "--permutations", "18"),
            "scan needs at least --permutations 19 to tell p = 0.05 from chance, not 18",
        ),
        (("--statistic", "scan", "--weights", "minutes:9"), "weights minutes:9 need --streets"),
        (("--statistic", "join_count"), "needs 1 where an area has it and 0 where not, but 'few'"),
        (
            ("--statistic", "join_count", "--population", "all"),
            "join_count is of areas that have something or not: no --population",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(folder, tmp_path, more, sentence):
    done = invoke(folder, "--value", "few", *more, "--out", str(tmp_path / "hot.csv"))
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (tmp_path / "hot.csv").exists()
