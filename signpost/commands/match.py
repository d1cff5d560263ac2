"""signpost match: which children may be one, judged by a steward; and the weights by which it is told."""

from pathlib import Path

import click

from graph import (
    Judgement,
    Known,
    Pair,
    PairLine,
    PairOf,
    PossibleDuplicates,
    Role,
    Settings,
    Verdict,
)
from signpost.commands.data import AS, checked
from signpost.parts import running_graph, viewer
from signpost.screen import out, progress_bars, table
from signpost.training import write_weights

_VERDICTS = click.Choice([verdict.value for verdict in Verdict])
FIELDS = {
    "family_name": "family name",
    "given_name": "given name",
    "former_names": "former names",
    "birth_date": "birth date",
    "expected_date": "expected date",
    "sex": "sex",
    "postcode": "postcode",
    "nhs_number": "NHS number",
    "upn": "UPN",
}


@click.group()
def match() -> None:
    """Possible duplicates: find them, look at both sides, judge, and take a judgement back."""


@match.command()
@AS
def run(user: str | None) -> None:
    """Match all children anew by what the sources say now; judgements of stewards stay.

    Loads do this by themselves for what they bring. Safe to stop and to run again.
    """
    settings = Settings.read()
    with running_graph(settings) as graph, progress_bars() as progress:
        found = graph.match(viewer(settings, user, Role.STEWARD), progress)
    out.print(
        f"Children matched: {found.children:,}; pairs new for review: {found.opened:,}; "
        f"joined: {found.joined:,}. See them with: signpost match pairs"
    )


@match.command()
@click.option("--judged", type=_VERDICTS, default="open", show_default=True)
@click.option("--page", default=1, show_default=True)
@AS
def pairs(judged: str, page: int, user: str | None) -> None:
    """List pairs of children who may be one, or were judged so: nothing of who they are.

    Example: signpost match pairs --judged same
    """
    settings = Settings.read()
    question = checked(PossibleDuplicates, judgement=judged, page=page)
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), question)
    counts = ", ".join(f"{count:,} {name}" for name, count in found.counts.items())
    out.print(f"Pairs: {counts}. Page {found.page} of {found.pages} of those that are {judged}.")
    for line in found.pairs:
        out.print(_line(line))
        out.print(f"  signpost match show {line.handle}", soft_wrap=True)
    if not found.pairs:
        out.print("There is none.")


def _line(line: PairLine) -> str:
    by = f", judged by {line.author} on {line.judged_at:%-d %B %Y}" if line.author else ""
    hidden = ", shielded" if line.shielded else ""
    said = ", ".join(line.sources)
    return f"{min(line.score, 0.99):.0%} alike{hidden}; {said}; found {line.found_at:%-d %B %Y}{by}"


@match.command()
@click.argument("pair")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of tables.")
@AS
def show(pair: str, as_json: bool, user: str | None) -> None:
    """Show both sides of a PAIR, field by field; the handle is from `signpost match pairs`, of today."""
    settings = Settings.read()
    with running_graph(settings) as graph:
        found = graph.ask(viewer(settings, user, Role.STEWARD), PairOf(pair=pair))
    if as_json:
        out.print_json(found.model_dump_json(by_alias=True))
    else:
        _show(found)


def _show(pair: Pair) -> None:
    rows = table("", *(f"{known.source}" for known in (*pair.one, *pair.other)), "")
    agrees = {one.field: f"{one.agreement} ({one.weight:+.1f})" for one in pair.compared}
    for name, words in FIELDS.items():
        cells = [_cell(known, name) for known in (*pair.one, *pair.other)]
        if any(cells):
            rows.add_row(words, *cells, agrees.get(words, ""))
    out.print(f"One child on the left ({len(pair.one)}), the other on the right.")
    out.print(rows)
    for sentence in pair.holds:
        out.print(sentence)
    out.print(f"{min(pair.probability, 0.99):.0%} alike. Now: {pair.judgement.value}.")
    for one in pair.history:
        until = f" until {one.until:%-d %B %Y %H:%M}" if one.until else ""
        out.print(
            f"  {one.at:%-d %B %Y %H:%M}: {one.judgement.value}, {one.author or 'found'}{until}"
        )


def _cell(known: Known, name: str) -> str:
    value = getattr(known.identity, name)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


@match.command()
@click.argument("pair")
@click.argument("verdict", type=_VERDICTS)
@AS
def judge(pair: str, verdict: str, user: str | None) -> None:
    """Judge a PAIR: same, different or unsure; open takes a judgement back.

    Same shows the two as one child from now on. Nothing of either is changed, so that taking it back
    gives exactly what was there. Example: signpost match judge PAIR different
    """
    settings = Settings.read()
    with running_graph(settings) as graph:
        word, steward = (
            Judgement(pair=pair, verdict=Verdict(verdict)),
            viewer(settings, user, Role.STEWARD),
        )
        graph.judge(steward, word)
        now = graph.ask(steward, PairOf(pair=pair)).judgement
    again = " Signpost is sure of this pair and has joined it again." if now != verdict else ""
    out.print(f"Recorded: {verdict}.{again} The pair is now judged: {now.value}.")


@match.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("weights.json"),
    show_default=True,
    help="The file to write; compare it with graph/weights.json before it takes its place.",
)
def train(into: Path) -> None:
    """Learn the weights anew with Splink, from a synthetic England; for developers."""
    with progress_bars() as progress:
        write_weights(into, progress)
    out.print(f"{into} is written. Measure it with: signpost bench match")
