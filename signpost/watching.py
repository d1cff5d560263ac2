"""Watching an incoming folder: each delivery goes through the door once, and away with its report.

What is said aloud holds no name of a file, which may be a child's: only the source, the kind, counts, and
the receipt, under which the source's own folder has the rest.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from graph import BadInput, LoadStopped
from signpost import incoming
from signpost.deliveries import Delivery, Load, Sent, any_kind
from signpost.extract_day import day_of, today
from signpost.incoming import FAILED, Stamp, Waiting
from signpost.put_away import PutAway

T = TypeVar("T")
POLL = 2.0
PAUSE = 30.0
_AGAIN = "changed while it was read; it is taken again when it is quiet"
_WROTE_ON = "its sender wrote on after it was put away; it is taken again when it is quiet"
_NOT_AGAIN = "what changed after it was put away cannot be taken again"
_LOOSE = (
    "something lies beside the folders of the sources, and is not taken: "
    "put it into the folder of its source, DIR/SOURCE-ID/"
)
_UNFINISHED = "something waits: it is empty, or has a name as unfinished files have"


class Watch:
    """A watch over one folder.

    folder: with one folder for each source. settle: seconds for which a delivery must not have changed.
    say: takes each line that is said aloud. stopping: set it, and the watch ends after what is in hand.
    failed: whether something did.
    """

    def __init__(self, folder: Path, settle: float, say: Callable[[str], None]) -> None:
        self._folder, self._settle, self._say = folder, settle, say
        self._seen: dict[Waiting, tuple[Stamp, float]] = {}
        self._later: dict[Waiting, float] = {}
        self._told: set[tuple[Waiting, str]] = set()
        self.stopping = self.failed = False
        self._put_away = PutAway(incoming.sources(folder))
        for source in incoming.sources(folder):
            incoming.tidy(source)

    def run(self, load: Load, sent: Sent = any_kind) -> None:
        """Take what comes until told to stop.

        load: puts a batch through the door. sent: the kinds that a source has sent until now. Raises
        DatabaseAway; then what was in hand stays there.
        """
        while not self.stopping:
            self.turn(load, sent)
            self.rest(POLL)

    def once(self, load: Load, sent: Sent = any_kind) -> None:
        """Take what was there at the last look and has not changed since."""
        self.rest(self._settle)
        self.turn(load, sent)

    def turn(self, load: Load, sent: Sent = any_kind) -> None:
        """Load what is whole and quiet, of each source what is older first."""
        self.look()
        for one in sorted(filter(self._is_ready, self._seen), key=self._order):
            stamp, taken = self._seen[one][0], one
            if self.stopping:
                return
            try:
                if incoming.stamp(one.path) == stamp:
                    taken = incoming.take(one)
                    self._handle(taken, stamp, load, sent)
            except OSError as error:
                self.failed = True
                self._put_off(
                    taken, f"cannot be read, moved or reported on: {error.strerror}", PAUSE
                )

    def look(self) -> bool:
        """Note how everything stands that is there; return whether there is anything."""
        self._take_again()
        before, self._seen = self._seen, {}
        for one in self._there():
            if stamp := incoming.stamp(one.path):
                then, since = before.get(one, (None, 0.0))
                self._seen[one] = (stamp, since if stamp == then else time.monotonic())
        return bool(self._seen)

    def _take_again(self) -> None:
        try:
            for receipt in self._put_away.take_again():
                source = Waiting(receipt.parents[1], receipt)
                self._line(source, f"{receipt.parent.name}/{receipt.name}: {_WROTE_ON}")
        except OSError as error:
            self._tell_once(Waiting(self._folder, self._folder), f"{_NOT_AGAIN}: {error.strerror}")

    def _there(self) -> Iterator[Waiting]:
        if self._inside(self._folder, incoming.loose):
            self._tell_once(Waiting(self._folder, self._folder), _LOOSE)
        for source in self._inside(self._folder, incoming.sources):
            yield from self._inside(source, incoming.waiting)

    def _inside(self, place: Path, look: Callable[[Path], list[T]]) -> list[T]:
        try:
            return look(place)
        except OSError as error:  # a network folder goes away at times
            self._tell_once(Waiting(place, place), f"cannot be looked into: {error.strerror}")
            return []

    def rest(self, seconds: float) -> None:
        """Wait, but not longer than until told to stop."""
        until = time.monotonic() + seconds
        while not self.stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _is_ready(self, one: Waiting) -> bool:
        stamp, since = self._seen[one]
        if time.monotonic() < max(since + self._settle, self._later.get(one, 0.0)):
            return False
        if not incoming.whole(stamp):
            self._tell_once(one, _UNFINISHED)
            return False
        return True

    def _order(self, one: Waiting) -> tuple[Path, date, int, str]:
        stamp = self._seen[one][0]
        try:
            day = day_of(one.path.name, stamp, today())[0]
        except BadInput:
            day = date.min
        return one.source, day, max(entry.changed for entry in stamp), one.path.name

    def _handle(self, taken: Waiting, stamp: Stamp, load: Load, sent: Sent) -> None:
        incoming.begin_again(taken)
        delivery = Delivery(taken, stamp)
        try:
            delivery.handle(load, sent)
        except LoadStopped as error:
            self.failed = True
            self._put_off(taken, str(error), PAUSE)
            return
        if incoming.stamp(taken.path) != stamp:
            self._put_off(taken, _AGAIN, 0.0)
            return
        self._close(delivery)

    def _close(self, delivery: Delivery) -> None:
        incoming.write_report(delivery.taken, delivery.lines)
        put = self._put_away.put(delivery.taken, delivery.where, delivery.stamp)
        self.failed |= delivery.where == FAILED
        self._line(delivery.taken, f"{delivery.where}/{put.name}: {delivery.aloud}")

    def _put_off(self, one: Waiting, sentence: str, seconds: float) -> None:
        self._later[one] = time.monotonic() + seconds
        self._tell_once(one, sentence)

    def _tell_once(self, one: Waiting, sentence: str) -> None:
        if (one, sentence) not in self._told:
            self._told.add((one, sentence))
            self._line(one, sentence)

    def _line(self, one: Waiting, sentence: str) -> None:
        self._say(f"{datetime.now():%Y-%m-%d %H:%M:%S} {one.source.name} {sentence}")
