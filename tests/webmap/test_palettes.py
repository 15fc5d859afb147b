"""Classes look different, also to those who don't see colour."""

import itertools

import pytest

from webmap.screen import palettes


def lightness(colour):
    """Relative luminance, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((lightness(one), lightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lines(*keys):
    return [{"key": key, "state": key in palettes.STATES} for key in keys]


@pytest.mark.parametrize("palette", ["minutes", "deprivation"])
def test_a_scale_gets_steadily_darker_or_lighter(palette):
    light = [lightness(colour) for colour in palettes.RAMPS[palette]]
    assert light == sorted(light) or light == sorted(light, reverse=True)
    assert len(set(light)) == len(light)


def test_underserved_stands_out_from_all_other_areas():
    keys = ("underserved", "reached", "not_deprived", "not_covered", "unknown")
    first, *others = palettes.styles("status", lines(*keys))
    for other in others:
        assert contrast(first["fill"], other["fill"]) >= 3


def test_states_have_patterns_and_values_have_none():
    keys = ("underserved", "reached", "not_deprived", "not_covered", "unknown", "unreachable")
    for line, style in zip(lines(*keys), palettes.styles("status", lines(*keys)), strict=True):
        assert (style["pattern"] != "none") == line["state"]


def test_no_two_states_that_meet_look_alike_without_colour():
    meeting = itertools.combinations(("not_covered", "unknown", "unreachable"), 2)
    for one, other in meeting:
        assert palettes.STATES[one].pattern != palettes.STATES[other].pattern


def test_kinds_of_place_differ_in_shape():
    shapes = {style.shape for style in palettes.NAMED["services"].values()}
    assert len(shapes) == len(palettes.NAMED["services"])


def test_a_scale_of_any_length_keeps_its_ends():
    for count in range(2, 20):
        keys = [f"{step}-{step + 1}" for step in range(count)]
        fills = [style["fill"] for style in palettes.styles("minutes", lines(*keys))]
        assert len(fills) == count
        assert fills[0] == palettes.RAMPS["minutes"][0]
        if count >= len(palettes.RAMPS["minutes"]):
            assert fills[-1] == palettes.RAMPS["minutes"][-1]


def test_a_state_nobody_foresaw_is_drawn_as_unknown():
    (style,) = palettes.styles("status", [{"key": "on_the_moon", "state": True}])
    assert style["pattern"] == "dots"
