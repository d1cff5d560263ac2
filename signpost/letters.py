"""What a message says: that something waits, since when, and where to sign in; the same for all."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from graph import LONDON

# Lines that no mail server must fold.
_WAITS = """\
Since {when} something waits for you in Signpost.
Sign in to see it:

{url}

This message says no more, as others may read this mailbox.
Do not answer it.
"""
_TRIAL = """\
This is a test, sent at {when}. Nothing waits.
Messages of Signpost reach this mailbox. Signpost is at

{url}
"""


def waits(sender: str, to: str, at: datetime, url: str) -> EmailMessage:
    """The letter that says that something waits.

    to: an address; at: since when; url: where to sign in.
    """
    return _letter(sender, to, at, "Something waits for you in Signpost", _WAITS, url)


def trial(sender: str, to: str, at: datetime, url: str) -> EmailMessage:
    """The letter that says that letters arrive."""
    return _letter(sender, to, at, "A test of Signpost's messages", _TRIAL, url)


def _letter(sender: str, to: str, at: datetime, subject: str, text: str, url: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    # No machine is to answer it (RFC 3834).
    letter["Auto-Submitted"] = "auto-generated"
    there = at.astimezone(LONDON)
    letter.set_content(text.format(when=f"{there:%H:%M} on {there:%-d %B %Y}", url=url))
    return letter
