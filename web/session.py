"""Who is signed in, and what they stated: kept in a signed cookie and nowhere else.

The cookie holds the person's id, when they signed in, and the purpose or emergency with the reference
of their last search. It ends after 30 idle minutes, and after 12 hours whatever happens.
"""

import os
import secrets
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from graph import BadSetting, Viewer
from web.desk import desk

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KEY_BYTES = 32


class PageSessions(SecureCookieSessionInterface):
    """Sessions whose cookie is not sent with files that a cache may keep for others."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """True where the cookie is new, or its idle time begins again."""
        return request.blueprint != "assets" and super().should_set_cookie(app, session)


def session_key(path: Path) -> bytes:
    """The key that signs sessions; made, mode 600, where there is none.

    Raises BadSetting where the file is open to others or too short.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSetting(f"{path} is open to other users; close it with: chmod 600 {path}")
    key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise BadSetting(f"{path} is too short for a session key; remove it and start again.")
    return key


def keep_sessions(app: Flask, key: bytes, host: str) -> None:
    """Set how the cookie is signed and sent; away from this machine only over TLS."""
    secure = host not in LOOPBACK
    app.secret_key = key
    app.session_interface = PageSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-signpost" if secure else "signpost",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=IDLE,
    )


def sign_in(person: str) -> bool:
    """Begin a session anew for this person; False where nobody has that id."""
    session.clear()
    if person not in desk().people:
        return False
    session["person"] = person
    session["since"] = int(datetime.now(UTC).timestamp())
    session.permanent = True
    return True


def sign_out() -> None:
    """End the session."""
    session.clear()


def viewer() -> Viewer | None:
    """Who is signed in; None where nobody is or the session is too old.

    What they state for a child travels in the child's handle.
    """
    person = desk().people.get(session.get("person", ""))
    started = datetime.fromtimestamp(session.get("since", 0), UTC)
    if person is None or datetime.now(UTC) - started > LONGEST:
        return None
    return person.viewer()
