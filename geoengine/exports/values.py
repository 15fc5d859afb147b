"""Values as text: what JSON, a spreadsheet and GeoJSON can say of a column or a shape."""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd

VALUE_DECIMALS = 6
FEW_FIGURES = 1e-4
"""Of a smaller number, six decimals would tell fewer than three figures."""
NOISE = 1e-12
"""What is nearer to 0 is what rounding left of it, unless it is a probability."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(column: pd.Series) -> list[Any]:
    """
    Return a column as what JSON can say: text, numbers, flags, and `None` for what is missing.

    Numbers are rounded as `rounded` does; whole ones are whole; infinite ones are `None`.

    Examples
    --------
    >>> plain(pd.Series([1.0, 0.12345678, np.inf, np.nan]))
    [1, 0.123457, None, None]
    >>> plain(pd.Series(["Rhyl", None]))
    ['Rhyl', None]
    """
    if column.dtype.kind == "f":
        numbers = rounded(column.to_numpy(dtype=float, na_value=np.nan))
        return [_number(number) for number in numbers.tolist()]
    missing = column.isna().to_numpy(dtype=bool)
    values = column.astype(object).tolist()
    return [None if gone else _item(value) for value, gone in zip(values, missing, strict=True)]


def rounded(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Round to six decimals, and to three figures where these are more, as of probabilities.

    Examples
    --------
    >>> rounded(np.array([0.12345678, 1.9996e-5, 3.21987e-17]))
    array([1.23457e-01, 2.00000e-05, 3.22000e-17])
    """
    near = numbers.round(VALUE_DECIMALS)
    small = (np.abs(numbers) < FEW_FIGURES) & (numbers != 0)
    near[small] = [float(f"{number:.3g}") for number in numbers[small]]
    return near


def without_noise(frame: Any, *, chances: Collection[str] = ()) -> Any:
    """
    Return a table with 0 for what rounding left of it: probabilities are never 0, and stay.

    Parameters
    ----------
    frame
        The table.
    chances
        Which columns hold probabilities.

    Examples
    --------
    >>> frame = pd.DataFrame({"z": [2.0, -3e-16], "p": [3e-16, 1.0]})
    >>> without_noise(frame, chances=["p"]).values.tolist()
    [[2.0, 3e-16], [0.0, 1.0]]
    """
    quiet = {
        name: frame[name].mask(frame[name].abs() <= NOISE, 0.0)
        for name in frame.select_dtypes("floating").columns
        if name not in chances
    }
    return frame.assign(**quiet)


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _item(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _number(float(rounded(np.array([value], dtype=float))[0]))
    return str(value)


def defused(cell: Any) -> Any:
    """
    Keep a spreadsheet from running text as a formula.

    References
    ----------
    OWASP, CSV Injection. https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> defused("=HYPERLINK(A1)"), defused("Little Acorns"), defused(-3)
    ("'=HYPERLINK(A1)", 'Little Acorns', -3)
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def geojson_shapes(frame: "gpd.GeoDataFrame", decimals: int, *, strict: bool = False) -> list[str]:
    """
    Return each geometry as GeoJSON text, or "null".

    Strict ones have right-handed rings and stay valid when they are rounded.
    """
    import shapely

    shapes = np.array(frame.geometry.array, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[empty] = None
    # Adding zero turns -0.0 to 0.0.
    rounded = shapely.transform(shapes, lambda points: np.round(points, decimals) + 0.0)
    if strict:
        broken = ~empty & ~shapely.is_valid(rounded) & shapely.is_valid(shapes)
        mended = shapely.set_precision(shapes[broken], 10.0**-decimals)
        rounded[broken] = np.where(shapely.is_empty(mended), rounded[broken], mended)
        rounded = shapely.orient_polygons(rounded)
    return [text or "null" for text in shapely.to_geojson(rounded)]


def collection(features: Iterable[str], members: str = "") -> Iterator[str]:
    """Yield a collection of features as text, one feature to a line."""
    yield f'{{"type":"FeatureCollection",{members}"features":['
    for number, feature in enumerate(features):
        yield (",\n" if number else "\n") + feature
    yield "\n]}\n"


def compact(content: Any) -> str:
    """Return content as JSON without spaces."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_text(path: Path, pieces: Iterable[str]) -> None:
    """Write pieces of text to a file, with the same line ends everywhere."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)


def with_unit(column: Mapping[str, str]) -> str:
    """Return a column's title with its unit."""
    return f"{column['title']} ({column['unit']})" if column["unit"] else column["title"]
