"""Travel modes: which ways each may use, in which direction, how fast, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KPH_PER_MPH = 1.609344
FORBIDDEN = frozenset({"no", "private", "agricultural", "forestry", "delivery", "use_sidepath"})
"""Values of an access tag that close a way to the public."""

ROADS = (
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
)
PATHS = ("pedestrian", "footway", "path", "cycleway", "bridleway", "track", "platform", "corridor")


@dataclass(frozen=True)
class Mode:
    """
    A way of travelling over streets.

    Parameters
    ----------
    name
        What a study calls it.
    title
        What a sentence calls it: "15 minutes' walk".
    speed_kph
        Speed on each highway class; a class that is not named is barred.
    access_keys
        Access tags that decide, the most specific first.
    by_permission
        Classes open only where an access tag of this mode says so.
    one_way_keys
        One-way tags obeyed, the most specific first; none: every way is two-way.
    obeys_speed_limit
        Whether a `maxspeed` tag replaces the class's speed.
    speed_limit_share
        Share of a speed limit that is driven on average.
    barred_barriers
        Barriers that cannot be passed.
    barrier_delay_s
        Seconds lost at each other barrier.
    off_network_kph
        Speed from a door to the street, on foot.
    source
        Where the speeds come from.
    """

    name: str
    title: str
    speed_kph: Mapping[str, float]
    access_keys: tuple[str, ...]
    by_permission: frozenset[str] = frozenset()
    one_way_keys: tuple[str, ...] = ()
    obeys_speed_limit: bool = False
    speed_limit_share: float = 1.0
    barred_barriers: frozenset[str] = frozenset()
    barrier_delay_s: Mapping[str, float] = field(default_factory=dict)
    off_network_kph: float = 4.8
    source: str = ""

    def with_speeds(self, speeds_kph: Mapping[str, float]) -> "Mode":
        """
        Return this mode with other speeds.

        Parameters
        ----------
        speeds_kph
            Kilometres an hour by highway class; "all" sets every class that is open, and the
            leg from the door, which other entries then refine.
        """
        everywhere = speeds_kph.get("all")
        speeds = dict(self.speed_kph)
        if everywhere is not None:
            speeds = {kind: everywhere * kph / _usual(self) for kind, kph in speeds.items()}
        speeds.update({kind: kph for kind, kph in speeds_kph.items() if kind != "all"})
        on_foot = self.name in ("walk", "pushchair") and everywhere is not None
        door = everywhere if on_foot and everywhere is not None else self.off_network_kph
        return replace(self, speed_kph=speeds, off_network_kph=door)


def _usual(mode: Mode) -> float:
    return mode.speed_kph["residential"]


WALK = Mode(
    name="walk",
    title="walk",
    speed_kph={**dict.fromkeys(ROADS + PATHS, 4.8), "steps": 2.4},
    access_keys=("foot", "access"),
    source="4.8 km/h: Department for Transport, Journey Time Statistics; steps at half: "
    "Fujiyama & Tyler (2010), Predicting the walking speed of pedestrians on stairs",
)
PUSHCHAIR = replace(
    WALK,
    name="pushchair",
    title="walk with a pushchair",
    speed_kph={
        **dict.fromkeys(ROADS + PATHS, 3.6),
        "path": 3.0,
        "bridleway": 3.0,
        "track": 3.0,
    },
    barred_barriers=frozenset({"stile", "kissing_gate", "turnstile", "full-height_turnstile"}),
    barrier_delay_s={"gate": 10.0, "cycle_barrier": 10.0, "swing_gate": 10.0},
    off_network_kph=3.6,
    source="3.6 km/h (1.0 m/s): an assumption for a slow pedestrian, 3.0 km/h on unpaved paths; "
    "set [travel.speeds_kph] to use your own. Steps, stiles and kissing gates are barred",
)
CYCLE = Mode(
    name="cycle",
    title="cycle ride",
    speed_kph={
        **dict.fromkeys(ROADS, 16.0),
        "cycleway": 16.0,
        "track": 12.0,
        "path": 12.0,
        "bridleway": 10.0,
        "pedestrian": 6.0,
        "footway": 10.0,
    },
    access_keys=("bicycle", "vehicle", "access"),
    by_permission=frozenset({"footway", "pedestrian", "path"}),
    one_way_keys=("oneway:bicycle", "oneway"),
    barred_barriers=frozenset({"stile", "kissing_gate", "turnstile", "full-height_turnstile"}),
    barrier_delay_s={"gate": 10.0, "cycle_barrier": 10.0, "swing_gate": 10.0},
    source="16 km/h: Department for Transport, Journey Time Statistics; slower on unpaved ways "
    "by assumption",
)
DRIVE = Mode(
    name="drive",
    title="drive",
    speed_kph={
        "motorway": 90.0,
        "motorway_link": 45.0,
        "trunk": 85.0,
        "trunk_link": 40.0,
        "primary": 65.0,
        "primary_link": 30.0,
        "secondary": 55.0,
        "secondary_link": 25.0,
        "tertiary": 40.0,
        "tertiary_link": 20.0,
        "unclassified": 25.0,
        "residential": 25.0,
        "living_street": 10.0,
        "service": 15.0,
        "road": 25.0,
    },
    access_keys=("motorcar", "motor_vehicle", "vehicle", "access"),
    one_way_keys=("oneway",),
    obeys_speed_limit=True,
    speed_limit_share=0.8,
    barred_barriers=frozenset(
        {"bollard", "block", "jersey_barrier", "stile", "kissing_gate", "cycle_barrier", "chain"}
    ),
    barrier_delay_s={"gate": 60.0, "lift_gate": 30.0, "toll_booth": 15.0},
    source="Speeds by class and 0.8 of a signed limit: the Open Source Routing Machine's car "
    "profile. Turn restrictions and congestion are not modelled",
)
MODES = {mode.name: mode for mode in (WALK, PUSHCHAIR, CYCLE, DRIVE)}


@dataclass(frozen=True, eq=False)
class Rules:
    """
    What one mode may do on each way.

    Parameters
    ----------
    forward, backward
        Whether it may travel along and against the way, shape (ways,).
    speed_kph
        Speed, shape (ways,); NaN where it may not travel.
    """

    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    speed_kph: NDArray[np.float64]


def rules(mode: Mode, tags: pd.DataFrame) -> Rules:
    """
    Say where, in which direction and how fast a mode may travel.

    Parameters
    ----------
    mode
        The mode.
    tags
        One row a way, columns among `tables.WAY_TAGS`; missing where untagged or absent.

    References
    ----------
    OpenStreetMap wiki, "Key:access" and "Key:oneway".

    Examples
    --------
    >>> ways = pd.DataFrame({"highway": ["residential", "footway", "motorway"],
    ...                      "oneway": ["yes", None, None]})
    >>> found = rules(DRIVE, ways)
    >>> found.forward.tolist(), found.backward.tolist()
    ([True, False, True], [False, False, False])
    """
    kind = _column(tags, "highway")
    speed = np.array(kind.map(mode.speed_kph), dtype=float)
    allowed = np.isfinite(speed)
    if "steps" not in mode.speed_kph and mode.name == "pushchair":
        ramp = _is(tags, "ramp:stroller", "yes") | _is(tags, "ramp", "yes")
        usable = (kind == "steps").to_numpy() & ramp
        speed[usable] = mode.speed_kph["path"]
        allowed |= usable
    said = _deciding(tags, mode.access_keys)
    open_to_all = said.notna().to_numpy() & ~said.isin(FORBIDDEN).to_numpy()
    allowed &= ~said.isin(FORBIDDEN).to_numpy()
    own = _column(tags, mode.access_keys[0])
    permitted = own.notna().to_numpy() & open_to_all
    allowed &= ~kind.isin(mode.by_permission).to_numpy() | permitted
    if mode.name != "drive":
        allowed &= ~_is(tags, "motorroad", "yes") | permitted
    if mode.obeys_speed_limit:
        limit = _speed_limit_kph(_column(tags, "maxspeed")) * mode.speed_limit_share
        speed = np.where(np.isfinite(limit), limit, speed)
    forward, backward = _directions(mode, tags, kind)
    return Rules(forward & allowed, backward & allowed, np.where(allowed, speed, np.nan))


def passable(mode: Mode, barrier: pd.Series, access: pd.DataFrame) -> NDArray[np.bool_]:
    """
    Say which barrier nodes a mode can pass.

    Parameters
    ----------
    mode
        The mode.
    barrier
        Kind of each barrier, shape (barriers,).
    access
        Access tags of the same barriers, columns among `tables.WAY_TAGS`.
    """
    said = _deciding(access, mode.access_keys)
    closed = barrier.isin(mode.barred_barriers) | said.isin(FORBIDDEN)
    if mode.name != "pushchair":
        closed &= ~(said.notna() & ~said.isin(FORBIDDEN))
    return ~closed.to_numpy(dtype=bool)


def _column(tags: pd.DataFrame, key: str) -> pd.Series:
    if key in tags.columns:
        return tags[key].astype(object)
    return pd.Series(np.full(len(tags), None, dtype=object), index=tags.index)


def _is(tags: pd.DataFrame, key: str, value: str) -> NDArray[np.bool_]:
    return (_column(tags, key) == value).to_numpy(dtype=bool)


def _deciding(tags: pd.DataFrame, keys: tuple[str, ...]) -> pd.Series:
    said = _column(tags, keys[0])
    for key in keys[1:]:
        said = said.where(said.notna(), _column(tags, key))
    return said


def _directions(
    mode: Mode, tags: pd.DataFrame, kind: pd.Series
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    if not mode.one_way_keys:
        both = np.ones(len(tags), dtype=bool)
        return both, both.copy()
    said = _deciding(tags, mode.one_way_keys)
    implied = (
        kind.isin(["motorway", "motorway_link"])
        | _column(tags, "junction").isin(["roundabout", "circular"])
    ).to_numpy() & said.isna().to_numpy()
    only_forward = said.isin(["yes", "true", "1"]).to_numpy() | implied
    only_backward = said.isin(["-1", "reverse"]).to_numpy()
    if mode.name == "cycle":
        contraflow = _column(tags, "cycleway").astype(str).str.startswith("opposite").to_numpy()
        only_forward &= ~contraflow
    return ~only_backward, ~only_forward


def _speed_limit_kph(limit: pd.Series) -> NDArray[np.float64]:
    kinds = {str(value): _one_limit_kph(str(value)) for value in limit.dropna().unique()}
    return np.array(limit.map(kinds), dtype=np.float64)


def _one_limit_kph(limit: str) -> float:
    number, _, unit = limit.strip().partition(" ")
    if limit in ("national", "GB:nsl_single"):
        return 60 * KPH_PER_MPH
    if limit == "GB:nsl_dual" or limit == "GB:motorway":
        return 70 * KPH_PER_MPH
    try:
        value = float(number.removesuffix("mph"))
    except ValueError:
        return np.nan
    per_unit = KPH_PER_MPH if "mph" in (unit.strip(), number[-3:]) else 1.0
    return value * per_unit if 5 <= value * per_unit <= 130 else np.nan
