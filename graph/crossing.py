"""The question on both sides of the boundaries that a child's services cross."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from graph.access import Permission, Viewer
from graph.asking import Asking
from graph.questions import Question, ServiceMapOf
from graph.sides import Boundaries, boundaries_of


class BoundariesOf(Question[Boundaries]):
    """Which boundaries do this child's services cross, and whom do I ring on either side?

    child, on, known_at: as of ServiceMapOf, of whose answer it is made.
    """

    permission = Permission.SEE_SERVICE_MAP
    needs_child = True
    child: str
    on: date | None = None
    known_at: datetime | None = None

    @property
    def map(self) -> ServiceMapOf:
        """The map on which they are."""
        return ServiceMapOf(child=self.child, on=self.on, known_at=self.known_at)

    def asked(self) -> dict[str, Any]:
        """The two dates."""
        return self.map.asked()

    def asker(self, asking: Asking) -> Viewer:
        """As for the map."""
        return self.map.asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """As for the map."""
        return self.map.candidates(asking)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Boundaries:
        """The map with its boundaries; restricted and empty where the child is shielded."""
        shown = self.map.answer(asking, children)
        ring = partial(self.map.contacts, asking)
        return Boundaries(map=shown, boundaries=boundaries_of(shown, ring))
