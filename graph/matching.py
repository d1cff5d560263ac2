"""Whether two descriptions are of one child: pure functions, exact for now."""

import unicodedata
from collections.abc import Callable

from graph.model import Identity

Token = Callable[..., str]


def normalise_name(name: str) -> str:
    """A name without case, accents, spaces, hyphens and apostrophes, so that O'Neil is ONEIL."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain.casefold() if letter.isalpha())


def tokens_of(identity: Identity, token: Token) -> dict[str, str]:
    """The keyed tokens by which this child is found again.

    token: Keyring.token. Return a token for each of nhs, born (the birth date beside that number, to
    see whether two who share it agree), upn (with birth date) and name (family and given name with
    birth date) that the identity is complete enough for.
    """
    born = identity.birth_date.isoformat() if identity.birth_date else ""
    found = {}
    if identity.nhs_number:
        found["nhs"] = token("nhs", identity.nhs_number)
        if born:
            found["born"] = token("born", identity.nhs_number, born)
    if identity.upn and born:
        found["upn"] = token("upn", identity.upn, born)
    if identity.family_name and identity.given_name and born:
        names = (normalise_name(identity.family_name), normalise_name(identity.given_name))
        if all(names):
            found["name"] = token("name", *names, born)
    return found
