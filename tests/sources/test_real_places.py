"""The real files of two places join without loss, and give the totals that were published."""

import pytest

from geoengine.sources import boundaries, indicators, population, postcodes, provision

BNG = "EPSG:27700"


@pytest.mark.parametrize(
    ("place", "areas", "children", "most_deprived_fifth"),
    [("isle_of_wight", 89, 5891, 12), ("newport", 95, 10005, 33)],
)
def test_areas_deprivation_and_population_of_a_place_join_wholly(
    real_data, place, areas, children, most_deprived_fifth
):
    path = real_data / place / "lsoa11.parquet"
    outlines = boundaries.read_areas(path, crs=BNG)
    deprivation = indicators.read_deprivation(path)
    people = population.read(path)
    assert len(outlines.frame) == areas
    assert set(outlines.frame.index) == set(deprivation.frame.index) == set(people.frame.index)
    assert {r.facts["vintage"] for r in (outlines, deprivation, people)} == {"2011"}
    assert people.frame["people"].sum() == children
    assert (deprivation.frame["decile"] <= 2).sum() == most_deprived_fifth
    assert not any(len(reading.left_out) for reading in (outlines, deprivation, people))


@pytest.mark.parametrize(
    ("name", "areas", "vintage"),
    [
        ("imd2019_england_lsoa11", 32_844, "2011"),
        ("imd2019_wales_lsoa11", 1_909, "2011"),
        ("imd2025_england_lsoa21", 33_755, "2021"),
    ],
)
def test_a_nations_deprivation_is_whole_and_its_deciles_follow_from_its_ranks(
    real_data, name, areas, vintage
):
    reading = indicators.read_deprivation(real_data / "england_wales" / f"{name}.parquet")
    assert len(reading.frame) == areas
    assert reading.facts["vintage"] == vintage
    assert reading.notes == ()


def test_the_people_of_england_and_wales_add_up(real_data):
    path = real_data / "england_wales" / "population20_lsoa11.parquet"
    frame = population.read(path).frame
    assert frame[["people", "all_people"]].sum().tolist() == [3_400_788, 59_719_724]


def test_every_area_of_england_and_wales_is_drawn(real_data):
    path = real_data / "england_wales" / "boundaries_lsoa21.parquet"
    reading = boundaries.read_areas(path, crs=BNG)
    assert reading.frame["nation"].value_counts().to_dict() == {"E": 33_755, "W": 1_917}
    assert reading.frame.is_valid.all()


@pytest.mark.parametrize(("place", "count"), [("isle_of_wight", 466), ("newport", 475)])
def test_output_areas_of_a_place_are_drawn(real_data, place, count):
    reading = boundaries.read_small_areas(real_data / place / "oa11.parquet", crs=BNG)
    assert len(reading.frame) == count


@pytest.mark.parametrize("place", ["isle_of_wight", "newport", "flintshire"])
def test_postcodes_lie_in_the_areas_that_they_tell(real_data, place):
    areas = boundaries.read_areas(real_data / place / "lsoa11.parquet", crs=BNG).frame
    directory = postcodes.read(real_data / place / "postcodes_codepoint_open.csv.gz", crs=BNG)
    assert directory.frame["area_code"].isin(areas.index).all()
    west, south, east, north = areas.total_bounds
    assert directory.frame["x_m"].between(west - 50, east + 50).all()
    assert directory.frame["y_m"].between(south - 50, north + 50).all()


@pytest.mark.parametrize("place", ["isle_of_wight", "newport", "flintshire"])
def test_practices_are_placed_alike_by_coordinates_and_by_postcode(real_data, place):
    path = real_data / place / "gp_practices_epraccur.csv"
    directory = postcodes.read(real_data / place / "postcodes_codepoint_open.csv.gz", crs=BNG).frame
    blank = dict.fromkeys(("longitude", "latitude", "easting", "northing"), "")
    by_point = provision.read(path, crs=BNG, service="gp").frame
    by_postcode = provision.read(
        path, crs=BNG, service="gp", postcodes=directory, columns=blank
    ).frame
    assert (by_point["placed_by"] == "coordinates").all()
    assert (by_postcode["placed_by"] == "postcode").all()
    assert by_point.distance(by_postcode).max() < 1


@pytest.mark.parametrize(
    ("place", "file", "count"),
    [
        ("isle_of_wight", "provision_osm_2014.geojson", 4),
        ("newport", "provision_osm_2023.geojson", 8),
    ],
)
def test_early_years_settings_are_picked_out_of_a_map(real_data, place, file, count):
    reading = provision.read(
        real_data / place / file, crs=BNG, service="nursery", where={"category": ["early_years"]}
    )
    assert len(reading.frame) == count
