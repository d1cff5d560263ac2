"""The embedded Neo4j, on real servers; its downloads, from a registry of one page on this machine."""

import hashlib
import http.server
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import neo4j
import psutil
import pytest

from graph import jars, machine
from graph.embedded import Connection, EmbeddedNeo4j
from graph.errors import BadServer, BadSetting
from graph.jars import Jar
from tests.conftest import free_port

START = """
import sys, time
from pathlib import Path
from graph.embedded import EmbeddedNeo4j
embedded = EmbeddedNeo4j(Path(sys.argv[1]), int(sys.argv[2]), "600m")
embedded.start(detached=sys.argv[3] == "detached")
print(embedded.status().pid, flush=True)
if sys.argv[3] == "attached":
    time.sleep(600)
"""


def ask(connection: Connection, query: str) -> list[object]:
    """The first column of what the database answers."""
    login = (connection.user, connection.password)
    with neo4j.GraphDatabase.driver(connection.uri, auth=login) as driver:
        return [record[0] for record in driver.execute_query(query).records]


def begin(home: Path, port: int, how: str) -> subprocess.Popen[str]:
    """A Signpost of its own that starts the database."""
    command = [sys.executable, "-c", START, str(home), str(port), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def mode(file: Path) -> int:
    """What others may do with a file."""
    return stat.S_IMODE(file.stat().st_mode)


# -- the server of this run ------------------------------------------------------------------------


def test_its_password_is_for_its_owner_alone(server: EmbeddedNeo4j) -> None:
    assert mode(server.password_file) == 0o600
    assert mode(server.password_file.parent) == 0o700
    assert mode(server.folder) == 0o700
    connection = server.connection()
    assert len(connection.password) >= 32
    assert connection.password not in repr(connection)
    assert ask(connection, "RETURN 1") == [1]
    with pytest.raises(neo4j.exceptions.AuthError):
        ask(replace(connection, password="neo4j"), "RETURN 1")


def test_it_listens_on_loopback_for_bolt_and_nothing_else(server: EmbeddedNeo4j) -> None:
    sockets = psutil.Process(server.status().pid).net_connections("inet")
    listening = {(s.laddr.ip, s.laddr.port) for s in sockets if not s.raddr}
    assert {(ip.removeprefix("::ffff:"), port) for ip, port in listening} == {
        ("127.0.0.1", server.port)
    }


def test_it_tells_nobody_and_logs_no_query(server: EmbeddedNeo4j) -> None:
    ask(server.connection(), "RETURN 'a name' AS name")
    settings = "SHOW SETTINGS YIELD name, value WHERE name IN $names RETURN name + '=' + value"
    names = "['dbms.usage_report.enabled', 'dbms.fleet_manager.enabled',"
    names += "'server.fleet_discovery.enabled', 'server.http.enabled', 'server.https.enabled']"
    values = ask(server.connection(), settings.replace("$names", names))
    assert len(values) == 5
    assert all(str(value).endswith("=false") for value in values)
    logs = b"".join(file.read_bytes() for file in (server.folder / "logs").iterdir())
    assert b"a name" not in logs
    assert server.connection().password.encode() not in logs


def test_started_twice_it_is_one(server: EmbeddedNeo4j) -> None:
    before = server.status()
    assert server.start() == server.connection()
    assert server.status().pid == before.pid


def test_a_second_signpost_on_the_same_home_is_told_so(server: EmbeddedNeo4j) -> None:
    second = EmbeddedNeo4j(server.home, free_port())
    for attempt in (second.start, second.reset, lambda: second.stop(detached=True)):
        with pytest.raises(BadServer, match=f"process {os.getpid()}.*SIGNPOST_HOME"):
            attempt()
    second.stop()
    assert server.status().running


def test_a_port_in_use_is_named_with_its_setting(server: EmbeddedNeo4j, tmp_path: Path) -> None:
    said = f"Port {server.port} is in use by java .process .*SIGNPOST_DB_PORT"
    with pytest.raises(BadServer, match=said):
        EmbeddedNeo4j(tmp_path, server.port).start()
    assert not EmbeddedNeo4j(tmp_path, server.port).status().running


# -- a server's life -------------------------------------------------------------------------------


def test_a_life(tmp_path: Path) -> None:
    port = free_port()
    ours = EmbeddedNeo4j(tmp_path / "a home", port, "600m")
    with pytest.raises(BadServer, match="signpost db start"):
        ours.connection()

    # Started by one that goes its way: it stays, and others join it.
    with begin(ours.home, port, "detached") as starter:
        assert starter.wait(240) == 0
    status = ours.status()
    assert (status.running, status.detached, status.port) == (True, True, port)
    connection = ours.start()
    ask(connection, "CREATE (:Kept {word: 'kept'})")
    ours.stop()
    assert ours.status().pid == status.pid
    login = (connection.user, connection.password)
    with neo4j.GraphDatabase.driver(connection.uri, auth=login) as driver:
        driver.verify_connectivity()
        with pytest.raises(BadServer, match="is using the database"):
            ours.reset()
    ours.stop(detached=True)
    assert not psutil.pid_exists(status.pid or 0)
    assert not ours.status().running

    # Started by one that is killed: it goes too, and has kept its data.
    with begin(ours.home, port, "attached") as starter:
        assert starter.stdout
        pid = int(starter.stdout.readline())
        family = psutil.Process(starter.pid).children()
        assert os.getsid(pid) != os.getsid(starter.pid)  # Ctrl-C does not reach it
        assert ask(ours.connection(), "MATCH (k:Kept) RETURN k.word") == ["kept"]
        starter.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, 60)
    assert pid in {process.pid for process in family}
    assert not any(process.is_running() for process in family)

    # Its password lost, it says so; reset, nothing is left.
    ours.password_file.unlink()
    with pytest.raises(BadServer, match="signpost db reset"):
        ours.start()
    ours.reset()
    assert ours.status().data == 0
    assert ours.status().running is False
    assert not ours.password_file.exists()


