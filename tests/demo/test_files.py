"""The county's files are laid out as published, nest exactly and come out the same each time."""

import csv
import hashlib
import itertools
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import osmium
import pandas as pd
import pytest
import shapely

from geoengine import demo
from geoengine.demo import files, layouts
from geoengine.demo import outcomes as demo_outcomes
from geoengine.errors import GeoEngineError
from geoengine.sources import outcomes


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(path)


def test_the_same_seed_gives_the_same_bytes_of_every_file(town, tmp_path):
    demo.write(tmp_path / "again", scale=0.1)
    assert _hashes(tmp_path / "again") == _hashes(town)


def test_another_seed_gives_another_county(town, tmp_path):
    demo.write(tmp_path / "other", seed=2, scale=0.1)
    again, first = _hashes(tmp_path / "other"), _hashes(town)
    assert again.keys() == first.keys()
    assert again[files.STREETS] != first[files.STREETS]
    assert again["study.toml"] == first["study.toml"]


def test_an_earlier_demo_is_replaced(tmp_path):
    demo.write(tmp_path / "demo", seed=3, scale=0.1)
    before = _hashes(tmp_path / "demo")
    demo.write(tmp_path / "demo", seed=4, scale=0.1)
    assert _hashes(tmp_path / "demo") != before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear sir", encoding="utf-8")
    with pytest.raises(GeoEngineError, match="holds other files; name a new or empty folder"):
        demo.write(tmp_path, scale=0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "demo").write_text("", encoding="utf-8")
    with pytest.raises(GeoEngineError, match="is a file; name a new or empty folder"):
        demo.write(tmp_path / "demo", scale=0.1)


@pytest.mark.parametrize("scale", [0.0, -1.0, 0.05, 1e9, float("nan")])
def test_a_scale_out_of_bounds_is_told(scale, tmp_path):
    with pytest.raises(GeoEngineError, match=r"must be between 0\.1 and 400, not"):
        demo.write(tmp_path / "demo", scale=scale)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("inner", "inner_key", "outer", "outer_key"),
    [
        (files.SMALL_AREAS, "LSOA21CD", files.AREAS, "LSOA21CD"),
        (files.WARDS, "LAD25CD", files.AUTHORITY, "LAD25CD"),
    ],
)
def test_smaller_areas_tile_the_larger_without_gap_or_overlap(
    place, inner, inner_key, outer, outer_key
):
    small, large = _read(place / inner), _read(place / outer).set_index(outer_key)
    assert shapely.is_valid(small.geometry.to_numpy()).all()
    assert shapely.coverage_is_valid(small.geometry.to_numpy())
    for code, group in small.groupby(inner_key):
        joined = shapely.coverage_union_all(group.geometry.to_numpy())
        assert shapely.equals(joined, large.geometry[code])


def test_areas_tile_the_wards_that_the_lookup_puts_them_in(place):
    lookup = pd.read_csv(place / files.LOOKUP).drop_duplicates("LSOA21CD").set_index("LSOA21CD")
    areas = _read(place / files.AREAS).set_index("LSOA21CD")
    wards = _read(place / files.WARDS).set_index("WD25CD")
    for code, group in areas.groupby(lookup["WD25CD"]):
        joined = shapely.coverage_union_all(group.geometry.to_numpy())
        assert shapely.equals(joined, wards.geometry[code])


def test_codes_look_like_the_real_ones_but_are_not_in_use(place):
    lookup = pd.read_csv(place / files.LOOKUP)
    assert lookup["OA21CD"].str.fullmatch(r"E009\d{5}").all()
    assert lookup["LSOA21CD"].str.fullmatch(r"E019\d{5}").all()
    assert lookup["WD25CD"].str.fullmatch(r"E059\d{5}").all()
    assert set(lookup["LAD25CD"]) == {"E06000991", "E06000992"}
    assert lookup["OA21CD"].is_unique


def test_every_file_tells_of_the_same_areas(place):
    areas = set(_read(place / files.AREAS)["LSOA21CD"])
    assert set(pd.read_csv(place / files.DEPRIVATION)["LSOA code (2021)"]) == areas
    assert set(pd.read_csv(place / files.LOOKUP)["LSOA21CD"]) == areas
    codes = pd.read_csv(place / files.POSTCODES, low_memory=False)
    live = codes[codes["doterm"].isna() & (codes["gridind"] == 1)]
    assert set(live["lsoa21cd"]) == areas


