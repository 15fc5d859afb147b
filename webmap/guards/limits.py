"""How large a request may be, and how much computing one may ask for."""

import ctypes
import functools
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import Empty, SimpleQueue
from typing import Any, ClassVar, Generic, NoReturn, ParamSpec, TypeVar

from flask import Flask, abort, copy_current_request_context, current_app, g, request

from webmap.guards.throttle import Throttle
from webmap.settings import Settings

KEY = "webmap-limits"
MOST_HEADERS = 100
FOR_A_TURN_S = 2.0
"""How long heavy work waits for its turn before the asker is told to come back."""
GLANCE_S = 0.25
"""How often it is looked whether the asker still waits."""
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class StoppedError(BaseException):
    """Raised within work that nobody waits for any longer."""


@dataclass
class Allowance:
    """What an app's heavy requests share: the turns, and each asker's allowance."""

    settings: Settings
    turns: threading.Semaphore = field(init=False)
    askers: Throttle = field(init=False)

    def __post_init__(self) -> None:
        self.turns = threading.Semaphore(self.settings.heavy_at_once)
        self.askers = Throttle(self.settings.heavy_per_min)


def register(app: Flask, settings: Settings) -> None:
    """Have the app refuse requests that are too large, before anything is made of them."""
    app.extensions[KEY] = Allowance(settings)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_bytes

    @app.before_request
    def measure() -> None:
        address = len(request.environ.get("REQUEST_URI") or request.full_path)
        if address > settings.address_bytes:
            abort(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                f"The address is {address:,} bytes long; {settings.address_bytes:,} are allowed.",
            )
        if len(list(request.headers)) > MOST_HEADERS:
            abort(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"There are {len(list(request.headers))} headers; {MOST_HEADERS} are allowed.",
            )
        length = request.content_length or 0
        if length > settings.body_bytes:
            abort(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"What was sent is {length:,} bytes long; {settings.body_bytes:,} are allowed.",
            )


def heavy(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """
    Bound the computing of a view.

    Each asker has `heavy_per_min` of such requests a minute, of all together `heavy_at_once` are
    worked on at the same time, and work is stopped after `heavy_s` seconds or when the asker has
    gone. It keeps its turn until it has truly ended: compiled code ends what it is at first.

    Raises
    ------
    TooManyRequests
        When the asker has used up the allowance.
    ServiceUnavailable
        When there was no turn to be had, or the work took too long.
    """

    @functools.wraps(view)
    def bounded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        allowance: Allowance = current_app.extensions[KEY]
        wait_s = allowance.askers.wait_s(request.remote_addr or "")
        if wait_s:
            come_back(
                HTTPStatus.TOO_MANY_REQUESTS,
                wait_s,
                f"You have asked for more than {allowance.settings.heavy_per_min} of these in a "
                "minute.",
            )
        if not allowance.turns.acquire(timeout=FOR_A_TURN_S):
            come_back(
                HTTPStatus.SERVICE_UNAVAILABLE,
                FOR_A_TURN_S,
                "The server is busy with other people's questions.",
            )
        known = {name: g.get(name) for name in g}

        @copy_current_request_context
        def make() -> Answer:
            for name, value in known.items():
                setattr(g, name, value)
            return view(*args, **kwargs)

        return _wait(_Work(make, allowance.turns.release), allowance.settings.heavy_s)

    bounded.bounded = True  # type: ignore[attr-defined]
    return bounded


def come_back(status: HTTPStatus, wait_s: float, why: str) -> NoReturn:
    """End the request: say why it isn't answered, and when to ask again."""
    seconds = math.ceil(wait_s)
    why = f"{why} Ask again in {seconds} second{'s' * (seconds != 1)}."
    abort(status, why, retry_after=seconds)


def _wait(work: "_Work[Answer]", longest_s: float) -> Answer:
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    end = time.monotonic() + longest_s
    while not gone() and (left := end - time.monotonic()) > 0:
        try:
            return work.done.result(timeout=min(GLANCE_S, left))
        except TimeoutError:
            # It may be the work's own, and the work may have ended between the two lines.
            if work.done.done():
                return work.done.result()
    work.stop()
    come_back(
        HTTPStatus.SERVICE_UNAVAILABLE,
        longest_s,
        f"This took more than {longest_s:g} seconds to work out, so it was stopped.",
    )


class _Work(Generic[Answer]):
    """Work in another thread, which can be stopped."""

    def __init__(self, make: Callable[[], Answer], ended: Callable[[], object]) -> None:
        self.done: Future[Answer] = Future()
        self.stopped = False
        self._make = make
        self._ended = ended
        self._lock = threading.Lock()
        self._worker = _Worker.free()
        self._worker.works.put(self)

    def stop(self) -> None:
        """Have `StoppedError` raised in the work, unless it has ended."""
        with self._lock:
            if not self.done.done():
                self.stopped = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._worker.ident or 0), ctypes.py_object(StoppedError)
                )

    def run(self) -> None:
        """Do the work in the current thread."""
        try:
            try:
                made = self._make()
            except Exception as error:  # noqa: BLE001 – whoever waits is told
                with self._lock:
                    self.done.set_exception(error)
            else:
                with self._lock:
                    self.done.set_result(made)
            # A stop that came before the end is raised here at the latest.
            time.sleep(0)
        except StoppedError:
            pass
        finally:
            self._ended()


class _Worker(threading.Thread):
    """A thread that works time and again: PROJ takes 40 ms to get ready in each new one."""

    _idle: ClassVar[SimpleQueue["_Worker"]] = SimpleQueue()

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.works: SimpleQueue[_Work[Any]] = SimpleQueue()

    @classmethod
    def free(cls) -> "_Worker":
        """Return a worker that has nothing to do."""
        try:
            return cls._idle.get_nowait()
        except Empty:
            worker = cls()
            worker.start()
            return worker

    def run(self) -> None:
        """Do one work after the other, until one is stopped: what stops it must meet no other."""
        while True:
            work = self.works.get()
            work.run()
            if work.stopped:
                return
            del work
            self._idle.put(self)
