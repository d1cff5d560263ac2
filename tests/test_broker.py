"""The broker: neither who asks nor who is sought learns of the other before both agree."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from graph import (
    AnswerIntroduction,
    AskBroker,
    BadQuestion,
    BrokerAsked,
    Brokered,
    BrokerQueue,
    FindChild,
    IntroductionOf,
    NotAllowed,
    NotVisible,
    OwnIntroductions,
    Role,
    ShieldChild,
    ShieldReason,
    Sought,
    Viewer,
    WhoLooked,
)
from tests.test_retention import retain
from tests.world import (
    AUDITOR,
    BRADFORD,
    CHIDI,
    FAR_LEAD,
    IDLE,
    LEEDS,
    NOW,
    NURSE,
    SHIELDED,
    STEWARD,
    World,
    allocation,
    bradford,
    child,
    involvement,
    leeds,
    service,
    span,
)

Bare = Callable[..., list[dict[str, Any]]]
WORKER = IDLE.model_copy(update={"id": "worker.one", "service": "leeds-social-care:T1"})
MIND = "Leeds Mind"
LINE = "0113 496 0177"


def ask(world: World, viewer: Viewer = NURSE, reference: str = "ED-1042") -> BrokerAsked:
    """Ask the broker about Chidi."""
    handle = world.handle(CHIDI, viewer)
    question = AskBroker(child=handle, telephone="01632 960201", reference=reference)
    return world.graph.ask(viewer, question)


def opened(world: World, steward: Viewer = STEWARD) -> Brokered:
    """The one that waits longest, as its broker sees it."""
    handle = world.graph.ask(steward, BrokerQueue()).waiting[0].handle
    return world.graph.ask(steward, IntroductionOf(introduction=handle))


def note(world: World, said: Sought, telephone: str | None = None) -> None:
    """Note what was said of the one that waits longest."""
    question = AnswerIntroduction(introduction=opened(world).handle, said=said, telephone=telephone)
    assert world.graph.ask(STEWARD, question).said is said


def mine(world: World, viewer: Viewer = NURSE) -> list[tuple[str, str | None, str | None]]:
    """One's own requests: state, service, telephone."""
    found = world.graph.ask(viewer, OwnIntroductions()).introductions
    return [(one.state.value, one.service, one.telephone) for one in found]


def test_neither_side_learns_of_the_other_until_they_agree(world: World) -> None:
    asked = ask(world)
    assert (asked.introductions, asked.waiting) == (1, 0)
    [waiting] = world.graph.ask(STEWARD, BrokerQueue()).waiting
    assert (waiting.by, waiting.reference, waiting.late) == ("nurse.one", "ED-1042", False)
    assert MIND not in waiting.model_dump_json()
    both = opened(world)
    assert (both.service, both.by, both.by_telephone) == (MIND, "nurse.one", "01632 960201")
    assert both.identity
    assert both.identity.given_name == "Chidi"
    assert mine(world) == [("waiting", None, None)]
    note(world, Sought.AGREED, LINE)
    assert mine(world) == [("agreed", MIND, LINE)]
    assert not world.graph.ask(STEWARD, BrokerQueue()).waiting
    # An introduction is for these two: the map tells no more than before.
    assert any(one.service is None for one in world.map().involvements)


def test_a_sensitive_service_known_by_who_is_named_alone_is_shown_and_reached(world: World) -> None:
    """Nobody of it is told; what an involvement tells already stands once."""
    rows = [
        allocation("A8", "C1", "P1", "T2", span("2021-06-01", "2021-07-01")),
        allocation("A9", "C1", "P1", "T3", span("2022-01-01", "2022-02-01")),
    ]
    other = service("T3", "Leeds Night", LEEDS, agency="health", sensitive=True)
    usual = leeds()
    world.graph.load(
        STEWARD,
        leeds(services=[*usual.services, other], allocations=[*usual.allocations, *rows]),
    )
    hidden = [one for one in world.map().involvements if one.service is None]
    assert [one.period for one in hidden] == [span("2021-05-01"), span("2022-01-01", "2022-02-01")]
    assert all(not one.allocations and one.source is None for one in hidden)
    assert all(one.asserted_on.day == 1 for one in hidden)
    assert "Leeds Night" not in world.map().model_dump_json()
    then = world.map(on=date(2022, 1, 2)).involvements
    assert [one.period for one in then if not one.service] == [one.period for one in hidden]
    own = IDLE.model_copy(update={"id": "own.one", "service": "leeds-social-care:T3"})
    services = {one.service.name: one for one in world.map(viewer=own).involvements if one.service}
    [amina] = services["Leeds Night"].allocations
    assert amina.practitioner.name == "Amina Yusuf"
    assert ask(world).introductions == 2
    assert ask(world).waiting == 2


