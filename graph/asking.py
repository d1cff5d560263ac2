"""What it takes to answer: the transaction, the viewer, the time and the keys."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from graph.access import BREAK_GLASS_LASTS, Emergency, Purpose, Viewer
from graph.matching import Score
from graph.model import Identity
from graph.sealing import Keyring
from graph.store import Transaction
from graph.weights import NO_FREQUENCIES, Frequencies


@dataclass(frozen=True)
class Asking:
    """What a question needs to be answered: who asks, when, what they may see, and the keys.

    frequencies: how common names are; scores and
    closest: what a search found, by child, and what its sources say, the word that fits best first;
    chosen: those of them who are shown, and named: their family names; listed: records, as tokens, of
    the involvements and allocations that are shown; noted: what else the answer leaves in its record.
    """

    transaction: Transaction
    viewer: Viewer
    keyring: Keyring
    now: datetime
    today: date
    broker_line: str
    clearance: tuple[str, ...] = ()
    frequencies: Frequencies = NO_FREQUENCIES
    scores: dict[str, Score] = field(default_factory=dict)
    closest: dict[str, list[Identity]] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    noted: dict[str, Any] = field(default_factory=dict)

    def handle(self, child: str) -> str:
        """The child's handle for this viewer and this day, with what they stated for this child, and when."""
        stated_at = (self.viewer.stated_at or self.now).isoformat()
        stated = (*self.viewer.stated, stated_at)
        return self.keyring.handle(child, self.viewer.id, self.today, *stated)

    def handle_of(self, kind: str, thing: str, *more: str) -> str:
        """A handle of something that is no child, as one look; it opens as nothing of another kind."""
        return self.keyring.handle(thing, f"{kind} {self.viewer.id}", self.today, *more)

    def in_handle_of(self, kind: str, handle: str) -> list[str]:
        """What `handle_of` sealed; empty where it does not open."""
        return self.keyring.in_handle(handle, f"{kind} {self.viewer.id}", self.today) or []

    def in_handle(self, handle: str) -> list[str]:
        """What `handle` sealed; an id of no child where it does not open."""
        opened = self.keyring.in_handle(handle, self.viewer.id, self.today)
        # One of an earlier version says less, and is not taken.
        if opened is None or len(opened) != 5:
            return ["no such child", "", "", "", self.now.isoformat()]
        return opened

    def stated_in(self, handle: str) -> Viewer:
        """The viewer, with what they stated when they got this handle; an emergency only for its hour."""
        _, purpose, emergency, reference, at = self.in_handle(handle)
        stated_at = datetime.fromisoformat(at)
        over = self.now >= stated_at + BREAK_GLASS_LASTS
        return self.viewer.stating(
            purpose=Purpose(purpose) if purpose else None,
            emergency=Emergency(emergency) if emergency and not over else None,
            reference=reference or None,
            stated_at=stated_at,
        )
