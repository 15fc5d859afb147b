"""On common ground the peers say the same; where they do not, the reason is shown."""

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geoengine import hotspots, neighbours
from geoengine.hotspots import local

SIDE = 20


@pytest.fixture(scope="module")
def board():
    """Return squares of a board, who meets whom there, and the same as esda's weights."""
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(SIDE) for x in range(SIDE)]
    ids = pd.Index([f"E{i:03d}" for i in range(SIDE**2)], name="area_code")
    areas = gpd.GeoDataFrame(index=ids, geometry=squares, crs="EPSG:27700")
    links = neighbours.contiguity(areas, tolerance_m=0.01)
    return areas, links


@pytest.fixture(autouse=True)
def _peers_may_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture
def esda(monkeypatch):
    """Return esda as plain Python: to compile it takes longer than all these tests."""
    library = pytest.importorskip("esda")
    for module in (library.crand, library.moran, library.significance):
        for name, value in vars(module).copy().items():
            if hasattr(value, "py_func"):
                monkeypatch.setattr(module, name, value.py_func)
    monkeypatch.setattr(library.crand, "boolean", np.bool_)
    return library


@pytest.fixture
def pygeoda():
    return pytest.importorskip("pygeoda")


def weights_of(pygeoda, areas):
    return pygeoda.queen_weights(pygeoda.open(areas.reset_index(drop=True)))


def smooth(seed):
    """Values that gather somewhat: a mean over neighbours with noise."""
    rng = np.random.default_rng(seed)
    field = rng.normal(size=(SIDE + 2, SIDE + 2))
    near = sum(np.roll(field, shift, axis) for shift in (-1, 1) for axis in (0, 1))
    return (field + 0.25 * near)[1:-1, 1:-1].ravel() + 5


def find(value, links, **options):
    series = pd.Series(value, index=links.ids)
    return hotspots.find(series, links, rng=np.random.default_rng(1), **options)


@pytest.mark.parametrize("star", [False, True])
def test_z_of_getis_and_ord_is_that_of_esda_for_links_that_count_1(board, esda, star):
    _, links = board
    value = smooth(1)
    w = links.to_graph().to_W()
    theirs = esda.G_Local(value, w, transform="B", star=star, permutations=0)
    ours = (local.gi_star if star else local.gi)(value, links)
    np.testing.assert_allclose(ours.z, theirs.Zs, rtol=1e-9)


@pytest.mark.parametrize("star", [False, True])
def test_z_of_esda_shrinks_when_weights_are_standardised_though_nothing_changed(board, esda, star):
    _, links = board
    value = smooth(1)
    statistic = local.gi_star if star else local.gi
    ours = statistic(value, links.row_standardised()).z
    np.testing.assert_allclose(ours, statistic(value, links).z, rtol=1e-9)
    w = links.row_standardised().to_graph().to_W()
    theirs = esda.G_Local(value, w, transform="R", star=1 / 9 if star else False, permutations=0).Zs
    assert np.std(theirs) < 0.6 * np.std(ours)


def test_local_moran_and_geary_are_those_of_esda(board, esda):
    _, links = board
    value = smooth(2)
    w = links.to_graph().to_W()
    theirs = esda.Moran_Local(value, w, permutations=0)
    ours = local.moran(value, links)
    # esda's I has the sample variance beneath it.
    scale = np.var(value) / np.var(value, ddof=1)
    np.testing.assert_allclose(ours.statistic * scale, theirs.Is, rtol=1e-9)
    own = (value - value.mean()) / np.std(value) ** 2
    np.testing.assert_allclose(ours.variance * own**2, theirs.VIc, rtol=1e-9)
    np.testing.assert_allclose((ours.expected - value.mean()) * own, theirs.EIc, rtol=1e-9)
    other = smooth(3)
    theirs = esda.Moran_Local_BV(value, other, w, permutations=0)
    ours = local.moran(value, links, around=other)
    np.testing.assert_allclose(ours.statistic * scale, theirs.Is, rtol=1e-9)
    theirs = esda.Geary_Local(w, permutations=0).fit(value).localG
    np.testing.assert_allclose(local.geary(value, links).statistic, theirs, rtol=1e-9)


def test_p_is_twice_esdas_one_sided_p_where_values_do_not_tie(board, esda):
    _, links = board
    value = smooth(4)
    theirs = esda.Moran_Local(value, links.to_graph().to_W(), permutations=1_999, seed=1)
    p = find(value, links, statistic="local_moran").table["p"].to_numpy()
    np.testing.assert_allclose(p, np.minimum(2 * theirs.p_sim, 1), atol=0.12)
    assert np.corrcoef(p, theirs.p_sim)[0, 1] > 0.99