def test_who_does_not_agree_stays_unknown(world: World) -> None:
    ask(world)
    note(world, Sought.DECLINED, LINE)
    assert mine(world) == [("declined", None, None)]
    with pytest.raises(IndexError):
        opened(world)


def test_not_reached_waits_on_and_is_seen_by_who_asked(world: World) -> None:
    ask(world)
    note(world, Sought.NOT_REACHED)
    [one] = world.graph.ask(NURSE, OwnIntroductions()).introductions
    assert (one.state.value, one.tried_at) == ("waiting", NOW.at)
    assert opened(world).tried_at == NOW.at
    note(world, Sought.AGREED, LINE)
    assert mine(world) == [("agreed", MIND, LINE)]


def test_of_brokers_who_answer_at_once_one_is_heard(world: World) -> None:
    for reference in ("ED-1", "ED-2", "ED-3"):
        ask(world, reference=reference)
        handle = opened(world).handle
        question = AnswerIntroduction(introduction=handle, said=Sought.DECLINED)

        def answer(_: int, question: AnswerIntroduction = question) -> int:
            with suppress(BadQuestion, NotVisible):
                return world.graph.ask(STEWARD, question).shown
            return 0

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(answer, range(8))) == 1


def test_agreement_needs_a_telephone() -> None:
    with pytest.raises(ValueError, match="give the telephone"):
        AnswerIntroduction(introduction="x", said=Sought.AGREED)


def test_asked_twice_it_waits_once_and_others_ask_for_themselves(world: World) -> None:
    ask(world)
    again = ask(world)
    assert (again.introductions, again.waiting) == (0, 1)
    NOW.forward(minutes=1)
    ask(world, WORKER, "C-7")
    assert len(world.graph.ask(STEWARD, BrokerQueue()).waiting) == 2
    assert len(mine(world)) == len(mine(world, WORKER)) == 1
    note(world, Sought.DECLINED)
    NOW.forward(minutes=1)
    assert ask(world).introductions == 1


def test_the_queue_says_for_whom_somebody_asks_and_what_is_late(world: World) -> None:
    ask(world, WORKER)
    [waiting] = world.graph.ask(STEWARD, BrokerQueue()).waiting
    assert waiting.service == "Leeds Front Door"
    for days, late in ((1, False), (1, True)):
        NOW.forward(days=days)
        [waiting] = world.graph.ask(STEWARD, BrokerQueue()).waiting
        assert waiting.late is late


def test_where_nothing_is_withheld_nothing_is_asked(world: World, bare: Bare) -> None:
    given = involvement("I2", "C1", "T2", span("2021-05-01"), consent="given")
    rows = [leeds().involvements[0], given, leeds().involvements[2]]
    world.graph.load(STEWARD, leeds(involvements=rows))
    with pytest.raises(BadQuestion, match="Nothing is withheld"):
        ask(world)
    mind = IDLE.model_copy(update={"id": "mind.one", "service": "leeds-social-care:T2"})
    with pytest.raises(BadQuestion, match="Nothing is withheld"):
        ask(world, mind)
    assert bare("MATCH (i:Introduction) RETURN count(i) AS n") == [{"n": 0}]
    asked = "MATCH (r:Access {question: 'AskBroker'}) RETURN r.user AS user ORDER BY user"
    assert [row["user"] for row in bare(asked)] == ["mind.one", "nurse.one"]


def test_of_two_records_of_one_child_it_is_about_the_one_that_names_the_service(
    world: World, bare: Bare
) -> None:
    rows = [child("9", family_name="Okafor", given_name="Chidi", birth_date="2015-06-09")]
    camhs = [service("A8", "Bradford CAMHS", BRADFORD, agency="health", sensitive=True)]
    seen = [involvement("5", "9", "A8", span("2025-01-01"))]
    theirs = bradford(services=camhs, children=rows, involvements=seen, full=False)
    world.graph.load(STEWARD, theirs)
    assert ask(world).introductions == 2
    apart = (
        "MATCH (c)<-[:ABOUT]-(:Introduction)-[:SEEKS]->(s) "
        "RETURN count(*) AS n, count(CASE WHEN (s)-[:INVOLVED_WITH]->(c) THEN 1 END) AS own"
    )
    assert bare(apart) == [{"n": 2, "own": 2}]
    away = {"child": "9", "record": "9", "file": "x.csv", "line": 2}
    none = {"children": [], "involvements": [], "withdrawals": [away]}
    world.graph.load(STEWARD, bradford(full=False, **none))
    assert bare(apart) == [{"n": 1, "own": 1}]


