"""Rows as objects of the SocialCareData standards; what these have no word for is said in our own."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph import AllocationRow, ChildRow, Period, PractitionerRow, ServiceRow, Sex, authorities
from loaders.episodes.words import (
    NHS,
    OF_AN_AUTHORITY,
    OTHER_SERVICE,
    OWN,
    PERFORMERS,
    SERVICE_OF_AGENCY,
    SERVICE_OF_KIND,
    URN,
)

Object = dict[str, Any]
_SEXES = {Sex.MALE: "1", Sex.FEMALE: "2"}


def service_object(areas: Sequence[ServiceRow]) -> Object:
    """A service, from its rows, one for each area."""
    service = areas[0].service
    code = SERVICE_OF_KIND.get(service.kind) or SERVICE_OF_AGENCY.get(service.agency)
    lines = (("Duty line", service.duty_line), ("Out of hours", service.out_of_hours_line))
    contacts = [{"name": name, "telephone": [number]} for name, number in lines if number]
    ours = service.agency in OF_AN_AUTHORITY
    return said(
        {
            "@type": "Service",
            "identifier": [identified("service", service.id)],
            "name": service.name,
            "type": [code or OTHER_SERVICE],
            "contact": contacts or [{"name": "Main"}],
            "relatedOrganisation": [_authority(row.authority or "") for row in areas if ours],
            f"{OWN}agency": service.agency,
            f"{OWN}kind": service.kind,
            f"{OWN}sensitive": service.sensitive or None,
            f"{OWN}hours": service.hours,
            f"{OWN}confirmedOn": service.confirmed_on,
            f"{OWN}confirmedBy": service.confirmed_by,
            f"{OWN}code": service.code,
            f"{OWN}area": [
                {f"{OWN}authority": row.authority, **_span(row.period)} for row in areas
            ],
        }
    )


def professional_object(posts: Sequence[PractitionerRow]) -> Object:
    """A practitioner, from their rows, one for each post."""
    who = posts[0].practitioner
    given, _, family = who.name.rpartition(" ")
    contact = {"name": "Work", "telephone": who.work_phone, "email": who.work_email}
    registered = [identified("registration", who.registration)] if who.registration else []
    return said(
        {
            "@type": "Professional",
            "identifier": [identified("practitioner", who.id), *registered],
            "name": said({"familyName": [family], "givenName": [given] if given else None}),
            "role": [who.profession],
            "contact": said({name: [one] if one else None for name, one in contact.items()}),
            "relatedService": [identified("service", row.service) for row in posts],
            f"{OWN}confirmedOn": who.confirmed_on,
            f"{OWN}post": [{f"{OWN}service": row.service, **_span(row.period)} for row in posts],
        }
    )


def person_object(row: ChildRow) -> Object:
    """A child: who they are, and no more."""
    who = row.identity
    numbers = [{"value": who.nhs_number, "system": NHS}] if who.nhs_number else []
    numbers += [identified("upn", who.upn)] if who.upn else []
    name = {"familyName": who.family_name, "givenName": who.given_name}
    born = {"date": who.birth_date, "accuracyIndicator": "AAA"} if who.birth_date else None
    return said(
        {
            "@type": "Person",
            "identifier": [identified("child", row.record), *numbers],
            "name": said({part: [one] if one else None for part, one in name.items()}),
            "dateOfBirth": born and said(born),
            "sexCode": _SEXES.get(who.sex),
            f"{OWN}expectedDate": who.expected_date,
            f"{OWN}formerName": list(who.former_names) or None,
            f"{OWN}formerUPN": list(who.former_upns) or None,
        }
    )


def organisation_object(number: str, services: Sequence[str]) -> Object:
    """An authority, with the services of its own that the file describes."""
    return {
        "@type": "Organisation",
        "identifier": [_authority(number)],
        "name": authorities()[number].name,
        "type": ["local-authority"],
        "contact": [{"name": "Main"}],
        "relatedService": [identified("service", local) for local in services],
    }


def worker_object(tie: AllocationRow) -> Object:
    """A practitioner named in an episode, with part and time."""
    return said(
        {
            "professional": identified("practitioner", tie.practitioner),
            "involvement": PERFORMERS.get(tie.part, "PPRF"),
            f"{OWN}identifier": tie.record,
            f"{OWN}part": tie.part,
            f"{OWN}changeReason": tie.change_reason,
            **_span(tie.period),
        }
    )


def timing_object(period: Period) -> Object:
    """The time of an episode."""
    times = {"startDateTime": period.from_, "endDateTime": period.to}
    return {"@type": "Timing"} | {n: f"{one}T00:00:00" for n, one in times.items() if one}


def _span(period: Period) -> Object:
    """A period in properties of our own."""
    return said(
        {
            f"{OWN}startDate": period.from_,
            f"{OWN}endDate": period.to,
            f"{OWN}endExact": None if period.to_exact else False,
        }
    )


def identified(kind: str, value: str) -> Object:
    """An identifier in a system of our own."""
    return {"value": value, "system": f"{URN}{kind}"}


def _authority(number: str) -> Object:
    return identified("dfe-number", number)


def said(found: Mapping[str, Any]) -> Object:
    """Without what nothing is said of, and days as text."""
    plain = {name: str(one) if hasattr(one, "isoformat") else one for name, one in found.items()}
    return {name: one for name, one in plain.items() if one is not None and one != []}
