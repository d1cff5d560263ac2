"""A backup holds the data and the anchors and no key, opens for its recipient only, and comes back whole."""

import io
import json
import os
import signal
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pyrage
import pytest

from graph import (
    Anchors,
    BadInput,
    BadKeyring,
    BadServer,
    BadSetting,
    EmbeddedNeo4j,
    FindChild,
    Graph,
    Keyring,
    ServiceMap,
    SignpostError,
    back_up,
    private_files,
    recipients,
    restore,
    swap,
)
from graph.backup import PARTS
from graph.store import Store
from tests.conftest import free_port
from tests.test_commands import run
from tests.test_compaction import kill_at, needles
from tests.world import AUDITOR, BROKER, CHIDI, HANDLES, NOW, NURSE, World

MEMORY = "512m"
KILLED = """
import sys
from pathlib import Path
from graph import EmbeddedNeo4j, back_up
home, port, place, recipient, file = sys.argv[1:]
def progress(what, done, total):
    print(what, flush=True)
back_up(EmbeddedNeo4j(Path(home), int(port), "512m"), place, recipient, Path(file), progress)
"""


@dataclass
class Machine:
    """A home of its own, its keys, and where its anchors go."""

    server: EmbeddedNeo4j
    anchors: Path
    keyring: Keyring
    anchor_key: Path

    @contextmanager
    def graph(self) -> Iterator[Graph]:
        """The graph of its database, which runs meanwhile."""
        self.server.start()
        try:
            with closing(self._opened()) as graph:
                graph.set_up()  # as every command does
                warm(graph)
                yield graph
        finally:
            self.server.stop()

    def _opened(self) -> Graph:
        return Graph(self.server.connection(), self.keyring, BROKER, clock=lambda: NOW.at)

    def anchor(self, graph: Graph) -> None:
        """Take an anchor."""
        assert graph.anchor(Anchors(str(self.anchors), self.anchor_key))

    def verify(self, graph: Graph) -> list[tuple[str, str]]:
        """What is not as it was written."""
        found = graph.verify(AUDITOR, Anchors(str(self.anchors), self.anchor_key))
        assert found.records > 5
        return [tuple(one) for one in found.damage]

    def beside(self, folder: Path) -> "Machine":
        """An empty machine to which the keys were brought, and no anchor."""
        made = EmbeddedNeo4j(folder / "home", free_port(), MEMORY)
        return Machine(made, folder / "anchors", self.keyring, self.anchor_key)

    def restored(self, backup: Path, key: Path) -> Any:
        """Restore a backup here."""
        return restore(self.server, str(self.anchors), key, backup, silent)


@dataclass
class Backups:
    """A machine, an older and a newer backup of it, and what it held and answered before the newer one."""

    machine: Machine
    recipient: str
    key: Path
    older: Path
    newer: Path
    said: str
    sealed: str
    answers: tuple[Any, ...]

    def plain(self) -> bytes:
        """The newer backup, decrypted."""
        key = pyrage.x25519.Identity.from_str(self.key.read_text().splitlines()[1])
        return pyrage.decrypt(self.newer.read_bytes(), [key])


def warm(graph: Graph) -> None:
    """Ask until there is time to answer: a server that has just begun plans each query, at times slowly."""
    for _ in range(10):
        with suppress(SignpostError):
            if graph.ask(NURSE, FindChild(nhs_number=CHIDI)).children:
                World(graph).map()
            return


def silent(what: str, done: int, total: int) -> None:
    """No progress."""


def answers(graph: Graph) -> tuple[Any, ...]:
    """A map and a search, without what is made anew for each: the handle."""
    world = World(graph)
    found, seen = graph.ask(NURSE, FindChild(nhs_number=CHIDI)), world.map()
    assert isinstance(seen, ServiceMap)
    assert len(seen.involvements) == 3
    return (
        seen.model_dump(exclude=HANDLES),
        found.model_dump(exclude={"children": {"__all__": {"handle"}}}),
    )


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> Backups:
    """The small world, asked and anchored, backed up, asked and anchored again, and backed up."""
    folder = tmp_path_factory.mktemp("machine")
    NOW.reset()
    key, home = folder / "backup.key", folder / "home"
    recipient = recipients.create(key)
    (home / "keys").mkdir(parents=True)
    keyring = Keyring.new()
    keyring.write(home / "keys" / "keyring.json")
    private_files.write(home / "keys" / "session", "session-key-of-this-machine")
    server = EmbeddedNeo4j(home, free_port(), MEMORY)
    machine = Machine(server, home / "anchors", keyring, home / "keys" / "anchor")
    older, newer = folder / "older.age", folder / "newer.age"
    with machine.graph() as graph:
        World.loaded(graph).map()
        machine.anchor(graph)
    back_up(server, str(machine.anchors), recipient, older, silent)
    with machine.graph() as graph:
        NOW.forward(minutes=5)
        answered = answers(graph)
        machine.anchor(graph)
        with closing(Store(server.connection())) as store:
            [known] = store.bare("MATCH ()-[k:KNOWN_AS]->() RETURN k.sealed AS sealed LIMIT 1")
    with settings_of(machine, recipient):
        said = run("backup", str(newer))
    return Backups(machine, recipient, key, older, newer, said, known["sealed"], answered)