def test_postcodes_lie_in_the_output_area_that_they_name(place):
    codes = pd.read_csv(place / files.POSTCODES, low_memory=False)
    codes = codes[(codes["gridind"] == 1) & codes["doterm"].isna() & (codes["usrtypind"] == 0)]
    small = _read(place / files.SMALL_AREAS).set_index("OA21CD")
    points = shapely.points(codes["long"], codes["lat"])
    shapes = small.geometry.loc[codes["oa21cd"]].to_numpy()
    assert shapely.contains(shapes, points).mean() > 0.995


def test_deprivation_has_the_headers_of_file_7(place):
    with (place / files.DEPRIVATION).open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[:7] == [
        "LSOA code (2021)",
        "LSOA name (2021)",
        "Local Authority District code (2024)",
        "Local Authority District name (2024)",
        "Index of Multiple Deprivation (IMD) Score",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
    ]
    assert len(header) == 4 + 16 * 3 + 4
    assert header[-4] == "Total population: mid 2022"


def test_the_most_deprived_have_the_lowest_rank_and_the_highest_score(place):
    table = pd.read_csv(place / files.DEPRIVATION)
    rank = table["Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)"]
    assert rank.is_unique
    assert rank.between(1, 33_755).all()
    ordered = table.loc[rank.sort_values().index]
    assert ordered["Index of Multiple Deprivation (IMD) Score"].is_monotonic_decreasing
    decile = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    assert ordered[decile].tolist() == np.ceil(rank.sort_values() / 3_375.5).tolist()


def test_population_has_the_layout_of_the_mid_year_estimates(place):
    book = openpyxl.load_workbook(place / files.POPULATION, read_only=True)
    rows = list(book["Mid-2024 LSOA 2021"].values)
    ages = [*(f"F{age}" for age in range(91)), *(f"M{age}" for age in range(91))]
    names = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    assert list(rows[3]) == [*names, *ages]
    assert all(row[4] == sum(row[5:]) for row in rows[4:])
    assert len(rows) - 4 == len(_read(place / files.AREAS))


def test_the_county_has_the_size_it_is_said_to_have(county):
    book = openpyxl.load_workbook(county / files.POPULATION, read_only=True)
    rows = list(book["Mid-2024 LSOA 2021"].values)[4:]
    assert 220_000 < sum(row[4] for row in rows) < 280_000
    assert 14_000 < sum(sum(row[5:10]) + sum(row[96:101]) for row in rows) < 20_000
    assert 140 < len(rows) < 190


def test_postcodes_have_the_new_header_and_its_oddities(place):
    codes = pd.read_csv(place / files.POSTCODES, low_memory=False)
    assert list(codes.columns) == list(layouts.NSPL)
    assert codes["pcds"].is_unique
    assert codes["pcds"].str.fullmatch(r"X[A-Z]\d{1,2} \d[A-Z]{2}").all()
    assert codes["doterm"].notna().any()
    assert (codes["usrtypind"] == 1).any()
    lost = codes[codes["gridind"] == 9]
    assert len(lost)
    assert lost["east1m"].isna().all()
    assert (lost["lat"] == 99.999999).all()


def test_ofsted_s_file_has_two_lines_before_its_header(place):
    lines = (place / files.OFSTED).read_text(encoding="cp1252").splitlines()
    assert lines[2].split(",") == list(layouts.OFSTED_HEADER)
    rows = list(csv.DictReader(lines[2:]))
    withheld = [row for row in rows if row["Provider Type"] == "Childminder"]
    assert withheld
    assert {row["Provider Postcode"] for row in withheld} == {"REDACTED"}
    assert all(int(row["Places"]) > 0 for row in rows)


def test_the_extract_is_sorted_and_whole(place):
    nodes: list[int] = []
    ways: list[int] = []
    refs: set[int] = set()
    for item in osmium.FileProcessor(str(place / files.STREETS)):
        if item.is_node():
            assert not ways
            nodes.append(item.id)
        else:
            ways.append(item.id)
            refs.update(node.ref for node in item.nodes)
    assert nodes == sorted(set(nodes))
    assert ways == sorted(set(ways))
    assert refs <= set(nodes)


