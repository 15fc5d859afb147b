"""Charts as coordinates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmap.screen import charts


def test_the_curve_starts_at_everyone_and_stands_on_its_axes():
    drawn = charts.curve([0, 30, 60], {"All": [100.0, 50.0, 0.0]}, 15)
    points = [tuple(map(float, pair.split(","))) for pair in drawn.lines[0].points.split()]
    halfway = (drawn.left + drawn.right) / 2, (drawn.top + drawn.bottom) / 2
    assert points == [(drawn.left, drawn.top), halfway, (drawn.right, drawn.bottom)]
    assert drawn.cutoff_x == pytest.approx(drawn.left + (drawn.right - drawn.left) / 4)
    assert [tick.label for tick in drawn.up] == ["0", "20", "40", "60", "80", "100"]
    assert [tick.label for tick in drawn.across] == ["0", "10", "20", "30", "40", "50", "60"]


@given(st.floats(0, 1e8))
def test_the_axis_holds_the_highest_value_in_a_few_round_steps(highest):
    drawn = charts.curve([0, 60], {"All": [highest, 0.0]}, 15)
    top = float(drawn.up[-1].label.replace(",", ""))
    assert top >= highest * 0.999
    assert 3 <= len(drawn.up) <= 7
    assert not any("." in tick.label for tick in drawn.up)


def test_bars_are_as_long_as_their_people():
    rows = [
        {"decile": 1, "people": 200.0, "people_beyond": 50.0},
        {"decile": 2, "people": 100.0, "people_beyond": 0.0},
    ]
    first, second = charts.deciles(rows)
    assert first.width == 2 * second.width
    assert first.beyond == first.width / 4
    assert [(bar.some, bar.all) for bar in (first, second)] == [(50, 200), (0, 100)]


def test_nobody_makes_no_bar():
    assert charts.deciles([{"decile": 1, "people": 0, "people_beyond": 0}])[0].width == 0
