"""What is read of a service of HSDS 1 and 3, key by key; nothing else goes any further.

Keys of the Open Referral UK profile of HSDS 3.0 (OpenReferralUK/uk-profile) and of Open Referral UK 1,
whose names several publishers still use. Never: descriptions, addresses, people, costs, reviews.
"""

from collections.abc import Iterator
from typing import Any

from loaders.rejects import REASON
from loaders.unread import Keys

_PHONE = {"number": None, "type": None, "description": None}
_CONTACT = {"title": None, "department": None, "phones": _PHONE}
_SCHEDULE = dict.fromkeys(
    ("valid_from", "valid_to", "freq", "interval", "byday", "weekday", "opens_at", "closes_at")
)
_TERM = {"name": None, "term": None}
SCHEDULES = ("schedules", "regular_schedules", "regular_schedule")
_REACHED = {"phones": _PHONE, "contacts": _CONTACT, **dict.fromkeys(SCHEDULES, _SCHEDULE)}
_SERVICE: dict[str, Any] = {
    "id": None,
    "name": None,
    "status": None,
    "last_modified": None,
    "updated_at": None,
    "assured_date": None,
    "organization": {"name": None},
    "service_areas": {"name": None, "service_area": None, "uri": None},
    "attributes": {"taxonomy_term": _TERM},
    "service_taxonomys": {"taxonomy": _TERM},
    **_REACHED,
    "service_at_locations": {**_REACHED, "location": _REACHED},
    "locations": _REACHED,
    REASON: None,
}
# Keys that a service has and an organisation, a location or a taxonomy term has not.
_OF_A_SERVICE = {
    "status", "organization", "organization_id", "service_areas", "service_at_locations",
    "service_taxonomys", "eligibilitys", "assured_date", "minimum_age", "maximum_age", "fees",
    "accreditations", "cost_options", "schedules", "regular_schedules", "holiday_schedules", REASON,
}  # fmt: skip


def is_service(value: Any, surely: bool = False) -> bool:
    """True where something has keys of a service.

    surely: only where it has enough of them to be no other format's.
    """
    if not isinstance(value, dict) or "resourceType" in value:
        return False
    own = len(_OF_A_SERVICE & value.keys())
    if surely:
        return own > 1 and {"id", "name"} <= value.keys()
    return own > 0 and not {"id", "name"}.isdisjoint(value)


def services_of(value: Any) -> Iterator[Any]:
    """The services inside: of an organisation all, each with its name; of a place the one; else itself."""
    if not isinstance(value, dict):
        yield value
    elif isinstance(value.get("service"), dict):
        yield {**value["service"], "service_at_locations": [value]}
    elif isinstance(value.get("services"), list) and not is_service(value):
        for one in value["services"]:
            yield _within(one, value) if isinstance(one, dict) else one
    else:
        yield value


def _within(service: dict[str, Any], organisation: dict[str, Any]) -> dict[str, Any]:
    return {**service, "organization": service.get("organization") or organisation}


def slim(value: Any, left: Keys) -> Any:
    """A service with the keys that are read; None where it is no object. The other keys go to `left`."""
    return _slim(value, "service", _SERVICE, left) if isinstance(value, dict) else None


def each(value: Any) -> list[dict[str, Any]]:
    """The objects of a slim value: several, one or none."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _slim(value: Any, kind: str, keys: dict[str, Any] | None, left: Keys) -> Any:
    if keys is None:
        return value if isinstance(value, str | int | float) else None
    if isinstance(value, list):
        return [_slim(one, kind, keys, left) for one in value if isinstance(one, dict)]
    if isinstance(value, dict):
        for key in value.keys() - keys.keys():
            left.note(kind, key)
        return {key: _slim(value[key], key, keys[key], left) for key in keys if key in value}
    return None
