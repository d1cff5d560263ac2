"""As was seen: a map is replayed from the graph, and said to be equal only where it is."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph import (
    AsWasSeen,
    FindChild,
    MapsSeen,
    NotAllowed,
    NotVisible,
    Replay,
    Role,
    Seen,
    SeenMap,
    ServiceMapOf,
    Viewer,
)
from tests.test_commands import machine, run
from tests.test_deferral import AUDITOR, WORKER
from tests.test_retention import ENDED, KEEP, retain, send_again, to
from tests.world import (
    CHIDI,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    allocation,
    bradford,
    child,
    home,
    involvement,
    leeds,
    service,
    span,
)

__all__ = ["machine"]
DAY = date(2026, 11, 23)


def maps(world: World, user: str = "nurse.one", day: date = DAY) -> list[SeenMap]:
    """What a user asked for on a day."""
    return list(world.graph.ask(AUDITOR, MapsSeen(user=user, day=day)).maps)


def replayed(world: World, user: str = "nurse.one") -> Seen:
    """The replay of the first map that a user asked for on DAY, a minute on."""
    NOW.forward(minutes=1)
    return world.graph.ask(AUDITOR, AsWasSeen(look=maps(world, user)[0].handle))


def test_a_users_day_is_listed_with_time_outcome_and_clearance_and_no_child(world: World) -> None:
    shown = world.map()
    NOW.forward(minutes=1)
    with pytest.raises(NotVisible):
        world.graph.ask(NURSE, ServiceMapOf(child="nonsense"))
    NOW.forward(days=1)
    world.map()
    first, second = maps(world)
    assert (first.outcome, first.clearance, first.comparable) == ("shown", ["identity"], True)
    assert (second.outcome, second.clearance, second.comparable) == ("not visible", [], False)
    assert len(maps(world, day=date(2026, 11, 24))) == 1
    assert maps(world, "nurse.two") == []
    assert shown.handle not in f"{first}"
    assert CHIDI not in f"{first}"


def test_a_replay_is_equal_and_holds_no_identity(world: World) -> None:
    shown = world.map()
    found = replayed(world)
    assert (found.replay, found.gone, found.more) == (Replay.EQUAL, 0, 0)
    assert (found.user, found.at) == ("nurse.one", shown.known_at)
    assert found.map
    assert found.map.involvements[0].service == shown.involvements[0].service
    assert [one.period for one in found.map.homes] == [one.period for one in shown.homes]
    assert (found.map.identity, found.map.handle, found.map.also_known_as) == (None, "", [])
    for word in ("Okafor", "Chidi", CHIDI):
        assert word not in found.model_dump_json()


def corrected(world: World) -> None:
    """A period is another one, and so is a home; a worker goes, one comes."""
    rows = [involvement("I1", "C1", "T1", span("2020-02-01")), *leeds().involvements[1:]]
    homes = [leeds().homes[0], home("H2", "C1", "380", span("2026-05-01"))]
    people = [allocation("A3", "C1", "P1", "T1", span("2026-11-21"))]
    more = {"involvements": rows, "homes": homes, "allocations": people}
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), **more), accept_drop=True)


def ended(world: World) -> None:
    """An involvement ends, and another one is in the next extract no more."""
    rows = [involvement("I1", "C1", "T1", span("2020-01-06", "2026-11-20"))]
    world.graph.load(
        STEWARD, leeds(extracted=date(2026, 11, 27), involvements=rows), accept_drop=True
    )


def said_again(world: World) -> None:
    """The same, in a newer extract, so that all of it is open as of a later day."""
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 27)))


def renamed(world: World) -> None:
    """The directory says something else of a service; of that nothing old is kept."""
    other = service("T1", "Leeds New Door", "383", duty_line="0113 496 0109")
    again = leeds(extracted=date(2026, 11, 21), services=[other, leeds().services[1]])
    world.graph.load(STEWARD, again)


def more_came(world: World) -> None:
    """Another source begins to send of the child."""
    rows = [*bradford().involvements, involvement("2", "77", "A9", span("2026-11-01"))]
    world.graph.load(STEWARD, bradford(extracted=date(2026, 11, 21), involvements=rows))


@pytest.mark.parametrize("later", [corrected, ended, said_again, renamed, more_came])
def test_it_is_equal_whatever_was_loaded_since(
    world: World, later: Callable[[World], None]
) -> None:
    before = world.map()
    NOW.forward(days=7)
    later(world)
    NOW.forward(days=1)
    found = replayed(world)
    assert (found.replay, found.gone, found.more) == (Replay.EQUAL, 0, 0)
    assert found.map
    assert [one.period for one in found.map.involvements] == [
        one.period for one in before.involvements
    ]
    now = world.map()
    assert (later in (said_again, renamed)) == (
        [one.period for one in now.involvements] == [one.period for one in before.involvements]
    )


@pytest.mark.parametrize(
    "asked", [{"on": date(2026, 4, 10)}, {"known_at": NOW.at}, {"known_at": NOW.at.replace(hour=1)}]
)
def test_a_map_of_another_day_is_replayed_as_it_was_asked(
    world: World, asked: dict[str, Any]
) -> None:
    NOW.forward(hours=2)
    shown = world.map(**asked)
    NOW.forward(days=1)
    corrected(world)
    found = replayed(world)
    assert found.replay is Replay.EQUAL
    assert found.map
    assert (found.map.on, found.map.known_at) == (shown.on, shown.known_at)
    assert len(found.map.involvements) == len(shown.involvements)


def test_it_is_replayed_with_what_that_user_might_see(world: World) -> None:
    """Their own sensitive service, which the auditor sees as they did and others do not."""
    mind = WORKER.model_copy(update={"id": "mind.one", "service": "leeds-social-care:T2"})
    for viewer in (mind, WORKER):
        handle = world.graph.ask(viewer, FindChild(nhs_number=CHIDI)).children[0].handle
        world.graph.ask(viewer, ServiceMapOf(child=handle))
    for user, seen in (("mind.one", True), ("w.one", False)):
        found = replayed(world, user)
        assert found.replay is Replay.EQUAL
        assert found.map
        assert ("Leeds Mind" in found.map.model_dump_json()) == seen


def test_what_retention_deleted_is_counted_and_it_is_not_equal(world: World) -> None:
    to(ENDED)
    NOW.forward(days=300)
    day = NOW.at.date()
    world.map()
    to(ENDED.replace(year=ENDED.year + KEEP, day=ENDED.day + 1))
    send_again(world.graph)
    assert retain(world.graph)["involvements"] == 1
    [seen] = maps(world, day=day)
    found = world.graph.ask(AUDITOR, AsWasSeen(look=seen.handle))
    assert (found.replay, found.gone, found.more) == (Replay.DIFFERENT, 1, 0)
    assert found.map
    assert len(found.map.involvements) == 2


def test_what_was_changed_in_place_is_not_equal_though_nothing_is_gone(world: World, bare) -> None:
    world.map()
    bare(
        "MATCH ()-[r:INVOLVED_WITH]->() WHERE r.from = date('2020-01-06') SET r.from = date('2021-01-06')"
    )
    found = replayed(world)
    assert (found.replay, found.gone, found.more) == (Replay.DIFFERENT, 0, 0)


def test_where_the_child_is_gone_all_of_it_is(world: World, bare) -> None:
    world.map()
    bare("MATCH (c:Child) DETACH DELETE c")
    found = replayed(world)
    assert (found.replay, found.map, found.gone) == (Replay.DIFFERENT, None, 5)


def test_of_records_from_before_there_was_a_digest_nothing_is_claimed(world: World, bare) -> None:
    world.map()
    bare("MATCH (r:Access {question: 'ServiceMapOf'}) REMOVE r.digest")
    found = replayed(world)
    assert (found.replay, found.gone, found.more) == (Replay.NOT_KEPT, 0, 0)
    bare("MATCH (r:Access {question: 'ServiceMapOf'}) REMOVE r.involvements")
    assert replayed(world).replay is Replay.NOT_KEPT


def test_of_a_child_who_is_shielded_since_nothing_is_shown(world: World) -> None:
    world.map()
    hidden = leeds().children[0].model_copy(update={"shielded": True})
    rows = [hidden, leeds().children[1]]
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), children=rows))
    assert replayed(world) == Seen(replay=Replay.RESTRICTED)


def test_where_no_map_was_shown_there_is_none_to_replay(world: World, bare) -> None:
    world.map(SHIELDED)
    assert replayed(world) == Seen(replay=Replay.RESTRICTED)
    bare("MATCH (c:Child) SET c.shielded = false")
    assert replayed(world).replay is Replay.NOTHING


def test_anothers_handle_or_an_old_one_replays_nothing(world: World) -> None:
    world.map()
    handle = maps(world)[0].handle
    other = AUDITOR.model_copy(update={"id": "auditor.two"})
    assert world.graph.ask(other, AsWasSeen(look=handle)) == Seen(replay=Replay.UNKNOWN)
    NOW.forward(days=1)
    assert world.graph.ask(AUDITOR, AsWasSeen(look=handle)) == Seen(replay=Replay.UNKNOWN)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_an_auditor_may(world: World, role: Role) -> None:
    world.map()
    viewer = Viewer(id="somebody", role=role)
    for question in (MapsSeen(user="nurse.one", day=DAY), AsWasSeen(look="x")):
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer, question)


def test_a_replay_is_a_look_at_the_child_and_its_record_says_which(world: World, bare) -> None:
    world.map()
    replayed(world)
    [row] = bare(
        "MATCH (r:Access {question: 'AsWasSeen'}), (was:Access {id: r.look}) "
        "RETURN r.children = was.children AS same, was.user AS user, r.shown AS shown"
    )
    assert row == {"same": True, "user": "nurse.one", "shown": 3}


def test_children_who_are_one_since_are_replayed_as_they_were(world: World) -> None:
    before = world.map()
    NOW.forward(days=1)
    twice = child(
        "78", family_name="Okafor", given_name="Chidi", birth_date="2015-06-09", postcode="LS1 4AP"
    )
    more = [involvement("3", "78", "A9", span("2026-01-01", "2026-02-01"))]
    world.graph.load(
        STEWARD,
        bradford(extracted=date(2026, 11, 21), children=[twice], involvements=more, full=False),
    )
    assert len(world.map().involvements) > len(before.involvements)
    found = replayed(world)
    assert (found.replay, found.gone, found.more) == (Replay.EQUAL, 0, 0)


def test_by_command_a_day_is_listed_and_a_look_replayed(machine: Path, world: World) -> None:
    world.map()
    listed = run("audit", "seen", "nurse.one", "2026-11-23")
    assert "23 November 2026 at 10:30: shown. Might see: identity." in listed
    [command] = [line.split()[1:] for line in listed.splitlines() if "--look" in line]
    said = run(*command)
    assert "nurse.one (practitioner): equal to what was shown then." in said
    assert "Leeds Front Door" in said
    assert "Okafor" not in said
    assert "no such look" in run("audit", "seen", "--look", "nonsense")
    assert "no service map on that day" in run("audit", "seen", "nurse.one", "2026-11-24")
