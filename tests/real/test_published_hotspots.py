"""Neighbours and hot spots give the values that others published."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import norm

from geoengine import hotspots, neighbours
from geoengine.hotspots import local
from geoengine.neighbours import from_links
from geoengine.network import modes, streets
from geoengine.rates import shrinkage
from geoengine.significance import benjamini_hochberg
from geoengine.sources import streets as files

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def folder(real_data):
    folder = real_data / "statistics"
    if not folder.is_dir():
        pytest.skip(f"the reference sets of statistics are not here (no folder {folder})")
    return folder


@pytest.fixture(scope="module")
def published(folder):
    return json.loads((folder / "expected_values.json").read_text(encoding="utf-8"))


def read_gal(path):
    """Neighbours from a file in GAL's form: an area and how many, then who they are."""
    lines = path.read_text(encoding="ascii").split("\n")[1:]
    lists = {
        head.split()[0]: tail.split() for head, tail in zip(lines[::2], lines[1::2], strict=False)
    }
    ids = pd.Index(lists)
    area = np.repeat(np.arange(len(ids)), [len(each) for each in lists.values()])
    named = pd.Index([code for each in lists.values() for code in each])
    return from_links(ids, area, ids.get_indexer(named))


def at(x, y):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs="EPSG:27700"))


def test_getis_and_ord_on_their_grid(folder, published):
    grid = pd.read_csv(folder / "spdata/getisord__go_xyz.csv")
    expected = published["getis_ord_spdep_getisord"]
    points, value = at(grid["x"], grid["y"]), grid["val"].to_numpy()
    row = expected["row_index_1based"] - 1
    for distance_m, z in expected["Gi_z"].items():
        near = neighbours.within_distance(points, float(distance_m))
        assert local.gi(value, near).z[row] == pytest.approx(z, abs=5e-7)
    near = neighbours.within_distance(points, 30)
    z = local.gi_star(value, near).z[row]
    assert z == pytest.approx(expected["Gi_star_z_30"], abs=5e-7)
    # Theirs has the values' variance over n - 1 beneath it, in the other version.
    other = z * np.sqrt((len(value) - 1) / len(value))
    assert other == pytest.approx(expected["Gi_star_z_30_with_n_minus_1_variance"], abs=5e-7)


def test_getis_and_ord_on_six_points_whatever_the_style_of_weights(published):
    expected = published["getis_ord_six_points"]
    near = neighbours.within_distance(at(*np.transpose(expected["xy"])), expected["threshold"])
    value = np.array(expected["y"])
    for links in (near, near.row_standardised()):
        gi, gi_star = local.gi(value, links), local.gi_star(value, links)
        np.testing.assert_allclose(gi.z, expected["Gi_z_binary"], atol=5e-9)
        np.testing.assert_allclose(gi_star.z, expected["Gi_star_z_binary"], atol=5e-9)
    # Going through the 120 orders of the other five values gave this mean and spread.
    assert gi.expected[0] == pytest.approx(5.24)
    assert np.sqrt(gi.variance[0]) == pytest.approx(1.2232742946698, rel=1e-12)
    found = hotspots.general_g(value, near, rng=RNG)
    assert found.statistic == pytest.approx(expected["G_global"], abs=5e-9)


def test_morans_i_of_sudden_infant_deaths_and_of_homicides(folder, published):
    expected = published["moran_sids2"]
    table = gpd.read_file(folder / "libpysal_examples/sids2/sids2.dbf")
    links = read_gal(folder / "libpysal_examples/sids2/sids2.gal").row_standardised()
    found = hotspots.morans_i(table["SIDR74"].to_numpy(float), links, rng=RNG)
    assert found.statistic == pytest.approx(expected["SIDR74_I"], rel=1e-12)
    assert norm.sf(found.z_if_normal) == pytest.approx(expected["SIDR74_p_norm_one_sided"])
    rate = shrinkage.standardised(table["SID79"], table["BIR79"])
    found = hotspots.morans_i(rate, links, rng=RNG)
    assert found.statistic == pytest.approx(expected["rate_SID79_BIR79_I"], rel=1e-9)
    assert norm.sf(found.z_if_normal) == pytest.approx(expected["rate_p_norm"])

    # The mean of a bivariate local Moran's I is the bivariate Moran's I of all.
    for first, around, name in (
        ("SIDR74", "SIDR79", "bv_SIDR74_SIDR79"), ("NWR79", "SIDR74", "bv_NWR79_SIDR74"),
    ):  # fmt: skip
        one, other = (table[column].to_numpy(float) for column in (first, around))
        both = local.moran(one, links, around=other).statistic.mean()
        assert both == pytest.approx(expected[name], rel=1e-12)

    expected = published["moran_stl"]
    table = gpd.read_file(folder / "libpysal_examples/stl/stl_hom.dbf")
    links = read_gal(folder / "libpysal_examples/stl/stl.gal").row_standardised()
    found = hotspots.morans_i(table["HR8893"].to_numpy(float), links, rng=RNG)
    assert found.statistic == pytest.approx(expected["HR8893_I"], rel=1e-12)
    assert norm.sf(found.z_if_normal) == pytest.approx(expected["p_norm"])


