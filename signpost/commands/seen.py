"""signpost audit seen: what a user was shown, replayed for an auditor."""

import json
from collections.abc import Sequence
from datetime import datetime

import click

from graph import AsWasSeen, MapsSeen, Replay, Role, Seen, SeenMap, Settings
from signpost.commands.data import AS, checked
from signpost.map_table import map_tables
from signpost.parts import running_graph, viewer
from signpost.screen import out
from web.words import instant


@click.command()
@click.argument("seen_by", required=False, metavar="[USER]")
@click.argument("day", required=False, type=click.DateTime(["%Y-%m-%d"]), metavar="[DATE]")
@click.option("--look", help="Replay the look of this handle.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of tables.")
@AS
def seen(
    seen_by: str | None, day: datetime | None, look: str | None, as_json: bool, user: str | None
) -> None:
    """List the service maps that USER asked for on DATE; or replay one of them, as was seen.

    A replay asks the graph as it stood then, with what USER might see, and says whether it is equal to
    what was shown. It holds no child's identity. docs/audit.md says what is compared.

    Example: signpost audit seen nurse.one 2026-11-23, then: signpost audit seen --look hXYZ
    """
    if bool(look) == bool(seen_by and day):
        raise click.UsageError("Give either USER and DATE, or --look HANDLE.")
    settings = Settings.read()
    auditor = viewer(settings, user, Role.AUDITOR)
    with running_graph(settings) as graph:
        if look:
            _replay(graph.ask(auditor, AsWasSeen(look=look)), as_json, settings.broker_line)
        else:
            question = checked(MapsSeen, user=seen_by, day=day and day.date())
            _maps_seen(graph.ask(auditor, question).maps, as_json)


def _maps_seen(maps: Sequence[SeenMap], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps([one.model_dump(mode="json") for one in maps]))
        return
    for one in maps:
        may_see = ", ".join(one.clearance) or "nothing in clear"
        out.print(f"{instant(one.at)}: {one.outcome}. Might see: {may_see}.", markup=False)
        out.print(f"  signpost audit seen --look {one.handle}", markup=False, soft_wrap=True)
    if not maps:
        out.print("This user asked for no service map on that day.")


def _replay(found: Seen, as_json: bool, broker_line: str) -> None:
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
    elif found.replay is Replay.RESTRICTED:
        out.print(f"A restricted record exists: ring the broker line, {broker_line}.")
    elif found.at is None:
        out.print(
            "There is no such look. A handle is one auditor's and one day's: list them again."
        )
    else:
        if found.map:
            map_tables(found.map)
        out.print(f"{instant(found.at)}, {found.user} ({found.role}): {found.replay.value}.")
        if found.gone:
            out.print(
                f"Shown then and not in the graph for this child any more: {found.gone:,}. They were "
                "deleted (retention, a withdrawal), or are another child's now."
            )
        if found.more:
            out.print(f"In the graph as of then and not shown then: {found.more:,}.")
