"""
One table from errors to HTTP statuses; people are told by a page, programs by RFC 9457.

References
----------
Nottingham, M., Wilde, E. & Dalal, S. (2023) Problem Details for HTTP APIs. RFC 9457.
"""

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    ServiceUnavailable,
    TooManyRequests,
    default_exceptions,
)

from geoengine.errors import (
    GeoEngineError,
    ResultsError,
    UnknownAreaError,
    UnknownFormatError,
    UnknownLayerError,
)
from webmap import site
from webmap.access.accounts import AccountsError
from webmap.access.audit import AuditError
from webmap.text.language import of_path

STATUS: dict[type[GeoEngineError], HTTPStatus] = {
    UnknownLayerError: HTTPStatus.NOT_FOUND,
    UnknownAreaError: HTTPStatus.NOT_FOUND,
    UnknownFormatError: HTTPStatus.NOT_FOUND,
    ResultsError: HTTPStatus.SERVICE_UNAVAILABLE,
    GeoEngineError: HTTPStatus.BAD_REQUEST,
}
GENERIC = {status: exception.description for status, exception in default_exceptions.items()}
FOR_SCRIPTS = ("/runs/", "/shapes/", "/api/", "/map/compared")

log = logging.getLogger("webmap")


def register(app: Flask) -> None:
    """Tell the app how errors are answered."""

    @app.errorhandler(GeoEngineError)
    def known(error: GeoEngineError) -> Response:
        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        return _tell(type(error).__name__, str(error.args[0]), status)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or 500)
        answer = _tell(status.phrase, error.description or status.description, status)
        if isinstance(error, MethodNotAllowed):
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        if isinstance(error, ServiceUnavailable | TooManyRequests) and error.retry_after:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        # The pattern of the address: the address itself may hold somebody's postcode.
        log.error("%s %s failed", request.method, request.url_rule, exc_info=error)
        detail = "The server failed to answer; its log says why."
        return _tell("ServerError", detail, HTTPStatus.INTERNAL_SERVER_ERROR)

    # What is wrong with the accounts is for whoever runs the server alone.
    app.register_error_handler(AccountsError, unforeseen)
    app.register_error_handler(AuditError, unforeseen)


def _tell(name: str, detail: str, status: HTTPStatus) -> Response:
    # What was sent may hold what can't be written: half of a surrogate pair.
    detail = detail.encode(errors="replace").decode()
    if of_path(request.path)[1].startswith(FOR_SCRIPTS):
        answer = jsonify(
            type="about:blank", title=status.phrase, status=status, error=name, detail=detail
        )
        answer.content_type = "application/problem+json"
    else:
        answer = make_response(_page(detail, status))
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(detail: str, status: HTTPStatus) -> str:
    """Return the page of an error; without the study's frame where there are no results."""
    language = site.here()
    try:
        summary = site.run().summary
    except ResultsError:
        summary = None
    key = f"error-{int(status)}"
    known = language.has(key)
    return render_template(
        "error.html",
        summary=summary,
        title=language.say(key) if known else language.say("error-other"),
        meaning=language.say(f"{key}-means") if known else "",
        detail="" if detail in (status.description, GENERIC.get(status)) else detail,
    )
