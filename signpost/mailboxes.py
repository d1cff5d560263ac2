"""Who is sent messages: a table of mailboxes, read from a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import AfterValidator, Field, ValidationError

from graph import BROKER, BadSetting, Model, authorities, explain
from loaders.csv_text import Record, records

# What a mail server takes without an extension, and a header without quotes.
ADDRESS = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
_COLUMNS = ["to", "address"]


def _known(to: str) -> str:
    if to != BROKER and to not in authorities():
        raise ValueError(f"is neither the DfE number of an authority, as 383, nor {BROKER}")
    return to


class Mailbox(Model):
    """Where messages for an authority's safeguarding leads go, or those for the broker.

    to: DfE number of the authority, or BROKER.
    """

    to: Annotated[str, AfterValidator(_known)]
    address: Annotated[
        str,
        Field(
            pattern=ADDRESS, max_length=254, description="an e-mail address, as leads@example.org"
        ),
    ]


def read_mailboxes(path: Path | None) -> Mapping[str, str]:
    """Read the table `to,address`.

    path: what SIGNPOST_MAIL_TO_FILE names. Return the address of each, by whom it is for.
    Raises BadSetting where there is none, or with file, line and column where it does not fit; BadInput
    where it is no CSV.
    """
    if path is None:
        raise BadSetting(
            "SIGNPOST_MAIL_TO_FILE must name the table of mailboxes; docs/messages.md says how it looks."
        )
    try:
        with path.open("rb") as file:
            rows = list(records(path.name, file))
    except OSError:
        raise BadSetting(f"{path} cannot be read; SIGNPOST_MAIL_TO_FILE names it.") from None
    if not rows or rows[0].cells != _COLUMNS:
        _refuse(path, "line 1: must be: to,address")
    found = _by_whom(path, rows[1:])
    if BROKER not in found:
        _refuse(path, f"line {rows[-1].last + 1}, column to: a row for {BROKER} is missing")
    return found


def _by_whom(path: Path, rows: Sequence[Record]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        mailbox = _mailbox(path, row)
        if mailbox.to in found:
            _refuse(
                path, f"line {row.first}, column to: stands above already; leave one of the two"
            )
        found[mailbox.to] = mailbox.address
    return found


def _mailbox(path: Path, row: Record) -> Mailbox:
    if len(row.cells) != len(_COLUMNS):
        _refuse(path, f"line {row.first}: must have two cells: to,address")
    try:
        return Mailbox.model_validate(dict(zip(_COLUMNS, row.cells, strict=True)))
    except ValidationError as error:
        [(name, said), *_] = explain(error, Mailbox)
        _refuse(path, f"line {row.first}, column {name}: {said}")


def _refuse(path: Path, what: str) -> NoReturn:
    raise BadSetting(f"SIGNPOST_MAIL_TO_FILE {path}, {what}.") from None
