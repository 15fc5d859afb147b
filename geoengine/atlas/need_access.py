"""The layer of need beside access: how deprived each area is, and how soon its people get there."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.analysis import Analysis, doubt
from geoengine.atlas.order import ranked
from geoengine.atlas.told import about, capital, people_of, travel_method
from geoengine.layers import Layer, LayerClass, LayerColumn
from geoengine.published.indices import NATIONS, areas_ranked
from geoengine.underserved import Reach, Rule

FloatArray = NDArray[np.float64]
Texts = NDArray[np.object_]

NEED = {"high": "most deprived", "medium": "middle", "low": "least deprived"}
ACCESS = ("poor", "fair", "good")
CLASSES = (
    *(
        LayerClass(f"{need}_{access}", f"{need.capitalize()} need, {access} access")
        for need in NEED
        for access in ACCESS
    ),
    LayerClass("unreachable", "No way to get there", state=True),
    LayerClass("not_covered", "Not covered by the street map", state=True),
    LayerClass("unknown", "Unknown: a figure is missing", state=True),
)


def need_access(analysis: Analysis) -> Layer:
    """Return each area's third of need, and whether most of its people are soon at provision."""
    rule, judged = analysis.rule, analysis.judged
    twice = replace(rule, cutoff_s=2 * rule.cutoff_s)
    areas = analysis.inputs.areas.loc[judged.index]
    need = thirds(
        areas["rank"].to_numpy(dtype=float),
        areas_ranked(areas["nation"].to_numpy(dtype=object), areas["vintage"]),
        areas["decile"].to_numpy(dtype=float),
    )
    sides = [_sides(analysis, each) for each in (rule, twice)]
    access = steps(*sides[0], *sides[1], _cut_off(analysis))
    unknown = (need == "") | ~np.isfinite(judged["children"].to_numpy(dtype=float))
    measured = np.isin(access, ACCESS) & ~unknown
    frame = gpd.GeoDataFrame(
        judged[
            [
                *("name", "decile", "rank", "children", "children_beyond"),
                *("minutes_median", "minutes_state"),
            ]
        ].assign(
            ward_name=areas["ward_name"],
            need=_where(need != "", need),
            access=_where(measured, access),
            class_key=np.where(unknown, "unknown", np.where(measured, need + "_" + access, access)),
        ),
        geometry=areas.geometry,
        crs=areas.crs,
    )
    told = frame.assign(
        third=need,
        step=access,
        known=~unknown,
        nation=areas["nation"].map(NATIONS).fillna("its nation"),
    )
    frame["sentence"] = [_sentence(row, rule, twice) for row in told.to_dict("records")]
    frame = ranked(frame, ("children", "high"), classes=CLASSES)
    return Layer(
        "need_access", "Need and access",
        f"Where is need high, and access to a {rule.service} poor?",
        frame, "polygon", "minutes_median", "minutes", "bivariate", CLASSES,
        (
            LayerColumn("name", "Area"), LayerColumn("need", "Need"),
            LayerColumn("access", "Access"),
            LayerColumn("children", capital(rule.people), "people"),
            LayerColumn("minutes_median", "Typical time to the nearest", "minutes"),
            LayerColumn("children_beyond", f"Beyond {rule.limit}", rule.people),
            LayerColumn("ward_name", "Ward"),
            LayerColumn("decile", "Deprivation decile (1 = most deprived)"),
            LayerColumn("rank", "Deprivation rank (1 = most deprived)"),
            LayerColumn("minutes_state", "Typical time: state"),
        ),
        sentence="sentence", people="children", people_title=rule.people,
        findings=(_finding(frame, rule),),
        **about(
            analysis,
            "Need is high in the most deprived third of the nation’s areas by rank, low in the "
            "least deprived third, and medium between (where only deciles are published, by the "
            "middle of each). "
            f"Access is good where at least half of an area’s {rule.people} live within "
            f"{rule.limit} of a {rule.service}, fair where at least half live within "
            f"{twice.limit}, and poor where more than half live further; where too little is "
            "known of them to say, the area is not covered.",
            travel_method(analysis),
        ),
    )  # fmt: skip


def thirds(rank: FloatArray, ranked: FloatArray, decile: FloatArray) -> Texts:
    """
    Say in which third of its nation's areas each lies: `high`, `medium` or `low` need.

    Parameters
    ----------
    rank
        Deprivation rank within the nation, 1 the most deprived, shape (areas,); NaN for none.
    ranked
        How many areas the nation ranked, shape (areas,); NaN where not known.
    decile
        Deprivation decile, shape (areas,); its middle stands in for a rank. NaN for none.

    Returns
    -------
    numpy.ndarray
        Shape (areas,); "" where neither is known.

    Examples
    --------
    >>> nine, no = np.full(5, 9.0), np.nan
    >>> thirds(np.array([3.0, 4.0, 7.0, no, no]), nine, np.array([no, no, no, 3.0, no])).tolist()
    ['high', 'medium', 'low', 'high', '']
    """
    share = rank / ranked
    share = np.where(np.isfinite(share), share, (decile - 0.5) / 10)
    names = np.array([*NEED, ""], dtype=object)
    # Ranks are whole, so that a third is met within far less than a rank.
    at = np.searchsorted([1 / 3 + 1e-9, 2 / 3 + 1e-9], share)
    return np.asarray(names[np.where(np.isfinite(share), at, len(NEED))])


