"""What lies within reach of one spot, on the command line and in the engine."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

import village
from geoengine import cli
from geoengine import demo as county


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town") / "county"
    county.write(folder, scale=0.1)
    return folder


@pytest.fixture(scope="module")
def middle(town):
    areas = gpd.read_file(next((town / "boundaries").glob("LSOA*")))
    densest = areas.to_crs("EPSG:27700").area.argmin()
    place = shapely.point_on_surface(areas.to_crs("EPSG:4326").geometry.iloc[densest])
    return f"{place.x:.6f},{place.y:.6f}"


def isochrone(*arguments):
    return CliRunner().invoke(cli.main, ["isochrone", *map(str, arguments)])


def test_areas_of_more_minutes_hold_those_of_fewer(town, middle, tmp_path):
    out = tmp_path / "reach.geojson"
    done = isochrone(town / "study.toml", "--at", middle, "--minutes", "10,5", "--out", out)
    assert done.exit_code == 0, done.output
    drawn = gpd.read_file(out)
    assert drawn["minutes"].tolist() == [10, 5]
    longer, shorter = drawn.to_crs("EPSG:27700").geometry
    assert shorter.difference(longer.buffer(0.2)).area < 1
    assert (drawn["streets_km"].diff().dropna() < 0).all()
    assert (drawn["inside_but_beyond"] < 0.05).all()
    assert (drawn["reached_but_outside"] < 0.05).all()
    assert done.output.splitlines()[-1].startswith("10 minutes: ")
    assert (drawn["people"].diff().dropna() <= 0).all()
    assert (drawn["others"] > drawn["people"]).all()
    told = json.loads((tmp_path / "reach.geojson.metadata.json").read_text())
    assert told["title"] == "Within 10 minutes’ walk"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--at", "0,0"], "no street to walk lies within 250 m of longitude 0, latitude 0"),
        (["--at", "north"], "must be 2 numbers with commas between, not 'north'"),
        (["--minutes", "5,0"], "minutes must be positive, not 0"),
        (["--mode", "swim"], "the mode must be one of walk, pushchair, cycle, drive, not 'swim'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(town, middle, tmp_path, arguments, sentence):
    usual = ["--at", middle] if "--at" not in arguments else []
    done = isochrone(town / "study.toml", *usual, *arguments, "--out", tmp_path / "a.geojson")
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (tmp_path / "a.geojson").exists()


@pytest.mark.parametrize(
    ("population", "others", "said"),
    [
        (village.POPULATION, 1940, "60 children under 5 and 1,940 others live within"),
        (
            "\n".join(line.rpartition(",")[0] for line in village.POPULATION.splitlines()), None,
            "60 children under 5 and an unknown number of others live within",
        ),
    ],
)  # fmt: skip
def test_all_who_live_within_are_counted_as_on_paper(tmp_path, population, others, said):
    # West's 40 children and 1,460 others, and a third of Mid's 60 and 1,440.
    study = village.write(tmp_path / "village", files={"people.csv": population})
    longitude, latitude = village.degrees([(80, 0)])[0]
    out = tmp_path / "reach.geojson"
    done = isochrone(study, "--at", f"{longitude},{latitude}", "--minutes", "15", "--out", out)
    assert done.exit_code == 0, done.output
    assert f"15 minutes: {said}, on 1." in done.output
    [band] = json.loads(out.read_text())["features"]
    assert band["properties"]["people"] == 60
    assert band["properties"]["others"] == others


def test_streets_in_reach_lie_inside_the_area(town, middle, tmp_path):
    out = tmp_path / "reach.gpkg"
    done = isochrone(
        town / "study.toml", "--at", middle, "--minutes", "8", "--mode", "cycle",
        "--direction", "to", "--out", out,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    [area] = gpd.read_file(out).geometry
    longitude, latitude = map(float, middle.split(","))
    assert area.is_valid
    assert np.hypot(area.centroid.x - longitude, area.centroid.y - latitude) < 0.03
