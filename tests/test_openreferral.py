"""Directories of services, as publishers of Open Referral UK send them."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import Agency, Batch, Fault, Graph, LawfulBasis, Service, ServiceKind, Source
from loaders import openreferral
from tests.world import STEWARD

TODAY = date(2026, 11, 20)
SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "openreferral" / "oruk_3.0_profile"
DIRECTORY = Source(
    id="leeds-directory",
    name="Leeds directory",
    authority="383",
    agency=Agency.EARLY_HELP,
    basis=LawfulBasis.PUBLIC_TASK,
)
# A service of HSDS 3, as the Open Referral UK profile has it.
ELM: dict[str, Any] = {
    "id": "ac148810-d857-441c-9679-408f346de14b",
    "name": "Elm Road Stay and Play",
    "status": "active",
    "assured_date": "2026-03-04",
    "last_modified": "2026-03-15T10:30:45.123Z",
    "organization": {"id": "o1", "name": "Elm Road Families"},
    "service_areas": [{"id": "a1", "name": "Leeds"}, {"id": "a2", "name": "Bradford"}],
    "phones": [{"id": "p1", "number": "+44 (0)113 496 0001"}],
    "contacts": [
        {
            "id": "c1",
            "title": "Out of hours",
            "phones": [{"id": "p2", "number": "0113 496 0002"}],
        }
    ],
    "schedules": [
        {"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"},
        {"freq": "WEEKLY", "byday": "SA", "opens_at": "10:00:00", "closes_at": "12:00:00Z"},
    ],
}
# The same of HSDS 1, as Open Referral UK 1 names it.
OAK: dict[str, Any] = {
    "id": "b1",
    "name": "Oak Street Parenting",
    "assured_date": "04/03/2026 00:00:00",
    "eligibilitys": [{"minimum_age": None, "maximum_age": None}],
    "organization": {"id": "o2", "name": "Leeds City Council"},
    "contacts": [{"name": "ZZCONTENT", "phones": [{"number": "0113 496 0003"}]}],
    "service_areas": [
        {"service_area": "x", "uri": "http://statistics.data.gov.uk/id/x/E08000035"}
    ],
    "regular_schedules": [
        {"weekday": "Thursday", "freq": "week", "opens_at": "9:30", "closes_at": "10:30",
         "byday": "TH", "interval": 1},
    ],
    "service_taxonomys": [{"taxonomy": {"id": "t1", "name": "Support", "vocabulary": "v"}}],
    "pc_metadata": {"date_created": "2020-01-01"},
}  # fmt: skip
EDGES = (
    "MATCH (a:Service)-[r]->(b) RETURN a.id AS service, type(r) AS edge, b.number AS to,"
    " toString(r.to) AS until ORDER BY service, edge, to"
)
EVERYTHING = (
    "MATCH (n) OPTIONAL MATCH (n)-[r]->() UNWIND [n, r] AS one"
    " WITH one WHERE one IS NOT NULL RETURN properties(one) AS held"
)


def envelope(*services: Any, total: int | None = None, **more: Any) -> dict[str, Any]:
    """A page of HSDS 3."""
    return {"total_items": len(services) if total is None else total, "contents": services, **more}


def put(path: Path, value: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    return path


def read(path: Path, full: bool = True) -> Batch:
    return openreferral.read(path, "leeds-directory", TODAY, full)


def read_one(tmp_path: Path, **changed: Any) -> Batch:
    """Elm Road with some keys changed; None takes one away."""
    said = {key: value for key, value in {**ELM, **changed}.items() if value is not None}
    return read(put(tmp_path / "a.json", [said]))


def service_of(batch: Batch) -> Service:
    return batch.services[0].service


def weekly(days: str, opens: Any = "09:00", closes: Any = "17:00", **more: Any) -> dict[str, Any]:
    return {"byday": days, "opens_at": opens, "closes_at": closes, "freq": "WEEKLY", **more}


def said(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    return [(fault.column, fault.sentence) for fault in faults]


def test_a_service_of_hsds_3(tmp_path: Path):
    batch = read_one(tmp_path)
    assert [(row.record, row.authority) for row in batch.services] == [
        ("ac148810-d857-441c-9679-408f346de14b/380", "380"),
        ("ac148810-d857-441c-9679-408f346de14b/383", "383"),
    ]
    assert service_of(batch).model_dump(exclude_defaults=True) == {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Elm Road Stay and Play",
        "agency": Agency.VOLUNTARY,
        "duty_line": "0113 496 0001",
        "out_of_hours_line": "0113 496 0002",
        "hours": "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
        "confirmed_on": date(2026, 3, 4),
    }
    assert batch.services[0].period.open
    assert (batch.full, batch.tables, batch.faults, batch.warnings) == (True, ("services",), [], [])


def test_a_service_of_hsds_1(tmp_path: Path):
    batch = read(put(tmp_path / "a.json", {"totalElements": 1, "last": True, "content": [OAK]}))
    (row,) = batch.services
    assert (row.record, row.authority) == ("b1/383", "383")
    assert row.service.model_dump(exclude_defaults=True) == {
        "id": "b1",
        "name": "Oak Street Parenting",
        "kind": ServiceKind.FAMILY_SUPPORT,
        "agency": Agency.EARLY_HELP,
        "duty_line": "0113 496 0003",
        "hours": "Th 09:30-10:30",
        "confirmed_on": date(2026, 3, 4),
    }
    assert (batch.full, batch.faults, batch.warnings) == (True, [], [])


def test_nodes_and_edges_of_a_paged_folder(graph: Graph, bare, tmp_path: Path):
    graph.load(STEWARD, DIRECTORY)
    gone = {**OAK, "id": "b2", "status": "defunct", "last_modified": "2025-08-31"}
    put(tmp_path / "in" / "page-1.json", envelope(ELM, total=3, last_page=False))
    put(tmp_path / "in" / "page-2.json", envelope(OAK, gone, total=3, last_page=True))
    report = graph.load(STEWARD, read(tmp_path / "in"))
    assert (report.read, report.new, report.rejected) == (4, 4, 0)
    found = bare("MATCH (s:Service) RETURN s.id AS id, s.name AS name, s.hours AS hours,"
                 " s.duty_line AS duty, s.out_of_hours_line AS night ORDER BY id")  # fmt: skip
    elm = f"leeds-directory:{ELM['id']}"
    assert [tuple(one.values()) for one in found] == [
        (elm, "Elm Road Stay and Play", "Mo-Fr 09:00-17:00; Sa 10:00-12:00", "0113 496 0001",
         "0113 496 0002"),
        ("leeds-directory:b1", "Oak Street Parenting", "Th 09:30-10:30", "0113 496 0003", None),
        ("leeds-directory:b2", "Oak Street Parenting", "Th 09:30-10:30", "0113 496 0003", None),
    ]  # fmt: skip
    assert [tuple(edge.values()) for edge in bare(EDGES)] == [
        (elm, "IN_AREA", "380", None),
        (elm, "IN_AREA", "383", None),
        ("leeds-directory:b1", "IN_AREA", "383", None),
        ("leeds-directory:b2", "IN_AREA", "383", "2025-08-31"),
    ]
    again = graph.load(STEWARD, read(tmp_path / "in"))
    assert (again.new, again.changed, again.ended, again.unchanged) == (0, 0, 0, 4)


def test_pages_in_another_order_change_nothing_and_what_is_gone_has_ended(
    graph: Graph, tmp_path: Path
):
    graph.load(STEWARD, DIRECTORY)
    services = [{**OAK, "id": f"b{n}"} for n in range(20)]
    put(tmp_path / "a" / "1.json", envelope(*services[:9], total=20))
    put(tmp_path / "a" / "2.json", envelope(*services[9:], total=20))
    graph.load(STEWARD, read(tmp_path / "a"))
    put(tmp_path / "b" / "1.json", envelope(*reversed(services)))
    report = graph.load(STEWARD, read(tmp_path / "b"))
    assert (report.new, report.changed, report.ended) == (0, 0, 0)
    put(tmp_path / "b" / "1.json", envelope(*services[1:]))
    report = graph.load(STEWARD, read(tmp_path / "b"))
    assert (report.new, report.changed, report.ended) == (0, 0, 1)


def _marked(keys: Any) -> Any:
    """The same shape with a marker in every place that holds content or people."""
    if isinstance(keys, dict):
        return {key: _marked(value) for key, value in keys.items()}
    return [_marked(one) for one in keys] if isinstance(keys, list) else "ZZCONTENT"


def test_nothing_but_pointers_reaches_the_store(graph: Graph, bare, tmp_path: Path):
    graph.load(STEWARD, DIRECTORY)
    address = {"attention": "", "address_1": "", "postal_code": "", "city": ""}
    content = _marked(
        {
            "description": "", "alternate_name": "", "url": "", "email": "", "fees": "",
            "accreditations": "", "alert": "", "assurer_email": "", "interpretation_services": "",
            "eligibilitys": [{"eligibility": ""}], "eligibility_description": "",
            "reviews": [{"title": "", "description": "", "reviewer_organization": {"name": ""}}],
            "cost_options": [{"option": ""}], "fundings": [{"source": ""}], "pc_notes": {"a": ""},
            "languages": [{"name": ""}], "accessibility": "", "minimum_age": "", "maximum_age": "",
        }
    )  # fmt: skip
    content |= {
        "contacts": [
            {"name": "ZZCONTENT", "email": "ZZCONTENT", "title": "ZZCONTENT",
             "phones": [{"number": "0113 496 0001", "description": "ZZCONTENT"}]},
        ],
        "organization": {"name": "ZZCONTENT", "description": "ZZCONTENT", "website": "ZZCONTENT"},
        "attributes": [{"label": "ZZCONTENT", "taxonomy_term": _marked(dict.fromkeys(("name",)))}],
        "schedules": [{**ELM["schedules"][0], **_marked({"description": "", "notes": ""})}],
        "service_areas": [{"name": "Leeds", "extent": "ZZCONTENT"}, {"name": "ZZCONTENT"}],
        "service_at_locations": [
            {"description": "ZZCONTENT", "location": {"name": "ZZCONTENT", "latitude": 100,
             "addresses": [_marked(address)], "physical_addresses": [_marked(address)]}},
        ],
    }  # fmt: skip
    path = put(tmp_path / "a.json", envelope({**ELM, **content}))
    report = graph.load(STEWARD, read(path))
    assert (report.new, report.rejected) == (1, 0)
    held = str(bare(EVERYTHING))
    assert "Elm Road" in held
    assert "ZZCONTENT" not in held


def test_services_inside_an_organisation_or_a_place(tmp_path: Path):
    inside = {key: value for key, value in ELM.items() if key != "organization"}
    organisation = {"id": "o1", "name": "Leeds City Council", "services": [inside, OAK]}
    batch = read(put(tmp_path / "a.json", organisation))
    assert [row.service.id for row in batch.services] == [ELM["id"], ELM["id"], "b1"]
    assert service_of(batch).agency == Agency.EARLY_HELP
    assert not batch.full
    place = {"id": "p1", "service": inside, "schedules": [weekly("SU")], "location": {"id": "l1"}}
    batch = read(put(tmp_path / "a.json", envelope(place)))
    assert service_of(batch).hours == "Mo-Fr 09:00-17:00; Sa 10:00-12:00"
    assert not batch.full


def test_one_service_alone_ends_nothing(tmp_path: Path):
    batch = read(put(tmp_path / "a.json", ELM))
    assert (len(batch.services), batch.full) == (2, False)
    assert said(batch.warnings)[0][1].endswith("nothing is taken for ended")


@pytest.mark.parametrize(
    ("pages", "full"),
    [
        ([envelope(ELM, OAK)], True),
        ([[ELM, OAK]], True),
        ([envelope(ELM, total=2), envelope(OAK, total=2)], True),
        ([envelope(ELM, total=3), envelope(OAK, total=3)], False),
        ([envelope(ELM, OAK, total=3), envelope(OAK, total=3)], False),
        ([{"content": [ELM], "totalElements": 2}, {"content": [OAK], "totalElements": 2}], True),
        ([{"content": [ELM, OAK], "last": False}], False),
        ([{"content": [ELM], "last": False}, {"content": [OAK], "last": True}], True),
        ([envelope(ELM, OAK), ELM], True),
        ([envelope(ELM, OAK, {"id": "t1", "name": "Term"})], False),
        ([envelope(ELM, OAK), envelope({"id": "t1", "name": "Term"}, total=99)], True),
    ],
)
def test_only_a_whole_directory_can_end_what_is_missing(
    tmp_path: Path, pages: list[Any], full: bool
):
    for number, value in enumerate(pages):
        put(tmp_path / "in" / f"{number}.json", value)
    batch = read(tmp_path / "in")
    assert batch.full == full
    assert any(fault.sentence.endswith("taken for ended") for fault in batch.warnings) != full
    assert not read(tmp_path / "in", full=False).full


@pytest.mark.parametrize("order", ["1234", "2143", "4321"])
def test_a_service_on_several_pages_is_one(tmp_path: Path, order: str):
    older = {**ELM, "name": "Elm", "last_modified": "2026-01-01"}
    summary = {key: ELM[key] for key in ("id", "name", "status", "last_modified", "service_areas")}
    for name, value in zip(order, (older, ELM, summary, ELM), strict=True):
        put(tmp_path / "in" / f"{name}.json", [value])
    batch = read(tmp_path / "in")
    assert [row.service.name for row in batch.services] == ["Elm Road Stay and Play"] * 2
    assert service_of(batch).duty_line == "0113 496 0001"
    assert {fault.column for fault in batch.warnings} == {"id"}


# By hand: service_full.json, service_list.json, organization_full.json and the two of places hold one
# and the same service; the other five hold an organisation or terms. The list speaks of ten services.
@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
def test_the_shared_sample(graph: Graph, bare):
    graph.load(STEWARD, DIRECTORY)
    report = graph.load(STEWARD, read(SAMPLE))
    assert (report.read, report.new, report.rejected) == (1, 1, 0)
    assert len([f for f in report.warnings if "holds what is no service" in f.sentence]) == 5
    assert len(report.warnings) == 6
    [held] = bare("MATCH (s:Service) RETURN s.name AS name, s.kind AS kind, s.sensitive AS hidden,"
                  " s.hours AS hours, toString(s.confirmed_on) AS confirmed")  # fmt: skip
    # Its one schedule was valid on 1 January 2005 only; it has no telephone.
    assert held == {
        "name": "Community Counselling",
        "kind": "mental health",
        "hidden": True,
        "hours": None,
        "confirmed": "2005-01-01",
    }
    again = graph.load(STEWARD, read(SAMPLE))
    assert (again.new, again.changed, again.ended, again.unchanged) == (0, 0, 0, 1)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample is not beside this checkout")
@pytest.mark.parametrize("name", ["service_full", "service_list", "organization_full",
                                  "service_at_location_full", "service_at_location_list"])  # fmt: skip
def test_each_shared_file_with_a_service(name: str):
    batch = read(SAMPLE / f"{name}.json")
    assert [row.record for row in batch.services] == ["ac148810-d857-441c-9679-408f346de14b/"]
    assert not batch.full