def steps(
    within: FloatArray, beyond: FloatArray,
    within_twice: FloatArray, beyond_twice: FloatArray, cut_off: FloatArray,
) -> Texts:  # fmt: skip
    """
    Say how good access is, as far as it is certain.

    Parameters
    ----------
    within, beyond
        Shares of an area's people who for certain live within, or beyond, the cut-off, shape
        (areas,); NaN where nobody's home is known.
    within_twice, beyond_twice
        The same for twice the cut-off.
    cut_off
        Shares for whom there certainly is no way at all, shape (areas,).

    Returns
    -------
    numpy.ndarray
        `good`, `fair`, `poor`, `unreachable` or `not_covered`, shape (areas,).

    Examples
    --------
    >>> half, none, most = np.array([0.5]), np.array([0.0]), np.array([0.6])
    >>> [str(steps(*shares)[0]) for shares in (
    ...     (half, half, half, half, half), (none, most, half, none, none),
    ...     (none, most, none, most, none), (none, most, none, most, most),
    ...     (none, half, half, none, none),
    ... )]
    ['good', 'fair', 'poor', 'unreachable', 'not_covered']
    """
    return np.select(
        [
            within >= 0.5,
            (beyond > 0.5) & (within_twice >= 0.5),
            cut_off > 0.5,
            beyond_twice > 0.5,
        ],
        np.array(["good", "fair", "unreachable", "poor"], dtype=object)[:, None],
        np.array("not_covered", dtype=object),
    )


def _sides(analysis: Analysis, rule: Rule) -> tuple[FloatArray, FloatArray]:
    """Return the shares of each area's people within a limit for certain, and beyond it."""
    seconds = analysis.reach.nearest.origin_s[:, 0]
    within = seconds <= rule.cutoff_s
    uncertain = doubt(analysis.study, analysis.grounds)(rule.cutoff_s / 60)
    return _share(analysis, within), _share(analysis, (seconds > rule.cutoff_s) & ~uncertain)


def _cut_off(analysis: Analysis) -> FloatArray:
    """Return the share of each area's people for whom there certainly is no way."""
    reach: Reach = analysis.reach
    uncertain = doubt(analysis.study, analysis.grounds)(2 * analysis.rule.cutoff_s / 60)
    return _share(analysis, np.isinf(reach.nearest.origin_s[:, 0]) & ~uncertain)


def _share(analysis: Analysis, chosen: NDArray[np.bool_]) -> FloatArray:
    """Return the share of each area's people whose homes are chosen; of homes where nobody is."""
    origins, codes = analysis.grounds.origins, analysis.judged.index
    area = codes.get_indexer(pd.Index(origins["area_code"]))
    people = origins["people"].to_numpy(dtype=float)
    own = area >= 0

    def total(weights: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(area[own], weights[own], len(codes)), dtype=float)

    lived, homes = total(people), total(np.ones(len(people)))
    part = np.where(lived > 0, total(people * chosen), total(chosen.astype(float)))
    whole = np.where(lived > 0, lived, homes)
    return np.asarray(
        np.divide(part, whole, out=np.full(len(codes), np.nan), where=whole > 0), dtype=float
    )


def _where(known: NDArray[np.bool_], texts: Texts) -> Texts:
    """Return texts, missing where they aren't known."""
    return np.where(known, texts, np.array(None, dtype=object))


def _sentence(area: dict[Any, Any], rule: Rule, twice: Rule) -> str:
    name, need, access = area["name"], area["third"], area["step"]
    if not area["known"]:
        missing = "population" if need else "deprivation"
        return f"{name}: the {missing} file has no figure for this area."
    who = people_of(area["children"], rule.people)
    place = f"{name}: {need} need (the {NEED[need]} third of {area['nation']})"
    if access == "not_covered":
        return (
            f"{place}; the street map does not cover enough of this area, or of the {rule.plural} "
            f"near it, to say how soon its {who} get to one."
        )
    if access == "unreachable":
        return f"{place}; for more than half of its {who} there is no way to a {rule.service}."
    if area["children"] < 0.5:
        return f"{place}, {access} access; no {rule.people} live here."
    told = {
        "good": f"at least half of its {who} live within {rule.limit} of a {rule.service}",
        "fair": f"more than half of its {who} live more than {rule.limit} from a {rule.service}, "
        f"but at least half within {twice.limit}",
        "poor": f"more than half of its {who} live more than {twice.limit} from a {rule.service}",
    }
    return f"{place}, {access} access: {told[access]}."


def _finding(frame: gpd.GeoDataFrame, rule: Rule) -> str:
    worst = frame[frame["class_key"] == CLASSES[0].key]
    count = len(worst)
    if not count:
        return f"{CLASSES[0].label}: no area."
    areas = "1 area" if count == 1 else f"{count:,} areas"
    return f"{CLASSES[0].label}: {areas}, {people_of(worst['children'].sum(), rule.people)}."
