"""What the audit log tells of runs of the study, and that one did not end."""

from pathlib import Path

from webmap.access.audit import Audit
from webmap.background.underway import marked

BEGAN = "began a run of the study"
ENDED = "a run of the study "
"""How the log begins to tell how one ended."""


def note_unended(audit: Audit, mark: Path) -> None:
    """
    Write into the log that the last run did not end, if its server ended before it.

    Parameters
    ----------
    audit
        The log.
    mark
        Where the mark of a run is; one that is held is under way in another server.

    Raises
    ------
    AuditError
        If the log can't be written.
    """
    lines = audit.newest(0, audit.count())
    last = next((line for line in lines if line["what"].startswith((BEGAN, ENDED))), None)
    if last is None or last["what"] != BEGAN:
        return
    with marked(mark) as free:
        if free:
            audit.note(
                last["who"],
                f"{ENDED}did not end",
                study=last.get("study", ""),
                began=last["at"],
                said="the server ended before it did",
            )
