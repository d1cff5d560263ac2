"""signpost audit looks, defer, deferrals: who looked at a child, and what the family is not told yet."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from graph import (
    Deferral,
    DeferralReason,
    Deferrals,
    Looks,
    Outcome,
    Role,
    Settings,
    WhoLooked,
)
from signpost.commands.ask import details_of_a_child
from signpost.commands.data import AS, checked
from signpost.parts import running_graph, viewer
from signpost.screen import out
from web.report import Report
from web.words import count, counted, deferral, looked


@click.command()
@AS
@click.option("--stdin", is_flag=True, help="Read the details from lines such as nhs_number=...")
@click.option(
    "--family", is_flag=True, help="The report for the family: without what is kept back."
)
@click.option(
    "--pdf",
    type=click.Path(path_type=Path),
    help="Write the report for the family to this file, which must not be there yet.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of sentences.")
def looks(user: str | None, stdin: bool, family: bool, pdf: Path | None, as_json: bool) -> None:
    """Say who looked at a child, when, from where and why: for the child, a parent or an inspector.

    The child's details are asked for, or read from standard input, as in `signpost find`; they must be
    of one child beyond doubt. Below each look stands how to keep it back. The question is itself a
    look, and recorded.

    Example: signpost audit looks --pdf report.pdf
    """
    if pdf and pdf.exists():
        raise click.UsageError(f"{pdf} is there already, and nothing is written over.")
    settings = Settings.read()
    question = WhoLooked(of=details_of_a_child(stdin), for_family=family or pdf is not None)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), question)
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
    elif found.outcome is not Outcome.ONE:
        out.print("These are not of one child beyond doubt: give the NHS number, or more details.")
    elif found.restricted:
        out.print(f"A restricted record exists: ring the broker line, {settings.broker_line}.")
    elif pdf:
        _write(pdf, Report(found, datetime.now(UTC), settings.broker_line).pdf())
        out.print(f"{pdf} is written, for you only. Read it before you give it away.", markup=False)
    else:
        _show(found)


def _write(file: Path, content: bytes) -> None:
    """Write a file that is not there yet, for this user only."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(content)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}.") from None


def _show(found: Looks) -> None:
    for look in found.looks:
        out.print(looked(look), markup=False, soft_wrap=True)
        for one in look.deferrals:
            out.print(f"  {deferral(one)}", markup=False, soft_wrap=True)
        if look.handle:
            out.print(f"  signpost audit defer {look.handle}", markup=False, soft_wrap=True)
    for said in filter(None, (*counted(found), found.note)):
        out.print(said, markup=False, soft_wrap=True)


@click.command()
@click.argument("look")
@click.option("--reason", type=click.Choice([one.value for one in DeferralReason]))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day of the review.")
@click.option("--reference", required=True, help="Your case reference.")
@click.option("--service", is_flag=True, help="All looks by the same service at this child.")
@click.option("--end", is_flag=True, help="Keep it back no longer; without --reason and --until.")
@AS
def defer(
    look: str,
    reason: str | None,
    until: datetime | None,
    reference: str,
    service: bool,
    end: bool,
    user: str | None,
) -> None:
    """Keep LOOK back from the family's report until a review, at most 90 days on; again to renew it.

    LOOK is the handle that `signpost audit looks` gave today. On the day after the review it is shown,
    unless it was renewed.

    Example: signpost audit defer hXYZ --reason "a police enquiry is open" --until 2027-01-15 --reference OP-7
    """
    if end == bool(reason or until):
        raise click.UsageError("Give either --reason and --until, or --end.")
    day = until.date() if until else None
    word = checked(
        Deferral, look=look, whole_service=service, reason=reason, until=day, reference=reference
    )
    settings = Settings.read()
    with running_graph(settings) as graph:
        graph.defer(viewer(settings, user, Role.STEWARD), word)
    out.print("It is kept back no longer." if end else "It is kept back. Review it by that day.")


@click.command()
@AS
def deferrals(user: str | None) -> None:
    """List what is kept back from families' reports, by whom and until when; what is due first.

    It does not say of whom: the reference does, to who gave it.
    Example: signpost audit deferrals
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), Deferrals())
    due = f"{count(found.due, 'review is', 'reviews are')} due within 14 days, or was missed."
    out.print(due if found.due else "No review is due within 14 days.")
    for one in found.deferrals:
        out.print(deferral(one), markup=False, soft_wrap=True)
