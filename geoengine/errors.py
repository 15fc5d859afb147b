"""Every error raised on purpose: what is wrong, where, what was given, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20


class GeoEngineError(Exception):
    """Something the user can put right; its first argument is a sentence for them."""


@dataclass(frozen=True, order=True)
class Fault:
    """
    One thing wrong with an input, told so that its owner can find and mend it.

    Parameters
    ----------
    source
        The file (or table) at fault.
    row
        Row as a spreadsheet counts it (the first line of the file is row 1); 0 when the fault
        is not in one row.
    problem
        What is wrong, what was given and what is allowed, as one sentence without a full stop.
    """

    source: str
    row: int
    problem: str

    def __str__(self) -> str:
        where = f"{self.source}, row {self.row}" if self.row else self.source
        return f"{where}: {self.problem}"


class FaultsError(GeoEngineError):
    """All the faults found in one input, reported at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            lines.append(f"… and {len(self.faults) - SHOWN} more faults of this input")
        super().__init__("\n".join(lines))


class SourceError(FaultsError):
    """A file cannot be read as what it is said to be."""

    @classmethod
    def of(cls, source: object, problem: str, row: int = 0) -> "SourceError":
        """Return the error for a single fault."""
        return cls([Fault(str(source), row, problem)])


class TableError(FaultsError):
    """A table breaks its contract."""


class StudyError(FaultsError):
    """A study file asks for something that cannot be done."""


class ScenarioError(FaultsError):
    """A scenario has edits that cannot be made."""


class ResultsError(GeoEngineError):
    """A results folder is missing, unfinished or of another version."""


class UnknownLayerError(GeoEngineError):
    """There is no layer of that name in these results."""


class UnknownAreaError(GeoEngineError):
    """There is no area of that code in these results."""


class UnknownFormatError(GeoEngineError):
    """Layers are not exported in that format."""
