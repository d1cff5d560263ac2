"""One delivery of an incoming folder: loaded through the door, with a report of what became of it."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from graph import (
    BadInput,
    Batch,
    DropTooLarge,
    Fault,
    LoadReport,
    OldExtract,
    SignpostError,
    UnknownSource,
)
from loaders import kind_of, read, reject
from loaders.places import shown
from signpost import incoming
from signpost.extract_day import day_of, today
from signpost.incoming import DONE, FAILED, REJECTS, Stamp, Waiting
from signpost.put_away import was_put_away

_SHOWN = 100
_COUNTS = ("read", "new", "changed", "unchanged", "ended", "rejected", "for_review", "joined")
_AGAIN = "Again: its sender wrote on after it was put away; what it was before was handled, too."
Load = Callable[[Batch], LoadReport]
Sent = Callable[[str], Sequence[str]]
"""Called with a source's id; gives the kinds that were loaded from it, or raises UnknownSource."""


class NewKind(SignpostError):
    """A file of a kind that its source has never sent; by oversight, it would pollute what it sends."""


def any_kind(source: str) -> Sequence[str]:
    """What a source has sent where that is not looked at: nothing, so that any kind may come."""
    return ()


_ITS_OWN = (BadInput, UnknownSource, OldExtract, DropTooLarge, NewKind)


@dataclass
class Delivery:
    """A delivery in hand, and what is known of it so far.

    stamp: how it stood when it was taken. where: to which folder it belongs. lines: its report.
    aloud: what became of it, without a name of a file, which may be a child's.
    """

    taken: Waiting
    stamp: Stamp
    where: str = FAILED
    aloud: str = ""
    lines: list[str] = field(default_factory=list)
    _kind: str = ""
    _day: date | None = None

    def handle(self, load: Load, sent: Sent = any_kind) -> None:
        """Load it, or find out why it cannot be.

        load: puts a batch through the door. sent: the kinds that a source has sent until now. Raises
        what these do for no fault of the delivery's: DatabaseAway, LoadStopped, NotAllowed, OSError.
        """
        self.lines = [f"File: {shown(self.taken.path.name)}"]
        if was_put_away(self.taken.hand):
            self.lines.append(_AGAIN)
        try:
            report = self._load(load, sent)
        except SignpostError as error:
            if not isinstance(error, _ITS_OWN) and type(error) is not SignpostError:
                raise
            self._fail(error)
        except OSError:
            raise
        # A loader raises nothing else; if one did, the other sources' files must not wait for its repair.
        except Exception as error:
            name = type(error).__name__
            self._fail(SignpostError(f"Signpost cannot read it ({name}): tell its developers."))
        else:
            self._succeed(report)

    def _load(self, load: Load, sent: Sent) -> LoadReport:
        kinds = sent(shown(self.taken.source.name))
        incoming.hold_to_files(self.taken.path, self.stamp)
        self._day, how = day_of(self.taken.path.name, self.stamp, today())
        self.lines.append(f"Extract of: {self._day}, {how}")
        self._kind, how = kind_of(self.taken.path)
        self.lines.append(f"Kind: {self._kind}, because {how}")
        batch = read(self._kind, self.taken.path, self.taken.source.name, self._day)
        # A withdrawal comes in our own CSV, whatever its source sends; a family must not wait for it.
        if kinds and self._kind not in kinds and set(batch.tables) != {"withdrawals"}:
            only = " and ".join(kinds)
            raise NewKind(f"It is {self._kind}, and this source has only sent {only} so far.")
        return load(batch)

    def _succeed(self, report: LoadReport) -> None:
        counts = _counts(report)
        self.where, self.aloud = DONE, f"{self._kind} of {self._day}: {counts}"
        self.lines += [f"Loaded: {counts}"]
        if report.faults:
            self.lines += ["", *self._reject(report.faults)]
        for word, found in (("Rejected", report.faults), ("Warning", report.warnings)):
            self.lines += ["" for _ in found[:1]] + [f"{word}: {fault}" for fault in found[:_SHOWN]]
            self.lines += [f"... and {len(found) - _SHOWN:,} more." for _ in found[_SHOWN:][:1]]

    def _reject(self, faults: Sequence[Fault]) -> Iterator[str]:
        """Write the rejected rows; say how they are loaded after repair."""
        try:
            kept = reject(self._kind, self.taken.path, faults, self.taken.hand / REJECTS)
        except (BadInput, OSError):
            yield "The rejected rows could not be written; they are in the file itself."
            return
        if kept:
            yield "The rejected rows are beside this report, each with its reason. Repair them, then:"
            yield f"  {self._command(kept)}"

    def _fail(self, error: SignpostError) -> None:
        # What a loader says names the file; what the door says does not.
        hidden = isinstance(error, BadInput)
        self.aloud = "it could not be read; its report says why" if hidden else str(error)
        self.lines += [f"Failed: {error}"]
        command = self._command(self.taken.path)
        if isinstance(error, DropTooLarge):
            self.lines += ["", "If the extract is whole:", f"  {command} --accept-drop"]
        elif isinstance(error, NewKind):
            meant = "If it is meant, load it once by hand; from then on it is taken here too:"
            self.lines += ["", meant, f"  {command}"]
        elif not isinstance(error, OldExtract):
            back = map(str, (self._later(self.taken.path), self.taken.source.absolute()))
            command = shlex.join(("mv", *back))
            self.lines += ["", "When that is put right, put it back:", f"  {shown(command)}"]

    def _command(self, path: Path) -> str:
        words = ["load", self._kind, str(self._later(path)), "--source", self.taken.source.name]
        return shlex.join(["signpost", *words, "--extracted", str(self._day)])

    def _later(self, path: Path) -> Path:
        """Where a path in hand will be when all is done."""
        return self.taken.source.absolute() / self.where / path.relative_to(self.taken.hand.parent)


def _counts(report: LoadReport) -> str:
    return ", ".join(f"{getattr(report, n):,} {n.replace('_', ' ')}" for n in _COUNTS)
