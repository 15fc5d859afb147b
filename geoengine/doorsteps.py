"""What each postcode and each area reaches: kept with the results for who looks up their own."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoengine.degrees import to_degrees

if TYPE_CHECKING:
    from geoengine.analysis import Analysis

DECIMALS = 6
STATES = ("measured", "unreachable", "no network", "uncertain", "no homes", "ended")


def of_postcodes(analysis: "Analysis") -> dict[str, list[Any]] | None:
    """
    Return every postcode with where it is and how far its nearest provision is.

    Parameters
    ----------
    analysis
        What was found.

    Returns
    -------
    dict or None
        Columns of one length, in order of `postcode`: `longitude` and `latitude` (degrees);
        `area_code` (None outside the study area); `minutes` to the nearest provision and its
        `provision_id` (None unless `state` is "measured"); and `state`, one of `STATES`:
        "uncertain" where a nearer one may lie where the street map does not reach, "no homes"
        where nobody of the study lives, "ended" for a terminated postcode. `None` where the
        study names no postcodes.
    """
    postcodes = analysis.inputs.postcodes
    if postcodes is None or not len(postcodes):
        return None
    postcodes = postcodes.sort_index()
    turn = to_degrees(analysis.grounds.network.crs)
    longitude, latitude = turn.transform(postcodes["x_m"], postcodes["y_m"])
    homes = _homes(analysis).reindex(postcodes.index)
    said = postcodes["area_code"].where(postcodes["area_code"].isin(analysis.inputs.areas.index))
    state = homes["state"].fillna("no homes").where(postcodes["live"], "ended")
    measured = (state == "measured").to_numpy()
    return {
        "postcode": [str(name) for name in postcodes.index],
        "longitude": np.round(longitude, DECIMALS).tolist(),
        "latitude": np.round(latitude, DECIMALS).tolist(),
        "area_code": _plain(homes["area_code"].fillna(said)),
        "minutes": _plain(homes["minutes"].where(measured).round(2)),
        "provision_id": _plain(homes["provision_id"].where(measured)),
        "state": [str(each) for each in state],
    }


def of_areas(analysis: "Analysis") -> dict[str, list[list[Any]]]:
    """
    Return the provisions within the cut-off of any home of each area, the most reached first.

    Parameters
    ----------
    analysis
        What was found.

    Returns
    -------
    dict
        `area_code` → a list of `[provision_id, people, minutes]`: how many of the area's people
        have it within the cut-off, and the minutes from the nearest of their homes.
    """
    origins = analysis.grounds.origins
    pairs = analysis.pairs.to_frame(origins.index, analysis.grounds.eligible.index)
    held = pairs.join(origins[["area_code", "people"]], on="from_id")
    grouped = held.groupby(["area_code", "to_id"], sort=True)
    reached = grouped.agg(people=("people", "sum"), minutes=("travel_time_min", "min"))
    reached = reached.reset_index().sort_values(
        ["area_code", "people", "minutes", "to_id"], ascending=[True, False, True, True]
    )
    told: dict[str, list[list[Any]]] = {}
    for code, provision, people, minutes in reached.itertuples(index=False):
        told.setdefault(str(code), []).append(
            [str(provision), round(float(people), 1), round(float(minutes), 2)]
        )
    return told


def _homes(analysis: "Analysis") -> pd.DataFrame:
    """Return what each origin reaches: `area_code`, `minutes`, `provision_id` and `state`."""
    origins, reach = analysis.grounds.origins, analysis.reach
    seconds = reach.nearest.origin_s[:, 0]
    at = reach.nearest.origin_provision[:, 0]
    ids = np.array([*analysis.grounds.eligible.index, None], dtype=object)
    off, lost = np.isnan(seconds), np.isinf(seconds)
    beyond = ~(seconds <= analysis.rule.cutoff_s)
    state = np.select(
        [off, reach.uncertain & beyond, lost],
        ["no network", "uncertain", "unreachable"],
        "measured",
    )
    return pd.DataFrame(
        {
            "area_code": origins["area_code"].to_numpy(),
            "minutes": seconds / 60,
            "provision_id": ids[at],
            "state": state,
        },
        index=origins.index,
    )


def _plain(values: pd.Series) -> list[Any]:
    return values.astype(object).where(values.notna(), None).tolist()
