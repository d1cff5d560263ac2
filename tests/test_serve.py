"""signpost run as a process: its database is there for as long as it is, whatever its workers do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests

from graph.embedded import EmbeddedNeo4j
from tests.conftest import free_port

SECONDS = 240


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[psutil.Process, str, EmbeddedNeo4j]]:
    """A server of its own, its address and its database."""
    port, bolt = free_port(), free_port()
    said = {"HOME": tmp_path, "PORT": port, "DB_PORT": bolt, "DB_MEMORY": "600m", "WORKERS": 2}
    environ = {**os.environ, **{f"SIGNPOST_{name}": str(value) for name, value in said.items()}}
    command = [sys.executable, "-m", "signpost", "run"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield (
                psutil.Process(process.pid),
                f"http://127.0.0.1:{port}/sign-in",
                EmbeddedNeo4j(tmp_path, bolt),
            )
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)


def until(there: Callable[[], object]) -> None:
    """Wait for something that comes."""
    ends = time.monotonic() + SECONDS
    while not there():
        assert time.monotonic() < ends
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Whether the page is there."""
    with suppress(requests.ConnectionError):
        return requests.get(address, timeout=SECONDS).ok
    return False


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """The processes that answer: copies of their parent."""
    like, found = parent.cmdline(), list[psutil.Process]()
    for one in parent.children():
        # One that was killed a moment ago has no words.
        with suppress(psutil.Error):
            found += [one] if one.cmdline() == like else []
    return found


def test_a_worker_that_ends_leaves_the_database_running(
    running: tuple[psutil.Process, str, EmbeddedNeo4j],
) -> None:
    """Gunicorn ends one that hangs like this, and begins another."""
    process, address, database = running
    until(lambda: answers(address) and len(workers(process)) == 2)
    first, java = workers(process)[0], database.status().pid
    first.send_signal(signal.SIGABRT)
    first.wait(SECONDS)
    until(lambda: first not in workers(process) and len(workers(process)) == 2)
    until(lambda: answers(address))
    assert database.status().pid == java
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert not database.status().running
