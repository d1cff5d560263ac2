"""Another key while everything is served: no ask fails, and all tokens and seals are made anew, once."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from graph import (
    Accounts,
    Anchors,
    AsWasSeen,
    BadKeyring,
    EmbeddedNeo4j,
    EpisodesOf,
    FindChild,
    Graph,
    Judgement,
    Keyring,
    KeysChanging,
    MapsSeen,
    NewUser,
    NotAllowed,
    NotVisible,
    Origin,
    PairOf,
    PossibleDuplicates,
    Replay,
    Role,
    ServiceMapOf,
    Sessions,
    Verdict,
    Viewer,
)
from graph.blocks import numbers_of, tokens_of
from graph.comparing import person_of
from signpost.demo import write_england
from signpost.demo_load import load_england
from tests.test_catalog import fill_every_property
from tests.test_commands import run
from tests.world import (
    AUDITOR,
    BROKER,
    CHIDI,
    HANDLES,
    LEEDS,
    NOW,
    NURSE,
    STEWARD,
    World,
    bradford,
    child,
    leeds,
)

ROOT = Path(__file__).parent.parent
EVERYTHING = """
MATCH (n) RETURN labels(n)[0] AS kind, properties(n) AS said
UNION ALL
MATCH ()-[edge]->() RETURN type(edge) AS kind, properties(edge) AS said
"""
TOKEN = re.compile(r"\b(?:(k\d+)\.)?([0-9a-f]{32})\b")
# What looks like a token and is not made anew: random ids, and what must be found as it was written.
KEPT = {
    "Child.id": "random",
    "Load.id": "random",
    "Introduction.id": "random",
    "Correction.id": "random",
    "Shield.id": "random",
    "Withdrawal.id": "random",
    "Keys.check": "by which a keyring is known to be this graph's",
    "Session.token": "of 256 random bits, under the newest key of its day, over with the next",
    "Session.stamp": "of 256 random bits and the user's id, over after 12 hours",
    "User.stamp": "of a user's id and role, which stand beside it in clear",
    "User.subject": "of a member of staff, who stands beside it in clear",
    # A record of access is never changed; what it says of tokens, it says under the key of its day.
    "Access.hash": "of a record that stands in clear",
    "Access.digest": "of dates and services that stand in clear",
    "Access.namesake": "under the newest key of its day",
    "Access.involvements": "under the newest key of its day",
    "Access.children": "random",
    "Access.restricted": "random",
    "Access.deferred_for": "random",
}
SEALS = ("KNOWN_AS.sealed", "Frequencies.sealed", "User.password", "User.otp")
FIRST = {"family_name": "Okafor", "given_name": "Chidi", "birth_date": date(2015, 6, 9)}


def texts(bare) -> Iterator[tuple[str, str]]:
    """Every text in the graph, with where it stands."""
    for row in bare(EVERYTHING):
        for name, value in row["said"].items():
            values = value if isinstance(value, list) else [value]
            yield from ((f"{row['kind']}.{name}", one) for one in values if isinstance(one, str))


def tokens(bare) -> dict[str, set[tuple[str, str]]]:
    """What looks like a token, by where it stands: the key whose layer it has, and the rest."""
    found: dict[str, set[tuple[str, str]]] = {}
    for where, text in texts(bare):
        for key, rest in TOKEN.findall(text):
            found.setdefault(where, set()).add((key, rest))
    return found


def stamps(bare, keyring: Keyring) -> Counter[tuple[str, str]]:
    """The same without layers, each as often as it stands there; nothing of asks, which go on."""
    return Counter(
        (where, keyring.bare(text))
        for where, text in texts(bare)
        if TOKEN.fullmatch(text) and not where.startswith(("Access", "Load"))
    )


def live(bare) -> list[str]:
    [row] = bare("MATCH (keys:Keys) RETURN keys.live AS live")
    return row["live"]


def other(graph: Graph, server: EmbeddedNeo4j) -> Graph:
    """The same graph in another process, which has read the keyring as it is now."""
    assert graph.keyring.file
    ring = Keyring.read(graph.keyring.file)
    return Graph(server.connection(), ring, BROKER, clock=lambda: NOW.at)


@pytest.fixture
def rotated(rotating: Graph) -> World:
    """The small world on a graph whose key may be changed, and a pair for a steward."""
    world = World.loaded(rotating)
    twice = child("78", family_name="Okafor", birth_date="2015-06-09", postcode="LS1 4AP")
    rotating.load(STEWARD, bradford(children=[twice], involvements=[], full=False))
    return world


def answers(world: World, handle: str, pair: str) -> list[Any]:
    """What is asked in every way, without handles, which differ each time."""

    def bare(model: Any) -> dict[str, Any]:
        return model.model_dump(mode="json", exclude={**HANDLES, "known_at": True})

    ask = world.graph.ask
    found = [ask(NURSE, question) for question in (FindChild(nhs_number=CHIDI), FindChild(**FIRST))]
    pairs = ask(STEWARD, PossibleDuplicates()).pairs
    return [
        [(one.outcome, [bare(c) for c in one.children]) for one in found],
        bare(ask(NURSE, ServiceMapOf(child=handle))),
        bare(ask(NURSE, ServiceMapOf(child=found[0].children[0].handle))),
        [bare(one) for one in pairs],
        [bare(ask(STEWARD, PairOf(pair=one))) for one in (pair, *(one.handle for one in pairs))],
        ask(STEWARD, EpisodesOf(source="leeds-social-care")).model_dump(mode="json"),
    ]


def test_answers_are_as_before_and_handles_of_that_day_open(rotated: World, bare, server) -> None:
    graph, handle = rotated.graph, rotated.handle()
    pair = graph.ask(STEWARD, PossibleDuplicates()).pairs[0].handle
    before = answers(rotated, handle, pair)
    elsewhere = World(other(graph, server))
    assert answers(elsewhere, handle, pair) == before
    done = graph.rotate(STEWARD, wait=0)
    assert (done.key, done.resumed, live(bare)) == ("k2", False, ["k2"])
    assert answers(rotated, handle, pair) == before
    assert answers(elsewhere, handle, pair) == before
    for batch in (leeds(), bradford(full=False)):
        report = elsewhere.graph.load(STEWARD, batch)
        assert (report.new, report.changed, report.ended, report.unchanged) == (
            0,
            0,
            0,
            report.read,
        )
    graph.judge(STEWARD, Judgement(pair=pair, verdict=Verdict.DIFFERENT))
    assert graph.ask(STEWARD, PossibleDuplicates()).pairs == []
    assert graph.rotate(STEWARD, wait=0).key == "k3"
    anew = {**HANDLES, "known_at": True}
    assert rotated.map(viewer=NURSE).model_dump(exclude=anew) == (
        elsewhere.map(viewer=NURSE).model_dump(exclude=anew)
    )
    elsewhere.graph.close()


def test_a_handle_of_an_older_key_opens_on_that_day_only(rotated: World) -> None:
    ring, day = rotated.graph.keyring, NOW.at.date()
    [inside, *_] = ring.in_handle(rotated.handle(), NURSE.id, day) or [""]
    old = Keyring({"k1": ring.keys["k1"]})

    def made_by_the_old_key() -> str:
        said = (NURSE.purpose.value if NURSE.purpose else "", "", "ED-1042", NOW.at.isoformat())
        return old.handle(inside, NURSE.id, NOW.at.date(), *said)

    rotated.graph.rotate(STEWARD, wait=0)
    rotated.graph.ask(NURSE, ServiceMapOf(child=made_by_the_old_key()))
    NOW.forward(days=1)
    with pytest.raises(NotVisible):
        rotated.graph.ask(NURSE, ServiceMapOf(child=made_by_the_old_key()))
    rotated.graph.ask(NURSE, ServiceMapOf(child=rotated.handle()))


def hold_all_made_anew(bare, keyring: Keyring, work: Callable[[], Any]) -> None:
    """Nothing that looks like a token is as it was, but what is named; and nothing was lost or doubled."""
    before, were = tokens(bare), stamps(bare, keyring)
    work()
    after = tokens(bare)
    assert set(before) == set(after)
    bare_now = {where for where, found in after.items() if any(not key for key, _ in found)}
    assert bare_now <= set(KEPT)
    for where in set(after) - set(KEPT):
        assert {key for key, _ in after[where]} == {keyring.current}, where
        assert not {rest for _, rest in before[where]} & {rest for _, rest in after[where]}, where
    assert stamps(bare, keyring) == were
    seals = {text.partition(".")[0] for where, text in texts(bare) if where in SEALS}
    assert seals == {keyring.current}


def test_no_token_is_forgotten_and_records_still_hold(
    rotating: Graph, bare, tmp_path: Path
) -> None:
    world = World.loaded(rotating)
    world.map()
    fill_every_property(world)
    anchors = Anchors(str(tmp_path / "anchors"), tmp_path / "anchor")
    rotating.anchor(anchors)
    hold_all_made_anew(bare, rotating.keyring, lambda: rotating.rotate(STEWARD, wait=0))
    hold_all_made_anew(bare, rotating.keyring, lambda: rotating.rotate(STEWARD, wait=0))
    assert set(tokens(bare)) >= set(KEPT)
    assert rotating.verify(AUDITOR, anchors).damage == []


def test_a_replay_of_before_is_equal_after(rotated: World) -> None:
    rotated.map()
    rotated.graph.rotate(STEWARD, wait=0)
    NOW.forward(minutes=1)
    [look] = rotated.graph.ask(AUDITOR, MapsSeen(user=NURSE.id, day=NOW.at.date())).maps
    seen = rotated.graph.ask(AUDITOR, AsWasSeen(look=look.handle))
    assert (seen.replay, seen.gone, seen.more) == (Replay.EQUAL, 0, 0)
    assert seen.map
    assert seen.map.involvements


def test_a_small_england_is_made_anew_whole(
    rotating: Graph, bare, tmp_path: Path, monkeypatch
) -> None:
    write_england(tmp_path / "england", children=60, seed=5)
    NOW.at = datetime.now(UTC)  # its extracts are of today
    load_england(rotating, tmp_path / "england", lambda *_: None)
    monkeypatch.setattr("graph.rotation.NODES", 7)
    monkeypatch.setattr("graph.rotation.BLOCKS", 50)
    hold_all_made_anew(bare, rotating.keyring, lambda: rotating.rotate(STEWARD, wait=0))


def test_the_old_keyring_tells_nothing_of_the_new_graph(rotated: World, bare) -> None:
    rotated.map()
    rotated.graph.rotate(STEWARD, wait=0)
    ring = rotated.graph.keyring
    old = Keyring({"k1": ring.keys["k1"]})
    sealed = bare("MATCH ()-[k:KNOWN_AS]->(c) RETURN k.sealed AS sealed, c.id AS child")
    for row in sealed:
        with pytest.raises(BadKeyring, match="has no key k2"):
            old.open(row["sealed"], row["child"])
    guesses = {old.stamp("child", "leeds-social-care", "C1")}
    for row in sealed:
        person = person_of(ring.open(row["sealed"], row["child"]))
        guesses |= {*numbers_of(person, old.stamp).values()}
        guesses |= set().union(*tokens_of(person, old.stamp).values())
    assert len(guesses) > 10
    whole = str(list(texts(bare)))
    assert [guess for guess in guesses if guess in whole] == []
    record = old.stamp("record", "leeds-social-care", "csv", "involvements", "I1")
    assert {where for where, text in texts(bare) if record in text} == {"Access.involvements"}


def ask_on(graph: Graph, handle: str, over: Callable[[], bool]) -> int:
    """Ask for Chidi in three ways until it is over; each must find the child and show the map."""
    for asked in count(1):
        ended = over()
        for question in (FindChild(nhs_number=CHIDI), FindChild(**FIRST)):
            found = graph.ask(NURSE, question)
            assert found.children, (asked, question.asked())
            assert graph.ask(NURSE, ServiceMapOf(child=found.children[0].handle)).involvements
        assert graph.ask(NURSE, ServiceMapOf(child=handle)).involvements
        if ended:
            return asked
    raise AssertionError


def test_whoever_asks_meanwhile_is_answered(rotated: World, server, bare, monkeypatch) -> None:
    monkeypatch.setattr("graph.rotation.NODES", 1)
    monkeypatch.setattr("graph.rotation.BLOCKS", 1)
    handle = rotated.handle()
    others = [other(rotated.graph, server) for _ in range(3)]
    two: list[int] = []

    def seen(what: str, done: int, total: int) -> None:
        two.append(len(live(bare)))
        time.sleep(0.05)

    with ThreadPoolExecutor(4) as threads:
        rotation = threads.submit(rotated.graph.rotate, STEWARD, seen, 1.0)
        asked = [threads.submit(ask_on, one, handle, rotation.done) for one in others]
        assert rotation.result().key == "k2"
        assert all(one.result() > 1 for one in asked)
    assert (set(two), len(two) > 20) == ({2}, True)
    for one in others:
        assert one.keyring.current == "k2"
        one.close()


class Stopped(BaseException):
    """The process ends here."""


def test_stopped_anywhere_it_is_run_again_and_turns_nothing_twice(
    rotated: World, server, bare, monkeypatch
) -> None:
    monkeypatch.setattr("graph.rotation.NODES", 1)
    monkeypatch.setattr("graph.rotation.BLOCKS", 3)
    were, handle = stamps(bare, rotated.graph.keyring), rotated.handle()
    stops = 0
    for point in count():
        run_on, steps = other(rotated.graph, server), count()

        def stop(what: str, done: int, total: int, at: int = point, steps=steps) -> None:
            if next(steps) == at:
                raise Stopped

        try:
            done = run_on.rotate(STEWARD, stop, wait=0)
            break
        except Stopped:
            stops += 1
            assert live(bare) == ["k1", "k2"]
            assert rotated.graph.ask(NURSE, ServiceMapOf(child=handle)).involvements
            assert rotated.handle()
        finally:
            run_on.close()
    assert (done.key, done.resumed, live(bare)) == ("k2", True, ["k2"])
    assert stops > 10
    assert stamps(bare, rotated.graph.keyring) == were
    assert {
        key for where, found in tokens(bare).items() if where not in KEPT for key, _ in found
    } == {"k2"}


ROTATE = """
import sys
from pathlib import Path
import graph.rotation
from graph import Connection, Graph, Keyring, Role, Viewer
steward = Viewer(id="sam.steward", role=Role.STEWARD)
uri, user, password, keys = sys.argv[1:]
graph.rotation.NODES = graph.rotation.BLOCKS = 1
door = Graph(Connection(uri, user, password, "neo4j"), Keyring.read(Path(keys)), "01632 960999")
door.rotate(steward, lambda what, done, total: print(what, flush=True), wait=0.2)
print("done", flush=True)
"""


def test_it_leaves_its_record_and_only_a_steward_may(rotated: World, bare) -> None:
    with pytest.raises(NotAllowed):
        rotated.graph.rotate(NURSE, wait=0)
    assert live(bare) == ["k1"]
    rotated.graph.rotate(STEWARD, wait=0)
    rows = bare(
        "MATCH (a:Access {question: 'Rotate'}) RETURN a.user AS user, a.outcome AS outcome, a.key AS key"
    )
    assert sorted((row["outcome"], row["user"], row["key"]) for row in rows) == [
        ("begun", STEWARD.id, None),
        ("done", STEWARD.id, "k2"),
        ("not allowed", NURSE.id, None),
    ]


def test_kill_nine_while_it_runs(rotated: World, server: EmbeddedNeo4j, bare) -> None:
    were, made = stamps(bare, rotated.graph.keyring), server.connection()
    words = [made.uri, made.user, made.password, str(rotated.graph.keyring.file)]
    for lines in (1, 6, 19):
        with subprocess.Popen(
            [sys.executable, "-c", ROTATE, *words], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            assert process.stdout
            said = [process.stdout.readline() for _ in range(lines)]
            process.kill()
        assert said[-1].strip() in ("waiting for questions", "making tokens anew")
        assert live(bare) == ["k1", "k2"]
        assert rotated.handle()
    done = rotated.graph.rotate(STEWARD, wait=0)
    assert (done.key, done.resumed, live(bare)) == ("k2", True, ["k2"])
    assert list(rotated.graph.keyring.keys) == ["k1", "k2"]
    assert stamps(bare, rotated.graph.keyring) == were


def test_nobody_writes_tokens_meanwhile(rotated: World, bare) -> None:
    graph = rotated.graph
    [pair] = graph.ask(STEWARD, PossibleDuplicates()).pairs

    def tried(what: str, done: int, total: int) -> None:
        for refused in (
            lambda: graph.load(STEWARD, leeds()),
            lambda: graph.judge(STEWARD, Judgement(pair=pair.handle, verdict=Verdict.SAME)),
            lambda: graph.match(STEWARD),
            lambda: graph.retain(STEWARD),
        ):
            with pytest.raises(KeysChanging, match="signpost keys rotate"):
                refused()
        raise Stopped

    were = bare("MATCH (n) WHERE NOT n:Access RETURN count(n) AS n")
    with pytest.raises(Stopped):
        graph.rotate(STEWARD, tried, wait=1)
    graph.rotate(STEWARD, wait=0)
    assert bare("MATCH (n) WHERE NOT n:Access RETURN count(n) AS n") == were
    graph.judge(STEWARD, Judgement(pair=pair.handle, verdict=Verdict.SAME))


def test_a_load_under_way_is_not_disturbed(rotated: World, bare, server) -> None:
    elsewhere, refused = other(rotated.graph, server), []

    def during(what: str, done: int, total: int) -> None:
        if what not in ("children", "edges"):
            return
        with pytest.raises(KeysChanging, match="under way"):
            elsewhere.rotate(STEWARD, wait=0)
        refused.append(what)

    more = child("C9", family_name="Later", given_name="Ada", birth_date="2016-01-02")
    batch = leeds(children=[*leeds().children, more])
    assert rotated.graph.load(STEWARD, batch, progress=during).new == 1
    assert refused
    assert (live(bare), list(Keyring.read(elsewhere.keyring.file).keys)) == (["k1"], ["k1"])
    assert elsewhere.rotate(STEWARD, wait=0).key == "k2"
    elsewhere.close()


def test_a_load_that_slept_through_a_change_stops_and_is_loaded_again(
    rotated: World, bare, server
) -> None:
    elsewhere = other(rotated.graph, server)

    def sleep(what: str, done: int, total: int) -> None:
        if live(bare) == ["k1"]:
            NOW.forward(minutes=16)
            elsewhere.rotate(STEWARD, wait=0)

    more = child("C9", family_name="Later", given_name="Ada", birth_date="2016-01-02")
    batch = leeds(children=[*leeds().children, more])
    with pytest.raises(KeysChanging, match="changed while this load ran"):
        rotated.graph.load(STEWARD, batch, progress=sleep)
    report = rotated.graph.load(STEWARD, batch)
    assert (report.new, report.changed, report.unchanged) == (0, 0, report.read)
    children = (
        "MATCH (s:Source)-[k:KNOWN_AS]->() WHERE k.key IS NOT NULL RETURN s.id AS s, count(k) AS n"
    )
    assert {row["s"]: row["n"] for row in bare(children)} == {
        "leeds-social-care": 3,
        "bradford-health": 2,
    }
    elsewhere.close()


def test_a_graph_of_an_earlier_version_is_brought_to_the_newest_key(rotated: World, bare) -> None:
    """There a new key sealed, and tokens stayed with the oldest one, which no graph said."""
    graph = rotated.graph
    assert graph.keyring.file
    graph.keyring.add()
    bare("MATCH (keys:Keys) REMOVE keys.live, keys.since")
    done = Graph(graph._connection, Keyring.read(graph.keyring.file), BROKER, lambda: NOW.at)
    assert done.rotate(STEWARD, wait=0)[:1] == ("k2",)
    assert (live(bare), list(done.keyring.keys)) == (["k2"], ["k1", "k2"])
    assert rotated.handle()
    done.close()


def test_whoever_was_made_by_a_process_that_missed_it_is_of_the_new_key(
    rotating: Graph, bare, server
) -> None:
    elsewhere = other(rotating, server)
    nadia = NewUser(id="nadia.one", name="Nadia", role=Role.LEAD, authority=LEEDS)
    rotating.rotate(STEWARD, wait=0)
    assert elsewhere.keyring.current == "k1"
    Accounts(elsewhere).add(STEWARD, nadia, "tractor lemon quiet harbour")
    [row] = bare("MATCH (u:User) RETURN [u.password, u.otp] + u.recovery AS secrets")
    assert {text.partition(".")[0] for text in row["secrets"]} == {"k2"}
    elsewhere.close()


def test_sessions_are_over_and_who_has_the_old_keyring_makes_none(
    rotating: Graph, bare, server
) -> None:
    """Even where they can write to the database; in a process that has not met the new key yet, too."""
    nadia = NewUser(id="nadia.one", name="Nadia", role=Role.LEAD, authority=LEEDS)
    elsewhere = other(rotating, server)
    here, there = Sessions(rotating), Sessions(elsewhere)
    held = here.bring(nadia, Origin.ORGANISATION, "idp|17")
    assert here.signed_in(held)
    assert there.signed_in(held)
    old = Keyring(dict(rotating.keyring.keys))
    rotating.rotate(STEWARD, wait=0)
    assert elsewhere.keyring.current == "k1"
    for ring, opens in ((old, False), (rotating.keyring, True)):
        stamp = ring.stamp("session", "made elsewhere")
        bare(
            "MATCH (u:User {id: 'nadia.one'}) CREATE (:Session {token: $token, stamp: $stamp,"
            " began_at: $now, seen_at: $now, proved_at: $now})-[:SESSION_OF]->(u)",
            token=ring.turned(stamp, ring.current),
            stamp=ring.stamp("session of", "made elsewhere", "nadia.one"),
            now=NOW.at,
        )
        assert bool(there.signed_in("made elsewhere")) == opens
        assert bool(here.signed_in("made elsewhere")) == opens
    assert (here.signed_in(held), there.signed_in(held)) == (None, None)
    held = there.bring(nadia, Origin.ORGANISATION, "idp|17")
    assert here.signed_in(held)
    here.sign_out(held)
    assert there.signed_in(held) is None
    elsewhere.close()


def test_a_new_graph_begins_with_the_newest_key(rotating: Graph, bare, server) -> None:
    rotating.keyring.add()
    bare("MATCH (keys:Keys) DELETE keys")
    fresh = other(rotating, server)
    assert World.loaded(fresh).map().involvements
    assert live(bare) == ["k2"]
    assert {key for key, _ in tokens(bare)["KNOWN_AS.nhs_token"]} == {"k2"}
    fresh.close()


def test_a_process_without_the_new_key_says_so(rotated: World, server, tmp_path: Path) -> None:
    rotated.graph.keyring.write(tmp_path / "copy.json")
    ring = Keyring.read(tmp_path / "copy.json")
    stale = Graph(server.connection(), ring, BROKER, clock=lambda: NOW.at)
    question = FindChild(nhs_number=CHIDI)
    assert stale.ask(NURSE, question).children
    rotated.graph.rotate(STEWARD, wait=0)
    with pytest.raises(BadKeyring, match="The keyring has no key k2"):
        stale.ask(NURSE, question)
    rotated.graph.keyring.write(tmp_path / "copy.json")
    assert stale.ask(NURSE, question).children
    stale.close()


def test_the_command_changes_the_key_and_goes_on_with_a_change(
    rotated: World, server, bare, home: Path, monkeypatch
) -> None:
    made, password = server.connection(), home / "own"
    home.mkdir(parents=True)
    password.write_text(made.password)
    password.chmod(0o600)
    for name, value in {
        "SIGNPOST_NEO4J_URI": made.uri,
        "SIGNPOST_NEO4J_USER": made.user,
        "SIGNPOST_NEO4J_PASSWORD_FILE": password,
        "SIGNPOST_KEYRING_FILE": rotated.graph.keyring.file,
    }.items():
        monkeypatch.setenv(name, str(value))
    said = run("keys", "rotate", "--wait", "0")
    assert "seals anew under k2." in said
    assert "Went on" not in said
    bare("MATCH (keys:Keys) SET keys.live = ['k1', 'k2']")
    assert "Went on with the change to k2 that was begun" in run("keys", "rotate", "--wait", "0")
    assert rotated.handle(viewer=Viewer(**NURSE.model_dump()))
