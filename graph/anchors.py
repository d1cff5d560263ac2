"""Anchors: where the strands of access records stood, signed, in a place outside the database.

An anchor is a small JSON file that is never written over: the ends of the strands that grew since the
one before, the digest of that one, and a signature by Ed25519 (RFC 8032). So a change in one, a missing
one and one put between are seen; what none can show is that the newest ones were taken away.
"""

import base64
import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graph import private_files
from graph.anchorage import Anchorage
from graph.audit import Damage
from graph.errors import AnchorsAway, BadKeyring
from graph.strands import End

_TRIES = 16  # as many as there may be workers, which may all take one at once
_NONE = End("")


class Anchor(NamedTuple):
    """One anchor: its number from 1, when it was taken, the digest of the one before, and the ends."""

    number: int
    at: datetime
    before: str
    ends: list[End]


class Anchors:
    """The anchors in one place: a folder, or what a URL names, as s3://bucket/path.

    key_file: the private key that signs; made where there is neither a key nor an anchor. Raises
    AnchorsAway, BadKeyring.
    """

    def __init__(self, place: str, key_file: Path) -> None:
        self._place = Anchorage(place)
        if not key_file.exists():
            if self._place.names():
                raise BadKeyring(f"There are anchors, and no key at {key_file}: bring it back.")
            private_files.create(key_file, _new_key())
        self._key = _key(key_file)
        self._last, self._digest = 0, ""
        self._at: datetime | None = None
        self._held: dict[str, End] = {}

    def read(self) -> tuple[list[Anchor], list[Damage]]:
        """Every anchor that this key signed, the oldest first; and which are not as they were written."""
        good: list[Anchor] = []
        bad: list[Damage] = []
        before = ""
        for name, content in self._place.files():
            anchor = self._opened(content)
            if anchor is None:
                bad.append(Damage(name, "was changed, or is signed by another key"))
            elif (name, before) != (_name(anchor.number), anchor.before):
                bad.append(Damage(name, "does not follow the one before it"))
            if anchor:
                good.append(anchor)
            before = sha256(content).hexdigest()
        return good, bad

    def take(self, ends: Iterable[End], at: datetime) -> Anchor | None:
        """Write an anchor of the strands that grew since the last one.

        ends: where strands stand. Return it; None where none grew. Raises AnchorsAway.
        """
        stand = list(ends)
        for _ in range(_TRIES):
            self._catch_up()
            grown = [
                end for end in stand if end.records > self._held.get(end.strand, _NONE).records
            ]
            if not grown:
                return None
            anchor = Anchor(self._last + 1, at, self._digest, grown)
            if self._put(anchor):
                return anchor
        raise AnchorsAway("Other processes write anchors all the time; try again.")

    @property
    def latest(self) -> datetime | None:
        """When the last one was taken; None where there is none."""
        self._catch_up()
        return self._at

    def _catch_up(self) -> None:
        """Read what was written since, by whichever process."""
        for name, content in self._place.files(_name(self._last) if self._last else None):
            anchor = self._opened(content)
            if anchor is None or name != _name(anchor.number):
                raise AnchorsAway(
                    f"The anchor {name} was changed, or is signed by another key: signpost audit verify"
                )
            self._last, self._at = anchor.number, anchor.at
            self._digest = sha256(content).hexdigest()
            self._held |= {end.strand: end for end in anchor.ends}

    def _put(self, anchor: Anchor) -> bool:
        """Write it; False where another process was first with its number."""
        text = _text(anchor)
        signature = base64.b64encode(self._key.sign(text.encode())).decode()
        content = json.dumps({"anchor": text, "signature": signature}).encode()
        return self._place.put(_name(anchor.number), content)

    def _opened(self, content: bytes) -> Anchor | None:
        try:
            whole = json.loads(content)
            text, signature = whole["anchor"], base64.b64decode(whole["signature"])
            self._key.public_key().verify(signature, text.encode())
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
            return None
        said = json.loads(text)
        ends = [End(*end) for end in said["ends"]]
        return Anchor(said["number"], datetime.fromisoformat(said["at"]), said["before"], ends)


def _text(anchor: Anchor) -> str:
    return json.dumps({**anchor._asdict(), "at": anchor.at.isoformat()}, sort_keys=True)


def _name(number: int) -> str:
    return f"{number:010}.json"


def _new_key() -> str:
    made = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.decode()


def _key(file: Path) -> Ed25519PrivateKey:
    if private_files.is_open(file):
        raise BadKeyring(f"{file} is open to other users; close it with: chmod 600 {file}")
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyring(f"{file} is not a key for anchors; bring it back from your copy.")
    return key
