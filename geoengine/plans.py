"""Plans for a study: what a server keeps of a run, beside its streets, to answer what-ifs."""

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import analysis, live
from geoengine.analysis import Grounds, Sampled
from geoengine.errors import ResultsError
from geoengine.intake import Inputs
from geoengine.live import LiveReach
from geoengine.network.snapping import Positions
from geoengine.study import Study
from geoengine.underserved import Rule
from geoengine.whatif import Baseline, Buildings, Planner

FILE = "plan.npz"
FORMAT = 2


def of_grounds(
    study: Study, inputs: Inputs, grounds: Grounds, sampled: Sampled | None = None
) -> Planner:
    """
    Return a planner for a study whose people are joined to its streets.

    Parameters
    ----------
    study, inputs, grounds
        What is asked, what the files hold, and people and provision on the streets.
    sampled
        From `analysis.sample`, where it is at hand already.
    """
    network, homes, there = grounds.network, grounds.origins, grounds.eligible
    sampled = sampled or analysis.sample(inputs, grounds)
    known, sample_cell = np.unique(sampled.cell, return_inverse=True)
    baseline = Baseline(
        network=network, index=grounds.index, direction=analysis.direction_of(study),
        limit_m=study.travel.snap_limit_m, reach_m=analysis.furthest_m(study),
        rule=analysis.rule_of(study),
        areas=pd.DataFrame(inputs.areas[["name", "decile", "rank", "people"]]),
        home_area=inputs.areas.index.get_indexer(pd.Index(homes["area_code"])).astype(np.int32),
        people=homes["people"].to_numpy(dtype=float),
        home_x_m=np.asarray(shapely.get_x(homes.geometry), dtype=float),
        home_y_m=np.asarray(shapely.get_y(homes.geometry), dtype=float),
        at_home=grounds.at_home,
        provisions=pd.DataFrame(there[["name", "capacity", "abroad"]]).assign(
            x_m=shapely.get_x(there.geometry), y_m=shapely.get_y(there.geometry)
        ),
        at_provision=grounds.at_provision, samples=sampled.along.at,
        sample_cell=sample_cell.astype(np.int32), cells=known,
    )  # fmt: skip
    could = inputs.candidates
    table = pd.DataFrame(could[["name", "kind"]]).assign(
        x_m=shapely.get_x(could.geometry), y_m=shapely.get_y(could.geometry)
    )
    at_building = analysis.place(study, network, grounds.index, could)
    return Planner(baseline, Buildings(table, at_building))


# ---------------------------------------------------------------------- kept in a file


def write(planner: Planner, folder: Path) -> None:
    """
    Keep of a planner all that `live.write` does not keep beside it.

    Parameters
    ----------
    planner
        What to keep; its streets and homes are those of the run.
    folder
        The run's folder.
    """
    baseline, buildings = planner.baseline, planner.buildings.table
    areas, there, at = baseline.areas, baseline.provisions, baseline.at_provision
    plain = {
        "format": FORMAT, "rule": asdict(baseline.rule), "direction": baseline.direction,
        "limit_m": baseline.limit_m, "reach_m": baseline.reach_m,
        "area_codes": areas.index.tolist(), "area_names": areas["name"].tolist(),
        "provision_ids": there.index.tolist(), "provision_names": there["name"].tolist(),
        "building_ids": buildings.index.tolist(),
        **{f"building_{name}s": buildings[name].tolist() for name in ("name", "kind")},
    }  # fmt: skip
    arrays: dict[str, NDArray[Any]] = {
        "plain": np.frombuffer(json.dumps(plain, sort_keys=True).encode(), np.uint8),
        "home_area": baseline.home_area,
        "sample_chain": baseline.samples.chain, "sample_along_ds": baseline.samples.along_ds,
        "sample_cell": baseline.sample_cell, "cells": baseline.cells,
        **{f"areas.{name}": areas[name].to_numpy(dtype=float) for name in _AREA_NUMBERS},
        **{f"there.{name}": there[name].to_numpy(dtype=float) for name in _PLACE_NUMBERS},
        **{f"buildings.{name}": buildings[name].to_numpy(dtype=float) for name in ("x_m", "y_m")},
        **{f"at.{name}": values for name, values in vars(at).items()},
        **{f"at_building.{name}": values for name, values in vars(planner.buildings.at).items()},
    }  # fmt: skip
    with (folder / FILE).open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


_AREA_NUMBERS = ("decile", "rank", "people")
_PLACE_NUMBERS = ("capacity", "abroad", "x_m", "y_m")


def read(folder: Path, reach: LiveReach | None = None) -> Planner:
    """
    Return a planner of what a run kept, with all that it needs in memory.

    Parameters
    ----------
    folder
        The run's folder.
    reach
        From `live.read` of the same folder, where it is at hand already.

    Raises
    ------
    ResultsError
        If the run kept nothing, or the file is damaged or of another version.
    """
    path = folder / FILE
    reach = reach or live.read(folder)
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        plain = json.loads(arrays["plain"].tobytes())
        return Planner(_put_together(plain, arrays, reach), _buildings(plain, arrays))
    except FileNotFoundError:
        raise ResultsError(
            f"{folder} keeps nothing to plan on: it has no {FILE}. Run the study again"
        ) from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise ResultsError(
            f"{path} is damaged or of another version ({error}). Run the study again"
        ) from error


def _put_together(
    plain: dict[str, Any], arrays: dict[str, NDArray[Any]], reach: LiveReach
) -> Baseline:
    if plain["format"] != FORMAT:
        raise ValueError(f"format {plain['format']}, but this version reads {FORMAT}")
    rule = {**plain["rule"], "deciles": tuple(plain["rule"]["deciles"])}
    areas = pd.DataFrame(
        {"name": plain["area_names"], **{n: arrays[f"areas.{n}"] for n in _AREA_NUMBERS}},
        index=pd.Index(plain["area_codes"], name="area_code"),
    )
    there = pd.DataFrame(
        {"name": plain["provision_names"], **{n: arrays[f"there.{n}"] for n in _PLACE_NUMBERS}},
        index=pd.Index(plain["provision_ids"], name="provision_id"),
    )
    own = next(iter(reach.streets.values()))
    none = np.zeros(len(arrays["sample_chain"]), np.int32)
    nowhere = none.astype(float)
    return Baseline(
        network=own.network, index=own.index, direction=plain["direction"],
        limit_m=plain["limit_m"], reach_m=plain["reach_m"], rule=Rule(**rule), areas=areas,
        home_area=arrays["home_area"], people=reach.people, home_x_m=reach.home_x_m,
        home_y_m=reach.home_y_m, at_home=own.at_home,
        provisions=there.astype({"abroad": bool}),
        at_provision=_positions(arrays, "at"),
        samples=Positions(
            arrays["sample_chain"], arrays["sample_along_ds"], none, nowhere, nowhere, nowhere
        ),
        sample_cell=arrays["sample_cell"], cells=arrays["cells"],
    )  # fmt: skip


def _buildings(plain: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Buildings:
    table = pd.DataFrame(
        {
            "name": plain["building_names"], "kind": plain["building_kinds"],
            "x_m": arrays["buildings.x_m"], "y_m": arrays["buildings.y_m"],
        },
        index=pd.Index(plain["building_ids"], name="candidate_id"),
    )  # fmt: skip
    return Buildings(table, _positions(arrays, "at_building"))


def _positions(arrays: dict[str, NDArray[Any]], what: str) -> Positions:
    return Positions(**{n: arrays[f"{what}.{n}"] for n in Positions.__dataclass_fields__})
