"""The analyst's three steps: give me the layer, let me check it, and let my own tools read it."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNDERSERVED = "Underserved: deprived, and too many out of reach"


def geoengine(kept, *arguments):
    """Run a command of the engine in a process of its own."""
    command = [sys.executable, "-c", "from geoengine.cli import main; main()", *map(str, arguments)]
    environment = {"GEOENGINE_CACHE": str(kept), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def taken(walk, locator):
    """Take a file away, and return its content."""
    with walk.page.expect_download() as waited:
        walk.hands.press(locator)
    return waited.value.path().read_bytes()


def test_the_analyst_takes_a_layer_away_and_checks_it(walking, county, tmp_path):
    walk = walking("analyst")
    page, hands = walk.page, walk.hands

    # 1. Take away exactly what is on screen, with what it was made of.
    walk.open("map")
    walk.shown()
    for label in ("Not among the most deprived", "Deprived, and reached"):
        hands.press(page.get_by_role("button", name=label, exact=True).first)
    gone = ":not([data-shown*=reached]):not([data-shown*=not_deprived])"
    page.wait_for_selector(f".map[data-shown*='only=']{gone}", state="attached")
    names = page.locator("#features tbody a").all_inner_texts()
    hands.press(page.locator(".facts .get > summary"))
    files = page.locator(".facts .downloads")
    content = taken(walk, files.get_by_role("link", name="CSV", exact=True))
    held = json.loads(taken(walk, files.get_by_role("link", name="What the columns mean")))
    features = json.loads(taken(walk, files.get_by_role("link", name="GeoJSON", exact=True)))
    assert [each["properties"]["name"] for each in features["features"]] == names
    assert [row["name"] for row in rows_of(content.decode("utf-8-sig"))] == names
    assert held["content_sha256"] == hashlib.sha256(content).hexdigest()
    assert not {"reached", "not_deprived"} & set(held["view"]["only"].split(","))
    assert held["rows_of"] == len(county.rows("download/csv?layer=underserved"))
    walk.kept("taken-away")

    # 2. Check it: a plan of the page, replayed at the command line, has the page's figures.
    walk.link("Plan")
    walk.shown("[]")
    change = page.locator("#change > summary")
    hands.press(change)
    hands.choose(page.locator("#setting"), county.setting())
    hands.press(page.get_by_role("button", name="Close it"))
    walk.shown("close")
    shown = page.locator("#figures tbody tr").first.locator("td").nth(1).inner_text()
    beyond = int(shown.replace(",", ""))
    scenario = tmp_path / "scenario.toml"
    link = page.get_by_role("link", name="Download as a scenario file")
    scenario.write_bytes(taken(walk, link))
    once, again = tmp_path / "once", tmp_path / "again"
    geoengine(county.kept, "scenario", "run", county.study, scenario, "--out", once)
    if hands.name == "mouse":
        geoengine(county.kept, "scenario", "run", county.study, scenario, "--out", again)
        assert files_of(once) == files_of(again)
    replayed = json.loads((once / "figures.json").read_text(encoding="utf-8"))
    assert replayed["sentence"] in page.locator("#sentence").inner_text()
    assert round(replayed["totals"]["after"]["people_beyond"]) == beyond
    walk.kept("replayed")
    hands.press(page.get_by_role("button", name="Clear"))
    walk.shown("[]")
    page.locator("#file").set_input_files(scenario)
    hands.press(page.get_by_role("button", name="Open the file"))
    walk.shown("close")
    assert page.locator("#figures tbody tr").first.locator("td").nth(1).inner_text() == shown


def test_the_analyst_runs_the_study_again_to_the_same_bytes(county, tmp_path):
    geoengine(tmp_path / "kept", "run", county.study, "--out", tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(county.results)


def files_of(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="GDAL's programs aren't installed")
def test_the_analysts_own_tools_read_the_same_figures(county, tmp_path):
    wanted = county.rows("download/csv?layer=underserved&only=underserved")
    out = tmp_path / "underserved.csv"
    subprocess.run(
        ["ogr2ogr", "-f", "CSV", out, f"OAPIF:{county.home}api/", "underserved",
         "-where", "status = 'underserved'"],
        check=True, capture_output=True,
    )  # fmt: skip
    found = rows_of(out.read_text(encoding="utf-8"))
    assert [row["name"] for row in found] == [row["name"] for row in wanted]
    for ours, theirs in zip(wanted, found, strict=True):
        assert float(ours["children_beyond"]) == round(float(theirs["children_beyond"]))
        assert ours["sentence"] == theirs["sentence"]
