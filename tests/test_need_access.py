"""Need beside access: each area in one of nine classes, or in a state of its own."""

from typing import Any

import numpy as np
import pytest

import village
from geoengine.atlas import need_access
from geoengine.layers import legend
from village import EASTERN, FAR, MID, MOOR, WEST


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = village.analyse(tmp_path_factory.mktemp("village"), travel={"cutoff_min": 15})
    return need_access.need_access(found)


def test_the_village_has_its_classes(layer: Any):
    assert layer.frame["class_key"].to_dict() == {
        MID: "high_fair",
        EASTERN: "high_fair",
        WEST: "high_good",
        FAR: "low_good",
        MOOR: "not_covered",
    }


def test_every_sentence_tells_need_access_and_people(layer: Any):
    told = layer.frame["sentence"]
    assert told[WEST] == (
        "West: high need (the most deprived third of England), good access: at least half of its "
        "40 children under 5 live within 15 minutes’ walk of a nursery."
    )
    assert told[EASTERN] == (
        "East: high need (the most deprived third of England), fair access: more than half of "
        "its 30 children under 5 live more than 15 minutes’ walk from a nursery, but at least half "
        "within 30 minutes’ walk."
    )
    assert told[MOOR] == (
        "Moor: high need (the most deprived third of England); the street map does not cover "
        "enough of this area, or of the nurseries near it, to say how soon its 10 children under 5 "
        "get to one."
    )


def test_the_finding_is_of_the_worst_corner(layer: Any):
    assert layer.findings == ("High need, poor access: no area.",)
    lines = {line["key"]: (line["features"], line["people"]) for line in legend(layer)}
    assert lines["high_fair"] == (2, 90.0)
    assert sum(areas for areas, _ in lines.values()) == 5


def test_where_nobody_gets_there_the_areas_say_so_and_have_no_access(tmp_path: Any):
    island = [
        ([(at, 0) for at in range(0, 3001, 500)], village.STREET),
        ([(3300, 0), (5000, 0)], village.STREET),
    ]
    closed = village.PROVISION.replace("Acorns,40,Active", "Acorns,40,Closed")
    found = village.analyse(tmp_path, ways=island, files={"nurseries.csv": closed})
    frame = need_access.need_access(found).frame
    assert frame.loc[WEST, "class_key"] == "unreachable"
    assert frame.isna().loc[WEST, "access"]
    assert frame.loc[WEST, "need"] == "high"
    assert frame.loc[WEST, "sentence"].endswith(
        "for more than half of its 40 children under 5 there is no way to a nursery."
    )


def test_an_area_without_need_or_people_is_unknown(tmp_path: Any):
    codes = [f"E0109{at:04d}" for at in range(21)]
    squares = village.collection(
        [
            ({"LSOA21CD": code, "LAD24CD": village.OURS}, village.box(200 * at, -100, 200, 200))
            for at, code in enumerate(codes)
        ]
    )
    found = village.analyse(
        tmp_path,
        files={
            "areas.geojson": squares,
            "imd.csv": "LSOA21CD,IMD_decile\n" + "".join(f"{code},5\n" for code in codes[1:]),
            "people.csv": "LSOA21CD,0-4\n" + "".join(f"{code},5\n" for code in codes),
        },
        boundaries={"small_areas": None},
        postcodes=None,
    )
    frame = need_access.need_access(found).frame
    assert frame.loc[codes[0], "class_key"] == "unknown"
    assert frame.loc[codes[0], ["need", "access"]].isna().all()
    assert frame.loc[codes[0], "sentence"] == (
        f"{codes[0]}: the deprivation file has no figure for this area."
    )
    # Where there are deciles alone, their middle stands for a rank: the fifth lies in the middle.
    assert set(frame.loc[codes[1:], "need"]) == {"medium"}


def test_thirds_end_where_a_third_of_the_nation_ends():
    ranked = np.full(6, 33_755.0)
    rank = np.array([1.0, 11_251.0, 11_252.0, 22_503.0, 22_504.0, 33_755.0])
    found = need_access.thirds(rank, ranked, np.full(6, np.nan))
    assert found.tolist() == ["high", "high", "medium", "medium", "low", "low"]
    assert [bool(3 * each <= 33_755) for each in rank] == [True, True] + [False] * 4


@pytest.mark.parametrize("seed", range(20))
def test_certain_steps_are_those_of_the_median(seed: int):
    """Where nothing is in doubt, half within a limit is the weighted median within it."""
    rng = np.random.default_rng(seed)
    people = rng.integers(1, 9, 15).astype(float)
    minutes = np.where(rng.random(15) < 0.3, np.inf, rng.integers(1, 60, 15))
    order = np.argsort(minutes, kind="stable")
    median = minutes[order][np.searchsorted(np.cumsum(people[order]), people.sum() / 2)]
    share = [
        np.array([people[chosen].sum() / people.sum()])
        for chosen in (
            minutes <= 15, minutes > 15, minutes <= 30, minutes > 30, np.isinf(minutes),
        )
    ]  # fmt: skip
    wanted = (
        "unreachable" if np.isinf(median)
        else "good" if median <= 15 else "fair" if median <= 30 else "poor"
    )  # fmt: skip
    assert need_access.steps(*share)[0] == wanted


def test_a_shorter_cut_off_never_makes_access_better(tmp_path: Any):
    better = {"good": 0, "fair": 1, "poor": 2}
    found = {}
    for minutes in (5, 10, 15, 30):
        place = tmp_path / str(minutes)
        frame = need_access.need_access(
            village.analyse(place, travel={"cutoff_min": minutes})
        ).frame
        found[minutes] = frame["access"].dropna().map(better)
    for short, long in ((5, 10), (10, 15), (15, 30)):
        both = found[short].index.intersection(found[long].index)
        assert (found[short][both] >= found[long][both]).all()
