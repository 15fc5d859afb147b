"""The headers that guard every answer."""

from collections.abc import Mapping

from webmap.settings import Settings

DENIED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
YEAR_S = 31_536_000


def guards(settings: Settings, *, encrypted: bool) -> Mapping[str, str]:
    """
    Return the headers of every answer, whatever is answered.

    Parameters
    ----------
    settings
        How the app is served; `framed_by` says who may frame it.
    encrypted
        Whether the request came over https.

    References
    ----------
    West, M. & Sartori, A. (eds) (2025) Content Security Policy Level 3. W3C Working Draft.
    Hodges, J., Jackson, C. & Barth, A. (2012) HTTP Strict Transport Security. RFC 6797.

    Examples
    --------
    >>> guards(Settings(), encrypted=True)["Strict-Transport-Security"]
    'max-age=31536000'
    """
    always = {
        "Content-Security-Policy": (
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; "
            f"frame-ancestors {settings.framed_by}"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return always | ({"Strict-Transport-Security": f"max-age={YEAR_S}"} if encrypted else {})
