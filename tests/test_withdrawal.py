"""What a source takes back is gone in every version, and what others say stays."""

from datetime import date, timedelta
from typing import Any

import pytest

from graph import Consent, FindChild, Graph, Keyring, NotVisible, ServiceMapOf, Verdict
from graph.blocks import tokens_of
from graph.comparing import person_of
from graph.store import Store
from graph.withdrawal import Withdrawn, withdraw
from tests.test_pairs import judge
from tests.test_stolen import texts
from tests.world import (
    CHIDI,
    LEEDS,
    NOW,
    NURSE,
    SHIELDED,
    SOURCES,
    STEWARD,
    World,
    bradford,
    child,
    home,
    involvement,
    leeds,
    span,
)

ALL = "MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[r]->() RETURN properties(r) AS p"
ZOFIA: dict[str, Any] = {"family_name": "Nowak", "given_name": "Zofia", "birth_date": "2012-02-29"}
OF_SOURCE = "MATCH (:Child)-[r]-() WHERE r.source = $source RETURN count(DISTINCT r) AS n"
EMPTY: dict[str, Any] = {"involvements": [], "homes": [], "allocations": [], "full": False}


@pytest.fixture
def take_back(store: Store, keyring: Keyring):
    """Withdraw what a source said of some of its records of children."""

    def taken(source: str, *records: str) -> Withdrawn:
        tokens = [keyring.stamp("child", source, record) for record in records]
        said = (source, f"{source}/csv", tokens, NOW.at)
        return store.within(lambda tx: withdraw(tx, keyring, *said))

    return taken


def values(bare) -> str:
    """Every value of every property there is, in one text."""
    return "\n".join(text for row in bare(ALL) for text in texts(row["p"]))


def traces(bare, token: str) -> list[str]:
    """What stands in the graph only because of a record: its child's id, tokens and seals."""
    [row] = bare(
        "MATCH (:Source)-[k:KNOWN_AS {record: $token}]->(c:Child) "
        "RETURN c.id AS id, collect(k.sealed) + collect(k.key) + collect(k.content) AS said, "
        "[(b:Block)-[:HOLDS]->(c) WHERE COUNT { (b)-[:HOLDS]->() } = 1 | b.token] AS blocks, "
        "[(c)-[p:MAY_BE]-() | p.key] AS pairs",
        token=token,
    )
    return [row["id"], token, *row["said"], *row["blocks"], *row["pairs"]]


def test_everything_that_only_one_source_said_is_gone(
    world: World, bare, keyring: Keyring, take_back
) -> None:
    wanted = traces(bare, keyring.stamp("child", "leeds-social-care", "C2"))
    assert len(wanted) == 8
    assert all(one in values(bare) for one in wanted)
    assert take_back("leeds-social-care", "C2") == Withdrawn(1, 1, 1, 1)
    after = values(bare)
    assert [one for one in wanted if one in after] == []
    assert bare("MATCH (b:Block) WHERE NOT EXISTS { (b)-[:HOLDS]->() } RETURN b") == []


def test_every_version_goes_and_what_others_say_stays(world: World, bare, take_back) -> None:
    given = involvement("I2", "C1", "T2", span("2021-05-01"), consent=Consent.GIVEN)
    rows = [involvement("I1", "C1", "T1", span("2020-02-01")), given, leeds().involvements[2]]
    NOW.forward(hours=1)
    moved = [child("C1", nhs_number=CHIDI, family_name="Okafor", birth_date="2015-06-09")]
    newer = {"involvements": rows, "children": [*moved, leeds().children[1]]}
    world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), **newer))
    others = bare("MATCH ()-[r {source: 'bradford-health'}]->() RETURN properties(r) AS p")
    done = take_back("leeds-social-care", "C1")
    assert (done.records, done.identities, done.edges, done.erased) == (1, 2, 9, 0)
    kept = "MATCH (:Source {id: 'leeds-social-care'})-[:KNOWN_AS]->(c:Child) RETURN c.shielded AS s"
    assert bare(kept) == [{"s": True}]
    assert bare(OF_SOURCE, source="leeds-social-care") == [{"n": 1}]
    assert bare("MATCH ()-[r {source: 'bradford-health'}]->() RETURN properties(r) AS p") == others
    answer = world.map()
    assert [i.service.name for i in answer.involvements if i.service] == [
        "Bradford Emergency Department"
    ]
    assert answer.identity
    assert answer.identity.family_name == "Okafor-Eze"
    assert (answer.also_known_as, list(answer.homes)) == ([], [])


