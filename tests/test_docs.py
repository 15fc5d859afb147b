"""What the documents say is so."""

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from geoengine import cli, study
from geoengine.study.sections import NAMED

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1]

SECTIONS = {**study.SECTIONS, **NAMED}


def test_the_studys_example_is_a_study(tmp_path):
    for name in re.findall(r'"([^"]+\.\w+)"', EXAMPLE):
        (tmp_path / name).touch()
    (tmp_path / "study.toml").write_text(EXAMPLE, encoding="utf-8")
    assert study.load(tmp_path / "study.toml").provision.plural == "nurseries"


def test_every_setting_of_a_study_is_explained():
    shown = {f"{part}.{key}" for part, keys in tomllib.loads(EXAMPLE).items() for key in keys}
    told = shown | set(re.findall(r"^\| `(\w+\.\w+)` \|", README, re.MULTILINE))
    there = {
        f"{section}.{key.name}"
        for section, kind in SECTIONS.items()
        for key in fields(kind)
        if key.name not in ("source", "as_of")
    }
    assert told == there


def test_the_defaults_told_are_the_defaults():
    rows = re.findall(r"^\| `(\w+)\.(\w+)` \| `([^`]+)` \|", README, re.MULTILINE)
    assert len(rows) >= 10
    for section, key, told in rows:
        default = next(k.default for k in fields(SECTIONS[section]) if k.name == key)
        assert default is not MISSING
        said = tomllib.loads(f"v = {told}")["v"]
        assert (list(default) if isinstance(default, tuple) else default) == said


def test_the_map_of_the_code_shows_every_module():
    listed = set(re.findall(r"^  (\w+)(?:\.py|/) ", README, re.MULTILINE))
    there = {
        path.stem
        for path in (ROOT / "geoengine").iterdir()
        if path.name not in ("__init__.py", "__pycache__", "py.typed")
    }
    assert listed == there


@pytest.mark.parametrize("command", sorted(cli.main.commands))
def test_every_command_explains_itself(command):
    shown = CliRunner().invoke(cli.main, [command, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) >= 6
    assert "\\b" not in shown.output
    assert f"geoengine {command}" in README


def test_contributing_names_only_what_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`((?:geoengine|webmap|tests)/[\w./]+)`", text):
        assert (ROOT / name).exists(), name
