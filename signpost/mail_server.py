"""The mail server: where it is, and how one letter is handed to it."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import unquote

from graph import BadSetting, Settings
from signpost.mailboxes import ADDRESS

SECONDS = 10
_PORTS = {"smtp": 587, "smtps": 465}
_URL = re.compile(
    r"(?P<kind>smtps?)://((?P<user>[^:@/\s]+)@)?(\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]+))"
    r"(:(?P<port>[0-9]{1,5}))?/?"
)
_TAKEN = (250, 251)


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail for others.

    sealed: TLS from the first byte; else by STARTTLS where it is offered. user: empty without one; its
    password goes over TLS only. sender: from whom letters are.
    """

    host: str
    port: int
    sealed: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, settings: Settings) -> "MailServer":
        """Read it from the settings; its password is not known yet.

        Raises BadSetting where an address cannot be.
        """
        found = _URL.fullmatch(settings.mail_server)
        port = int((found and found["port"]) or 1)
        if not found or not 0 < port < 65536:
            raise BadSetting(
                "SIGNPOST_MAIL_SERVER must be smtp:// or smtps:// and a host, as "
                "smtp://mail.example.org:587; a user may stand before the host, a password never."
            )
        if not re.fullmatch(ADDRESS, settings.mail_from):
            raise BadSetting(
                "SIGNPOST_MAIL_FROM must be an e-mail address, as signpost@example.org."
            )
        return cls(
            host=found["six"] or found["host"],
            port=port if found["port"] else _PORTS[found["kind"]],
            sealed=found["kind"] == "smtps",
            sender=settings.mail_from,
            user=unquote(found["user"] or ""),
        )

    def take(self, to: str, letter: EmailMessage) -> str:
        """Hand one letter over, for one mailbox.

        Return what the server answered. Raises OSError, of which smtplib's errors are a kind; what those
        say may hold an address.
        """
        server = self._reached()
        try:
            self._greet(server)
            _answered(server.mail(self.sender))
            _answered(server.rcpt(to))
            answer = _answered(server.data(letter.as_bytes(policy=SMTP)))
            # It has the letter; one that takes leave badly must not get it again.
            with suppress(OSError):
                server.quit()
            return answer
        finally:
            server.close()

    def _reached(self) -> smtplib.SMTP:
        said: dict[str, Any] = {"host": self.host, "port": self.port, "timeout": SECONDS}
        if self.sealed:
            return smtplib.SMTP_SSL(**said, context=ssl.create_default_context())
        return smtplib.SMTP(**said)

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self.sealed and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
        if not self.user:
            return
        if not isinstance(server.sock, ssl.SSLSocket):
            raise smtplib.SMTPNotSupportedError("no TLS is offered, so no password is sent")
        server.login(self.user, self.password)


def _answered(answer: tuple[int, bytes]) -> str:
    """What the server said, where it takes what it was given."""
    code, said = answer
    if code not in _TAKEN:
        raise smtplib.SMTPResponseException(code, said)
    return f"{code} {said.decode(errors='replace')}"


def why(error: Exception) -> str:
    """Why a letter was not taken, in words that hold no address: the kind of the error, and its code."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
