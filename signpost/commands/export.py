"""signpost export: what a source said, for its own steward, in a format that others read."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from graph import BadQuestion, EpisodesOf, Graph, NotVisible, Role, Row, Settings, Viewer
from loaders.episodes.export import write
from signpost.commands.data import AS, checked
from signpost.parts import running_graph, viewer
from signpost.screen import out, progress_bars


@click.group()
def export() -> None:
    """Write what a source said to a file, for its data steward; each page leaves its record."""


@export.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", "source_id", required=True, help="Id of the source.")
@AS
def episodes(file: Path, source_id: str, user: str | None) -> None:
    """Write the involvements of a source to FILE, as SocialCareData ServiceEpisode JSON.

    FILE must not be there yet; only you can read it. It holds who the children are: keep it no longer
    than you need it. Shielded children are not in it, nor a sensitive service without recorded consent.

    Example: signpost export episodes leeds.json --source leeds-social-care
    """
    settings = Settings.read()
    question = checked(EpisodesOf, source=source_id)
    with running_graph(settings) as graph, progress_bars() as progress:
        steward = viewer(settings, user, Role.STEWARD)
        write(file, _pages(graph, steward, question, progress))
    out.print(f"{file} is written, for you only. It holds identities: delete it once it is sent.")


def _pages(
    graph: Graph, steward: Viewer, question: EpisodesOf, progress: Callable[[str, int, int], None]
) -> Iterator[Sequence[Row]]:
    done = 0
    while True:
        try:
            page = graph.ask(steward, question)
        except NotVisible:
            raise BadQuestion(
                f"There is nothing from {question.source}, or it is not for you to export."
            ) from None
        yield page.rows()
        done += page.shown
        progress("children", done, 0)
        if page.after is None:
            return
        question = question.model_copy(update={"after": page.after})
