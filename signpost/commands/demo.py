"""signpost demo: a synthetic England, loaded through the same door as anyone's."""

import shutil
from pathlib import Path

import click

from graph import Graph, LoadReport, Settings
from signpost.commands.data import show_report
from signpost.demo import write_england
from signpost.demo_load import load_england
from signpost.parts import people_file, running_graph
from signpost.screen import out, progress_bars


@click.command()
@click.option("--children", default=6000, show_default=True, type=click.IntRange(50, 400_000))
@click.option("--seed", default=1, show_default=True)
@click.option("--only-write", type=click.Path(path_type=Path), help="Write files there; load none.")
def demo(children: int, seed: int, only_write: Path | None) -> None:
    """Write the files of a synthetic England and load them. All people are made up."""
    if only_write:
        with progress_bars() as progress:
            write_england(only_write, children, seed, progress=progress)
        out.print(f"Wrote {only_write}.")
        return
    settings = Settings.read()
    with running_graph(settings) as graph:
        report = make_demo(settings, graph, children, seed)
    show_report(report)


def made_already(settings: Settings) -> bool:
    """True where a demo was loaded to its end."""
    return people_file(settings).exists()


def make_demo(settings: Settings, graph: Graph, children: int, seed: int) -> LoadReport:
    """Write and load all of it; the people's file comes last, as the mark of the end."""
    folder = people_file(settings).parent
    shutil.rmtree(folder, ignore_errors=True)
    with progress_bars() as progress:
        write_england(folder / "files", children, seed, progress=progress)
        report = load_england(graph, folder / "files", progress)
    (folder / "files" / "people.json").replace(people_file(settings))
    return report
