"""Made-up registers of services: schools, NHS organisations, and a directory of Open Referral."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from signpost.bench.crowds import CONTENT, Crowd, Person
from signpost.bench.made_tables import tables
from signpost.demo.names import plain

_GIAS = {
    "edubasealldata": "URN,LA (code),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "EstablishmentStatus (code),OpenDate,CloseDate,NumberOfPupils,LastChangedDate,Postcode,"
    "TelephoneNum,HeadFirstName,HeadLastName",
    "links": "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate",
}
_AREAS = ("383", "380", "373", "384")
_PAGE = 200  # services
_ORGANISATIONS = "https://fhir.nhs.uk/Id/ods-organization-code"
_FHIR = "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-"


def write_gias(folder: Path, crowd: Crowd) -> Path:
    """Write the schools register; every tenth school closed, and the next one took its work over."""
    with tables(folder, _GIAS, encoding="cp1252") as put:
        for one in crowd:
            n = one.number
            urn, closed = 100_000 + n, n % 10 == 8
            status, end = ("2", "31-08-2019") if closed else ("1", "")
            name = f"{plain(one.family)} Road Primary School"
            where = [urn, _AREAS[n % 4], 2000 + n % 7000, name, "01", status, "01-09-1974", end]
            head = [200, "", "LS1 4AP", f"0113496{n % 10_000:04}", CONTENT, CONTENT]
            put["edubasealldata"]([*where, *head])
            if closed:
                put["links"]([urn, urn + 1, CONTENT, "Successor", "01-09-2019"])
    return folder


def write_ods(folder: Path, crowd: Crowd) -> Path:
    """Write a report of NHS organisations, with 27 columns and no header."""
    with tables(folder, {"epraccur": ""}) as put:
        for one in crowd:
            cells = [CONTENT] * 27
            closed = one.number % 10 == 8
            cells[0], cells[1] = _code(one), _surgery(one)
            cells[10], cells[11], cells[12] = (
                "19740401",
                "20200331" if closed else "",
                "CA"[not closed],
            )
            cells[17], cells[24], cells[25] = f"0113 496 {one.number % 10_000:04}", "", "4"
            put["epraccur"](cells)
    return folder


def write_ods_fhir(folder: Path, crowd: Crowd) -> Path:
    """Write the same as an answer of the FHIR interface."""
    entries = [{"resource": _organisation(one)} for one in crowd]
    return _json(folder / "ods.json", {"resourceType": "Bundle", "entry": entries})


def write_ods_ord(folder: Path, crowd: Crowd) -> Path:
    """Write the same as answers of the ORD interface, with successions."""
    return _json(folder / "ord.json", {"Organisations": [_ord(one) for one in crowd]})


def _code(one: Person) -> str:
    return f"A{81_000 + one.number}"


def _surgery(one: Person) -> str:
    return f"{plain(one.family).upper()} ROAD SURGERY"


def _organisation(one: Person) -> dict[str, Any]:
    kind = {"url": "dateType", "valueCoding": {"code": "Operational"}}
    period = {"url": "period", "valuePeriod": {"start": "1974-04-01"}}
    typed = {"url": f"{_FHIR}TypedPeriod", "extension": [kind, period]}
    code = {"url": "roleCode", "valueCodeableConcept": {"coding": [{"code": "RO177"}]}}
    active = {"url": "active", "valueBoolean": True}
    role = {"url": f"{_FHIR}OrganisationRole", "extension": [code, typed, active]}
    return {
        "resourceType": "Organization",
        "id": f"ODS-{_code(one)}",
        "extension": [role],
        "identifier": [{"system": _ORGANISATIONS, "value": _code(one)}],
        "active": True,
        "name": _surgery(one),
        "telecom": [{"system": "phone", "value": "01632 960101"}],
        "address": [{"line": [CONTENT], "postalCode": "LS1 4AP"}],
    }


def _ord(one: Person) -> dict[str, Any]:
    target = {
        "OrgId": {"extension": f"A{81_000 + one.number + 1}"},
        "PrimaryRoleId": {"id": "RO177"},
    }
    date = {"Type": "Legal", "Start": "2001-04-01"}
    said = {"uniqueSuccId": 1, "Date": [date], "Type": "Successor", "Target": target}
    return {
        "Name": _surgery(one),
        "Date": [{"Type": "Operational", "Start": "1974-04-01"}],
        "OrgId": {"root": "2.16.840.1.113883.2.1.3.2.4.18.48", "extension": _code(one)},
        "Status": "Active",
        "GeoLoc": {"Location": {"AddrLn1": CONTENT, "PostCode": "LS1 4AP"}},
        "Contacts": {"Contact": [{"type": "tel", "value": "01632 960101"}]},
        "Roles": {"Role": [{"id": "RO177", "primaryRole": True, "Status": "Active"}]},
        **({"Succs": {"Succ": [said]}} if one.number % 10 == 8 else {}),
    }


def write_openreferral(folder: Path, crowd: Crowd) -> Path:
    """Write a directory in pages; every service serves two areas."""
    for number, page in enumerate(_pages(map(_service, crowd))):
        said = {"total_items": crowd.count, "page_number": number + 1, "contents": page}
        _json(folder / f"page {number:05}.json", said)
    return folder


def write_openreferral_file(folder: Path, crowd: Crowd) -> Path:
    """Write the same as one file, with the names of HSDS 1."""
    return _json(folder / "directory.json", [_older(_service(one)) for one in crowd])


def _older(service: dict[str, Any]) -> dict[str, Any]:
    week = {"weekday": "Monday", "opens_at": "09:00", "closes_at": "17:00"}
    areas = [{"service_area": area["name"]} for area in service["service_areas"]]
    kept = {
        key: value for key, value in service.items() if key not in ("schedules", "last_modified")
    }
    older = {"regular_schedules": [week], "service_areas": areas}
    return {**kept, **older, "updated_at": service["last_modified"]}


def _service(one: Person) -> dict[str, Any]:
    n, line = one.number, f"0113 496 {one.number % 10_000:04}"
    week = {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
    return {
        "id": f"ac148810-d857-441c-9679-{n:012}",
        "name": f"{plain(one.family)} Stay and Play {n}",
        "description": f"<p>{CONTENT}</p>",
        "status": "active" if n % 10 else "inactive",
        "assured_date": "2026-03-04",
        "last_modified": "2026-03-15T10:30:45.123Z",
        "organization": {"id": f"o{n % 500}", "name": f"{plain(one.family)} Families"},
        "service_areas": [{"id": "a1", "name": "Leeds"}, {"id": "a2", "name": "Bradford"}],
        "phones": [{"id": f"p{n}", "number": line}],
        "contacts": [{"id": f"c{n}", "name": CONTENT, "title": "Out of hours", "phones": []}],
        "schedules": [week],
    }


def _pages(services: Iterable[Any]) -> Iterator[list[Any]]:
    services = iter(services)
    while page := list(islice(services, _PAGE)):
        yield page


def _json(path: Path, said: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, indent=1), encoding="utf-8")
    return path
