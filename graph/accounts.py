"""Who may sign in: users are made, confirmed every four months, and ended."""

from collections.abc import Sequence
from typing import Any

from graph.access import Permission, Role, Viewer
from graph.audit import DONE, NOTHING, access_record
from graph.door import Graph
from graph.errors import BadQuestion
from graph.hours import LONDON
from graph.store import Transaction
from graph.strands import Pen
from graph.users import NewUser, Origin, Secrets, User, checked_password, new_secrets, stamp_of


class Accounts:
    """The door for users: they are made, renewed, listed, confirmed and ended, and it is recorded."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def add(self, viewer: Viewer, user: NewUser, password: str) -> Secrets:
        """Make a user of this machine's own; only a steward may. Return what they are given, once.

        Raises NotAllowed; BadQuestion where the password is too weak, the id taken, or no such service.
        """
        self._graph.gate(viewer, "AddUser", Permission.MANAGE_USERS)
        checked_password(user.id, user.name, password)
        given, kept = new_secrets(self._graph.keyring, user.id, password)
        now = self._graph.now()
        today = now.astimezone(LONDON).date()
        said = {"origin": Origin.OWN.value, "made_at": now, "made_by": viewer.id}
        confirmed = {"confirmed_on": today, "confirmed_by": viewer.id}
        made = {**user.model_dump(mode="json"), **said, **confirmed}
        made["stamp"] = stamp_of(self._graph.keyring, made)
        query = {"user": made, "secrets": kept, "service": user.service}
        if not self._done(viewer, "AddUser", user.id, "access/add_user", **query):
            raise BadQuestion(f"{user.id} is taken, or there is no service {user.service or ''}.")
        return given

    def renew(self, viewer: Viewer, user: str, password: str) -> Secrets:
        """A new password and new codes for a user; their sessions end; only a steward may.

        Raises NotAllowed, BadQuestion where the password is too weak or there is no such user.
        """
        self._graph.gate(viewer, "RenewUser", Permission.MANAGE_USERS)
        rows = self._graph.recorded(lambda tx, _: tx.run("access/user", user=user))
        known = rows[0]["user"] if rows else {"name": ""}
        checked_password(user, known["name"], password)
        given, kept = new_secrets(self._graph.keyring, user, password)
        kept["stamp"] = stamp_of(self._graph.keyring, known)
        if not self._done(viewer, "RenewUser", user, "access/renew_user", user=user, secrets=kept):
            raise BadQuestion("There is no such user of this machine's own.")
        return given

    def listed(self, viewer: Viewer) -> Sequence[User]:
        """Who may sign in: of a lead's area, or for a steward all; those due to be confirmed first.

        Raises NotAllowed.
        """
        self._graph.gate(viewer, "Users", Permission.CONFIRM_ACCESS)
        areas, today = _areas(viewer), self._graph.now().astimezone(LONDON).date()
        rows = self._recorded(viewer, "Users", {}, "report/users", authorities=areas, clearance=[])
        said = [{**row["user"], "seen_at": row["seen_at"], "today": today} for row in rows]
        return [User.model_validate(one) for one in said]

    def confirm(self, viewer: Viewer, user: str) -> None:
        """Somebody still needs their access: a lead says so in their area, a steward of anybody else.

        Raises NotAllowed, BadQuestion where there is nobody whom they may confirm.
        """
        self._graph.gate(viewer, "ConfirmUser", Permission.CONFIRM_ACCESS)
        today = self._graph.now().astimezone(LONDON).date()
        self._of_others(viewer, "ConfirmUser", user, "access/confirm_user", today=today)

    def end(self, viewer: Viewer, user: str) -> None:
        """Take somebody's access away; their sessions end everywhere at once.

        Raises NotAllowed, BadQuestion where there is nobody whose access they may end.
        """
        self._graph.gate(viewer, "EndUser", Permission.CONFIRM_ACCESS)
        now = self._graph.now()
        self._of_others(viewer, "EndUser", user, "access/end_user", now=now)

    def _of_others(self, viewer: Viewer, name: str, user: str, query: str, **said: Any) -> None:
        asked = {"user": user, "by": viewer.id, "authorities": _areas(viewer), **said}
        if not self._done(viewer, name, user, query, **asked):
            raise BadQuestion("There is no such user whose access is yours to confirm or to end.")

    def _done(self, viewer: Viewer, name: str, of: str, query: str, **said: Any) -> bool:
        return bool(self._recorded(viewer, name, {"of": of}, query, **said))

    def _recorded(
        self, viewer: Viewer, name: str, asked: dict[str, Any], query: str, **said: Any
    ) -> list[dict[str, Any]]:
        def work(tx: Transaction, pen: Pen) -> list[dict[str, Any]]:
            rows = tx.run(query, **said)
            # What is no user's id may be anything that somebody typed.
            outcome, told = (DONE, asked) if rows else (NOTHING, {})
            at = self._graph.now()
            pen.write(tx, access_record(viewer, name, told, outcome, None, (), len(rows), at))
            return rows

        return self._graph.recorded(work)


def _areas(viewer: Viewer) -> list[str] | None:
    return None if viewer.role is Role.STEWARD else viewer.areas
