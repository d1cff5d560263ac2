"""A real Neo4j Community server as a child process, for one machine."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import graph.jars as jars
import graph.machine as machine
import graph.process as process
import graph.server_files as server_files
import graph.swap as swap
from graph.errors import BadServer
from graph.jars import Jar, Progress, silent
from graph.process import Mark, Server

FLAGS = ("-XX:+UseParallelGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError")
MAIN = "org.neo4j.server.Neo4jCommunity"
KEPT = ("PATH", "HOME", "TMPDIR", "LANG")
START_SECONDS = 300


@dataclass(frozen=True)
class Connection:
    """What a driver needs."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True)
class Status:
    """How the server of a home stands; `data` in bytes, `owner` the process that started it."""

    running: bool
    detached: bool
    pid: int | None
    owner: int | None
    port: int
    version: str
    data: int


class EmbeddedNeo4j:
    """The Neo4j of one home: its jars in the user's cache, its data, logs and password at home."""

    def __init__(
        self,
        home: Path,
        port: int,
        memory: str = "1g",
        *,
        disk_first: int = machine.DISK_FIRST,
        memory_beside: int = machine.MEMORY_BESIDE_HEAP,
        lock: Iterable[Jar] | None = None,
        registry: str | None = None,
    ) -> None:
        """Describe a server; nothing happens yet.

        home: its folder. port: for Bolt, on 127.0.0.1. memory: heap, as Java writes it.
        disk_first: bytes that a first start must find free; memory_beside: bytes beside the heap.
        lock: the jars; None: graph/neo4j.lock. registry: its address; None: Maven Central.
        """
        self.home, self.port, self.memory = home.absolute(), port, memory
        self.folder = self.home / "server"
        self.password_file = self.home / "keys" / "neo4j"
        self.jars = jars.read_lock() if lock is None else tuple(lock)
        self.registry, self.disk_first, self.memory_beside = registry, disk_first, memory_beside
        self._server: Server | None = None

    def fetch(self, progress: Progress = silent) -> None:
        """Bring the jars into the cache unless they are there; raises BadServer."""
        if jars.missing(self.jars, jars.cache()):
            machine.require_disk(jars.cache(), self.disk_first)
            jars.fetch(self.jars, jars.cache(), progress, self.registry)

    def start(self, progress: Progress = silent, detached: bool = False) -> Connection:
        """Start the server and return when it answers; join the home's detached one if it runs.

        detached: the server outlives this process; otherwise it ends with it, however that ends.
        Raises BadServer, BadSetting.
        """
        heap = machine.heap(self.memory)
        with server_files.writing():
            lock = process.hold(server_files.folder(self.folder), self.port)
        if lock is None:
            return self._join()
        try:
            self._end()  # what is left of one of ours that ended by itself
            with server_files.writing():
                swap.settle(self.folder)
            machine.require_port(self.port, "SIGNPOST_DB_PORT")
            machine.require_memory(heap + self.memory_beside)
            self.fetch(progress)
            progress("Starting Neo4j", 0, 0)
            self._server = self._launch(lock, detached)
        finally:
            os.close(lock)
        try:
            process.await_bolt(self._server.mark, self.folder, START_SECONDS)
        except BaseException:
            self._end()
            raise
        return self.connection()

    def stop(self, detached: bool = False) -> None:
        """Stop the server if this object has started it; with `detached`, a detached one too.

        Raises BadServer when it belongs to another Signpost that still runs.
        """
        if self._server and (detached or not self._server.mark.detached):
            self._end()
        mark = process.running(self.folder) if detached else None
        if mark and not mark.detached:
            raise self._taken(mark)
        if mark:
            process.end(mark.pid)

    def status(self) -> Status:
        """Say how the server stands."""
        mark = process.running(self.folder)
        return Status(
            running=mark is not None,
            detached=bool(mark and mark.detached),
            pid=mark.pid if mark else None,
            owner=mark.owner if mark else None,
            port=mark.port if mark else self.port,
            version=jars.VERSION,
            data=sum(_size(file) for file in (self.folder / "data").rglob("*")),
        )

    def connection(self) -> Connection:
        """Return what a driver needs; raises BadServer before the first start."""
        try:
            password = self.password_file.read_text().strip()
        except OSError:
            raise BadServer(
                f"{self.password_file} cannot be read: start the database once with "
                "`signpost db start`, or put the file back."
            ) from None
        mark = process.running(self.folder)
        uri = f"bolt://127.0.0.1:{mark.port if mark else self.port}"
        return Connection(uri, server_files.USER, password, "neo4j")

    def reset(self) -> None:
        """Stop the server and delete its data, logs and password; raises BadServer if in use."""
        mark = process.running(self.folder)
        if mark and not self._owns(mark) and _in_use(mark):
            raise self._taken(mark)
        self.stop(detached=True)
        with server_files.writing():
            lock = process.hold(server_files.folder(self.folder), self.port)
            if lock is None:
                raise self._taken(process.running(self.folder))
            for name in ("data", swap.NEW, swap.OLD, swap.WORK, "logs", "conf"):
                shutil.rmtree(self.folder / name, ignore_errors=True)
            self.password_file.unlink(missing_ok=True)
            os.close(lock)

    def environ(self) -> dict[str, str]:
        """The environment of a Java process with this server's jars."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        path = os.pathsep.join(str(jars.cache() / jar.name) for jar in self.jars)
        return {**kept, "CLASSPATH": path}

    def _join(self) -> Connection:
        mark = process.running(self.folder)
        if not mark or not (mark.detached or self._owns(mark)):
            raise self._taken(mark)
        process.await_bolt(mark, self.folder, START_SECONDS)
        return self.connection()

    def _owns(self, mark: Mark) -> bool:
        return self._server is not None and self._server.mark == mark

    def _taken(self, mark: Mark | None) -> BadServer:
        owner = f" (process {mark.owner})" if mark and mark.owner else ""
        return BadServer(
            f"Another Signpost{owner} is using the database in {self.home}: end it first, or set "
            "SIGNPOST_HOME to another folder."
        )

    def _launch(self, lock: int, detached: bool) -> Server:
        first = server_files.is_new(self.folder)
        machine.require_disk(self.home, self.disk_first if first else machine.DISK_LATER)
        heap = (f"-Xms{self.memory}", f"-Xmx{self.memory}")
        places = (f"--home-dir={self.folder}", f"--config-dir={self.folder / 'conf'}")
        command = [machine.java(), *heap, *FLAGS, *server_files.OPENS, MAIN, *places]
        with server_files.writing():
            server_files.prepare(self.folder, self.password_file, self.port, self.memory)
            return Server(command, self.folder, self.environ(), lock, self.port, detached)

    def _end(self) -> None:
        if self._server:
            self._server.end()
            self._server = None


def _in_use(mark: Mark) -> bool:
    if not mark.detached:
        return True
    wires = psutil.Process(mark.pid).net_connections("tcp")
    return any(w.laddr.port == mark.port and w.status == psutil.CONN_ESTABLISHED for w in wires)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
