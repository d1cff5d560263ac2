"""NHS organisations, as ODS reports, FHIR of both ages and the ORD interface tell of them."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Batch, Fault, ServiceKind
from loaders import ods
from tests.world import whole

TODAY = date(2026, 11, 20)
COLUMNS = {
    "code": 0,
    "name": 1,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "phone": 17,
    "setting": 25,
}
ROLE = "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-OrganisationRole"
TYPED = "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-TypedPeriod"
OLD = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ODSAPI-"
SYSTEM = "https://fhir.nhs.uk/Id/ods-organization-code"


def line(code: str = "A81001", name: str = "THE SURGERY", **more: str) -> list[str]:
    """One line of a report: the usual practice, with cells by name changed."""
    cells = ["ZZCONTENT"] * 27
    cells[24] = ""
    said = {
        "opened": "19740401",
        "closed": "",
        "status": "A",
        "phone": "01632 960101",
        "setting": "4",
    }
    for what, value in {**said, "code": code, "name": name, **more}.items():
        cells[COLUMNS[what]] = value
    return cells


def report(path: Path, *lines: list[str], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def typed(kind: str, start: str, end: str = "") -> dict[str, Any]:
    """A period of R4, as NHS England nests it."""
    period = {"start": start, **({"end": end} if end else {})}
    parts = [
        {"url": "dateType", "valueCoding": {"code": kind}},
        {"url": "period", "valuePeriod": period},
    ]
    return {"url": TYPED, "extension": parts}


def role(code: str, *periods: dict[str, Any], active: bool = True) -> dict[str, Any]:
    parts = [
        {"url": "roleCode", "valueCodeableConcept": {"coding": [{"code": code}]}},
        *periods,
        {"url": "active", "valueBoolean": active},
    ]
    return {"url": ROLE, "extension": parts}


def organization(code: str = "A81001", *extensions: Any, **more: Any) -> dict[str, Any]:
    roles = extensions or (role("RO177", typed("Operational", "1974-04-01")), role("RO76"))
    found = {
        "resourceType": "Organization",
        "id": f"ODS-{code}",
        "extension": list(roles),
        "identifier": [{"system": SYSTEM, "value": code}],
        "active": True,
        "name": "THE SURGERY",
        "telecom": [{"system": "phone", "value": "01632 960101"}],
        "address": [{"line": ["ZZCONTENT"], "postalCode": "LS1 4AP"}],
    }
    return {**found, **more}


def old(code: str = "A81001", **more: Any) -> dict[str, Any]:
    """The same of STU3: the identifier alone, codes without letters."""
    kind = [{"url": f"{OLD}DateType-1", "valueString": "Operational"}]
    period = {
        "url": f"{OLD}ActivePeriod-1",
        "valuePeriod": {"extension": kind, "start": "1974-04-01"},
    }
    parts = [
        {"url": "role", "valueCoding": {"code": "76"}},
        {"url": "primaryRole", "valueBoolean": True},
        {"url": "status", "valueString": "Active"},
    ]
    roles = {"url": f"{OLD}OrganizationRole-1", "extension": parts}
    identifier = {"system": SYSTEM, "value": code}
    return organization(code, period, roles, identifier=identifier, **more)


def searchset(*found: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": one} for one in found]
    return {"resourceType": "Bundle", "type": "searchset", "entry": entries}


def succession(
    code: str, kind: str, day: str = "2001-04-01", role: str = "RO197"
) -> dict[str, Any]:
    target = {"OrgId": {"extension": code}, "PrimaryRoleId": {"id": role}}
    return {
        "uniqueSuccId": 1,
        "Date": [{"Type": "Legal", "Start": day}],
        "Type": kind,
        "Target": target,
    }


def organisation(code: str = "RWR", **more: Any) -> dict[str, Any]:
    """One organisation of the ORD interface."""
    found = {
        "Name": "THE TRUST",
        "Date": [
            {"Type": "Legal", "Start": "1900-01-01"},
            {"Type": "Operational", "Start": "2001-04-01"},
        ],
        "OrgId": {"root": "2.16.840.1.113883.2.1.3.2.4.18.48", "extension": code},
        "Status": "Active",
        "GeoLoc": {"Location": {"AddrLn1": "ZZCONTENT", "PostCode": "LS1 4AP", "UPRN": 1}},
        "Contacts": {
            "Contact": [{"type": "http", "value": "x"}, {"type": "tel", "value": "01632 960101"}]
        },
        "Roles": {"Role": [{"id": "RO197", "primaryRole": True, "Status": "Active"}]},
    }
    return {**found, **more}


def written(path: Path, said: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(said, indent=1))
    return path


def read(path: Path) -> Batch:
    batch = ods.read(path, "ods", TODAY)
    return whole(batch)


def lines(tmp_path: Path, *found: list[str]) -> Batch:
    return read(report(tmp_path / "epraccur.csv", *found))


def said(faults: Iterable[Fault]) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.sentence) for fault in faults]


def test_a_line_of_a_report_becomes_a_service(tmp_path: Path):
    batch = lines(tmp_path, line(), line("A81002", closed="20200331", status="C", phone=""))
    assert (batch.full, batch.tables, batch.faults, batch.warnings) == (True, ("services",), [], [])
    first, second = batch.services
    assert (first.record, first.service.id, first.service.code) == (
        "A81001/",
        "A81001",
        "ods:A81001",
    )
    assert (first.service.name, first.service.agency.value) == ("THE SURGERY", "health")
    assert first.service.kind is ServiceKind.COMMUNITY_HEALTH
    assert (first.service.duty_line, first.authority) == ("01632 960101", None)
    assert (first.period.from_, first.period.to) == (date(1974, 4, 1), None)
    assert (second.service.duty_line, second.period.to) == (None, date(2020, 3, 31))
    assert (second.file, second.line) == ("epraccur.csv", 2)


@pytest.mark.parametrize(
    ("made", "file"),
    [(organization(), "a.json"), (old(), "b.json")],
)
def test_fhir_of_both_ages_becomes_the_same_service(tmp_path: Path, made: Any, file: str):
    batch = read(written(tmp_path / file, made))
    by_report = lines(tmp_path, line()).services[0]
    (row,) = batch.services
    where = {"file", "line"}
    assert row.model_dump(exclude=where) == by_report.model_dump(exclude=where)
    assert (batch.full, batch.faults, batch.warnings) == (False, [], [])


def test_ord_becomes_a_service_and_its_successions(tmp_path: Path):
    trust = organisation(
        Succs={
            "Succ": [succession("RQJ", "Predecessor"), succession("RNN", "Successor", "2026-04-01")]
        }
    )
    batch = read(written(tmp_path / "a.json", {"Organisation": trust}))
    (row,) = batch.services
    assert (row.service.code, row.service.kind) == ("ods:RWR", ServiceKind.OTHER)
    assert (row.period.from_, row.service.duty_line) == (date(2001, 4, 1), "01632 960101")
    assert [
        (tie.record, tie.service, tie.successor, tie.period.from_) for tie in batch.successors
    ] == [
        ("RQJ/RWR", "RQJ", "RWR", date(2001, 4, 1)),
        ("RWR/RNN", "RWR", "RNN", date(2026, 4, 1)),
    ]


@pytest.mark.parametrize("shape", ["one", "wrapped", "list", "page", "pages", "lines"])
def test_ord_comes_in_many_shapes(tmp_path: Path, shape: str):
    one, two = (
        organisation("RWR"),
        organisation("RQJ", Date={"Type": "Operational", "Start": "2001-04-01"}),
    )
    shapes: dict[str, Any] = {
        "one": [organisation()],
        "wrapped": [{"Organisation": one}, {"Organisation": two}],
        "list": [[one, {"Organisation": two}]],
        "page": [{"Organisations": [one, two]}],
        "pages": [{"Organisations": [one]}, {"Organisations": [two]}],
        "lines": [one, two],
    }
    text = "\n".join(json.dumps(part) for part in shapes[shape])
    path = tmp_path / "a.json"
    path.write_text(text)
    assert ods.knows(path) is not None
    codes = [row.service.id for row in read(path).services]
    assert codes == (["RWR"] if shape == "one" else ["RWR", "RQJ"])


def test_a_page_of_an_ord_search_is_a_summary(tmp_path: Path):
    found = {"Name": "X TRUST", "OrgId": "RWR", "Status": "Active", "PrimaryRoleId": "RO197"}
    authority = {**found, "OrgId": "8A100", "PrimaryRoleId": "RO141"}
    batch = read(written(tmp_path / "a.json", {"Organisations": [found, authority]}))
    assert [(row.service.id, row.period.from_) for row in batch.services] == [("RWR", None)]
    assert [warning.sentence for warning in batch.warnings] == [
        "is a local authority, and no service, and is left out"
    ]


def test_a_succession_that_both_tell_of_is_one(tmp_path: Path):
    new = organisation("RWR", Succs={"Succ": [succession("RQJ", "Predecessor")]})
    gone = organisation("RQJ", Succs={"Succ": succession("RWR", "Successor")})
    to_authority = organisation(
        "RC8", Succs={"Succ": [succession("211", "Successor", role="RO141")]}
    )
    batch = read(written(tmp_path / "a.json", {"Organisations": [new, gone, to_authority]}))
    assert [tie.record for tie in batch.successors] == ["RQJ/RWR"]


def test_operational_days_are_before_legal_ones_and_roles_stand_in(tmp_path: Path):
    legal, working = typed("Legal", "1999-04-01", "2002-03-31"), typed("operational", "1999-05-01")
    own = organization("A1B", role("RO76"), legal, working)
    by_roles = organization(
        "A1C",
        role(
            "RO177", typed("Legal", "1998-01-01"), typed("Operational", "1999-01-01", "2001-01-01")
        ),
        role("RO76", typed("Operational", "2000-01-01", "2003-01-01")),
        active=False,
    )
    half = organization(
        "A1D",
        role("RO177", typed("Legal", "1998-01-01", "1999-01-01")),
        role("RO76", typed("Legal", "1999-01-01")),
    )
    path = written(tmp_path / "a.json", searchset(own, by_roles, half))
    periods = [row.period for row in read(path).services]
    assert [(period.from_, period.to) for period in periods] == [
        (date(1999, 5, 1), None),
        (date(1999, 1, 1), date(2003, 1, 1)),
        (date(1998, 1, 1), None),
    ]


def test_the_same_organisation_on_two_pages_is_one_and_a_different_one_is_a_repeat(tmp_path: Path):
    written(tmp_path / "in" / "1.json", searchset(organization(), organization("A81002")))
    written(
        tmp_path / "in" / "2.json", searchset(organization(), organization("A81002", name="OTHER"))
    )
    assert [row.record for row in read(tmp_path / "in").services] == [
        "A81001/",
        "A81002/",
        "A81002/",
    ]


@pytest.mark.parametrize(
    ("name", "setting", "kind", "sensitive"),
    [
        ("THE SURGERY", "4", "community health", False),
        ("THE SURGERY", "0", "other", False),
        ("OUT OF HOURS", "2", "community health", False),
        ("COMMUNITY NURSES", "9", "community health", False),
        ("URGENT CARE", "12", "emergency department", False),
        ("CENTRE", "22", "sexual health", True),
        ("HEALTH CHECKS", "8", "other", True),
        ("LEEDS SEXUAL HEALTH", "8", "sexual health", True),
        ("PUBLIC HEALTH DRUG AND ALCOHOL SERVICE", "8", "substance misuse", True),
        ("YORK MENTAL HEALTH NHS TRUST", "", "mental health", True),
        ("CAMHS NORTH", "9", "mental health", True),
        ("HEALTH VISITING SERVICE", "9", "health visiting", False),
        ("SCHOOL NURSING", "9", "school nursing", False),
        ("CITY MIDWIVES", "9", "midwifery", False),
        ("ACCIDENT AND EMERGENCY", "10", "emergency department", False),
        ("OLD SCHOOL SURGERY", "4", "community health", False),
    ],
)
def test_kinds_come_from_setting_and_name(
    tmp_path: Path, name: str, setting: str, kind: str, sensitive: bool
):
    (row,) = lines(tmp_path, line(name=name, setting=setting)).services
    assert (row.service.kind.value, row.service.sensitive) == (kind, sensitive)


def test_a_role_that_is_over_does_not_count(tmp_path: Path):
    was = organization("A1B", role("RO258", active=False), role("RO76"))
    (row,) = read(written(tmp_path / "a.json", was)).services
    assert (row.service.kind, row.service.sensitive) == (ServiceKind.COMMUNITY_HEALTH, False)
