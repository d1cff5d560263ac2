"""Rows read in a process of their own: one core reads what comes next while another keeps what was read.

The process is a copy of this one (fork), which is there at once; a new one would import everything first.
It goes only through the file and the pipe, and ends with the rows, or when nobody takes them any more.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from graph import Batch, Fault, LoadStopped, Row
from loaders.batches import Progress

T = TypeVar("T")
LEAST = 250_000  # bytes; of less the process would take longer than it saves
_PAGE = 100  # rows: some 50 kB, which a pipe holds
_CUT_OFF = (
    "The process that reads the file was ended from outside, perhaps for want of memory. What was loaded "
    "so far stays and is right; load the same file again."
)


class Page(NamedTuple):
    """What was made of some rows, and the faults that were found since the page before."""

    made: Sequence[Any]
    faults: Sequence[Fault]


class End(NamedTuple):
    """That nothing more comes: all warnings, what was not read, and what stopped the reading, if anything."""

    warnings: Sequence[Fault]
    unread: Sequence[str]
    error: BaseException | None


class Relay:
    """Passes on how far the reading is, from whichever process reads."""

    def __init__(self, progress: Progress | None) -> None:
        self.to: Progress = progress or (lambda what, done, total: None)

    def __call__(self, what: str, done: int, total: int) -> None:
        self.to(what, done, total)


def is_worth_it(path: Path) -> bool:
    """True where there is a second core and much to read, and a process can be copied safely."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) >= LEAST


class Aside:
    """The rows of a batch's stream, read in a process of their own.

    relay: what its loader was given to tell how far it is. Of `batch`, whose stream this is, the faults
    grow while it is read; its warnings and what is unread are whole when it was. What reading raises is
    raised where the rows are taken; LoadStopped, where the process was ended from outside.
    """

    def __init__(self, batch: Batch, relay: Relay) -> None:
        self._read, self._relay = batch, relay
        self._grown = [*batch.faults], [*batch.warnings], [*batch.unread]
        faults, warnings, unread = self._grown
        told = {"faults": faults, "warnings": warnings, "unread": unread, "stream": self}
        self.batch = batch.model_copy(update=told)

    def __iter__(self) -> Iterator[Row]:
        return self.each(lambda row: row)

    def each(self, make: Callable[[Row], T]) -> Iterator[T]:
        """What is made of every row, in the process that reads it."""
        context = get_context("fork")
        here, there = context.Pipe(duplex=False)
        told = (self._read, make, self._relay, here, there)
        process = context.Process(target=_hand_on, args=told, daemon=True)
        process.start()
        there.close()
        try:
            yield from self._taken(here)
        finally:
            here.close()
            process.kill()
            process.join()

    def _taken(self, here: Any) -> Iterator[Any]:
        faults, warnings, unread = self._grown
        while not isinstance(said := _next(here), End):
            if isinstance(said, Page):
                faults += said.faults
                yield from said.made
            else:
                self._relay(*said)
        warnings[:], unread[:] = said.warnings, said.unread
        if said.error:
            raise said.error


def _next(here: Any) -> Any:
    try:
        return here.recv()
    except (EOFError, OSError):
        raise LoadStopped(_CUT_OFF) from None


def _hand_on(batch: Batch, make: Callable[[Row], Any], relay: Relay, here: Any, there: Any) -> None:
    """What the process does: hand on page after page, and then the end."""
    # Else it would not see that nobody takes the rows any more, and whoever takes them decides when to stop.
    here.close()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    # What was there before it began is not its own to collect.
    gc.freeze()
    relay.to = lambda *said: there.send(said)
    error = None
    try:
        for page in _pages(batch, make):
            there.send(page)
    except BrokenPipeError:
        return
    except Exception as stopped:
        stopped.add_note("".join(traceback.format_tb(stopped.__traceback__)))
        error = stopped
    there.send(End(batch.warnings, list(batch.unread), error))


def _pages(batch: Batch, make: Callable[[Row], Any]) -> Iterator[Page]:
    made, told = map(make, batch.stream), len(batch.faults)
    more = True
    while more:
        more = list(islice(made, _PAGE))
        yield Page(more, batch.faults[told:])
        told = len(batch.faults)
