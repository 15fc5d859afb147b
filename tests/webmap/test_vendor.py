"""What others wrote is kept as they published it."""

import hashlib
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [
    ROOT / "webmap" / "static" / "vendor" / "vendor.lock.json",
    ROOT / "tests" / "browser" / "vendor" / "vendor.lock.json",
]


@pytest.mark.parametrize("lock", LOCKS, ids=["page", "tests"])
def test_every_vendored_file_is_the_one_that_was_locked(lock):
    locked = json.loads(lock.read_text(encoding="utf-8"))
    assert {path.name for path in lock.parent.iterdir() if path.is_dir()} == set(locked)
    for folder, package in locked.items():
        files = {
            path.relative_to(lock.parent / folder).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in (lock.parent / folder).rglob("*")
            if path.is_file()
        }
        assert files == package["files"], folder
        name = package["name"].removeprefix("@").replace("/", "-")
        assert folder == f"{name}-{package['version']}"
        assert "LICENSE" in files
        assert package["integrity"].startswith("sha512-")
