"""signpost run, doctor, db: the service on this machine."""

from dataclasses import replace

import click

from graph import Settings, compact, machine
from signpost.commands.demo import made_already, make_demo
from signpost.doctor import examine
from signpost.parts import embedded, keyring, people_file, running_graph
from signpost.screen import out, progress_bars
from signpost.serve import serve
from web import check_demo


@click.command()
@click.option("--demo", is_flag=True, help="With demo data and demo people; never with real data.")
def run(demo: bool) -> None:
    """Start Neo4j and the web app, and stop both with Ctrl-C."""
    settings = Settings.read()
    if demo:
        settings = replace(settings, demo=True)
    check_demo(settings)
    machine.require_port(settings.port, "SIGNPOST_PORT")
    with running_graph(settings) as graph:
        if demo and not made_already(settings):
            make_demo(settings, graph, children=6000, seed=1)
        serve(settings)


@click.command()
def doctor() -> None:
    """Examine this machine and say what is wrong, and what to do."""
    checks = examine(Settings.read())
    for check in checks:
        mark = "[green]ok[/green]   " if check.ok else "[red]wrong[/red]"
        out.print(f"{mark} {check.name}: {check.sentence}")
    if not all(check.ok for check in checks):
        raise SystemExit(1)


@click.group()
def db() -> None:
    """The embedded Neo4j of this machine."""


@db.command()
def start() -> None:
    """Start it and leave it running."""
    settings = Settings.read()
    keyring(settings)
    with progress_bars() as progress:
        made = embedded(settings).start(progress, detached=True)
    out.print(f"Neo4j answers at {made.uri}. The password is in {settings.home}/keys/neo4j.")


@db.command()
def stop() -> None:
    """Stop it in good order."""
    embedded(Settings.read()).stop(detached=True)
    out.print("Neo4j is stopped.")


@db.command()
def status() -> None:
    """Say whether it runs, and where."""
    found = embedded(Settings.read()).status()
    state = f"runs as process {found.pid}" if found.running else "does not run"
    out.print(f"Neo4j {found.version} {state}, port {found.port}, {found.data / 1e6:,.0f} MB.")


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Delete everything in it. Keys stay."""
    settings = Settings.read()
    if not yes:
        click.confirm(f"Delete all data under {settings.home}?", abort=True)
    embedded(settings).reset()
    people_file(settings).unlink(missing_ok=True)
    out.print("The database is empty.")


@db.command("compact")
def compact_() -> None:
    """Make its store anew, without the bytes of what was deleted; stop it first.

    Safe to stop at any point: the old store stays until the new one is whole.
    """
    settings = Settings.read()
    with progress_bars() as progress:
        done = compact(embedded(settings), progress)
    out.print(
        f"Copied {done.nodes:,} nodes and {done.edges:,} edges; {done.before / 1e6:,.0f} MB are "
        f"{done.after / 1e6:,.0f} MB. What was deleted before is in no file of the store any more."
    )
    out.print("Copies that people made, and backups, are as they were: docs/erasure.md")