def test_a_child_is_found_only_by_what_is_still_said(
    world: World, bare, keyring: Keyring, take_back
) -> None:
    take_back("leeds-social-care", "C1")
    person = person_of(bradford().children[0].identity)
    left = {token for found in tokens_of(person, keyring.stamp).values() for token in found}
    held = "MATCH (b:Block)-[:HOLDS]->(c:Child {shielded: false}) RETURN b.token AS token"
    assert {row["token"] for row in bare(held)} == left
    orphans = "MATCH (b:Block) WHERE NOT EXISTS { (b)-[:HOLDS]->() } RETURN b"
    assert bare(orphans) == []
    by_home = FindChild.model_validate({"birth_date": "2015-06-09", "postcode": "LS1 4AP"})
    assert world.graph.ask(NURSE, by_home).children == []


def test_a_birth_year_that_nobody_says_any_more_goes(graph: Graph, bare, take_back) -> None:
    for source in SOURCES:
        graph.load(STEWARD, source)
    graph.load(STEWARD, leeds(children=leeds().children[:1], **EMPTY))
    unborn = [child("77", nhs_number=CHIDI, family_name="Okafor", given_name="Chidi")]
    graph.load(STEWARD, bradford(children=unborn, involvements=[]))
    year = "MATCH (c:Child) RETURN c.birth_year AS year"
    assert bare(year) == [{"year": 2015}]
    take_back("leeds-social-care", "C1")
    assert bare(year) == [{"year": None}]


def test_the_proof_holds_nothing_of_whom(world: World, bare, keyring: Keyring, take_back) -> None:
    wanted = traces(bare, keyring.stamp("child", "leeds-social-care", "C1"))
    take_back("leeds-social-care", "C1")
    [row] = bare("MATCH (w:Withdrawal) RETURN properties(w) AS p, COUNT { (w)--() } AS ties")
    proof = dict(row["p"])
    assert len(proof.pop("id")) == 32
    assert proof == {
        "source": "leeds-social-care",
        "feed": "leeds-social-care/csv",
        "at": NOW.at,
        "identities": 1,
        "edges": 6,
    }
    assert row["ties"] == 0
    assert not set(wanted) & set(texts(row["p"]))


def test_again_it_changes_nothing(world: World, bare, take_back) -> None:
    take_back("leeds-social-care", "C1")
    before = sorted(map(str, bare(ALL)))
    assert take_back("leeds-social-care", "C1", "never heard of") == Withdrawn()
    assert take_back("bradford-police", "77") == Withdrawn()
    later = sorted(map(str, bare(ALL)))
    assert later == before
    assert bare("MATCH (w:Withdrawal) RETURN count(w) AS n") == [{"n": 1}]


def test_a_shielded_child_stays_shielded_for_others(world: World, bare, take_back) -> None:
    rows = [*bradford().children, child("9", nhs_number=SHIELDED, **ZOFIA)]
    world.graph.load(STEWARD, bradford(children=rows))
    done = take_back("leeds-social-care", "C2")
    assert (done.records, done.erased) == (1, 0)
    found = world.graph.ask(NURSE, FindChild(nhs_number=SHIELDED))
    assert [one.restricted for one in found.children] == [True]


def test_who_was_hidden_over_a_child_that_is_gone_stays_hidden(
    world: World, bare, take_back
) -> None:
    world.graph.load(STEWARD, bradford(children=[child("9", **ZOFIA)], **EMPTY))
    assert bare("MATCH (c:Child {shielded: true}) RETURN count(c) AS n") == [{"n": 2}]
    take_back("leeds-social-care", "C2")
    assert bare("MATCH (c:Child {shielded: true}) RETURN c.marked AS m") == [{"m": True}]
    found = world.graph.ask(NURSE, FindChild.model_validate(ZOFIA))
    assert [one.restricted for one in found.children] == [True]


def test_of_two_records_of_one_child_the_other_comes_back_with_the_next_load(
    world: World, bare, take_back
) -> None:
    twice = child("C9", nhs_number=CHIDI, family_name="Okafor", given_name="Chidi")
    more: dict[str, Any] = {
        "children": [*leeds().children, twice],
        "homes": [*leeds().homes, home("H9", "C9", LEEDS, span("2015-06-09", "2024-01-01"))],
    }
    world.graph.load(STEWARD, leeds(**more))
    assert bare("MATCH (c:Child) RETURN count(c) AS n") == [{"n": 2}]
    take_back("leeds-social-care", "C1")
    known = (
        "MATCH (s:Source)-[:KNOWN_AS]->(c:Child {shielded: false}) RETURN s.id AS id ORDER BY id"
    )
    assert [row["id"] for row in bare(known)] == ["bradford-health", "leeds-social-care"]
    assert bare(OF_SOURCE, source="leeds-social-care") == [{"n": 1}]
    left = {name: list(rows) for name, rows in more.items()}
    left |= {"children": left["children"][1:], "homes": left["homes"][2:]}
    left |= {"involvements": leeds().involvements[2:], "allocations": []}
    report = world.graph.load(STEWARD, leeds(extracted=date(2026, 11, 21), **left))
    assert (report.new, report.changed, report.ended, report.rejected) == (1, 0, 0, 0)
    assert [h.authority.number for h in world.map().homes] == [LEEDS]


