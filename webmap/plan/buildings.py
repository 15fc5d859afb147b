"""Buildings in which a setting could open, that which brings most first, in words."""

from typing import TYPE_CHECKING, Any

from webmap.plan import whatifs
from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.whatif import Outcome, Planner

MOST = 500
"""Most buildings that are offered."""


def told(
    language: Language, run: Snapshot, planner: "Planner", outcome: "Outcome"
) -> list[dict[str, Any]]:
    """
    Return the buildings that would bring most on top of a plan.

    Returns
    -------
    list of dict
        `id`, `name`, `kind`, `longitude`, `latitude`; `people` and `deprived`, who would come
        within the cut-off; and `label`, which says all of it. Buildings without a street near
        are left out: no setting there would be in anyone's reach.
    """
    from geoengine import proposals

    found = proposals.candidates(planner, outcome.after.reach).dropna(subset=["people_gained"])
    found = found.sort_values("people_gained", ascending=False, kind="stable")[:MOST]
    said = whatifs.words(language, run)
    return [
        _building(language, said, str(name), row)
        for name, row in zip(found.index, found.to_dict("records"), strict=True)
    ]


def _building(
    language: Language, said: dict[str, Any], building_id: str, row: dict[Any, Any]
) -> dict[str, Any]:
    people, poor = (
        finding.round_half_up(row[name]) for name in ("people_gained", "deprived_gained")
    )
    name, kind = str(row["name"]), str(row["kind"])
    return {
        "id": building_id,
        "name": name,
        "kind": kind,
        "longitude": round(float(row["longitude"]), 6),
        "latitude": round(float(row["latitude"]), 6),
        "people": people,
        "deprived": poor,
        "label": language.say(
            "plan-building", name=name, count=people, poor=wording.number(poor), **said
        ),
    }


def spot(planner: "Planner", building_id: str) -> tuple[str, float, float] | None:
    """Return a building's name, longitude and latitude; `None` where there is no such one."""
    from geoengine import proposals

    if building_id not in planner.buildings.table.index:
        return None
    row: Any = proposals.candidates(planner).loc[building_id]
    return str(row["name"]), float(row["longitude"]), float(row["latitude"])
