"""The door: no answer without a ground, none without its record, and refused looks like absent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from graph import (
    BadQuestion,
    BreakGlassUses,
    Connection,
    DatabaseAway,
    Emergency,
    EpisodesOf,
    ExportMap,
    FindChild,
    Graph,
    Keyring,
    NotAllowed,
    NotVisible,
    Outcome,
    Role,
    ServiceMapOf,
    SourceReports,
    Viewer,
)
from graph.access import POLICY, Facts, Permission, decide
from tests.world import (
    BRADFORD,
    BROKER,
    CHIDI,
    FAR_LEAD,
    IDLE,
    LEAD,
    LEEDS,
    NOBODY,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    at_once,
    leeds,
)

IN_AREA = IDLE.model_copy(update={"authority": BRADFORD})
WORKER = Viewer(id="worker.one", role=Role.PRACTITIONER, service="leeds-social-care:T1")


def records(bare) -> list[dict]:
    """All access records, oldest first."""
    rows = bare(
        "MATCH (r:Access) WHERE NOT r.outcome IN ['begun', 'done']"
        " RETURN properties(r) AS record ORDER BY r.at, r.question"
    )
    return [row["record"] for row in rows]


def test_a_stated_purpose_opens_and_leaves_its_record(world: World, bare) -> None:
    answer = world.map()
    assert answer.identity
    assert answer.identity.given_name == "Chidi"
    assert answer.identity.postcode is None
    find, look = records(bare)
    assert find["question"] == "FindChild"
    assert find["by"] == ["nhs_number"]
    assert look == {
        "id": look["id"],
        "at": NOW.at,
        "user": "nurse.one",
        "role": "practitioner",
        "question": "ServiceMapOf",
        "children": find["children"],
        "ground": "stated purpose",
        "purpose": "attendance in emergency care",
        "reference": "ED-1042",
        "outcome": "shown",
        "shown": 3,
        "refused": [],
        "compared": [],
        "restricted": [],
        "involvements": look["involvements"],
        "clearance": ["identity"],
        "digest": look["digest"],
        "policy": look["policy"],
        "hash": look["hash"],
    }
    assert len(look["involvements"]) > 2


def test_the_record_holds_nothing_of_who_the_child_is(world: World, bare) -> None:
    world.map()
    world.graph.ask(
        NURSE, FindChild(family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")
    )
    text = str(records(bare))
    for value in (CHIDI, "Okafor", "Chidi", "2015-06-09", "2015, 6, 9"):
        assert value not in text


@pytest.mark.parametrize(
    ("viewer", "ground"),
    [
        (WORKER, "own service"),
        (LEAD, "own area"),
        (NURSE, "stated purpose"),
        (IN_AREA.stating(emergency=Emergency.LIFE, reference="B-1"), "break-glass"),
    ],
)
def test_each_ground_opens(world: World, bare, viewer: Viewer, ground: str) -> None:
    assert world.map(viewer=viewer).involvements
    assert records(bare)[-1]["ground"] == ground


def test_without_a_ground_a_child_is_not_there(world: World, bare) -> None:
    for viewer in (IDLE, FAR_LEAD):
        found = world.graph.ask(viewer, FindChild(nhs_number=CHIDI))
        absent = world.graph.ask(viewer, FindChild(nhs_number=NOBODY))
        assert found.outcome is Outcome.NONE
        assert found == absent
    assert {record["outcome"] for record in records(bare)} == {"nothing found"}


def test_what_cannot_be_asked_is_refused_on_record(world: World, bare) -> None:
    asked = ServiceMapOf(child=world.handle())
    for known_at in (
        NOW.at.replace(tzinfo=None),
        NOW.at.replace(year=1),
        NOW.at.replace(year=9999),
    ):
        for question in (ServiceMapOf, ExportMap):
            with pytest.raises(BadQuestion, match="known_at"):
                world.graph.ask(NURSE, question(child=asked.child, known_at=known_at))
    with pytest.raises(BadQuestion, match="not a page"):
        world.graph.ask(STEWARD, EpisodesOf(source="leeds-social-care", after="nonsense"))
    found = [one for one in records(bare) if one["question"] != "FindChild"]
    assert [one["question"] for one in found].count("ServiceMapOf") == 3
    assert [one["question"] for one in found].count("ExportMap") == 3
    assert [one["question"] for one in found].count("EpisodesOf") == 1
    assert {(one["outcome"], one["shown"], len(one["children"])) for one in found} == {
        ("not visible", 0, 0)
    }
    assert "nonsense" not in str(found)


def test_matching_anew_is_on_record_before_it_begins(world: World, bare, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr("graph.door.match_all", fails)
    with pytest.raises(DatabaseAway):
        world.graph.match(STEWARD)
    monkeypatch.undo()
    world.graph.match(STEWARD)
    rows = bare("MATCH (r:Access {question: 'Match'}) RETURN r.outcome AS o ORDER BY r.id")
    assert [row["o"] for row in rows] == ["begun", "begun", "done"]


def test_refused_and_absent_are_one_error_and_the_same_statements(
    world: World, monkeypatch
) -> None:
    handle = world.handle()
    [theirs, *_] = world.graph.keyring.in_handle(handle, NURSE.id, NOW.at.date()) or [""]
    refused = world.graph.keyring.handle(
        theirs, IDLE.id, NOW.at.date(), "", "", "", NOW.at.isoformat()
    )
    ran: list[list[str]] = []
    from graph.store import Transaction

    run = Transaction.run
    monkeypatch.setattr(
        Transaction,
        "run",
        lambda self, name, /, **params: (ran[-1].append(name), run(self, name, **params))[1],
    )
    said = []
    for asked in (refused, handle, "nonsense", ""):
        ran.append([])
        with pytest.raises(NotVisible) as caught:
            world.graph.ask(IDLE, ServiceMapOf(child=asked))
        said.append(str(caught.value))
    assert len(set(said)) == 1
    assert ran == [["access/grounds", "access/record"]] * 4


@pytest.mark.parametrize("role", [Role.ANALYST, Role.STEWARD, Role.AUDITOR])
def test_a_role_that_may_never_is_told_so_and_recorded(world: World, bare, role: Role) -> None:
    viewer = NURSE.model_copy(update={"role": role, "id": "other.one"})
    for question in (FindChild(nhs_number=CHIDI), ServiceMapOf(child=world.handle())):
        NOW.forward(minutes=1)
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer, question)
        assert records(bare)[-1]["outcome"] == "not allowed"


def test_only_a_steward_loads(world: World, bare) -> None:
    for role in set(Role) - {Role.STEWARD}:
        with pytest.raises(NotAllowed):
            world.graph.load(NURSE.model_copy(update={"role": role}), leeds())
    assert len(records(bare)) == len(Role) - 1


def test_who_registered_a_source_is_on_record(world: World, bare) -> None:
    rows = bare("MATCH (r:Access {outcome: 'done'}) RETURN r.user AS user, r.source AS source")
    assert {(row["user"], row["source"]) for row in rows} == {
        ("steward.one", source.id) for source in SOURCES
    }


def test_what_is_missing_from_the_table_is_refused() -> None:
    facts = Facts(exists=True, own_service=True, own_area=True)
    for permission in Permission:
        for role in Role:
            viewer = NURSE.model_copy(update={"role": role, "emergency": Emergency.LIFE})
            grounds = POLICY.get(permission, {}).get(role, ())
            allowed = decide(viewer, permission, facts).allowed
            assert allowed == bool(grounds)
    assert not decide(NURSE, Permission.SEE_SERVICE_MAP, Facts()).allowed


def test_a_purpose_without_a_reference_is_no_ground(world: World) -> None:
    nurse = NURSE.model_copy(update={"reference": None})
    assert world.graph.ask(nurse, FindChild(nhs_number=CHIDI)).outcome is Outcome.NONE


# What a map says whatever it shows: who asks, when, for what, and whom to ring.
AS_ASKED = {"handle", "known_at", "today", "broker_line", "on", "purpose", "reference"}


def test_a_shielded_child_shows_only_that_a_record_exists(world: World, bare) -> None:
    for viewer in (NURSE, WORKER, LEAD):
        found = world.graph.ask(viewer, FindChild(nhs_number=SHIELDED))
        if viewer is LEAD:  # the child has no home in the data: the service gives the area
            assert found.outcome is Outcome.ONE
        [child] = found.children
        assert (child.restricted, child.identity) == (True, None)
        answer = world.graph.ask(viewer, ServiceMapOf(child=child.handle))
        empty = answer.model_dump(exclude=AS_ASKED)
        assert empty.pop("restricted") is True
        assert not any(v for k, v in empty.items() if k != "coverage")
        assert not answer.coverage.sources
        assert records(bare)[-1]["outcome"] == "restricted"
    assert world.graph.ask(IDLE, FindChild(nhs_number=SHIELDED)).outcome is Outcome.NONE


def test_a_sensitive_service_is_withheld_but_for_its_own_people(world: World) -> None:
    [hidden] = [i for i in world.map().involvements if i.service is None]
    text = hidden.model_dump_json()
    for word in ("Leeds Mind", "mental", "health", "leeds-social-care", "T2"):
        assert word not in text
    assert (hidden.source, list(hidden.allocations)) == (None, [])
    own = Viewer(id="mind.one", role=Role.PRACTITIONER, service="leeds-social-care:T2")
    assert "Leeds Mind" in {i.service.name for i in world.map(viewer=own).involvements if i.service}


def test_a_handle_does_not_open_tomorrow(world: World) -> None:
    handle = world.handle()
    world.graph.ask(NURSE, ServiceMapOf(child=handle))
    NOW.at += timedelta(days=1)
    with pytest.raises(NotVisible):
        world.graph.ask(NURSE, ServiceMapOf(child=handle))


def test_break_glass_is_seen_by_the_lead_of_the_area_at_once(world: World) -> None:
    nurse = Viewer(
        id="nurse.two",
        role=Role.PRACTITIONER,
        authority=LEEDS,
        emergency=Emergency.UNACCOMPANIED,
        reference="ED-77",
    )
    world.map(viewer=nurse)
    uses = world.graph.ask(LEAD, BreakGlassUses())
    assert {(u.user, u.reference) for u in uses} == {("nurse.two", "ED-77")}
    assert world.graph.ask(FAR_LEAD, BreakGlassUses()) == []


def test_if_the_record_cannot_be_written_there_is_no_answer(world: World, bare) -> None:
    handle = world.handle()
    before = len(records(bare))
    # Whoever may stand at the next places of the strands: the constraint refuses the record.
    bare(
        "MATCH (r:Access) WITH split(r.id, '-')[0] AS strand, max(r.id) AS last"
        " WITH strand, toInteger(split(last, '-')[1]) + 1 AS place"
        " CREATE (:Access {id: strand + '-' + right('000000000' + place, 10), outcome: 'done'})"
    )
    with pytest.raises(Exception, match="run this load again"):
        world.graph.ask(NURSE, ServiceMapOf(child=handle))
    assert len(records(bare)) == before


def test_many_ask_at_once_and_each_leaves_its_record(world: World, bare) -> None:
    handle = world.handle()
    bare("MATCH (r:Access) DELETE r")
    at_once(24, lambda: world.graph.ask(NURSE, ServiceMapOf(child=handle)))
    assert len(records(bare)) == 24


def test_the_record_counts_what_a_question_without_a_child_showed(world: World, bare) -> None:
    world.graph.ask(STEWARD, SourceReports())
    last = records(bare)[-1]
    assert (last["question"], last["outcome"], last["shown"]) == ("SourceReports", "shown", 3)


def test_nothing_found_says_who_was_asked_and_who_is_silent(world: World) -> None:
    found = world.graph.ask(NURSE, FindChild(nhs_number=NOBODY))
    assert {s.id for s in found.coverage.sources} == {
        "leeds-social-care",
        "bradford-health",
        "bradford-police",
    }
    assert [s.id for s in found.coverage.silent] == ["bradford-police"]
    assert len(found.coverage.authorities_without_source) > 140


def test_a_database_that_is_away_is_a_sentence() -> None:
    away = Graph(
        Connection("bolt://127.0.0.1:1", "neo4j", "x", "neo4j"), Keyring.new(), "01632 960999"
    )
    with pytest.raises(DatabaseAway, match="signpost db start"):
        away.check()
    away.close()


def test_a_routing_address_asks_and_loads_too(world: World, server, keyring) -> None:
    """neo4j:// as for a cluster: one server answers with a routing table of its own."""
    made = server.connection()
    routed = replace(made, uri=made.uri.replace("bolt://", "neo4j://"))
    other = Graph(routed, keyring, BROKER, clock=lambda: NOW.at)
    assert other.load(STEWARD, leeds()).unchanged
    assert other.ask(NURSE, FindChild(nhs_number=CHIDI)).outcome is Outcome.ONE
    other.close()


def test_an_area_is_more_than_where_the_child_lives_now(world: World) -> None:
    lead = Viewer(id="lead.three", role=Role.LEAD, authority=BRADFORD)
    assert world.map(viewer=lead).involvements
