"""Rows read in a process of their own: one core reads what comes next while another keeps what was read.

The process is a copy of this one (fork), which is there at once; a new one would import everything first.
It goes only through the file and the pipe, and ends with the rows, or when nobody takes them any more.
"""

import atexit
import gc
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from graph import Batch, Fault, LoadStopped, Row, machine
from loaders.batches import Progress

T = TypeVar("T")
LEAST = 250_000  # bytes; of less the process would take longer than it saves
PAGE = 100  # rows: some 50 kB, which a pipe holds
_CUT_OFF = (
    "The process that reads the file was ended from outside, perhaps for want of memory. Nothing was "
    "written; load the same file again."
)
_NO_PROCESS = (
    "The machine lets no further process begin, which would read the file: it has too many, or too little "
    "memory. Nothing was written; load the same file again later."
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
    if sys.platform != "linux" or machine.cores() < 2:
        return False
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) >= LEAST


def aside(batch: Batch, relay: Relay) -> Batch:
    """The same batch, whose stream is read in a process of its own; once, as any.

    relay: what its loader was given to tell how far it is. The faults grow while it is read; warnings
    and what is unread are whole when it was. What reading raises is raised where the rows are taken;
    LoadStopped, where the process could not begin, or was ended from outside.
    """
    grown = [*batch.faults], [*batch.warnings], [*batch.unread]
    faults, warnings, unread = grown
    told = {"faults": faults, "warnings": warnings, "unread": unread}
    return batch.model_copy(update={**told, "stream": Aside(batch, relay, *grown)})


class Aside:
    """The rows of a batch's stream, from a process that reads them."""

    def __init__(
        self,
        batch: Batch,
        relay: Relay,
        faults: list[Fault],
        warnings: list[Fault],
        unread: list[str],
    ) -> None:
        self._batch: Batch | None = batch
        self._relay, self._faults, self._warnings, self._unread = relay, faults, warnings, unread

    def __iter__(self) -> Iterator[Row]:
        return self.each(lambda row: row)

    def each(self, make: Callable[[Row], T]) -> Iterator[T]:
        """What is made of every row, in the process that reads it."""
        if self._batch is None:
            return
        here, there = get_context("fork").Pipe(duplex=False)
        process = self._begin(make, here, there)
        there.close()
        # Else multiprocessing would wait at the exit for a process that waits for this one.
        atexit.register(process.kill)
        try:
            yield from self._taken(here)
        finally:
            here.close()
            process.kill()
            process.join()
            atexit.unregister(process.kill)

    def _begin(self, make: Callable[[Row], Any], here: Any, there: Any) -> BaseProcess:
        # What the loader holds is let go of here: the process has it.
        batch, self._batch = self._batch, None
        told = (batch, make, self._relay, here, there)
        process = get_context("fork").Process(target=_hand_on, args=told, daemon=True)
        try:
            process.start()
        except OSError:
            raise LoadStopped(_NO_PROCESS) from None
        return process

    def _taken(self, here: Any) -> Iterator[Any]:
        while not isinstance(said := _next(here), End):
            if isinstance(said, Page):
                self._faults += said.faults
                yield from said.made
            else:
                self._relay(*said)
        self._warnings[:], self._unread[:] = said.warnings, said.unread
        if said.error:
            raise said.error


def _next(here: Any) -> Any:
    try:
        return here.recv()
    except (EOFError, OSError):
        raise LoadStopped(_CUT_OFF) from None


def _hand_on(batch: Batch, make: Callable[[Row], Any], relay: Relay, here: Any, there: Any) -> None:
    """What the process does: hand on page after page, and then the end, while somebody takes them."""
    here.close()  # else it would not see that nobody does
    for sign in (signal.SIGINT, signal.SIGTERM):  # whoever takes the rows decides when to stop
        signal.signal(sign, signal.SIG_IGN)
    gc.freeze()  # what was there before is not for this process to collect
    relay.to = lambda *said: there.send(said)
    error = None
    with suppress(BrokenPipeError):
        try:
            for page in _pages(batch, make):
                there.send(page)
        except BrokenPipeError:
            raise
        except Exception as stopped:
            error = _portable(stopped)
        there.send(End(batch.warnings, list(batch.unread), error))


def _pages(batch: Batch, make: Callable[[Row], Any]) -> Iterator[Page]:
    made, told = map(make, batch.stream), len(batch.faults)
    while page := list(islice(made, PAGE)):
        yield Page(page, batch.faults[told:])
        told = len(batch.faults)
    yield Page((), batch.faults[told:])


def _portable(error: Exception) -> Exception:
    """An error as it can be raised in another process, with where it was raised in this one."""
    where = "".join(traceback.format_tb(error.__traceback__))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        error = RuntimeError(type(error).__name__)
    error.add_note(where)
    return error
