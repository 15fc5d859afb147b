"""The scan and emerging hot spots give the figures that others published."""

import re

import numpy as np
import pandas as pd
import pytest

from geoengine import trends
from geoengine.hotspots import emerging, scan
from geoengine.hotspots.windows import by_travel_time, circles
from geoengine.neighbours import contiguity

# SaTScan v9.6, leukaemia in 281 tracts of New York, windows of up to a tenth of all people:
# tracts, the first two of them, people, cases, expected, relative risk, log-likelihood ratio, p.
SATSCAN = [
    (26, (49, 48), 95249, 85, 49.71, 1.84, 11.577255, 0.001),
    (8, (89, 88), 34083, 38, 17.79, 2.22, 9.019716, 0.013),
    (33, (112, 113), 78280, 64, 40.85, 1.64, 6.114140, 0.216),
    (4, (62, 64), 24571, 25, 12.82, 1.99, 4.651839, 0.609),
    (7, (46, 45), 29782, 28, 15.54, 1.84, 4.169203, 0.755),
    (4, (266, 281), 9840, 12, 5.14, 2.37, 3.363518, 0.961),
    (3, (166, 159), 8839, 11, 4.61, 2.41, 3.209485, 0.976),
]
# sfdep's help page of emerging_hotspot_analysis: Kendall's S of 168 tracts of Boston over ten
# years. It names the tracts in the order of the map, but the figures are in that of their codes.
BOSTON = """
5 -15 -9 -27 -21 -15 -15 -27 -15 -19 1 -17 -15 21 13 17 17 3 17 21 7 -11 21 15 15 -9 17 27 25 25 25
19 -1 -9 1 17 11 21 23 21 21 17 -11 -13 -7 -3 -7 7 3 3 -1 -1 -15 -7 -7 1 1 -5 1 -3 -11 7 21 15 35
29 27 27 33 33 21 27 27 27 23 3 17 11 19 29 31 29 29 23 27 11 19 15 29 37 37 33 37 21 23 9 9 -9 -3
21 7 9 5 29 37 5 29 27 25 27 17 25 21 23 17 15 29 17 25 25 17 9 7 9 9 17 -23 -19 -23 -17 11 1 11 3
9 -17 5 -1 3 15 -1 5 -15 -3 9 -9 -1 -23 -1 -5 27 33 35 -11 -15 -13 -9 -13 -1 19 21 7 17 19 19 15
15 13
"""
# the same page: the p-value of each |S|
BOSTON_P = {
    1: 1.0, 3: 0.858028, 5: 0.720515, 7: 0.591505, 9: 0.474274, 11: 0.371093, 13: 0.283131,
    15: 0.210498, 17: 0.152406, 19: 0.107405, 21: 0.073638, 23: 0.049098, 25: 0.031823,
    27: 0.020045, 29: 0.012266, 31: 0.007290, 33: 0.004207, 35: 0.002357, 37: 0.001282,
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(real_data):
    folder = real_data / "statistics"
    if not folder.is_dir():
        pytest.skip(f"the published figures are not here (no folder {folder})")
    return folder


@pytest.fixture(scope="module")
def new_york(figures):
    folder = figures / "satscan_ny"
    place, people, cases = (
        pd.read_csv(folder / f"satscan_ny_{name}.txt", sep=r"\s+", header=None, index_col=0)
        for name in ("coords", "pop", "cases")
    )
    counted = cases[1].groupby(level=0).sum().reindex(people.index, fill_value=0)
    return place.loc[people.index], people[2].astype(float), counted


def test_new_yorks_clusters_are_those_of_satscan(new_york):
    place, people, cases = new_york
    windows = circles(place[1], place[2], people, max_share=0.1)
    found = scan.find(cases, people, windows, rng=np.random.default_rng(2), replicates=9999)
    for ours, theirs in zip(found.clusters, SATSCAN, strict=False):
        tracts, first, inhabitants, ill, expected, risk, llr, p = theirs
        assert len(ours.members) == tracts
        assert tuple(people.index[ours.members[:2]]) == first
        assert (ours.people, ours.cases) == (inhabitants, ill)
        assert round(ours.expected, 2) == expected
        assert round(ours.relative_risk, 2) == risk
        assert ours.llr == pytest.approx(llr, abs=5e-7)
        # theirs are of 999 replicates
        assert ours.p == pytest.approx(p, abs=4 * np.sqrt(max(p * (1 - p), 0.002) / 999))
        assert ours.p_gumbel == pytest.approx(ours.p, abs=0.02)


def test_new_yorks_first_cluster_has_the_areas_that_satscan_lists(new_york):
    place, people, cases = new_york
    windows = circles(place[1], place[2], people, max_share=0.1)
    found = scan.find(cases, people, windows, rng=np.random.default_rng(2), replicates=0)
    assert people.index[found.clusters[0].members].tolist() == [
        49, 48, 50, 47, 1, 15, 51, 2, 13, 14, 3, 35, 16, 52, 36, 37, 12, 11, 5, 17, 10, 4, 6, 38,
        18, 9,
    ]  # fmt: skip


def test_new_yorks_clusters_of_people_are_those_of_flexscan(figures):
    """FleXScan 3.1.2, binomial: windows of the ten tracts nearest to each as the earth is round."""
    folder = figures / "satscan_ny"
    places, counts = (
        pd.read_csv(folder / f"flexscan_ny_{name}.txt", sep=r"\s+", header=None, index_col=0)
        for name in ("coords", "cases_pop")
    )
    north, east = np.radians(places.to_numpy()).T
    half = np.sin((north[:, None] - north) / 2) ** 2
    half += np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    apart = 6371 * 2 * np.arcsin(np.sqrt(half))
    near = np.argsort(apart, axis=1, kind="stable")[:, :10]
    windows = by_travel_time(
        np.arange(0, near.size + 1, 10), near.ravel(),
        np.take_along_axis(apart, near, axis=1).ravel(), counts[2], max_share=1,
    )  # fmt: skip
    found = scan.find(
        counts[1], counts[2], windows,
        model="bernoulli", rng=np.random.default_rng(1), replicates=9999,
    )  # fmt: skip
    text = (folder / "scan_test_ny_binomial_10nn_cartesian.out").read_text(encoding="ascii")
    told = re.findall(
        r"areas included \.: ([\d, \n]+?)\n  Maximum.*?cases \.+: (\d+).*?Population \.+: (\d+).*?"
        r"value \.+: ([\d.]+).*?P-value \.+: ([\d.]+)",
        text, re.DOTALL,
    )  # fmt: skip
    assert len(told) == 10
    assert len(found.clusters) >= 10
    for ours, (tracts, cases, people, llr, p) in zip(found.clusters, told, strict=False):
        assert sorted(counts.index[ours.members]) == [int(tract) for tract in tracts.split(",")]
        assert (ours.cases, ours.people) == (int(cases), int(people))
        assert ours.llr == pytest.approx(float(llr), abs=6e-6)
        spread = float(p) * (1 - float(p))
        assert ours.p == pytest.approx(float(p), abs=4 * np.sqrt(max(spread, 0.002) / 999))
        assert ours.p_gumbel == pytest.approx(ours.p, abs=0.02)


def test_windows_of_half_the_people_give_satscans_cluster_too(new_york):
    place, people, cases = new_york
    windows = circles(place[1], place[2], people, max_share=0.5)
    found = scan.find(cases, people, windows, rng=np.random.default_rng(2), replicates=0)
    first = found.clusters[0]
    assert (len(first.members), first.people, first.cases) == (28, 111674, 100)
    assert first.llr == pytest.approx(14.083511, abs=5e-7)


def test_bostons_trends_are_those_of_sfdep(figures):
    import geopandas

    tracts = geopandas.read_file(figures / "sfdep" / "bos-ecometric.geojson").to_crs(26986)
    tracts = tracts.rename(columns={".region_id": "area_code"}).set_index("area_code")
    years = pd.read_csv(figures / "sfdep" / "bos-ecometric.csv", dtype={".region_id": str})
    table = years.pivot_table(index=".region_id", columns="year", values="value")
    links = contiguity(tracts)
    z = emerging.space_time_z(table.loc[links.ids].to_numpy(), links, lag=1, against="step")
    found = trends.mann_kendall(z, exact=False)
    order = np.argsort(links.ids)
    np.testing.assert_array_equal(found.s[order], np.array(BOSTON.split(), dtype=int))
    assert found.p.tolist() == pytest.approx([BOSTON_P[abs(s)] for s in found.s.tolist()], abs=6e-7)
