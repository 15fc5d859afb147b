"""Values in words: the same cases hold for the page's scripts (tests/js/wording.test.mjs)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.text import wording
from webmap.text.language import languages

ENGLISH = languages()[0]
CASES = json.loads(Path(__file__).with_name("wording_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "share", "words"), CASES["numbers"])
def test_numbers_are_written_as_people_write_them(value, share, words):
    assert wording.number(value, share=share) == words


@pytest.mark.parametrize(("value", "name", "kind", "own", "key", "state", "words"), CASES["cells"])
def test_cells_say_what_they_hold_or_why_they_hold_nothing(
    value, name, kind, own, key, state, words
):
    line = {"key": key, "label": f"Label of {key}", "state": state}
    column = {"name": name, "kind": kind, "words": {}}
    assert wording.cell(ENGLISH, value, column, line, "walk", own) == words


@given(st.floats(-1e9, 1e9))
def test_a_number_in_words_is_near_the_number(value):
    said = float(wording.number(value).replace(",", ""))
    assert abs(said - value) <= (0.5 if abs(value) >= 100 else 0.05) + 1e-6


@given(st.floats(wording.LEAST_CHANCE, 1))
def test_a_probability_in_words_is_within_a_twentieth_and_never_0(value):
    assert float(wording.chance(ENGLISH, value)) == pytest.approx(value, rel=0.051)


@given(st.floats(0, 1e7))
def test_a_count_of_people_is_whole(value):
    assert abs(int(wording.count(value).replace(",", "")) - value) <= 0.5


def test_a_heading_shows_a_unit_that_nothing_else_tells():
    assert wording.heading("Walk", "minutes", "time") == "Walk (minutes)"
    assert wording.heading("Minutes", "minutes", "time") == "Minutes"
    assert wording.heading("Beyond", "share", "share") == "Beyond"
    assert wording.heading("Name", "", "number") == "Name"
    assert wording.heading("p", "probability", "chance") == "p"
    assert wording.heading("Beyond 15 minutes", "children under 5", "people") == "Beyond 15 minutes"


def test_a_unit_tells_what_numbers_are():
    units = ("minutes", "min", "share", "people", "pupils", "places", "probability", "")
    kinds = [wording.kind({"unit": unit}, "pupils") for unit in units]
    assert kinds == ["time", "time", "share", "people", "people", "number", "chance", "number"]
