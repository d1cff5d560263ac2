"""signpost find, map: the two questions, in a terminal."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from graph import (
    Emergency,
    FindChild,
    Found,
    Outcome,
    Purpose,
    Role,
    ServiceMapOf,
    Settings,
    Viewer,
    explain,
)
from signpost.commands.data import checked
from signpost.map_table import map_tables
from signpost.parts import running_graph, viewer
from signpost.screen import out, table

_DETAILS = tuple(FindChild.model_fields)


Command = TypeVar("Command", bound=Callable[..., Any])


def asker(command: Command) -> Command:
    """The options by which someone says who asks, and why."""
    options = (
        click.option(
            "--as", "user", metavar="USER", help="A demo person; else whoever works here."
        ),
        click.option("--because", type=click.Choice([p.value for p in Purpose]), help="Purpose."),
        click.option("--emergency", type=click.Choice([e.value for e in Emergency])),
        click.option("--reference", help="Your case reference, with --because or --emergency."),
        click.option("--json", "as_json", is_flag=True, help="JSON instead of tables."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def stated(
    settings: Settings,
    user: str | None,
    because: str | None,
    emergency: str | None,
    reference: str | None,
) -> Viewer:
    """The viewer with what they stated."""
    try:
        return viewer(settings, user, Role.PRACTITIONER).stating(
            purpose=Purpose(because) if because else None,
            reference=reference,
            emergency=Emergency(emergency) if emergency else None,
        )
    except ValidationError as error:
        [(_, sentence), *_] = explain(error, Viewer)
        raise click.UsageError(f"--reference {sentence}") from None


@click.command()
@asker
@click.option("--stdin", is_flag=True, help="Read the details from lines such as nhs_number=...")
def find(
    user: str | None,
    because: str | None,
    emergency: str | None,
    reference: str | None,
    as_json: bool,
    stdin: bool,
) -> None:
    """Find a child, by NHS number or by two or more of names, birth date and postcode, even misspelt.

    The details are asked for, or read from standard input: as words of a command they would stay in
    the shell's history. By --stdin also former_name and sex.
    Example: signpost find --because "missing child" --reference A-12
    """
    settings = Settings.read()
    asking = stated(settings, user, because, emergency, reference)
    question = details_of_a_child(stdin)
    with running_graph(settings) as graph:
        found = graph.ask(asking, question)
        # Before the end, which may wait for a message on its way.
        if as_json:
            out.print_json(found.model_dump_json(by_alias=True))
        else:
            _show(found)


def details_of_a_child(stdin: bool) -> FindChild:
    """What is known of a child, asked for, or read from lines of standard input."""
    return checked(FindChild, **(_from_stdin() if stdin else _prompted()))


def _prompted() -> dict[str, str]:
    """Ask for a number; without one for names and birth date, and where one is missing a postcode."""
    number = _ask("NHS number")
    if number:
        return {"nhs_number": number}
    asked = {
        "family_name": "Family name",
        "given_name": "Given name",
        "birth_date": "Born, or expected, as 2015-06-09",
    }
    typed = {name: _ask(words) for name, words in asked.items()}
    if not all(typed.values()):
        typed["postcode"] = _ask("Postcode, or its sector, as LS1 4")
    return {name: value for name, value in typed.items() if value}


def _ask(words: str) -> str:
    return click.prompt(f"{words} (Enter if not known)", default="", show_default=False)


def _from_stdin() -> dict[str, str]:
    pairs = [line.strip().partition("=") for line in sys.stdin if line.strip()]
    unknown = [name for name, _, _ in pairs if name not in _DETAILS]
    if unknown:
        raise click.UsageError(f"Each line is NAME=VALUE, with a name of: {', '.join(_DETAILS)}.")
    return {name: value.strip() for name, _, value in pairs}


_SAID = {
    Outcome.ONE: "One match.",
    Outcome.SEVERAL: "Possible matches, none of them certain. Compare what you know:",
    Outcome.TOO_MANY: "Too many to tell. Add a detail.",
    Outcome.NONE: "Nothing found.",
}


def _show(found: Found) -> None:
    out.print(_SAID[found.outcome])
    for child in found.children:
        if child.restricted:
            out.print(f"A restricted record exists: ring the broker line, {found.broker_line}.")
        elif child.identity:
            who = child.identity
            born = f", born {who.birth_date:%-d %B %Y}" if who.birth_date else ""
            name = f"{who.given_name or ''} {who.family_name or ''}".strip() or "No name is known"
            out.print(f"{name}{born}", markup=False)
        for reason in child.reasons if found.outcome is Outcome.SEVERAL else ():
            out.print(f"  {reason.field}: {reason.agreement}")
        out.print(f"  signpost map {child.handle}", soft_wrap=True)
    if found.outcome is Outcome.TOO_MANY:
        asked = ", ".join(name.replace("_", " ") for name in found.asked)
        out.print(f"Asked by {asked}; a birth date, a postcode or the NHS number tells more.")
    elif not found.children:
        _show_asked(found)


def _show_asked(found: Found) -> None:
    silent = found.coverage.silent
    out.print(
        f"Sources asked: {len(found.coverage.sources)}, of which silent: {len(silent)}. "
        "This is what they sent, not all that is known, and it holds only what you have a ground to "
        "see. Leave out the detail of which you are least sure, or ring the broker line, "
        f"{found.broker_line}."
    )
    rows = table("silent source", "authority", "last extract")
    for source in silent:
        last = f"{source.last_extract:%-d %B %Y}" if source.last_extract else "never"
        rows.add_row(source.name, source.sends_for, last)
    if silent:
        out.print(rows)


@click.command("map")
@click.argument("handle")
@asker
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Only what was open on this day.")
@click.option("--known-at", help="As the graph stood at this instant: 2026-03-04T09:30:00+00:00.")
def map_(
    handle: str,
    user: str | None,
    because: str | None,
    emergency: str | None,
    reference: str | None,
    as_json: bool,
    on: datetime | None,
    known_at: str | None,
) -> None:
    """Show who works or has worked with the child of HANDLE, which `signpost find` gave you today."""
    settings = Settings.read()
    asking = stated(settings, user, because, emergency, reference)
    day: date | None = on.date() if on else None
    question = checked(ServiceMapOf, child=handle, on=day, known_at=known_at)
    with running_graph(settings) as graph:
        answer = graph.ask(asking, question)
        if as_json:
            out.print_json(answer.model_dump_json(by_alias=True))
        else:
            map_tables(answer)
