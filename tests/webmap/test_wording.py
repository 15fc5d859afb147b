"""Values in words: the same cases hold for the page's scripts (tests/js/wording.test.mjs)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap import wording

CASES = json.loads(Path(__file__).with_name("wording_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "share", "words"), CASES["numbers"])
def test_numbers_are_written_as_people_write_them(value, share, words):
    assert wording.number(value, share=share) == words


@pytest.mark.parametrize(("value", "name", "unit", "key", "state", "words"), CASES["cells"])
def test_cells_say_what_they_hold_or_why_they_hold_nothing(value, name, unit, key, state, words):
    column = {"name": name, "title": name, "unit": unit}
    line = {"key": key, "label": f"Label of {key}", "state": state}
    assert wording.cell(value, column, line, "walk") == words


@given(st.floats(-1e9, 1e9))
def test_a_number_in_words_is_near_the_number(value):
    said = float(wording.number(value).replace(",", ""))
    assert abs(said - value) <= (0.5 if abs(value) >= 100 else 0.05) + 1e-6


@given(st.floats(0, 1e7))
def test_a_count_of_people_is_whole(value):
    assert abs(int(wording.count(value).replace(",", "")) - value) <= 0.5


def test_a_heading_shows_a_unit_that_the_cells_do_not():
    assert wording.heading({"title": "Walk", "unit": "minutes"}) == "Walk (minutes)"
    assert wording.heading({"title": "Minutes", "unit": "minutes"}) == "Minutes"
    assert wording.heading({"title": "Beyond", "unit": "share"}) == "Beyond"
    assert wording.heading({"title": "Name", "unit": ""}) == "Name"
