"""Values by area code, put into the order of the areas and checked."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, TableError

FloatArray = NDArray[np.float64]

NO_INFINITY = "leave it missing, or give the people out of reach instead of minutes"


def aligned(ids: pd.Index, **series: pd.Series | None) -> dict[str, FloatArray]:
    """
    Return each series' numbers in the order of the areas.

    Parameters
    ----------
    ids
        The areas' codes.
    series
        Numbers by code, in any order, missing where not known; or none.

    Raises
    ------
    TableError
        If codes of a series are not those of the areas, or a value is infinite or no number.
    """
    faults: list[Fault] = []
    found = {}
    for name, given in series.items():
        if given is None:
            continue
        faults += _strangers(ids, name, given)
        numbers = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        strange = np.isnan(numbers) & given.notna().to_numpy()
        for code, text in given[strange].items():
            faults.append(Fault(name, 0, f"'{code}' must have a number or none, not {text!r}"))
        for code in given.index[np.isinf(numbers)]:
            faults.append(Fault(name, 0, f"'{code}' is infinite; {NO_INFINITY}"))
        found[name] = numbers if faults else numbers[given.index.get_indexer(ids)]
    if faults:
        raise TableError(faults)
    return found


def words(
    ids: pd.Index,
    name: str,
    given: pd.Series | None,
    allowed: Mapping[object, str],
    *,
    other: object,
) -> NDArray[np.object_]:
    """
    Return what a series says of each area, in their order.

    Parameters
    ----------
    ids
        The areas' codes.
    name
        What faults call the series.
    given
        By code, in any order; or none, which says `other` of every area.
    allowed
        What it may say, and how faults spell that.

    Raises
    ------
    TableError
        If codes of the series are not those of the areas, or it says what is not allowed.
    """
    if given is None:
        return np.full(len(ids), other, dtype=object)
    must = " or ".join(allowed.values())
    bad = given.index[~given.isin(list(allowed))]
    faults = [
        *_strangers(ids, name, given),
        *(Fault(name, 0, f"'{code}' must be {must}") for code in bad),
    ]
    if faults:
        raise TableError(faults)
    return given.to_numpy(dtype=object)[given.index.get_indexer(ids)]


def _strangers(ids: pd.Index, name: str, given: pd.Series) -> list[Fault]:
    """Return a fault for each code that is missing, stands twice or is not an area's."""
    twice = given.index[given.index.duplicated()].unique()
    return [
        *(Fault(name, 0, f"no row for '{code}'") for code in ids.difference(given.index)),
        *(
            Fault(name, 0, f"'{code}' is no area with neighbours")
            for code in given.index.difference(ids)
        ),
        *(Fault(name, 0, f"'{code}' stands more than once") for code in twice),
    ]
