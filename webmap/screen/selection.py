"""Areas chosen together: what their people have, added up from the figures that are shown."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language, study_words

MOST_AREAS = 5_000
MOST_POINTS = 5_000
UNLINKED = "many-"
"""What an address has instead of areas that it can't hold; their number follows."""

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Sums:
    """
    What a page says of areas chosen together.

    Parameters
    ----------
    sentence
        How their people are served.
    classes
        Of each class its place in the legend and its label, its areas and its people, in words.
    deciles
        Of each decile the same.
    """

    sentence: str
    classes: tuple[tuple[int, str, str, str], ...] = ()
    deciles: tuple[tuple[str, str, str], ...] = ()


def kept(run: Snapshot, layer_id: str) -> bool:
    """Whether a layer's features are the areas, so that some of them can be added up."""
    return set(run.table(layer_id)["ids"]) == set(run.table(finding.AREAS)["ids"])


def layers(run: Snapshot) -> list[str]:
    """Return the layers of areas."""
    found = [str(each["layer_id"]) for each in run.layers if each["geometry"] == "polygon"]
    return run.keep("layers of areas", lambda: [each for each in found if kept(run, each)])


def within(run: Snapshot, ring: Sequence[Sequence[float]]) -> list[str]:
    """
    Return the areas whose point lies in a polygon, in the order of their table.

    Parameters
    ----------
    ring
        Longitudes and latitudes of its corners; it may cross itself.

    Notes
    -----
    An area's point is one on its surface, wherever its people live.
    """
    import shapely

    codes = [str(code) for code in run.table(finding.AREAS)["ids"]]
    points = run.keep("points of areas", lambda: _points(run, codes))
    inside = shapely.contains(shapely.make_valid(shapely.Polygon(ring)), points)
    return [code for code, yes in zip(codes, inside, strict=True) if yes]


def _points(run: Snapshot, codes: Sequence[str]) -> Any:
    import numpy as np
    import shapely
    from shapely.geometry import shape

    held = run.shapes(finding.AREAS)
    shapes = [shape(held[code]) if held.get(code) else None for code in codes]
    return shapely.point_on_surface(np.array(shapes, dtype=object))


def add_up(run: Snapshot, layer_id: str, codes: Collection[str]) -> dict[str, Any]:
    """
    Add up the figures of areas.

    Parameters
    ----------
    layer_id
        The layer whose classes are counted.
    codes
        The areas.

    Returns
    -------
    dict
        `ids` in the order of the layer; `people`, `beyond` and `unknown` (people of those areas
        that have a figure), `share` (of the people known to be within or beyond; `None` for none),
        `without` (areas that lack a figure, in none of the sums), and `classes`, in the legend's
        order, and `deciles`: for each its areas and people.
    """
    areas, shown = run.table(finding.AREAS), run.table(layer_id)
    chosen = set(codes)
    rows = [at for at, code in enumerate(areas["ids"]) if str(code) in chosen]
    column: Mapping[str, Sequence[Any]] = areas["columns"]
    known = [
        at
        for at in rows
        if column["children"][at] is not None and column["children_beyond"][at] is not None
    ]
    people = sum(column["children"][at] for at in known)
    beyond = sum(column["children_beyond"][at] for at in known)
    unknown = sum(column["children_unknown"][at] or 0.0 for at in known)
    sure = people - unknown
    children = {str(code): column["children"][at] for at, code in enumerate(areas["ids"])}
    kinds = {str(code): key for code, key in zip(shown["ids"], shown["class_key"], strict=True)}
    deciles = {str(code): column["decile"][at] for at, code in enumerate(areas["ids"])}
    ids = [str(code) for code in shown["ids"] if str(code) in chosen]
    legend = [line["key"] for line in run.layer(layer_id)["classes"]]
    return {
        "ids": ids,
        "people": people,
        "beyond": beyond,
        "unknown": unknown,
        "share": min(1.0, beyond / sure) if sure > 0 else None,
        "without": len(rows) - len(known),
        "classes": sorted(
            _by([kinds[code] for code in ids], [children[code] for code in ids]),
            key=lambda line: legend.index(line["key"]),
        ),
        "deciles": _by([deciles[code] for code in ids], [children[code] for code in ids]),
    }


def _by(keys: Sequence[Any], people: Sequence[float | None]) -> list[dict[str, Any]]:
    """Count areas and people by key; people of an area without a figure are in no sum."""
    areas = Counter(keys)
    sums = {
        key: [value for each, value in zip(keys, people, strict=True) if each == key]
        for key in areas
    }
    order = sorted(areas, key=lambda key: (key is None, key))
    return [
        {
            "key": key,
            "areas": areas[key],
            "people": sum(value for value in sums[key] if value is not None)
            if any(value is not None for value in sums[key])
            else None,
        }
        for key in order
    ]


def told(run: Snapshot, language: Language, entry: Entry, chosen: Sequence[str]) -> Sums | None:
    """
    Say what areas have together, as the map's panel says it.

    Parameters
    ----------
    run
        The results, at the threshold that counts.
    language
        To say it in.
    entry
        The layer whose classes are counted, from `words.layer`.
    chosen
        What an address names.

    Returns
    -------
    Sums | None
        `None` where nothing is named, or the layer isn't one of areas.
    """
    if not chosen or entry["layer_id"] not in layers(run):
        return None
    if chosen[0].startswith(UNLINKED):
        return Sums(language.say("select-lost"))
    known = {str(code) for code in run.table(finding.AREAS)["ids"]}
    codes = [code for code in chosen if code in known]
    strange = len(chosen) - len(codes)
    lacking = language.say("select-strange", count=strange) if strange else ""
    if not codes:
        return Sums(lacking)
    sums = add_up(run, entry["layer_id"], codes)
    labels = {line["key"]: (at, line["label"]) for at, line in enumerate(entry["classes"])}
    return Sums(
        " ".join(filter(None, (_sentence(run, language, sums), lacking))),
        tuple(
            (
                *labels.get(each["key"], (-1, str(each["key"]))),
                wording.number(each["areas"]),
                _people(language, each),
            )
            for each in sums["classes"]
        ),
        tuple(
            (
                language.say("cell-unknown")
                if each["key"] is None
                else wording.number(each["key"]),
                wording.number(each["areas"]),
                _people(language, each),
            )
            for each in sums["deciles"]
        ),
    )


def _sentence(run: Snapshot, language: Language, sums: Mapping[str, Any]) -> str:
    whole = finding.round_half_up
    values = {
        **study_words(language, run.summary),
        "areas": len(sums["ids"]),
        "beyond": whole(sums["beyond"]),
        "all": whole(sums["people"]),
    }
    parts = [
        language.say("select-unknown", **values)
        if sums["share"] is None
        else language.say("select-sums", share=wording.number(sums["share"], share=True), **values)
    ]
    if sums["unknown"] >= 0.5:
        parts.append(language.say("select-in-doubt", count=whole(sums["unknown"])))
    if sums["without"]:
        parts.append(language.say("select-without", count=sums["without"]))
    return " ".join(parts)


def _people(language: Language, line: Mapping[str, Any]) -> str:
    people = line["people"]
    return language.say("cell-unknown") if people is None else wording.count(people)