@contextmanager
def settings_of(machine: Machine, recipient: str = "") -> Iterator[pytest.MonkeyPatch]:
    """Commands are of this machine."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SIGNPOST_HOME", str(machine.server.home))
        environment.setenv("SIGNPOST_DB_PORT", str(machine.server.port))
        environment.setenv("SIGNPOST_DB_MEMORY", MEMORY)
        environment.setenv("SIGNPOST_ANCHORS", str(machine.anchors))
        environment.setenv("SIGNPOST_BACKUP_RECIPIENT", recipient)
        yield environment


def contents(folder: Path) -> dict[str, bytes]:
    """Every file under a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def untouched(machine: Machine) -> bool:
    """Whether a home has no data and nothing half made, and no anchor came to its place."""
    names = ("data", swap.NEW, swap.OLD, swap.WORK)
    left = [name for name in names if (machine.server.folder / name).exists()]
    return not left and not contents(machine.anchors)


# -- and back --------------------------------------------------------------------------------------


def test_on_an_empty_machine_all_is_as_it_was(backups: Backups, tmp_path: Path) -> None:
    empty = backups.machine.beside(tmp_path)
    with settings_of(empty):
        said = run("restore", str(backups.newer), "--key", str(backups.key))
        assert "Anchors brought back" in said
        assert "Newer than the backup" not in said
        assert str(empty.server.home / "keys" / "keyring.json") in said.replace("\n", "")
        with pytest.raises(BadKeyring, match="keyring"):
            run("find", "--stdin", "--because", "missing child", stdin=f"nhs_number={CHIDI}\n")
    assert contents(empty.anchors) == contents(backups.machine.anchors)
    with empty.graph() as graph:
        assert answers(graph) == backups.answers
        assert empty.verify(graph) == []


def test_an_older_backup_beside_newer_anchors_is_a_cut_off_tail(
    backups: Backups, tmp_path: Path
) -> None:
    machine = backups.machine.beside(tmp_path)
    copytree(backups.machine.anchors, machine.anchors)
    (machine.anchors / "0000000001.json").unlink()
    with settings_of(machine):
        said = run("restore", str(backups.older), "--key", str(backups.key))
    assert "Anchors brought back to" in said
    assert "Newer than the backup: 1." in said
    assert contents(machine.anchors) == contents(backups.machine.anchors)
    with machine.graph() as graph:
        sentences = [sentence for _, sentence in machine.verify(graph)]
    assert sentences
    assert all(sentence.startswith("is missing, and ") for sentence in sentences)


def test_an_anchor_that_says_something_else_stays_and_is_told(
    backups: Backups, tmp_path: Path
) -> None:
    machine = backups.machine.beside(tmp_path)
    machine.anchors.mkdir()
    (machine.anchors / "0000000001.json").write_text("another")
    done = machine.restored(backups.newer, backups.key)
    assert (done.brought, done.unlike, done.newer) == (1, ["0000000001.json"], 0)
    assert (machine.anchors / "0000000001.json").read_text() == "another"


# -- what is in it ---------------------------------------------------------------------------------


def test_it_holds_the_parts_that_it_says_and_nothing_of_anybody(backups: Backups) -> None:
    with tarfile.open(fileobj=io.BytesIO(backups.plain())) as parts:
        assert parts.getnames() == list(PARTS)
        first = parts.extractfile(PARTS[0])
        assert first
        manifest = json.load(first)
    assert set(manifest) == {"format", "at", "neo4j", "anchor", "store", "parts"}
    assert manifest["anchor"] == "0000000002.json"


