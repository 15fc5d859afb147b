"""Scenarios: edits in order, checked all at once, named by what they do, written and read."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

from geoengine.errors import ScenarioError
from geoengine.scenarios import (
    Close,
    Move,
    Open,
    Resize,
    Scenario,
    from_mapping,
    from_toml,
    to_toml,
)

PROVISION = gpd.GeoDataFrame(
    {
        "service": "nursery",
        "name": ["Acorns", "Oaks", "Elms"],
        "capacity": [40.0, 20.0, np.nan],
        "eligible": True,
        "abroad": [False, True, False],
    },
    index=pd.Index(["n1", "n2", "n3"], name="provision_id"),
    geometry=gpd.points_from_xy([400_000, 400_500, 401_000], [300_000] * 3),
    crs="EPSG:27700",
)
SPOT = (-2.0, 52.6)


def test_edits_are_made_in_order_and_the_baseline_stays_as_it_is():
    before = PROVISION.copy()
    after = Scenario(
        "all kinds",
        (
            Open("new", *SPOT, 30, name="Library"),
            Close("n2"),
            Move("n3", *SPOT),
            Resize("n1", 50),
            Resize("new", None),
        ),
    ).apply(PROVISION)
    assert list(after.index) == ["n1", "n3", "new"]
    assert after["name"].tolist() == ["Acorns", "Elms", "Library"]
    assert after["capacity"].tolist()[0] == 50
    assert after["capacity"].isna().tolist() == [False, True, True]
    spot = gpd.GeoSeries(gpd.points_from_xy([SPOT[0]], [SPOT[1]]), crs=4326).to_crs(27700)[0]
    assert after.geometry["n3"].distance(spot) < 0.01
    assert after.geometry["new"].distance(spot) < 0.01
    assert (after["eligible"] & (after["service"] == "nursery")).all()
    assert list(after.columns) == list(PROVISION.columns)
    assert after.crs == PROVISION.crs
    assert_geodataframe_equal(PROVISION, before)


def test_what_opens_and_closes_again_leaves_no_trace():
    plan = Scenario("", (Open("new", *SPOT, 30), Move("new", -2.1, 52.6), Close("new")))
    assert_geodataframe_equal(plan.apply(PROVISION), PROVISION)


def test_a_scenario_is_named_by_what_it_does_to_what():
    plan = Scenario("A", (Close("n1"), Resize("n2", 30)))
    assert plan.identity("b") == Scenario("other name", plan.edits).identity("b")
    assert plan.identity("b") == Scenario("A", (Close("n1"), Resize("n2", 30.0))).identity("b")
    others = [
        plan.identity("c"),
        Scenario("A", plan.edits[::-1]).identity("b"),
        plan.undone().identity("b"),
        plan.then(Close("n3")).identity("b"),
        Scenario("A", (Close("n1"), Resize("n2", None))).identity("b"),
    ]
    assert len({plan.identity("b"), *others}) == 6
    assert len(plan.identity("b")) == 12
    # The same on every machine and in every version: links to a scenario stay good.
    assert plan.identity("b") == "e4c24d1afc8c"


def test_undo_takes_the_last_edit_back_and_nothing_more_than_there_is():
    plan = Scenario("A").then(Close("n1")).then(Close("n2"))
    assert plan.undone().undone() == Scenario("A")
    with pytest.raises(ValueError, match="the scenario 'A' has no edit to undo"):
        Scenario("A").undone()


WITH_HINT = (
    "1: there is no setting 'N1' to close; there are 'n1', 'n2', 'n3'\n"
    "the scenario 'A', edit 2: there is no setting 'n11' to close; is it 'n1'?"
)
NO_PLACE = (
    "1: longitude 200, latitude 52 is no place on earth: longitudes run from -180 to 180 and "
    "latitudes from -90 to 90"
)


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ((Close("N1"), Close("n11")), WITH_HINT),
        (
            (Resize("zzz", 3),),
            "1: there is no setting 'zzz' to resize; there are 'n1', 'n2', 'n3'",
        ),
        ((Close("n1"), Close("n1")), "2: 'n1' cannot be closed: edit 1 has closed it"),
        ((Close("n1"), Move("n1", *SPOT)), "2: 'n1' cannot be moved: edit 1 has closed it"),
        (
            (Open("n1", *SPOT),),
            "1: 'n1' is the id of another setting; open it under a new one",
        ),
        (
            (Close("n1"), Open("n1", *SPOT)),
            "2: 'n1' is the id of another setting; open it under a new one",
        ),
        ((Open(" ", *SPOT),), "1: a new setting needs an id that is not empty"),
        (
            (Resize("n1", -1),),
            "1: places must be at least 0, or left out if unknown, not -1",
        ),
        (
            (Open("new", *SPOT, float("inf")),),
            "1: places must be at least 0, or left out if unknown, not inf",
        ),
        (
            (Move("n1", 200, 52),),
            NO_PLACE,
        ),
    ],
)
def test_an_edit_that_cannot_be_made_is_told_with_the_way_out(edits, told):
    with pytest.raises(ScenarioError) as error:
        Scenario("A", edits).apply(PROVISION)
    assert str(error.value) == f"the scenario 'A', edit {told}"


def test_all_faults_are_told_at_once_and_none_follows_from_another():
    wrong = Scenario("A", (Close("x9"), Resize("n1", -1), Resize("n1", 3), Close("n2")))
    with pytest.raises(ScenarioError) as error:
        wrong.apply(PROVISION, on_streets=lambda x, y: x < 0)
    assert len(error.value.faults) == 2


def test_a_place_without_streets_is_outside_the_study():
    plan = Scenario("A", (Open("new", *SPOT, 3), Move("n1", -2.0, 52.7)))
    with pytest.raises(ScenarioError) as error:
        plan.apply(PROVISION, on_streets=lambda longitude, latitude: latitude < 52.65)
    assert str(error.value) == (
        "the scenario 'A', edit 2: longitude -2, latitude 52.7 is outside the study: none of its "
        "streets comes near"
    )


# ---------------------------------------------------------------------- written down


ids = st.text(min_size=1, max_size=8)
degrees = st.floats(-90, 90).map(lambda number: round(number, 7) + 0.0)
places = st.none() | st.integers(0, 500).map(float) | st.floats(0, 1e6)
edits = st.one_of(
    st.builds(Open, ids, degrees, degrees, places, ids),
    st.builds(Close, ids),
    st.builds(Resize, ids, places),
    st.builds(Move, ids, degrees, degrees),
)


@given(st.text(), st.lists(edits, max_size=6), st.text(alphabet="0123456789abcdef", max_size=12))
def test_what_is_written_is_read_again(name, made, baseline):
    plan = Scenario(name, tuple(made), baseline=baseline)
    again = from_toml(to_toml(plan), source="plan.toml")
    assert again == plan
    assert again.identity("b") == plan.identity("b")


def test_everything_that_cannot_be_read_is_told_at_once():
    with pytest.raises(ScenarioError) as error:
        from_mapping(
            {
                "name": 3,
                "title": "x",
                "edit": [
                    {"close": "n1", "places": 3},
                    {"open": "new", "places": "many"},
                    {"resize": "n1"},
                    {"move": "n1", "at": [1]},
                    {"close": "n1", "open": "n2"},
                    {"open": "n", "at": [0, True], "name": 1},
                    7,
                ],
            },
            source="plan.toml",
        )
    assert str(error.value) == (
        "plan.toml: it has no use for 'title'; it may hold name, baseline and edit\n"
        "plan.toml: 'name' must be text, not 3\n"
        "plan.toml, edit 1: 'close' has no use for 'places'; it takes nothing else\n"
        "plan.toml, edit 2: 'open' needs 'at'\n"
        "plan.toml, edit 2: 'places' must be a number or \"unknown\", not 'many'\n"
        "plan.toml, edit 3: 'resize' needs 'places'\n"
        "plan.toml, edit 4: 'at' must be [longitude, latitude], not [1]\n"
        "plan.toml, edit 5: it must have one of open, close, resize or move, not "
        "{'close': 'n1', 'open': 'n2'}\n"
        "plan.toml, edit 6: 'at' must be [longitude, latitude], not [0, True]\n"
        "plan.toml, edit 6: 'name' must be text, not 1\n"
        "plan.toml, edit 7: it must have one of open, close, resize or move, not 7"
    )


def test_what_is_no_toml_is_told():
    with pytest.raises(ScenarioError, match=r"plan.toml: it is not TOML: .*line 2"):
        from_toml("\nname = ?\n", source="plan.toml")
    with pytest.raises(ScenarioError, match="'edit' must be a list of edits, not 'close'"):
        from_toml('edit = "close"', source="plan.toml")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 20_000, "places = " + "9" * 5_000],
    ids=["too deep", "too many digits"],
)
def test_toml_that_python_cannot_read_is_told_as_no_toml(text):
    with pytest.raises(ScenarioError, match=r"^plan.toml: it is not TOML: "):
        from_toml(text, source="plan.toml")


def test_numbers_that_no_float_holds_and_text_that_cannot_be_written_are_refused():
    huge = 10**400
    with pytest.raises(ScenarioError) as error:
        from_mapping(
            {
                "name": "\ud800",
                "edit": [
                    {"open": "n", "at": [huge, 0], "places": 1e308, "name": "half \udfff"},
                    {"resize": "n1", "places": huge},
                    {"resize": "n1", "places": 10**5_000},
                    {"close": "\udfff"},
                    {"resize": "n1", "places": 1_000_000},
                ],
            },
            source="b",
        )
    assert str(error.value) == (
        "b: 'name' must be text, not '\\ud800'\n"
        f"b, edit 1: 'at' must be [longitude, latitude], not [1{'0' * 58}…\n"
        "b, edit 1: 'places' may be up to 1,000,000, not 1e+308\n"
        "b, edit 1: 'name' must be text, not 'half \\udfff'\n"
        f"b, edit 2: 'places' must be a number or \"unknown\", not 1{'0' * 59}…\n"
        "b, edit 3: 'places' must be a number or \"unknown\", not what is too long to be shown\n"
        "b, edit 4: 'close' must be the id of a setting, not '\\udfff'"
    )
