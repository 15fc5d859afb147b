"""A figure term by term: every state is its own, lines break where nothing is known."""

import pytest

from webmap.screen import palettes
from webmap.screen.terms import (
    CHANGES,
    OF_A_TERM,
    SPOTS,
    STATES,
    Term,
    changed,
    course,
    painted,
    spread,
)  # fmt: skip


def term(values, classes, name="autumn"):
    return Term(name, name.title(), values, classes)


@pytest.mark.parametrize("before", OF_A_TERM)
@pytest.mark.parametrize("after", OF_A_TERM)
def test_a_change_is_told_of_two_known_terms_alone(before, after):
    found = changed(term([1.0], [before]), term([2.0], [after]))
    [key] = found.keys
    unknown = [each for each in (after, before) if each in STATES]
    if unknown:
        assert key == unknown[0]
    elif after == before:
        assert key == ("neither" if after == "none" else f"stayed_{after}")
    elif after == "none":
        assert key == f"gone_{before}"
    else:
        assert key == f"became_{after}"


def test_no_two_classes_of_a_map_look_alike():
    for palette, keys in (
        ("hotspots", OF_A_TERM), ("emerging", [CHANGES.get(k, k) for k in (*CHANGES, *STATES)]),
    ):  # fmt: skip
        lines = [{"key": key, "state": key in STATES} for key in keys]
        looks = [tuple(sorted(each.items())) for each in palettes.styles(palette, lines)]
        assert len(set(looks)) == len(keys), palette


def test_only_classes_that_are_there_are_in_the_key_and_every_area_is_counted_once():
    found = painted(term([1, 2, 3, None], ["none", "hot", "none", "suppressed"]))
    assert found.keys == ("hot", "none", "suppressed")
    assert found.counts == [1, 2, 1]
    assert [found.keys[line] for line in found.line] == ["none", "hot", "none", "suppressed"]


def test_a_line_breaks_where_a_term_has_no_figure_and_all_areas_share_a_scale():
    every = [
        term([10.0, 0.0], ["none", "cold"], "a"),
        term([None, 5.0], ["suppressed", "none"], "b"),
        term([20.0, 5.0], ["hot", "none"], "c"),
    ]
    assert spread(every) == (0.0, 20.0)
    first, second = course(every, 0), course(every, 1)
    assert first.lines == ("4,13", "128,4")
    assert first.hot == ((128.0, 4.0),)
    assert second.lines == ("4,22 66,17.5 128,17.5",)
    assert second.cold == ((4.0, 22.0),)


def test_without_any_figure_there_is_no_line():
    every = [term([None], ["unknown"]), term([None], ["unknown"])]
    assert spread(every) == (0.0, 1.0)
    assert course(every, 0).lines == ()


def test_every_state_of_the_engine_has_a_class_of_its_own():
    from geoengine.atlas import emerging

    assert {*emerging.SPOTS.values(), "neither"} == set(SPOTS)
    assert set(SPOTS.values()) == set(OF_A_TERM)
