"""signpost retention: what is past its time is deleted."""

import click

from graph import Role, Settings
from signpost.commands.data import AS
from signpost.parts import running_graph, viewer
from signpost.screen import out, progress_bars, table


@click.group()
def retention() -> None:
    """What has ended is kept for as long as its source keeps it, and then deleted."""


@retention.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be deleted.")
@AS
def run(dry_run: bool, user: str | None) -> None:
    """Delete what is past its time, and then whoever is left without any. Not while a load runs.

    Safe to stop and to run again. The bytes are gone after: signpost db compact

    Example: signpost retention run --dry-run
    """
    settings = Settings.read()
    with running_graph(settings) as graph, progress_bars() as progress:
        done = graph.retain(viewer(settings, user, Role.STEWARD), dry_run, progress)
    counts = table("what", "would be deleted" if dry_run else "deleted")
    for what, count in done.deleted.items():
        counts.add_row(what, f"{count:,}")
    out.print(counts if done.total else "Nothing is past its time.")
    if dry_run:
        out.print("Practitioners and services whom nothing needs after that are found by the run.")
    elif done.total:
        out.print("Its bytes stay in the store's files until: signpost db compact")
