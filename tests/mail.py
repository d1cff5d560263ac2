"""A real mail server for tests, which keeps what it takes; and a post that sends to it."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from graph import BROKER
from signpost.mail_server import MailServer
from signpost.post import Post
from tests.conftest import free_port
from tests.world import BRADFORD, LEEDS

LEADS, FAR_LEADS, LINE = "leads.leeds@example.org", "leads.bradford@example.org", "line@example.org"
MAILBOXES = {LEEDS: LEADS, BRADFORD: FAR_LEADS, BROKER: LINE}
SENDER = "signpost@example.org"
URL = "https://signpost.example.org"


class Inbox:
    """What a mail server took, and for whom.

    port: where it listens. seen: how often somebody began to hand it something, begun: that somebody did;
    refuses: what it says to that. open: until it is set, whoever has handed something over gets no answer.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[tuple[str, EmailMessage]] = []
        self.users: list[bytes] = []
        self.seen, self.refuses = 0, ""
        self.begun, self.open = Event(), Event()
        self.open.set()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Take a mailbox, or refuse it."""
        self.seen, refuses = self.seen + 1, self.refuses
        self.begun.set()
        if refuses:
            return f"{refuses} <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a letter, once it is open."""
        await asyncio.to_thread(self.open.wait, 60)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.taken += [(to, letter) for to in envelope.rcpt_tos]
        return "250 taken as 17"

    def knows(
        self, server: Any, session: Any, envelope: Any, mechanism: str, said: Any
    ) -> AuthResult:
        """Let one user in."""
        assert isinstance(said, LoginPassword)
        self.users.append(said.login)
        right = said == LoginPassword(b"sign@post", b"tractor lemon")
        return AuthResult(success=right, handled=False)

    @property
    def told(self) -> list[str]:
        """To which mailboxes letters came, in order."""
        return sorted(to for to, _ in self.taken)

    def server(self) -> MailServer:
        """How to reach it."""
        return MailServer("127.0.0.1", self.port, sealed=False, sender=SENDER)


@contextmanager
def served(inbox: Inbox, tls: ssl.SSLContext | None = None) -> Iterator[Inbox]:
    """Serve it; tls: STARTTLS is offered, and a user must sign in."""
    said: dict[str, Any] = {"auth_required": True, "authenticator": inbox.knows} if tls else {}
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, tls_context=tls, **said)
    controller.start()
    yield inbox
    inbox.open.set()
    controller.stop()


def post_to(inbox: Inbox, pauses: tuple[float, ...] = (0.0, 0.0)) -> Post:
    """A post that waits for nothing between its tries."""
    return Post(inbox.server(), MAILBOXES, URL, pauses)
