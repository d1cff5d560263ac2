"""What sources know of other authorities, of what an involvement is, and of who took a service over."""

from typing import Any

import pytest

from graph import (
    UNNAMED,
    Agency,
    Batch,
    BoundaryKind,
    FindChild,
    Home,
    InvolvementKind,
    LawfulBasis,
    ParentRow,
    Period,
    PointerKind,
    PointerRow,
    Role,
    ServiceMapOf,
    Source,
    SuccessorRow,
    Viewer,
    authority_of,
    successors_of,
)
from tests.world import (
    BRADFORD,
    CHIDI,
    EXTRACTED,
    LEEDS,
    STEWARD,
    World,
    at,
    home,
    involvement,
    leeds,
    service,
    span,
)
from web.summary import summary
from web.words import pointed, spanned

REGISTER = Source(
    id="schools", name="Schools register", agency=Agency.EDUCATION, basis=LawfulBasis.PUBLIC_TASK
)


def pointer(local: str, kind: PointerKind, authority: str | None = None) -> PointerRow:
    return PointerRow(
        record=local,
        child="C1",
        kind=kind,
        authority=authority,
        period=span("2024-03-03", "2024-03-03"),
        **at(2, "pointers"),
    )


def register(**tables: Any) -> Batch:
    return Batch.model_validate(
        {"source": REGISTER.id, "feed": "gias", "extracted": EXTRACTED, **tables}
    )


def successor(old: str, new: str) -> SuccessorRow:
    return SuccessorRow(
        record=f"{old}/{new}",
        service=old,
        successor=new,
        period=span("2025-09-01"),
        **at(2, "successors"),
    )


def test_a_pointer_stands_on_the_map_with_the_authority_that_says_so(world: World) -> None:
    rows = [
        pointer("W1", PointerKind.TRANSFERRED_TO),
        pointer("W2", PointerKind.PLACED_WITH, "370"),
    ]
    world.graph.load(STEWARD, leeds(pointers=rows))
    found = {
        (p.said_by, p.kind, p.authority.number, p.authority.name) for p in world.map().pointers
    }
    assert found == {
        ("Leeds", PointerKind.TRANSFERRED_TO, UNNAMED, "Area not known"),
        ("Leeds", PointerKind.PLACED_WITH, "370", "Barnsley"),
    }
    again = world.graph.load(STEWARD, leeds(pointers=rows))
    assert (again.new, again.changed, again.ended) == (0, 0, 0)
    gone = world.graph.load(STEWARD, leeds(), accept_drop=True)
    assert gone.ended == 0, "what had an end already has not ended again"


def test_a_pointer_to_an_authority_that_is_none_is_rejected(world: World) -> None:
    report = world.graph.load(STEWARD, leeds(pointers=[pointer("W1", PointerKind.PLAN_OF, "001")]))
    assert [fault.table for fault in report.faults] == ["pointers"]


def test_what_an_involvement_is_stands_on_the_map(world: World) -> None:
    row = involvement("I9", "C1", "T1", span("2026-05-05"), kind=InvolvementKind.CHILD_PROTECTION)
    world.graph.load(STEWARD, leeds(involvements=[row]), accept_drop=True)
    kinds = {one.kind for one in world.map().involvements}
    assert InvolvementKind.CHILD_PROTECTION in kinds


def test_a_register_gives_the_telephone_that_a_source_does_not_and_who_took_over(
    world: World,
) -> None:
    world.graph.load(STEWARD, REGISTER)
    old = service("107130", "Old School", LEEDS, code="urn:107130", duty_line="0113 496 0777")
    new = service("107131", "New School", LEEDS, code="urn:107131", duty_line="0113 496 0778")
    report = world.graph.load(
        STEWARD, register(services=[old, new], successors=[successor("107130", "107131")])
    )
    assert report.new == 3
    school = service("S1", "Their School", LEEDS, agency="education", code="urn:107130")
    rows = [involvement("I9", "C1", "S1", span("2026-01-05"))]
    batch = leeds(services=[*leeds().services, school], involvements=[*leeds().involvements, *rows])
    world.graph.load(STEWARD, batch)
    one = next(i for i in world.map().involvements if i.service and i.service.code == "urn:107130")
    assert one.service
    assert (one.service.name, one.service.duty_line) == ("Their School", "0113 496 0777")
    assert [(s.name, s.duty_line) for s in one.successors] == [("New School", "0113 496 0778")]
    assert "0113 496 0778" in [contact.telephone for contact in world.map().ring_now]


