"""How common names are, and all children matched anew: what is done to the whole graph, page by page."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from graph.comparing import Person, person_of
from graph.layers import locked
from graph.pairing import Pairing
from graph.sealing import Keyring
from graph.spool import uncollected
from graph.store import Store, Transaction
from graph.weights import Frequencies

PAGE = 2_000
SAMPLE = 200_000  # children whose names are counted; ids are random, so the first are a fair sample
_PLACE = "frequencies"
Clock = Callable[[], datetime]
Progress = Callable[[str, int, int], None]


class Matched(NamedTuple):
    """What matching everybody anew came to: children, pairs for review, and pairs joined."""

    children: int
    opened: int
    joined: int


def read_frequencies(tx: Transaction, keyring: Keyring) -> Frequencies:
    """How common names are, as they were last counted, among the children that there are now."""
    [row] = tx.run("load/frequencies")
    if not row["sealed"]:
        return Frequencies(children=row["children"])
    kept = json.loads(keyring.open_text(row["sealed"], _PLACE))
    return Frequencies(kept["counts"], kept["total"], row["children"], kept["alike"])


def reseal_names(tx: Transaction, keyring: Keyring) -> bool:
    """Seal with the newest key how common names are, as it was last counted; False where it was so."""
    [row] = tx.run("load/frequencies")
    if not row["sealed"] or row["sealed"].startswith(f"{keyring.current}."):
        return False
    text = keyring.open_text(row["sealed"], _PLACE).decode()
    tx.run("load/resealed_names", sealed=keyring.seal_text(text, _PLACE))
    return True


def is_due(tx: Transaction) -> bool:
    """True where there are twice as many children as when names were last counted."""
    [row] = tx.run("load/frequencies")
    return row["children"] >= 2 * max(row["counted"], 1)


def count_names(store: Store, keyring: Keyring, clock: Clock, progress: Progress) -> None:
    """Count how common names are and keep it sealed; a name that only one record has is left out."""
    values: Counter[tuple[str, str]] = Counter()  # of very many children, there are few of each
    records = children = 0
    for page in store.pages("children", "child", PAGE):
        with uncollected():
            for people in store.within(lambda tx, p=page: _people(tx, p, keyring), 120):
                records += len(people)
                values.update(values_of(people))
        children += len(page)
        progress("counting names", children, 0)
        if children >= SAMPLE:
            break
    counted = Frequencies.of(values.elements(), records, children)
    kept = {"counts": counted.counts, "total": counted.total, "alike": counted.alike}
    keyring.refresh()  # what an older key seals from now on would stay so
    sealed = keyring.seal_text(json.dumps(kept), _PLACE)
    store.within(lambda tx: tx.run("load/count_names", sealed=sealed, now=clock()))


def values_of(people: Sequence[Person]) -> Iterator[tuple[str, str]]:
    """What is counted of one child, as its records say: names by their form; one birth, one sector."""
    for person in people:
        yield from (("family", name.form) for name in person.family)
        if person.given:
            yield "given", person.given.form
    yield from (("birth", day.isoformat()) for day in [p.born for p in people if p.born][:1])
    yield from (("sector", sector) for sector in [p.sector for p in people if p.sector][:1])


def match_all(store: Store, keyring: Keyring, clock: Clock, progress: Progress) -> Matched:
    """Match every child anew; safe to stop and to run again."""
    count_names(store, keyring, clock, progress)
    done = opened = joined = 0
    for page in store.pages("children", "child", PAGE):
        turn = store.within(lambda tx, p=page: _pair(tx, p, keyring, clock()), 300)
        done, opened, joined = done + len(page), opened + turn.opened, joined + turn.joined
        progress("matching", done, 0)
    return Matched(done, opened, joined)


def _pair(tx: Transaction, children: list[str], keyring: Keyring, now: datetime) -> Pairing:
    layer = locked(tx, keyring, now)
    turn = Pairing(tx, layer, read_frequencies(tx, keyring), now)
    turn.run(children)
    return turn


def _people(tx: Transaction, children: list[str], keyring: Keyring) -> list[list[Person]]:
    """What the records of each of these children say."""
    [row] = tx.run("load/named", children=children)
    return [
        [person_of(keyring.open(sealed, one["child"])) for sealed in one["sealed"]]
        for one in row["found"]
    ]
