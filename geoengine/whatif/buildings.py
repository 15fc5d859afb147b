"""Buildings in which a setting could open, on the streets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoengine.network.snapping import Positions

COLUMNS = ("name", "kind", "x_m", "y_m")


@dataclass(frozen=True, eq=False)
class Buildings:
    """
    Where a setting could open.

    Parameters
    ----------
    table
        Index `candidate_id`; `name`, `kind` (school, library …), `x_m` and `y_m`, in the
        network's CRS.
    at
        Where each joins the streets.
    """

    table: pd.DataFrame
    at: Positions


def none() -> Buildings:
    """Return no buildings, for what is planned without any."""
    table = pd.DataFrame({name: [] for name in COLUMNS}, index=pd.Index([], name="candidate_id"))
    whole, real = np.zeros(0, np.int32), np.zeros(0)
    return Buildings(table, Positions(whole, whole, whole, real, real, real))
