"""An area beside its authority and beside the areas most like it."""

import numpy as np
import pytest
from pyproj import Geod
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from geoengine.errors import UnknownAreaError
from webmap.places import profiles
from webmap.results import Results


@pytest.fixture
def run(folder):
    return Results(folder).current()


def test_the_areas_most_like_one_are_those_that_scipy_finds():
    rng = np.random.default_rng(5)
    values = np.column_stack(
        (rng.integers(1, 33_000, 60), rng.integers(20, 200, 60), rng.lognormal(4, 1, 60))
    ).astype(float)
    rows = {
        f"E{at:02d}": {"rank": rank, "children": children, "density": density}
        for at, (rank, children, density) in enumerate(values)
    }
    points = zscore(np.column_stack((values[:, :2], np.log(values[:, 2]))))
    order = np.argsort(cdist(points, points), axis=1, kind="stable")[:, 1:11]
    for at in range(60):
        assert profiles.nearest(rows, f"E{at:02d}") == tuple(f"E{each:02d}" for each in order[at])


def test_an_area_that_lacks_a_value_is_like_none_and_none_is_like_it():
    rows = {
        "a": {"rank": 1, "children": 10.0, "density": 5.0},
        "b": {"rank": None, "children": 10.0, "density": 5.0},
        "c": {"rank": 2, "children": 10.0, "density": 0.0},
        "d": {"rank": 9, "children": 10.0, "density": 5.0},
    }
    assert profiles.nearest(rows, "a") == ("d",)
    assert profiles.nearest(rows, "b") == ()


def test_density_is_people_over_the_area_that_geodesy_measures(run):
    globe = Geod(ellps="WGS84")
    rows = profiles.areas(run)
    for code, shape in run.shapes("underserved").items():
        lon, lat = zip(*shape["coordinates"][0], strict=True)
        km2 = abs(globe.polygon_area_perimeter(lon, lat)[0]) / 1e6
        row = rows[code]
        assert row["density"] == pytest.approx(row["children"] / km2, rel=0.01)


def test_the_authority_is_told_by_medians_and_by_the_share_of_all_people(run):
    profile = profiles.of_area(run, "E01990000")
    rows = profiles.areas(run).values()
    known = [row for row in rows if row["children_beyond"] is not None]
    share = sum(row["children_beyond"] for row in known) / sum(row["children"] for row in known)
    assert profile.authority["share_beyond"] == pytest.approx(share)
    times = [row["minutes_median"] for row in rows if row["minutes_median"] is not None]
    assert profile.authority["minutes_median"] == np.median(times)
    assert len(profile.peers) == 10
    assert "E01990000" not in profile.peers


def test_an_area_that_is_not_there_is_refused(run):
    with pytest.raises(UnknownAreaError, match="There is no area 'E0' here"):
        profiles.of_area(run, "E0")


def test_an_areas_page_tells_its_figures_its_settings_and_its_like(client):
    page = client.get("/area/E01990000").text
    assert "50 of 60 children under 5 live more than 15 minutes’ walk from a nursery." in page
    assert '<h2 id="peers-title">The 10 areas most like it</h2>' in page
    reached = page[page.index('id="reach-title"') : page.index('id="peers-title"')]
    assert reached.index("Nursery 1") < reached.index("Nursery 3")
    assert "2 to 4" in reached
