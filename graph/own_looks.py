"""The viewer's own looks of today: whoever closed a child's map finds it again without typing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from graph.access import Emergency, Ground, Permission, Purpose
from graph.asking import Asking
from graph.hours import LONDON
from graph.map_rows import identities_of
from graph.model import Identity, Model
from graph.questions import Question

MOST = 20
# Whom a stated reason opened is not named, and not asked for either: each would be a refusal on record.
_OWN = (Ground.OWN_SERVICE, Ground.OWN_AREA)


class OwnLook(Model):
    """A child whose map the viewer opened today, by the last time that they did.

    handle: opens the map with what was stated then; ground, purpose, emergency, reference: of then;
    identity: given and family name, None where the viewer may not know them without stating why, or any
    more.
    """

    handle: str
    at: datetime
    ground: Ground
    purpose: Purpose | None = None
    emergency: Emergency | None = None
    reference: str | None = None
    identity: Identity | None = None


class OwnLookList(Model):
    """The children whose maps the viewer opened today, the latest first, at most MOST."""

    looks: Sequence[OwnLook] = ()

    @property
    def shown(self) -> int:
        """How many; for the access record."""
        return len(self.looks)


class OwnLooks(Question[OwnLookList]):
    """Whose maps did I open today, in London?"""

    permission = Permission.SEE_OWN_LOOKS
    chooses = True

    def candidates(self, asking: Asking) -> list[str]:
        """Those opened by a ground of the viewer's own, which may hold still; nobody who is shielded."""
        rows = self._looks(asking)
        return [row["child"] for row in rows if row["ground"] in _OWN and not row["shielded"]]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> OwnLookList:
        """A line for each child, with the name of those whom the viewer may know now."""
        rows = self._looks(asking)
        named = self._named(asking, [child for child, hidden in children.items() if not hidden])
        asking.chosen.extend(row["child"] for row in rows if row["child"] in named)
        return OwnLookList(looks=[_look(asking, row, named.get(row["child"])) for row in rows])

    def _looks(self, asking: Asking) -> list[dict[str, Any]]:
        return asking.transaction.run(
            "find/own_looks",
            user=asking.viewer.id,
            since=datetime.combine(asking.today, time(), LONDON),
            most=MOST,
            clearance=asking.clearance,
        )

    def _named(self, asking: Asking, children: Sequence[str]) -> dict[str, Identity]:
        rows = asking.transaction.run(
            "ask/own_looks", children=children, clearance=asking.clearance
        )
        named = {
            row["child"]: _names(identities_of(row["identities"], asking.keyring)) for row in rows
        }
        return {child: names for child, names in named.items() if names}


def _names(known: Sequence[Identity]) -> Identity | None:
    """Given and family name, as the map says them first, and nothing else of who the child is."""
    for one in known:
        if one.given_name or one.family_name:
            return Identity(given_name=one.given_name, family_name=one.family_name)
    return None


def _look(asking: Asking, row: Mapping[str, Any], identity: Identity | None) -> OwnLook:
    """A line, with a handle that says what the handle of then said, and from the same time on."""
    stated = {name: row[name] for name in ("purpose", "emergency", "reference")}
    viewer = asking.viewer.stating(**stated, stated_at=row["stated_at"])
    handle = replace(asking, viewer=viewer).handle(row["child"])
    return OwnLook(handle=handle, at=row["at"], ground=row["ground"], identity=identity, **stated)
