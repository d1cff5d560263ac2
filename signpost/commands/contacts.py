"""signpost contacts: an authority's services and their telephones, and who checked them when."""

from collections.abc import Sequence

import click

from graph import Confirmation, ListedService, Role, ServiceDirectory, Settings, StaleContacts
from signpost.commands.data import AS, checked
from signpost.commands.sources import AGENCY
from signpost.map_table import day
from signpost.parts import running_graph, viewer
from signpost.screen import out, table
from web.words import count

JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of tables.")


@click.group()
def contacts() -> None:
    """Whom to ring at an authority, and whether anybody has checked the number lately."""


@contacts.command("list")
@click.argument("authority")
@click.option("--agency", type=AGENCY)
@click.option("--page", default=1, show_default=True)
@JSON
@AS
def list_(authority: str, agency: str | None, page: int, as_json: bool, user: str | None) -> None:
    """List the services of AUTHORITY, a number or a name: duty line, out of hours, hours, who checked.

    Example: signpost contacts list Leeds --agency "social care"
    """
    settings = Settings.read()
    question = checked(ServiceDirectory, authority=authority, agency=agency, page=page)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.PRACTITIONER), question)
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
        return
    names = ", ".join(one.name for one in found.asked_for)
    out.print(f"{names}: services {found.total:,}. Page {found.page} of {found.pages}.")
    _show(found.services)
    out.print(
        f"Sensitive services are not listed: the broker line, {found.broker_line}, connects you."
    )


@contacts.command()
@click.argument("authority", required=False)
@click.option("--days", default=90, show_default=True, help="For how long nobody has confirmed.")
@click.option("--most", default=100, show_default=True, help="List at most so many.")
@JSON
@AS
def stale(authority: str | None, days: int, most: int, as_json: bool, user: str | None) -> None:
    """List services whose telephones nobody confirmed for 90 days, those that are needed most first.

    First those that work with children now, and of them those that were never confirmed. Of all
    authorities, or of AUTHORITY, a number or a name.
    Example: signpost contacts stale Leeds
    """
    settings = Settings.read()
    question = checked(StaleContacts, days=days, authority=authority, most=most)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), question)
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
        return
    shown = f", the first {len(found.services)} of them below" if found.total > most else ""
    out.print(
        f"Not confirmed for {count(days, 'day')}, or said to be wrong: {found.total:,}{shown}."
    )
    _show(found.services)
    if found.services:
        out.print("Ring them, and where the number is right: signpost contacts confirm ID")


@contacts.command()
@click.argument("service_id")
@AS
def confirm(service_id: str, user: str | None) -> None:
    """Note that you checked the telephones of SERVICE_ID today, and that they are right.

    The ids are those of `signpost contacts list` and `signpost contacts stale`.
    Example: signpost contacts confirm leeds-social-care:T1
    """
    settings = Settings.read()
    word = Confirmation(service=service_id)
    with running_graph(settings) as graph:
        done = graph.confirm(viewer(settings, user, Role.STEWARD), word)
    out.print(
        f"{done.name}: confirmed on {day(done.confirmed_on)} by {done.confirmed_by}.", markup=False
    )


def _show(services: Sequence[ListedService]) -> None:
    """Show services; an id is there to be copied, and stands whole in the table or, if long, below it."""
    if not services:
        return
    below = max(len(one.id) for one in services) > out.width // 3
    rows = table("service", "duty line", "out of hours", "hours", "confirmed")
    if not below:
        rows.add_column("id", no_wrap=True)
    for one in services:
        cells = (
            f"{one.name}\n{', '.join((*one.areas, one.agency.value))}",
            one.duty_line or "not known",
            one.out_of_hours_line or "not known",
            f"{one.hours or 'not known'}\n{'staffed now' if one.staffed_now else 'closed now'}",
            _confirmed(one) + ("\nworks with children now" if one.in_use else ""),
        )
        rows.add_row(*cells if below else (*cells, one.id))
    out.print(rows)
    for one in services if below else ():
        out.print(f"id of {one.name}: {one.id}", markup=False, soft_wrap=True)


def _confirmed(one: ListedService) -> str:
    if one.doubted_on:
        return f"WRONG, somebody said on {day(one.doubted_on)}: {one.doubted_line}"
    if one.confirmed_on is None:
        return "NEVER"
    old = "OLD: " if one.stale else ""
    return f"{old}{day(one.confirmed_on)}, by {one.confirmed_by or 'its source'}"
