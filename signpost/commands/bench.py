"""signpost bench: how fast, beside a floor measured in the same run."""

import json

import click

from signpost.bench import BENCHES, Figure, scratch
from signpost.bench.figures import machine
from signpost.screen import err, out, progress_bars, table


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(sorted(BENCHES)))
@click.option("--quick", is_flag=True, help="Smaller, in under 40 seconds each.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, help="How many ask at once.")
@click.option("--json", "as_json", is_flag=True, help="A list of figures, for a machine to read.")
def bench(names: tuple[str, ...], quick: bool, threads: int, as_json: bool) -> None:
    """Measure NAMES, or everything, on a Neo4j of its own that is thrown away.

    A figure for ours beside a floor, and their ratio. Example: signpost bench ask --quick
    """
    figures: list[Figure] = []
    notes: list[str] = []
    for name in names or tuple(BENCHES):
        with progress_bars() as progress, scratch(progress, threads) as place:
            found, sizes = BENCHES[name](place, quick, progress)
            notes.append(f"{name}: Neo4j {place.graph.check()}, {sizes}")
        figures += found
    err.print("\n".join([machine(), *notes]))
    if as_json:
        click.echo(json.dumps([figure.as_dict() for figure in figures], indent=1))
    else:
        _show(figures)


def _show(figures: list[Figure]) -> None:
    rows = table("bench", "case", "ours", "beside", "", "ratio")
    for figure in figures:
        places = {"share": 4, "rows": 0, "records": 0, "p": 4}.get(figure.unit, 2)
        ours, beside = (f"{n:,.{places}f} {figure.unit}" for n in (figure.ours, figure.beside))
        ratio = f"{figure.as_dict()['ratio']:.2f}x"
        rows.add_row(figure.bench, figure.case, ours, beside, figure.beside_name, ratio)
    out.print(rows)
