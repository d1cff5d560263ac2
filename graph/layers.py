"""Under which keys' layers the graph's tokens stand: of one key, or of two while it is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from graph.errors import KeysChanging
from graph.sealing import Keyring
from graph.store import Transaction

_CHANGING = (
    "The keys are being changed, and until that has ended nothing is loaded, judged, matched anew or "
    "deleted. Try again later; if nobody is changing them now, go on with: signpost keys rotate"
)
_CHANGED = (
    "The keys were changed while this load ran. What it wrote stays; load the same file again."
)


@dataclass(frozen=True)
class Layer:
    """How tokens are made while one key is live for them."""

    keyring: Keyring
    key: str

    def token(self, purpose: str, *parts: str) -> str:
        """A keyed hash by which a value is found again, and from which nothing is learnt.

        purpose: separates one use from another; parts: normalised values, in order.
        """
        return self.turned(self.keyring.stamp(purpose, *parts))

    def turned(self, token: str) -> str:
        """A token of whichever layer, as it stands under this one; what is no token stays as it is."""
        return self.keyring.turned(token, self.key)


class Live:
    """Which keys are live for tokens, as this process last saw it said in the graph."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._keys: Sequence[str] = (keyring.oldest,)
        self._since: date | None = None

    @property
    def layers(self) -> list[Layer]:
        """Of each of them, the older first."""
        return [Layer(self._keyring, key) for key in self._keys]

    def note(self, said: Mapping[str, Any]) -> list[Layer]:
        """Note what the graph says (which are live, since which day), and return their layers."""
        self._keys, self._since = said["live"], said["since"]
        return [Layer(self._keyring, key) for key in said["live"]]

    def opening(self, today: date) -> str | None:
        """The oldest key whose handles open; None for all: on the day on which it was changed."""
        return None if self._since == today else self._keys[0]


def locked(tx: Transaction, keyring: Keyring, now: datetime) -> Layer:
    """Take the lock of all who write tokens, and return how these are made.

    Raises KeysChanging while the keys are changed.
    """
    [row] = tx.run("load/lock", now=now)
    return only(keyring, row["live"])


def only(keyring: Keyring, live: Sequence[str]) -> Layer:
    """The one layer under which tokens may be written; raises KeysChanging where there are two."""
    if len(live) > 1:
        raise KeysChanging(_CHANGING)
    return Layer(keyring, live[0])


def hold(layer: Layer, live: Sequence[str]) -> None:
    """Raise KeysChanging where tokens are not made any more as a load had planned."""
    if list(live) != [layer.key]:
        raise KeysChanging(_CHANGED)
