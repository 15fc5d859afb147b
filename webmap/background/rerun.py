"""The study run again beside the serving: in a process of its own, one at a time, stoppable."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from webmap.background.underway import marked

End = Literal["finished", "stopped", "failed"]
LINES = 12
"""So many of the last lines that a run has said are kept."""
TO_END_S = 10.0
"""Seconds that a run has to clear up when it is stopped, before it is ended."""
GLANCE_S = 0.2
"""How often it is looked whether a run has ended by itself."""
WITH_SERVER = (
    "import _thread, os, signal, threading; "
    "signal.signal(signal.SIGINT, signal.default_int_handler); threading.Thread("
    "target=lambda: (os.read(0, 1), _thread.interrupt_main()), daemon=True).start(); "
)
"""
What makes a program end with the server, by whatever the server is ended.

A server that a script began in the background heeds no interrupt, nor would what it begins.
"""
RUN = (sys.executable, "-c", f"{WITH_SERVER}from geoengine.cli import main; main()", "run")


@dataclass(eq=False)
class Attempt:
    """
    One run of the study.

    Parameters
    ----------
    who
        The account that asked for it.
    began
        When, UTC.
    state
        How far it has come.
    lines
        What it said last.
    """

    who: str
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    state: Literal["running"] | End = "running"
    lines: tuple[str, ...] = ()
    _started_s: float = field(default_factory=time.monotonic)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started_s

    def stop(self) -> None:
        """Call it off: the results that stand are left as they are."""
        self._stop.set()


class Rerun:
    """
    What runs the study of a results folder again.

    The results are replaced when the new ones are whole; until then the old ones stand.

    Parameters
    ----------
    study
        The study's file.
    results
        The folder of results.
    longest_s
        Seconds after which a run is stopped.
    command
        What runs a study: the study, `--out` and the folder follow it.
    """

    def __init__(
        self, study: Path, results: Path, longest_s: float, *, command: tuple[str, ...] = RUN
    ) -> None:
        self.study = study
        self.last: Attempt | None = None
        self._longest_s = longest_s
        self._command = (*command, str(study), "--out", str(results))
        self._lock = threading.Lock()

    def start(self, who: str, note: Callable[[Attempt], None], *, mark: Path) -> Attempt | None:
        """
        Begin a run.

        Parameters
        ----------
        who
            The account that asks for it.
        note
            Called before it begins, and when it is over; what can't be noted doesn't begin.
        mark
            Where it is marked that a run is under way.

        Returns
        -------
        Attempt or None
            `None` where one is under way.
        """
        with self._lock:
            if self.last is not None and self.last.state == "running":
                return None
            attempt = Attempt(who)
            note(attempt)
            self.last = attempt
        threading.Thread(target=self._begin, args=(attempt, note, mark), daemon=True).start()
        return attempt

    def _begin(self, attempt: Attempt, note: Callable[[Attempt], None], mark: Path) -> None:
        state: End = "failed"
        try:
            with marked(mark) as free:
                if free:
                    state = self._run(attempt)
                else:
                    attempt.lines = ("Another server is running the study.",)
        except OSError as error:
            attempt.lines = (f"It could not be begun: {error.strerror}.",)
        # Only now may another begin: the mark is there to be had.
        attempt.state = state
        note(attempt)

    def _run(self, attempt: Attempt) -> End:
        with subprocess.Popen(  # noqa: S603 – nothing of it comes from a request
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "TQDM_DISABLE": "1"},
        ) as process:
            reader = threading.Thread(target=_listen, args=(process, attempt), daemon=True)
            reader.start()
            late = threading.Timer(self._longest_s, attempt.stop)
            late.start()
            while process.poll() is None:
                if attempt._stop.wait(GLANCE_S):
                    _end(process)
            late.cancel()
            reader.join()
        done = process.returncode == 0
        return "finished" if done else "stopped" if attempt._stop.is_set() else "failed"


def _listen(process: subprocess.Popen[str], attempt: Attempt) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        attempt.lines = (*attempt.lines, line.rstrip())[-LINES:]


def _end(process: subprocess.Popen[str]) -> None:
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
        try:
            process.wait(TO_END_S)
        except subprocess.TimeoutExpired:
            pass
        else:
            return
    process.kill()
    process.wait()
