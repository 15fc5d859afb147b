"""How often somebody may ask: an allowance that fills up again as time passes."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

REMEMBERED = 10_000


class Throttle:
    """
    An allowance for each of many callers.

    Parameters
    ----------
    per_min
        How many calls a caller has at first, and gets back in a minute.
    clock
        Says the time, in seconds.

    References
    ----------
    Turner, J. (1986) New directions in communications (or which way to the information age?).
    IEEE Communications Magazine 24(10), 8-15. doi:10.1109/MCOM.1986.1092946

    Examples
    --------
    >>> throttle = Throttle(2, clock=lambda: 0.0)
    >>> [throttle.wait_s("somebody") for _ in range(3)]
    [0.0, 0.0, 30.0]
    """

    def __init__(self, per_min: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_min = per_min
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Take one call from a caller's allowance: 0, or the seconds until there is one to take."""
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(caller, (float(self._per_min), now))
            left = min(self._per_min, left + (now - then) * self._per_min / 60)
            allowed = left >= 1
            self._left[caller] = (left - allowed, now)
            if len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._per_min
