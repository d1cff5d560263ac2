"""From the rows of the schools register to services."""

import re
from array import array
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from graph import Agency, Fault, Service, ServiceKind, ServiceRow, authorities
from loaders import cells
from loaders.csv_text import Record
from loaders.gias import periods
from loaders.gias.files import Part
from loaders.gias.rows import MOST_URN, Readers, day, faults_of, read_cells, urn
from loaders.tally import Tally
from loaders.telephones import telephone

# Codes of "TypeOfEstablishment (code)", as GIAS publishes them in its glossary (DfE, 2025).
_CENTRES = {"47", "48"}  # a children's centre, and a linked site of one
_NO_SCHOOLS = {"27", "29", "56", "98"}  # miscellaneous, university, other department's, legacy
_CUT = "is longer than 100 signs and was cut"
_NO_NUMBER = "is no UK telephone number; the establishment is taken without"
_ELSEWHERE = "is in another file already; that one is taken"


def authority_number(cell: str) -> str:
    """The DfE number of an authority, with the zeros that a spreadsheet takes from the front.

    Return it. Raise ValueError with a sentence where it cannot be one.
    """
    if not re.fullmatch(r"\d{1,3}", cell.strip(), re.ASCII):
        raise ValueError("is not a DfE number of three digits, as 383")
    return cell.strip().zfill(3)


def _name(cell: str) -> tuple[str, bool]:
    found, cut = cells.name(cell)
    if found is None:
        raise ValueError("is missing")
    return found, cut


def _code(cell: str) -> str:
    return cell.strip().lstrip("0")


_READERS: Readers = {
    "URN": urn,
    "LA (code)": authority_number,
    "EstablishmentName": _name,
    "TypeOfEstablishment (code)": _code,
    periods.STATUS: _code,
    "OpenDate": day,
    "CloseDate": day,
    "LastChangedDate": day,
    "TelephoneNum": str.strip,
}


class Schools:
    """Reads schools one by one; what it remembers of each is three bytes, by its URN."""

    def __init__(self, extracted: date, faults: list[Fault], tally: Tally) -> None:
        self._extracted, self._faults, self._tally = extracted, faults, tally
        self._file_of = array("H", bytes(2 * MOST_URN))
        self._left_out = bytearray(MOST_URN)
        self._files = 0

    def left_out(self, number: str) -> bool:
        """True where a school was met that is not taken."""
        return bool(self._left_out[int(number)])

    def read(self, part: Part, tick: Callable[[int], None]) -> Iterator[ServiceRow]:
        """Read a file of the register.

        tick: called now and then with the bytes that are read.
        Return its schools one by one. Raise BadInput where it is not CSV.
        """
        self._files += 1
        for record in part.records(tick):
            row = self._row(part, record)
            if row:
                yield row

    def _row(self, part: Part, record: Record) -> ServiceRow | None:
        values, wrong = read_cells(_READERS, part, record)
        wrong = wrong or periods.at_odds(values)
        if wrong:
            self._faults += faults_of(part, record, wrong, "services", _known(values))
            return None
        if self._elsewhere(values["URN"]):
            self._say(part, record, "URN", _ELSEWHERE)
            return None
        if reason := periods.left_out(values):
            self._left_out[int(values["URN"])] = 1
            self._say(part, record, *reason)
            return None
        return self._made(part, record, values)

    def _elsewhere(self, number: str) -> bool:
        """True where an earlier file had the school; twice in one file is for the door to refuse."""
        first = self._file_of[int(number)] or self._files
        self._file_of[int(number)] = first
        return first != self._files

    def _made(self, part: Part, record: Record, values: dict[str, Any]) -> ServiceRow:
        (name, cut), written = values["EstablishmentName"], values.get("TelephoneNum")
        line = telephone(written)
        if written and not line:
            self._say(part, record, "TelephoneNum", _NO_NUMBER)
        if cut:
            self._say(part, record, "EstablishmentName", _CUT)
        for odd in periods.oddities(values, self._extracted):
            self._say(part, record, *odd)
        kind, agency = _kind(values["TypeOfEstablishment (code)"])
        number, authority = values["URN"], values["LA (code)"]
        service = Service(
            id=number,
            name=name,
            kind=kind,
            agency=agency,
            duty_line=line,
            code=f"urn:{number}",
        )
        return ServiceRow(
            record=f"{number}/{authority}",
            service=service,
            authority=authority,
            period=periods.period(values),
            file=part.file.name,
            line=record.first,
        )

    def _say(self, part: Part, record: Record, column: str, sentence: str) -> None:
        self._tally.add(part.file.name, record.first, column, sentence, most=1)


def _known(values: dict[str, Any]) -> str | None:
    """The row's id; sure even where other cells stand in wrong places, as few texts are both numbers."""
    number, authority = values.get("URN"), values.get("LA (code)")
    return f"{number}/{authority}" if number and authority in authorities() else None


def _kind(code: str) -> tuple[ServiceKind, Agency]:
    if code in _CENTRES:
        return ServiceKind.EARLY_HELP, Agency.EARLY_HELP
    return ServiceKind.OTHER if code in _NO_SCHOOLS else ServiceKind.SCHOOL, Agency.EDUCATION
