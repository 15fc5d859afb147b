"""Plans as addresses carry them: a scenario, packed into a few letters and unpacked with care."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from geoengine.errors import Fault, ScenarioError
from geoengine.scenarios import Scenario, from_mapping, plain

MOST_EDITS = 200
MOST_BYTES = 65_536
"""An unpacked plan is no longer than this, however short it was packed."""
SOURCE = "the plan in the address"


def pack(scenario: Scenario) -> str:
    """
    Return a scenario as letters, digits, hyphens and underscores; "" for one without edits.

    Examples
    --------
    >>> from geoengine.scenarios import Close
    >>> unpack(pack(Scenario("Less", (Close("n1"),))))
    Scenario(name='Less', edits=(Close(provision_id='n1'),), baseline='')
    """
    if not scenario.edits:
        return ""
    content = {"name": scenario.name, "edit": [plain(edit) for edit in scenario.edits]}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    packer = zlib.compressobj(9, wbits=-15)
    packed = packer.compress(text.encode()) + packer.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(packed: str) -> Scenario:
    """
    Return the scenario of a packed text.

    Raises
    ------
    ScenarioError
        If the text is no packed scenario, or its edits can't be understood or are too many.
    """
    if not packed:
        return Scenario("")
    try:
        content = base64.b64decode(packed + "=" * (-len(packed) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=-15)
        held = json.loads(unpacker.decompress(content, MOST_BYTES))
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise ScenarioError(
            [Fault(SOURCE, 0, "it is cut short or mistyped; ask for the whole address again")]
        )
    return read(held, SOURCE)


def read(content: Mapping[str, Any], source: str) -> Scenario:
    """
    Return the scenario of a JSON object; one of too many edits is refused before they are read.

    Raises
    ------
    ScenarioError
        If its edits can't be understood or are too many.
    """
    listed = content.get("edit")
    if isinstance(listed, list):
        _count(len(listed), source)
    return from_mapping(content, source=source)


def limited(scenario: Scenario, source: str) -> Scenario:
    """
    Return a scenario that is not too long to be answered at once.

    Raises
    ------
    ScenarioError
        If it has more than `MOST_EDITS` edits.
    """
    _count(len(scenario.edits), source)
    return scenario


def _count(edits: int, source: str) -> None:
    if edits > MOST_EDITS:
        said = f"it has {edits} edits; at most {MOST_EDITS} are made"
        raise ScenarioError([Fault(source, 0, said)])
