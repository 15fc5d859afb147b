"""An app that serves the invented results."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webmap import create_app


def _load(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def invented_results() -> ModuleType:
    """The module that writes the invented results."""
    return _load(Path(__file__).with_name("invented_results.py"))


@pytest.fixture
def folder(tmp_path: Path, invented_results: ModuleType) -> Path:
    """A results folder."""
    invented_results.write_results(tmp_path)
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    """The app that serves it."""
    return create_app(folder)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Someone who asks the app."""
    return app.test_client()


@pytest.fixture(scope="session")
def village_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that the engine itself made."""
    village = _load(Path(__file__).parents[1] / "village.py")
    place: Path = tmp_path_factory.mktemp("village")
    village.run(place)
    return place / "out"
