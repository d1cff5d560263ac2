"""The question on both sides of the boundaries that a child's services cross."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from graph.access import Permission, Viewer
from graph.asking import Asking
from graph.questions import Question, ServiceMapOf
from graph.sides import Boundaries, boundaries_of


class BoundariesOf(Question[Boundaries]):
    """Which boundaries do this child's services cross, and whom do I ring on either side?

    of: the map on which they are.
    """

    permission = Permission.SEE_SERVICE_MAP
    needs_child = True
    of: ServiceMapOf

    def asked(self) -> dict[str, Any]:
        """The two dates."""
        return self.of.asked()

    def asker(self, asking: Asking) -> Viewer:
        """As for the map."""
        return self.of.asker(asking)

    def candidates(self, asking: Asking) -> list[str]:
        """As for the map."""
        return self.of.candidates(asking)

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Boundaries:
        """The map with its boundaries; restricted and empty where the child is shielded."""
        shown = self.of.answer(asking, children)
        ring = partial(self.of.contacts, asking)
        return Boundaries(map=shown, boundaries=boundaries_of(shown, ring))
