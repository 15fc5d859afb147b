"""Every measure of access in one pass, alone over ten million pairs and beside pysal/access."""

import importlib.util
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import places
from bench.timing import Row, Timed, absent, against, in_turn, limited
from geoengine import accessibility, decay
from geoengine.accessibility import Pairs

FloatArray = NDArray[np.float64]

ORIGINS, PROVISIONS, IN_REACH = 100_000, 3_000, 100
PER_MIN = 0.05
FALL = decay.exponential(PER_MIN)
PEER = "pysal/access"


def rows(*, repeats: int) -> Iterator[Row]:
    """Time each measure over ten million pairs, then those that pysal/access has beside it."""
    yield from _alone(repeats)
    if importlib.util.find_spec("access") is None:
        yield absent("measures of access", "", PEER, "it is not installed")
        return
    yield from _beside(repeats)
    yield from _settling(repeats)


def _alone(repeats: int) -> Iterator[Row]:
    pairs, supply, demand = region(ORIGINS, PROVISIONS, IN_REACH)
    told = f"{len(pairs.seconds) / 1e6:g} million pairs"
    for name, run in _measures(pairs, supply, demand).items():
        run()
        yield limited(name, told, min(_cpu_s(run) for _ in range(repeats)), at_most=0.1)


def _measures(
    pairs: Pairs, supply: FloatArray, demand: FloatArray
) -> Mapping[str, Callable[[], Any]]:
    """Every measure that takes one pass, with the decay that it is published with if any."""
    sharing = {"supply": supply, "demand": demand}
    return {
        "nearest": lambda: accessibility.nearest(pairs),
        "mean of the 3 nearest": lambda: accessibility.mean_of_nearest(pairs, 3),
        "cumulative": lambda: accessibility.cumulative(pairs, supply, cutoff_s=900),
        "gravity, linear": lambda: accessibility.gravity(pairs, supply, decay=decay.linear(1800)),
        "gravity, exponential": lambda: accessibility.gravity(pairs, supply, decay=FALL),
        "dual access": lambda: accessibility.time_to_reach(pairs, supply, 500.0),
        "balancing time": lambda: accessibility.balancing_time(pairs, supply, demand),
        "2SFCA": lambda: accessibility.two_step_floating_catchment(pairs, **sharing),
        "3SFCA": lambda: accessibility.three_step_floating_catchment(pairs, **sharing),
        "M2SFCA": lambda: accessibility.modified_two_step_floating_catchment(pairs, **sharing),
        "MH3SFCA": lambda: accessibility.huff_three_step_floating_catchment(pairs, **sharing),
        "BFCA": lambda: accessibility.balanced_floating_catchment(pairs, **sharing),
        "E2SFCA": lambda: accessibility.enhanced_two_step_floating_catchment(pairs, **sharing),
        "spatial availability": lambda: accessibility.spatial_availability(pairs, **sharing),
        "market availability": lambda: accessibility.market_availability(pairs, **sharing),
        "total constrained": lambda: accessibility.total_constrained(pairs, supply),
        "official measure": lambda: accessibility.childcare_places_per_100(pairs, supply, demand),
    }


def _cpu_s(run: Callable[[], Any]) -> float:
    start = time.thread_time()
    run()
    return time.thread_time() - start


def _beside(repeats: int) -> Iterator[Row]:
    from access import fca

    pairs, supply, demand = region(10_000, 300, 100)
    people, places_there, costs = _frames(pairs, supply, demand)

    def theirs(measure: Callable[..., Any]) -> Any:
        return measure(
            people, places_there, costs, max_cost=1e6, demand_index=True, supply_index=True,
            weight_fn=lambda minutes: np.exp(-PER_MIN * minutes),
        )  # fmt: skip

    both: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
        "2SFCA": (accessibility.two_step_floating_catchment, fca.two_stage_fca),
        "3SFCA": (accessibility.three_step_floating_catchment, fca.three_stage_fca),
    }
    for name, (measure, peer) in both.items():
        timed = in_turn(
            {
                "ours": lambda measure=measure: measure(pairs, supply, demand, decay=FALL),
                "theirs": lambda peer=peer: theirs(peer),
            },
            repeats=min(repeats, 3),
        )
        told = timed["theirs"].answer.sort_index().to_numpy()
        yield _compared(name, f"{len(pairs.seconds) / 1e6:g} million pairs", timed, told, None)


