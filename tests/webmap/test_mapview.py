"""The map's frame comes from folium, and runs nothing in the page."""

import json
import re
from html import unescape

import folium

from webmap.screen import mapview


def made(title="Cells", **facts):
    return mapview.frame(
        name="run",
        label="Map of Saltmarsh",
        asset={"leaflet.js": "/l.js", "leaflet.css": "/l.css"},
        facts=facts,
        layers=[{"layer_id": "cells", "title": title}],
    )


def test_the_container_and_the_libraries_are_foliums():
    frame = made()
    assert isinstance(
        mapview.ShellMap(name="a", label="b", scripts={}, styles={}, facts={}), folium.Map
    )
    assert '<div class="map" id="map_run"' in frame.body
    assert re.findall(r'(?:src|href)="([^"]+)"', frame.head) == ["/l.js", "/l.css"]


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_inline():
    frame = made()
    assert "http" not in frame.head.replace("http-equiv", "")
    assert "L.map" not in frame.head + frame.body
    assert re.findall(r"<script[^>]*>([^<]+)</script>", frame.head + frame.body) == []


def test_the_same_map_is_made_twice():
    assert made() == made()


def test_one_map_leaves_nothing_behind_for_the_next():
    made()
    assert all("/l.js" not in url for _, url in folium.Map.default_js)
    assert all("/l.css" not in url for _, url in folium.Map.default_css)


def test_the_description_survives_hostile_text():
    title = "{{ 7 * 7 }}{% raw %}</div>\"'<script>&amp;"
    frame = made(title, note=title)
    text = re.search(r'data-config="([^"]*)"', frame.body).group(1)
    found = json.loads(unescape(text))
    assert found["layers"] == [{"layer_id": "cells", "title": title}]
    assert found["note"] == title
    assert (found["min_zoom"], found["max_zoom"]) == (7, 18)


def test_the_page_holds_the_frame(client):
    page = client.get("/map").text
    assert page.count('class="map"') == 1
    assert '<div class="map" id="map_0123456789ab"' in page
    assert "/vendor/leaflet-1.9.4/leaflet.js" in page
