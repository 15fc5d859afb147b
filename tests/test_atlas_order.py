"""Tables come as who reads them needs them: the worst first, and always in the same order."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import village
from geoengine.atlas.order import ranked, surest_first, worse_side_first
from geoengine.layers import LayerClass
from geoengine.store import Results
from village import EASTERN, FAR, MID, MOOR, WEST

HOTSPOTS = tuple(
    LayerClass(key, key, state=key == "unknown")
    for key in ("hot", "cold", "not_significant", "unknown")
)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return village.run(tmp_path_factory.mktemp("village"))


def ids(results: Results, layer_id: str) -> list[str]:
    return list(pd.read_parquet(results.table(layer_id)).index)


def found(**areas: tuple[str, float, float]) -> pd.DataFrame:
    """Return areas, each with its kind, p and z."""
    table = pd.DataFrame.from_dict(areas, orient="index", columns=["class_key", "p", "z"])
    return table.rename_axis("area_code")


AREAS = found(
    a=("cold", 0.0001, -6.0),
    b=("hot", 0.001, 3.5),
    c=("unknown", np.nan, np.nan),
    d=("hot", 0.00002, 4.1),
    e=("not_significant", 0.9, 0.1),
    f=("hot", 0.00002, 5.2),
    g=("not_significant", 0.06, 2.1),
    h=("cold", 0.01, -2.9),
)


def test_the_hottest_and_surest_come_first_then_the_cold_then_what_chance_explains():
    assert "".join(surest_first(AREAS, HOTSPOTS, "high").index) == "fdbahgec"


def test_where_low_figures_are_the_worse_the_coldspots_come_first():
    assert "".join(surest_first(AREAS, HOTSPOTS, "low").index) == "ahfdbgec"


def test_patterns_through_time_keep_the_legends_order_on_each_side():
    keys = ("new_hot", "historical_hot", "new_cold", "no_pattern", "unknown")
    classes = [LayerClass(key, key) for key in keys]
    assert [step.key for step in worse_side_first(classes, "high")] == list(keys)
    assert [step.key for step in worse_side_first(classes, "low")] == [
        *("new_cold", "new_hot", "historical_hot", "no_pattern", "unknown")
    ]


@pytest.mark.parametrize("seed", range(20))
def test_equals_stand_in_the_order_of_their_ids_however_they_come(seed: int):
    rng = np.random.default_rng(seed)
    names = [f"{at:02d}" for at in range(40)]
    frame = pd.DataFrame(
        {
            "class_key": rng.choice(["hot", "cold"], 40),
            "minutes": rng.choice([1.0, 2.0, np.inf, np.nan], 40),
        },
        index=names,
    )
    shuffled = frame.sample(frac=1, random_state=seed)
    got = ranked(shuffled, ("minutes", "high"), classes=HOTSPOTS)
    wanted = sorted(
        names,
        key=lambda name: (
            frame.loc[name, "class_key"] == "cold",
            np.isnan(frame.loc[name, "minutes"]),
            -np.nan_to_num(frame.loc[name, "minutes"], nan=0.0, posinf=1e9),
            name,
        ),
    )
    assert list(got.index) == wanted


def test_the_most_deprived_area_comes_first(results: Results):
    assert ids(results, "areas") == [WEST, MID, MOOR, EASTERN, FAR]


def test_settings_that_count_come_first_and_by_name(results: Results):
    assert ids(results, "provision") == ["n1", "n2", "n3", "n4"]


def test_the_unplaced_with_most_places_come_first(tmp_path: Path):
    more = village.PROVISION + "n6,Lost,12,Active,0,4,,,ZZ9 9ZY\nn7,Gone,,Active,0,4,,,ZZ9 9ZX\n"
    results = village.run(tmp_path, files={"nurseries.csv": more})
    assert ids(results, "unplaced") == ["n6", "n5", "n7"]


def test_the_hexagon_whose_people_travel_longest_comes_first(results: Results):
    cells = pd.read_parquet(results.table("cells"))
    lived_in = (cells["people"] > 0).to_numpy()
    assert list(lived_in) == sorted(lived_in, reverse=True)
    for part in (cells[lived_in], cells[~lived_in]):
        assert part["minutes_mean"].fillna(np.inf).is_monotonic_decreasing


def test_the_nursery_that_is_nearest_to_most_comes_first(results: Results):
    assert ids(results, "catchments") == ["n1", "n2"]


def test_the_place_that_would_bring_most_comes_first(results: Results):
    assert pd.read_parquet(results.table("gains"))["people_gained"].is_monotonic_decreasing
