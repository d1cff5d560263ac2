"""Signing in through an organisation: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636)."""

import time
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app, redirect, request, session
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from graph import BadSetting, NotSignedIn, Origin, Settings
from web.claims import Claims
from web.desk import desk

_NAME = "signpost_organisation"
_AWAY = "Your organisation's sign-in did not answer, or did not sign you in. Try again in a minute."
_SECONDS = 10
_ASKED_AGAIN = "asked_again"


@dataclass(frozen=True)
class Organisation:
    """An organisation's sign-in, and what its claims mean here."""

    client: Any
    claims: Claims


def connect(app: Flask, settings: Settings) -> None:
    """Prepare the sign-in of the organisation that the settings name; nothing where they name none.

    Raises BadSetting where the secret or the table of claims cannot be read.
    """
    if not settings.oidc_issuer:
        return
    secret = settings.oidc_secret_file
    if secret is None or not secret.is_file() or secret.stat().st_mode & 0o007:
        raise BadSetting(
            "SIGNPOST_OIDC_SECRET_FILE must name the file that holds the client's secret, mode 600."
        )
    client = OAuth(app).register(
        "organisation",
        client_id=settings.oidc_client,
        client_secret=secret.read_text().strip(),
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
        },
    )
    app.extensions[_NAME] = Organisation(client, Claims.read(settings.oidc_claims_file))


def ask(again: bool) -> ResponseReturnValue:
    """Lead to the organisation's page; again: whoever is signed in there proves themselves anew.

    That it was asked for is kept with the state of this sign-in, since anybody can edit an address.
    Raises NotSignedIn where there is none, or it does not answer.
    """
    more = {"prompt": "login", "max_age": "0"} if again else {}
    back = f"{desk().settings.url}/sign-in/back"
    client = _organisation().client
    try:
        made = client.create_authorization_url(back, **more)
    except (AuthlibBaseError, requests.RequestException):
        raise NotSignedIn(_AWAY) from None
    asked = {_ASKED_AGAIN: time.time()} if again else {}
    client.save_authorize_data(redirect_uri=back, **made, **asked)
    return redirect(made["url"])


def come_in() -> str:
    """Whom the organisation has signed in; what their cookie is to hold.

    Where the claims give no access (any more), sessions that they still have end.
    Raises NotSignedIn then, and where the organisation has signed nobody in.
    """
    here = _organisation()
    kept = here.client.framework.get_state_data(session, request.args.get("state")) or {}
    try:
        claims = here.client.authorize_access_token()["userinfo"]
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError):
        raise NotSignedIn(_AWAY) from None
    subject = f"{claims['iss']} {claims['sub']}"
    try:
        user = here.claims.user_of(claims)
    except NotSignedIn:
        desk().sessions.turn_away(subject)
        raise
    proved = here.claims.proved(claims, kept.get(_ASKED_AGAIN))
    return desk().sessions.bring(user, Origin.ORGANISATION, subject, proved)


def _organisation() -> Organisation:
    found = current_app.extensions.get(_NAME)
    if found is None:
        raise NotSignedIn("No organisation's sign-in is set up here.")
    return found
