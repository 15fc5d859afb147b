"""One layer compared with another: side by side, or as what changes from the one to the other."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Any, NoReturn

from flask import abort

from webmap.results import Snapshot
from webmap.screen import changes, threshold
from webmap.screen.changes import Figure
from webmap.text import finding, wording, words
from webmap.text.language import Language, Spoken

Entry = Mapping[str, Any]

LAYER_ID = "compared"
MODES = ("swipe", "change")
OF_A_FIGURE = ("hotspots_", "clusters_", "emerging_", "minutes_")
LONGEST_TEXT = 20
MIDDLE = 50


@dataclass(frozen=True)
class Pair:
    """
    What is compared with what.

    Parameters
    ----------
    layer, other
        The layers: to the left and right, or before and after.
    mode
        `swipe` or `change`.
    at
        How much of the map's width is the left one's, per cent.
    minutes
        The threshold that underserved areas are judged at; `None` for the study's own.
    """

    layer: str
    other: str
    mode: str
    at: int = MIDDLE
    minutes: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """The pair as a page's query has it."""
        at = str(self.at) if self.mode == "swipe" and self.at != MIDDLE else ""
        t = "" if self.minutes is None else str(self.minutes)
        return {"layer": self.layer, "cmp": self.other, "cmpmode": self.mode, "at": at, "t": t}

    @property
    def judges(self) -> bool:
        """Whether one of the layers is that of underserved areas, which a threshold decides."""
        return finding.AREAS in (self.layer, self.other)


@dataclass(frozen=True, kw_only=True)
class Compared(Snapshot):
    """
    A run with one more layer, that of a comparison.

    Parameters
    ----------
    own
        The run that is compared, which all other files are read from.
    areas
        The table of the comparison.
    """

    own: Snapshot
    areas: Mapping[str, Any]

    def read(self, name: str) -> Any:
        """Return what a JSON file of the run holds, or the table of the comparison."""
        return self.areas if name == f"{LAYER_ID}.values.json" else self.own.read(name)


def offered(run: Snapshot) -> dict[str, dict[str, list[str]]]:
    """Return what each layer can be compared with, by mode; of the same layer: with itself."""
    return run.keep("comparisons", lambda: {_id(each): _offers(run, each) for each in run.layers})


def _offers(run: Snapshot, entry: Entry) -> dict[str, list[str]]:
    return {
        "swipe": [_id(each) for each in run.layers if _swiped(entry, each)],
        "change": [_id(each) for each in run.layers if _changed(entry, each)],
    }


def _swiped(one: Entry, two: Entry) -> bool:
    return bool(one["shapes"] and two["shapes"]) and one is not two


def _changed(one: Entry, two: Entry) -> bool:
    """Whether two layers have figures of the same areas in the same unit that can differ."""
    if one is two:
        return _columns(one).keys() >= {"first", "last"}
    if one["shapes"] is None or one["shapes"] != two["shapes"] or _tells(one) == _tells(two):
        return False
    units = [_columns(each)[figure]["unit"] for each in (one, two) if (figure := _figure(each))]
    return len(units) == 2 and units[0] == units[1] != ""


def _tells(entry: Entry) -> str:
    """Name what a layer's figure is of: layers of the same figure don't differ in it."""
    layer_id = _id(entry)
    return layer_id.partition("_")[2] if layer_id.startswith(OF_A_FIGURE) else "minutes"


def _figure(entry: Entry) -> str | None:
    """Return the column that tells a layer's figure."""
    names = ("last",) if "first" in _columns(entry) else ("minutes_median", str(entry["value"]))
    return next((name for name in names if name in _columns(entry)), None)


def _id(entry: Entry) -> str:
    return str(entry["layer_id"])


def _columns(entry: Entry) -> dict[str, Mapping[str, Any]]:
    return {str(column["name"]): column for column in entry["columns"]}


