"""Layers as files to keep."""

import json

import geopandas as gpd
import pytest

from geoengine import exports
from webmap.delivery import Body
from webmap.files import downloads

RUN = "0123456789ab"
NURSERIES = f"/runs/{RUN}/downloads/provision"


@pytest.fixture
def stored(folder):
    """Store the nurseries' table, as a run does."""
    run = folder / f"run-{RUN}"
    layers = json.loads((run / "layers.json").read_text(encoding="utf-8"))
    name = next(each["shapes"] for each in layers if each["layer_id"] == "provision")
    collection = json.loads((run / f"{name}.geometry.json").read_text(encoding="utf-8"))
    values = json.loads((run / "provision.values.json").read_text(encoding="utf-8"))
    frame = gpd.GeoDataFrame.from_features(collection["features"], crs="EPSG:4326")
    frame = frame.assign(class_key=values["class_key"], **values["columns"])
    frame.index = values["ids"]
    frame.rename_axis("provision_id").to_parquet(run / "provision.parquet")


def test_the_formats_offered_are_those_that_can_be_made():
    offered = [(each.key, each.title, each.suffix, each.placed) for each in downloads.OFFERS]
    made = [
        (form.key, form.title, form.suffix, form.needs_geometry)
        for form in exports.FORMATS.values()
    ]
    assert offered == made


@pytest.mark.usefixtures("stored")
def test_every_format_offered_can_be_downloaded(client):
    for offer in downloads.OFFERS:
        answer = client.get(f"{NURSERIES}/{offer.key}")
        assert answer.status_code == 200, offer.key
        name = f"provision-{RUN}{offer.suffix}"
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.content_type == exports.FORMATS[offer.key].media_type
        assert len(answer.data) > 100


@pytest.mark.usefixtures("stored")
def test_a_download_holds_what_the_map_shows(client):
    collection = client.get(f"{NURSERIES}/geojson").get_json(force=True)
    first = collection["features"][0]
    assert first["properties"]["name"] == "Nursery 0"
    assert first["properties"]["class"] == "Counted: open, with places for under-fives"
    metadata = client.get(f"{NURSERIES}/geojson/metadata").get_json()
    assert metadata["title"] == "Nurseries"
    assert metadata["run"] == RUN


def test_an_unknown_format_is_refused_in_a_sentence(client):
    answer = client.get(f"{NURSERIES}/shp")
    assert answer.status_code == 404
    assert answer.get_json()["detail"].startswith("Layers are not exported as 'shp'.")
    assert client.get(f"/runs/{RUN}/downloads/unplaced/gpkg").status_code == 404


def test_a_layer_without_shapes_is_offered_as_tables_only():
    entry = {"geometry": "none"}
    assert [offer.key for offer in downloads.offers(entry)] == ["csv", "xlsx", "parquet"]


def test_the_latest_files_are_kept_as_far_as_there_is_room():
    files, made = downloads.Files(most_bytes=10), []

    def ask(name):
        def make():
            made.append(name)
            return name, Body(b"four", "text/plain")

        return files.get((name,), make)[0]

    assert [ask(name) for name in "abab"] == ["a", "b", "a", "b"]
    assert made == ["a", "b"]
    ask("c")
    ask("b")
    ask("a")
    assert made == ["a", "b", "c", "a"]


def test_a_file_larger_than_all_that_is_kept_is_given_all_the_same():
    files = downloads.Files(most_bytes=3)
    assert files.get(("a",), lambda: ("a", Body(b"four", "text/plain")))[1].content == b"four"
