"""From the links of the schools register to successors: an academy of the school before it, and so on."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from graph import Fault, SuccessorRow
from loaders.csv_text import Record
from loaders.days import between
from loaders.gias.files import Part
from loaders.gias.rows import Readers, day, faults_of, read_cells, urn
from loaders.tally import Tally

_LEFT_OUT = "names an establishment that is left out, and so is the link"


def _side(cell: str) -> str | None:
    """How a link says who came first: "Predecessor - merged", "Successor - Split School" (DfE, 2025)."""
    word = cell.strip().partition(" ")[0].casefold()
    return word if word in ("predecessor", "successor") else None


_READERS: Readers = {
    "URN": urn,
    "LinkURN": urn,
    "LinkType": _side,
    "LinkEstablishedDate": day,
}


class Links:
    """Takes links one by one, and holds each fact once: the register says it from either side."""

    def __init__(self, faults: list[Fault], tally: Tally) -> None:
        self._faults, self._tally = faults, tally
        self._found: dict[tuple[str, str], tuple[date | None, str, int]] = {}

    def take(self, part: Part, tick: Callable[[int], None]) -> None:
        """Take the links of a file.

        tick: called now and then with the bytes that are read. Raise BadInput where it is not CSV.
        """
        for record in part.records(tick):
            values, wrong = read_cells(_READERS, part, record)
            if not wrong and values["LinkType"] is None:
                continue
            pair = _pair(values)
            if pair and pair[0] == pair[1]:
                wrong.setdefault("LinkURN", "is the establishment itself")
            if wrong:
                known = "/".join(pair) if pair else None
                self._faults += faults_of(part, record, wrong, "successors", known)
            elif pair:
                self._hold(part, record, pair, values.get("LinkEstablishedDate"))

    def rows(self, left_out: Callable[[str], bool]) -> Iterator[SuccessorRow]:
        """The links that were taken, but for those of establishments that were left out."""
        for (old, new), (since, file, line) in self._found.items():
            if left_out(old) or left_out(new):
                self._tally.add(file, line, "", _LEFT_OUT, most=1)
                continue
            yield SuccessorRow(
                record=f"{old}/{new}",
                service=old,
                successor=new,
                period=between(since),
                file=file,
                line=line,
            )

    def _hold(self, part: Part, record: Record, pair: tuple[str, str], since: date | None) -> None:
        """Hold a link; of two days that are said of it, the earlier one, whichever row is first."""
        met, file, line = self._found.get(pair, (None, part.file.name, record.first))
        self._found[pair] = min(filter(None, (met, since)), default=None), file, line


def _pair(values: dict[str, Any]) -> tuple[str, str] | None:
    """Old and new, where the record says."""
    here, there, side = (values.get(column) for column in ("URN", "LinkURN", "LinkType"))
    if not here or not there or not side:
        return None
    return (there, here) if side == "predecessor" else (here, there)