def test_no_key_is_in_it(backups: Backups, tmp_path: Path) -> None:
    """Sought in the backup, and in the files of a store made from it, which are not packed."""
    machine = backups.machine.beside(tmp_path)
    machine.restored(backups.newer, backups.key)
    keys = contents(backups.machine.server.home / "keys")
    assert set(keys) == {"keyring.json", "anchor", "neo4j", "session"}
    secrets = [line for held in keys.values() for line in held.splitlines() if len(line) > 20]
    secrets += [raw for raw in backups.machine.keyring.keys.values()]
    assert len(secrets) >= 5
    places = {"backup": backups.plain(), **contents(machine.server.home)}
    assert any(one in held for one in needles(backups.sealed) for held in places.values())
    assert [name for name, held in places.items() if any(one in held for one in secrets)] == []


def test_nobody_but_its_recipient_reads_a_byte_of_it(backups: Backups) -> None:
    plain, sealed = backups.plain(), backups.newer.read_bytes()
    pieces = [plain[at : at + 12] for at in range(0, len(plain) - 12, 499)]
    pieces = [piece for piece in pieces if len(set(piece)) > 6]
    assert len(pieces) > 100
    assert not any(piece in sealed for piece in pieces)
    assert sealed.startswith(b"age-encryption.org/v1\n")


def test_it_is_for_its_owner_only_and_its_command_says_that_keys_are_apart(
    backups: Backups,
) -> None:
    assert backups.newer.stat().st_mode & 0o777 == 0o600
    assert backups.key.stat().st_mode & 0o777 == 0o600
    said = " ".join(backups.said.split())
    assert "No key is in it." in said
    assert "keyring.json" in said
    assert not (backups.machine.server.folder / swap.WORK).exists()


# -- refused, and nothing changed ------------------------------------------------------------------


def cut(at: float) -> Any:
    return lambda sealed: sealed[: int(len(sealed) * at)]


def flipped(at: float) -> Any:
    def flip(sealed: bytes) -> bytes:
        place = int(len(sealed) * at)
        return sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    return flip


