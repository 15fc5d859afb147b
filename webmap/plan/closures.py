"""What the closure of each setting alone would do, in words."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from webmap.plan import whatifs
from webmap.results import Snapshot
from webmap.text import finding, wording
from webmap.text.language import Language

if TYPE_CHECKING:
    from geoengine.whatif import Closures


def told(language: Language, run: Snapshot, found: "Closures") -> list[dict[str, Any]]:
    """Return what the closure of each setting would do, that which most would lose by first."""
    said = whatifs.words(language, run)
    counted = run.summary["settings"]["underserved"]["deciles"]
    table = found.settings
    rows = list(zip(map(str, table.index), table.to_dict("records"), strict=True))
    rows.sort(key=lambda pair: (-pair[1]["children_losing"], -pair[1]["children"], pair[0]))
    return [_closure(language, said, counted, setting_id, row) for setting_id, row in rows]


def _closure(
    language: Language,
    said: Mapping[str, Any],
    counted: Sequence[int],
    setting_id: str,
    row: Mapping[Any, Any],
) -> dict[str, Any]:
    losing, poor = row["children_losing"], sum(row[f"losing_decile_{decile}"] for decile in counted)
    parts = [
        language.say(
            "closure-losing",
            count=finding.round_half_up(losing),
            of=wording.count(row["children"]),
            **said,
        )
    ]
    minutes = row["minutes_more_median"]
    if minutes == minutes:
        worst = wording.number(round(float(row["minutes_more_worst"]), 1))
        parts.append(
            language.say(
                "closure-minutes", more=wording.number(round(float(minutes), 1)), worst=worst
            )
        )
    if row["children_cut_off"] >= 0.5:
        parts.append(
            language.say("closure-cut-off", count=finding.round_half_up(row["children_cut_off"]))
        )
    if row["absorbers"]:
        over = int(row["absorbers_over"])
        key = "closure-absorbed-over" if over else "closure-absorbed"
        parts.append(language.say(key, count=int(row["absorbers"]), over=over))
        if row["absorbers_unknown"]:
            parts.append(language.say("closure-unknown", count=int(row["absorbers_unknown"])))
    return {
        "id": setting_id,
        "name": str(row["name"]),
        "children": wording.count(row["children"]),
        "losing": wording.count(losing),
        "deprived": wording.count(poor),
        "minutes": "–" if minutes != minutes else wording.number(round(float(minutes), 1)),
        "absorbers": wording.number(int(row["absorbers"])),
        "over": language.say("cell-unknown")
        if row["children_over"] != row["children_over"]
        else wording.count(row["children_over"]),
        "sentence": " ".join(parts),
    }
