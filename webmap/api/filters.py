"""Filters in the Common Query Language (CQL2 text), worked out over columns held in memory."""

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.errors import GeoEngineError
from webmap.api import boxes

Kind = Literal["number", "string", "boolean"]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]

LONGEST = 8_000
DEEPEST = 12
"""Brackets within brackets: the library's time doubles with each one that is left open."""
SHOWN = 60

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SPATIAL: dict[str, Callable[[Any, Any], Any]] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
    "s_equals": shapely.equals,
}
ALLOWED = (
    "a filter may use AND, OR, NOT, =, <>, <, <=, >, >=, LIKE, BETWEEN, IN, IS NULL, CASEI, ACCENTI"
    f" and {', '.join(name.upper() for name in SPATIAL)}"
)


@dataclass(frozen=True, eq=False)
class Column:
    """
    A column that filters compare.

    Parameters
    ----------
    kind
        What its values are.
    values
        The values, shape (features,): float64, text objects or flags; anything where missing.
    missing
        Which features have none, shape (features,).
    """

    kind: Kind
    values: NDArray[Any]
    missing: Flags


@dataclass(frozen=True, eq=False)
class Truth:
    """For which features a statement holds, and for which it doesn't; for the others unknown."""

    holds: Flags
    fails: Flags

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.holds & other.holds, self.fails | other.fails)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.holds | other.holds, self.fails & other.fails)

    def __invert__(self) -> "Truth":
        return Truth(self.fails, self.holds)


def parse(text: str) -> Any:
    """
    Return a filter as its tree, in the form of CQL2 JSON.

    Raises
    ------
    GeoEngineError
        If it isn't CQL2 text, or is too long or too deep to be read in a moment.

    Examples
    --------
    >>> parse("children > 5")
    {'op': '>', 'args': [{'property': 'children'}, 5.0]}
    """
    import cql2

    if len(text) > LONGEST:
        raise GeoEngineError(f"filter has {len(text)} characters; at most {LONGEST} are read")
    if _depth(text) > DEEPEST:
        raise GeoEngineError(f"filter has more than {DEEPEST} brackets within one another")
    try:
        return cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError) as error:
        place = re.search(r"--> \d+:(\d+)", str(error))
        at = f" at character {place[1]}" if place else ""
        raise GeoEngineError(
            f"filter isn't CQL2 text{at}: '{text[:SHOWN]}'. Write like "
            "children > 50 AND name LIKE 'North%', names of columns bare and text in single quotes"
        ) from None


def _depth(text: str) -> int:
    deepest = depth = 0
    quote = ""
    for each in text:
        if quote:
            quote = "" if each == quote else quote
        elif each in "'\"":
            quote = each
        elif each in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif each in ")]":
            depth -= 1
    return deepest


def select(
    tree: Any,
    columns: Mapping[str, Column],
    shapes: Shapes | None,
    placed: Callable[[Any], Any],
    *,
    round_it: bool = True,
) -> Flags:
    """
    Return for which features a filter holds.

    As in SQL, nothing that is compared with a missing value holds, and neither does its opposite.

    Parameters
    ----------
    tree
        From `parse`.
    columns
        By name, each of the same shape (features,).
    shapes
        Geometries in longitude and latitude, shape (features,), `None` where a feature has none;
        `None` instead where the layer has none at all.
    placed
        Turns a geometry of the filter into longitude and latitude.
    round_it
        Whether the filter's CRS goes round the earth, so that the west of a box may lie east of
        its east.

    Returns
    -------
    numpy.ndarray
        Flags, shape (features,).

    Raises
    ------
    GeoEngineError
        If it names a column that isn't there, asks for what isn't offered, or compares unlike
        things.

    References
    ----------
    OGC 21-065r2, Common Query Language (CQL2). https://docs.ogc.org/is/21-065r2/21-065r2.html

    Examples
    --------
    >>> columns = {"minutes": Column("number", np.array([4.0, 0.0, 9.0]), np.array([0, 1, 0]) > 0)}
    >>> select(parse("NOT minutes > 5"), columns, None, lambda shape: shape).tolist()
    [True, False, False]
    """
    try:
        return _Reading(columns, shapes, placed, round_it=round_it).truth(tree).holds
    except RecursionError:
        raise GeoEngineError("filter has too many operations within one another") from None


