"""The boundary sets shipped with the project are those that the demo writes."""

import hashlib
import re
from pathlib import Path

import pytest

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "boundaries"
README = (SHIPPED / "README.md").read_text(encoding="utf-8")
TOLD = dict(re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", README, flags=re.MULTILINE))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_readme_tells_of_every_file():
    kept = {path.name for path in SHIPPED.iterdir()} - {"README.md", ".gitattributes"}
    assert set(TOLD) == kept
    assert len(TOLD) == 5


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_shipped_set_has_the_checksum_that_the_readme_gives(name):
    assert _hash(SHIPPED / name) == TOLD[name]


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_shipped_set_is_what_the_generator_writes(name, county):
    assert _hash(county / "boundaries" / name) == TOLD[name]


def test_the_readme_says_that_they_are_invented_and_what_licence_to_print():
    assert "are invented" in README
    assert (
        "> Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
        in README
    )


def test_the_shipped_sets_are_small():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 3_000_000
