"""What is done to a stopped server, while nobody else starts it: its database into one file, and back.

`neo4j-admin` starts a second Java process for its AdminTool; here that is the only one, so that it ends
with us.
"""

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

import graph.machine as machine
import graph.process as process
import graph.server_files as server_files
import graph.swap as swap
from graph.embedded import FLAGS, EmbeddedNeo4j
from graph.errors import BadServer
from graph.jars import Progress

TOOL = "org.neo4j.cli.AdminTool"
DATABASE = "neo4j"
DUMP = f"{DATABASE}.dump"


@contextmanager
def taken(server: EmbeddedNeo4j) -> Iterator[int]:
    """Hold a home whose server does not run, and what a stopped swap began is finished.

    Give the lock. Raises BadServer where the server runs.
    """
    with server_files.writing():
        lock = process.hold(server_files.folder(server.folder), server.port)
    if lock is None:
        raise BadServer(
            f"The database in {server.home} is in use. Stop it with `signpost db stop`, or end the "
            "`signpost run` that has it, and try again."
        )
    try:
        swap.settle(server.folder)
        yield lock
    finally:
        os.close(lock)


@contextmanager
def held(server: EmbeddedNeo4j) -> Iterator[int]:
    """The same of a home that has a database; raises BadServer where it has none."""
    if server_files.is_new(server.folder) and not (server.folder / swap.NEW).exists():
        raise BadServer(f"There is no database in {server.home} yet.")
    with taken(server) as lock:
        yield lock


@contextmanager
def workplace(server: EmbeddedNeo4j) -> Iterator[Path]:
    """A folder in a held home for what is half made; gone afterwards, or at the next start."""
    work = server_files.folder(server.folder / swap.WORK)
    try:
        yield work
    finally:
        rmtree(work, ignore_errors=True)


def dump(server: EmbeddedNeo4j, lock: int, folder: Path, progress: Progress) -> None:
    """Write the server's database into a file DUMP of a folder; raises BadServer."""
    words = ("dump", f"--to-path={folder}")
    _run(server, lock, server.folder, words, "Dumping the database", progress)


def load(server: EmbeddedNeo4j, lock: int, folder: Path, target: Path, progress: Progress) -> Path:
    """Make a database of the dump in a folder, as another server's, in `target`.

    Return that server's data. Raises BadServer.
    """
    _run(server, lock, target, ("load", f"--from-path={folder}"), "Loading the database", progress)
    return target / "data"


def _run(
    server: EmbeddedNeo4j,
    lock: int,
    home: Path,
    words: Sequence[str],
    what: str,
    progress: Progress,
) -> None:
    """Run the tool; it holds the lock too, and does not outlive us."""
    server.fetch(progress)
    machine.require_memory(machine.heap(server.memory))
    command = [machine.java(), f"-Xmx{server.memory}", *FLAGS, *server_files.OPENS, TOOL]
    command += ["database", *words, DATABASE]
    with server_files.writing():
        server_files.write_conf(server_files.folder(home), server.port, server.memory)
        environ = {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
        tool = process.Server(
            command, home, {**server.environ(), **environ}, lock, server.port, detached=False
        )
    try:
        while tool.process.poll() is None:
            progress(what, *_done(home))
            time.sleep(0.1)
    except BaseException:
        tool.end()
        raise
    if tool.wait() != 0:
        raise BadServer(_failure(what, _said(home)))


def _failure(what: str, said: str) -> str:
    if "perform recovery" in said:
        return (
            "The database was not stopped in good order. Start and stop it once, with "
            "`signpost db start` and `signpost db stop`, and try again."
        )
    return f"{what} failed: {process.first_cause(said)}"


def _done(home: Path) -> tuple[int, int]:
    """How far the tool is, as it says, and how far it goes."""
    told = re.findall(r"data: +(\d+)\.\d%", _said(home))
    return (int(told[-1]), 100) if told else (0, 0)


def _said(home: Path) -> str:
    return (home / "console.log").read_text(errors="replace")
