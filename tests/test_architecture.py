"""The tree is what it says it is: imports run one way, types hold, modules stay small."""

import ast
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*ROOT.glob("geoengine/**/*.py"), *ROOT.glob("webmap/**/*.py")])
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
LONGEST = 600


def run(*command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_imports_run_one_way():
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["lint", "format", "types"],
)
def test_the_code_keeps_its_style_and_types(command):
    status, said = run(*command)
    assert status == 0, said


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_subject_of_a_readable_length(path):
    text = path.read_text(encoding="utf-8")
    assert not VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)
    assert len(text.splitlines()) <= LONGEST
    tree = ast.parse(text)
    assert ast.get_docstring(tree) or not tree.body


def test_the_command_line_starts_without_the_heavy_libraries():
    script = (
        "import sys, geoengine.cli\n"
        "heavy = {'geopandas', 'pandas', 'numba', 'shapely', 'osmnx', 'scipy', 'folium', 'flask'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    status = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert status.stdout.strip() == "[]"


def test_no_real_data_is_in_the_tree(real_data):
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("this is not a git checkout")

    def digest(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()

    real = {digest(f) for f in real_data.rglob("*") if f.is_file() and f.stat().st_size > 1024}
    ours = [ROOT / name for name in tracked.stdout.split("\0") if name]
    assert [str(f) for f in ours if f.is_file() and digest(f) in real] == []
