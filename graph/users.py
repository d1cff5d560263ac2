"""Who may sign in: users, and what is kept of them, sealed where it is a secret."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from pydantic import field_validator, model_validator

from graph import credentials
from graph.access import Role, UserId, Viewer
from graph.authorities import authority_of
from graph.errors import BadQuestion
from graph.fields import AuthorityNumber, Label
from graph.keeping import CONFIRMED_FOR
from graph.model import Model
from graph.sealing import Keyring

_REMIND = timedelta(days=14)
# How records call who tried to sign in and is not known, and who works at the machine itself.
UNKNOWN, AT_THE_MACHINE = "unknown", "cli."


class Origin(StrEnum):
    """Who says that somebody is who they are."""

    OWN = "own"
    ORGANISATION = "organisation"
    DEMO = "demo"


class NewUser(Model):
    """Somebody who is to sign in, and for whom they work.

    service: its id; authority: DfE number of the area in which they work, whose leads see their use of
    break-glass and confirm their access. A practitioner and a lead need one.
    """

    id: UserId
    name: Label
    role: Role
    service: str | None = None
    authority: AuthorityNumber | None = None

    @field_validator("id")
    @classmethod
    def _free(cls, user: str) -> str:
        if user == UNKNOWN or user.startswith(AT_THE_MACHINE):
            raise ValueError("is what records call somebody else; take another one")
        return user

    @field_validator("authority")
    @classmethod
    def _known(cls, number: str | None) -> str | None:
        if number is not None and authority_of(number) is None:
            raise ValueError("is not the DfE number of an authority")
        return number

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if self.role in (Role.PRACTITIONER, Role.LEAD) and not self.authority:
            raise ValueError("a practitioner and a lead need an authority")
        return self

    def viewer(self) -> Viewer:
        """The same, as the door knows them."""
        return Viewer(**self.model_dump(include=set(NewUser.model_fields)))


class User(Model):
    """Somebody who may sign in or could, and until when.

    confirmed_on, confirmed_by: when their access was last confirmed, and by whom; ended_at: None while
    it was not taken away; seen_at: when one of their sessions was last used; today: of the answer.
    """

    id: str
    name: str
    role: Role
    service: str | None = None
    authority: str | None = None
    origin: Origin
    made_at: datetime
    made_by: str
    confirmed_on: date
    confirmed_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    seen_at: datetime | None = None
    today: date

    @property
    def ends_on(self) -> date:
        """The last day of their access, unless somebody confirms it."""
        return self.confirmed_on + CONFIRMED_FOR

    @property
    def open(self) -> bool:
        """Whether they may sign in."""
        return self.ended_at is None and self.today <= self.ends_on

    @property
    def due(self) -> bool:
        """Whether their access wants to be confirmed now."""
        return self.ended_at is None and self.today > self.ends_on - _REMIND


class Secrets(Model):
    """What a new user is given, once: for their authenticator, and for when that is lost."""

    otp: str
    address: str
    recovery: tuple[str, ...]


def stamp_of(keyring: Keyring, user: Mapping[str, Any]) -> str:
    """A keyed stamp of who a user is and what they may, which nobody makes who has the database alone."""
    said = {name: user.get(name) for name in ("id", "role", "service", "authority", "origin")}
    return keyring.stamp("user", json.dumps(said, sort_keys=True))


def checked_password(user: str, name: str, password: str) -> str:
    """The password, where it will do for this user.

    Raises BadQuestion that says what is wrong with it.
    """
    if wrong := credentials.weakness(password, user, name):
        raise BadQuestion(f"The password {wrong}.")
    return password


def new_secrets(keyring: Keyring, user: str, password: str) -> tuple[Secrets, dict[str, Any]]:
    """What a user is given, and how it is kept: sealed, or as tokens, to this user."""
    keyring.refresh()  # what an older key seals from now on would stay so
    otp, codes = credentials.new_secret(), credentials.new_recovery_codes()
    given = Secrets(otp=otp, address=credentials.address_of(otp, user), recovery=tuple(codes))
    kept = {
        "password": keyring.seal_text(credentials.hashed(password), _place(user, "password")),
        "otp": keyring.seal_text(otp, _place(user, "otp")),
        "recovery": [recovery_tokens(keyring, user, code)[-1] for code in codes],
    }
    return given, kept


def secret_of(keyring: Keyring, row: dict[str, Any], name: str) -> str:
    """A secret of a user as it stands in the graph; name: password or otp."""
    return keyring.open_text(row[name], _place(row["id"], name)).decode().rstrip()


def resealed(keyring: Keyring, row: dict[str, Any], key: str) -> dict[str, Any]:
    """The secrets of a user, sealed with the newest key, and their codes' tokens under that one's layer."""
    sealed = {
        name: keyring.seal_text(secret_of(keyring, row, name), _place(row["id"], name))
        for name in ("password", "otp")
    }
    return {**sealed, "recovery": [keyring.turned(token, key) for token in row["recovery"]]}


def recovery_tokens(keyring: Keyring, user: str, code: str) -> list[str]:
    """How a recovery code may be kept: as a token under the layer of each key, the newest last."""
    stamp = keyring.stamp("recovery", user, credentials.plain(code))
    return [keyring.turned(stamp, key) for key in list(keyring.keys)]


def _place(user: str, what: str) -> str:
    return f"user/{user}/{what}"
