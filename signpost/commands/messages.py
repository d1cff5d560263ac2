"""signpost messages: whether messages reach their mailboxes."""

from datetime import UTC, datetime

import click

from graph import BadSetting, Settings
from signpost.letters import trial
from signpost.mail_server import MailServer
from signpost.parts import mail_of
from signpost.screen import out


@click.group()
def messages() -> None:
    """Messages that tell a mailbox that something waits."""


@messages.command("try")
def try_() -> None:
    """Send a test to each mailbox, and say what the mail server answered.

    Example: signpost messages try
    """
    settings = Settings.read()
    if not settings.mail_server:
        raise BadSetting("SIGNPOST_MAIL_SERVER is empty, so no message is sent: docs/messages.md")
    server, mailboxes = mail_of(settings)
    tried = [_tried(server, to, mailboxes[to], settings.url) for to in mailboxes]
    if not all(tried):
        raise SystemExit(1)


def _tried(server: MailServer, to: str, address: str, url: str) -> bool:
    """Try one mailbox, and say so; what a server says against it may hold the address, and is for here."""
    letter = trial(server.sender, address, datetime.now(UTC), url)
    try:
        answer = server.take(address, letter)
    except OSError as error:
        out.print(f"{to}: not sent: {type(error).__name__}: {error}", markup=False, soft_wrap=True)
        return False
    out.print(f"{to}: {answer}", markup=False, soft_wrap=True)
    return True
