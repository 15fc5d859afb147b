"""Rates, funnels and trends give the figures that others published."""

import json

import numpy as np
import pandas as pd
import pytest

from geoengine import trends
from geoengine.rates import funnel, intervals, shrinkage

# spdep's help page of EBest: percentages of 71 areas of Huddersfield.
HUDDERSFIELD = """
34.44 29.56 28.94 28.93 30.72 30.43 31.85 35.93 28.95 29.95 28.36 31.75 31.84 25.36 32.33 31.72
29.69 24.36 32.11 31.01 29.53 31.47 29.10 31.44 22.36 31.72 30.31 30.42 28.26 33.57 32.24 27.62
24.60 28.54 27.79 32.98 27.95 26.96 30.97 30.88 28.23 26.65 26.81 28.66 31.54 31.97 32.30 31.13
31.47 27.26 28.29 30.18 25.28 31.61 27.67 27.88 30.71 30.22 29.73 29.95 30.71 30.58 32.22 30.04
30.19 35.00 38.96 31.91 26.10 29.75 39.13
"""


@pytest.fixture(scope="module")
def figures(real_data):
    folder = real_data / "statistics"
    if not folder.is_dir():
        pytest.skip(f"the published figures are not here (no folder {folder})")
    return folder


@pytest.fixture(scope="module")
def expected(figures):
    return json.loads((figures / "expected_values.json").read_text(encoding="utf-8"))


def features(path):
    import geopandas

    return geopandas.read_file(path)


def test_aucklands_infant_deaths_have_marshalls_moments(figures, expected):
    auckland = features(figures / "spdata" / "auckland.gpkg")
    wanted = expected["eb_smoothing"]["auckland_EBest"]
    found = shrinkage.poisson_gamma(auckland["M77_85"], 9 * auckland["Und5_81"])
    assert found.mean[0] == pytest.approx(wanted["b"], rel=1e-6)
    assert found.variance[0] == pytest.approx(wanted["a"], rel=1e-6)


def test_huddersfields_shares_shrink_as_martuzzi_and_elliotts(figures):
    places = pd.read_csv(figures / "spdata" / "huddersfield__huddersfield.csv")
    found = shrinkage.beta_binomial(places["cases"], places["total"])
    np.testing.assert_array_equal(
        (100 * found.rate).round(2), np.array(HUDDERSFIELD.split(), float)
    )


def test_moran_of_standardised_sudden_deaths_is_assuncao_and_reis(figures, expected):
    """spdep's EBImoran.mc of SID74 and BIR74 with the binary weights of Cressie and Chan."""
    counties = features(figures / "spdata" / "sids.gpkg")
    row = {str(code): i for i, code in enumerate(counties["FIPS"])}
    lines = (figures / "spdata" / "ncCC89.gal").read_text().split("\n")[1:]
    near = np.zeros((len(row), len(row)))
    for head, names in zip(lines[::2], lines[1::2], strict=False):
        for name in names.split():
            near[row[head.split()[0]], row[name]] = 1
    z = shrinkage.standardised(counties["SID74"], counties["BIR74"])
    apart = z - z.mean()
    moran = len(z) / near.sum() * (apart @ near @ apart) / (apart @ apart)
    assert moran == pytest.approx(
        expected["eb_smoothing"]["EBI_moran_sids_ncCC89_B"]["stat"], abs=5e-6
    )


def test_sudden_deaths_beside_those_expected_and_shrunk_are_as_in_esdas_own_tests(
    figures, expected
):
    import geopandas

    folder = figures / "libpysal_examples" / "sids2"
    counties = geopandas.read_file(folder / "sids2.dbf")
    deaths, births = counties["SID74"].to_numpy(float), counties["BIR74"].to_numpy(float)
    wanted = expected["eb_smoothing"]["sids2_first5"]
    found = shrinkage.poisson_gamma(deaths, births)
    assert found.rate[:5] == pytest.approx(wanted["empirical_bayes"], abs=5e-8)
    excess = funnel.ratios(deaths, births * deaths.sum() / births.sum()).value
    assert excess[:5] == pytest.approx(wanted["excess_risk"], abs=5e-6)
    # What spatial empirical Bayes draws to: the rate of each county and its neighbours.
    lines = (folder / "sids2.gal").read_text().split("\n")[1:]
    row = {head.split()[0]: at for at, head in enumerate(lines[:200:2])}
    near = [[row[name] for name in tail.split()] for tail in lines[1:200:2]]
    first = np.concatenate(([0], np.cumsum([len(each) for each in near])))
    around = shrinkage.local_poisson_gamma(deaths, births, first, np.concatenate(near)).mean
    assert around[:5] == pytest.approx(wanted["spatial_rate"], abs=5e-8)


@pytest.mark.parametrize("method", ["Byars", "Wilson"])
def test_intervals_are_those_of_public_health_england(figures, method):
    sheet = pd.read_excel(
        figures / "phe_indicators" / "testdata_Byars_Wilson.xlsx", engine="calamine"
    )
    rows = sheet[sheet["method"] == method]
    assert len(rows) > 5
    for _, row in rows.iterrows():
        confidence = float(row["confidence"].strip("%")) / 100
        found = (
            intervals.byar([row["x"]], confidence=confidence)
            if method == "Byars"
            else intervals.wilson([row["x"]], [row["n"]], confidence=confidence)
        )
        # where Byar's lower limit would be negative they print none, and ours is 0
        theirs = np.nan_to_num([row["lowercl"], row["uppercl"]])
        assert np.ravel(found) == pytest.approx(theirs, rel=1e-12)


