"""A still map: every area is where it is, and is no larger than it need be."""

import re

import pytest
from shapely.geometry import Polygon

from webmap.results import Results
from webmap.screen import drawing


@pytest.fixture
def run(folder):
    return Results(folder).current()


def rings(path):
    return [
        [tuple(map(float, point.split(","))) for point in ring.split("L")]
        for ring in re.findall(r"M([^Z]+)Z", path)
    ]


def test_each_area_keeps_its_place_and_its_size(run):
    made = drawing.of_layer(run, run.layer("underserved"))
    at = drawing.Projection(run.layer("underserved")["bounds"])
    shapes = run.shapes("underserved")
    drawn = {each.feature_id: each.path for each in made.shapes}
    assert set(drawn) == set(shapes)
    for code, shape in shapes.items():
        outer = shape["coordinates"][0]
        wanted = Polygon([at(*point) for point in outer])
        found = Polygon(rings(drawn[code])[0])
        assert found.symmetric_difference(wanted).area <= 0.03 * wanted.area
        assert found.centroid.distance(wanted.centroid) < 1


def test_a_mile_is_as_long_across_as_up():
    at = drawing.Projection((-2.0, 53.0, -1.0, 53.5))
    (x0, y0), (x1, y1) = at(-1.5, 53.25), at(-1.5 + 0.1 / at.squeeze, 53.35)
    assert x1 - x0 == pytest.approx(y0 - y1, abs=0.2)


def test_all_of_it_lies_within_the_drawing(run):
    made = drawing.of_layer(run, run.layer("underserved"))
    for each in made.shapes:
        for x, y in (point for ring in rings(each.path) for point in ring):
            assert 0 <= x <= made.width
            assert 0 <= y <= made.height


def test_the_first_classes_lie_on_top(run):
    made = drawing.of_layer(run, run.layer("underserved"))
    lines = [each.line for each in made.shapes]
    assert lines == sorted(lines, reverse=True)


def test_names_keep_apart(run):
    made = drawing.of_layer(run, run.layer("underserved"))
    assert "Saltmarsh" in {name.text for name in made.names}
    for at, one in enumerate(made.names):
        for other in made.names[at + 1 :]:
            assert abs(one.x - other.x) >= 110 or abs(one.y - other.y) >= 22


def test_the_page_draws_every_area_once(client, run):
    page = client.get("/").text
    still = page[page.index('<figure class="still">') : page.index("<figcaption>")]
    fills = re.findall(r'fill="#[0-9a-f]{6}"', still)
    assert len(fills) == len(run.table("underserved")["ids"])