SPOILT = {
    "cut in its beginning": (cut(0.0001), "changed or cut"),
    "cut in the middle": (cut(0.5), "changed or cut"),
    "cut by a byte": (lambda sealed: sealed[:-1], "changed or cut"),
    "with more behind it": (lambda sealed: sealed + b"x", "changed or cut"),
    "changed in its first line": (lambda sealed: b"b" + sealed[1:], "not a backup"),
    "changed in the middle": (flipped(0.5), "changed or cut"),
    "changed at the end": (flipped(0.999999), "changed or cut"),
    "empty": (lambda sealed: b"", "changed or cut"),
    "something else": (lambda sealed: b"PK\x03\x04" * 999, "not a backup"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_is_not_whole_is_refused(backups: Backups, tmp_path: Path, how: str) -> None:
    spoil, said = SPOILT[how]
    file, machine = tmp_path / "spoilt.age", backups.machine.beside(tmp_path)
    file.write_bytes(spoil(backups.newer.read_bytes()))
    with pytest.raises(BadInput, match=said):
        machine.restored(file, backups.key)
    assert untouched(machine)


def sealed(backups: Backups, parts: dict[str, bytes]) -> bytes:
    """Parts that anybody made who knows the recipient."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name, content in parts.items():
            head = tarfile.TarInfo(name)
            head.size = len(content)
            tar.addfile(head, io.BytesIO(content))
    to = pyrage.x25519.Recipient.from_str(backups.recipient)
    return pyrage.encrypt(made.getvalue(), [to])


def test_parts_that_are_not_those_of_a_backup_are_refused(backups: Backups, tmp_path: Path) -> None:
    file, machine = tmp_path / "made.age", backups.machine.beside(tmp_path)
    with tarfile.open(fileobj=io.BytesIO(backups.plain())) as tar:
        parts = {name: held.read() for name in PARTS if (held := tar.extractfile(name))}
    manifest, dump, anchors = PARTS
    newer = parts[manifest].replace(b'"format":1', b'"format":2')
    assert newer != parts[manifest]
    for made in (
        {"letter.txt": b"Dear all"},
        {manifest: parts[manifest]},
        {**parts, manifest: newer},
        {**parts, manifest: b"[]"},
        {**parts, dump: parts[dump] + b"x"},
        {**parts, anchors: parts[anchors][:-30]},
        {anchors: parts[anchors], manifest: parts[manifest], dump: parts[dump]},
    ):
        file.write_bytes(sealed(backups, made))
        with pytest.raises(BadInput, match="backup"):
            machine.restored(file, backups.key)
        assert untouched(machine)
    file.write_bytes(pyrage.encrypt(b"no tar", [recipients.recipient(backups.recipient)]))
    with pytest.raises(BadInput, match="not a backup"):
        machine.restored(file, backups.key)
    assert untouched(machine)


def test_another_key_or_none_is_refused(backups: Backups, tmp_path: Path) -> None:
    machine, other = backups.machine.beside(tmp_path), tmp_path / "other.key"
    recipients.create(other)
    with pytest.raises(BadInput, match="not made for this key"):
        machine.restored(backups.newer, other)
    other.chmod(0o644)
    for key, said in (
        (other, "chmod 600"),
        (tmp_path / "nowhere", "cannot be read"),
        (backups.machine.anchor_key, "not a key that opens backups"),
    ):
        with pytest.raises(BadKeyring, match=said):
            machine.restored(backups.newer, key)
    assert untouched(machine)


def test_a_home_that_is_not_empty_stays_as_it_is(backups: Backups) -> None:
    machine = backups.machine
    before = contents(machine.server.folder / "data")
    with pytest.raises(BadServer, match="signpost db reset"):
        machine.restored(backups.older, backups.key)
    assert contents(machine.server.folder / "data") == before


def test_while_the_server_runs_it_is_neither_backed_up_nor_restored(
    backups: Backups, tmp_path: Path
) -> None:
    file = tmp_path / "running.age"
    with backups.machine.graph(), settings_of(backups.machine, backups.recipient):
        with pytest.raises(BadServer, match="signpost db stop"):
            run("backup", str(file))
        with pytest.raises(BadServer, match="signpost db stop"):
            run("restore", str(backups.newer), "--key", str(backups.key))
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_never_written_over_and_one_that_fails_leaves_nothing(
    backups: Backups, tmp_path: Path
) -> None:
    before, server = backups.newer.read_bytes(), backups.machine.server
    place = str(backups.machine.anchors)
    with pytest.raises(BadInput, match="never written over"):
        back_up(server, place, backups.recipient, backups.newer, silent)
    assert backups.newer.read_bytes() == before
    with pytest.raises(BadServer, match="cannot be written"):
        back_up(server, place, backups.recipient, tmp_path / "no" / "folder.age", silent)

    def stopped(what: str, done: int, total: int) -> None:
        if what == "Encrypting":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(server, place, backups.recipient, tmp_path / "stopped.age", stopped)
    assert list(tmp_path.iterdir()) == []
    assert not (server.folder / swap.WORK).exists()


def test_killed_while_it_dumps_the_machine_goes_on_as_it_was(
    backups: Backups, tmp_path: Path
) -> None:
    machine, file = backups.machine, tmp_path / "killed.age"
    words = [str(machine.server.home), str(machine.server.port), str(machine.anchors)]
    kill_at("Dumping the database", KILLED, *words, backups.recipient, str(file))
    until = time.monotonic() + 60
    while machine.server.status().running and time.monotonic() < until:
        time.sleep(0.1)  # the tool ends with who started it
    with machine.graph() as graph:
        assert machine.verify(graph) == []
    assert list(tmp_path.iterdir()) == []
    assert not (machine.server.folder / swap.WORK).exists()


def test_after_a_crash_it_says_what_to_do_and_then_can_be(backups: Backups, tmp_path: Path) -> None:
    machine, file = backups.machine, tmp_path / "crashed.age"
    said = (machine.server, str(machine.anchors), backups.recipient, file, silent)
    with machine.graph() as graph:
        answers(graph)
        pid = machine.server.status().pid
        assert pid
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(BadServer, match="signpost db start"):
        back_up(*said)
    assert not file.exists()
    machine.server.start()
    machine.server.stop()
    assert back_up(*said).anchor == "0000000002.json"


def test_what_cannot_be_is_said_before_anything_begins(backups: Backups, tmp_path: Path) -> None:
    secret = backups.key.read_text().splitlines()[1]
    for said in ("", "age1nothing", secret):
        with (
            settings_of(backups.machine, said),
            pytest.raises(BadSetting, match="SIGNPOST_BACKUP_RECIPIENT") as caught,
        ):
            run("backup", str(tmp_path / "no.age"))
        assert secret not in str(caught.value)
    with settings_of(backups.machine, backups.recipient) as environment:
        environment.setenv("SIGNPOST_NEO4J_URI", "bolt://127.0.0.1:1")
        with pytest.raises(BadSetting, match="its own backup"):
            run("backup", str(tmp_path / "no.age"))
        with pytest.raises(BadSetting, match="its own backup"):
            run("restore", str(backups.newer), "--key", str(backups.key))
    empty = backups.machine.beside(tmp_path / "empty")
    with pytest.raises(BadServer, match="no database"):
        back_up(empty.server, str(empty.anchors), backups.recipient, tmp_path / "no.age", silent)
    assert not (tmp_path / "no.age").exists()
