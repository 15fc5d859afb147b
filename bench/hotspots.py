"""Hot spots of every area of England and Wales beside esda and GeoDa: seconds, memory, answers."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.growth import forget_peak, peak_bytes
from bench.places import REAL, SEED
from bench.timing import Row, absent, against, in_turn, limited, once, told

ANALYTIC_AT_LEAST = 10.0
PERMUTED_AT_LEAST = 100.0
MANY_AT_MOST_S = 1.5
MEGABYTE = 2**20
AREAS = REAL / "england_wales" / "boundaries_lsoa21.parquet"
Floats = NDArray[np.float64]


def rows(*, repeats: int) -> Iterator[Row]:
    """Measure Gi* on values that gather somewhat, with neighbours that share a border."""
    if not AREAS.is_file():
        yield absent("hot spots", "England and Wales", "esda, GeoDa", "the file is not at hand")
        return
    try:
        import esda  # noqa: F401 - whether it is there
        import pygeoda
    except ImportError:
        yield absent("hot spots", "England and Wales", "esda, GeoDa", "not installed")
        return
    import pandas as pd
    from libpysal.graph import Graph

    from geoengine import hotspots, neighbours
    from geoengine.hotspots import local

    areas = _areas()
    data = f"{len(areas):,} areas of England and Wales"
    found = in_turn(
        {
            "ours": lambda: neighbours.contiguity(areas),
            "libpysal": lambda: Graph.build_contiguity(areas, rook=False),
        },
        repeats=1,
    )
    links = found["ours"].answer
    theirs = neighbours.from_graph(found["libpysal"].answer)
    same = (links.matrix() - theirs.matrix()).count_nonzero() == 0
    yield against(
        "neighbours by border", data, found["ours"], "libpysal", found["libpysal"],
        same=f"every link: {_yes(same)}",
    )  # fmt: skip

    value = _smooth(links)
    w = found["libpysal"].answer.to_W()
    w_geoda = pygeoda.queen_weights(pygeoda.open(areas.reset_index(drop=True)))

    found = in_turn(
        {
            "ours": lambda: local.gi_star(value, links).z,
            "esda": lambda: _esda(value, w, 0, star=True).Zs,
        },
        repeats=repeats,
    )
    linked = ~links.ids.isin(links.islands)
    gap = np.abs(found["ours"].answer - found["esda"].answer)[linked].max()
    yield against(
        "Gi* with z", data, found["ours"], "esda", found["esda"], at_least=ANALYTIC_AT_LEAST,
        same=f"z to {gap:.0e}",
    )  # fmt: skip

    _esda(value, w, 1)
    ours = in_turn({"ours": lambda: _ours(value, links, 999)}, repeats=repeats)["ours"]
    for name, theirs_run in (
        ("esda", lambda: _esda(value, w, 999).p_sim),
        ("GeoDa", lambda: _geoda(pygeoda, w_geoda, value, "complete")),
        ("GeoDa’s tables", lambda: _geoda(pygeoda, w_geoda, value, "lookup-table")),
    ):
        slow = once(theirs_run)
        alike = np.corrcoef(np.minimum(2 * slow.answer[linked], 1), ours.answer.both[linked])[0, 1]
        yield against(
            "Gi with 999 permutations", data, ours, name, slow,
            at_least=PERMUTED_AT_LEAST if name == "esda" else None,
            same=f"two-sided p beside twice theirs: correlated by {alike:.4f}",
        )  # fmt: skip

    many = in_turn({"ours": lambda: _ours(value, links, 99_999)}, repeats=2)["ours"]
    yield limited("Gi with 99,999 permutations", data, many.seconds, at_most=MANY_AT_MOST_S)
    series = pd.Series(value, index=links.ids)
    whole = in_turn(
        {"ours": lambda: hotspots.find(series, links, rng=np.random.default_rng(1))}, repeats=2
    )["ours"]
    kinds = whole.answer.table["kind"].value_counts()
    yield Row(
        "hot spots with q and classes, 99,999 permutations", data, told(whole.seconds),
        same=f"{kinds.get('hot', 0):,} hot, {kinds.get('cold', 0):,} cold",
    )  # fmt: skip
    unequal = neighbours.from_links(
        links.ids, links.area, links.neighbour,
        np.random.default_rng(SEED).gamma(1, size=len(links.weight)) + 0.01,
    )  # fmt: skip
    each = once(lambda: _ours(value, unequal, 99_999))
    yield Row("the same, every weight different", data, told(each.seconds))
    ours_mb, theirs_mb = (_memory(name) for name in ("ours", "esda"))
    yield Row(
        "memory of permutations (ours 99,999, esda 999)", data, f"{ours_mb:,.0f} MB", "esda",
        f"{theirs_mb:,.0f} MB", ratio=theirs_mb / ours_mb,
    )  # fmt: skip


def _areas() -> Any:
    import geopandas as gpd

    return gpd.read_parquet(AREAS).set_index("lsoa21_code").to_crs("EPSG:27700")


def _ours(value: Floats, links: Any, permutations: int) -> Any:
    from geoengine.hotspots.permutations import shuffle

    return shuffle(value, links, permutations=permutations, rng=np.random.default_rng(1))


def _esda(value: Floats, w: Any, permutations: int, *, star: bool = False) -> Any:
    import esda

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return esda.G_Local(
            value, w, transform="B", star=star, permutations=permutations, n_jobs=1,
            keep_simulations=False, seed=1,
        )  # fmt: skip


def _smooth(links: Any) -> Floats:
    """Values of which a third is shared with the neighbours."""
    noise = np.random.default_rng(SEED).normal(size=len(links))
    near = links.with_self().row_standardised().matrix()
    return noise + near @ noise + 10


def _geoda(pygeoda: Any, w: Any, value: Floats, method: str) -> Floats:
    found = pygeoda.local_g(
        w, value.tolist(), permutations=999, permutation_method=method, seed=1,
        cpu_threads=os.cpu_count() or 1,
    )  # fmt: skip
    return np.array(found.lisa_pvalues())


def _memory(name: str) -> float:
    """Return by how many megabytes a run raises the most memory held, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.hotspots", name],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return float(done.stdout)


def _yes(same: bool) -> str:  # noqa: FBT001 - one flag, said as a word
    return "the same" if same else "**different**"


def main() -> None:
    """Print the megabytes that one rival takes, once a first round has loaded its kernels."""
    import psutil

    from geoengine import neighbours

    links = neighbours.contiguity(_areas())
    value, w = _smooth(links), links.to_graph().to_W()
    few = links.among(np.arange(len(links)) < 500)
    for run in (
        {"ours": lambda: _ours(value[:500], few, 999),
         "esda": lambda: _esda(value[:500], few.to_graph().to_W(), 9)},
        {"ours": lambda: _ours(value, links, 99_999), "esda": lambda: _esda(value, w, 999)},
    ):  # fmt: skip
        forget_peak()
        before = psutil.Process().memory_info().rss
        run[sys.argv[1]]()
    sys.stdout.write(str((peak_bytes() - before) / MEGABYTE))


if __name__ == "__main__":
    main()
