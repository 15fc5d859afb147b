"""The UK's indices of deprivation: what their columns are called, and where deciles end."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

INDICES = {
    "imd": r"(?:indexofmultipledeprivation)?(?:[wsn]?imd)|indexofmultipledeprivation|nimdm|mdm|"
    r"(?:wimd)?overall|multipledeprivation|deprivation|",
    "idaci": r"incomedeprivationaffectingchildren(?:index)?(?:idaci)?|idaci",
    "idaopi": r"incomedeprivationaffectingolderpeople(?:index)?(?:idaopi)?|idaopi",
    "income": r"income",
    "employment": r"employment|empl",
    "education": r"education(?:skills(?:and)?training)?",
    "health": r"health(?:(?:deprivation)?anddisability)?",
    "crime": r"crime|communitysafety|cd",
    "housing": r"barrierstohousingandservices|housing(?:and(?:services|access))?",
    "access": r"access(?:toservices)?",
    "environment": r"(?:living|physical)?environment|livenv",
}
"""The index, its supplements and its domains, as squashed column names call them."""

EDITION = r"(?:[wsn]?imd|iod|ah)?(?:20)?\d\d(?:v\d)?|[wsn]imd(?:20\d\d)?(?:v\d)?|[dp]\d|"
MEASURES = {
    "rank": r"rank(?:ing)?",
    "decile": r"(?:country|national)?decile",
    "score": r"score(?:rate)?",
}
AREAS_RANKED = {
    ("E", "2011"): 32_844,
    ("E", "2021"): 33_755,
    ("W", "2011"): 1_909,
    ("W", "2021"): 1_917,
    ("S", "2011"): 6_976,
    ("N", "2001"): 890,
}
"""How many areas each nation ranked, by census year of its areas."""

LAST_OF_DECILE = {
    ("W", "2011"): (191, 382, 573, 764, 955, 1146, 1337, 1528, 1719, 1909),
    ("W", "2021"): (191, 382, 574, 766, 958, 1149, 1341, 1533, 1724, 1917),
}
"""The last rank of each decile where the publisher's deciles are not even tenths."""

NATIONS = {"E": "England", "W": "Wales", "S": "Scotland", "N": "Northern Ireland"}


def areas_ranked(nations: NDArray[np.object_], years: pd.Series) -> NDArray[np.float64]:
    """Return how many areas the nation of each ranked, shape (areas,); NaN where not known."""
    return np.array(
        [
            AREAS_RANKED.get((nation, year), np.nan)
            for nation, year in zip(nations, years, strict=True)
        ],
        dtype=float,
    )


def decile_of(
    rank: NDArray[np.float64], nations: NDArray[np.object_], years: pd.Series
) -> NDArray[np.float64]:
    """
    Return the decile in which the publisher puts each rank; NaN where there is no rank.

    Examples
    --------
    >>> nations, years = np.array(["E", "E", "W"], dtype=object), pd.Series(["2011"] * 3)
    >>> decile_of(np.array([3284.0, 3285.0, 191.0]), nations, years).tolist()
    [1.0, 2.0, 1.0]
    """
    decile = np.ceil(10 * rank / areas_ranked(nations, years))
    for (nation, year), last in LAST_OF_DECILE.items():
        mine = (nations == nation) & (years == year).to_numpy() & np.isfinite(rank)
        decile[mine] = np.searchsorted(last, rank[mine]) + 1
    return decile
