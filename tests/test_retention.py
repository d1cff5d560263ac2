"""What has ended stays for as long as its source keeps it, and not longer."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph import (
    Consent,
    FindChild,
    Graph,
    Keyring,
    NotAllowed,
    NotVisible,
    Retained,
    ServiceMapOf,
)
from graph.rematch import read_frequencies
from graph.retention import Times
from graph.store import Store
from tests.test_commands import machine, run
from tests.world import (
    CHIDI,
    EXTRACTED,
    LEEDS,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
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

__all__ = ["machine"]
KEEP = 6  # years, of each source of the small world
ENDED = date(2026, 4, 11)  # Bradford's involvement, the only one that has
COUNT = "MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS n"


def retain(graph: Graph, dry_run: bool = False) -> dict[str, int]:
    """Run it, and return what it deleted."""
    return dict(graph.retain(STEWARD, dry_run).deleted)


def to(day: date) -> None:
    """Move the clock to the morning of a day."""
    NOW.at = datetime.combine(day, NOW.at.timetz())


def send_again(graph: Graph, **over: Any) -> None:
    """Both sources send the same once more, so that neither is silent."""
    day = NOW.at.date() - timedelta(days=1)
    graph.load(STEWARD, leeds(**{"extracted": day, **over}))


def edges(bare) -> dict[str, int]:
    """How many edges of each type there are."""
    return {row["kind"]: row["n"] for row in bare(COUNT)}


def everything(bare) -> list[str]:
    """Every property there is, but of records, locks and the mark of the keyring."""
    rows = bare(
        "MATCH (n) WHERE NOT n:Access AND NOT n:Lock AND NOT n:Keys RETURN properties(n) AS p "
        "UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
    )
    return sorted(str(sorted(row["p"].items())) for row in rows)


def test_times_go_by_what_is_registered_and_the_calendar() -> None:
    feeds = [
        {"feed": "a/csv", "last_extract": date(2022, 2, 27)},
        {"feed": "a/cin", "last_extract": date(2022, 2, 28)},
        {"feed": "a/ssd", "last_extract": None},
    ]
    rows = [{"source": "a", "years": 6, "feeds": feeds}, {"source": "b", "years": 0, "feeds": []}]
    times = Times.of(rows, date(2028, 2, 29))
    assert times.until == {"a": date(2022, 2, 28), "b": date(2028, 2, 29)}
    assert times.silent == ["a/csv"]
    assert times.longest == date(2022, 2, 28)


def test_what_ended_goes_on_the_day_after_its_time(world: World, bare) -> None:
    to(ENDED.replace(year=ENDED.year + KEEP))
    assert retain(world.graph) == {"homes": 1}
    assert edges(bare)["INVOLVED_WITH"] == 4
    NOW.forward(days=1)
    assert retain(world.graph) == {"involvements": 1, "identities": 1}
    assert [i.service.name for i in world.map().involvements if i.service] == ["Leeds Front Door"]
    assert retain(world.graph) == {}


def test_each_source_has_its_own_time(world: World, bare) -> None:
    shorter = SOURCES[1].model_copy(update={"keep_years": 0})
    world.graph.load(STEWARD, shorter)
    assert retain(world.graph)["involvements"] == 1
    assert bare("MATCH ()-[r:INVOLVED_WITH]->() RETURN DISTINCT r.source AS s") == [
        {"s": "leeds-social-care"}
    ]


def test_a_source_that_said_nothing_more_keeps_nothing(world: World, bare) -> None:
    world.map()
    to(EXTRACTED.replace(year=EXTRACTED.year + KEEP) + timedelta(days=1))
    assert retain(world.graph) == {
        "involvements": 4,
        "allocations": 2,
        "homes": 2,
        "identities": 3,
        "children": 2,
        "posts": 2,
        "practitioners": 2,
        "areas": 3,
        "services": 3,
    }
    left = {label for row in bare("MATCH (n) RETURN DISTINCT labels(n) AS l") for label in row["l"]}
    assert left == {"Authority", "Source", "Feed", "Load", "Lock", "Keys", "Access", "Frequencies"}
    with pytest.raises(NotVisible):
        world.graph.ask(NURSE, ServiceMapOf(child="h"))
    assert world.graph.ask(NURSE, FindChild(nhs_number=CHIDI)).children == []


def test_versions_go_with_the_one_in_force(world: World, bare) -> None:
    NOW.forward(days=3)
    rows = [involvement("1", "77", "A9", span("2026-04-10", "2026-04-12"))]
    world.graph.load(STEWARD, bradford(extracted=NOW.at.date(), involvements=rows))
    assert edges(bare)["INVOLVED_WITH"] == 5
    to(date(2032, 4, 13))
    assert retain(world.graph)["involvements"] == 2
    assert edges(bare)["INVOLVED_WITH"] == 3


def test_an_old_version_goes_and_the_one_in_force_stays(world: World, bare) -> None:
    NOW.forward(days=3)
    rows = [involvement("I1", "C1", "T1", span("2020-02-01")), *leeds().involvements[1:]]
    send_again(world.graph, involvements=rows)
    retracted = NOW.at
    to(date(2032, 11, 25))
    send_again(world.graph, involvements=rows)
    over = "MATCH ()-[r:INVOLVED_WITH {source: 'leeds-social-care'}]->() RETURN count(*) AS n"
    retain(world.graph)
    assert bare(over) == [{"n": 4}]
    to((retracted + timedelta(days=1)).date().replace(year=2032))
    assert retain(world.graph)["involvements"] == 1
    assert bare(over) == [{"n": 3}]


def test_a_version_with_a_child_that_the_record_has_left_goes_too(world: World, bare) -> None:
    NOW.forward(days=3)
    rows = [
        involvement("I1", "C2", "T1", span("2020-01-06", "2026-01-31")),
        *leeds().involvements[1:],
    ]
    send_again(world.graph, involvements=rows)
    left = (
        "MATCH ()-[r:INVOLVED_WITH]->(c:Child) WHERE r.from = date('2020-01-06') RETURN r.to AS t"
    )
    assert len(bare(left)) == 2
    to(date(2032, 2, 1))
    send_again(world.graph, involvements=rows)
    assert retain(world.graph)["involvements"] == 2
    assert bare(left) == []


def test_a_worker_who_left_is_known_to_have_left_while_a_record_names_them(
    world: World, bare
) -> None:
    to(date(2032, 10, 1))
    send_again(world.graph)
    retain(world.graph)
    posts = bare("MATCH (p:Practitioner {name: 'Tom Left'})-[w:WORKS_AT]->() RETURN w.to AS t")
    assert posts == [{"t": date(2026, 9, 30)}]
    workers = [a for i in world.map().involvements for a in i.allocations if a.left_on]
    assert [a.practitioner.name for a in workers] == ["Tom Left"]
    ended = [
        leeds().allocations[0],
        allocation("A2", "C1", "P2", "T1", span("2020-01-06", "2026-09-30")),
    ]
    NOW.forward(days=2)
    send_again(world.graph, allocations=ended)
    assert retain(world.graph) == {
        "allocations": 2,
        "posts": 1,
        "practitioners": 1,
    }
    assert bare("MATCH (p:Practitioner) RETURN p.name AS name") == [{"name": "Amina Yusuf"}]


def test_a_consent_goes_with_the_involvement_that_it_is_for(world: World, bare) -> None:
    given = involvement("I2", "C1", "T2", span("2021-05-01"), consent=Consent.GIVEN)
    NOW.forward(days=3)
    send_again(world.graph, involvements=[leeds().involvements[0], given, leeds().involvements[2]])
    to(date(2032, 1, 1))
    ended = involvement("I2", "C1", "T2", span("2021-05-01", "2026-02-01"))
    send_again(world.graph, involvements=[leeds().involvements[0], ended, leeds().involvements[2]])
    assert edges(bare)["CONSENTS_TO"] == 1
    retain(world.graph)
    assert edges(bare)["CONSENTS_TO"] == 1
    to(date(2032, 2, 2))
    assert retain(world.graph)["consents"] == 1
    assert "CONSENTS_TO" not in edges(bare)


def test_nothing_of_a_withdrawn_consent_stays_beyond_the_time(world: World, bare) -> None:
    first, second, third = leeds().involvements
    for consent in (Consent.GIVEN, Consent.WITHDRAWN):
        NOW.forward(days=3)
        said = second.model_copy(update={"consent": consent})
        send_again(world.graph, involvements=[first, said, third])
    over = "MATCH ()-[c:CONSENTS_TO]->() RETURN c.retracted_at IS NULL AS holds"
    assert bare(over) == [{"holds": False}]
    withdrawn = NOW.at.date()
    to(withdrawn.replace(year=withdrawn.year + KEEP))
    send_again(world.graph, involvements=[first, said, third])
    retain(world.graph)
    assert len(bare(over)) == 1
    NOW.forward(days=1)
    assert retain(world.graph)["consents"] == 1
    assert bare(over) == []


def test_who_a_source_said_that_a_child_is_stays_while_it_says_anything_else(
    world: World, bare
) -> None:
    to(date(2040, 1, 1))
    send_again(world.graph)
    retain(world.graph)
    known = "MATCH (s:Source)-[:KNOWN_AS]->(c:Child) RETURN DISTINCT s.id AS id"
    assert bare(known) == [{"id": "leeds-social-care"}]
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 2}]


def test_an_identity_alone_stays_for_its_time(graph: Graph, bare) -> None:
    graph.load(STEWARD, SOURCES[0])
    graph.load(STEWARD, leeds(homes=[], involvements=[], allocations=[]))
    to(EXTRACTED.replace(year=EXTRACTED.year + KEEP))
    assert "children" not in retain(graph)
    NOW.forward(days=1)
    assert retain(graph)["children"] == 2
    assert bare("MATCH (b:Block) RETURN b") == []


def test_a_child_is_matched_anew_by_what_is_left(world: World, bare) -> None:
    tokens = "MATCH (b:Block) RETURN count(b) AS n"
    before = bare(tokens)[0]["n"]
    to(date(2032, 4, 12))
    retain(world.graph)
    assert bare(tokens)[0]["n"] < before
    assert bare("MATCH (b:Block) WHERE NOT EXISTS { (b)-[:HOLDS]->() } RETURN b") == []
    assert world.map().also_known_as == []


def test_a_service_of_a_public_register_stays(graph: Graph, bare) -> None:
    graph.load(STEWARD, SOURCES[0])
    closed = [
        service("S1", "Closed School", LEEDS, code="urn:107130").model_copy(
            update={"period": span("1990-01-01", "2001-08-31")}
        ),
        service("S2", "Closed Team", LEEDS).model_copy(
            update={"period": span("1990-01-01", "2001-08-31")}
        ),
    ]
    graph.load(STEWARD, _only(services=closed))
    assert retain(graph) == {"areas": 1, "services": 1}
    assert bare("MATCH (s:Service) RETURN s.name AS name") == [{"name": "Closed School"}]


def _only(**tables: Any) -> Any:
    empty = ("services", "practitioners", "children", "homes", "involvements", "allocations")
    return leeds(**{**dict.fromkeys(empty, ()), **tables})


def test_a_dry_run_counts_and_changes_nothing(world: World, bare) -> None:
    to(date(2032, 4, 12))
    before = everything(bare)
    counted = retain(world.graph, dry_run=True)
    assert everything(bare) == before
    assert counted == {"homes": 1, "involvements": 1, "identities": 1}
    done = retain(world.graph)
    assert {what: done[what] for what in counted} == counted


def test_stopped_anywhere_it_is_run_again_and_does_the_rest(
    graph: Graph, bare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.retention.PAGE", 1)

    def left(stop: int | None) -> list[tuple[str, int]]:
        bare(
            "MATCH (n) WHERE NOT n:Authority AND NOT n:Keys CALL (n) { DETACH DELETE n } IN TRANSACTIONS"
        )
        NOW.reset()
        World.loaded(graph)
        to(EXTRACTED.replace(year=EXTRACTED.year + KEEP) + timedelta(days=1))
        if stop is not None:
            with pytest.raises(KeyboardInterrupt):
                graph.retain(STEWARD, progress=_stop_after(stop))
        retain(graph)
        labels = "MATCH (n) WHERE NOT n:Access RETURN labels(n) AS l, count(*) AS n"
        return sorted((str(row["l"]), row["n"]) for row in bare(labels))

    in_peace = left(None)
    assert [stop for stop in (0, 2, 4, 6) if left(stop) != in_peace] == []


def _stop_after(steps: int):
    left = iter(range(steps))

    def progress(what: str, done: int, total: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return progress


def test_a_past_that_is_gone_is_not_replayed_and_breaks_no_answer(world: World) -> None:
    then = NOW.at + timedelta(minutes=1)
    to(date(2032, 4, 12))
    send_again(world.graph)
    retain(world.graph)
    NOW.forward(minutes=5)
    then_known = [i.service.name for i in world.map(known_at=then).involvements if i.service]
    assert then_known == ["Leeds Front Door"]


def test_it_leaves_a_record_before_and_after_and_only_a_steward_may(world: World, bare) -> None:
    to(date(2032, 4, 12))
    with pytest.raises(NotAllowed):
        world.graph.retain(NURSE)
    assert isinstance(world.graph.retain(STEWARD), Retained)
    told = bare(
        "MATCH (a:Access {question: 'Retain'}) RETURN a.outcome AS outcome, a.user AS user "
        "ORDER BY outcome"
    )
    assert [(row["outcome"], row["user"]) for row in told] == [
        ("begun", "steward.one"),
        ("done", "steward.one"),
        ("not allowed", "nurse.one"),
    ]
    [said] = bare("MATCH (a:Access {question: 'Retain', outcome: 'done'}) RETURN a.deleted AS d")
    assert sorted(said["d"]) == ["homes 1", "identities 1", "involvements 1"]


def test_the_command_counts_then_deletes_then_has_nothing_to_do(
    machine: Path, world: World, bare
) -> None:
    world.graph.load(STEWARD, SOURCES[1].model_copy(update={"keep_years": 0}))
    bare("MATCH ()-[r:INVOLVED_WITH {to: date('2026-04-11')}]->() SET r.to = date('2001-01-01')")
    counted = run("retention", "run", "--dry-run")
    assert "would be deleted" in counted
    assert "involvements" in counted
    assert edges(bare)["INVOLVED_WITH"] == 4
    assert "signpost db compact" in run("retention", "run")
    assert edges(bare)["INVOLVED_WITH"] == 3
    assert "Nothing is past its time." in run("retention", "run")


def test_names_that_are_gone_are_not_among_those_counted(
    graph: Graph, store: Store, keyring: Keyring
) -> None:
    for source in SOURCES:
        graph.load(STEWARD, source)
    twice = [child(one, family_name="Zyx", given_name="Abc") for one in ("1", "2")]
    graph.load(STEWARD, _only(children=twice))
    graph.match(STEWARD)
    counts = lambda: store.within(lambda tx: read_frequencies(tx, keyring)).counts  # noqa: E731
    assert "zyx" in str(counts())
    to(EXTRACTED.replace(year=EXTRACTED.year + KEEP) + timedelta(days=1))
    retain(graph)
    assert "zyx" not in str(counts())


def test_without_a_source_there_is_nothing_to_do(graph: Graph) -> None:
    assert retain(graph) == {}


def test_who_is_still_sent_is_not_past_their_time(world: World, bare) -> None:
    alone = child("C7", nhs_number="9990000042", family_name="Alone", birth_date="2015-05-06")
    count = (
        "MATCH (:Source)-[k:KNOWN_AS {feed: 'leeds-social-care/extra'}]->() RETURN count(k) AS n"
    )

    def send(day: date) -> int:
        to(day)
        extra = {"feed": "extra", "services": [], "practitioners": [], "homes": []}
        without = {"involvements": [], "allocations": [], "children": [alone]}
        return world.graph.load(STEWARD, leeds(extracted=day, **extra, **without)).unchanged

    assert [send(date(2026 + year, 12, 1)) for year in range(KEEP + 1)] == [0, *[1] * KEEP]
    to(date(2026 + KEEP, 12, 2))
    retain(world.graph)
    assert bare(count) == [{"n": 1}]
    to(date(2026 + 2 * KEEP, 12, 2))
    retain(world.graph)
    assert bare(count) == [{"n": 0}]


def test_a_marked_child_leaves_its_shield_to_who_was_hidden_with_it(world: World, bare) -> None:
    zofia: dict[str, Any] = {
        "family_name": "Nowak",
        "given_name": "Zofia",
        "birth_date": "2012-02-29",
    }
    to(date(2032, 11, 19))
    rows = [child("9", **zofia)]
    said = {"children": rows, "involvements": [], "extracted": date(2032, 11, 18), "full": False}
    world.graph.load(STEWARD, bradford(**said))
    to(EXTRACTED.replace(year=EXTRACTED.year + KEEP) + timedelta(days=1))
    retain(world.graph)
    assert bare("MATCH (c:Child) RETURN c.shielded AS s, c.marked AS m") == [{"s": True, "m": True}]
    assert world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED)).children == []
