"""Signing in: sessions that are kept here, so that they end at once; passwords, codes and locks."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from graph import credentials
from graph.access import Role, Viewer
from graph.audit import DONE, LOCKED, NOT_SIGNED_IN, SLOWED, access_record
from graph.door import Graph
from graph.errors import NotSignedIn
from graph.hours import LONDON
from graph.keeping import CONFIRMED_FOR, IDLE, LOCKED_FOR, LONGEST, PROVED_FOR
from graph.messages import BROKER
from graph.model import Model
from graph.store import Transaction
from graph.strands import Pen
from graph.users import (
    UNKNOWN,
    NewUser,
    Origin,
    recovery_tokens,
    secret_of,
    stamp_of,
)

_NOTED = timedelta(minutes=1)
FAILURES = 5
# Who has a name that nobody has: what they typed is kept nowhere.
_SOMEBODY = Viewer(id=UNKNOWN, role=Role.PRACTITIONER)
_NOT_SO = "The user, the password or the one-time code is not right."
_UNCONFIRMED = (
    "Your access was not confirmed for four months, so it ended. Ask your lead to confirm it."
)
_ENDED = "Your access was ended. Ask your lead."


class SignedIn(Model):
    """Whose session this is.

    origin: who says that they are who they are; proved: whether they gave a second factor just now.
    """

    viewer: Viewer
    origin: Origin
    proved: bool


class Sessions:
    """The door for who comes in: they sign in, prove themselves again and sign out, and it is recorded."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def sign_in(self, user: str, password: str, code: str) -> str:
        """Begin a session for a user of this machine's own.

        code: a one-time code, or a recovery code. Return what their cookie is to hold.
        Raises NotSignedIn: all that does not fit is told in the same words, after the same time.
        """
        known, now = self._known(user), self._graph.now()
        kept = secret_of(self._graph.keyring, known, "password") if known else credentials.NOBODY
        right = credentials.fits(password, kept)
        locked = _is_locked(known, now)
        # As many statements run whatever it is that does not fit.
        if not self._spent(known, code, now, counts=right and not locked) or known is None:
            self._failed(known, now, locked)
            raise NotSignedIn(_NOT_SO)
        self._still_open(_viewer(known), known, now)
        return self._begin(_viewer(known), now, timedelta())

    def bring(
        self, user: NewUser, origin: Origin, subject: str, proved: timedelta | None = None
    ) -> str:
        """Begin a session for somebody whom an organisation signs in, or the demo.

        subject: who they are there, for good; proved: how long ago they gave a second factor, None where
        they did not. Return what their cookie is to hold.
        They keep the id with which they first came. Raises NotSignedIn where their access has ended, or
        another has this id.
        """
        now = self._graph.now()
        told = user.model_dump(mode="json", include=set(NewUser.model_fields) - {"id"})
        told |= {"origin": origin.value, "subject": self._subject(subject)}
        said = {"id": user.id, "user": told, "now": now, "today": now.astimezone(LONDON).date()}
        rows = self._graph.recorded(lambda tx, _: self._brought(tx, said))
        if not rows:
            self._graph.note(_SOMEBODY, "SignIn", {}, NOT_SIGNED_IN)
            raise NotSignedIn("Somebody else has this user's name here. Ask your lead.")
        viewer = user.model_copy(update={"id": rows[0]["id"]}).viewer()
        if origin is not Origin.DEMO:
            self._still_open(viewer, rows[0], now)
        return self._begin(viewer, now, proved)

    def _brought(self, tx: Transaction, said: dict[str, Any]) -> list[dict[str, Any]]:
        rows = tx.run("access/brought_user", **said)
        for row in rows:
            stamp = stamp_of(self._graph.keyring, {**said["user"], "id": row["id"]})
            tx.run("access/stamped_user", user=row["id"], stamp=stamp)
        return rows

    def turn_away(self, subject: str) -> None:
        """End all sessions of somebody to whom their organisation gives no access, and record it.

        subject: who they are there, for good.
        """
        token, now = self._subject(subject), self._graph.now()

        def end(tx: Transaction, pen: Pen) -> None:
            rows = tx.run("access/turned_away", subject=token)
            viewer = _viewer(rows[0]["user"]) if rows else _SOMEBODY
            pen.write(tx, access_record(viewer, "SignIn", {}, NOT_SIGNED_IN, None, (), 0, now))

        self._graph.recorded(end)

    def signed_in(self, held: str) -> SignedIn | None:
        """Whose session this is; None where it is over, or their access has ended.

        held: what their cookie holds.
        """
        now = self._graph.now()
        found = self._graph.recorded(
            lambda tx, _: tx.run(
                "access/session",
                token=self._token(held),
                now=now,
                idle=now - IDLE,
                began=now - LONGEST,
                noted=now - _NOTED,
                confirmed=now.astimezone(LONDON).date() - CONFIRMED_FOR,
            )
        )
        if not found or not self._as_written(held, **found[0]):
            return None
        return SignedIn(
            viewer=_viewer(found[0]["user"]),
            origin=Origin(found[0]["user"]["origin"]),
            proved=bool(found[0]["proved_at"]) and now - found[0]["proved_at"] < PROVED_FOR,
        )

    def prove(self, held: str, viewer: Viewer, code: str) -> bool:
        """A second factor again, for what needs one; False, and counted, where the code is none."""
        known, now = self._known(viewer.id), self._graph.now()
        locked = _is_locked(known, now)
        if not self._spent(known, code, now, counts=not locked):
            self._failed(known, now, locked)
            return False
        token = self._token(held)
        self._graph.recorded(lambda tx, _: tx.run("access/proved_session", token=token, now=now))
        return True

    def sign_out(self, held: str) -> None:
        """End a session."""
        token = self._token(held)
        self._graph.recorded(lambda tx, _: tx.run("access/end_session", token=token))

    def slowed(self, viewer: Viewer, where: str, tells: bool) -> None:
        """Note that somebody asked for more than anybody needs, so that their lead sees it.

        tells: whether their lead is sent a message, too.
        """
        self._graph.note(viewer, where, {}, SLOWED)
        if tells and viewer.authority:
            self._graph.tell([viewer.authority])

    def slowed_address(self, address: str, where: str, tells: bool) -> None:
        """Note that too much failed from an address, so that an auditor sees it; nobody's lead is there.

        address: of which a keyed token is kept, and nothing else; tells: whether the broker is sent a
        message, too.
        """
        token = self._graph.keyring.stamp("address", address)
        self._graph.note(_SOMEBODY, where, {"address": token}, SLOWED)
        if tells:
            self._graph.tell([BROKER])

    def _known(self, user: str) -> dict[str, Any] | None:
        rows = self._graph.recorded(lambda tx, _: tx.run("access/user", user=user))
        found = rows[0]["user"] if rows else {}
        ours = found.get("origin") == Origin.OWN.value and self._is_stamped(found)
        return found if ours else None

    def _spent(self, known: dict[str, Any] | None, code: str, now: datetime, counts: bool) -> bool:
        """Whether a code is right, and it counts; then it does not do again."""
        user = known["id"] if known and counts else ""
        secret = secret_of(self._graph.keyring, known, "otp") if known else credentials.NO_SECRET
        plain = credentials.plain(code)
        step = credentials.step_of(plain, secret, now)
        recovery = None if step else recovery_tokens(self._graph.keyring, user, plain)
        said = {"user": user, "step": step, "recovery": recovery}
        return bool(self._graph.recorded(lambda tx, _: tx.run("access/proved", **said)))

    def _failed(self, known: dict[str, Any] | None, now: datetime, locked: bool) -> None:
        """Count and record it; of somebody unknown only that somebody tried."""
        viewer = _viewer(known) if known else _SOMEBODY
        user = known["id"] if known and not locked else ""
        said = {"user": user, "most": FAILURES, "until": now + LOCKED_FOR}

        def fail(tx: Transaction, pen: Pen) -> None:
            rows = tx.run("access/failed", **said)
            outcome = LOCKED if locked or any(row["locked"] for row in rows) else NOT_SIGNED_IN
            pen.write(tx, access_record(viewer, "SignIn", {}, outcome, None, (), 0, now))

        self._graph.recorded(fail)

    def _still_open(self, viewer: Viewer, kept: dict[str, Any], now: datetime) -> None:
        unconfirmed = kept["confirmed_on"] < now.astimezone(LONDON).date() - CONFIRMED_FOR
        if kept.get("ended_at") or unconfirmed:
            self._graph.note(viewer, "SignIn", {}, NOT_SIGNED_IN)
            raise NotSignedIn(_ENDED if kept.get("ended_at") else _UNCONFIRMED)

    def _begin(self, viewer: Viewer, now: datetime, proved: timedelta | None) -> str:
        held = secrets.token_urlsafe(32)
        said = {"user": viewer.id, "token": self._token(held), "now": now, "idle": now - IDLE}
        said["stamp"] = self._stamp(held, viewer.id)
        said["proved"] = None if proved is None else now - proved
        record = access_record(viewer, "SignIn", {}, DONE, None, (), 0, now)

        def begin(tx: Transaction, pen: Pen) -> None:
            tx.run("access/begin_session", **said)
            pen.write(tx, record)

        self._graph.recorded(begin)
        return held

    def _as_written(self, held: str, user: dict[str, Any], stamp: str | None, **_: Any) -> bool:
        """False where somebody changed in the database whose session it is, or what they may."""
        return self._is_stamped(user) and stamp == self._stamp(held, user["id"])

    def _is_stamped(self, user: dict[str, Any]) -> bool:
        return user.get("stamp") == stamp_of(self._graph.keyring, user)

    def _stamp(self, held: str, user: str) -> str:
        return self._graph.keyring.stamp("session of", held, user)

    def _subject(self, subject: str) -> str:
        return self._graph.keyring.stamp("subject", subject)

    def _token(self, held: str) -> str:
        """Under the newest key of the file: once one is added, what an older one made opens nothing."""
        keyring = self._graph.keyring
        keyring.refresh()
        return keyring.turned(keyring.stamp("session", held), keyring.current)


def _is_locked(known: dict[str, Any] | None, now: datetime) -> bool:
    until = known.get("locked_until") if known else None
    return until is not None and now < until


def _viewer(known: dict[str, Any]) -> Viewer:
    return Viewer.model_validate({name: known.get(name) for name in NewUser.model_fields})
