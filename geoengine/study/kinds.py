"""What a setting's value may be, and how it is told when it is something else."""

from collections.abc import Callable, Mapping
from typing import Any


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise TypeError
    return given


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise TypeError
    return float(given)


def _whole(given: Any) -> int:
    if type(given) is not int:
        raise TypeError
    return given


def _list_of_texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise TypeError
    return tuple(_text(item) for item in given)


def _ages(given: Any) -> tuple[int, int]:
    youngest, oldest = _whole_numbers(given)
    return youngest, oldest


def _whole_numbers(given: Any) -> tuple[int, ...]:
    if not isinstance(given, list) or not all(type(item) is int for item in given):
        raise TypeError
    return tuple(given)


def _texts_by_name(given: Any) -> dict[str, str]:
    return {name: _text(value) for name, value in _table(given).items()}


def _numbers_by_name(given: Any) -> dict[str, float]:
    return {name: _number(value) for name, value in _table(given).items()}


def _lists_by_name(given: Any) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(v) if isinstance(v, list) else (v,) for name, v in _table(given).items()}


def _table(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise TypeError
    return given


KINDS: dict[Any, tuple[Callable[[Any], Any], str]] = {
    str: (_text, "text in quotes"),
    bool: (_flag, "true or false"),
    float: (_number, "a number"),
    int: (_whole, "a whole number"),
    tuple[int, int]: (_ages, "two whole numbers such as [0, 4]"),
    tuple[str, ...]: (_list_of_texts, 'a list of texts such as ["minutes"]'),
    tuple[int, ...]: (_whole_numbers, "a list of whole numbers such as [1, 2]"),
    Mapping[str, str]: (_texts_by_name, "a table of texts"),
    Mapping[str, float]: (_numbers_by_name, "a table of numbers"),
    Mapping[str, tuple[str, ...]]: (_lists_by_name, 'a table such as {amenity = ["library"]}'),
    Mapping[str, tuple[Any, ...]]: (_lists_by_name, "a table of lists"),
}
