"""Every view says who may call it; a view that says nothing is called by nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from graph import POLICY, NotAllowed, Permission, Viewer
from web.desk import desk
from web.session import viewer

V = TypeVar("V", bound=Callable[..., Any])
_NAME = "signpost_access"


@dataclass(frozen=True)
class Access:
    """Who may call a view: a role that POLICY names for `permission`; everybody where it is None."""

    permission: Permission | None
    why: str = ""


def needs(permission: Permission) -> Callable[[V], V]:
    """Only for who is signed in and whose role the policy names for this permission.

    Whether they may know this one child is decided behind the door.
    """
    return _declared(Access(permission))


def open_to_all(why: str) -> Callable[[V], V]:
    """For everybody, signed in or not; `why` says what makes that safe."""
    return _declared(Access(None, why))


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view declares."""
    return getattr(view, _NAME, None)


def may(viewer: Viewer | None, permission: Permission) -> bool:
    """True where the policy names this viewer's role at all."""
    return viewer is not None and viewer.role in POLICY.get(permission, {})


def check_access() -> Response | None:
    """Run before every request: None to go on, else the way to the sign-in page.

    Raises Unauthorized in the API, NotAllowed where the role may never or the view says nothing.
    """
    if request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise NotAllowed("This page does not say who may see it, so nobody may.")
    if access.permission is None:
        return None
    return _check(viewer(), access.permission)


def _check(one: Viewer | None, permission: Permission) -> Response | None:
    if one is None and request.path.startswith("/api/"):
        raise Unauthorized
    if one is None:
        return redirect(url_for("entry.sign_in"), code=303)
    desk().graph.gate(one, request.endpoint or "", permission)
    return None


def _declared(access: Access) -> Callable[[V], V]:
    def mark(view: V) -> V:
        setattr(view, _NAME, access)
        return view

    return mark
