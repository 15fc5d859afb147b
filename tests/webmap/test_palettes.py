"""Classes look different, also to those who don't see colour."""

import itertools

import numpy as np
import pytest

from geoengine.atlas.setting import STATES as UNTESTED
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


@pytest.mark.parametrize(
    "found",
    [("hot", "cold"), ("high_high", "low_low", "high_low", "low_high"), ("cluster",)],
)
def test_every_class_of_a_map_of_hotspots_has_a_look_of_its_own(found):
    keys = [*found, "not_significant", *UNTESTED]
    styles = palettes.styles("hotspots", lines(*keys))
    looks = {(style["fill"], style["outline"], style["pattern"]) for style in styles}
    assert len(looks) == len(keys)


@pytest.mark.parametrize("palette", ["hotspots", "emerging"])
def test_cold_is_told_from_hot_without_colour(palette):
    looks = palettes.NAMED[palette]
    cold = {key: style.pattern for key, style in looks.items() if "cold" in key}
    hot = {key: style.pattern for key, style in looks.items() if "hot" in key}
    assert set(cold.values()) == {"lines"}
    assert set(hot.values()) == {"none"}
    assert "lines" not in {style.pattern for style in palettes.STATES.values()}


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


# What is left of light to those who lack a kind of cone, wholly: Machado, Oliveira & Fernandes
# (2009) A physiologically-based model for simulation of color vision deficiency. IEEE TVCG 15(6).
SIGHT = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
               (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
               (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
               (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def lab(colour, sight):
    """CIELAB of a colour as someone sees it."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
    x, y, z = to_xyz @ seen / (0.95047, 1, 1.08883)
    f = [np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one, other):
    """CIEDE2000: Sharma, Wu & Dalal (2005), Color Research and Application 30(1), 21-30."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else h1 + ((h2 - h1 + 180) % 360 - 180) / 2
    t = (1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
         + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.2 * np.cos(np.radians(4 * h - 63)))  # fmt: skip
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rc = 2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    rt = -np.sin(np.radians(60 * np.exp(-(((h % 360 - 275) / 25) ** 2)))) * rc
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, hue / sh
    return float(np.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh))


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_of_colour_are_those_that_sharma_publishes(one, other, wanted):
    assert difference(one, other) == pytest.approx(wanted, abs=5e-5)


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_classes_of_need_and_access_look_alike_to_anyone(sight):
    seen = [lab(fill, sight) for row in palettes.BIVARIATE for fill in row]
    assert min(difference(*pair) for pair in itertools.combinations(seen, 2)) > 19


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_reasons_for_having_no_test_look_alike_to_anyone(sight):
    looks = [palettes.STATES[key] for key in UNTESTED]
    for one, other in itertools.combinations(looks, 2):
        seen = difference(lab(one.fill, sight), lab(other.fill, sight))
        assert one.pattern != other.pattern or seen > 10, (one, other)


def test_more_need_and_worse_access_are_darker():
    light = [[lightness(fill) for fill in row] for row in palettes.BIVARIATE]
    for row in [*light, *zip(*light, strict=True)]:
        assert list(row) == sorted(set(row))
