"""The coordinate reference systems that features are told in, by their URIs."""

from typing import Any

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
EVERYWHERE = (CRS84, f"{EPSG}4326", f"{EPSG}3857", f"{EPSG}27700")


def offered(settings: Any) -> tuple[str, ...]:
    """
    Return the CRSs that a run's features are offered in: the usual ones, and the study's own.

    Examples
    --------
    >>> offered({"study": {"crs": "EPSG:29902"}})[-1]
    'http://www.opengis.net/def/crs/EPSG/0/29902'
    """
    own = str(settings.get("study", {}).get("crs", ""))
    uri = f"{EPSG}{own.removeprefix('EPSG:')}" if own.startswith("EPSG:") else CRS84
    return EVERYWHERE if uri in EVERYWHERE else (*EVERYWHERE, uri)


def code_of(uri: str) -> str:
    """Return the code that pyproj knows a CRS by: `EPSG:27700`."""
    return f"EPSG:{uri.removeprefix(EPSG)}" if uri.startswith(EPSG) else "OGC:CRS84"
