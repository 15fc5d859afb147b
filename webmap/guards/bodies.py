"""What is sent as JSON, read with care."""

from typing import Any

from flask import request


def sent() -> dict[str, Any] | None:
    """Return the JSON object that was sent; `None` for anything else, or where it is too deep."""
    try:
        held = request.get_json(silent=True)
    except RecursionError:
        return None
    return held if isinstance(held, dict) else None