def _settling(repeats: int) -> Iterator[Row]:
    from access import raam

    chicago = _chicago()
    if chicago is None:
        yield absent("RAAM, 150 cycles", "Chicago’s doctors", PEER, "the files are not at hand")
        return
    pairs, supply, demand = chicago
    people, places_there, costs = _frames(pairs, supply, demand)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        timed = in_turn(
            {
                "ours": lambda: accessibility.stepwise_agent_access(
                    pairs, supply, demand, tau_s=1e5
                ),
                "theirs": lambda: raam.raam(people, places_there, costs, tau=1e5 / 60),
            },
            repeats=repeats,
        )
    living = np.flatnonzero(demand > 0)
    told = np.full(len(demand), np.nan)
    told[living] = timed["theirs"].answer.reindex(living).to_numpy()
    data = f"Chicago’s doctors, {len(pairs.seconds):,} pairs"
    yield _compared("RAAM, 150 cycles", data, timed, told, 50)


def _compared(
    name: str, data: str, timed: Mapping[str, Timed], told: FloatArray, at_least: float | None
) -> Row:
    ours = timed["ours"].answer
    known = ~np.isnan(told)
    apart = float(np.abs(ours[known] / told[known] - 1).max())
    same = f"yes: all {int(known.sum()):,}" if apart < 1e-9 else f"**no**: up to {apart:.2g} apart"
    return against(
        name, data, timed["ours"], PEER, timed["theirs"], at_least=at_least, same=same
    )  # fmt: skip


def region(origins: int, provisions: int, in_reach: int) -> tuple[Pairs, FloatArray, FloatArray]:
    """Return pairs in which each origin reaches as many, with places and people."""
    rng = np.random.default_rng(places.SEED)
    apart = provisions // in_reach
    destination = rng.integers(0, apart, (origins, in_reach)) + apart * np.arange(in_reach)
    first = np.arange(0, origins * in_reach + 1, in_reach, dtype=np.int64)
    seconds = rng.uniform(0, 3600, origins * in_reach).round(1)
    pairs = Pairs(first, destination.ravel().astype(np.int32), seconds, provisions)
    supply = rng.integers(0, 100, provisions).astype(float)
    return pairs, supply, rng.integers(1, 50, origins).astype(float)


def _frames(pairs: Pairs, supply: FloatArray, demand: FloatArray) -> tuple[Any, Any, Any]:
    """Return demand, supply and minutes as the tables that pysal/access takes."""
    import pandas as pd

    costs = pd.DataFrame(
        {"origin": pairs.origin, "dest": pairs.destination, "cost": pairs.seconds / 60}
    )
    return pd.DataFrame({"demand": demand}), pd.DataFrame({"supply": supply}), costs


def _chicago() -> tuple[Pairs, FloatArray, FloatArray] | None:
    """Return the case of the peer's own notebook: metres between 1,930 tracts, and doctors."""
    import geopandas as gpd

    folder = places.REAL / "access_chicago"
    if not folder.is_dir():
        return None
    doctors = gpd.read_file(folder / "doc.geojson").to_crs("EPSG:2790")
    people = gpd.read_file(folder / "pop.geojson").to_crs("EPSG:2790")
    metres = np.hypot(
        people.geometry.x.to_numpy()[:, None] - doctors.geometry.x.to_numpy(),
        people.geometry.y.to_numpy()[:, None] - doctors.geometry.y.to_numpy(),
    )
    origin, destination = np.nonzero(metres < 250_000)
    pairs = accessibility.pair_up(
        origin, destination, metres[origin, destination],
        origins=len(people), destinations=len(doctors),
    )  # fmt: skip
    return pairs, doctors["doc"].to_numpy(dtype=float), people["pop"].to_numpy(dtype=float)
