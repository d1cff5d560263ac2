"""What must hold of any file, however spoilt: refused with a sentence, or every row in one place."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from graph import TABLES, BadInput, Batch, Fault, LoadReport, Row, SignpostError, check
from loaders import kind_of, loader, read
from signpost.bench.junk import MARKS
from signpost.bench.made import EXTRACTED, Kind

Load = Callable[[Batch], LoadReport]
# Of `check`: such a row is neither taken nor refused, but waits for what an earlier extract may have told.
_WAITS = "it is taken if an earlier extract of the source told it"


class Finding(SignpostError):
    """A file that is not taken, and not refused, as it should be."""


def examine(kind: Kind, path: Path, load: Load | None = None) -> LoadReport | None:
    """Read a file and let the door, or `check` in its place, take it.

    Return the report; None where the file was refused whole. Raise Finding where a row is lost or in
    two places, where a message repeats what the file says of people, or anything but BadInput is raised.
    """
    try:
        watched = Watched(read(kind.name, path, kind.source.id, EXTRACTED))
        report = load(watched.batch) if load else check(watched.batch, kind.authority)
    except BadInput as refused:
        _hold_tongue(str(refused))
        return None
    except Exception as error:
        raise Finding(_place(error)) from error
    watched.account(report)
    return report


def examine_rejects(kind: Kind, path: Path, faults: Sequence[Fault], target: Path) -> bool:
    """Write what was rejected, and read it again as it is.

    Return False where it is refused whole, as it may be before it is repaired. Raise Finding where there
    is nothing to repair, or it is taken for a whole extract.
    """
    try:
        kept = loader(kind.name).reject(path, faults, target)
        _need(bool(kept) == bool(faults), "rows were rejected, and none is there to repair")
        if kept is None:
            return True
        batch = read(kind.name, kept, kind.source.id, EXTRACTED)
        list(batch.rows())
    except Finding:
        raise
    except BadInput as refused:
        _hold_tongue(str(refused))
        return False
    except Exception as error:
        raise Finding(f"rejects: {_place(error)}") from error
    _need(not batch.full, "rejects are taken for a whole extract")
    return True


def examine_kind(kind: Kind, path: Path) -> None:
    """Let every loader look whether the file is its own; raise Finding where another one claims it."""
    try:
        found, _ = kind_of(path)
    except BadInput as refused:
        _hold_tongue(str(refused))
        return
    except Exception as error:
        raise Finding(f"kind_of: {_place(error)}") from error
    _need(found == kind.name, f"is taken for {found}")


class Watched:
    """A batch, and each of its rows as it was asked for."""

    def __init__(self, batch: Batch) -> None:
        self._said = batch
        self._rows = 0
        self._places: set[tuple[str, int, str, str | None]] = set()
        none = dict.fromkeys(TABLES, ())
        self.batch = batch.model_copy(update={**none, "stream": self._stream()})

    def _stream(self) -> Iterator[Row]:
        for row in self._said.rows():
            self._rows += 1
            self._places.add((row.file, row.line, row.table, row.record))
            yield row

    def account(self, report: LoadReport) -> None:
        """Raise Finding where a row is in none of the counts, or in two, or a message says too much."""
        faults = self._said.faults
        refused = len(report.faults) - len(faults)
        waiting = sum(warning.sentence.endswith(_WAITS) for warning in report.warnings)
        taken = sum(report.tables.values())
        _need(taken + refused + waiting == self._rows, "a row is lost, or counted twice")
        _need(taken == report.new + report.changed + report.unchanged, "a good row is not counted")
        _need(report.read == taken + report.rejected, "a rejected row is not counted")
        wrong = {(f.file, f.line, f.table, f.record) for f in faults if f.record is not None}
        _need(wrong.isdisjoint(self._places), "a row is both taken and rejected")
        for fault in (*report.faults, *report.warnings):
            _hold_tongue(str(fault))


def _hold_tongue(said: str) -> None:
    if found := MARKS.search(said):
        raise Finding(f"a message repeats content of the file ({found[0]!r} in {said[:300]!r})")


def _need(held: bool, sentence: str) -> None:
    if not held:
        raise Finding(sentence)


def _place(error: Exception) -> str:
    """The kind of an error, and where in our own code it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "/loaders/" in f.filename or "/graph/" in f.filename] or frames
    return f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}"