def asked(run: Snapshot, query: Mapping[str, str]) -> Pair | None:
    """
    Read a comparison from a page's query; `None` where it asks for none.

    Raises
    ------
    UnknownLayerError
        If there is no such layer.
    werkzeug.exceptions.BadRequest
        If these layers can't be compared so.
    """
    if not query.get("cmp"):
        return None
    entry, other = run.layer(query.get("layer")), run.layer(query["cmp"])
    mode, at = query.get("cmpmode") or MODES[0], query.get("at") or str(MIDDLE)
    if mode not in MODES:
        _refuse(f"cmpmode must be swipe or change, not '{mode[:LONGEST_TEXT]}'.")
    whole = at.isascii() and at.isdecimal() and len(at) <= LONGEST_TEXT
    if not (whole and int(at) <= 100):
        _refuse(f"at must be a whole number from 0 to 100, not '{at[:LONGEST_TEXT]}'.")
    able = offered(run)[_id(entry)][mode]
    if _id(other) not in able:
        told = ", ".join(able) or "none"
        _refuse(
            f"The layer '{_id(entry)}' can't be compared with '{_id(other)}' by {mode}; "
            f"it can with: {told}."
        )
    pair = Pair(_id(entry), _id(other), mode, int(at))
    return replace(pair, minutes=threshold.asked(run, query.get("t"))) if pair.judges else pair


def _refuse(why: str) -> NoReturn:
    abort(HTTPStatus.BAD_REQUEST, why)


def seen(
    own: Snapshot, language: Language, query: Mapping[str, str]
) -> tuple[Snapshot, Entry, Pair | None]:
    """
    Return the run and the layer that a page's query asks for, and what it compares with what.

    Raises
    ------
    UnknownLayerError
        If there is no such layer.
    werkzeug.exceptions.BadRequest
        If the query asks for what can't be.
    """
    pair = asked(own, query)
    if pair is not None:
        return (*applied(own, language, pair), pair)
    run = threshold.asked_for(own, query)
    return run, words.layer(run, language, query.get("layer")), None


def told(run: Snapshot, language: Language, pair: Pair) -> dict[str, Any]:
    """Return what the map's scripts need to know of a comparison, its two sides in words."""
    one, two = (words.layer(run, language, each)["title"] for each in (pair.layer, pair.other))
    sides = {"left": (one, "compare-left"), "right": (two, "compare-right")}
    return asdict(pair) | {
        side: language.say(key, title=str(title)) for side, (title, key) in sides.items()
    }


def without(run: Snapshot) -> Snapshot:
    """Return a run without the layer of a comparison."""
    return run.own if isinstance(run, Compared) else run


def applied(own: Snapshot, language: Language, pair: Pair) -> tuple[Compared, Entry]:
    """
    Return a run with the layer of a comparison, and that layer in words.

    Parameters
    ----------
    own
        The run as the study has it.
    language, pair
        The language of the words, and what is compared.

    Returns
    -------
    tuple of Compared, dict
        The layer's id is `compared`. Its features are those of the first layer. By swipe it has
        that layer's classes, and tells of layers of the same areas what both say of each; by
        change its classes are steps of the change.
    """
    run = threshold.at(own, pair.minutes)
    one, two = (words.layer(run, language, each) for each in (pair.layer, pair.other))
    side_by_side = pair.mode == "swipe"
    if side_by_side and one["shapes"] != two["shapes"]:
        entry = dict(one)
        table = run.table(pair.layer)
    else:
        made = _Sides(run, language, one, two)
        entry, table = made.beside() if side_by_side else made.change()
    entry |= {
        "layer_id": LAYER_ID,
        "title": language.say(
            f"compare-{pair.mode}-title",
            one="same" if one is two else str(one["title"]),
            other=str(two["title"]),
        ),
        "query": pair.query,
        "drawn_from": pair.layer,
        "values_url": f"/runs/{run.run}/compared/{pair.layer}/{pair.other}/{pair.mode}/"
        f"{language.code}.json" + (f"?t={pair.minutes}" if pair.minutes is not None else ""),
    }
    plain = {
        **entry,
        "columns": [
            {"name": each["name"], "title": str(each["title"]), "unit": each.get("unit", "")}
            for each in entry["columns"]
        ],
    }
    layers = (*run.layers, plain)
    compared = Compared(run.run, run.folder, run.summary, layers, own=run, areas=table)
    return compared, entry


