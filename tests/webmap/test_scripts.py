"""The page's scripts keep their own tests, which Node runs."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "webmap" / "static" / "js").glob("*.js"))


def test_the_scripts_pass_their_own_tests():
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node isn't installed; the browser tests still run these scripts")
    tests = [str(path) for path in sorted((ROOT / "tests" / "js").glob("*.test.mjs"))]
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_short_and_writes_no_markup(script):
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    for markup in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert markup not in text
