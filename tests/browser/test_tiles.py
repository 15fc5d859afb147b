"""Thousands of areas are drawn tile by tile, and behave as a few do."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoengine.exports import write_layer
from geoengine.layers import Layer, LayerClass, LayerColumn

SIDE = 75
WEST, SOUTH, STEP = -2.0, 52.0, 0.02
CLASSES = (
    LayerClass("low", "Low"),
    LayerClass("high", "High"),
    LayerClass("unknown", "Unknown", state=True),
)


def write(folder, invented_results):
    """Write the results of a county of 5,625 squares; return the run's folder and their ids."""
    invented_results.write_results(folder)
    [run] = folder.glob("run-*")
    down, across = np.divmod(np.arange(SIDE**2), SIDE)
    west, south = WEST + across * STEP, SOUTH + down * STEP
    keys = np.where(down == SIDE - 1, "unknown", np.where((down + across) % 2, "high", "low"))
    frame = gpd.GeoDataFrame(
        {"class_key": keys, "name": [f"Square {d}-{a}" for d, a in zip(down, across, strict=True)]},
        index=[f"s{d}x{a}" for d, a in zip(down, across, strict=True)],
        geometry=shapely.box(west, south, west + STEP, south + STEP),
        crs="EPSG:4326",
    )
    layer = Layer(
        "mosaic", "Mosaic", "Which?", frame, "polygon", "name", "", "deprivation", CLASSES,
        (LayerColumn("name", "Square"),),
    )  # fmt: skip
    listed = run / "layers.json"
    entries = [write_layer(layer, run), *json.loads(listed.read_text(encoding="utf-8"))]
    listed.write_text(json.dumps(entries), encoding="utf-8")
    return run, list(frame.index)


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory, serving, invented_results):
    """A county of 5,625 squares: a chessboard of low and high, its last row unknown."""
    folder = tmp_path_factory.mktemp("mosaic")
    write(folder, invented_results)
    return serving(folder)


@pytest.fixture
def areas(tmp_path, serving, invented_results):
    """The same, where the squares are the areas that can be chosen together and added up."""
    run, ids = write(tmp_path, invented_results)
    file = run / "underserved.values.json"
    held = json.loads(file.read_text(encoding="utf-8"))
    known = len(held["ids"])
    again = {
        name: [values[at % known] for at in range(len(ids))]
        for name, values in {"class_key": held["class_key"], **held["columns"]}.items()
    }
    held = {"ids": ids, "class_key": again.pop("class_key"), "columns": again}
    file.write_text(json.dumps(held), encoding="utf-8")
    return serving(tmp_path)


def drawn(page):
    page.wait_for_function(
        """() => {
          const tiles = [...document.querySelectorAll(".tiled canvas")];
          return tiles.length && tiles.every((tile) => tile.matches(".leaflet-tile-loaded"));
        }"""
    )


def centre(page, row, column):
    """Bring the middle of a square to the middle of the map, and return where that is."""
    x, y = page.evaluate(
        """([lat, lon]) => {
          window.keptMap.setView([lat, lon], 12, { animate: false });
          const box = window.keptMap.getContainer().getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2];
        }""",
        [SOUTH + (row + 0.5) * STEP, WEST + (column + 0.5) * STEP],
    )
    drawn(page)
    return x, y


def colour(page, x, y):
    """Return the colour of the tile drawn at a place on the screen."""
    return page.evaluate(
        """([x, y]) => {
          for (const tile of document.querySelectorAll(".tiled canvas")) {
            const { left, top, width } = tile.getBoundingClientRect();
            const [across, down] = [x - left, y - top];
            if (across < 0 || down < 0 || across >= width || down >= width) continue;
            const scale = tile.width / width;
            const copy = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
            const pen = copy.getContext("2d", { willReadFrequently: true });
            pen.drawImage(tile, -Math.floor(across * scale), -Math.floor(down * scale));
            return [...pen.getImageData(0, 0, 1, 1).data];
          }
          return null;
        }""",
        [x, y],
    )


