"""signpost keys: the keyring that stands between the database and a child."""

from pathlib import Path

import click

from graph import ROTATION_WAIT, BadKeyring, Keyring, Role, Settings, recipients
from signpost.commands.data import AS
from signpost.parts import open_graph, viewer
from signpost.screen import out, progress_bars


@click.group()
def keys() -> None:
    """Make and change the keys that seal identities."""


@keys.command()
def new() -> None:
    """Make a keyring where there is none."""
    path = Settings.read().keyring_file
    if path.exists():
        raise BadKeyring(f"{path} is there already; it is never replaced. To add a key: rotate")
    Keyring.new().write(path)
    out.print(f"Made {path}. Copy it to a safe place: without it no identity can be opened.")


@keys.command()
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=ROTATION_WAIT,
    show_default=True,
    help="Seconds until what began before has ended; no question takes longer.",
)
@AS
def rotate(wait: float, user: str | None) -> None:
    """Add a key, and make all seals and tokens anew under it while everything is served.

    Stopped anywhere, it is run again and goes on. Old keys stay in the ring, for copies of the data.
    All sessions end: everybody signs in again.
    """
    settings = Settings.read()
    graph = open_graph(settings)
    try:
        with progress_bars() as progress:
            rotated = graph.rotate(viewer(settings, user, Role.STEWARD), progress, wait)
    finally:
        graph.close()
    if rotated.resumed:
        out.print(
            f"Went on with the change to {rotated.key} that was begun. For another key, run again."
        )
    out.print(
        f"Made {rotated.tokens:,} tokens and {rotated.seals:,} seals anew under {rotated.key}."
    )
    out.print(f"Copy {settings.keyring_file} to a safe place again.")


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
def recipient(file: Path) -> None:
    """Write a secret key that opens backups to FILE, and print the recipient to make them for.

    Keep FILE away from this machine: who has it and the keyring can read every backup made for it.

    Example: signpost keys recipient /media/safe/backup.key
    """
    made = recipients.create(file)
    out.print(f"SIGNPOST_BACKUP_RECIPIENT={made}", soft_wrap=True)
    out.print(
        f"Set that where backups are made. {file} opens them: keep it, and a copy, elsewhere."
    )