def test_variances_of_morans_i_on_nine_squares(published):
    expected = published["moran_stl"]
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)]
    areas = gpd.GeoDataFrame(geometry=squares, crs="EPSG:27700")
    links = neighbours.contiguity(areas, corners=False, tolerance_m=0)
    found = hotspots.morans_i(np.arange(9.0), links, rng=RNG)
    assert found.variance == pytest.approx(expected["lat3x3_arange_VI_rand_binary"], rel=1e-12)
    assert found.variance_if_normal == pytest.approx(expected["lat3x3_arange_VI_norm_binary"])


def test_morans_i_of_crime_among_the_four_nearest(folder, published):
    expected = published["spdep_COL_OLD_CRIME"]["k4"]
    table = pd.read_csv(folder / "spdata/oldcol__COL.OLD.csv")
    links = neighbours.nearest(at(table["X"], table["Y"]), 4).row_standardised()
    found = hotspots.morans_i(table["CRIME"].to_numpy(), links, rng=RNG)
    assert found.statistic == pytest.approx(expected["I"], abs=5e-10)
    assert found.variance == pytest.approx(expected["Var_rand"], abs=5e-10)


def test_gearys_c_of_crime_among_areas_that_share_a_side(folder, published):
    expected = published["geary_columbus"]
    areas = gpd.read_file(folder / "libpysal_examples/columbus/columbus.shp")
    areas = areas.set_crs("EPSG:27700", allow_override=True)  # its units are its own
    links = neighbours.contiguity(areas, corners=False, tolerance_m=0).row_standardised()
    found = hotspots.gearys_c(areas["CRIME"].to_numpy(float), links, rng=RNG)
    assert found.statistic == pytest.approx(expected["C"], rel=1e-12)
    assert found.variance == pytest.approx(expected["VC_rand"], rel=1e-12)
    assert found.variance_if_normal == pytest.approx(expected["VC_norm"], rel=1e-12)
    assert found.z == pytest.approx(expected["z_rand"], rel=1e-12)
    assert found.z_if_normal == pytest.approx(expected["z_norm"], rel=1e-12)


def test_local_statistics_of_crime_in_france_of_1830(folder, published):
    expected = published["geoda_guerry_queen"]
    areas = gpd.read_file(folder / "geoda/Guerry.shp")
    links = neighbours.contiguity(areas, tolerance_m=0)
    value = areas[expected["var"]].to_numpy(float)
    sample = (len(value) - 1) / len(value)  # GeoDa's variance is over n - 1
    first = {
        "local_moran_first3": local.moran(value, links).statistic * sample,
        "local_geary_first3": local.geary(value, links).statistic * sample,
        "local_g_first3": local.gi(value, links).statistic,
        "local_gstar_first3": local.gi_star(value, links).statistic,
    }
    for name, statistic in first.items():
        np.testing.assert_allclose(statistic[:3], expected[name], rtol=1e-9)
    found = hotspots.find(
        pd.Series(value, index=areas.index), links, rng=np.random.default_rng(1),
        statistic="local_moran",
    ).table  # fmt: skip
    # One-sided and with 999 orders, theirs are known to about 0.02; the third is on the floor.
    theirs = np.array(expected["pseudo_p_999_first3"])
    np.testing.assert_allclose(found["p"].iloc[:3] / 2, theirs, atol=0.03)
    q = benjamini_hochberg(found["p"].to_numpy())
    np.testing.assert_array_equal(found["q"], q)


@pytest.fixture(scope="module")
def country(real_data):
    path = real_data / "england_wales" / "boundaries_lsoa21.parquet"
    if not path.is_file():
        pytest.skip(f"the areas of England and Wales are not here (no file {path})")
    return gpd.read_parquet(path).set_index("lsoa21_code").to_crs("EPSG:27700")


def test_all_areas_of_england_and_wales_have_neighbours_but_the_isles_of_scilly(country):
    links = neighbours.contiguity(country)
    assert len(links) == 35_672
    assert country.loc[links.islands, "lsoa21_name"].tolist() == ["Isles of Scilly 001A"]
    assert links.is_mutual
    graph = pytest.importorskip("libpysal.graph").Graph.build_contiguity(country, rook=False)
    theirs = neighbours.from_graph(graph)
    assert (links.matrix() - theirs.matrix()).count_nonzero() == 0


def test_the_bridges_of_newport_join_areas_across_the_usk(real_data):
    folder = real_data / "newport"
    if not folder.is_dir():
        pytest.skip(f"Newport is not here (no folder {folder})")
    areas = gpd.read_parquet(folder / "lsoa11.parquet").set_index("lsoa11_name")
    areas = areas.to_crs("EPSG:27700")
    ways = files.read(folder / "newport-2023-06-13.osm.pbf")
    network = streets.build(ways, modes.WALK, crs="EPSG:27700")
    crossings = neighbours.joined_by_streets(areas, network)
    borders = neighbours.contiguity(areas)
    both = neighbours.contiguity(areas, bridges=crossings)
    added = (both.matrix() - borders.matrix()).tocoo()
    found = {(areas.index[i], areas.index[j]) for i, j in zip(*added.coords, strict=True) if i < j}
    assert found == {
        ("Newport 015F", "Newport 018C"), ("Newport 018C", "Newport 013D"),
        ("Newport 014D", "Newport 013E"),
    }  # fmt: skip
    # The river is between them: a hundred metres of it and more.
    assert min(areas.geometry[i].distance(areas.geometry[j]) for i, j in found) > 100
