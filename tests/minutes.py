"""Pairs from a table of minutes, as a test writes it."""

import numpy as np

from geoengine.accessibility import Pairs, pair_up


def pairs_from(minutes) -> Pairs:
    """Pairs from a table of minutes: a row an origin, a column a provision, inf where no way."""
    table = np.asarray(minutes, dtype=float)
    origin, destination = np.nonzero(np.isfinite(table))
    return pair_up(
        origin,
        destination,
        table[origin, destination] * 60,
        origins=table.shape[0],
        destinations=table.shape[1],
    )


def amounts(*values) -> np.ndarray:
    """Return the values as an array of numbers."""
    return np.array(values, dtype=float)
