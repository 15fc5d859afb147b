"""The scan statistic, 999 replicates and all: tracts of New York, and as many areas as a region."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import xlogy

from bench import places
from bench.timing import Row, absent, against, in_turn, limited
from geoengine.hotspots import scan
from geoengine.hotspots.windows import Windows, circles

FloatArray = NDArray[np.float64]

REPLICATES = 999
AREAS = 7_000
TASK = f"scan, {REPLICATES} replicates"
PEER = "scipy.sparse, all windows"


def rows(*, repeats: int) -> Iterator[Row]:
    """Time New York beside a product of sparse matrices, then a region alone."""
    folder = places.REAL / "statistics" / "satscan_ny"
    if folder.is_dir():
        yield _beside(folder, repeats)
    else:
        yield absent(TASK, "New York, 281 tracts", PEER, "the files are not at hand")
    x, y, people, cases = _region()
    for share, at_most in ((0.1, 4.0), (0.5, 10.0)):
        where = f"{AREAS:,} areas, windows of up to {share:.0%}"
        windows = circles(x, y, people, max_share=share)
        draw = partial(circles, x, y, people, max_share=share)
        yield limited("windows", where, _cpu_s(draw), at_most=at_most)
        for model in ("poisson", "bernoulli"):
            run = partial(_scanned, cases, people, windows, model)
            took = min(_cpu_s(run) for _ in range(2))
            yield limited(f"{TASK}, {model}", where, took, at_most=at_most)


def _beside(folder: Path, repeats: int) -> Row:
    place, people, cases = (
        pd.read_csv(folder / f"satscan_ny_{name}.txt", sep=r"\s+", header=None, index_col=0)
        for name in ("coords", "pop", "cases")
    )
    people = people[2].to_numpy(dtype=float)
    cases = cases[1].groupby(level=0).sum().reindex(place.index, fill_value=0).to_numpy(dtype=float)
    windows = circles(place[1], place[2], people, max_share=0.1)
    member = _members(windows, len(people))
    timed = in_turn(
        {
            "ours": lambda: _scanned(cases, people, windows, "poisson"),
            PEER: lambda: _by_products(member, people, int(cases.sum())),
        },
        repeats=repeats,
    )
    same = np.allclose(timed["ours"].answer.greatest, timed[PEER].answer, rtol=1e-9)
    if not same:
        raise RuntimeError("the greatest ratios of the replicates differ")
    return against(
        TASK, "New York, 281 tracts", timed["ours"], PEER, timed[PEER], at_least=5,
        same="greatest ratios of all replicates equal",
    )  # fmt: skip


def _scanned(cases: FloatArray, people: FloatArray, windows: Windows, model: str) -> scan.Scan:
    return scan.find(
        cases, people, windows, model=model, replicates=REPLICATES,
        rng=np.random.default_rng(places.SEED),
    )  # fmt: skip


def _members(windows: Windows, areas: int) -> csr_array:
    """Return every window as a row that marks its areas."""
    first, member = [0], []
    for i in range(areas):
        row = windows.area[windows.first[i] : windows.first[i + 1]]
        for size in range(1, len(row) + 1):
            member.append(row[:size])
            first.append(first[-1] + size)
    member = np.concatenate(member)
    return csr_array((np.ones(len(member)), member, np.array(first)), shape=(len(first) - 1, areas))


def _by_products(member: csr_array, people: FloatArray, total: int) -> FloatArray:
    rng = np.random.default_rng(places.SEED)
    strips = [min(256, REPLICATES - at) for at in range(0, REPLICATES, 256)]
    drawn = np.concatenate([rng.multinomial(total, people / people.sum(), n) for n in strips])
    expected = (member @ people * total / people.sum())[:, None]
    cases = member @ drawn.T.astype(float)
    ratio = xlogy(cases, cases / expected)
    ratio += xlogy(total - cases, (total - cases) / (total - expected))
    return np.where((cases > expected) & (cases >= 2), ratio, 0).max(axis=0)


def _region() -> tuple[FloatArray, ...]:
    """Areas listed place by place, as official codes are."""
    rng = np.random.default_rng(places.SEED)
    x, y = rng.uniform(0, 100_000, (2, AREAS))
    order = np.lexsort((x, y // 2_000))
    people = rng.integers(50, 200, AREAS).astype(float)
    return x[order], y[order], people, rng.binomial(people.astype(int), 0.02).astype(float)


def _cpu_s(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
