"""What it takes to answer: the transaction, the viewer, the time and the keys."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from graph.access import BREAK_GLASS_LASTS, Emergency, Facts, Purpose, Viewer
from graph.layers import Layer, Live
from graph.matching import Score
from graph.model import Identity
from graph.sealing import Keyring
from graph.store import Transaction
from graph.weights import NO_FREQUENCIES, Frequencies


@dataclass(frozen=True)
class Asking:
    """What a question needs to be answered: who asks, when, what they may see, and the keys.

    live: under which keys tokens stand. frequencies: how common names are; scores and
    closest: what a search found, by child, and what its sources say, the word that fits best first;
    cases: what a caseload holds, by child. chosen: those of them who are shown, and named: their family
    names; listed: records, as tokens, of the involvements and allocations that are shown; noted: what else
    the answer leaves in its record.
    """

    transaction: Transaction
    viewer: Viewer
    keyring: Keyring
    now: datetime
    today: date
    broker_line: str
    live: Live
    clearance: tuple[str, ...] = ()
    frequencies: Frequencies = NO_FREQUENCIES
    scores: dict[str, Score] = field(default_factory=dict)
    closest: dict[str, list[Identity]] = field(default_factory=dict)
    cases: dict[str, Any] = field(default_factory=dict)
    chosen: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    noted: dict[str, Any] = field(default_factory=dict)

    def sought(
        self, query: str, tokens: Callable[[Layer], Mapping[str, Iterable[str]]], **said: Any
    ) -> list[dict[str, Any]]:
        """What a query finds by tokens, as they stand in the graph at this moment.

        tokens: gives them by parameter, under one layer. The query says, after it has sought, which
        keys are live; where these are not those that were used, it is run again. While there are two,
        all is sought twice, as a token that is made anew is for an instant under neither.
        """
        found: list[dict[str, Any]] = []
        layers, looks = self.live.layers, 0
        while looks < len(layers):
            made = [tokens(layer) for layer in layers]
            params = {name: [token for one in made for token in one[name]] for name in made[0]}
            [row] = self.transaction.run(query, **params, clearance=self.clearance, **said)
            found += row["found"]
            now = self.live.note(row["keys"])
            if all(layer in layers for layer in now):
                looks += 1
            else:
                layers, looks = now, 0
        return found

    def facts(self, children: Iterable[str]) -> dict[str, Facts]:
        """What the graph says of each of these children and the viewer; nothing of who is not there."""
        wanted = dict.fromkeys(children)
        rows = self.transaction.run(
            "access/grounds",
            children=list(wanted),
            service=self.viewer.service,
            authorities=self.viewer.areas,
            today=self.today,
        )
        # In place of a child that is not there the query reads another one.
        return {
            row.pop("child"): Facts(exists=True, **row) for row in rows if row["child"] in wanted
        }

    def nobody(self, *parts: str) -> str:
        """An id as children have them, of no child; always the same one for the same parts."""
        return self.keyring.stamp("nobody", *parts)

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
        return self._opened(handle, f"{kind} {self.viewer.id}") or []

    def in_handle(self, handle: str) -> list[str]:
        """What `handle` sealed; an id of no child where it does not open."""
        opened = self._opened(handle, self.viewer.id)
        # One of an earlier version says less, and is not taken.
        if opened is None or len(opened) != 5:
            return [self.nobody(handle), "", "", "", self.now.isoformat()]
        return opened

    def _opened(self, handle: str, viewer: str) -> list[str] | None:
        return self.keyring.in_handle(handle, viewer, self.today, self.live.opening(self.today))

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
