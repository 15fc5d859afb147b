"""Between longitude and latitude and a study's metres: each way of turning them made only once."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

WGS84 = "EPSG:4326"


@cache
def to_degrees(crs: "str | CRS") -> "Transformer":
    """
    Return what turns the coordinates of a CRS into longitude and latitude.

    Finding the way between two CRS takes some 30 ms, and a run needs it in many places. What is
    returned may be used from any thread; a point that it cannot turn comes out as `inf`.

    Parameters
    ----------
    crs
        Any CRS that pyproj reads.

    Examples
    --------
    >>> longitude, latitude = to_degrees("EPSG:27700").transform(400_000.0, 100_000.0)
    >>> f"{longitude:.4f}, {latitude:.4f}"
    '-2.0014, 50.7996'
    """
    from pyproj import Transformer

    return Transformer.from_crs(crs, WGS84, always_xy=True)


@cache
def to_metres(crs: "str | CRS") -> "Transformer":
    """Do as `to_degrees` does the other way: from longitude and latitude to a CRS."""
    from pyproj import Transformer

    return Transformer.from_crs(WGS84, crs, always_xy=True)
