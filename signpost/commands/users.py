"""signpost users: who may sign in to the pages of this machine."""

import click

from graph import Accounts, NewUser, Role, Secrets, Settings, User
from signpost.commands.data import AS, checked
from signpost.map_table import day
from signpost.parts import running_graph, viewer
from signpost.screen import out, table

ROLE = click.Choice([role.value for role in Role])


@click.group()
def users() -> None:
    """Who may sign in by password and one-time code, and until when."""


@users.command()
@click.argument("user_id")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--role", type=ROLE, required=True)
@click.option("--authority", help="DfE number of the area in which they work, as 383.")
@click.option("--service", help="Id of the service for which they work (signpost contacts list).")
@AS
def add(
    user_id: str,
    name: str,
    role: str,
    authority: str | None,
    service: str | None,
    user: str | None,
) -> None:
    """Make the user USER_ID; their password is asked for, and their codes are shown once.

    Let them sit at the keyboard themselves. Access ends after four months unless their lead, or a
    steward, confirms it.

    Example: signpost users add nadia.one --name "Nadia One" --role practitioner --authority 383
    """
    settings = Settings.read()
    said = {"id": user_id, "name": name, "role": role, "authority": authority, "service": service}
    new = checked(NewUser, **said)
    password = _password()
    with running_graph(settings) as graph:
        given = Accounts(graph).add(viewer(settings, user, Role.STEWARD), new, password)
    _show(given)


@users.command()
@click.argument("user_id")
@AS
def renew(user_id: str, user: str | None) -> None:
    """Give USER_ID a new password and new codes, where one was lost; their sessions end.

    Example: signpost users renew nadia.one
    """
    settings = Settings.read()
    password = _password()
    with running_graph(settings) as graph:
        given = Accounts(graph).renew(viewer(settings, user, Role.STEWARD), user_id, password)
    _show(given)


@users.command("list")
@AS
def list_(user: str | None) -> None:
    """List who may sign in, and whose access ends soon unless it is confirmed.

    Example: signpost users list
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        found = Accounts(graph).listed(viewer(settings, user, Role.STEWARD))
    if not found:
        out.print("Nobody yet. To make somebody: signpost users add --help")
        return
    rows = table("user", "role", "authority", "service", "access", "confirmed")
    for one in found:
        who = f"{one.name}\n{one.id}"
        confirmed = f"{day(one.confirmed_on)}, by {one.confirmed_by}"
        rows.add_row(
            who, one.role.value, one.authority or "", one.service or "", _until(one), confirmed
        )
    out.print(rows)


@users.command()
@click.argument("user_id")
@AS
def confirm(user_id: str, user: str | None) -> None:
    """Confirm that USER_ID still needs their access, for four months more.

    Example: signpost users confirm nadia.one
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        Accounts(graph).confirm(viewer(settings, user, Role.STEWARD), user_id)
    out.print(f"{user_id} is confirmed.")


@users.command()
@click.argument("user_id")
@AS
def end(user_id: str, user: str | None) -> None:
    """Take the access of USER_ID away; their sessions end at once.

    Example: signpost users end nadia.one
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        Accounts(graph).end(viewer(settings, user, Role.STEWARD), user_id)
    out.print(f"The access of {user_id} has ended, and every session with it.")


def _password() -> str:
    return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def _until(one: User) -> str:
    if one.ended_at:
        return f"ended on {day(one.ended_at.date())} by {one.ended_by}"
    if not one.open:
        return "ended: not confirmed"
    return f"until {day(one.ends_on)}{', to be confirmed now' if one.due else ''}"


def _show(given: Secrets) -> None:
    out.print("These are shown once. For the authenticator, the secret or the whole address:")
    out.print(f"  {given.otp}\n  {given.address}", markup=False, highlight=False, soft_wrap=True)
    out.print("To come in without it; each does once. Keep them on paper, apart from it:")
    out.print("  " + "  ".join(given.recovery), markup=False, highlight=False, soft_wrap=True)