def test_a_record_that_went_to_another_child_leaves_nothing_with_either(
    world: World, bare, keyring: Keyring, take_back
) -> None:
    gone = child("77", nhs_number="9990000042", family_name="Else", birth_date="2001-01-01")
    world.graph.load(STEWARD, bradford(children=[gone], full=False))
    token = keyring.stamp("child", "bradford-health", "77")
    named = "MATCH ()-[k:KNOWN_AS {record: $t}]->(c) RETURN count(DISTINCT c) AS children"
    assert bare(named, t=token) == [{"children": 2}]
    done = take_back("bradford-health", "77")
    assert (done.records, done.identities, done.erased) == (1, 2, 1)
    assert bare(OF_SOURCE, source="bradford-health") == [{"n": 0}]
    assert token not in values(bare)
    assert world.map().identity


def test_a_pair_that_was_made_of_it_goes_with_its_score(world: World, bare, take_back) -> None:
    named: dict[str, Any] = {"family_name": "Okafor", "given_name": "Chidi", "postcode": "LS1 4AP"}
    _load(world.graph, "bradford-police", child("3", **named))
    all_versions = "MATCH ()-[p:MAY_BE]->() RETURN p.score AS score, p.retracted_at AS over"
    [before] = bare(all_versions)
    take_back("leeds-social-care", "C1")
    after = bare(all_versions)
    assert [row for row in after if row["over"] or row["score"] >= before["score"]] == []


def test_what_a_steward_judged_stays(world: World, bare, take_back) -> None:
    _load(world.graph, "bradford-police", child("3", **_alike(), postcode="LS1 4AP"))
    judge(world.graph, Verdict.DIFFERENT, Verdict.SAME)
    mine = "MATCH ()-[p:MAY_BE {author: 'steward.one'}]->() RETURN properties(p) AS p"
    before = bare(mine)
    assert len(before) == 1
    take_back("leeds-social-care", "C1")
    assert bare(mine) == before
    assert bare("MATCH ()-[p:MAY_BE]->() RETURN count(p) AS n") == [{"n": 1}]


def _alike() -> dict[str, Any]:
    return {"family_name": "Okafor", "given_name": "Chidi", "birth_date": "2015-06-09"}


def test_two_who_were_one_over_a_child_that_is_gone_are_looked_at_again(
    graph: Graph, bare, take_back
) -> None:
    for source in SOURCES:
        graph.load(STEWARD, source)
    whole = {**_alike(), "postcode": "LS1 4AP"}
    for source, record in (("leeds-social-care", "1"), ("bradford-health", "2")):
        _load(graph, source, child(record, **whole))
    _load(graph, "bradford-police", child("3", **whole))
    in_force = "MATCH ()-[p:MAY_BE]->() WHERE p.retracted_at IS NULL RETURN count(p) AS n"
    assert bare(in_force) == [{"n": 2}]
    middle = bare(
        "MATCH (s:Source)-[:KNOWN_AS]->(c:Child) WHERE COUNT { (c)-[:MAY_BE]-() } = 2 "
        "RETURN s.id AS id"
    )
    records = {"leeds-social-care": "1", "bradford-health": "2", "bradford-police": "3"}
    [source] = [row["id"] for row in middle]
    assert take_back(source, records[source]).erased == 1
    assert bare(in_force) == [{"n": 1}]


def _load(graph: Graph, source: str, row: Any) -> None:
    said = {"services": [], "practitioners": [], "children": [row], **EMPTY}
    graph.load(STEWARD, leeds(source=source, **said))


def test_a_past_that_is_gone_is_not_replayed_and_breaks_no_answer(world: World, take_back) -> None:
    then = NOW.at
    NOW.forward(hours=1)
    handle, hidden = world.handle(), world.handle(SHIELDED)
    take_back("leeds-social-care", "C1", "C2")
    NOW.forward(minutes=1)
    asked = ServiceMapOf(child=handle, known_at=then + timedelta(minutes=1))
    names = [i.service.name for i in world.graph.ask(NURSE, asked).involvements if i.service]
    assert names == ["Bradford Emergency Department"]
    with pytest.raises(NotVisible):
        world.graph.ask(NURSE, ServiceMapOf(child=hidden))


def test_records_of_who_looked_stay_as_they_were(world: World, bare, take_back) -> None:
    world.map()
    records = "MATCH (a:Access) RETURN properties(a) AS p ORDER BY a.id"
    before = bare(records)
    [row] = bare("MATCH (c:Child {shielded: false}) RETURN c.id AS id")
    assert any(row["id"] in record["p"]["children"] for record in before)
    take_back("leeds-social-care", "C1")
    take_back("bradford-health", "77")
    assert bare(records) == before
