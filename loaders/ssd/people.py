"""Children of ssd_person: who they are, by names, birth and numbers, and nothing else of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from graph import ChildRow, Identity, Row, explain
from loaders import cells
from loaders.identities import child_name
from loaders.ssd.cells import name
from loaders.ssd.line import Line, Notes
from loaders.ssd.links import Links, Numbers

# Where a field of an identity stands. A child stays known without the first ones, and a cell of them
# that cannot be used is odd; without a right date of birth it could be another child.
_SOFT = {
    "given_name": "pers_forename",
    "family_name": "pers_surname",
    "nhs_number": "pers_common_child_id",
    "upn": "pers_upn",
}
_HARD = {"birth_date": "pers_dob", "expected_date": "pers_expected_dob"}
# A pregnancy is over by then: System C's script writes an estimated date of birth as expected.
_OVERDUE = timedelta(days=60)
_NO_UPN = re.compile(r"UN ?\d{1,2}", re.I)


class Children:
    """Reads ssd_person.

    history: what reads the involvements that stand in a cell of the same row.
    """

    def __init__(
        self,
        notes: Notes,
        links: Links,
        extracted: date,
        history: Callable[[Line, str], Iterator[Row]],
    ) -> None:
        self._notes, self._links, self._extracted = notes, links, extracted
        self._history = history

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Return each child, and what its history holds."""
        self._links.ready()
        for line in lines:
            child = line.ident("pers_person_id", need=True)
            identity = self._identity(line, child) if child else None
            if child is None:
                self._notes.refuse(line, [(table, None) for table in line.place.makes])
            elif identity is None or line.wrong:
                self._notes.refuse(line, [("children", child)])
            else:
                yield ChildRow(record=child, identity=identity, file=line.file, line=line.number)
            self._notes.warn(line)
            if child:
                yield from self._history(line, child)

    def _identity(self, line: Line, child: str) -> Identity | None:
        linked = self._links.of(child)
        said = self._said(line, linked)
        while not line.wrong:
            try:
                return Identity.model_validate(said)
            except ValidationError as error:
                for field, sentence in explain(error, Identity):
                    _without(line, said, linked, field, sentence)
        return None

    def _said(self, line: Line, linked: Numbers) -> dict[str, Any]:
        born, expected = line.day("pers_dob"), line.day("pers_expected_dob")
        if expected and not born and expected < self._extracted - _OVERDUE:
            sentence = "is long past: an estimated date of birth belongs into pers_dob"
            self._notes.once(line, "pers_expected_dob", sentence)
        upn = line.text("pers_upn")
        upn = linked.upn if upn is None or _NO_UPN.fullmatch(upn) else upn
        number = line.text("pers_common_child_id") or line.text("pers_single_unique_id")
        return {
            "nhs_number": number or linked.nhs_number,
            "upn": upn,
            "former_upns": _former(linked, upn),
            "given_name": _name(line, "pers_forename"),
            "family_name": _name(line, "pers_surname"),
            "birth_date": born,
            "expected_date": None if born else expected,
            "sex": cells.sex(line.raw("pers_sex")),
        }


def _without(line: Line, said: dict[str, Any], linked: Numbers, field: str, sentence: str) -> None:
    """Take what the linked identifiers say for a number, and no name; a wrong birth stays wrong."""
    if field in _SOFT:
        said[field] = getattr(linked, field, None)
        said["former_upns"] = _former(linked, said["upn"])
        line.odd[_column(line, field)] = f"{sentence}; the child is taken without it"
    else:
        line.wrong[_HARD.get(field, "pers_person_id")] = sentence


def _former(linked: Numbers, upn: str | None) -> tuple[str, ...]:
    """The pupil numbers that a child had beside this one."""
    now = re.sub(r"\s", "", upn or "").upper()
    held = dict.fromkeys((*linked.former_upns, linked.upn))
    return tuple(one for one in held if one and one != now)


def _column(line: Line, field: str) -> str:
    column = _SOFT[field]
    if field == "nhs_number" and line.text(column) is None:
        return "pers_single_unique_id"
    return column


def _name(line: Line, column: str) -> str | None:
    """A name; what stands in brackets is left out, and of TWIN 1 and its like only the words stay."""
    said = name(line.raw(column))
    return child_name(cells.words(cells.unbracketed(said))) or None if said else None
