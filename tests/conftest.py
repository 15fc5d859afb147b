"""What all tests share: drawn streets on the path, and where the real places lie."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real places, or skip with the reason."""
    folder = Path(os.environ.get("GEOENGINE_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the real places are not here (GEOENGINE_REAL_DATA: no folder {folder})")
    return folder
