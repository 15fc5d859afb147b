"""Answers kept for whoever asks the same: a run is never changed, so a page is made once."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import ParamSpec, TypeVar

from flask import Response, current_app, g, request

from webmap.delivery import CODINGS
from webmap.state import state

SHELF_BYTES = 64_000_000
LARGEST_BYTES = 1_000_000
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Shelf:
    """
    Answers by what was asked, those asked for last up to so many bytes.

    Parameters
    ----------
    most_bytes
        How much is kept, as it is sent, with what was asked.
    """

    def __init__(self, most_bytes: int = SHELF_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[str, ...], tuple[bytes, Mapping[str, str]]] = OrderedDict()

    def find(self, asked: tuple[str, ...]) -> Response | None:
        """Return the answer to the current request, if it is kept."""
        with self._lock:
            if asked not in self._answers:
                return None
            self._answers.move_to_end(asked)
            content, headers = self._answers[asked]
        answer = Response(content, headers=dict(headers))
        answer.make_conditional(request)
        return answer

    def put(self, asked: tuple[str, ...], answer: Response) -> None:
        """Keep an answer, unless it is very large, no whole one, or says that it won't last."""
        content = answer.get_data()
        lasts = answer.status_code == HTTPStatus.OK and not answer.cache_control.no_store
        if not lasts or len(content) > LARGEST_BYTES:
            return
        with self._lock:
            if asked in self._answers:
                return
            self._answers[asked] = content, dict(answer.headers)
            self._bytes += _size(asked, content)
            while self._bytes > self._most_bytes:
                gone, (oldest, _) = self._answers.popitem(last=False)
                self._bytes -= _size(gone, oldest)


def _size(asked: tuple[str, ...], content: bytes) -> int:
    # A question may be far longer than its answer.
    return len(content) + sum(map(len, asked))


def kept(view: Callable[Given, Answer]) -> Callable[Given, Answer | Response]:
    """
    Keep the answers of a view for as long as the run is served.

    What the view says must follow from the run and from what is asked: the address, the host, the
    forms and the codings accepted. Those who have signed in are answered anew: pages name them.
    """

    @functools.wraps(view)
    def answer(*args: Given.args, **kwargs: Given.kwargs) -> Answer | Response:
        if g.get("person") is not None:
            return view(*args, **kwargs)
        shelf = state(current_app).results.current().keep("answers", Shelf)
        codings = tuple(name for name in CODINGS if request.accept_encodings[name] > 0)
        accepted = request.headers.get("Accept", "")
        asked = (request.host_url, request.full_path, accepted, *codings)
        found = shelf.find(asked)
        if found is not None:
            return found
        made = view(*args, **kwargs)
        if isinstance(made, Response):
            shelf.put(asked, made)
        return made

    return answer
