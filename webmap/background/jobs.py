"""Long searches, run beside the serving: few at once, each bounded in time, each can be stopped."""

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from geoengine.errors import GeoEngineError

State = Literal["waiting", "searching", "finished", "stopped", "failed"]
KEPT = 50
"""Jobs that are remembered; the oldest that are over are forgotten first."""

log = logging.getLogger("webmap")


@dataclass(eq=False)
class Job:
    """
    A search.

    Parameters
    ----------
    about
        What it was asked.
    job_id
        What it is asked for by; nobody guesses it.
    state
        How far it has come.
    best
        The best answer so far; `None` before the first.
    problem
        Why it failed, as a sentence.
    """

    about: Any
    job_id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "waiting"
    best: Any = None
    problem: str = ""
    _started_s: float = field(default_factory=time.monotonic)
    _taken_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or another."""
        return self.state in ("finished", "stopped", "failed")

    @property
    def seconds(self) -> float:
        """Seconds since it was asked for, or that it took."""
        return self._taken_s if self.over else time.monotonic() - self._started_s

    def stopped(self) -> bool:
        """Whether it has been called off."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Call it off; the best so far stays."""
        self._stop.set()

    def wait(self, longest_s: float) -> None:
        """Wait until it has ended, or so many seconds."""
        self._ended.wait(longest_s)


class Jobs:
    """
    The searches of a server.

    Parameters
    ----------
    at_once
        How many run at the same time; as many again may wait.
    """

    def __init__(self, at_once: int) -> None:
        self._most = 2 * at_once
        self._room = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def start(
        self, about: Any, search: Callable[[Callable[[], bool]], Iterator[Any]]
    ) -> Job | None:
        """
        Begin a search.

        Parameters
        ----------
        about
            What is asked, for those who read the answer.
        search
            Yields better and better answers; it is given what says whether it must stop.

        Returns
        -------
        Job or None
            `None` where too many are under way.
        """
        with self._lock:
            if sum(not job.over for job in self._jobs.values()) >= self._most:
                return None
            job = Job(about)
            self._jobs[job.job_id] = job
            over = [one.job_id for one in self._jobs.values() if one.over]
            for job_id in over[: max(0, len(self._jobs) - KEPT)]:
                del self._jobs[job_id]
        threading.Thread(target=self._run, args=(job, search), daemon=True).start()
        return job

    def find(self, job_id: str) -> Job | None:
        """Return a job, or `None` where it is not known, or no longer."""
        return self._jobs.get(job_id)

    def _run(self, job: Job, search: Callable[[Callable[[], bool]], Iterator[Any]]) -> None:
        end: State = "finished"
        with self._room:
            try:
                job.state = "searching"
                if not job.stopped():
                    for answer in search(job.stopped):
                        job.best = answer
                end = "stopped" if job.stopped() else "finished"
            except GeoEngineError as error:
                end, job.problem = "failed", str(error.args[0])
            except Exception:
                log.exception("a search failed")
                end, job.problem = "failed", "The server failed to answer; its log says why."
            finally:
                job._taken_s = time.monotonic() - job._started_s
                job.state = end
                job._ended.set()
