"""People are spread over where they live, and none is made or lost."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoengine.origins import spread

BNG = "EPSG:27700"


def areas(*corners: tuple[float, float], side: float = 100) -> gpd.GeoDataFrame:
    """Areas A, B, C … as squares with these south-western corners."""
    codes = [chr(ord("A") + at) for at in range(len(corners))]
    return gpd.GeoDataFrame(
        {"name": codes},
        geometry=[shapely.box(x, y, x + side, y + side) for x, y in corners],
        crs=BNG,
        index=pd.Index(codes, name="area_code"),
    )


def halves(codes: dict[str, str | None], people: dict[str, float] | None = None) -> Any:
    """
    Output areas a, b, c, d … each 50 m wide, side by side from the origin, with area codes.

    So a and b are the halves of a square at (0, 0) of 100 m, c and d those of the next.
    """
    counted = people or {}
    return gpd.GeoDataFrame(
        {
            "area_code": pd.Series([*codes.values()], dtype=object).to_numpy(),
            "people": [counted.get(name, np.nan) for name in codes],
        },
        geometry=[shapely.box(50 * at, 0, 50 * at + 50, 100) for at in range(len(codes))],
        crs=BNG,
        index=pd.Index([*codes], name="small_area_code"),
    )


def postcodes(**places: tuple[float, float, str | None, bool, bool]) -> pd.DataFrame:
    """Postcodes by name: x, y, area code, live, homes."""
    columns = ["x_m", "y_m", "area_code", "live", "homes"]
    frame = pd.DataFrame([*places.values()], columns=columns, index=pd.Index([*places]))
    frame["area_code"] = frame["area_code"].astype(object)
    return frame.rename_axis("postcode")


def people(**numbers: float) -> pd.Series:
    return pd.Series(numbers, name="people")


def told(origins: gpd.GeoDataFrame) -> dict[str, float]:
    return {name: round(float(number), 6) for name, number in origins["people"].items()}


TWO = areas((0, 0), (100, 0))
LIVED_IN = (True, True)


def test_everybody_else_is_spread_as_the_people_are_and_unknown_stays_unknown() -> None:
    small = halves({"a": "A", "b": "A", "c": "B", "d": "B"}, {"a": 30, "b": 10, "c": 1, "d": 1})
    found = spread(TWO, people(A=8, B=10), others=people(A=100), small_areas=small)
    assert found["others"].round(6).to_dict() == pytest.approx(
        {"a": 75, "b": 25, "c": np.nan, "d": np.nan}, nan_ok=True
    )
    assert spread(TWO, people(A=8, B=10))["others"].isna().all()


def test_an_area_without_smaller_places_is_a_point_inside_it():
    horseshoe = shapely.box(0, 0, 90, 90) - shapely.box(30, 0, 60, 80)
    alone = areas((0, 0)).set_geometry([horseshoe], crs=BNG)
    found = spread(alone, people(A=7))
    assert told(found) == {"A": 7}
    assert horseshoe.contains(found.geometry.iloc[0])


def test_output_areas_share_by_their_residents_where_all_are_known():
    small = halves({"a": "A", "b": "A", "c": "B", "d": "B"}, {"a": 100, "b": 300, "c": 1, "d": 1})
    assert told(spread(TWO, people(A=40, B=10), small_areas=small)) == {
        "a": 10,
        "b": 30,
        "c": 5,
        "d": 5,
    }


def test_output_areas_share_equally_where_the_residents_of_one_are_not_known():
    small = halves({"a": "A", "b": "A"}, {"a": 100})
    assert told(spread(areas((0, 0)), people(A=40), small_areas=small)) == {"a": 20, "b": 20}


def test_output_areas_in_which_nobody_lives_share_equally_rather_than_lose_people():
    small = halves({"a": "A", "b": "A"}, {"a": 0, "b": 0})
    assert told(spread(areas((0, 0)), people(A=40), small_areas=small)) == {"a": 20, "b": 20}


def test_the_code_of_an_output_area_wins_over_where_it_lies():
    small = halves({"a": "A", "b": "B", "c": "B", "d": "B"})
    found = spread(TWO, people(A=8, B=9), small_areas=small)
    assert told(found) == {"a": 8, "b": 3, "c": 3, "d": 3}
    assert found["area_code"].to_dict() == {"a": "A", "b": "B", "c": "B", "d": "B"}


def test_output_areas_without_codes_are_found_by_place():
    small = halves(dict.fromkeys("abcd"))
    found = spread(TWO, people(A=8, B=10), small_areas=small)
    assert found["area_code"].to_dict() == {"a": "A", "b": "A", "c": "B", "d": "B"}


def test_one_output_area_without_a_code_among_others_is_found_by_place():
    small = halves({"a": "A", "b": None, "c": "B", "d": "B"})
    assert told(spread(TWO, people(A=8, B=10), small_areas=small)) == {
        "a": 4,
        "b": 4,
        "c": 5,
        "d": 5,
    }


def test_output_areas_coded_by_another_census_are_found_by_place():
    small = halves({"a": "old", "b": "old", "c": "older", "d": "older"})
    found = spread(TWO, people(A=8, B=10), small_areas=small)
    assert found["area_code"].to_dict() == {"a": "A", "b": "A", "c": "B", "d": "B"}


def test_only_live_residential_postcodes_are_homes():
    found = spread(
        areas((0, 0)),
        people(A=12),
        postcodes=postcodes(
            home=(10, 10, None, True, True),
            also=(90, 90, None, True, True),
            ended=(20, 20, None, False, True),
            office=(30, 30, None, True, False),
            away=(500, 500, None, True, True),
        ),
    )
    assert told(found) == {"also": 6, "home": 6}
    assert shapely.get_coordinates(found.geometry.to_numpy()).tolist() == [[90, 90], [10, 10]]


def test_the_people_of_an_output_area_are_shared_by_its_own_postcodes():
    small = halves({"a": "A", "b": "A"}, {"a": 300, "b": 100})
    found = spread(
        areas((0, 0)),
        people(A=40),
        small_areas=small,
        postcodes=postcodes(one=(10, 10, "A", *LIVED_IN), two=(20, 20, "A", *LIVED_IN)),
    )
    assert told(found) == {"b": 10, "one": 15, "two": 15}


def test_a_postcode_whose_code_contradicts_its_place_is_nobodys_home():
    found = spread(
        TWO,
        people(A=8, B=10),
        postcodes=postcodes(right=(10, 10, "A", *LIVED_IN), astray=(90, 10, "B", *LIVED_IN)),
    )
    assert told(found) == {"right": 8, "B": 10}


def test_a_postcode_coded_by_another_census_is_found_by_place():
    found = spread(TWO, people(A=8, B=10), postcodes=postcodes(old=(10, 10, "Z", *LIVED_IN)))
    assert told(found) == {"old": 8, "B": 10}


def test_an_area_without_a_figure_has_no_origin_and_its_postcodes_go_to_nobody():
    found = spread(
        TWO,
        people(A=8),
        small_areas=halves({"a": "A", "b": "A", "c": "B", "d": "B"}),
        postcodes=postcodes(there=(150, 10, "B", *LIVED_IN)),
    )
    assert told(found) == {"a": 4, "b": 4}


def test_a_postcode_on_the_border_between_two_areas_is_in_one_of_them_only():
    found = spread(TWO, people(A=8, B=10), postcodes=postcodes(edge=(100, 50, None, *LIVED_IN)))
    assert told(found) == {"edge": 8, "B": 10}


def test_no_argument_is_changed():
    small, homes = halves({"a": "A", "b": None}), postcodes(one=(10, 10, "A", *LIVED_IN))
    before = [small.copy(), homes.copy(), TWO.copy()]
    spread(TWO, people(A=8, B=10), small_areas=small, postcodes=homes)
    pd.testing.assert_frame_equal(pd.DataFrame(small), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(homes, before[1])
    pd.testing.assert_frame_equal(pd.DataFrame(TWO), pd.DataFrame(before[2]))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), order=st.randoms(use_true_random=False))
def test_people_of_every_area_add_up_whatever_lies_in_it(seed, order):
    rng = np.random.default_rng(seed)
    squares = areas(*[(100 * at, 0) for at in range(4)])
    who = pd.Series(rng.integers(0, 90, 4).astype(float), index=squares.index)
    who = who[rng.random(4) < 0.8]
    codes = [*"AABBCCDD"]
    small = halves(
        {f"s{at}": code if rng.random() < 0.7 else None for at, code in enumerate(codes)},
        {f"s{at}": float(rng.integers(0, 3)) for at in range(8) if rng.random() < 0.8},
    )
    small = small[rng.random(8) < 0.8]
    homes = postcodes(
        **{
            f"p{at}": (
                float(rng.uniform(-50, 450)),
                float(rng.uniform(-20, 120)),
                [None, "A", "B", "C", "D", "Z"][rng.integers(6)],
                bool(rng.random() < 0.8),
                bool(rng.random() < 0.8),
            )
            for at in range(12)
        }
    )
    found = spread(squares, who, small_areas=small, postcodes=homes)
    held = found.groupby("area_code")["people"].sum()
    assert held.index.tolist() == who.index.tolist()
    np.testing.assert_allclose(held.to_numpy(), who.to_numpy(), atol=1e-9)

    shuffled = [*range(len(homes))]
    order.shuffle(shuffled)
    again = spread(squares, who, small_areas=small[::-1], postcodes=homes.iloc[shuffled])
    pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(again))


@pytest.mark.parametrize("nothing", [None, halves({}), "postcodes"])
def test_no_smaller_places_at_all_leave_every_area_whole(nothing):
    options: dict[str, Any] = {"small_areas": None if isinstance(nothing, str) else nothing}
    if isinstance(nothing, str):
        options["postcodes"] = postcodes(office=(10, 10, None, True, False))
    assert told(spread(TWO, people(A=8, B=10), **options)) == {"A": 8, "B": 10}
