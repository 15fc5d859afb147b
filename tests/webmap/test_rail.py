"""The list of layers, their findings and methods, and the words of hotspots in Welsh."""

import re

import pytest

from webmap import create_app
from webmap.results import Results
from webmap.screen import methods, rail
from webmap.text import language, words

ENGLISH, WELSH = language.languages()


def entry(layer_id, title="", **more):
    return {"layer_id": layer_id, "title": title or layer_id, **more}


def test_layers_stand_under_their_headings_and_those_of_a_figure_together():
    asked = [
        "underserved", "cells", "provision", "hotspots_low", "clusters_low", "emerging_low",
        "hotspots_far", "areas", "something_new",
    ]  # fmt: skip
    made = {group.name: group for group in rail.groups([entry(each) for each in asked])}
    assert list(made) == ["reached", "settings", "time", "hotspots"]
    under = [each["layer_id"] for each in made["reached"].layers]
    assert under == ["underserved", "areas", "something_new"]
    views = {name: list(figure.views) for name, figure in made["hotspots"].figures.items()}
    assert views == {"low": ["now", "clusters", "through-time"], "far": ["now"]}
    assert set().union(*(group.ids for group in made.values())) == set(asked)


def test_a_figure_is_called_as_the_column_of_its_values_is():
    named = entry("hotspots_low", "Hotspots: Low", columns=[{"name": "value", "title": "Low"}])
    [group] = rail.groups([named])
    assert group.figures["low"].title == "Low"


def test_a_method_is_told_part_by_part():
    told = (
        "The median time, in minutes. Getis-Ord Gi*; neighbours: shared borders; chance: 99,999 "
        "arrangements, seed 1; 346 areas tested, p adjusted for that many; left out: 2 unknown. "
        "Held against: 8 nearest; the same on wards."
    )
    assert methods.card(told) == [
        ("", "The median time, in minutes"), ("", "Getis-Ord Gi*"),
        ("Neighbours", "shared borders"), ("Chance", "99,999 arrangements, seed 1"),
        ("", "346 areas tested, p adjusted for that many"), ("Left out", "2 unknown"),
        ("Held against", "8 nearest; the same on wards"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def village(village_results):
    return Results(village_results).current()


def of_hotspots(run, tongue):
    return [each for each in words.layers(run, tongue) if each["layer_id"].startswith("hotspots_")]


def test_every_word_of_the_hotspots_has_its_welsh(village):
    layers = of_hotspots(village, WELSH)
    assert [each["title"] for each in layers] == [
        "Mannau poeth: Plant dan 5 oed y tu hwnt i gyrraedd",
        "Mannau poeth: Amser i’r agosaf (meithrinfa)",
        "Mannau poeth: Amddifadedd",
    ]
    for each in layers:
        said = [each["title"], each["question"], each["unit"]]
        said += [line["label"] for line in each["classes"]]
        said += [column["heading"] for column in each["columns"]]
        assert [text for text in said if isinstance(text, words.English)] == []


def test_what_a_study_calls_its_figure_stays_and_is_marked(village):
    speech = words.Speech(WELSH, village.summary)
    said = speech("Hotspots: Take-up <b>", ("layer-hotspots",))
    assert said == "Mannau poeth: Take-up <b>"
    assert said.__html__() == 'Mannau poeth: <span lang="en">Take-up &lt;b&gt;</span>'
    said = speech("Where do hotspots appear, stay or fade from 2022 to 2025?",
                  ("layer-emerging-question",))  # fmt: skip
    assert said == "Ble mae mannau poeth yn ymddangos, yn aros neu’n pylu o 2022 i 2025?"


def test_what_the_engine_says_otherwise_than_the_catalogue_stays_english(village):
    speech = words.Speech(WELSH, village.summary)
    said = speech("Coldspots: Take-up", ("layer-hotspots",))
    assert isinstance(said, words.English)


def test_the_patterns_of_the_engine_are_all_in_the_catalogue():
    from geoengine.hotspots import emerging

    for key, meaning in emerging.PATTERNS.items():
        label = f"{key.replace('_', ' ').capitalize()}: {meaning}"
        assert ENGLISH.say(f"class-emerging-{key.replace('_', '-')}") == label


def test_findings_stand_over_the_legend_the_table_and_the_method(village_results, village):
    client = create_app(village_results).test_client()
    findings = of_hotspots(village, ENGLISH)[0]["findings"]
    assert findings
    for url in ("/map", "/table?layer=hotspots_out_of_reach", "/method"):
        page = client.get(url).text
        for sentence in findings:
            assert f"<li>{sentence.replace(chr(39), '&#39;')}</li>" in page, url
    welsh = client.get("/cy/table?layer=hotspots_out_of_reach").text
    assert f'<span lang="en">{findings[0]}</span>' in welsh


def test_the_current_layer_is_marked_in_its_group(village_results):
    page = create_app(village_results).test_client().get("/map?layer=hotspots_minutes").text
    nav = page[page.index('<nav class="rail"') :]
    nav = nav[: nav.index("</nav>")]
    assert re.findall(r"<h3>(.*?)</h3>", nav) == [
        "Who is reached", "Settings", "Time", "Hotspots",
    ]  # fmt: skip
    assert re.search(
        r'data-layer="hotspots_minutes" aria-current="true">Time to the nearest nursery<', nav
    )


def test_the_tables_page_opens_only_the_group_of_its_layer(village_results):
    page = create_app(village_results).test_client().get("/table?layer=hotspots_minutes").text
    assert re.findall(r'<details class="layers"( open)?>', page) == ["", "", "", " open"]


def test_the_method_names_the_settings_as_the_studys_file_does(village_results):
    page = create_app(village_results).test_client().get("/method").text
    assert "<dt><code>travel.cutoff_min</code></dt>" in page
    assert "<dt><code>study.crs</code></dt>" in page
