"""The server that listens: what it takes from a connection, and for how long it waits."""

import logging
import select
from typing import TYPE_CHECKING, Any

import waitress
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from webmap.guards.headers import guards
from webmap.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

LONGEST_HEADERS = 32_768


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what isn't HTTP or is too large: the app never sees it."""

    def execute(self) -> None:
        """Answer in a line, guarded as all else is."""
        error = self.request.error
        body = f"{error.reason}: {error.body}.\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *guards(Settings(), encrypted=False, media_type="text/plain").items(),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection that counts as idle since its unfinished request began to arrive."""

    error_task_class = Refusal
    began = 0.0
    last_activity: float

    def handle_read(self) -> None:
        """Take what has arrived, however little it is, as no sign of life."""
        waiting = self.request is not None
        super().handle_read()
        if self.request is not None:
            if not waiting:
                self.began = self.last_activity
            self.last_activity = self.began


def server(app: "Flask", host: str, port: int, settings: Settings) -> Any:
    """
    Return a server that listens already, to be started by `run()` and ended by `close()`.

    A request must arrive whole within `receive_s` seconds, however steadily it trickles.

    Raises
    ------
    OSError
        If the port is taken.
    """
    # A browser that asks for many files at once is nothing to warn of.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    proxied = {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto x-forwarded-host",
    }
    made = waitress.create_server(
        app,
        host=host,
        port=port,
        threads=settings.threads,
        ident=None,
        max_request_header_size=LONGEST_HEADERS,
        max_request_body_size=settings.body_bytes,
        connection_limit=settings.connections,
        channel_timeout=settings.receive_s,
        cleanup_interval=max(1, settings.receive_s // 6),
        channel_request_lookahead=1,
        asyncore_use_poll=hasattr(select, "poll"),
        **(proxied if settings.trusted_proxy else {}),
    )
    # A name that stands for several addresses is listened at by a server for each.
    for each in (made, *getattr(made, "map", {}).values()):
        each.channel_class = Connection
    return made
