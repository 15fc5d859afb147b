"""How long to search for a plan, how good it must be, and who may call it off."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Stopped = Literal["finished", "gap reached", "stalled", "time limit", "cancelled"]


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Effort:
    """
    How hard to try. A search that is stopped leaves the best plan so far and its bound.

    Parameters
    ----------
    time_limit_s
        Most seconds to search. A search that finishes within them gives the same plan always.
    gap
        The search may end once the plan is proven to be within this share of the best possible:
        0.01 is one per cent; 0: only when nothing better can exist.
    cancelled
        Asked often; the search stops when it says yes.

    Raises
    ------
    ValueError
        If the time limit is not positive or the gap negative.
    """

    time_limit_s: float = 60.0
    gap: float = 0.0
    cancelled: Callable[[], bool] = _never

    def __post_init__(self) -> None:
        if not (self.time_limit_s > 0 and self.gap >= 0):
            raise ValueError(
                f"time_limit_s must be positive and gap at least 0, not {self.time_limit_s:g} "
                f"and {self.gap:g}"
            )


class Watch:
    """The time that a search has taken, and whether it must stop."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.start = time.monotonic()
        self.stopped: Stopped = "finished"

    @property
    def taken_s(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.start

    @property
    def left_s(self) -> float:
        """Seconds that are left, at least 0."""
        return max(self.effort.time_limit_s - self.taken_s, 0.0)

    def over(self) -> bool:
        """Say whether the search must stop, and keep the reason."""
        if self.stopped == "finished":
            if self.effort.cancelled():
                self.stopped = "cancelled"
            elif self.left_s == 0:
                self.stopped = "time limit"
        return self.stopped != "finished"
