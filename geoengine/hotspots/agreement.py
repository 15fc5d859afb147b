"""Whether a hot spot holds: how often it is found under other weights, scales and boundaries."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geoengine.hotspots.kinds import KINDS, UNTESTED


def agreement(kinds: Mapping[str, pd.Series], *, kind: str = "hot") -> pd.DataFrame:
    """
    Say in how many of several results each area is of a kind.

    Parameters
    ----------
    kinds
        By the name of the result, such as "8 nearest": the kind of each area by area code, or
        the share of each area that is of the kind, as `carried` gives it.
    kind
        The kind to look for.

    Returns
    -------
    pandas.DataFrame
        Index `area_code`, every area of any result: `results`, how many of them tested the area;
        `share`, the mean over these of 1 where it is of the kind and 0 where not (or the share
        carried over), NaN where none tested it; and a column of that for each result.

    Raises
    ------
    ValueError
        If there is no result, or no such kind.

    Examples
    --------
    >>> agreement({
    ...     "border": pd.Series(["hot", "hot", "unknown"], index=["a", "b", "c"]),
    ...     "8 nearest": pd.Series(["hot", "not_significant", "unknown"], index=["a", "b", "c"]),
    ... })["share"].tolist()
    [1.0, 0.5, nan]
    """
    if not kinds:
        raise ValueError("there must be at least one result to compare")
    _check_kind(kind)
    each = pd.DataFrame({name: _is_kind(given, kind) for name, given in kinds.items()})
    each = each.rename_axis("area_code")
    summary = pd.DataFrame({"results": each.notna().sum(axis=1), "share": each.mean(axis=1)})
    return summary.join(each)


def carried(kinds: pd.Series, crosswalk: pd.DataFrame, *, kind: str = "hot") -> pd.Series:
    """
    Carry a result over to other areas: the share of each that is of a kind.

    Parameters
    ----------
    kinds
        Kind of each cell or larger area by its code.
    crosswalk
        Columns `from_code`, `area_code` and `share`: which share of the area (of its people, or
        its ground) lies in each cell, 0-1.
    kind
        The kind to look for.

    Returns
    -------
    pandas.Series
        By area code, 0-1, of what was tested; NaN where none of the area was.

    Raises
    ------
    ValueError
        If the crosswalk names a code without a kind, or a share is not from 0 to 1.

    Examples
    --------
    An area has three quarters of its people in a hot cell and a quarter in one that is not.

    >>> cells = pd.Series(["hot", "not_significant"], index=["x", "y"])
    >>> across = pd.DataFrame({"from_code": ["x", "y"], "area_code": "a", "share": [0.75, 0.25]})
    >>> carried(cells, across).to_dict()
    {'a': 0.75}
    """
    _check_kind(kind)
    strange = crosswalk["from_code"][~crosswalk["from_code"].isin(kinds.index)]
    if len(strange):
        raise ValueError(f"crosswalk: '{strange.iloc[0]}' has no kind")
    share = crosswalk["share"].to_numpy(dtype=float)
    if not ((share >= 0) & (share <= 1)).all():
        raise ValueError("crosswalk: every 'share' must be from 0 to 1")
    there = _is_kind(kinds, kind).reindex(crosswalk["from_code"]).to_numpy()
    tested = np.where(np.isnan(there), 0.0, share)
    parts = pd.DataFrame({"of_kind": tested * np.nan_to_num(there), "tested": tested})
    sums = parts.groupby(crosswalk["area_code"].to_numpy()).sum().rename_axis("area_code")
    carried_over: pd.Series = sums["of_kind"] / sums["tested"].where(sums["tested"] > 0)
    return carried_over


def _is_kind(given: pd.Series, kind: str) -> pd.Series:
    if pd.api.types.is_numeric_dtype(given):
        return given.astype(float)
    strange = given[~given.isin(list(KINDS))]
    if len(strange):
        raise ValueError(f"'{strange.iloc[0]}' of '{strange.index[0]}' is no kind of area")
    found: pd.Series = (given == kind).astype(float).mask(given.isin(UNTESTED))
    return found


def _check_kind(kind: str) -> None:
    if kind not in KINDS or kind in UNTESTED:
        tested = ", ".join(name for name in KINDS if name not in UNTESTED)
        raise ValueError(f"kind must be one of {tested}, not '{kind}'")
