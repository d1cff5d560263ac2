"""As was seen: what a user was shown, replayed from the graph and held against what was kept of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from graph.access import Permission, UserId
from graph.answers import ServiceMap
from graph.asking import Asking
from graph.audit import SHOWN
from graph.hours import LONDON
from graph.model import Model
from graph.questions import Question, ServiceMapOf

_SEEN = "seen"


class SeenMap(Model):
    """One time that a user asked for a service map, and nothing of whose it was.

    clearance: what they might see of it; comparable: something was kept to hold a replay against.
    """

    handle: str
    at: datetime
    outcome: str
    clearance: Sequence[str]
    on: date | None
    known_at: datetime | None
    comparable: bool


class SeenMaps(Model):
    """The service maps that a user asked for on one day, the first first."""

    maps: Sequence[SeenMap] = ()

    @property
    def shown(self) -> int:
        """How many are shown; for the access record."""
        return len(self.maps)


class MapsSeen(Question[SeenMaps]):
    """Which service maps did this user ask for on this day, in London?"""

    permission = Permission.SEE_AS_WAS
    user: UserId
    day: date

    def asked(self) -> dict[str, Any]:
        """Of whom, and of which day."""
        return {"of_user": self.user, "of_day": self.day}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> SeenMaps:
        """At most a thousand of them, each with its handle."""
        rows = asking.transaction.run(
            "report/maps_seen",
            user=self.user,
            since=_midnight(self.day),
            before=_midnight(self.day + timedelta(days=1)),
            clearance=asking.clearance,
        )
        return SeenMaps(
            maps=[SeenMap(handle=asking.handle_of(_SEEN, row.pop("look")), **row) for row in rows]
        )


class Replay(StrEnum):
    """What a replay came to."""

    EQUAL = "equal to what was shown then"
    DIFFERENT = "not equal to what was shown then"
    NOT_KEPT = "shown then, but nothing was kept to compare with"
    NOTHING = "no map was shown then"
    RESTRICTED = "restricted"
    UNKNOWN = "no such look"


class Seen(Model):
    """What a user was shown, as the graph gives it back.

    map: without identity and handle, and without whom to ring; gone: how many involvements and named
    workers were shown then and are not in the replay: deleted, or not this child's any more; more: how
    many are in the replay and were not shown then.
    """

    replay: Replay
    at: datetime | None = None
    user: str | None = None
    role: str | None = None
    gone: int = 0
    more: int = 0
    map: ServiceMap | None = None

    @property
    def shown(self) -> int:
        """How many involvements are shown; for the access record."""
        return self.map.shown if self.map else 0


class AsWasSeen(Question[Seen]):
    """What was this user shown then, as the graph gives it back today?

    look: the handle that the list of a user's day gave.
    """

    permission = Permission.SEE_AS_WAS
    look: str

    def candidates(self, asking: Asking) -> list[str]:
        """The child whose map it was, where it is still in the graph; which look goes into the record."""
        record = self._record(asking)
        if record is None:
            return []
        asking.noted["look"] = record["id"]
        return list(asking.facts(record["children"]))[:1]

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> Seen:
        """The map of then, and whether it is what was shown; nothing of a child who is shielded now."""
        record = self._record(asking)
        if record is None:
            return Seen(replay=Replay.UNKNOWN)
        if any(children.values()):
            return Seen(replay=Replay.RESTRICTED)
        then = {"at": record["at"], "user": record["user"], "role": record["role"]}
        if record["outcome"] != SHOWN:
            return Seen(replay=Replay.NOTHING, **then)
        found = _replayed(asking, record, next(iter(children), None))
        return found.model_copy(update=then)

    def _record(self, asking: Asking) -> dict[str, Any] | None:
        look = next(iter(asking.in_handle_of(_SEEN, self.look)), "")
        rows = asking.transaction.run("access/look", look=look)
        return rows[0]["record"] if rows else None


def _replayed(asking: Asking, record: Mapping[str, Any], child: str | None) -> Seen:
    """The map as it was shown, with the clearance of then, but no identity."""
    at = record["at"]
    then = replace(
        asking,
        now=at,
        today=at.astimezone(LONDON).date(),
        clearance=tuple(word for word in record.get("clearance", ()) if word != "identity"),
        listed=[],
        noted={},
    )
    shown = None
    if child:
        known_at = record.get("known_at") or at
        question = ServiceMapOf(child="-", on=record.get("on"), known_at=known_at)
        answer = question.answer(then, {child: False})
        shown = answer.model_copy(update={"handle": "", "ring_now": ()})
    gone = more = 0
    if "involvements" in record:
        # Written under the key of that day.
        was = [asking.keyring.bare(token) for token in record["involvements"]]
        now_listed = [asking.keyring.bare(token) for token in then.listed]
        gone, more = _less(was, now_listed), _less(now_listed, was)
    kept, now = record.get("digest"), then.noted.get("digest")
    same = kept == now and not gone and not more
    replay = (Replay.EQUAL if same else Replay.DIFFERENT) if kept else Replay.NOT_KEPT
    return Seen(replay=replay, gone=gone, more=more, map=shown)


def _less(some: Iterable[str], others: Iterable[str]) -> int:
    """How many of some are not among the others, each as often as it stands there."""
    return (Counter(some) - Counter(others)).total()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
