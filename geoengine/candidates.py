"""The buildings where a service could open: those of the street map, and a council's own."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from geoengine.sources import features, provision
from geoengine.study import Study
from geoengine.tables import CANDIDATES, Reading, no_rows


def read(study: Study, readings: Mapping[str, Reading]) -> Reading:
    """
    Read every building in which a study's service could open.

    Parameters
    ----------
    study
        Its `[candidates]` say which buildings.
    readings
        What has been read already; of it the `postcodes`, where the study has any.

    Returns
    -------
    Reading
        `tables.CANDIDATES` in the study's CRS, by id; empty where the streets are no extract and
        no file is named.

    Raises
    ------
    FaultsError
        If a file cannot be used; says what is wrong with it.
    """
    asked, crs, streets = study.candidates, study.study.crs, study.streets.file
    parts = []
    if asked.osm and streets is not None and streets.suffix.lower() != ".graphml":
        parts.append(features.read_candidates(streets, crs=crs, tags=asked.osm))
    if asked.file is not None:
        postcodes = readings["postcodes"].frame if "postcodes" in readings else None
        parts.append(
            provision.read_candidates(
                asked.file, crs=crs, postcodes=postcodes, columns=asked.columns, where=asked.where
            )
        )
    none = gpd.GeoDataFrame({"name": [], "kind": []}, geometry=[], crs=crs)
    frame = pd.concat([part.frame for part in parts] or [none.rename_axis("candidate_id")])
    return Reading(
        CANDIDATES.check(frame.sort_index(), source=str(asked.file or streets)),
        sum(part.rows_read for part in parts),
        pd.concat([part.left_out for part in parts] or [no_rows()]),
        notes=tuple(note for part in parts for note in part.notes),
    )
