"""What makes areas neighbours, in a word: `queen`, `knn:8`, `band:2000`, `minutes:15`."""

import re
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["queen", "rook", "knn", "band", "minutes"]
ASKED = re.compile(r"(?P<border>queen|rook)|(?P<kind>knn|band|minutes):(?P<number>\d{1,6}(\.\d+)?)")


@dataclass(frozen=True)
class Weights:
    """
    What makes areas neighbours.

    Parameters
    ----------
    kind
        `queen` (a shared border or corner), `rook` (a border), `knn` (the nearest), `band`
        (within metres), `minutes` (within minutes along streets).
    number
        How many, how many metres, how many minutes; 0 for borders.
    """

    kind: Kind
    number: float = 0.0


def parse(text: str) -> Weights:
    """
    Read what makes areas neighbours.

    Raises
    ------
    ValueError
        If it is none of those known.

    Examples
    --------
    >>> parse("knn:8")
    Weights(kind='knn', number=8.0)
    """
    found = ASKED.fullmatch(text)
    if found is None:
        raise ValueError(
            f"weights must be queen, rook, knn:8, band:2000 (metres) or minutes:15, not '{text}'"
        )
    if found["border"]:
        return Weights(cast("Kind", found["border"]))
    number = float(found["number"])
    if number == 0 or (found["kind"] == "knn" and not number.is_integer()):
        whole = "whole number" if found["kind"] == "knn" else "number"
        raise ValueError(f"weights '{text}' need a {whole} above 0, such as {found['kind']}:8")
    return Weights(cast("Kind", found["kind"]), number)
