"""From when to when a school is there, by its dates and its status."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from graph import Period, authorities
from loaders.days import between

# Codes of "EstablishmentStatus (code)", as GIAS publishes them in its glossary (DfE, 2025).
STATUS = "EstablishmentStatus (code)"
_OPEN, _CLOSED, _CLOSING, _PROPOSED = "1", "2", "3", "4"
_ABROAD = "is no authority of England, and the establishment is left out"
_PLANNED = "is only proposed, and the establishment is left out until it opens"
_UNDATED = "is closed since nobody knows when, and is left out"
_LATEST = "is closed without a date; the day of the last change is taken as the latest it can be"
_NO_STATUS = "is none of 1 to 4; the establishment is taken by its dates"
_AT_ODDS = "is open by its status and closed by its date; the date is taken"
_LATER = "is after the date of the extract; the establishment is taken"


def left_out(values: Mapping[str, Any]) -> tuple[str, str] | None:
    """The column and the reason for which a school is not taken; None where it is."""
    if values["LA (code)"] not in authorities():
        return "LA (code)", _ABROAD
    if values[STATUS] == _PROPOSED:
        return STATUS, _PLANNED
    return ("CloseDate", _UNDATED) if _undated(values) and not _latest(values) else None


def period(values: Mapping[str, Any]) -> Period:
    """From opening to closing; one that closed nobody knows when, by the day of its last change."""
    closes = _latest(values) if _undated(values) else values["CloseDate"]
    return between(values["OpenDate"], closes, not _undated(values))


def at_odds(values: Mapping[str, Any]) -> dict[str, str]:
    """What cannot be, by column."""
    opens, closes = values["OpenDate"], values["CloseDate"]
    return {"CloseDate": "is before the opening"} if opens and closes and closes < opens else {}


def oddities(values: Mapping[str, Any], extracted: date) -> Iterator[tuple[str, str]]:
    """What is odd and is taken: column and sentence."""
    status, opens, closes = values[STATUS], values["OpenDate"], values["CloseDate"]
    if status not in (_OPEN, _CLOSED, _CLOSING):
        yield STATUS, _NO_STATUS
    if _undated(values):
        yield "CloseDate", _LATEST
    if status == _OPEN and closes and closes <= extracted:
        yield "CloseDate", _AT_ODDS
    if opens and opens > extracted:
        yield "OpenDate", _LATER


def _undated(values: Mapping[str, Any]) -> bool:
    return values[STATUS] == _CLOSED and values["CloseDate"] is None


def _latest(values: Mapping[str, Any]) -> date | None:
    changed, opens = values.get("LastChangedDate"), values["OpenDate"]
    return None if changed is None or (opens and changed < opens) else changed
