"""GDAL, and so QGIS, reads every layer through the interface."""

import json
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("ogr2ogr") is None, reason="GDAL's programs aren't installed: apt install gdal-bin"
)
LAYERS = {
    "underserved": 30, "areas": 30, "provision": 8, "unplaced": 4, "catchments": 5, "cells": 420,
    "streets": 9, "isochrones": 9,
}  # fmt: skip


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "ERROR" not in done.stderr, done.stderr
    assert "Warning" not in done.stderr, done.stderr
    return done.stdout


def read(home, layer, *options):
    """Return a layer as GDAL reads it, as GeoJSON."""
    said = run("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"OAPIF:{home}", layer, *options)
    return json.loads(said)["features"]


def test_gdal_finds_every_layer(served):
    listed = run("ogrinfo", "-ro", "-q", f"OAPIF:{served}")
    assert [line.split()[1] for line in listed.splitlines()] == list(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_gdal_reads_every_feature_of_a_layer(served, api, layer):
    ours = json.loads(api.get(f"/api/collections/{layer}/items").data)["features"]
    theirs = read(served, layer)
    assert len(theirs) == LAYERS[layer]
    for mine, other in zip(ours, theirs, strict=True):
        known = {name: value for name, value in other["properties"].items() if name != "id"}
        assert known == mine["properties"]
        assert (other["geometry"] is None) == (layer == "unplaced")


def test_gdal_asks_for_a_box(served, api):
    box = ("0.93", "53.63", "0.95", "53.65")
    ours = json.loads(api.get(f"/api/collections/cells/items?bbox={','.join(box)}").data)
    assert len(read(served, "cells", "-spat", *box)) == ours["numberMatched"] > 10


@pytest.mark.parametrize(
    ("layer", "where", "matched"),
    [
        ("underserved", "status = 'underserved'", 6),
        ("cells", "minutes_mean > 40", None),
        ("cells", "minutes_mean IS NULL", 6),
        ("cells", "name LIKE '8a1900%' AND children = 0", None),
    ],
)
def test_gdal_asks_by_value(served, api, layer, where, matched):
    said = api.get(f"/api/collections/{layer}/items", query_string={"filter": where})
    ours = json.loads(said.data)["numberMatched"]
    assert matched in (None, ours)
    assert len(read(served, layer, "-where", where)) == ours > 0


def test_gdal_puts_the_answer_into_metres(served, api, tmp_path):
    out = tmp_path / "out.gpkg"
    run("ogr2ogr", "-t_srs", "EPSG:27700", str(out), f"OAPIF:{served}", "provision")
    said = run("ogrinfo", "-ro", "-q", str(out), "provision", "-where", "name = 'Nursery 1'")
    place = api.get(
        "/api/collections/provision/items/N1?crs=http://www.opengis.net/def/crs/EPSG/0/27700"
    )
    x, y = json.loads(place.data)["geometry"]["coordinates"]
    found = [float(number) for number in re.search(r"POINT \((\S+) (\S+)\)", said).groups()]
    # Six decimals of a degree are a decimetre.
    assert found == pytest.approx([x, y], abs=0.1)