class _Sides:
    """
    Two layers of the same areas, area by area in the order of the first.

    Parameters
    ----------
    run, language
        The results, and the language of the words.
    one, two
        The layers in words; the same one twice has its first period before its last.
    """

    def __init__(self, run: Snapshot, language: Language, one: Entry, two: Entry) -> None:
        self.language, self.one, self.two = language, one, two
        self.mode = language.word(str(run.summary["mode"]))
        tables = [run.table(_id(each)) for each in (one, two)]
        self.ids = [str(each) for each in tables[0]["ids"]]
        rows = {str(each): at for at, each in enumerate(tables[1]["ids"])}
        self.places = (list(range(len(self.ids))), [rows[each] for each in self.ids])
        self.tables = tables
        self.names = ("first", "last") if one is two else (_figure(one), _figure(two))
        self.figures = [self._read(side) for side in (0, 1)]

    def _entry(self, side: int) -> Entry:
        return (self.one, self.two)[side]

    def _held(self, side: int, column: str) -> list[Any]:
        values = self.tables[side]["columns"][column]
        return [values[at] for at in self.places[side]]

    def _keys(self, side: int) -> list[str]:
        return [str(self.tables[side]["class_key"][at]) for at in self.places[side]]

    def _column(self, side: int) -> Mapping[str, Any] | None:
        """Return the column of a side's figure, which has a unit even where all is missing."""
        found = _columns(self._entry(side)).get(str(self.names[side]))
        return found if found and (found["numeric"] or found["unit"]) else None

    def _read(self, side: int) -> Figure | None:
        column, entry = self._column(side), self._entry(side)
        if column is None:
            return None
        values = self._held(side, str(column["name"]))
        states = {str(line["key"]) for line in entry["classes"] if line["state"]}
        named = [key if key in states else "unknown" for key in self._keys(side)]
        if column["state"]:
            own = [str(each or "").replace(" ", "_") for each in self._held(side, column["state"])]
            told = zip(own, named, strict=True)
            named = [each if each in changes.STATES else key for each, key in told]
        both = zip(values, named, strict=True)
        return Figure(values, [None if value is not None else key for value, key in both])

    def _people(self) -> list[float | None] | None:
        people = str(self.one["people"])
        return self._held(0, people) if people else None

    def _name(self) -> Mapping[str, Any]:
        first: Mapping[str, Any] = self.one["columns"][0]
        return first

    def beside(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the layer of both, with the classes of the first, and its table."""
        columns = [self._name(), self._classed(0), self._classed(1)]
        held = {self._name()["name"]: self._held(0, self._name()["name"])}
        held |= {f"class_{side + 1}": self._keys(side) for side in (0, 1)}
        figures, more = self._figures()
        told = [columns[side + 1]["words"] for side in (0, 1)]
        held |= more
        held["sentence"] = [
            Spoken(
                self.language.say(
                    "compare-told",
                    name=str(name), first=str(self.one["title"]), second=str(self.two["title"]),
                    one=told[0].get(one, one), two=told[1].get(two, two),
                )
            )
            for name, one, two in zip(
                held[self._name()["name"]], held["class_1"], held["class_2"], strict=True
            )
        ]  # fmt: skip
        return self._made([*columns, *figures], held, self._keys(0), dict(self.one))

    def change(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the layer of what changes, and its table."""
        before, after = self.figures
        assert before is not None
        assert after is not None
        found = changes.differences(before, after)
        step = changes.step_of(found)
        keys = changes.keys(before, after, step)
        lines = changes.lines(self.language, keys, self._people(), step)
        figures, more = self._figures()
        name = str(self._name()["name"])
        held = {name: self._held(0, name), **more}
        by_key = {str(line["key"]): line for line in lines}
        texts = [
            [
                wording.cell(self.language, value, column, by_key[key], self.mode, state)
                for value, state, key in zip(figure.values, figure.states, keys, strict=True)
            ]
            for column, figure in zip(figures[:2], (before, after), strict=True)
        ]
        held["sentence"] = [
            Spoken(changes.sentence(self.language, str(who), one, two, change))
            for who, one, two, change in zip(held[name], *texts, found, strict=True)
        ]
        told = Spoken(changes.finding(self.language, lines))
        entry = {
            **self.one,
            "question": self.language.say("compare-change-question"),
            "value": "change",
            "palette": changes.PALETTE,
            "classes": lines,
            "findings": [told],
            "unit": self._unit(0),
        }
        entry, table = self._made([self._name(), *figures], held, keys, entry)
        order = sorted(range(len(keys)), key=lambda at: (found[at] is None, -(found[at] or 0.0)))
        return entry, _ordered(table, order)

    def _figures(self) -> tuple[list[dict[str, Any]], dict[str, list[Any]]]:
        """Return the columns of both figures and of their difference, and what is in them."""
        columns: list[dict[str, Any]] = []
        held: dict[str, list[Any]] = {}
        shown = [self._column(side) for side in (0, 1)]
        titles = [str(column["title"]) if column else "" for column in shown]
        if titles[0] == titles[1]:
            titles = [str(self._entry(side)["title"]) for side in (0, 1)]
        for side, name in enumerate(("before", "after")):
            column, figure = shown[side], self.figures[side]
            if column is None or figure is None:
                continue
            unit = self._unit(side)
            heading = wording.heading(titles[side], unit, str(column["kind"]))
            columns.append(
                {**column, "name": name, "title": titles[side], "heading": heading,
                 "short": heading, "unit": unit, "state": f"{name}_state"}
            )  # fmt: skip
            held |= {name: list(figure.values), f"{name}_state": list(figure.states)}
        one, two = self.figures
        if one and two and (self.one is self.two or self._unit(0) == self._unit(1) != ""):
            title = self.language.say("compare-change")
            unit = self._unit(0)
            heading = wording.heading(title, unit, "change")
            columns.append(
                {"name": "change", "title": title, "kind": "change", "unit": unit,
                 "heading": heading, "short": heading, "state": None, "numeric": True, "words": {}}
            )  # fmt: skip
            held["change"] = changes.differences(one, two)
        return columns, held

    def _unit(self, side: int) -> str:
        """Return the unit of a side's figure, as its heading has it."""
        column = self._column(side)
        return str(column.get("unit", "")) if column else ""

    def _classed(self, side: int) -> dict[str, Any]:
        entry = self._entry(side)
        return {
            "name": f"class_{side + 1}", "title": str(entry["title"]),
            "heading": str(entry["title"]), "short": str(entry["title"]), "kind": "number",
            "state": None, "numeric": False,
            "words": {str(line["key"]): str(line["label"]) for line in entry["classes"]},
        }  # fmt: skip

    def _made(
        self,
        columns: Sequence[Mapping[str, Any]],
        held: dict[str, list[Any]],
        keys: Sequence[str],
        entry: dict[str, Any],
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        people = str(self.one["people"])
        shown = [*columns]
        if people:
            held[people] = self._held(0, people)
            shown += [each for each in self.one["columns"] if each["name"] == people]
        both = (self.one, self.two)
        entry |= {
            "columns": shown,
            "sentence": "sentence",
            "method": " ".join(dict.fromkeys(str(each["method"]) for each in both)),
            "attribution": list(
                dict.fromkeys(text for each in both for text in each["attribution"])
            ),
            "as_of": {what: when for each in both for what, when in each["as_of"].items()},
        }
        return entry, {"ids": self.ids, "class_key": list(keys), "columns": held}


def _ordered(table: Mapping[str, Any], order: Sequence[int]) -> dict[str, Any]:
    """Return a table with its rows in another order."""
    return {
        "ids": [table["ids"][at] for at in order],
        "class_key": [table["class_key"][at] for at in order],
        "columns": {name: [held[at] for at in order] for name, held in table["columns"].items()},
    }
