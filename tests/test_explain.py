"""Break-glass lasts an hour, is explained once by who used it, and its lead sees how or that it was not."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from graph import (
    Anchors,
    BadQuestion,
    BreakGlassUse,
    BreakGlassUses,
    EmbeddedNeo4j,
    Emergency,
    Explained,
    Explanation,
    FindChild,
    Graph,
    Keyring,
    NotAllowed,
    NotVisible,
    Role,
    ServiceMapOf,
    UnexplainedUses,
    UseToExplain,
    Viewer,
)
from tests.web_clients import Client
from tests.world import AUDITOR, BROKER, CHIDI, FAR_LEAD, LEAD, LEEDS, NOW, STEWARD, World

pytest_plugins = ("tests.web_fixtures",)
SignIn = Callable[[str], Client]

PLAIN = Viewer(id="nurse.two", role=Role.PRACTITIONER, authority=LEEDS)
HURRIED = PLAIN.stating(emergency=Emergency.LIFE, reference="ED-7")
OTHER = PLAIN.model_copy(update={"id": "nurse.three"})


def waiting(world: World, viewer: Viewer = PLAIN) -> list[UseToExplain]:
    """What a viewer has to explain."""
    return list(world.graph.ask(viewer, UnexplainedUses()).uses)


def seen(world: World, viewer: Viewer = LEAD) -> list[BreakGlassUse]:
    """What a lead sees of break-glass."""
    return list(world.graph.ask(viewer, BreakGlassUses()))


def explained(use: UseToExplain) -> Explanation:
    """An explanation of that use."""
    return Explanation(use=use.handle, explained=Explained.MADE_SAFE, reference="C-12")


def test_it_lasts_an_hour_and_then_its_handle_is_nothing(world: World, bare) -> None:
    handle = world.handle(viewer=HURRIED)
    NOW.forward(minutes=59, seconds=59)
    again = world.graph.ask(PLAIN, ServiceMapOf(child=handle)).handle
    NOW.forward(seconds=1)
    for one in (handle, again):  # a map gives a handle of the same hour, and no new one
        with pytest.raises(NotVisible):
            world.graph.ask(PLAIN, ServiceMapOf(child=one))
    rows = bare("MATCH (r:Access {question: 'ServiceMapOf'}) RETURN r.ground AS g ORDER BY r.at")
    assert [row["g"] for row in rows] == ["break-glass", None, None]
    assert world.graph.ask(HURRIED, ServiceMapOf(child=handle)).involvements
    assert len(waiting(world)) == 2


def test_after_the_hour_another_ground_still_opens(world: World) -> None:
    worker = HURRIED.model_copy(update={"service": "leeds-social-care:T1"})
    handle = world.handle(viewer=worker)
    NOW.forward(hours=2)
    plain = worker.stating()
    assert world.graph.ask(plain, ServiceMapOf(child=handle)).involvements


def test_all_that_one_emergency_opened_is_one_use(world: World) -> None:
    handle = world.handle(viewer=HURRIED)
    NOW.forward(minutes=5)
    for _ in range(2):
        world.graph.ask(PLAIN, ServiceMapOf(child=handle))
    [use], [mine] = seen(world), waiting(world)
    assert (use.user, use.reference, use.outcome, use.explained) == (
        "nurse.two",
        "ED-7",
        "shown",
        None,
    )
    assert use.at == mine.at == NOW.at - timedelta(minutes=5)
    assert (mine.explain_by, mine.late) == (use.at + timedelta(days=1), False)


def test_its_user_explains_it_once_and_the_lead_sees_how(world: World, bare) -> None:
    world.map(viewer=HURRIED)
    [use] = waiting(world)
    NOW.forward(hours=2)
    world.graph.explain(PLAIN, explained(use))
    assert waiting(world) == []
    [told] = seen(world)
    assert (told.explained, told.explained_reference, told.explained_at, told.late) == (
        Explained.MADE_SAFE,
        "C-12",
        NOW.at,
        False,
    )
    assert (seen(world, AUDITOR), seen(world, FAR_LEAD)) == ([told], [])
    with pytest.raises(BadQuestion, match="start page lists"):
        world.graph.explain(PLAIN, explained(use))
    rows = bare(
        "MATCH (said:Access {question: 'Explain'}) OPTIONAL MATCH (used:Access {id: said.explains})"
        " RETURN said.outcome AS outcome, said.reference AS reference, used.ground AS ground,"
        " said.children AS children ORDER BY outcome"
    )
    assert rows == [
        {"outcome": "done", "reference": "C-12", "ground": "break-glass", "children": []},
        {"outcome": "nothing found", "reference": "C-12", "ground": None, "children": []},
    ]


def test_nobody_explains_anothers_use_nor_what_was_none(world: World, bare) -> None:
    world.map(viewer=HURRIED)
    [use] = waiting(world)
    assert (waiting(world, OTHER), waiting(world, LEAD)) == ([], [])
    child = world.handle()
    for viewer in (OTHER, LEAD, PLAIN):
        handle = child if viewer is PLAIN else use.handle
        with pytest.raises(BadQuestion):
            world.graph.explain(viewer, explained(use.model_copy(update={"handle": handle})))
    with pytest.raises(NotAllowed):
        world.graph.explain(STEWARD, explained(use))
    rows = bare("MATCH (r:Access {question: 'Explain'}) RETURN r.outcome AS o ORDER BY o")
    assert [row["o"] for row in rows] == [*["not allowed"], *["nothing found"] * 3]
    assert len(waiting(world)) == 1


def test_after_a_day_it_is_late_and_can_still_be_explained(world: World) -> None:
    world.map(viewer=HURRIED)
    NOW.forward(hours=23, minutes=59)
    assert (seen(world)[0].late, waiting(world)[0].late) == (False, False)
    NOW.forward(minutes=1)
    [use] = waiting(world)
    assert (seen(world)[0].late, use.late) == (True, True)
    world.graph.explain(PLAIN, explained(use))
    assert not seen(world)[0].late


def test_one_of_two_is_asked_for_by_its_handle(world: World) -> None:
    world.map(viewer=HURRIED)
    NOW.forward(minutes=1)
    world.map(viewer=HURRIED.stating(emergency=Emergency.MISSING_NOW, reference="ED-8"))
    first, second = waiting(world)
    [only] = world.graph.ask(PLAIN, UnexplainedUses(use=second.handle)).uses
    assert (first.reference, only.reference) == ("ED-7", "ED-8")
    assert world.graph.ask(PLAIN, UnexplainedUses(use="nonsense")).uses == []


def test_the_record_that_names_another_is_bound_like_any(
    world: World, server: EmbeddedNeo4j, keyring: Keyring, bare, tmp_path: Path
) -> None:
    bare("MATCH (r:Access) DELETE r")
    fresh = World(Graph(server.connection(), keyring, BROKER, clock=lambda: NOW.at))
    fresh.map(viewer=HURRIED)
    fresh.graph.explain(PLAIN, explained(waiting(fresh)[0]))
    anchors = Anchors(str(tmp_path / "anchors"), tmp_path / "anchor")
    verified = fresh.graph.verify(AUDITOR, anchors)
    fresh.graph.close()
    assert (verified.damage, verified.records) == ([], 5)


def test_a_purpose_keeps_for_the_day(world: World) -> None:
    handle = world.handle()
    NOW.forward(hours=8)
    plain = Viewer(id="nurse.one", role=Role.PRACTITIONER)
    assert world.graph.ask(plain, ServiceMapOf(child=handle)).involvements


def test_on_the_page_it_is_explained_in_two_steps(sign_in: SignIn) -> None:
    nurse, lead = sign_in("nurse.two"), sign_in("auditor.one")
    assert "say what came of it" not in nurse.get("/").text
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-7"}
    assert nurse.post("/api/find", asked).status_code == 200
    start = nurse.get("/").text
    assert "Chidi" not in start
    address = start.split('href="/break-glass/')[1].split('"')[0]
    assert "reference" in nurse.get(f"/break-glass/{address}").text
    faulty = nurse.send(f"/break-glass/{address}", explained="", reference="no digit")
    assert faulty.status_code == 422
    for said in ("Choose what came of it.", "Reference is not a case reference"):
        assert said in faulty.text
    assert "Not explained" in lead.get("/").text
    done = nurse.send(
        f"/break-glass/{address}", explained="the wrong child was opened", reference="C-12"
    )
    assert (done.status_code, done.location) == (303, "/?explained=yes")
    assert "sees how you explained it" in nurse.get(done.location).text
    assert nurse.get(f"/break-glass/{address}").location == "/"
    told = lead.get("/").text
    assert "The wrong child was opened" in told
    assert "Not explained" not in told


def test_a_program_explains_it_too(sign_in: SignIn) -> None:
    nurse = sign_in("nurse.two")
    asked = {"nhs_number": CHIDI, "emergency": "danger to life now", "reference": "ED-7"}
    nurse.post("/api/find", asked)
    [use] = nurse.get("/api/break-glass").json["uses"]
    address = f"/api/break-glass/{use['handle']}"
    wrong = nurse.post(address, {"explained": "Okafor", "reference": CHIDI})
    assert {fault["field"] for fault in wrong.json["faults"]} == {"explained", "reference"}
    assert "Okafor" not in wrong.text
    body = {"explained": "the child was made safe", "reference": "C-12"}
    assert nurse.post(address, body).json == {"uses": []}
    assert nurse.post(address, body).status_code == 422


def test_a_search_in_an_emergency_that_found_nobody_is_no_use(world: World) -> None:
    world.graph.ask(HURRIED, FindChild(nhs_number="9990000034"))
    assert (waiting(world), seen(world)) == ([], [])
