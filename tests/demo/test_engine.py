"""The engine finds in the demo what was planted there."""

import json
from pathlib import Path

from geoengine import analysis
from geoengine.store import Cache
from geoengine.study import load


def test_the_engine_finds_every_planted_truth(county: Path, tmp_path: Path) -> None:
    study = load(county / "study.toml")
    cache = Cache(tmp_path)

    def silent(_step: str, _done: int, _total: int) -> None:
        """Show nothing."""

    inputs = analysis.read(study, silent)
    found = analysis.find(study, inputs, analysis.join(study, inputs, cache, silent), silent)
    truths = json.loads((county / "truths.json").read_text(encoding="utf-8"))
    expected = {truth["lsoa_code"]: truth["expect"] for truth in truths}
    assert {"underserved", "reached", "not_deprived"} == set(expected.values())
    assert found.judged["status"].reindex(list(expected)).to_dict() == expected
    border = next(truth["lsoa_code"] for truth in truths if truth["truth"] == "border")
    assert "across the authority’s border" in found.judged.loc[border, "sentence"]
