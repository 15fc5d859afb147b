"""What a scan says of each area: in which cluster it lies, if in any, and how sure that is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.hotspots import scan
from geoengine.hotspots.windows import FloatArray, Windows


@dataclass(frozen=True, eq=False)
class Groups:
    """
    Clusters as a table of areas.

    Parameters
    ----------
    table
        By area code: `kind`, "cluster", "none", "unknown" or one of `kinds.LACKING`; `cluster`,
        its name, or ""; `ratio`, `p` and `p_gumbel` of that, or NaN; `sentence`.
    said
        A sentence for each cluster with an area that is shown, the surest first; or that there
        is no figure at all.
    found
        The scan.
    """

    table: pd.DataFrame
    said: tuple[str, ...]
    found: scan.Scan


def find(
    counts: pd.DataFrame, names: pd.Series, windows: Callable[[FloatArray], Windows], *,
    rng: np.random.Generator, event: str, lacking: pd.Series, alpha: float,
    shown: pd.Series | None = None, model: scan.Model = "bernoulli",
    direction: scan.Direction = "high", replicates: int = 999,
) -> Groups:  # fmt: skip
    """
    Scan counts for clusters and say of each area what it is part of.

    Parameters
    ----------
    counts
        `count` and `people` by area code; both missing where either is not known.
    names
        Of the areas, in the same order.
    windows
        Makes the windows of a number of people by area, which are NaN where not known.
    rng, model, direction, replicates
        As for `scan.find`.
    event
        What was counted, in the plural.
    lacking
        Why the count or the people are missing, in the same order: one of `kinds.LACKING`, or "".
    alpha
        A cluster is told up to this p.
    shown
        Which areas are shown; by default all.

    Examples
    --------
    Six villages in a row; the cases are in the first two.

    >>> from geoengine.hotspots.windows import circles
    >>> codes = pd.Index(list("abcdef"), name="area_code")
    >>> counts = pd.DataFrame({"count": [9, 11, 1, 0, 2, 1], "people": 100.0}, index=codes)
    >>> found = find(
    ...     counts, codes.to_series(), lambda people: circles(np.arange(6), np.zeros(6), people),
    ...     rng=np.random.default_rng(1), event="falls", alpha=0.05,
    ...     lacking=pd.Series("", index=codes))
    >>> found.table["cluster"].tolist()
    ['1: around a', '1: around a', '', '', '', '']
    """
    people = counts["people"].to_numpy(dtype=float)
    unit: Literal["m", "s"] = "m"
    found = _nothing(len(counts))
    if np.nansum(people) > 0:
        drawn = windows(people)
        unit = drawn.unit
        found = scan.find(
            counts["count"].to_numpy(dtype=float), people, drawn,
            rng=rng, model=model, direction=direction, replicates=replicates,
        )  # fmt: skip
    told = [str(name) for name in names]
    table = pd.DataFrame(
        {
            "kind": "none", "cluster": "", "ratio": np.nan, "p": np.nan, "p_gumbel": np.nan,
            "sentence": [f"{name} is in no cluster." for name in told],
        },
        index=counts.index,
    )  # fmt: skip
    missing = counts["count"].isna().to_numpy()
    table.loc[missing, "kind"] = lacking.replace("", "unknown").to_numpy()[missing]
    table.loc[missing, "sentence"] = [
        f"{name} has {'nobody to count among' if kind == 'nobody' else 'no figure to compare'}."
        for name, kind in zip(names[missing], table["kind"][missing], strict=True)
    ]
    seen = np.ones(len(counts), dtype=bool) if shown is None else shown.to_numpy(dtype=bool)
    said = ["No area has a figure to compare."] if missing.all() else []
    for cluster in found.clusters:
        if cluster.p > alpha:
            break
        if not seen[cluster.members].any():
            continue
        said.append(scan.sentence(cluster, told, unit, event=event))
        here = counts.index[cluster.members]
        table.loc[here, ["kind", "cluster", "sentence"]] = (
            "cluster", f"{len(said)}: around {told[cluster.centre]}", said[-1],
        )  # fmt: skip
        table.loc[here, ["ratio", "p", "p_gumbel"]] = (cluster.ratio, cluster.p, cluster.p_gumbel)
    return Groups(table, tuple(said), found)


def _nothing(areas: int) -> scan.Scan:
    none: NDArray[np.int64] = np.empty(0, np.int64)
    return scan.Scan((), np.empty(0), np.arange(areas), none)
