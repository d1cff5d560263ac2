"""What was put away lately: taken again where its sender wrote on through a handle that it still held.

How a delivery stood when it was loaded lies in its receipt for a day, so that a restart loses nothing.
"""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from signpost import incoming
from signpost.incoming import DONE, FAILED, REPORT, SENT, STAMP, TAKEN, Entry, Stamp, Waiting

AGAIN = "-again"
KEPT = 24 * 3600.0
_CHANGED = "What was sent has changed since this report, and was taken again under the receipt"


class PutAway:
    """The receipts of the last day, each with how its delivery stood when it was loaded.

    sources: the folders of the sources, in which those of an earlier run are looked for.
    """

    def __init__(self, sources: Iterable[Path]) -> None:
        self._held: dict[Path, tuple[Stamp, float]] = {}
        for source in sources:
            for where in (DONE, FAILED):
                for file in source.glob(f"{where}/*/{STAMP}"):
                    self._remember(file)

    def _remember(self, file: Path) -> None:
        with suppress(OSError, ValueError, TypeError):
            held = tuple(Entry(*entry) for entry in json.loads(file.read_text()))
            self._held[file.parent] = held, file.stat().st_mtime + KEPT

    def put(self, one: Waiting, where: str, held: Stamp) -> Path:
        """Put what is in hand away, and remember how it stood; return where its receipt is then."""
        incoming.write(one.hand / STAMP, json.dumps(held))
        put = incoming.put(one, where)
        self._held[put] = held, time.time() + KEPT
        return put

    def take_again(self) -> Iterator[Path]:
        """Take in hand again what has changed since it was put away; return the receipts that it had.

        Raises OSError where one cannot be moved; the next call tries it again.
        """
        for receipt, (held, until) in list(self._held.items()):
            path = _sent(receipt)
            if path and _has_changed(path, held):
                _take_back(receipt, path)
                yield receipt
            # Where the receipt itself is not to be seen, a network folder may be away for a while.
            elif (path or not receipt.is_dir()) and time.time() < until:
                continue
            del self._held[receipt]
            with suppress(OSError):
                (receipt / STAMP).unlink()


def was_put_away(receipt: Path) -> bool:
    """Whether what a receipt has in hand was put away before."""
    return receipt.name.endswith(AGAIN)


def _sent(receipt: Path) -> Path | None:
    """What lies in a receipt as it was sent; None where somebody has taken it away."""
    with suppress(OSError):
        return next((o for o in (receipt / SENT).iterdir() if not incoming.is_temporary(o)), None)
    return None


def _has_changed(path: Path, held: Stamp) -> bool:
    """Whether a file is new or another; what is gone was taken away by whoever works here."""
    new = set(incoming.stamp(path) or ()) - set(held)
    return any(entry.mode and not incoming.is_temporary(path / entry.path) for entry in new)


def _take_back(receipt: Path, path: Path) -> None:
    hand = receipt.parents[1] / TAKEN / f"{receipt.name}{AGAIN}"
    for folder in (hand.parent, hand, hand / SENT):
        folder.mkdir(mode=0o700, exist_ok=True)
    path.rename(hand / SENT / path.name)
    with suppress(OSError), (receipt / REPORT).open("a", encoding="utf-8") as report:
        report.write(f"\n{_CHANGED} {hand.name}.\n")
