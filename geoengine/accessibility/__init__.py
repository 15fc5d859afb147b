"""
Measures of access: how soon, how much, and how much each, when places are shared.

Every measure takes our own travel times or `pair_up` of anybody's, and arrays of places and
people; a band of ages is a selection of both. Turned pairs give its passive form.
"""

from geoengine.accessibility.catchments import (
    OFFICIAL_DRIVE_MIN,
    ZONE_WEIGHTS,
    ZONES_MIN,
    balanced_floating_catchment,
    childcare_places_per_100,
    enhanced_two_step_floating_catchment,
    huff_three_step_floating_catchment,
    modified_two_step_floating_catchment,
    three_step_floating_catchment,
    two_step_floating_catchment,
)
from geoengine.accessibility.constrained import (
    Flows,
    doubly_constrained,
    market_availability,
    spatial_availability,
    total_constrained,
)
from geoengine.accessibility.pairs import Pairs, Times, pair_up, pairs_of
from geoengine.accessibility.rational import rational_agent_access, stepwise_agent_access
from geoengine.accessibility.reach import (
    balancing_time,
    cumulative,
    cumulative_over,
    gravity,
    mean_of_nearest,
    nearest,
    time_to_reach,
)

__all__ = [
    "OFFICIAL_DRIVE_MIN",
    "ZONES_MIN",
    "ZONE_WEIGHTS",
    "Flows",
    "Pairs",
    "Times",
    "balanced_floating_catchment",
    "balancing_time",
    "childcare_places_per_100",
    "cumulative",
    "cumulative_over",
    "doubly_constrained",
    "enhanced_two_step_floating_catchment",
    "gravity",
    "huff_three_step_floating_catchment",
    "market_availability",
    "mean_of_nearest",
    "modified_two_step_floating_catchment",
    "nearest",
    "pair_up",
    "pairs_of",
    "rational_agent_access",
    "spatial_availability",
    "stepwise_agent_access",
    "three_step_floating_catchment",
    "time_to_reach",
    "total_constrained",
    "two_step_floating_catchment",
]
