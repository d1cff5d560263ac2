"""signpost run as a process: its database is there for as long as it is, whatever its worker does."""

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
    said = {"HOME": tmp_path, "PORT": port, "DB_PORT": bolt, "DB_MEMORY": "600m"}
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


def worker(process: psutil.Process) -> psutil.Process | None:
    """The process that answers: a copy of its parent."""
    like = process.cmdline()
    return next((one for one in process.children() if one.cmdline() == like), None)


def test_a_worker_that_ends_leaves_the_database_running(
    running: tuple[psutil.Process, str, EmbeddedNeo4j],
) -> None:
    """Gunicorn ends one that hangs like this, and begins another."""
    process, address, database = running
    until(lambda: answers(address))
    first, java = worker(process), database.status().pid
    assert first
    first.send_signal(signal.SIGABRT)
    first.wait(SECONDS)
    until(lambda: worker(process) and answers(address))
    assert database.status().pid == java
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert not database.status().running
