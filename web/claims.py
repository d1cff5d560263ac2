"""From what an organisation says of somebody to who they are here: a table, read from a file."""

import re
import time
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph import PROVED_FOR, BadSetting, Model, NewUser, NotSignedIn, Role, explain

_NO_ROW = "Your organisation's sign-in gives you no access here. Ask your lead."
_CLOCKS = 60.0  # by how many seconds the organisation's clock may be another


class Sign(Model):
    """A claim that must be this, or be a list that holds this."""

    claim: str
    holds: str

    def stands_in(self, claims: Mapping[str, Any]) -> bool:
        """Whether the claims say so."""
        said = claims.get(self.claim)
        return self.holds in (said if isinstance(said, list) else [said])


class Row(Sign):
    """Who has this sign has this role; service and authority are fixed, or read from other claims."""

    role: Role
    service: str | None = None
    service_claim: str | None = None
    authority: str | None = None
    authority_claim: str | None = None


class Claims(Model):
    """The table: which claim is the user's name, and the rows, of which the first that fits counts.

    second_factor: the sign of a sign-in with a second factor; where none is named, only a sign-in that
    was asked for again is taken for one.
    """

    user: str = "preferred_username"
    name: str = "name"
    second_factor: Sign | None = None
    access: Sequence[Row]

    @classmethod
    def read(cls, path: Path | None) -> "Claims":
        """Read the table.

        Raises BadSetting where there is none, or where and how it does not fit.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text("utf-8")) if path else {})
        except OSError:
            raise BadSetting(
                f"{path} cannot be read; SIGNPOST_OIDC_CLAIMS_FILE names it."
            ) from None
        except tomllib.TOMLDecodeError as error:
            raise BadSetting(f"{path} is not TOML: {error}.") from None
        except ValidationError as error:
            faults = "; ".join(f"{name} {said}" for name, said in explain(error, cls))
            raise BadSetting(f"SIGNPOST_OIDC_CLAIMS_FILE {path or ''}: {faults}.") from None

    def user_of(self, claims: Mapping[str, Any]) -> NewUser:
        """Who somebody is here.

        Raises NotSignedIn where no row fits, or what is said of them does not.
        """
        row = next((row for row in self.access if row.stands_in(claims)), None)
        if row is None:
            raise NotSignedIn(_NO_ROW)
        said = {
            "id": re.sub(r"[^a-z0-9._-]", "-", str(claims.get(self.user, "")).lower())[:48],
            "name": claims.get(self.name) or "-",
            "role": row.role,
            "service": claims.get(row.service_claim) if row.service_claim else row.service,
            "authority": claims.get(row.authority_claim) if row.authority_claim else row.authority,
        }
        try:
            return NewUser.model_validate(said)
        except ValidationError as error:
            [(name, sentence), *_] = explain(error, NewUser)
            raise NotSignedIn(
                f"Your organisation's sign-in does not fit: {name or 'what it says'} {sentence}."
            ) from None

    def proved(self, claims: Mapping[str, Any], asked: float | None) -> timedelta | None:
        """How long ago they gave a second factor; None where the organisation does not say that they did.

        asked: when they were asked to sign in again, in seconds since 1970; None where they were not.
        """
        sign, now, at = self.second_factor, time.time(), claims.get("auth_time")
        if not (sign.stands_in(claims) if sign else asked):
            return None
        since = asked or now - PROVED_FOR.total_seconds()
        if not isinstance(at, int | float) or not since - _CLOCKS <= at <= now + _CLOCKS:
            return None
        return timedelta(seconds=max(0.0, now - at))
