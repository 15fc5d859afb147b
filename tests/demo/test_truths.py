"""The planted truths hold, by a second and plainer reckoning of every walk."""

import json
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from geoengine.demo import files

METRES_PER_MINUTE = 80.0
TRUTHS = ("river", "railway", "closed", "border", "far", "near")


@dataclass(frozen=True)
class Walk:
    """Minutes from each live home postcode of an area to the nearest open nursery."""

    all_homes: np.ndarray
    to_home_county: np.ndarray
    crow_m: float


@pytest.fixture(scope="session")
def walks(place: Path, footways) -> dict[str, tuple[dict[str, str], Walk]]:
    codes = pd.read_csv(place / files.POSTCODES, low_memory=False)
    placed = codes[codes["gridind"] == 1].set_index("pcds")
    live = placed[placed["doterm"].isna() & (placed["usrtypind"] == 0)]
    register = pd.read_csv(place / files.PROVISION)
    nurseries = register[(register["status"] == "Active") & register["postcode"].isin(placed.index)]
    spots = placed.loc[nurseries["postcode"]]
    at = [footways.nearest(e, n) for e, n in zip(spots["east1m"], spots["north1m"], strict=True)]
    ours = [n for n, lad in zip(at, spots["lad25cd"], strict=True) if lad == "E06000991"]
    every = nx.multi_source_dijkstra_path_length(footways.graph, set(at), weight="metres")
    home = nx.multi_source_dijkstra_path_length(footways.graph, set(ours), weight="metres")
    found = {}
    for truth in json.loads((place / "truths.json").read_text(encoding="utf-8")):
        homes = live[live["lsoa21cd"] == truth["lsoa_code"]]
        nodes = [
            footways.nearest(e, n) for e, n in zip(homes["east1m"], homes["north1m"], strict=True)
        ]
        gap = np.hypot(
            homes["east1m"].mean() - spots["east1m"], homes["north1m"].mean() - spots["north1m"]
        ).min()
        found[truth["truth"]] = (
            truth,
            Walk(
                np.array([every.get(node, np.inf) for node in nodes]) / METRES_PER_MINUTE,
                np.array([home.get(node, np.inf) for node in nodes]) / METRES_PER_MINUTE,
                float(gap),
            ),
        )
    return found


@pytest.fixture(scope="session")
def decile(place: Path) -> pd.Series:
    table = pd.read_csv(place / files.DEPRIVATION).set_index("LSOA code (2021)")
    column = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    return table[column]


def test_every_truth_is_planted_once_and_told(walks):
    assert set(walks) == set(TRUTHS)


@pytest.mark.parametrize("truth", ["river", "railway", "closed"])
def test_an_area_planted_as_underserved_is_deprived_and_far_from_every_open_nursery(
    truth, walks, decile
):
    told, walk = walks[truth]
    assert told["expect"] == "underserved"
    assert decile[told["lsoa_code"]] <= 2
    assert walk.all_homes.min() > 25
    assert np.isfinite(walk.all_homes).all()


@pytest.mark.parametrize("truth", ["river", "railway"])
def test_a_nursery_lies_just_across_the_barrier_as_the_crow_flies(truth, walks):
    assert walks[truth][1].crow_m < 600


def test_the_closed_nursery_stands_in_the_area_that_it_left(place, walks):
    codes = pd.read_csv(place / files.POSTCODES, low_memory=False).set_index("pcds")
    register = pd.read_csv(place / files.PROVISION)
    closed = register[register["setting_name"] == "Camp Road Community Nursery"]
    assert closed["status"].tolist() == ["Closed"]
    assert codes.loc[closed["postcode"].iloc[0], "lsoa21cd"] == walks["closed"][0]["lsoa_code"]


def test_a_deprived_area_with_a_nursery_in_its_middle_is_reached_from_its_homes(walks, decile):
    told, walk = walks["near"]
    assert told["expect"] == "reached"
    assert decile[told["lsoa_code"]] <= 2
    assert np.quantile(walk.all_homes, 0.9) < 10
    assert walk.all_homes.max() < 15


def test_the_border_area_is_reached_only_from_across_the_border(walks, decile):
    told, walk = walks["border"]
    assert told["expect"] == "reached"
    assert decile[told["lsoa_code"]] <= 2
    assert np.median(walk.all_homes) < 10
    assert walk.all_homes.max() < 15
    assert walk.to_home_county.min() > 25


def test_a_well_off_area_far_from_everything_is_not_deprived(walks, decile):
    told, walk = walks["far"]
    assert told["expect"] == "not_deprived"
    assert decile[told["lsoa_code"]] >= 5
    assert walk.all_homes.min() > 25
