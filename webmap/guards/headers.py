"""The headers that guard every answer."""

from collections.abc import Mapping

from webmap.settings import Settings

DENIED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
YEAR_S = 31_536_000
PARTS = ("text/javascript", "text/css", "application/json")
"""Media types of the parts of a page: many to a page, and no page themselves."""
NOTHING = "default-src 'none'; frame-ancestors 'none'"


def guards(settings: Settings, *, encrypted: bool, media_type: str) -> Mapping[str, str]:
    """
    Return the headers of every answer, whatever is answered.

    Parts of a page do without those that only a page heeds; opened by themselves they may do
    nothing at all.

    Parameters
    ----------
    settings
        How the app is served; `framed_by` says who may frame it.
    encrypted
        Whether the request came over https.
    media_type
        Of the answer, without its parameters.

    References
    ----------
    West, M. & Sartori, A. (eds) (2025) Content Security Policy Level 3. W3C Working Draft.
    Hodges, J., Jackson, C. & Barth, A. (2012) HTTP Strict Transport Security. RFC 6797.

    Examples
    --------
    >>> guards(Settings(), encrypted=True, media_type="text/css")["Strict-Transport-Security"]
    'max-age=31536000'
    """
    part = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    } | ({"Strict-Transport-Security": f"max-age={YEAR_S}"} if encrypted else {})
    if media_type in PARTS:
        return part | {"Content-Security-Policy": NOTHING}
    return part | {
        "Content-Security-Policy": (
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; "
            f"frame-ancestors {settings.framed_by}"
        ),
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED),
        "Cross-Origin-Opener-Policy": "same-origin",
    }
