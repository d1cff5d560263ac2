"""The record of access: strands and anchors show whatever was changed, taken away, put in or moved."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from time import sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import (
    Anchors,
    AnchorsAway,
    BadKeyring,
    EmbeddedNeo4j,
    Graph,
    Keyring,
    NotAllowed,
    NotVisible,
    ServiceMapOf,
    SourceReports,
    verifying,
)
from graph.strands import hash_of, id_of, place_of
from graph.verifying import PIECE, pieces
from signpost.anchoring import Anchoring
from tests.world import (
    AUDITOR,
    BROKER,
    IDLE,
    NOW,
    NURSE,
    STEWARD,
    World,
    at_once,
    involvement,
    leeds,
    span,
)

ASKS = 6


@pytest.fixture
def asked(graph: Graph, server: EmbeddedNeo4j, keyring: Keyring) -> Iterator[World]:
    """The small world behind a door of its own, whose strands begin with it; some have asked there."""
    own = Graph(server.connection(), keyring, BROKER, clock=lambda: NOW.at)
    world = World.loaded(own)
    handle = world.handle()
    for _ in range(ASKS):
        NOW.forward(minutes=1)
        own.ask(NURSE, ServiceMapOf(child=handle))
    yield world
    own.close()


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    """An empty place for anchors, and a key."""
    return Anchors(str(tmp_path / "anchors"), tmp_path / "keys" / "anchor")


def verify(world: World, anchors: Anchors) -> list[tuple[str, str]]:
    """What is damaged, and where: as another process sees it, whose strands are its own."""
    own = Graph(world.graph._connection, world.graph.keyring, BROKER, clock=lambda: NOW.at)
    try:
        return [tuple(one) for one in own.verify(AUDITOR, anchors).damage]
    finally:
        own.close()


def ids(bare) -> list[str]:
    """The ids of all access records, in order."""
    return [row["id"] for row in bare("MATCH (r:Access) RETURN r.id AS id ORDER BY r.id")]


def test_each_record_is_bound_to_the_one_before(asked: World, bare, anchors, keyring) -> None:
    rows = bare("MATCH (r:Access) RETURN properties(r) AS record ORDER BY r.id")
    records = [row["record"] for row in rows]
    [strand] = {place_of(record["id"])[0] for record in records}
    assert [record["id"] for record in records] == [id_of(strand, n) for n in range(len(records))]
    before = ""
    for record in records:
        assert record["hash"] == hash_of(keyring, before, record)
        before = record["hash"]
    found = asked.graph.verify(AUDITOR, anchors)
    # Its own record, begun, was there when it was verified.
    assert (found.records, found.strands, found.anchors, found.damage) == (
        len(records) + 1,
        1,
        0,
        [],
    )


def test_many_write_at_once_each_in_a_strand_of_its_own(asked: World, bare, anchors) -> None:
    handle, before = asked.handle(), len(ids(bare))
    at_once(24, lambda: asked.graph.ask(NURSE, ServiceMapOf(child=handle)))
    assert len(ids(bare)) == before + 24
    found = asked.graph.verify(AUDITOR, anchors)
    assert 1 <= found.strands <= 24
    assert found.damage == []


def test_after_an_error_the_strand_is_left_and_nothing_is_missing(asked, bare, anchors) -> None:
    [strand] = {place_of(one)[0] for one in ids(bare)}
    bare("CREATE (:Access {id: $id})", id=id_of(strand, len(ids(bare))))
    with pytest.raises(Exception, match="run this load again"):
        asked.graph.ask(NURSE, SourceReports())
    bare("MATCH (r:Access {id: $id}) DELETE r", id=ids(bare)[-1])
    asked.graph.ask(NURSE, SourceReports())
    assert len({place_of(one)[0] for one in ids(bare)}) == 2
    assert verify(asked, anchors) == []


TAMPERINGS = {
    "a word is changed": "MATCH (r:Access {id: $id}) SET r.user = 'nobody.one'",
    "a list is changed": "MATCH (r:Access {id: $id}) SET r.children = r.children + 'x'",
    "a word is added": "MATCH (r:Access {id: $id}) SET r.note = 'harmless'",
    "a word is removed": "MATCH (r:Access {id: $id}) REMOVE r.policy",
    "its time is changed": "MATCH (r:Access {id: $id}) SET r.at = r.at + duration({minutes: 1})",
    "its time is made text": "MATCH (r:Access {id: $id}) SET r.at = toString(r.at)",
    "its time is made a list": "MATCH (r:Access {id: $id}) SET r.at = ['datetime', toString(r.at)]",
    "its time is removed": "MATCH (r:Access {id: $id}) REMOVE r.at",
    "its time is in another zone": """
        MATCH (r:Access {id: $id}) SET r.at = datetime({datetime: r.at, timezone: 'Europe/London'})""",
    "its time is finer": "MATCH (r:Access {id: $id}) SET r.at = r.at + duration({nanoseconds: 1})",
    "a number is made text": "MATCH (r:Access {id: $id}) SET r.shown = toString(r.shown)",
    "its hash is changed": "MATCH (r:Access {id: $id}) SET r.hash = reverse(r.hash)",
    "its hash is removed": "MATCH (r:Access {id: $id}) REMOVE r.hash",
    "its label is removed": "MATCH (r:Access {id: $id}) REMOVE r:Access",
    "it is deleted": "MATCH (r:Access {id: $id}) DELETE r",
    "it is swapped with the next": """
        MATCH (r:Access {id: $id}) MATCH (next:Access {id: $next})
        WITH r, next, properties(r) AS was, properties(next) AS will
        SET r = {} SET next = {} SET r = will {.*, id: $id} SET next = was {.*, id: $next}""",
    "it is written over with the next": """
        MATCH (r:Access {id: $id}) MATCH (next:Access {id: $next})
        WITH r, properties(next) AS will SET r = {} SET r = will {.*, id: $id}""",
    "it is moved to the end": "MATCH (r:Access {id: $id}) SET r.id = $end",
    "a copy is put at the end": """
        MATCH (r:Access {id: $id}) WITH properties(r) AS was CREATE (c:Access) SET c = was {.*, id: $end}""",
    "its id is removed": "MATCH (r:Access {id: $id}) REMOVE r.id",
    "its id is made a number": "MATCH (r:Access {id: $id}) SET r.id = 7",
    "its id is made another word": "MATCH (r:Access {id: $id}) SET r.id = 'zzz'",
    "one is put in between": "CREATE (:Access {id: $id + '1', user: 'nobody.one'})",
    "one is put after every id": "CREATE (:Access {id: '\U0010ffffx', user: 'nobody.one'})",
    "one is put into a new strand": "CREATE (:Access {id: 'ffff-0000000000', hash: 'x', user: 'n'})",
    "one without an id is put in": "CREATE (:Access {user: 'nobody.one'})",
}


FIRST = ("a word is changed", "it is deleted", "it is swapped with the next")


@pytest.mark.parametrize(
    ("how", "place"), [*((how, 3) for how in TAMPERINGS), *((how, 0) for how in FIRST)]
)
def test_tampering_is_found(asked: World, bare, anchors, how: str, place: int) -> None:
    every = ids(bare)
    strand, _ = place_of(every[0])
    at = {"id": every[place], "next": every[place + 1], "end": id_of(strand, len(every))}
    assert verify(asked, anchors) == []
    bare(TAMPERINGS[how], **at)
    damage = verify(asked, anchors)
    assert damage, how
    named = {where for where, _ in damage}
    assert named & {*at.values(), "", "zzz", "ffff-0000000000", at["id"] + "1"}, damage


def test_a_tail_that_is_cut_off_shows_in_the_anchor(asked: World, bare, anchors) -> None:
    taken = asked.graph.anchor(anchors)
    assert taken
    [end] = taken.ends
    assert (taken.number, taken.before, end.records) == (1, "", len(ids(bare)))
    cut = ids(bare)[-2:]
    for one in cut:
        bare("MATCH (r:Access {id: $id}) DELETE r", id=one)
    assert verify(asked, anchors) == [(cut[0], "is missing, and 2 in all that an anchor has")]


def test_a_strand_that_is_cut_off_whole_shows_in_the_anchor(asked, bare, anchors) -> None:
    asked.graph.anchor(anchors)
    first = ids(bare)[0]
    bare("MATCH (r:Access) DELETE r")
    assert [where for where, _ in verify(asked, anchors)] == [first]


def test_who_has_the_keys_is_still_held_by_the_anchors(asked, bare, anchors, keyring) -> None:
    """Whoever holds the keyring can write a strand anew; what was anchored of it stays as it was."""
    asked.graph.anchor(anchors)
    rows = bare("MATCH (r:Access) RETURN properties(r) AS record ORDER BY r.id")
    before = ""
    for row in rows:
        record = row["record"] | {"user": "somebody.else"}
        before = record["hash"] = hash_of(keyring, before, record)
        bare("MATCH (r:Access {id: $id}) SET r = $record", id=record["id"], record=record)
    assert verify(asked, anchors) == [
        (rows[-1]["record"]["id"], "is not the one that was anchored")
    ]


def test_an_anchor_holds_what_grew_and_none_is_taken_of_nothing(asked: World, anchors) -> None:
    first = asked.graph.anchor(anchors)
    assert asked.graph.anchor(anchors) is None
    NOW.forward(hours=1)
    asked.graph.ask(NURSE, SourceReports())
    second = asked.graph.anchor(anchors)
    assert first
    assert second
    assert (second.number, len(second.ends)) == (2, 1)
    assert second.ends[0].records == first.ends[0].records + 1
    assert verify(asked, anchors) == []


def test_processes_share_one_place_of_anchors(asked, anchors, tmp_path, keyring, server) -> None:
    other = Graph(server.connection(), keyring, BROKER, clock=lambda: NOW.at)
    theirs = Anchors(str(tmp_path / "anchors"), tmp_path / "keys" / "anchor")
    assert asked.graph.anchor(anchors)
    other.ask(NURSE, SourceReports())
    taken = other.anchor(theirs)
    assert taken
    assert taken.number == 2
    assert len(taken.ends) == 1
    assert asked.graph.anchor(anchors) is None
    assert asked.graph.verify(AUDITOR, anchors).anchors == 2
    assert verify(asked, anchors) == []
    other.close()


def spoil(file: Path, **changed: Any) -> None:
    """Change an anchor, as somebody without its key would."""
    whole = json.loads(file.read_text())
    whole["anchor"] = json.dumps(json.loads(whole["anchor"]) | changed, sort_keys=True)
    file.write_text(json.dumps(whole))


ANCHOR_TAMPERINGS = {
    "its ends are changed": lambda files: spoil(files[1], ends=[]),
    "its time is changed": lambda files: spoil(files[1], at="2020-01-01T00:00:00+00:00"),
    "it is no JSON": lambda files: files[1].write_text("{"),
    "it is another thing": lambda files: files[1].write_text("[1]"),
    "the first is missing": lambda files: files[0].unlink(),
    "one between is missing": lambda files: files[1].unlink(),
    "two are swapped": lambda files: (
        files[0].rename(files[0].with_suffix(".x")),
        files[1].rename(files[0]),
        files[0].with_suffix(".x").rename(files[1]),
    ),
    "a copy is put after": lambda files: (files[0].parent / "0000000009.json").write_bytes(
        files[0].read_bytes()
    ),
}


@pytest.mark.parametrize("how", ANCHOR_TAMPERINGS)
def test_tampering_with_an_anchor_is_found(asked: World, anchors, tmp_path: Path, how: str) -> None:
    for _ in range(3):
        NOW.forward(minutes=5)
        asked.graph.ask(NURSE, SourceReports())
        assert asked.graph.anchor(anchors)
    assert verify(asked, anchors) == []
    files = sorted((tmp_path / "anchors").iterdir())
    assert [file.name for file in files] == [f"{n:010}.json" for n in (1, 2, 3)]
    ANCHOR_TAMPERINGS[how](files)
    assert any(where.endswith(".json") for where, _ in verify(asked, anchors))


def test_an_anchor_of_another_key_is_none(asked: World, anchors, tmp_path: Path) -> None:
    asked.graph.anchor(anchors)
    Anchors(str(tmp_path / "elsewhere"), tmp_path / "keys" / "forged")
    forger = Anchors(str(tmp_path / "anchors"), tmp_path / "keys" / "forged")
    with pytest.raises(AnchorsAway, match="another key"):
        asked.graph.anchor(forger)
    assert [where for where, _ in verify(asked, forger)] == ["0000000001.json"]


def test_while_the_app_serves_anchors_are_taken(asked: World, anchors, tmp_path, capsys) -> None:
    serving = Anchoring(asked.graph, anchors, minutes=0.001)
    serving.start()
    for _ in range(100):
        if anchors.latest:
            break
        sleep(0.05)
    asked.graph.ask(NURSE, SourceReports())
    serving.stop()
    taken, bad = anchors.read()
    assert len(taken) >= 2
    assert bad == []
    assert asked.graph.anchor(anchors) is None
    assert capsys.readouterr().err == ""


def test_where_no_anchor_can_be_taken_the_app_says_so_and_serves(
    asked, anchors, tmp_path, capsys
) -> None:
    rmtree(tmp_path / "anchors")
    (tmp_path / "anchors").write_text("")
    serving = Anchoring(asked.graph, anchors, minutes=1)
    serving.start()
    serving.stop()
    assert capsys.readouterr().err.count("no anchor of the access record") == 2


def test_anchors_hold_nothing_of_anybody(asked: World, anchors, tmp_path: Path) -> None:
    asked.graph.anchor(anchors)
    [file] = (tmp_path / "anchors").iterdir()
    text = file.read_text()
    assert "nurse" not in text
    assert set(json.loads(json.loads(text)["anchor"])) == {"at", "before", "ends", "number"}


def test_without_its_key_the_anchors_are_not_taken_for_anothers(asked, anchors, tmp_path) -> None:
    asked.graph.anchor(anchors)
    (tmp_path / "keys" / "anchor").unlink()
    with pytest.raises(BadKeyring, match="bring it back"):
        Anchors(str(tmp_path / "anchors"), tmp_path / "keys" / "anchor")


def test_an_anchor_that_was_taken_by_a_clock_ahead_hides_nothing(asked, bare, anchors) -> None:
    NOW.forward(days=400)
    asked.graph.anchor(anchors)
    NOW.forward(days=-399)
    other = Graph(asked.graph._connection, asked.graph.keyring, BROKER, clock=lambda: NOW.at)
    other.ask(NURSE, SourceReports())
    taken = asked.graph.anchor(anchors)
    other.close()
    assert taken
    assert [end.records for end in taken.ends] == [1]


def test_a_key_that_is_open_or_none_stops(tmp_path: Path) -> None:
    key = tmp_path / "anchor"
    Anchors(str(tmp_path / "anchors"), key)
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    with pytest.raises(BadKeyring, match="chmod 600"):
        Anchors(str(tmp_path / "anchors"), key)
    key.chmod(0o600)
    key.write_text("not a key")
    with pytest.raises(BadKeyring, match="not a key for anchors"):
        Anchors(str(tmp_path / "anchors"), key)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnchorsAway, match="SIGNPOST_ANCHORS"):
        Anchors(str(tmp_path / "file"), tmp_path / "key")


@pytest.mark.parametrize("how", ["it is deleted", "a word is changed", "its hash is changed"])
def test_in_many_pieces_the_same_is_found(asked, bare, anchors, monkeypatch, how: str) -> None:
    every = ids(bare)
    asked.graph.anchor(anchors)
    bare(TAMPERINGS[how], id=every[3], next=every[4])
    at_once = verify(asked, anchors)
    monkeypatch.setattr(verifying, "PIECE", 2)
    in_pieces = verify(asked, anchors)
    assert at_once
    assert [one for one in in_pieces if one[0] <= every[-1]] == at_once
    monkeypatch.setattr(verifying, "PIECE", 1)
    assert [one for one in verify(asked, anchors) if one[0] <= every[-1]] == at_once


@given(st.dictionaries(st.from_regex(r"[0-9a-f]{4}", fullmatch=True), st.integers(1, 3 * PIECE)))
def test_pieces_hold_every_id(strands: dict[str, int]) -> None:
    made = list(pieces(dict(sorted(strands.items()))))
    assert made[0].first == ""
    assert made[-1].last > "\uffff"
    assert all(one.last == after.first for one, after in pairwise(made))
    assert all(one.first < one.last for one in made)
    total = sum(strands.values())
    assert len(made) <= total // PIECE + 1


def test_only_an_auditor_verifies_and_it_is_recorded(asked: World, bare, anchors) -> None:
    with pytest.raises(NotAllowed):
        asked.graph.verify(STEWARD, anchors)
    asked.graph.verify(AUDITOR, anchors)
    rows = bare(
        "MATCH (r:Access {question: 'Verify'}) RETURN r.user AS user, r.outcome AS o ORDER BY r.id"
    )
    assert [(row["user"], row["o"]) for row in rows] == [
        ("steward.one", "not allowed"),
        ("auditor.one", "begun"),
        ("auditor.one", "done"),
    ]


def test_loads_and_refusals_stand_in_the_strand_too(asked: World, bare, anchors) -> None:
    with pytest.raises(NotVisible):
        asked.graph.ask(IDLE, ServiceMapOf(child="hnothing"))
    said = {row["q"] for row in bare("MATCH (r:Access) RETURN r.question + ' ' + r.outcome AS q")}
    assert {"Load begun", "Load done", "Register done", "ServiceMapOf not visible"} <= said
    assert verify(asked, anchors) == []


def test_the_record_says_which_involvements_were_shown(asked: World, bare) -> None:
    [shown] = bare(
        "MATCH (r:Access {question: 'ServiceMapOf'}) WITH r ORDER BY r.id DESC LIMIT 1"
        " RETURN r.involvements AS keys, r.clearance AS clearance"
    )
    there = bare(
        "MATCH (:Child {id: $id})<-[e:INVOLVED_WITH|WORKS_WITH]-() RETURN e.record AS key ORDER BY key",
        id=bare("MATCH (r:Access) WHERE size(r.children) = 1 RETURN r.children[0] AS id LIMIT 1")[
            0
        ]["id"],
    )
    # A sensitive service's involvement is among them: that there is one was shown.
    assert len(there) > 3
    assert shown == {"keys": [row["key"] for row in there], "clearance": ["identity"]}


def test_a_past_map_too_says_which_were_shown(asked: World, bare) -> None:
    """An involvement that was corrected since is shown as it was known, and recorded."""
    then = NOW.at
    NOW.forward(days=1)
    corrected = [involvement("I1", "C1", "T1", span("2020-02-01"))]
    asked.graph.load(STEWARD, leeds(involvements=corrected), accept_drop=True)
    asked.map(known_at=then)
    [row] = bare(
        "MATCH (r:Access {question: 'ServiceMapOf'}) WHERE r.known_at IS NOT NULL"
        " RETURN size(r.involvements) AS n"
    )
    assert row["n"] > 3
