"""Sealed identities, keyed tokens and handles: what stands between a stolen database and a child.

Three keys are derived from the keyring, one for each purpose, by HKDF-SHA256 (RFC 5869):
seal (AES-256-GCM, NIST SP 800-38D), token (HMAC-SHA256, RFC 2104), handle (AES-256-GCM).
"""

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graph import private_files
from graph.errors import BadKeyring
from graph.model import Identity

_NONCE = 12
_BLOCK = 64
_TOKEN = 16
_PARTS = "\x1f"
_MARK = "h"  # a handle begins with a letter, or a shell would take some for an option


@dataclass(frozen=True)
class Keyring:
    """The keys, oldest first; the newest seals, the oldest makes tokens.

    Tokens cannot be made anew without the sources' files, so a new key reseals identities and
    leaves tokens as they are; docs/adr/0002 says what that means.
    """

    keys: dict[str, bytes]
    _ciphers: dict[str, AESGCM] = field(init=False, repr=False, compare=False)
    _tokens: HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ciphers = {key_id: AESGCM(_derive(key, b"seal")) for key_id, key in self.keys.items()}
        oldest = next(iter(self.keys.values()))
        object.__setattr__(self, "_ciphers", ciphers)
        object.__setattr__(self, "_tokens", HMAC(_derive(oldest, b"token"), SHA256()))

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self.keys)})"

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return list(self.keys)[-1]

    def token(self, purpose: str, *parts: str) -> str:
        """A keyed hash by which a value is found again, and from which nothing is learnt.

        purpose: separates one use from another; parts: normalised values, in order.
        Return 32 hexadecimal digits.
        """
        keyed = self._tokens.copy()
        keyed.update(_PARTS.join((purpose, *parts)).encode())
        return keyed.finalize()[:_TOKEN].hex()

    def seal(self, identity: Identity, child: str) -> str:
        """Seal an identity to one child's id, so that it opens on no other node.

        Return the key id, a dot, and the sealed bytes in base64, padded so that length tells little.
        """
        return self.seal_text(
            json.dumps(identity.model_dump(mode="json", exclude_defaults=True)), child
        )

    def open(self, sealed: str, child: str) -> Identity:
        """Open what `seal` gave.

        Raises BadKeyring where the key is missing or the value was changed or moved.
        """
        return Identity.kept(json.loads(self.open_text(sealed, child)))

    def seal_text(self, text: str, place: str) -> str:
        """Seal any text to the place where it stands; the same form as `seal`."""
        plain = text.encode()
        plain += b" " * (-len(plain) % _BLOCK)
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self.current].encrypt(nonce, plain, place.encode())
        return f"{self.current}.{base64.b64encode(nonce + sealed).decode()}"

    def open_text(self, sealed: str, place: str) -> bytes:
        """Open what `seal_text` gave; raises BadKeyring as `open` does."""
        key_id, _, text = sealed.partition(".")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise BadKeyring(
                f"The keyring has no key {key_id}; bring back the keyring that sealed."
            )
        raw = base64.b64decode(text)
        try:
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], place.encode())
        except InvalidTag:
            raise BadKeyring(
                "A sealed identity does not open: it was changed or moved, or the keyring is another's."
            ) from None

    def handle(self, child: str, viewer: str, day: date, *stated: str) -> str:
        """A child's id sealed for one viewer and one day, fit for an address.

        stated: what the viewer stated when they found the child; it travels sealed with the id.
        """
        nonce = os.urandom(_NONCE)
        content = _PARTS.join((child, *stated)).encode()
        sealed = self._handles.encrypt(nonce, content, _bound(viewer, day))
        return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def in_handle(self, handle: str, viewer: str, day: date) -> list[str] | None:
        """The child's id and what was stated; None where it is not this viewer's, or not today's."""
        try:
            text = handle.removeprefix(_MARK)
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._handles.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(viewer, day))
            return plain.decode().split(_PARTS)
        except (InvalidTag, ValueError):
            return None

    @property
    def _handles(self) -> AESGCM:
        return AESGCM(_derive(self.keys[self.current], b"handle"))

    @classmethod
    def new(cls) -> "Keyring":
        """A keyring with one random key."""
        return cls({"k1": secrets.token_bytes(32)})

    def rotated(self) -> "Keyring":
        """The same keyring with one more key, which seals from now on."""
        newest = max(int(key_id[1:]) for key_id in self.keys)
        return Keyring({**self.keys, f"k{newest + 1}": secrets.token_bytes(32)})

    @classmethod
    def read(cls, path: Path) -> "Keyring":
        """Read a keyring file.

        Raises BadKeyring where it is missing, open to other users, or not a keyring.
        """
        if not path.exists():
            raise BadKeyring(f"There is no keyring at {path}; make one with: signpost keys new")
        if private_files.is_open(path):
            raise BadKeyring(f"{path} is open to other users; close it with: chmod 600 {path}")
        try:
            written = json.loads(path.read_text())
            keys = {key_id: base64.b64decode(text) for key_id, text in written.items()}
            if not all(re.fullmatch(r"k\d+", i) and len(key) == 32 for i, key in keys.items()):
                raise ValueError
            return cls(keys)
        except (ValueError, AttributeError, StopIteration, TypeError):
            raise BadKeyring(f"{path} is not a keyring; bring it back from your copy.") from None

    def write(self, path: Path) -> None:
        """Write the keyring for this user alone, in one step."""
        written = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        private_files.write(path, json.dumps(written))


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"signpost " + purpose).derive(key)


def _bound(viewer: str, day: date) -> bytes:
    return f"{viewer}|{day.isoformat()}".encode()