def test_areas_are_fetched_as_tiles_and_never_all_at_once(visiting, mosaic):
    visit = visiting(mosaic).open("?layer=mosaic")
    drawn(visit.page)
    assert visit.config["layers"][0]["geometry_url"].startswith("/api/tiles/mosaic/")
    whole = {layer["geometry_url"] for layer in visit.config["layers"]}
    asked = {url.removeprefix(visit.home.rstrip("/")) for url in visit.asked if "/shapes/" in url}
    assert asked <= whole
    assert len([url for url in visit.asked if "/api/tiles/mosaic/" in url]) >= 4
    assert visit.pixels() > 50_000


def test_neighbours_have_their_own_colours(visiting, mosaic):
    visit = visiting(mosaic).open("?layer=mosaic")
    low = colour(visit.page, *centre(visit.page, 10, 10))
    high = colour(visit.page, *centre(visit.page, 10, 11))
    unknown = colour(visit.page, *centre(visit.page, SIDE - 1, 11))
    assert low[3] > 200
    assert high[3] > 200
    assert len({tuple(low[:3]), tuple(high[:3]), tuple(unknown[:3])}) == 3
    assert colour(visit.page, *centre(visit.page, 10, SIDE + 1))[3] == 0


def test_a_click_chooses_an_area_and_marks_the_whole_of_it(visiting, mosaic):
    visit = visiting(mosaic).open("?layer=mosaic")
    x, y = centre(visit.page, 30, 41)
    visit.page.mouse.move(x - 3, y)
    visit.page.mouse.move(x, y)
    visit.page.wait_for_selector(".leaflet-tooltip:has-text('Square 30-41')")
    visit.page.mouse.click(x, y)
    visit.settled("?layer=mosaic&selected=s30x41")
    assert "Square 30-41" in visit.page.inner_text("#details")
    marked = visit.page.evaluate(
        """() => {
          const canvas = document.querySelector(".leaflet-marked-pane canvas");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value) => value > 0);
        }"""
    )
    assert marked
    visit.shoot("tiles")


def test_a_chosen_area_is_found_from_its_address(visiting, mosaic):
    visit = visiting(mosaic).open("?layer=mosaic&selected=s3x70")
    middle = visit.page.evaluate("(({ lat, lng }) => [lat, lng])(window.keptMap.getCenter())")
    assert middle == pytest.approx([SOUTH + 3.5 * STEP, WEST + 70.5 * STEP], abs=0.01)


def test_classes_that_are_left_out_are_not_drawn_nor_clicked(visiting, mosaic):
    visit = visiting(mosaic).open("?layer=mosaic&only=high")
    x, y = centre(visit.page, 10, 10)
    assert colour(visit.page, x, y)[3] == 0
    visit.page.mouse.click(x, y)
    x, y = centre(visit.page, 10, 11)
    assert colour(visit.page, x, y)[3] > 200
    visit.page.mouse.click(x, y)
    visit.settled("?layer=mosaic&selected=s10x11&only=high")


def test_many_areas_chosen_together_are_outlined_without_fetching_each(visiting, areas):
    codes = [f"s{row}x{column}" for row in range(28, 37) for column in range(38, 46)]
    visit = visiting(areas).open("?layer=mosaic")
    x, y = centre(visit.page, 32, 42)
    west, edge = x - 300, [16, 24, 32]
    plain = [colour(visit.page, at, y) for at in range(int(west), int(x) + 300, 2)]
    visit.open(f"?layer=mosaic&sel={','.join(codes)}")
    x, y = centre(visit.page, 32, 42)
    told = [colour(visit.page, at, y) for at in range(int(west), int(x) + 300, 2)]
    dark = [at for at in told if at and at[:3] == edge]
    assert not [at for at in plain if at and at[:3] == edge]
    assert len(dark) >= 4
    assert [url for url in visit.asked if "/items/" in url] == []
    visit.shoot("tiles-chosen")
