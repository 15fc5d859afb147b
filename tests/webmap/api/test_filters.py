"""Filters hold for the features that they say, as SQL would have it."""

import contextlib
import sqlite3

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoengine.errors import GeoEngineError
from webmap.api.filters import Column, parse, select

NAMES = ["Old Quay", "Ropewalk", "Quay%", "Llŷn", None]
MINUTES = [4.0, 17.0, 0.0, -3.5, None]
ABROAD = [True, False, False, True, None]


def column(kind, values):
    missing = np.array([value is None for value in values])
    if kind == "number":
        return Column(kind, np.array([np.nan if v is None else v for v in values]), missing)
    if kind == "boolean":
        return Column(kind, np.array([bool(v) for v in values]), missing)
    return Column(kind, np.array(values, dtype=object), missing)


COLUMNS = {
    "name": column("string", NAMES),
    "minutes": column("number", MINUTES),
    "abroad": column("boolean", ABROAD),
}
SQUARES = np.array([*shapely.box(range(4), 0, np.arange(4) + 1, 1), None], dtype=object)


def test_a_box_may_have_heights_and_the_date_line():
    # Squares at longitudes 0 to 4, latitudes 0 to 1.
    assert rows("S_INTERSECTS(geometry, BBOX(1.2, 0.2, 1.8, 0.8))") == [1]
    assert rows("S_INTERSECTS(geometry, BBOX(1.2, 0.2, -9, 1.8, 0.8, 99))") == [1]
    assert rows("S_INTERSECTS(geometry, BBOX(2.5, 0, -170, 1))") == [2, 3]
    assert rows("S_DISJOINT(geometry, BBOX(170, 0, 0.5, 1))") == [1, 2, 3]


def rows(text, shapes=SQUARES):
    return np.flatnonzero(select(parse(text), COLUMNS, shapes, lambda shape: shape)).tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("minutes > 0", [0, 1]),
        ("NOT minutes > 0", [2, 3]),
        ("minutes IS NULL", [4]),
        ("minutes IS NOT NULL AND NOT (name IS NULL)", [0, 1, 2, 3]),
        ("minutes BETWEEN 0 AND 4", [0, 2]),
        ("minutes NOT BETWEEN 0 AND 4", [1, 3]),
        ("name IN ('Ropewalk', 'Llŷn')", [1, 3]),
        ("name NOT IN ('Ropewalk')", [0, 2, 3]),
        ("name LIKE '%a%'", [0, 1, 2]),
        (r"name LIKE '%\%'", [2]),
        ("name LIKE 'R_pe%k'", [1]),
        ("name LIKE 'Quay'", []),
        ("CASEI(name) = CASEI('old QUAY')", [0]),
        ("CASEI(name) LIKE CASEI('OLD%')", [0]),
        ("ACCENTI(name) = ACCENTI('Llyn')", [3]),
        ("abroad", [0, 3]),
        ("NOT abroad", [1, 2]),
        ("abroad = TRUE AND minutes > 0", [0]),
        ("minutes > 0 OR minutes < -1", [0, 1, 3]),
        ("minutes > 3 OR abroad AND minutes < 0", [0, 1, 3]),
        ("5 > minutes", [0, 2, 3]),
        ("name = name", [0, 1, 2, 3]),
        ("1 = 1", [0, 1, 2, 3, 4]),
        ("minutes < 1e400", [0, 1, 2, 3]),
        ("S_INTERSECTS(geometry, POINT(1 0.5))", [0, 1]),
        ("S_WITHIN(geometry, BBOX(-1, -1, 2, 2))", [0, 1]),
        ("S_DISJOINT(geometry, BBOX(-1, -1, 2.5, 2))", [3]),
        ("S_CONTAINS(geometry, POINT(2.5 0.5)) AND minutes = 0", [2]),
        ("S_TOUCHES(geometry, POLYGON((4 0, 5 0, 5 1, 4 1, 4 0)))", [3]),
        ("geometry IS NULL", [4]),
    ],
)
def test_a_filter_holds_for(text, expected):
    assert rows(text) == expected


values = st.sampled_from([-3.5, 0.0, 4.0, 17.0])
texts = st.sampled_from(["Old Quay", "Ropewalk", "x"])
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
leaves = st.one_of(
    st.builds("minutes {} {}".format, signs, values),
    st.builds("name {} '{}'".format, signs, texts),
    st.sampled_from(["minutes IS NULL", "name IS NOT NULL", "name LIKE '%e%'"]),
    st.builds("minutes BETWEEN {} AND {}".format, values, values),
    st.builds("name IN ('{}', '{}')".format, texts, texts),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("(NOT {})".format, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=trees)
def test_missing_values_count_as_they_do_in_sql(text):
    sql = sqlite3.connect(":memory:")
    sql.execute("PRAGMA case_sensitive_like = ON")
    sql.execute("CREATE TABLE t (row, name, minutes)")
    sql.executemany(
        "INSERT INTO t VALUES (?, ?, ?)",
        [(at, *each) for at, each in enumerate(zip(NAMES, MINUTES, strict=True))],
    )
    found = sql.execute(f"SELECT row FROM t WHERE {text} ORDER BY row")
    assert rows(text) == [row for (row,) in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minutes >", "filter isn't CQL2 text at character 10: 'minutes >'. Write like"),
        ("", "filter isn't CQL2 text at character 1: ''"),
        ("colour = 1", "filter names no column with 'colour'; there are name, minutes, abroad"),
        ("minutes = 'four'", "filter compares a number with a string by ="),
        ("minutes", "filter states nothing with 'minutes' alone"),
        ("minutes + 1 > 3", "filter compares '+', which isn't offered; a filter may use AND, OR"),
        ("eval('x') = 1", "filter compares 'eval', which isn't offered"),
        ("eval('x')", "filter asks for 'eval', which isn't offered"),
        ("minutes LIKE 'x'", "LIKE compares a column of text with a pattern in single quotes"),
        ("CASEI(minutes) = 'x'", "CASEI folds text, not a number"),
        ("S_INTERSECTS(name, POINT(1 1))", "filter compares 'name' in space; the layer's own"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))", "filter has a geometry that is none"),
        ("a = " + "x" * 9000, "filter has 9004 characters; at most 8000 are read"),
        ("(" * 13 + "abroad" + ")" * 13, "filter has more than 12 brackets within one another"),
        ("NOT " * 1990 + "abroad", "filter has too many operations within one another"),
    ],
)
def test_what_is_wrong_with_a_filter_is_told(text, said):
    with pytest.raises(GeoEngineError) as told:
        rows(text)
    assert str(told.value).startswith(said)


def test_a_layer_without_shapes_says_so():
    with pytest.raises(GeoEngineError, match="compares a geometry, but this layer has none"):
        rows("S_INTERSECTS(geometry, POINT(1 1))", shapes=None)


@pytest.mark.parametrize(
    "text",
    ["a = " + "(" * 12, "name LIKE '" + "%a" * 60 + "%b'", "((((((((((((a = 1 AND", "f(" * 12],
)
def test_a_filter_that_leads_parsers_astray_is_answered(text):
    """Were each bracket or % to double the work, this test would never end."""
    columns = {"name": column("string", ["a" * 5_000] * 20)}
    with contextlib.suppress(GeoEngineError):
        assert not select(parse(text), columns, None, lambda shape: shape).any()