def _levels(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pieces of all streets but bridges and motorways, and their nodes."""
    refs: list[tuple[int, int]] = []
    spots: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for item in osmium.FileProcessor(str(path)).with_locations():
        if (
            item.is_way()
            and not item.tags.get("highway", "motorway").startswith("motorway")
            and "bridge" not in item.tags
        ):
            nodes = [(node.ref, (node.lon, node.lat)) for node in item.nodes]
            for (a, start), (b, end) in itertools.pairwise(nodes):
                refs.append((a, b))
                spots.append((start, end))
    ends = np.array(refs)
    return shapely.linestrings(np.array(spots)), ends[:, 0], ends[:, 1]


def test_streets_that_cross_share_a_node_unless_one_is_a_bridge(place):
    lines, a, b = _levels(place / files.STREETS)
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    shared = (a[one] == a[other]) | (a[one] == b[other])
    shared |= (b[one] == a[other]) | (b[one] == b[other])
    assert not np.count_nonzero(~shared)


def test_no_street_runs_through_the_sea_or_a_river(place):
    lines, _, _ = _levels(place / files.STREETS)
    land = shapely.union_all(_read(place / files.AUTHORITY).geometry.to_numpy())
    inside = shapely.buffer(land, 0.0005)
    shapely.prepare(inside)
    assert shapely.covers(inside, lines).mean() > 0.999
    for item in osmium.FileProcessor(str(place / files.STREETS)).with_locations():
        if item.is_way() and item.tags.get("natural") == "water":
            ring = shapely.polygons([(node.lon, node.lat) for node in item.nodes])
            assert not shapely.intersects(ring, lines).any()


def test_land_lies_to_the_left_of_the_coastline(place):
    areas = shapely.union_all(_read(place / files.AUTHORITY).geometry.to_numpy())
    on_land = []
    for item in osmium.FileProcessor(str(place / files.STREETS)).with_locations():
        if item.is_way() and item.tags.get("natural") == "coastline":
            line = np.array([(node.lon, node.lat) for node in item.nodes])
            along = np.diff(line, axis=0)
            along = along / np.hypot(*along.T)[:, None]
            left = line[:-1] + 0.0004 * np.column_stack([-along[:, 1], along[:, 0]])
            near = shapely.dwithin(areas, shapely.points(line[:-1]), 1e-4)
            on_land += shapely.contains_xy(areas, left[:, 0], left[:, 1])[near].tolist()
    assert np.mean(on_land) > 0.97


def test_study_file_names_files_that_are_there(place):
    import tomllib

    study = tomllib.loads((place / "study.toml").read_text(encoding="utf-8"))
    layers = ("areas", "small_areas", "authorities", "wards")
    named = [study["boundaries"][layer] for layer in layers]
    named += [study[part]["file"] for part in ("deprivation", "population", "postcodes")]
    named += [study[part]["file"] for part in ("streets", "provision")]
    assert all((place / name).is_file() for name in named)
    assert study["study"]["invented"] is True


def test_outcomes_are_planted_where_told_and_small_counts_withheld(place: Path):
    told = json.loads((place / files.PLANTED).read_text(encoding="utf-8"))
    found = outcomes.read(
        place / demo_outcomes.FILE,
        count="Below expected level", population="Children assessed", period="Term",
    ).frame  # fmt: skip
    known = found[found["state"] == "known"]
    assert known["count"].min() >= demo_outcomes.FEWEST
    assert (found["state"] == "suppressed").any()
    share = known["count"] / known["of"]
    usual = ~known["area_code"].isin([*told["worse"], *told["newly"], *told["few"]])
    recent = known["period"].isin(demo_outcomes.TERMS[-demo_outcomes.RISEN :])
    newly = known["area_code"].isin(told["newly"])
    assert share[usual].mean() == pytest.approx(demo_outcomes.USUAL, abs=0.03)
    assert share[known["area_code"].isin(told["worse"])].mean() > 0.38
    assert share[newly & recent].mean() > 0.36
    assert share[newly & ~recent].mean() < 0.27
    assert not set(told["worse"]) & set(told["newly"])
