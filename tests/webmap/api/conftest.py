"""An app that serves the invented results with the tables that a run keeps beside them."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import pandas as pd
import pytest
import waitress
from flask import Flask
from flask.testing import FlaskClient

from webmap import Settings, create_app


def store(folder: Path) -> None:
    """Write each layer's table from its shapes and values, as a run does."""
    [run] = folder.glob("run-*")
    for entry in json.loads((run / "layers.json").read_text(encoding="utf-8")):
        path = run / f"{entry['layer_id']}.values.json"
        values = json.loads(path.read_text(encoding="utf-8"))
        columns = {"class_key": values["class_key"], **values["columns"]}
        frame = pd.DataFrame(columns, index=pd.Index(values["ids"], name="feature_id"))
        name = entry["layer_id"]
        if entry["shapes"]:
            shapes = run / f"{entry['shapes']}.geometry.json"
            drawn = json.loads(shapes.read_text(encoding="utf-8"))["features"]
            places = gpd.GeoDataFrame.from_features(drawn, crs="EPSG:4326").geometry
            frame = gpd.GeoDataFrame(frame, geometry=places.to_numpy(), crs="EPSG:4326")
        frame.to_parquet(run / f"{name}.parquet")


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory, invented_results: ModuleType) -> Path:
    """A results folder that nobody changes."""
    folder = tmp_path_factory.mktemp("stored")
    invented_results.write_results(folder)
    store(folder)
    return folder


@pytest.fixture(scope="session")
def api_app(stored: Path) -> Flask:
    """The app that serves it."""
    return create_app(stored, Settings(heavy_per_min=100_000))


@pytest.fixture
def api(api_app: Flask) -> FlaskClient:
    """Someone who asks it."""
    return api_app.test_client()


@pytest.fixture(scope="session")
def storing(tmp_path_factory: pytest.TempPathFactory, invented_results: ModuleType) -> Callable:
    """Make an app whose names were changed: a function from a renaming to the app."""

    def make(rename: Callable[[str], str]) -> Flask:
        folder = tmp_path_factory.mktemp("renamed")
        invented_results.write_results(folder, rename=rename)
        store(folder)
        return create_app(folder)

    return make


@pytest.fixture(scope="session")
def served(api_app: Flask) -> Iterator[str]:
    """The interface's address at a real server."""
    server = waitress.create_server(api_app, host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}/api/"
    server.close()
