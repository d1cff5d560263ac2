"""signpost backup, restore: the data and the anchors in one encrypted file, and back."""

from pathlib import Path

import click

from graph import BadSetting, EmbeddedNeo4j, Restored, Settings, back_up
from graph import restore as put_back
from signpost.parts import embedded
from signpost.screen import out, progress_bars

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Write the data and the anchors to FILE, encrypted to SIGNPOST_BACKUP_RECIPIENT; stop Neo4j first.

    FILE must not be there yet. Neither this machine nor anybody else can read it but who has the secret
    key that `signpost keys recipient` made. No key is in it: the keyring, the anchor key, the session key
    and the database's password are kept apart, each in a safe place of its own.

    Example: signpost backup /mnt/backups/2026-11-28.age
    """
    settings = Settings.read()
    with progress_bars() as progress:
        made = back_up(_own(settings), settings.anchors, settings.backup_recipient, file, progress)
    out.print(f"{file} is written: {file.stat().st_size / 1e6:,.1f} MB, for you only.")
    out.print(f"Its newest anchor is {made.anchor}." if made.anchor else "No anchor is in it.")
    out.print(
        f"No key is in it. It is worth nothing without {settings.keyring_file}: keep a copy of that, "
        "and of the anchor key, in another place."
    )


@click.command()
@_FILE
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(path_type=Path),
    help="File with the secret key of the recipient.",
)
def restore(file: Path, key_file: Path) -> None:
    """Put the data of a backup where there is none, and the anchors that are missing at their place.

    Nothing that is there is replaced: neither data, nor an anchor. The keyring and the anchor key are
    not in a backup: bring them, too.

    Example: signpost restore /mnt/backups/2026-11-28.age --key /media/safe/backup.key
    """
    settings = Settings.read()
    with progress_bars() as progress:
        done = put_back(_own(settings), settings.anchors, key_file, file, progress)
    out.print(f"The data of {done.manifest.at:%Y-%m-%d %H:%M} UTC is in {settings.home}.")
    _say_anchors(done, settings)
    out.print(
        f"Bring the keyring that it was sealed with to {settings.keyring_file}, and the key of the "
        f"anchors to {settings.anchor_key_file}. Then run: signpost audit verify"
    )


def _say_anchors(done: Restored, settings: Settings) -> None:
    out.print(f"Anchors brought back to {settings.anchors}: {done.brought:,}.")
    if done.unlike:
        out.print(f"[red]Not as in the backup: {len(done.unlike):,},[/red] {done.unlike[0]} first.")
    if done.newer:
        out.print(
            f"Newer than the backup: {done.newer:,}. What was recorded since is missing here, and a "
            "verification names it."
        )


def _own(settings: Settings) -> EmbeddedNeo4j:
    if settings.neo4j_uri:
        raise BadSetting(
            "SIGNPOST_NEO4J_URI names your own Neo4j: use its own backup, and copy the anchors at "
            "SIGNPOST_ANCHORS with it by hand."
        )
    return embedded(settings)
