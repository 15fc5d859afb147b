"""Panning over every area of England and Wales in a real browser: how long each frame takes."""

import importlib.util
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.places import REAL, ROOT
from bench.timing import Row, absent

SMOOTH_MS = 50
"""A frame that takes longer is seen to stutter."""
VIEWS = (("England", 52.6, -1.5, 7), ("the Midlands", 52.5, -1.9, 9), ("London", 51.5, -0.1, 12))
STEPS, STEP_PX, STEP_MS = 90, 6, 16
RECORD = """
() => {
  window.frames_ms = [];
  let last = performance.now();
  const next = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}
"""
KEEP_MAP = """
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || !window.L) return;
  window.L.Map.addInitHook(function keep() { window.keptMap = this; });
});
"""


def rows() -> Iterator[Row]:
    """Drag the map over three views, and time every frame."""
    folder = REAL / "england_wales"
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not folder.is_dir() or browser is None:
        what = "the areas are not at hand" if browser else "there is no Chromium"
        yield absent("panning", "England and Wales", "", what)
        return
    with tempfile.TemporaryDirectory() as work:
        areas = write(Path(work), folder)
        yield from _dragged(Path(work), browser, areas)


def write(work: Path, folder: Path) -> int:
    """Put the areas and their deprivation before an invented county's layers."""
    import geopandas as gpd
    import pandas as pd

    from geoengine.exports import write_layer
    from geoengine.layers import Layer, LayerClass, LayerColumn

    areas = gpd.read_parquet(folder / "boundaries_lsoa21.parquet").set_index("lsoa21_code")
    ranks = pd.read_parquet(folder / "imd2025_england_lsoa21.parquet").set_index("lsoa21_code")
    areas["decile"] = ranks["IMD_decile"].reindex(areas.index)
    areas["class_key"] = [f"d{each:.0f}" if each == each else "unknown" for each in areas["decile"]]
    layer = Layer(
        "deprivation", "Deprivation", "How deprived?",
        areas.rename(columns={"lsoa21_name": "name"}), "polygon", "decile", "", "deprivation",
        (
            *(LayerClass(f"d{each}", f"Decile {each}", each, each) for each in range(1, 11)),
            LayerClass("unknown", "Unknown", state=True),
        ),
        (LayerColumn("name", "Area"), LayerColumn("decile", "Decile")),
    )  # fmt: skip
    path = ROOT / "tests" / "webmap" / "invented_results.py"
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    invented = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(invented)
    invented.write_results(work)
    [run] = work.glob("run-*")
    listed = run / "layers.json"
    entries = [write_layer(layer, run), *json.loads(listed.read_text(encoding="utf-8"))]
    listed.write_text(json.dumps(entries), encoding="utf-8")
    return len(areas)


def _dragged(work: Path, browser: str, areas: int) -> Iterator[Row]:
    import waitress
    from playwright.sync_api import sync_playwright

    from webmap import create_app

    server = waitress.create_server(create_app(work), host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(KEEP_MAP)
        page.goto(f"http://127.0.0.1:{server.effective_port}/map?layer=deprivation")
        page.wait_for_selector(".map[data-shown]", state="attached")
        for name, lat, lon, zoom in VIEWS:
            yield _view(page, f"{areas:,} areas, {name}", (lat, lon, zoom))
        chromium.close()
    server.close()


def _view(page: Any, name: str, view: tuple[float, float, int]) -> Row:
    lat, lon, zoom = view
    start = time.perf_counter()
    page.evaluate(
        "([lat, lon, zoom]) => window.keptMap.setView([lat, lon], zoom, {animate: false})",
        [lat, lon, zoom],
    )
    page.wait_for_function(
        "() => [...document.querySelectorAll('.tiled canvas')].length > 0 && "
        "[...document.querySelectorAll('.tiled canvas')]"
        ".every((each) => each.classList.contains('leaflet-tile-loaded'))"
    )
    first_s = time.perf_counter() - start
    box = page.locator(".map").bounding_box()
    x, y = box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(RECORD)
    for step in range(STEPS):
        page.mouse.move(x - (step + 1) * STEP_PX, y)
        page.wait_for_timeout(STEP_MS)
    frames = np.array(page.evaluate("window.frames_ms"))
    page.mouse.up()
    median, most = np.percentile(frames, [50, 95])
    return Row(
        "panning", name,
        f"{median:.0f} ms a frame, 95% within {most:.0f} ms; first drawn in {first_s:.1f} s",
        target=f"95% within {SMOOTH_MS} ms", met=bool(most <= SMOOTH_MS),
    )  # fmt: skip