def test_who_has_no_ground_and_whose_role_it_is_not(world: World) -> None:
    handle = world.handle()
    question = AskBroker(child=handle, telephone="01632 960201", reference="C-1")
    with pytest.raises(NotVisible):
        world.graph.ask(FAR_LEAD, question)
    with pytest.raises(NotAllowed):
        world.graph.ask(STEWARD, question)
    for viewer in (NURSE, AUDITOR):
        with pytest.raises(NotAllowed):
            world.graph.ask(viewer, BrokerQueue())


def test_a_handle_is_one_stewards_and_opens_once_it_is_answered_no_more(world: World) -> None:
    ask(world)
    handle = opened(world).handle
    other = Viewer(id="steward.two", role=Role.STEWARD)
    with pytest.raises(NotVisible):
        world.graph.ask(other, IntroductionOf(introduction=handle))
    note(world, Sought.DECLINED)
    for question in (
        IntroductionOf(introduction=handle),
        AnswerIntroduction(introduction=handle, said=Sought.AGREED, telephone=LINE),
    ):
        with pytest.raises(NotVisible):
            world.graph.ask(STEWARD, question)
    assert mine(world) == [("declined", None, None)]


def test_of_a_shielded_child_only_the_line_is_told(world: World, bare: Bare) -> None:
    child = world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED)).children[0].handle
    asked = world.graph.ask(
        NURSE, AskBroker(child=child, telephone="01632 960201", reference="C-1")
    )
    assert (asked.introductions, asked.waiting, asked.broker_line) == (0, 0, "01632 960999")
    assert bare("MATCH (i:Introduction) RETURN count(i) AS n") == [{"n": 0}]


def test_a_child_who_is_shielded_since_is_in_no_queue(world: World) -> None:
    ask(world)
    handle = opened(world).handle
    shield = ShieldChild(child=world.handle(), reason=ShieldReason.COURT, reference="S-1")
    world.graph.ask(NURSE, shield)
    assert not world.graph.ask(STEWARD, BrokerQueue()).waiting
    assert mine(world) == []
    with pytest.raises(NotVisible):
        world.graph.ask(STEWARD, IntroductionOf(introduction=handle))


def test_what_came_of_it_is_told_for_four_weeks_and_kept_for_ninety_days(
    world: World, bare: Bare
) -> None:
    ask(world)
    note(world, Sought.AGREED, LINE)
    NOW.forward(days=28)
    assert mine(world) == [("agreed", MIND, LINE)]
    NOW.forward(seconds=1)
    assert mine(world) == []
    NOW.forward(days=62)
    assert retain(world.graph)["introductions"] == 1
    assert bare("MATCH (i:Introduction) RETURN count(i) AS n") == [{"n": 0}]


def test_it_goes_with_the_child_and_with_what_the_source_takes_back(
    world: World, bare: Bare
) -> None:
    ask(world)
    away = {"child": "C1", "record": "C1", "file": "x.csv", "line": 2}
    world.graph.load(STEWARD, leeds(withdrawals=[away]), accept_drop=True)
    assert bare("MATCH (i:Introduction) RETURN count(i) AS n") == [{"n": 0}]
    assert mine(world) == []


def test_the_record_says_who_asked_and_who_looked_to_connect_them(world: World, bare: Bare) -> None:
    ask(world, reference="ED-77")
    note(world, Sought.AGREED, LINE)
    rows = bare(
        "MATCH (r:Access) WHERE r.question IN "
        "['AskBroker', 'BrokerQueue', 'IntroductionOf', 'AnswerIntroduction'] "
        "RETURN r.question AS q, r.user AS u, size(r.children) AS n, r.said AS said, "
        "r.broker_reference AS reference ORDER BY r.at, q"
    )
    assert {(row["q"], row["u"], row["n"]) for row in rows} == {
        ("AskBroker", "nurse.one", 1), ("BrokerQueue", "steward.one", 0),
        ("IntroductionOf", "steward.one", 1), ("AnswerIntroduction", "steward.one", 1),
    }  # fmt: skip
    assert {row["said"] for row in rows} == {None, "agreed"}
    assert {row["reference"] for row in rows} == {None, "ED-77"}
    for one in bare("MATCH (i:Introduction) RETURN properties(i) AS p"):
        assert not {CHIDI, "Okafor", "Chidi"} & set(map(str, one["p"].values()))
    looks = world.graph.ask(STEWARD, WhoLooked(of=FindChild(nhs_number=CHIDI))).looks
    assert {"AskBroker", "IntroductionOf"} <= {one.question for one in looks}