def test_rates_are_those_of_public_health_england(figures):
    sheet = pd.read_excel(figures / "phe_indicators" / "testdata_Rate.xlsx", engine="calamine")
    rows = sheet[sheet["method"].isin(["Exact", "Byars"]) & (sheet["Numerator"] > 0)]
    for level, name in ((0.95, "95_0cl"), (0.998, "99_8cl")):
        for limit, side in zip(
            intervals.poisson(rows["Numerator"], confidence=level), ("lower", "upper"), strict=True
        ):
            ours = limit / rows["Denominator"] * rows["multiplier"]
            assert ours.tolist() == pytest.approx(
                rows[side + name].tolist(), rel=1e-12, nan_ok=True
            )


def told(two, three):
    names = {(-1, -1): "Low (0.001)", (-1, 0): "Low (0.025)", (1, 1): "High (0.001)",
             (1, 0): "High (0.025)", (0, 0): "Not significant"}  # fmt: skip
    return [names[pair] for pair in zip(two.tolist(), three.tolist(), strict=True)]


def test_funnels_of_proportions_are_those_of_public_health_england(figures):
    folder = figures / "phe_indicators"
    areas = pd.read_csv(folder / "testdata_funnel_prop_inputs.csv", encoding="utf-8-sig")
    limits = pd.read_csv(folder / "testdata_funnel_prop_outputs.csv", encoding="utf-8-sig")
    count, people = areas["numerator"], areas["denominator"]
    side = []
    for level, name in ((0.95, "2s0025limit"), (0.998, "3s0001limit")):
        found = funnel.proportions(count, people, confidence=level)
        side.append(found.outside)
        drawn = funnel.proportions(
            np.zeros(len(limits)), limits["Population"], baseline=found.baseline, confidence=level
        )
        assert 100 * drawn.lower == pytest.approx(limits[f"Lower{name}"].to_numpy(), abs=7e-7)
        assert 100 * drawn.upper == pytest.approx(limits[f"Upper{name}"].to_numpy(), abs=7e-7)
    assert told(*side) == areas["significance"].tolist()


def test_funnels_of_ratios_are_those_of_public_health_england(figures):
    folder = figures / "phe_indicators"
    areas = pd.read_csv(folder / "testdata_funnel_ratio_inputs.csv", encoding="utf-8-sig")
    limits = pd.read_csv(folder / "testdata_funnel_ratio_outputs.csv", encoding="utf-8-sig")
    limits.columns = limits.columns.str.strip()
    levels = ((0.95, "2s"), (0.998, "3s"))
    side = [funnel.ratios(areas["obs"], areas["expected"], confidence=c).outside for c, _ in levels]
    assert told(*side) == areas["significance"].tolist()
    count = limits["Observed_events"]
    for level, name in levels:
        for which in ("lower", "upper"):
            events = limits[f"{which}_{name}_exp_events"]
            drawn = getattr(funnel.ratios(count, events, confidence=level), which)
            assert drawn == pytest.approx(count / events, rel=1e-5)


def test_funnels_of_rates_are_those_of_public_health_england(figures):
    """A limit of so many events is the population in which just so many are expected."""
    for name in ("", "_2", "_3"):
        limits = pd.read_csv(figures / "phe_indicators" / f"testdata_funnel_rate_outputs{name}.csv")
        for level, sigma in ((0.95, "2s"), (0.998, "3s")):
            for limit, which in zip(
                intervals.exact(limits["Events"], confidence=level), ("upper", "lower"), strict=True
            ):
                people = limits[f"{which}_{sigma}_population_1_year"]
                years = limit * 100_000 / people / limits["baseline"]
                assert years.tolist() == pytest.approx([3.0] * len(limits), rel=1e-4)


@pytest.mark.parametrize(
    ("series", "better", "marker"),
    [
        ("DiabetesPrevelance", None, "increasing"),
        ("YorkshireMmrCoverage", "high", "decreasing_worse"),
        ("DiabeticEyeDisease", "low", "increasing_worse"),
        ("Under75CancerMortality", "low", "decreasing_better"),
        ("EmergencyReadmissions", "low", "cannot_be_calculated"),
        # its intervals are missing: Fingertips' code says that it does not change
        ("GpRegisteredPopulationOver65", None, "cannot_be_calculated"),
    ],
)
def test_markers_are_those_of_fingertips(figures, series, better, marker):
    points = pd.read_csv(figures / "fingertips_trend" / "trend_points.csv")
    years = points[points["series"] == series].sort_values("year")
    rows = [[years[column]] for column in ("Value", "LowerCI", "UpperCI")]
    assert trends.fingertips_markers(*rows, better=better) == [marker]
    assert trends.fingertips_markers(*([row[0][1:]] for row in rows)) == ["cannot_be_calculated"]
