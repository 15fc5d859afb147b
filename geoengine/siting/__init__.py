"""
Where to put services: the best sets of sites, how good they are proven to be, and what else.

A `Problem` says who needs what, where it could be and what may open; a model (`PMedian`,
`MaxCover`, `SetCover`, `PCentre`, `Leximin`, `EvenAccess`) finds a `Plan` with its bound.
"""

from geoengine.siting.alternatives import Alternatives, alternatives
from geoengine.siting.covering import MaxCover, SetCover
from geoengine.siting.effort import Effort
from geoengine.siting.even_access import EvenAccess
from geoengine.siting.p_centre import Leximin, PCentre
from geoengine.siting.p_median import PMedian
from geoengine.siting.plan import Assignment, Model, Plan, nearest
from geoengine.siting.problem import Costs, Problem, SiteState, costs_of, most_deprived
from geoengine.siting.robustness import Robustness, against, worlds
from geoengine.siting.suggestions import suggestions

__all__ = [
    "Alternatives",
    "Assignment",
    "Costs",
    "Effort",
    "EvenAccess",
    "Leximin",
    "MaxCover",
    "Model",
    "PCentre",
    "PMedian",
    "Plan",
    "Problem",
    "Robustness",
    "SetCover",
    "SiteState",
    "against",
    "alternatives",
    "costs_of",
    "most_deprived",
    "nearest",
    "suggestions",
    "worlds",
]
