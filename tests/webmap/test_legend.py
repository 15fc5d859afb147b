"""What a legend shows in rows, and what in one line."""

import html
import re

import pytest

from webmap import create_app
from webmap.results import Results
from webmap.screen.legend import none_here
from webmap.text import words
from webmap.text.language import languages


def section(page, layer_id):
    return re.search(rf'data-legend="{layer_id}".*?</section>', page, re.DOTALL)[0]


@pytest.mark.parametrize("tongue", languages(), ids=lambda each: each.code)
def test_every_class_has_a_row_or_is_named_among_those_that_nothing_is_in(village_results, tongue):
    run = Results(village_results).current()
    page = create_app(village_results).test_client().get(tongue.link("/map")).text
    folded = 0
    for entry in words.layers(run, tongue):
        shown = section(page, entry["layer_id"])
        rows = re.findall(r'<tr data-class="(\d+)"( hidden)?>', shown)
        assert [int(at) for at, _ in rows] == list(range(len(entry["classes"])))
        [line] = re.findall(r'<p class="none-here"[^>]*>([^<]*)', shown)
        named = html.unescape(line)[:-1].partition(": ")[2].split("; ")
        for (_, hidden), each in zip(rows, entry["classes"], strict=True):
            assert bool(hidden) == (each["state"] and not each["features"])
            label = each["label"][:1].lower() + each["label"][1:]
            assert (label in named) == bool(hidden), label
            folded += bool(hidden)
    assert folded > 5


def test_the_line_begins_as_its_language_does(village_results):
    client = create_app(village_results).test_client()
    begun = {"/map": "None here: ", "/cy/map": "Dim yma: "}
    for path, said in begun.items():
        assert f">{said}" in section(client.get(path).text, "hotspots_minutes")


def test_a_step_of_a_scale_stays_in_the_legend_when_it_is_empty():
    step = {"label": "5 to 10 minutes", "state": False, "features": 0}
    assert none_here({"classes": [step]}) == ""
