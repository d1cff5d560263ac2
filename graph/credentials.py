"""What somebody proves themselves by at a machine of its own: password, one-time code, recovery codes."""

import hmac
import secrets
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 128
RECOVERY_CODES = 10
# So hard to guess, of 0 to 4: over ten thousand million guesses.
_SCORE = 4
_STEP = 30
# Least memory that the OWASP Password Storage Cheat Sheet (2025) names for Argon2id: 16 at once need 300 MB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What nobody's password fits: who is not known takes as long as who is.
NOBODY = _HASHER.hash(secrets.token_hex(16))
NO_SECRET = pyotp.random_base32()


def weakness(password: str, *own: str) -> str | None:
    """What is wrong with a new password, as the end of a sentence; None where nothing is.

    own: names of the person and of this service, which are no secret. Common passwords, words, names,
    dates and keyboard rows are known to zxcvbn (Wheeler, USENIX Security 2016).
    """
    if len(password) < SHORTEST:
        return f"must have at least {SHORTEST} characters"
    if len(password) > LONGEST:
        return f"must have at most {LONGEST} characters"
    if zxcvbn(password, user_inputs=[*own, "signpost"], max_length=LONGEST)["score"] < _SCORE:
        return "is common, or too easy to guess; four words that have nothing to do with each other are not"
    return None


def hashed(password: str) -> str:
    """An Argon2id hash (RFC 9106), with its own salt."""
    return _HASHER.hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether this is the password of that hash; as slow where it is not."""
    try:
        return _HASHER.verify(kept, password[: LONGEST + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_secret() -> str:
    """A secret for one-time codes, in base32, to be typed or scanned into an authenticator."""
    return pyotp.random_base32()


def address_of(secret: str, user: str) -> str:
    """The secret as an authenticator scans it (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name="Signpost")


def step_of(code: str, secret: str, at: datetime) -> int | None:
    """The time step (RFC 6238, 30 s) whose code this is, one early or late allowed; None for no code."""
    now = int(at.timestamp()) // _STEP
    made = pyotp.TOTP(secret)
    steps = (now, now - 1, now + 1)
    return next((step for step in steps if same(made.generate_otp(step), code)), None)


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_recovery_codes() -> list[str]:
    """Codes that each do once for a lost authenticator: 50 bits, in two groups."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    codes = ("".join(secrets.choice(letters) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def plain(code: str) -> str:
    """A code as it was typed, without spaces and in small letters."""
    return "".join(code.split()).lower()
