"""The service directory: whom to ring at an authority, and who confirmed the number when."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from graph import (
    BadQuestion,
    Batch,
    Confirmation,
    Directory,
    Graph,
    ListedService,
    NotAllowed,
    Role,
    ServiceDirectory,
    ServiceRow,
    StaleContacts,
    StaleList,
    Viewer,
)
from signpost.screen import out
from tests.test_commands import fail, machine, run
from tests.world import (
    BRADFORD,
    BROKER,
    EXTRACTED,
    IDLE,
    LEEDS,
    NOW,
    SOURCES,
    STEWARD,
    World,
    child,
    involvement,
    leeds,
    service,
    span,
)

__all__ = ["machine"]
LEAD = Viewer(id="lead_one.leeds", role=Role.LEAD, authority=LEEDS)
FRONT_DOOR = "leeds-social-care:T1"
TODAY = date(2026, 11, 23)


def listed(graph: Graph, authority: str = "Leeds", **more: Any) -> Directory:
    return graph.ask(IDLE, ServiceDirectory.model_validate({"authority": authority, **more}))


def stale(graph: Graph, **more: Any) -> StaleList:
    return graph.ask(STEWARD, StaleContacts.model_validate(more))


def front_door(graph: Graph) -> ListedService:
    [found] = [one for one in listed(graph).services if one.id == FRONT_DOOR]
    return found


def teams(*rows: ServiceRow, day: date = EXTRACTED) -> Batch:
    """An extract of Leeds social care that holds services only."""
    said = {"source": "leeds-social-care", "feed": "csv", "extracted": day, "full": False}
    return Batch.model_validate({**said, "tables": ["services"], "services": rows})


def team(id_: str, name: str = "A Team", authority: str = LEEDS, **more: Any) -> ServiceRow:
    return service(id_, name, authority, **{"duty_line": "0113 496 0101", **more})


def test_an_authoritys_services_with_lines_hours_and_who_confirmed_them(world: World) -> None:
    found = listed(world.graph)
    assert [one.name for one in found.services] == ["Leeds Front Door"]
    [one] = found.services
    assert (one.duty_line, one.out_of_hours_line) == ("0113 496 0101", "0113 496 0102")
    assert (one.hours, one.staffed_now) == ("Mo-Fr 09:00-17:00", True)
    assert (one.confirmed_on, one.confirmed_by, one.stale) == (date(2026, 11, 2), None, False)
    assert (one.areas, one.source, one.agency) == (["Leeds"], "Leeds social care", "social care")
    assert found.broker_line == BROKER
    NOW.forward(hours=10)
    assert not front_door(world.graph).staffed_now


def test_a_sensitive_service_stands_in_no_directory(world: World) -> None:
    answer = listed(world.graph)
    assert "Mind" not in answer.model_dump_json()
    assert answer.total == 1
    own = Viewer(id="own.one", role=Role.PRACTITIONER, service="leeds-social-care:T2")
    assert world.graph.ask(own, ServiceDirectory(authority=LEEDS)).total == 1


def test_what_becomes_sensitive_leaves_the_directory_and_what_leads_there(
    world: World, bare
) -> None:
    edges = "MATCH (s:Service {id: $id})-[area:IN_AREA]->() RETURN area.listed_in AS listed"
    assert bare(edges, id=FRONT_DOOR) == [{"listed": LEEDS}]
    assert bare(edges, id="leeds-social-care:T2") == [{"listed": None}]
    world.graph.load(STEWARD, teams(team("T1", "Leeds Front Door", sensitive=True)))
    assert not listed(world.graph).services
    # An area that its source says anew is no way back.
    anew = team("T1", "Leeds Front Door").model_copy(update={"period": span("2025-01-01")})
    world.graph.load(STEWARD, teams(anew))
    assert len(bare(edges, id=FRONT_DOOR)) > 2
    assert {row["listed"] for row in bare(edges, id=FRONT_DOOR)} == {None}


def test_what_an_earlier_version_wrote_is_listed_as_the_schema_is_made(world: World, bare) -> None:
    before = listed(world.graph)
    bare("MATCH ()-[area:IN_AREA]->() REMOVE area.listed_in")
    bare("MATCH (n) WHERE n.schema IS NOT NULL REMOVE n.schema")
    assert not listed(world.graph).services
    world.graph.set_up()
    assert listed(world.graph) == before


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_it_and_leaves_a_record(world: World, bare, role: Role) -> None:
    who = Viewer(id="any.one", role=role)
    asked = ServiceDirectory(authority="Leeds City Council", page=3)
    assert world.graph.ask(who, asked).total == 1
    [row] = bare("MATCH (r:Access {question: 'ServiceDirectory'}) RETURN properties(r) AS record")
    record = row["record"]
    assert (record["authority"], record["page"], record["shown"]) == ("383", 3, 1)
    assert (record["children"], record["outcome"]) == ([], "shown")


def test_social_care_is_first_in_it_the_front_door_and_without_a_telephone_last(
    world: World,
) -> None:
    rows = [
        team("P1", "Alpha Police", agency="police"),
        team("S1", "Alpha Silent", duty_line=None),
        team("S2", "Alpha Team"),
        team("S3", "Zulu Door", kind="front door"),
        team("H1", "Alpha Health", agency="health"),
        team("S4", "Zulu Night", duty_line=None, out_of_hours_line="0113 496 0102"),
    ]
    world.graph.load(STEWARD, teams(*rows))
    names = [one.name for one in listed(world.graph).services]
    assert names == [
        "Zulu Door",
        "Alpha Team",
        "Leeds Front Door",
        "Zulu Night",
        "Alpha Silent",
        "Alpha Health",
        "Alpha Police",
    ]
    assert [one.name for one in listed(world.graph, agency="police").services] == ["Alpha Police"]


def test_who_no_longer_works_there_is_not_listed_nor_who_does_not_yet(world: World) -> None:
    gone, later = (
        team(id_).model_copy(update={"period": period})
        for id_, period in (
            ("G", span("2020-01-01", "2026-11-22")),
            ("L", span("2026-11-24")),
        )
    )
    world.graph.load(STEWARD, teams(gone, later))
    assert {one.id for one in listed(world.graph).services} == {FRONT_DOOR}
    NOW.forward(days=1)
    assert len(listed(world.graph).services) == 2


def test_a_service_over_two_authorities_stands_once_and_names_both(world: World) -> None:
    world.graph.load(
        STEWARD, teams(team("N", "Both", "942"), team("N", "Both", "943"), team("M", "One", "943"))
    )
    found = listed(world.graph, "Cumbria")
    assert [(one.name, sorted(one.areas)) for one in found.services] == [
        ("Both", ["Cumberland", "Westmorland and Furness"]),
        ("One", ["Westmorland and Furness"]),
    ]
    assert [a.name for a in found.asked_for] == ["Cumbria", "Cumberland", "Westmorland and Furness"]
    assert listed(world.graph, "942").total == 1


def test_a_long_list_has_pages_and_a_page_too_far_is_the_last(world: World) -> None:
    world.graph.load(STEWARD, teams(*(team(f"T{n}", f"Team {n:03}") for n in range(10, 119))))
    pages = [listed(world.graph, page=page) for page in (1, 2, 3)]
    assert [(len(page.services), page.total, page.pages) for page in pages] == [
        (50, 110, 3),
        (50, 110, 3),
        (10, 110, 3),
    ]
    assert len({one.id for page in pages for one in page.services}) == 110
    assert listed(world.graph, page=99) == pages[2]
    assert listed(world.graph, page=-1) == pages[0]


def test_an_authority_without_services_is_empty_and_one_unknown_is_said(world: World) -> None:
    assert (listed(world.graph, "Kent").total, listed(world.graph, "Kent").pages) == (0, 1)
    with pytest.raises(ValidationError, match="as 383 or Leeds"):
        ServiceDirectory(authority="nowhere")


def test_unknown_hours_are_those_of_an_office(world: World) -> None:
    world.graph.load(STEWARD, teams(team("T1", "Leeds Front Door")))
    assert (front_door(world.graph).hours, front_door(world.graph).staffed_now) == (None, True)


# Confirming


@pytest.mark.parametrize("viewer", [STEWARD, LEAD])
def test_a_steward_or_a_lead_confirms_and_it_is_recorded(
    world: World, bare, viewer: Viewer
) -> None:
    done = world.graph.confirm(viewer, Confirmation(service=FRONT_DOOR))
    by = viewer.id
    assert (done.name, done.confirmed_on, done.confirmed_by) == ("Leeds Front Door", TODAY, by)
    found = front_door(world.graph)
    assert (found.confirmed_on, found.confirmed_by) == (TODAY, by)
    [row] = bare("MATCH (r:Access {question: 'Confirm'}) RETURN properties(r) AS record")
    record = row["record"]
    assert (record["user"], record["service"], record["outcome"]) == (viewer.id, FRONT_DOOR, "done")
    assert world.map().ring_now[1].confirmed_on == TODAY


@pytest.mark.parametrize("role", set(Role) - {Role.STEWARD, Role.LEAD})
def test_nobody_else_confirms(world: World, bare, role: Role) -> None:
    who = Viewer(id="any.one", role=role)
    with pytest.raises(NotAllowed):
        world.graph.confirm(who, Confirmation(service=FRONT_DOOR))
    with pytest.raises(NotAllowed):
        world.graph.ask(who, StaleContacts())
    assert front_door(world.graph).confirmed_on == date(2026, 11, 2)
    assert len(bare("MATCH (r:Access {outcome: 'not allowed'}) RETURN r.id AS id")) == 2


def test_what_is_no_service_is_said_and_what_was_typed_is_kept_nowhere(world: World, bare) -> None:
    with pytest.raises(BadQuestion, match="signpost contacts list") as caught:
        world.graph.confirm(STEWARD, Confirmation(service="Chidi Okafor"))
    assert "Okafor" not in str(caught.value)
    [row] = bare("MATCH (r:Access {question: 'Confirm'}) RETURN properties(r) AS record")
    assert row["record"]["outcome"] == "nothing found"
    assert "Okafor" not in str(row)
    assert bare("MATCH (s:Service {id: 'Chidi Okafor'}) RETURN s.id AS id") == []


def test_a_lead_confirms_in_their_own_area_and_nothing_sensitive(world: World, bare) -> None:
    far = LEAD.model_copy(update={"authority": BRADFORD})
    left = team("L", "Left Leeds").model_copy(update={"period": span(None, "2026-11-22")})
    world.graph.load(STEWARD, teams(left))
    refused = [(far, FRONT_DOOR), (LEAD, "leeds-social-care:T2"), (LEAD, "leeds-social-care:L")]
    said = set()
    for viewer, id_ in (*refused, (LEAD, "no such service")):
        with pytest.raises(BadQuestion) as caught:
            world.graph.confirm(viewer, Confirmation(service=id_))
        said.add(str(caught.value))
    assert len(said) == 1
    rows = bare("MATCH (r:Access {question: 'Confirm'}) RETURN r.outcome AS o, r.service AS s")
    assert rows == [{"o": "nothing found", "s": None}] * 4
    assert bare("MATCH (s:Service) WHERE s.confirmed_by IS NOT NULL RETURN s.id AS id") == []


def test_who_led_an_area_that_ended_confirms_in_what_came_after_it(world: World) -> None:
    world.graph.load(STEWARD, teams(team("N", "Cumberland Team", "942")))
    cumbria = LEAD.model_copy(update={"authority": "909"})
    word = Confirmation(service="leeds-social-care:N")
    assert world.graph.confirm(cumbria, word).name == "Cumberland Team"


def test_a_lead_is_told_of_the_stale_that_they_may_confirm(world: World) -> None:
    lines = {"duty_line": "01632 960302", "confirmed_on": None}
    rows = (team("S", "Mind", sensitive=True, **lines), team("B", "Far", BRADFORD, **lines))
    world.graph.load(STEWARD, teams(*rows, team("O", "Own", **lines)))
    assert [one.name for one in world.graph.ask(LEAD, StaleContacts()).services] == ["Own"]
    assert world.graph.ask(LEAD, StaleContacts(authority="Bradford")).total == 0
    assert {one.name for one in stale(world.graph).services} >= {"Mind", "Far", "Own"}


def test_the_day_of_a_confirmation_is_londons(world: World) -> None:
    NOW.at = NOW.at.replace(month=7, day=1, hour=23, minute=30)  # half past midnight, summer time
    assert world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR)).confirmed_on == date(
        2026, 7, 2
    )


def changed(**over: Any) -> ServiceRow:
    """The front door, as the source says it is now."""
    [row, _] = leeds().services
    return row.model_copy(update={"service": row.service.model_copy(update=over)})


def test_a_later_load_does_not_set_a_confirmation_back(world: World) -> None:
    world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR))
    for row in (
        changed(hours="24/7"),
        changed(confirmed_on=date(2026, 11, 3)),
        changed(confirmed_on=None),
    ):
        assert world.graph.load(STEWARD, teams(row)).changed == 1
        found = front_door(world.graph)
        assert (found.confirmed_on, found.confirmed_by) == (TODAY, STEWARD.id)
    assert found.hours == "Mo-Fr 09:00-17:00"


def test_a_source_that_confirms_later_is_taken_at_its_word(world: World) -> None:
    world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR))
    NOW.forward(days=3)
    said = {"confirmed_on": date(2026, 11, 25), "confirmed_by": "Duty manager"}
    world.graph.load(STEWARD, teams(changed(**said), day=date(2026, 11, 25)))
    found = front_door(world.graph)
    assert (found.confirmed_on, found.confirmed_by) == (date(2026, 11, 25), "Duty manager")


@pytest.mark.parametrize("line", ["duty_line", "out_of_hours_line"])
def test_another_telephone_is_not_the_one_that_was_confirmed(world: World, line: str) -> None:
    world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR))
    for number, on in (("0113 496 0199", date(2026, 11, 2)), (None, date(2026, 11, 2))):
        world.graph.load(STEWARD, teams(changed(**{line: number})))
        assert (front_door(world.graph).confirmed_on, front_door(world.graph).confirmed_by) == (
            on,
            None,
        )


def test_what_was_sensitive_stays_so_when_it_is_confirmed_and_loaded(world: World, bare) -> None:
    world.graph.confirm(STEWARD, Confirmation(service="leeds-social-care:T2"))
    plain = service("T2", "Leeds Mind", LEEDS, agency="health")
    world.graph.load(STEWARD, teams(plain))
    assert bare("MATCH (s:Service {id: 'leeds-social-care:T2'}) RETURN s.sensitive AS s") == [
        {"s": True}
    ]


# Stale


def test_what_nobody_confirmed_for_ninety_days_is_stale(world: World) -> None:
    never = "bradford-health:A9"
    assert [one.id for one in stale(world.graph).services] == [never]
    NOW.forward(days=68)  # 89 days after 2 November, in whole days
    assert [one.id for one in stale(world.graph).services] == [never]
    assert not front_door(world.graph).stale
    NOW.forward(days=1)
    assert [one.id for one in stale(world.graph).services] == [FRONT_DOOR, never]
    assert front_door(world.graph).stale
    assert [one.id for one in stale(world.graph, authority="Leeds").services] == [FRONT_DOOR]
    assert stale(world.graph, days=365, authority="383").services == []
    world.graph.confirm(STEWARD, Confirmation(service=FRONT_DOOR))
    assert [one.id for one in stale(world.graph).services] == [never]
    assert [one.id for one in stale(world.graph, days=1).services] == [never]


def test_those_that_work_with_children_now_come_first_then_the_oldest(graph: Graph) -> None:
    graph.load(STEWARD, SOURCES[0])
    ages = {"OLD": "2025-01-01", "OLDER": "2024-01-01", "NEVER": None, "BUSY": "2026-06-01"}
    ages |= {"ENDED": "2024-01-02", "HIDDEN": "2024-01-03", "SENSITIVE": "2025-06-01"}
    rows = [
        team(id_, confirmed_on=on, sensitive=id_ == "SENSITIVE", name=f"Team {id_}")
        for id_, on in ages.items()
    ]
    batch = teams(*rows, team("MUTE", duty_line=None)).model_copy(
        update={
            "children": [
                child("C1", family_name="Else", given_name="Some"),
                child("C2", shielded=True, family_name="Other", given_name="Any"),
            ],
            "involvements": [
                involvement("I1", "C1", "BUSY", span("2026-01-01")),
                involvement("I2", "C1", "ENDED", span("2026-01-01", "2026-11-22")),
                involvement("I3", "C2", "HIDDEN", span("2026-01-01")),
            ],
        }
    )
    graph.load(STEWARD, batch)
    found = stale(graph)
    local = [one.id.removeprefix("leeds-social-care:") for one in found.services]
    assert local == ["BUSY", "NEVER", "OLDER", "ENDED", "HIDDEN", "OLD", "SENSITIVE"]
    assert [one.in_use for one in found.services] == [True, *[False] * 6]
    assert (stale(graph, most=2).total, len(stale(graph, most=2).services)) == (7, 2)


def test_days_are_a_number_of_days() -> None:
    for days in (0, -1, 10_000):
        with pytest.raises(ValidationError):
            StaleContacts(days=days)


# In a terminal


def test_from_the_command_line(machine: Path, graph: Graph) -> None:
    NOW.forward(days=-2)
    World.loaded(graph)
    text = run("contacts", "list", "leeds")
    for said in ("Leeds Front Door", "0113 496 0101", "0113 496 0102", FRONT_DOOR, "by its source"):
        assert said in text
    assert "Mind" not in text
    found = json.loads(run("contacts", "list", "383", "--agency", "social care", "--json"))
    assert [one["id"] for one in found["services"]] == [FRONT_DOOR]
    assert "services 0." in run("contacts", "list", "383", "--agency", "police")
    text = run("contacts", "stale")
    assert "Not confirmed for 90 days, or said to be wrong: " in text
    assert "NEVER" in text
    assert "bradford-health:A9" in text
    assert "Leeds Front Door: confirmed on" in run("contacts", "confirm", FRONT_DOOR)
    one = json.loads(run("contacts", "list", "383", "--json"))["services"][0]
    assert one["confirmed_by"].startswith("cli.")
    assert FRONT_DOOR not in run("contacts", "stale", "Leeds", "--days", "1")


@pytest.mark.parametrize("command", ["list", "stale"])
@pytest.mark.parametrize("id_", ["T77", "A" * 64])
def test_in_a_narrow_terminal_the_id_stands_whole(
    machine: Path, world: World, monkeypatch, command: str, id_: str
) -> None:
    world.graph.load(STEWARD, teams(team(id_, "A Team of Many Words")))
    monkeypatch.setattr(out, "width", 80)
    text = run("contacts", command, "Leeds")
    ends = [line.rsplit(" ", 1)[-1] for line in text.splitlines()]
    assert f"leeds-social-care:{id_}" in ends
    assert "0113 496" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "Okaforshire"], "authority is not one that is known"),
        (["stale", "--days", "0"], "days"),
        (["confirm", "Okafor"], "There is no service of that id."),
    ],
)
def test_wrong_input_is_a_sentence(
    machine: Path, world: World, capsys, monkeypatch, words: list[str], said: str
) -> None:
    text = fail(capsys, monkeypatch, "contacts", *words)
    assert said in text
    assert "Okafor" not in text