def test_a_service_of_a_register_without_an_area_is_no_boundary(world: World) -> None:
    world.graph.load(STEWARD, REGISTER)
    row = service("RR8", "Leeds Hospitals", LEEDS, agency="health").model_copy(
        update={"authority": None}
    )
    assert world.graph.load(STEWARD, register(services=[row])).new == 1
    home = service("S1", "A Home", LEEDS).model_copy(update={"authority": UNNAMED})
    rows = [*leeds().involvements, involvement("I9", "C1", "S1", span("2026-01-05"))]
    world.graph.load(STEWARD, leeds(services=[*leeds().services, home], involvements=rows))
    one = next(i for i in world.map().involvements if i.service and i.service.name == "A Home")
    assert one.authority.name == "Area not known"
    assert not [crossing for crossing in one.crossings if crossing.kind is BoundaryKind.AREA]
    assert "Area not known" not in repr([i.crossings for i in world.map().involvements])


def test_a_team_is_part_of_a_department(world: World, bare) -> None:
    row = ParentRow(record="T1/T2", service="T1", parent="T2", **at(2, "parents"))
    stray = ParentRow(record="T1/T9", service="T1", parent="T9", **at(3, "parents"))
    report = world.graph.load(STEWARD, leeds(parents=[row, stray]))
    assert [fault.line for fault in report.faults] == [3]
    found = bare("MATCH (a:Service)-[:PART_OF]->(b:Service) RETURN a.name AS a, b.name AS b")
    assert found == [{"a": "Leeds Front Door", "b": "Leeds Mind"}]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("Hull", "810"),
        ("Kingston upon Hull, City of", "810"),
        ("St Helens", "342"),
        ("St. Helens", "342"),
        ("Saint Helens Council", "342"),
        ("E08000016", "370"),
        ("E08000038", "370"),
        ("E08000019", "373"),
        ("SHEFFIELD CITY COUNCIL", "373"),
        ("Islington Local Authority", "206"),
        ("LEEDS SOCIAL SERVICES", "383"),
        ("Hull City Council Children's Social Care", "810"),
        ("Bradford social care emergency duty team", "380"),
        ("Herefordshire, County of", "884"),
        ("Bath & North East Somerset", "800"),
        ("909", "909"),
        ("Dorset Council", "838"),
        ("Dorset County Council", "835"),
    ],
)
def test_an_authority_is_found_as_people_write_it(written: str, number: str) -> None:
    found = authority_of(written)
    assert found
    assert found.number == number


@pytest.mark.parametrize(
    "written",
    ["", "-", "council", "social care team", "Kent Social Care Forum", "Atlantis", "E99999999"],
)
def test_what_is_no_authority_is_none(written: str) -> None:
    assert authority_of(written) is None


def test_an_old_authority_leads_to_what_came_after_it() -> None:
    assert successors_of("909") == ("909", "942", "943")
    assert successors_of("928") == ("928", "940", "941")
    assert successors_of("835") == ("835", "838", "839")
    assert successors_of("383") == ("383",)


def test_who_leads_in_an_ended_authority_sees_what_its_successors_hold(world: World) -> None:
    moved = [home("H9", "C1", "943", span("2026-08-01"))]
    world.graph.load(STEWARD, leeds(homes=[*leeds().homes, *moved]))
    lead = Viewer(id="lead.cumbria", role=Role.LEAD, authority="909")
    found = world.graph.ask(lead, FindChild(nhs_number=CHIDI))
    shown = world.graph.ask(lead, ServiceMapOf(child=found.children[0].handle))
    names = {source.authority.name for source in shown.coverage.sources}
    assert {"Leeds", "Bradford"} <= names
    without = {authority.name for authority in shown.coverage.authorities_without_source}
    assert {"Cumberland", "Westmorland and Furness"} <= without
    other = Viewer(id="lead.dorset", role=Role.LEAD, authority="835")
    assert not world.graph.ask(other, FindChild(nhs_number=CHIDI)).children