def test_a_java_that_fails_tells_its_first_cause(home: Path) -> None:
    with pytest.raises(BadServer, match=r"did not start: .*Neo4jCommunity.*signpost doctor"):
        EmbeddedNeo4j(home, free_port(), lock=[]).start()
    assert not EmbeddedNeo4j(home, free_port()).status().running


def test_too_little_is_told_before_the_start(home: Path) -> None:
    with pytest.raises(BadServer, match=r"GB of memory is available.*SIGNPOST_DB_MEMORY"):
        EmbeddedNeo4j(home, free_port(), memory_beside=1 << 50).start()
    with pytest.raises(BadServer, match=r"GB free.*SIGNPOST_HOME"):
        EmbeddedNeo4j(home, free_port(), disk_first=1 << 60).start()
    for memory in ("much", "100m", "1gb", "-1g"):
        with pytest.raises(BadSetting, match="SIGNPOST_DB_MEMORY"):
            EmbeddedNeo4j(home, free_port(), memory).start()
    assert machine.heap("1G") == 1 << 30


def test_a_home_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BadServer, match="SIGNPOST_HOME"):
        EmbeddedNeo4j(tmp_path / "file", free_port()).start()


# -- the jars --------------------------------------------------------------------------------------

TEXTS = {f"part{n}": f"jar {n}".encode() * 100 for n in range(20)}
LOCK = [
    Jar("org.test", name, "1.0", "", hashlib.sha256(text).hexdigest(), len(text))
    for name, text in TEXTS.items()
]


class Registry(http.server.BaseHTTPRequestHandler):
    """Serves TEXTS; `asked` counts, `spoilt` names what it serves wrongly."""

    asked: list[str]
    spoilt: dict[str, bytes]

    def do_GET(self) -> None:
        """Answer with a jar."""
        name = self.path.split("/")[-3]
        self.asked.append(name)
        assert self.path == f"/org/test/{name}/1.0/{name}-1.0.jar"
        data = self.spoilt.get(name, TEXTS[name])
        self.send_response(200 if data else 503)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Be silent."""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Registry]]:
    """A registry on this machine, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(jars, "TRIES", 2)
    Registry.asked, Registry.spoilt = [], {}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        Registry.address = f"http://127.0.0.1:{running.server_port}"
        yield Registry
        running.shutdown()
        thread.join()


def fetcher(home: Path, registry: type[Registry], **more: int) -> EmbeddedNeo4j:
    """A server of twenty small jars."""
    return EmbeddedNeo4j(home, 1, lock=LOCK, registry=registry.address, **more)


def test_jars_come_once_and_progress_is_told(home: Path, registry: type[Registry]) -> None:
    told: list[tuple[str, int, int]] = []
    fetcher(home, registry).fetch(lambda *progress: told.append(progress))
    total = sum(map(len, TEXTS.values()))
    assert told[0] == ("Fetching Neo4j", 0, total)
    assert told[-1] == ("Fetching Neo4j", total, total)
    assert sorted(registry.asked) == sorted(TEXTS)
    assert jars.missing(LOCK, jars.cache()) == jars.broken(LOCK, jars.cache()) == []
    fetcher(home, registry).fetch()
    assert len(registry.asked) == len(TEXTS)


def test_what_is_lost_or_half_written_comes_again(home: Path, registry: type[Registry]) -> None:
    fetcher(home, registry).fetch()
    registry.asked.clear()
    (jars.cache() / LOCK[3].name).unlink()
    (jars.cache() / LOCK[5].name).write_bytes(b"half")
    fetcher(home, registry).fetch()
    assert sorted(registry.asked) == ["part3", "part5"]
    assert jars.broken(LOCK, jars.cache()) == []


def test_a_broken_jar_never_counts(home: Path, registry: type[Registry]) -> None:
    registry.spoilt["part7"] = TEXTS["part7"].replace(b"jar", b"bad")
    with pytest.raises(BadServer, match=r"part7-1.0.jar arrived broken 2 times"):
        fetcher(home, registry).fetch()
    assert registry.asked.count("part7") == 2
    assert LOCK[7] in jars.missing(LOCK, jars.cache())
    assert not list(jars.cache().glob("*.part"))
    registry.spoilt.clear()
    fetcher(home, registry).fetch()
    assert jars.missing(LOCK, jars.cache()) == []


def test_a_registry_that_fails_is_told(home: Path, registry: type[Registry]) -> None:
    registry.spoilt["part0"] = b""
    with pytest.raises(BadServer, match=r"answers 503 .*SIGNPOST_NEO4J_URI"):
        fetcher(home, registry).fetch()


def test_no_network_is_told(home: Path, registry: type[Registry]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        registry.address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(BadServer, match=r"cannot be reached.*connect to the network"):
            fetcher(home, registry).fetch()


def test_too_little_disk_is_told_before_a_download(home: Path, registry: type[Registry]) -> None:
    with pytest.raises(BadServer, match="GB free and Neo4j needs"):
        fetcher(home, registry, disk_first=1 << 60).fetch()
    assert registry.asked == []


def test_the_lock_names_no_address() -> None:
    text = jars.LOCK.read_text()
    assert "://" not in text
    lock = jars.read_lock()
    assert len({jar.name for jar in lock}) == len(lock) > 200
    assert {jar.version for jar in lock if jar.artifact == "neo4j-server"} == {jars.VERSION}
