"""Signs that somebody looks where they have no business to: counts with a reason, no score, never of whom.

A sign is a question to ask somebody, and no verdict on them. What each pattern holds, and what it cannot
see, is in docs/misuse.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Any

from pydantic import Field

from graph.access import EXPLAIN_WITHIN, Permission, Role
from graph.asking import Asking
from graph.hours import staffed
from graph.model import Model
from graph.namesakes import says_so
from graph.questions import Question
from graph.users import UNKNOWN

# After a look by a purpose an involvement begins within this: an assessment may take 45 working days
# (Working Together to Safeguard Children 2023, chapter 3), which are about 60 days. Of a front door's looks
# many rightly come to nothing, so of fewer than 3 nothing is said.
FOLLOWED_WITHIN, FEWEST_UNFOLLOWED = timedelta(days=60), 3
# A strategy discussion has at least social care, health and police (the same, paragraph 3.22), and each
# may be two people; five who have no ground of their own are more than one discussion.
TOGETHER, FEWEST_USERS = timedelta(days=30), 5
# Who stayed late once, or twice, is no sign.
FEWEST_NIGHTS = 3
# Half of all are over the median; three times of it, and a look on each working day, few are.
PEER_DAYS, TIMES_USUAL, FEWEST_LOOKS, FEWEST_PEERS = timedelta(days=30), 3, 20, 5
# One child is seldom searched by name more than four or five times; fifteen in an hour are many children.
FEWEST_SEARCHES = 15
# Of one pattern at most so many signs, the latest, and of one sign so many references.
MOST, MOST_REFERENCES = 200, 20


class Pattern(StrEnum):
    """What a sign is a sign of."""

    NO_INVOLVEMENT = "looks that nothing followed"
    NAMESAKES = "their own family name"
    SAME_CHILD = "many at one child"
    ODD_HOURS = "by night"
    OVER_PEERS = "far more than their peers"
    UNEXPLAINED = "break-glass not explained"
    WALKS = "searches that walk through names"
    SLOWED = "slowed down"


class MisuseSign(Model):
    """One sign: of whom, how many, why it is one; references: what they stated, for asking them about it."""

    pattern: Pattern
    users: Sequence[str]
    count: int
    why: str
    first: datetime
    last: datetime
    references: Sequence[str] = ()


class MisuseList(Model):
    """Signs, pattern by pattern; within one by user, in no order of weight.

    total: how many there are of each pattern, of which at most MOST are listed, the latest.
    """

    signs: Sequence[MisuseSign] = ()
    total: Mapping[Pattern, int]

    @property
    def shown(self) -> int:
        """How many signs are shown; for the access record."""
        return len(self.signs)


class MisuseSigns(Question[MisuseList]):
    """Which signs of misuse are there in my area, of the last days?"""

    permission = Permission.SEE_MISUSE
    seconds = 300  # it reads all that was recorded in those days
    days: Annotated[int, Field(ge=1, le=365)] = 30

    def asked(self) -> dict[str, Any]:
        """Of how many days."""
        return {"days": self.days}

    def answer(self, asking: Asking, children: Mapping[str, bool]) -> MisuseList:
        """All patterns; a lead sees those of users of their own area, an auditor all."""
        found = {one: _FINDERS[one](asking, timedelta(days=self.days)) for one in Pattern}
        kept = {one: sorted(signs, key=_last)[-MOST:] for one, signs in found.items()}
        return MisuseList(
            signs=[sign for signs in kept.values() for sign in sorted(signs, key=_users)],
            total={one: len(signs) for one, signs in found.items()},
        )


def _last(sign: MisuseSign) -> datetime:
    return sign.last


def _users(sign: MisuseSign) -> tuple[str, ...]:
    return tuple(sign.users)


def _rows(asking: Asking, name: str, since: datetime, **more: Any) -> list[dict[str, Any]]:
    everywhere = asking.viewer.role is Role.AUDITOR
    return asking.transaction.run(
        name,
        since=since,
        authorities=None if everywhere else asking.viewer.areas,
        clearance=asking.clearance,
        **more,
    )


def _sign(pattern: Pattern, row: Mapping[str, Any], why: str) -> MisuseSign:
    said = dict.fromkeys(one for one in reversed(row.get("references", ())) if one)
    return MisuseSign(
        pattern=pattern,
        users=row.get("users") or [row["user"]],
        count=row["count"],
        why=why,
        first=row["first"],
        last=row["last"],
        references=list(said)[:MOST_REFERENCES],
    )


def _no_involvement(asking: Asking, days: timedelta) -> list[MisuseSign]:
    until = asking.now - FOLLOWED_WITHIN
    within = FOLLOWED_WITHIN.days
    rows = _rows(
        asking,
        "report/misuse_no_involvement",
        until - days,
        until=until,
        within=within,
        fewest=FEWEST_UNFOLLOWED,
    )
    why = "Of {total} looks for a stated purpose {count} were followed by no involvement of their service"
    why += f" within {within} days."
    return [_sign(Pattern.NO_INVOLVEMENT, row, why.format(**row)) for row in rows]


def _namesakes(asking: Asking, days: timedelta) -> list[MisuseSign]:
    rows = _rows(asking, "report/misuse_namesakes", asking.now - days)
    marked = [row for row in rows if says_so(asking.keyring, row["namesake"])]
    why = "They were shown a child of their own family name, which is not a common one: times {count}."
    return [_sign(Pattern.NAMESAKES, row, why.format(**row)) for row in _by_user(marked)]


def _same_child(asking: Asking, days: timedelta) -> list[MisuseSign]:
    since = asking.now - days
    rows = _rows(
        asking,
        "report/misuse_same_child",
        since,
        before=since - TOGETHER,
        days=TOGETHER.days,
        fewest=FEWEST_USERS,
    )
    why = "{count} users whose services are not involved opened one child"
    why += f" within {TOGETHER.days} days."
    return [_sign(Pattern.SAME_CHILD, row, why.format(**row)) for row in rows]


def _odd_hours(asking: Asking, days: timedelta) -> list[MisuseSign]:
    rows = _rows(asking, "report/misuse_odd_hours", asking.now - days)
    closed = [row for row in rows if not _open(row["hours"], row["at"])]
    found = [row for row in _by_user(closed) if row["count"] >= FEWEST_NIGHTS]
    why = "They opened {count} children between 22:00 and 06:00, when their service is closed."
    return [_sign(Pattern.ODD_HOURS, row, why.format(**row)) for row in found]


def _open(hours: str, at: datetime) -> bool:
    """Open at that time of the week: a night shift works on a bank holiday, too."""
    return any(staffed(hours, at + timedelta(weeks=week)) for week in (-1, 0, 1))


def _over_peers(asking: Asking, days: timedelta) -> list[MisuseSign]:
    rows = _rows(
        asking,
        "report/misuse_over_peers",
        asking.now - PEER_DAYS,
        times=TIMES_USUAL,
        fewest=FEWEST_LOOKS,
        peers=FEWEST_PEERS,
    )
    why = "{count} looks" + f" in {PEER_DAYS.days} days, where {{usual:g}} are usual among"
    why += " {peers} peers of the same role and kind of service."
    return [_sign(Pattern.OVER_PEERS, row, why.format(**row)) for row in rows]


def _unexplained(asking: Asking, days: timedelta) -> list[MisuseSign]:
    until = asking.now - EXPLAIN_WITHIN
    rows = _rows(asking, "report/misuse_unexplained", asking.now - days, until=until)
    why = "They opened a child in an emergency and did not explain it within a day: times {count}."
    return [_sign(Pattern.UNEXPLAINED, row, why.format(**row)) for row in rows]


def _walks(asking: Asking, days: timedelta) -> list[MisuseSign]:
    rows = _rows(asking, "report/misuse_walks", asking.now - days, fewest=FEWEST_SEARCHES)
    why = "{count} searches by name that found nobody, or nobody whom they opened,"
    why += f" {FEWEST_SEARCHES} or more of them within an hour."
    return [_sign(Pattern.WALKS, row, why.format(**row)) for row in rows]


def _slowed(asking: Asking, days: timedelta) -> list[MisuseSign]:
    rows = _rows(asking, "report/misuse_slowed", asking.now - days)
    why = "They asked for more than anybody needs, and were slowed down in {count} minutes."
    # Of whom nobody knows, it is an address; each leaves a record once an hour.
    where = (
        "Sign-ins failed more often than anybody's do, and an address was slowed down: in an hour once, "
        "of all addresses times {count}."
    )
    said = {row["user"]: where if row["user"] == UNKNOWN else why for row in rows}
    return [_sign(Pattern.SLOWED, row, said[row["user"]].format(**row)) for row in rows]


def _by_user(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one time each, in the order of users and times, as one row of each user."""
    found = []
    for user, of in groupby(rows, key=lambda row: row["user"]):
        times = list(of)
        references = [row["reference"] for row in times]
        spans = {"first": times[0]["at"], "last": times[-1]["at"]}
        found.append({"user": user, "count": len(times), "references": references, **spans})
    return found


_FINDERS: Mapping[Pattern, Callable[[Asking, timedelta], list[MisuseSign]]] = {
    Pattern.NO_INVOLVEMENT: _no_involvement,
    Pattern.NAMESAKES: _namesakes,
    Pattern.SAME_CHILD: _same_child,
    Pattern.ODD_HOURS: _odd_hours,
    Pattern.OVER_PEERS: _over_peers,
    Pattern.UNEXPLAINED: _unexplained,
    Pattern.WALKS: _walks,
    Pattern.SLOWED: _slowed,
}