def test_a_team_whose_authority_became_another_stands_under_what_came_after(world: World) -> None:
    before = service("T7", "Barrow Team", "909").model_copy(
        update={"period": span(None, "2023-03-31")}
    )
    after = service("T7", "Barrow Team", "943").model_copy(update={"period": span("2023-04-01")})
    tie = involvement("I7", "C1", "T7", span("2022-10-16", "2025-04-08"))
    rows = {"services": [*leeds().services, before, after], "involvements": [tie]}
    world.graph.load(STEWARD, leeds(**rows, homes=[], full=False))
    [found] = [i for i in world.map().involvements if i.service and i.service.name == "Barrow Team"]
    assert found.authority.number == "943"


def test_a_pointer_to_an_ended_authority_says_what_came_after_and_asks_its_sources(
    world: World,
) -> None:
    graph_source = {"name": "Cumberland health", "authority": "942", "agency": "health"}
    said = {"id": "cumberland-health", "basis": "public task", **graph_source}
    world.graph.load(STEWARD, Source.model_validate(said))
    told = pointer("W1", PointerKind.PLAN_OF, "909")
    world.graph.load(STEWARD, leeds(pointers=[told]))
    shown = world.map()
    [found] = shown.pointers
    assert [one.name for one in found.now] == ["Cumberland", "Westmorland and Furness"]
    assert "Cumbria (now Cumberland and Westmorland and Furness)" in pointed(found)
    assert "cumberland-health" in {source.id for source in shown.coverage.sources}
    assert "943" in {one.number for one in shown.coverage.authorities_without_source}


@pytest.mark.parametrize(
    ("start", "end", "exact", "words"),
    [
        ("2026-01-01", None, True, "since 1 January 2026"),
        ("2026-01-01", "2026-01-01", True, "on 1 January 2026"),
        ("2025-01-01", "2026-01-01", True, "from 1 January 2025 to 1 January 2026"),
        (None, "2018-01-01", True, "until 1 January 2018"),
        (None, "2018-01-01", False, "by 1 January 2018"),
        (None, None, True, "at a time that is not known"),
    ],
)
def test_the_time_of_a_pointer_is_said_as_it_is_known(
    start: str | None, end: str | None, exact: bool, words: str
) -> None:
    told = Period.model_validate({"from": start, "to": end, "to_exact": exact})
    assert spanned(told) == words


def test_a_team_that_two_involvements_are_of_is_counted_once(world: World) -> None:
    plan = involvement("I8", "C1", "T1", span("2026-01-01"))
    world.graph.load(STEWARD, leeds(involvements=[*leeds().involvements, plan]))
    assert summary(world.map()).startswith("2 services are involved")


MOVED = "Moved from Leeds to Bradford on 4 March 2026"


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (None, f"{MOVED}: nothing that Signpost knows of is open in Bradford for 226 days."),
        (("2026-04-01", None), f"{MOVED}."),
        (
            ("2026-04-01", "2026-11-13"),
            f"{MOVED}: nothing that Signpost knows of is open in Bradford for 10 days.",
        ),
        (
            ("2020-04-01", "2021-11-13"),
            f"{MOVED}: nothing that Signpost knows of is open in Bradford for 226 days.",
        ),
    ],
)
def test_a_move_is_said_with_how_long_nothing_is_open_there(
    world: World, there: tuple[str, str | None] | None, said: str
) -> None:
    if there:
        teams = [*leeds().services, service("T9", "Bradford Front Door", BRADFORD)]
        involved = [*leeds().involvements, involvement("I9", "C1", "T9", span(*there))]
        world.graph.load(STEWARD, leeds(services=teams, involvements=involved))
    assert summary(world.map()).endswith(said)


@pytest.mark.parametrize(
    ("homes", "said"),
    [
        ([(BRADFORD, "2026-03-04", None)], "Lives in Bradford since 4 March 2026."),
        ([(BRADFORD, None, None)], "Lives in Bradford."),
        (
            [(BRADFORD, "2015-06-09", "2026-03-03"), (BRADFORD, "2026-03-04", None)],
            "Lives in Bradford since 4 March 2026.",
        ),
    ],
)
def test_what_is_no_move_is_not_said_to_be_one(
    world: World, homes: list[tuple[str, str | None, str | None]], said: str
) -> None:
    lived = [
        Home(authority=authority_of(place), period=span(start, end)) for place, start, end in homes
    ]
    assert summary(world.map().model_copy(update={"homes": lived})).endswith(said)
