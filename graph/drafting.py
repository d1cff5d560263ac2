"""What a row of a batch says by itself: what will be written of it, and what it is held against."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from graph.authorities import authorities
from graph.rows import UNNAMED, ChildRow, Consent, Row
from graph.spool import Rest, packed

# Of involvements: what they say of consent.
WITHDRAWN, GIVEN = 1, 2
_MARKS = {None: 0, Consent.WITHDRAWN: WITHDRAWN, Consent.GIVEN: GIVEN}
_NO_AUTHORITY = "names an authority whose DfE number is not known"
# What else a row of a table ties, beside a child and a service.
_OTHER = {
    "services": "authority",
    "practitioners": "practitioner",
    "parents": "parent",
    "successors": "successor",
    "homes": "authority",
    "allocations": "practitioner",
    "pointers": "authority",
}
_PLACE = {"file", "line", "record"}
# What an involvement need not say is left out, so that one which does not is the same as before there was it.
_TERMS = ("consent_until", "consent_for")


class Draft(NamedTuple):
    """A row before its key, its content and its child are hashed.

    record: the source's own id of the row. content: all that it says on the day of the extract, as JSON.
    child: the source's own id of the child.
    """

    table: str
    record: str
    content: str
    child: str | None
    rest: Rest


class Drafting(NamedTuple):
    """Makes drafts of the rows of one extract.

    extracted: its day. authority: its source's own, which a service gets that names none.
    """

    extracted: date
    authority: str | None

    def __call__(self, row: Row) -> Draft:
        """The draft of a row."""
        table = row.table
        if table == "services" and vars(row)["authority"] is None:
            row = row.model_copy(update={"authority": self.authority})
        # Looking there for what a table may not have is much faster than asking the row, or what it is.
        said = vars(row)
        of_child, span = table == "children", said.get("period")
        rest = Rest(
            f"{row.file}, line {row.line}",
            said["service"].id if table == "services" else said.get("service"),
            _other(table, said),
            _MARKS[said["consent"]] if table == "involvements" else int(said.get("shielded", 0)),
            span is not None and span.to is None,
            span.to.isoformat() if span is not None and span.to else None,
            _at_once(table, said),
            packed(row if of_child else whole_of(row)),
        )
        child = row.record if of_child else said.get("child")
        return Draft(table, row.record, self._content(row), child, rest)

    def _content(self, row: Row) -> str:
        if isinstance(row, ChildRow):
            known = row.identity.as_of(self.extracted)
            if known is not row.identity:
                row = row.model_copy(update={"identity": known})
        elif row.table == "involvements":
            unsaid = {name for name in _TERMS if not vars(row)[name]}
            return row.model_dump_json(exclude=_PLACE | unsaid)
        return row.model_dump_json(exclude=_PLACE)


def whole_of(row: Row) -> dict[str, Any]:
    """What is written of a row, and where it stands for a fault."""
    whole: dict[str, Any] = {"file": row.file, "line": row.line, "record": row.record}
    said, table = vars(row), row.table
    if (span := said.get("period")) is not None:
        edge = {"from": span.from_, "to": span.to, "to_exact": span.to_exact}
        for name in ("kind", "part", "change_reason"):
            if value := said.get(name):
                edge[name] = value.value
        whole["edge"] = edge
    if table in ("services", "practitioners"):
        whole["node"] = said[table[:-1]].model_dump(mode="python")
    if table == "involvements":
        whole |= _consent(said)
    return whole


def _consent(said: Mapping[str, Any]) -> dict[str, Any]:
    """What an involvement says of consent; terms may narrow what was given before."""
    until, agencies = said["consent_until"], [agency.value for agency in said["consent_for"]]
    return {
        "hides": said["consent"] is Consent.WITHDRAWN or bool(until or agencies),
        "between": (said["child"], said["service"]),
        "consent": {"until": until, "agencies": agencies or None},
    }


def _other(table: str, said: Mapping[str, Any]) -> str | None:
    name = _OTHER.get(table)
    if name is None:
        return None
    other = said[name]
    if table == "practitioners":
        return other.id
    return (other or UNNAMED) if name == "authority" else other


def _at_once(table: str, said: Mapping[str, Any]) -> str | None:
    named = said.get("authority")
    if table == "homes" or named not in (None, UNNAMED):
        return None if named in authorities() else _NO_AUTHORITY
    return None
