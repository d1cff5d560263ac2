"""Messages that go out at once: to whom, and since when something waits; nothing of what, or of whom."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

BROKER = "broker"


class Message(NamedTuple):
    """Something waits.

    to: DfE number of the authority for whose leads it is, or BROKER; at: since when.
    """

    to: str
    at: datetime


Tell = Callable[[Message], None]
"""Takes a message away; must return at once, and raise nothing."""


def untold(message: Message) -> None:
    """Nobody is sent anything; what waits stands on the pages."""
