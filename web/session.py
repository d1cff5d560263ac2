"""Who is signed in: the signed cookie holds a random word, and the session is kept behind the door.

It ends after 30 idle minutes, after 12 hours whatever happens, and at once when access is taken away.
"""

import os
import secrets
import stat
from pathlib import Path

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from graph import IDLE, BadSetting, NotAllowed, Origin, Settings, SignedIn, Viewer
from web.desk import desk

NEEDS_CODE = "One-time code is needed to take a file away, and must be right and not used before."
_KEY_BYTES = 32
_HELD, _SIGNED_IN = "held", "signpost_signed_in"


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


def keep_sessions(app: Flask, key: bytes, settings: Settings) -> None:
    """Set how the cookie is signed and sent: over TLS only, unless everything is on this machine.

    Where an organisation signs in, browsers come back from its site, and would hold a strict cookie back.
    """
    secure = settings.url.startswith("https:")
    app.secret_key = key
    app.session_interface = PageSessions()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-signpost" if secure else "signpost",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax" if settings.oidc_issuer else "Strict",
        PERMANENT_SESSION_LIFETIME=IDLE,
    )


def enter(held: str) -> None:
    """Begin a session anew for whoever `Sessions` let in; held: what it gave."""
    session.clear()
    session[_HELD] = held
    session.permanent = True
    g.pop(_SIGNED_IN, None)


def sign_out() -> None:
    """End the session, here and in the cookie."""
    if held := session.get(_HELD):
        desk().sessions.sign_out(held)
    session.clear()
    g.pop(_SIGNED_IN, None)


def signed_in() -> SignedIn | None:
    """Whose session this is; None where nobody is signed in, or it is over. Looked up once a request."""
    if _SIGNED_IN not in g:
        setattr(g, _SIGNED_IN, _look_up())
    return g.get(_SIGNED_IN)


def viewer() -> Viewer | None:
    """Who is signed in; what they state for a child travels in the child's handle."""
    found = signed_in()
    return found and found.viewer


def known() -> Viewer:
    """The viewer whom check_access has let through."""
    found = viewer()
    if found is None:
        raise NotAllowed("Sign in first.")
    return found


def origin() -> Origin:
    """Who says that whoever is signed in is who they are."""
    found = signed_in()
    return found.origin if found else Origin.DEMO


def prove(code: str) -> bool:
    """Whether whoever is signed in has a second factor: just now, or by this code. At a demo always."""
    found = signed_in()
    if found is None or found.proved or found.origin is Origin.DEMO:
        return found is not None
    return bool(code) and desk().sessions.prove(session[_HELD], found.viewer, code)


def _look_up() -> SignedIn | None:
    held = session.get(_HELD)
    found = desk().sessions.signed_in(held) if held else None
    if found and found.origin is Origin.DEMO and not desk().settings.demo:
        return None
    return found
