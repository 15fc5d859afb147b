"""The two studies of real places, each found once a session."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from geoengine import analysis, intake, study
from geoengine.store import Cache

HERE = Path(__file__).parent


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody how far it is."""


@pytest.fixture(scope="session")
def study_of(real_data):
    """Return a function that loads the study of a place."""

    def load(place: str) -> study.Study:
        if not (real_data / place).is_dir():
            pytest.skip(f"the files of {place} are not among the real places ({real_data})")
        path = HERE / f"{place}.toml"
        return study.load(path, variables={"GEOENGINE_REAL_DATA": str(real_data)})

    return load


@pytest.fixture(scope="session")
def found_for(study_of, tmp_path_factory):
    """Return a function that analyses a place's study."""
    known: dict[str, analysis.Analysis] = {}

    def find(place: str) -> analysis.Analysis:
        if place not in known:
            asked, cache = study_of(place), Cache(tmp_path_factory.mktemp("kept"))
            inputs = intake.read(asked, silent)
            grounds = analysis.join(asked, inputs, cache, silent)
            known[place] = analysis.find(asked, inputs, grounds, silent)
            shutil.rmtree(cache.folder)
        return known[place]

    return find


@pytest.fixture
def rng():
    """Return the same random numbers in every run."""
    return np.random.default_rng(2014)
