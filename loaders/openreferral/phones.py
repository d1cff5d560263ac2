"""The telephones of a service: its duty line, and the one for the time when that is closed."""

import re
from collections.abc import Iterator
from typing import Any

from loaders.openreferral.shape import each
from loaders.telephones import telephone

_OUT_OF_HOURS = re.compile(
    r"\b(out[ -]of[ -](office[ -])?hours?|after[ -]hours|emergency duty|edt|night[ -]?time|overnight)\b",
    re.I,
)
_NO_VOICE = re.compile(r"\b(fax|text ?phone|minicom|pager|sms|typetalk)\b|^text$", re.I)


def lines(service: dict[str, Any]) -> tuple[str | None, str | None, bool]:
    """The duty line and the out-of-hours line of a slim service, each the first UK number of its sort.

    Return them, and whether there are numbers of which none is one.
    """
    found: dict[bool, str] = {}
    met = False
    for phone, about in _phones(service):
        said = " ".join(str(text) for text in (phone.get("type"), phone.get("description")) if text)
        if phone.get("number") and not _NO_VOICE.search(said):
            met = True
            number = telephone(phone["number"])
            if number:
                found.setdefault(bool(_OUT_OF_HOURS.search(f"{said} {about}")), number)
    return found.get(False), found.get(True), met and not found


def _phones(service: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every telephone with what is said of its contact: the service's own before those of places."""
    yield from _reached(service)
    for place in (*each(service.get("service_at_locations")), *each(service.get("locations"))):
        yield from _reached(place)
        for location in each(place.get("location")):
            yield from _reached(location)


def _reached(where: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    yield from ((phone, "") for phone in each(where.get("phones")))
    for contact in each(where.get("contacts")):
        about = f"{contact.get('title') or ''} {contact.get('department') or ''}"
        yield from ((phone, about) for phone in each(contact.get("phones")))
