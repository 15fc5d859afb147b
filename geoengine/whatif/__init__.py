"""What if: every figure of a scenario at once and exact, and what any place or closure would do."""

from geoengine.whatif.baseline import Baseline
from geoengine.whatif.buildings import Buildings
from geoengine.whatif.closures import Closures, closures
from geoengine.whatif.figures import Figures, Outcome
from geoengine.whatif.gains import best_in_cells, corners, gains
from geoengine.whatif.planner import Planner

__all__ = [
    "Baseline",
    "Buildings",
    "Closures",
    "Figures",
    "Outcome",
    "Planner",
    "best_in_cells",
    "closures",
    "corners",
    "gains",
]