class _Reading:
    def __init__(
        self,
        columns: Mapping[str, Column],
        shapes: Shapes | None,
        placed: Callable[[Any], Any],
        *,
        round_it: bool,
    ) -> None:
        self.columns = columns
        self.shapes = shapes
        self.placed = placed
        self.round_it = round_it
        self.count = len(next(iter(columns.values())).missing)

    def truth(self, node: Any) -> Truth:
        """Work out a statement."""
        if not isinstance(node, dict) or "op" not in node:
            value = self.value(node)
            if value.kind != "boolean":
                raise GeoEngineError(f"filter states nothing with {_told(node)} alone; {ALLOWED}")
            return self._where(value.values.astype(bool), ~value.missing)
        name, args = str(node["op"]).lower(), node["args"]
        if name in COMPARISONS:
            return self._compare(name, self.value(args[0]), self.value(args[1]))
        if name in SPATIAL:
            return self._spatial(name, args)
        known: dict[str, Callable[..., Truth]] = {
            "and": lambda *all_: reduce(operator.and_, map(self.truth, all_)),
            "or": lambda *any_: reduce(operator.or_, map(self.truth, any_)),
            "not": lambda each: ~self.truth(each),
            "isnull": self._null,
            "between": self._between,
            "in": self._in,
            "like": self._like,
        }
        if name not in known:
            raise GeoEngineError(f"filter asks for {_told(node)}, which isn't offered; {ALLOWED}")
        return known[name](*args)

    def value(self, node: Any) -> Column:
        """Return what is compared: a column, or one value for every feature."""
        if isinstance(node, bool):
            return self._constant("boolean", node)
        if isinstance(node, int | float):
            return self._constant("number", float(node))
        if isinstance(node, str):
            return self._constant("string", node)
        if isinstance(node, dict) and "property" in node:
            return self._column(str(node["property"]))
        if isinstance(node, dict) and str(node.get("op", "")).lower() in FOLDS:
            folded = self.value(node["args"][0])
            if folded.kind != "string":
                raise GeoEngineError(f"{node['op'].upper()} folds text, not a {folded.kind}")
            fold = FOLDS[str(node["op"]).lower()]
            texts = [
                text if gone else fold(text)
                for text, gone in zip(folded.values, folded.missing, strict=True)
            ]
            return Column("string", _objects(texts), folded.missing)
        raise GeoEngineError(f"filter compares {_told(node)}, which isn't offered; {ALLOWED}")

    def _constant(self, kind: Kind, value: Any) -> Column:
        values = np.full(self.count, value, dtype=object if kind == "string" else None)
        return Column(kind, values, np.zeros(self.count, dtype=bool))

    def _column(self, name: str) -> Column:
        if name not in self.columns:
            known = ", ".join(self.columns)
            raise GeoEngineError(f"filter names no column with '{name[:SHOWN]}'; there are {known}")
        return self.columns[name]

    def _where(self, found: Flags, known: Flags) -> Truth:
        return Truth(found & known, ~found & known)

    def _compare(self, sign: str, left: Column, right: Column) -> Truth:
        if left.kind != right.kind:
            raise GeoEngineError(f"filter compares a {left.kind} with a {right.kind} by {sign}")
        known = ~(left.missing | right.missing)
        found = np.zeros(self.count, dtype=bool)
        found[known] = COMPARISONS[sign](left.values[known], right.values[known])
        return self._where(found, known)

    def _null(self, node: Any) -> Truth:
        missing = self._missing(node)
        return Truth(missing, ~missing)

    def _between(self, node: Any, lowest: Any, highest: Any) -> Truth:
        value, low, high = (self.value(each) for each in (node, lowest, highest))
        return self._compare(">=", value, low) & self._compare("<=", value, high)

    def _in(self, node: Any, listed: Any) -> Truth:
        value = self.value(node)
        made = Truth(np.zeros(self.count, dtype=bool), np.ones(self.count, dtype=bool))
        for each in listed if isinstance(listed, list) else [listed]:
            made = made | self._compare("=", value, self.value(each))
        return made

    def _like(self, node: Any, pattern: Any) -> Truth:
        value = self.value(node)
        folds = []
        while isinstance(pattern, dict) and str(pattern.get("op", "")).lower() in FOLDS:
            folds.append(FOLDS[str(pattern["op"]).lower()])
            pattern = pattern["args"][0]
        if value.kind != "string" or not isinstance(pattern, str):
            raise GeoEngineError("LIKE compares a column of text with a pattern in single quotes")
        for fold in folds:
            pattern = fold(pattern)
        wanted = re.compile(_expression(pattern), re.DOTALL)
        known = ~value.missing
        found = np.zeros(self.count, dtype=bool)
        found[known] = [wanted.fullmatch(text) is not None for text in value.values[known]]
        return self._where(found, known)

    def _spatial(self, name: str, args: list[Any]) -> Truth:
        if len(args) != 2:
            raise GeoEngineError(f"{name.upper()} compares two geometries, not {len(args)}")
        left, right = (self._shapes(each) for each in args)
        known = np.broadcast_to(~shapely.is_missing(left) & ~shapely.is_missing(right), self.count)
        if isinstance(right, shapely.Geometry):
            shapely.prepare(right)
        try:
            found = np.broadcast_to(SPATIAL[name](left, right), self.count)
        except shapely.errors.GEOSException as error:
            raise GeoEngineError(f"filter's geometry can't be compared: {error}") from None
        return self._where(found, known)

    def _shapes(self, node: Any) -> Any:
        if isinstance(node, dict) and node.get("property") == "geometry":
            if self.shapes is None:
                raise GeoEngineError("filter compares a geometry, but this layer has none")
            return self.shapes
        try:
            if isinstance(node, dict) and "bbox" in node:
                box = boxes.shape(*boxes.corners(node["bbox"], round_it=self.round_it))
                return self.placed(box)
            if isinstance(node, dict) and "type" in node:
                return self.placed(shapely.geometry.shape(node))
        except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError) as error:
            raise GeoEngineError(f"filter has a geometry that is none: {error}") from None
        raise GeoEngineError(
            f"filter compares {_told(node)} in space; the layer's own column is called geometry"
        )

    def _missing(self, node: Any) -> Flags:
        if isinstance(node, dict) and node.get("property") == "geometry":
            if self.shapes is None:
                return np.ones(self.count, dtype=bool)
            return np.asarray(shapely.is_missing(self.shapes))
        return self.value(node).missing


def _fold_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


FOLDS: dict[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": _fold_accents}


def _expression(pattern: str) -> str:
    r"""
    Turn a LIKE pattern into an expression whose time grows with the text alone.

    Each part between % is found where it first occurs, and never sought again (`(?>`).

    Examples
    --------
    >>> _expression(r"a%b_c%100\%")
    'a(?>.*?b.c).*100%'
    """
    parts = [""]
    escaped = False
    for each in pattern:
        if not escaped and each == "\\":
            escaped = True
            continue
        if not escaped and each == "%":
            parts.append("")
        else:
            parts[-1] += "." if each == "_" and not escaped else re.escape(each)
        escaped = False
    if len(parts) == 1:
        return parts[0]
    return parts[0] + "".join(f"(?>.*?{part})" for part in parts[1:-1]) + f".*{parts[-1]}"


def _objects(texts: list[Any]) -> NDArray[Any]:
    made = np.empty(len(texts), dtype=object)
    made[:] = texts
    return made


def _told(node: Any) -> str:
    if isinstance(node, dict):
        name = node.get("op") or node.get("property") or next(iter(node), "nothing")
        return f"'{str(name)[:SHOWN]}'"
    return f"'{str(node)[:SHOWN]}'"
