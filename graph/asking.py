"""What it takes to answer: the transaction, the viewer, the time and the keys."""

from dataclasses import dataclass
from datetime import date, datetime

from graph.access import Viewer
from graph.sealing import Keyring
from graph.store import Transaction


@dataclass(frozen=True)
class Asking:
    """What a question needs to be answered: who asks, when, what they may see, and the keys.

    known_at: the instant as of which the graph is read; replay: whether that is past.
    """

    transaction: Transaction
    viewer: Viewer
    keyring: Keyring
    now: datetime
    today: date
    broker_line: str
    clearance: tuple[str, ...] = ()

    def handle(self, child: str) -> str:
        """The child's handle for this viewer and this day, with what they stated for this child."""
        return self.keyring.handle(child, self.viewer.id, self.today, *self.viewer.stated)

    def in_handle(self, handle: str) -> list[str]:
        """What `handle` sealed; an id of no child where it does not open."""
        opened = self.keyring.in_handle(handle, self.viewer.id, self.today)
        return opened or ["no such child", "", "", ""]
