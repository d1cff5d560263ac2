"""signpost watch: files are loaded as they come into a folder."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from graph import BadServer, DatabaseAway, Role, Settings, SignpostError
from signpost.commands.data import AS
from signpost.deliveries import Load, Sent
from signpost.incoming import held
from signpost.parts import running_graph, viewer
from signpost.registered import kinds_sent
from signpost.screen import out
from signpost.watching import PAUSE, Watch

_WATCHING = "Watching. Ctrl-C stops it after what is in hand; twice, at once, and nothing is lost."


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--settle",
    default=10.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Seconds for which a file must not have changed before it is taken.",
)
@click.option("--once", is_flag=True, help="Take what is there, and end: 1 if something failed.")
@AS
def watch(folder: Path, settle: float, once: bool, user: str | None) -> None:
    """Load what is put into DIR/SOURCE-ID/, as it comes, until Ctrl-C.

    Each file, folder or zip is an extract; its kind is found by its content, its date in its name (as
    2026-11-20), else it is the day of its last change. It is moved to done/ or failed/ beside it, with a
    report and with what was rejected. See docs/watch.md.

    Example: signpost watch ~/incoming
    """
    settings = Settings.read()
    with held(folder):
        watch = Watch(folder, settle, _say)
        with _stopped_by_signals(watch):
            if once:
                _once(settings, watch, user)
            else:
                _always(settings, watch, user)
        if watch.stopping:
            _say("Stopped. What was in hand is done; the rest waits.")
    if once and watch.failed:
        raise SystemExit(1)


def _once(settings: Settings, watch: Watch, user: str | None) -> None:
    if watch.look():
        with _door(settings, user) as door:
            watch.once(*door)


def _always(settings: Settings, watch: Watch, user: str | None) -> None:
    """Watch; while there is no answer from Neo4j, try anew, and say so once."""
    away: tuple[type[SignpostError], ...] = (DatabaseAway,)
    told = False
    while not watch.stopping:
        try:
            with _door(settings, user) as door:
                _say("Neo4j answers again." if told else _WATCHING)
                told, away = False, (DatabaseAway, BadServer)
                watch.run(*door)
        except away as error:
            if not told:
                _say(f"{error} Nothing is lost; it is tried again every {PAUSE:.0f} s.")
            told = True
            watch.rest(PAUSE)


@contextmanager
def _door(settings: Settings, user: str | None) -> Iterator[tuple[Load, Sent]]:
    """What puts a batch through the door, and what tells the kinds that a source has sent."""
    with running_graph(settings) as graph:
        steward = viewer(settings, user, Role.STEWARD)
        yield (
            lambda batch: graph.load(steward, batch),
            lambda source: kinds_sent(graph, steward, source),
        )


@contextmanager
def _stopped_by_signals(watch: Watch) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM stop the watch after what is in hand, and the second of them at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        watch.stopping = True
        for one, handler in before.items():
            signal.signal(one, handler)

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _say(line: str) -> None:
    out.print(line, markup=False, soft_wrap=True)
