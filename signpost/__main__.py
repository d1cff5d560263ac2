"""The command `signpost`."""

import sys

import click

from graph import SignpostError
from signpost.commands import (
    ask,
    audit,
    backup,
    bench,
    contacts,
    data,
    demo,
    export,
    keys,
    machine,
    match,
    messages,
    retention,
    sources,
    users,
    watch,
    written,
)

COMMANDS = (
    machine.run,
    machine.doctor,
    machine.db,
    backup.backup,
    backup.restore,
    keys.keys,
    demo.demo,
    data.source,
    data.check,
    data.load,
    watch.watch,
    export.export,
    sources.sources,
    contacts.contacts,
    ask.find,
    ask.map_,
    match.match,
    retention.retention,
    audit.audit,
    users.users,
    messages.messages,
    bench.bench,
    written.docs,
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="README.md has the way in for each kind of user; docs/settings.md the environment.",
)
@click.version_option(package_name="signpost")
def cli() -> None:
    """Who else works, or has worked, with this child, and whom to ring."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command; an error that we know is a sentence, and a status of 1."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except SignpostError as error:
        click.echo(f"signpost: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