def test_peers_find_cold_spots_where_a_rare_case_is_not(board, esda, pygeoda):
    areas, links = board
    cases = np.zeros(SIDE**2)
    cases[np.random.default_rng(3).choice(SIDE**2, 12, replace=False)] = 1
    without = (links.with_self().matrix() @ cases) == 0
    assert without.sum() > 300
    theirs = esda.Moran_Local(cases, links.to_graph().to_W(), permutations=999, seed=1)
    assert (np.isclose(theirs.p_sim, 0.001) & (theirs.q == 3))[without].sum() > 250
    low_low = 2
    theirs = pygeoda.local_gstar(weights_of(pygeoda, areas), cases.tolist())
    assert (np.array(theirs.lisa_clusters()) == low_low)[without].mean() > 0.9
    for statistic in ("gi_star", "gi", "local_moran"):
        ours = find(cases, links, statistic=statistic).table[without]
        assert ours["p"].min() > 0.9
        assert set(ours["kind"]) == {"not_significant"}


def test_esda_gives_an_island_a_p_value(board, esda):
    _, links = board
    kept = (links.area != 0) & (links.neighbour != 0)
    lonely = neighbours.from_links(links.ids, links.area[kept], links.neighbour[kept])
    value = smooth(5)
    theirs = esda.Moran_Local(value, lonely.to_graph().to_W(), permutations=999, seed=1)
    assert theirs.p_sim[0] == pytest.approx(0.001)
    ours = find(value, lonely).table.iloc[0]
    assert ours["kind"] == "no_neighbours"
    assert np.isnan([ours["p"], ours["q"], ours["z"]]).all()


def test_one_unknown_value_does_not_spoil_the_rest(board, esda):
    _, links = board
    value = smooth(6)
    value[7] = np.nan
    w = links.to_graph().to_W()
    assert np.isnan(esda.G_Local(value, w, transform="B", permutations=0).Zs).all()
    assert find(value, links).table["z"].isna().sum() == 1


def test_local_statistics_and_p_are_those_of_pygeoda(board, pygeoda):
    areas, links = board
    value = smooth(8)
    w = weights_of(pygeoda, areas)
    sample = (SIDE**2 - 1) / SIDE**2  # theirs are over n - 1
    for theirs, ours in (
        (pygeoda.local_moran, local.moran(value, links).statistic * sample),
        (pygeoda.local_geary, local.geary(value, links).statistic * sample),
        (pygeoda.local_g, local.gi(value, links).statistic),
        (pygeoda.local_gstar, local.gi_star(value, links).statistic),
    ):
        np.testing.assert_allclose(theirs(w, value.tolist()).lisa_values(), ours, rtol=1e-9)
    theirs = pygeoda.local_g(w, value.tolist(), permutations=9_999, seed=1).lisa_pvalues()
    ours = find(value, links, statistic="gi").table["p"]
    np.testing.assert_allclose(ours, np.minimum(2 * np.array(theirs), 1), atol=0.05)


def test_global_statistics_are_those_of_esda(board, esda):
    _, links = board
    value, rng = smooth(9), np.random.default_rng(1)
    w = links.row_standardised().to_graph().to_W()
    ours, theirs = hotspots.morans_i(value, links.row_standardised(), rng=rng), esda.Moran(value, w)
    np.testing.assert_allclose(
        (ours.statistic, ours.variance, ours.variance_if_normal, ours.z),
        (theirs.I, theirs.VI_rand, theirs.VI_norm, theirs.z_rand),
    )
    ours, theirs = hotspots.gearys_c(value, links.row_standardised(), rng=rng), esda.Geary(value, w)
    np.testing.assert_allclose(
        (ours.statistic, ours.variance, ours.variance_if_normal, ours.z_if_normal),
        (theirs.C, theirs.VC_rand, theirs.VC_norm, theirs.z_norm),
    )
    binary = links.to_graph().to_W()
    binary.transform = "B"
    ours, theirs = hotspots.general_g(value, links, rng=rng), esda.G(value, binary)
    np.testing.assert_allclose((ours.statistic, ours.z), (theirs.G, theirs.z_norm))
    has = (value > 5.5).astype(float)
    ours, theirs = hotspots.join_counts(has, links, rng=rng), esda.Join_Counts(has, binary)
    assert (ours["both"].statistic, ours["neither"].statistic, ours["mixed"].statistic) == (
        theirs.bb, theirs.ww, theirs.bw,
    )  # fmt: skip
    assert ours["both"].expected == pytest.approx(np.mean(theirs.sim_bb), rel=0.05)
