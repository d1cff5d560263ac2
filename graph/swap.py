"""New data in the place of a server's own, so that a stop at any point leaves the one or the other."""

import os
import shutil
import time
from pathlib import Path

import graph.process as process

# Beside a server's `data`: what is whole and shall be it, what was it, and where another one is being made.
NEW, OLD, WORK = "data.new", "data.old", "work"


def replace(server: Path, fresh: Path) -> None:
    """Put the folder `fresh`, whole and of a stopped server, in the place of this server's data."""
    _rename(fresh, server / NEW)
    settle(server)


def settle(server: Path) -> None:
    """Finish what a stopped `replace` had begun, and remove what is left over; before each start.

    A folder called NEW is whole, for it got its name by one step: it goes before what is there.
    """
    _await_end(server / WORK)
    if (server / NEW).exists():
        if (server / "data").exists():
            _rename(server / "data", server / OLD)
        _rename(server / NEW, server / "data")
    for left in (server / OLD, server / WORK):
        if left.exists():
            shutil.rmtree(left)


def _await_end(work: Path) -> None:
    """Wait for servers that a killed compaction or restore has left, which end with it some seconds later."""
    for lock in work.glob("*/server/lock"):
        until = time.monotonic() + process.STOP_SECONDS
        while process.running(lock.parent) and time.monotonic() < until:
            time.sleep(0.1)


def _rename(source: Path, target: Path) -> None:
    source.rename(target)
    for folder in {source.parent, target.parent}:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
