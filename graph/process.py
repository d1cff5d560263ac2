"""The server's process: one for each home, marked, watched over, ended in order."""

import fcntl
import json
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

import psutil

from graph.errors import BadServer

STOP_SECONDS = 60
# Waits for the end of its input, which comes when the parent is gone, however it went.
WATCH = """
read -r _
kill "$0" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  kill -0 "$0" 2>/dev/null || exit 0
  sleep 1
done
kill -9 "$0"
"""
# Bolt's magic number and the versions we could speak: 5.8 down to 5.0, 4.4, and no more.
HELLO = bytes.fromhex("6060b017 00080805 00000404 00000000 00000000")


@dataclass(frozen=True)
class Mark:
    """What a home says of its server: its process and port, and the process that started it.

    `pid` is 0 as long as that only prepares the start, which is a download at times.
    """

    pid: int
    port: int
    owner: int
    detached: bool
    log_start: int


def hold(folder: Path, port: int) -> int | None:
    """Take the home for one server: the open lock that it shall inherit, or None if it is taken.

    The lock is free when the last process that has it open is gone, so nothing stale is ever left.
    """
    for _ in range(5):  # who only looks has it for a moment
        lock = _lock(folder)
        if lock is not None:
            _write(folder, Mark(0, port, os.getpid(), False, 0))
            return lock
        time.sleep(0.1)
    return None


def running(folder: Path) -> Mark | None:
    """Return the mark of the server that runs in this folder or is about to, or None."""
    if not (folder / "lock").exists():
        return None
    lock = _lock(folder)
    if lock is not None:
        os.close(lock)
        return None
    with suppress(OSError, ValueError, TypeError):
        return Mark(**json.loads((folder / "mark.json").read_text()))
    return Mark(0, 0, 0, False, 0)


def _lock(folder: Path) -> int | None:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _write(folder: Path, mark: Mark) -> None:
    part = folder / "mark.part"
    part.write_text(json.dumps(asdict(mark)))
    part.replace(folder / "mark.json")


class Server:
    """A server that this process has launched, and its watchdog."""

    all: ClassVar[set["Server"]] = set()  # held, or Python would warn of a child left running

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        environ: dict[str, str],
        lock: int,
        port: int,
        detached: bool,
    ) -> None:
        """Launch the command in a session of its own, so that Ctrl-C here does not reach it.

        lock: from hold(). detached: it outlives us; otherwise it ends when we do, by kill -9 too.
        """
        log_start = len(_log(folder))
        with (folder / "console.log").open("wb") as console:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                pass_fds=(lock,),
            )
        self.watchdog = None if detached else Watchdog(self.process.pid)
        self.mark = Mark(self.process.pid, port, os.getpid(), detached, log_start)
        _write(folder, self.mark)
        self.all.add(self)

    def end(self) -> None:
        """Stop the server and its watchdog."""
        end(self.process.pid)
        self.wait()

    def wait(self) -> int:
        """Wait until it has ended, end its watchdog, and return its exit status."""
        status = self.process.wait()
        if self.watchdog:
            self.watchdog.end()
        self.all.discard(self)
        return status


class Watchdog:
    """A shell of a few hundred kB that ends a process when we are gone."""

    def __init__(self, pid: int) -> None:
        """Watch over this process; we hold the writing end of a pipe, and write nothing."""
        reading, self.leash = os.pipe()
        command = ["/bin/sh", "-c", WATCH, str(pid)]
        with open(os.devnull, "wb") as nowhere:
            self.shell = subprocess.Popen(
                command, stdin=reading, stdout=nowhere, stderr=nowhere, start_new_session=True
            )
        os.close(reading)

    def end(self) -> None:
        """End the watch; whom it watched is gone."""
        self.shell.kill()
        self.shell.wait()
        os.close(self.leash)


def end(pid: int) -> None:
    """Ask a process to stop, and kill it if it has not within a minute."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        try:
            process.terminate()
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
        except psutil.AccessDenied:
            raise BadServer(f"Process {pid} is another user's, who must stop it.") from None


def await_bolt(mark: Mark, folder: Path, seconds: float) -> None:
    """Wait until the server's log says that it started and it answers on Bolt.

    Raises BadServer with the first cause when the process ends before, or the time is over.
    """
    until = time.monotonic() + seconds
    while not ("Started." in _log(folder)[mark.log_start :] and bolt_answers(mark.port)):
        if not _lives(mark.pid):
            console = (folder / "console.log").read_text(errors="replace")
            cause = first_cause(_log(folder)[mark.log_start :] + console)
            raise BadServer(
                f"Neo4j did not start: {cause} Run `signpost doctor`, and see {folder / 'logs'}."
            )
        if time.monotonic() > until:
            raise BadServer(f"Neo4j did not start in {seconds:.0f} s: see {folder / 'logs'}.")
        time.sleep(0.1)


def first_cause(text: str) -> str:
    """Return the innermost cause that a log of Java tells, as a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.partition("Caused by: ")[2] for line in lines if "Caused by: " in line]
    errors = [line for line in lines if "ERROR" in line or "Error" in line]
    cause = (causes[-1:] or errors[:1] or lines[-1:] or ["it gave no reason"])[0]
    return cause.rstrip(".")[:300] + "."


def bolt_answers(port: int) -> bool:
    """Say whether a Bolt server on 127.0.0.1 agrees on a version."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as wire:
            wire.sendall(HELLO)
            answer = wire.recv(4)
    except OSError:
        return False
    return len(answer) == 4 and any(answer)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _log(folder: Path) -> str:
    try:
        return (folder / "logs" / "neo4j.log").read_text(errors="replace")
    except OSError:
        return ""
